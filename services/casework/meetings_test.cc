// Meetings and steps over a real database, decided by the real engine.

#include "absl/strings/str_cat.h"
#include "services/casework/service_testing.h"

namespace knooppunt::casework {
namespace {

using absl::StatusCode;
using ::knooppunt::testing::StatusIs;
using ::testing::_;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

// ---- Meetings ----

TEST_F(CaseworkServiceTest, R4NoMeetingConcludesWithoutParents) {
  Start();
  j.Activate();
  v1::ConcludeMeetingRequest req = Conclusion(Plan().name());
  req.mutable_attendances()->RemoveLast();
  EXPECT_EQ(Reason(Conclude(req)), "R4_NO_PARENT");
  req.set_parents_absent_reason("Moeder is ziek en vader in het buitenland.");
  EXPECT_EQ(Reason(Conclude(req)), "R4_NO_PARENT");
  req.set_parents_agreed(true);
  EXPECT_OK(Conclude(req));
}

TEST_F(CaseworkServiceTest, R5NoMeetingConcludesWithoutAStep) {
  Start();
  j.Activate();
  v1::ConcludeMeetingRequest req = Conclusion(Plan().name());
  req.clear_steps();
  EXPECT_EQ(Reason(Conclude(req)), "R5_NO_STEP");
  *req.add_steps() = Step("s-nobody");
  EXPECT_EQ(Reason(Conclude(req)), "R5_OWNER_NOT_AT_TABLE");
  *req.mutable_steps(0) = Step(j.SeatOf(j.ib));
  req.mutable_steps(0)->set_due_date("2026-11-22");
  EXPECT_EQ(Reason(Conclude(req)), "R5_DUE_TOO_EARLY");
  req.mutable_steps(0)->set_due_date("2026-02-30");
  EXPECT_EQ(Reason(Conclude(req)), "INVALID_FIELD");
  EXPECT_THAT(j.Get(j.ib).steps(), IsEmpty());
}

// R5, R11: all of it is refused, before anything of it is written.
TEST_F(CaseworkServiceTest, R5R11NoMeetingAgreesAStepForWhoWouldNotSeeIt) {
  Start();
  j.Share({.recipient = "organisations/maastricht",
           .compartments = {common::v1::COMPARTMENT_EDUCATION}});
  j.Share({.recipient = "organisations/jgz", .compartments = {common::v1::COMPARTMENT_HEALTH}});
  const std::string nurse = j.Seat(j.nurse);
  v1::AppointRegisseurRequest appoint;
  appoint.set_name(j.case_name);
  appoint.set_stand_in_seat(j.SeatOf(j.ib));
  appoint.set_seat(j.Seat(j.consultant));
  ASSERT_OK(j.office.Casework<v1::Regisseur>("AppointRegisseur", j.ib, appoint));
  v1::ConcludeMeetingRequest req = Conclusion(Plan().name());
  *req.add_steps() = Step(nurse);
  EXPECT_EQ(Reason(Conclude(req)), "R5_OWNER_WOULD_NOT_READ")
      << "what the school records is not shared with the JGZ";
  EXPECT_THAT(j.Get(j.ib).steps(), IsEmpty());
  EXPECT_EQ(j.Get(j.ib).meetings(0).state(), v1::MEETING_STATE_PLANNED);
  req.mutable_steps(1)->set_owner_seat(j.SeatOf(j.father));
  *req.add_steps() = Step(j.SeatOf(j.consultant));
  ASSERT_OK(Conclude(req));
  for (const Caller& who : {j.ib, j.father, j.consultant}) {
    EXPECT_THAT(j.Get(who).steps(), SizeIs(3));
  }
}

TEST_F(CaseworkServiceTest, R6BindingWithinTheMandateAndAProposalBeyond) {
  Start();
  j.Activate();
  access::v1::Mandate* m = j.office.professional("professionals/consultant").add_mandates();
  m->set_name("professionals/consultant/mandates/m-1");
  m->set_organisation("organisations/maastricht");
  m->add_means(common::v1::MEANS_SCHOOL_SOCIAL_WORK);
  m->set_limit_cents(150'000);
  m->set_start_date("2026-01-01");
  m->set_version(3);
  v1::ConcludeMeetingRequest req = Conclusion(Plan().name());
  req.clear_steps();
  for (const int64_t amount : {90'000, 480'000}) {
    v1::NewStep step = Step(j.SeatOf(j.consultant));
    step.mutable_commitment()->set_means(common::v1::MEANS_SCHOOL_SOCIAL_WORK);
    step.mutable_commitment()->set_amount_cents(amount);
    step.mutable_commitment()->set_committed_by("professionals/consultant");
    step.mutable_commitment()->set_funding(common::v1::FUNDING_JEUGDWET);
    *req.add_steps() = Step(j.SeatOf(j.ib));
    *req.add_steps() = step;
  }
  ASSERT_OK_AND_ASSIGN(const v1::Meeting meeting, Conclude(req));
  ASSERT_THAT(meeting.steps(), SizeIs(4));
  const v1::Case seen = j.Get(j.ib);
  ASSERT_THAT(seen.steps(), SizeIs(4));
  EXPECT_EQ(seen.steps(0).state(), v1::STEP_STATE_BINDING);
  EXPECT_THAT(seen.steps(0).mandate(), IsEmpty());
  EXPECT_EQ(seen.steps(1).state(), v1::STEP_STATE_BINDING);
  EXPECT_EQ(seen.steps(1).mandate(), "professionals/consultant/mandates/m-1@3");
  EXPECT_EQ(seen.steps(3).state(), v1::STEP_STATE_PROPOSED);
  EXPECT_EQ(seen.steps(3).proposal_reason(),
            "Het bedrag gaat boven het mandaat (hoogstens 1.500,00 euro per afspraak). De "
            "organisatie beslist.");
  EXPECT_EQ(seen.steps(3).origin(), meeting.name());
}

TEST_F(CaseworkServiceTest, R7WhoWasAbsentGetsTheOutcomeAndConfirmsIt) {
  Start();
  j.Activate();
  ASSERT_OK_AND_ASSIGN(const v1::Meeting meeting, Conclude(Conclusion(Plan().name())));
  std::vector<std::string> waiting;
  for (const v1::Feedback& f : meeting.feedback()) waiting.push_back(f.seat());
  EXPECT_THAT(waiting, UnorderedElementsAre(j.SeatOf(j.nurse), j.SeatOf(j.consultant)));
  v1::ConfirmOutcomeRequest req;
  req.set_name(meeting.name());
  ASSERT_OK_AND_ASSIGN(const v1::Meeting confirmed,
                       j.office.Casework<v1::Meeting>("ConfirmOutcome", j.nurse, req));
  int confirmations = 0;
  for (const v1::Feedback& f : confirmed.feedback()) {
    if (f.has_confirm_time()) {
      ++confirmations;
      EXPECT_EQ(f.seat(), j.SeatOf(j.nurse));
    }
  }
  EXPECT_EQ(confirmations, 1);
  EXPECT_EQ(Reason(j.office.Casework<v1::Meeting>("ConfirmOutcome", j.nurse, req)),
            "R7_ALREADY_CONFIRMED");
  EXPECT_EQ(Reason(j.office.Casework<v1::Meeting>("ConfirmOutcome", j.ib, req)), "R7_NO_FEEDBACK");
}

TEST_F(CaseworkServiceTest, AMeetingConcludesOnceAndNotAheadOfItsDay) {
  Start();
  const v1::Meeting planned = Plan();
  EXPECT_EQ(Reason(Conclude(Conclusion(planned.name()))), "CASE_NOT_ACTIVE");
  j.Activate();
  EXPECT_EQ(Reason(Conclude(Conclusion(Plan("2026-11-24").name()))), "MEETING_NOT_YET_HELD");
  ASSERT_OK(Conclude(Conclusion(planned.name())));
  EXPECT_EQ(Reason(Conclude(Conclusion(planned.name()))), "MEETING_CONCLUDED");
  v1::PlanMeetingRequest early;
  early.set_parent(j.case_name);
  early.set_date("2026-11-22");
  *early.mutable_label() = j.Education();
  EXPECT_EQ(Reason(j.office.Casework<v1::Meeting>("PlanMeeting", j.ib, early)),
            "MEETING_BEFORE_CASE");
}

// ---- Steps ----

TEST_F(CaseworkServiceTest, AStepIsDoneByItsOwnerOrTheRegisseurOnce) {
  v1::CompleteStepRequest req;
  req.set_name(AgreedStep());
  req.set_outcome("Drie avonden gelukt.");
  EXPECT_EQ(Reason(j.office.Casework<v1::Step>("CompleteStep", j.mother, req)),
            "NOT_OWNER_OR_REGISSEUR");
  ASSERT_OK_AND_ASSIGN(const v1::Step done,
                       j.office.Casework<v1::Step>("CompleteStep", j.consultant, req));
  EXPECT_EQ(done.state(), v1::STEP_STATE_DONE);
  EXPECT_EQ(Reason(j.office.Casework<v1::Step>("CompleteStep", j.ib, req)), "STEP_NOT_BINDING");
  EXPECT_EQ(j.Get(j.mother).steps(0).outcome(), "Drie avonden gelukt.");
}

TEST_F(CaseworkServiceTest, AFollowUpPointsToTheStepItFollows) {
  const std::string step = AgreedStep();
  v1::FollowUpStepRequest req;
  req.set_name(step);
  *req.mutable_step() = Step(j.SeatOf(j.mother));
  ASSERT_OK_AND_ASSIGN(const v1::Step next, j.office.Casework<v1::Step>("FollowUpStep", j.ib, req));
  EXPECT_EQ(next.origin(), step);
  EXPECT_EQ(next.state(), v1::STEP_STATE_BINDING);
  EXPECT_THAT(j.Get(j.ib).steps(), SizeIs(2));
}

TEST_F(CaseworkServiceTest, R9DissentStaysNextToTheStepInTheirOwnWords) {
  v1::ReactToStepRequest req;
  req.set_name(AgreedStep());
  EXPECT_EQ(Reason(j.office.Casework<v1::Step>("ReactToStep", j.father, req)),
            "R9_DISPUTE_NEEDS_TEXT");
  req.set_text("Dat was niet wat we afspraken.");
  ASSERT_OK(j.office.Casework<v1::Step>("ReactToStep", j.father, req));
  req.set_confirmed(true);
  req.set_text("Na uitleg akkoord.");
  ASSERT_OK(j.office.Casework<v1::Step>("ReactToStep", j.father, req));
  const v1::Step seen = j.Get(j.ib).steps(0);
  ASSERT_THAT(seen.reactions(), SizeIs(2));
  EXPECT_EQ(seen.reactions(0).seat(), j.SeatOf(j.father));
  EXPECT_FALSE(seen.reactions(0).confirmed());
  EXPECT_EQ(seen.reactions(0).text(), "Dat was niet wat we afspraken.");
}

TEST_F(CaseworkServiceTest, R18AStepThatIsNotOpenedDoesNotExist) {
  AgreedStep();
  v1::CompleteStepRequest req;
  req.set_name(absl::StrCat(j.case_name, "/steps/step-nope"));
  req.set_outcome("Klaar.");
  const auto missing = j.office.Casework<v1::Step>("CompleteStep", j.ib, req);
  req.set_name(j.Get(j.ib).steps(0).name());
  j.office.tamper = [](access::v1::Decision* d) { d->mutable_permit()->clear_scopes(); };
  const auto closed = j.office.Casework<v1::Step>("CompleteStep", j.ib, req);
  EXPECT_EQ(missing.status(), closed.status());
  EXPECT_THAT(closed, StatusIs(StatusCode::kNotFound, _));
}

}  // namespace
}  // namespace knooppunt::casework
