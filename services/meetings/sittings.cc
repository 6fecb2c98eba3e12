// Sittings: a werkplaats meets on several cases in a row, and each participant has their own cases
// of it and no sign of others (R18).

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "services/dossier/errors.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/dossier/text.h"
#include "services/meetings/errors.h"
#include "services/meetings/limits.h"
#include "services/meetings/meeting.h"
#include "services/meetings/service.h"
#include "services/worklist/rules.h"

namespace knooppunt::meetings {
namespace {

constexpr char kMeeting[] = "families/*/cases/*/meetings/*";
constexpr char kSitting[] = "werkplaatsen/*/sittings/*";

// "werkplaatsen/{w}" of a sitting's name.
std::string WerkplaatsOf(const base::ResourceName& sitting) {
  return absl::StrCat("werkplaatsen/", sitting.Id("werkplaatsen"));
}

// Slots by the name of their sitting: those that show something of a meeting that the caller takes
// part in. A slot of which nothing opens is not there (R13, R18).
using Slots = std::map<std::string, std::vector<v1::SittingSlot>>;
// Of which meetings: what is not asked about is not opened.
using Wanted = std::function<bool(const v1::KeptMeeting&)>;
absl::Status TakeSlots(const AuthorizedCall& call, storage::ReadTx& tx, const Wanted& wanted,
                       Slots* out) {
  Meetings family;
  KP_RETURN_IF_ERROR(LoadFamily(call, tx, &family));
  Reader reader(call, tx, family);
  for (const v1::KeptMeeting& m : family.stored.kept.meetings()) {
    const access::v1::CaseFact* c = dossier::FindCase(family.facts, m.case_id());
    if (m.sitting().empty() || c == nullptr || !wanted(m)) continue;
    const bool opened = call.FindScope(m.scope()) != nullptr;
    if (!opened && OwnInvitation(m, MeAt(call, *c)) == nullptr) continue;
    v1::SittingSlot slot;
    slot.set_case_name(absl::StrCat("families/", family.facts.id(), "/cases/", c->id()));
    KP_ASSIGN_OR_RETURN(*slot.mutable_agenda(),
                        reader.ShowAgenda(MeetingName(family.facts.id(), c->id(), m.item()), m));
    if (opened || !slot.agenda().items().empty()) (*out)[m.sitting()].push_back(std::move(slot));
  }
  return absl::OkStatus();
}

absl::StatusOr<Slots> GatherSlots(const std::vector<AuthorizedCall>& all, storage::ReadTx& tx,
                                  const Wanted& wanted) {
  Slots out;
  for (const AuthorizedCall& call : all) KP_RETURN_IF_ERROR(TakeSlots(call, tx, wanted, &out));
  return out;
}

Period PeriodOf(const v1::SittingSlot& slot) {
  return {.start = slot.agenda().start(), .end = slot.agenda().end()};
}

// The row as the caller may see it, with their slots.
v1::Sitting ShowSitting(const SittingRow& row, bool runs, std::vector<v1::SittingSlot> slots) {
  v1::Sitting out;
  out.set_name(row.Name());
  out.set_date(row.date);
  out.set_place(row.place);
  if (runs) {
    out.set_start(row.start);
    out.set_end(row.end);
  }
  out.set_state(row.state);
  out.set_change_reason(row.change_reason);
  const std::string of_the_sitting = EtagOf(out);
  std::sort(slots.begin(), slots.end(), [](const v1::SittingSlot& a, const v1::SittingSlot& b) {
    return std::make_pair(a.agenda().start(), a.case_name()) <
           std::make_pair(b.agenda().start(), b.case_name());
  });
  for (size_t i = 0; i < slots.size(); ++i) {
    for (size_t j = 0; j < slots.size(); ++j) {
      if (i != j && Overlap(PeriodOf(slots[i]), PeriodOf(slots[j]))) slots[i].set_overlaps(true);
    }
  }
  for (v1::SittingSlot& slot : slots) *out.add_slots() = std::move(slot);
  // Who moves a sitting is asked for the part about the sitting itself: a slot more is no other
  // day.
  out.set_etag(absl::StrCat(of_the_sitting, ".", EtagOf(out)));
  return out;
}

// The part of an etag that is about the sitting itself.
absl::string_view OfTheSitting(absl::string_view etag) { return etag.substr(0, etag.find('.')); }

// By day and time, as the caller sees them: a token holds this (R18).
std::string KeyOf(const v1::Sitting& shown) {
  const std::string& begins = shown.start().empty() && !shown.slots().empty()
                                  ? shown.slots(0).agenda().start()
                                  : shown.start();
  return absl::StrCat(shown.date(), " ", begins, " ", shown.name());
}

// Whether the caller works for the organisation that runs the werkplaats.
bool Runs(const AuthorizedCall& own, const SittingRow& row) {
  return !own.organisation().empty() && own.organisation() == row.organisation;
}

// The sitting of a slot: of the werkplaats of the case and on the day of the meeting.
absl::StatusOr<SittingRow> SittingFor(const AuthorizedCall& call, storage::ReadTx& tx,
                                      const LoadedMeeting& loaded, absl::string_view sitting) {
  KP_ASSIGN_OR_RETURN(const auto name, dossier::ParseName(call, "sitting", sitting, kSitting));
  KP_ASSIGN_OR_RETURN(const auto row, FindSitting(tx, WerkplaatsOf(name), name.Id("sittings")));
  if (call.organisation() != loaded.c->organisation()) return errors::NotYourWerkplaats();
  if (!row.has_value() || row->werkplaats != loaded.c->werkplaats()) {
    return errors::UnknownSitting();
  }
  if (row->state == v1::SITTING_STATE_CANCELLED) return errors::SittingCancelled();
  if (row->date != loaded.meeting.date()) return errors::SittingOnAnotherDay();
  return *row;
}

// A sitting that the caller's organisation runs, to change: planned, not over, and as it was read.
absl::Status LoadOwnSitting(const AuthorizedCall& call, storage::ReadTx& tx,
                            const std::string& name, absl::string_view etag, SittingRow* out) {
  KP_ASSIGN_OR_RETURN(const auto parsed, dossier::ParseName(call, "name", name, kSitting));
  KP_ASSIGN_OR_RETURN(auto row, FindSitting(tx, WerkplaatsOf(parsed), parsed.Id("sittings")));
  if (!row.has_value() || !Runs(call, *row)) return dossier::errors::NotFound();
  if (row->state == v1::SITTING_STATE_CANCELLED) return errors::SittingCancelled();
  if (row->date < base::FormatDate(base::DateOf(call.now()))) return errors::MeetingInThePast();
  const v1::Sitting shown = ShowSitting(*row, true, {});
  KP_RETURN_IF_ERROR(CheckEtag(OfTheSitting(etag), OfTheSitting(shown.etag())));
  *out = *std::move(row);
  return absl::OkStatus();
}

bool SameMoment(const v1::KeptMeeting& a, const v1::KeptMeeting& b) {
  return a.start() == b.start() && a.end() == b.end() && a.place() == b.place();
}

}  // namespace

absl::Status MeetingsService::PlanSitting(const Call& call, WriteTx& tx,
                                          const v1::PlanSittingRequest& req, v1::Sitting* resp) {
  KP_RETURN_IF_ERROR(dossier::CheckDirectoryName("parent", req.parent(), "werkplaatsen"));
  const v1::Sitting& asked = req.sitting();
  KP_ASSIGN_OR_RETURN(const base::Date date, dossier::ParseDay("sitting.date", asked.date()));
  if (date < base::DateOf(call.now())) return errors::MeetingInThePast();
  KP_RETURN_IF_ERROR(CheckPeriod({.start = asked.start(), .end = asked.end()}));
  KP_RETURN_IF_ERROR(dossier::ValidateText(
      "sitting.place", asked.place(), {.max_bytes = limits::kMaxPlaceBytes, .one_line = true}));
  const access::v1::WerkplaatsFacts& werkplaats = call.reference(0).werkplaats();
  if (werkplaats.name() != req.parent() || werkplaats.organisation() != call.organisation()) {
    return errors::NotYourWerkplaats();
  }
  const SittingRow row = {.id = call.Id("sitting", 0),
                          .werkplaats = req.parent(),
                          .organisation = werkplaats.organisation(),
                          .date = asked.date(),
                          .start = asked.start(),
                          .end = asked.end(),
                          .place = asked.place()};
  KP_RETURN_IF_ERROR(InsertSitting(tx, row));
  *resp = ShowSitting(row, true, {});
  return absl::OkStatus();
}

absl::Status MeetingsService::MoveSitting(const Call& call, WriteTx& tx,
                                          const v1::MoveSittingRequest& req, v1::Sitting* resp) {
  SittingRow row;
  KP_RETURN_IF_ERROR(LoadOwnSitting(call, tx, req.name(), req.etag(), &row));
  KP_RETURN_IF_ERROR(CheckMoveReason(req.reason()));
  v1::Sitting next = ShowSitting(row, true, {});
  KP_RETURN_IF_ERROR(ApplyMask(req.sitting(), req.update_mask(), "date, start, end, place", &next));
  KP_ASSIGN_OR_RETURN(const base::Date date, dossier::ParseDay("sitting.date", next.date()));
  if (date < base::DateOf(call.now())) return errors::MeetingInThePast();
  KP_RETURN_IF_ERROR(CheckPeriod({.start = next.start(), .end = next.end()}));
  KP_RETURN_IF_ERROR(dossier::ValidateText(
      "sitting.place", next.place(), {.max_bytes = limits::kMaxPlaceBytes, .one_line = true}));
  if (next.date() == row.date && next.start() == row.start && next.end() == row.end &&
      next.place() == row.place) {
    return errors::NothingMoves();
  }
  row.date = next.date();
  row.start = next.start();
  row.end = next.end();
  row.place = next.place();
  row.change_reason = req.reason();
  KP_RETURN_IF_ERROR(UpdateSitting(tx, row));
  *resp = ShowSitting(row, true, {});
  return absl::OkStatus();
}

absl::Status MeetingsService::CancelSitting(const Call& call, WriteTx& tx,
                                            const v1::CancelSittingRequest& req,
                                            v1::Sitting* resp) {
  SittingRow row;
  KP_RETURN_IF_ERROR(LoadOwnSitting(call, tx, req.name(), req.etag(), &row));
  KP_RETURN_IF_ERROR(CheckCancelReason(req.reason()));
  row.state = v1::SITTING_STATE_CANCELLED;
  row.change_reason = req.reason();
  KP_RETURN_IF_ERROR(UpdateSitting(tx, row));
  *resp = ShowSitting(row, true, {});
  return absl::OkStatus();
}

absl::Status MeetingsService::AssignSlot(const Call& call, WriteTx& tx,
                                         const v1::AssignSlotRequest& req, v1::Agenda* resp) {
  KP_ASSIGN_OR_RETURN(const auto name, dossier::ParseName(call, "name", req.name(), kMeeting));
  LoadedMeeting loaded;
  KP_RETURN_IF_ERROR(LoadMeeting(call, tx, name, &loaded));
  KP_RETURN_IF_ERROR(CheckToPrepare(call, loaded));
  Reader reader(call, tx, loaded.family);
  KP_ASSIGN_OR_RETURN(const v1::Agenda before, reader.ShowAgenda(loaded.name, loaded.meeting));
  KP_RETURN_IF_ERROR(CheckEtag(req.etag(), before.etag()));
  const v1::KeptMeeting was = loaded.meeting;
  if (req.sitting().empty()) {
    loaded.meeting.clear_sitting();
  } else {
    KP_ASSIGN_OR_RETURN(const SittingRow row, SittingFor(call, tx, loaded, req.sitting()));
    KP_RETURN_IF_ERROR(CheckPeriod({.start = req.start(), .end = req.end()}));
    if (req.start() < row.start || req.end() > row.end) return errors::SlotOutsideSitting();
    loaded.meeting.set_sitting(row.Name());
    loaded.meeting.set_start(req.start());
    loaded.meeting.set_end(req.end());
    loaded.meeting.set_place(row.place);
    // A first time answers a question; another one asks everybody again.
    if (!was.start().empty() && !SameMoment(was, loaded.meeting)) AskAnew(&loaded.meeting);
  }
  KP_RETURN_IF_ERROR(SaveMeeting(call, tx, &loaded, random_));
  KP_ASSIGN_OR_RETURN(*resp, reader.ShowAgenda(loaded.name, loaded.meeting));
  return absl::OkStatus();
}

absl::Status MeetingsService::GetSitting(const Call& own, const std::vector<Call>& all, ReadTx& tx,
                                         const v1::GetSittingRequest& req, v1::Sitting* resp) {
  KP_ASSIGN_OR_RETURN(const auto name, dossier::ParseName(own, "name", req.name(), kSitting));
  KP_ASSIGN_OR_RETURN(Slots slots, GatherSlots(all, tx, [&](const v1::KeptMeeting& m) {
                        return m.sitting() == req.name();
                      }));
  KP_ASSIGN_OR_RETURN(const auto row, FindSitting(tx, WerkplaatsOf(name), name.Id("sittings")));
  std::vector<v1::SittingSlot>& mine = slots[req.name()];
  if (!row.has_value() || (mine.empty() && !Runs(own, *row))) return dossier::errors::NotFound();
  *resp = ShowSitting(*row, Runs(own, *row), std::move(mine));
  return absl::OkStatus();
}

absl::Status MeetingsService::ListSittings(const Call& own, const std::vector<Call>& all,
                                           ReadTx& tx, const v1::ListSittingsRequest& req,
                                           v1::ListSittingsResponse* resp) {
  KP_RETURN_IF_ERROR(dossier::CheckDirectoryName("parent", req.parent(), "werkplaatsen"));
  std::string from = base::FormatDate(base::DateOf(own.now()));
  if (!req.from_date().empty()) {
    KP_RETURN_IF_ERROR(dossier::ParseDay("from_date", req.from_date()).status());
    from = req.from_date();
  }
  v1::ListSittingsRequest question = req;
  question.clear_page_size();
  question.clear_page_token();
  KP_ASSIGN_OR_RETURN(const int page_size, worklist::PageSize(req.page_size()));
  KP_ASSIGN_OR_RETURN(const std::string after, worklist::KeyOfToken(req.page_token(), question));
  const std::string prefix = absl::StrCat(req.parent(), "/sittings/");
  KP_ASSIGN_OR_RETURN(Slots slots, GatherSlots(all, tx, [&](const v1::KeptMeeting& m) {
                        return m.date() >= from && absl::StartsWith(m.sitting(), prefix);
                      }));
  KP_ASSIGN_OR_RETURN(const std::vector<SittingRow> rows, SittingsOf(tx, req.parent(), from));
  std::vector<std::pair<std::string, v1::Sitting>> shown;
  for (const SittingRow& row : rows) {
    std::vector<v1::SittingSlot>& mine = slots[row.Name()];
    if (mine.empty() && !Runs(own, row)) continue;
    v1::Sitting sitting = ShowSitting(row, Runs(own, row), std::move(mine));
    std::string key = KeyOf(sitting);
    shown.emplace_back(std::move(key), std::move(sitting));
  }
  std::sort(shown.begin(), shown.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string last;
  for (auto& [key, sitting] : shown) {
    if (key <= after) continue;
    if (resp->sittings_size() == page_size) {
      resp->set_next_page_token(worklist::TokenAfter(last, question));
      break;
    }
    *resp->add_sittings() = std::move(sitting);
    last = key;
  }
  return absl::OkStatus();
}

}  // namespace knooppunt::meetings
