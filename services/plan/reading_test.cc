// Reading the plan: versions, what changed, and the plan as a document.
#include "absl/strings/match.h"
#include "services/plan/html.h"
#include "services/plan/plan_testing.h"

namespace knooppunt::plan {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class PlanReadingTest : public PlanServiceTest {
 protected:
  absl::StatusOr<v1::ListPlanVersionsResponse> Versions(const Caller& who, const std::string& name,
                                                        int page_size = 0,
                                                        const std::string& token = "") {
    v1::ListPlanVersionsRequest req;
    req.set_name(name);
    req.set_page_size(page_size);
    req.set_page_token(token);
    return j.office.Plan<v1::ListPlanVersionsResponse>("ListPlanVersions", who, req);
  }
  void NextDay() { j.office.clock().Advance(absl::Hours(24)); }
  // A goal of the family part, of which the IB sees nothing.
  v1::Goal HiddenFromTheSchool() {
    v1::AddGoalRequest req = GoalFor(ChildsWish().name());
    req.mutable_goal()->set_text("Thuis eten we samen.");
    *req.mutable_goal()->mutable_label() = FamilyLabel(j.child);
    auto goal = Add(j.consultant, req);
    EXPECT_OK(goal);
    return goal.value_or(v1::Goal());
  }
};

// ---- One plan, one view ----

TEST_F(PlanReadingTest, R1ACaseHasOnePlanAndItIsThereFromTheStart) {
  ASSERT_OK_AND_ASSIGN(const v1::Plan plan, Get(j.ib));
  EXPECT_EQ(plan.name(), j.case_name);
  EXPECT_EQ(plan.education().part(), v1::PLAN_PART_EDUCATION);
  EXPECT_EQ(plan.family().part(), v1::PLAN_PART_FAMILY);
  EXPECT_THAT(plan.wishes(), IsEmpty());
  v1::GetPlanRequest other;
  other.set_name(absl::StrCat("families/", j.family, "/cases/c-other"));
  EXPECT_FALSE(j.office.Plan<v1::Plan>("GetPlan", j.ib, other).ok());
}

TEST_F(PlanReadingTest, R1AClosedCaseKeepsItsPlanAndIsNotWorkedOn) {
  const v1::Goal goal = AddedGoal();
  casework::v1::CloseCaseRequest close;
  close.set_name(j.case_name);
  close.set_outcome("Klaar.");
  close.set_kind(casework::v1::CLOSE_KIND_GOALS_REACHED);
  *close.mutable_label() = j.Education();
  ASSERT_OK(j.office.Casework<casework::v1::Case>("CloseCase", j.ib, close));
  ASSERT_OK_AND_ASSIGN(const v1::Plan plan, Get(j.ib));
  EXPECT_THAT(plan.education().goals(), SizeIs(1));
  EXPECT_EQ(Reason(Update(j.ib, NewText(goal, "x"))), "CASE_CLOSED");
  EXPECT_EQ(Reason(Add(j.ib, NewArrangement())), "CASE_CLOSED");
  EXPECT_EQ(Reason(React(j.ib, goal.name(), true, "")), "CASE_CLOSED");
}

TEST_F(PlanReadingTest, R18TheEtagIsOverTheCallersView) {
  const v1::Goal goal = AddedGoal();
  ASSERT_OK_AND_ASSIGN(const v1::Plan before, Get(j.ib));
  HiddenFromTheSchool();  // with another wish of the child, which the school does see
  ASSERT_OK_AND_ASSIGN(const v1::Plan wish_more, Get(j.ib));
  EXPECT_EQ(wish_more.family().SerializeAsString(), before.family().SerializeAsString());
  v1::AddGoalRequest req = GoalFor(goal.wish());
  *req.mutable_goal()->mutable_label() = FamilyLabel(j.child);
  ASSERT_OK_AND_ASSIGN(const v1::Goal hidden, Add(j.consultant, req));
  ASSERT_OK(React(j.mother, hidden.name(), false, "Zo niet."));
  ASSERT_OK_AND_ASSIGN(const v1::Plan after, Get(j.ib));
  EXPECT_EQ(after.SerializeAsString(), wish_more.SerializeAsString());
  ASSERT_OK(React(j.mother, goal.name(), true, ""));
  ASSERT_OK_AND_ASSIGN(const v1::Plan noticed, Get(j.ib));
  EXPECT_NE(noticed.etag(), after.etag());
}

TEST_F(PlanReadingTest, R18StepsStandInThePlanInBrief) {
  const std::string step = AgreedStep();
  ASSERT_OK_AND_ASSIGN(const v1::Plan plan, Get(j.mother));
  ASSERT_THAT(plan.education().steps(), SizeIs(1));
  EXPECT_EQ(plan.education().steps(0).name(), step);
  EXPECT_EQ(plan.education().steps(0).origin(), "");
}

TEST_F(PlanReadingTest, R22ThePlanTouchesWhatItShowsAndNothingElse) {
  AddedGoal();
  HiddenFromTheSchool();
  ASSERT_OK(Get(j.ib));
  EXPECT_THAT(j.office.touched().compartments, ElementsAre(common::v1::COMPARTMENT_EDUCATION));
  ASSERT_OK(Get(j.mother));
  EXPECT_THAT(j.office.touched().compartments,
              ElementsAre(common::v1::COMPARTMENT_EDUCATION, common::v1::COMPARTMENT_FAMILY));
}

// ---- Versions ----

TEST_F(PlanReadingTest, EachChangeKeepsTheEarlierWordsWithWhoAndWhen) {
  v1::Goal goal = AddedGoal();
  NextDay();
  ASSERT_OK_AND_ASSIGN(goal, Update(j.ib, NewText(goal, "Tweede tekst.")));
  NextDay();
  ASSERT_OK_AND_ASSIGN(const v1::Plan by_mother, Get(j.mother));
  ASSERT_OK(Update(j.mother, NewText(by_mother.education().goals(0), "Derde tekst.")));
  ASSERT_OK_AND_ASSIGN(const auto all, Versions(j.ib, goal.name()));
  ASSERT_THAT(all.versions(), SizeIs(3));
  EXPECT_EQ(all.versions(0).goal().text(), "Derde tekst.");
  EXPECT_EQ(all.versions(0).goal().revision().author_role(), access::v1::FAMILY_ROLE_PARENT);
  EXPECT_EQ(all.versions(1).goal().text(), "Tweede tekst.");
  EXPECT_EQ(all.versions(1).goal().revision().author(), "professionals/ib");
  EXPECT_EQ(all.versions(2).goal().text(), "Sem traint elke woensdag mee.");
  EXPECT_EQ(all.versions(2).goal().revision().number(), 1);
  EXPECT_LT(all.versions(2).goal().revision().time().seconds(),
            all.versions(1).goal().revision().time().seconds());
}

TEST_F(PlanReadingTest, R18VersionsPageAndGrantNothing) {
  v1::Goal goal = AddedGoal();
  for (int i = 0; i < 4; ++i) {
    ASSERT_OK_AND_ASSIGN(goal, Update(j.ib, NewText(goal, absl::StrCat("Tekst ", i))));
  }
  std::string token;
  int seen = 0, pages = 0;
  do {
    ASSERT_OK_AND_ASSIGN(const auto page, Versions(j.ib, goal.name(), 2, token));
    EXPECT_LE(page.versions_size(), 2);
    seen += page.versions_size();
    token = page.next_page_token();
    ++pages;
  } while (!token.empty() && pages < 10);
  EXPECT_EQ(seen, 5);
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(Reason(Versions(j.ib, goal.name(), -1)), "INVALID_FIELD");
  EXPECT_EQ(Reason(Versions(j.ib, goal.name(), 2, "bedacht")), "INVALID_FIELD");
  const v1::Goal hidden = HiddenFromTheSchool();
  const auto not_mine = Versions(j.ib, hidden.name());
  const auto no_such = Versions(j.ib, absl::StrCat(j.case_name, "/goals/plan-nobody"));
  EXPECT_EQ(Reason(not_mine), "NOT_FOUND");
  EXPECT_EQ(not_mine.status(), no_such.status());
  EXPECT_EQ(Reason(Versions(j.ib, j.case_name)), "INVALID_FIELD");
}

// ---- What changed ----

TEST_F(PlanReadingTest, WhatChangedSinceTheLastConcludedMeeting) {
  v1::Goal changed = AddedGoal();
  v1::AddGoalRequest other = GoalFor(changed.wish());
  other.mutable_goal()->set_text("Sem leest elke dag.");
  ASSERT_OK_AND_ASSIGN(const v1::Goal untouched, Add(j.ib, other));
  NextDay();
  NextDay();
  casework::v1::PlanMeetingRequest plan;
  plan.set_parent(j.case_name);
  plan.set_date("2026-11-25");
  *plan.mutable_label() = j.Education();
  ASSERT_OK_AND_ASSIGN(const auto meeting,
                       j.office.Casework<casework::v1::Meeting>("PlanMeeting", j.ib, plan));
  casework::v1::ConcludeMeetingRequest conclude;
  conclude.set_name(meeting.name());
  conclude.set_conclusion("Goed.");
  for (const Caller& who : {j.ib, j.mother}) {
    casework::v1::Attendance* a = conclude.add_attendances();
    a->set_seat(j.SeatOf(who));
    a->set_how(casework::v1::ATTENDANCE_HOW_IN_PERSON);
  }
  casework::v1::NewStep* step = conclude.add_steps();
  step->set_text("De IB belt.");
  step->set_owner_seat(j.SeatOf(j.ib));
  step->set_due_date("2026-12-14");
  *step->mutable_label() = j.Education();
  ASSERT_OK(j.office.Casework<casework::v1::Meeting>("ConcludeMeeting", j.ib, conclude));
  EXPECT_THAT(Changes(j.ib).changes(), IsEmpty());
  NextDay();
  ASSERT_OK_AND_ASSIGN(changed, Update(j.ib, NewText(changed, "Sem traint elke donderdag mee.")));
  ASSERT_OK(React(j.father, changed.name(), false, "Dat kan niet."));
  ASSERT_OK(Add(j.ib, NewArrangement()));
  const auto found = Changes(j.mother);
  EXPECT_EQ(found.meeting(), meeting.name());
  ASSERT_THAT(found.changes(), SizeIs(2));
  const v1::PlanChange& goal =
      found.changes(0).after().has_goal() ? found.changes(0) : found.changes(1);
  EXPECT_THAT(goal.kinds(),
              ElementsAre(v1::PLAN_CHANGE_KIND_CHANGED, v1::PLAN_CHANGE_KIND_REACTED));
  EXPECT_THAT(goal.fields(), ElementsAre("text"));
  EXPECT_EQ(goal.before().goal().text(), "Sem traint elke woensdag mee.");
  EXPECT_EQ(goal.after().goal().text(), "Sem traint elke donderdag mee.");
  // Since a day: all of it, as it came to be.
  EXPECT_THAT(Changes(j.mother, "2026-11-01").changes(), SizeIs(4));
  EXPECT_THAT(Changes(j.mother, "2026-12-01").changes(), IsEmpty());
}

TEST_F(PlanReadingTest, AnEvaluationIsAChangeOfItsOwnKind) {
  const v1::Goal goal = AddedGoal();
  NextDay();
  ASSERT_OK(Evaluate(j.ib, Evaluation(goal, v1::GOAL_STATE_REACHED)));
  const auto found = Changes(j.ib, "2026-11-24");
  ASSERT_THAT(found.changes(), SizeIs(1));
  EXPECT_THAT(found.changes(0).kinds(), ElementsAre(v1::PLAN_CHANGE_KIND_EVALUATED));
  EXPECT_THAT(found.changes(0).fields(), ElementsAre("state", "evaluations"));
  EXPECT_EQ(found.changes(0).before().goal().state(), v1::GOAL_STATE_OPEN);
}

TEST_F(PlanReadingTest, R18WhatChangedIsOverTheCallersView) {
  const v1::Goal hidden = HiddenFromTheSchool();
  NextDay();
  ASSERT_OK(Update(j.consultant, NewText(hidden, "Thuis eten we op zondag samen.")));
  EXPECT_THAT(Changes(j.ib, "2026-11-24").changes(), IsEmpty());
  EXPECT_THAT(Changes(j.mother, "2026-11-24").changes(), SizeIs(1));
  v1::ListPlanChangesRequest req;
  req.set_parent(j.case_name);
  req.set_since_date("2026-02-30");
  EXPECT_EQ(Reason(j.office.Plan<v1::ListPlanChangesResponse>("ListPlanChanges", j.ib, req)),
            "INVALID_FIELD");
  req.set_since_date("2026-01-01");
  req.set_page_size(1);
  ASSERT_OK_AND_ASSIGN(const auto page, j.office.Plan<v1::ListPlanChangesResponse>(
                                            "ListPlanChanges", j.mother, req));
  EXPECT_THAT(page.changes(), SizeIs(1));
  EXPECT_NE(page.next_page_token(), "");
}

// ---- The document ----

TEST_F(PlanReadingTest, R18TheDocumentHasWhatItsReaderMaySeeAndNamesThem) {
  AddedGoal();
  HiddenFromTheSchool();
  AgreedStep();
  ASSERT_OK_AND_ASSIGN(const auto by_ib, Render(j.ib, v1::DOCUMENT_FORMAT_HTML));
  EXPECT_EQ(by_ib.content_type(), "text/html; charset=utf-8");
  EXPECT_EQ(by_ib.file_name(), "plan-2026-11-23.html");
  EXPECT_THAT(by_ib.content(), HasSubstr("Sem traint elke woensdag mee."));
  EXPECT_THAT(by_ib.content(), HasSubstr("Ik wil weer gewoon naar voetbal."));
  EXPECT_THAT(by_ib.content(), HasSubstr("De IB belt de trainer."));
  EXPECT_THAT(by_ib.content(), Not(HasSubstr("Thuis eten we samen.")));
  EXPECT_THAT(by_ib.content(), HasSubstr("In dit deel staat niets dat u kunt lezen."));
  EXPECT_THAT(by_ib.content(), HasSubstr("Els Janssen, intern begeleider, mosalira"));
  EXPECT_THAT(by_ib.content(), HasSubstr("23 november 2026"));
  EXPECT_THAT(by_ib.content(), HasSubstr("informatie over: onderwijs."));
  ASSERT_OK_AND_ASSIGN(const auto by_mother, Render(j.mother, v1::DOCUMENT_FORMAT_HTML));
  EXPECT_THAT(by_mother.content(), HasSubstr("Thuis eten we samen."));
  EXPECT_THAT(by_mother.content(), HasSubstr("gemaakt voor Marieke van der Zanden (ouder)"));
  EXPECT_THAT(by_mother.content(), Not(HasSubstr("Els Janssen, intern begeleider, mosalira op")));
  EXPECT_EQ(Reason(Render(j.ib, v1::DOCUMENT_FORMAT_UNSPECIFIED)), "INVALID_FIELD");
  EXPECT_FALSE(Render(j.stranger, v1::DOCUMENT_FORMAT_HTML).ok());
}

TEST_F(PlanReadingTest, TheDocumentIsOneFileWithoutAScriptAndEveryWordIsEscaped) {
  v1::AddWishRequest wish = WishOf(j.child, v1::WISH_HOW_DRAWING);
  wish.mutable_wish()->set_text("<script>alert('x')</script> & \"meer\"");
  ASSERT_OK_AND_ASSIGN(const v1::Wish added, Add(j.ib, wish));
  v1::AddGoalRequest goal = GoalFor(added.name());
  goal.mutable_goal()->set_measure("</dd></dl><img src=x onerror=alert(1)>");
  ASSERT_OK_AND_ASSIGN(const v1::Goal named, Add(j.ib, goal));
  ASSERT_OK(React(j.father, named.name(), false, "<b>nee</b>"));
  ASSERT_OK_AND_ASSIGN(const auto document, Render(j.mother, v1::DOCUMENT_FORMAT_HTML));
  const std::string& html = document.content();
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;meer"));
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("<img")));
  EXPECT_THAT(html, Not(HasSubstr("<b>")));
  EXPECT_THAT(html, Not(HasSubstr("http://")));
  EXPECT_THAT(html, Not(HasSubstr("https://")));
  EXPECT_THAT(html, Not(HasSubstr("url(")));
  EXPECT_THAT(html, HasSubstr("<html lang=\"nl\">"));
  EXPECT_THAT(html, HasSubstr("default-src 'none'"));
  EXPECT_THAT(html, HasSubstr("@media print"));
  // A heading for each part, in order and without a level left out.
  EXPECT_LT(html.find("Wat het kind en de ouders willen</h2>"),
            html.find("Onderwijs: het ontwikkelingsperspectief (OPP)</h2>"));
  EXPECT_LT(html.find("ontwikkelingsperspectief (OPP)</h2>"),
            html.find("Gezin: het gezinsplan</h2>"));
  EXPECT_THAT(html, HasSubstr("Niet eens: "));
}

