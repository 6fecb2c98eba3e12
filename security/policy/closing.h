// A werkplaats that closes (R27): from the day on nothing is offered to it any more, and what it
// has stays where it is until it is handed over. Pure: no I/O and no clock. Thread-safe (no state).
#ifndef KNOOPPUNT_SECURITY_POLICY_CLOSING_H_
#define KNOOPPUNT_SECURITY_POLICY_CLOSING_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "base/date.h"
#include "knooppunt/access/v1/access.pb.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "security/policy/engine.h"

namespace knooppunt::policy {

// Whether a close date (ISO, "" for none) has come by `today`.
bool ClosedBy(absl::string_view close_date, base::Date today);

// Whether "werkplaatsen/{id}" is closed on that day. What the directory does not know is not.
bool WerkplaatsClosed(const World& world, absl::string_view werkplaats, base::Date today);

// Whether all that is offered to an organisation at a case is offered to werkplaatsen that have
// closed: who sat there to receive sits there no more, as after the day on which an offer expires.
// False where nothing is offered to it.
bool OffersClosed(const World& world, const access::v1::CaseFact& c, absl::string_view organisation,
                  base::Date today);

// Which of the werkplaatsen of the family's cases and running handovers close, or have closed, each
// once. `world.facts` may be null.
std::vector<access::v1::ClosingWerkplaats> ClosingOf(const World& world);

}  // namespace knooppunt::policy

#endif  // KNOOPPUNT_SECURITY_POLICY_CLOSING_H_
