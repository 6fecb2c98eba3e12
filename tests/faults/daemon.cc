#include "tests/faults/daemon.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "clients/cpp/grpc_transport.h"
#include "google/protobuf/text_format.h"

namespace knooppunt::faults {

using integration::Require;

Daemon::Daemon(integration::Region* region, std::string name, config::v1::ServerConfig config)
    : region_(region), name_(std::move(name)), config_(std::move(config)) {}

Daemon::~Daemon() {
  if (pid_ > 0) Kill();
}

void Daemon::Spawn(const std::vector<std::string>& flags) {
  config::v1::ServerConfig config = config_.value_or(region_->config());
  config.set_min_log_severity("INFO");  // says when it serves
  std::string text;
  google::protobuf::TextFormat::PrintToString(config, &text);
  const std::string file = absl::StrCat(region_->folder(), "/", name_, ".textproto");
  std::ofstream(file) << text;
  const char* bin = std::getenv("KNOOPPUNT_BIN");
  Require(bin == nullptr ? absl::NotFoundError("KNOOPPUNT_BIN") : absl::OkStatus(),
          "find knooppuntd");
  std::vector<std::string> args = {absl::StrCat(bin, "/knooppuntd"), "--config", file};
  args.insert(args.end(), flags.begin(), flags.end());
  std::vector<char*> argv;
  argv.reserve(args.size() + 1);
  for (std::string& arg : args) argv.push_back(arg.data());
  argv.push_back(nullptr);
  int ends[2];
  Require(pipe2(ends, O_CLOEXEC) == 0 ? absl::OkStatus() : absl::InternalError("pipe"), "a pipe");
  pid_ = fork();
  Require(pid_ >= 0 ? absl::OkStatus() : absl::InternalError("fork"), "a process");
  if (pid_ == 0) {
    dup2(ends[1], 1);
    dup2(ends[1], 2);
    execv(argv[0], argv.data());
    _exit(127);
  }
  close(ends[1]);
  output_ = ends[0];
}

std::string Daemon::ReadUntil(absl::string_view phrase) {
  std::string said, line;
  char c;
  while (read(output_, &c, 1) == 1) {
    said.push_back(c);
    line.push_back(c);
    if (c != '\n') continue;
    if (!phrase.empty() && absl::StrContains(line, phrase)) break;
    line.clear();
  }
  return said;
}

int Daemon::Wait() {
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  close(output_);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

absl::Status Daemon::Start(const std::vector<std::string>& flags) {
  Spawn(flags);
  return AwaitServing();
}

absl::Status Daemon::AwaitServing() {
  const std::string said = ReadUntil("\"event\":\"serving\"");
  const size_t at = said.rfind("\"port\":\"");
  if (at == std::string::npos) {
    return absl::InternalError(absl::StrCat("it ended with ", Wait(), " and said: ", said));
  }
  const std::string digits = said.substr(at + 8);
  Require(absl::SimpleAtoi(digits.substr(0, digits.find('"')), &port_) ? absl::OkStatus()
                                                                       : absl::InternalError(said),
          "its port");
  return absl::OkStatus();
}

std::unique_ptr<client::Transport> Daemon::Connect() const {
  client::ConnectOptions options;
  options.address = absl::StrCat("127.0.0.1:", port_);
  options.ca_file = region_->config().tls().ca_file();
  options.retry.max_attempts = 1;  // what failed is the test's to repeat
  auto transport = client::Connect(options);
  Require(transport.status(), "connect");
  return *std::move(transport);
}

Daemon::Ended Daemon::RunToItsEnd(const std::vector<std::string>& flags) {
  Spawn(flags);
  Ended ended;
  ended.said = ReadUntil("\"event\":\"serving\"");
  if (absl::StrContains(ended.said, "\"event\":\"serving\"")) {
    Kill();
    return ended;
  }
  ended.exit_code = Wait();
  return ended;
}

void Daemon::Signal(int number) const {
  if (pid_ > 0) kill(pid_, number);
}

bool Daemon::AwaitSaid(absl::string_view phrase) {
  return absl::StrContains(ReadUntil(phrase), phrase);
}

void Daemon::Kill() {
  kill(pid_, SIGKILL);
  Wait();
}

int Daemon::Terminate() {
  kill(pid_, SIGTERM);
  return Wait();
}

}  // namespace knooppunt::faults
