// Every domain error of emergency access (R20). Messages hold no input and no personal data; each
// says what to do. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_CONSENT_EMERGENCY_ERRORS_H_
#define KNOOPPUNT_SERVICES_CONSENT_EMERGENCY_ERRORS_H_

#include "absl/status/status.h"

namespace knooppunt::consent::errors {

absl::Status NoMeldcodeStep();        // INVALID_ARGUMENT
absl::Status ReasonTooShort();        // INVALID_ARGUMENT
absl::Status HoursNotDays();          // INVALID_ARGUMENT
absl::Status EmergencyOpenAlready();  // FAILED_PRECONDITION
absl::Status TooManyEmergencies();    // RESOURCE_EXHAUSTED: of this professional, in 24 hours
absl::Status OwnEmergency();          // FAILED_PRECONDITION: reviewed by who opened it
absl::Status ReviewedAlready();       // FAILED_PRECONDITION
absl::Status EmergencyStillOpen();    // FAILED_PRECONDITION: found justified before it has ended

}  // namespace knooppunt::consent::errors

#endif  // KNOOPPUNT_SERVICES_CONSENT_EMERGENCY_ERRORS_H_
