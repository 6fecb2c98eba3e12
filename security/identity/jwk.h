// Public keys of OpenID providers (RFC 7517, 7518, 8037) and what they verify: signatures of JWS
// (RFC 7515) with RS256, PS256, ES256 or EdDSA. There is no other algorithm here: "none" and the
// HS family cannot be named, so no public key can pass for a shared secret. Immutable and
// thread-safe.
#ifndef KNOOPPUNT_SECURITY_IDENTITY_JWK_H_
#define KNOOPPUNT_SECURITY_IDENTITY_JWK_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "security/crypto/sign.h"
#include "security/identity/json.h"

namespace knooppunt::identity {

enum class JwsAlgorithm { kRs256, kPs256, kEs256, kEdDsa };

// "RS256", "PS256", "ES256" or "EdDSA", exactly; nothing for any other word.
std::optional<JwsAlgorithm> ParseAlgorithm(absl::string_view word);

class Jwk {
 public:
  // INVALID_ARGUMENT for a key that is not to verify signatures with one of the four: another
  // kind, use or curve, RSA of fewer than 2048 bits, a point off the curve, a private key.
  static absl::StatusOr<Jwk> Parse(const JsonObject& json);
  static Jwk FromEd25519(const crypto::VerifyKey& key);

  const std::string& kid() const { return kid_; }
  // Whether this key verifies `algorithm`: its kind does, and it names no other.
  bool Fits(JwsAlgorithm algorithm) const;
  // UNAUTHENTICATED unless `signature` is this key's over exactly `message`.
  absl::Status Verify(JwsAlgorithm algorithm, absl::string_view message,
                      absl::string_view signature) const;

 private:
  enum class Kind { kRsa, kP256, kEd25519 };
  Jwk() = default;
  absl::Status ReadRsa(const JsonObject& json);
  absl::Status ReadP256(const JsonObject& json);
  absl::Status ReadEd25519(const JsonObject& json);

  std::string kid_;
  Kind kind_ = Kind::kRsa;
  std::optional<JwsAlgorithm> only_;  // as "alg" says
  std::shared_ptr<evp_pkey_st> pkey_;
};

}  // namespace knooppunt::identity

#endif  // KNOOPPUNT_SECURITY_IDENTITY_JWK_H_
