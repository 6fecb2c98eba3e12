// Carries a unit's facts to access: what a transaction changed is in force when its call
// answers (R13, P3). One thread, in order, batched; a call waits for its position. Survives
// access being away: nothing is lost, calls say "recorded, not yet in force".
// Thread-safe.
#ifndef KNOOPPUNT_SERVICES_RUNTIME_FACTS_RELAY_H_
#define KNOOPPUNT_SERVICES_RUNTIME_FACTS_RELAY_H_

#include <functional>
#include <map>
#include <thread>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "clients/cpp/transport.h"
#include "security/storage/database.h"

namespace knooppunt::runtime {

class FactsRelay {
 public:
  // Not owned; must outlive the relay.
  FactsRelay(storage::Database* database, client::Transport* access);
  ~FactsRelay();

  // Asks access how far it is and delivers the rest; then starts the thread.
  // FAILED_PRECONDITION when access knows more than this database: an older copy was put
  // back (see doc/operations.md). UNAVAILABLE when access cannot be reached in `timeout`.
  absl::Status Start(absl::Duration timeout);

  // Calls `done` once, with OK when access has durably applied everything up to `position`,
  // with UNAVAILABLE when that took longer than `timeout`.
  void AfterApplied(int64_t position, absl::Duration timeout,
                    std::function<void(absl::Status)> done);
  absl::Status WaitApplied(int64_t position, absl::Duration timeout);
  int64_t applied() const;
  void Stop();

 private:
  struct Waiter {
    absl::Time deadline;
    std::function<void(absl::Status)> done;
  };
  void Run();
  // Sends at most one batch after `applied_`. False when there was nothing to send.
  absl::StatusOr<bool> SendBatch();
  void Release(bool expired_only);

  storage::Database* const database_;
  client::Transport* const access_;
  mutable base::Mutex mu_;
  base::CondVar wake_;
  int64_t applied_ ABSL_GUARDED_BY(mu_) = 0;
  bool stop_ ABSL_GUARDED_BY(mu_) = false;
  std::multimap<int64_t, Waiter> waiters_ ABSL_GUARDED_BY(mu_);
  std::thread thread_;
};

}  // namespace knooppunt::runtime

#endif  // KNOOPPUNT_SERVICES_RUNTIME_FACTS_RELAY_H_
