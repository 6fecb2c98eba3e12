// Escalation (R10), over a real database and decided by the real engine: who raises, what who
// decide see and what not, and what their decision does.
#include "services/casework/service_testing.h"

namespace knooppunt::casework {
namespace {

using absl::StatusCode;
using ::knooppunt::testing::StatusIs;
using ::testing::_;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kService[] = "casework.v1.EscalationService";

class EscalationsTest : public CaseworkServiceTest {
 protected:
  EscalationsTest() {
    j.office.AddOrganisation("organisations/swv-po",
                             common::v1::ORGANISATION_KIND_SAMENWERKINGSVERBAND_PO);
    alderman = j.office.AddProfessional("professionals/wethouder", "organisations/maastricht",
                                        common::v1::FUNCTION_ALDERMAN, "Wim Wolfs");
    director =
        j.office.AddProfessional("professionals/directeur", "organisations/swv-po",
                                 common::v1::FUNCTION_SAMENWERKINGSVERBAND_DIRECTOR, "Dina Derks");
    colleague = j.office.AddProfessional("professionals/wethouder-2", "organisations/maastricht",
                                         common::v1::FUNCTION_ALDERMAN, "Wil Wouters");
  }
  // An active case with a concluded meeting and a step, labelled by the school.
  void Stuck() {
    step = AgreedStep();
    ASSERT_NE(step, "");
  }
  v1::RaiseEscalationRequest Request() const {
    v1::RaiseEscalationRequest req;
    req.set_parent(j.case_name);
    req.set_werkplaats("werkplaatsen/manjefiek");
    req.mutable_escalation()->set_question("Gaat de begeleiding door, ja of nee?");
    req.mutable_escalation()->set_tried("Twee keer met de gemeente aan tafel gezeten.");
    req.mutable_escalation()->set_step(step);
    *req.mutable_escalation()->mutable_label() = j.Education();
    for (const Caller* who : {&alderman, &director}) {
      v1::Decider* d = req.add_deciders();
      d->set_professional(who->claims.subject());
      d->set_organisation(who->claims.organisation());
      d->set_function(who->claims.function());
    }
    return req;
  }
  absl::StatusOr<v1::Escalation> Raise(const Caller& who, const v1::RaiseEscalationRequest& req) {
    return j.office.Call<v1::Escalation>(kService, "RaiseEscalation", who, req);
  }
  absl::StatusOr<v1::EscalationFile> Read(const Caller& who, const std::string& name) {
    v1::GetEscalationRequest req;
    req.set_name(name);
    return j.office.Call<v1::EscalationFile>(kService, "GetEscalation", who, req);
  }
  absl::StatusOr<v1::ListEscalationsResponse> List(const Caller& who) {
    return j.office.Call<v1::ListEscalationsResponse>(kService, "ListEscalations", who,
                                                      v1::ListEscalationsRequest());
  }
  absl::StatusOr<v1::Escalation> TakeUp(const Caller& who, const std::string& name) {
    v1::TakeUpEscalationRequest req;
    req.set_name(name);
    return j.office.Call<v1::Escalation>(kService, "TakeUpEscalation", who, req);
  }
  absl::StatusOr<v1::Escalation> Decide(const Caller& who, const std::string& name,
                                        v1::EscalationOutcome outcome,
                                        const std::string& settlement = "") {
    v1::DecideEscalationRequest req;
    req.set_name(name);
    req.set_outcome(outcome);
    req.set_settlement(settlement);
    req.set_reason("Het kind kan niet langer wachten.");
    return j.office.Call<v1::Escalation>(kService, "DecideEscalation", who, req);
  }
  absl::StatusOr<v1::Escalation> Withdraw(const Caller& who, const std::string& name) {
    v1::WithdrawEscalationRequest req;
    req.set_name(name);
    req.set_reason("Het is opgelost.");
    return j.office.Call<v1::Escalation>(kService, "WithdrawEscalation", who, req);
  }
  v1::Step StepNow() {
    const v1::Case seen = j.Get(j.ib);
    for (const v1::Step& s : seen.steps()) {
      if (s.name() == step) return s;
    }
    return {};
  }

