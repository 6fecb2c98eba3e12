#include "security/crypto/key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status.h"
#include "security/crypto/hash.h"

namespace knooppunt::crypto {
namespace {

constexpr size_t kMaxKeyFileBytes = 16 << 10;
constexpr size_t kRootHexDigits = 64;

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  ~FileDescriptor() {
    if (fd_ >= 0) close(fd_);
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  int get() const { return fd_; }

 private:
  const int fd_;
};

enum class Secrecy { kOwnerOnly, kAnyMode };

absl::Status OpenError(const std::string& path, int error) {
  const std::string message = absl::StrCat("cannot open key file ", path);
  if (error == EACCES)
    return absl::FailedPreconditionError(absl::StrCat(message, ": not permitted"));
  return absl::ErrnoToStatus(error, message);
}

// Looks at the open file and not at the path, so that nobody can swap it in between.
// Symbolic links are followed: orchestrators mount secrets that way.
absl::Status CheckFile(const std::string& path, int fd, Secrecy secrecy) {
  struct stat st;
  if (fstat(fd, &st) != 0) return absl::ErrnoToStatus(errno, path);
  if (!S_ISREG(st.st_mode)) {
    return absl::FailedPreconditionError(absl::StrCat("key file ", path, " is not a regular file"));
  }
  if (secrecy == Secrecy::kAnyMode) return absl::OkStatus();
  if (st.st_uid != geteuid() && st.st_uid != 0) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "key file %s belongs to user %d and this process runs as %d", path, st.st_uid, geteuid()));
  }
  if ((st.st_mode & 077) != 0) {
    return absl::FailedPreconditionError(
        absl::StrFormat("key file %s has mode %04o, open to others than its owner: chmod 600 %s",
                        path, st.st_mode & 07777, path));
  }
  return absl::OkStatus();
}

// The caller wipes what it gets if it is secret.
absl::StatusOr<std::string> ReadKeyFile(const std::string& path, Secrecy secrecy) {
  // O_NONBLOCK, or a FIFO in its place would hold the start for ever.
  const FileDescriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (fd.get() < 0) return OpenError(path, errno);
  KP_RETURN_IF_ERROR(CheckFile(path, fd.get(), secrecy));
  std::string content(kMaxKeyFileBytes + 1, '\0');
  size_t size = 0;
  while (size < content.size()) {
    const ssize_t n = read(fd.get(), content.data() + size, content.size() - size);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      const int error = errno;
      Wipe(&content);
      return absl::ErrnoToStatus(error, absl::StrCat("cannot read key file ", path));
    }
    if (n == 0) break;
    size += static_cast<size_t>(n);
  }
  if (size > kMaxKeyFileBytes) {
    Wipe(&content);
    return absl::InvalidArgumentError(absl::StrCat("key file ", path, " is too long"));
  }
  content.resize(size);
  return content;
}

absl::Status WriteAll(int fd, absl::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t n = write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot write key file ", path));
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  if (fsync(fd) != 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot sync ", path));
  return absl::OkStatus();
}

absl::Status SyncDirectoryOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "."
                                : slash == 0               ? "/"
                                                           : path.substr(0, slash);
  const FileDescriptor fd(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0 || fsync(fd.get()) != 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot sync directory ", directory));
  }
  return absl::OkStatus();
}

absl::Status WithPath(absl::Status status, const std::string& path) {
  if (status.ok()) return status;
  return absl::Status(status.code(), absl::StrCat("key file ", path, ": ", status.message()));
}

}  // namespace

absl::StatusOr<SecretBytes> ReadRootKey(const std::string& path) {
  KP_ASSIGN_OR_RETURN(std::string content, ReadKeyFile(path, Secrecy::kOwnerOnly));
  absl::string_view hex = content;
  if (hex.size() == kRootHexDigits + 1 && hex.back() == '\n') hex.remove_suffix(1);
  absl::StatusOr<std::string> raw = absl::InvalidArgumentError("");
  if (hex.size() == kRootHexDigits) raw = HexDecode(hex);
  Wipe(&content);
  if (!raw.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("key file ", path, " must hold 64 hex digits and at most a newline"));
  }
  return SecretBytes::Take(*std::move(raw), SecretAccess::For("root key from its file"));
}

absl::Status CreateRootKey(const std::string& path, Random& random) {
  const FileDescriptor fd(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (fd.get() < 0) return OpenError(path, errno);
  const SecretBytes key = random.Key();
  std::string line = HexEncode(key.Expose(SecretAccess::For("root key to its file")));
  absl::Status status = WriteAll(fd.get(), line, path);
  Wipe(&line);
  if (status.ok()) status = SyncDirectoryOf(path);
  if (!status.ok()) unlink(path.c_str());  // half a key would look like one
  return status;
}

absl::StatusOr<SigningKey> ReadSigningKey(const std::string& path) {
  KP_ASSIGN_OR_RETURN(std::string pem, ReadKeyFile(path, Secrecy::kOwnerOnly));
  absl::StatusOr<SigningKey> key = SigningKey::FromPem(pem);
  Wipe(&pem);
  if (!key.ok()) return WithPath(key.status(), path);
  return key;
}

absl::StatusOr<VerifyKey> ReadVerifyKey(const std::string& path) {
  KP_ASSIGN_OR_RETURN(const std::string pem, ReadKeyFile(path, Secrecy::kAnyMode));
  absl::StatusOr<VerifyKey> key = VerifyKey::FromPem(pem);
  if (!key.ok()) return WithPath(key.status(), path);
  return key;
}

}  // namespace knooppunt::crypto
