// Every domain error of consent. Messages hold no input and no personal data; each says what
// to do. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_CONSENT_ERRORS_H_
#define KNOOPPUNT_SERVICES_CONSENT_ERRORS_H_

#include "absl/status/status.h"

namespace knooppunt::consent::errors {

absl::Status EmptyMeansNothing();     // INVALID_ARGUMENT, R12: about, compartments or purposes
absl::Status EndDateRequired();       // INVALID_ARGUMENT, R12
absl::Status PurposeNotForSharing();  // INVALID_ARGUMENT, R12
absl::Status UnknownRecipient();      // FAILED_PRECONDITION, R12
absl::Status AlreadyOver();           // FAILED_PRECONDITION, R12, R14
absl::Status WordingDiffers();        // FAILED_PRECONDITION, R12
absl::Status NotYoursToSign();        // FAILED_PRECONDITION, R11
absl::Status NotYoursToWithdraw();    // FAILED_PRECONDITION, R13
absl::Status AlreadyWithdrawn();      // FAILED_PRECONDITION, R13
absl::Status TooManySignatures();     // RESOURCE_EXHAUSTED
absl::Status NotAPart();              // INVALID_ARGUMENT, R13: withdrawal in part
absl::Status PartAlreadyWithdrawn();  // FAILED_PRECONDITION, R13
absl::Status NothingLeft();           // FAILED_PRECONDITION, R13
absl::Status WordingShownBefore();    // FAILED_PRECONDITION, R12
absl::Status WordingNotWhole();       // FAILED_PRECONDITION, R12: copies that are not the caller's
absl::Status TooManyWordings();       // RESOURCE_EXHAUSTED
absl::Status NotForYourself();        // FAILED_PRECONDITION, R17
absl::Status ScanNeeded();            // INVALID_ARGUMENT, R12
absl::Status ScanUnfit();             // INVALID_ARGUMENT, R12: its size or its type

}  // namespace knooppunt::consent::errors

#endif  // KNOOPPUNT_SERVICES_CONSENT_ERRORS_H_
