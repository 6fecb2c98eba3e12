#include "tests/chaos/fleet.h"

#include <signal.h>

#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"

namespace knooppunt::chaos {
namespace {

// In the order in which they start: who is asked is there before who asks.
constexpr const char* kUnits[] = {"audit", "access", "directory", "dossier"};

// The unit that serves "/knooppunt.casework.v1.CaseworkService/GetCase".
std::string UnitOf(const std::string& method) {
  const std::vector<std::string> parts = absl::StrSplit(method, '.');
  const std::string& package = parts.size() > 1 ? parts[1] : method;
  static const auto* const kOfDossier =
      new std::set<std::string>{"casework", "consent", "documents", "family",  "handover",
                                "meetings", "plan",    "requests",  "worklist"};
  return kOfDossier->count(package) > 0 ? "dossier" : package;
}

}  // namespace

class Fleet::Router final : public client::Transport {
 public:
  explicit Router(std::map<std::string, std::unique_ptr<client::Transport>> ways)
      : ways_(std::move(ways)) {}
  absl::Status Call(const std::string& method, const google::protobuf::Message& request,
                    google::protobuf::Message* response,
                    const client::CallOptions& options) override {
    return ways_.at(UnitOf(method))->Call(method, request, response, options);
  }

 private:
  const std::map<std::string, std::unique_ptr<client::Transport>> ways_;
};

Fleet::Fleet(integration::Region* region) : region_(region) {
  for (const char* unit : kUnits) ports_[unit] = FreePort();
  relay_ = std::make_unique<Relay>(ports_["access"]);
  for (const char* unit : kUnits) {
    daemons_[unit] = std::make_unique<faults::Daemon>(region_, unit, ConfigOf(unit));
  }
}

Fleet::~Fleet() = default;

config::v1::ServerConfig Fleet::ConfigOf(const std::string& unit) const {
  config::v1::ServerConfig c = region_->config();
  c.set_listen(absl::StrCat("127.0.0.1:", ports_.at(unit)));
  c.set_port_file(absl::StrCat(region_->folder(), "/", unit, ".port"));
  c.set_data_dir(absl::StrCat(region_->folder(), "/data-", unit));
  c.mutable_tls()->set_cert_file(absl::StrCat(region_->folder(), "/tls/", unit, ".crt"));
  c.mutable_tls()->set_key_file(absl::StrCat(region_->folder(), "/tls/", unit, ".key"));
  for (const char* other : {"access", "audit"}) {
    if (unit == other) continue;
    const bool cuttable = unit == "dossier" && std::string(other) == "access";
    config::v1::Peer* peer = c.add_peers();
    peer->set_unit(other);
    peer->set_address(absl::StrCat("127.0.0.1:", cuttable ? relay_->port() : ports_.at(other)));
  }
  if (unit != "access") c.clear_access();
  if (unit != "audit") c.clear_audit();
  if (unit != "directory") c.clear_directory();
  return c;
}

absl::Status Fleet::Start() {
  // Units meet each other while they start, so none is waited for before the next begins.
  for (const char* unit : kUnits) daemons_[unit]->Spawn({absl::StrCat("--units=", unit)});
  std::map<std::string, std::unique_ptr<client::Transport>> ways;
  for (const char* unit : kUnits) {
    KP_RETURN_IF_ERROR(daemons_[unit]->AwaitServing());
    ways[unit] = daemons_[unit]->Connect();
  }
  transport_ = std::make_unique<Router>(std::move(ways));
  return absl::OkStatus();
}

absl::Status Fleet::Stop() {
  absl::Status status;
  for (const char* unit : {"dossier", "directory", "access", "audit"}) {
    const int code = daemons_[unit]->Terminate();
    if (code != 0 && status.ok()) {
      status = absl::InternalError(absl::StrCat(unit, " ended with ", code));
    }
  }
  return status;
}

void Fleet::Pause(const std::string& unit) { daemons_[unit]->Signal(SIGSTOP); }
void Fleet::Resume(const std::string& unit) { daemons_[unit]->Signal(SIGCONT); }
void Fleet::HangUp(const std::string& unit) {
  base::MutexLock lock(signals_);
  daemons_[unit]->Signal(SIGHUP);
}

absl::Status Fleet::Restart(const std::string& unit) {
  base::MutexLock lock(signals_);
  daemons_[unit]->Kill();
  daemons_[unit]->Spawn({absl::StrCat("--units=", unit)});
  return daemons_[unit]->AwaitServing();
}

}  // namespace knooppunt::chaos
