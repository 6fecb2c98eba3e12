// Which grounds a member of the family knows of (R15, R18). Pure; thread-safe (no state).
#ifndef KNOOPPUNT_SECURITY_POLICY_GROUND_SIGHT_H_
#define KNOOPPUNT_SECURITY_POLICY_GROUND_SIGHT_H_

#include "absl/strings/string_view.h"
#include "base/date.h"
#include "knooppunt/access/v1/facts.pb.h"

namespace knooppunt::policy {

// Whether `person` of the family knows of `ground` on that day: it is wholly about themselves and
// children whose file they may read, and the family was told of it or the review was held.
bool GroundShowsTo(const access::v1::FamilyFacts& facts, const access::v1::GroundFact& ground,
                   absl::string_view person, base::Date on);

}  // namespace knooppunt::policy

#endif  // KNOOPPUNT_SECURITY_POLICY_GROUND_SIGHT_H_
