#include "services/casework/school_duty.h"

#include <set>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "google/protobuf/text_format.h"
#include "services/casework/errors.h"
#include "services/dossier/errors.h"

namespace knooppunt::casework {
namespace {

constexpr int kOldestAge = 30;
constexpr int kMonths = 12;

absl::Status Fault(absl::string_view row, absl::string_view what, absl::string_view to_do) {
  return absl::InvalidArgumentError(
      absl::StrCat("school duty, '", row, "': ", what, " (R34); ", to_do));
}

bool IsBound(v1::DutyBound bound) {
  return bound != v1::DUTY_BOUND_UNSPECIFIED && v1::DutyBound_IsValid(bound);
}

absl::Status CheckRow(const v1::DutyRow& row, std::set<std::string>* ids) {
  if (row.id().empty() || !ids->insert(row.id()).second) {
    return Fault(row.id(), "has no id, or one that stands twice", "give it a word of its own");
  }
  if (absl::StripAsciiWhitespace(row.source()).empty()) {
    return Fault(row.id(), "has no source", "name the article of law");
  }
  if (!IsBound(row.from_bound()) || !IsBound(row.until_bound())) {
    return Fault(row.id(), "does not say on which day", "set from_bound and until_bound");
  }
  if (row.from_age() < 0 || row.until_age() <= row.from_age() || row.until_age() > kOldestAge) {
    return Fault(row.id(), "holds for no age", "let until_age be above from_age");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<SchoolDuty> SchoolDuty::Parse(absl::string_view textproto) {
  v1::DutyTable table;
  if (!google::protobuf::TextFormat::ParseFromString(std::string(textproto), &table)) {
    return absl::InvalidArgumentError("school duty: the text is not a DutyTable");
  }
  if (table.school_year_month() < 1 || table.school_year_month() > kMonths) {
    return Fault("school_year_month", "is no month", "set it from 1 to 12");
  }
  if (table.absent_days() < 1 || absl::StripAsciiWhitespace(table.absent_source()).empty()) {
    return Fault("absent_days", "has no number or no source", "set both");
  }
  if (table.rows().empty()) return Fault("rows", "there are none", "add one");
  std::set<std::string> ids;
  const SchoolDuty duty(table);
  const base::Date birth(2012, 2, 29);  // any; the order is the same for all
  for (int i = 0; i < table.rows_size(); ++i) {
    const v1::DutyRow& row = table.rows(i);
    KP_RETURN_IF_ERROR(CheckRow(row, &ids));
    if (i > 0 && duty.From(row, birth) < duty.Until(table.rows(i - 1), birth)) {
      return Fault(row.id(), "begins before the row above it ends",
                   "let one begin where the other ends");
    }
  }
  return duty;
}

base::Date SchoolDuty::Bound(v1::DutyBound bound, base::Date birth, int age) const {
  const base::Date day = base::Birthday(birth, age);
  switch (bound) {
    case v1::DUTY_BOUND_NEXT_MONTH:
      return base::Date(absl::CivilMonth(day) + 1);
    case v1::DUTY_BOUND_AFTER_SCHOOL_YEAR: {
      const base::Date starts(day.year(), table_.school_year_month(), 1);
      return day < starts ? starts : base::Date(day.year() + 1, table_.school_year_month(), 1);
    }
    default:
      return day;
  }
}

base::Date SchoolDuty::From(const v1::DutyRow& row, base::Date birth) const {
  return Bound(row.from_bound(), birth, row.from_age());
}

base::Date SchoolDuty::Until(const v1::DutyRow& row, base::Date birth) const {
  return Bound(row.until_bound(), birth, row.until_age());
}

const v1::DutyRow* SchoolDuty::On(const Pupil& pupil, base::Date on) const {
  for (const v1::DutyRow& row : table_.rows()) {
    if (row.ends_with_qualification() && pupil.qualified) continue;
    if (From(row, pupil.birth) <= on && on < Until(row, pupil.birth)) return &row;
  }
  return nullptr;
}

absl::StatusOr<const v1::DutyRow*> SchoolDuty::OutOfSchool(const Absence& absence,
                                                           base::Date today) const {
  if (absence.since > today || absence.since < absence.pupil.birth) {
    return dossier::errors::InvalidField("absence.since_date",
                                         "be a day since the child's birth, not after today");
  }
  if (absence.ill_beyond_doubt) return errors::IllBeyondDoubt();
  const v1::DutyRow* row = On(absence.pupil, today);
  if (row == nullptr) return errors::NotOfCompulsoryAge();
  if (absence.enrolled && today - absence.since < table_.absent_days()) {
    return errors::NotYetFourWeeks();
  }
  return row;
}

}  // namespace knooppunt::casework
