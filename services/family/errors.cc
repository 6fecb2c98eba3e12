#include "services/family/errors.h"

#include "base/error.h"

namespace knooppunt::family::errors {

using absl::StatusCode;
using base::MakeError;

absl::Status NotYoursToCorrect() {
  return MakeError(
      StatusCode::kFailedPrecondition, "R40_NOT_YOURS_TO_CORRECT", "R40",
      "Another organisation answers for this record: its label names which. Ask them to "
      "correct it, or record a request for correction.");
}
absl::Status NothingChanges() {
  return MakeError(StatusCode::kFailedPrecondition, "NOTHING_CHANGES", "",
                   "The record already reads like this. Read it again; nothing was changed.");
}
absl::Status ChildStaysChild() {
  return MakeError(
      StatusCode::kFailedPrecondition, "CHILD_STAYS_CHILD", "R11",
      "Whether somebody is a child of the family cannot be corrected: gezag and consents "
      "rest on it. Add the person anew in the right role.");
}
absl::Status GezagMissing() {
  return MakeError(StatusCode::kFailedPrecondition, "R11_GEZAG_MISSING", "R11",
                   "State who holds gezag over the child that the case is about, or that it is "
                   "vacant.");
}
absl::Status NoOpenCase() {
  return MakeError(
      StatusCode::kFailedPrecondition, "NO_OPEN_CASE", "R1",
      "This family has no case that is not closed. Reopen it, or add the child without "
      "the case.");
}
absl::Status AccountTaken() {
  return MakeError(StatusCode::kAlreadyExists, "ACCOUNT_TAKEN", "",
                   "Somebody of this family has this account already. An account is one person's.");
}
absl::Status ReferenceMissing() {
  return MakeError(
      StatusCode::kInvalidArgument, "R11_REFERENCE_MISSING", "R11",
      "A decision of the court needs its number: the ECLI, or the case number with the "
      "name of the court.");
}
absl::Status HoldsAlready() {
  return MakeError(
      StatusCode::kAlreadyExists, "R11_HOLDS_ALREADY", "R11",
      "This holder has gezag over this child already in that period. End that first, or "
      "choose another first day.");
}
absl::Status AdultUnderGezag() {
  return MakeError(
      StatusCode::kFailedPrecondition, "R11_ADULT_UNDER_GEZAG", "R11",
      "On that day the child is 18 or older: gezag has ended by law. Only a curator or "
      "mentor of who cannot weigh the matter can be recorded.");
}
absl::Status GezagEnded() {
  return MakeError(StatusCode::kFailedPrecondition, "GEZAG_ENDED", "R11",
                   "This gezag has ended already. What followed is recorded as gezag of its own.");
}
absl::Status HouseholdEnded() {
  return MakeError(StatusCode::kFailedPrecondition, "HOUSEHOLD_ENDED", "",
                   "This household has ended already. Record who lives together now as another.");
}
absl::Status AddressWouldBeShared() {
  return MakeError(
      StatusCode::kFailedPrecondition, "R18_ADDRESS_WOULD_BE_SHARED", "R18",
      "An address that is about children only is seen by every parent with gezag. Make "
      "it about an adult who lives there too, or say that all may know it.");
}
absl::Status NotABsn() {
  return MakeError(StatusCode::kInvalidArgument, "NOT_A_BSN", "",
                   "This is no citizen service number: nine digits that pass the 11-test. Type it "
                   "over from the document. It was not kept.");
}
absl::Status NoNumber() {
  return MakeError(StatusCode::kFailedPrecondition, "NO_NUMBER", "",
                   "No number was recorded for this person. Record it first, or search by name and "
                   "birth date.");
}
absl::Status UnknownOrganisation() {
  return MakeError(StatusCode::kInvalidArgument, "UNKNOWN_ORGANISATION", "",
                   "The directory does not know the organisation that would hold gezag.");
}
absl::Status MergedAlready() {
  return MakeError(StatusCode::kFailedPrecondition, "MERGED_ALREADY", "R1",
                   "One of these two records gave way to another already, or another gave way to "
                   "the one that would give way now. Undo that merge first.");
}
absl::Status GivesWayWithAnOpenCase() {
  return MakeError(StatusCode::kFailedPrecondition, "R1_GIVES_WAY_WITH_AN_OPEN_CASE", "R1",
                   "The record that gives way has a case that is not closed. Close it, and say in "
                   "the outcome that it goes on in the other record; or, if the other has none "
                   "open, let that one give way.");
}
absl::Status HandoverUnderWay() {
  return MakeError(StatusCode::kFailedPrecondition, "R27_HANDOVER_UNDER_WAY", "R27",
                   "A handover of one of the two is under way. Finish or withdraw it first.");
}
absl::Status NotTheSame() {
  return MakeError(StatusCode::kFailedPrecondition, "NOT_THE_SAME_PERSON", "R40",
                   "Two of these differ in role, birth date or account. If they are the same "
                   "person, correct the record that is wrong first.");
}
absl::Status ChildWithoutMatch() {
  return MakeError(StatusCode::kFailedPrecondition, "CHILD_WITHOUT_MATCH", "R1",
                   "Say of every child of a case of the record that gives way who it is in the "
                   "record that stays. Add the child there first where it is not known.");
}
absl::Status MergeWaits() {
  return MakeError(StatusCode::kAlreadyExists, "MERGE_WAITS", "",
                   "A merge of one of these two records waits to be decided. Decide on it first.");
}
absl::Status MergeDecided() {
  return MakeError(StatusCode::kFailedPrecondition, "MERGE_DECIDED", "",
                   "This merge was decided already. List merges to see how.");
}
absl::Status NotYourOwnMerge() {
  return MakeError(StatusCode::kFailedPrecondition, "R21_NOT_YOUR_OWN_MERGE", "R21",
                   "Who asks for a merge does not decide on it. Ask a colleague who may correct "
                   "both records.");
}
absl::Status NotMerged() {
  return MakeError(StatusCode::kFailedPrecondition, "NOT_MERGED", "",
                   "This merge is not in force, so there is nothing to undo.");
}

}  // namespace knooppunt::family::errors
