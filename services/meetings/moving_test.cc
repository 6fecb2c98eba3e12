// Moving and cancelling meetings and sittings, over a real database: who is invited is asked anew,
// or told that it is off.
#include <functional>

#include "knooppunt/worklist/v1/worklist.pb.h"
#include "services/meetings/meetings_testing.h"

namespace knooppunt::meetings {
namespace {

using absl::StatusCode;
using ::knooppunt::testing::StatusIs;
using ::testing::_;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class MovingTest : public MeetingsTest {
 protected:
  void SetUp() override {
    Start();
    meeting = Plan();
  }
  v1::MoveMeetingRequest Moving(const std::string& date) {
    v1::MoveMeetingRequest req;
    req.set_name(meeting);
    req.set_date(date);
    req.set_reason(v1::CHANGE_REASON_FAMILY);
    req.set_etag(EtagNow());
    return req;
  }
  absl::StatusOr<v1::Agenda> Move(const Caller& who, const v1::MoveMeetingRequest& req) {
    return Ask<v1::Agenda>("MoveMeeting", who, req);
  }
  absl::StatusOr<v1::Agenda> Cancel(const Caller& who, v1::ChangeReason reason) {
    v1::CancelMeetingRequest req;
    req.set_name(meeting);
    req.set_reason(reason);
    req.set_etag(EtagNow());
    return Ask<v1::Agenda>("CancelMeeting", who, req);
  }
  std::string EtagNow() {
    const auto now = Agenda(j.ib, meeting);
    EXPECT_OK(now);
    return now.value_or(v1::Agenda()).etag();
  }
  // What the worklist or the inbox of somebody holds, by kind.
  std::vector<std::string> Work(const Caller& who) {
    std::vector<std::string> out;
    const auto list = j.office.Call<worklist::v1::ListWorklistResponse>(
        "worklist.v1.WorklistService", "ListWorklist", who, worklist::v1::ListWorklistRequest());
    EXPECT_OK(list);
    if (!list.ok()) return out;
    for (const auto& e : list->entries()) {
      out.push_back(worklist::v1::EntryKind_Name(e.kind()).substr(11));
    }
    return out;
  }
  std::vector<std::string> Told(const Caller& who) {
    std::vector<std::string> out;
    const auto inbox = j.office.Call<worklist::v1::ListInboxResponse>(
        "worklist.v1.WorklistService", "ListInbox", who, worklist::v1::ListInboxRequest());
    EXPECT_OK(inbox);
    if (!inbox.ok()) return out;
    for (const auto& n : inbox->notices()) {
      out.push_back(worklist::v1::NoticeKind_Name(n.kind()).substr(12));
    }
    return out;
  }

  std::string meeting;
};

TEST_F(MovingTest, R4WhoWasInvitedIsAskedAnewForTheNewDay) {
  ASSERT_OK(Arrange(j.ib, meeting, "09:40", "10:20"));
  Invited(meeting, j.nurse);
  Invited(meeting, j.mother);
  ASSERT_OK(Answer(j.nurse, Yes(Own(j.nurse).at(0))));
  ASSERT_THAT(Own(j.nurse), IsEmpty());
  EXPECT_THAT(Work(j.nurse), Not(Contains("MEETING_INVITATION")));

  ASSERT_OK_AND_ASSIGN(const v1::Agenda moved, Move(j.ib, Moving("2026-12-07")));
  EXPECT_EQ(moved.date(), "2026-12-07");
  EXPECT_EQ(moved.moved_from(), kDay);
  EXPECT_EQ(moved.change_reason(), v1::CHANGE_REASON_FAMILY);
  EXPECT_THAT(moved.start(), IsEmpty()) << "another day is arranged anew";
  EXPECT_EQ(moved.state(), casework::v1::MEETING_STATE_PLANNED);

  const std::vector<v1::Invitation> own = Own(j.nurse);
  ASSERT_THAT(own, SizeIs(1));
  EXPECT_EQ(own[0].state(), v1::INVITATION_STATE_MOVED);
  EXPECT_EQ(own[0].date(), "2026-12-07");
  EXPECT_EQ(own[0].moved_from(), kDay);
  EXPECT_EQ(own[0].how(), casework::v1::ATTENDANCE_HOW_UNSPECIFIED);
  EXPECT_FALSE(own[0].has_answer_time());
  EXPECT_THAT(Told(j.nurse), Contains("MEETING_MOVED"));
  EXPECT_THAT(Work(j.nurse), Contains("MEETING_INVITATION"));
  EXPECT_THAT(Told(j.mother), Contains("MEETING_MOVED"));
  ASSERT_OK(Answer(j.nurse, Yes(own[0])));
  EXPECT_THAT(Told(j.nurse), Not(Contains("MEETING_MOVED")));
  EXPECT_THAT(Work(j.nurse), Not(Contains("MEETING_INVITATION")));

  // The meeting itself has the new day, and is concluded on it.
  const casework::v1::Case seen = j.Get(j.ib);
  EXPECT_EQ(seen.meetings(0).date(), "2026-12-07");
  GoTo(14);
  Conclude(meeting);
  EXPECT_EQ(Reason(Move(j.ib, Moving("2026-12-14"))), "MEETING_CONCLUDED");
}

TEST_F(MovingTest, ATimeOrAPlaceAloneMovesIt) {
  ASSERT_OK(Arrange(j.ib, meeting, "09:40", "10:20"));
  Invited(meeting, j.nurse);
  ASSERT_OK(Answer(j.nurse, Yes(Own(j.nurse).at(0))));
  v1::MoveMeetingRequest req = Moving("");
  req.set_start("13:00");
  req.set_end("13:40");
  req.set_reason(v1::CHANGE_REASON_PLACE);
  ASSERT_OK_AND_ASSIGN(const v1::Agenda moved, Move(j.ib, req));
  EXPECT_EQ(moved.start(), "13:00");
  EXPECT_EQ(moved.place(), "Kamer 3");
  EXPECT_EQ(Own(j.nurse).at(0).state(), v1::INVITATION_STATE_MOVED);
  // Arranging it at another time asks again as well.
  ASSERT_OK(Answer(j.nurse, Yes(Own(j.nurse).at(0))));
  ASSERT_OK(Arrange(j.ib, meeting, "14:00", "14:40"));
  EXPECT_EQ(Own(j.nurse).at(0).state(), v1::INVITATION_STATE_MOVED);
}

TEST_F(MovingTest, WhatIsNoMoveIsRefused) {
  ASSERT_OK(Arrange(j.ib, meeting, "09:40", "10:20"));
  const auto refused = [&](const std::function<void(v1::MoveMeetingRequest*)>& change) {
    v1::MoveMeetingRequest req = Moving("2026-12-07");
    change(&req);
    return Reason(Move(j.ib, req));
  };
  EXPECT_EQ(refused([](auto* r) { r->clear_reason(); }), "REASON_MISSING");
  EXPECT_EQ(refused([](auto* r) { r->set_reason(v1::CHANGE_REASON_NOT_NEEDED); }),
            "NOT_NEEDED_IS_CANCELLED");
  EXPECT_EQ(refused([](auto* r) { r->set_date("2026-11-22"); }), "MEETING_IN_THE_PAST");
  EXPECT_EQ(refused([](auto* r) { r->set_date("2026-02-30"); }), "INVALID_FIELD");
  EXPECT_EQ(refused([](auto* r) { r->set_date(kDay); }), "NOTHING_MOVES");
  EXPECT_EQ(refused([](auto* r) { r->set_start("10:00"); }), "INVALID_FIELD");
  EXPECT_EQ(refused([](auto* r) { r->set_place("a\nb"); }), "INVALID_FIELD");
  EXPECT_EQ(refused([](auto* r) { r->clear_etag(); }), "ETAG_MISSING");
  EXPECT_EQ(refused([](auto* r) { r->set_etag("0123456789abcdef"); }), "STALE_ETAG");
  EXPECT_EQ(Agenda(j.ib, meeting)->date(), kDay);
}

TEST_F(MovingTest, R4ACancelledMeetingStaysOnRecordAndWhoWasInvitedIsTold) {
  Invited(meeting, j.nurse);
  Invited(meeting, j.mother);
  ASSERT_OK(Answer(j.nurse, Yes(Own(j.nurse).at(0))));
  EXPECT_EQ(Reason(Cancel(j.ib, v1::CHANGE_REASON_UNSPECIFIED)), "REASON_MISSING");
  ASSERT_OK_AND_ASSIGN(const v1::Agenda off, Cancel(j.ib, v1::CHANGE_REASON_NOT_NEEDED));
  EXPECT_EQ(off.state(), casework::v1::MEETING_STATE_CANCELLED);
  EXPECT_THAT(Own(j.nurse), IsEmpty()) << "there is nothing to answer";
  const std::vector<v1::Invitation> all = Own(j.nurse, true);
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].state(), v1::INVITATION_STATE_CANCELLED);
  EXPECT_EQ(all[0].change_reason(), v1::CHANGE_REASON_NOT_NEEDED);
  EXPECT_THAT(Told(j.nurse), Contains("MEETING_CANCELLED"));
  EXPECT_THAT(Told(j.mother), Contains("MEETING_CANCELLED"));
  EXPECT_THAT(Work(j.mother), Not(Contains("MEETING_INVITATION")));
  EXPECT_THAT(Work(j.ib), Not(Contains("MEETING")));

