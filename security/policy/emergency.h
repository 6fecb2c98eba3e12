// Emergency access (break-glass, R20) as decisions see it: whose is open, and from when the family
// sees in its own log that there was one. Pure: no I/O and no clock. Thread-safe (no state).
#ifndef KNOOPPUNT_SECURITY_POLICY_EMERGENCY_H_
#define KNOOPPUNT_SECURITY_POLICY_EMERGENCY_H_

#include "absl/time/time.h"
#include "knooppunt/access/v1/access.pb.h"
#include "knooppunt/access/v1/facts.pb.h"

namespace knooppunt::policy {

// A parent who reads the same day that somebody looked into SAFETY may be a danger to the child:
// the family sees it after the review, and after this long whatever the officer did (R25).
inline constexpr absl::Duration kEmergencyHiddenFromFamily = absl::Hours(14 * 24);

// Begun, not ended, and not found unjustified. It ends by itself: nobody has to close it.
bool EmergencyOpen(const access::v1::EmergencyFact& emergency, absl::Time now);

// The open one of this caller: the same professional, organisation and function. Of several the
// one that lasts longest; nullptr when there is none. Points into `facts`.
const access::v1::EmergencyFact* OpenEmergencyOf(const access::v1::FamilyFacts& facts,
                                                 const access::v1::TokenClaims& claims,
                                                 absl::Time now);

// Records of emergency access from before this instant are the family's to see.
absl::Time EmergenciesShownBefore(const access::v1::FamilyFacts& facts, absl::Time now);

}  // namespace knooppunt::policy

#endif  // KNOOPPUNT_SECURITY_POLICY_EMERGENCY_H_
