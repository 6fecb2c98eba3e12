#include "services/plan/service.h"

#include <functional>

#include "services/dossier/rules.h"

namespace knooppunt::plan {
namespace {

// The hooks: label 0. One that is not complete is not demanded: the handler refuses it (R38).
absl::Status Demand(const common::v1::Label& asked, runtime::Demands* out) {
  if (dossier::IsComplete(asked)) out->labels.push_back(dossier::Asked(asked));
  return absl::OkStatus();
}
absl::Status DemandWish(const runtime::Preparation&, const v1::AddWishRequest& req,
                        runtime::Demands* out) {
  return Demand(req.wish().label(), out);
}
absl::Status DemandGoal(const runtime::Preparation&, const v1::AddGoalRequest& req,
                        runtime::Demands* out) {
  return Demand(req.goal().label(), out);
}
absl::Status DemandAsset(const runtime::Preparation&, const v1::AddAssetRequest& req,
                         runtime::Demands* out) {
  return Demand(req.asset().label(), out);
}
absl::Status DemandArrangement(const runtime::Preparation&, const v1::AddArrangementRequest& req,
                               runtime::Demands* out) {
  return Demand(req.arrangement().label(), out);
}

}  // namespace

void PlanService::Register(runtime::Registry& r) {
  using std::bind_front;
  using S = PlanService;
#define KP_METHOD(name) "/knooppunt.plan.v1.PlanService/" name
  r.Read<v1::GetPlanRequest, v1::Plan>(KP_METHOD("GetPlan"), bind_front(&S::GetPlan, this));
  r.Read<v1::ListPlanChangesRequest, v1::ListPlanChangesResponse>(
      KP_METHOD("ListPlanChanges"), bind_front(&S::ListPlanChanges, this));
  r.Read<v1::ListPlanVersionsRequest, v1::ListPlanVersionsResponse>(
      KP_METHOD("ListPlanVersions"), bind_front(&S::ListPlanVersions, this));
  r.Read<v1::RenderPlanRequest, v1::RenderPlanResponse>(KP_METHOD("RenderPlan"),
                                                        bind_front(&S::RenderPlan, this));
  r.Write<v1::AddWishRequest, v1::Wish>(KP_METHOD("AddWish"), bind_front(&S::AddWish, this));
  r.Write<v1::UpdateWishRequest, v1::Wish>(KP_METHOD("UpdateWish"),
                                           bind_front(&S::UpdateWish, this));
  r.Write<v1::AddGoalRequest, v1::Goal>(KP_METHOD("AddGoal"), bind_front(&S::AddGoal, this));
  r.Write<v1::UpdateGoalRequest, v1::Goal>(KP_METHOD("UpdateGoal"),
                                           bind_front(&S::UpdateGoal, this));
  r.Write<v1::EvaluateGoalRequest, v1::Goal>(KP_METHOD("EvaluateGoal"),
                                             bind_front(&S::EvaluateGoal, this));
  r.Write<v1::AddAssetRequest, v1::Asset>(KP_METHOD("AddAsset"), bind_front(&S::AddAsset, this));
  r.Write<v1::UpdateAssetRequest, v1::Asset>(KP_METHOD("UpdateAsset"),
                                             bind_front(&S::UpdateAsset, this));
  r.Write<v1::AddArrangementRequest, v1::Arrangement>(KP_METHOD("AddArrangement"),
                                                      bind_front(&S::AddArrangement, this));
  r.Write<v1::UpdateArrangementRequest, v1::Arrangement>(KP_METHOD("UpdateArrangement"),
                                                         bind_front(&S::UpdateArrangement, this));
  r.Write<v1::ReactToPlanItemRequest, v1::PlanItem>(KP_METHOD("ReactToPlanItem"),
                                                    bind_front(&S::ReactToPlanItem, this));

  r.Demand<v1::AddWishRequest>(KP_METHOD("AddWish"), DemandWish);
  r.Demand<v1::AddGoalRequest>(KP_METHOD("AddGoal"), DemandGoal);
  r.Demand<v1::AddAssetRequest>(KP_METHOD("AddAsset"), DemandAsset);
  r.Demand<v1::AddArrangementRequest>(KP_METHOD("AddArrangement"), DemandArrangement);
#undef KP_METHOD
}

}  // namespace knooppunt::plan
