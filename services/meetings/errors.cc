#include "services/meetings/errors.h"

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "services/dossier/refusal.h"

namespace knooppunt::meetings::errors {

using absl::StatusCode;
using base::MakeError;
using dossier::Invalid;
using dossier::Refused;

absl::Status Stale() {
  return MakeError(StatusCode::kAborted, "STALE_ETAG", "",
                   "Somebody changed this after you read it. Read it again, and make your change "
                   "to that with the new etag.");
}
absl::Status EtagMissing() {
  return Invalid("ETAG_MISSING", "",
                 "State the etag of what you read, so that nobody's change is lost unseen.");
}
absl::Status MaskMissing(absl::string_view allowed) {
  return Invalid("UPDATE_MASK_MISSING", "",
                 absl::StrCat("Name in update_mask what changes: ", allowed, "."));
}
absl::Status FieldNotForChange(absl::string_view allowed) {
  return Invalid(
      "FIELD_NOT_FOR_CHANGE", "",
      absl::StrCat("update_mask may name: ", allowed, ". For another label, add a new item."));
}

absl::Status MeetingInThePast() {
  return Refused("MEETING_IN_THE_PAST", "",
                 "The day of this meeting is over. Conclude it, or plan another one.");
}
absl::Status MeetingConcluded() {
  return Refused("MEETING_CONCLUDED", "R9",
                 "This meeting is concluded: what it agreed stands. Put what is new on the agenda "
                 "of the next one, or add a statement to the minutes.");
}
absl::Status NotYetHeld() {
  return Refused("MEETING_NOT_YET_HELD", "",
                 "Minutes are recorded from the day of the meeting on. What you want to bring in "
                 "before belongs in the text of the agenda item.");
}
absl::Status BadTime(absl::string_view field) {
  return Invalid("INVALID_FIELD", "",
                 absl::StrCat(field, " must be a time of the day, such as 09:40."));
}
absl::Status EndsBeforeItBegins() {
  return Invalid("ENDS_BEFORE_IT_BEGINS", "",
                 "State when it begins and when it ends, the end after the beginning.");
}
absl::Status TimeIsOfTheSitting() {
  return Refused("TIME_IS_OF_THE_SITTING", "",
                 "This meeting has a slot in a sitting, which says when and where. Assign another "
                 "slot, or take it out of the sitting first.");
}

absl::Status MeetingCancelled() {
  return Refused("MEETING_CANCELLED", "",
                 "This meeting was cancelled. Plan another one when there is something to meet "
                 "about.");
}
absl::Status ReasonMissing() {
  return Invalid("REASON_MISSING", "",
                 "Say why, by one of the reasons there are: who is invited is told.");
}
absl::Status NotNeededIsCancelled() {
  return Invalid("NOT_NEEDED_IS_CANCELLED", "",
                 "What is not needed any more is cancelled, not moved. Cancel it, or give another "
                 "reason.");
}
absl::Status NothingMoves() {
  return Invalid("NOTHING_MOVES", "",
                 "State another day, another time or another place than it has.");
}

absl::Status OneParty() {
  return Invalid("ONE_PARTY", "",
                 "Name one party: a seat, a person of the family, or a professional who has no "
                 "seat yet.");
}
absl::Status NotAtTable() {
  return Refused("NOT_AT_TABLE", "R17",
                 "Nobody has that seat at this table now. Read the case to see who has one.");
}
absl::Status UnknownPerson() {
  return Refused("UNKNOWN_PERSON", "R18",
                 "There is nobody like that in this family, for as far as you can see.");
}
absl::Status UnknownOrganisation() {
  return Refused("UNKNOWN_ORGANISATION", "R17",
                 "The directory does not know that organisation. Look it up in the directory.");
}
absl::Status AlreadyInvited() {
  return MakeError(StatusCode::kAlreadyExists, "ALREADY_INVITED", "",
                   "This party is invited to this meeting already. Look at their answer.");
}
absl::Status SeatEndsBeforeMeeting() {
  return Refused("SEAT_ENDS_BEFORE_MEETING", "R8",
                 "Their period at the table ends before this meeting. State a later end date.");
}
absl::Status NotYourInvitation() {
  return Refused("NOT_YOUR_INVITATION", "R17",
                 "Only who is invited answers, or who deputises for them (R39). What they told you "
                 "belongs in the minutes.");
}
absl::Status InvitationTakenBack() {
  return Refused("INVITATION_TAKEN_BACK", "", "This invitation was taken back already.");
}
absl::Status BadAnswer() {
  return Invalid(
      "BAD_ANSWER", "",
      "Answer ACCEPTED and say how you take part, or DECLINED and say why not; not both.");
}
absl::Status NoVideo() {
  return Refused("NO_VIDEO", "",
                 "This meeting cannot be joined by video. Come in person, send a representative, "
                 "or ask who plans it to arrange video.");
}
absl::Status RepresentativeMissing() {
  return Invalid("REPRESENTATIVE_MISSING", "",
                 "Say who comes in your place: their kind, and who it is for a colleague or "
                 "somebody of the family; only when you take part through a representative.");
}
absl::Status NotYourColleague() {
  return Refused("NOT_YOUR_COLLEAGUE", "R39",
                 "A professional is represented by a colleague who works for the same organisation "
                 "today; to read along they deputise, or are invited themselves.");
}
absl::Status UnknownRepresentative() {
  return Refused(
      "UNKNOWN_REPRESENTATIVE", "R18",
      "There is nobody like that in this family, for as far as you can see. For somebody "
      "from outside, choose a supporter or somebody whom you trust.");
}

absl::Status NotYourItem() {
  return Refused("NOT_YOUR_ITEM", "R9",
                 "An item is changed by who brought it in, or by who leads the meeting. Put your "
                 "own on the agenda next to it.");
}
absl::Status UnknownPlaceInAgenda() {
  return Refused("UNKNOWN_PLACE_IN_AGENDA", "R18",
                 "There is no such item on this agenda for you to put another one after. Read the "
                 "agenda, and name one of its items.");
}
absl::Status ForbiddenState() {
  return Refused("FORBIDDEN_STATE", "",
                 "An item that was not discussed may be dropped, and planned again; that it was "
                 "discussed follows from its minutes.");
}
absl::Status ItemDropped() {
  return Refused("ITEM_DROPPED", "",
                 "This item was taken off the agenda. Put it on again before you record minutes.");
}
absl::Status NotYourMinutes() {
  return Refused(
      "NOT_YOUR_MINUTES", "R9",
      "Minutes are recorded by who leads the meeting, or by the professional who brought "
      "the item in. Say what you think of them with a statement.");
}
absl::Status MinutesStand() {
  return Refused("MINUTES_STAND", "R9",
                 "These minutes stand: the meeting is concluded, or somebody has confirmed or "
                 "disputed them. Add a statement next to them.");
}
absl::Status NoMinutes() {
  return Refused("NO_MINUTES", "R9", "Nothing was recorded about this item yet to react to.");
}
absl::Status DisputeNeedsText() {
  return Invalid("DISPUTE_NEEDS_TEXT", "R9",
                 "Say in your own words what you see differently: it stays next to the minutes.");
}

absl::Status NotYourWerkplaats() {
  return Refused(
      "NOT_YOUR_WERKPLAATS", "R37",
      "Sittings are of the werkplaats: who works for the organisation that runs it plans "
      "them and gives their slots.");
}
absl::Status UnknownSitting() {
  return Refused("UNKNOWN_SITTING", "R18",
                 "The werkplaats of this case has no such sitting. List its sittings.");
}
absl::Status SittingOnAnotherDay() {
  return Refused("SITTING_ON_ANOTHER_DAY", "",
                 "That sitting is on another day than this meeting. Plan a meeting for its day.");
}
absl::Status SlotOutsideSitting() {
  return Refused("SLOT_OUTSIDE_SITTING", "",
                 "The slot begins before the sitting does or ends after it. Choose a time within "
                 "it.");
}

absl::Status SittingCancelled() {
  return Refused("SITTING_CANCELLED", "",
                 "That sitting was cancelled. Choose another one, or plan it anew.");
}

}  // namespace knooppunt::meetings::errors
