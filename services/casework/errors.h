// Every domain error of casework. Messages hold no input and no personal data; each says what
// to do. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_CASEWORK_ERRORS_H_
#define KNOOPPUNT_SERVICES_CASEWORK_ERRORS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace knooppunt::casework::errors {

// Opening (R1, R3).
absl::Status FamilyNotTold();        // FAILED_PRECONDITION
absl::Status GezagMissing();         // FAILED_PRECONDITION
absl::Status NotYourWerkplaats();    // FAILED_PRECONDITION
absl::Status WerkplaatsClosed();     // FAILED_PRECONDITION
absl::Status UnknownOrganisation();  // FAILED_PRECONDITION

// The case's states (R1).
absl::Status ForbiddenTransition();  // FAILED_PRECONDITION
absl::Status HandoverRuns();         // FAILED_PRECONDITION
absl::Status ClosingIsAboutYou();    // INVALID_ARGUMENT
absl::Status ForbiddenPhase();       // FAILED_PRECONDITION
absl::Status StaleEtag();            // ABORTED

// The table (R1, R4, R8).
absl::Status UnknownProfessional();    // FAILED_PRECONDITION
absl::Status FunctionNotHeld();        // FAILED_PRECONDITION
absl::Status AlreadyAtTable();         // ALREADY_EXISTS
absl::Status TakenOverAlready();       // FAILED_PRECONDITION, R1
absl::Status MergedAway();             // FAILED_PRECONDITION, R1
absl::Status RoleNotByInvitation();    // INVALID_ARGUMENT
absl::Status PeriodRequired();         // FAILED_PRECONDITION
absl::Status NoLongerEmployed();       // FAILED_PRECONDITION
absl::Status NotInvited();             // FAILED_PRECONDITION
absl::Status SeatEnded();              // FAILED_PRECONDITION
absl::Status FamilySeatStays();        // FAILED_PRECONDITION
absl::Status ReceiverSeatStays();      // FAILED_PRECONDITION
absl::Status NotYoursToEnd();          // FAILED_PRECONDITION
absl::Status NameStandInFirst();       // FAILED_PRECONDITION
absl::Status WerkplaatsWouldBeLeft();  // FAILED_PRECONDITION

// Deputies (R39). All FAILED_PRECONDITION but where said.
absl::Status NotYoursToDeputise();
absl::Status OwnDeputy();
absl::Status FamilyIsNotDeputised();
absl::Status DeputyIsNotDeputised();
absl::Status ReceiverIsNotDeputised();
absl::Status SeatNotAtTable();
absl::Status SeatEndsBefore();
absl::Status DeputyIsSomebodyElse();
absl::Status NotAColleague();
absl::Status DeputyAtTable();     // ALREADY_EXISTS
absl::Status AlreadyDeputised();  // ALREADY_EXISTS

// Meetings and steps (R4-R9, R36). All FAILED_PRECONDITION but where said.
absl::Status MeetingBeforeCase();  // INVALID_ARGUMENT
absl::Status MeetingNotYetHeld();
absl::Status MeetingConcluded();
absl::Status MeetingNotConcluded();
absl::Status NotAtTable();
absl::Status NoParent();
absl::Status NoStep();
absl::Status OwnerNotAtTable();
absl::Status OwnerWouldNotRead();  // R18: one sentence, whatever does not open the label
absl::Status DueTooEarly();
absl::Status FundingMissing();
absl::Status FundingDoesNotFit(absl::string_view why);  // R36; `why` is the framework's
absl::Status CommitmentIncomplete();                    // INVALID_ARGUMENT
absl::Status NoFeedbackForYou();
absl::Status AlreadyConfirmed();
absl::Status StepNotBinding();
absl::Status StepNotProposed();
absl::Status NotYourMeans();
// `exceeded`: fields of the commitment, words of ours; empty when no mandate is of the kind.
absl::Status MandateDoesNotCover(const std::vector<std::string>& exceeded);
absl::Status NotOwnerOrRegisseur();
absl::Status DisputeNeedsText();  // INVALID_ARGUMENT

absl::Status StepNotDone();
absl::Status AlreadyEvaluated();  // ALREADY_EXISTS
absl::Status FamilyWordsOfTheFamily();
absl::Status StepIsOver();
absl::Status SameOwner();

// Out of school (R34).
absl::Status IllBeyondDoubt();      // FAILED_PRECONDITION
absl::Status NotOfCompulsoryAge();  // FAILED_PRECONDITION
absl::Status NotYetFourWeeks();     // FAILED_PRECONDITION
absl::Status UnknownSchool();       // FAILED_PRECONDITION
absl::Status AlreadyOutOfSchool();  // ALREADY_EXISTS
absl::Status ForbiddenWayBack();    // FAILED_PRECONDITION

// Escalation (R10). All FAILED_PRECONDITION but where said.
absl::Status NothingToDecide();
absl::Status DecidersMissing();
absl::Status WrongDeciders();
absl::Status AlreadyEscalated();  // ALREADY_EXISTS
absl::Status EscalationOver();
absl::Status EscalationNotTakenUp();
absl::Status AlreadyTakenUp();
absl::Status NotADecider();
absl::Status NotTheRaiser();
absl::Status NoStepToDecide();
absl::Status StepNotShown();
absl::Status SettlementMissing();  // INVALID_ARGUMENT
absl::Status EscalationRuns();

}  // namespace knooppunt::casework::errors

#endif  // KNOOPPUNT_SERVICES_CASEWORK_ERRORS_H_
