// From which age what is about a youth is the youth's alone, and not for who holds gezag (R18): the
// policy's reads_alone rows. Pure; thread-safe.
#ifndef KNOOPPUNT_SECURITY_POLICY_READS_ALONE_H_
#define KNOOPPUNT_SECURITY_POLICY_READS_ALONE_H_

#include <vector>

#include "knooppunt/access/v1/facts.pb.h"
#include "knooppunt/common/v1/types.pb.h"
#include "security/policy/table.h"

namespace knooppunt::policy {

// Age in whole years; 0, and so always, where the policy says nothing.
int ReadsAloneFrom(const Table& table, const common::v1::Label& label);

// Whether what is under `label` and about `youth`, of `age`, is closed to who holds gezag over
// them. Not of a youth who cannot weigh the matter: their representative reads (R11).
bool ReadsAlone(const Table& table, const common::v1::Label& label,
                const access::v1::PersonFact& youth, int age);

// The compartments of which, under any regime, something about `youth` of `age` is closed to who
// holds gezag over them; sorted.
std::vector<common::v1::Compartment> CompartmentsReadAlone(const Table& table,
                                                           const access::v1::PersonFact& youth,
                                                           int age);

}  // namespace knooppunt::policy

#endif  // KNOOPPUNT_SECURITY_POLICY_READS_ALONE_H_
