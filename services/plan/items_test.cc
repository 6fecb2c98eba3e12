// Wishes, goals, what is there, arrangements and dissent, through the handlers.
#include "services/plan/plan_testing.h"

namespace knooppunt::plan {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// ---- Wishes ----

TEST_F(PlanServiceTest, R9WishesComeFirstInTheirOwnWordsTheChildsBeforeTheParents) {
  const v1::Wish hers = MothersWish();
  const v1::Wish childs = ChildsWish();
  EXPECT_EQ(hers.how(), v1::WISH_HOW_SELF);
  EXPECT_EQ(hers.person_role(), access::v1::FAMILY_ROLE_PARENT);
  EXPECT_EQ(hers.revision().author(), PersonName(j.mother_id));
  EXPECT_EQ(childs.revision().author(), "professionals/ib");
  ASSERT_OK_AND_ASSIGN(const v1::Plan plan, Get(j.mother));
  EXPECT_EQ(plan.name(), j.case_name);
  ASSERT_THAT(plan.wishes(), SizeIs(2));
  EXPECT_EQ(plan.wishes(0).name(), childs.name());
  EXPECT_EQ(plan.wishes(0).person_role(), access::v1::FAMILY_ROLE_CHILD);
  EXPECT_EQ(plan.wishes(1).text(), "Ik wil rust in huis.");
}

TEST_F(PlanServiceTest, R9NobodySaysThatAnotherWroteItThemselves) {
  EXPECT_EQ(Reason(Add(j.ib, WishOf(j.child, v1::WISH_HOW_SELF))), "SELF_IS_LOGGED_IN");
  EXPECT_EQ(Reason(Add(j.mother, WishOf(j.child, v1::WISH_HOW_SELF))), "SELF_IS_LOGGED_IN");
  // What the child told a parent who holds gezag.
  EXPECT_OK(Add(j.mother, WishOf(j.child, v1::WISH_HOW_CONVERSATION)));
  v1::AddWishRequest of_father = WishOf(j.father_id, v1::WISH_HOW_CONVERSATION);
  of_father.mutable_wish()->mutable_label()->mutable_about()->set_family(true);
  EXPECT_EQ(Reason(Add(j.mother, of_father)), "NOT_YOUR_WISH");
}

TEST_F(PlanServiceTest, R38TheLabelOfAWishIsAboutWhoseWishItIs) {
  EXPECT_EQ(Reason(Add(j.ib, WishOf(j.mother_id, v1::WISH_HOW_LETTER))),
            "R38_LABEL_NOT_ABOUT_WISHER");
  v1::AddWishRequest req = WishOf(j.child, v1::WISH_HOW_LETTER);
  req.mutable_wish()->clear_label();
  EXPECT_EQ(Reason(Add(j.ib, req)), "R38_NO_LABEL");
  req = WishOf("p-nobody", v1::WISH_HOW_LETTER);
  EXPECT_EQ(Reason(Add(j.ib, req)), "INVALID_FIELD");
  req = WishOf(j.child, v1::WISH_HOW_UNSPECIFIED);
  EXPECT_EQ(Reason(Add(j.ib, req)), "INVALID_FIELD");
  req = WishOf(j.child, v1::WISH_HOW_LETTER);
  req.mutable_wish()->set_text("omgekeerd \u202e");
  EXPECT_EQ(Reason(Add(j.ib, req)), "INVALID_FIELD");
  req.mutable_wish()->set_text(std::string(5000, 'x'));
  EXPECT_EQ(Reason(Add(j.ib, req)), "INVALID_FIELD");
}

TEST_F(PlanServiceTest, R9WhatSomebodyWroteThemselvesOnlyTheyChange) {
  const v1::Wish hers = MothersWish();
  v1::UpdateWishRequest req;
  req.set_name(hers.name());
  req.set_etag(hers.etag());
  req.mutable_wish()->set_text("Ik wil vooral slapen.");
  req.mutable_update_mask()->add_paths("text");
  // The father and the school do not see it: to them there is no such wish.
  EXPECT_EQ(Reason(j.office.Plan<v1::Wish>("UpdateWish", j.father, req)), "NOT_FOUND");
  ASSERT_OK_AND_ASSIGN(const v1::Wish changed,
                       j.office.Plan<v1::Wish>("UpdateWish", j.mother, req));
  EXPECT_EQ(changed.revision().number(), 2);

  v1::AddWishRequest about_child = WishOf(j.mother_id, v1::WISH_HOW_SELF);
  about_child.mutable_wish()->mutable_label()->mutable_about()->clear_persons();
  about_child.mutable_wish()->mutable_label()->mutable_about()->set_family(true);
  ASSERT_OK_AND_ASSIGN(const v1::Wish open, Add(j.mother, about_child));
  req.set_name(open.name());
  ASSERT_OK_AND_ASSIGN(const v1::Plan by_father, Get(j.father));
  ASSERT_THAT(by_father.wishes(), SizeIs(1));
  // R18: whose it is he may know by what she is of the family.
  EXPECT_EQ(by_father.wishes(0).person(), absl::StrCat("families/", j.family));
  EXPECT_EQ(by_father.wishes(0).person_role(), access::v1::FAMILY_ROLE_PARENT);
  req.set_etag(by_father.wishes(0).etag());
  EXPECT_EQ(Reason(j.office.Plan<v1::Wish>("UpdateWish", j.father, req)), "WISH_IS_THEIRS");
}

TEST_F(PlanServiceTest, R9OnesOwnChangeIsInOnesOwnHand) {
  v1::AddWishRequest told = WishOf(j.mother_id, v1::WISH_HOW_CONVERSATION);
  told.mutable_wish()->mutable_label()->mutable_about()->set_family(true);
  told.mutable_wish()->mutable_label()->mutable_about()->clear_persons();
  ASSERT_OK_AND_ASSIGN(const v1::Wish wish, Add(j.ib, told));
  ASSERT_OK_AND_ASSIGN(const v1::Plan plan, Get(j.mother));
  v1::UpdateWishRequest req;
  req.set_name(wish.name());
  req.set_etag(plan.wishes(0).etag());
  req.mutable_wish()->set_text("Zo had ik het niet gezegd.");
  req.mutable_update_mask()->add_paths("text");
  ASSERT_OK_AND_ASSIGN(const v1::Wish changed,
                       j.office.Plan<v1::Wish>("UpdateWish", j.mother, req));
  EXPECT_EQ(changed.how(), v1::WISH_HOW_SELF);
}

// ---- Goals ----

TEST_F(PlanServiceTest, R1GoalsStandInThePartThatTheirLabelSays) {
  const v1::Goal at_school = AddedGoal();
  v1::AddGoalRequest req = GoalFor(ChildsWish().name());
  req.mutable_goal()->set_domain(v1::LIFE_DOMAIN_HOME);
  *req.mutable_goal()->mutable_label() = FamilyLabel(j.child);
  ASSERT_OK_AND_ASSIGN(const v1::Goal at_home, Add(j.consultant, req));
  EXPECT_EQ(at_school.state(), v1::GOAL_STATE_OPEN);
  ASSERT_OK_AND_ASSIGN(const v1::Plan plan, Get(j.consultant));
  ASSERT_THAT(plan.education().goals(), SizeIs(1));
  ASSERT_THAT(plan.family().goals(), SizeIs(1));
  EXPECT_EQ(plan.education().goals(0).name(), at_school.name());
  EXPECT_EQ(plan.family().goals(0).name(), at_home.name());
  // R18: the IB sees the education part, and nothing of the other.
  ASSERT_OK_AND_ASSIGN(const v1::Plan by_ib, Get(j.ib));
  EXPECT_THAT(by_ib.education().goals(), SizeIs(1));
  EXPECT_THAT(by_ib.family().goals(), IsEmpty());
}

TEST_F(PlanServiceTest, R9AGoalWithoutAWishIsRefusedAndToldWhatToDo) {
  const auto refused = Add(j.ib, GoalFor(""));
  EXPECT_EQ(Reason(refused), "GOAL_NEEDS_WISH");
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("Record that wish first"));
  EXPECT_EQ(Reason(Add(j.ib, GoalFor("Rust in huis."))), "INVALID_FIELD");
  v1::AddGoalRequest req = GoalFor(ChildsWish().name());
  req.mutable_goal()->clear_measure();
  EXPECT_EQ(Reason(Add(j.ib, req)), "MEASURE_MISSING");
  req = GoalFor(ChildsWish().name());
  req.mutable_goal()->clear_domain();
  EXPECT_EQ(Reason(Add(j.ib, req)), "INVALID_FIELD");
  ASSERT_OK_AND_ASSIGN(const v1::Plan plan, Get(j.ib));
  EXPECT_THAT(plan.education().goals(), IsEmpty()) << "nothing half-written";
}

