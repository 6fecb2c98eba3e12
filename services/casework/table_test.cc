// The table over a real database, decided by the real engine: inviting, joining, leading, leaving.

#include "base/date.h"
#include "services/casework/service_testing.h"

namespace knooppunt::casework {
namespace {

using absl::StatusCode;
using ::knooppunt::testing::StatusIs;
using ::testing::_;
using ::testing::SizeIs;

// ---- The table ----

TEST_F(CaseworkServiceTest, R8InvitingChecksTheDirectoryAndThePeriod) {
  Start();
  v1::InviteParticipantRequest req = Invitation(j.nurse);
  req.set_function(common::v1::FUNCTION_JGZ_DOCTOR);
  EXPECT_EQ(Reason(Invite(req)), "FUNCTION_NOT_HELD");
  req = Invitation(j.nurse);
  req.set_professional("professionals/nobody");
  EXPECT_EQ(Reason(Invite(req)), "UNKNOWN_PROFESSIONAL");
  req = Invitation(j.nurse);
  req.set_role(access::v1::SEAT_ROLE_RECEIVER);
  EXPECT_EQ(Reason(Invite(req)), "ROLE_NOT_BY_INVITATION");
  req.set_role(access::v1::SEAT_ROLE_AD_HOC);
  EXPECT_EQ(Reason(Invite(req)), "R8_PERIOD_REQUIRED");
  req.set_end_date("2026-11-23");
  EXPECT_EQ(Reason(Invite(req)), "R8_PERIOD_REQUIRED");
  req.set_end_date("2026-12-24");
  EXPECT_OK(Invite(req));
  EXPECT_EQ(Reason(Invite(req)), "ALREADY_AT_TABLE");
}

TEST_F(CaseworkServiceTest, R8AnAdHocSeatLeavesByItself) {
  Start();
  v1::InviteParticipantRequest req = Invitation(j.nurse);
  req.set_role(access::v1::SEAT_ROLE_AD_HOC);
  req.set_end_date("2026-12-24");
  ASSERT_OK(Invite(req));
  j.Share({.recipient = "organisations/jgz", .compartments = {common::v1::COMPARTMENT_EDUCATION}});
  v1::JoinCaseRequest join;
  join.set_name(j.case_name);
  ASSERT_OK(j.office.Casework<v1::Participant>("JoinCase", j.nurse, join));
  EXPECT_OK(TryGet(j.nurse));
  j.office.clock().Set(base::StartOf(base::Date(2026, 12, 24)));
  EXPECT_THAT(TryGet(j.nurse), StatusIs(StatusCode::kPermissionDenied, "no-seat"));
}

TEST_F(CaseworkServiceTest, R12JoiningWaitsForConsentAndHappensOnce) {
  Start();
  j.Invite(j.nurse);
  v1::JoinCaseRequest req;
  req.set_name(j.case_name);
  EXPECT_THAT(j.office.Casework<v1::Participant>("JoinCase", j.nurse, req),
              StatusIs(StatusCode::kPermissionDenied, "no-sharing"));
  j.Share({.recipient = "organisations/jgz", .compartments = {common::v1::COMPARTMENT_EDUCATION}});
  ASSERT_OK_AND_ASSIGN(const v1::Participant joined,
                       j.office.Casework<v1::Participant>("JoinCase", j.nurse, req));
  EXPECT_EQ(joined.state(), access::v1::SEAT_STATE_JOINED);
  EXPECT_THAT(j.office.Casework<v1::Participant>("JoinCase", j.nurse, req),
              StatusIs(StatusCode::kPermissionDenied, "no-seat"));
}

TEST_F(CaseworkServiceTest, R1AppointingIsOneActAndActivatesTheCase) {
  Start();
  j.Activate();
  EXPECT_EQ(j.office.case_fact(j.case_name).state(), access::v1::CASE_STATE_ACTIVE);
  EXPECT_EQ(j.Get(j.ib).regisseur().seat(), j.SeatOf(j.consultant));
  j.office.clock().Advance(absl::Hours(1));
  ASSERT_OK(Appoint(j.SeatOf(j.ib), j.SeatOf(j.consultant)));
  const access::v1::CaseFact& c = j.office.case_fact(j.case_name);
  ASSERT_THAT(c.terms(), SizeIs(2));
  EXPECT_EQ(c.terms(0).end_time(), c.terms(1).start_time());
  EXPECT_EQ(c.terms(1).end_time(), 0);
}

TEST_F(CaseworkServiceTest, R2AFamilyMemberLeadsWithAProfessionalBehindThem) {
  Start();
  j.Activate();
  EXPECT_OK(Appoint(j.SeatOf(j.mother), j.SeatOf(j.consultant)));
  EXPECT_EQ(Reason(Appoint(j.SeatOf(j.consultant), j.SeatOf(j.mother))),
            "R2_STAND_IN_NOT_PROFESSIONAL");
  EXPECT_EQ(Reason(Appoint(j.SeatOf(j.consultant), j.SeatOf(j.consultant))),
            "R1_STAND_IN_IS_REGISSEUR");
  EXPECT_EQ(Reason(Appoint(j.SeatOf(j.consultant), "s-nobody")), "SEAT_NOT_JOINED");
}

TEST_F(CaseworkServiceTest, R1WhenTheRegisseurLeavesTheStandInLeadsFromThatInstant) {
  Start();
  j.Activate();
  j.office.clock().Advance(absl::Hours(1));
  ASSERT_OK(EndSeat(j.consultant, j.SeatOf(j.consultant)));
  const access::v1::CaseFact& c = j.office.case_fact(j.case_name);
  ASSERT_THAT(c.terms(), SizeIs(2));
  EXPECT_EQ(c.terms(0).end_time(), c.terms(1).start_time());
  EXPECT_EQ(c.terms(1).seat(), j.SeatOf(j.nurse));
  EXPECT_EQ(c.terms(1).reason(), "STAND_IN");
  EXPECT_EQ(j.Get(j.ib).regisseur().seat(), j.SeatOf(j.nurse));
  // And they cannot leave before somebody else has been named.
  EXPECT_EQ(Reason(EndSeat(j.ib, j.SeatOf(j.nurse))), "R1_NAME_STAND_IN_FIRST");
}

TEST_F(CaseworkServiceTest, R1TheStandInDoesNotLeaveBeforeAnotherIsNamed) {
  Start();
  j.Activate();
  EXPECT_EQ(Reason(EndSeat(j.ib, j.SeatOf(j.nurse))), "R1_NAME_STAND_IN_FIRST");
  ASSERT_OK(Appoint(j.SeatOf(j.consultant), j.SeatOf(j.ib)));
  EXPECT_OK(EndSeat(j.ib, j.SeatOf(j.nurse)));
  EXPECT_THAT(TryGet(j.nurse), StatusIs(StatusCode::kPermissionDenied, "no-seat"));
}

TEST_F(CaseworkServiceTest, R27TheWerkplaatsKeepsASeat) {
  Start();
  EXPECT_EQ(Reason(EndSeat(j.ib, j.SeatOf(j.ib))), "R27_WERKPLAATS_LEFT");
  EXPECT_EQ(Reason(EndSeat(j.ib, j.SeatOf(j.mother))), "R4_FAMILY_SEAT_STAYS");
  EXPECT_THAT(EndSeat(j.ib, "s-nobody"), StatusIs(StatusCode::kNotFound, _));
}

}  // namespace
}  // namespace knooppunt::casework
