#include "security/identity/id_token.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/error.h"
#include "base/limits.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "security/crypto/hash.h"

namespace knooppunt::identity {
namespace {

absl::Status Refuse(absl::string_view reason, absl::string_view message) {
  return base::MakeError(absl::StatusCode::kUnauthenticated, reason, "R17", message);
}

template <typename T>
bool FromJson(const std::string& json, T* out) {
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  return google::protobuf::util::JsonStringToMessage(json, out, options).ok();
}

// The header must say EdDSA and ask for nothing we do not know (RFC 7515, section 4.1.11).
bool HeaderIsEdDsa(const std::string& json) {
  google::protobuf::Struct header;
  if (!FromJson(json, &header)) return false;
  const auto alg = header.fields().find("alg");
  return alg != header.fields().end() && alg->second.string_value() == "EdDSA" &&
         header.fields().find("crit") == header.fields().end();
}

}  // namespace

absl::StatusOr<access::v1::IdTokenClaims> IdTokenVerifier::Verify(absl::string_view jws,
                                                                  absl::Time now) const {
  const auto malformed = [] { return Refuse("ID_TOKEN_MALFORMED", "this is not an id token"); };
  if (jws.size() > limits::kMaxTokenBytes) return malformed();
  const std::vector<absl::string_view> parts = absl::StrSplit(jws, '.');
  if (parts.size() != 3) return malformed();
  const auto header = crypto::Base64UrlDecode(parts[0]);
  const auto payload = crypto::Base64UrlDecode(parts[1]);
  const auto signature = crypto::Base64UrlDecode(parts[2]);
  if (!header.ok() || !payload.ok() || !signature.ok()) return malformed();
  if (!HeaderIsEdDsa(*header)) {
    return Refuse("ID_TOKEN_ALGORITHM", "only id tokens signed with EdDSA are accepted");
  }
  access::v1::IdTokenClaims claims;
  if (!FromJson(*payload, &claims)) return malformed();
  const TrustedIssuer* issuer = nullptr;
  for (const TrustedIssuer& i : issuers_) {
    if (i.issuer == claims.iss()) issuer = &i;
  }
  if (issuer == nullptr) {
    return Refuse("ID_TOKEN_ISSUER", "this issuer of id tokens is not trusted here");
  }
  if (!issuer->key.Verify(absl::StrCat(parts[0], ".", parts[1]), *signature).ok()) {
    return Refuse("ID_TOKEN_SIGNATURE", "the id token's signature is not its issuer's");
  }
  if (claims.aud() != audience_) {
    return Refuse("ID_TOKEN_AUDIENCE", "the id token is for another service");
  }
  const int64_t t = absl::ToUnixSeconds(now);
  if (claims.exp() + limits::kIdTokenClockSkewSeconds <= t) {
    return Refuse("ID_TOKEN_EXPIRED", "the id token has expired: log in again");
  }
  if (claims.iat() - limits::kIdTokenClockSkewSeconds > t) {
    return Refuse("ID_TOKEN_NOT_YET_VALID", "the id token is from the future: check the clocks");
  }
  if (claims.sub().empty()) return malformed();
  return claims;
}

}  // namespace knooppunt::identity