  EXPECT_EQ(Reason(Answer(j.nurse, Yes(all[0]))), "MEETING_CANCELLED");
  EXPECT_EQ(Reason(Move(j.ib, Moving("2026-12-07"))), "MEETING_CANCELLED");
  EXPECT_EQ(Reason(Cancel(j.ib, v1::CHANGE_REASON_FAMILY)), "MEETING_CANCELLED");
  casework::v1::ConcludeMeetingRequest conclude;
  conclude.set_name(meeting);
  EXPECT_FALSE(j.office.Casework<casework::v1::Meeting>("ConcludeMeeting", j.ib, conclude).ok());
  EXPECT_EQ(j.Get(j.ib).meetings(0).state(), casework::v1::MEETING_STATE_CANCELLED);
  // After its day it is no news any more.
  GoTo(8);
  EXPECT_THAT(Told(j.nurse), Not(Contains("MEETING_CANCELLED")));
}

TEST_F(MovingTest, R8ASeatThatWasMadeForACancelledMeetingEndsWithIt) {
  const Caller& expert = j.stranger;  // sits at no table yet
  v1::InviteToMeetingRequest req;
  req.set_parent(meeting);
  req.mutable_new_party()->set_professional(expert.claims.subject());
  req.mutable_new_party()->set_organisation(expert.claims.organisation());
  req.mutable_new_party()->set_function(expert.claims.function());
  req.mutable_new_party()->set_end_date("2026-12-31");
  ASSERT_OK(Ask<v1::Invitation>("InviteToMeeting", j.ib, req));
  EXPECT_THAT(Own(expert), SizeIs(1));
  ASSERT_OK(Cancel(j.ib, v1::CHANGE_REASON_FAMILY));
  EXPECT_THAT(Own(expert, true), IsEmpty());
}

