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
absl::Status NoSuchQuestion();

// OUT_OF_RANGE.
absl::Status BeyondTheLog();

// RESOURCE_EXHAUSTED.
absl::Status TooManyStreams();
absl::Status TooManyQuestions();

// FAILED_PRECONDITION, R25.
absl::Status NobodyAnswers();    // the family has no case, and nobody's organisation did it
absl::Status AlreadyAnswered();  // an answer is given once

// DATA_LOSS: the database lacks what it must have, or the key of a question was destroyed.
absl::Status LogDamaged();
absl::Status QuestionUnreadable();

}  // namespace knooppunt::audit_service::errors

#endif  // KNOOPPUNT_SERVICES_AUDIT_ERRORS_H_
