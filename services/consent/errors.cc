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

}  // namespace knooppunt::consent::errors
