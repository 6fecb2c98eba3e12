#include "services/consent/ground_errors.h"

#include "absl/strings/str_cat.h"
#include "base/error.h"

namespace knooppunt::consent::errors {

using absl::StatusCode;
using base::MakeError;

absl::Status UnknownGroundType(absl::string_view known) {
  return MakeError(StatusCode::kInvalidArgument, "R15_UNKNOWN_TYPE", "R15",
                   absl::StrCat("Name a type of ground that the policy knows: ", known, "."));
}
absl::Status GroundNamesNothing() {
  return MakeError(StatusCode::kInvalidArgument, "R15_EMPTY_MEANS_NOTHING", "R15",
                   "A ground names whose information, which compartments and which purposes: an "
                   "empty list means nothing, never everything.");
}
absl::Status GroundTooLong(int days) {
  return MakeError(StatusCode::kInvalidArgument, "R15_TOO_LONG", "R15",
                   absl::StrCat("A ground of this type lasts at most ", days,
                                " days. Choose an earlier end, and invoke it anew when needed."));
}
absl::Status GroundForYourself() {
  return MakeError(StatusCode::kFailedPrecondition, "R15_NOT_FOR_YOURSELF", "R15",
                   "A ground shares what your organisation recorded with another one. For what "
                   "others recorded, ask them.");
}
absl::Status UnknownGroundRecipient() {
  return MakeError(StatusCode::kFailedPrecondition, "R15_UNKNOWN_RECIPIENT", "R15",
                   "The directory knows no such organisation.");
}
absl::Status ReviewNeeded() {
  return MakeError(StatusCode::kInvalidArgument, "R15_REVIEW_NEEDED", "R15",
                   "Tell the family; or say why that is not safe, and who else reviews it on "
                   "which day. A review has both a reviewer and a day.");
}
absl::Status ReviewerIsInvoker() {
  return MakeError(StatusCode::kInvalidArgument, "R15_REVIEWER_IS_INVOKER", "R15",
                   "Another professional than who invokes it reviews a ground.");
}
absl::Status UnknownReviewer() {
  return MakeError(StatusCode::kFailedPrecondition, "R15_UNKNOWN_REVIEWER", "R15",
                   "Name a reviewer whom the directory knows and who works today in a function "
                   "that may review: not one that administers or audits.");
}
absl::Status ReviewerIsNoColleague() {
  return MakeError(StatusCode::kFailedPrecondition, "R15_REVIEWER_IS_NO_COLLEAGUE", "R15",
                   "What the family was told of lies in your organisation's own record: name a "
                   "reviewer who works there too, or none.");
}
absl::Status ReasonNotReadable() {
  return MakeError(StatusCode::kFailedPrecondition, "R15_REASON_NOT_READABLE", "R15",
                   "The reason of this ground is not yours to read any more, so you cannot review "
                   "it. Ask the werkplaats to end it.");
}
absl::Status NotYoursToEnd() {
  return MakeError(StatusCode::kFailedPrecondition, "R15_NOT_YOURS_TO_END", "R15",
                   "Who invoked it, the regisseur and the werkplaats can end a ground.");
}
absl::Status GroundHasEnded() {
  return MakeError(StatusCode::kFailedPrecondition, "R15_HAS_ENDED", "R15",
                   "This ground has ended already.");
}
absl::Status NotYoursToReview() {
  return MakeError(StatusCode::kFailedPrecondition, "R15_NOT_YOURS_TO_REVIEW", "R15",
                   "Only the reviewer whom it names reviews a ground.");
}
absl::Status AlreadyReviewed() {
  return MakeError(StatusCode::kFailedPrecondition, "R15_ALREADY_REVIEWED", "R15",
                   "This ground has been reviewed already.");
}

absl::Status NotYoursToTell() {
  return MakeError(StatusCode::kFailedPrecondition, "R15_NOT_YOURS_TO_TELL", "R15",
                   "Who invoked it, the regisseur and the werkplaats record that the family was "
                   "told. Ask one of them.");
}
absl::Status FamilyKnows() {
  return MakeError(StatusCode::kFailedPrecondition, "R15_FAMILY_KNOWS", "R15",
                   "The family was told of this ground already: there is nothing to record.");
}

}  // namespace knooppunt::consent::errors
