// A smaller walk through a whole region with a clock that is set: what the engine says on a day is
// what is served that day (R11, R14, R18).
#include "base/date.h"
#include "knooppunt/access/v1/access.pb.h"
#include "tests/integration/region_testing.h"

namespace knooppunt::years {
namespace {

using integration::Caller;
using ::testing::HasSubstr;

class RegionWalkTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(region_.Start());
    region_.Furnish();
    // As Region::OpenRequest makes the child: of 11, with a birthday to come.
    const base::Date birth = *base::ParseDate(region_.Day(-11 * 365 - 90));
    twelve_ = base::Birthday(birth, 12);
  }
  void GoTo(absl::Time t) { region_.clock().Advance(t - region_.Now()); }

  absl::StatusOr<access::v1::WhoMustAgreeResponse> WhoMustAgree(const Caller& who,
                                                                const std::string& about,
                                                                const std::string& on = "") {
    access::v1::WhoMustAgreeRequest request;
    request.set_parent(absl::StrCat("families/", region_.family));
    request.mutable_about()->add_persons(about);
    request.add_compartments(common::v1::COMPARTMENT_EDUCATION);
    request.set_recipient("organisations/jgz");
    request.set_purpose(common::v1::PURPOSE_COORDINATION);
    request.set_on_date(on);
    access::v1::WhoMustAgreeResponse response;
    const absl::Status status =
        region_.Call(who, "access.v1.AccessService/WhoMustAgree", request, &response);
    if (!status.ok()) return status;
    return response;
  }
  absl::StatusOr<access::v1::ListLapsesResponse> Lapses(const Caller& who, int days = 0) {
    access::v1::ListLapsesRequest request;
    request.set_parent(absl::StrCat("families/", region_.family));
    request.set_days(days);
    access::v1::ListLapsesResponse response;
    const absl::Status status =
        region_.Call(who, "access.v1.AccessService/ListLapses", request, &response);
    if (!status.ok()) return status;
    return response;
  }

  integration::Region region_;
  base::Date twelve_;
};

TEST_F(RegionWalkTest, R11WhoMustAgreeIsAnsweredBeforeAnyConsentAndOnlyToWhoMayAsk) {
  const auto staff = WhoMustAgree(region_.ib, region_.child);
  ASSERT_TRUE(staff.ok()) << staff.status();
  EXPECT_EQ(staff->signatures_size(), 2);
  EXPECT_EQ(staff->signatures(0).row(), "under-12");
  const auto later = WhoMustAgree(region_.ib, region_.child, base::FormatDate(twelve_));
  ASSERT_TRUE(later.ok()) << later.status();
  EXPECT_EQ(later->signatures_size(), 3);
  const auto mother = WhoMustAgree(region_.mother, region_.child);
  ASSERT_TRUE(mother.ok()) << mother.status();
  ASSERT_EQ(mother->signatures_size(), 2);
  EXPECT_EQ(mother->signatures(0).person(), region_.mother_id);
  EXPECT_EQ(mother->signatures(1).person(), "") << "R18: others";
  EXPECT_EQ(base::ReasonOf(WhoMustAgree(region_.mother, region_.father_id).status()),
            base::ReasonOf(WhoMustAgree(region_.mother, "nobody").status()));
  EXPECT_FALSE(WhoMustAgree(region_.nurse, region_.child).ok());
  EXPECT_FALSE(WhoMustAgree(region_.stranger, region_.child).ok());
}

TEST_F(RegionWalkTest, R14AccessNarrowsAtMidnightOfTheTwelfthBirthdayAndIsToldAhead) {
  const std::string consent = region_.SeatTheNurse();
  GoTo(base::StartOf(twelve_ - 61));
  ASSERT_OK(Lapses(region_.ib).status());
  EXPECT_EQ(Lapses(region_.ib)->lapses_size(), 0);
  GoTo(base::StartOf(twelve_ - 60));
  for (const Caller* who : {&region_.ib, &region_.nurse, &region_.mother}) {
    const auto told = Lapses(*who);
    ASSERT_TRUE(told.ok()) << told.status();
    ASSERT_EQ(told->lapses_size(), 1);
    EXPECT_EQ(told->lapses(0).consent(), consent);
    EXPECT_EQ(told->lapses(0).date(), base::FormatDate(twelve_));
    EXPECT_EQ(told->lapses(0).cause(), access::v1::LAPSE_CAUSE_BIRTHDAY_12);
    EXPECT_THAT(told->lapses(0).text_nl(), HasSubstr("wordt 12"));
  }
  EXPECT_EQ(base::ReasonOf(Lapses(region_.ib, 367).status()), "TOO_FAR_AHEAD");
  GoTo(base::StartOf(twelve_) - absl::Seconds(1));
  EXPECT_OK(region_.GetCase(region_.nurse).status());
  GoTo(base::StartOf(twelve_));
  EXPECT_FALSE(region_.GetCase(region_.nurse).ok()) << "the youth has not signed";
  EXPECT_OK(region_.GetCase(region_.ib).status()) << "her own record";
  EXPECT_FALSE(Lapses(region_.nurse).ok());
}

}  // namespace
}  // namespace knooppunt::years
