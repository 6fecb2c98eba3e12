// What happens around the meetings of a made-up family: invitations, agenda items under labels of
// their own, minutes and dissent, sittings with slots of several families. Not thread-safe.
#ifndef KNOOPPUNT_TESTS_PROPERTY_MEETING_ACTS_H_
#define KNOOPPUNT_TESTS_PROPERTY_MEETING_ACTS_H_

#include <string>

#include "knooppunt/meetings/v1/meetings.pb.h"
#include "tests/property/plan_acts.h"
#include "tests/property/world.h"

namespace knooppunt::property {

class MeetingActs {
 public:
  // Neither is owned.
  MeetingActs(World* world, Family* family) : w_(*world), f_(*family) {}

  using Outcome = PlanActs::Outcome;
  // One act, with a label to write under.
  Outcome One(const Caller& who, const common::v1::Label& label);

 private:
  Outcome Plan(const Caller& who, const common::v1::Label& label);
  Outcome Prepare();
  Outcome Invite();
  Outcome Answer();
  Outcome Uninvite();
  Outcome Bring(const Caller& who, const common::v1::Label& label);
  Outcome Move();
  Outcome Minute(const Caller& who);
  Outcome React(const Caller& who);
  Outcome Postpone();
  Outcome CallOff();
  Outcome Sit();
  Outcome Slot();
  // A meeting that these acts planned, or an item of one; nullptr when there is none.
  MeetingKnown* AnyMeeting();
  const Thing* AnyItem();
  // The etag of the agenda as `who` sees it; "" when they do not.
  std::string AgendaEtag(const Caller& who, const std::string& meeting);
  std::string ItemEtag(const Caller& who, const std::string& item);

  World& w_;
  Family& f_;
};

}  // namespace knooppunt::property

#endif  // KNOOPPUNT_TESTS_PROPERTY_MEETING_ACTS_H_
