// The access unit: its two stores and what decides on them. Thread-safe once open.
#ifndef KNOOPPUNT_SERVICES_ACCESS_ACCESS_UNIT_H_
#define KNOOPPUNT_SERVICES_ACCESS_ACCESS_UNIT_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/access/service.h"
#include "services/runtime/unit.h"

namespace knooppunt::access {

class AccessUnit final : public runtime::Unit {
 public:
  struct Options {
    std::string database_path;
    std::string keyring_path;
    const crypto::SecretBytes* database_key = nullptr;  // not owned; used during Open only
    const crypto::SecretBytes* keyring_root = nullptr;  // not owned; used during Open only
    const base::Clock* clock = nullptr;                 // not owned
    crypto::Random* random = nullptr;                   // not owned
    identity::TokenVerifier* tokens = nullptr;          // not owned
    std::shared_ptr<const policy::Table> policy;        // in force from the start
    std::string policy_path;                            // read again by ReloadPolicy
    std::shared_ptr<const crypto::SigningKey> token_key;
    std::vector<identity::TrustedIssuer> issuers;  // issuers.h
    bool new_incarnation = false;
  };
  static absl::StatusOr<std::unique_ptr<AccessUnit>> Open(Options options);
  ~AccessUnit() override;

  absl::string_view name() const override { return "access"; }
  storage::Database& database() override { return *database_; }
  void Register(runtime::Registry& registry) override { service_->Register(registry); }
  Keyring& keyring() { return *keyring_; }
  DecisionMaker& decisions() { return *decisions_; }
  // policy_source.h: at an operator's request only.
  absl::Status ReloadPolicy() { return policy_->Reload(); }
  // Name for people of "organisations/{id}"; "" when it is not known.
  std::string OrganisationName(absl::string_view name);

 private:
  AccessUnit() = default;

  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<Keyring> keyring_;
  std::unique_ptr<DecisionClock> clock_;
  std::unique_ptr<FactsStore> facts_;
  std::unique_ptr<SessionStore> sessions_;
  std::unique_ptr<PolicySource> policy_;
  std::unique_ptr<DecisionMaker> decisions_;
  std::unique_ptr<Login> login_;
  std::unique_ptr<Service> service_;
};

}  // namespace knooppunt::access

#endif  // KNOOPPUNT_SERVICES_ACCESS_ACCESS_UNIT_H_
