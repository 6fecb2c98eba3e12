#include "services/documents/errors.h"

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/limits.h"

namespace knooppunt::documents::errors {

using absl::StatusCode;
using base::MakeError;

absl::Status TypeNotAllowed() {
  return MakeError(StatusCode::kInvalidArgument, "DOCUMENT_TYPE_NOT_ALLOWED", "",
                   "A document is a PDF, a PNG or JPEG image, an ODT or DOCX text, or plain text. "
                   "Save it as one of these, PDF if in doubt.");
}
absl::Status TypeLies() {
  return MakeError(StatusCode::kInvalidArgument, "DOCUMENT_TYPE_LIES", "",
                   "The content of the file is of another kind than its name says. Check that it "
                   "is the right file, and save it anew as what it is.");
}
absl::Status NotText() {
  return MakeError(StatusCode::kInvalidArgument, "DOCUMENT_NOT_TEXT", "",
                   "A plain text must be UTF-8 without control characters. Save it anew as UTF-8, "
                   "or as a PDF.");
}
absl::Status SizeNotAllowed() {
  return MakeError(
      StatusCode::kInvalidArgument, "DOCUMENT_SIZE", "",
      absl::StrCat("A document holds 1 to ", limits::kMaxDocumentBytes >> 20,
                   " MB. Make a larger one smaller, for instance by scanning at 150 dpi."));
}
absl::Status NotTheNextChunk() {
  return MakeError(
      StatusCode::kInvalidArgument, "NOT_THE_NEXT_CHUNK", "",
      absl::StrCat("After the first message each holds a chunk and nothing else: ",
                   limits::kStreamChunkBytes, " bytes, the last one what is left of size_bytes."));
}
absl::Status CutOff() {
  return MakeError(StatusCode::kInvalidArgument, "UPLOAD_CUT_OFF", "",
                   "The upload ended before the whole document had come, and nothing of it is "
                   "kept. Send it again.");
}
absl::Status OtherContent() {
  return MakeError(StatusCode::kInvalidArgument, "DOCUMENT_OTHER_CONTENT", "",
                   "What came is not what its SHA-256 says, and nothing of it is kept. Was the "
                   "file changed meanwhile? Send it again.");
}
absl::Status Withdrawn() {
  return MakeError(StatusCode::kFailedPrecondition, "DOCUMENT_WITHDRAWN", "",
                   "This document was withdrawn. Its content is given to nobody any more.");
}
absl::Status Awaited() {
  return MakeError(StatusCode::kFailedPrecondition, "DOCUMENT_AWAITED", "R28",
                   "This document came from another installation, and its content has not been "
                   "taken in yet. Take it in from the file, with 'handover import'.");
}
absl::Status TakenIn() {
  return MakeError(StatusCode::kAlreadyExists, "DOCUMENT_TAKEN_IN", "R28",
                   "The content of this document was taken in already. Go on with the next one.");
}
absl::Status NotYours() {
  return MakeError(StatusCode::kPermissionDenied, "NOT_YOUR_DOCUMENT", "R38",
                   "Only the organisation that answers for a document changes or withdraws it; "
                   "what a family member added, only they.");
}
absl::Status OtherEtag() {
  return MakeError(StatusCode::kAborted, "CHANGED_MEANWHILE", "",
                   "Somebody else changed this document meanwhile. Read it again and retry.");
}
absl::Status OffsetNotAllowed() {
  return MakeError(StatusCode::kInvalidArgument, "OFFSET_NOT_ALLOWED", "",
                   absl::StrCat("A download begins at 0 or at a multiple of ",
                                limits::kStreamChunkBytes, " below the size of the document."));
}
absl::Status ContentDamaged() {
  return MakeError(StatusCode::kDataLoss, "DOCUMENT_DAMAGED", "",
                   "The content of this document is not what was stored. It is not shown. Tell "
                   "the operator: a backup has it.");
}

}  // namespace knooppunt::documents::errors
