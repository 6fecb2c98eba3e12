#include "security/audit/checkpoint.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "security/audit/merkle.h"
#include "security/audit/note.h"
#include "security/crypto/hash.h"

namespace knooppunt::audit {

std::string FormatCheckpoint(const Checkpoint& checkpoint) {
  return absl::StrCat(checkpoint.origin, "\n", checkpoint.size, "\n",
                      crypto::Base64Encode(checkpoint.root), "\n");
}

absl::StatusOr<Checkpoint> ParseCheckpoint(absl::string_view text) {
  const std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  if (lines.size() != 4 || !lines[3].empty()) {
    return absl::InvalidArgumentError("a checkpoint has three lines: origin, size, root");
  }
  if (!IsKeyName(lines[0])) {
    return absl::InvalidArgumentError("the checkpoint's origin is not a log's name");
  }
  const absl::StatusOr<int64_t> size = ParseDecimal(lines[1]);
  if (!size.ok()) return absl::InvalidArgumentError("the checkpoint's size is not a number");
  absl::StatusOr<std::string> root = crypto::Base64Decode(lines[2]);
  if (!root.ok() || root->size() != kHashBytes) {
    return absl::InvalidArgumentError("the checkpoint's root is not a hash in base64");
  }
  return Checkpoint{.origin = std::string(lines[0]), .size = *size, .root = *std::move(root)};
}

absl::StatusOr<int64_t> ParseDecimal(absl::string_view text) {
  int64_t value = 0;
  const bool digits =
      std::all_of(text.begin(), text.end(), [](char c) { return absl::ascii_isdigit(c); });
  if (!digits || (text.size() > 1 && text[0] == '0') || !absl::SimpleAtoi(text, &value)) {
    return absl::InvalidArgumentError("not a decimal number");
  }
  return value;
}

}  // namespace knooppunt::audit
