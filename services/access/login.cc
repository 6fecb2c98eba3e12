#include "services/access/login.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "security/crypto/aead.h"
#include "security/crypto/hash.h"
#include "security/identity/token.h"
#include "security/policy/consent_rules.h"
#include "services/access/errors.h"

namespace knooppunt::access {
namespace {

constexpr char kFamilyPrefix[] = "family:";

constexpr size_t kAccountIdBytes = 16;

}  // namespace

absl::StatusOr<std::string> FamilyAccount(const identity::VerifiedLogin& login) {
  absl::string_view account = login.claims.sub();
  if (login.issuer->family) {
    const std::string hash = crypto::Sha256(
        crypto::JoinLengthPrefixed({"family-account-v1", login.claims.iss(), login.claims.sub()}));
    return absl::StrCat("accounts/a-", crypto::HexEncode(hash.substr(0, kAccountIdBytes)));
  }
  if (!login.issuer->family_prefix || !absl::ConsumePrefix(&account, kFamilyPrefix)) return "";
  if (!base::IsResourceId(account)) return errors::NoSuchProfessional();
  return absl::StrCat("accounts/", account);
}

std::string ProfessionalLogin(const v1::IdTokenClaims& id) {
  return absl::StrCat(id.iss(), "|", id.sub());
}

absl::StatusOr<v1::ExchangeTokenResponse> Login::Exchange(const v1::ExchangeTokenRequest& request,
                                                          absl::Time now) {
  KP_ASSIGN_OR_RETURN(const identity::VerifiedLogin login,
                      options_.id_tokens.Verify(request.id_token(), request.nonce(), now));
  KP_ASSIGN_OR_RETURN(const bool ended, options_.sessions->Ended(login.session));
  if (ended) return errors::SessionEnded();
  v1::TokenClaims claims;
  claims.set_id(options_.random->Id("t"));
  claims.set_session(login.session);
  claims.set_assurance(login.substantial ? v1::ASSURANCE_SUBSTANTIAL : v1::ASSURANCE_LOW);
  claims.set_two_factor(login.two_factor);
  claims.set_audience(identity::kAudience);
  claims.set_issue_time(absl::ToUnixSeconds(now));
  claims.set_expire_time(absl::ToUnixSeconds(now) + limits::kTokenLifetimeSeconds);
  KP_ASSIGN_OR_RETURN(std::string account, FamilyAccount(login));
  if (account.empty()) {
    KP_RETURN_IF_ERROR(FillProfessional(login.claims, request, now, &claims));
  } else {
    claims.set_subject(std::move(account));
  }
  v1::ExchangeTokenResponse out;
  out.set_access_token(identity::MintToken(options_.token_key, claims));
  out.set_expire_time(claims.expire_time());
  *out.mutable_claims() = std::move(claims);
  return out;
}

absl::Status Login::FillProfessional(const v1::IdTokenClaims& id,
                                     const v1::ExchangeTokenRequest& request, absl::Time now,
                                     v1::TokenClaims* out) {
  KP_ASSIGN_OR_RETURN(const auto professional,
                      options_.facts->ProfessionalByLogin(ProfessionalLogin(id)));
  if (professional == nullptr) return errors::NoSuchProfessional();
  const base::Date today = base::DateOf(now);
  std::vector<const v1::FunctionTerm*> fitting;
  for (const v1::FunctionTerm& t : professional->functions()) {
    const bool asked =
        (request.function() == common::v1::FUNCTION_UNSPECIFIED ||
         request.function() == t.function()) &&
        (request.organisation().empty() || request.organisation() == t.organisation());
    if (asked && policy::InPeriod(t.start_date(), t.end_date(), today)) fitting.push_back(&t);
  }
  if (fitting.empty()) return errors::NoSuchFunction();
  if (fitting.size() > 1) return errors::ChooseFunction();
  out->set_subject(professional->name());
  out->set_display_name(professional->display_name());
  out->set_organisation(fitting.front()->organisation());
  out->set_function(fitting.front()->function());
  return absl::OkStatus();
}

}  // namespace knooppunt::access
