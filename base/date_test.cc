#include "base/date.h"

#include "base/status_testing.h"
#include "gtest/gtest.h"

namespace knooppunt::base {
namespace {

using ::knooppunt::testing::StatusIs;

TEST(ParseDate, RefusesDaysThatDoNotExist) {
  for (const char* bad : {"2026-02-29", "2026-04-31", "2026-13-01", "2026-00-10", "26-01-01",
                          "2026-1-1", "2026/01/01", "", "2026-01-01T", "1899-01-01"}) {
    EXPECT_THAT(ParseDate(bad), StatusIs(absl::StatusCode::kInvalidArgument)) << bad;
  }
}

TEST(ParseDate, RoundTrips) {
  ASSERT_OK_AND_ASSIGN(Date d, ParseDate("2028-02-29"));
  EXPECT_EQ(FormatDate(d), "2028-02-29");
}

TEST(AgeOn, CountsWholeYearsAndTheDayItself) {
  const Date birth(2014, 3, 10);
  EXPECT_EQ(AgeOn(birth, Date(2026, 3, 9)), 11);
  EXPECT_EQ(AgeOn(birth, Date(2026, 3, 10)), 12);
  EXPECT_EQ(AgeOn(birth, Date(2014, 3, 9)), 0);
}

TEST(AgeOn, LeapDayBirthdayFallsOnFirstOfMarch) {
  const Date birth(2012, 2, 29);
  EXPECT_EQ(AgeOn(birth, Date(2030, 2, 28)), 17);
  EXPECT_EQ(AgeOn(birth, Date(2030, 3, 1)), 18);
  EXPECT_EQ(AgeOn(birth, Date(2028, 2, 29)), 16);
}

TEST(DateOf, UsesAmsterdamMidnight) {
  EXPECT_EQ(DateOf(absl::FromCivil(absl::CivilSecond(2026, 7, 1, 22, 30, 0), absl::UTCTimeZone())),
            Date(2026, 7, 2));
  EXPECT_EQ(DateOf(absl::FromCivil(absl::CivilSecond(2026, 1, 1, 22, 30, 0), absl::UTCTimeZone())),
            Date(2026, 1, 1));
}

TEST(DateOf, IsTheZonesAnswerWhateverWasAskedBefore) {
  const auto expect = [](absl::Time t) {
    EXPECT_EQ(DateOf(t), absl::ToCivilDay(t, Amsterdam())) << t;
  };
  for (const Date day :
       {Date(1937, 7, 1), Date(1940, 5, 16), Date(1977, 4, 3), Date(1980, 1, 1), Date(2026, 3, 29),
        Date(2026, 10, 25), Date(2027, 1, 1), Date(2200, 12, 31), Date(2201, 1, 1)}) {
    const absl::Time midnight = StartOf(day);
    for (int hour = -50; hour <= 50; ++hour) {
      for (const absl::Duration aside : {-absl::Nanoseconds(1), absl::ZeroDuration()}) {
        expect(midnight + absl::Hours(hour) + aside);
        expect(midnight - absl::Hours(hour) + aside);
      }
    }
  }
  expect(absl::InfinitePast());
  expect(absl::InfiniteFuture());
}

}  // namespace
}  // namespace knooppunt::base
