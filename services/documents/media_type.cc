#include "services/documents/media_type.h"

#include <magic.h>

#include <algorithm>
#include <iterator>

#include "base/limits.h"

namespace knooppunt::documents {
namespace {

constexpr absl::string_view kAllowed[] = {
    "application/pdf",
    "image/png",
    "image/jpeg",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "text/plain",
};

// What libmagic is to look for. Nothing is unpacked: a packed content is what it is.
// Nor is a text told from a text by how it is laid out: a list with commas is a text all the same.
constexpr int kFlags = MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR |
                       MAGIC_NO_CHECK_ELF | MAGIC_NO_CHECK_CSV | MAGIC_NO_CHECK_JSON |
                       MAGIC_NO_CHECK_TOKENS;

}  // namespace

bool IsAllowed(absl::string_view media_type) {
  return std::find(std::begin(kAllowed), std::end(kAllowed), media_type) != std::end(kAllowed);
}

struct MediaTypes::Cookie {
  magic_t magic = magic_open(kFlags);
  ~Cookie() {
    if (magic != nullptr) magic_close(magic);
  }
};

MediaTypes::MediaTypes() = default;
MediaTypes::~MediaTypes() = default;

absl::StatusOr<std::string> MediaTypes::Of(absl::string_view head) {
  base::MutexLock lock(mu_);  // one cookie is one thread's
  if (cookie_ == nullptr) {
    auto fresh = std::make_unique<Cookie>();
    if (fresh->magic == nullptr || magic_load(fresh->magic, nullptr) != 0) {
      return absl::InternalError(
          "libmagic does not find its signatures: install the package libmagic-mgc");
    }
    cookie_ = std::move(fresh);
  }
  const char* type = magic_buffer(cookie_->magic, head.data(),
                                  std::min(head.size(), size_t{limits::kStreamChunkBytes}));
  if (type == nullptr) return absl::InternalError("libmagic gives up");
  return std::string(type);
}

bool TextCheck::AddByte(unsigned char byte) {
  if (expected_ > 0) {
    if (byte < low_ || byte > high_) return false;
    low_ = 0x80;
    high_ = 0xBF;
    --expected_;
    return true;
  }
  if (byte < 0x20) return byte == '\t' || byte == '\n' || byte == '\r' || byte == '\f';
  if (byte < 0x80) return byte != 0x7F;
  // RFC 3629, section 4: no overlong forms, no surrogates, nothing above U+10FFFF.
  if (byte < 0xC2 || byte > 0xF4) return false;
  expected_ = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3;
  if (byte == 0xE0) low_ = 0xA0;
  if (byte == 0xED) high_ = 0x9F;
  if (byte == 0xF0) low_ = 0x90;
  if (byte == 0xF4) high_ = 0x8F;
  return true;
}

bool TextCheck::Add(absl::string_view part) {
  return std::all_of(part.begin(), part.end(),
                     [this](char c) { return AddByte(static_cast<unsigned char>(c)); });
}

}  // namespace knooppunt::documents
