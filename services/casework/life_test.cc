// The life of a case: its reason in two voices, phases, reviews, how it ends, and whoever is
// regisseur doing what a regisseur does (R1, R2); over a real database, by the real engine.
#include "services/casework/service_testing.h"

namespace knooppunt::casework {
namespace {

using absl::StatusCode;
using ::knooppunt::testing::StatusIs;
using ::testing::_;
using ::testing::SizeIs;

class LifeTest : public CaseworkServiceTest {
 protected:
  absl::StatusOr<v1::Case> Move(const Caller& who, access::v1::CasePhase phase) {
    v1::MovePhaseRequest req;
    req.set_name(j.case_name);
    req.set_phase(phase);
    return j.office.Casework<v1::Case>("MovePhase", who, req);
  }
  absl::StatusOr<v1::Case> Review(const Caller& who, const std::string& date) {
    v1::SetReviewRequest req;
    req.set_name(j.case_name);
    req.set_review_date(date);
    return j.office.Casework<v1::Case>("SetReview", who, req);
  }
  absl::StatusOr<v1::Case> Close(const Caller& who, v1::CloseKind kind) {
    v1::CloseCaseRequest req;
    req.set_name(j.case_name);
    req.set_kind(kind);
    req.set_outcome("Het gaat weer goed met slapen en rekenen.");
    *req.mutable_label() = j.Education();
    return j.office.Casework<v1::Case>("CloseCase", who, req);
  }
  // All that a regisseur does between being appointed and closing the case.
  void LeadsTheCase(const Caller& who) {
    EXPECT_OK(Move(who, access::v1::CASE_PHASE_INTERPRET));
    EXPECT_OK(Review(who, "2027-01-15"));
    EXPECT_OK(j.office.Casework<v1::Participant>("InviteParticipant", who, Invitation(j.stranger)));
    EXPECT_OK(j.office.Casework<v1::Participant>("EndSeat", who, [&] {
      v1::EndSeatRequest req;
      req.set_name(j.case_name);
      req.set_seat(j.SeatOf(j.stranger));
      return req;
    }()));
    v1::PlanMeetingRequest plan;
    plan.set_parent(j.case_name);
    plan.set_date("2026-11-23");
    *plan.mutable_label() = j.Education();
    const auto meeting = j.office.Casework<v1::Meeting>("PlanMeeting", who, plan);
    ASSERT_OK(meeting);
    // Of their own: what the JGZ records the school does not read without consent (R11).
    v1::ConcludeMeetingRequest conclude = Conclusion(meeting->name());
    conclude.mutable_steps(0)->set_owner_seat(j.SeatOf(who));
    EXPECT_OK(j.office.Casework<v1::Meeting>("ConcludeMeeting", who, conclude));
    EXPECT_OK(Close(who, v1::CLOSE_KIND_GOALS_REACHED));
  }
};

TEST_F(LifeTest, R1AReasonInTwoVoicesEachReadByItsOwnLabel) {
  v1::OpenCaseRequest req = j.OpenRequest();
  req.set_family_reason("Sem is moe en wij weten niet meer wat helpt.");
  const auto opened = j.office.Casework<v1::Case>("OpenCase", j.ib, req);
  ASSERT_OK(opened);
  EXPECT_EQ(opened->family_reason(), "Sem is moe en wij weten niet meer wat helpt.");
  j.case_name = opened->name();
  j.family = j.case_name.substr(9, j.case_name.find("/cases/") - 9);
  const auto& persons = j.office.facts(j.family).persons();
  j.child = persons[0].id();
  j.mother_id = persons[2].id();
  j.father_id = persons[3].id();
  j.Share({.recipient = "organisations/jgz", .compartments = {common::v1::COMPARTMENT_EDUCATION}});
  j.Seat(j.nurse);
  const v1::Case of_nurse = j.Get(j.nurse);
  EXPECT_EQ(of_nurse.reason(), req.reason()) << "what the school says of the child is shared";
  EXPECT_EQ(of_nurse.family_reason(), "") << "what the family says of itself is not";
  const v1::Case of_mother = j.Get(j.mother);
  EXPECT_EQ(of_mother.reason(), req.reason());
  EXPECT_EQ(of_mother.family_reason(), req.family_reason());
}

TEST_F(LifeTest, R1TheFamilysWordsAreTextLikeAnyOther) {
  v1::OpenCaseRequest req = j.OpenRequest();
  req.set_family_reason("moe\xe2\x80\xae");
  EXPECT_THAT(j.office.Casework<v1::Case>("OpenCase", j.ib, req),
              StatusIs(StatusCode::kInvalidArgument, _));
}

TEST_F(LifeTest, R1ACaseGoesThroughItsPhasesAndEverybodyAtTheTableSeesWhich) {
  Start();
  EXPECT_EQ(j.Get(j.mother).phase(), access::v1::CASE_PHASE_SIGNAL);
  EXPECT_OK(Move(j.ib, access::v1::CASE_PHASE_INTERPRET));
  EXPECT_EQ(Reason(Move(j.ib, access::v1::CASE_PHASE_PLAN)), "CASE_NOT_ACTIVE");
  j.Activate();
  const auto planned = Move(j.consultant, access::v1::CASE_PHASE_PLAN);
  ASSERT_OK(planned);
  EXPECT_EQ(planned->phase(), access::v1::CASE_PHASE_PLAN);
  EXPECT_THAT(planned->persons(), SizeIs(0)) << "the answer is the BASIC view";
  EXPECT_EQ(Reason(Move(j.consultant, access::v1::CASE_PHASE_AFTERCARE)), "FORBIDDEN_PHASE");
  EXPECT_EQ(j.Get(j.mother).phase(), access::v1::CASE_PHASE_PLAN);
  EXPECT_EQ(j.Get(j.nurse).phase(), access::v1::CASE_PHASE_PLAN);
  EXPECT_THAT(Move(j.nurse, access::v1::CASE_PHASE_ACT),
              StatusIs(StatusCode::kPermissionDenied, "no-seat"));
  EXPECT_THAT(Move(j.mother, access::v1::CASE_PHASE_ACT),
              StatusIs(StatusCode::kPermissionDenied, "no-rule-for-family"));
}

TEST_F(LifeTest, R1AnActiveCaseHasAReviewAndAClosedOneHasNone) {
  Start();
  EXPECT_EQ(j.Get(j.ib).review_date(), "");
  EXPECT_EQ(Reason(Review(j.ib, "2027-01-15")), "CASE_NOT_ACTIVE");
  j.Activate();
  EXPECT_EQ(j.Get(j.ib).review_date(), "2027-05-24") << "half a year from the appointment";
  ASSERT_OK(Review(j.consultant, "2027-01-15"));
  EXPECT_EQ(j.Get(j.mother).review_date(), "2027-01-15");
  const std::string seat = j.SeatOf(j.nurse);
  ASSERT_OK(Appoint(seat, j.SeatOf(j.consultant)));
  EXPECT_EQ(j.Get(j.ib).review_date(), "2027-01-15") << "another regisseur, the same appointment";
  ASSERT_OK(Close(j.ib, v1::CLOSE_KIND_OTHER_HELP));
  EXPECT_EQ(j.Get(j.ib).review_date(), "");
}

TEST_F(LifeTest, R1AClosingSaysHowItEndedAndAReopeningBeginsAnew) {
  Start();
  j.Activate();
  v1::CloseCaseRequest without;
  without.set_name(j.case_name);
  without.set_outcome("Klaar.");
  *without.mutable_label() = j.Education();
  EXPECT_THAT(j.office.Casework<v1::Case>("CloseCase", j.ib, without),
              StatusIs(StatusCode::kInvalidArgument, _));
  ASSERT_OK(Close(j.ib, v1::CLOSE_KIND_GOALS_REACHED));
  EXPECT_EQ(j.Get(j.ib).close_kind(), v1::CLOSE_KIND_GOALS_REACHED);
  v1::ReopenCaseRequest reopen;
  reopen.set_name(j.case_name);
  reopen.set_reason("Er is een nieuwe vraag.");
  reopen.set_seat(j.SeatOf(j.consultant));
  reopen.set_stand_in_seat(j.SeatOf(j.nurse));
  *reopen.mutable_label() = j.Education();
  ASSERT_OK(j.office.Casework<v1::Case>("ReopenCase", j.ib, reopen));
  const v1::Case again = j.Get(j.ib);
  EXPECT_EQ(again.close_kind(), v1::CLOSE_KIND_UNSPECIFIED);
  EXPECT_EQ(again.phase(), access::v1::CASE_PHASE_INTERPRET);
  EXPECT_EQ(again.review_date(), "2027-05-24");
}

TEST_F(LifeTest, R2AParentWhoIsRegisseurDoesAllThatARegisseurDoes) {
  Start();
  j.Activate();
  EXPECT_THAT(Review(j.mother, "2027-01-15"),
              StatusIs(StatusCode::kPermissionDenied, "no-rule-for-family"));
  ASSERT_OK(Appoint(j.SeatOf(j.mother), j.SeatOf(j.consultant)));
  EXPECT_THAT(Review(j.father, "2027-01-15"),
              StatusIs(StatusCode::kPermissionDenied, "no-rule-for-family"))
      << "the other parent is not regisseur";
  LeadsTheCase(j.mother);
}

TEST_F(LifeTest, R2AParentWhoIsReplacedLeadsNoMore) {
  Start();
  j.Activate();
  ASSERT_OK(Appoint(j.SeatOf(j.mother), j.SeatOf(j.consultant)));
  v1::AppointRegisseurRequest next;
  next.set_name(j.case_name);
  next.set_seat(j.SeatOf(j.consultant));
  next.set_stand_in_seat(j.SeatOf(j.nurse));
  EXPECT_OK(j.office.Casework<v1::Regisseur>("AppointRegisseur", j.mother, next))
      << "a regisseur hands the seat on";
  EXPECT_THAT(Review(j.mother, "2027-01-15"),
              StatusIs(StatusCode::kPermissionDenied, "no-rule-for-family"));
  EXPECT_OK(Review(j.consultant, "2027-01-15"));
}

TEST_F(LifeTest, R1SomebodyOfTheJgzWhoIsRegisseurDoesAllThatARegisseurDoes) {
  Start();
  j.Activate();
  EXPECT_THAT(Review(j.nurse, "2027-01-15"), StatusIs(StatusCode::kPermissionDenied, "no-seat"));
  ASSERT_OK(Appoint(j.SeatOf(j.nurse), j.SeatOf(j.consultant)));
  LeadsTheCase(j.nurse);
}

// ---- As it was read (AIP-154) ----

TEST_F(LifeTest, AnActOnTheCaseThatWasReadBeforeSomebodyChangedItIsAborted) {
  j.Open();
  j.Activate();
  const std::string read = j.Get(j.ib).etag();
  const auto refused = [&](const absl::Status& s) {
    EXPECT_THAT(s, StatusIs(StatusCode::kAborted, _));
    EXPECT_EQ(base::ReasonOf(s), "STALE_ETAG");
  };
  v1::MovePhaseRequest move;
  move.set_name(j.case_name);
  move.set_phase(access::v1::CASE_PHASE_INTERPRET);
  move.set_etag(read);
  const auto moved = j.office.Casework<v1::Case>("MovePhase", j.ib, move);
  ASSERT_OK(moved);
  move.set_phase(access::v1::CASE_PHASE_SIGNAL);
  refused(j.office.Casework<v1::Case>("MovePhase", j.ib, move).status());
  v1::SetReviewRequest review;
  review.set_name(j.case_name);
  review.set_review_date("2027-01-15");
  review.set_etag(read);
  refused(j.office.Casework<v1::Case>("SetReview", j.ib, review).status());
  // With what the act answered, or with none, it goes on.
  review.set_etag(moved->etag());
  ASSERT_OK(j.office.Casework<v1::Case>("SetReview", j.ib, review));
  v1::AppointRegisseurRequest appoint;
  appoint.set_name(j.case_name);
  appoint.set_seat(j.SeatOf(j.nurse));
  appoint.set_stand_in_seat(j.SeatOf(j.ib));
  appoint.set_reason("Zij kent het gezin het best.");
  appoint.set_etag(moved->etag());
  refused(j.office.Casework<v1::Regisseur>("AppointRegisseur", j.ib, appoint).status());
  appoint.set_etag(j.Get(j.ib).etag());
  ASSERT_OK(j.office.Casework<v1::Regisseur>("AppointRegisseur", j.ib, appoint));
  v1::CloseCaseRequest close;
  close.set_name(j.case_name);
  close.set_kind(v1::CLOSE_KIND_GOALS_REACHED);
  close.set_outcome("Het gaat weer goed.");
  *close.mutable_label() = j.Education();
  close.set_etag(appoint.etag());
  refused(j.office.Casework<v1::Case>("CloseCase", j.ib, close).status());
  close.set_etag(j.Get(j.ib).etag());
  const auto closed = j.office.Casework<v1::Case>("CloseCase", j.ib, close);
  ASSERT_OK(closed);
  v1::ReopenCaseRequest reopen;
  reopen.set_name(j.case_name);
  reopen.set_reason("Er is een nieuwe vraag.");
  reopen.set_seat(j.SeatOf(j.nurse));
  reopen.set_stand_in_seat(j.SeatOf(j.ib));
  *reopen.mutable_label() = j.Education();
  reopen.set_etag(close.etag());
  refused(j.office.Casework<v1::Case>("ReopenCase", j.ib, reopen).status());
  reopen.set_etag(closed->etag());
  EXPECT_OK(j.office.Casework<v1::Case>("ReopenCase", j.ib, reopen));
}

TEST_F(LifeTest, R18WhatIsWrittenUnseenIsNoReasonToAbort) {
  j.Open();
  j.Activate();
  const std::string read = j.Get(j.nurse).etag();
  v1::AddContributionRequest add;
  add.set_parent(j.case_name);
  add.mutable_contribution()->set_text("Alleen voor de school.");
  *add.mutable_contribution()->mutable_label() =
      j.About(common::v1::COMPARTMENT_FAMILY, common::v1::REGIME_MUNICIPAL);
  ASSERT_OK(j.office.Casework<v1::Contribution>("AddContribution", j.consultant, add));
  EXPECT_EQ(j.Get(j.nurse).etag(), read) << "she does not see it";
  *add.mutable_contribution()->mutable_label() = j.Education();
  ASSERT_OK(j.office.Casework<v1::Contribution>("AddContribution", j.ib, add));
  const std::string now = j.Get(j.nurse).etag();
  EXPECT_NE(now, read) << "this she does";
  EXPECT_EQ(now.substr(0, now.find('.')), read.substr(0, read.find('.')));
  v1::MovePhaseRequest move;
  move.set_name(j.case_name);
  move.set_phase(access::v1::CASE_PHASE_INTERPRET);
  move.set_etag(j.Get(j.ib).etag());
  ASSERT_OK(j.office.Casework<v1::Contribution>("AddContribution", j.ib, add));
  EXPECT_OK(j.office.Casework<v1::Case>("MovePhase", j.ib, move));
}

}  // namespace
}  // namespace knooppunt::casework
