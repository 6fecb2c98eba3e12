// The life of a case at the command line: phase and review, out of school, escalation, and what
// becomes of a step.
#include "clients/cli/cli_testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "knooppunt/casework/v1/casework.pb.h"
#include "knooppunt/casework/v1/escalation_service.pb.h"
#include "knooppunt/casework/v1/out_of_school_service.pb.h"
#include "knooppunt/casework/v1/step_service.pb.h"

namespace knooppunt::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kCase[] = "families/f-1/cases/c-1";
constexpr char kMove[] = "/knooppunt.casework.v1.CaseworkService/MovePhase";
constexpr char kReview[] = "/knooppunt.casework.v1.CaseworkService/SetReview";
constexpr char kClose[] = "/knooppunt.casework.v1.CaseworkService/CloseCase";
constexpr char kReport[] = "/knooppunt.casework.v1.OutOfSchoolService/ReportOutOfSchool";
constexpr char kRaise[] = "/knooppunt.casework.v1.EscalationService/RaiseEscalation";
constexpr char kDecide[] = "/knooppunt.casework.v1.EscalationService/DecideEscalation";
constexpr char kEvaluate[] = "/knooppunt.casework.v1.StepService/EvaluateStep";
constexpr char kReassign[] = "/knooppunt.casework.v1.StepService/ReassignStep";

class LifeCommandsTest : public ::testing::Test {
 protected:
  LifeCommandsTest() { cli_.LogInAsStaff(); }
  std::vector<std::string> Raise(const std::string& decider) const {
    return {"escalation",
            "raise",
            kCase,
            "--werkplaats",
            "werkplaatsen/manjefiek",
            "--question",
            "Gaat het door?",
            "--tried",
            "Drie keer besproken.",
            "--about",
            "p-1",
            "--compartment",
            "education",
            "--decider",
            decider};
  }
  CliFixture cli_;
};

TEST_F(LifeCommandsTest, R1PhaseAndReviewAreSentAndShown) {
  casework::v1::Case answer;
  answer.set_name(kCase);
  answer.set_phase(access::v1::CASE_PHASE_INTERPRET);
  answer.set_review_date("2027-02-01");
  cli_.server().SetResponse(kMove, answer);
  cli_.server().SetResponse(kReview, answer);
  const Ran moved = cli_.Run({"case", "phase", kCase, "--to", "interpret"});
  EXPECT_EQ(moved.exit_code, 0) << moved.err;
  EXPECT_THAT(moved.out, HasSubstr("interpret"));
  EXPECT_EQ(cli_.server().Request<casework::v1::MovePhaseRequest>(0).phase(),
            access::v1::CASE_PHASE_INTERPRET);
  const Ran set = cli_.Run({"case", "review", kCase, "--on", "2027-02-01"});
  EXPECT_EQ(set.exit_code, 0) << set.err;
  EXPECT_THAT(set.out, HasSubstr("2027-02-01"));
  EXPECT_EQ(cli_.Run({"case", "phase", kCase, "--to", "slapen"}).exit_code, 2);
}

TEST_F(LifeCommandsTest, R1ClosingNeedsHowItEnded) {
  cli_.server().SetResponse(kClose, casework::v1::Case());
  const std::vector<std::string> args = {"case",    "close", kCase,           "--outcome", "Klaar.",
                                         "--about", "p-1",   "--compartment", "education"};
  EXPECT_EQ(cli_.Run(args).exit_code, 2);
  std::vector<std::string> with = args;
  with.insert(with.end(), {"--kind", "goals-reached"});
  EXPECT_EQ(cli_.Run(with).exit_code, 0);
  EXPECT_EQ(cli_.server().Request<casework::v1::CloseCaseRequest>(0).kind(),
            casework::v1::CLOSE_KIND_GOALS_REACHED);
}

