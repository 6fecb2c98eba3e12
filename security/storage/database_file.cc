#include "security/storage/database_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace knooppunt::storage {
namespace {

absl::Status FileError(int error, absl::string_view what, const std::string& path) {
  const std::string message = absl::StrCat(what, " ", path);
  if (error == ENOSPC || error == EDQUOT) {
    return absl::ResourceExhaustedError(absl::StrCat(message, ": the disk is full"));
  }
  return absl::FailedPreconditionError(absl::ErrnoToStatus(error, message).message());
}

// 0 when there is no such file.
int64_t FileBytes(const std::string& path) {
  struct stat st;
  return stat(path.c_str(), &st) == 0 ? st.st_size : 0;
}

absl::Status CheckSizes(const std::string& path) {
  const int64_t size = FileBytes(path);
  const bool has_log = FileBytes(path + "-wal") > 0;
  if (FileBytes(path + "-journal") > 0) return absl::OkStatus();  // SQLite undoes what it covers
  // A checkpoint that was cut off leaves part of a page, but then the log is there.
  if (size % kPageBytes != 0 && (size < kPageBytes || !has_log)) {
    return absl::DataLossError("the database file is truncated");
  }
  // SQLite would drop the log and begin an empty database.
  if (size == 0 && has_log) {
    return absl::DataLossError("a write-ahead log without its database file");
  }
  return absl::OkStatus();
}

absl::Status SyncDirectoryOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "."
                                : slash == 0               ? "/"
                                                           : path.substr(0, slash);
  const int fd = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return FileError(errno, "cannot open directory", directory);
  const bool synced = fsync(fd) == 0;
  const int error = errno;
  close(fd);
  return synced ? absl::OkStatus() : FileError(error, "cannot sync directory", directory);
}

// SQLite would create the file readable for all; its log and index take its mode.
absl::Status CreateIfMissing(const std::string& path) {
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0 && errno == EEXIST) return absl::OkStatus();
  if (fd < 0) return FileError(errno, "cannot create", path);
  close(fd);
  return SyncDirectoryOf(path);
}

}  // namespace

absl::StatusOr<std::unique_ptr<DatabaseFile>> DatabaseFile::Claim(const std::string& path) {
  const std::string lock_path = path + ".lock";
  const int fd = open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return FileError(errno, "cannot open", lock_path);
  std::unique_ptr<DatabaseFile> file(new DatabaseFile(fd));
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return FileError(errno, "cannot lock", lock_path);
    return absl::FailedPreconditionError(
        absl::StrCat("database ", path, " is in use by another process or Database"));
  }
  KP_RETURN_IF_ERROR(CheckSizes(path));
  KP_RETURN_IF_ERROR(CreateIfMissing(path));
  return file;
}

DatabaseFile::~DatabaseFile() { close(lock_fd_); }

}  // namespace knooppunt::storage
