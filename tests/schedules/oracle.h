// What must become of an act on a handover, thought out from the rules R13 and R26 to R29 alone: it
// includes nothing of services/ and knows no table of transitions. Pure. Not thread-safe.
#ifndef KNOOPPUNT_TESTS_SCHEDULES_ORACLE_H_
#define KNOOPPUNT_TESTS_SCHEDULES_ORACLE_H_

#include <string>

namespace knooppunt::schedules {

// Who acts. The colleague works at the same school and has no seat; the stand-in has one, leads
// when the regisseur leaves, and reads only what is about the child; the stranger has nothing.
enum class Who { kSender, kReceiver, kMother, kFather, kStandIn, kColleague, kStranger };
enum class What {
  kDraft,
  kShow,
  kView,
  kAuthorise,
  kOffer,
  kReceive,
  kInvite,
  kConverse,
  kAccept,
  kClose,
  kReturn,
  kWithdraw
};
// What is wrong with the request, if anything. Each is wrong for the acts it can be wrong for.
enum class Wrong {
  kNothing,
  kEtag,      // as it was once
  kReason,    // none given: return, withdraw
  kHash,      // signs for something else: receive
  kOneSided,  // the receiving side took no part: converse
  kNoFamily,  // nor the family, for no reason: converse
  kPeople     // a regisseur who leaves: accept
};

// How far a handover is.
enum class Stage {
  kNone,
  kDrafted,
  kShown,
  kAuthorised,
  kOffered,
  kReceived,
  kConversed,
  kAccepted,
  kClosed,
  kReturned,
  kWithdrawn
};

class Oracle {
 public:
  // Whether the act is done. When it is, the oracle goes on from there.
  bool Do(Who who, What what, Wrong wrong);

  // What happens besides.
  void Consent(bool child, bool mother) {
    child_ = child;
    mother_ = mother;
  }
  void Expire() { expired_ = true; }
  // R27: somebody says that the receiving school closes before the child can start there, or that
  // it does not after all, or the day comes, after which nobody undoes it.
  void SchoolWillClose() { door_ = Door::kCloses; }
  void SchoolStaysOpen() { door_ = Door::kOpen; }
  void SchoolCloses() { door_ = Door::kClosed; }
  // R1: the regisseur leaves; from that instant the stand-in leads.
  void RegisseurLeaves() { stand_in_leads_ = true; }

  Stage stage() const { return stage_; }
  bool expired() const { return Running() && Over(); }
  bool child() const { return child_; }
  bool mother() const { return mother_; }
  bool moved() const { return moved_; }
  // It stands in the facts: from the draft to the end, also when it expired and nobody put it away.
  bool known() const { return Running(); }
  // The receiver reads it, and how many parts of it: three about the child, one about the mother.
  bool ReceiverReads() const;
  int PartsForReceiver() const { return ReceiverReads() ? (mother_ ? 4 : 3) : 0; }
  int withheld() const { return withheld_; }

 private:
  enum class Door { kOpen, kCloses, kClosed };

  bool Over() const { return expired_ || door_ == Door::kClosed; }
  bool Running() const { return stage_ >= Stage::kDrafted && stage_ <= Stage::kConversed; }
  bool InHands() const { return stage_ >= Stage::kOffered && stage_ <= Stage::kConversed; }
  bool Allowed(Who who, What what) const;
  bool Fits(Who who, What what, Wrong wrong) const;
  void Go(What what);

  Stage stage_ = Stage::kNone;
  bool expired_ = false;
  Door door_ = Door::kOpen;  // of the school that receives
  bool child_ = false;       // consent in force for what is about the child, the handover included
  bool mother_ = false;      // and for what is about her
  bool stand_in_leads_ = false;
  bool moved_ = false;  // the case is at the other school
  int withheld_ = 0;    // parts that did not travel, at the last signature
};

}  // namespace knooppunt::schedules

#endif  // KNOOPPUNT_TESTS_SCHEDULES_ORACLE_H_
