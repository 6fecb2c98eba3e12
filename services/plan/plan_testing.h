// The fixture of the plan's handler tests: the people of the journey, and what they ask.
#ifndef KNOOPPUNT_SERVICES_PLAN_PLAN_TESTING_H_
#define KNOOPPUNT_SERVICES_PLAN_PLAN_TESTING_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/status_testing.h"
#include "services/dossier/testing.h"

namespace knooppunt::plan {

using dossier::testing::Caller;
using dossier::testing::Journey;

template <typename T>
std::string Reason(const absl::StatusOr<T>& s) {
  return base::ReasonOf(s.status());
}

class PlanServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    j.Open();
    j.Activate();
  }

  std::string PersonName(const std::string& id) const {
    return absl::StrCat("families/", j.family, "/persons/", id);
  }
  // About one person, as the family writes and the regisseur reads.
  common::v1::Label FamilyLabel(const std::string& person) const {
    common::v1::Label label;
    label.mutable_about()->add_persons(person);
    label.set_compartment(common::v1::COMPARTMENT_FAMILY);
    label.set_regime(common::v1::REGIME_MUNICIPAL);
    return label;
  }

  v1::AddWishRequest WishOf(const std::string& person, v1::WishHow how) {
    v1::AddWishRequest req;
    req.set_parent(j.case_name);
    req.mutable_wish()->set_person(PersonName(person));
    req.mutable_wish()->set_text("Ik wil weer gewoon naar voetbal.");
    req.mutable_wish()->set_how(how);
    *req.mutable_wish()->mutable_label() = j.Education();
    return req;
  }
  absl::StatusOr<v1::Wish> Add(const Caller& who, const v1::AddWishRequest& req) {
    return j.office.Plan<v1::Wish>("AddWish", who, req);
  }
  // The child's, told to the IB.
  v1::Wish ChildsWish() {
    auto wish = Add(j.ib, WishOf(j.child, v1::WISH_HOW_CONVERSATION));
    EXPECT_OK(wish);
    return wish.value_or(v1::Wish());
  }
  // The mother's own, about herself: nobody else of the family sees it.
  v1::Wish MothersWish() {
    v1::AddWishRequest req = WishOf(j.mother_id, v1::WISH_HOW_SELF);
    req.mutable_wish()->set_text("Ik wil rust in huis.");
    *req.mutable_wish()->mutable_label() = FamilyLabel(j.mother_id);
    auto wish = Add(j.mother, req);
    EXPECT_OK(wish);
    return wish.value_or(v1::Wish());
  }

  v1::AddGoalRequest GoalFor(const std::string& wish) {
    v1::AddGoalRequest req;
    req.set_parent(j.case_name);
    v1::Goal& goal = *req.mutable_goal();
    goal.set_text("Sem traint elke woensdag mee.");
    goal.set_domain(v1::LIFE_DOMAIN_LEISURE);
    goal.set_wish(wish);
    goal.set_measure("Hij is er vier woensdagen achter elkaar.");
    goal.set_review_date("2027-02-01");
    *goal.mutable_label() = j.Education();
    return req;
  }
  absl::StatusOr<v1::Goal> Add(const Caller& who, const v1::AddGoalRequest& req) {
    return j.office.Plan<v1::Goal>("AddGoal", who, req);
  }
  v1::Goal AddedGoal() {
    auto goal = Add(j.ib, GoalFor(ChildsWish().name()));
    EXPECT_OK(goal);
    return goal.value_or(v1::Goal());
  }
  v1::UpdateGoalRequest NewText(const v1::Goal& goal, const std::string& text) {
    v1::UpdateGoalRequest req;
    req.set_name(goal.name());
    req.set_etag(goal.etag());
    req.mutable_goal()->set_text(text);
    req.mutable_update_mask()->add_paths("text");
    return req;
  }
  absl::StatusOr<v1::Goal> Update(const Caller& who, const v1::UpdateGoalRequest& req) {
    return j.office.Plan<v1::Goal>("UpdateGoal", who, req);
  }
  v1::EvaluateGoalRequest Evaluation(const v1::Goal& goal, v1::GoalState result) {
    v1::EvaluateGoalRequest req;
    req.set_name(goal.name());
    req.set_etag(goal.etag());
    req.set_result(result);
    req.set_text("Sem vond het leuk.");
    req.add_seats(j.SeatOf(j.ib));
    req.add_seats(j.SeatOf(j.mother));
    if (result == v1::GOAL_STATE_OPEN || result == v1::GOAL_STATE_CARRIED_OVER) {
      req.set_review_date("2027-05-01");
    }
    return req;
  }
  absl::StatusOr<v1::Goal> Evaluate(const Caller& who, const v1::EvaluateGoalRequest& req) {
    return j.office.Plan<v1::Goal>("EvaluateGoal", who, req);
  }

  v1::AddArrangementRequest NewArrangement() {
    v1::AddArrangementRequest req;
    req.set_parent(j.case_name);
    v1::Arrangement& a = *req.mutable_arrangement();
    a.set_kind(v1::ARRANGEMENT_KIND_SCHOOL_SUPPORT);
    a.set_reach(v1::ARRANGEMENT_REACH_INDIVIDUAL);
    a.set_text("Rekenhulp in een klein groepje.");
    a.set_organisation("organisations/mosalira");
    a.set_start_date("2026-12-01");
    a.set_end_date("2027-03-31");
    a.set_funding(common::v1::FUNDING_EDUCATION);
    *a.mutable_label() = j.Education();
    return req;
  }
  absl::StatusOr<v1::Arrangement> Add(const Caller& who, const v1::AddArrangementRequest& req) {
    return j.office.Plan<v1::Arrangement>("AddArrangement", who, req);
  }
  absl::StatusOr<v1::PlanItem> React(const Caller& who, const std::string& name, bool confirmed,
                                     const std::string& text) {
    v1::ReactToPlanItemRequest req;
    req.set_name(name);
    req.set_confirmed(confirmed);
    req.set_text(text);
    return j.office.Plan<v1::PlanItem>("ReactToPlanItem", who, req);
  }

  // A concluded meeting with one step of the IB's; returns the step's name.
  std::string AgreedStep() {
    casework::v1::PlanMeetingRequest plan;
    plan.set_parent(j.case_name);
    plan.set_date("2026-11-23");
    *plan.mutable_label() = j.Education();
    const auto meeting = j.office.Casework<casework::v1::Meeting>("PlanMeeting", j.ib, plan);
    EXPECT_OK(meeting);
    casework::v1::ConcludeMeetingRequest req;
    req.set_name(meeting->name());
    for (const Caller& who : {j.ib, j.mother}) {
      casework::v1::Attendance* a = req.add_attendances();
      a->set_seat(j.SeatOf(who));
      a->set_how(casework::v1::ATTENDANCE_HOW_IN_PERSON);
    }
    casework::v1::NewStep* step = req.add_steps();
    step->set_text("De IB belt de trainer.");
    step->set_owner_seat(j.SeatOf(j.ib));
    step->set_due_date("2026-12-14");
    *step->mutable_label() = j.Education();
    req.set_conclusion("We proberen het zo.");
    const auto concluded = j.office.Casework<casework::v1::Meeting>("ConcludeMeeting", j.ib, req);
    EXPECT_OK(concluded);
    return concluded->steps(0);
  }

  absl::StatusOr<v1::Plan> Get(const Caller& who) {
    v1::GetPlanRequest req;
    req.set_name(j.case_name);
    return j.office.Plan<v1::Plan>("GetPlan", who, req);
  }
  v1::ListPlanChangesResponse Changes(const Caller& who, const std::string& since = "") {
    v1::ListPlanChangesRequest req;
    req.set_parent(j.case_name);
    req.set_since_date(since);
    auto out = j.office.Plan<v1::ListPlanChangesResponse>("ListPlanChanges", who, req);
    EXPECT_OK(out);
    return out.value_or(v1::ListPlanChangesResponse());
  }
  absl::StatusOr<v1::RenderPlanResponse> Render(const Caller& who, v1::DocumentFormat format) {
    v1::RenderPlanRequest req;
    req.set_name(j.case_name);
    req.set_format(format);
    return j.office.Plan<v1::RenderPlanResponse>("RenderPlan", who, req);
  }

  Journey j;
};

}  // namespace knooppunt::plan

#endif  // KNOOPPUNT_SERVICES_PLAN_PLAN_TESTING_H_
