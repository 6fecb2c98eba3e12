// SHA-256 (FIPS 180-4), HMAC-SHA-256 (RFC 2104), HKDF-SHA-256 (RFC 5869), and
// the encodings that go with them. Thread-safe (no state).
#ifndef KNOOPPUNT_SECURITY_CRYPTO_HASH_H_
#define KNOOPPUNT_SECURITY_CRYPTO_HASH_H_

#include <initializer_list>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "security/crypto/secret.h"

namespace knooppunt::crypto {

// 32 bytes.
std::string Sha256(absl::string_view data);
// Hash of the concatenation, without building it.
std::string Sha256(std::initializer_list<absl::string_view> parts);
// 32 bytes.
std::string HmacSha256(const SecretBytes& key, absl::string_view data);
// `size` bytes (at most 8160) derived for `info`.
SecretBytes Hkdf(const SecretBytes& key, absl::string_view info, size_t size);
// The same for each of `infos`, in order: what depends on the key alone is worked out once.
std::vector<SecretBytes> HkdfEach(const SecretBytes& key,
                                  std::initializer_list<absl::string_view> infos, size_t size);

// Takes the same time wherever the two differ; lengths may show.
bool ConstantTimeEquals(absl::string_view a, absl::string_view b);

std::string HexEncode(absl::string_view bytes);
// INVALID_ARGUMENT unless an even number of hex digits.
absl::StatusOr<std::string> HexDecode(absl::string_view hex);
std::string Base64Encode(absl::string_view bytes);  // RFC 4648, section 4
absl::StatusOr<std::string> Base64Decode(absl::string_view text);
std::string Base64UrlEncode(absl::string_view bytes);  // section 5, no padding
absl::StatusOr<std::string> Base64UrlDecode(absl::string_view text);

}  // namespace knooppunt::crypto

#endif  // KNOOPPUNT_SECURITY_CRYPTO_HASH_H_
