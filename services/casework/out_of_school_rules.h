// The rules of children out of school (R34): the states of the way back, and what a report and a
// change of state must say. Pure; no I/O and no clock. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_CASEWORK_OUT_OF_SCHOOL_RULES_H_
#define KNOOPPUNT_SERVICES_CASEWORK_OUT_OF_SCHOOL_RULES_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "base/date.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "knooppunt/casework/v1/out_of_school.pb.h"
#include "knooppunt/casework/v1/out_of_school_service.pb.h"
#include "services/casework/school_duty.h"

namespace knooppunt::casework {

struct OutOfSchoolTransition {
  v1::OutOfSchoolState from;
  v1::OutOfSchoolState to;
};
// The whole state machine; what stands nowhere is refused.
absl::Span<const OutOfSchoolTransition> OutOfSchoolTransitions();
// Back at school, or ended otherwise.
bool IsOver(v1::OutOfSchoolState state);

// The record that a report makes: in the state REPORTED, on the row of the table that obliges the
// child; name, label and first change are left to the handler. INVALID_ARGUMENT names the field;
// FAILED_PRECONDITION when R34's definition does not hold.
absl::StatusOr<v1::OutOfSchool> ReportedAbsence(const SchoolDuty& duty,
                                                const v1::ReportOutOfSchoolRequest& req,
                                                const access::v1::FamilyFacts& facts,
                                                const access::v1::CaseFact& c, base::Date today);

// Brings `absence` in the next state: the table has a row, the text says how, and the day is no
// earlier than that of the state before and not after today. Time and author of the change are
// left to the handler.
absl::Status Advance(v1::OutOfSchool* absence, const v1::AdvanceOutOfSchoolRequest& req,
                     base::Date today);

}  // namespace knooppunt::casework

#endif  // KNOOPPUNT_SERVICES_CASEWORK_OUT_OF_SCHOOL_RULES_H_
