// Carries a unit's outbox to the audit unit, in the background, gapless and in order; writes
// the stream's open, heartbeat and close records, so that a lost tail shows (R24), and the
// counts of calls without identity (R22). Thread-safe.
#ifndef KNOOPPUNT_SERVICES_RUNTIME_AUDIT_SHIPPER_H_
#define KNOOPPUNT_SERVICES_RUNTIME_AUDIT_SHIPPER_H_

#include <functional>
#include <thread>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "clients/cpp/transport.h"
#include "security/storage/database.h"

namespace knooppunt::runtime {

class AuditShipper {
 public:
  // Not owned; must outlive the shipper. `on_heartbeat` is called with each heartbeat, on the
  // shipper's thread.
  AuditShipper(storage::Database* database, client::Transport* audit, const base::Clock* clock,
               std::function<void(absl::Time)> on_heartbeat);
  ~AuditShipper();

  // FAILED_PRECONDITION when the log knows more of this stream than the database: an older
  // copy was put back. Audit being away is no error: the outbox keeps what it must.
  absl::Status Start();
  // Writes the close record, ships what is left (as long as `timeout`), and stops.
  void Stop(absl::Duration timeout);
  // Ships everything up to now, or says why not. For tests and shutdown.
  absl::Status Flush(absl::Duration timeout);

 private:
  void Run();
  absl::StatusOr<bool> SendBatch();
  absl::Status WriteEvent(int kind);

  storage::Database* const database_;
  client::Transport* const audit_;
  const base::Clock* const clock_;
  const std::function<void(absl::Time)> on_heartbeat_;
  base::Mutex send_mu_;  // one sender at a time
  int64_t shipped_ ABSL_GUARDED_BY(send_mu_) = 0;
  bool synced_ ABSL_GUARDED_BY(send_mu_) = false;
  base::Mutex mu_;
  bool stop_ ABSL_GUARDED_BY(mu_) = false;
  std::thread thread_;
};

}  // namespace knooppunt::runtime

#endif  // KNOOPPUNT_SERVICES_RUNTIME_AUDIT_SHIPPER_H_
