// Authenticated encryption: AES-256-GCM (NIST SP 800-38D) with a random 96-bit
// nonce. Ciphertext is: version byte 0x01, nonce (12), ciphertext, tag (16).
// One key seals at most 2^32 messages (the birthday bound of random nonces).
// Thread-safe (no state).
#ifndef KNOOPPUNT_SECURITY_CRYPTO_AEAD_H_
#define KNOOPPUNT_SECURITY_CRYPTO_AEAD_H_

#include <initializer_list>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "security/crypto/random.h"
#include "security/crypto/secret.h"

namespace knooppunt::crypto {

inline constexpr size_t kAeadKeyBytes = 32;
inline constexpr size_t kAeadOverheadBytes = 1 + 12 + 16;

// Joins parts unambiguously: each is preceded by its length (64-bit big endian).
// Use for associated data, MAC input and anything else that must not be re-split.
std::string JoinLengthPrefixed(std::initializer_list<absl::string_view> parts);

// INVALID_ARGUMENT when `key` is not 32 bytes, or a text is of 2 GiB or more.
absl::StatusOr<std::string> Seal(const SecretBytes& key, absl::string_view associated_data,
                                 absl::string_view plaintext, Random& random);

// DATA_LOSS when anything (key, associated data, a bit of `sealed`) is not what
// was sealed; never says which.
absl::StatusOr<std::string> Open(const SecretBytes& key, absl::string_view associated_data,
                                 absl::string_view sealed);

}  // namespace knooppunt::crypto

#endif  // KNOOPPUNT_SECURITY_CRYPTO_AEAD_H_
