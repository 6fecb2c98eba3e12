// Who logged out, or is no longer employed, is served nothing from that instant, by any unit (R17,
// P3).
#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "knooppunt/access/v1/access.pb.h"
#include "knooppunt/audit/v1/audit.pb.h"
#include "knooppunt/directory/v1/directory.pb.h"
#include "tests/integration/region_testing.h"

namespace knooppunt::integration {
namespace {

constexpr char kEndSession[] = "access.v1.AccessService/EndSession";

auto SessionEnded() { return Fails(absl::StatusCode::kUnauthenticated, "SESSION_ENDED"); }

class SessionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(region_.Start());
    region_.Furnish();
  }
  static Caller In(Caller who, const char* session) {
    who.claims.set_session(session);
    return who;
  }
  absl::Status End(const Caller& who) {
    access::v1::EndSessionRequest request;
    access::v1::EndSessionResponse response;
    return region_.Call(who, kEndSession, request, &response);
  }
  absl::Status ListOrganisations(const Caller& who) {
    directory::v1::ListOrganisationsRequest request;
    directory::v1::ListOrganisationsResponse response;
    return region_.Call(who, "directory.v1.DirectoryService/ListOrganisations", request, &response);
  }
  absl::Status ListCases(const Caller& who) {
    casework::v1::ListCasesRequest request;
    casework::v1::ListCasesResponse response;
    return region_.Call(who, "casework.v1.CaseworkService/ListCases", request, &response);
  }
  absl::Status EndEmployment(const Caller& who) {
    directory::v1::EndEmploymentRequest request;
    directory::v1::Professional response;
    request.set_name(who.claims.subject());
    request.set_organisation(who.claims.organisation());
    request.set_end_date(region_.Day(0));
    Caller by = region_.admin;
    by.purpose = common::v1::PURPOSE_ADMINISTRATION;
    return region_.Call(by, "directory.v1.DirectoryService/EndEmployment", request, &response);
  }

  Region region_;
};

TEST_F(SessionTest, R17LogoutEndsEveryTokenOfTheSessionInEveryUnit) {
  const Caller here = In(region_.ib, "s-here");
  const Caller there = In(region_.ib, "s-there");
  EXPECT_OK(region_.GetCase(here));
  EXPECT_OK(End(here));
  EXPECT_THAT(region_.GetCase(here).status(), SessionEnded());  // a read
  EXPECT_THAT(ListCases(here), SessionEnded());                 // a list
  EXPECT_THAT(ListOrganisations(here), SessionEnded());         // another unit
  EXPECT_THAT(End(here), SessionEnded());                       // access itself
  casework::v1::Contribution response;
  EXPECT_THAT(region_.Call(here, "casework.v1.CaseworkService/AddContribution",
                           region_.Note("na afmelden"), &response),
              SessionEnded());  // a change
  EXPECT_EQ(region_.Notes().size(), 0u);
  // Another login of the same person goes on.
  EXPECT_OK(region_.GetCase(there));
}

TEST_F(SessionTest, R17RepeatOfOnesOwnActIsNotAnsweredAfterLogout) {
  const Caller here = In(region_.ib, "s-here");
  casework::v1::AddContributionRequest request = region_.Note("voor afmelden");
  request.set_request_id(region_.RequestId());
  casework::v1::Contribution response;
  const char* const kAdd = "casework.v1.CaseworkService/AddContribution";
  ASSERT_OK(region_.Call(here, kAdd, request, &response));
  ASSERT_OK(region_.Call(here, kAdd, request, &response));
  EXPECT_OK(End(here));
  EXPECT_THAT(region_.Call(here, kAdd, request, &response), SessionEnded());
}

TEST_F(SessionTest, R17LogoutOutlivesARestart) {
  const Caller here = In(region_.ib, "s-here");
  EXPECT_OK(End(here));
  region_.Stop();
  ASSERT_OK(region_.Start());
  EXPECT_THAT(region_.GetCase(here).status(), SessionEnded());
  EXPECT_OK(region_.GetCase(In(region_.ib, "s-there")));
}

