// Goals: each serves a wish, says how we see that it is reached and when we look again (R9).

#include "base/date.h"
#include "base/status.h"
#include "services/plan/editing.h"
#include "services/plan/errors.h"
#include "services/plan/rules.h"
#include "services/plan/service.h"

namespace knooppunt::plan {
namespace {

absl::Status CheckLinks(const AuthorizedCall& call, storage::ReadTx& tx,
                        const access::v1::CaseFact& c, const v1::Goal& goal) {
  KP_RETURN_IF_ERROR(CheckServes(call, tx, c, goal.wish()));
  return CheckLinked(call, tx, c, dossier::ItemKind::kStep, "goal.steps", goal.steps());
}

// Of an update: what the request names, in the place of what stood there.
absl::Status CheckChangedLinks(const AuthorizedCall& call, storage::ReadTx& tx,
                               const access::v1::CaseFact& c, const v1::UpdateGoalRequest& req) {
  if (Names(req.update_mask(), "wish")) {
    KP_RETURN_IF_ERROR(CheckServes(call, tx, c, req.goal().wish()));
  }
  if (!Names(req.update_mask(), "steps")) return absl::OkStatus();
  return CheckLinked(call, tx, c, dossier::ItemKind::kStep, "goal.steps", req.goal().steps());
}

}  // namespace

absl::Status PlanService::AddGoal(const Call& call, WriteTx& tx, const v1::AddGoalRequest& req,
                                  v1::Goal* resp) {
  KP_RETURN_IF_ERROR(CheckGoal("goal", req.goal()));
  KP_RETURN_IF_ERROR(
      CheckReviewDate("goal.review_date", req.goal().review_date(), base::DateOf(call.now())));
  Place place;
  KP_RETURN_IF_ERROR(LoadPlace(call, tx, req.parent(), req.goal().label(), "goal.label", &place));
  KP_RETURN_IF_ERROR(CheckLinks(call, tx, *place.c, req.goal()));
  v1::PlanItem item;
  v1::Goal* goal = item.mutable_goal();
  goal->set_text(req.goal().text());
  goal->set_domain(req.goal().domain());
  goal->set_wish(req.goal().wish());
  goal->set_measure(req.goal().measure());
  goal->set_review_date(req.goal().review_date());
  goal->set_state(v1::GOAL_STATE_OPEN);
  *goal->mutable_steps() = req.goal().steps();
  KP_RETURN_IF_ERROR(Add(call, tx, &place, &item, random_));
  resp->Swap(item.mutable_goal());
  return absl::OkStatus();
}

absl::Status PlanService::UpdateGoal(const Call& call, WriteTx& tx,
                                     const v1::UpdateGoalRequest& req, v1::Goal* resp) {
  LoadedItem loaded;
  KP_RETURN_IF_ERROR(LoadForChange(
      call, tx, {.name = req.name(), .collection = "goals", .etag = req.etag()}, &loaded));
  if (loaded.item.goal().state() != v1::GOAL_STATE_OPEN) return errors::GoalNotOpen();
  v1::PlanItem next = loaded.item;
  KP_RETURN_IF_ERROR(ApplyMask(req.goal(), req.update_mask(), GoalFields(), next.mutable_goal()));
  KP_RETURN_IF_ERROR(CheckGoal("goal", next.goal()));
  if (Names(req.update_mask(), "review_date")) {
    KP_RETURN_IF_ERROR(
        CheckReviewDate("goal.review_date", next.goal().review_date(), base::DateOf(call.now())));
  }
  KP_RETURN_IF_ERROR(CheckChangedLinks(call, tx, *loaded.c, req));
  KP_RETURN_IF_ERROR(Save(call, tx, loaded, &next, random_));
  resp->Swap(next.mutable_goal());
  return absl::OkStatus();
}

absl::Status PlanService::EvaluateGoal(const Call& call, WriteTx& tx,
                                       const v1::EvaluateGoalRequest& req, v1::Goal* resp) {
  LoadedItem loaded;
  KP_RETURN_IF_ERROR(LoadForChange(
      call, tx, {.name = req.name(), .collection = "goals", .etag = req.etag()}, &loaded));
  v1::PlanItem next = loaded.item;
  KP_RETURN_IF_ERROR(
      plan::EvaluateGoal(*loaded.c, req, call.actor(), call.now(), next.mutable_goal()));
  if (req.result() == v1::GOAL_STATE_CARRIED_OVER) {
    v1::PlanItem successor;
    *successor.mutable_goal() = CarriedOver(loaded.item.goal(), req.review_date());
    KP_RETURN_IF_ERROR(InsertBeside(call, tx, loaded, &successor, random_));
    next.mutable_goal()->set_carried_to(successor.name());
  }
  KP_RETURN_IF_ERROR(Save(call, tx, loaded, &next, random_));
  resp->Swap(next.mutable_goal());
  return absl::OkStatus();
}

}  // namespace knooppunt::plan
