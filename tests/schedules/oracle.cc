#include "tests/schedules/oracle.h"

namespace knooppunt::schedules {

bool Oracle::ReceiverReads() const {
  if (moved_) return child_;
  return InHands() && !Over() && child_;
}

// R26: whose act it is. R27: after acceptance the sending school has nothing to say any more.
bool Oracle::Allowed(Who who, What what) const {
  const bool sender = who == Who::kSender && !moved_;
  // R1, R26: who leads acts for the sending side, as far as they read what it is about.
  const bool leader = who == Who::kStandIn && stand_in_leads_ && !moved_;
  // Who receives can act as long as something reaches them: the offer, and consent for it.
  const bool receiver =
      who == Who::kReceiver && (moved_ ? child_ : (InHands() && !Over() && child_));
  switch (what) {
    case What::kDraft:
    case What::kShow:
    case What::kAuthorise:
    case What::kOffer:
      return sender;
    case What::kWithdraw:
      return sender || leader;
    case What::kView:
      return who == Who::kMother || who == Who::kFather;
    case What::kReceive:
    case What::kAccept:
    case What::kReturn:
      return receiver && !moved_;
    case What::kInvite:
    case What::kConverse:
    case What::kClose:
      return sender || leader || receiver;
  }
  return false;
}

bool Oracle::Fits(Who, What what, Wrong wrong) const {
  const bool right = wrong == Wrong::kNothing;
  const bool everything = child_ && mother_;  // R28: every part, and the handover itself
  switch (what) {
    case What::kDraft:
      // R26: one runs; what expired makes way. R27: nothing new to a school that closes.
      return (!Running() || Over()) && door_ == Door::kOpen;
    case What::kShow:
      return stage_ == Stage::kDrafted && right;
    case What::kView:
      return stage_ == Stage::kShown && right;
    case What::kAuthorise:
      return stage_ == Stage::kShown && right && everything;
    case What::kOffer:
      return stage_ == Stage::kAuthorised && right && everything && door_ == Door::kOpen;
    case What::kReceive:
      return stage_ == Stage::kOffered && right;  // what consent no longer covers stays behind
    case What::kInvite:
      return (stage_ == Stage::kOffered || stage_ == Stage::kReceived) && right;
    case What::kConverse:
      return stage_ == Stage::kReceived && right;
    case What::kAccept:
      return stage_ == Stage::kConversed && right;
    case What::kClose:
      return stage_ == Stage::kAccepted && right;
    case What::kReturn:
      return InHands() && right;
    case What::kWithdraw:
      return Running() && right;
  }
  return false;
}

void Oracle::Go(What what) {
  switch (what) {
    case What::kDraft:
      stage_ = Stage::kDrafted;
      expired_ = false;
      withheld_ = 0;
      break;
    case What::kShow:
      stage_ = Stage::kShown;
      break;
    case What::kAuthorise:
      stage_ = Stage::kAuthorised;
      break;
    case What::kOffer:
      stage_ = Stage::kOffered;
      break;
    case What::kReceive:
      stage_ = Stage::kReceived;
      withheld_ = mother_ ? 0 : 1;
      break;
    case What::kConverse:
      stage_ = Stage::kConversed;
      break;
    case What::kAccept:
      stage_ = Stage::kAccepted;
      moved_ = true;
      withheld_ = mother_ ? 0 : 1;
      break;
    case What::kClose:
      stage_ = Stage::kClosed;
      break;
    case What::kReturn:
      stage_ = Stage::kReturned;
      break;
    case What::kWithdraw:
      stage_ = Stage::kWithdrawn;
      break;
    case What::kView:
    case What::kInvite:
      break;
  }
}

bool Oracle::Do(Who who, What what, Wrong wrong) {
  if (!Allowed(who, what) || !Fits(who, what, wrong)) return false;
  // An expired handover can only be taken away: withdrawn, or put away by the next draft.
  if (expired() && what != What::kWithdraw && what != What::kDraft) return false;
  Go(what);
  return true;
}

}  // namespace knooppunt::schedules
