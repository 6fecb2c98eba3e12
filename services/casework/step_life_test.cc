// What becomes of a step: evaluated with the family, carried over, dropped (R5, R9); over a real
// database and decided by the real engine.
#include "services/casework/service_testing.h"

namespace knooppunt::casework {
namespace {

using absl::StatusCode;
using ::knooppunt::testing::StatusIs;
using ::testing::_;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr char kService[] = "casework.v1.StepService";

class StepLifeTest : public CaseworkServiceTest {
 protected:
  absl::StatusOr<v1::Step> Done(const Caller& who, const std::string& step) {
    v1::CompleteStepRequest req;
    req.set_name(step);
    req.set_outcome("Drie avonden gelukt.");
    return j.office.Casework<v1::Step>("CompleteStep", who, req);
  }
  absl::StatusOr<v1::Step> Evaluate(const Caller& who, const std::string& step,
                                    const std::string& seat = "") {
    v1::EvaluateStepRequest req;
    req.set_name(step);
    req.set_helped(v1::STEP_HELPED_PARTLY);
    req.set_family_words("Hij slaapt beter, rekenen blijft lastig.");
    req.set_family_seat(seat);
    return j.office.Call<v1::Step>(kService, "EvaluateStep", who, req);
  }
  absl::StatusOr<v1::Step> CarryOver(const Caller& who, const std::string& step,
                                     const std::string& to, const std::string& meeting = "") {
    v1::CarryOverStepRequest req;
    req.set_name(step);
    req.set_due_date(to);
    req.set_meeting(meeting);
    req.set_reason("De school was dicht.");
    return j.office.Call<v1::Step>(kService, "CarryOverStep", who, req);
  }
  absl::StatusOr<v1::Step> Reassign(const Caller& who, const std::string& step,
                                    const std::string& seat,
                                    const std::string& reason = "Zij doet het.") {
    v1::ReassignStepRequest req;
    req.set_name(step);
    req.set_owner_seat(seat);
    req.set_reason(reason);
    return j.office.Call<v1::Step>(kService, "ReassignStep", who, req);
  }
  // The consent of the case's beginning on which the nurse reads what the school recorded.
  std::string jgz_consent() {
    for (const access::v1::ConsentFact& c : j.office.facts(j.family).consents()) {
      if (c.recipient() == "organisations/jgz") return c.id();
    }
    return "";
  }
  absl::StatusOr<consent::v1::Consent> Withdraw(const std::string& consent) {
    consent::v1::WithdrawConsentRequest req;
    req.set_name(absl::StrCat("families/", j.family, "/consents/", consent));
    return j.office.Consent<consent::v1::Consent>("WithdrawConsent", j.father, req);
  }
  absl::StatusOr<v1::Step> Drop(const Caller& who, const std::string& step,
                                const std::string& reason = "Niet meer nodig.") {
    v1::DropStepRequest req;
    req.set_name(step);
    req.set_reason(reason);
    return j.office.Call<v1::Step>(kService, "DropStep", who, req);
  }
};

TEST_F(StepLifeTest, R9AStepIsEvaluatedOnceInTheFamilysWords) {
  const std::string step = AgreedStep();
  EXPECT_EQ(Reason(Evaluate(j.mother, step)), "R5_STEP_NOT_DONE");
  ASSERT_OK(Done(j.ib, step));
  EXPECT_EQ(Reason(Evaluate(j.ib, step)), "R9_WORDS_OF_THE_FAMILY") << "whose words?";
  EXPECT_EQ(Reason(Evaluate(j.ib, step, j.SeatOf(j.nurse))), "R9_WORDS_OF_THE_FAMILY");
  EXPECT_EQ(j.Get(j.ib).steps(0).has_evaluation(), false) << "nothing half-written";
}

TEST_F(StepLifeTest, R9EachOfTheFamilySpeaksForThemselves) {
  const std::string step = AgreedStep();
  ASSERT_OK(Done(j.ib, step));
  EXPECT_EQ(Reason(Evaluate(j.father, step, j.SeatOf(j.mother))), "R9_WORDS_OF_THE_FAMILY");
  const auto own = Evaluate(j.father, step);
  ASSERT_OK(own);
  EXPECT_EQ(own->evaluation().family_seat(), j.SeatOf(j.father));
  EXPECT_EQ(own->evaluation().helped(), v1::STEP_HELPED_PARTLY);
  EXPECT_EQ(Reason(Evaluate(j.mother, step)), "R5_ALREADY_EVALUATED");
  EXPECT_EQ(j.Get(j.ib).steps(0).evaluation().family_words(),
            "Hij slaapt beter, rekenen blijft lastig.");
}

TEST_F(StepLifeTest, R9TheOwnerWritesDownWhatAParentSays) {
  const std::string step = AgreedStep();
  ASSERT_OK(Done(j.ib, step));
  const auto evaluated = Evaluate(j.ib, step, j.SeatOf(j.mother));
  ASSERT_OK(evaluated);
  EXPECT_EQ(evaluated->evaluation().recorded_by_seat(), j.SeatOf(j.ib));
}

TEST_F(StepLifeTest, R5AStepIsCarriedOverAndTheDatesItHadStay) {
  const std::string step = AgreedStep();  // due 2026-12-14
  for (const char* bad : {"2026-12-14", "2026-12-01", "2026-11-22", "2028-01-01", "2027-02-30"}) {
    EXPECT_THAT(CarryOver(j.ib, step, bad), StatusIs(StatusCode::kInvalidArgument, _)) << bad;
  }
  ASSERT_OK(CarryOver(j.ib, step, "2027-01-11"));
  const auto again = CarryOver(j.consultant, step, "2027-02-01");
  ASSERT_OK(again) << "the regisseur";
  EXPECT_EQ(again->due_date(), "2027-02-01");
  ASSERT_THAT(again->carry_overs(), SizeIs(2));
  EXPECT_EQ(again->carry_overs(0).from_date(), "2026-12-14");
  EXPECT_EQ(again->carry_overs(1).from_date(), "2027-01-11");
  EXPECT_EQ(Reason(CarryOver(j.mother, step, "2027-03-01")), "NOT_OWNER_OR_REGISSEUR");
}

TEST_F(StepLifeTest, R5AStepComesBackAtAMeetingThatIsStillToBeHeld) {
  const std::string step = AgreedStep();
  const std::string held = j.Get(j.ib).meetings(0).name();
  EXPECT_EQ(Reason(CarryOver(j.ib, step, "2027-01-11", held)), "MEETING_CONCLUDED");
  const v1::Meeting next = Plan("2027-01-08");
  EXPECT_THAT(CarryOver(j.ib, step, "2027-01-07", next.name()),
              StatusIs(StatusCode::kInvalidArgument, _))
      << "before the meeting";
  const auto over = CarryOver(j.ib, step, "2027-01-11", next.name());
  ASSERT_OK(over);
  EXPECT_EQ(over->carry_overs(0).meeting(), next.name());
  EXPECT_THAT(CarryOver(j.ib, step, "2027-02-11", j.case_name + "/meetings/meeting-0"),
              StatusIs(StatusCode::kNotFound, _));
}

TEST_F(StepLifeTest, R5AStepIsGivenToSomebodyElseAtTheTableAndTheOwnersItHadStay) {
  const std::string step = AgreedStep();  // of the IB
  EXPECT_EQ(Reason(Reassign(j.father, step, j.SeatOf(j.mother))), "NOT_OWNER_OR_REGISSEUR");
  EXPECT_EQ(Reason(Reassign(j.ib, step, j.SeatOf(j.ib))), "R5_SAME_OWNER");
  EXPECT_EQ(Reason(Reassign(j.ib, step, "s-nobody")), "R5_OWNER_NOT_AT_TABLE");
  EXPECT_THAT(Reassign(j.ib, step, j.SeatOf(j.nurse), ""),
              StatusIs(StatusCode::kInvalidArgument, _));
  EXPECT_THAT(Reassign(j.stranger, step, j.SeatOf(j.nurse)),
              StatusIs(StatusCode::kPermissionDenied, _));
  EXPECT_THAT(j.Get(j.ib).steps(0).owner_changes(), SizeIs(0)) << "nothing half-written";
  ASSERT_OK(Reassign(j.ib, step, j.SeatOf(j.nurse)));
  EXPECT_EQ(Reason(Reassign(j.ib, step, j.SeatOf(j.mother))), "NOT_OWNER_OR_REGISSEUR");
  const auto again = Reassign(j.consultant, step, j.SeatOf(j.mother));
  ASSERT_OK(again) << "the regisseur";
  EXPECT_EQ(again->owner_seat(), j.SeatOf(j.mother));
  ASSERT_THAT(again->owner_changes(), SizeIs(2));
  EXPECT_EQ(again->owner_changes(0).from_seat(), j.SeatOf(j.ib));
  EXPECT_EQ(again->owner_changes(1).from_seat(), j.SeatOf(j.nurse));
  EXPECT_EQ(again->owner_changes(1).seat(), j.SeatOf(j.consultant));
  EXPECT_EQ(again->due_date(), "2026-12-14");
  EXPECT_OK(Done(j.mother, step)) << "hers to do";
  EXPECT_EQ(Reason(Reassign(j.consultant, step, j.SeatOf(j.ib))), "R5_STEP_OVER");
}

// ---- Whose step it is reads it (R5, R11) ----

TEST_F(StepLifeTest, R5R11AStepIsNotGivenToWhoWouldNotSeeIt) {
  Start();
  j.Activate();
  j.Seat(j.colleague);
  const auto meeting = Conclude(Conclusion(Plan().name()));  // the school's, of the IB
  ASSERT_OK(meeting);
  const std::string step = meeting->steps(0);
  ASSERT_OK(Withdraw(jgz_consent()));
  const auto refused = Reassign(j.ib, step, j.SeatOf(j.nurse));
  EXPECT_EQ(Reason(refused), "R5_OWNER_WOULD_NOT_READ");
  EXPECT_THAT(refused, StatusIs(StatusCode::kFailedPrecondition, HasSubstr("consent")));
  const v1::Step kept = j.Get(j.ib).steps(0);
  EXPECT_EQ(kept.owner_seat(), j.SeatOf(j.ib));
  EXPECT_THAT(kept.owner_changes(), SizeIs(0)) << "nothing half-written";
  EXPECT_OK(Reassign(j.ib, step, j.SeatOf(j.colleague))) << "of the school's own";
  EXPECT_OK(Reassign(j.consultant, step, j.SeatOf(j.mother))) << "about her child";
  EXPECT_OK(Reassign(j.mother, step, j.SeatOf(j.consultant))) << "on the other consent";
  j.Share({.recipient = "organisations/jgz", .compartments = {common::v1::COMPARTMENT_EDUCATION}});
  EXPECT_OK(Reassign(j.consultant, step, j.SeatOf(j.nurse))) << "once it is agreed again";
  EXPECT_EQ(j.Get(j.nurse).steps(0).name(), step) << "and there it is";
}

// R18: which consent is missing, was withdrawn or is over is not in the answer.
TEST_F(StepLifeTest, R18TheRefusalIsTheSameWhateverItIsThatDoesNotOpenTheLabel) {
  const std::string step = AgreedStep();
  ASSERT_OK(Withdraw(jgz_consent()));
  const absl::Status withdrawn = Reassign(j.ib, step, j.SeatOf(j.nurse)).status();
  EXPECT_EQ(base::ReasonOf(withdrawn), "R5_OWNER_WOULD_NOT_READ");
  j.office.professional("professionals/consultant")
      .mutable_functions(0)
      ->set_end_date("2026-11-22");
  EXPECT_EQ(Reassign(j.ib, step, j.SeatOf(j.consultant)).status(), withdrawn)
      << "no longer in function";
  j.office.professional("professionals/consultant").mutable_functions(0)->clear_end_date();
  j.Share({.recipient = "organisations/jgz", .compartments = {common::v1::COMPARTMENT_HEALTH}});
  EXPECT_EQ(Reassign(j.ib, step, j.SeatOf(j.nurse)).status(), withdrawn) << "of another part";
  ASSERT_OK(j.Sign(j.Propose({.recipient = "organisations/jgz",
                              .compartments = {common::v1::COMPARTMENT_EDUCATION}}),
                   j.mother));
  EXPECT_EQ(Reassign(j.ib, step, j.SeatOf(j.nurse)).status(), withdrawn) << "one of two signed";
}

TEST_F(StepLifeTest, R5R11AFollowUpGoesToWhoReadsTheLabelItWillHave) {
  const std::string step = AgreedStep();
  v1::FollowUpStepRequest req;
  req.set_name(step);
  *req.mutable_step() = Step(j.SeatOf(j.ib));
  // Nothing lies under this label yet.
  *req.mutable_step()->mutable_label() =
      j.About(common::v1::COMPARTMENT_FAMILY, common::v1::REGIME_MUNICIPAL);
  const auto follow = [&](const Caller& owner) {
    req.mutable_step()->set_owner_seat(j.SeatOf(owner));
    return j.office.Casework<v1::Step>("FollowUpStep", j.consultant, req);
  };
  EXPECT_EQ(Reason(follow(j.ib)), "R5_OWNER_WOULD_NOT_READ") << "the school does not read it";
  EXPECT_EQ(Reason(follow(j.nurse)), "R5_OWNER_WOULD_NOT_READ");
  EXPECT_THAT(j.Get(j.consultant).steps(), SizeIs(1)) << "nothing half-written";
  EXPECT_OK(follow(j.consultant)) << "the municipality's own";
  EXPECT_OK(follow(j.father));
  EXPECT_THAT(j.Get(j.father).steps(), SizeIs(3));
  EXPECT_THAT(j.Get(j.ib).steps(), SizeIs(1));
}

TEST_F(StepLifeTest, R5R11AStepIsCarriedOverForWhoStillSeesIt) {
  const std::string step = AgreedStep();
  ASSERT_OK(Reassign(j.ib, step, j.SeatOf(j.nurse)));
  ASSERT_OK(Withdraw(jgz_consent()));
  EXPECT_EQ(Reason(CarryOver(j.consultant, step, "2027-01-11")), "R5_OWNER_WOULD_NOT_READ");
  EXPECT_THAT(j.Get(j.ib).steps(0).carry_overs(), SizeIs(0)) << "nothing half-written";
  ASSERT_OK(Reassign(j.consultant, step, j.SeatOf(j.ib)));
  EXPECT_OK(CarryOver(j.consultant, step, "2027-01-11"));
}

TEST_F(StepLifeTest, R5AStepIsCarriedOverForWhoStillSitsAtTheTable) {
  const std::string step = AgreedStep();
  j.Seat(j.colleague);
  ASSERT_OK(Reassign(j.ib, step, j.SeatOf(j.colleague)));
  ASSERT_OK(EndSeat(j.ib, j.SeatOf(j.colleague)));
  EXPECT_EQ(Reason(CarryOver(j.consultant, step, "2027-01-11")), "R5_OWNER_NOT_AT_TABLE");
  ASSERT_OK(Reassign(j.consultant, step, j.SeatOf(j.ib)));
  EXPECT_OK(CarryOver(j.consultant, step, "2027-01-11"));
}

// R16, R18: from 16 the youth reads alone what is about them at school.
TEST_F(StepLifeTest, R16AParentIsNotGivenWhatTheYouthReadsAlone) {
  const std::string step = AgreedStep();
  ASSERT_OK(Reassign(j.ib, step, j.SeatOf(j.mother)));
  ASSERT_OK(Reassign(j.mother, step, j.SeatOf(j.ib)));
  j.office.clock().Set(base::StartOf(base::Date(2031, 3, 14)) + absl::Hours(9));
  EXPECT_EQ(Reason(Reassign(j.ib, step, j.SeatOf(j.mother))), "R5_OWNER_WOULD_NOT_READ");
}

TEST_F(StepLifeTest, R5ADroppedStepKeepsItsReasonAndIsOver) {
  const std::string step = AgreedStep();
  EXPECT_EQ(Reason(Drop(j.father, step)), "NOT_OWNER_OR_REGISSEUR");
  EXPECT_THAT(Drop(j.ib, step, ""), StatusIs(StatusCode::kInvalidArgument, _));
  const auto dropped = Drop(j.ib, step);
  ASSERT_OK(dropped);
  EXPECT_EQ(dropped->state(), v1::STEP_STATE_DROPPED);
  EXPECT_THAT(dropped->outcome(), HasSubstr("Niet meer nodig."));
  EXPECT_EQ(Reason(Drop(j.ib, step)), "R5_STEP_OVER");
  EXPECT_EQ(Reason(CarryOver(j.ib, step, "2027-01-11")), "R5_STEP_OVER");
}

TEST_F(StepLifeTest, R5AFamilyMemberWhoOwnsAStepDoesAllOfIt) {
  Start();
  j.Activate();
  v1::ConcludeMeetingRequest req = Conclusion(Plan().name());
  req.mutable_steps(0)->set_owner_seat(j.SeatOf(j.mother));
  const auto meeting = Conclude(req);
  ASSERT_OK(meeting);
  const std::string step = meeting->steps(0);
  EXPECT_OK(CarryOver(j.mother, step, "2027-01-11"));
  EXPECT_OK(Done(j.mother, step));
  EXPECT_OK(Evaluate(j.mother, step));
}

}  // namespace
}  // namespace knooppunt::casework
