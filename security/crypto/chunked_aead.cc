#include "security/crypto/chunked_aead.h"

#include <utility>

#include "security/crypto/aead.h"
#include "security/crypto/hash.h"

namespace knooppunt::crypto {
namespace {

// u32be(index) u8(last), behind the name of the construction.
std::string PlaceAad(ChunkPlace place) {
  std::string aad = "knooppunt-chunk-v1";
  for (int shift = 24; shift >= 0; shift -= 8)
    aad.push_back(static_cast<char>(place.index >> shift));
  aad.push_back(place.last ? '\x01' : '\x00');
  return aad;
}

}  // namespace

absl::StatusOr<ChunkedAead> ChunkedAead::Create(const SecretBytes& key,
                                                absl::string_view identity) {
  if (key.size() != kAeadKeyBytes) return absl::InvalidArgumentError("the key is not 32 bytes");
  if (identity.empty()) return absl::InvalidArgumentError("a content needs a name of its own");
  return ChunkedAead(
      Hkdf(key, JoinLengthPrefixed({"knooppunt-chunked-v1", identity}), kAeadKeyBytes));
}

absl::StatusOr<std::string> ChunkedAead::Seal(ChunkPlace place, absl::string_view plaintext,
                                              Random& random) const {
  return crypto::Seal(key_, PlaceAad(place), plaintext, random);
}

absl::StatusOr<std::string> ChunkedAead::Open(ChunkPlace place, absl::string_view sealed) const {
  return crypto::Open(key_, PlaceAad(place), sealed);
}

}  // namespace knooppunt::crypto
