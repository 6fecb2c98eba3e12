// From a request to a decision: the policy engine on the facts of one family and one
// professional, then the keys of what it allows. Thread-safe.
#ifndef KNOOPPUNT_SERVICES_ACCESS_DECIDE_H_
#define KNOOPPUNT_SERVICES_ACCESS_DECIDE_H_

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "knooppunt/access/v1/access.pb.h"
#include "knooppunt/policy/v1/rule.pb.h"
#include "security/identity/token.h"
#include "security/policy/engine.h"
#include "security/policy/table.h"
#include "services/access/decision_clock.h"
#include "services/access/facts_store.h"
#include "services/access/keyring.h"
#include "services/access/policy_source.h"
#include "services/access/sessions.h"
#include "services/access/world.h"

namespace knooppunt::access {

class DecisionMaker {
 public:
  struct Options {
    FactsStore* facts = nullptr;                // not owned
    SessionStore* sessions = nullptr;           // not owned
    Keyring* keyring = nullptr;                 // not owned
    identity::TokenVerifier* tokens = nullptr;  // not owned
    DecisionClock* clock = nullptr;             // not owned
    const PolicySource* policy = nullptr;       // not owned
    bool keep_decisions = true;                 // false: each is worked out, for tests that compare
  };
  explicit DecisionMaker(Options options) : options_(options) {}

  absl::StatusOr<v1::Decision> Check(const v1::CheckRequest& request);
  // Into an empty `decision` or `answer`, wherever it lies: on an arena it costs half.
  absl::Status Check(const v1::CheckRequest& request, v1::Decision* decision);
  absl::Status ListAccessible(const v1::ListAccessibleRequest& request,
                              v1::ListAccessibleResponse* answer);

  // How many decisions were found beside their facts since it was made, for tests.
  int64_t answered_from_kept() const { return answered_from_kept_; }

  // The one in force; what uses it for a whole call keeps it.
  std::shared_ptr<const policy::Table> policy() const { return options_.policy->table(); }

 private:
  // What a request is about.
  struct Target {
    std::string family;   // id, or empty
    std::string case_id;  // id, or empty
    std::string subject;  // pseudonym asked for by an auditor, or empty
  };
  struct Facts {
    std::shared_ptr<const v1::FamilyFacts> family;
    policy::World world;
    KeptProfessionals kept;  // pointers of world live here
  };
  // What is the same for each decision of a call. One policy for all of them: another may come
  // into force beside it.
  struct Asking {
    const v1::CheckRequest& request;
    const policy::v1::MethodRule& rule;
    std::shared_ptr<const v1::TokenClaims> claims;
    std::shared_ptr<const policy::Table> policy;
    absl::Time now;
  };

  static Target ParseTarget(const std::string& resource);
  // Who the token names; UNAUTHENTICATED when it does not verify or its session has ended (P3).
  absl::StatusOr<std::shared_ptr<const v1::TokenClaims>> Authenticate(const std::string& token,
                                                                      absl::Time now);
  // On the facts of target.family, found or not; into an empty `out`. The same decision from what
  // was kept beside the facts, or worked out.
  absl::Status Decide(const Asking& asking, const Target& target,
                      const FactsStore::FoundFamily& found, v1::Decision* out);
  absl::Status DecideOther(const Asking& asking, v1::Decision* decision);
  absl::Status WorkOut(const Asking& asking, const Target& target,
                       const FactsStore::FoundFamily& found, const AskedOfFamily* keep_as,
                       v1::Decision* out);
  // Whether the same question can come again.
  bool Keeps(const Asking& asking, const Target& target) const;
  // What belongs to this one call: when, and the keys, those of its scopes first.
  absl::Status FillCall(const Asking& asking, absl::Span<const Keyring::Named> keys,
                        v1::Decision* out);
  absl::StatusOr<bool> HadLogBefore(const std::string& subject, int64_t year, bool allowed);
  absl::Status FillAudit(const Target& target, bool family_exists, absl::Time now,
                         v1::Decision* out);
  // The scopes that `outcome` opens, and the names of the keys to fill in (KeptDecision).
  absl::StatusOr<std::vector<std::string>> FillForm(const policy::Outcome& outcome,
                                                    const Target& target,
                                                    const v1::FamilyFacts* family, absl::Time now,
                                                    v1::Decision* out);
  // The keys that only some calls need: of what they write, make or search.
  absl::Status FillOtherKeys(const policy::Outcome& outcome, const policy::v1::MethodRule& rule,
                             const Target& target, v1::Permit* permit);
  absl::Status FillReferences(const policy::v1::MethodRule& rule, const Target& target,
                              const Facts& facts, const v1::CheckRequest& request, absl::Time now,
                              v1::Decision* out);
  absl::Status FillAuditView(const policy::Table& table, const Target& target, const Facts& facts,
                             absl::Time now, v1::Decision* out);
  absl::StatusOr<FactsStore::Ids> WithinReach(const Asking& asking);
  absl::Status FillSuccession(const Asking& asking, v1::Decision* out);
  absl::StatusOr<std::string> Pseudonym(const std::string& family);
  // R21: whether the call is about a family that the caller belongs to and does not name: by its
  // pseudonym, or because it is about to be opened with one of their accounts in it.
  absl::StatusOr<bool> IsOwnFamily(const v1::TokenClaims& claims,
                                   const policy::v1::MethodRule& rule, const Target& target,
                                   const v1::CheckRequest& request);

  const Options options_;
  std::atomic<int64_t> answered_from_kept_{0};
};

// The rule of a full method, from its proto; nullptr when there is none.
const policy::v1::MethodRule* RuleOf(absl::string_view method);

}  // namespace knooppunt::access

#endif  // KNOOPPUNT_SERVICES_ACCESS_DECIDE_H_
