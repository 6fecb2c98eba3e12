// Every domain error of handing over between installations. Messages hold no input and no personal
// data; each says what to do. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_HANDOVER_ARCHIVE_ERRORS_H_
#define KNOOPPUNT_SERVICES_HANDOVER_ARCHIVE_ERRORS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace knooppunt::handover::errors {

// FAILED_PRECONDITION but where said.
absl::Status NoOtherInstallations();           // not configured
absl::Status NotToAnotherInstallation();       // R26
absl::Status NotFromAnotherInstallation();     // R26
absl::Status ReceiverLogsInElsewhere();        // INVALID_ARGUMENT, R26
absl::Status ElsewhereMovesWhole();            // INVALID_ARGUMENT, R16, R26
absl::Status ElsewhereIsEducation();           // R11
absl::Status ElsewhereNeedsPersons();          // R11: gezag, and whom it is about
absl::Status InstallationGone();               // no longer in the configuration
absl::Status ArchiveTooLarge();                // INVALID_ARGUMENT, R28
absl::Status ArchiveDamaged();                 // INVALID_ARGUMENT, R28
absl::Status ArchiveForAnotherInstallation();  // R28
absl::Status ArchiveFromStranger();            // R28
absl::Status ArchiveVersion();                 // INVALID_ARGUMENT: made by a newer program
// INVALID_ARGUMENT: well signed, and not what an archive may say. `field` is a path of the payload.
absl::Status ArchiveSays(absl::string_view field, absl::string_view problem);
absl::Status ArchiveForAnotherOrganisation();  // R12
absl::Status ArchiveTakenIn();                 // ALREADY_EXISTS, R1
absl::Status UnknownInstitution();             // INVALID_ARGUMENT, R11
absl::Status ReceiptIsOfAnother();             // R28
absl::Status ReceiptTooLate();                 // R26: done after the handover's date
absl::Status PieceOfAnother();                 // R28: of another document, archive or peer
absl::Status PieceOutOfPlace();                // INVALID_ARGUMENT, R28: not the next one
absl::Status ConversationLacksSomebody();      // R27

}  // namespace knooppunt::handover::errors

#endif  // KNOOPPUNT_SERVICES_HANDOVER_ARCHIVE_ERRORS_H_
