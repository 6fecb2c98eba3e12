// Mandates and deputies through the handlers: decided by the real policy, stored and read back
// (R1, R6, R39).
#include "services/casework/service_testing.h"

namespace knooppunt::casework {
namespace {

using ::knooppunt::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class MandatesTest : public CaseworkServiceTest {
 protected:
  // The consultant's mandate for school social work; version 3.
  access::v1::Mandate& Mandate(int64_t limit_cents) {
    access::v1::Mandate* m = j.office.professional("professionals/consultant").add_mandates();
    m->set_name("professionals/consultant/mandates/m-1");
    m->set_organisation("organisations/maastricht");
    m->add_means(common::v1::MEANS_SCHOOL_SOCIAL_WORK);
    m->set_limit_cents(limit_cents);
    m->set_start_date("2026-01-01");
    m->set_version(3);
    return *m;
  }
  // A step that commits 900 euro of the municipality's. Returns its name.
  std::string Commit() {
    v1::ConcludeMeetingRequest req = Conclusion(Plan().name());
    v1::Commitment* c = req.mutable_steps(0)->mutable_commitment();
    c->set_means(common::v1::MEANS_SCHOOL_SOCIAL_WORK);
    c->set_amount_cents(90'000);
    c->set_committed_by("professionals/consultant");
    c->set_funding(common::v1::FUNDING_JEUGDWET);
    const auto meeting = Conclude(req);
    EXPECT_OK(meeting);
    return meeting->steps(0);
  }
  v1::Step StepNamed(const std::string& name) {
    const v1::Case seen = j.Get(j.ib);
    for (const v1::Step& s : seen.steps()) {
      if (s.name() == name) return s;
    }
    ADD_FAILURE() << "no such step";
    return {};
  }
  absl::StatusOr<v1::Step> Decide(const Caller& who, const std::string& step, bool bind,
                                  const std::string& reason = "") {
    v1::DecideStepRequest req;
    req.set_name(step);
    req.set_bind(bind);
    req.set_reason(reason);
    return j.office.Casework<v1::Step>("DecideStep", who, req);
  }
  absl::StatusOr<v1::Participant> Deputise(const Caller& by, const Caller& deputised,
                                           const Caller& deputy) {
    v1::ArrangeDeputyRequest req;
    req.set_name(j.case_name);
    req.set_seat(j.SeatOf(deputised));
    req.set_professional(deputy.claims.subject());
    req.set_end_date("2026-12-07");
    return j.office.Casework<v1::Participant>("ArrangeDeputy", by, req);
  }
  v1::Participant At(const v1::Case& seen, const std::string& seat) {
    for (const v1::Participant& p : seen.participants()) {
      if (p.seat() == seat) return p;
    }
    ADD_FAILURE() << "no such seat";
    return {};
  }
};

TEST_F(MandatesTest, R6ARevokedMandateLeavesWhatItBoundAndBindsNothingMore) {
  Start();
  j.Activate();
  Mandate(150'000);
  const std::string bound = Commit();
  EXPECT_EQ(StepNamed(bound).mandate(), "professionals/consultant/mandates/m-1@3");
  access::v1::Mandate* m = j.office.professional("professionals/consultant").mutable_mandates(0);
  m->set_end_date("2026-11-23");
  m->set_version(4);
  EXPECT_EQ(StepNamed(bound).state(), v1::STEP_STATE_BINDING);
  EXPECT_EQ(StepNamed(bound).mandate(), "professionals/consultant/mandates/m-1@3") << "frozen";
  EXPECT_EQ(StepNamed(Commit()).state(), v1::STEP_STATE_PROPOSED);
}

TEST_F(MandatesTest, R6AProposalIsBoundByTheParticipantOnceTheirMandateCoversIt) {
  Start();
  j.Activate();
  Mandate(50'000);
  const std::string step = Commit();
  EXPECT_EQ(StepNamed(step).state(), v1::STEP_STATE_PROPOSED);
  EXPECT_EQ(Reason(Decide(j.consultant, step, true)), "R6_MANDATE_DOES_NOT_COVER");
  EXPECT_EQ(Reason(Decide(j.nurse, step, true)), "R6_NOT_YOUR_MEANS");
  EXPECT_EQ(Reason(Decide(j.ib, step, false, "Nee.")), "R6_NOT_YOUR_MEANS");
  EXPECT_THAT(Decide(j.stranger, step, true), StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(Decide(j.mother, step, true), StatusIs(absl::StatusCode::kPermissionDenied));
  j.office.professional("professionals/consultant").clear_mandates();
  Mandate(90'000).set_version(7);
  ASSERT_OK_AND_ASSIGN(const v1::Step bound, Decide(j.consultant, step, true));
  EXPECT_EQ(bound.name(), step);
  EXPECT_EQ(bound.state(), v1::STEP_STATE_BINDING);
  const v1::Step seen = StepNamed(step);
  EXPECT_EQ(seen.mandate(), "professionals/consultant/mandates/m-1@7");
  EXPECT_THAT(seen.outcome(), HasSubstr("door Tom Smeets namens organisations/maastricht"));
  EXPECT_EQ(Reason(Decide(j.consultant, step, true)), "STEP_NOT_PROPOSED");
}

TEST_F(MandatesTest, R6ADeclinedProposalShowsWhoSaidNoAndWhy) {
  Start();
  j.Activate();
  const std::string step = Commit();
  EXPECT_EQ(Reason(Decide(j.consultant, step, false)), "INVALID_FIELD");
  ASSERT_OK(Decide(j.consultant, step, false, "Er is een wachtlijst."));
  EXPECT_EQ(StepNamed(step).state(), v1::STEP_STATE_DROPPED);
  EXPECT_THAT(StepNamed(step).outcome(), HasSubstr("Er is een wachtlijst."));
}

TEST_F(MandatesTest, R6NothingIsDecidedOnAClosedCase) {
  Start();
  j.Activate();
  const std::string step = Commit();
  v1::CloseCaseRequest close;
  close.set_name(j.case_name);
  close.set_outcome("Klaar.");
  close.set_kind(v1::CLOSE_KIND_GOALS_REACHED);
  *close.mutable_label() = j.Education();
  ASSERT_OK(j.office.Casework<v1::Case>("CloseCase", j.ib, close));
  EXPECT_EQ(Reason(Decide(j.consultant, step, false, "Nee.")), "CASE_CLOSED");
}

TEST_F(MandatesTest, R6EverybodyAtTheTableSeesWhatMandatesHold) {
  Start();
  j.Activate();
  Mandate(150'000);
  Mandate(10).set_end_date("2026-11-01");
  for (const Caller& who : {j.ib, j.nurse, j.mother}) {
    const v1::Participant p = At(j.Get(who), j.SeatOf(j.consultant));
    ASSERT_THAT(p.mandates(), SizeIs(1));
    EXPECT_EQ(p.mandates(0).limit_cents(), 150'000);
  }
  EXPECT_THAT(At(j.Get(j.ib), j.SeatOf(j.nurse)).mandates(), IsEmpty());
}

TEST_F(MandatesTest, R1EndOfEmploymentEndsTheSeatAndTheStandInShowsAsRegisseur) {
  Start();
  j.Activate();
  const std::string seat = j.SeatOf(j.consultant);
  EXPECT_EQ(j.Get(j.ib).regisseur().seat(), seat);
  j.office.professional("professionals/consultant")
      .mutable_functions(0)
      ->set_end_date("2026-11-23");
  const v1::Case seen = j.Get(j.ib);
  EXPECT_EQ(At(seen, seat).state(), access::v1::SEAT_STATE_ENDED);
  EXPECT_EQ(seen.regisseur().seat(), j.SeatOf(j.nurse));
  EXPECT_THAT(seen.regisseur().stand_in_seat(), IsEmpty());
  ASSERT_OK_AND_ASSIGN(
      const v1::ListCasesResponse list,
      j.office.Casework<v1::ListCasesResponse>("ListCases", j.ib, v1::ListCasesRequest()));
  EXPECT_EQ(list.cases(0).regisseur().seat(), j.SeatOf(j.nurse)) << "P4: lists agree";
  EXPECT_EQ(Reason(Appoint(seat, j.SeatOf(j.nurse))), "R1_NO_LONGER_EMPLOYED");
  EXPECT_OK(Appoint(j.SeatOf(j.ib), j.SeatOf(j.nurse)));
}

TEST_F(MandatesTest, R39ADeputyActsAndIsSeenByAllUntilThePeriodEnds) {
  Start();
  j.Activate();
  EXPECT_THAT(TryGet(j.stranger), StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_EQ(Reason(Deputise(j.nurse, j.consultant, j.stranger)), "NOT_YOURS_TO_DEPUTISE");
  EXPECT_EQ(Reason(Deputise(j.consultant, j.consultant, j.receiver)), "NOT_A_COLLEAGUE");
  EXPECT_THAT(Deputise(j.stranger, j.consultant, j.stranger),
              StatusIs(absl::StatusCode::kPermissionDenied));
  ASSERT_OK_AND_ASSIGN(const v1::Participant deputy,
                       Deputise(j.consultant, j.consultant, j.stranger));
  EXPECT_EQ(deputy.deputises(), j.SeatOf(j.consultant));
  for (const Caller& who : {j.ib, j.nurse, j.mother, j.stranger}) {
    const v1::Participant seen = At(j.Get(who), deputy.seat());
    EXPECT_EQ(seen.deputises(), j.SeatOf(j.consultant));
    EXPECT_EQ(seen.display_name(), "Vera Franssen");
    EXPECT_EQ(seen.end_time().seconds(),
              absl::ToUnixSeconds(base::StartOf(base::Date(2026, 12, 7))));
  }
  EXPECT_EQ(j.Get(j.ib).regisseur().seat(), j.SeatOf(j.consultant)) << "one regisseur (R1)";
  EXPECT_EQ(j.Get(j.stranger).contributions_size(), j.Get(j.consultant).contributions_size());
  j.office.clock().Advance(absl::Hours(24 * 14));
  EXPECT_THAT(TryGet(j.stranger), StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_EQ(At(j.Get(j.ib), deputy.seat()).state(), access::v1::SEAT_STATE_ENDED);
}

TEST_F(MandatesTest, R6R39ADeputyCommitsWithinTheirOwnMandateOnly) {
  Start();
  j.Activate();
  Mandate(150'000);
  ASSERT_OK(Deputise(j.ib, j.consultant, j.stranger));
  j.office.professional("professionals/consultant").clear_mandates();
  const std::string step = Commit();
  EXPECT_EQ(Reason(Decide(j.stranger, step, true)), "R6_MANDATE_DOES_NOT_COVER");
  access::v1::Mandate* m = j.office.professional("professionals/stranger").add_mandates();
  m->set_name("professionals/stranger/mandates/m-2");
  m->set_organisation("organisations/maastricht");
  m->add_means(common::v1::MEANS_SCHOOL_SOCIAL_WORK);
  m->set_limit_cents(90'000);
  m->set_start_date("2026-01-01");
  m->set_version(1);
  ASSERT_OK(Decide(j.stranger, step, true));
  EXPECT_EQ(StepNamed(step).mandate(), "professionals/stranger/mandates/m-2@1");
}

}  // namespace
}  // namespace knooppunt::casework
