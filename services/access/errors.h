// The errors of access, each a named function.
#ifndef KNOOPPUNT_SERVICES_ACCESS_ERRORS_H_
#define KNOOPPUNT_SERVICES_ACCESS_ERRORS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace knooppunt::access::errors {

absl::Status NotYourFact();
absl::Status UnreadableFact();
// FAILED_PRECONDITION. `what` is a phrase of ours, never input.
absl::Status ContradictoryFacts(absl::string_view what);
absl::Status UnorderedFacts();  // FAILED_PRECONDITION
absl::Status ClockWentBack();   // UNAVAILABLE
absl::Status UnknownMethod();
absl::Status NoSuchProfessional();
absl::Status ChooseFunction();
absl::Status NoSuchFunction();
absl::Status SessionEnded();
absl::Status NoSession();
absl::Status UnknownPermission();
absl::Status NoSuchFamily();
absl::Status NameWhomItIsAbout();
absl::Status NameCompartments();
absl::Status NamePurposeOfSharing();
absl::Status NoSuchDay();
absl::Status UnknownRecipient();
absl::Status TooFarAhead();
absl::Status NoSuchSeat();
absl::Status NoPolicyFile();
// `permission`: a word of the policy, not of a caller.
absl::Status PermissionGone(absl::string_view permission);
// `fault`: the policy's own, which names a row and what to do.
absl::Status PolicyRefused(absl::string_view fault);
absl::Status NothingChanges();
absl::Status NoSuchWord();
absl::Status TooManyFamilies();
absl::Status SimulationTooLong();

}  // namespace knooppunt::access::errors

#endif  // KNOOPPUNT_SERVICES_ACCESS_ERRORS_H_
