#include "base/date.h"

#include <cstdio>
#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace knooppunt::base {

absl::TimeZone Amsterdam() {
  static const absl::TimeZone zone = [] {
    absl::TimeZone tz;
    if (!absl::LoadTimeZone("Europe/Amsterdam", &tz)) {
      std::fputs("fatal: no Europe/Amsterdam in the time zone database: install tzdata\n", stderr);
      std::abort();
    }
    return tz;
  }();
  return zone;
}

// Nearly every question is about today, and finding a day in the zone's table costs more than the
// rest of many a rule: a thread keeps the bounds of the day that it found last. Only where the
// clocks are never turned at midnight, so that a day is one stretch of time.
Date DateOf(absl::Time t) {
  constexpr int kFirstYear = 1980, kLastYear = 2200;
  thread_local absl::Time from = absl::InfiniteFuture(), before = absl::InfiniteFuture();
  thread_local Date day;
  if (from <= t && t < before) return day;
  const Date found = absl::ToCivilDay(t, Amsterdam());
  if (found.year() < kFirstYear || found.year() > kLastYear) return found;
  day = found;
  from = StartOf(found);
  before = StartOf(found + 1);
  return found;
}
absl::Time StartOf(Date d) { return absl::FromCivil(d, Amsterdam()); }

absl::StatusOr<Date> ParseDate(absl::string_view iso) {
  const auto bad = [&] {
    return absl::InvalidArgumentError(
        "a date is written YYYY-MM-DD and must exist, e.g. 2026-11-22");
  };
  if (iso.size() != 10 || iso[4] != '-' || iso[7] != '-') return bad();
  int parts[3] = {0, 0, 0};
  for (size_t i = 0, part = 0; i < iso.size(); ++i) {
    if (i == 4 || i == 7) {
      ++part;
      continue;
    }
    if (!absl::ascii_isdigit(static_cast<unsigned char>(iso[i]))) return bad();
    parts[part] = parts[part] * 10 + (iso[i] - '0');
  }
  const Date d(parts[0], parts[1], parts[2]);
  // CivilDay normalises 31 April to 1 May: a day that moved did not exist.
  if (d.year() != parts[0] || d.month() != parts[1] || d.day() != parts[2] || parts[0] < 1900) {
    return bad();
  }
  return d;
}

std::string FormatDate(Date d) {
  return absl::StrFormat("%04d-%02d-%02d", static_cast<int>(d.year()), d.month(), d.day());
}

std::string FormatInstant(absl::Time t) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", t, absl::UTCTimeZone());
}

Date Birthday(Date birth, int years) {
  return Date(birth.year() + years, birth.month(), birth.day());
}

int AgeOn(Date birth, Date on) {
  if (on < birth) return 0;
  int age = static_cast<int>(on.year() - birth.year());
  if (on < Birthday(birth, age)) --age;
  return age;
}

}  // namespace knooppunt::base
