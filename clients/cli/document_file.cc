#include "clients/cli/document_file.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status.h"
#include "clients/cli/failure.h"
#include "security/crypto/hash.h"

namespace knooppunt::cli {
namespace {

constexpr size_t kPartBytes = limits::kStreamChunkBytes;

struct Ending {
  absl::string_view ending;
  absl::string_view media_type;
};
constexpr Ending kEndings[] = {
    {".pdf", "application/pdf"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".odt", "application/vnd.oasis.opendocument.text"},
    {".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {".txt", "text/plain"},
};

// At most a part; empty at the end of the file.
std::string ReadPart(std::istream& file) {
  std::string part(kPartBytes, '\0');
  file.read(part.data(), static_cast<std::streamsize>(part.size()));
  part.resize(static_cast<size_t>(file.gcount()));
  return part;
}

}  // namespace

std::string MediaTypeOf(absl::string_view path) {
  const std::string ending =
      absl::AsciiStrToLower(std::filesystem::path(std::string(path)).extension().string());
  for (const Ending& known : kEndings) {
    if (known.ending == ending) return std::string(known.media_type);
  }
  return "";
}

absl::StatusOr<DocumentSource> DocumentSource::Open(const std::string& path) {
  DocumentSource source;
  source.file_.open(path, std::ios::binary);
  if (!source.file_) return InputError(absl::StrCat("cannot read ", path));
  crypto::RunningSha256 hash;
  for (std::string part = ReadPart(source.file_); !part.empty(); part = ReadPart(source.file_)) {
    hash.Add(part);
    source.size_bytes_ += static_cast<int64_t>(part.size());
    // The server would say so too, but after it was all read.
    if (source.size_bytes_ > limits::kMaxDocumentBytes) {
      return InputError(absl::StrCat(path, " is larger than ", limits::kMaxDocumentBytes >> 20,
                                     " MB, the most that a document may be"));
    }
  }
  if (source.size_bytes_ == 0) return InputError(absl::StrCat(path, " is empty, or no file"));
  source.sha256_ = crypto::HexEncode(hash.Value());
  source.file_.clear();
  source.file_.seekg(0);
  return source;
}

absl::StatusOr<std::string> DocumentSource::Next() {
  if (read_bytes_ == size_bytes_) return std::string();
  std::string part = ReadPart(file_);
  part.resize(std::min(part.size(), static_cast<size_t>(size_bytes_ - read_bytes_)));
  if (part.empty()) return InputError("the file has become shorter while it was sent");
  read_bytes_ += static_cast<int64_t>(part.size());
  return part;
}

absl::StatusOr<DocumentTarget> DocumentTarget::Open(const std::string& path, bool go_on) {
  if (std::filesystem::exists(path)) {
    return InputError(absl::StrCat(path, " is there already: choose another name, or move it"));
  }
  DocumentTarget target;
  target.path_ = path;
  target.part_path_ = absl::StrCat(path, ".part");
  if (go_on) {
    std::ifstream there(target.part_path_, std::ios::binary);
    for (std::string part = ReadPart(there); part.size() == kPartBytes; part = ReadPart(there)) {
      target.hash_.Add(part);
      target.size_bytes_ += static_cast<int64_t>(part.size());
    }
  }
  // What people wrote about a family is for its reader alone.
  const mode_t before = umask(077);
  std::ofstream(target.part_path_, std::ios::binary | std::ios::app).close();
  umask(before);
  std::error_code error;
  std::filesystem::resize_file(target.part_path_, static_cast<uintmax_t>(target.size_bytes_),
                               error);
  target.file_.open(target.part_path_, std::ios::binary | std::ios::app);
  if (error || !target.file_) return InputError(absl::StrCat("cannot write ", target.part_path_));
  return target;
}

absl::Status DocumentTarget::Add(absl::string_view part) {
  file_.write(part.data(), static_cast<std::streamsize>(part.size()));
  if (!file_) return InputError(absl::StrCat("cannot write ", part_path_, ": is the disk full?"));
  hash_.Add(part);
  size_bytes_ += static_cast<int64_t>(part.size());
  return absl::OkStatus();
}

absl::Status DocumentTarget::Finish(const std::string& sha256) {
  file_.close();
  if (!file_) return InputError(absl::StrCat("cannot write ", part_path_, ": is the disk full?"));
  std::error_code error;
  if (crypto::HexEncode(hash_.Value()) != sha256) {
    std::filesystem::remove(part_path_, error);
    return InputError(
        "what came is not the document that was stored (its SHA-256 differs), and "
        "was removed: get it again");
  }
  std::filesystem::rename(part_path_, path_, error);
  return error ? InputError(absl::StrCat("cannot write ", path_)) : absl::OkStatus();
}

}  // namespace knooppunt::cli
