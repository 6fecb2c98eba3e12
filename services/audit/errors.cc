#include "services/audit/errors.h"

#include "absl/strings/str_cat.h"
#include "base/error.h"

namespace knooppunt::audit_service::errors {

using absl::StatusCode;
using base::MakeError;

absl::Status InvalidField(absl::string_view field, absl::string_view want) {
  return MakeError(StatusCode::kInvalidArgument, "INVALID_FIELD", "",
                   absl::StrCat(field, " ", want));
}
absl::Status TooManyEntries() {
  return MakeError(StatusCode::kInvalidArgument, "TOO_MANY_ENTRIES", "R24",
                   "an append takes at most 1024 entries: send them in batches");
}
absl::Status BadPageToken() {
  return MakeError(StatusCode::kInvalidArgument, "BAD_PAGE_TOKEN", "",
                   "page_token must be the next_page_token of an earlier answer");
}

absl::Status NotYourStream() {
  return MakeError(StatusCode::kPermissionDenied, "NOT_YOUR_STREAM", "R24",
                   "a unit appends to its own streams only");
}
absl::Status NoView() {
  return MakeError(StatusCode::kPermissionDenied, "NO_VIEW", "R25", "this log is not open to you");
}

absl::Status Gap() {
  return MakeError(StatusCode::kFailedPrecondition, "STREAM_GAP", "R24",
                   "the first entry does not follow the last one in the log: ask for the "
                   "stream's position and send from there");
}
absl::Status Forked() {
  return MakeError(StatusCode::kFailedPrecondition, "STREAM_FORKED", "R24",
                   "the log holds another entry under this number: the unit's database was put "
                   "back or cloned; start it with a new incarnation");
}
absl::Status ChainBroken() {
  return MakeError(StatusCode::kFailedPrecondition, "CHAIN_BROKEN", "R24",
                   "an entry's chain does not follow from the one before it: it was changed after "
                   "it was written");
}
absl::Status WitnessKnowsNewerLog() {
  return MakeError(StatusCode::kFailedPrecondition, "WITNESS_KNOWS_NEWER_LOG", "R24",
                   "the witness knows a newer log: this one was put back to an older state or "
                   "rebuilt; restore the newest backup of the audit unit");
}

absl::Status NoSuchRecord() {
  return MakeError(StatusCode::kNotFound, "NO_SUCH_RECORD", "R25", "there is no such record");
}
absl::Status NoCheckpoint() {
  return MakeError(StatusCode::kNotFound, "NO_CHECKPOINT", "R24",
                   "the log has no checkpoint yet: try again in a moment");
}

absl::Status BeyondTheLog() {
  return MakeError(StatusCode::kOutOfRange, "BEYOND_THE_LOG", "R24",
                   "the log does not reach that far: ask for a checkpoint and use its size");
}

absl::Status TooManyStreams() {
  return MakeError(StatusCode::kResourceExhausted, "TOO_MANY_STREAMS", "R24",
                   "the log has as many streams as it takes: no unit may start a new incarnation");
}
absl::Status TooManyQuestions() {
  return MakeError(StatusCode::kResourceExhausted, "TOO_MANY_QUESTIONS", "R25",
                   "this family has asked as many questions as are kept: call the privacy officer");
}

absl::Status NoSuchQuestion() {
  return MakeError(StatusCode::kNotFound, "NO_SUCH_QUESTION", "R25",
                   "there is no such question for your organisation: list what waits for it");
}
absl::Status NobodyAnswers() {
  return MakeError(StatusCode::kFailedPrecondition, "NOBODY_ANSWERS", "R25",
                   "no organisation answers for this: call the privacy officer of the school");
}
absl::Status AlreadyAnswered() {
  return MakeError(StatusCode::kFailedPrecondition, "ALREADY_ANSWERED", "R25",
                   "this question has an answer, and an answer is given once: who asked can ask "
                   "again");
}
absl::Status QuestionUnreadable() {
  return MakeError(StatusCode::kDataLoss, "QUESTION_UNREADABLE", "R25",
                   "this question cannot be read (any more): its key was destroyed, or the "
                   "database was changed");
}

absl::Status LogDamaged() {
  return MakeError(StatusCode::kDataLoss, "LOG_DAMAGED", "R24",
                   "the log's database lacks what it must hold: restore it from a backup and "
                   "verify it against a witness's checkpoint");
}

}  // namespace knooppunt::audit_service::errors