TEST_F(PlanServiceTest, R18AWishThatIsNotYoursAnswersAsOneThatIsNotThere) {
  const v1::Wish hers = MothersWish();
  const auto not_mine = Add(j.ib, GoalFor(hers.name()));
  const auto no_such = Add(j.ib, GoalFor(absl::StrCat(j.case_name, "/wishes/plan-nobody")));
  EXPECT_EQ(Reason(not_mine), "UNKNOWN_WISH");
  EXPECT_EQ(not_mine.status(), no_such.status());
}

TEST_F(PlanServiceTest, DaysThatDoNotExistAndReviewsInThePastAreRefused) {
  v1::AddGoalRequest req = GoalFor(ChildsWish().name());
  req.mutable_goal()->set_review_date("2027-02-29");
  EXPECT_EQ(Reason(Add(j.ib, req)), "INVALID_FIELD");
  req.mutable_goal()->set_review_date("2026-11-22");
  EXPECT_EQ(Reason(Add(j.ib, req)), "REVIEW_IN_THE_PAST");
  req.mutable_goal()->set_review_date("2026-11-23");
  EXPECT_OK(Add(j.ib, req));
}

TEST_F(PlanServiceTest, TheSecondOfTwoConcurrentChangesIsRefusedAndToldWhatToDo) {
  const v1::Goal read = AddedGoal();
  ASSERT_OK(Update(j.ib, NewText(read, "De eerste.")));
  const auto second = Update(j.ib, NewText(read, "De tweede."));
  EXPECT_EQ(second.status().code(), absl::StatusCode::kAborted);
  EXPECT_EQ(Reason(second), "STALE_ETAG");
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("Read it again"));
  ASSERT_OK_AND_ASSIGN(const v1::Plan plan, Get(j.ib));
  EXPECT_EQ(plan.education().goals(0).text(), "De eerste.");
  ASSERT_OK_AND_ASSIGN(const v1::Goal third,
                       Update(j.ib, NewText(plan.education().goals(0), "De derde.")));
  EXPECT_EQ(third.revision().number(), 3);
}

