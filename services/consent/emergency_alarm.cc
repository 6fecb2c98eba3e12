#include "services/consent/emergency_alarm.h"

#include <algorithm>

#include "base/log.h"
#include "base/status.h"
#include "services/consent/emergency_store.h"

namespace knooppunt::consent {
namespace {

constexpr absl::Duration kRepeat = absl::Hours(1);

}  // namespace

absl::StatusOr<int64_t> EmergencyAlarm::Sound(storage::Database& database, absl::Time now) {
  int64_t overdue = 0;
  KP_RETURN_IF_ERROR(database.Read([&](storage::ReadTx& tx) -> absl::Status {
    KP_ASSIGN_OR_RETURN(overdue, CountOverdueReviews(tx, now));
    return absl::OkStatus();
  }));
  base::MutexLock lock(mu_);
  const bool more = overdue > said_;
  if (overdue == 0 || (!more && now < said_at_ + kRepeat)) {
    said_ = std::min(said_, overdue);
    return 0;
  }
  said_ = overdue;
  said_at_ = now;
  base::Log(base::Severity::kWarning, "emergency access not reviewed in time",
            {{"rule", "R20"}, {"overdue", overdue}});
  return overdue;
}

}  // namespace knooppunt::consent