TEST_F(SessionTest, R17EveryFunctionAndFamilyMayLogOut) {
  int n = 0;
  for (const Caller* who : {&region_.admin, &region_.ib, &region_.nurse, &region_.consultant,
                            &region_.auditor, &region_.mother}) {
    EXPECT_OK(End(In(*who, absl::StrCat("s-", ++n).c_str()))) << n;
  }
  EXPECT_THAT(End(region_.ib), Fails(absl::StatusCode::kFailedPrecondition, "NO_SESSION"));
}

TEST_F(SessionTest, R22LogoutLeavesARecordAndRefusalsAfterItOnlyCount) {
  const Caller here = In(region_.ib, "s-here");
  EXPECT_EQ(RecordsOf(region_, "access", [&] { EXPECT_OK(End(here)); }).size(), 1u);
  EXPECT_EQ(RecordsOf(region_, "dossier",
                      [&] { EXPECT_THAT(region_.GetCase(here).status(), SessionEnded()); })
                .size(),
            0u);
  // They are calls without identity: so many a minute, and no more.
  absl::Status last;
  for (int i = 0; i < limits::kAnonymousCallsPerMinute + 1; ++i) last = ListCases(here);
  EXPECT_THAT(last, Fails(absl::StatusCode::kResourceExhausted, "TOO_MANY_CALLS"));
  EXPECT_OK(region_.GetCase(region_.ib));  // who has an identity is not held up by them
}

// The seats of who has gone are ended for everybody else, and the stand-in leads from that instant.
TEST_F(SessionTest, R1EndOfEmploymentEndsTheSeatAndCallsTheStandIn) {
  region_.SeatTheNurse();
  casework::v1::Case before = *region_.GetCase(region_.ib);
  const auto seat_of = [](const casework::v1::Case& c, const Caller& who) {
    for (const casework::v1::Participant& p : c.participants()) {
      if (p.professional() == who.claims.subject()) return p;
    }
    return casework::v1::Participant();
  };
  casework::v1::AppointRegisseurRequest appoint;
  casework::v1::Regisseur regisseur;
  appoint.set_name(region_.case_name);
  appoint.set_seat(seat_of(before, region_.nurse).seat());
  appoint.set_stand_in_seat(seat_of(before, region_.ib).seat());
  appoint.set_reason("Vast aanspreekpunt");
  ASSERT_OK(region_.Call(region_.ib, "casework.v1.CaseworkService/AppointRegisseur", appoint,
                         &regisseur));
  EXPECT_EQ(region_.GetCase(region_.ib)->regisseur().seat(), appoint.seat());
  ASSERT_OK(EndEmployment(region_.nurse));
  ASSERT_OK_AND_ASSIGN(const casework::v1::Case after, region_.GetCase(region_.ib));
  EXPECT_EQ(seat_of(after, region_.nurse).state(), access::v1::SEAT_STATE_ENDED);
  EXPECT_EQ(seat_of(after, region_.ib).state(), access::v1::SEAT_STATE_JOINED);
  EXPECT_EQ(after.regisseur().seat(), appoint.stand_in_seat());
}

TEST_F(SessionTest, R17EndOfEmploymentRefusesTheNextCallOfARunningToken) {
  region_.SeatTheNurse();
  const Caller nurse = In(region_.nurse, "s-nurse");
  EXPECT_OK(region_.GetCase(nurse));
  ASSERT_OK(EndEmployment(region_.nurse));
  EXPECT_THAT(region_.GetCase(nurse).status(), Refused());
  EXPECT_THAT(ListCases(nurse), Refused());
  EXPECT_THAT(ListOrganisations(nurse), Refused());
}

}  // namespace
}  // namespace knooppunt::integration
