#include "services/access/decision_clock.h"

#include <algorithm>

#include "base/date.h"
#include "base/log.h"
#include "base/status.h"
#include "services/access/errors.h"

namespace knooppunt::access {
namespace {

absl::Status Put(storage::WriteTx& tx, int64_t time_s) {
  KP_RETURN_IF_ERROR(tx.Exec("DELETE FROM latest_time", {}).status());
  return tx.Exec("INSERT INTO latest_time (time) VALUES (?)", {time_s}).status();
}

}  // namespace

absl::StatusOr<std::unique_ptr<DecisionClock>> DecisionClock::Open(Options options) {
  std::unique_ptr<DecisionClock> clock(new DecisionClock(options));
  int64_t kept_s = 0;
  if (options.forget) {
    kept_s = absl::ToUnixSeconds(options.clock->Now());
    KP_RETURN_IF_ERROR(
        options.database->Write([&](storage::WriteTx& tx) { return Put(tx, kept_s); }).status());
  } else {
    KP_RETURN_IF_ERROR(options.database->Read([&](storage::ReadTx& tx) {
      return tx.Query("SELECT time FROM latest_time", {}, [&](const storage::Row& row) {
        kept_s = std::max(kept_s, row.Int(0));
        return absl::OkStatus();
      });
    }));
  }
  base::MutexLock lock(clock->mu_);
  clock->kept_s_ = kept_s;
  if (kept_s != 0) clock->latest_ = absl::FromUnixSeconds(kept_s);
  return clock;
}

absl::StatusOr<absl::Time> DecisionClock::Now() {
  absl::Time now;
  bool new_day = false;
  {
    base::MutexLock lock(mu_);
    now = options_.clock->Now();
    if (now < latest_ - kToleratedStepBack) {
      if (!went_back_) {
        base::Log(base::Severity::kError, "the clock went back: nothing is decided",
                  {{"behind_s", absl::ToInt64Seconds(latest_ - now)}});
      }
      went_back_ = true;
      return errors::ClockWentBack();
    }
    went_back_ = false;
    latest_ = std::max(latest_, now);
    now = latest_;
    new_day = base::DateOf(absl::FromUnixSeconds(kept_s_)) < base::DateOf(now);
    if (new_day) kept_s_ = absl::ToUnixSeconds(now);  // one of the callers writes it
  }
  if (new_day) KeepForTheDay();
  return now;
}

// What was decided on a day is not decided on an earlier one after a restart. A disk that is full
// stops no decision: what is in memory holds, and the next facts keep it.
void DecisionClock::KeepForTheDay() {
  const absl::Status written =
      options_.database
          ->Write([this](storage::WriteTx& tx) -> absl::Status { return Keep(tx).status(); })
          .status();
  if (!written.ok()) {
    base::Log(base::Severity::kWarning, "the time of decisions was not kept",
              {{"code", absl::StatusCodeToString(written.code())}});
  }
}

absl::StatusOr<int64_t> DecisionClock::Keep(storage::WriteTx& tx) {
  int64_t time_s = 0;
  {
    base::MutexLock lock(mu_);
    time_s = absl::ToUnixSeconds(std::max(latest_, options_.clock->Now()));
  }
  KP_RETURN_IF_ERROR(Put(tx, time_s));
  return time_s;
}

void DecisionClock::Kept(int64_t time_s) {
  base::MutexLock lock(mu_);
  kept_s_ = std::max(kept_s_, time_s);
  latest_ = std::max(latest_, absl::FromUnixSeconds(time_s));
}

}  // namespace knooppunt::access
