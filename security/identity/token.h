// Tokens of our own: what access mints after a login and every unit verifies.
//   token = base64url(claims) "." base64url(Ed25519 over "knooppunt-access-token-v1\n" claims)
// One algorithm, one key, no header to negotiate. claims is a serialized TokenClaims.
#ifndef KNOOPPUNT_SECURITY_IDENTITY_TOKEN_H_
#define KNOOPPUNT_SECURITY_IDENTITY_TOKEN_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "base/recent_map.h"
#include "knooppunt/access/v1/access.pb.h"
#include "security/crypto/sign.h"

namespace knooppunt::identity {

inline constexpr char kAudience[] = "knooppunt";

std::string MintToken(const crypto::SigningKey& key, const access::v1::TokenClaims& claims);

// Thread-safe. Remembers tokens it has verified (bounded), since a signature costs more than
// the rest of a call; expiry is looked at every time.
class TokenVerifier {
 public:
  explicit TokenVerifier(crypto::VerifyKey key) : key_(std::move(key)) {}

  // UNAUTHENTICATED with a reason: TOKEN_MALFORMED, TOKEN_SIGNATURE, TOKEN_AUDIENCE,
  // TOKEN_EXPIRED, TOKEN_NOT_YET_VALID.
  absl::StatusOr<access::v1::TokenClaims> Verify(absl::string_view token, absl::Time now);
  // The same, without a copy of what is remembered.
  absl::StatusOr<std::shared_ptr<const access::v1::TokenClaims>> VerifyShared(
      absl::string_view token, absl::Time now);

 private:
  absl::StatusOr<access::v1::TokenClaims> VerifySignature(absl::string_view token) const;

  static constexpr size_t kRemembered = 20'000;

  const crypto::VerifyKey key_;
  base::Mutex mu_;
  base::RecentMap<std::shared_ptr<const access::v1::TokenClaims>> seen_ ABSL_GUARDED_BY(mu_){
      kRemembered};
};

}  // namespace knooppunt::identity

#endif  // KNOOPPUNT_SECURITY_IDENTITY_TOKEN_H_
