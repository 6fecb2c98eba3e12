// The time, passed in and never taken: code below main() asks a Clock.
// Implementations are thread-safe.
#ifndef KNOOPPUNT_BASE_CLOCK_H_
#define KNOOPPUNT_BASE_CLOCK_H_

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/mutex.h"

namespace knooppunt::base {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
};

class SystemClock final : public Clock {
 public:
  absl::Time Now() const override { return absl::Now(); }
};

// A clock that stands still until told. For tests and simulations.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(absl::Time now) : now_(now) {}
  absl::Time Now() const override {
    MutexLock lock(mu_);
    return now_;
  }
  void Set(absl::Time now) {
    MutexLock lock(mu_);
    now_ = now;
  }
  void Advance(absl::Duration by) {
    MutexLock lock(mu_);
    now_ += by;
  }

 private:
  mutable Mutex mu_;
  absl::Time now_ ABSL_GUARDED_BY(mu_);
};

}  // namespace knooppunt::base

#endif  // KNOOPPUNT_BASE_CLOCK_H_
