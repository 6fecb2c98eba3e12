#include "security/policy/emergency.h"

#include <algorithm>

namespace knooppunt::policy {

using access::v1::EmergencyFact;

bool EmergencyOpen(const EmergencyFact& emergency, absl::Time now) {
  const int64_t t = absl::ToUnixSeconds(now);
  const bool rejected = emergency.review_time() != 0 && !emergency.justified();
  return !rejected && emergency.start_time() <= t && t < emergency.end_time();
}

const EmergencyFact* OpenEmergencyOf(const access::v1::FamilyFacts& facts,
                                     const access::v1::TokenClaims& claims, absl::Time now) {
  const EmergencyFact* found = nullptr;
  for (const EmergencyFact& e : facts.emergencies()) {
    if (e.professional() != claims.subject() || e.organisation() != claims.organisation() ||
        e.function() != claims.function() || !EmergencyOpen(e, now)) {
      continue;
    }
    if (found == nullptr || e.end_time() > found->end_time()) found = &e;
  }
  return found;
}

absl::Time EmergenciesShownBefore(const access::v1::FamilyFacts& facts, absl::Time now) {
  absl::Time reviewed = absl::InfinitePast();
  absl::Time waiting = absl::InfiniteFuture();
  for (const EmergencyFact& e : facts.emergencies()) {
    if (e.review_time() == 0) {
      waiting = std::min(waiting, absl::FromUnixSeconds(e.start_time()));
    } else {
      // The record of the review itself is of that second.
      reviewed = std::max(reviewed, absl::FromUnixSeconds(e.review_time() + 1));
    }
  }
  return std::max(now - kEmergencyHiddenFromFamily, std::min(reviewed, waiting));
}

}  // namespace knooppunt::policy
