// Why somebody may or may not (R19). Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_ACCESS_EXPLAIN_H_
#define KNOOPPUNT_SERVICES_ACCESS_EXPLAIN_H_

#include "absl/status/status.h"
#include "knooppunt/access/v1/access.pb.h"
#include "security/policy/authorized_call.h"
#include "security/policy/table.h"
#include "services/access/facts_store.h"

namespace knooppunt::access {

// Decides anew, without keys, and says the whole chain:
// - to the caller about their own access;
// - with a seat, to a family member about that professional's. It is decided over what this member
//   of the family may know (R18): what was not told to the family because that is unsafe (R15,
//   R20) is left out, here as in their log.
// NO_SUCH_SEAT, the same for a seat that is not there, that is not of a professional, and that is
// not for this caller to ask about.
absl::Status ExplainAccess(const policy::Table& table, FactsStore& facts,
                           const policy::AuthorizedCall& call, const v1::ExplainRequest& request,
                           v1::ExplainResponse* response);

}  // namespace knooppunt::access

#endif  // KNOOPPUNT_SERVICES_ACCESS_EXPLAIN_H_
