// Calendar dates as the law counts them: civil days in Europe/Amsterdam.
// On the wire a date is ISO 8601, "2026-11-22". Thread-safe (no state).
#ifndef KNOOPPUNT_BASE_DATE_H_
#define KNOOPPUNT_BASE_DATE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace knooppunt::base {

using Date = absl::CivilDay;

// Europe/Amsterdam; the process ends at first use if the zone database lacks it.
absl::TimeZone Amsterdam();

Date DateOf(absl::Time t);
// The first instant of `d` in Amsterdam.
absl::Time StartOf(Date d);

// INVALID_ARGUMENT unless `iso` is exactly YYYY-MM-DD and that day exists.
absl::StatusOr<Date> ParseDate(absl::string_view iso);
std::string FormatDate(Date d);

// RFC 3339 in UTC, whole seconds: "2026-11-22T09:00:00Z".
std::string FormatInstant(absl::Time t);

// The day on which somebody born on `birth` turns `years`. Somebody born on
// 29 February turns in other years on 1 March (art. 1:1 Algemene termijnenwet
// does not move it; Dutch practice counts the day after 28 February).
Date Birthday(Date birth, int years);
// Whole years old on `on`; 0 before birth.
int AgeOn(Date birth, Date on);

}  // namespace knooppunt::base

#endif  // KNOOPPUNT_BASE_DATE_H_
