#include "services/dossier/errors.h"

#include "absl/strings/str_cat.h"
#include "base/error.h"

namespace knooppunt::dossier::errors {

using absl::StatusCode;
using base::MakeError;

absl::Status NotFound() {
  return MakeError(StatusCode::kNotFound, "NOT_FOUND", "R18",
                   "There is no such thing, or it is not for you.");
}
absl::Status InvalidField(absl::string_view field, absl::string_view problem) {
  return MakeError(StatusCode::kInvalidArgument, "INVALID_FIELD", "",
                   absl::StrCat("Field ", field, " must ", problem, "."));
}
absl::Status NoLabel() {
  return MakeError(StatusCode::kInvalidArgument, "R38_NO_LABEL", "R38",
                   "What has no label cannot be stored: state whom it is about, the compartment "
                   "and the regime.");
}
absl::Status ChangedMeanwhile() {
  return MakeError(StatusCode::kAborted, "CHANGED_MEANWHILE", "",
                   "Somebody else changed this meanwhile. Read it again and retry.");
}
absl::Status TooMany(absl::string_view what) {
  return MakeError(StatusCode::kResourceExhausted, "TOO_MANY", "",
                   absl::StrCat("This family has reached the limit of its ", what, "."));
}
absl::Status NoSeat() {
  return MakeError(
      StatusCode::kFailedPrecondition, "NO_SEAT", "R17",
      "You have no seat at the table of this case that has been joined and has not ended.");
}
absl::Status CaseNotActive() {
  return MakeError(StatusCode::kFailedPrecondition, "CASE_NOT_ACTIVE", "R1",
                   "The case is not active. Appoint a regisseur and a stand-in first.");
}
absl::Status FamilyHasCase() {
  return MakeError(StatusCode::kAlreadyExists, "CASE_EXISTS", "R1",
                   "This family has a case already. Search for the family to see whom to ask: its "
                   "regisseur.");
}
absl::Status CaseClosed() {
  return MakeError(StatusCode::kFailedPrecondition, "CASE_CLOSED", "R1",
                   "The case is closed. Reopen it first.");
}
absl::Status ImportNotAccepted() {
  return MakeError(StatusCode::kFailedPrecondition, "R27_IMPORT_NOT_ACCEPTED", "R27",
                   "This case came from another installation, which leads it until it is accepted "
                   "here. Hold the conversation, then accept it and name the regisseur with "
                   "'knooppunt handover accept-import'.");
}
absl::Status BrokenInvariant(absl::string_view rule, absl::string_view what) {
  return MakeError(StatusCode::kInternal, "BROKEN_INVARIANT", rule,
                   absl::StrCat("Refused to save: ", what, "."));
}
absl::Status NoKey() {
  return MakeError(StatusCode::kInternal, "NO_KEY", "R17",
                   "The decision came without the key it needs.");
}

}  // namespace knooppunt::dossier::errors
