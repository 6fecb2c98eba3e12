// Id tokens of trusted issuers (OpenID Connect Core 1.0, JWS compact serialization of
// RFC 7515 with EdDSA of RFC 8037). One algorithm: a token that names another is refused.
// Thread-safe (immutable).
#ifndef KNOOPPUNT_SECURITY_IDENTITY_ID_TOKEN_H_
#define KNOOPPUNT_SECURITY_IDENTITY_ID_TOKEN_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "knooppunt/access/v1/access.pb.h"
#include "security/crypto/sign.h"

namespace knooppunt::identity {

struct TrustedIssuer {
  std::string issuer;
  crypto::VerifyKey key;
};

class IdTokenVerifier {
 public:
  IdTokenVerifier(std::vector<TrustedIssuer> issuers, std::string audience)
      : issuers_(std::move(issuers)), audience_(std::move(audience)) {}

  // UNAUTHENTICATED with a reason: ID_TOKEN_MALFORMED, ID_TOKEN_ALGORITHM, ID_TOKEN_ISSUER,
  // ID_TOKEN_SIGNATURE, ID_TOKEN_AUDIENCE, ID_TOKEN_EXPIRED, ID_TOKEN_NOT_YET_VALID.
  absl::StatusOr<access::v1::IdTokenClaims> Verify(absl::string_view jws, absl::Time now) const;

 private:
  const std::vector<TrustedIssuer> issuers_;
  const std::string audience_;
};

}  // namespace knooppunt::identity

#endif  // KNOOPPUNT_SECURITY_IDENTITY_ID_TOKEN_H_
