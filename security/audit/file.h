// Whole small files: read with a bound, written so that a reader or a crash sees
// the old content or the new, never a part. Thread-safe for different paths.
#ifndef KNOOPPUNT_SECURITY_AUDIT_FILE_H_
#define KNOOPPUNT_SECURITY_AUDIT_FILE_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace knooppunt::audit {

// NOT_FOUND, PERMISSION_DENIED ...; RESOURCE_EXHAUSTED when larger than `max_bytes`.
absl::StatusOr<std::string> ReadFile(const std::string& path, size_t max_bytes);

// kRename: a temporary file in the same folder, renamed over `path`. kSync: the file
// and its folder are also synced, so that OK means it survives a power cut. After an
// error of kSync either content may be what a crash leaves.
enum class Durability { kRename, kSync };
absl::Status WriteFile(const std::string& path, absl::string_view content, Durability durability);

// Creates `path` and its parents.
absl::Status CreateDirectories(const std::string& path);

}  // namespace knooppunt::audit

#endif  // KNOOPPUNT_SECURITY_AUDIT_FILE_H_
