// Authenticated encryption: AES-256-GCM (NIST SP 800-38D) with a random 96-bit
// nonce. Ciphertext is: version byte 0x01, nonce (12), ciphertext, tag (16).
// One key seals at most 2^32 messages (the birthday bound of random nonces).
// Thread-safe (no state).
#ifndef KNOOPPUNT_SECURITY_CRYPTO_AEAD_H_
#define KNOOPPUNT_SECURITY_CRYPTO_AEAD_H_

#include <initializer_list>
#include <memory>
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

// Opens what one key sealed, many at a time: the key is set up once. Holds the key until it is
// destroyed, which wipes it. Not thread-safe.
class Opener {
 public:
  explicit Opener(const SecretBytes& key);
  ~Opener();
  Opener(Opener&&) noexcept;
  Opener& operator=(Opener&&) = delete;

  // As crypto::Open with the key; DATA_LOSS also for a key that was not 32 bytes.
  absl::StatusOr<std::string> Open(absl::string_view associated_data, absl::string_view sealed);

 private:
  struct Context;
  std::unique_ptr<Context> context_;  // nullptr for a key of another length
};

}  // namespace knooppunt::crypto

#endif  // KNOOPPUNT_SECURITY_CRYPTO_AEAD_H_
