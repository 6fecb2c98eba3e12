// What tests of a whole region look at: records in outboxes and the work of a call.
#ifndef KNOOPPUNT_TESTS_INTEGRATION_REGION_TESTING_H_
#define KNOOPPUNT_TESTS_INTEGRATION_REGION_TESTING_H_

#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/status_testing.h"
#include "tests/integration/region.h"

namespace knooppunt::integration {

MATCHER_P2(Fails, code, reason, "") {
  const absl::Status& s = ::knooppunt::testing::GetStatus(arg);
  *result_listener << s.ToString() << ", reason " << base::ReasonOf(s);
  return s.code() == code && base::ReasonOf(s) == reason;
}

inline auto Refused() { return Fails(absl::StatusCode::kPermissionDenied, "REFUSED"); }

// The audit records of `unit` after `position`.
inline std::vector<storage::OutboxEntry> RecordsAfter(Region& region, const std::string& unit,
                                                      int64_t position) {
  std::vector<storage::OutboxEntry> records;
  for (;;) {
    const auto batch = region.database(unit).ReadOutbox(position, 256);
    Require(batch.status(), "read the outbox");
    if (batch->empty()) return records;
    for (const storage::OutboxEntry& e : *batch) {
      if (e.kind == storage::OutboxKind::kAudit) records.push_back(e);
    }
    position = batch->back().seq;
  }
}

// The records that `unit` made while `act` ran.
inline std::vector<storage::OutboxEntry> RecordsOf(Region& region, const std::string& unit,
                                                   const std::function<void()>& act) {
  const int64_t before = region.database(unit).position();
  act();
  return RecordsAfter(region, unit, before);
}

}  // namespace knooppunt::integration

#endif  // KNOOPPUNT_TESTS_INTEGRATION_REGION_TESTING_H_
