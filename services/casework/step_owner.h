// A step goes to somebody who would see it (R5, R11): whatever gives a step an owner, or a later
// date, asks this before anything is written. Pure; no I/O and no clock. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_CASEWORK_STEP_OWNER_H_
#define KNOOPPUNT_SERVICES_CASEWORK_STEP_OWNER_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "knooppunt/access/v1/access.pb.h"
#include "security/policy/authorized_call.h"

namespace knooppunt::casework {

// FAILED_PRECONDITION unless who holds `owner_seat` would read what lies under `scope` if they
// asked now, as access decided about them with this call (Decision.parties). A seat about which
// nothing was decided would not. The answer is one sentence, whatever it is that does not open the
// label: the caller reads the step, and learns that this seat does not, never of which consent
// (R18).
absl::Status CheckOwnerReads(const access::v1::Decision& decision, absl::string_view owner_seat,
                             absl::string_view scope);
// The same for a step that is yet to be stored, under the `label_index`-th label of the call.
absl::Status CheckOwnerWillRead(const policy::AuthorizedCall& call, absl::string_view owner_seat,
                                int label_index);

}  // namespace knooppunt::casework

#endif  // KNOOPPUNT_SERVICES_CASEWORK_STEP_OWNER_H_
