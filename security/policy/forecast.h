// What will stop by itself, when and why, and what somebody has to do about it (R1, R14, R16).
// Pure: asks the consent rules about the few days on which an answer can change, not about every
// day. Thread-safe (no state).
#ifndef KNOOPPUNT_SECURITY_POLICY_FORECAST_H_
#define KNOOPPUNT_SECURITY_POLICY_FORECAST_H_

#include <optional>
#include <string>

#include "base/date.h"
#include "knooppunt/access/v1/access.pb.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "security/policy/engine.h"
#include "security/policy/table.h"
#include "security/policy/who_must_agree.h"

namespace knooppunt::policy {

struct FutureLapse {
  base::Date date;           // first day on which it no longer holds
  base::Date announce_date;  // kAnnounceDays earlier
  access::v1::LapseCause cause = access::v1::LAPSE_CAUSE_UNSPECIFIED;
  std::string person;  // whose birthday or gezag; "" for an end date
  // Who must sign for it to go on and has not, and what is vacant on that day. For an end date:
  // everybody who must sign the next consent.
  Agreement missing;
};

// When a consent that is in force on `today` stops by itself; nothing when it is not in force.
// Signatures that are still to come are not foreseen.
std::optional<FutureLapse> NextLapse(const Table& table, const access::v1::FamilyFacts& facts,
                                     const access::v1::ConsentFact& consent, base::Date today);

// The day on which planning for adulthood starts, 17 and a half (R16): six months after the 17th
// birthday, or the first day after it that exists.
base::Date PlanAdulthoodFrom(base::Date birth);
// Whether `on` lies between that day and the 18th birthday. False for an unreadable birth date.
bool PlansAdulthood(const access::v1::PersonFact& person, base::Date on);

}  // namespace knooppunt::policy

#endif  // KNOOPPUNT_SECURITY_POLICY_FORECAST_H_