TEST_F(PlanServiceTest, AnUpdateChangesWhatItNamesAndNothingElse) {
  const v1::Goal read = AddedGoal();
  v1::UpdateGoalRequest req = NewText(read, "Sem traint mee.");
  req.mutable_goal()->set_measure("Niet gevraagd.");
  ASSERT_OK_AND_ASSIGN(const v1::Goal changed, Update(j.ib, req));
  EXPECT_EQ(changed.text(), "Sem traint mee.");
  EXPECT_EQ(changed.measure(), read.measure());
  req = NewText(changed, "x");
  req.mutable_update_mask()->clear_paths();
  EXPECT_EQ(Reason(Update(j.ib, req)), "UPDATE_MASK_MISSING");
  for (const char* path : {"label", "state", "name", "reactions", "nonsense"}) {
    req = NewText(changed, "x");
    req.mutable_update_mask()->add_paths(path);
    EXPECT_EQ(Reason(Update(j.ib, req)), "FIELD_NOT_FOR_CHANGE") << path;
  }
  req = NewText(changed, "x");
  req.clear_etag();
  EXPECT_EQ(Reason(Update(j.ib, req)), "ETAG_MISSING");
  req = NewText(changed, "");
  EXPECT_EQ(Reason(Update(j.ib, req)), "INVALID_FIELD");
  req = NewText(changed, "x");
  req.mutable_update_mask()->set_paths(0, "wish");
  EXPECT_EQ(Reason(Update(j.ib, req)), "GOAL_NEEDS_WISH");
}

TEST_F(PlanServiceTest, R18ASomebodyWhoDoesNotSeeTheWishKeepsItWhenTheyChangeTheGoal) {
  v1::AddGoalRequest req = GoalFor(MothersWish().name());
  ASSERT_OK(Add(j.mother, req));
  ASSERT_OK_AND_ASSIGN(const v1::Plan by_ib, Get(j.ib));
  ASSERT_THAT(by_ib.education().goals(), SizeIs(1));
  EXPECT_EQ(by_ib.education().goals(0).wish(), "");
  EXPECT_OK(Update(j.ib, NewText(by_ib.education().goals(0), "Sem traint mee.")));
  ASSERT_OK_AND_ASSIGN(const v1::Plan by_mother, Get(j.mother));
  EXPECT_EQ(by_mother.education().goals(0).wish(), req.goal().wish());
}

