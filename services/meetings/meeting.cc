#include "services/meetings/meeting.h"

#include <algorithm>
#include <vector>

#include "base/resource_name.h"
#include "base/status.h"
#include "knooppunt/casework/v1/meeting.pb.h"
#include "services/dossier/errors.h"
#include "services/dossier/open_items.h"
#include "services/dossier/rules.h"
#include "services/meetings/errors.h"
#include "services/meetings/limits.h"

namespace knooppunt::meetings {
namespace {

// What is kept of a meeting to begin with, from the meeting itself.
absl::Status Begin(const dossier::Item& item, v1::KeptMeeting* out) {
  casework::v1::Meeting meeting;
  if (!meeting.ParseFromString(item.payload))
    return absl::DataLossError("a meeting cannot be read");
  out->set_item(item.id);
  out->set_case_id(item.case_id);
  out->set_scope(item.scope);
  out->set_date(meeting.date());
  return absl::OkStatus();
}

// R11: what one's organisation brought in stays its own record, whatever sharing has ended.
bool KeptOnRecord(const AuthorizedCall& call, const v1::KeptMeeting& meeting) {
  return call.purpose() == common::v1::PURPOSE_OWN_RECORD &&
         std::any_of(
             meeting.agenda().begin(), meeting.agenda().end(),
             [&](const v1::KeptAgendaItem& a) { return call.FindScope(a.scope()) != nullptr; });
}

// What of the invitations stands open: to answer, or to know that it is off.
std::vector<worklist::v1::OpenItem> OpenInvitations(const v1::KeptMeeting& meeting) {
  std::vector<worklist::v1::OpenItem> out;
  for (const v1::KeptInvitation& i : meeting.invitations()) {
    if (!AwaitsAnswer(i) && i.state() != v1::INVITATION_STATE_CANCELLED) continue;
    worklist::v1::OpenItem& open = out.emplace_back();
    open.set_item(i.id());
    open.set_case_id(meeting.case_id());
    open.set_due_date(meeting.date());
    if (!i.seat().empty()) open.add_waiting_seats(i.seat());
    open.set_person(i.person());
    open.set_invitation_state(i.state());
  }
  return out;
}

}  // namespace

absl::Status LoadMeeting(const AuthorizedCall& call, storage::ReadTx& tx,
                         const base::ResourceName& name, LoadedMeeting* out) {
  KP_RETURN_IF_ERROR(LoadFamily(call, tx, &out->family));
  out->c = dossier::FindCase(out->family.facts, name.Id("cases"));
  const std::string id(name.Id("meetings"));
  const auto item = dossier::GetItem(call, tx, dossier::ItemKind::kMeeting, id);
  if (!item.ok() && !absl::IsNotFound(item.status())) return item.status();
  if (out->c == nullptr) return dossier::errors::NotFound();
  out->name = MeetingName(call.family(), out->c->id(), id);
  out->me = MeAt(call, *out->c);
  out->opened = item.ok() && item->case_id == out->c->id();
  const v1::KeptMeeting* kept = FindMeeting(out->family.stored.kept, id);
  if (kept != nullptr && kept->case_id() != out->c->id()) kept = nullptr;
  const bool knows =
      kept != nullptr && (OwnInvitation(*kept, out->me) != nullptr || KeptOnRecord(call, *kept));
  if (!out->opened && !knows) return dossier::errors::NotFound();
  if (kept != nullptr) {
    out->meeting = *kept;
  } else {
    KP_RETURN_IF_ERROR(Begin(*item, &out->meeting));
  }
  out->planned = IsPlanned(out->family, id);
  return absl::OkStatus();
}

absl::Status SaveMeeting(const AuthorizedCall& call, storage::WriteTx& tx, LoadedMeeting* loaded,
                         crypto::Random& random) {
  v1::KeptMeetings& all = loaded->family.stored.kept;
  v1::KeptMeeting* kept = MutableMeeting(&all, loaded->meeting.item());
  if (kept == nullptr) {
    if (all.meetings_size() >= limits::kMaxMeetingsKept)
      return dossier::errors::TooMany("meetings");
    kept = all.add_meetings();
  }
  *kept = loaded->meeting;
  KP_RETURN_IF_ERROR(SaveMeetings(call, tx, loaded->family.stored, random));
  return dossier::NoteInvitations(call, tx, loaded->meeting.item(), OpenInvitations(*kept), random);
}

absl::Status NotPlanned(const LoadedMeeting& loaded) {
  return loaded.meeting.cancelled() ? errors::MeetingCancelled() : errors::MeetingConcluded();
}

absl::Status CheckToPrepare(const AuthorizedCall& call, const LoadedMeeting& loaded) {
  if (!loaded.opened) return dossier::errors::NotFound();
  if (loaded.c->state() == access::v1::CASE_STATE_CLOSED) return dossier::errors::CaseClosed();
  if (!loaded.planned) return NotPlanned(loaded);
  return loaded.IsOver(call.now()) ? errors::MeetingInThePast() : absl::OkStatus();
}

}  // namespace knooppunt::meetings
