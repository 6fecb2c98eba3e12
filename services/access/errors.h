// The errors of access, each a named function.
#ifndef KNOOPPUNT_SERVICES_ACCESS_ERRORS_H_
#define KNOOPPUNT_SERVICES_ACCESS_ERRORS_H_

#include "absl/status/status.h"

namespace knooppunt::access::errors {

absl::Status NotYourFact();
absl::Status UnreadableFact();
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

}  // namespace knooppunt::access::errors

#endif  // KNOOPPUNT_SERVICES_ACCESS_ERRORS_H_
