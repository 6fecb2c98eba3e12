// Calls about meetings that succeed: each leaves one record in the dossier's unit and none in
// another (R22).
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "knooppunt/meetings/v1/meetings.pb.h"
#include "tests/matrix/changes.h"

namespace knooppunt::matrix {
namespace {

class MeetingChangesTest : public Changes {
 protected:
  template <typename Answer>
  Answer Meetings(const Caller& who, const char* method, const google::protobuf::Message& request) {
    return Do<Answer>("dossier", who, absl::StrCat("meetings.v1.MeetingsService/", method),
                      request);
  }
  meetings::v1::Agenda Agenda(const Caller& who) {
    return Meetings<meetings::v1::Agenda>(who, "GetAgenda",
                                          Named<meetings::v1::GetAgendaRequest>(meeting_));
  }
  void Plan();
  void Invitations();
  void TheAgenda();
  void ASitting();
  void AnotherDay();

  std::string meeting_, sitting_;
};

void MeetingChangesTest::Plan() {
  casework::v1::PlanMeetingRequest plan;
  plan.set_parent(region_.case_name);
  plan.set_date(region_.Day(0));
  *plan.mutable_label() = SchoolLabel();
  meeting_ = Casework<casework::v1::Meeting>(region_.ib, "PlanMeeting", plan).name();
  meetings::v1::ArrangeMeetingRequest arrange;
  arrange.set_name(meeting_);
  arrange.mutable_agenda()->set_start("09:00");
  arrange.mutable_agenda()->set_end("09:40");
  arrange.mutable_agenda()->set_place("Kamer 3");
  for (const char* path : {"start", "end", "place"}) arrange.mutable_update_mask()->add_paths(path);
  arrange.set_etag(Agenda(region_.ib).etag());
  Meetings<meetings::v1::Agenda>(region_.ib, "ArrangeMeeting", arrange);
}

void MeetingChangesTest::Invitations() {
  meetings::v1::InviteToMeetingRequest invite;
  invite.set_parent(meeting_);
  invite.set_seat(SeatOf(region_.nurse));
  const auto sent = Meetings<meetings::v1::Invitation>(region_.ib, "InviteToMeeting", invite);
  Meetings<meetings::v1::ListInvitationsResponse>(
      region_.ib, "ListInvitations", Under<meetings::v1::ListInvitationsRequest>(meeting_));
  Meetings<meetings::v1::CheckInvitationsResponse>(
      region_.ib, "CheckInvitations", Under<meetings::v1::CheckInvitationsRequest>(meeting_));
  const auto own = Meetings<meetings::v1::ListOwnInvitationsResponse>(
      region_.nurse, "ListOwnInvitations", meetings::v1::ListOwnInvitationsRequest());
  ASSERT_EQ(own.invitations_size(), 1);
  meetings::v1::AnswerInvitationRequest answer;
  answer.set_name(sent.name());
  answer.set_answer(meetings::v1::INVITATION_STATE_ACCEPTED);
  answer.set_how(casework::v1::ATTENDANCE_HOW_IN_PERSON);
  answer.set_etag(own.invitations(0).etag());
  Meetings<meetings::v1::Invitation>(region_.nurse, "AnswerInvitation", answer);
  meetings::v1::InviteToMeetingRequest person;
  person.set_parent(meeting_);
  person.set_person(absl::StrCat(family(), "/persons/", region_.mother_id));
  const auto mother = Meetings<meetings::v1::Invitation>(region_.ib, "InviteToMeeting", person);
  meetings::v1::WithdrawInvitationRequest back;
  back.set_name(mother.name());
  back.set_etag(mother.etag());
  Meetings<meetings::v1::Invitation>(region_.ib, "WithdrawInvitation", back);
}

void MeetingChangesTest::TheAgenda() {
  std::vector<meetings::v1::AgendaItem> items;
  for (const char* title : {"Rekenen", "Gym"}) {
    meetings::v1::AddAgendaItemRequest add;
    add.set_parent(meeting_);
    add.mutable_item()->set_title(title);
    *add.mutable_item()->mutable_label() = SchoolLabel();
    items.push_back(Meetings<meetings::v1::AgendaItem>(region_.ib, "AddAgendaItem", add));
  }
  meetings::v1::UpdateAgendaItemRequest update;
  update.set_name(items[0].name());
  update.set_etag(items[0].etag());
  update.mutable_item()->set_title("Rekenen en taal");
  update.mutable_update_mask()->add_paths("title");
  const auto item = Meetings<meetings::v1::AgendaItem>(region_.ib, "UpdateAgendaItem", update);
  meetings::v1::MoveAgendaItemRequest move;
  move.set_name(items[1].name());
  move.set_etag(Agenda(region_.ib).etag());
  Meetings<meetings::v1::Agenda>(region_.ib, "MoveAgendaItem", move);
  meetings::v1::RecordMinutesRequest minutes;
  minutes.set_name(item.name());
  minutes.set_etag(item.etag());
  minutes.set_said("Het gaat beter.");
  Meetings<meetings::v1::AgendaItem>(region_.ib, "RecordMinutes", minutes);
  meetings::v1::ReactToMinutesRequest react;
  react.set_name(item.name());
  react.set_text("Thuis nog niet.");
  Meetings<meetings::v1::AgendaItem>(region_.mother, "ReactToMinutes", react);
}

void MeetingChangesTest::ASitting() {
  meetings::v1::PlanSittingRequest plan;
  plan.set_parent("werkplaatsen/manjefiek");
  plan.mutable_sitting()->set_date(region_.Day(0));
  plan.mutable_sitting()->set_start("09:00");
  plan.mutable_sitting()->set_end("12:00");
  plan.mutable_sitting()->set_place("Teamkamer");
  const auto sitting = Meetings<meetings::v1::Sitting>(region_.ib, "PlanSitting", plan);
  sitting_ = sitting.name();
  meetings::v1::AssignSlotRequest slot;
  slot.set_name(meeting_);
  slot.set_sitting(sitting.name());
  slot.set_start("10:00");
  slot.set_end("10:40");
  slot.set_etag(Agenda(region_.ib).etag());
  Meetings<meetings::v1::Agenda>(region_.ib, "AssignSlot", slot);
  Meetings<meetings::v1::Sitting>(region_.nurse, "GetSitting",
                                  Named<meetings::v1::GetSittingRequest>(sitting.name()));
  Meetings<meetings::v1::ListSittingsResponse>(
      region_.mother, "ListSittings",
      Under<meetings::v1::ListSittingsRequest>("werkplaatsen/manjefiek"));
}

void MeetingChangesTest::AnotherDay() {
  const auto sitting = Meetings<meetings::v1::Sitting>(
      region_.ib, "GetSitting", Named<meetings::v1::GetSittingRequest>(sitting_));
  meetings::v1::MoveSittingRequest later;
  later.set_name(sitting_);
  later.mutable_sitting()->set_date(region_.Day(7));
  later.mutable_update_mask()->add_paths("date");
  later.set_reason(meetings::v1::CHANGE_REASON_PLACE);
  later.set_etag(sitting.etag());
  const auto moved = Meetings<meetings::v1::Sitting>(region_.ib, "MoveSitting", later);
  meetings::v1::CancelSittingRequest off;
  off.set_name(sitting_);
  off.set_reason(meetings::v1::CHANGE_REASON_LEAD_ABSENT);
  off.set_etag(moved.etag());
  Meetings<meetings::v1::Sitting>(region_.ib, "CancelSitting", off);
  meetings::v1::MoveMeetingRequest move;
  move.set_name(meeting_);
  move.set_date(region_.Day(7));
  move.set_reason(meetings::v1::CHANGE_REASON_FAMILY);
  move.set_etag(Agenda(region_.ib).etag());
  const auto next = Meetings<meetings::v1::Agenda>(region_.ib, "MoveMeeting", move);
  meetings::v1::CancelMeetingRequest cancel;
  cancel.set_name(meeting_);
  cancel.set_reason(meetings::v1::CHANGE_REASON_NOT_NEEDED);
  cancel.set_etag(next.etag());
  Meetings<meetings::v1::Agenda>(region_.ib, "CancelMeeting", cancel);
}

TEST_F(MeetingChangesTest, R22WhatSucceedsAroundAMeetingLeavesOneRecord) {
  region_.SeatTheNurse();
  Plan();
  Invitations();
  TheAgenda();
  ASitting();
  AnotherDay();
  std::printf("matrix: %zu methods called with success\n", done_.size());
  const auto* service = meetings::v1::Agenda::descriptor()->file()->pool()->FindServiceByName(
      "knooppunt.meetings.v1.MeetingsService");
  ASSERT_NE(service, nullptr);
  for (int i = 0; i < service->method_count(); ++i) {
    EXPECT_TRUE(
        done_.count(absl::StrCat("meetings.v1.MeetingsService/", service->method(i)->name())) == 1)
        << service->method(i)->name() << " was not called with success";
  }
}

}  // namespace
}  // namespace knooppunt::matrix
