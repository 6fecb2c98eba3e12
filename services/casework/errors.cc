#include "services/casework/errors.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/error.h"
#include "services/dossier/refusal.h"

namespace knooppunt::casework::errors {

using absl::StatusCode;
using base::MakeError;
using dossier::Refused;

absl::Status FamilyNotTold() {
  return Refused("FAMILY_NOT_TOLD", "R3",
                 "Tell the family first that the signal is recorded; then open the case.");
}
absl::Status GezagMissing() {
  return Refused("R11_GEZAG_MISSING", "R11",
                 "State for each child of the case who holds gezag, or that it is vacant.");
}
absl::Status NotYourWerkplaats() {
  return Refused("NOT_YOUR_WERKPLAATS", "R17",
                 "A case opens at a werkplaats that your own organisation runs.");
}
absl::Status WerkplaatsClosed() {
  return Refused(
      "R27_WERKPLAATS_CLOSED", "R27",
      "This werkplaats has closed. Open the case at the werkplaats where the child is now.");
}
absl::Status UnknownOrganisation() {
  return Refused("UNKNOWN_ORGANISATION", "R11", "The directory knows no such organisation.");
}

absl::Status ForbiddenTransition() {
  return Refused("FORBIDDEN_TRANSITION", "R1",
                 "The case is not in a state from which this can be done.");
}
absl::Status HandoverRuns() {
  return Refused("HANDOVER_RUNS", "R27",
                 "A handover of this case runs. Finish or withdraw it before closing the case.");
}
absl::Status ForbiddenPhase() {
  return Refused("FORBIDDEN_PHASE", "R1",
                 "The case does not go from its phase to this one. Forward is one phase at a time; "
                 "back is to interpreting, to the plan, or to carrying it out.");
}

absl::Status ClosingIsAboutYou() {
  return MakeError(StatusCode::kInvalidArgument, "R16_CLOSING_IS_ABOUT_YOU", "R16",
                   "Your closing words are about you alone: name yourself in the label, nobody "
                   "else and not the family.");
}

absl::Status StaleEtag() {
  return MakeError(StatusCode::kAborted, "STALE_ETAG", "",
                   "Somebody changed the case after you read it: its state, phase, review or who "
                   "leads it. Read it again and decide anew, with the new etag.");
}

absl::Status UnknownProfessional() {
  return Refused("UNKNOWN_PROFESSIONAL", "R17", "The directory knows no such professional.");
}
absl::Status FunctionNotHeld() {
  return Refused("FUNCTION_NOT_HELD", "R17",
                 "The professional does not hold this function at this organisation today.");
}
absl::Status AlreadyAtTable() {
  return MakeError(
      StatusCode::kAlreadyExists, "ALREADY_AT_TABLE", "R17",
      "This professional has been invited or has joined already for this organisation.");
}
absl::Status RoleNotByInvitation() {
  return MakeError(StatusCode::kInvalidArgument, "ROLE_NOT_BY_INVITATION", "R8",
                   "Invite as a core partner or ad hoc; other roles do not come by invitation.");
}
absl::Status PeriodRequired() {
  return Refused(
      "R8_PERIOD_REQUIRED", "R8",
      "Who is invited ad hoc leaves by themselves: state an end date after today. A core "
      "partner has none.");
}
absl::Status NoLongerEmployed() {
  return Refused("R1_NO_LONGER_EMPLOYED", "R1",
                 "Somebody you name no longer holds the function of their seat: appoint somebody "
                 "who does.");
}
absl::Status NotInvited() {
  return Refused("NOT_INVITED", "R17", "You have no open invitation to this table.");
}
absl::Status SeatEnded() { return Refused("SEAT_ENDED", "R17", "This seat has ended already."); }
absl::Status FamilySeatStays() {
  return Refused("R4_FAMILY_SEAT_STAYS", "R4", "Only the family member can give up this seat.");
}
absl::Status ReceiverSeatStays() {
  return Refused("R26_RECEIVER_SEAT", "R26",
                 "This seat belongs to a handover: return or withdraw the handover instead.");
}
absl::Status NotYoursToEnd() {
  return Refused("NOT_YOURS_TO_END", "R17",
                 "Only the regisseur and the werkplaats end the seats of others.");
}
absl::Status NameStandInFirst() {
  return Refused(
      "R1_NAME_STAND_IN_FIRST", "R1",
      "This seat is the only stand-in of the regisseur. Appoint again with another stand-in "
      "first.");
}
absl::Status WerkplaatsWouldBeLeft() {
  return Refused(
      "R27_WERKPLAATS_LEFT", "R27",
      "This is the last seat of the werkplaats that runs the case. Invite a colleague, or "
      "hand the case over.");
}

absl::Status NotYoursToDeputise() {
  return Refused("NOT_YOURS_TO_DEPUTISE", "R39",
                 "A deputy is arranged by who holds the seat, by the regisseur or by the "
                 "werkplaats.");
}
absl::Status OwnDeputy() {
  return Refused("OWN_DEPUTY", "R39",
                 "Nobody makes themselves a deputy: let who holds the seat arrange it, the "
                 "regisseur, or a colleague of the werkplaats.");
}
absl::Status FamilyIsNotDeputised() {
  return Refused("FAMILY_NOT_DEPUTISED", "R39", "Nobody takes the seat of a family member.");
}
absl::Status DeputyIsNotDeputised() {
  return Refused("DEPUTY_NOT_DEPUTISED", "R39",
                 "A deputy is not deputised: arrange another deputy for the seat itself.");
}
absl::Status ReceiverIsNotDeputised() {
  return Refused("R26_RECEIVER_SEAT", "R26",
                 "This seat belongs to a handover: it can be deputised once the handover is "
                 "accepted.");
}
absl::Status SeatNotAtTable() {
  return Refused("SEAT_NOT_AT_TABLE", "R39",
                 "Only a seat that was joined and has not ended is deputised.");
}
absl::Status SeatEndsBefore() {
  return Refused("SEAT_ENDS_BEFORE", "R39", "The seat itself ends before the deputy would begin.");
}
absl::Status DeputyIsSomebodyElse() {
  return Refused("DEPUTY_IS_SOMEBODY_ELSE", "R39", "The deputy is a colleague: somebody else.");
}
absl::Status NotAColleague() {
  return Refused("NOT_A_COLLEAGUE", "R39",
                 "A deputy holds the same function at the same organisation when the period "
                 "begins.");
}
absl::Status MergedAway() {
  return MakeError(
      StatusCode::kFailedPrecondition, "R1_MERGED_AWAY", "R1",
      "This record gave way to another record of the same family, where the case goes "
      "on. Open or reopen it there; or undo the merge, when the two are not the same.");
}
absl::Status TakenOverAlready() {
  return MakeError(StatusCode::kFailedPrecondition, "R1_TAKEN_OVER", "R1",
                   "Somebody leads this case, or it was changed a moment ago: look at it again "
                   "before you take it over.");
}
absl::Status DeputyAtTable() {
  return MakeError(StatusCode::kAlreadyExists, "ALREADY_AT_TABLE", "R39",
                   "This colleague has a seat at the table for this organisation in that period "
                   "already, and acts in it.");
}
absl::Status AlreadyDeputised() {
  return MakeError(StatusCode::kAlreadyExists, "ALREADY_DEPUTISED", "R39",
                   "This seat has a deputy in that period already: end that seat first, or choose "
                   "another period.");
}

absl::Status MeetingBeforeCase() {
  return MakeError(StatusCode::kInvalidArgument, "MEETING_BEFORE_CASE", "R4",
                   "The meeting's date must not be before the day on which the case was opened.");
}
absl::Status MeetingNotYetHeld() {
  return Refused("MEETING_NOT_YET_HELD", "R4", "The meeting's date is still to come.");
}
absl::Status MeetingConcluded() {
  return Refused("MEETING_CONCLUDED", "R4", "This meeting has been concluded already.");
}
absl::Status MeetingNotConcluded() {
  return Refused("MEETING_NOT_CONCLUDED", "R7", "This meeting has no outcome yet.");
}
absl::Status NotAtTable() {
  return Refused("NOT_AT_TABLE", "R4",
                 "Who takes part has a seat at the table that was joined and has not ended, and is "
                 "named once.");
}
absl::Status NoParent() {
  return Refused(
      "R4_NO_PARENT", "R4",
      "No knooppunt without parents: a holder of gezag (or the youth from 16) takes part, or "
      "record why not and that they agreed beforehand.");
}
absl::Status NoStep() {
  return Refused("R5_NO_STEP", "R5",
                 "A meeting ends with at least one agreed step that has an owner and a date.");
}
absl::Status OwnerNotAtTable() {
  return Refused(
      "R5_OWNER_NOT_AT_TABLE", "R5",
      "The owner of a step sits at the table: a seat that was joined and has not ended, not of who "
      "still has to accept the case or left with it.");
}
absl::Status OwnerWouldNotRead() {
  return Refused(
      "R5_OWNER_WOULD_NOT_READ", "R5",
      "Whose step this is would not see it: its label does not open to them now. Give it to "
      "somebody else at the table, agree it under a label that they read, or arrange first what "
      "opens this one to them, such as a consent.");
}
absl::Status DueTooEarly() {
  return Refused("R5_DUE_TOO_EARLY", "R5",
                 "A step is due on or after the day on which it was agreed.");
}
absl::Status FundingMissing() {
  return Refused("R36_NO_FUNDING", "R36",
                 "A step that commits means names the law and budget that carry it.");
}
absl::Status FundingDoesNotFit(absl::string_view why) {
  return Refused("R36_FUNDING_DOES_NOT_FIT", "R36", why);
}
absl::Status CommitmentIncomplete() {
  return MakeError(StatusCode::kInvalidArgument, "R6_COMMITMENT_INCOMPLETE", "R6",
                   "A commitment names its means, an amount of 0 or more, and the professional who "
                   "commits it.");
}
absl::Status NoFeedbackForYou() {
  return Refused("R7_NO_FEEDBACK", "R7", "There is no outcome of this meeting that waits for you.");
}
absl::Status AlreadyConfirmed() {
  return Refused("R7_ALREADY_CONFIRMED", "R7", "You have confirmed this outcome already.");
}
absl::Status StepNotBinding() {
  return Refused("STEP_NOT_BINDING", "R6",
                 "Only a binding step that is not done yet can be marked done.");
}
absl::Status StepNotProposed() {
  return Refused("STEP_NOT_PROPOSED", "R6", "Only a step that is a proposal waits for a decision.");
}
absl::Status NotYourMeans() {
  return Refused("R6_NOT_YOUR_MEANS", "R6",
                 "A proposal is decided on by the organisation whose means it needs: by who sits "
                 "at the table for that organisation. If nobody of it ever sat here, agree the "
                 "step again, committed by somebody who does.");
}
absl::Status MandateDoesNotCover(const std::vector<std::string>& exceeded) {
  return Refused(
      "R6_MANDATE_DOES_NOT_COVER", "R6",
      exceeded.empty()
          ? std::string("You hold no mandate today for these means at this organisation. Ask its "
                        "mandate holder for one, or let a colleague at the table decide.")
          : absl::StrCat("The step goes beyond your mandate in: ", absl::StrJoin(exceeded, ", "),
                         ". Ask your organisation's mandate holder for a wider one, or let a "
                         "colleague at the table decide."));
}
absl::Status NotOwnerOrRegisseur() {
  return Refused("NOT_OWNER_OR_REGISSEUR", "R17",
                 "Only the owner of the step and the regisseur do this.");
}
absl::Status DisputeNeedsText() {
  return MakeError(
      StatusCode::kInvalidArgument, "R9_DISPUTE_NEEDS_TEXT", "R9",
      "Say in your own words what you dispute: it stays on the record next to the step.");
}

absl::Status StepNotDone() {
  return Refused("R5_STEP_NOT_DONE", "R5", "Mark the step done first; then evaluate it together.");
}
absl::Status AlreadyEvaluated() {
  return MakeError(StatusCode::kAlreadyExists, "R5_ALREADY_EVALUATED", "R5",
                   "This step is evaluated already. Who sees it otherwise reacts to it (R9).");
}
absl::Status FamilyWordsOfTheFamily() {
  return Refused(
      "R9_WORDS_OF_THE_FAMILY", "R9",
      "Say whose words they are: a family member at the table; of the family each speaks "
      "for themselves.");
}
absl::Status SameOwner() {
  return Refused("R5_SAME_OWNER", "R5", "The step is theirs already: name somebody else.");
}
absl::Status StepIsOver() {
  return Refused("R5_STEP_OVER", "R5", "This step is done or dropped already.");
}

absl::Status IllBeyondDoubt() {
  return Refused("R34_ILL_BEYOND_DOUBT", "R34",
                 "Who is ill beyond doubt is not out of school in this sense: agree on steps for "
                 "school during the illness, and report it when there is doubt.");
}
absl::Status NotOfCompulsoryAge() {
  return Refused("R34_NOT_OF_COMPULSORY_AGE", "R34",
                 "The child is not of compulsory school age today: agree on steps instead.");
}
absl::Status NotYetFourWeeks() {
  return Refused("R34_NOT_YET_FOUR_WEEKS", "R34",
                 "A child who is enrolled counts as out of school after four weeks of absence: "
                 "agree on steps now, and report it when it lasts.");
}
absl::Status UnknownSchool() {
  return Refused("R34_UNKNOWN_SCHOOL", "R34",
                 "The directory knows no such school: name the werkplaats that stays involved.");
}
absl::Status AlreadyOutOfSchool() {
  return MakeError(StatusCode::kAlreadyExists, "R34_ALREADY_REPORTED", "R34",
                   "This child is reported already: follow the way back in that record.");
}
absl::Status ForbiddenWayBack() {
  return Refused("R34_FORBIDDEN_STATE", "R34",
                 "The way back does not go from its state to this one: report, plan, return, back "
                 "at school; a setback is a new plan, and what is over stays over.");
}

absl::Status NothingToDecide() {
  return Refused("R10_NOTHING_TO_DECIDE", "R10",
                 "Name a step that waits or binds, or a question without a step.");
}
absl::Status DecidersMissing() {
  return Refused(
      "R10_DECIDERS_MISSING", "R10",
      "Name who decide, as the directory knows them: an alderman and the director of the "
      "samenwerkingsverband; for a vocational college the director of its institute.");
}
absl::Status WrongDeciders() {
  return Refused("R10_WRONG_DECIDERS", "R10",
                 "These are not the ones who decide for this werkplaats: one alderman of a "
                 "municipality and one director of the samenwerkingsverband of its stage; for a "
                 "vocational college one director of the institute that runs it.");
}
absl::Status AlreadyEscalated() {
  return MakeError(StatusCode::kAlreadyExists, "R10_ALREADY_ESCALATED", "R10",
                   "This has been put to who decide already: wait for them, or withdraw it first.");
}
absl::Status EscalationOver() {
  return Refused("R10_ESCALATION_OVER", "R10", "This escalation is decided or withdrawn.");
}
absl::Status EscalationNotTakenUp() {
  return Refused("R10_NOT_TAKEN_UP", "R10", "Take the escalation up first; then decide.");
}
absl::Status AlreadyTakenUp() {
  return Refused("R10_ALREADY_TAKEN_UP", "R10", "This escalation has been taken up already.");
}
absl::Status NotADecider() {
  return Refused("R10_NOT_A_DECIDER", "R10", "Only those to whom it was put decide.");
}
absl::Status NotTheRaiser() {
  return Refused(
      "R10_NOT_THE_RAISER", "R10",
      "Who raised an escalation withdraws it; one of a professional, the regisseur too.");
}
absl::Status NoStepToDecide() {
  return Refused("R10_NO_STEP", "R10",
                 "This escalation is about a question, not about a step: settle it.");
}
absl::Status StepNotShown() {
  return Refused("R10_STEP_NOT_SHOWN", "R10",
                 "You may not see the step that this is about: ask the regisseur for the family's "
                 "consent to share it with your organisation, or settle the question.");
}
absl::Status SettlementMissing() {
  return MakeError(StatusCode::kInvalidArgument, "R10_SETTLEMENT_MISSING", "R10",
                   "Say how the question is settled; only who agrees with a settlement that is "
                   "there may leave it out.");
}

absl::Status EscalationRuns() {
  return Refused("R10_ESCALATION_RUNS", "R10",
                 "An escalation of this case is open. Wait for the decision or withdraw it before "
                 "closing the case.");
}

}  // namespace knooppunt::casework::errors
