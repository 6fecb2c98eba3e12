// Every domain error of grounds (R15). Messages hold no input and no personal data; each says what
// to do. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_CONSENT_GROUND_ERRORS_H_
#define KNOOPPUNT_SERVICES_CONSENT_GROUND_ERRORS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace knooppunt::consent::errors {

absl::Status UnknownGroundType(absl::string_view known);  // INVALID_ARGUMENT; `known`: the table's
absl::Status GroundNamesNothing();      // INVALID_ARGUMENT: about, compartments or purposes
absl::Status GroundTooLong(int days);   // INVALID_ARGUMENT; `days`: the most for this type
absl::Status GroundForYourself();       // FAILED_PRECONDITION
absl::Status UnknownGroundRecipient();  // FAILED_PRECONDITION
absl::Status ReviewNeeded();            // INVALID_ARGUMENT
absl::Status ReviewerIsInvoker();       // INVALID_ARGUMENT
absl::Status UnknownReviewer();         // FAILED_PRECONDITION
absl::Status ReviewerIsNoColleague();   // FAILED_PRECONDITION
absl::Status ReasonNotReadable();       // FAILED_PRECONDITION
absl::Status NotYoursToEnd();           // FAILED_PRECONDITION
absl::Status GroundHasEnded();          // FAILED_PRECONDITION
absl::Status NotYoursToReview();        // FAILED_PRECONDITION
absl::Status AlreadyReviewed();         // FAILED_PRECONDITION
absl::Status NotYoursToTell();          // FAILED_PRECONDITION
absl::Status FamilyKnows();             // FAILED_PRECONDITION

}  // namespace knooppunt::consent::errors

#endif  // KNOOPPUNT_SERVICES_CONSENT_GROUND_ERRORS_H_
