// What changed in the plan since the last concluded meeting, or a day, over the caller's view
// (R18).

#include <algorithm>
#include <string>
#include <vector>

#include "base/date.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "knooppunt/casework/v1/casework.pb.h"
#include "services/dossier/family_store.h"
#include "services/dossier/request.h"
#include "services/plan/items.h"
#include "services/plan/paging.h"
#include "services/plan/rules.h"
#include "services/plan/service.h"
#include "services/plan/view.h"

namespace knooppunt::plan {
namespace {

using dossier::ItemKind;

struct Since {
  int64_t seconds = 0;
  std::string meeting;
};

// The last concluded meeting that the caller may see. It counts from the beginning of its day, for
// what was changed at the table changed on that day too.
absl::Status SinceMeeting(const AuthorizedCall& call, storage::ReadTx& tx,
                          absl::string_view case_id, Since* since) {
  KP_ASSIGN_OR_RETURN(const auto items, dossier::ListItems(call, tx, case_id, ItemKind::kMeeting));
  std::string last;
  for (const dossier::Item& item : items) {
    casework::v1::Meeting meeting;
    if (!meeting.ParseFromString(item.payload)) {
      return absl::DataLossError("an item cannot be read");
    }
    if (meeting.state() != casework::v1::MEETING_STATE_CONCLUDED || meeting.date() < last) continue;
    last = meeting.date();
    since->meeting = meeting.name();
  }
  const auto day = base::ParseDate(last);
  if (day.ok()) since->seconds = absl::ToUnixSeconds(base::StartOf(*day));
  return absl::OkStatus();
}

absl::StatusOr<Since> SinceWhen(const AuthorizedCall& call, storage::ReadTx& tx,
                                const access::v1::CaseFact& c, const std::string& since_date) {
  Since since;
  since.seconds = c.open_time();
  if (!since_date.empty()) {
    KP_ASSIGN_OR_RETURN(const base::Date day, dossier::ParseDay("since_date", since_date));
    since.seconds = absl::ToUnixSeconds(base::StartOf(day));
    return since;
  }
  KP_RETURN_IF_ERROR(SinceMeeting(call, tx, c.id(), &since));
  return since;
}

bool ReactedSince(v1::PlanItem* item, int64_t seconds) {
  const auto* reactions = MutableReactions(item);
  return reactions != nullptr &&
         std::any_of(reactions->begin(), reactions->end(),
                     [&](const v1::Reaction& r) { return r.time().seconds() >= seconds; });
}

bool EvaluatedSince(const v1::PlanItem& item, int64_t seconds) {
  return item.has_goal() &&
         std::any_of(item.goal().evaluations().begin(), item.goal().evaluations().end(),
                     [&](const v1::Evaluation& e) { return e.time().seconds() >= seconds; });
}

// As the item stood at the instant: the last revision from before it.
absl::StatusOr<v1::PlanItem> StandingAt(const AuthorizedCall& call, storage::ReadTx& tx,
                                        const v1::PlanItem& item, int64_t seconds) {
  if (RevisionOf(item).time().seconds() < seconds) return item;
  KP_ASSIGN_OR_RETURN(const auto name, base::ResourceName::Parse(item.name()));
  dossier::Item of;
  of.id = std::string(name.last_id());
  of.kind = TypeOf(item).kind;
  KP_ASSIGN_OR_RETURN(const std::vector<v1::PlanItem> versions, EarlierVersions(call, tx, of));
  v1::PlanItem out = item;
  for (const v1::PlanItem& v : versions) {
    if (RevisionOf(v).time().seconds() < seconds) out = v;
  }
  return out;
}

std::vector<std::string> Differences(const v1::PlanItem& before, const v1::PlanItem& after) {
  switch (after.item_case()) {
    case v1::PlanItem::kWish:
      return ChangedFields(before.wish(), after.wish());
    case v1::PlanItem::kAsset:
      return ChangedFields(before.asset(), after.asset());
    case v1::PlanItem::kArrangement:
      return ChangedFields(before.arrangement(), after.arrangement());
    case v1::PlanItem::kGoal:
    case v1::PlanItem::ITEM_NOT_SET:
      break;
  }
  return ChangedFields(before.goal(), after.goal());
}

bool IsOfEvaluation(absl::string_view field) {
  return field == "state" || field == "evaluations" || field == "carried_to";
}

// The change of one item; without kinds when nothing that the caller sees of it changed.
absl::StatusOr<v1::PlanChange> ChangeOf(const AuthorizedCall& call, storage::ReadTx& tx,
                                        Reader& reader, v1::PlanItem item, int64_t seconds) {
  v1::PlanChange out;
  if (CreateSeconds(item) >= seconds) {
    out.add_kinds(v1::PLAN_CHANGE_KIND_ADDED);
  } else if (RevisionOf(item).time().seconds() >= seconds) {
    KP_ASSIGN_OR_RETURN(v1::PlanItem before, StandingAt(call, tx, item, seconds));
    KP_RETURN_IF_ERROR(reader.Show(&before));
    *out.mutable_before() = std::move(before);
  }
  KP_RETURN_IF_ERROR(reader.Show(&item));
  if (out.has_before()) {
    bool changed = false;
    for (std::string& field : Differences(out.before(), item)) {
      changed = changed || !IsOfEvaluation(field);
      *out.add_fields() = std::move(field);
    }
    if (changed) out.add_kinds(v1::PLAN_CHANGE_KIND_CHANGED);
  }
  if (EvaluatedSince(item, seconds)) out.add_kinds(v1::PLAN_CHANGE_KIND_EVALUATED);
  if (ReactedSince(&item, seconds)) out.add_kinds(v1::PLAN_CHANGE_KIND_REACTED);
  *out.mutable_after() = std::move(item);
  return out;
}

int64_t LatestSeconds(const v1::PlanChange& change) {
  int64_t latest = RevisionOf(change.after()).time().seconds();
  v1::PlanItem after = change.after();
  if (const auto* reactions = MutableReactions(&after); reactions != nullptr) {
    for (const v1::Reaction& r : *reactions) latest = std::max<int64_t>(latest, r.time().seconds());
  }
  return latest;
}

}  // namespace

absl::Status PlanService::ListPlanChanges(const Call& call, ReadTx& tx,
                                          const v1::ListPlanChangesRequest& req,
                                          v1::ListPlanChangesResponse* resp) {
  KP_ASSIGN_OR_RETURN(const auto name,
                      dossier::ParseName(call, "parent", req.parent(), "families/*/cases/*"));
  KP_ASSIGN_OR_RETURN(const Slice slice, SliceOf(req.page_size(), req.page_token()));
  KP_ASSIGN_OR_RETURN(const access::v1::FamilyFacts facts, dossier::LoadFacts(call, tx));
  KP_ASSIGN_OR_RETURN(const access::v1::CaseFact* c, CaseOf(facts, name.Id("cases")));
  KP_ASSIGN_OR_RETURN(const Since since, SinceWhen(call, tx, *c, req.since_date()));
  Reader reader(call, tx, facts);
  std::vector<v1::PlanChange> changes;
  for (const ItemType& type : ItemTypes()) {
    KP_ASSIGN_OR_RETURN(const auto items, ListOf(call, tx, c->id(), type.kind));
    for (const v1::PlanItem& item : items) {
      KP_ASSIGN_OR_RETURN(v1::PlanChange change, ChangeOf(call, tx, reader, item, since.seconds));
      if (!change.kinds().empty()) changes.push_back(std::move(change));
    }
  }
  std::stable_sort(changes.begin(), changes.end(),
                   [](const v1::PlanChange& a, const v1::PlanChange& b) {
                     return LatestSeconds(a) > LatestSeconds(b);
                   });
  const int total = static_cast<int>(changes.size());
  for (int i = slice.begin; i < std::min(total, slice.begin + slice.size); ++i) {
    *resp->add_changes() = std::move(changes[i]);
  }
  *resp->mutable_since_time() = dossier::ToTimestamp(since.seconds);
  resp->set_meeting(since.meeting);
  resp->set_next_page_token(TokenAfter(slice, total));
  return absl::OkStatus();
}

}  // namespace knooppunt::plan
