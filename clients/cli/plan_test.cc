// plan: what the commands send, and what they show.
#include <sys/stat.h>

#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "clients/cli/cli_testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "knooppunt/plan/v1/plan.pb.h"

namespace knooppunt::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kCase[] = "families/f-1/cases/c-1";
constexpr char kGoal[] = "families/f-1/cases/c-1/goals/plan-1";

std::string Method(const std::string& name) {
  return absl::StrCat("/knooppunt.plan.v1.PlanService/", name);
}

class PlanCommandsTest : public ::testing::Test {
 protected:
  PlanCommandsTest() { cli_.LogInAsStaff(); }
  plan::v1::Goal Goal() {
    plan::v1::Goal goal;
    goal.set_name(kGoal);
    goal.set_text("Sem traint mee.");
    goal.set_domain(plan::v1::LIFE_DOMAIN_LEISURE);
    goal.set_measure("Vier weken.");
    goal.set_state(plan::v1::GOAL_STATE_OPEN);
    goal.set_etag("0a1b");
    goal.mutable_revision()->set_number(2);
    goal.mutable_revision()->set_author("families/f-1");
    goal.mutable_revision()->set_author_role(access::v1::FAMILY_ROLE_PARENT);
    return goal;
  }
  CliFixture cli_;
};

TEST_F(PlanCommandsTest, ShowHasWishesFirstAndThenBothParts) {
  plan::v1::Plan plan;
  plan::v1::Wish* wish = plan.add_wishes();
  wish->set_name("families/f-1/cases/c-1/wishes/plan-9");
  wish->set_person("families/f-1/persons/p-1");
  wish->set_person_role(access::v1::FAMILY_ROLE_CHILD);
  wish->set_text("Weer naar voetbal.");
  *plan.mutable_education()->add_goals() = Goal();
  cli_.server().SetResponse(Method("GetPlan"), plan);
  const Ran ran = cli_.Run({"plan", "show", kCase});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_LT(ran.out.find("Weer naar voetbal."), ran.out.find("Education (OPP)"));
  EXPECT_LT(ran.out.find("Sem traint mee."), ran.out.find("Family (GP)"));
  EXPECT_THAT(ran.out, HasSubstr("leisure"));
  EXPECT_EQ(cli_.server().Request<plan::v1::GetPlanRequest>(0).name(), kCase);
}

