// What others may learn of a professional to decide about them: functions and mandates, as far as
// they hold (R6). Pure: no I/O and no clock. Thread-safe (no state).
#ifndef KNOOPPUNT_SECURITY_POLICY_MANDATE_RULES_H_
#define KNOOPPUNT_SECURITY_POLICY_MANDATE_RULES_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/date.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "security/policy/engine.h"

namespace knooppunt::policy {

// `professional` without login and own accounts. A delegated mandate holds no longer than the one
// it comes from, and ends when the holder of that one no longer works there on `today`: it is
// looked up in `world` and cut to that period, whatever its own record says.
access::v1::ProfessionalFacts AsReferred(const World& world,
                                         const access::v1::ProfessionalFacts& professional,
                                         base::Date today);

// What a decision on `permission` brings along of who sits at the table of `world.facts`, so
// that a case shows whose seat has ended with their employment, who leads (R1) and which
// mandates hold (R6). Reading, appointing and deputising: the professionals whose seats are open
// (joined or invited) at the case named, or the newest. Listing: of each case the regisseur
// only. Any other permission: none. Each professional once, in the order of seats: name, the
// functions they sit in, ended ones included, and the mandates that hold on that day for the
// organisations they sit for. One whom the directory does not know has a name only.
std::vector<access::v1::ProfessionalFacts> TableFor(absl::string_view permission,
                                                    const World& world, absl::string_view case_id,
                                                    absl::Time now);

}  // namespace knooppunt::policy

#endif  // KNOOPPUNT_SECURITY_POLICY_MANDATE_RULES_H_
