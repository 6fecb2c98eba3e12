#include "services/handover/errors.h"

#include "base/error.h"

namespace knooppunt::handover::errors {
namespace {

using absl::StatusCode;
using base::MakeError;

absl::Status Refused(absl::string_view reason, absl::string_view rule, absl::string_view message) {
  return MakeError(StatusCode::kFailedPrecondition, reason, rule, message);
}
absl::Status Invalid(absl::string_view reason, absl::string_view rule, absl::string_view message) {
  return MakeError(StatusCode::kInvalidArgument, reason, rule, message);
}

}  // namespace

absl::Status ForbiddenTransition() {
  return Refused("FORBIDDEN_TRANSITION", "R26",
                 "The handover is not in a state from which this can be done.");
}
absl::Status NotYourSide() {
  return Refused("NOT_YOUR_SIDE", "R26", "This act belongs to the other side of the handover.");
}
absl::Status Expired() {
  return Refused("HANDOVER_EXPIRED", "R26",
                 "This handover has expired. The sending side drafts a new one.");
}
absl::Status ReasonRequired() {
  return Invalid("REASON_REQUIRED", "R26",
                 "Returning and withdrawing a handover need a reason in the note.");
}
absl::Status RunningAlready() {
  return MakeError(StatusCode::kAlreadyExists, "HANDOVER_RUNS", "R26",
                   "A handover of this case runs already. Finish or withdraw it first.");
}
absl::Status UnknownWerkplaats() {
  return Refused("UNKNOWN_WERKPLAATS", "R30", "The directory knows no such werkplaats.");
}
absl::Status SameWerkplaats() {
  return Refused("SAME_WERKPLAATS", "R30", "The case is at this werkplaats already.");
}
absl::Status KindDoesNotFit() {
  return Refused("R30_KIND_DOES_NOT_FIT", "R30",
                 "This kind of handover does not lead to a werkplaats of that stage.");
}
absl::Status NotAtReceivingSide() {
  return Refused("NOT_AT_RECEIVING_SIDE", "R30",
                 "The receiver holds no function today at the organisation that runs the receiving "
                 "werkplaats.");
}
absl::Status ReceiverAtTable() {
  return Refused("RECEIVER_AT_TABLE", "R26",
                 "The receiver sits at this table already in another role. End that seat first.");
}
absl::Status NothingPicked() {
  return Invalid("R28_NOTHING_PICKED", "R28",
                 "Pick the parts that travel: an empty list is nothing.");
}
absl::Status NotAPart() {
  return Invalid(
      "R28_NOT_A_PART", "R28",
      "A part is a person, goal, step or contribution of this case, or the case itself for "
      "its opening; each is named once.");
}
absl::Status ChildrenDiffer() {
  return Invalid(
      "CHILDREN_DIFFER", "R38",
      "Name exactly the children that the case is about: the handover is labelled with them.");
}
absl::Status ExpiryInThePast() {
  return Invalid("EXPIRY_IN_THE_PAST", "R26", "The handover expires on a day after today.");
}
absl::Status NoConsent() {
  return Refused(
      "R28_NO_CONSENT", "R28",
      "Only what was consented to travels: for at least one part there is no consent in force "
      "that names the receiving organisation and a handover.");
}
absl::Status PackageChanged() {
  return Refused(
      "R28_PACKAGE_CHANGED", "R28",
      "The parts are not what the family was shown. Withdraw, draft again and show it again.");
}
absl::Status ReceiptDiffers() {
  return Refused("R28_RECEIPT_DIFFERS", "R28",
                 "What was signed for is not what the family was shown. Read the handover again.");
}
absl::Status ConversationInFuture() {
  return Refused("R27_CONVERSATION_IN_FUTURE", "R27",
                 "The conversation is recorded after it was held.");
}
absl::Status ConversationNotAtTable() {
  return Refused(
      "R27_NOT_AT_TABLE", "R27",
      "Who took part has a seat at the table that was joined and has not ended, and is named "
      "once.");
}
absl::Status ConversationOneSided() {
  return Refused("R27_ONE_SIDED", "R27", "Both sides take part in the conversation.");
}
absl::Status ConversationNoFamily() {
  return Refused("R27_NO_FAMILY", "R27",
                 "The family takes part in the conversation, or the reason why not is recorded.");
}

}  // namespace knooppunt::handover::errors
