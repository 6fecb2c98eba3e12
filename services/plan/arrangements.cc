// What is already there, and arrangements: support that an organisation at the table gives for a
// period, and which law and budget carry it (R36, R37).

#include "base/status.h"
#include "services/plan/editing.h"
#include "services/plan/rules.h"
#include "services/plan/service.h"

namespace knooppunt::plan {
namespace {

using dossier::ItemKind;

// What an organisation gives is checked on the day that it is written down: an organisation that
// has left since does not make the rest of the text wrong.
absl::Status CheckGiver(const AuthorizedCall& call, const access::v1::CaseFact& c,
                        absl::string_view organisation) {
  return organisation.empty() ? absl::OkStatus() : CheckAtTable(c, organisation, call.now());
}

absl::Status CheckLinks(const AuthorizedCall& call, storage::ReadTx& tx,
                        const access::v1::CaseFact& c, const v1::Arrangement& a) {
  KP_RETURN_IF_ERROR(CheckLinked(call, tx, c, ItemKind::kGoal, "arrangement.goals", a.goals()));
  return CheckLinked(call, tx, c, ItemKind::kStep, "arrangement.steps", a.steps());
}

absl::Status CheckChangedLinks(const AuthorizedCall& call, storage::ReadTx& tx,
                               const access::v1::CaseFact& c,
                               const v1::UpdateArrangementRequest& req) {
  v1::Arrangement changed;
  if (Names(req.update_mask(), "goals")) *changed.mutable_goals() = req.arrangement().goals();
  if (Names(req.update_mask(), "steps")) *changed.mutable_steps() = req.arrangement().steps();
  return CheckLinks(call, tx, c, changed);
}

}  // namespace

absl::Status PlanService::AddAsset(const Call& call, WriteTx& tx, const v1::AddAssetRequest& req,
                                   v1::Asset* resp) {
  KP_RETURN_IF_ERROR(CheckAsset("asset", req.asset()));
  Place place;
  KP_RETURN_IF_ERROR(LoadPlace(call, tx, req.parent(), req.asset().label(), "asset.label", &place));
  KP_RETURN_IF_ERROR(CheckGiver(call, *place.c, req.asset().organisation()));
  v1::PlanItem item;
  v1::Asset* asset = item.mutable_asset();
  asset->set_kind(req.asset().kind());
  asset->set_domain(req.asset().domain());
  asset->set_text(req.asset().text());
  asset->set_organisation(req.asset().organisation());
  asset->set_end_date(req.asset().end_date());
  KP_RETURN_IF_ERROR(Add(call, tx, &place, &item, random_));
  resp->Swap(item.mutable_asset());
  return absl::OkStatus();
}

absl::Status PlanService::UpdateAsset(const Call& call, WriteTx& tx,
                                      const v1::UpdateAssetRequest& req, v1::Asset* resp) {
  LoadedItem loaded;
  KP_RETURN_IF_ERROR(LoadForChange(
      call, tx, {.name = req.name(), .collection = "assets", .etag = req.etag()}, &loaded));
  v1::PlanItem next = loaded.item;
  KP_RETURN_IF_ERROR(
      ApplyMask(req.asset(), req.update_mask(), AssetFields(), next.mutable_asset()));
  KP_RETURN_IF_ERROR(CheckAsset("asset", next.asset()));
  if (Names(req.update_mask(), "organisation")) {
    KP_RETURN_IF_ERROR(CheckGiver(call, *loaded.c, next.asset().organisation()));
  }
  KP_RETURN_IF_ERROR(Save(call, tx, loaded, &next, random_));
  resp->Swap(next.mutable_asset());
  return absl::OkStatus();
}

absl::Status PlanService::AddArrangement(const Call& call, WriteTx& tx,
                                         const v1::AddArrangementRequest& req,
                                         v1::Arrangement* resp) {
  KP_RETURN_IF_ERROR(CheckArrangement("arrangement", req.arrangement()));
  Place place;
  KP_RETURN_IF_ERROR(
      LoadPlace(call, tx, req.parent(), req.arrangement().label(), "arrangement.label", &place));
  KP_RETURN_IF_ERROR(CheckGiver(call, *place.c, req.arrangement().organisation()));
  KP_RETURN_IF_ERROR(CheckLinks(call, tx, *place.c, req.arrangement()));
  v1::PlanItem item;
  v1::Arrangement* a = item.mutable_arrangement();
  a->set_kind(req.arrangement().kind());
  a->set_reach(req.arrangement().reach());
  a->set_text(req.arrangement().text());
  a->set_organisation(req.arrangement().organisation());
  a->set_start_date(req.arrangement().start_date());
  a->set_end_date(req.arrangement().end_date());
  a->set_funding(req.arrangement().funding());
  *a->mutable_split() = req.arrangement().split();
  *a->mutable_goals() = req.arrangement().goals();
  *a->mutable_steps() = req.arrangement().steps();
  KP_RETURN_IF_ERROR(Add(call, tx, &place, &item, random_));
  resp->Swap(item.mutable_arrangement());
  return absl::OkStatus();
}

absl::Status PlanService::UpdateArrangement(const Call& call, WriteTx& tx,
                                            const v1::UpdateArrangementRequest& req,
                                            v1::Arrangement* resp) {
  LoadedItem loaded;
  KP_RETURN_IF_ERROR(LoadForChange(
      call, tx, {.name = req.name(), .collection = "arrangements", .etag = req.etag()}, &loaded));
  v1::PlanItem next = loaded.item;
  KP_RETURN_IF_ERROR(ApplyMask(req.arrangement(), req.update_mask(), ArrangementFields(),
                               next.mutable_arrangement()));
  KP_RETURN_IF_ERROR(CheckArrangement("arrangement", next.arrangement()));
  if (Names(req.update_mask(), "organisation")) {
    KP_RETURN_IF_ERROR(CheckGiver(call, *loaded.c, next.arrangement().organisation()));
  }
  KP_RETURN_IF_ERROR(CheckChangedLinks(call, tx, *loaded.c, req));
  KP_RETURN_IF_ERROR(Save(call, tx, loaded, &next, random_));
  resp->Swap(next.mutable_arrangement());
  return absl::OkStatus();
}

}  // namespace knooppunt::plan