TEST_F(MovingTest, R18NoSuchMeetingAndNotYoursAreTheSame) {
  const auto refused = [&](const Caller& who, const std::string& name) {
    v1::MoveMeetingRequest req = Moving("2026-12-07");
    req.set_name(name);
    return Move(who, req).status();
  };
  EXPECT_EQ(refused(j.stranger, meeting), refused(j.stranger, j.case_name + "/meetings/m-none"));
  EXPECT_FALSE(refused(j.stranger, meeting).ok());
  EXPECT_FALSE(refused(j.mother, meeting).ok());
}

// ---- Sittings ----

class MovingSittingsTest : public MovingTest {
 protected:
  void SetUp() override {
    MovingTest::SetUp();
    v1::PlanSittingRequest plan;
    plan.set_parent("werkplaatsen/manjefiek");
    plan.mutable_sitting()->set_date(kDay);
    plan.mutable_sitting()->set_start("09:00");
    plan.mutable_sitting()->set_end("12:00");
    plan.mutable_sitting()->set_place("Teamkamer");
    ASSERT_OK_AND_ASSIGN(sitting, Ask<v1::Sitting>("PlanSitting", j.ib, plan));
    Invited(meeting, j.nurse);
    v1::AssignSlotRequest slot;
    slot.set_name(meeting);
    slot.set_sitting(sitting.name());
    slot.set_start("09:40");
    slot.set_end("10:20");
    slot.set_etag(EtagNow());
    ASSERT_OK(Ask<v1::Agenda>("AssignSlot", j.ib, slot));
  }
  v1::MoveSittingRequest MovingTo(const std::string& date) {
    v1::MoveSittingRequest req;
    req.set_name(sitting.name());
    req.mutable_sitting()->set_date(date);
    req.mutable_update_mask()->add_paths("date");
    req.set_reason(v1::CHANGE_REASON_PLACE);
    req.set_etag(Get(j.ib).etag());
    return req;
  }
  v1::Sitting Get(const Caller& who) {
    v1::GetSittingRequest req;
    req.set_name(sitting.name());
    const auto got = Ask<v1::Sitting>("GetSitting", who, req);
    EXPECT_OK(got);
    return got.value_or(v1::Sitting());
  }

  v1::Sitting sitting;
};

