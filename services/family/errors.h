// Errors of the family service: each a named function. Messages hold no input and no personal data.
// Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_FAMILY_ERRORS_H_
#define KNOOPPUNT_SERVICES_FAMILY_ERRORS_H_

#include "absl/status/status.h"

namespace knooppunt::family::errors {

// FAILED_PRECONDITION: another organisation answers for this record.
absl::Status NotYoursToCorrect();
// FAILED_PRECONDITION: the change would leave everything as it is.
absl::Status NothingChanges();
// FAILED_PRECONDITION: a child's role does not change, and nobody becomes a child.
absl::Status ChildStaysChild();
// FAILED_PRECONDITION: the case is about a child, whose gezag is to be stated.
absl::Status GezagMissing();
// FAILED_PRECONDITION: there is no open case for the child to be part of.
absl::Status NoOpenCase();
// ALREADY_EXISTS: the account belongs to somebody of the family already.
absl::Status AccountTaken();
// INVALID_ARGUMENT, R11: a court's decision has a number.
absl::Status ReferenceMissing();
// ALREADY_EXISTS, R11: this holder has gezag over the child already on that day.
absl::Status HoldsAlready();
// FAILED_PRECONDITION, R11: from 18 only a curator or mentor of who cannot weigh the matter.
absl::Status AdultUnderGezag();
// FAILED_PRECONDITION: it has ended already.
absl::Status GezagEnded();
absl::Status HouseholdEnded();
// FAILED_PRECONDITION, R18: other parents would see it.
absl::Status AddressWouldBeShared();
// INVALID_ARGUMENT: not a citizen service number.
absl::Status NotABsn();
// FAILED_PRECONDITION: no number was recorded for this person.
absl::Status NoNumber();
// INVALID_ARGUMENT: the directory does not know this organisation.
absl::Status UnknownOrganisation();

// ---- Merging two records (R1) ----
// FAILED_PRECONDITION: one of the two gave way already, or took another in.
absl::Status MergedAlready();
// FAILED_PRECONDITION, R1: the record that gives way has a case that is not closed.
absl::Status GivesWayWithAnOpenCase();
// FAILED_PRECONDITION, R27: a handover of one of the two is under way.
absl::Status HandoverUnderWay();
// FAILED_PRECONDITION: another role, birth date or account.
absl::Status NotTheSame();
// FAILED_PRECONDITION: a child of a case would be lost.
absl::Status ChildWithoutMatch();
// ALREADY_EXISTS: a merge of one of the two waits to be decided.
absl::Status MergeWaits();
// FAILED_PRECONDITION: it does not wait any more.
absl::Status MergeDecided();
// FAILED_PRECONDITION, R21: who asked does not decide.
absl::Status NotYourOwnMerge();
// FAILED_PRECONDITION: it is not in force.
absl::Status NotMerged();

}  // namespace knooppunt::family::errors

#endif  // KNOOPPUNT_SERVICES_FAMILY_ERRORS_H_