TEST_F(PlanReadingTest, ThePdfIsAWholeFileWithTheReaderOnEachPage) {
  const v1::Goal goal = AddedGoal();
  for (int i = 0; i < 25; ++i) {
    v1::AddGoalRequest req = GoalFor(goal.wish());
    req.mutable_goal()->set_text(absl::StrCat("Doel ", i, ": Çelik, Łukasz en Zoë doen mee."));
    ASSERT_OK(Add(j.ib, req));
  }
  ASSERT_OK_AND_ASSIGN(const auto document, Render(j.mother, v1::DOCUMENT_FORMAT_PDF));
  EXPECT_EQ(document.content_type(), "application/pdf");
  EXPECT_EQ(document.file_name(), "plan-2026-11-23.pdf");
  EXPECT_TRUE(absl::StartsWith(document.content(), "%PDF-1."));
  EXPECT_TRUE(
      absl::StrContains(document.content().substr(document.content().size() - 16), "%%EOF"));
  EXPECT_GT(document.content().size(), 10'000);
  // Made again in the same second, by the same reader: the same document.
  ASSERT_OK_AND_ASSIGN(const auto again, Render(j.mother, v1::DOCUMENT_FORMAT_PDF));
  EXPECT_EQ(again.content().size(), document.content().size());
}

}  // namespace
}  // namespace knooppunt::plan
