#include "services/consent/errors.h"

#include "base/error.h"

namespace knooppunt::consent::errors {

using absl::StatusCode;
using base::MakeError;

absl::Status EmptyMeansNothing() {
  return MakeError(StatusCode::kInvalidArgument, "R12_EMPTY_MEANS_NOTHING", "R12",
                   "A consent names whose information, which compartments and which purposes: an "
                   "empty list means nothing, never everything.");
}
absl::Status EndDateRequired() {
  return MakeError(StatusCode::kInvalidArgument, "R12_END_DATE_REQUIRED", "R12",
                   "A consent has a first day, and a later day on which it no longer holds.");
}
absl::Status PurposeNotForSharing() {
  return MakeError(StatusCode::kInvalidArgument, "R12_PURPOSE_NOT_FOR_SHARING", "R12",
                   "Consent covers sharing: for coordination or for a handover, each named once.");
}
absl::Status UnknownRecipient() {
  return MakeError(StatusCode::kFailedPrecondition, "R12_UNKNOWN_RECIPIENT", "R12",
                   "The directory knows no such organisation.");
}
absl::Status AlreadyOver() {
  return MakeError(StatusCode::kFailedPrecondition, "R14_ALREADY_OVER", "R14",
                   "The end date of this consent has been reached. Propose a new one.");
}
absl::Status WordingDiffers() {
  return MakeError(StatusCode::kFailedPrecondition, "R12_WORDING_DIFFERS", "R12",
                   "The wording that was shown is not the wording of this consent. Read it again.");
}
absl::Status NotYoursToSign() {
  return MakeError(
      StatusCode::kFailedPrecondition, "R11_NOT_YOURS_TO_SIGN", "R11",
      "This consent is for those with gezag, for the youth from 12, and for adults about "
      "themselves to sign.");
}
absl::Status NotYoursToWithdraw() {
  return MakeError(StatusCode::kFailedPrecondition, "R13_NOT_YOURS_TO_WITHDRAW", "R13",
                   "Who signed, who holds gezag and who it is about can withdraw a consent.");
}
absl::Status AlreadyWithdrawn() {
  return MakeError(StatusCode::kFailedPrecondition, "R13_ALREADY_WITHDRAWN", "R13",
                   "You have withdrawn this consent already.");
}
absl::Status TooManySignatures() {
  return MakeError(StatusCode::kResourceExhausted, "TOO_MANY", "",
                   "This consent has been signed and withdrawn too often. Propose a new one.");
}
absl::Status NotAPart() {
  return MakeError(StatusCode::kInvalidArgument, "R13_NOT_A_PART", "R13",
                   "Name persons, compartments and purposes that this consent names, or name none "
                   "to withdraw the whole.");
}
absl::Status PartAlreadyWithdrawn() {
  return MakeError(StatusCode::kFailedPrecondition, "R13_PART_ALREADY_WITHDRAWN", "R13",
                   "A part that you name was withdrawn already. Name what is left, or name none to "
                   "withdraw the whole.");
}
absl::Status NothingLeft() {
  return MakeError(StatusCode::kFailedPrecondition, "R13_NOTHING_LEFT", "R13",
                   "Everything that this consent named was withdrawn. Propose a new one.");
}
absl::Status WordingShownBefore() {
  return MakeError(StatusCode::kFailedPrecondition, "R12_WORDING_SHOWN_BEFORE", "R12",
                   "This wording was put before the family before. Give another one: what was "
                   "signed then must not count again.");
}
absl::Status WordingNotWhole() {
  return MakeError(StatusCode::kFailedPrecondition, "R12_WORDING_NOT_WHOLE", "R12",
                   "Not all of the wording is yours to replace. Ask whoever proposed this consent, "
                   "or propose a new one.");
}
absl::Status TooManyWordings() {
  return MakeError(StatusCode::kResourceExhausted, "TOO_MANY", "",
                   "The wording of this consent was changed too often. Propose a new one.");
}
absl::Status NotForYourself() {
  return MakeError(StatusCode::kFailedPrecondition, "R17_NOT_FOR_YOURSELF", "R17",
                   "Nobody records what their own organisation decided. Ask a colleague at the "
                   "table of another organisation.");
}
absl::Status ScanNeeded() {
  return MakeError(StatusCode::kInvalidArgument, "R12_SCAN_NEEDED", "R12",
                   "What was decided on paper is recorded with a scan of that paper.");
}
absl::Status ScanUnfit() {
  return MakeError(StatusCode::kInvalidArgument, "R12_SCAN_UNFIT", "R12",
                   "The scan must be a PDF, PNG or JPEG file of at most 1 MB.");
}

}  // namespace knooppunt::consent::errors
