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

}  // namespace

void BindPermit(const PermitUse& use, access::v1::Decision* decision) {
  decision->mutable_permit()->set_binding(BindingOf(use, *decision));
}

absl::StatusOr<absl::Duration> CheckPermit(const access::v1::Decision& decision,
                                           const PermitUse& use) {
  const access::v1::Permit& permit = decision.permit();
  const absl::Duration lifetime =
      absl::Milliseconds(permit.expire_time_ms() - decision.decide_time_ms());
  if (!decision.allowed() || use.call_id.empty() || permit.binding() != BindingOf(use, decision) ||
      lifetime <= absl::ZeroDuration()) {
    return base::MakeError(absl::StatusCode::kFailedPrecondition, "PERMIT_FOR_ANOTHER_CALL", "",
                           "the decision is not for this call; try again");
  }
  return std::min(lifetime, kMaxPermitLifetime);
}

}  // namespace knooppunt::policy
