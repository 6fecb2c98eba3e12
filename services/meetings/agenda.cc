// The agenda: when and where, and what to talk about, each item under a label of its own (R38).

#include <string>
#include <utility>

#include "base/resource_name.h"
#include "base/status.h"
#include "services/dossier/errors.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/dossier/text.h"
#include "services/meetings/errors.h"
#include "services/meetings/item.h"
#include "services/meetings/limits.h"
#include "services/meetings/meeting.h"
#include "services/meetings/service.h"

namespace knooppunt::meetings {
namespace {

constexpr char kMeeting[] = "families/*/cases/*/meetings/*";
constexpr char kItem[] = "families/*/cases/*/meetings/*/items/*";

// Who brings it in: the caller, or for who leads anybody at the table.
absl::StatusOr<std::string> BroughtBy(const AuthorizedCall& call, const LoadedMeeting& loaded,
                                      const std::string& asked) {
  const access::v1::Seat* own = loaded.me.seat;
  if (own == nullptr || !dossier::SeatJoined(*own, call.now())) return dossier::errors::NoSeat();
  if (asked.empty() || asked == own->id()) return own->id();
  if (!LeadsMeetings(*loaded.c, loaded.me, call.now())) return errors::NotYourItem();
  const access::v1::Seat* seat = dossier::FindSeat(*loaded.c, asked);
  const bool there = seat != nullptr && dossier::SeatJoined(*seat, call.now());
  return there ? absl::StatusOr<std::string>(seat->id()) : errors::NotAtTable();
}

// Whether the item is on this agenda, for the caller (R18).
bool OnAgenda(const AuthorizedCall& call, const v1::KeptMeeting& meeting, absl::string_view id) {
  for (const v1::KeptAgendaItem& a : meeting.agenda()) {
    if (a.item() == id) return call.FindScope(a.scope()) != nullptr;
  }
  return false;
}

}  // namespace

absl::Status MeetingsService::ArrangeMeeting(const Call& call, WriteTx& tx,
                                             const v1::ArrangeMeetingRequest& req,
                                             v1::Agenda* resp) {
  KP_ASSIGN_OR_RETURN(const auto name, dossier::ParseName(call, "name", req.name(), kMeeting));
  LoadedMeeting loaded;
  KP_RETURN_IF_ERROR(LoadMeeting(call, tx, name, &loaded));
  KP_RETURN_IF_ERROR(CheckToPrepare(call, loaded));
  Reader reader(call, tx, loaded.family);
  KP_ASSIGN_OR_RETURN(v1::Agenda next, reader.ShowAgenda(loaded.name, loaded.meeting));
  KP_RETURN_IF_ERROR(CheckEtag(req.etag(), next.etag()));
  KP_RETURN_IF_ERROR(ApplyMask(req.agenda(), req.update_mask(), "start, end, place, video", &next));
  v1::KeptMeeting& m = loaded.meeting;
  const bool moved = next.start() != m.start() || next.end() != m.end();
  if (!m.sitting().empty() && (moved || next.place() != m.place())) {
    return errors::TimeIsOfTheSitting();
  }
  if (moved || next.start().empty()) {
    KP_RETURN_IF_ERROR(CheckPeriod({.start = next.start(), .end = next.end()}));
  }
  KP_RETURN_IF_ERROR(dossier::ValidateText(
      "agenda.place", next.place(),
      {.max_bytes = limits::kMaxPlaceBytes, .required = !next.video(), .one_line = true}));
  // A first time and place answers a question; another one asks everybody again.
  const bool again =
      (!m.start().empty() && moved) || (!m.place().empty() && next.place() != m.place());
  m.set_start(next.start());
  m.set_end(next.end());
  m.set_place(next.place());
  m.set_video(next.video());
  if (again) AskAnew(&m);
  KP_RETURN_IF_ERROR(SaveMeeting(call, tx, &loaded, random_));
  KP_ASSIGN_OR_RETURN(*resp, reader.ShowAgenda(loaded.name, loaded.meeting));
  return absl::OkStatus();
}

absl::Status MeetingsService::GetAgenda(const Call& call, ReadTx& tx,
                                        const v1::GetAgendaRequest& req, v1::Agenda* resp) {
  KP_ASSIGN_OR_RETURN(const auto name, dossier::ParseName(call, "name", req.name(), kMeeting));
  LoadedMeeting loaded;
  KP_RETURN_IF_ERROR(LoadMeeting(call, tx, name, &loaded));
  KP_ASSIGN_OR_RETURN(*resp,
                      Reader(call, tx, loaded.family).ShowAgenda(loaded.name, loaded.meeting));
  return absl::OkStatus();
}

absl::Status MeetingsService::AddAgendaItem(const Call& call, WriteTx& tx,
                                            const v1::AddAgendaItemRequest& req,
                                            v1::AgendaItem* resp) {
  KP_ASSIGN_OR_RETURN(const auto name, dossier::ParseName(call, "parent", req.parent(), kMeeting));
  LoadedMeeting loaded;
  KP_RETURN_IF_ERROR(LoadMeeting(call, tx, name, &loaded));
  if (loaded.c->state() == access::v1::CASE_STATE_CLOSED) return dossier::errors::CaseClosed();
  if (!loaded.planned) return errors::MeetingConcluded();
  KP_RETURN_IF_ERROR(CheckItem(req.item()));
  KP_RETURN_IF_ERROR(dossier::CheckLabel("item.label", req.item().label(), loaded.family.facts));
  if (loaded.meeting.agenda_size() >= limits::kMaxAgendaItems) {
    return dossier::errors::TooMany("agenda items");
  }
  KP_ASSIGN_OR_RETURN(const std::string by, BroughtBy(call, loaded, req.item().brought_by()));
  const std::string id = call.Id("item", 0);
  resp->set_name(ItemName(loaded.name, id));
  resp->set_title(req.item().title());
  resp->set_text(req.item().text());
  resp->set_brought_by(by);
  resp->set_planned_minutes(req.item().planned_minutes());
  resp->set_state(v1::AGENDA_ITEM_STATE_PLANNED);
  *resp->mutable_create_time() = dossier::ToTimestamp(call.now());
  const dossier::Item item = {.id = id,
                              .kind = dossier::ItemKind::kAgendaItem,
                              .case_id = loaded.c->id(),
                              .payload = resp->SerializeAsString()};
  access::v1::FamilyFacts* const facts = &loaded.family.facts;
  KP_RETURN_IF_ERROR(dossier::InsertItem(call, tx, facts, item, 0, random_));
  v1::KeptAgendaItem* kept = loaded.meeting.add_agenda();
  kept->set_item(id);
  kept->set_scope(call.write_scopes()[0].id);
  KP_RETURN_IF_ERROR(SaveMeeting(call, tx, &loaded, random_));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, facts, random_));
  *resp->mutable_label() = call.write_scopes()[0].label;
  return Reader(call, tx, loaded.family).ShowItem(resp);
}