  Caller alderman, director, colleague;
  std::string step;
};

TEST_F(EscalationsTest, R10TheRegisseurRaisesBothDecideAndTheStepBinds) {
  Stuck();
  const auto raised = Raise(j.consultant, [&] {
    v1::RaiseEscalationRequest req = Request();
    *req.mutable_escalation()->mutable_label() =
        j.About(common::v1::COMPARTMENT_FAMILY, common::v1::REGIME_MUNICIPAL);
    return req;
  }());
  ASSERT_OK(raised);
  EXPECT_EQ(raised->state(), v1::ESCALATION_STATE_RAISED);
  EXPECT_EQ(raised->deciders(0).display_name(), "Wim Wolfs");
  ASSERT_OK(Withdraw(j.consultant, raised->name()));

  const auto again = Raise(j.mother, Request());
  ASSERT_OK(again) << "a parent raises it too";
  const std::string name = again->name();
  ASSERT_OK(TakeUp(alderman, name));
  ASSERT_OK(Decide(alderman, name, v1::ESCALATION_OUTCOME_DROP_STEP));
  EXPECT_EQ(StepNow().state(), v1::STEP_STATE_BINDING) << "one of two decides nothing";
  const auto decided = Decide(director, name, v1::ESCALATION_OUTCOME_DROP_STEP);
  ASSERT_OK(decided);
  EXPECT_EQ(decided->state(), v1::ESCALATION_STATE_DECIDED);
  EXPECT_EQ(StepNow().state(), v1::STEP_STATE_DROPPED);
  EXPECT_EQ(StepNow().escalation(), name);
  EXPECT_THAT(StepNow().outcome(), HasSubstr("Het kind kan niet langer wachten."));
  const v1::Case seen = j.Get(j.mother);
  ASSERT_THAT(seen.escalations(), Not(IsEmpty()));
  const v1::Escalation& last = *seen.escalations().rbegin();
  EXPECT_THAT(last.decisions(), SizeIs(2));
  EXPECT_EQ(last.outcome(), v1::ESCALATION_OUTCOME_DROP_STEP);
}

TEST_F(EscalationsTest, R10WhoDecideSeeWhatWasPutToThemAndNothingElseOfTheCase) {
  Stuck();
  EXPECT_THAT(List(alderman)->escalations(), IsEmpty());
  const auto raised = Raise(j.mother, Request());
  ASSERT_OK(raised);
  const auto listed = List(alderman);
  ASSERT_OK(listed);
  ASSERT_THAT(listed->escalations(), SizeIs(1));
  EXPECT_EQ(listed->escalations(0).raised_by(), "families/" + j.family)
      << "the family, not which person: that was not put to them (R18)";
  const auto file = Read(alderman, raised->name());
  ASSERT_OK(file);
  EXPECT_EQ(file->escalation().question(), "Gaat de begeleiding door, ja of nee?");
  EXPECT_EQ(file->step().name(), step);
  EXPECT_EQ(file->step().origin(), "") << "nor the meeting that agreed it";
  EXPECT_THAT(TryGet(alderman), StatusIs(StatusCode::kPermissionDenied, "no-rule-for-function"));
  EXPECT_OK(Read(director, raised->name()));
  EXPECT_THAT(Read(colleague, raised->name()), StatusIs(StatusCode::kPermissionDenied, "no-seat"))
      << "another alderman of the same town";
  EXPECT_THAT(List(colleague)->escalations(), IsEmpty());
  EXPECT_THAT(Read(j.ib, raised->name()),
              StatusIs(StatusCode::kPermissionDenied, "no-rule-for-function"))
      << "the table reads it with the case";
}

TEST_F(EscalationsTest, R10WhatAnotherOrganisationRecordedOpensOnlyOnConsent) {
  Stuck();
  // The step is the school's; what the municipality raises names it and does not open it.
  v1::RaiseEscalationRequest req = Request();
  *req.mutable_escalation()->mutable_label() =
      j.About(common::v1::COMPARTMENT_FAMILY, common::v1::REGIME_MUNICIPAL);
  const auto raised = Raise(j.consultant, req);
  ASSERT_OK(raised);
  const std::string name = raised->name();
  const auto closed = Read(director, name);
  ASSERT_OK(closed);
  EXPECT_FALSE(closed->has_step());
  EXPECT_EQ(closed->escalation().step(), "") << "it is not even named (R18)";
  ASSERT_OK(TakeUp(director, name));
  EXPECT_EQ(Reason(Decide(director, name, v1::ESCALATION_OUTCOME_BIND_STEP)), "R10_STEP_NOT_SHOWN");
  j.Share(
      {.recipient = "organisations/swv-po", .compartments = {common::v1::COMPARTMENT_EDUCATION}});
  EXPECT_EQ(Read(director, name)->step().name(), step) << "the family agreed";
  EXPECT_OK(Decide(director, name, v1::ESCALATION_OUTCOME_BIND_STEP));
}

TEST_F(EscalationsTest, R10AccessEndsWithTheDecisionAndWithWithdrawal) {
  Stuck();
  auto raised = Raise(j.mother, Request());
  ASSERT_OK(raised);
  ASSERT_OK(Withdraw(j.mother, raised->name()));
  EXPECT_THAT(Read(alderman, raised->name()), StatusIs(StatusCode::kPermissionDenied, "no-seat"));
  EXPECT_THAT(List(alderman)->escalations(), IsEmpty());

  raised = Raise(j.mother, Request());
  ASSERT_OK(raised) << "what was withdrawn does not stand in the way";
  EXPECT_EQ(Reason(Raise(j.mother, Request())), "R10_ALREADY_ESCALATED");
  ASSERT_OK(TakeUp(director, raised->name()));
  ASSERT_OK(Decide(director, raised->name(), v1::ESCALATION_OUTCOME_SETTLE, "Het gaat door."));
  EXPECT_OK(Read(director, raised->name())) << "the other has still to decide";
  ASSERT_OK(Decide(alderman, raised->name(), v1::ESCALATION_OUTCOME_SETTLE));
  EXPECT_THAT(Read(director, raised->name()), StatusIs(StatusCode::kPermissionDenied, "no-seat"));
  EXPECT_THAT(Decide(director, raised->name(), v1::ESCALATION_OUTCOME_BIND_STEP),
              StatusIs(StatusCode::kPermissionDenied, "no-seat"));
  const v1::Case seen = j.Get(j.ib);
  EXPECT_EQ(seen.escalations().rbegin()->settlement(), "Het gaat door.");
}

TEST_F(EscalationsTest, R10WhoLeavesOfficeDecidesNoMore) {
  Stuck();
  const auto raised = Raise(j.mother, Request());
  ASSERT_OK(raised);
  j.office.professional("professionals/wethouder").mutable_functions(0)->set_end_date("2026-11-23");
  EXPECT_THAT(Read(alderman, raised->name()),
              StatusIs(StatusCode::kPermissionDenied, "no-function"));
}

TEST_F(EscalationsTest, R10TheRegisseurAndTheFamilyRaiseAndOthersDoNot) {
  Stuck();
  EXPECT_THAT(Raise(j.nurse, Request()), StatusIs(StatusCode::kPermissionDenied, "no-seat"));
  EXPECT_THAT(Raise(j.ib, Request()), StatusIs(StatusCode::kPermissionDenied, "no-seat"))
      << "the IB is not regisseur here";
  EXPECT_THAT(Raise(j.stranger, Request()), StatusIs(StatusCode::kPermissionDenied, "no-seat"));
  EXPECT_THAT(Raise(alderman, Request()),
              StatusIs(StatusCode::kPermissionDenied, "no-rule-for-function"));
  const auto raised = Raise(j.father, Request());
  ASSERT_OK(raised);
  EXPECT_EQ(Reason(Withdraw(j.mother, raised->name())), "R10_NOT_THE_RAISER");
  EXPECT_EQ(Reason(Withdraw(j.consultant, raised->name())), "R10_NOT_THE_RAISER");
  EXPECT_OK(Withdraw(j.father, raised->name()));
}

TEST_F(EscalationsTest, R10WhatIsAmissIsRefusedAndNothingIsLeftBehind) {
  Stuck();
  v1::RaiseEscalationRequest req = Request();
  req.mutable_deciders()->RemoveLast();
  EXPECT_EQ(Reason(Raise(j.mother, req)), "R10_WRONG_DECIDERS");
  req = Request();
  req.mutable_deciders(0)->set_professional("professionals/niemand");
  EXPECT_EQ(Reason(Raise(j.mother, req)), "R10_DECIDERS_MISSING");
  req = Request();
  req.set_werkplaats("werkplaatsen/vmbo");
  EXPECT_THAT(Raise(j.mother, req), StatusIs(StatusCode::kInvalidArgument, _))
      << "its stage would say who decide";
  req = Request();
  req.mutable_escalation()->set_step(j.case_name + "/steps/step-0");
  EXPECT_THAT(Raise(j.mother, req), StatusIs(StatusCode::kNotFound, _));
  req = Request();
  req.mutable_escalation()->clear_tried();
  EXPECT_THAT(Raise(j.mother, req), StatusIs(StatusCode::kInvalidArgument, _));
  req = Request();
  req.mutable_escalation()->clear_label();
  EXPECT_FALSE(Raise(j.mother, req).ok()) << "R38";
  EXPECT_THAT(j.office.facts(j.family).escalations(), IsEmpty());
  EXPECT_THAT(List(alderman)->escalations(), IsEmpty());
}

TEST_F(EscalationsTest, R10ACaseWithAnOpenEscalationIsNotClosed) {
  Stuck();
  const auto raised = Raise(j.mother, Request());
  ASSERT_OK(raised);
  v1::CloseCaseRequest close;
  close.set_name(j.case_name);
  close.set_kind(v1::CLOSE_KIND_GOALS_REACHED);
  close.set_outcome("Klaar.");
  *close.mutable_label() = j.Education();
  EXPECT_EQ(Reason(j.office.Casework<v1::Case>("CloseCase", j.ib, close)), "R10_ESCALATION_RUNS");
  ASSERT_OK(Withdraw(j.mother, raised->name()));
  EXPECT_OK(j.office.Casework<v1::Case>("CloseCase", j.ib, close));
}

TEST_F(EscalationsTest, R18AnEscalationThatIsNotThereLooksLikeNone) {
  Stuck();
  const auto raised = Raise(j.mother, Request());
  ASSERT_OK(raised);
  EXPECT_THAT(Read(alderman, j.case_name + "/escalations/escalation-0"),
              StatusIs(StatusCode::kNotFound, _));
  EXPECT_THAT(TakeUp(alderman, j.case_name + "/escalations/" + j.child),
              StatusIs(StatusCode::kNotFound, _));
}

}  // namespace
}  // namespace knooppunt::casework
