// What a permit is bound to, and for how long it may be used (promise P6): one call of one actor,
// with one method, for one object and purpose. Pure. Thread-safe (no state).
#ifndef KNOOPPUNT_SECURITY_POLICY_PERMIT_H_
#define KNOOPPUNT_SECURITY_POLICY_PERMIT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "knooppunt/access/v1/access.pb.h"

namespace knooppunt::policy {

// Longest use of a permit, whatever it says itself.
inline constexpr absl::Duration kMaxPermitLifetime = absl::Seconds(60);

// The one call that a permit serves. Both sides fill it in from what they know themselves.
struct PermitUse {
  std::string call_id;  // random, made by the unit for this call alone
  std::string method;
  std::string resource;    // as asked; empty of a list
  std::string new_family;  // id of the family that the call makes, or ""
  common::v1::Purpose purpose = common::v1::PURPOSE_UNSPECIFIED;
};

// Writes into the permit of an allowed `decision` what it is bound to: `use`, and the actor whose
// claims the decision holds. The last thing access does before it answers.
void BindPermit(const PermitUse& use, access::v1::Decision* decision);

// The same for a list: one binding for its permits together, in the permit of `answer->call()`.
// That decision's claims are the actor of all of them; those of the families hold none.
void BindPermits(const PermitUse& use, access::v1::ListAccessibleResponse* answer);

// How long `decision`'s permit may be used, counted from when it was asked for: at most
// kMaxPermitLifetime. FAILED_PRECONDITION when it is bound to another call, actor, method, object
// or purpose than `use`, or to none. Says nothing about which of these differs.
absl::StatusOr<absl::Duration> CheckPermit(const access::v1::Decision& decision,
                                           const PermitUse& use);
// The same for all permits of a list: also FAILED_PRECONDITION when it has other families, or in
// another order, than was bound, or one that is not allowed or not of the same time.
absl::StatusOr<absl::Duration> CheckPermits(const access::v1::ListAccessibleResponse& answer,
                                            const PermitUse& use);

}  // namespace knooppunt::policy

#endif  // KNOOPPUNT_SECURITY_POLICY_PERMIT_H_
