// A werkplaats closes as of a day (R27): who says so, what access is told, and until when it is
// undone; over a real database.
#include <gmock/gmock.h>

#include <string>

#include "base/error.h"
#include "services/directory/directory_testing.h"

namespace knooppunt::directory {
namespace {

using ::knooppunt::testing::IsOk;
using ::knooppunt::testing::StatusIs;
using ::testing::_;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kWerkplaats[] = "werkplaatsen/manjefiek";
constexpr char kProfile[] = "werkplaatsen/manjefiek/profile";

template <typename T>
std::string ReasonOf(const absl::StatusOr<T>& result) {
  return base::ReasonOf(result.status());
}

class ClosingTest : public DirectoryTest {
 protected:
  void SetUp() override {
    DirectoryTest::SetUp();
    Import(SmallRegion());
  }
  absl::StatusOr<v1::WerkplaatsProfile> Close(const std::string& on,
                                              const std::string& reason = "Gaat op in een ander.",
                                              const std::string& etag = "") {
    return CloseBy(AdministratorOf(kSchoolBoard), on, reason, etag);
  }
  absl::StatusOr<v1::WerkplaatsProfile> CloseBy(const AuthorizedCall& who, const std::string& on,
                                                const std::string& reason = "Gaat op in een ander.",
                                                const std::string& etag = "") {
    v1::CloseWerkplaatsRequest request;
    request.set_name(kProfile);
    request.set_close_date(on);
    request.set_reason(reason);
    request.set_etag(etag);
    return Run(&DirectoryService::CloseWerkplaats, who, request);
  }
  absl::StatusOr<v1::WerkplaatsProfile> KeepOpen(const AuthorizedCall& who) {
    v1::KeepWerkplaatsOpenRequest request;
    request.set_name(kProfile);
    return Run(&DirectoryService::KeepWerkplaatsOpen, who, request);
  }
  v1::WerkplaatsProfile Get() {
    v1::GetWerkplaatsProfileRequest request;
    request.set_name(kProfile);
    const auto profile = Run(&DirectoryService::GetWerkplaatsProfile, Nurse(), request);
    EXPECT_OK(profile);
    return profile.value_or(v1::WerkplaatsProfile());
  }
  std::string Listed() {
    const auto list =
        Run(&DirectoryService::ListWerkplaatsen, Nurse(), v1::ListWerkplaatsenRequest());
    EXPECT_OK(list);
    EXPECT_THAT(list->werkplaatsen(), SizeIs(1));
    return list->werkplaatsen(0).close_date();
  }
};

// Today is 3 March 2026.
TEST_F(ClosingTest, R27WhoAdministersItSaysThatItClosesAndEverybodySeesThat) {
  const int64_t before = Position();
  const auto closed = Close("2026-08-01", "Gaat op in De Letterdoos.");
  ASSERT_OK(closed);
  EXPECT_EQ(closed->closure().close_date(), "2026-08-01");
  EXPECT_EQ(closed->closure().reason(), "Gaat op in De Letterdoos.");
  EXPECT_EQ(closed->closure().recorded_by(), "professionals/admin");
  EXPECT_EQ(Get().SerializeAsString(), closed->SerializeAsString());
  EXPECT_EQ(Listed(), "2026-08-01");
  // P3: access knows it before the call answers.
  const auto facts = FactsAfter(before);
  ASSERT_THAT(facts, SizeIs(1));
  EXPECT_EQ(facts[0].werkplaats().close_date(), "2026-08-01");
  EXPECT_EQ(facts[0].werkplaats().revision(), 2);
  EXPECT_EQ(facts[0].werkplaats().organisation(), kSchoolBoard);
}

TEST_F(ClosingTest, R21R27OnlyTheOrganisationThatRunsItSaysSo) {
  EXPECT_EQ(ReasonOf(CloseBy(AdministratorOf(kYouthHealth), "2026-08-01")), "OTHER_ORGANISATION");
  EXPECT_EQ(ReasonOf(KeepOpen(AdministratorOf(kYouthHealth))), "OTHER_ORGANISATION");
  EXPECT_EQ(Listed(), "");
  // The region's administrator administers all.
  EXPECT_OK(CloseBy(RegionAdministrator(), "2026-08-01"));
}

TEST_F(ClosingTest, R27TheDayAndTheReasonAreWellFormed) {
  for (const char* day : {"", "2026-02-30", "1 augustus", "2026-01-30", "2029-03-05"}) {
    EXPECT_EQ(ReasonOf(Close(day)), "INVALID_FIELD") << day;
  }
  for (const char* reason : {"", "  ", "Gaat\nop.", "Gaat \xe2\x80\xae op."}) {
    EXPECT_EQ(ReasonOf(Close("2026-08-01", reason)), "INVALID_FIELD") << reason;
  }
  EXPECT_EQ(ReasonOf(Close("2026-08-01", std::string(201, 'a'))), "INVALID_FIELD");
  EXPECT_FALSE(Get().has_closure());
  EXPECT_OK(Close("2026-01-31")) << "a month late";
}

// Nothing is stored of what follows from a closing, so a slip is mended as if it had not been.
TEST_F(ClosingTest, R27AWrongDayIsMendedForThreeDays) {
  ASSERT_OK(Close("2026-02-20"));
  EXPECT_EQ(Listed(), "2026-02-20");
  ASSERT_OK(Close("2026-08-01")) << "it was next summer";
  ASSERT_OK(Close("2026-02-20"));
  clock_.Advance(absl::Hours(24 * 3) - absl::Seconds(1));
  ASSERT_OK(KeepOpen(AdministratorOf(kSchoolBoard)));
  EXPECT_EQ(Listed(), "");
  ASSERT_OK(Close("2026-02-20"));
  clock_.Advance(absl::Hours(24 * 3));
  EXPECT_EQ(ReasonOf(KeepOpen(AdministratorOf(kSchoolBoard))), "WERKPLAATS_HAS_CLOSED");
}

TEST_F(ClosingTest, R27WhatIsAnnouncedIsMovedAndUndoneBeforeTheDay) {
  EXPECT_EQ(ReasonOf(KeepOpen(AdministratorOf(kSchoolBoard))), "WERKPLAATS_STAYS_OPEN");
  ASSERT_OK(Close("2026-03-10"));
  ASSERT_OK(Close("2026-03-04"));
  EXPECT_EQ(Listed(), "2026-03-04");
  const int64_t before = Position();
  ASSERT_OK(KeepOpen(AdministratorOf(kSchoolBoard)));
  EXPECT_FALSE(Get().has_closure());
  EXPECT_EQ(Listed(), "");
  ASSERT_THAT(FactsAfter(before), SizeIs(1));
  EXPECT_EQ(FactsAfter(before)[0].werkplaats().close_date(), "");

  ASSERT_OK(Close("2026-03-04"));
  clock_.Advance(absl::Hours(24 * 4));
  EXPECT_EQ(ReasonOf(KeepOpen(AdministratorOf(kSchoolBoard))), "WERKPLAATS_HAS_CLOSED");
  EXPECT_EQ(ReasonOf(Close("2026-08-01")), "WERKPLAATS_HAS_CLOSED");
  EXPECT_EQ(Listed(), "2026-03-04");
}

TEST_F(ClosingTest, R27AnActOnWhatSomebodyElseChangedIsRefusedByItsEtag) {
  const std::string etag = Get().etag();
  ASSERT_OK(Close("2026-08-01", "Gaat op in een ander.", etag));
  EXPECT_NE(Get().etag(), etag);
  EXPECT_EQ(ReasonOf(Close("2026-07-01", "Gaat op in een ander.", etag)), "PROFILE_CHANGED");
  EXPECT_EQ(Listed(), "2026-08-01");
}

TEST_F(ClosingTest, R27AnImportNeitherClosesNorOpens) {
  ASSERT_OK(Close("2026-08-01"));
  v1::ImportDirectoryRequest request = SmallRegion();
  request.mutable_werkplaatsen(0)->set_display_name("Een andere naam");
  request.mutable_werkplaatsen(0)->set_close_date("2026-04-01");
  const int64_t before = Position();
  Import(request);
  EXPECT_EQ(Listed(), "2026-08-01");
  const auto facts = FactsAfter(before);
  ASSERT_THAT(facts, SizeIs(1)) << "said at once, and never that it stays open";
  EXPECT_EQ(facts.back().werkplaats().display_name(), "Een andere naam");
  EXPECT_EQ(facts.back().werkplaats().close_date(), "2026-08-01");
  // Nor does a changed profile.
  v1::UpdateWerkplaatsProfileRequest update;
  update.mutable_profile()->set_name(kProfile);
  update.mutable_profile()->mutable_closure()->set_close_date("2026-05-01");
  update.mutable_profile()->mutable_meeting_rhythm()->set_every_weeks(6);
  ASSERT_OK(Run(&DirectoryService::UpdateWerkplaatsProfile, AdministratorOf(kSchoolBoard), update));
  EXPECT_EQ(Get().closure().close_date(), "2026-08-01");
  EXPECT_EQ(Get().meeting_rhythm().every_weeks(), 6);
}

TEST_F(ClosingTest, R27AWerkplaatsThatIsNotThereDoesNotClose) {
  v1::CloseWerkplaatsRequest request;
  request.set_name("werkplaatsen/nergens/profile");
  request.set_close_date("2026-08-01");
  request.set_reason("Weg.");
  EXPECT_EQ(ReasonOf(Run(&DirectoryService::CloseWerkplaats, RegionAdministrator(), request)),
            "WERKPLAATS_NOT_FOUND");
  request.set_name(kWerkplaats);
  EXPECT_EQ(ReasonOf(Run(&DirectoryService::CloseWerkplaats, RegionAdministrator(), request)),
            "INVALID_FIELD");
}

}  // namespace
}  // namespace knooppunt::directory
