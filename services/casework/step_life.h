// The rules of a step after it was agreed: evaluated with the family, carried over, given to
// another owner, dropped (R5, R9, R16). Pure; no I/O and no clock. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_CASEWORK_STEP_LIFE_H_
#define KNOOPPUNT_SERVICES_CASEWORK_STEP_LIFE_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "knooppunt/casework/v1/meeting.pb.h"
#include "knooppunt/casework/v1/step.pb.h"
#include "knooppunt/casework/v1/step_service.pb.h"

namespace knooppunt::casework {

// Who acts on a step, at a table, now.
struct StepActor {
  const access::v1::FamilyFacts& facts;
  const access::v1::CaseFact& c;
  const access::v1::Seat& by;  // a joined seat of the case
  absl::Time now;
};

// A step that is DONE gets its one evaluation: in the words of a family member at the table, by
// themselves, or written down by the owner or who leads the case.
absl::Status EvaluateStep(v1::Step* step, const v1::EvaluateStepRequest& req,
                          const StepActor& actor);

// A step that binds or is proposed goes to a later date, by its owner or who leads the case; the
// dates it had stay. It is agreed anew, so its owner sits at the table still: else it is given to
// somebody who does first (R5). `meeting` is the one that is named, or nullptr: still to be held,
// and not after the new date.
absl::Status CarryOverStep(v1::Step* step, const v1::CarryOverStepRequest& req,
                           const v1::Meeting* meeting, const StepActor& actor);

// A step that binds or is proposed gets another owner, who sits at the table, by its owner or who
// leads the case; the owners it had stay on record. Who receives a handover may become one: at
// acceptance they stay (R16). What it commits stays as it was bound (R6).
absl::Status ReassignStep(v1::Step* step, const v1::ReassignStepRequest& req,
                          const StepActor& actor);

// BINDING or PROPOSED becomes DROPPED, by its owner or who leads the case, with the reason.
absl::Status DropStep(v1::Step* step, const v1::DropStepRequest& req, const StepActor& actor);

}  // namespace knooppunt::casework

#endif  // KNOOPPUNT_SERVICES_CASEWORK_STEP_LIFE_H_
