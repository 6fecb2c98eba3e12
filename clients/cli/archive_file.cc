#include "clients/cli/archive_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "clients/cli/failure.h"

namespace knooppunt::cli {
namespace {

constexpr int64_t kPieceBytes = limits::kStreamChunkBytes;
// What the server takes in one message; it says itself what it takes for an archive.
constexpr uint32_t kMaxMessageBytes = limits::kMaxStreamMessageBytes;
// The case, and every piece of as many documents as a case may have.
constexpr size_t kMaxMessages =
    1 + limits::kMaxDocumentsPerCase * (limits::kMaxDocumentBytes / limits::kStreamChunkBytes);

absl::Status NoArchive(const std::string& path) {
  return InputError(absl::StrCat(
      path,
      " is no archive, or it was cut off or damaged: nothing was sent. Have it copied again"));
}

// How long the message is that begins with these bytes, which are as many as there are up to six: a
// SEQUENCE with its length in one to four bytes. 0: it is none.
uint32_t SizeOfMessage(const std::array<uint8_t, 6>& head, size_t there) {
  constexpr uint8_t kSequence = 0x30, kLongForm = 0x80;
  if (there < 2 || head[0] != kSequence) return 0;
  if (head[1] < kLongForm) return head[1] + 2U;
  const size_t bytes = head[1] - kLongForm;
  if (bytes < 1 || bytes > 4 || there < 2 + bytes) return 0;
  uint64_t size = 0;
  for (size_t i = 0; i < bytes; ++i) size = size << 8 | head[2 + i];
  size += 2 + bytes;
  return size > kMaxMessageBytes ? 0 : static_cast<uint32_t>(size);
}

}  // namespace

int64_t PiecesOf(int64_t size_bytes) { return (size_bytes + kPieceBytes - 1) / kPieceBytes; }

absl::StatusOr<ArchiveSource> ArchiveSource::Open(const std::string& path) {
  ArchiveSource source;
  source.path_ = path;
  source.file_.open(path, std::ios::binary);
  std::error_code error;
  const auto there = static_cast<int64_t>(std::filesystem::file_size(path, error));
  if (error || !source.file_) return InputError(absl::StrCat("cannot read ", path));
  int64_t at = 0;
  while (at < there) {
    std::array<uint8_t, 6> head = {};
    source.file_.seekg(at);
    source.file_.read(reinterpret_cast<char*>(head.data()), head.size());
    const uint32_t size = SizeOfMessage(head, static_cast<size_t>(source.file_.gcount()));
    source.file_.clear();
    if (size == 0 || size > there - at || source.sizes_.size() == kMaxMessages) {
      return NoArchive(path);
    }
    source.sizes_.push_back(size);
    at += size;
  }
  if (source.sizes_.empty()) return NoArchive(path);
  source.file_.seekg(0);
  return source;
}

absl::StatusOr<std::string> ArchiveSource::Next() {
  std::string message(sizes_.at(next_), '\0');
  file_.read(message.data(), static_cast<std::streamsize>(message.size()));
  if (!file_) return InputError(absl::StrCat(path_, " has become shorter while it was sent"));
  ++next_;
  return message;
}

void ArchiveSource::SkipTo(int64_t left) {
  int64_t skipped = 0;
  while (this->left() > left) skipped += sizes_[next_++];
  file_.seekg(skipped, std::ios::cur);
}

std::string ArchiveTarget::PartPath() const { return absl::StrCat(path_, ".part"); }

absl::StatusOr<std::unique_ptr<ArchiveTarget>> ArchiveTarget::Open(const std::string& path) {
  if (std::filesystem::exists(path)) {
    return InputError(absl::StrCat("cannot write ", path, ": it is there already"));
  }
  const std::string part = absl::StrCat(path, ".part");
  const int fd = open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) {
    return InputError(absl::StrCat("cannot write ", part, ": it is there already, or not allowed"));
  }
  return std::unique_ptr<ArchiveTarget>(new ArchiveTarget(path, fd));
}

ArchiveTarget::~ArchiveTarget() {
  if (fd_ < 0) return;
  close(fd_);
  unlink(PartPath().c_str());
}

absl::Status ArchiveTarget::Add(absl::string_view message) {
  size_bytes_ += static_cast<int64_t>(message.size());
  while (!message.empty()) {
    const ssize_t n = write(fd_, message.data(), message.size());
    if (n <= 0) {
      return InputError(absl::StrCat("cannot write all of ", path_, ": is the disk full?"));
    }
    message.remove_prefix(static_cast<size_t>(n));
  }
  return absl::OkStatus();
}

absl::Status ArchiveTarget::Finish() {
  // Nothing that came meanwhile is written over. Without a link: the disk that somebody carries
  // often knows none.
  if (fsync(fd_) != 0 ||
      renameat2(AT_FDCWD, PartPath().c_str(), AT_FDCWD, path_.c_str(), RENAME_NOREPLACE) != 0) {
    return InputError(
        absl::StrCat("cannot write ", path_, ": it is there already, or not allowed"));
  }
  close(fd_);
  fd_ = -1;
  // So that the name lasts too; a disk that cannot do this has done what it can.
  const std::filesystem::path folder = std::filesystem::path(path_).parent_path();
  const int where = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (where >= 0) {
    fsync(where);
    close(where);
  }
  return absl::OkStatus();
}

}  // namespace knooppunt::cli
