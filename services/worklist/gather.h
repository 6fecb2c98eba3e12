// What stands on the worklists of all families within reach, in order. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_WORKLIST_GATHER_H_
#define KNOOPPUNT_SERVICES_WORKLIST_GATHER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "security/policy/authorized_call.h"
#include "security/storage/database.h"
#include "services/worklist/rules.h"

namespace knooppunt::worklist {

struct Placed {
  std::string key;  // OrderKey
  Line line;
  const policy::AuthorizedCall* call = nullptr;  // of its family; not owned
};

// Two rows of the store a family, however many items it has; no item is opened. In worklist.cc.
absl::StatusOr<std::vector<Placed>> Gather(const std::vector<policy::AuthorizedCall>& all,
                                           storage::ReadTx& tx, const v1::WorklistFilter& filter);

// Puts the words of its step into an entry that is shown: what is shown is opened, and nothing
// else.
absl::Status AddWords(storage::ReadTx& tx, const Placed& placed, v1::Entry* entry);

}  // namespace knooppunt::worklist

#endif  // KNOOPPUNT_SERVICES_WORKLIST_GATHER_H_
