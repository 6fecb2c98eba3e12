#include "security/identity/token.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/status.h"
#include "security/crypto/hash.h"

namespace knooppunt::identity {
namespace {

constexpr char kContext[] = "knooppunt-access-token-v1\n";

absl::Status Refuse(absl::string_view reason, absl::string_view message) {
  return base::MakeError(absl::StatusCode::kUnauthenticated, reason, "R17", message);
}

}  // namespace

std::string MintToken(const crypto::SigningKey& key, const access::v1::TokenClaims& claims) {
  const std::string payload = claims.SerializeAsString();
  return absl::StrCat(crypto::Base64UrlEncode(payload), ".",
                      crypto::Base64UrlEncode(key.Sign(absl::StrCat(kContext, payload))));
}

absl::StatusOr<access::v1::TokenClaims> TokenVerifier::VerifySignature(
    absl::string_view token) const {
  const auto malformed = [] {
    return Refuse("TOKEN_MALFORMED", "this is not a token of ours: log in again");
  };
  if (token.empty() || token.size() > limits::kMaxTokenBytes) return malformed();
  const std::vector<absl::string_view> parts = absl::StrSplit(token, '.');
  if (parts.size() != 2) return malformed();
  const auto payload = crypto::Base64UrlDecode(parts[0]);
  const auto signature = crypto::Base64UrlDecode(parts[1]);
  if (!payload.ok() || !signature.ok()) return malformed();
  if (!key_.Verify(absl::StrCat(kContext, *payload), *signature).ok()) {
    return Refuse("TOKEN_SIGNATURE",
                  "this token was not signed by this installation: log in again");
  }
  access::v1::TokenClaims claims;
  if (!claims.ParseFromString(*payload)) return malformed();
  if (claims.audience() != kAudience) {
    return Refuse("TOKEN_AUDIENCE", "this token is for another service: log in here");
  }
  return claims;
}

absl::StatusOr<access::v1::TokenClaims> TokenVerifier::Verify(absl::string_view token,
                                                              absl::Time now) {
  KP_ASSIGN_OR_RETURN(const auto claims, VerifyShared(token, now));
  return *claims;
}

absl::StatusOr<std::shared_ptr<const access::v1::TokenClaims>> TokenVerifier::VerifyShared(
    absl::string_view token, absl::Time now) {
  const std::string id = crypto::Sha256(token);
  std::shared_ptr<const access::v1::TokenClaims> claims;
  {
    base::MutexLock lock(mu_);
    if (const auto* seen = seen_.Find(id); seen != nullptr) claims = *seen;
  }
  if (claims == nullptr) {
    KP_ASSIGN_OR_RETURN(access::v1::TokenClaims verified, VerifySignature(token));
    claims = std::make_shared<const access::v1::TokenClaims>(std::move(verified));
    base::MutexLock lock(mu_);
    seen_.Put(id, claims);
  }
  const int64_t t = absl::ToUnixSeconds(now);
  if (t >= claims->expire_time()) {
    return Refuse("TOKEN_EXPIRED", "this login has expired: log in again");
  }
  if (t + limits::kIdTokenClockSkewSeconds < claims->issue_time()) {
    return Refuse("TOKEN_NOT_YET_VALID", "this token is from the future: check the clocks");
  }
  return claims;
}

}  // namespace knooppunt::identity