TEST_F(PlanServiceTest, AGoalIsEvaluatedWithTheFamilyOrSaysWhyNot) {
  const v1::Goal goal = AddedGoal();
  v1::EvaluateGoalRequest req = Evaluation(goal, v1::GOAL_STATE_REACHED);
  req.clear_seats();
  req.add_seats(j.SeatOf(j.ib));
  EXPECT_EQ(Reason(Evaluate(j.ib, req)), "FAMILY_NOT_THERE");
  req.add_seats("s-nobody");
  EXPECT_EQ(Reason(Evaluate(j.ib, req)), "NOT_AT_TABLE");
  req = Evaluation(goal, v1::GOAL_STATE_REACHED);
  req.set_family_absent_reason("Ziek.");
  EXPECT_EQ(Reason(Evaluate(j.ib, req)), "FAMILY_WAS_THERE");
  req.clear_seats();
  ASSERT_OK_AND_ASSIGN(const v1::Goal reached, Evaluate(j.ib, req));
  EXPECT_EQ(reached.state(), v1::GOAL_STATE_REACHED);
  ASSERT_THAT(reached.evaluations(), SizeIs(1));
  EXPECT_EQ(reached.evaluations(0).author(), "professionals/ib");
  EXPECT_EQ(Reason(Update(j.ib, NewText(reached, "x"))), "GOAL_NOT_OPEN");
  EXPECT_EQ(Reason(Evaluate(j.ib, Evaluation(reached, v1::GOAL_STATE_DROPPED))),
            "FORBIDDEN_RESULT");
  ASSERT_OK_AND_ASSIGN(const v1::Goal again,
                       Evaluate(j.ib, Evaluation(reached, v1::GOAL_STATE_OPEN)));
  EXPECT_EQ(again.review_date(), "2027-05-01");
  EXPECT_THAT(again.evaluations(), SizeIs(2)) << "what was said stays";
}

TEST_F(PlanServiceTest, ADroppedGoalSaysWhyAndAGoalThatStaysOpenWhenToLookAgain) {
  const v1::Goal goal = AddedGoal();
  v1::EvaluateGoalRequest req = Evaluation(goal, v1::GOAL_STATE_DROPPED);
  req.clear_text();
  EXPECT_EQ(Reason(Evaluate(j.ib, req)), "INVALID_FIELD");
  req = Evaluation(goal, v1::GOAL_STATE_DROPPED);
  req.set_review_date("2027-05-01");
  EXPECT_EQ(Reason(Evaluate(j.ib, req)), "REVIEW_NOT_NEEDED");
  req = Evaluation(goal, v1::GOAL_STATE_OPEN);
  req.set_review_date("2026-01-01");
  EXPECT_EQ(Reason(Evaluate(j.ib, req)), "REVIEW_IN_THE_PAST");
  req.clear_review_date();
  EXPECT_EQ(Reason(Evaluate(j.ib, req)), "INVALID_FIELD");
  EXPECT_OK(Evaluate(j.ib, Evaluation(goal, v1::GOAL_STATE_DROPPED)));
}

TEST_F(PlanServiceTest, AGoalThatIsCarriedOverGoesOnAsAnother) {
  const v1::Goal goal = AddedGoal();
  ASSERT_OK_AND_ASSIGN(const v1::Goal old,
                       Evaluate(j.ib, Evaluation(goal, v1::GOAL_STATE_CARRIED_OVER)));
  EXPECT_EQ(old.state(), v1::GOAL_STATE_CARRIED_OVER);
  ASSERT_OK_AND_ASSIGN(const v1::Plan plan, Get(j.ib));
  ASSERT_THAT(plan.education().goals(), SizeIs(2));
  const v1::Goal& next = plan.education().goals(1);
  EXPECT_EQ(next.name(), old.carried_to());
  EXPECT_EQ(next.carried_from(), goal.name());
  EXPECT_EQ(next.state(), v1::GOAL_STATE_OPEN);
  EXPECT_EQ(next.text(), goal.text());
  EXPECT_EQ(next.wish(), goal.wish());
  EXPECT_EQ(next.review_date(), "2027-05-01");
  EXPECT_EQ(next.revision().number(), 1);
  EXPECT_EQ(Reason(Evaluate(j.ib, Evaluation(old, v1::GOAL_STATE_OPEN))), "FORBIDDEN_RESULT");
}

// ---- What is there, and arrangements ----

