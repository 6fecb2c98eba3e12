// The claim on a database's file: one Database at a time, in this process or another,
// for two connections that write or checkpoint can corrupt a write-ahead log (SQLite
// before 3.51.3). Internal to storage. Not thread-safe.
//
// The claim is flock() on <path>.lock, an empty file of mode 0600 that stays behind.
#ifndef KNOOPPUNT_SECURITY_STORAGE_DATABASE_FILE_H_
#define KNOOPPUNT_SECURITY_STORAGE_DATABASE_FILE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace knooppunt::storage {

// Size of a page, as CipherSettings() has it.
inline constexpr int kPageBytes = 4096;

class DatabaseFile {
 public:
  // Claims `path`, creating an empty file of mode 0600 if there is none.
  // FAILED_PRECONDITION (claimed already, directory missing or closed to us),
  // DATA_LOSS (part of a page, or a log without its database), RESOURCE_EXHAUSTED.
  static absl::StatusOr<std::unique_ptr<DatabaseFile>> Claim(const std::string& path);
  ~DatabaseFile();
  DatabaseFile(const DatabaseFile&) = delete;
  DatabaseFile& operator=(const DatabaseFile&) = delete;

 private:
  explicit DatabaseFile(int lock_fd) : lock_fd_(lock_fd) {}
  const int lock_fd_;
};

}  // namespace knooppunt::storage

#endif  // KNOOPPUNT_SECURITY_STORAGE_DATABASE_FILE_H_
