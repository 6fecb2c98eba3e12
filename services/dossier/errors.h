// Errors that the services of the dossier unit share. Each function says in its name what is
// wrong; messages hold no input and no personal data. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_DOSSIER_ERRORS_H_
#define KNOOPPUNT_SERVICES_DOSSIER_ERRORS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace knooppunt::dossier::errors {

// R18: missing, of another family and not opened by the permit are one and the same answer.
absl::Status NotFound();
// INVALID_ARGUMENT. `field` is a path of the request; `problem` continues "must ...".
absl::Status InvalidField(absl::string_view field, absl::string_view problem);
// INVALID_ARGUMENT, R38: what has no label is not stored.
absl::Status NoLabel();
// ABORTED: somebody else changed it meanwhile; read again and retry.
absl::Status ChangedMeanwhile();
// RESOURCE_EXHAUSTED: `what` would go over its cap.
absl::Status TooMany(absl::string_view what);
// FAILED_PRECONDITION: the caller has no joined seat at this case.
absl::Status NoSeat();
// FAILED_PRECONDITION: the case is not in a state that allows this.
absl::Status CaseNotActive();
absl::Status CaseClosed();
// ALREADY_EXISTS, R1, R3: a family has one open case.
absl::Status FamilyHasCase();
// FAILED_PRECONDITION, R27: taken in from another installation, which leads it until it is
// accepted.
absl::Status ImportNotAccepted();
// INTERNAL: facts that break an invariant are never saved. `rule` names it.
absl::Status BrokenInvariant(absl::string_view rule, absl::string_view what);
// INTERNAL: the decision gave no key where the rule of the method promises one.
absl::Status NoKey();

}  // namespace knooppunt::dossier::errors

#endif  // KNOOPPUNT_SERVICES_DOSSIER_ERRORS_H_
