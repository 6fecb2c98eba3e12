// One process: the units it was asked to run, wired together, and the port. Thread-safe
// after Start.
#ifndef KNOOPPUNT_SERVICES_SERVER_PROCESS_H_
#define KNOOPPUNT_SERVICES_SERVER_PROCESS_H_

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "clients/cpp/transport.h"
#include "knooppunt/config/v1/config.pb.h"
#include "security/crypto/random.h"
#include "security/identity/http.h"
#include "security/identity/token.h"
#include "services/access/access_unit.h"
#include "services/audit/audit_unit.h"
#include "services/directory/directory_unit.h"
#include "services/dossier/dossier_unit.h"
#include "services/runtime/direct_transport.h"
#include "services/runtime/grpc_server.h"
#include "services/runtime/host.h"

namespace knooppunt::server {

class Process {
 public:
  struct Options {
    config::v1::ServerConfig config;
    std::set<std::string> units;
    // Units whose database is an older copy that was put back on purpose: they go on in a new
    // incarnation of their stream (doc/operations.md).
    std::set<std::string> new_incarnations;
    const base::Clock* clock = nullptr;  // not owned
    crypto::Random* random = nullptr;    // not owned
    bool listen = true;                  // false: only the direct transport, for tests
    // For tests: what the dossier's outbox holds before audit takes it; 0 is the usual bound.
    int64_t outbox_max_entries = 0;
    // For tests: stands between unit `from` and unit `to`, and may fail what `way` would carry.
    using Between = std::function<std::unique_ptr<client::Transport>(
        const std::string& from, const std::string& to, client::Transport* way)>;
    Between between;
  };
  // Opens stores, checks every method's rule (P1), delivers what an earlier run left, and only
  // then opens the port.
  static absl::StatusOr<std::unique_ptr<Process>> Start(Options options);
  ~Process();

  int port() const { return server_ == nullptr ? 0 : server_->port(); }
  // Drains calls, closes the streams, takes a last checkpoint. Further calls do nothing.
  void Stop();

  // Reads the policy file again (SIGHUP). What comes of it stands in the log: a policy that is
  // refused leaves the old one in force.
  void ReloadPolicy();

  // For tests in this process.
  const runtime::Switchboard& switchboard() const { return switchboard_; }
  runtime::Host* host(const std::string& unit);
  audit_service::AuditUnit* audit_unit() { return audit_unit_; }
  access::AccessUnit* access_unit() { return access_unit_; }

 private:
  explicit Process(Options options) : options_(std::move(options)) {}
  absl::Status Open();
  absl::Status OpenAccess();
  absl::Status OpenAudit();
  absl::Status OpenDirectory();
  absl::Status OpenDossier();
  absl::Status AddHost(runtime::Unit* unit);
  absl::Status Listen();
  // Those of the configuration, with their certificates; null without any.
  absl::StatusOr<std::shared_ptr<const handover::Installations>> OtherInstallations() const;
  absl::StatusOr<crypto::SecretBytes> UnitKey(const std::string& unit) const;
  std::string DataPath(const std::string& file) const;
  // How `unit` reaches `target`: directly when it is here, else over mTLS.
  absl::StatusOr<client::Transport*> Reach(const std::string& unit, const std::string& target);
  absl::StatusOr<std::unique_ptr<client::Transport>> Way(const std::string& unit,
                                                         const std::string& target);
  bool Renew(const std::string& unit) const { return options_.new_incarnations.contains(unit); }

  const Options options_;
  bool stopped_ = false;
  std::shared_ptr<const policy::Table> policy_;
  std::shared_ptr<const policy::Framework> framework_;
  std::shared_ptr<const policy::HandoverKinds> handover_kinds_;
  std::unique_ptr<identity::TokenVerifier> tokens_;
  identity::CurlFetcher providers_;
  runtime::Switchboard switchboard_;
  std::vector<std::unique_ptr<client::Transport>> transports_;
  std::vector<std::unique_ptr<runtime::Unit>> units_;
  access::AccessUnit* access_unit_ = nullptr;
  audit_service::AuditUnit* audit_unit_ = nullptr;
  std::vector<std::unique_ptr<runtime::Host>> hosts_;
  std::unique_ptr<runtime::GrpcServer> server_;
};

}  // namespace knooppunt::server

#endif  // KNOOPPUNT_SERVICES_SERVER_PROCESS_H_
