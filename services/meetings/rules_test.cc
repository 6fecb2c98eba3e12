#include "services/meetings/rules.h"

#include "base/error.h"
#include "base/status_testing.h"

namespace knooppunt::meetings {
namespace {

using ::testing::ElementsAre;

std::string Reason(const absl::Status& s) { return base::ReasonOf(s); }

TEST(MeetingTimes, OnlyATimeOfTheDayIsOne) {
  EXPECT_EQ(*MinuteOfDay("start", "00:00"), 0);
  EXPECT_EQ(*MinuteOfDay("start", "23:59"), 1439);
  for (const char* bad : {"", "9:40", "09.40", "24:00", "09:60", "09:4o", "09:400", "-1:00"}) {
    EXPECT_EQ(Reason(MinuteOfDay("start", bad).status()), "INVALID_FIELD") << bad;
  }
  EXPECT_EQ(Reason(CheckPeriod({.start = "10:00", .end = "10:00"})), "ENDS_BEFORE_IT_BEGINS");
}

TEST(MeetingTimes, WhatTouchesDoesNotOverlap) {
  EXPECT_FALSE(Overlap({.start = "09:00", .end = "09:40"}, {.start = "09:40", .end = "10:00"}));
  EXPECT_TRUE(Overlap({.start = "09:00", .end = "09:41"}, {.start = "09:40", .end = "10:00"}));
}

v1::KeptMeeting AgendaOf(const std::vector<std::string>& ids) {
  v1::KeptMeeting out;
  for (const std::string& id : ids) out.add_agenda()->set_item(id);
  return out;
}
std::vector<std::string> Order(const v1::KeptMeeting& meeting) {
  std::vector<std::string> out;
  for (const v1::KeptAgendaItem& a : meeting.agenda()) out.push_back(a.item());
  return out;
}

TEST(AgendaOrder, AnItemComesBehindAnotherOrFirst) {
  v1::KeptMeeting m = AgendaOf({"a", "b", "c", "d"});
  EXPECT_TRUE(MoveBehind("d", "a", &m));
  EXPECT_THAT(Order(m), ElementsAre("a", "d", "b", "c"));
  EXPECT_TRUE(MoveBehind("a", "c", &m));
  EXPECT_THAT(Order(m), ElementsAre("d", "b", "c", "a"));
  EXPECT_TRUE(MoveBehind("c", "", &m));
  EXPECT_THAT(Order(m), ElementsAre("c", "d", "b", "a"));
  EXPECT_FALSE(MoveBehind("a", "a", &m));
  EXPECT_FALSE(MoveBehind("x", "a", &m));
  EXPECT_FALSE(MoveBehind("a", "x", &m));
  EXPECT_THAT(Order(m), ElementsAre("c", "d", "b", "a"));
}

TEST(AgendaStates, OnlyWhatWasNotDiscussedIsDroppedAndPlannedAgain) {
  for (int from = 1; from <= 3; ++from) {
    for (int to = 1; to <= 3; ++to) {
      const auto a = static_cast<v1::AgendaItemState>(from);
      const auto b = static_cast<v1::AgendaItemState>(to);
      const bool discussed =
          a == v1::AGENDA_ITEM_STATE_DISCUSSED || b == v1::AGENDA_ITEM_STATE_DISCUSSED;
      EXPECT_EQ(CheckStateChange(a, b).ok(), a == b || !discussed);
    }
  }
}

TEST(InvitationRules, R39ADeputyHasTheInvitationOfWhomTheyDeputiseFor) {
  v1::KeptMeeting m;
  v1::KeptInvitation& nurse = *m.add_invitations();
  nurse.set_id("i-1");
  nurse.set_seat("s-nurse");
  access::v1::Seat deputy;
  deputy.set_id("s-deputy");
  deputy.set_deputises("s-nurse");
  EXPECT_EQ(OwnInvitation(m, {.seat = &deputy, .staff = true}), &nurse);
  deputy.set_deputises("s-other");
  EXPECT_EQ(OwnInvitation(m, {.seat = &deputy, .staff = true}), nullptr);
  deputy.set_deputises("s-nurse");
  nurse.set_state(v1::INVITATION_STATE_WITHDRAWN);
  EXPECT_EQ(OwnInvitation(m, {.seat = &deputy, .staff = true}), nullptr);
}

TEST(InvitationRules, R12WhatIsMissingSaysForWhomAndWhat) {
  Readable a{.name = "m", .scope = "scope-1"};
  a.label.set_compartment(common::v1::COMPARTMENT_EDUCATION);
  a.label.mutable_about()->add_persons("p-1");
  Readable b = a;
  b.name = "m/items/i";
  b.scope = "scope-2";
  b.label.set_compartment(common::v1::COMPARTMENT_HEALTH);
  access::v1::PartySight party;
  party.set_allowed(true);
  party.add_scopes("scope-1");
  const v1::InvitationCheck part = CheckOf({a, b}, &party, "organisations/jgz");
  EXPECT_EQ(part.extent(), v1::SIGHT_EXTENT_PART);
  EXPECT_THAT(part.sees(), ElementsAre("m"));
  EXPECT_EQ(part.missing(0).compartment(), common::v1::COMPARTMENT_HEALTH);
  EXPECT_EQ(part.missing(0).recipient(), "organisations/jgz");
  // Who is not let in reads nothing, whatever would open; nor does who has no place any more.
  party.set_allowed(false);
  EXPECT_EQ(CheckOf({a, b}, &party, "organisations/jgz").extent(), v1::SIGHT_EXTENT_NOTHING);
  EXPECT_EQ(CheckOf({a, b}, nullptr, "organisations/jgz").extent(), v1::SIGHT_EXTENT_NOTHING);
  party.set_allowed(true);
  party.add_scopes("scope-2");
  EXPECT_EQ(CheckOf({a, b}, &party, "").extent(), v1::SIGHT_EXTENT_ALL);
}

TEST(InvitationRules, AnAnswerIsOneThingAndWhole) {
  v1::KeptMeeting meeting;
  meeting.set_video(true);
  const Me staff = {.staff = true};
  v1::AnswerInvitationRequest req;
  EXPECT_EQ(Reason(CheckAnswer(req, meeting, staff)), "BAD_ANSWER");
  req.set_answer(v1::INVITATION_STATE_WITHDRAWN);
  EXPECT_EQ(Reason(CheckAnswer(req, meeting, staff)), "BAD_ANSWER");
  req.set_answer(v1::INVITATION_STATE_ACCEPTED);
  EXPECT_EQ(Reason(CheckAnswer(req, meeting, staff)), "BAD_ANSWER");
  req.set_how(casework::v1::ATTENDANCE_HOW_VIDEO);
  EXPECT_OK(CheckAnswer(req, meeting, staff));
  req.mutable_representative()->set_kind(v1::REPRESENTATIVE_KIND_CONFIDANT);
  EXPECT_EQ(Reason(CheckAnswer(req, meeting, staff)), "REPRESENTATIVE_MISSING");
  req.set_how(casework::v1::ATTENDANCE_HOW_REPRESENTATIVE);
  EXPECT_EQ(Reason(CheckAnswer(req, meeting, staff)), "NOT_YOUR_COLLEAGUE");
  EXPECT_OK(CheckAnswer(req, meeting, {.person = "p-1"}));
  req.mutable_representative()->set_professional("professionals/x");
  EXPECT_EQ(Reason(CheckAnswer(req, meeting, {.person = "p-1"})), "REPRESENTATIVE_MISSING");
}

}  // namespace
}  // namespace knooppunt::meetings
