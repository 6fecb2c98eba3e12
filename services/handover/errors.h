// Every domain error of the warm handover. Messages hold no input and no personal data; each
// says what to do. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_HANDOVER_ERRORS_H_
#define KNOOPPUNT_SERVICES_HANDOVER_ERRORS_H_

#include "absl/status/status.h"

namespace knooppunt::handover::errors {

// FAILED_PRECONDITION but where said.
absl::Status ForbiddenTransition();     // R26
absl::Status NotYourSide();             // R26
absl::Status Expired();                 // R26: HANDOVER_EXPIRED
absl::Status ReceiverHasClosed();       // R27: R27_RECEIVER_CLOSED
absl::Status WerkplaatsCloses();        // R27
absl::Status ReasonRequired();          // INVALID_ARGUMENT, R26
absl::Status RunningAlready();          // ALREADY_EXISTS, R26
absl::Status UnknownWerkplaats();       // R30
absl::Status SameWerkplaats();          // R30
absl::Status KindDoesNotFit();          // R30
absl::Status TooEarly();                // R30
absl::Status StaysAtItsWerkplaats();    // R16, R30
absl::Status AdultHelpDoesNotFit();     // R16
absl::Status AdulthoodIsOfOne();        // R16
absl::Status NotAtReceivingSide();      // R30
absl::Status ReceiverAtTable();         // R26
absl::Status NothingPicked();           // INVALID_ARGUMENT, R28
absl::Status NotAPart();                // INVALID_ARGUMENT, R28
absl::Status ChildrenDiffer();          // INVALID_ARGUMENT, R38
absl::Status JoinIsForSome();           // INVALID_ARGUMENT, R26
absl::Status JoinMovesNobody();         // INVALID_ARGUMENT, R27
absl::Status NobodyNamed();             // INVALID_ARGUMENT, R27
absl::Status ExpiryInThePast();         // INVALID_ARGUMENT, R26
absl::Status StaleEtag();               // ABORTED
absl::Status NoConsent();               // R28
absl::Status PackageChanged();          // R28
absl::Status ReceiptDiffers();          // R28
absl::Status ConversationInFuture();    // R27
absl::Status ConversationNotAtTable();  // R27
absl::Status ConversationOneSided();    // R27
absl::Status ConversationNoFamily();    // R27
absl::Status ConversationLacksParty();  // R27, R30
absl::Status InvitationInThePast();     // R27
absl::Status NoAdulthood();             // R16
absl::Status YouthDecides();            // PERMISSION_DENIED, R16
absl::Status StayingNotAtTable();       // R16
absl::Status CjgLeaves();               // R16
absl::Status YouthHasNotDecided();      // R16
absl::Status StepWithoutOwner();        // R16
absl::Status NoReceiptYet();            // R28
absl::Status ReceiptIsForBothSides();   // R28

}  // namespace knooppunt::handover::errors

#endif  // KNOOPPUNT_SERVICES_HANDOVER_ERRORS_H_
