// What a mandate lets bind, limit by limit, and what a participant decides later (R6).
#include <string>

#include "base/error.h"
#include "base/status_testing.h"
#include "services/casework/rules.h"

namespace knooppunt::casework {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const base::Date kToday(2026, 11, 23);
const absl::Time kNow = base::StartOf(kToday) + absl::Hours(10);

class BindingTest : public ::testing::Test {
 protected:
  BindingTest() {
    AddSeat("consultant", "organisations/city");
    AddSeat("nurse", "organisations/jgz");
    who_.set_name("professionals/consultant");
    auto* term = who_.add_functions();
    term->set_organisation("organisations/city");
    term->set_function(common::v1::FUNCTION_MUNICIPAL_CONSULTANT);
    term->set_start_date("2020-01-01");
    access::v1::Mandate* m = who_.add_mandates();
    m->set_name("professionals/consultant/mandates/m");
    m->set_organisation("organisations/city");
    m->add_means(common::v1::MEANS_SCHOOL_SOCIAL_WORK);
    m->set_limit_cents(150'000);
    m->set_limit_minutes(600);
    m->set_limit_days(30);
    m->set_start_date("2026-01-01");
    m->set_version(2);
    commitment_.set_means(common::v1::MEANS_SCHOOL_SOCIAL_WORK);
    commitment_.set_amount_cents(150'000);
    commitment_.set_minutes(600);
    commitment_.set_until_date("2026-12-23");
    commitment_.set_committed_by("professionals/consultant");
    commitment_.set_funding(common::v1::FUNDING_JEUGDWET);
  }
  void AddSeat(const char* id, const char* organisation) {
    Seat* s = case_.add_seats();
    s->set_id(id);
    s->set_professional(absl::StrCat("professionals/", id));
    s->set_organisation(organisation);
    s->set_function(common::v1::FUNCTION_MUNICIPAL_CONSULTANT);
    s->set_state(access::v1::SEAT_STATE_JOINED);
    s->set_display_name(id);
  }
  access::v1::Mandate& mandate() { return *who_.mutable_mandates(0); }
  Binding Decide() { return DecideBinding(commitment_, case_, who_, kToday, kNow); }
  std::string Why() { return Decide().proposal_reason; }
  v1::Step Proposal() {
    v1::Step step;
    step.set_state(v1::STEP_STATE_PROPOSED);
    step.set_proposal_reason("Het bedrag gaat boven het mandaat.");
    *step.mutable_commitment() = commitment_;
    return step;
  }
  std::string DecideIt(v1::Step* step, int seat, bool bind, const char* reason = "") {
    v1::DecideStepRequest req;
    req.set_bind(bind);
    req.set_reason(reason);
    return base::ReasonOf(DecideStep(step, case_, case_.seats(seat), req, who_, kNow));
  }

  CaseFact case_;
  access::v1::ProfessionalFacts who_;
  v1::Commitment commitment_;
};

TEST_F(BindingTest, R6BindsUpToEveryLimitAndFreezesTheVersion) {
  EXPECT_TRUE(Decide().binding);
  EXPECT_EQ(Decide().mandate, "professionals/consultant/mandates/m@2");
  EXPECT_THAT(Decide().exceeded, IsEmpty());
}

TEST_F(BindingTest, R6TheProposalSaysInDutchWhichLimitWasExceeded) {
  commitment_.set_amount_cents(150'001);
  EXPECT_THAT(Why(), HasSubstr("Het bedrag gaat boven het mandaat (hoogstens 1.500,00 euro"));
  EXPECT_THAT(Why(), Not(HasSubstr("uren")));
  EXPECT_THAT(Decide().exceeded, ElementsAre("amount_cents"));
  commitment_.set_amount_cents(0);
  commitment_.set_minutes(601);
  EXPECT_THAT(Why(), HasSubstr("De uren gaan boven het mandaat (hoogstens 10 uur per"));
  commitment_.set_minutes(0);
  commitment_.set_until_date("2026-12-24");
  EXPECT_THAT(Why(), HasSubstr("De periode gaat boven het mandaat (hoogstens 30 dagen)"));
  commitment_.set_minutes(601);
  EXPECT_THAT(Why(), HasSubstr("De uren"));
  EXPECT_THAT(Why(), HasSubstr("De periode"));
  EXPECT_THAT(Why(), HasSubstr("De organisatie beslist."));
  EXPECT_THAT(Decide().exceeded, ElementsAre("minutes", "until_date"));
}

TEST_F(BindingTest, R6AMandateThatNamesNoHoursOrPeriodCoversNone) {
  mandate().set_limit_minutes(0);
  mandate().set_limit_days(0);
  EXPECT_THAT(Why(), HasSubstr("Het mandaat gaat niet over uren."));
  EXPECT_THAT(Why(), HasSubstr("Het mandaat gaat niet over een periode."));
  commitment_.set_minutes(0);
  commitment_.clear_until_date();
  EXPECT_TRUE(Decide().binding) << "a single act that costs money";
  mandate().set_limit_minutes(90);
  commitment_.set_minutes(91);
  EXPECT_THAT(Why(), HasSubstr("hoogstens 1 uur en 30 minuten"));
}

TEST_F(BindingTest, R6AMandateThatBeginsLaterDoesNotBindTodayNorOneThatHasEnded) {
  mandate().set_start_date("2026-11-24");
  EXPECT_THAT(Why(), HasSubstr("gaat pas in op 2026-11-24"));
  mandate().set_start_date("2026-01-01");
  mandate().set_end_date("2026-11-23");
  EXPECT_THAT(Why(), HasSubstr("gold tot 2026-11-23"));
  mandate().set_end_date("2026-01-01");
  EXPECT_THAT(Why(), HasSubstr("geen mandaat")) << "never held";
  mandate().set_end_date("2026-11-24");
  EXPECT_TRUE(Decide().binding);
}

TEST_F(BindingTest, R6LimitsOfSeveralMandatesDoNotAddUpAndTheNearestIsNamed) {
  *who_.add_mandates() = mandate();
  who_.mutable_mandates(1)->set_name("professionals/consultant/mandates/n");
  who_.mutable_mandates(1)->set_limit_cents(200'000);
  who_.mutable_mandates(1)->set_limit_minutes(60);
  commitment_.set_amount_cents(200'000);
  EXPECT_FALSE(Decide().binding) << "one covers the amount, the other the hours";
  mandate().set_limit_minutes(10);
  EXPECT_THAT(Decide().exceeded, ElementsAre("minutes")) << "the one that lacks least";
  commitment_.set_minutes(60);
  EXPECT_EQ(Decide().mandate, "professionals/consultant/mandates/n@2");
}

TEST_F(BindingTest, R6ShapeOfWhatAStepCommits) {
  const auto check = [&] {
    return base::ReasonOf(CheckCommitment("step.commitment", commitment_, kToday));
  };
  EXPECT_EQ(check(), "");
  commitment_.set_until_date("2026-11-23");
  EXPECT_EQ(check(), "");
  commitment_.set_until_date("2026-11-22");
  EXPECT_EQ(check(), "INVALID_FIELD");
  commitment_.set_until_date("morgen");
  EXPECT_EQ(check(), "INVALID_FIELD");
  commitment_.clear_until_date();
  commitment_.set_minutes(-1);
  EXPECT_EQ(check(), "INVALID_FIELD");
  commitment_.set_minutes(600'001);
  EXPECT_EQ(check(), "INVALID_FIELD");
  v1::Commitment only_hours;
  only_hours.set_minutes(60);
  EXPECT_EQ(base::ReasonOf(CheckCommitment("x", only_hours, kToday)), "R6_COMMITMENT_INCOMPLETE")
      << "hours are means too";
}

TEST_F(BindingTest, R6AProposalIsBoundByWhoseMandateCoversItToday) {
  v1::Step step = Proposal();
  EXPECT_EQ(DecideIt(&step, 0, true), "");
  EXPECT_EQ(step.state(), v1::STEP_STATE_BINDING);
  EXPECT_EQ(step.mandate(), "professionals/consultant/mandates/m@2");
  EXPECT_EQ(step.proposal_reason(), "");
  EXPECT_EQ(step.outcome(), "Toegezegd op 2026-11-23 door consultant namens organisations/city.");
  EXPECT_EQ(DecideIt(&step, 0, true), "STEP_NOT_PROPOSED");
  EXPECT_EQ(DecideIt(&step, 0, false, "Toch niet."), "STEP_NOT_PROPOSED");
}

TEST_F(BindingTest, R6AProposalIsDeclinedWithAReason) {
  v1::Step step = Proposal();
  EXPECT_EQ(DecideIt(&step, 0, false), "INVALID_FIELD");
  EXPECT_EQ(step.state(), v1::STEP_STATE_PROPOSED);
  who_.clear_mandates();
  EXPECT_EQ(DecideIt(&step, 0, false, "Er is een wachtlijst."), "") << "no commits nothing";
  EXPECT_EQ(step.state(), v1::STEP_STATE_DROPPED);
  EXPECT_EQ(step.outcome(),
            "Niet toegezegd op 2026-11-23 door consultant namens organisations/city: Er is een "
            "wachtlijst.");
}

TEST_F(BindingTest, R6NobodyDecidesForAnotherOrganisationOrBeyondTheirMandate) {
  v1::Step step = Proposal();
  EXPECT_EQ(DecideIt(&step, 1, true), "R6_NOT_YOUR_MEANS");
  EXPECT_EQ(DecideIt(&step, 1, false, "Nee."), "R6_NOT_YOUR_MEANS");
  mandate().set_limit_cents(1);
  EXPECT_EQ(DecideIt(&step, 0, true), "R6_MANDATE_DOES_NOT_COVER");
  who_.clear_mandates();
  EXPECT_EQ(DecideIt(&step, 0, true), "R6_MANDATE_DOES_NOT_COVER");
  EXPECT_EQ(step.state(), v1::STEP_STATE_PROPOSED);
  EXPECT_EQ(step.outcome(), "");
  step.mutable_commitment()->set_committed_by("professionals/never-here");
  EXPECT_EQ(DecideIt(&step, 0, true), "R6_NOT_YOUR_MEANS");
}

TEST_F(BindingTest, R6AColleagueWithAWiderMandateDecidesAndAFunctionThatEndedVoidsIt) {
  AddSeat("chief", "organisations/city");
  access::v1::ProfessionalFacts consultant = who_;
  who_.set_name("professionals/chief");
  mandate().set_name("professionals/chief/mandates/m");
  v1::Step step = Proposal();
  who_.mutable_functions(0)->set_end_date("2026-11-23");
  EXPECT_EQ(DecideIt(&step, 2, true), "R6_MANDATE_DOES_NOT_COVER");
  who_.mutable_functions(0)->clear_end_date();
  EXPECT_EQ(DecideIt(&step, 2, true), "");
  EXPECT_EQ(step.mandate(), "professionals/chief/mandates/m@2");
  EXPECT_EQ(step.commitment().committed_by(), "professionals/consultant") << "who proposed it";
}

}  // namespace
}  // namespace knooppunt::casework
