// Escalation as pure rules (R10): the states, who decide for which stage, and when it binds.
#include "services/casework/escalation_rules.h"

#include <map>
#include <set>
#include <tuple>

#include "base/error.h"
#include "base/status_testing.h"
#include "services/casework/rules.h"

namespace knooppunt::casework {
namespace {

using absl::StatusCode;
using common::v1::FUNCTION_ALDERMAN;
using common::v1::FUNCTION_INSTITUTE_DIRECTOR;
using common::v1::FUNCTION_SAMENWERKINGSVERBAND_DIRECTOR;
using ::knooppunt::testing::StatusIs;
using ::testing::_;
using ::testing::HasSubstr;
using ::testing::SizeIs;

const base::Date kToday(2026, 11, 23);
const absl::Time kNow = base::StartOf(kToday) + absl::Hours(10);
constexpr char kA[] = "professionals/wethouder";
constexpr char kB[] = "professionals/directeur";

v1::Escalation Raised(std::vector<std::string> deciders = {kA, kB}) {
  v1::Escalation e;
  e.set_name("families/f/cases/c/escalations/e");
  e.set_state(v1::ESCALATION_STATE_RAISED);
  e.set_raised_by("professionals/ib");
  for (const std::string& d : deciders) e.add_deciders()->set_professional(d);
  return e;
}

v1::Step Proposed() {
  v1::Step s;
  s.set_name("families/f/cases/c/steps/s");
  s.set_state(v1::STEP_STATE_PROPOSED);
  s.set_proposal_reason("Dit gaat boven het mandaat.");
  return s;
}

v1::DecideEscalationRequest Decision(v1::EscalationOutcome outcome,
                                     const std::string& settlement = "") {
  v1::DecideEscalationRequest req;
  req.set_outcome(outcome);
  req.set_settlement(settlement);
  req.set_reason("Het kind kan niet wachten.");
  return req;
}

// ---- States ---------------------------------------------------------------------

TEST(EscalationStates, R10TheTableHasOneAnswerForAStateAndAnAct) {
  std::set<std::pair<int, int>> seen;
  for (const EscalationTransition& t : EscalationTransitions()) {
    EXPECT_TRUE(seen.emplace(t.from, static_cast<int>(t.act)).second);
    EXPECT_FALSE(IsOver(t.from)) << "what is over stays over";
  }
}

TEST(EscalationStates, R10TakenUpOnceThenDecided) {
  v1::Escalation e = Raised();
  v1::Step step = Proposed();
  e.set_step(step.name());
  EXPECT_EQ(base::ReasonOf(
                DecideEscalation(&e, &step, Decision(v1::ESCALATION_OUTCOME_BIND_STEP), kA, kNow)),
            "R10_NOT_TAKEN_UP");
  EXPECT_OK(TakeUp(&e, kA, kNow));
  EXPECT_EQ(e.taken_up_by(), kA);
  EXPECT_EQ(base::ReasonOf(TakeUp(&e, kB, kNow)), "R10_ALREADY_TAKEN_UP");
  EXPECT_EQ(base::ReasonOf(TakeUp(&e, "professionals/ander", kNow)), "R10_NOT_A_DECIDER");
}

TEST(EscalationStates, R10WhoRaisedItWithdrawsItAndTheRegisseurOneOfAProfessional) {
  v1::Escalation e = Raised();
  EXPECT_EQ(base::ReasonOf(WithdrawEscalation(&e, {.actor = "families/f/persons/p"}, "Nee.", kNow)),
            "R10_NOT_THE_RAISER");
  EXPECT_THAT(WithdrawEscalation(&e, {.actor = "professionals/ib"}, "", kNow),
              StatusIs(StatusCode::kInvalidArgument, _));
  v1::Escalation by_next = e;
  EXPECT_OK(WithdrawEscalation(&by_next, {.actor = "professionals/next", .leads = true},
                               "Opgelost.", kNow));
  EXPECT_OK(WithdrawEscalation(&e, {.actor = "professionals/ib"}, "Opgelost.", kNow));
  EXPECT_EQ(e.state(), v1::ESCALATION_STATE_WITHDRAWN);
  EXPECT_EQ(base::ReasonOf(WithdrawEscalation(&e, {.actor = "professionals/ib"}, "Weer.", kNow)),
            "R10_ESCALATION_OVER");
  EXPECT_EQ(base::ReasonOf(TakeUp(&e, kA, kNow)), "R10_ESCALATION_OVER");

  v1::Escalation of_mother = Raised();
  of_mother.set_raised_by("families/f/persons/mother");
  EXPECT_EQ(base::ReasonOf(WithdrawEscalation(
                &of_mother, {.actor = "professionals/ib", .leads = true}, "Nee.", kNow)),
            "R10_NOT_THE_RAISER")
      << "what the family raised the regisseur does not take back";
}

// ---- Deciding -------------------------------------------------------------------

TEST(EscalationDecision, R10ItBindsOnlyOnceAllWhoDecideAgree) {
  v1::Step step = Proposed();
  v1::Escalation e = Raised();
  e.set_step(step.name());
  ASSERT_OK(TakeUp(&e, kA, kNow));
  ASSERT_OK(DecideEscalation(&e, &step, Decision(v1::ESCALATION_OUTCOME_BIND_STEP), kA, kNow));
  EXPECT_EQ(e.state(), v1::ESCALATION_STATE_TAKEN_UP);
  EXPECT_EQ(step.state(), v1::STEP_STATE_PROPOSED) << "one of two does not bind";
  ASSERT_OK(DecideEscalation(&e, &step, Decision(v1::ESCALATION_OUTCOME_DROP_STEP), kB, kNow));
  EXPECT_EQ(e.state(), v1::ESCALATION_STATE_TAKEN_UP) << "they do not agree";
  EXPECT_EQ(step.state(), v1::STEP_STATE_PROPOSED);
  ASSERT_OK(DecideEscalation(&e, &step, Decision(v1::ESCALATION_OUTCOME_BIND_STEP), kB, kNow));
  EXPECT_EQ(e.state(), v1::ESCALATION_STATE_DECIDED);
  EXPECT_EQ(e.outcome(), v1::ESCALATION_OUTCOME_BIND_STEP);
  EXPECT_THAT(e.decisions(), SizeIs(3)) << "earlier decisions stay";
  EXPECT_EQ(step.state(), v1::STEP_STATE_BINDING);
  EXPECT_EQ(step.escalation(), e.name());
  EXPECT_EQ(step.proposal_reason(), "");
  EXPECT_THAT(step.outcome(), HasSubstr("Het kind kan niet wachten."));
  EXPECT_EQ(base::ReasonOf(
                DecideEscalation(&e, &step, Decision(v1::ESCALATION_OUTCOME_DROP_STEP), kA, kNow)),
            "R10_ESCALATION_OVER")
      << "the decision binds";
}

TEST(EscalationDecision, R10OneWhoDecidesAloneIsEnoughForTheInstitute) {
  v1::Escalation e = Raised({kA});
  ASSERT_OK(TakeUp(&e, kA, kNow));
  ASSERT_OK(DecideEscalation(
      &e, nullptr, Decision(v1::ESCALATION_OUTCOME_SETTLE, "Zij start in februari."), kA, kNow));
  EXPECT_EQ(e.state(), v1::ESCALATION_STATE_DECIDED);
  EXPECT_EQ(e.settlement(), "Zij start in februari.");
}

TEST(EscalationDecision, R10WhoAgreesWithASettlementNeedNotRepeatIt) {
  v1::Escalation e = Raised();
  ASSERT_OK(TakeUp(&e, kA, kNow));
  EXPECT_EQ(base::ReasonOf(
                DecideEscalation(&e, nullptr, Decision(v1::ESCALATION_OUTCOME_SETTLE), kA, kNow)),
            "R10_SETTLEMENT_MISSING");
  ASSERT_OK(DecideEscalation(
      &e, nullptr, Decision(v1::ESCALATION_OUTCOME_SETTLE, "School A neemt hem aan."), kA, kNow));
  v1::Escalation other = e;
  ASSERT_OK(DecideEscalation(&other, nullptr,
                             Decision(v1::ESCALATION_OUTCOME_SETTLE, "School B neemt hem aan."), kB,
                             kNow));
  EXPECT_EQ(other.state(), v1::ESCALATION_STATE_TAKEN_UP) << "two settlements settle nothing";
  ASSERT_OK(DecideEscalation(&e, nullptr, Decision(v1::ESCALATION_OUTCOME_SETTLE), kB, kNow));
  EXPECT_EQ(e.state(), v1::ESCALATION_STATE_DECIDED);
  EXPECT_EQ(e.settlement(), "School A neemt hem aan.");
}

TEST(EscalationDecision, R10WhatCannotBeDecidedIsRefusedAndLeavesItAsItWas) {
  v1::Escalation e = Raised();
  ASSERT_OK(TakeUp(&e, kA, kNow));
  const std::string before = e.SerializeAsString();
  const auto reason = [&](const v1::DecideEscalationRequest& req, v1::Step* step) {
    const absl::Status s = DecideEscalation(&e, step, req, kA, kNow);
    EXPECT_EQ(e.SerializeAsString(), before) << "nothing half-written";
    return base::ReasonOf(s);
  };
  EXPECT_EQ(reason(Decision(v1::ESCALATION_OUTCOME_BIND_STEP), nullptr), "R10_NO_STEP");
  e.set_step("families/f/cases/c/steps/s");
  const std::string about_step = e.SerializeAsString();
  EXPECT_EQ(base::ReasonOf(DecideEscalation(&e, nullptr, Decision(v1::ESCALATION_OUTCOME_BIND_STEP),
                                            kA, kNow)),
            "R10_STEP_NOT_SHOWN");
  v1::Step done = Proposed();
  done.set_state(v1::STEP_STATE_DONE);
  EXPECT_EQ(base::ReasonOf(
                DecideEscalation(&e, &done, Decision(v1::ESCALATION_OUTCOME_BIND_STEP), kA, kNow)),
            "R10_NOTHING_TO_DECIDE");
  v1::DecideEscalationRequest mute = Decision(v1::ESCALATION_OUTCOME_SETTLE, "Zo.");
  mute.clear_reason();
  EXPECT_THAT(DecideEscalation(&e, nullptr, mute, kA, kNow),
              StatusIs(StatusCode::kInvalidArgument, _))
      << "a decision has a reason";
  EXPECT_EQ(
      base::ReasonOf(DecideEscalation(&e, nullptr, Decision(v1::ESCALATION_OUTCOME_SETTLE, "Zo."),
                                      "professionals/ib", kNow)),
      "R10_NOT_A_DECIDER");
  EXPECT_EQ(e.SerializeAsString(), about_step);
}

// ---- Who decide -----------------------------------------------------------------

KnownDecider Known(const std::string& id, const std::string& organisation,
                   common::v1::OrganisationKind kind, common::v1::Function function) {
  KnownDecider k;
  k.professional.set_name(id);
  k.professional.set_display_name("Naam");
  auto* term = k.professional.add_functions();
  term->set_organisation(organisation);
  term->set_function(function);
  term->set_start_date("2020-01-01");
  k.organisation.set_name(organisation);
  k.organisation.set_kind(kind);
  return k;
}

class DecidersTest : public ::testing::Test {
 protected:
  std::string Check(const std::vector<KnownDecider>& known, common::v1::Stage stage) {
    google::protobuf::RepeatedPtrField<v1::Decider> asked;
    for (const KnownDecider& k : known) {
      v1::Decider* d = asked.Add();
      d->set_professional(k.professional.name());
      d->set_organisation(k.organisation.name());
      d->set_function(k.professional.functions(0).function());
    }
    const auto out = CheckDeciders(
        asked, known, {.stage = stage, .organisation = "organisations/school", .today = kToday});
    if (out.ok()) {
      EXPECT_THAT(*out, SizeIs(known.size()));
    }
    return base::ReasonOf(out.status());
  }
  const KnownDecider alderman = Known(
      kA, "organisations/stad", common::v1::ORGANISATION_KIND_MUNICIPALITY, FUNCTION_ALDERMAN);
  const KnownDecider po =
      Known(kB, "organisations/swv-po", common::v1::ORGANISATION_KIND_SAMENWERKINGSVERBAND_PO,
            FUNCTION_SAMENWERKINGSVERBAND_DIRECTOR);
  const KnownDecider vo =
      Known(kB, "organisations/swv-vo", common::v1::ORGANISATION_KIND_SAMENWERKINGSVERBAND_VO,
            FUNCTION_SAMENWERKINGSVERBAND_DIRECTOR);
  const KnownDecider institute =
      Known("professionals/bestuur", "organisations/school",
            common::v1::ORGANISATION_KIND_SCHOOL_BOARD, FUNCTION_INSTITUTE_DIRECTOR);
};

TEST_F(DecidersTest, R10EveryStageHasItsDeciders) {
  std::map<int, int> rows;
  for (const DeciderRow& row : DeciderRows()) ++rows[row.stage];
  for (int stage = 1; stage <= common::v1::Stage_MAX; ++stage) {
    EXPECT_EQ(rows[stage], stage == common::v1::STAGE_MBO ? 1 : 2) << stage;
  }
}

TEST_F(DecidersTest, R10AnAldermanAndTheDirectorOfTheStage) {
  EXPECT_EQ(Check({alderman, po}, common::v1::STAGE_PO), "");
  EXPECT_EQ(Check({po, alderman}, common::v1::STAGE_SO), "") << "in any order";
  EXPECT_EQ(Check({alderman, vo}, common::v1::STAGE_VSO), "");
  EXPECT_EQ(Check({alderman, vo}, common::v1::STAGE_PO), "R10_WRONG_DECIDERS");
  EXPECT_EQ(Check({alderman}, common::v1::STAGE_PO), "R10_WRONG_DECIDERS") << "both are needed";
  EXPECT_EQ(Check({alderman, alderman}, common::v1::STAGE_PO), "R10_WRONG_DECIDERS");
  EXPECT_EQ(Check({alderman, po, institute}, common::v1::STAGE_PO), "R10_WRONG_DECIDERS");
  EXPECT_EQ(Check({alderman, po}, common::v1::STAGE_UNSPECIFIED), "R10_WRONG_DECIDERS");
}

TEST_F(DecidersTest, R10ForAVocationalCollegeTheInstituteAlone) {
  EXPECT_EQ(Check({institute}, common::v1::STAGE_MBO), "");
  EXPECT_EQ(Check({alderman, vo}, common::v1::STAGE_MBO), "R10_WRONG_DECIDERS");
  KnownDecider elsewhere = institute;
  elsewhere.organisation.set_name("organisations/ander");
  elsewhere.professional.mutable_functions(0)->set_organisation("organisations/ander");
  EXPECT_EQ(Check({elsewhere}, common::v1::STAGE_MBO), "R10_WRONG_DECIDERS")
      << "not the institute that runs it";
}

TEST_F(DecidersTest, R10TheDirectoryKnowsThemInThatFunctionToday) {
  EXPECT_EQ(Check({}, common::v1::STAGE_PO), "R10_DECIDERS_MISSING");
  KnownDecider gone = alderman;
  gone.professional.mutable_functions(0)->set_end_date("2026-11-23");
  EXPECT_EQ(Check({gone, po}, common::v1::STAGE_PO), "R10_DECIDERS_MISSING");
  KnownDecider clerk = alderman;
  clerk.professional.mutable_functions(0)->set_function(common::v1::FUNCTION_MUNICIPAL_CONSULTANT);
  EXPECT_EQ(Check({clerk, po}, common::v1::STAGE_PO), "R10_WRONG_DECIDERS");
}

TEST(EscalationRaising, R10AQuestionSaysWhatMustBeDecidedAndWhatWasTried) {
  v1::Escalation asked;
  asked.set_question("Welke school neemt hem aan?");
  EXPECT_THAT(CheckRaising(asked, nullptr), StatusIs(StatusCode::kInvalidArgument, _));
  asked.set_tried("Drie scholen gevraagd.");
  EXPECT_OK(CheckRaising(asked, nullptr));
  v1::Step step = Proposed();
  EXPECT_OK(CheckRaising(asked, &step));
  step.set_state(v1::STEP_STATE_DROPPED);
  EXPECT_EQ(base::ReasonOf(CheckRaising(asked, &step)), "R10_NOTHING_TO_DECIDE");
}

}  // namespace
}  // namespace knooppunt::casework
