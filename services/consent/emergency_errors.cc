#include "services/consent/emergency_errors.h"

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/limits.h"

namespace knooppunt::consent::errors {

using absl::StatusCode;
using base::MakeError;

absl::Status NoMeldcodeStep() {
  return MakeError(StatusCode::kInvalidArgument, "R20_NO_MELDCODE_STEP", "R20",
                   "Emergency access belongs to a step of the Meldcode: state which, 1 to 5.");
}
absl::Status ReasonTooShort() {
  return MakeError(
      StatusCode::kInvalidArgument, "R20_REASON_TOO_SHORT", "R20",
      absl::StrCat("Type in at least ", limits::kEmergencyReasonMinCharacters,
                   " characters what is happening and why it cannot wait: somebody else will "
                   "review it."));
}
absl::Status HoursNotDays() {
  return MakeError(StatusCode::kInvalidArgument, "R20_HOURS_NOT_DAYS", "R20",
                   absl::StrCat("Emergency access opens for hours: state 1 to ",
                                limits::kEmergencyMaxHours, "."));
}
absl::Status EmergencyOpenAlready() {
  return MakeError(StatusCode::kFailedPrecondition, "R20_OPEN_ALREADY", "R20",
                   "You have emergency access to this family already. Use it until it ends; your "
                   "own list of emergencies shows until when.");
}
absl::Status TooManyEmergencies() {
  return MakeError(
      StatusCode::kResourceExhausted, "R20_TOO_MANY_EMERGENCIES", "R20",
      absl::StrCat("You opened emergency access ", limits::kEmergenciesPerProfessionalPerDay,
                   " times in 24 hours, the most there is. Have a colleague open it, or call "
                   "Veilig Thuis or 112."));
}
absl::Status OwnEmergency() {
  return MakeError(StatusCode::kFailedPrecondition, "R20_OWN_EMERGENCY", "R20",
                   "You opened this emergency access yourself, so another privacy officer must "
                   "review it.");
}
absl::Status ReviewedAlready() {
  return MakeError(StatusCode::kFailedPrecondition, "R20_REVIEWED_ALREADY", "R20",
                   "This emergency access has been reviewed; a review stays as it is.");
}
absl::Status EmergencyStillOpen() {
  return MakeError(StatusCode::kFailedPrecondition, "R20_STILL_OPEN", "R20",
                   "This emergency access is still open. Find it justified once it has ended, when "
                   "all that was read is there to review; finding it unjustified ends it now.");
}

}  // namespace knooppunt::consent::errors
