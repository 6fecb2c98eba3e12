#include "services/requests/errors.h"

#include "base/error.h"

namespace knooppunt::requests::errors {

using absl::StatusCode;
using base::MakeError;

absl::Status NotOpen() {
  return MakeError(StatusCode::kFailedPrecondition, "R40_NOT_OPEN", "R40",
                   "This request has been answered or taken back. Record another one for what is "
                   "still asked.");
}
absl::Status ExtendedBefore() {
  return MakeError(
      StatusCode::kFailedPrecondition, "R40_EXTENDED_BEFORE", "R40",
      "The term was extended before; the law allows it once, by at most two months (art. "
      "12(3) AVG). Answer it now.");
}
absl::Status ExtensionTooLate() {
  return MakeError(
      StatusCode::kFailedPrecondition, "R40_EXTENSION_TOO_LATE", "R40",
      "The family must be told of an extension within a month of the request (art. 12(3) "
      "AVG), and that month is over. Answer it now.");
}
absl::Status NotYoursToAnswer() {
  return MakeError(
      StatusCode::kFailedPrecondition, "R40_NOT_YOURS_TO_ANSWER", "R40",
      "Your organisation is not among those who answer for this. The request names who "
      "is.");
}
absl::Status AnsweredBefore() {
  return MakeError(
      StatusCode::kAlreadyExists, "R40_ANSWERED_BEFORE", "R40",
      "Your organisation has answered already. What was done since goes into a follow-up.");
}
absl::Status NotYourRequest() {
  return MakeError(StatusCode::kFailedPrecondition, "R40_NOT_YOUR_REQUEST", "R40",
                   "Only who made a request takes it back.");
}

}  // namespace knooppunt::requests::errors