TEST_F(PlanServiceTest, WhatIsAlreadyThereStandsWithItsKindAndDomain) {
  v1::AddAssetRequest req;
  req.set_parent(j.case_name);
  req.mutable_asset()->set_kind(v1::ASSET_KIND_NETWORK);
  req.mutable_asset()->set_domain(v1::LIFE_DOMAIN_HOME);
  req.mutable_asset()->set_text("Oma past elke dinsdag op.");
  *req.mutable_asset()->mutable_label() = j.Education();
  ASSERT_OK_AND_ASSIGN(const v1::Asset asset, j.office.Plan<v1::Asset>("AddAsset", j.mother, req));
  req.mutable_asset()->set_organisation("organisations/lvo");
  EXPECT_EQ(Reason(j.office.Plan<v1::Asset>("AddAsset", j.mother, req)),
            "ORGANISATION_NOT_AT_TABLE");
  v1::UpdateAssetRequest update;
  update.set_name(asset.name());
  update.set_etag(asset.etag());
  update.mutable_asset()->set_end_date("2026-02-30");
  update.mutable_update_mask()->add_paths("end_date");
  EXPECT_EQ(Reason(j.office.Plan<v1::Asset>("UpdateAsset", j.mother, update)), "INVALID_FIELD");
  update.mutable_asset()->set_end_date("2027-01-31");
  EXPECT_OK(j.office.Plan<v1::Asset>("UpdateAsset", j.mother, update));
  ASSERT_OK_AND_ASSIGN(const v1::Plan plan, Get(j.ib));
  ASSERT_THAT(plan.education().assets(), SizeIs(1));
  EXPECT_EQ(plan.education().assets(0).end_date(), "2027-01-31");
}

TEST_F(PlanServiceTest, R36AnArrangementNamesWhoCarriesItAndItsPeriod) {
  v1::AddArrangementRequest req = NewArrangement();
  req.mutable_arrangement()->clear_funding();
  EXPECT_EQ(Reason(Add(j.ib, req)), "R36_FUNDING_MISSING");
  req = NewArrangement();
  req.mutable_arrangement()->set_funding(common::v1::FUNDING_SHARED);
  EXPECT_EQ(Reason(Add(j.ib, req)), "R36_SPLIT_MISSING");
  const auto share = [&](common::v1::Funding funding, int percent) {
    common::v1::FundingShare* s = req.mutable_arrangement()->add_split();
    s->set_funding(funding);
    s->set_percent(percent);
  };
  share(common::v1::FUNDING_EDUCATION, 60);
  share(common::v1::FUNDING_JEUGDWET, 30);
  EXPECT_EQ(Reason(Add(j.ib, req)), "R36_SPLIT_MISSING");
  req.mutable_arrangement()->mutable_split(1)->set_percent(40);
  EXPECT_OK(Add(j.ib, req));
  req = NewArrangement();
  req.mutable_arrangement()->set_end_date("2026-11-30");
  EXPECT_EQ(Reason(Add(j.ib, req)), "PERIOD_ENDS_BEFORE_IT_BEGINS");
  req.mutable_arrangement()->set_end_date("2026-11-31");
  EXPECT_EQ(Reason(Add(j.ib, req)), "INVALID_FIELD");
  req = NewArrangement();
  req.mutable_arrangement()->clear_start_date();
  EXPECT_EQ(Reason(Add(j.ib, req)), "INVALID_FIELD");
}

TEST_F(PlanServiceTest, R37AnOskIsCollectiveAndOfAnOrganisationAtTheTable) {
  v1::AddArrangementRequest req = NewArrangement();
  req.mutable_arrangement()->set_kind(v1::ARRANGEMENT_KIND_OSK);
  EXPECT_EQ(Reason(Add(j.ib, req)), "COLLECTIVE_KIND");
  req.mutable_arrangement()->set_reach(v1::ARRANGEMENT_REACH_COLLECTIVE);
  req.mutable_arrangement()->set_organisation("organisations/lvo");
  EXPECT_EQ(Reason(Add(j.ib, req)), "ORGANISATION_NOT_AT_TABLE");
  req.mutable_arrangement()->set_organisation("organisations/maastricht");
  ASSERT_OK_AND_ASSIGN(const v1::Arrangement osk, Add(j.ib, req));
  v1::UpdateArrangementRequest sooner;
  sooner.set_name(osk.name());
  sooner.set_etag(osk.etag());
  sooner.mutable_arrangement()->set_end_date("2026-11-01");
  sooner.mutable_update_mask()->add_paths("end_date");
  EXPECT_EQ(Reason(j.office.Plan<v1::Arrangement>("UpdateArrangement", j.ib, sooner)),
            "PERIOD_ENDS_BEFORE_IT_BEGINS");
  sooner.mutable_arrangement()->set_end_date("2026-12-31");
  EXPECT_OK(j.office.Plan<v1::Arrangement>("UpdateArrangement", j.ib, sooner));
}

