// MeetingsService: invitations, the agenda with its minutes, and sittings (R4, R7, R9, R11-R13,
// R18, R38). One method an RPC, one file a resource; rules are in rules.h. Thread-safe: holds no
// state of its own.
#ifndef KNOOPPUNT_SERVICES_MEETINGS_SERVICE_H_
#define KNOOPPUNT_SERVICES_MEETINGS_SERVICE_H_

#include <vector>

#include "absl/status/status.h"
#include "knooppunt/meetings/v1/meetings.pb.h"
#include "security/crypto/random.h"
#include "security/policy/authorized_call.h"
#include "security/storage/database.h"
#include "services/runtime/registry.h"

namespace knooppunt::meetings {

class MeetingsService {
 public:
  // `random` is not owned and outlives the service.
  explicit MeetingsService(crypto::Random& random) : random_(random) {}
  MeetingsService(const MeetingsService&) = delete;
  MeetingsService& operator=(const MeetingsService&) = delete;

  // Adds the handlers and hooks; `registry` may use them as long as the service lives.
  void Register(runtime::Registry& registry);

 private:
  using Call = policy::AuthorizedCall;
  using ReadTx = storage::ReadTx;
  using WriteTx = storage::WriteTx;

  // invitations.cc
  absl::Status InviteToMeeting(const Call&, WriteTx&, const v1::InviteToMeetingRequest&,
                               v1::Invitation*);
  absl::Status AnswerInvitation(const Call&, WriteTx&, const v1::AnswerInvitationRequest&,
                                v1::Invitation*);
  absl::Status WithdrawInvitation(const Call&, WriteTx&, const v1::WithdrawInvitationRequest&,
                                  v1::Invitation*);
  // invited.cc
  absl::Status ListInvitations(const Call&, ReadTx&, const v1::ListInvitationsRequest&,
                               v1::ListInvitationsResponse*);
  absl::Status CheckInvitations(const Call&, ReadTx&, const v1::CheckInvitationsRequest&,
                                v1::CheckInvitationsResponse*);
  absl::Status ListOwnInvitations(const Call&, const std::vector<Call>&, ReadTx&,
                                  const v1::ListOwnInvitationsRequest&,
                                  v1::ListOwnInvitationsResponse*);
  // agenda.cc
  absl::Status ArrangeMeeting(const Call&, WriteTx&, const v1::ArrangeMeetingRequest&, v1::Agenda*);
  absl::Status GetAgenda(const Call&, ReadTx&, const v1::GetAgendaRequest&, v1::Agenda*);
  absl::Status AddAgendaItem(const Call&, WriteTx&, const v1::AddAgendaItemRequest&,
                             v1::AgendaItem*);
  absl::Status UpdateAgendaItem(const Call&, WriteTx&, const v1::UpdateAgendaItemRequest&,
                                v1::AgendaItem*);
  absl::Status MoveAgendaItem(const Call&, WriteTx&, const v1::MoveAgendaItemRequest&, v1::Agenda*);
  // moving.cc
  absl::Status MoveMeeting(const Call&, WriteTx&, const v1::MoveMeetingRequest&, v1::Agenda*);
  absl::Status CancelMeeting(const Call&, WriteTx&, const v1::CancelMeetingRequest&, v1::Agenda*);
  // minutes.cc
  absl::Status RecordMinutes(const Call&, WriteTx&, const v1::RecordMinutesRequest&,
                             v1::AgendaItem*);
  absl::Status ReactToMinutes(const Call&, WriteTx&, const v1::ReactToMinutesRequest&,
                              v1::AgendaItem*);
  // sittings.cc
  absl::Status PlanSitting(const Call&, WriteTx&, const v1::PlanSittingRequest&, v1::Sitting*);
  absl::Status MoveSitting(const Call&, WriteTx&, const v1::MoveSittingRequest&, v1::Sitting*);
  absl::Status CancelSitting(const Call&, WriteTx&, const v1::CancelSittingRequest&, v1::Sitting*);
  absl::Status AssignSlot(const Call&, WriteTx&, const v1::AssignSlotRequest&, v1::Agenda*);
  absl::Status GetSitting(const Call&, const std::vector<Call>&, ReadTx&,
                          const v1::GetSittingRequest&, v1::Sitting*);
  absl::Status ListSittings(const Call&, const std::vector<Call>&, ReadTx&,
                            const v1::ListSittingsRequest&, v1::ListSittingsResponse*);

  crypto::Random& random_;
};

}  // namespace knooppunt::meetings

#endif  // KNOOPPUNT_SERVICES_MEETINGS_SERVICE_H_
