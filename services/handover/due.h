// What is to be followed up of a handover, by when and by whom (R26, R30). Pure: no I/O and no
// clock. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_HANDOVER_DUE_H_
#define KNOOPPUNT_SERVICES_HANDOVER_DUE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/date.h"
#include "services/handover/rules.h"

namespace knooppunt::handover {

// How `h` stands on `today` for who is on these sides. `row` is its kind's.
v1::DueHandover DueOf(const v1::Handover& h, const v1::HandoverKindRow& row, const Sides& sides,
                      base::Date today);
// Whether it ended: closed, returned or withdrawn. What expired waits to be put away.
bool HasEnded(HandoverState state);
// INVALID_ARGUMENT for a day or a name that cannot be.
absl::Status CheckFilter(const v1::DueFilter& filter);
bool Fits(const v1::DueFilter& filter, const v1::DueHandover& due);

// By day, and then by name; a token says after which, is bound to its filter and grants nothing.
std::string OrderKey(const v1::DueHandover& due);
std::string TokenAfter(absl::string_view key, const v1::DueFilter& filter);
// INVALID_ARGUMENT unless it was given out for this filter; "" for "".
absl::StatusOr<std::string> KeyOfToken(absl::string_view token, const v1::DueFilter& filter);

// How each werkplaats stands, by name, over all of these.
std::vector<v1::WerkplaatsDue> CountByWerkplaats(const std::vector<v1::DueHandover>& all);

}  // namespace knooppunt::handover

#endif  // KNOOPPUNT_SERVICES_HANDOVER_DUE_H_
