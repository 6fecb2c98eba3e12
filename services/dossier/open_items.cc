#include "services/dossier/open_items.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/resource_name.h"
#include "base/status.h"
#include "knooppunt/casework/v1/casework.pb.h"
#include "knooppunt/handover/v1/handover.pb.h"
#include "knooppunt/meetings/v1/invitation.pb.h"
#include "knooppunt/requests/v1/requests.pb.h"
#include "security/storage/sealed.h"
#include "services/dossier/errors.h"

namespace knooppunt::dossier {
namespace {

using worklist::v1::OpenItem;
using worklist::v1::OpenItems;

storage::ColumnId OpenColumn(absl::string_view family, int64_t version) {
  return {.table = "open_items", .row = family, .column = "payload", .version = version};
}

struct Stored {
  int64_t version = 0;  // 0: there is no row
  OpenItems open;
};

absl::StatusOr<Stored> Load(const AuthorizedCall& call, storage::ReadTx& tx) {
  Stored out;
  std::string sealed;
  KP_RETURN_IF_ERROR(tx.Query("SELECT version, payload FROM open_items WHERE family = ?",
                              {absl::string_view(call.family())}, [&](const storage::Row& row) {
                                out.version = row.Int(0);
                                sealed = std::string(row.Bytes(1));
                                return absl::OkStatus();
                              }));
  if (out.version == 0) return out;
  KP_ASSIGN_OR_RETURN(
      const std::string opened,
      storage::OpenColumn(call.facts_key(), OpenColumn(call.family(), out.version), sealed));
  if (!out.open.ParseFromString(opened)) {
    return absl::DataLossError("what stands open of a family cannot be read");
  }
  return out;
}

// The newest reaction of a seat is the one that counts.
void TakeReactions(const casework::v1::Step& step, OpenItem* out) {
  for (int i = 0; i < step.reactions_size(); ++i) {
    const casework::v1::Reaction& r = step.reactions(i);
    const bool newer_follows =
        std::any_of(step.reactions().begin() + i + 1, step.reactions().end(),
                    [&](const casework::v1::Reaction& later) { return later.seat() == r.seat(); });
    if (newer_follows) continue;
    if (r.confirmed()) {
      out->add_confirmed_seats(r.seat());
    } else {
      out->add_disputed_seats(r.seat());
    }
  }
}

std::optional<OpenItem> OpenInStep(const Item& item) {
  casework::v1::Step step;
  if (!step.ParseFromString(item.payload)) return std::nullopt;
  OpenItem out;
  if (step.state() == casework::v1::STEP_STATE_BINDING) {
    out.set_kind(worklist::v1::OPEN_KIND_STEP);
  } else if (step.state() == casework::v1::STEP_STATE_PROPOSED) {
    out.set_kind(worklist::v1::OPEN_KIND_PROPOSAL);
    out.set_committed_by(step.commitment().committed_by());
  } else {
    return std::nullopt;
  }
  out.set_due_date(step.due_date());
  out.set_owner_seat(step.owner_seat());
  if (!step.owner_changes().empty()) {
    out.set_owner_changes(step.owner_changes_size());
    const int64_t last = step.owner_changes().rbegin()->time().seconds();
    out.set_owner_since(base::FormatDate(base::DateOf(absl::FromUnixSeconds(last))));
  }
  TakeReactions(step, &out);
  return out;
}

std::optional<OpenItem> OpenInMeeting(const Item& item) {
  casework::v1::Meeting meeting;
  if (!meeting.ParseFromString(item.payload)) return std::nullopt;
  OpenItem out;
  out.set_due_date(meeting.date());
  if (meeting.state() == casework::v1::MEETING_STATE_PLANNED) {
    out.set_kind(worklist::v1::OPEN_KIND_MEETING);
    return out;
  }
  if (meeting.state() != casework::v1::MEETING_STATE_CONCLUDED) return std::nullopt;
  out.set_kind(worklist::v1::OPEN_KIND_OUTCOME);
  for (const casework::v1::Feedback& f : meeting.feedback()) {
    if (!f.has_confirm_time()) out.add_waiting_seats(f.seat());
  }
  return out.waiting_seats().empty() ? std::nullopt : std::optional<OpenItem>(std::move(out));
}

// Whose turn it is, and by when: as services/handover/due.cc says it. After the expire date it
// still waits for somebody to put it away (R26).
std::optional<OpenItem> OpenInHandover(const Item& item) {
  handover::v1::Handover h;
  if (!h.ParseFromString(item.payload)) return std::nullopt;
  OpenItem out;
  out.set_kind(worklist::v1::OPEN_KIND_HANDOVER);
  out.set_due_date(h.due_date());
  switch (h.state()) {
    case handover::v1::HANDOVER_STATE_DRAFTED:
    case handover::v1::HANDOVER_STATE_SHOWN:
    case handover::v1::HANDOVER_STATE_AUTHORISED:
      out.add_turn_organisations(h.from_organisation());
      break;
    case handover::v1::HANDOVER_STATE_OFFERED:
      if (!h.answer_date().empty()) out.set_due_date(h.answer_date());
      out.add_turn_organisations(h.to_organisation());
      break;
    case handover::v1::HANDOVER_STATE_RECEIVED:
      out.add_turn_organisations(h.from_organisation());
      out.add_turn_organisations(h.to_organisation());
      break;
    case handover::v1::HANDOVER_STATE_CONVERSED:
      out.add_turn_organisations(h.to_organisation());
      break;
    default:
      return std::nullopt;
  }
  return out;
}

// Until when a request is answered, and by whom it still is (R40).
std::optional<OpenItem> OpenInRequest(const Item& item) {
  requests::v1::Request request;
  if (!request.ParseFromString(item.payload)) return std::nullopt;
  if (request.state() != requests::v1::REQUEST_STATE_OPEN) return std::nullopt;
  OpenItem out;
  out.set_kind(worklist::v1::OPEN_KIND_REQUEST);
  out.set_due_date(request.due_date());
  const auto name = base::ResourceName::Parse(request.requester());
  if (name.ok()) out.set_person(std::string(name->Id("persons")));
  for (const std::string& controller : request.controllers()) {
    const bool answered =
        std::any_of(request.answers().begin(), request.answers().end(),
                    [&](const requests::v1::Answer& a) { return a.controller() == controller; });
    if (!answered) out.add_turn_organisations(controller);
  }
  return out;
}

template <typename Pred>
void EraseIf(OpenItems* open, Pred pred) {
  auto* items = open->mutable_items();
  items->erase(std::remove_if(items->begin(), items->end(), pred), items->end());
}

// A meeting that was held asks nobody to come any more; that it is off stays to be told.
void TakeOffInvitations(absl::string_view meeting, OpenItems* open) {
  EraseIf(open, [&](const OpenItem& o) {
    return o.kind() == worklist::v1::OPEN_KIND_INVITATION && o.meeting() == meeting &&
           o.invitation_state() != meetings::v1::INVITATION_STATE_CANCELLED;
  });
}

void Sort(OpenItems* open) {
  std::sort(open->mutable_items()->begin(), open->mutable_items()->end(),
            [](const OpenItem& a, const OpenItem& b) { return a.item() < b.item(); });
}

// Changes the row of the family; what stays the same is not written.
template <typename Function>
absl::Status Change(const AuthorizedCall& call, storage::WriteTx& tx, crypto::Random& random,
                    const Function& change) {
  if (call.facts_key().empty()) return errors::NoKey();
  KP_ASSIGN_OR_RETURN(Stored stored, Load(call, tx));
  const std::string before = stored.open.SerializeAsString();
  change(&stored.open);
  const std::string after = stored.open.SerializeAsString();
  if (after == before) return absl::OkStatus();
  KP_ASSIGN_OR_RETURN(
      const std::string sealed,
      storage::SealColumn(call.facts_key(), OpenColumn(call.family(), stored.version + 1), after,
                          random));
  if (stored.version == 0) {
    return tx
        .Exec("INSERT INTO open_items (family, version, payload) VALUES (?, 1, ?)",
              {absl::string_view(call.family()), storage::Blob{sealed}})
        .status();
  }
  KP_ASSIGN_OR_RETURN(
      const int64_t changed,
      tx.Exec("UPDATE open_items SET version = ?, payload = ? WHERE family = ? AND version = ?",
              {stored.version + 1, storage::Blob{sealed}, absl::string_view(call.family()),
               stored.version}));
  return changed == 1 ? absl::OkStatus() : errors::ChangedMeanwhile();
}

}  // namespace

bool CanStandOpen(ItemKind kind) {
  return kind == ItemKind::kStep || kind == ItemKind::kMeeting || kind == ItemKind::kHandover ||
         kind == ItemKind::kRequest;
}

std::optional<OpenItem> OpenIn(const Item& item) {
  std::optional<OpenItem> out;
  if (item.kind == ItemKind::kStep) out = OpenInStep(item);
  if (item.kind == ItemKind::kMeeting) out = OpenInMeeting(item);
  if (item.kind == ItemKind::kHandover) out = OpenInHandover(item);
  if (item.kind == ItemKind::kRequest) out = OpenInRequest(item);
  if (!out.has_value()) return out;
  out->set_item(item.id);
  out->set_case_id(item.case_id);
  out->set_scope(item.scope);
  return out;
}

void Renew(const Item& item, base::Date today, OpenItems* open) {
  std::optional<OpenItem> now = OpenIn(item);
  if (item.kind == ItemKind::kMeeting &&
      (!now.has_value() || now->kind() != worklist::v1::OPEN_KIND_MEETING)) {
    TakeOffInvitations(item.id, open);
  }
  auto* items = open->mutable_items();
  const auto at = std::find_if(items->begin(), items->end(),
                               [&](const OpenItem& o) { return o.item() == item.id; });
  const bool was_open = at != items->end();
  if (!now.has_value()) {
    if (was_open) items->erase(at);
    return;
  }
  const bool goes_on = was_open && at->kind() == now->kind();
  now->set_since(goes_on ? at->since() : base::FormatDate(today));
  if (was_open) {
    *at = *std::move(now);
    return;
  }
  *items->Add() = *std::move(now);
  Sort(open);
}

absl::Status NoteOpen(const AuthorizedCall& call, storage::WriteTx& tx, const Item& item,
                      crypto::Random& random) {
  if (!CanStandOpen(item.kind)) return absl::OkStatus();
  return Change(call, tx, random,
                [&](OpenItems* open) { Renew(item, base::DateOf(call.now()), open); });
}

absl::Status NoteInvitations(const AuthorizedCall& call, storage::WriteTx& tx,
                             absl::string_view meeting, std::vector<OpenItem> open,
                             crypto::Random& random) {
  const std::string today = base::FormatDate(base::DateOf(call.now()));
  return Change(call, tx, random, [&](OpenItems* all) {
    const OpenItems before = *all;
    EraseIf(all, [&](const OpenItem& o) {
      // What was off and is over is known by now.
      return o.kind() == worklist::v1::OPEN_KIND_INVITATION &&
             (o.meeting() == meeting || o.due_date() < today);
    });
    for (OpenItem& o : open) {
      const auto was = std::find_if(before.items().begin(), before.items().end(),
                                    [&](const OpenItem& b) { return b.item() == o.item(); });
      const bool goes_on = was != before.items().end() &&
                           was->invitation_state() == o.invitation_state() &&
                           was->due_date() == o.due_date();
      o.set_since(goes_on ? was->since() : today);
      o.set_kind(worklist::v1::OPEN_KIND_INVITATION);
      o.set_meeting(std::string(meeting));
      *all->add_items() = std::move(o);
    }
    Sort(all);
  });
}

absl::StatusOr<OpenItems> LoadOpenItems(const AuthorizedCall& call, storage::ReadTx& tx) {
  KP_ASSIGN_OR_RETURN(Stored stored, Load(call, tx));
  return std::move(stored.open);
}

}  // namespace knooppunt::dossier
