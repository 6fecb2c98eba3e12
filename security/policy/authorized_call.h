// The proof that the gate let a call through. Handlers and stores take one; only the
// gate can make one: code that skips the policy does not compile (promise P2). It
// holds the keys that the decision allows, for this one call (promise P6).
#ifndef KNOOPPUNT_SECURITY_POLICY_AUTHORIZED_CALL_H_
#define KNOOPPUNT_SECURITY_POLICY_AUTHORIZED_CALL_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "knooppunt/access/v1/access.pb.h"
#include "knooppunt/common/v1/types.pb.h"
#include "security/crypto/secret.h"
#include "security/policy/permit.h"

namespace knooppunt::policy {

// A scope that this call may use, and its key.
struct KeyedScope {
  std::string id;
  common::v1::Label label;
  std::string basis;
  crypto::SecretBytes key;
};

// What the call touched, for its audit record. Filled by stores as they open and write
// items; adding the same twice changes nothing, so a body may run twice.
struct Touched {
  std::vector<std::string> persons;  // sorted, without doubles
  bool family = false;
  std::vector<common::v1::Compartment> compartments;  // sorted, without doubles
  void Add(const common::v1::Label& label);
};

// Not thread-safe: belongs to one call. Move-only.
class AuthorizedCall {
 public:
  AuthorizedCall(AuthorizedCall&&) = default;
  AuthorizedCall& operator=(AuthorizedCall&&) = default;
  ~AuthorizedCall();

  // The decision, its keys and claims taken out.
  const access::v1::Decision& decision() const { return *decision_; }
  const access::v1::TokenClaims& claims() const { return *claims_; }
  // Staff: "professionals/{id}". Family: "families/{f}/persons/{p}". Who stands in acts and texts.
  std::string actor() const;
  bool is_staff() const { return decision_->person().empty() && !claims().organisation().empty(); }
  // The caller's person id in this family, or "".
  const std::string& person() const { return decision_->person(); }
  // The caller's seat at the case, or "".
  const std::string& seat() const { return decision_->seat(); }
  const std::string& organisation() const { return claims().organisation(); }

  // The family this call is about; for a call that makes one, its new id.
  const std::string& family() const { return decision_->family(); }
  common::v1::Purpose purpose() const { return purpose_; }
  // The instant of the decision, on access's clock: the only time rules may use.
  absl::Time now() const { return now_; }
  // A random id that is the same each time this call asks for (prefix, n): a body may run twice.
  std::string Id(absl::string_view prefix, int n) const;

  // The permit's time is over. From then on it gives no key: the accessors below find nothing, and
  // the pipeline answers nothing that was made of half of it.
  bool expired() const { return clock_->Now() >= usable_until_; }
  // The scope with this id, if the decision allows reading it; else nullptr.
  const KeyedScope* FindScope(absl::string_view id) const;
  const std::vector<KeyedScope>& scopes() const { return expired() ? kNoScopes : scopes_; }
  // The scopes of the labels that the call's hook demanded, in that order.
  const std::vector<KeyedScope>& write_scopes() const {
    return expired() ? kNoScopes : write_scopes_;
  }
  // Keys of the family's facts and of the region's search; empty when not permitted.
  const crypto::SecretBytes& facts_key() const { return expired() ? kNoKey : facts_key_; }
  const crypto::SecretBytes& search_key() const { return expired() ? kNoKey : search_key_; }
  // Facts of the i-th reference that the hook demanded; an unset fact when unknown.
  const access::v1::FactEntry& reference(int i) const;
  bool ConsentInForce(absl::string_view consent_id) const;
  // The day on which a werkplaats of this family's cases or running handovers closes, or closed,
  // ISO; "" when it stays open (R27). Only for "handover.", "archive." and worklists.
  absl::string_view CloseDateOf(absl::string_view werkplaats) const;
  // For who reads the log, or asks and answers about it ("audit.read", "audit.ask",
  // "question.answer"): keys and limits of the view. Else empty.
  const access::v1::OpenAuditResponse& audit_view() const { return decision_->audit_view(); }

  Touched& touched() const { return *touched_; }

 private:
  friend class Gate;
  AuthorizedCall() = default;

  static const std::vector<KeyedScope> kNoScopes;
  static const crypto::SecretBytes kNoKey;

  std::shared_ptr<access::v1::Decision>
      decision_;  // within the answer that it came in; never shared
  std::shared_ptr<const access::v1::TokenClaims> claims_;  // one for all families of a list
  common::v1::Purpose purpose_ = common::v1::PURPOSE_UNSPECIFIED;
  absl::Time now_;
  const base::Clock* clock_ = nullptr;
  absl::Time usable_until_;
  std::string id_seed_;
  std::vector<KeyedScope> scopes_;
  std::vector<KeyedScope> write_scopes_;
  crypto::SecretBytes facts_key_;
  crypto::SecretBytes search_key_;
  std::unique_ptr<Touched> touched_ = std::make_unique<Touched>();
};

// What the unit asked access for, in its own words.
struct Inquiry {
  PermitUse use;
  absl::Time sent;  // by `clock`, before the question left: the permit's time runs
  const base::Clock* clock = nullptr;  // not owned; outlives the call
  std::string id_seed;                 // random, 16 bytes
};

// Takes the keys out of `decision` and makes the proof. Only the runtime's pipeline and
// tests of handlers call this: greppable by the lint of the house.
class Gate {
 public:
  // `decision` must be allowed and its permit bound to what was asked (permit.h), else
  // FAILED_PRECONDITION and no key. Its key bytes are wiped.
  static absl::StatusOr<AuthorizedCall> Admit(access::v1::Decision decision,
                                              const Inquiry& inquiry);
  // The proof keeps `decision` as long as it lives, wherever it lies (on an arena, say): nothing is
  // copied. Nobody else may look at it from here on.
  static absl::StatusOr<AuthorizedCall> Admit(std::shared_ptr<access::v1::Decision> decision,
                                              const Inquiry& inquiry);
  // The same of a list: a proof for the call and one for each family, all or none.
  struct List;
  static absl::StatusOr<List> AdmitList(std::shared_ptr<access::v1::ListAccessibleResponse> answer,
                                        const Inquiry& inquiry);

 private:
  // Not null.
  static AuthorizedCall Make(std::shared_ptr<access::v1::Decision> decision,
                             std::shared_ptr<const access::v1::TokenClaims> claims,
                             const Inquiry& inquiry, absl::Duration lifetime);
};
struct Gate::List {
  AuthorizedCall call;
  std::vector<AuthorizedCall> families;
};

// The id that AuthorizedCall::Id(prefix, n) gives for a seed; hooks use it before the decision.
std::string IdFromSeed(absl::string_view seed, absl::string_view prefix, int n);

}  // namespace knooppunt::policy

#endif  // KNOOPPUNT_SECURITY_POLICY_AUTHORIZED_CALL_H_
