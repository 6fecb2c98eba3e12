#include "base/term.h"

#include <algorithm>
#include <cstdint>

namespace knooppunt::base {
namespace {

// Gregorian Easter Sunday, after Meeus, Jones and Butcher.
Date EasterSunday(int64_t year) {
  const int64_t a = year % 19, b = year / 100, c = year % 100;
  const int64_t d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
  const int64_t h = (19 * a + b - d - g + 15) % 30;
  const int64_t i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7;
  const int64_t m = (a + 11 * h + 22 * l) / 451;
  const int64_t n = h + l - 7 * m + 114;
  return Date(year, n / 31, n % 31 + 1);
}

// On the Saturday before when the 27th is a Sunday.
Date KingsDay(int64_t year) {
  const Date day(year, 4, 27);
  return absl::GetWeekday(day) == absl::Weekday::sunday ? day - 1 : day;
}

bool IsHoliday(Date day) {
  const int64_t year = day.year();
  const Date easter = EasterSunday(year);
  // Good Friday, Easter Monday, Ascension Day, Whit Monday.
  for (const int after : {-2, 1, 39, 50}) {
    if (day == easter + after) return true;
  }
  return day == Date(year, 1, 1) || day == KingsDay(year) || day == Date(year, 5, 5) ||
         day == Date(year, 12, 25) || day == Date(year, 12, 26);
}

}  // namespace

bool IsWorkingDay(Date day) {
  const absl::Weekday weekday = absl::GetWeekday(day);
  return weekday != absl::Weekday::saturday && weekday != absl::Weekday::sunday && !IsHoliday(day);
}

Date LastDayOfTerm(Date received, int months) {
  const absl::CivilMonth month = absl::CivilMonth(received) + months;
  const Date end_of_month = Date(month + 1) - 1;
  Date day = std::min(Date(month) + (received.day() - 1), end_of_month);
  while (!IsWorkingDay(day)) ++day;
  return day;
}

}  // namespace knooppunt::base
