// Moving a meeting that is planned to another day, time or place, and cancelling it. Who is invited
// is told, and asked anew (R7, R18).

#include <string>

#include "base/status.h"
#include "knooppunt/casework/v1/meeting.pb.h"
#include "services/dossier/errors.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/meetings/errors.h"
#include "services/meetings/meeting.h"
#include "services/meetings/service.h"

namespace knooppunt::meetings {
namespace {

constexpr char kMeeting[] = "families/*/cases/*/meetings/*";

// What both begin with: a meeting to prepare, as it was read.
absl::Status LoadToChange(const AuthorizedCall& call, storage::ReadTx& tx, absl::string_view name,
                          absl::string_view etag, LoadedMeeting* out) {
  KP_ASSIGN_OR_RETURN(const auto parsed, dossier::ParseName(call, "name", name, kMeeting));
  KP_RETURN_IF_ERROR(LoadMeeting(call, tx, parsed, out));
  KP_RETURN_IF_ERROR(CheckToPrepare(call, *out));
  Reader reader(call, tx, out->family);
  KP_ASSIGN_OR_RETURN(const v1::Agenda shown, reader.ShowAgenda(out->name, out->meeting));
  return CheckEtag(etag, shown.etag());
}

// Puts day and state in the meeting itself, which casework keeps under its label.
absl::Status UpdateMeeting(const AuthorizedCall& call, storage::WriteTx& tx,
                           const v1::KeptMeeting& kept, crypto::Random& random) {
  KP_ASSIGN_OR_RETURN(dossier::Item item,
                      dossier::GetItem(call, tx, dossier::ItemKind::kMeeting, kept.item()));
  casework::v1::Meeting meeting;
  if (!meeting.ParseFromString(item.payload)) {
    return absl::DataLossError("a meeting cannot be read");
  }
  meeting.set_date(kept.date());
  if (kept.cancelled()) meeting.set_state(casework::v1::MEETING_STATE_CANCELLED);
  item.payload = meeting.SerializeAsString();
  return dossier::UpdateItem(call, tx, item, random);
}

// Seats that were there for this meeting, and that nobody took, end with it.
bool EndMadeSeats(const LoadedMeeting& loaded, absl::Time now, access::v1::FamilyFacts* facts) {
  bool ended = false;
  access::v1::CaseFact* c = dossier::MutableCase(facts, loaded.meeting.case_id());
  for (const v1::KeptInvitation& i : loaded.meeting.invitations()) {
    access::v1::Seat* seat = i.made_seat() ? dossier::MutableSeat(c, i.seat()) : nullptr;
    if (seat == nullptr || seat->state() != access::v1::SEAT_STATE_INVITED) continue;
    dossier::EndSeatAt(seat, now, "request");
    ended = true;
  }
  return ended;
}

}  // namespace

absl::Status MeetingsService::MoveMeeting(const Call& call, WriteTx& tx,
                                          const v1::MoveMeetingRequest& req, v1::Agenda* resp) {
  LoadedMeeting loaded;
  KP_RETURN_IF_ERROR(LoadToChange(call, tx, req.name(), req.etag(), &loaded));
  KP_RETURN_IF_ERROR(Move(req, base::DateOf(call.now()), &loaded.meeting));
  KP_RETURN_IF_ERROR(UpdateMeeting(call, tx, loaded.meeting, random_));
  KP_RETURN_IF_ERROR(SaveMeeting(call, tx, &loaded, random_));
  Reader reader(call, tx, loaded.family);
  KP_ASSIGN_OR_RETURN(*resp, reader.ShowAgenda(loaded.name, loaded.meeting));
  return absl::OkStatus();
}

absl::Status MeetingsService::CancelMeeting(const Call& call, WriteTx& tx,
                                            const v1::CancelMeetingRequest& req, v1::Agenda* resp) {
  LoadedMeeting loaded;
  KP_RETURN_IF_ERROR(LoadToChange(call, tx, req.name(), req.etag(), &loaded));
  KP_RETURN_IF_ERROR(CheckCancelReason(req.reason()));
  loaded.meeting.set_cancelled(true);
  loaded.meeting.set_change_reason(req.reason());
  loaded.meeting.clear_sitting();
  CallOff(&loaded.meeting);
  KP_RETURN_IF_ERROR(UpdateMeeting(call, tx, loaded.meeting, random_));
  KP_RETURN_IF_ERROR(SaveMeeting(call, tx, &loaded, random_));
  if (EndMadeSeats(loaded, call.now(), &loaded.family.facts)) {
    KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &loaded.family.facts, random_));
  }
  Reader reader(call, tx, loaded.family);
  KP_ASSIGN_OR_RETURN(*resp, reader.ShowAgenda(loaded.name, loaded.meeting));
  return absl::OkStatus();
}

}  // namespace knooppunt::meetings
