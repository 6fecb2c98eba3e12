// knooppuntd: the one server binary. Assembly only.
//   knooppuntd --config FILE [--units=access,audit,directory,dossier] [--new-incarnation=dossier]
#include <signal.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "base/log.h"
#include "base/status.h"
#include "clients/cpp/grpc_transport.h"
#include "services/runtime/config.h"
#include "services/server/process.h"

namespace knooppunt::server {
namespace {

struct Flags {
  std::string config;
  std::string units;
  std::string new_incarnation;
};

absl::Status Run(const Flags& flags) {
  const base::SystemClock clock;
  crypto::SystemRandom random;
  Process::Options options;
  KP_ASSIGN_OR_RETURN(options.config, runtime::LoadConfig(flags.config));
  KP_ASSIGN_OR_RETURN(options.units, runtime::ParseUnits(flags.units));
  if (!flags.new_incarnation.empty()) {
    KP_ASSIGN_OR_RETURN(options.new_incarnations, runtime::ParseUnits(flags.new_incarnation));
    base::Log(base::Severity::kWarning, "units start a new incarnation on the operator's word",
              {{"units", flags.new_incarnation}});
  }
  if (options.config.min_log_severity() == "WARNING")
    base::SetMinLogSeverity(base::Severity::kWarning);
  if (options.config.min_log_severity() == "ERROR") base::SetMinLogSeverity(base::Severity::kError);
  options.clock = &clock;
  options.random = &random;

  // Blocked before any thread is made, so that only sigwait sees them.
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  sigaddset(&stop, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);
  signal(SIGPIPE, SIG_IGN);

  KP_ASSIGN_OR_RETURN(const std::unique_ptr<Process> process, Process::Start(std::move(options)));
  int signal_number = 0;
  while (sigwait(&stop, &signal_number) == 0 && signal_number == SIGHUP) process->ReloadPolicy();
  base::Log(base::Severity::kInfo, "stopping", {{"signal", signal_number}});
  // A second signal ends the process at once: nothing promised is lost by that.
  pthread_sigmask(SIG_UNBLOCK, &stop, nullptr);
  process->Stop();
  base::Log(base::Severity::kInfo, "stopped");
  return absl::OkStatus();
}

}  // namespace
}  // namespace knooppunt::server

int main(int argc, char** argv) {
  knooppunt::client::RestrictTlsTo13();
  CLI::App app(
      "The Knooppunt server. Every setting is documented in "
      "proto/knooppunt/config/v1/config.proto.",
      "knooppuntd");
  knooppunt::server::Flags flags;
  app.add_option("--config", flags.config, "Configuration, a textproto of ServerConfig")
      ->required();
  app.add_option("--units", flags.units,
                 "Units of this process, joined by commas; default: all four");
  app.add_option("--new-incarnation", flags.new_incarnation,
                 "Units whose database was put back from an older copy, on purpose");
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = knooppunt::server::Run(flags);
  if (status.ok()) return 0;
  std::fprintf(stderr, "knooppuntd: %s\n", std::string(status.message()).c_str());
  return 1;
}
