// Id tokens of trusted issuers (OpenID Connect Core 1.0, section 3.1.3.7): JWS compact
// serialization (RFC 7515) with an algorithm of the issuer's allow-list. Thread-safe; Verify may
// ask the issuer for its keys, so it may block (jwks.h).
#ifndef KNOOPPUNT_SECURITY_IDENTITY_ID_TOKEN_H_
#define KNOOPPUNT_SECURITY_IDENTITY_ID_TOKEN_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "knooppunt/access/v1/access.pb.h"
#include "security/crypto/sign.h"
#include "security/identity/jwks.h"

namespace knooppunt::identity {

// An issuer as the configuration has it. One issuer may stand there more than once, each time
// with another audience: the clients of one provider.
struct TrustedIssuer {
  std::string issuer;
  std::string audience;
  std::shared_ptr<KeySource> keys;
  std::vector<JwsAlgorithm> algorithms;  // empty accepts nothing
  std::vector<std::string> substantial_acr;
  std::vector<std::string> two_factor_acr;
  bool require_nonce = false;
  bool family = false;         // its subjects are family members
  bool family_prefix = false;  // those that begin with "family:" are (development)
};

// An issuer with one Ed25519 key that we were given: the development issuer's kind.
TrustedIssuer IssuerWithKey(std::string issuer, std::string audience, const crypto::VerifyKey& key);

// What a verified id token says.
struct VerifiedLogin {
  access::v1::IdTokenClaims claims;       // aud: the audience that is ours
  const TrustedIssuer* issuer = nullptr;  // lives as long as the verifier
  bool substantial = false;               // R17: as acr says by the issuer's list
  bool two_factor = false;                // R17: as acr or amr (RFC 8176) says
  // Names this login, the same each time its id token is shown; tells nothing about it.
  std::string session;
};

class IdTokenVerifier {
 public:
  explicit IdTokenVerifier(std::vector<TrustedIssuer> issuers)
      : issuers_(std::make_shared<const std::vector<TrustedIssuer>>(std::move(issuers))) {}

  // `nonce` is what the client sent when it asked for the login; empty when it sent none.
  // UNAUTHENTICATED with a reason: ID_TOKEN_MALFORMED, ID_TOKEN_ALGORITHM, ID_TOKEN_ISSUER,
  // ID_TOKEN_AUDIENCE, ID_TOKEN_KEY, ID_TOKEN_SIGNATURE, ID_TOKEN_NONCE, ID_TOKEN_EXPIRED,
  // ID_TOKEN_NOT_YET_VALID. UNAVAILABLE with ISSUER_KEYS_UNAVAILABLE.
  absl::StatusOr<VerifiedLogin> Verify(absl::string_view jws, absl::string_view nonce,
                                       absl::Time now) const;

 private:
  std::shared_ptr<const std::vector<TrustedIssuer>> issuers_;
};

}  // namespace knooppunt::identity

#endif  // KNOOPPUNT_SECURITY_IDENTITY_ID_TOKEN_H_
