// PlanService: the one plan of a case (R1, R9). One method an RPC, one file a resource; rules are
// in rules.h. Thread-safe: holds no state of its own.
#ifndef KNOOPPUNT_SERVICES_PLAN_SERVICE_H_
#define KNOOPPUNT_SERVICES_PLAN_SERVICE_H_

#include "absl/status/status.h"
#include "knooppunt/plan/v1/plan.pb.h"
#include "security/crypto/random.h"
#include "security/policy/authorized_call.h"
#include "security/storage/database.h"
#include "services/runtime/registry.h"

namespace knooppunt::plan {

class PlanService {
 public:
  // `random` is not owned and outlives the service.
  explicit PlanService(crypto::Random& random) : random_(random) {}
  PlanService(const PlanService&) = delete;
  PlanService& operator=(const PlanService&) = delete;

  // Adds the handlers and hooks; `registry` may use them as long as the service lives.
  void Register(runtime::Registry& registry);

 private:
  using Call = policy::AuthorizedCall;
  using ReadTx = storage::ReadTx;
  using WriteTx = storage::WriteTx;

  // reading.cc
  absl::Status GetPlan(const Call&, ReadTx&, const v1::GetPlanRequest&, v1::Plan*);
  absl::Status ListPlanVersions(const Call&, ReadTx&, const v1::ListPlanVersionsRequest&,
                                v1::ListPlanVersionsResponse*);
  // changes.cc
  absl::Status ListPlanChanges(const Call&, ReadTx&, const v1::ListPlanChangesRequest&,
                               v1::ListPlanChangesResponse*);
  // rendering.cc
  absl::Status RenderPlan(const Call&, ReadTx&, const v1::RenderPlanRequest&,
                          v1::RenderPlanResponse*);
  // wishes.cc
  absl::Status AddWish(const Call&, WriteTx&, const v1::AddWishRequest&, v1::Wish*);
  absl::Status UpdateWish(const Call&, WriteTx&, const v1::UpdateWishRequest&, v1::Wish*);
  // goals.cc
  absl::Status AddGoal(const Call&, WriteTx&, const v1::AddGoalRequest&, v1::Goal*);
  absl::Status UpdateGoal(const Call&, WriteTx&, const v1::UpdateGoalRequest&, v1::Goal*);
  absl::Status EvaluateGoal(const Call&, WriteTx&, const v1::EvaluateGoalRequest&, v1::Goal*);
  // arrangements.cc
  absl::Status AddAsset(const Call&, WriteTx&, const v1::AddAssetRequest&, v1::Asset*);
  absl::Status UpdateAsset(const Call&, WriteTx&, const v1::UpdateAssetRequest&, v1::Asset*);
  absl::Status AddArrangement(const Call&, WriteTx&, const v1::AddArrangementRequest&,
                              v1::Arrangement*);
  absl::Status UpdateArrangement(const Call&, WriteTx&, const v1::UpdateArrangementRequest&,
                                 v1::Arrangement*);
  // reactions.cc
  absl::Status ReactToPlanItem(const Call&, WriteTx&, const v1::ReactToPlanItemRequest&,
                               v1::PlanItem*);

  crypto::Random& random_;
};

}  // namespace knooppunt::plan

#endif  // KNOOPPUNT_SERVICES_PLAN_SERVICE_H_
