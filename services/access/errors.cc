#include "services/access/errors.h"

#include "absl/strings/str_cat.h"
#include "base/error.h"

namespace knooppunt::access::errors {

using absl::StatusCode;
using base::MakeError;

absl::Status NotYourFact() {
  return MakeError(StatusCode::kFailedPrecondition, "NOT_YOUR_FACT", "",
                   "a unit may only send facts that it owns");
}
absl::Status UnreadableFact() {
  return MakeError(StatusCode::kFailedPrecondition, "UNREADABLE_FACT", "",
                   "a fact could not be opened or parsed");
}
absl::Status ContradictoryFacts(absl::string_view what) {
  return MakeError(StatusCode::kFailedPrecondition, "CONTRADICTORY_FACTS", "",
                   absl::StrCat("facts that contradict each other are not taken in, and what was "
                                "known stays in force: ",
                                what));
}
absl::Status UnorderedFacts() {
  return MakeError(StatusCode::kFailedPrecondition, "UNORDERED_FACTS", "",
                   "facts come in the order of their outbox, each once, and none past the position "
                   "that was sent");
}
absl::Status ClockWentBack() {
  return MakeError(StatusCode::kUnavailable, "CLOCK_WENT_BACK", "R14",
                   "the clock of access went back, and what has ended must not hold again: set the "
                   "clock right; if it was wrong before and is right now, start once with "
                   "--new-incarnation=access");
}
absl::Status UnknownMethod() {
  return MakeError(StatusCode::kInvalidArgument, "UNKNOWN_METHOD", "",
                   "no such method, or it has no rule");
}
absl::Status NoSuchProfessional() {
  return MakeError(
      StatusCode::kPermissionDenied, "UNKNOWN_LOGIN", "R17",
      "this login is not known as a professional here: ask your functional administrator");
}
absl::Status ChooseFunction() {
  return MakeError(
      StatusCode::kInvalidArgument, "CHOOSE_FUNCTION", "R17",
      "you hold several functions: say in which one, and for which organisation, you act");
}
absl::Status NoSuchFunction() {
  return MakeError(StatusCode::kPermissionDenied, "NO_FUNCTION", "R17",
                   "you do not hold that function at that organisation today");
}
absl::Status SessionEnded() {
  return MakeError(StatusCode::kUnauthenticated, "SESSION_ENDED", "R17",
                   "this login was ended by logging out: log in again");
}
absl::Status NoSession() {
  return MakeError(StatusCode::kFailedPrecondition, "NO_SESSION", "R17",
                   "this token is of no session: it ends by itself, within ten minutes");
}
absl::Status UnknownPermission() {
  return MakeError(StatusCode::kInvalidArgument, "UNKNOWN_PERMISSION", "R19",
                   "no such permission or method: see `knooppunt policy show`");
}
absl::Status NoSuchFamily() {
  return MakeError(StatusCode::kNotFound, "NOT_FOUND", "R18", "there is no such thing for you");
}
absl::Status NameWhomItIsAbout() {
  return MakeError(
      StatusCode::kInvalidArgument, "NAME_WHOM_IT_IS_ABOUT", "R12",
      "about must name persons of this family whom you may see, or the family as such");
}
absl::Status NameCompartments() {
  return MakeError(StatusCode::kInvalidArgument, "NAME_COMPARTMENTS", "R12",
                   "compartments must name at least one, each once: an empty list means nothing");
}
absl::Status NamePurposeOfSharing() {
  return MakeError(StatusCode::kInvalidArgument, "NAME_PURPOSE_OF_SHARING", "R12",
                   "purpose must be coordination or handover: for others nothing is shared");
}
absl::Status NoSuchDay() {
  return MakeError(StatusCode::kInvalidArgument, "NO_SUCH_DAY", "R14",
                   "on_date must be a day that exists, written YYYY-MM-DD, e.g. 2026-11-22");
}
absl::Status UnknownRecipient() {
  return MakeError(StatusCode::kInvalidArgument, "UNKNOWN_RECIPIENT", "R12",
                   "recipient must be an organisation of the directory, organisations/{id}");
}
absl::Status TooFarAhead() {
  return MakeError(StatusCode::kInvalidArgument, "TOO_FAR_AHEAD", "R14",
                   "days must be from 1 to 366, or 0 for the usual 60");
}
absl::Status NoSuchSeat() {
  return MakeError(StatusCode::kNotFound, "NO_SUCH_SEAT", "R19",
                   "no professional has this seat, or it is not yours to ask about: "
                   "'knooppunt case show CASE' lists who sits at the table");
}
absl::Status NoPolicyFile() {
  return MakeError(StatusCode::kFailedPrecondition, "NO_POLICY_FILE", "",
                   "this process was started without a policy file: it has nothing to read again");
}
absl::Status PermissionGone(absl::string_view permission) {
  return MakeError(StatusCode::kFailedPrecondition, "PERMISSION_GONE", "R17",
                   absl::StrCat("the policy no longer lists the permission '", permission,
                                "', which methods ask for: list it; without a row nobody may"));
}
absl::Status PolicyRefused(absl::string_view fault) {
  return MakeError(StatusCode::kInvalidArgument, "POLICY_REFUSED", "R17", fault);
}
absl::Status NothingChanges() {
  return MakeError(StatusCode::kInvalidArgument, "NOTHING_CHANGES", "",
                   "say what changes: a policy, a date, or who is thought away: a professional, an "
                   "organisation, its consents, a function's seats or a role's gezag");
}
absl::Status NoSuchWord() {
  return MakeError(StatusCode::kInvalidArgument, "NO_SUCH_WORD", "",
                   "without_seats_of is a function and without_gezag_of a role of this version");
}
absl::Status TooManyFamilies() {
  return MakeError(StatusCode::kResourceExhausted, "TOO_MANY_FAMILIES", "",
                   "there are more families than one simulation may look at: simulate on a copy of "
                   "a part of the region");
}
absl::Status SimulationTooLong() {
  return MakeError(StatusCode::kDeadlineExceeded, "SIMULATION_TOO_LONG", "",
                   "the simulation takes longer than a call may: ask again at a quiet hour");
}

}  // namespace knooppunt::access::errors
