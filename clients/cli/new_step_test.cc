#include "clients/cli/new_step.h"

#include "absl/strings/str_cat.h"
#include "base/status_testing.h"
#include "clients/cli/failure.h"

namespace knooppunt::cli {
namespace {

using ::knooppunt::testing::StatusIs;
using ::testing::HasSubstr;

TEST(NewStepTest, ThreePartsCommitNothing) {
  ASSERT_OK_AND_ASSIGN(const auto step, ParseNewStep("Gesprek met Sem | s-1 | 2026-12-15"));
  EXPECT_EQ(step.text(), "Gesprek met Sem");
  EXPECT_EQ(step.owner_seat(), "s-1");
  EXPECT_EQ(step.due_date(), "2026-12-15");
  EXPECT_FALSE(step.has_commitment());
}

TEST(NewStepTest, FourthPartIsTheCommitment) {
  ASSERT_OK_AND_ASSIGN(
      const auto step,
      ParseNewStep("Zes gesprekken|s-3|2026-12-15|school-social-work:900,50:professionals/noor:"
                   "education"));
  EXPECT_EQ(step.commitment().means(), common::v1::MEANS_SCHOOL_SOCIAL_WORK);
  EXPECT_EQ(step.commitment().amount_cents(), 90050);
  EXPECT_EQ(step.commitment().committed_by(), "professionals/noor");
  EXPECT_EQ(step.commitment().funding(), common::v1::FUNDING_EDUCATION);
}

TEST(NewStepTest, R6HoursAndAPeriodMayFollow) {
  const std::string start = "x|s-3|2026-12-15|transport:0:professionals/noor:wmo";
  ASSERT_OK_AND_ASSIGN(const auto both, ParseNewStep(start + ":360:2027-03-01"));
  EXPECT_EQ(both.commitment().minutes(), 360);
  EXPECT_EQ(both.commitment().until_date(), "2027-03-01");
  ASSERT_OK_AND_ASSIGN(const auto period, ParseNewStep(start + "::2027-03-01"));
  EXPECT_EQ(period.commitment().minutes(), 0);
  EXPECT_EQ(period.commitment().until_date(), "2027-03-01");
  EXPECT_THAT(ParseNewStep(start + ":veel"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("number")));
  EXPECT_THAT(ParseNewStep(start + ":6:maart"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("not a day")));
  EXPECT_THAT(ParseNewStep(start + ":6:2027-03-01:x"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("is written")));
}

TEST(NewStepTest, ADayIsWrittenAsPeopleDoOrAsProgramsDo) {
  for (const char* day : {"5-12-2026", "05-12-2026", "2026-12-05"}) {
    ASSERT_OK_AND_ASSIGN(const auto step, ParseNewStep(absl::StrCat("Bellen|s-1|", day)));
    EXPECT_EQ(step.due_date(), "2026-12-05");
  }
}

TEST(NewStepTest, EachFaultIsNamed) {
  const std::pair<const char*, const char*> kFaults[] = {
      {"", "a step is written"},
      {"x|s-1", "a step is written"},
      {"|s-1|2026-12-15", "a step is written"},
      {"x|Seat 1|2026-12-15", "id of a seat"},
      {"x|s-1|31-02-2026", "not a day"},
      {"x|s-1|2026-12-15|transport", "a step is written"},
      {"x|s-1|2026-12-15|taxi:1:professionals/n:wmo", "transport"},
      {"x|s-1|2026-12-15|transport:1:professionals/n:cash", "jeugdwet"},
      {"x|s-1|2026-12-15|transport:1:noor:wmo", "professionals/*"},
      {"x|s-1|2026-12-15|transport:-1:professionals/n:wmo", "amount in euro"},
  };
  for (const auto& [text, fault] : kFaults) {
    const absl::Status status = ParseNewStep(text).status();
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(fault))) << text;
    EXPECT_EQ(ExitCodeOf(status), ExitCode::kUsage) << text;
  }
}

}  // namespace
}  // namespace knooppunt::cli
