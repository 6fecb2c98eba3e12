// Authenticated encryption of something long, chunk by chunk, so that no more than one chunk is in
// memory: the STREAM construction (Hoang, Reyhanitabar, Rogaway and Vizar, 2015) over aead.h.
//
// Every content has a key of its own, HKDF-SHA-256 of the key given and of `identity`, a name that
// is never used for a second content. Every chunk is sealed with AES-256-GCM, and its associated
// data are its index and whether it is the last. So a chunk opens at its own place of its own
// content and nowhere else: reordered, doubled, left out, cut off behind, or swapped with a chunk
// of another content, it does not open. Whoever reads must end at the chunk that opens as the last:
// a content that ends before it was cut off.
//
// Unlike the paper, a nonce is random and not counted: sealing a chunk twice by mistake then costs
// nothing but the chance of aead.h.
#ifndef KNOOPPUNT_SECURITY_CRYPTO_CHUNKED_AEAD_H_
#define KNOOPPUNT_SECURITY_CRYPTO_CHUNKED_AEAD_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "security/crypto/random.h"
#include "security/crypto/secret.h"

namespace knooppunt::crypto {

// Where a chunk stands.
struct ChunkPlace {
  uint32_t index = 0;
  bool last = false;
};

// Thread-safe for concurrent const use. Holds a key: keep it no longer than the key it came from.
class ChunkedAead {
 public:
  // INVALID_ARGUMENT when `key` is not 32 bytes or `identity` is empty.
  static absl::StatusOr<ChunkedAead> Create(const SecretBytes& key, absl::string_view identity);

  // Adds kAeadOverheadBytes.
  absl::StatusOr<std::string> Seal(ChunkPlace place, absl::string_view plaintext,
                                   Random& random) const;
  // DATA_LOSS unless this is what Seal gave for this content and this place.
  absl::StatusOr<std::string> Open(ChunkPlace place, absl::string_view sealed) const;

 private:
  explicit ChunkedAead(SecretBytes key) : key_(std::move(key)) {}

  SecretBytes key_;
};

}  // namespace knooppunt::crypto

#endif  // KNOOPPUNT_SECURITY_CRYPTO_CHUNKED_AEAD_H_
