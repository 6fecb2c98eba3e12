// Documents for tests of a whole region: contents that are made as they are sent and compared as
// they come, so that no test holds a whole one either.
#ifndef KNOOPPUNT_TESTS_INTEGRATION_DOCUMENTS_TESTING_H_
#define KNOOPPUNT_TESTS_INTEGRATION_DOCUMENTS_TESTING_H_

#include <algorithm>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status.h"
#include "knooppunt/documents/v1/documents.pb.h"
#include "security/crypto/hash.h"
#include "security/crypto/running_hash.h"
#include "tests/integration/region.h"

namespace knooppunt::integration {

inline constexpr int64_t kMiB = 1 << 20;
inline constexpr char kUpload[] = "documents.v1.DocumentService/UploadDocument";
inline constexpr char kDownload[] = "documents.v1.DocumentService/DownloadDocument";

// A document that is not there: head, then bytes that follow from their place and `seed`.
struct Paper {
  std::string title = "Verslag van het gesprek";
  std::string media_type = "application/pdf";
  std::string head = "%PDF-1.7\n";
  int64_t size_bytes = 1000;
  char seed = 'a';
  std::string name;  // the document that it is a version of
  std::string etag;
  std::string request_id;
  bool with_sha256 = true;
  common::v1::Compartment compartment = common::v1::COMPARTMENT_EDUCATION;
  common::v1::Regime regime = common::v1::REGIME_EDUCATION;
  std::string about;  // a person; empty: the child

  std::string Part(int64_t offset, int64_t size) const {
    std::string out(static_cast<size_t>(std::max<int64_t>(0, std::min(size, size_bytes - offset))),
                    '\0');
    for (size_t i = 0; i < out.size(); ++i) {
      const auto at = static_cast<size_t>(offset) + i;
      out[i] =
          at < head.size() ? head[at] : static_cast<char>(' ' + (at / 7 + at / 4099 + seed) % 90);
    }
    return out;
  }
  std::string Sha256() const {
    crypto::RunningSha256 hash;
    for (int64_t at = 0; at < size_bytes; at += kMiB) hash.Add(Part(at, kMiB));
    return crypto::HexEncode(hash.Value());
  }
};

inline documents::v1::UploadDocumentRequest Opening(Region& region, const Paper& paper) {
  documents::v1::UploadDocumentRequest opening;
  opening.set_parent(region.case_name);
  opening.set_name(paper.name);
  opening.set_title(paper.title);
  opening.set_media_type(paper.media_type);
  opening.set_size_bytes(paper.size_bytes);
  opening.set_etag(paper.etag);
  opening.set_request_id(paper.request_id.empty() ? region.RequestId() : paper.request_id);
  if (paper.with_sha256) opening.set_sha256(paper.Sha256());
  if (paper.name.empty()) {
    common::v1::Label* label = opening.mutable_label();
    label->mutable_about()->add_persons(paper.about.empty() ? region.child : paper.about);
    label->set_compartment(paper.compartment);
    label->set_regime(paper.regime);
  }
  return opening;
}

// Before the n-th message (the opening is 0): an error cuts the upload off.
using BeforeMessage = std::function<absl::Status(int n)>;

// Uploads `opening`, then the chunks that `chunk` gives, until an empty one.
inline absl::StatusOr<documents::v1::Document> UploadChunks(
    Region& region, const Caller& who, const documents::v1::UploadDocumentRequest& opening,
    const std::function<std::string(int n)>& chunk,
    const BeforeMessage& before = [](int) { return absl::OkStatus(); }) {
  documents::v1::UploadDocumentRequest message;
  documents::v1::Document answer;
  int n = 0;
  KP_RETURN_IF_ERROR(region.Send(
      who, kUpload, &message,
      [&]() -> absl::StatusOr<bool> {
        KP_RETURN_IF_ERROR(before(n));
        if (n == 0) {
          message = opening;
        } else {
          message.set_chunk(chunk(n - 1));
        }
        return n++ == 0 || !message.chunk().empty();
      },
      &answer));
  return answer;
}

inline absl::StatusOr<documents::v1::Document> Upload(
    Region& region, const Caller& who, const Paper& paper,
    const BeforeMessage& before = [](int) { return absl::OkStatus(); }) {
  return UploadChunks(
      region, who, Opening(region, paper), [&](int n) { return paper.Part(n * kMiB, kMiB); },
      before);
}

// What came of a download.
struct Downloaded {
  absl::Status status;
  documents::v1::DocumentVersion version;
  int chunks = 0;
  int64_t bytes = 0;
  bool same = true;  // as `paper`
};

inline Downloaded Download(
    Region& region, const Caller& who, const std::string& name, const Paper& paper,
    const std::function<absl::Status(int n)>& after = [](int) { return absl::OkStatus(); },
    int64_t offset_bytes = 0) {
  documents::v1::DownloadDocumentRequest request;
  request.set_name(name);
  request.set_offset_bytes(offset_bytes);
  documents::v1::DownloadDocumentResponse part;
  Downloaded out;
  out.status = region.Receive(who, kDownload, request, &part, [&] {
    if (out.chunks == 0) out.version = part.version();
    const auto size = static_cast<int64_t>(part.chunk().size());
    out.same = out.same && part.offset_bytes() == offset_bytes + out.bytes &&
               part.chunk() == paper.Part(part.offset_bytes(), size);
    out.bytes += size;
    return after(++out.chunks);
  });
  return out;
}

}  // namespace knooppunt::integration

#endif  // KNOOPPUNT_TESTS_INTEGRATION_DOCUMENTS_TESTING_H_
