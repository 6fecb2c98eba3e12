// Who would gain and who would lose, over every family that access knows: counts, never ids.
// Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_ACCESS_SIMULATE_H_
#define KNOOPPUNT_SERVICES_ACCESS_SIMULATE_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "knooppunt/access/v1/access.pb.h"
#include "security/policy/table.h"
#include "services/access/facts_store.h"

namespace knooppunt::access {

struct SimulateOptions {
  std::shared_ptr<const policy::Table> in_force;
  FactsStore* facts = nullptr;         // not owned
  const base::Clock* clock = nullptr;  // not owned
  absl::Time now;                      // of the call
  // Bounds of one question, for tests to lower.
  int64_t max_families = 0;  // 0: limits::kMaxSimulatedFamilies
};

// Families are read a page at a time, so that serving goes on. POLICY_REFUSED for a policy that
// would be refused when it is loaded; NO_SUCH_DAY; NOTHING_CHANGES when the question changes
// nothing; TOO_MANY_FAMILIES and SIMULATION_TOO_LONG at the bounds: a count of a part would be
// taken for a count of all.
absl::Status Simulate(const SimulateOptions& options, const v1::SimulateRequest& request,
                      v1::SimulateResponse* response);

}  // namespace knooppunt::access

#endif  // KNOOPPUNT_SERVICES_ACCESS_SIMULATE_H_
