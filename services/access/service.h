// The gRPC adapter of AccessService, a line per RPC. Thread-safe.
#ifndef KNOOPPUNT_SERVICES_ACCESS_SERVICE_H_
#define KNOOPPUNT_SERVICES_ACCESS_SERVICE_H_

#include "services/access/decide.h"
#include "services/access/login.h"
#include "services/runtime/registry.h"

namespace knooppunt::access {

class Service {
 public:
  struct Options {
    DecisionMaker* decisions = nullptr;       // not owned
    FactsStore* facts = nullptr;              // not owned
    Keyring* keyring = nullptr;               // not owned
    Login* login = nullptr;                   // not owned
    PolicySource* policy = nullptr;           // not owned
    const base::Clock* clock = nullptr;       // not owned
    DecisionClock* decision_clock = nullptr;  // not owned
    SessionStore* sessions = nullptr;         // not owned
  };
  explicit Service(Options options) : options_(options) {}
  void Register(runtime::Registry& registry);

 private:
  absl::Status ApplyFacts(const runtime::InternalCall& call, const v1::ApplyFactsRequest& request,
                          v1::ApplyFactsResponse* response);
  absl::StatusOr<v1::FactEntry> OpenFact(const v1::ApplyFactsRequest::Entry& entry);
  absl::Status GetPolicy(v1::Policy* response);

  const Options options_;
};

}  // namespace knooppunt::access

#endif  // KNOOPPUNT_SERVICES_ACCESS_SERVICE_H_