TEST_F(PlanServiceTest, R18LinksToStepsAndGoalsAreOnesThatTheWriterSees) {
  const std::string step = AgreedStep();
  const v1::Goal goal = AddedGoal();
  v1::AddArrangementRequest req = NewArrangement();
  req.mutable_arrangement()->add_steps(step);
  req.mutable_arrangement()->add_goals(goal.name());
  ASSERT_OK_AND_ASSIGN(const v1::Arrangement linked, Add(j.ib, req));
  EXPECT_THAT(linked.steps(), ElementsAre(step));
  EXPECT_THAT(linked.goals(), ElementsAre(goal.name()));
  req.mutable_arrangement()->add_steps(absl::StrCat(j.case_name, "/steps/step-nobody"));
  EXPECT_EQ(Reason(Add(j.ib, req)), "UNKNOWN_LINK");
  req.mutable_arrangement()->set_steps(1, step);
  EXPECT_EQ(Reason(Add(j.ib, req)), "INVALID_FIELD") << "each once";
  req.mutable_arrangement()->set_steps(1, goal.name());
  EXPECT_EQ(Reason(Add(j.ib, req)), "INVALID_FIELD");

  // The consultant's goal in the family part: the IB may not name it, and does not see it named.
  v1::AddGoalRequest at_home = GoalFor(goal.wish());
  *at_home.mutable_goal()->mutable_label() = FamilyLabel(j.child);
  ASSERT_OK_AND_ASSIGN(const v1::Goal hidden, Add(j.consultant, at_home));
  req = NewArrangement();
  req.mutable_arrangement()->add_goals(hidden.name());
  EXPECT_EQ(Reason(Add(j.ib, req)), "UNKNOWN_LINK");
}

// ---- Dissent ----

TEST_F(PlanServiceTest, R9DissentStaysNextToTheGoalInTheirOwnWords) {
  const v1::Goal goal = AddedGoal();
  EXPECT_EQ(Reason(React(j.father, goal.name(), false, "")), "DISPUTE_NEEDS_TEXT");
  ASSERT_OK(React(j.father, goal.name(), false, "Woensdag is hij bij mij."));
  ASSERT_OK(React(j.nurse, goal.name(), true, ""));
  ASSERT_OK_AND_ASSIGN(const v1::Plan plan, Get(j.ib));
  const v1::Goal& seen = plan.education().goals(0);
  ASSERT_THAT(seen.reactions(), SizeIs(2));
  EXPECT_FALSE(seen.reactions(0).confirmed());
  EXPECT_EQ(seen.reactions(0).text(), "Woensdag is hij bij mij.");
  EXPECT_EQ(seen.reactions(0).author_role(), access::v1::FAMILY_ROLE_PARENT);
  EXPECT_EQ(seen.reactions(1).author(), "professionals/nurse");
  // A change of the goal does not take it away, and says which words it was about.
  ASSERT_OK_AND_ASSIGN(const v1::Goal changed,
                       Update(j.ib, NewText(seen, "Sem traint elke donderdag mee.")));
  ASSERT_THAT(changed.reactions(), SizeIs(2));
  EXPECT_EQ(changed.reactions(0).revision(), 1);
  EXPECT_EQ(changed.revision().number(), 2);
  EXPECT_EQ(Reason(React(j.father, ChildsWish().name(), false, "Nee.")), "WISH_IS_NOT_DISPUTED");
}

TEST_F(PlanServiceTest, R9AReactionIsOfWhoSeesTheItem) {
  v1::AddGoalRequest at_home = GoalFor(ChildsWish().name());
  *at_home.mutable_goal()->mutable_label() = FamilyLabel(j.child);
  ASSERT_OK_AND_ASSIGN(const v1::Goal hidden, Add(j.consultant, at_home));
  const auto not_mine = React(j.ib, hidden.name(), true, "");
  const auto no_such = React(j.ib, absl::StrCat(j.case_name, "/goals/plan-nobody"), true, "");
  EXPECT_EQ(Reason(not_mine), "NOT_FOUND");
  EXPECT_EQ(not_mine.status(), no_such.status());
}

}  // namespace
}  // namespace knooppunt::plan
