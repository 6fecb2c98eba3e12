#include "services/meetings/service.h"

#include <functional>

#include "services/dossier/rules.h"

namespace knooppunt::meetings {
namespace {

// The hooks. References: the professional and the organisation of who has no seat yet; access says
// along what they would read.
absl::Status DemandInvite(const runtime::Preparation&, const v1::InviteToMeetingRequest& req,
                          runtime::Demands* out) {
  if (!req.has_new_party()) return absl::OkStatus();
  out->references = {req.new_party().professional(), req.new_party().organisation()};
  return absl::OkStatus();
}
// Reference: the colleague who comes.
absl::Status DemandAnswer(const runtime::Preparation&, const v1::AnswerInvitationRequest& req,
                          runtime::Demands* out) {
  if (!req.representative().professional().empty()) {
    out->references = {req.representative().professional()};
  }
  return absl::OkStatus();
}
// Label 0. One that is not complete is not demanded: the handler refuses it (R38).
absl::Status DemandItem(const runtime::Preparation&, const v1::AddAgendaItemRequest& req,
                        runtime::Demands* out) {
  const common::v1::Label& label = req.item().label();
  if (dossier::IsComplete(label)) out->labels.push_back(dossier::Asked(label));
  return absl::OkStatus();
}
// Reference: the werkplaats.
absl::Status DemandSitting(const runtime::Preparation&, const v1::PlanSittingRequest& req,
                           runtime::Demands* out) {
  out->references = {req.parent()};
  return absl::OkStatus();
}

}  // namespace

void MeetingsService::Register(runtime::Registry& r) {
  using std::bind_front;
  using S = MeetingsService;
#define KP_METHOD(name) "/knooppunt.meetings.v1.MeetingsService/" name
  r.Write<v1::ArrangeMeetingRequest, v1::Agenda>(KP_METHOD("ArrangeMeeting"),
                                                 bind_front(&S::ArrangeMeeting, this));
  r.Write<v1::InviteToMeetingRequest, v1::Invitation>(KP_METHOD("InviteToMeeting"),
                                                      bind_front(&S::InviteToMeeting, this));
  r.Read<v1::ListInvitationsRequest, v1::ListInvitationsResponse>(
      KP_METHOD("ListInvitations"), bind_front(&S::ListInvitations, this));
  r.Read<v1::CheckInvitationsRequest, v1::CheckInvitationsResponse>(
      KP_METHOD("CheckInvitations"), bind_front(&S::CheckInvitations, this));
  r.List<v1::ListOwnInvitationsRequest, v1::ListOwnInvitationsResponse>(
      KP_METHOD("ListOwnInvitations"), bind_front(&S::ListOwnInvitations, this));
  r.Write<v1::AnswerInvitationRequest, v1::Invitation>(KP_METHOD("AnswerInvitation"),
                                                       bind_front(&S::AnswerInvitation, this));
  r.Write<v1::WithdrawInvitationRequest, v1::Invitation>(KP_METHOD("WithdrawInvitation"),
                                                         bind_front(&S::WithdrawInvitation, this));
  r.Read<v1::GetAgendaRequest, v1::Agenda>(KP_METHOD("GetAgenda"), bind_front(&S::GetAgenda, this));
  r.Write<v1::AddAgendaItemRequest, v1::AgendaItem>(KP_METHOD("AddAgendaItem"),
                                                    bind_front(&S::AddAgendaItem, this));
  r.Write<v1::UpdateAgendaItemRequest, v1::AgendaItem>(KP_METHOD("UpdateAgendaItem"),
                                                       bind_front(&S::UpdateAgendaItem, this));
  r.Write<v1::MoveAgendaItemRequest, v1::Agenda>(KP_METHOD("MoveAgendaItem"),
                                                 bind_front(&S::MoveAgendaItem, this));
  r.Write<v1::RecordMinutesRequest, v1::AgendaItem>(KP_METHOD("RecordMinutes"),
                                                    bind_front(&S::RecordMinutes, this));
  r.Write<v1::ReactToMinutesRequest, v1::AgendaItem>(KP_METHOD("ReactToMinutes"),
                                                     bind_front(&S::ReactToMinutes, this));
  r.Write<v1::PlanSittingRequest, v1::Sitting>(KP_METHOD("PlanSitting"),
                                               bind_front(&S::PlanSitting, this));
  r.Write<v1::MoveMeetingRequest, v1::Agenda>(KP_METHOD("MoveMeeting"),
                                              bind_front(&S::MoveMeeting, this));
  r.Write<v1::CancelMeetingRequest, v1::Agenda>(KP_METHOD("CancelMeeting"),
                                                bind_front(&S::CancelMeeting, this));
  r.Write<v1::MoveSittingRequest, v1::Sitting>(KP_METHOD("MoveSitting"),
                                               bind_front(&S::MoveSitting, this));
  r.Write<v1::CancelSittingRequest, v1::Sitting>(KP_METHOD("CancelSitting"),
                                                 bind_front(&S::CancelSitting, this));
  r.Write<v1::AssignSlotRequest, v1::Agenda>(KP_METHOD("AssignSlot"),
                                             bind_front(&S::AssignSlot, this));
  r.List<v1::GetSittingRequest, v1::Sitting>(KP_METHOD("GetSitting"),
                                             bind_front(&S::GetSitting, this));
  r.List<v1::ListSittingsRequest, v1::ListSittingsResponse>(KP_METHOD("ListSittings"),
                                                            bind_front(&S::ListSittings, this));

  r.Demand<v1::InviteToMeetingRequest>(KP_METHOD("InviteToMeeting"), DemandInvite);
  r.Demand<v1::AnswerInvitationRequest>(KP_METHOD("AnswerInvitation"), DemandAnswer);
  r.Demand<v1::AddAgendaItemRequest>(KP_METHOD("AddAgendaItem"), DemandItem);
  r.Demand<v1::PlanSittingRequest>(KP_METHOD("PlanSitting"), DemandSitting);
#undef KP_METHOD
}

}  // namespace knooppunt::meetings
