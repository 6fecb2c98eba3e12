// A log's checkpoint (C2SP tlog-checkpoint): the text of a signed note that states
// a tree's size and root.
//   <origin>\n<size, decimal>\n<root, base64>\n
// Extension lines, which the format allows and advises against, are refused: our
// logs write none, and nobody could audit them. Thread-safe (values).
#ifndef KNOOPPUNT_SECURITY_AUDIT_CHECKPOINT_H_
#define KNOOPPUNT_SECURITY_AUDIT_CHECKPOINT_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace knooppunt::audit {

struct Checkpoint {
  std::string origin;
  int64_t size = 0;
  std::string root;  // 32 bytes
};

std::string FormatCheckpoint(const Checkpoint& checkpoint);
// INVALID_ARGUMENT unless `text` is exactly what FormatCheckpoint writes.
absl::StatusOr<Checkpoint> ParseCheckpoint(absl::string_view text);

// A decimal number as these formats write it: digits only, no leading zero, at most
// 2^63 - 1. INVALID_ARGUMENT otherwise.
absl::StatusOr<int64_t> ParseDecimal(absl::string_view text);

}  // namespace knooppunt::audit

#endif  // KNOOPPUNT_SECURITY_AUDIT_CHECKPOINT_H_
