// Errors of worklists and the inbox. Messages hold no input and no personal data. Thread-safe (no
// state).
#ifndef KNOOPPUNT_SERVICES_WORKLIST_ERRORS_H_
#define KNOOPPUNT_SERVICES_WORKLIST_ERRORS_H_

#include "absl/status/status.h"

namespace knooppunt::worklist::errors {

// INVALID_ARGUMENT: a token that was not given out for this question.
absl::Status BadPageToken();
// INVALID_ARGUMENT: a notice is marked as read or as acknowledged.
absl::Status BadState();
// FAILED_PRECONDITION, R7: what asks for an act in the dossier is not waved away in the inbox.
absl::Status ActInTheDossier();

}  // namespace knooppunt::worklist::errors

#endif  // KNOOPPUNT_SERVICES_WORKLIST_ERRORS_H_
