// Merging facts: pure. A snapshot replaces the older one, but what only grows never
// shrinks: signatures and withdrawals in part stay, a wording that was replaced does not come
// back, what a consent names never grows, a ground that stopped stays stopped, a seat that ended
// stays ended, an escalation that ended stays ended and names nobody else, an emergency access
// stays, with its review and its earliest end; and a copy of an older revision undoes no end of
// gezag or of a seat, and no correction of a birth date. So newer withdrawals and reviews stay in
// force when an older copy of a unit was put back.
#ifndef KNOOPPUNT_SERVICES_ACCESS_RULES_H_
#define KNOOPPUNT_SERVICES_ACCESS_RULES_H_

#include "knooppunt/access/v1/facts.pb.h"

namespace knooppunt::access {

v1::FamilyFacts MergeFacts(const v1::FamilyFacts& known, v1::FamilyFacts incoming);

}  // namespace knooppunt::access

#endif  // KNOOPPUNT_SERVICES_ACCESS_RULES_H_
