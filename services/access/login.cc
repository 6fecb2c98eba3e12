#include "services/access/login.h"

#include <algorithm>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "security/identity/token.h"
#include "security/policy/consent_rules.h"
#include "services/access/errors.h"

namespace knooppunt::access {
namespace {

constexpr char kFamilyPrefix[] = "family:";

// RFC 8176 method references that are a second factor beside a password.
bool TwoFactors(const v1::IdTokenClaims& id) {
  const auto has = [&](absl::string_view m) {
    return std::find(id.amr().begin(), id.amr().end(), m) != id.amr().end();
  };
  return has("mfa") ||
         ((has("pwd") || has("pin")) && (has("otp") || has("hwk") || has("swk") || has("sms")));
}

}  // namespace

absl::StatusOr<v1::ExchangeTokenResponse> Login::Exchange(const v1::ExchangeTokenRequest& request,
                                                          absl::Time now) {
  KP_ASSIGN_OR_RETURN(const v1::IdTokenClaims id,
                      options_.id_tokens.Verify(request.id_token(), now));
  v1::TokenClaims claims;
  claims.set_id(options_.random->Id("t"));
  claims.set_assurance(id.acr() == "substantial" || id.acr() == "high" ? v1::ASSURANCE_SUBSTANTIAL
                                                                       : v1::ASSURANCE_LOW);
  claims.set_two_factor(TwoFactors(id));
  claims.set_audience(identity::kAudience);
  claims.set_issue_time(absl::ToUnixSeconds(now));
  claims.set_expire_time(absl::ToUnixSeconds(now) + limits::kTokenLifetimeSeconds);
  absl::string_view account = id.sub();
  if (absl::ConsumePrefix(&account, kFamilyPrefix)) {
    if (!base::IsResourceId(account)) return errors::NoSuchProfessional();
    claims.set_subject(absl::StrCat("accounts/", account));
  } else {
    KP_RETURN_IF_ERROR(FillProfessional(id, request, now, &claims));
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
                      options_.facts->ProfessionalByLogin(absl::StrCat(id.iss(), "|", id.sub())));
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
