#include "services/access/errors.h"

#include "base/error.h"

namespace knooppunt::access::errors {

using absl::StatusCode;
using base::MakeError;

absl::Status NotYourFact() {
  return MakeError(StatusCode::kFailedPrecondition, "NOT_YOUR_FACT", "",
                   "a unit may only send facts that it owns");
}
absl::Status UnreadableFact() {
  return MakeError(StatusCode::kFailedPrecondition, "UNREADABLE_FACT", "",
                   "a fact could not be opened or parsed");
}
absl::Status UnknownMethod() {
  return MakeError(StatusCode::kInvalidArgument, "UNKNOWN_METHOD", "",
                   "no such method, or it has no rule");
}
absl::Status NoSuchProfessional() {
  return MakeError(
      StatusCode::kPermissionDenied, "UNKNOWN_LOGIN", "R17",
      "this login is not known as a professional here: ask your functional administrator");
}
absl::Status ChooseFunction() {
  return MakeError(
      StatusCode::kInvalidArgument, "CHOOSE_FUNCTION", "R17",
      "you hold several functions: say in which one, and for which organisation, you act");
}
absl::Status NoSuchFunction() {
  return MakeError(StatusCode::kPermissionDenied, "NO_FUNCTION", "R17",
                   "you do not hold that function at that organisation today");
}
absl::Status UnknownPermission() {
  return MakeError(StatusCode::kInvalidArgument, "UNKNOWN_PERMISSION", "R19",
                   "no such permission or method: see `knooppunt policy show`");
}

}  // namespace knooppunt::access::errors
