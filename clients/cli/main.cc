// knooppunt: the command line. Assembly only.
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "base/clock.h"
#include "clients/cli/cli.h"
#include "clients/cli/profile.h"
#include "clients/cpp/grpc_transport.h"
#include "security/identity/http.h"

namespace {

bool AskAtKeyboard(const std::string& question) {
  if (isatty(STDIN_FILENO) == 0) return true;
  std::cerr << question << " [y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "yes" || answer == "j" || answer == "ja";
}

knooppunt::cli::Language LanguageOfThePerson() {
  for (const char* name : {"KNOOPPUNT_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* setting = std::getenv(name);
    if (setting != nullptr && *setting != '\0') return knooppunt::cli::LanguageOf(setting);
  }
  return knooppunt::cli::Language::kEnglish;
}

}  // namespace

int main(int argc, char** argv) {
  setenv("GRPC_VERBOSITY", "NONE", /*overwrite=*/0);  // what a person must know, we say
  knooppunt::client::RestrictTlsTo13();
  const knooppunt::base::SystemClock clock;
  knooppunt::identity::CurlFetcher http;
  const knooppunt::cli::Environment environment = {.home = knooppunt::cli::DefaultHome(),
                                                   .in = &std::cin,
                                                   .out = &std::cout,
                                                   .err = &std::cerr,
                                                   .clock = &clock,
                                                   .connect = knooppunt::client::Connect,
                                                   .confirm = AskAtKeyboard,
                                                   .at_keyboard = isatty(STDIN_FILENO) != 0,
                                                   .http = &http,
                                                   .wait = absl::SleepFor,
                                                   .language = LanguageOfThePerson()};
  return knooppunt::cli::Run(std::vector<std::string>(argv + 1, argv + argc), environment);
}
