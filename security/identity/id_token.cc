#include "security/identity/id_token.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/status.h"
#include "security/crypto/hash.h"
#include "security/identity/json.h"
#include "security/identity/limits.h"

namespace knooppunt::identity {
namespace {

constexpr size_t kSessionBytes = 16;

absl::Status Refuse(absl::string_view reason, absl::string_view message) {
  return base::MakeError(absl::StatusCode::kUnauthenticated, reason, "R17", message);
}
absl::Status Malformed() { return Refuse("ID_TOKEN_MALFORMED", "this is not an id token"); }
absl::Status WrongAlgorithm() {
  return Refuse("ID_TOKEN_ALGORITHM",
                "the id token is signed in a way that is not accepted from its issuer: ask your "
                "functional administrator to compare the provider's settings with ours");
}

template <typename List, typename T>
bool Has(const List& list, const T& x) {
  return std::find(list.begin(), list.end(), x) != list.end();
}

// A JWS taken apart. The views lie in the text it was read from.
struct Parts {
  absl::string_view signed_text;
  std::string signature;
  JwsAlgorithm algorithm = JwsAlgorithm::kEdDsa;
  std::string kid;
};

// What a payload holds, types checked and nothing else.
struct Claims {
  access::v1::IdTokenClaims known;
  std::vector<std::string> audiences;
  int64_t not_before = 0;
};

absl::Status ReadHeader(const std::string& text, Parts* parts) {
  const auto header = JsonObject::Parse(text, kMaxIdTokenBytes);
  std::string algorithm, type = "JWT";
  if (!header.ok() || !header->Read("alg", &algorithm) || !header->Read("kid", &parts->kid) ||
      !header->Read("typ", &type) || parts->kid.size() > kMaxKeyIdBytes) {
    return Malformed();
  }
  const auto known = ParseAlgorithm(algorithm);
  // "crit" asks for what we do not know (RFC 7515, section 4.1.11); "typ" keeps tokens that
  // another protocol signed with the same key from passing for logins (RFC 8725, section 3.11).
  if (!known.has_value() || header->Has("crit")) return WrongAlgorithm();
  if (type != "JWT") return Malformed();
  parts->algorithm = *known;
  return absl::OkStatus();
}

absl::StatusOr<Claims> ReadPayload(const std::string& text) {
  const auto payload = JsonObject::Parse(text, kMaxIdTokenBytes);
  if (!payload.ok()) return Malformed();
  Claims out;
  access::v1::IdTokenClaims& c = out.known;
  std::vector<std::string> amr;
  int64_t expiry = 0, issued = 0;
  for (const char* name : {"iss", "sub", "aud", "exp", "iat"}) {
    if (!payload->Has(name)) return Malformed();
  }
  if (!payload->Read("iss", c.mutable_iss()) || !payload->Read("sub", c.mutable_sub()) ||
      !payload->Read("acr", c.mutable_acr()) || !payload->Read("nonce", c.mutable_nonce()) ||
      !payload->Read("azp", c.mutable_azp()) || !payload->ReadSeconds("exp", &expiry) ||
      !payload->ReadSeconds("iat", &issued) || !payload->ReadSeconds("nbf", &out.not_before) ||
      !payload->ReadStringOrStrings("aud", kMaxClaimValues, &out.audiences) ||
      !payload->ReadStrings("amr", kMaxClaimValues, &amr)) {
    return Malformed();
  }
  if (c.sub().empty() || c.sub().size() > kMaxSubjectBytes) return Malformed();
  c.set_exp(expiry);
  c.set_iat(issued);
  for (std::string& method : amr) c.add_amr(std::move(method));
  return out;
}

absl::StatusOr<const TrustedIssuer*> ChooseIssuer(const std::vector<TrustedIssuer>& issuers,
                                                  const Claims& claims) {
  bool known = false;
  for (const TrustedIssuer& i : issuers) {
    if (i.issuer != claims.known.iss()) continue;
    known = true;
    if (Has(claims.audiences, i.audience)) return &i;
  }
  if (!known) return Refuse("ID_TOKEN_ISSUER", "this issuer of id tokens is not trusted here");
  return Refuse("ID_TOKEN_AUDIENCE", "the id token is for another service");
}

// OpenID Connect Core 1.0, section 3.1.3.7, 4 and 5: with more audiences, who asked must be us.
absl::Status CheckParty(const TrustedIssuer& issuer, const Claims& claims) {
  const std::string& azp = claims.known.azp();
  const bool needed = claims.audiences.size() > 1;
  if ((needed || !azp.empty()) && azp != issuer.audience) {
    return Refuse("ID_TOKEN_AUDIENCE", "the id token was made for another service");
  }
  return absl::OkStatus();
}

// A nonce in the token is somebody's; who does not know it did not ask for this login.
absl::Status CheckNonce(const TrustedIssuer& issuer, const Claims& claims,
                        absl::string_view nonce) {
  if ((issuer.require_nonce && nonce.empty()) ||
      !crypto::ConstantTimeEquals(claims.known.nonce(), nonce)) {
    return Refuse("ID_TOKEN_NONCE", "the id token does not belong to this login: log in again");
  }
  return absl::OkStatus();
}

absl::Status CheckTimes(const Claims& claims, absl::Time now) {
  const int64_t t = absl::ToUnixSeconds(now);
  const int64_t skew = limits::kIdTokenClockSkewSeconds;
  const int64_t issued = claims.known.iat();
  if (claims.known.exp() + skew <= t || issued + kMaxIdTokenAgeSeconds + skew <= t) {
    return Refuse("ID_TOKEN_EXPIRED", "the id token has expired: log in again");
  }
  if (issued - skew > t || claims.not_before - skew > t) {
    return Refuse("ID_TOKEN_NOT_YET_VALID", "the id token is from the future: check the clocks");
  }
  return absl::OkStatus();
}

// RFC 8176 method references that are a second factor beside a password.
bool TwoFactors(const access::v1::IdTokenClaims& id) {
  const auto has = [&](absl::string_view m) { return Has(id.amr(), m); };
  return has("mfa") ||
         ((has("pwd") || has("pin")) && (has("otp") || has("hwk") || has("swk") || has("sms")));
}

// Over what is signed, and not over the signature: an ECDSA signature has a twin.
std::string SessionOf(absl::string_view signed_text) {
  return absl::StrCat(
      "s-", crypto::HexEncode(
                crypto::Sha256({"knooppunt-session-v1\n", signed_text}).substr(0, kSessionBytes)));
}

}  // namespace

TrustedIssuer IssuerWithKey(std::string issuer, std::string audience,
                            const crypto::VerifyKey& key) {
  TrustedIssuer out;
  out.issuer = std::move(issuer);
  out.audience = std::move(audience);
  out.keys = std::make_shared<FixedKey>(Jwk::FromEd25519(key));
  out.algorithms = {JwsAlgorithm::kEdDsa};
  out.substantial_acr = {"substantial", "high"};
  out.family_prefix = true;
  return out;
}

absl::StatusOr<VerifiedLogin> IdTokenVerifier::Verify(absl::string_view jws,
                                                      absl::string_view nonce,
                                                      absl::Time now) const {
  if (jws.size() > kMaxIdTokenBytes) return Malformed();
  const std::vector<absl::string_view> texts = absl::StrSplit(jws, '.');
  if (texts.size() != 3) return Malformed();
  const auto header = crypto::Base64UrlDecode(texts[0]);
  const auto payload = crypto::Base64UrlDecode(texts[1]);
  auto signature = crypto::Base64UrlDecode(texts[2]);
  if (!header.ok() || !payload.ok() || !signature.ok()) return Malformed();
  Parts parts;
  KP_RETURN_IF_ERROR(ReadHeader(*header, &parts));
  parts.signed_text = jws.substr(0, texts[0].size() + 1 + texts[1].size());
  parts.signature = *std::move(signature);
  KP_ASSIGN_OR_RETURN(Claims claims, ReadPayload(*payload));

  // Nothing of the payload is believed yet: it only says whose key to try.
  KP_ASSIGN_OR_RETURN(const TrustedIssuer* issuer, ChooseIssuer(*issuers_, claims));
  if (!Has(issuer->algorithms, parts.algorithm)) return WrongAlgorithm();
  KP_ASSIGN_OR_RETURN(const Jwk key, issuer->keys->Find(parts.kid, parts.algorithm, now));
  if (!key.Verify(parts.algorithm, parts.signed_text, parts.signature).ok()) {
    return Refuse("ID_TOKEN_SIGNATURE", "the id token's signature is not its issuer's");
  }
  KP_RETURN_IF_ERROR(CheckParty(*issuer, claims));
  KP_RETURN_IF_ERROR(CheckTimes(claims, now));
  KP_RETURN_IF_ERROR(CheckNonce(*issuer, claims, nonce));

  VerifiedLogin out;
  out.claims = std::move(claims.known);
  out.claims.set_aud(issuer->audience);
  out.issuer = issuer;
  out.substantial = Has(issuer->substantial_acr, out.claims.acr());
  out.two_factor = TwoFactors(out.claims) || Has(issuer->two_factor_acr, out.claims.acr());
  out.session = SessionOf(parts.signed_text);
  return out;
}

}  // namespace knooppunt::identity
