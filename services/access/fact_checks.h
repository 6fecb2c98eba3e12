// What a snapshot of a family must satisfy before access decides on it, whoever sent it: pure. The
// owning unit checks the same and more before it saves; this is for a unit that is broken, or
// not what it says it is. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_ACCESS_FACT_CHECKS_H_
#define KNOOPPUNT_SERVICES_ACCESS_FACT_CHECKS_H_

#include "absl/status/status.h"
#include "knooppunt/access/v1/facts.pb.h"

namespace knooppunt::access {

// FAILED_PRECONDITION CONTRADICTORY_FACTS, saying what in words of ours, unless: nothing shares an
// id; at most one case is not closed; an active case has one open term of a regisseur, the last,
// and others none (R1); a term is of a seat at that table; every state, role, compartment, purpose
// and regime is one that is known here; and the id of every scope is that of its label, so that no
// key opens under another label than it was made for (R38, P6).
absl::Status CheckFamilyFacts(const v1::FamilyFacts& facts);

}  // namespace knooppunt::access

#endif  // KNOOPPUNT_SERVICES_ACCESS_FACT_CHECKS_H_
