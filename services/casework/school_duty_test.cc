// Compulsory school age as data, and the definition of out of school (R34).
#include "services/casework/school_duty.h"

#include <set>
#include <utility>

#include "absl/strings/str_replace.h"
#include "base/error.h"
#include "base/status_testing.h"
#include "services/casework/out_of_school_rules.h"

namespace knooppunt::casework {
namespace {

using absl::StatusCode;
using base::Date;
using ::knooppunt::testing::StatusIs;
using ::testing::_;
using ::testing::HasSubstr;

class SchoolDutyTest : public ::testing::Test {
 protected:
  // Id of the row that obliges on that day, or "".
  std::string On(Date birth, Date on, bool qualified = false) const {
    const v1::DutyRow* row = duty_->On({.birth = birth, .qualified = qualified}, on);
    return row == nullptr ? "" : row->id();
  }
  std::string Reason(const SchoolDuty::Absence& absence, Date today) const {
    const auto row = duty_->OutOfSchool(absence, today);
    return row.ok() ? "" : base::ReasonOf(row.status());
  }
  const absl::StatusOr<SchoolDuty> duty_ = SchoolDuty::BuiltIn();
};

TEST_F(SchoolDutyTest, R34TheTableThatIsBuiltInNamesItsSources) {
  ASSERT_OK(duty_);
  for (const v1::DutyRow& row : duty_->table().rows()) {
    EXPECT_THAT(row.source(), HasSubstr("Leerplichtwet 1969"));
  }
  EXPECT_EQ(duty_->table().absent_days(), 28);
}

TEST_F(SchoolDutyTest, R34TheDutyBeginsInTheMonthAfterTheFifthBirthday) {
  const Date birth(2020, 3, 14);
  EXPECT_EQ(On(birth, Date(2025, 3, 14)), "");
  EXPECT_EQ(On(birth, Date(2025, 3, 31)), "");
  EXPECT_EQ(On(birth, Date(2025, 4, 1)), "leerplicht");
  EXPECT_EQ(On(Date(2020, 12, 5), Date(2026, 1, 1)), "leerplicht") << "over the year's end";
}

TEST_F(SchoolDutyTest, R34TheDutyEndsWithTheSchoolYearInWhichTheyTurnSixteen) {
  const Date spring(2009, 3, 14);
  EXPECT_EQ(On(spring, Date(2025, 7, 31)), "leerplicht");
  EXPECT_EQ(On(spring, Date(2025, 8, 1)), "kwalificatieplicht");
  const Date first_of_august(2009, 8, 1);
  EXPECT_EQ(On(first_of_august, Date(2026, 7, 31)), "leerplicht") << "a new school year";
  EXPECT_EQ(On(first_of_august, Date(2026, 8, 1)), "kwalificatieplicht");
}

TEST_F(SchoolDutyTest, R34FromSixteenAQualificationIsDueUntilTheEighteenthBirthday) {
  const Date birth(2009, 3, 14);
  EXPECT_EQ(On(birth, Date(2027, 3, 13)), "kwalificatieplicht");
  EXPECT_EQ(On(birth, Date(2027, 3, 14)), "");
  EXPECT_EQ(On(birth, Date(2026, 3, 13), /*qualified=*/true), "") << "who holds one is free";
  EXPECT_EQ(On(birth, Date(2025, 6, 1), /*qualified=*/true), "leerplicht");
}

TEST_F(SchoolDutyTest, R34EnrolledAndAbsentCountsFromFourWeeksOn) {
  const SchoolDuty::Pupil pupil = {.birth = Date(2015, 3, 14)};
  const Date today(2026, 11, 23);
  EXPECT_EQ(Reason({.pupil = pupil, .since = today - 27, .enrolled = true}, today),
            "R34_NOT_YET_FOUR_WEEKS");
  EXPECT_EQ(Reason({.pupil = pupil, .since = today - 28, .enrolled = true}, today), "");
  EXPECT_EQ(Reason({.pupil = pupil, .since = today, .enrolled = false}, today), "")
      << "who is not enrolled counts at once";
}

TEST_F(SchoolDutyTest, R34IllBeyondDoubtIsNoneAndNeitherIsWhoIsNotOfAge) {
  const Date today(2026, 11, 23);
  const SchoolDuty::Pupil pupil = {.birth = Date(2015, 3, 14)};
  EXPECT_EQ(
      Reason({.pupil = pupil, .since = today - 90, .enrolled = true, .ill_beyond_doubt = true},
             today),
      "R34_ILL_BEYOND_DOUBT");
  EXPECT_EQ(Reason({.pupil = {.birth = Date(2022, 6, 1)}, .since = today - 90}, today),
            "R34_NOT_OF_COMPULSORY_AGE");
  EXPECT_EQ(Reason({.pupil = {.birth = Date(2008, 6, 1)}, .since = today - 90}, today),
            "R34_NOT_OF_COMPULSORY_AGE");
  EXPECT_THAT(duty_->OutOfSchool({.pupil = pupil, .since = today + 1}, today),
              StatusIs(StatusCode::kInvalidArgument, _));
  EXPECT_THAT(duty_->OutOfSchool({.pupil = pupil, .since = Date(2015, 3, 13)}, today),
              StatusIs(StatusCode::kInvalidArgument, _));
}

TEST_F(SchoolDutyTest, R34ATableWithAFaultIsRefusedAndSaysWhichRow) {
  const std::string good = kSchoolDutyText;
  for (const auto& [from, to, what] : std::vector<std::array<std::string, 3>>{
           {"id: \"kwalificatieplicht\"", "id: \"leerplicht\"", "stands twice"},
           {"until_age: 18", "until_age: 15", "holds for no age"},
           {"from_age: 16", "from_age: 14", "begins before the row above"},
           {"source: \"art. 4a", "source: \"\" #", "has no source"},
           {"DUTY_BOUND_NEXT_MONTH", "DUTY_BOUND_UNSPECIFIED", "on which day"},
           {"school_year_month: 8", "school_year_month: 13", "is no month"},
           {"absent_days: 28", "absent_days: 0", "no number"},
           {"rows {", "lines {", "is not a DutyTable"}}) {
    const auto parsed = SchoolDuty::Parse(absl::StrReplaceAll(good, {{from, to}}));
    EXPECT_THAT(parsed.status().message(), HasSubstr(what)) << to;
  }
}

TEST(OutOfSchoolRules, R34EveryPairOfStatesIsAllowedExactlyWhenTheTableHasARow) {
  std::set<std::pair<int, int>> rows;
  for (const OutOfSchoolTransition& t : OutOfSchoolTransitions()) {
    EXPECT_TRUE(rows.emplace(t.from, t.to).second);
    EXPECT_FALSE(IsOver(t.from)) << "what is over stays over";
  }
  for (int from = 1; from <= v1::OutOfSchoolState_MAX; ++from) {
    for (int to = 1; to <= v1::OutOfSchoolState_MAX; ++to) {
      v1::OutOfSchool absence;
      absence.set_since_date("2026-09-01");
      absence.set_state(static_cast<v1::OutOfSchoolState>(from));
      v1::AdvanceOutOfSchoolRequest req;
      req.set_state(static_cast<v1::OutOfSchoolState>(to));
      req.set_text("Zo gaat het.");
      const absl::Status s = Advance(&absence, req, Date(2026, 11, 23));
      EXPECT_EQ(s.ok(), rows.contains({from, to})) << from << " to " << to;
      EXPECT_EQ(absence.state(), s.ok() ? to : from);
      EXPECT_EQ(absence.changes_size(), s.ok() ? 1 : 0) << "nothing half-written";
    }
  }
}

TEST(OutOfSchoolRules, R34AChangeSaysHowAndOnWhichDayInOrder) {
  const Date today(2026, 11, 23);
  v1::OutOfSchool absence;
  absence.set_since_date("2026-09-01");
  absence.set_state(v1::OUT_OF_SCHOOL_STATE_REPORTED);
  v1::OutOfSchoolChange* first = absence.add_changes();
  first->set_date("2026-11-20");
  v1::AdvanceOutOfSchoolRequest req;
  req.set_state(v1::OUT_OF_SCHOOL_STATE_PLAN_BACK);
  EXPECT_THAT(Advance(&absence, req, today), StatusIs(StatusCode::kInvalidArgument, _))
      << "without words";
  req.set_text("Drie ochtenden in de week, met de mentor.");
  req.set_date("2026-11-24");
  EXPECT_THAT(Advance(&absence, req, today), StatusIs(StatusCode::kInvalidArgument, _)) << "ahead";
  req.set_date("2026-08-31");
  EXPECT_THAT(Advance(&absence, req, today), StatusIs(StatusCode::kInvalidArgument, _))
      << "before the child was away";
  req.set_date("2026-11-01");
  req.set_expected_date("2026-11-22");
  EXPECT_THAT(Advance(&absence, req, today), StatusIs(StatusCode::kInvalidArgument, _))
      << "expected in the past";
  req.set_expected_date("2027-01-11");
  EXPECT_OK(Advance(&absence, req, today)) << "the plan was there before anybody wrote it down";
  EXPECT_EQ(absence.expected_date(), "2027-01-11");
  req.set_state(v1::OUT_OF_SCHOOL_STATE_RETURNING);
  req.set_expected_date("");
  req.set_date("2026-10-31");
  EXPECT_THAT(Advance(&absence, req, today), StatusIs(StatusCode::kInvalidArgument, _))
      << "before the plan";
  req.set_date("");
  EXPECT_OK(Advance(&absence, req, today));
  EXPECT_EQ(absence.expected_date(), "2027-01-11") << "left as it was";
  EXPECT_EQ(absence.changes(2).date(), "2026-11-23");
  req.set_state(v1::OUT_OF_SCHOOL_STATE_BACK);
  EXPECT_OK(Advance(&absence, req, today));
  EXPECT_EQ(absence.expected_date(), "");
}

}  // namespace
}  // namespace knooppunt::casework
