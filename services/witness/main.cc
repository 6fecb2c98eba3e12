// knooppunt-witness: cosigns the checkpoints of logs that others run. Assembly only.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/status.h"
#include "security/audit/file.h"
#include "security/crypto/key_file.h"
#include "services/witness/http_server.h"
#include "services/witness/witness.h"

namespace knooppunt::witness {
namespace {

struct Flags {
  std::string key;
  std::string name;
  std::string state;
  std::string listen;
  std::string port_file;
  std::vector<std::string> log_keys;
  bool print_key = false;
};

void Declare(CLI::App* app, Flags* flags) {
  app->add_option("--key", flags->key, "Ed25519 private key, PKCS#8 PEM, mode 0600")->required();
  app->add_option("--name", flags->name, "name in the cosignatures: an address without scheme")
      ->required();
  app->add_option("--state", flags->state, "file with the last checkpoint of each log");
  app->add_option("--listen", flags->listen, "<IP address>:<port>; port 0 takes a free one");
  app->add_option("--port-file", flags->port_file, "write the port here once it is bound");
  app->add_option("--log-key", flags->log_keys, "verifier key of a log to watch; repeatable");
  app->add_flag("--print-key", flags->print_key, "print this witness's verifier key and stop");
}

absl::Status Serve(const Flags& flags) {
  KP_ASSIGN_OR_RETURN(crypto::SigningKey key, crypto::ReadSigningKey(flags.key));
  KP_ASSIGN_OR_RETURN(audit::Cosigner cosigner,
                      audit::Cosigner::Create(flags.name, std::move(key)));
  const std::string verifier_key = cosigner.verifier().ToString();
  if (flags.print_key) {
    std::puts(verifier_key.c_str());
    return absl::OkStatus();
  }
  if (flags.state.empty() || flags.listen.empty()) {
    return absl::InvalidArgumentError("--state and --listen are required");
  }
  std::vector<audit::NoteVerifier> log_keys;
  for (const std::string& text : flags.log_keys) {
    KP_ASSIGN_OR_RETURN(audit::NoteVerifier verifier, audit::NoteVerifier::Parse(text));
    log_keys.push_back(std::move(verifier));
  }
  const base::SystemClock clock;
  KP_ASSIGN_OR_RETURN(const auto witness, Witness::Create({.cosigner = std::move(cosigner),
                                                           .log_keys = std::move(log_keys),
                                                           .state_path = flags.state,
                                                           .clock = &clock}));
  KP_ASSIGN_OR_RETURN(const auto server, HttpServer::Create({.listen = flags.listen,
                                                             .witness = witness.get(),
                                                             .stop_on_signals = true}));
  if (!flags.port_file.empty()) {
    KP_RETURN_IF_ERROR(audit::WriteFile(flags.port_file, absl::StrCat(server->port(), "\n"),
                                        audit::Durability::kRename));
  }
  base::Log(base::Severity::kInfo, "witness serves",
            {{"port", server->port()}, {"key", verifier_key}});
  return server->Run();
}

}  // namespace
}  // namespace knooppunt::witness

int main(int argc, char** argv) {
  CLI::App app("Cosigns the checkpoints of audit logs (C2SP tlog-witness).", "knooppunt-witness");
  knooppunt::witness::Flags flags;
  knooppunt::witness::Declare(&app, &flags);
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = knooppunt::witness::Serve(flags);
  if (status.ok()) return 0;
  std::fprintf(stderr, "knooppunt-witness: %s\n", std::string(status.message()).c_str());
  return 1;
}
