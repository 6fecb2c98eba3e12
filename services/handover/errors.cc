#include "services/handover/errors.h"

#include "base/error.h"
#include "services/dossier/refusal.h"

namespace knooppunt::handover::errors {

using absl::StatusCode;
using base::MakeError;
using dossier::Invalid;
using dossier::Refused;

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
absl::Status ReceiverHasClosed() {
  return Refused(
      "R27_RECEIVER_CLOSED", "R27",
      "The receiving werkplaats has closed, so this handover has expired and the case "
      "stays with the sending side. Withdraw it, and draft one to where the child goes.");
}
absl::Status WerkplaatsCloses() {
  return Refused("R27_WERKPLAATS_CLOSES", "R27",
                 "The receiving werkplaats has closed, or closes before the child starts there. "
                 "Name the werkplaats where the child goes.");
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
absl::Status TooEarly() {
  return Refused("R30_TOO_EARLY", "R30",
                 "A handover of this kind does not start yet: see when with 'knooppunt handover "
                 "kinds'.");
}
absl::Status StaysAtItsWerkplaats() {
  return Refused("R16_STAYS_AT_ITS_WERKPLAATS", "R16",
                 "From 18- to 18+ the help changes hands, not the werkplaats: name the werkplaats "
                 "where the case is. Who also changes school gets a handover of that kind.");
}
absl::Status AdultHelpDoesNotFit() {
  return Refused("R16_ADULT_HELP_DOES_NOT_FIT", "R16",
                 "From 18- to 18+ an organisation for social work receives: name it in "
                 "to_organisation. For other kinds leave that empty: the werkplaats says it.");
}
absl::Status AdulthoodIsOfOne() {
  return Refused("R16_ADULTHOOD_IS_OF_ONE", "R16",
                 "The step to adulthood is of one youth, whose case this is.");
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
      "A part is a person, wish, goal, asset, arrangement, step, contribution or document of this "
      "case, or the case itself for its opening; each is named once.");
}
absl::Status ChildrenDiffer() {
  return Invalid(
      "CHILDREN_DIFFER", "R38",
      "Name exactly the children that the case is about: the handover is labelled with them.");
}
absl::Status JoinIsForSome() {
  return Invalid("JOIN_IS_FOR_SOME", "R26",
                 "A handover that leaves the case where it is, is for some of its children: name "
                 "them. When all of them go, the case moves.");
}
absl::Status JoinMovesNobody() {
  return Invalid("JOIN_MOVES_NOBODY", "R27",
                 "The case stays where it is, with its regisseur and stand-in: name nobody.");
}
absl::Status NobodyNamed() {
  return Invalid("NOBODY_NAMED", "R27", "Name the regisseur and the stand-in from now on.");
}
absl::Status StaleEtag() {
  return MakeError(StatusCode::kAborted, "STALE_ETAG", "",
                   "Somebody did something with this handover after you read it. Read it again and "
                   "decide anew, with the new etag.");
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

absl::Status ConversationLacksParty() {
  return Refused("R27_LACKS_PARTY", "R27",
                 "This kind of handover asks for somebody who was not there: name their seat, or "
                 "the party and why it was absent.");
}
absl::Status InvitationInThePast() {
  return Refused("R27_INVITATION_IN_THE_PAST", "R27",
                 "One invites for today or a later day. A conversation that was held is recorded.");
}
absl::Status NoAdulthood() {
  return Refused("R16_NO_ADULTHOOD", "R16",
                 "Who stays is decided where the youth becomes an adult, not in this handover.");
}
absl::Status YouthDecides() {
  return MakeError(StatusCode::kPermissionDenied, "R16_YOUTH_DECIDES", "R16",
                   "Who stays after 18 is for the youth alone to decide.");
}
absl::Status StayingNotAtTable() {
  return Refused("R16_NOT_AT_TABLE", "R16",
                 "Who stays has a seat at the table now, and is named once.");
}
absl::Status CjgLeaves() {
  return Refused(
      "R16_CJG_LEAVES", "R16",
      "The municipal access team (CJG) helps until 18. Whoever helps after that comes to "
      "the table anew.");
}
absl::Status YouthHasNotDecided() {
  return Refused("R16_YOUTH_HAS_NOT_DECIDED", "R16",
                 "The youth first decides who stays at the table after 18.");
}
absl::Status StepWithoutOwner() {
  return Refused("R16_STEP_WITHOUT_OWNER", "R16",
                 "An open step has an owner who leaves: let somebody who stays take it over, or "
                 "close it with a reason.");
}
absl::Status NoReceiptYet() {
  return Refused("R28_NO_RECEIPT_YET", "R28", "There is a receipt from the offer on.");
}
absl::Status ReceiptIsForBothSides() {
  return Refused("R28_RECEIPT_IS_FOR_BOTH_SIDES", "R28",
                 "The receipt is for the organisations on both sides. What travels stands in the "
                 "handover.");
}

}  // namespace knooppunt::handover::errors
