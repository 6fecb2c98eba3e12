// The two kinds of which nearly every error of the dossier's services is: what the rules or the
// state of the case do not allow, and what was asked in a way that cannot be. For errors.cc of each
// service, which gives every error its name. Pure. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_DOSSIER_REFUSAL_H_
#define KNOOPPUNT_SERVICES_DOSSIER_REFUSAL_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/error.h"

namespace knooppunt::dossier {

// FAILED_PRECONDITION, with reason, rule and message as base::MakeError says.
inline absl::Status Refused(absl::string_view reason, absl::string_view rule,
                            absl::string_view message) {
  return base::MakeError(absl::StatusCode::kFailedPrecondition, reason, rule, message);
}
// INVALID_ARGUMENT, likewise.
inline absl::Status Invalid(absl::string_view reason, absl::string_view rule,
                            absl::string_view message) {
  return base::MakeError(absl::StatusCode::kInvalidArgument, reason, rule, message);
}

}  // namespace knooppunt::dossier

#endif  // KNOOPPUNT_SERVICES_DOSSIER_REFUSAL_H_
