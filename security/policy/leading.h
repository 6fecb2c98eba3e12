// Who leads a case at an instant: exactly one while it is active, whatever ended and whoever left
// (R1, R16, R37; doc/decisions/0017). In this order: the appointed regisseur while seat, function
// or gezag and access hold; the named stand-in, while they work there; whoever of the organisation
// that answers for the case sits at the table; and that organisation by its function, for which the
// contact of the werkplaats acts. Pure: no I/O and no clock. Thread-safe (no state).
#ifndef KNOOPPUNT_SECURITY_POLICY_LEADING_H_
#define KNOOPPUNT_SECURITY_POLICY_LEADING_H_

#include <functional>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "base/date.h"
#include "knooppunt/access/v1/access.pb.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "security/policy/engine.h"
#include "security/policy/table.h"

namespace knooppunt::policy {

// Whether an organisation may read something of the case at the table.
using Reads = std::function<bool(const std::string& organisation)>;

// The same from the facts: as the werkplaats, or by a consent or ground in force for coordination.
bool MayReadCase(const Table& table, const access::v1::FamilyFacts& facts,
                 const access::v1::CaseFact& c, const std::string& organisation, base::Date today);

// LEAD_KIND_UNSPECIFIED while the case has no open term. `world.facts` is set. The stand-in leads
// also when their organisation may read nothing: it is responsible then, and sees no more than that
// (responsibility.h).
access::v1::Leader LeaderOf(const Table& table, const World& world, const access::v1::CaseFact& c,
                            absl::Time now);
access::v1::Leader LeaderOf(const Table& table, const World& world, const access::v1::CaseFact& c,
                            absl::Time now, const Reads& reads);
// The leader of the one case with an open term; unset fields when there is none.
access::v1::Leader LeaderOfFamily(const Table& table, const World& world, absl::Time now);

// The seat of who leads; "" while the case has nobody, or is held by function.
std::string RegisseurSeat(const Table& table, const World& world, const access::v1::CaseFact& c,
                          absl::Time now);

// Whether the caller acts for the organisation that holds the case by function: its contact, or
// anybody of it when it has none left. Their function is for the policy's rows to judge.
bool ActsByFunction(const access::v1::Leader& leader, const access::v1::TokenClaims& claims);

// Whether the family's active case would have nobody left who was named to lead it, once this
// professional works no more for the organisation: they are one of the two and the other is gone.
bool LeftAlone(const Table& table, const World& world, const std::string& professional,
               const std::string& organisation, absl::Time now);

// The first day from `today` on at which the professional of this seat no longer holds its
// function, or on which the seat itself ends, as far as that is settled; nothing while it is open.
std::optional<base::Date> SettledEnd(const World& world, const access::v1::Seat& seat,
                                     base::Date today);

}  // namespace knooppunt::policy

#endif  // KNOOPPUNT_SECURITY_POLICY_LEADING_H_