absl::Status MeetingsService::UpdateAgendaItem(const Call& call, WriteTx& tx,
                                               const v1::UpdateAgendaItemRequest& req,
                                               v1::AgendaItem* resp) {
  LoadedItem loaded;
  KP_RETURN_IF_ERROR(LoadItem(call, tx, req.name(), &loaded));
  KP_RETURN_IF_ERROR(CheckItemEtag(call, tx, loaded, req.etag()));
  if (!loaded.of.planned) return errors::MeetingConcluded();
  if (!MayChange(loaded.item, *loaded.of.c, loaded.of.me, call.now())) return errors::NotYourItem();
  v1::AgendaItem next = loaded.item;
  KP_RETURN_IF_ERROR(
      ApplyMask(req.item(), req.update_mask(), "title, text, planned_minutes, state", &next));
  KP_RETURN_IF_ERROR(CheckItem(next));
  KP_RETURN_IF_ERROR(CheckStateChange(loaded.item.state(), next.state()));
  return SaveItem(call, tx, loaded, std::move(next), random_, resp);
}

absl::Status MeetingsService::MoveAgendaItem(const Call& call, WriteTx& tx,
                                             const v1::MoveAgendaItemRequest& req,
                                             v1::Agenda* resp) {
  LoadedItem loaded;
  KP_RETURN_IF_ERROR(LoadItem(call, tx, req.name(), &loaded));
  KP_RETURN_IF_ERROR(CheckToPrepare(call, loaded.of));
  Reader reader(call, tx, loaded.of.family);
  KP_ASSIGN_OR_RETURN(const v1::Agenda before,
                      reader.ShowAgenda(loaded.of.name, loaded.of.meeting));
  KP_RETURN_IF_ERROR(CheckEtag(req.etag(), before.etag()));
  std::string after;
  if (!req.after().empty()) {
    KP_ASSIGN_OR_RETURN(const auto name, dossier::ParseName(call, "after", req.after(), kItem));
    after = std::string(name.last_id());
    const bool same = ItemName(loaded.of.name, after) == req.after();
    if (!same || !OnAgenda(call, loaded.of.meeting, after)) return errors::UnknownPlaceInAgenda();
  }
  if (!MoveBehind(loaded.stored.id, after, &loaded.of.meeting)) {
    return errors::UnknownPlaceInAgenda();
  }
  KP_RETURN_IF_ERROR(SaveMeeting(call, tx, &loaded.of, random_));
  KP_ASSIGN_OR_RETURN(*resp, reader.ShowAgenda(loaded.of.name, loaded.of.meeting));
  return absl::OkStatus();
}

}  // namespace knooppunt::meetings
