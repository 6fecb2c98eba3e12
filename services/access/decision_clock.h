// The time of decisions, which never goes back: only access's clock decides about dates, so a
// clock that was put back would bring back every consent, seat and login that has ended. The
// latest time that was decided at or that facts were applied at is kept, in memory at once, and in
// the database with each fact and on each new day, so that a restart does not forget it.
//
// Behind by no more than kToleratedStepBack (a step of a time server) decisions are made as of the
// latest time; behind by more none is made at all until the clock is right, with a line in the log.
// If it was wrong before and is right now, the operator starts access once with
// --new-incarnation=access, which is logged, and the latest time is forgotten.
//
// Thread-safe.
#ifndef KNOOPPUNT_SERVICES_ACCESS_DECISION_CLOCK_H_
#define KNOOPPUNT_SERVICES_ACCESS_DECISION_CLOCK_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "security/storage/database.h"

namespace knooppunt::access {

inline constexpr absl::Duration kToleratedStepBack = absl::Minutes(1);

class DecisionClock {
 public:
  struct Options {
    storage::Database* database = nullptr;  // not owned
    const base::Clock* clock = nullptr;     // not owned
    bool forget = false;                    // the latest time, at an operator's request
  };
  static absl::StatusOr<std::unique_ptr<DecisionClock>> Open(Options options);

  // To decide at. UNAVAILABLE CLOCK_WENT_BACK.
  absl::StatusOr<absl::Time> Now();

  // In the transaction that applies facts. Returns what to hand to Kept after its commit.
  absl::StatusOr<int64_t> Keep(storage::WriteTx& tx);
  void Kept(int64_t time_s);

 private:
  explicit DecisionClock(Options options) : options_(options) {}
  void KeepForTheDay();

  const Options options_;
  base::Mutex mu_;
  absl::Time latest_ ABSL_GUARDED_BY(mu_) = absl::InfinitePast();
  int64_t kept_s_ ABSL_GUARDED_BY(mu_) = 0;
  bool went_back_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace knooppunt::access

#endif  // KNOOPPUNT_SERVICES_ACCESS_DECISION_CLOCK_H_
