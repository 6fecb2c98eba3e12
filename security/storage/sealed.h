// A second seal on what is about people: a column encrypted under the key of its
// scope, bound to its place, so that a sealed value moved to another row, column or
// version does not open. Thread-safe (no state).
#ifndef KNOOPPUNT_SECURITY_STORAGE_SEALED_H_
#define KNOOPPUNT_SECURITY_STORAGE_SEALED_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "security/crypto/aead.h"
#include "security/crypto/random.h"
#include "security/crypto/secret.h"

namespace knooppunt::storage {

// Where a sealed value stands. Values of the caller, valid during the call.
struct ColumnId {
  absl::string_view table;
  absl::string_view row;
  absl::string_view column;
  int64_t version = 0;  // of the row: an old value put back does not open either
};

// The associated data: JoinLengthPrefixed("knooppunt-column-v1", table, row, column,
// decimal version).
std::string ColumnAad(const ColumnId& id);

// INVALID_ARGUMENT for a plaintext above kMaxSealedBytes, or a key that is not 32 bytes.
absl::StatusOr<std::string> SealColumn(const crypto::SecretBytes& key, const ColumnId& id,
                                       absl::string_view plaintext, crypto::Random& random);
// DATA_LOSS unless `sealed` is what SealColumn gave for this key and this place.
absl::StatusOr<std::string> OpenColumn(const crypto::SecretBytes& key, const ColumnId& id,
                                       absl::string_view sealed);
// The same with the key that `opener` has.
absl::StatusOr<std::string> OpenColumn(crypto::Opener& opener, const ColumnId& id,
                                       absl::string_view sealed);

}  // namespace knooppunt::storage

#endif  // KNOOPPUNT_SECURITY_STORAGE_SEALED_H_
