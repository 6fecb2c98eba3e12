#include "security/policy/permit.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "security/crypto/aead.h"
#include "security/crypto/hash.h"

namespace knooppunt::policy {
namespace {

std::string BindingOf(const PermitUse& use, const access::v1::Decision& decision) {
  const access::v1::TokenClaims& actor = decision.claims();
  return crypto::Sha256(crypto::JoinLengthPrefixed(
      {"permit-v1", use.call_id, use.method, use.resource, use.new_family,
       absl::StrCat(use.purpose), actor.subject(), actor.organisation(),
       absl::StrCat(actor.function()), actor.id()}));
}

std::string BindingOf(const PermitUse& use, const access::v1::ListAccessibleResponse& answer) {
  const access::v1::TokenClaims& actor = answer.call().claims();
  std::string families;
  for (const access::v1::Decision& d : answer.decisions()) {
    absl::StrAppend(&families, d.family(), "\n");
  }
  return crypto::Sha256(
      crypto::JoinLengthPrefixed({"permits-v1", use.call_id, use.method, use.resource,
                                  absl::StrCat(use.purpose), actor.subject(), actor.organisation(),
                                  absl::StrCat(actor.function()), actor.id(), families}));
}

absl::Status ForAnotherCall() {
  return base::MakeError(absl::StatusCode::kFailedPrecondition, "PERMIT_FOR_ANOTHER_CALL", "",
                         "the decision is not for this call; try again");
}

absl::Duration LifetimeOf(const access::v1::Decision& decision) {
  return absl::Milliseconds(decision.permit().expire_time_ms() - decision.decide_time_ms());
}

}  // namespace

void BindPermit(const PermitUse& use, access::v1::Decision* decision) {
  decision->mutable_permit()->set_binding(BindingOf(use, *decision));
}

void BindPermits(const PermitUse& use, access::v1::ListAccessibleResponse* answer) {
  answer->mutable_call()->mutable_permit()->set_binding(BindingOf(use, *answer));
}

absl::StatusOr<absl::Duration> CheckPermit(const access::v1::Decision& decision,
                                           const PermitUse& use) {
  const absl::Duration lifetime = LifetimeOf(decision);
  if (!decision.allowed() || use.call_id.empty() || lifetime <= absl::ZeroDuration() ||
      decision.permit().binding() != BindingOf(use, decision)) {
    return ForAnotherCall();
  }
  return std::min(lifetime, kMaxPermitLifetime);
}

absl::StatusOr<absl::Duration> CheckPermits(const access::v1::ListAccessibleResponse& answer,
                                            const PermitUse& use) {
  const access::v1::Decision& call = answer.call();
  const absl::Duration lifetime = LifetimeOf(call);
  if (!call.allowed() || use.call_id.empty() || lifetime <= absl::ZeroDuration() ||
      call.permit().binding() != BindingOf(use, answer)) {
    return ForAnotherCall();
  }
  for (const access::v1::Decision& d : answer.decisions()) {
    if (!d.allowed() || d.decide_time_ms() != call.decide_time_ms() ||
        d.permit().expire_time_ms() != call.permit().expire_time_ms()) {
      return ForAnotherCall();
    }
  }
  return std::min(lifetime, kMaxPermitLifetime);
}

}  // namespace knooppunt::policy
