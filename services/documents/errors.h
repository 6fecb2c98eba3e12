// Errors of documents. Messages hold no input and no personal data. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_DOCUMENTS_ERRORS_H_
#define KNOOPPUNT_SERVICES_DOCUMENTS_ERRORS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace knooppunt::documents::errors {

// INVALID_ARGUMENT: of a kind of file that is not taken in.
absl::Status TypeNotAllowed();
// INVALID_ARGUMENT: the content is something else than it is said to be.
absl::Status TypeLies();
// INVALID_ARGUMENT: a plain text with bytes that are no text.
absl::Status NotText();
// INVALID_ARGUMENT: empty or above the bound.
absl::Status SizeNotAllowed();
// INVALID_ARGUMENT: a message that is not the next part of the content.
absl::Status NotTheNextChunk();
// INVALID_ARGUMENT: the stream ended before the content did. Nothing is kept.
absl::Status CutOff();
// INVALID_ARGUMENT: the content is not what its SHA-256 said. Nothing is kept.
absl::Status OtherContent();
// FAILED_PRECONDITION: withdrawn documents give no content and take no version.
absl::Status Withdrawn();
// FAILED_PRECONDITION, R28: it came from another installation, and its content is still to come.
absl::Status Awaited();
// ALREADY_EXISTS, R28: it came from another installation, and has its content.
absl::Status TakenIn();
// PERMISSION_DENIED: only who answers for a document changes it.
absl::Status NotYours();
// ABORTED: somebody else changed it meanwhile.
absl::Status OtherEtag();
// INVALID_ARGUMENT: where a download may begin.
absl::Status OffsetNotAllowed();
// DATA_LOSS: rows are missing or do not open.
absl::Status ContentDamaged();

}  // namespace knooppunt::documents::errors

#endif  // KNOOPPUNT_SERVICES_DOCUMENTS_ERRORS_H_
