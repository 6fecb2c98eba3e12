// The file in which a case goes to another installation: the archive, and then the pieces of the
// documents that had no room in it. Each is a CMS message in DER, which says itself how long it is
// (doc/handover-archive.md). A message at a time: never the whole file in memory. Not thread-safe.
#ifndef KNOOPPUNT_CLIENTS_CLI_ARCHIVE_FILE_H_
#define KNOOPPUNT_CLIENTS_CLI_ARCHIVE_FILE_H_

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace knooppunt::cli {

// Pieces of a document of this size.
int64_t PiecesOf(int64_t size_bytes);

// A file that came.
class ArchiveSource {
 public:
  // Looks where each message begins and ends. INVALID_ARGUMENT when the file cannot be read, is cut
  // off within a message, or holds something else than such messages.
  static absl::StatusOr<ArchiveSource> Open(const std::string& path);

  // Messages that Next has not given.
  int64_t left() const { return static_cast<int64_t>(sizes_.size() - next_); }
  // The next message, whole. There must be one left.
  absl::StatusOr<std::string> Next();
  // Leaves messages out, until `left` are left.
  void SkipTo(int64_t left);

 private:
  std::ifstream file_;
  std::string path_;
  std::vector<uint32_t> sizes_;  // of each message, in bytes
  size_t next_ = 0;
};

// A file that is being made: PATH.part, for its owner alone, and PATH once it is whole. What is not
// finished is removed.
class ArchiveTarget {
 public:
  // INVALID_ARGUMENT when PATH or PATH.part is there already, or cannot be written.
  static absl::StatusOr<std::unique_ptr<ArchiveTarget>> Open(const std::string& path);
  ~ArchiveTarget();
  ArchiveTarget(const ArchiveTarget&) = delete;
  ArchiveTarget& operator=(const ArchiveTarget&) = delete;

  absl::Status Add(absl::string_view message);
  // Of all that was added.
  int64_t size_bytes() const { return size_bytes_; }
  absl::Status Finish();

 private:
  ArchiveTarget(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}
  std::string PartPath() const;

  const std::string path_;
  int fd_;  // -1: finished
  int64_t size_bytes_ = 0;
};

}  // namespace knooppunt::cli

#endif  // KNOOPPUNT_CLIENTS_CLI_ARCHIVE_FILE_H_
