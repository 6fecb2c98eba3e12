// Rows of the architecture's failure table: a unit that cannot be reached.
#include <thread>

#include "knooppunt/audit/v1/audit.pb.h"
#include "knooppunt/directory/v1/directory.pb.h"
#include "tests/faults/faulty_transport.h"
#include "tests/faults/whole_log.h"
#include "tests/integration/region_testing.h"

namespace knooppunt::faults {
namespace {

using absl::StatusCode;
using integration::Fails;
using integration::Refused;
using integration::Region;
using integration::Require;

constexpr char kAccess[] = "knooppunt.access.v1.AccessService/";
constexpr char kApplyFacts[] = "/ApplyFacts";
constexpr char kAppend[] = "/Append";

TEST(OutageTest, NoAccessMeansNoDecisionAndNoAnswerAnywhere) {
  Outage outage;
  Region region({.between = outage.Between()});
  ASSERT_OK(region.Start());
  region.Furnish();
  const std::string consent = region.SeatTheNurse();
  const size_t notes = region.Notes().size();
  outage.Break(kAccess);
  const auto no_decision = Fails(StatusCode::kUnavailable, "NO_DECISION");
  EXPECT_THAT(region.GetCase(region.ib), no_decision);
  EXPECT_THAT(region.GetCase(region.stranger), no_decision);
  EXPECT_THAT(region.AddNote("Niet opgeslagen."), no_decision);
  EXPECT_THAT(region.Withdraw(consent, region.mother), no_decision);
  casework::v1::ListCasesResponse cases;
  EXPECT_THAT(region.Call(region.ib, "casework.v1.CaseworkService/ListCases",
                          casework::v1::ListCasesRequest(), &cases),
              no_decision);
  casework::v1::SearchFamiliesRequest search;
  search.set_family_name("van der Zanden");
  search.set_birth_date("2015-03-14");
  casework::v1::SearchFamiliesResponse found;
  EXPECT_THAT(region.Call(region.ib, "casework.v1.CaseworkService/SearchFamilies", search, &found),
              no_decision);
  directory::v1::ListOrganisationsResponse organisations;
  EXPECT_THAT(region.Call(region.ib, "directory.v1.DirectoryService/ListOrganisations",
                          directory::v1::ListOrganisationsRequest(), &organisations),
              no_decision);
  audit::v1::Checkpoint checkpoint;
  EXPECT_THAT(region.Call(region.auditor, "audit.v1.AuditService/GetCheckpoint",
                          audit::v1::GetCheckpointRequest(), &checkpoint),
              no_decision);
  outage.Mend();
  EXPECT_EQ(region.Notes().size(), notes);
}

TEST(OutageTest, P3AChangeThatAccessHasNotAppliedIsRecordedNotYetInForceAndARetryWaitsForIt) {
  Outage outage;
  Region region({.between = outage.Between()});
  ASSERT_OK(region.Start());
  region.Furnish();
  const std::string consent = region.SeatTheNurse();
  consent::v1::WithdrawConsentRequest request;
  request.set_name(consent);
  request.set_request_id(region.RequestId());
  consent::v1::Consent answer;
  const auto withdraw = [&] {
    return region.CallAsIs(region.mother, "consent.v1.ConsentService/WithdrawConsent", request,
                           &answer);
  };
  outage.Break(kApplyFacts);
  EXPECT_THAT(withdraw(), Fails(StatusCode::kUnavailable, "RECORDED_NOT_YET_IN_FORCE"));
  absl::Status retried;
  std::thread retry([&] { retried = withdraw(); });
  outage.AwaitFailure();
  outage.Mend();
  retry.join();
  EXPECT_OK(retried);
  EXPECT_EQ(answer.name(), consent);
  EXPECT_THAT(region.GetCase(region.nurse), Refused());
}

TEST(OutageTest, AfterACrashBetweenCommitAndAccessTheOutboxIsDeliveredBeforeAnyCallIsServed) {
  Outage outage;
  Region region({.between = outage.Between()});
  ASSERT_OK(region.Start());
  region.Furnish();
  const std::string consent = region.SeatTheNurse();
  consent::v1::WithdrawConsentRequest request;
  request.set_name(consent);
  request.set_request_id(region.RequestId());
  consent::v1::Consent answer;
  outage.Break(kApplyFacts);
  EXPECT_THAT(
      region.CallAsIs(region.mother, "consent.v1.ConsentService/WithdrawConsent", request, &answer),
      Fails(StatusCode::kUnavailable, "RECORDED_NOT_YET_IN_FORCE"));
  // Stopping delivers nothing here: access is not reached. The next start finds it undone.
  region.Stop();
  outage.Mend();
  ASSERT_OK(region.Start());
  EXPECT_THAT(region.GetCase(region.nurse), Refused()) << "the very first call";
  EXPECT_OK(region.CallAsIs(region.mother, "consent.v1.ConsentService/WithdrawConsent", request,
                            &answer));
  EXPECT_EQ(answer.name(), consent);
}

TEST(OutageTest, AUnitThatAccessDoesNotHearDoesNotStart) {
  Outage outage;
  Region region({.between = outage.Between()});
  ASSERT_OK(region.Start());
  region.Furnish();
  const std::string consent = region.SeatTheNurse();
  outage.Break(kApplyFacts);
  EXPECT_THAT(region.Withdraw(consent, region.mother),
              Fails(StatusCode::kUnavailable, "RECORDED_NOT_YET_IN_FORCE"));
  EXPECT_THAT(region.Start(), ::knooppunt::testing::StatusIs(StatusCode::kUnavailable));
  outage.Mend();
  ASSERT_OK(region.Start());
  EXPECT_THAT(region.GetCase(region.nurse), Refused());
}

TEST(OutageTest, WithoutAuditTheServiceGoesOnToTheOutboxsBoundAndKeepsTheLastTenthForWithdrawals) {
  constexpr int kBound = 200;
  Outage outage;
  Region region({.outbox_max_entries = kBound, .between = outage.Between()});
  ASSERT_OK(region.Start());
  region.Furnish();
  const std::string consent = region.SeatTheNurse();
  Require(region.process().host("dossier")->shipper().Flush(absl::Seconds(10)), "ship");
  outage.Break(kAppend);
  int served = 0;
  absl::StatusOr<casework::v1::Case> read;
  while ((read = region.GetCase(region.ib)).ok()) ASSERT_LE(++served, kBound);
  EXPECT_THAT(read, Fails(StatusCode::kResourceExhausted, "NOT_RECORDED"));
  EXPECT_GE(served, kBound * 9 / 10 - 5);
  EXPECT_THAT(region.AddNote("Niet opgeslagen."),
              Fails(StatusCode::kResourceExhausted, "NOT_RECORDED"));
  EXPECT_THAT(region.GetCase(region.stranger),
              Fails(StatusCode::kResourceExhausted, "NOT_RECORDED"))
      << "a refusal is answered no sooner than it is recorded";
  EXPECT_OK(region.Withdraw(consent, region.mother)) << "the last tenth is for withdrawals";

  outage.Mend();
  ASSERT_OK(region.process().host("dossier")->shipper().Flush(absl::Seconds(10)));
  EXPECT_THAT(region.GetCase(region.nurse), Refused()) << "and the withdrawal is in force";
  EXPECT_THAT(region.Notes(), ::testing::IsEmpty());
  const auto report = VerifyWholeLog(region);
  ASSERT_OK(report);
  EXPECT_GT(report->size, kBound);
}

}  // namespace
}  // namespace knooppunt::faults
