// The rules of documents. Pure: no I/O and no clock. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_DOCUMENTS_RULES_H_
#define KNOOPPUNT_SERVICES_DOCUMENTS_RULES_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "knooppunt/documents/v1/documents.pb.h"

namespace knooppunt::documents {

// Who acts, as a document knows them.
struct Actor {
  std::string name;          // "professionals/{id}" or "families/{f}/persons/{p}"
  std::string organisation;  // of staff
};

// What the first message of an upload says about the content: INVALID_ARGUMENT for a size, a type
// or a hash that cannot be, or for a chunk that comes too early.
absl::Status CheckOpening(const v1::UploadDocumentRequest& opening);
// A later message: nothing but the next chunk of `received_bytes` so far. INVALID_ARGUMENT.
absl::Status CheckChunk(const v1::UploadDocumentRequest& opening,
                        const v1::UploadDocumentRequest& message, int64_t received_bytes);

// Where a document stands and who may change it. `document` is whole, with its label.
absl::Status CheckNotWithdrawn(const v1::Document& document);  // FAILED_PRECONDITION
// Its content can be read: FAILED_PRECONDITION once withdrawn, and while it is still to come.
absl::Status CheckCurrent(const v1::Document& document);
// A version is added by those who answer for it (R38): staff of the controller; what a family
// member added, by that person alone. PERMISSION_DENIED.
absl::Status CheckMayAddVersion(const v1::Document& document, const Actor& actor);
// Withdrawn by who added it, or by staff of the controller.
absl::Status CheckMayWithdraw(const v1::Document& document, const Actor& actor);

// What the message of a download that begins at `offset_bytes` holds.
int64_t PartBytes(int64_t size_bytes, int64_t offset_bytes);
// INVALID_ARGUMENT unless a download may begin there.
absl::Status CheckOffset(int64_t size_bytes, int64_t offset_bytes);

// Hex of the first 16 bytes of SHA-256 over what the caller sees, its etag not set.
std::string EtagOf(const v1::Document& view);

}  // namespace knooppunt::documents

#endif  // KNOOPPUNT_SERVICES_DOCUMENTS_RULES_H_