TEST_F(MovingSittingsTest, R37AMovedSittingShowsWithItsMeetingsUntilTheyMoveToo) {
  EXPECT_FALSE(Agenda(j.ib, meeting)->sitting_changed());
  ASSERT_OK_AND_ASSIGN(const v1::Sitting moved,
                       Ask<v1::Sitting>("MoveSitting", j.ib, MovingTo("2026-12-07")));
  EXPECT_EQ(moved.date(), "2026-12-07");
  EXPECT_EQ(moved.change_reason(), v1::CHANGE_REASON_PLACE);
  const auto shown = Agenda(j.ib, meeting);
  EXPECT_TRUE(shown->sitting_changed());
  EXPECT_EQ(shown->date(), kDay);
  // The meeting moves out of it to its new day, and takes a slot there again.
  ASSERT_OK_AND_ASSIGN(const v1::Agenda out, Move(j.ib, Moving("2026-12-07")));
  EXPECT_THAT(out.sitting(), IsEmpty());
  EXPECT_FALSE(out.sitting_changed());
  v1::AssignSlotRequest slot;
  slot.set_name(meeting);
  slot.set_sitting(sitting.name());
  slot.set_start("09:40");
  slot.set_end("10:20");
  slot.set_etag(out.etag());
  ASSERT_OK_AND_ASSIGN(const v1::Agenda in, Ask<v1::Agenda>("AssignSlot", j.ib, slot));
  EXPECT_FALSE(in.sitting_changed());
  EXPECT_EQ(Own(j.nurse).at(0).state(), v1::INVITATION_STATE_MOVED);
}

TEST_F(MovingSittingsTest, R37ACancelledSittingTakesNoSlotsAndIsNotChanged) {
  v1::CancelSittingRequest req;
  req.set_name(sitting.name());
  req.set_etag(Get(j.ib).etag());
  EXPECT_EQ(Reason(Ask<v1::Sitting>("CancelSitting", j.ib, req)), "REASON_MISSING");
  req.set_reason(v1::CHANGE_REASON_LEAD_ABSENT);
  ASSERT_OK_AND_ASSIGN(const v1::Sitting off, Ask<v1::Sitting>("CancelSitting", j.ib, req));
  EXPECT_EQ(off.state(), v1::SITTING_STATE_CANCELLED);
  EXPECT_TRUE(Agenda(j.ib, meeting)->sitting_changed());
  EXPECT_EQ(Reason(Ask<v1::Sitting>("CancelSitting", j.ib, req)), "SITTING_CANCELLED");
  EXPECT_EQ(Reason(Ask<v1::Sitting>("MoveSitting", j.ib, MovingTo("2026-12-07"))),
            "SITTING_CANCELLED");
  v1::AssignSlotRequest slot;
  slot.set_name(meeting);
  slot.set_sitting(sitting.name());
  slot.set_start("10:40");
  slot.set_end("11:20");
  slot.set_etag(EtagNow());
  EXPECT_EQ(Reason(Ask<v1::Agenda>("AssignSlot", j.ib, slot)), "SITTING_CANCELLED");
}

TEST_F(MovingSittingsTest, R18R37OnlyWhoRunsTheWerkplaatsMovesASittingAsItWasRead) {
  v1::MoveSittingRequest req = MovingTo("2026-12-07");
  const Caller other = j.office.AddProfessional("professionals/ib3", "organisations/lvo",
                                                common::v1::FUNCTION_INTERN_BEGELEIDER, "Bo Dings");
  const auto not_theirs = Ask<v1::Sitting>("MoveSitting", other, req);
  EXPECT_THAT(not_theirs, StatusIs(StatusCode::kNotFound, _));
  v1::MoveSittingRequest none = req;
  none.set_name("werkplaatsen/manjefiek/sittings/z-never");
  EXPECT_EQ(not_theirs.status(), Ask<v1::Sitting>("MoveSitting", other, none).status());
  // A slot more or less is no other sitting.
  v1::AssignSlotRequest slot;
  slot.set_name(meeting);
  slot.set_etag(EtagNow());
  ASSERT_OK(Ask<v1::Agenda>("AssignSlot", j.ib, slot));
  ASSERT_OK(Ask<v1::Sitting>("MoveSitting", j.ib, req));
  EXPECT_EQ(Reason(Ask<v1::Sitting>("MoveSitting", j.ib, req)), "STALE_ETAG");
  req = MovingTo("2026-12-07");
  EXPECT_EQ(Reason(Ask<v1::Sitting>("MoveSitting", j.ib, req)), "NOTHING_MOVES");
  req.clear_update_mask();
  EXPECT_EQ(Reason(Ask<v1::Sitting>("MoveSitting", j.ib, req)), "UPDATE_MASK_MISSING");
}

}  // namespace
}  // namespace knooppunt::meetings
