// Files on their way to and from the dossier, a part at a time: never a whole one in memory.
// Not thread-safe.
#ifndef KNOOPPUNT_CLIENTS_CLI_DOCUMENT_FILE_H_
#define KNOOPPUNT_CLIENTS_CLI_DOCUMENT_FILE_H_

#include <cstdint>
#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "security/crypto/running_hash.h"

namespace knooppunt::cli {

// The media type that the ending of a file's name stands for; "" for one that is no document's.
std::string MediaTypeOf(absl::string_view path);

// A file to be sent.
class DocumentSource {
 public:
  // Reads it once, for its size and hash. INVALID_ARGUMENT when it cannot be read or is empty.
  static absl::StatusOr<DocumentSource> Open(const std::string& path);

  int64_t size_bytes() const { return size_bytes_; }
  const std::string& sha256() const { return sha256_; }
  // The next 1 MiB, or what is left; empty at the end. INVALID_ARGUMENT when the file has become
  // shorter.
  absl::StatusOr<std::string> Next();

 private:
  std::ifstream file_;
  int64_t size_bytes_ = 0;
  int64_t read_bytes_ = 0;
  std::string sha256_;
};

// A file that is being received: PATH.part, and PATH once it is whole and is what it should be.
class DocumentTarget {
 public:
  // Begins anew, or goes on after what an earlier run has in PATH.part. INVALID_ARGUMENT when PATH
  // is there already, or cannot be written.
  static absl::StatusOr<DocumentTarget> Open(const std::string& path, bool go_on);

  // What is there already: a multiple of 1 MiB.
  int64_t size_bytes() const { return size_bytes_; }
  absl::Status Add(absl::string_view part);
  // INVALID_ARGUMENT, and the part is removed, when it is not what `sha256` says.
  absl::Status Finish(const std::string& sha256);

 private:
  std::string path_;
  std::string part_path_;
  std::ofstream file_;
  int64_t size_bytes_ = 0;
  crypto::RunningSha256 hash_;
};

}  // namespace knooppunt::cli

#endif  // KNOOPPUNT_CLIENTS_CLI_DOCUMENT_FILE_H_
