// Who is responsible once the regisseur's access has gone and the stand-in has none (R1, R16).
// Pure: no I/O and no clock. Thread-safe (no state).
#ifndef KNOOPPUNT_SECURITY_POLICY_RESPONSIBILITY_H_
#define KNOOPPUNT_SECURITY_POLICY_RESPONSIBILITY_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "security/policy/engine.h"
#include "security/policy/table.h"

namespace knooppunt::policy {

// "organisations/{id}" of the stand-in, when a birthday, a withdrawal or an end took away the
// regisseur's access and that organisation may read nothing of the case itself: neither as the
// werkplaats, nor by a consent or ground. And the organisation that answers for the case, while it
// holds the case by function because nobody who was named is left (leading.h). "" while anybody who
// leads has access, and for a case that is not active.
std::string ResponsibleOrganisation(const Table& table, const World& world,
                                    const access::v1::CaseFact& c, absl::Time now);

// Unix seconds since when that organisation is responsible without interruption; 0 when none is.
// Not before the regisseur was appointed. A wording that was replaced counts as never signed, for
// the facts do not say when that was.
int64_t ResponsibleSince(const Table& table, const World& world, const access::v1::CaseFact& c,
                         absl::Time now);

}  // namespace knooppunt::policy

#endif  // KNOOPPUNT_SECURITY_POLICY_RESPONSIBILITY_H_
