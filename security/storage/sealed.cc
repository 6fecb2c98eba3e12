#include "security/storage/sealed.h"

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "security/crypto/aead.h"

namespace knooppunt::storage {
namespace {

bool TooLong(absl::string_view sealed) {
  return sealed.size() > limits::kMaxSealedBytes + crypto::kAeadOverheadBytes;
}

}  // namespace

std::string ColumnAad(const ColumnId& id) {
  return crypto::JoinLengthPrefixed(
      {"knooppunt-column-v1", id.table, id.row, id.column, absl::StrCat(id.version)});
}

absl::StatusOr<std::string> SealColumn(const crypto::SecretBytes& key, const ColumnId& id,
                                       absl::string_view plaintext, crypto::Random& random) {
  if (plaintext.size() > limits::kMaxSealedBytes) {
    return absl::InvalidArgumentError(absl::StrCat("a sealed value holds at most ",
                                                   limits::kMaxSealedBytes, " bytes and this is ",
                                                   plaintext.size()));
  }
  return crypto::Seal(key, ColumnAad(id), plaintext, random);
}

absl::StatusOr<std::string> OpenColumn(const crypto::SecretBytes& key, const ColumnId& id,
                                       absl::string_view sealed) {
  if (TooLong(sealed)) return absl::DataLossError("sealed data does not open");
  return crypto::Open(key, ColumnAad(id), sealed);
}

absl::StatusOr<std::string> OpenColumn(crypto::Opener& opener, const ColumnId& id,
                                       absl::string_view sealed) {
  if (TooLong(sealed)) return absl::DataLossError("sealed data does not open");
  return opener.Open(ColumnAad(id), sealed);
}

}  // namespace knooppunt::storage
