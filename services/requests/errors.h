// Errors of the requests service: each a named function. Messages hold no input and no personal
// data. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_REQUESTS_ERRORS_H_
#define KNOOPPUNT_SERVICES_REQUESTS_ERRORS_H_

#include "absl/status/status.h"

namespace knooppunt::requests::errors {

// FAILED_PRECONDITION: answered or taken back.
absl::Status NotOpen();
// FAILED_PRECONDITION, art. 12(3): extended before.
absl::Status ExtendedBefore();
// FAILED_PRECONDITION, art. 12(3): the first month is over.
absl::Status ExtensionTooLate();
// FAILED_PRECONDITION: one's organisation need not answer this.
absl::Status NotYoursToAnswer();
// ALREADY_EXISTS: one's organisation has answered.
absl::Status AnsweredBefore();
// FAILED_PRECONDITION: somebody else made it.
absl::Status NotYourRequest();

}  // namespace knooppunt::requests::errors

#endif  // KNOOPPUNT_SERVICES_REQUESTS_ERRORS_H_
