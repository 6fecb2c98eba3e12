// The rules of emergency access (break-glass, R20): pure functions over the facts of a family.
// Whether one lets a call through is decided by access (security/policy/emergency.h): these rules
// say what may be opened, and who may review it. No I/O, no clock. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_CONSENT_EMERGENCY_RULES_H_
#define KNOOPPUNT_SERVICES_CONSENT_EMERGENCY_RULES_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "knooppunt/access/v1/access.pb.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "knooppunt/consent/v1/consent.pb.h"

namespace knooppunt::consent {

using access::v1::EmergencyFact;

// A step of the Meldcode, hours, and a reason that says something. INVALID_ARGUMENT.
absl::Status CheckOpening(const v1::OpenEmergencyRequest& asked);
// FAILED_PRECONDITION while one of this professional is open, in whatever function; and
// RESOURCE_EXHAUSTED at the caps: `opened_lately` by this professional in the last 24 hours, of
// all families.
absl::Status MayOpen(const access::v1::FamilyFacts& facts, absl::string_view professional,
                     int64_t opened_lately, absl::Time now);
// The fact of a checked opening. It opens every compartment that the policy has for it.
EmergencyFact Opened(const v1::OpenEmergencyRequest& asked, const access::v1::TokenClaims& who,
                     absl::string_view id, absl::Time now);

EmergencyFact* MutableEmergency(access::v1::FamilyFacts* facts, absl::string_view id);

struct Finding {
  absl::string_view reviewer;  // "professionals/{id}"
  bool justified = false;
  absl::string_view outcome;
};
// Reviews it: once, by another than who opened it. What is found unjustified ends at once.
absl::Status Review(const Finding& finding, absl::Time now, EmergencyFact* emergency);

// Waits for a review that should have been there.
bool ReviewOverdue(const EmergencyFact& emergency, absl::Time now);

}  // namespace knooppunt::consent

#endif  // KNOOPPUNT_SERVICES_CONSENT_EMERGENCY_RULES_H_
