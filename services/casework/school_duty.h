// Compulsory school age as data (R34, Leerplichtwet 1969), and who is out of school. Pure; no I/O
// and no clock. Thread-safe (immutable once made).
#ifndef KNOOPPUNT_SERVICES_CASEWORK_SCHOOL_DUTY_H_
#define KNOOPPUNT_SERVICES_CASEWORK_SCHOOL_DUTY_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/date.h"
#include "knooppunt/casework/v1/out_of_school.pb.h"

namespace knooppunt::casework {

// services/casework/school_duty.textproto as it was when this was built.
extern const char kSchoolDutyText[];

class SchoolDuty {
 public:
  // INVALID_ARGUMENT names the row, its fault and what to do: an id that stands once, a source, a
  // bound at both sides, and an end after its beginning; rows by age, none overlapping another.
  static absl::StatusOr<SchoolDuty> Parse(absl::string_view textproto);
  static absl::StatusOr<SchoolDuty> BuiltIn() { return Parse(kSchoolDutyText); }

  const v1::DutyTable& table() const { return table_; }
  // First day of a row for somebody born on `birth`, and the first day on which it is over.
  base::Date From(const v1::DutyRow& row, base::Date birth) const;
  base::Date Until(const v1::DutyRow& row, base::Date birth) const;
  // The row that obliges somebody born on `birth` on `on`; nullptr when none does.
  struct Pupil {
    base::Date birth;
    bool qualified = false;  // holds a basic qualification (startkwalificatie)
  };
  const v1::DutyRow* On(const Pupil& pupil, base::Date on) const;

  // R34. The row on which the child is out of school on `today`: of compulsory age, and not
  // enrolled or absent for as long as the table says; ill beyond doubt is none. Points into the
  // table. INVALID_ARGUMENT for a first day that cannot be; FAILED_PRECONDITION says which part of
  // the definition does not hold.
  struct Absence {
    Pupil pupil;
    base::Date since;
    bool enrolled = false;
    bool ill_beyond_doubt = false;
  };
  absl::StatusOr<const v1::DutyRow*> OutOfSchool(const Absence& absence, base::Date today) const;

 private:
  explicit SchoolDuty(v1::DutyTable table) : table_(std::move(table)) {}
  base::Date Bound(v1::DutyBound bound, base::Date birth, int age) const;

  v1::DutyTable table_;
};

}  // namespace knooppunt::casework

#endif  // KNOOPPUNT_SERVICES_CASEWORK_SCHOOL_DUTY_H_
