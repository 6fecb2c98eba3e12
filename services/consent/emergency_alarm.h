// Says aloud that emergency access was not reviewed in time (R20): a line in the unit's log at
// WARNING, a number and nothing about anybody. Thread-safe.
#ifndef KNOOPPUNT_SERVICES_CONSENT_EMERGENCY_ALARM_H_
#define KNOOPPUNT_SERVICES_CONSENT_EMERGENCY_ALARM_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "security/storage/database.h"

namespace knooppunt::consent {

class EmergencyAlarm {
 public:
  // Looks, and says so when reviews are overdue: at once when there are more than it said last,
  // else once an hour. Returns how many it spoke of; 0 when it was silent.
  absl::StatusOr<int64_t> Sound(storage::Database& database, absl::Time now);

 private:
  base::Mutex mu_;
  int64_t said_ ABSL_GUARDED_BY(mu_) = 0;
  absl::Time said_at_ ABSL_GUARDED_BY(mu_) = absl::InfinitePast();
};

}  // namespace knooppunt::consent

#endif  // KNOOPPUNT_SERVICES_CONSENT_EMERGENCY_ALARM_H_
