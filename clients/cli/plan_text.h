// The plan as tables. Thread-safe (no state).
#ifndef KNOOPPUNT_CLIENTS_CLI_PLAN_TEXT_H_
#define KNOOPPUNT_CLIENTS_CLI_PLAN_TEXT_H_

#include <ostream>

#include "knooppunt/plan/v1/plan.pb.h"

namespace knooppunt::cli {

void PrintPlan(const plan::v1::Plan& plan, std::ostream& out);
void PrintWish(const plan::v1::Wish& wish, std::ostream& out);
void PrintPlanGoal(const plan::v1::Goal& goal, std::ostream& out);
void PrintAsset(const plan::v1::Asset& asset, std::ostream& out);
void PrintArrangement(const plan::v1::Arrangement& arrangement, std::ostream& out);
void PrintPlanItem(const plan::v1::PlanItem& item, std::ostream& out);
void PrintPlanChanges(const plan::v1::ListPlanChangesResponse& list, std::ostream& out);
// Each version in full, the newest first, with its etag: what a change starts from.
void PrintPlanVersions(const plan::v1::ListPlanVersionsResponse& list, std::ostream& out);

}  // namespace knooppunt::cli

#endif  // KNOOPPUNT_CLIENTS_CLI_PLAN_TEXT_H_
