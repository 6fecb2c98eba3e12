// What others would read of the meetings of a case if they asked now: for who plans a meeting and
// asks, before an invitation shows anything, who would see what (R11-R13). Each is decided about as
// if they asked themselves (P4). Pure; thread-safe (no state).
#ifndef KNOOPPUNT_SECURITY_POLICY_PARTIES_H_
#define KNOOPPUNT_SECURITY_POLICY_PARTIES_H_

#include <string>
#include <vector>

#include "knooppunt/access/v1/access.pb.h"
#include "security/policy/engine.h"

namespace knooppunt::policy {

// A professional whom the call names, as if they were invited to the table for this organisation.
struct NamedParty {
  std::string professional;  // "professionals/{id}", or ""
  std::string organisation;  // "organisations/{id}"
};

// Only for "meeting.arrange"; else nothing. One for each open seat of the case, for each person of
// the family, and for each function in which the named professional would come. A person without an
// account is refused as "no-account": they cannot read here, and are told in another way.
std::vector<access::v1::PartySight> PartiesFor(const Table& table, const World& world,
                                               const Question& asked, const NamedParty& named);

}  // namespace knooppunt::policy

#endif  // KNOOPPUNT_SECURITY_POLICY_PARTIES_H_
