#include "clients/cli/id_token.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/output.h"
#include "security/crypto/hash.h"

namespace knooppunt::cli {
namespace {

// Not protobuf JSON: that writes 64-bit numbers as strings, and RFC 7519 wants numbers.
std::string ClaimsJson(const access::v1::IdTokenClaims& claims, const std::string& jti) {
  return absl::StrCat("{\"iss\":", JsonQuote(claims.iss()), ",\"sub\":", JsonQuote(claims.sub()),
                      ",\"aud\":", JsonQuote(claims.aud()), ",\"iat\":", claims.iat(),
                      ",\"exp\":", claims.exp(), ",\"jti\":", JsonQuote(jti),
                      ",\"acr\":", JsonQuote(claims.acr()), ",\"amr\":[",
                      absl::StrJoin(claims.amr(), ",",
                                    [](std::string* out, const std::string& method) {
                                      absl::StrAppend(out, JsonQuote(method));
                                    }),
                      "]}");
}

}  // namespace

std::string MakeIdToken(access::v1::IdTokenClaims claims, const std::string& jti,
                        const crypto::SigningKey& key, absl::Time now) {
  claims.set_iat(absl::ToUnixSeconds(now));
  claims.set_exp(absl::ToUnixSeconds(now + kIdTokenLifetime));
  const std::string signed_part =
      absl::StrCat(crypto::Base64UrlEncode(R"({"alg":"EdDSA","typ":"JWT"})"), ".",
                   crypto::Base64UrlEncode(ClaimsJson(claims, jti)));
  return absl::StrCat(signed_part, ".", crypto::Base64UrlEncode(key.Sign(signed_part)));
}

}  // namespace knooppunt::cli
