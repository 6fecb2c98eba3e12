#include "services/documents/rules.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "base/limits.h"
#include "security/crypto/hash.h"
#include "services/documents/errors.h"
#include "services/documents/media_type.h"
#include "services/dossier/errors.h"

namespace knooppunt::documents {
namespace {

constexpr int64_t kChunkBytes = limits::kStreamChunkBytes;

bool IsSha256(absl::string_view hex) {
  return hex.size() == 64 && std::all_of(hex.begin(), hex.end(), [](char c) {
           return absl::ascii_isdigit(static_cast<unsigned char>(c)) || (c >= 'a' && c <= 'f');
         });
}

bool OfFamily(absl::string_view author) { return absl::StartsWith(author, "families/"); }

const std::string& AuthorOf(const v1::Document& document) { return document.versions(0).author(); }

bool OfController(const v1::Document& document, const Actor& actor) {
  return !actor.organisation.empty() && actor.organisation == document.label().controller();
}

}  // namespace

absl::Status CheckOpening(const v1::UploadDocumentRequest& opening) {
  if (!opening.chunk().empty()) return errors::NotTheNextChunk();
  if (!IsAllowed(opening.media_type())) return errors::TypeNotAllowed();
  if (opening.size_bytes() < 1 || opening.size_bytes() > limits::kMaxDocumentBytes) {
    return errors::SizeNotAllowed();
  }
  if (!opening.sha256().empty() && !IsSha256(opening.sha256())) {
    return dossier::errors::InvalidField("sha256", "be 64 hex digits in small letters, or empty");
  }
  return absl::OkStatus();
}

absl::Status CheckChunk(const v1::UploadDocumentRequest& opening,
                        const v1::UploadDocumentRequest& message, int64_t received_bytes) {
  v1::UploadDocumentRequest rest = message;
  rest.clear_chunk();
  const int64_t expected = PartBytes(opening.size_bytes(), received_bytes);
  if (rest.ByteSizeLong() != 0 || expected == 0 ||
      static_cast<int64_t>(message.chunk().size()) != expected) {
    return errors::NotTheNextChunk();
  }
  return absl::OkStatus();
}

absl::Status CheckNotWithdrawn(const v1::Document& document) {
  return document.state() == v1::DOCUMENT_STATE_WITHDRAWN ? errors::Withdrawn() : absl::OkStatus();
}

absl::Status CheckCurrent(const v1::Document& document) {
  return document.state() == v1::DOCUMENT_STATE_AWAITED ? errors::Awaited()
                                                        : CheckNotWithdrawn(document);
}

absl::Status CheckMayAddVersion(const v1::Document& document, const Actor& actor) {
  const bool may = OfFamily(AuthorOf(document)) ? actor.name == AuthorOf(document)
                                                : OfController(document, actor);
  return may ? absl::OkStatus() : errors::NotYours();
}

absl::Status CheckMayWithdraw(const v1::Document& document, const Actor& actor) {
  const bool may = actor.name == AuthorOf(document) || OfController(document, actor);
  return may ? absl::OkStatus() : errors::NotYours();
}

int64_t PartBytes(int64_t size_bytes, int64_t offset_bytes) {
  return std::min(kChunkBytes, size_bytes - offset_bytes);
}

absl::Status CheckOffset(int64_t size_bytes, int64_t offset_bytes) {
  const bool may =
      offset_bytes >= 0 && offset_bytes < size_bytes && offset_bytes % kChunkBytes == 0;
  return may ? absl::OkStatus() : errors::OffsetNotAllowed();
}

std::string EtagOf(const v1::Document& view) {
  return crypto::HexEncode(crypto::Sha256(view.SerializeAsString()).substr(0, 16));
}

}  // namespace knooppunt::documents
