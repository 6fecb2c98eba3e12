// Every error of the audit unit. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_AUDIT_ERRORS_H_
#define KNOOPPUNT_SERVICES_AUDIT_ERRORS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace knooppunt::audit_service::errors {

// INVALID_ARGUMENT. `field` and `want` are words of ours, never input.
absl::Status InvalidField(absl::string_view field, absl::string_view want);
absl::Status TooManyEntries();
absl::Status BadPageToken();

// PERMISSION_DENIED.
absl::Status NotYourStream();
absl::Status NoView();  // the decision opened no log

// FAILED_PRECONDITION: an append that does not follow (R24). The stream's writer must
// stop and be looked at.
absl::Status Gap();
absl::Status Forked();
absl::Status ChainBroken();
absl::Status WitnessKnowsNewerLog();

// NOT_FOUND.
absl::Status NoSuchRecord();
absl::Status NoCheckpoint();

// OUT_OF_RANGE.
absl::Status BeyondTheLog();

// RESOURCE_EXHAUSTED.
absl::Status TooManyStreams();
absl::Status TooManyQuestions();

// INTERNAL: the permit lacks the key that a question is sealed under.
absl::Status NoFactsKey();

// DATA_LOSS: the database lacks what it must have.
absl::Status LogDamaged();

}  // namespace knooppunt::audit_service::errors

#endif  // KNOOPPUNT_SERVICES_AUDIT_ERRORS_H_