TEST_F(PlanCommandsTest, R9WishSendsWhoseItIsAndHowItWasGiven) {
  cli_.server().SetResponse(Method("AddWish"), plan::v1::Wish());
  const Ran ran =
      cli_.Run({"plan", "wish", kCase, "--of", "p-1", "--text", "Weer naar voetbal", "--how",
                "trusted-person", "--about", "p-1", "--compartment", "education"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  const auto& req = cli_.server().Request<plan::v1::AddWishRequest>(0);
  EXPECT_EQ(req.parent(), kCase);
  EXPECT_EQ(req.wish().person(), "families/f-1/persons/p-1");
  EXPECT_EQ(req.wish().how(), plan::v1::WISH_HOW_TRUSTED_PERSON);
  EXPECT_EQ(req.wish().label().compartment(), common::v1::COMPARTMENT_EDUCATION);
  EXPECT_NE(req.request_id(), "");
  EXPECT_EQ(cli_.Run({"plan", "wish", kCase, "--of", "p-1", "--text", "x", "--how", "shouted",
                      "--about", "p-1", "--compartment", "education"})
                .exit_code,
            2);
}

TEST_F(PlanCommandsTest, GoalSendsTheWishTheMeasureAndWhenToLookAgain) {
  cli_.server().SetResponse(Method("AddGoal"), Goal());
  const Ran ran =
      cli_.Run({"plan", "goal", kCase, "--wish", "families/f-1/cases/c-1/wishes/plan-9", "--domain",
                "leisure", "--text", "Sem traint mee.", "--measure", "Vier weken.", "--review",
                "2027-02-01", "--step", "families/f-1/cases/c-1/steps/step-1", "--about", "p-1",
                "--compartment", "education"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  const auto& goal = cli_.server().Request<plan::v1::AddGoalRequest>(0).goal();
  EXPECT_EQ(goal.wish(), "families/f-1/cases/c-1/wishes/plan-9");
  EXPECT_EQ(goal.domain(), plan::v1::LIFE_DOMAIN_LEISURE);
  EXPECT_EQ(goal.measure(), "Vier weken.");
  EXPECT_EQ(goal.review_date(), "2027-02-01");
  EXPECT_EQ(goal.steps_size(), 1);
  EXPECT_THAT(ran.out, HasSubstr("parent of the family"));
  EXPECT_THAT(ran.out, HasSubstr("0a1b"));
}

TEST_F(PlanCommandsTest, R36ArrangementSendsWhoCarriesIt) {
  cli_.server().SetResponse(Method("AddArrangement"), plan::v1::Arrangement());
  const std::vector<std::string> args = {"plan",
                                         "arrangement",
                                         kCase,
                                         "--kind",
                                         "osk",
                                         "--reach",
                                         "collective",
                                         "--text",
                                         "Een klas met hulp",
                                         "--organisation",
                                         "organisations/mosalira",
                                         "--from",
                                         "2026-12-01",
                                         "--until",
                                         "2027-03-31",
                                         "--funding",
                                         "shared",
                                         "--about",
                                         "p-1",
                                         "--compartment",
                                         "education"};
  std::vector<std::string> good = args;
  good.insert(good.end(), {"--split", "education:60", "--split", "jeugdwet:40"});
  const Ran ran = cli_.Run(good);
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  const auto& a = cli_.server().Request<plan::v1::AddArrangementRequest>(0).arrangement();
  EXPECT_EQ(a.kind(), plan::v1::ARRANGEMENT_KIND_OSK);
  EXPECT_EQ(a.reach(), plan::v1::ARRANGEMENT_REACH_COLLECTIVE);
  ASSERT_EQ(a.split_size(), 2);
  EXPECT_EQ(a.split(1).funding(), common::v1::FUNDING_JEUGDWET);
  EXPECT_EQ(a.split(1).percent(), 40);
  std::vector<std::string> bad = args;
  bad.insert(bad.end(), {"--split", "education"});
  EXPECT_EQ(cli_.Run(bad).exit_code, 2);
}

TEST_F(PlanCommandsTest, AssetSendsWhatIsAlreadyThere) {
  cli_.server().SetResponse(Method("AddAsset"), plan::v1::Asset());
  const Ran ran = cli_.Run({"plan", "asset", kCase, "--kind", "network", "--domain", "home",
                            "--text", "Oma", "--about", "p-1", "--compartment", "education"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(cli_.server().Request<plan::v1::AddAssetRequest>(0).asset().kind(),
            plan::v1::ASSET_KIND_NETWORK);
}

TEST_F(PlanCommandsTest, ChangeNamesWhatItChangesAndNothingElse) {
  cli_.server().SetResponse(Method("UpdateGoal"), Goal());
  cli_.server().SetResponse(Method("UpdateArrangement"), plan::v1::Arrangement());
  const Ran ran = cli_.Run({"plan", "change", kGoal, "--etag", "0a1b", "--text", "Anders.",
                            "--domain", "home", "--review", "2027-03-01"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  const auto& req = cli_.server().Request<plan::v1::UpdateGoalRequest>(0);
  EXPECT_EQ(req.etag(), "0a1b");
  EXPECT_THAT(req.update_mask().paths(), ElementsAre("text", "domain", "review_date"));
  EXPECT_EQ(req.goal().text(), "Anders.");
  EXPECT_EQ(req.goal().domain(), plan::v1::LIFE_DOMAIN_HOME);
  EXPECT_EQ(cli_.Run({"plan", "change", "families/f-1/cases/c-1/arrangements/plan-2", "--etag", "x",
                      "--until", "2027-01-31"})
                .exit_code,
            0);
  EXPECT_EQ(cli_.server().Request<plan::v1::UpdateArrangementRequest>(1).arrangement().end_date(),
            "2027-01-31");
  EXPECT_EQ(cli_.Run({"plan", "change", kGoal, "--text", "x"}).exit_code, 2) << "no etag";
  EXPECT_EQ(cli_.Run({"plan", "change", kCase, "--etag", "x", "--text", "x"}).exit_code, 2);
}

TEST_F(PlanCommandsTest, EvaluateAndReactSendWhatWasSaid) {
  cli_.server().SetResponse(Method("EvaluateGoal"), Goal());
  cli_.server().SetResponse(Method("ReactToPlanItem"), plan::v1::PlanItem());
  const Ran ran = cli_.Run({"plan", "evaluate", kGoal, "--etag", "0a1b", "--result", "carried-over",
                            "--text", "Nog niet.", "--seats", "s-1,s-2", "--review", "2027-05-01"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  const auto& req = cli_.server().Request<plan::v1::EvaluateGoalRequest>(0);
  EXPECT_EQ(req.result(), plan::v1::GOAL_STATE_CARRIED_OVER);
  EXPECT_THAT(req.seats(), ElementsAre("s-1", "s-2"));
  EXPECT_EQ(cli_.Run({"plan", "react", kGoal, "--dispute", "--text", "Nee."}).exit_code, 0);
  EXPECT_FALSE(cli_.server().Request<plan::v1::ReactToPlanItemRequest>(1).confirmed());
  EXPECT_EQ(cli_.Run({"plan", "react", kGoal, "--text", "Nee."}).exit_code, 2);
}

TEST_F(PlanCommandsTest, ChangesShowsBeforeAndNow) {
  plan::v1::ListPlanChangesResponse list;
  list.set_meeting("families/f-1/cases/c-1/meetings/m-1");
  plan::v1::PlanChange* change = list.add_changes();
  change->add_kinds(plan::v1::PLAN_CHANGE_KIND_CHANGED);
  change->add_fields("text");
  change->mutable_before()->mutable_goal()->set_text("Toen.");
  *change->mutable_after()->mutable_goal() = Goal();
  change->mutable_after()->set_name(kGoal);
  cli_.server().SetResponse(Method("ListPlanChanges"), list);
  const Ran ran = cli_.Run({"plan", "changes", kCase, "--since", "2026-11-01"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("Toen."));
  EXPECT_THAT(ran.out, HasSubstr("Sem traint mee."));
  EXPECT_THAT(ran.out, HasSubstr("goals/plan-1"));
  EXPECT_EQ(cli_.server().Request<plan::v1::ListPlanChangesRequest>(0).since_date(), "2026-11-01");
}

TEST_F(PlanCommandsTest, VersionsShowsTheEtagToChangeWith) {
  plan::v1::ListPlanVersionsResponse list;
  *list.add_versions()->mutable_goal() = Goal();
  cli_.server().SetResponse(Method("ListPlanVersions"), list);
  const Ran ran = cli_.Run({"plan", "versions", kGoal});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("0a1b"));
}

TEST_F(PlanCommandsTest, DocumentIsANewFileForItsOwnerAlone) {
  plan::v1::RenderPlanResponse document;
  document.set_content_type("application/pdf");
  document.set_content("%PDF-1.5 \x01\xff");
  cli_.server().SetResponse(Method("RenderPlan"), document);
  const std::string path = absl::StrCat(cli_.folder(), "/plan.pdf");
  const Ran ran = cli_.Run({"plan", "document", kCase, "--out", path});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(cli_.server().Request<plan::v1::RenderPlanRequest>(0).format(),
            plan::v1::DOCUMENT_FORMAT_PDF);
  std::ifstream file(path, std::ios::binary);
  const std::string written((std::istreambuf_iterator<char>(file)),
                            std::istreambuf_iterator<char>());
  EXPECT_EQ(written, document.content());
  struct stat about = {};
  ASSERT_EQ(stat(path.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600u);
  // Never over what is there.
  EXPECT_EQ(cli_.Run({"plan", "document", kCase, "--out", path}).exit_code, 6);
}

TEST_F(PlanCommandsTest, DocumentSaysItsFormByItsName) {
  const Ran ran = cli_.Run({"plan", "document", kCase, "--out", "plan.docx"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, HasSubstr(".html or .pdf"));
  EXPECT_THAT(cli_.server().calls(), IsEmpty());
}

}  // namespace
}  // namespace knooppunt::cli