TEST_F(LifeCommandsTest, R34AReportIsAboutTheChildAloneAndSaysWhetherEnrolled) {
  cli_.server().SetResponse(kReport, casework::v1::OutOfSchool());
  const std::vector<std::string> args = {"absence",
                                         "report",
                                         kCase,
                                         "--child",
                                         "p-1",
                                         "--since",
                                         "2026-10-05",
                                         "--kind",
                                         "illness",
                                         "--school",
                                         "werkplaatsen/manjefiek",
                                         "--goal",
                                         "Elke dag weer naar de klas."};
  EXPECT_EQ(cli_.Run(args).exit_code, 2) << "enrolled or not is not left open";
  EXPECT_THAT(cli_.server().calls(), IsEmpty());
  std::vector<std::string> with = args;
  with.insert(with.end(), {"--not-enrolled", "--ill-beyond-doubt"});
  const Ran ran = cli_.Run(with);
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  const auto& request = cli_.server().Request<casework::v1::ReportOutOfSchoolRequest>(0);
  EXPECT_TRUE(request.ill_beyond_doubt());
  EXPECT_FALSE(request.absence().enrolled());
  EXPECT_EQ(request.absence().label().about().persons(0), "p-1");
  EXPECT_EQ(request.absence().label().compartment(), common::v1::COMPARTMENT_EDUCATION);
}

TEST_F(LifeCommandsTest, R10WhoDecidesIsWrittenWithOrganisationAndFunction) {
  casework::v1::Escalation answer;
  answer.set_question("Gaat het door?");
  answer.set_state(casework::v1::ESCALATION_STATE_RAISED);
  cli_.server().SetResponse(kRaise, answer);
  for (const char* bad : {"wim", "professionals/wim:alderman",
                          "professionals/wim:organisations/g:"
                          "baas"}) {
    EXPECT_EQ(cli_.Run(Raise(bad)).exit_code, 2) << bad;
  }
  EXPECT_THAT(cli_.server().calls(), IsEmpty());
  const Ran ran = cli_.Run(Raise("professionals/wim:organisations/gem:alderman"));
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("raised"));
  const auto& request = cli_.server().Request<casework::v1::RaiseEscalationRequest>(0);
  ASSERT_EQ(request.deciders_size(), 1);
  EXPECT_EQ(request.deciders(0).function(), common::v1::FUNCTION_ALDERMAN);
  EXPECT_EQ(request.escalation().tried(), "Drie keer besproken.");
}

TEST_F(LifeCommandsTest, R10ADecisionHasAnOutcomeAndAReason) {
  cli_.server().SetResponse(kDecide, casework::v1::Escalation());
  const std::string name = std::string(kCase) + "/escalations/e-1";
  EXPECT_EQ(cli_.Run({"escalation", "decide", name, "--outcome", "settle"}).exit_code, 2);
  EXPECT_EQ(
      cli_.Run({"escalation", "decide", name, "--outcome", "settle", "--reason", "Zo."}).exit_code,
      0);
  EXPECT_EQ(cli_.server().Request<casework::v1::DecideEscalationRequest>(0).outcome(),
            casework::v1::ESCALATION_OUTCOME_SETTLE);
}

TEST_F(LifeCommandsTest, R16AStepIsGivenToSomebodyWhoStays) {
  casework::v1::Step answer;
  answer.set_owner_seat("s-5");
  answer.add_owner_changes()->set_from_seat("s-3");
  answer.mutable_owner_changes(0)->set_reason("Het CJG gaat van tafel.");
  cli_.server().SetResponse(kReassign, answer);
  const std::string step = std::string(kCase) + "/steps/st-1";
  const Ran ran =
      cli_.Run({"step", "reassign", step, "--to", "s-5", "--reason", "Het CJG gaat van tafel."});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("s-3: Het CJG gaat van tafel."));
  const auto& request = cli_.server().Request<casework::v1::ReassignStepRequest>(0);
  EXPECT_EQ(request.name(), step);
  EXPECT_EQ(request.owner_seat(), "s-5");
  EXPECT_EQ(request.reason(), "Het CJG gaat van tafel.");
  EXPECT_EQ(cli_.Run({"step", "reassign", step, "--to", "s-5"}).exit_code, 2);
}

TEST_F(LifeCommandsTest, R9AnEvaluationIsInTheFamilysWords) {
  casework::v1::Step answer;
  answer.mutable_evaluation()->set_family_words("Hij slaapt beter.");
  answer.mutable_evaluation()->set_helped(casework::v1::STEP_HELPED_YES);
  cli_.server().SetResponse(kEvaluate, answer);
  const Ran ran = cli_.Run({"step", "evaluate", std::string(kCase) + "/steps/st-1", "--helped",
                            "yes", "--words", "Hij slaapt beter.", "--family-seat", "s-4"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("Hij slaapt beter."));
  EXPECT_EQ(cli_.server().Request<casework::v1::EvaluateStepRequest>(0).family_seat(), "s-4");
}

}  // namespace
}  // namespace knooppunt::cli
