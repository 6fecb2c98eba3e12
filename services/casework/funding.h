// R36: every step that costs money names the law and budget that carry it, by the region's
// framework. Pure: no I/O and no clock. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_CASEWORK_FUNDING_H_
#define KNOOPPUNT_SERVICES_CASEWORK_FUNDING_H_

#include "absl/status/status.h"
#include "base/date.h"
#include "knooppunt/casework/v1/casework.pb.h"
#include "security/policy/framework.h"

namespace knooppunt::casework {

// What a step agreed on `on` commits, checked already for its shape, is carried by whom it says.
// The row with its version, and for the grey area the split that holds, are put into it and stay,
// also when the framework changes later. FAILED_PRECONDITION R36_FUNDING_DOES_NOT_FIT says who
// carries it. A step that commits nothing is left as it is.
absl::Status FundStep(const policy::Framework& framework, base::Date on, v1::Step* step);

}  // namespace knooppunt::casework

#endif  // KNOOPPUNT_SERVICES_CASEWORK_FUNDING_H_
