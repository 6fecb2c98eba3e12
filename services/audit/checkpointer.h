// Signs checkpoints of the log as it grows and has witnesses cosign them (R24).
//
// A thread of its own: awakened by appends, at most one round an interval. A round signs
// the tree's size and root, asks each witness with a proof that it extends what that
// witness cosigned last, and stores the note. No witness, or a dead one, holds nothing
// up: the note then carries fewer cosignatures, and the witness is asked again later.
// A witness that has seen another log than this one (more entries, or other ones) is
// believed: log_replaced() is true from then on and nothing more is signed.
//
// Thread-safe.
#ifndef KNOOPPUNT_SERVICES_AUDIT_CHECKPOINTER_H_
#define KNOOPPUNT_SERVICES_AUDIT_CHECKPOINTER_H_

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/mutex.h"
#include "security/audit/note.h"
#include "security/audit/witness_client.h"
#include "security/storage/database.h"
#include "services/audit/store.h"

namespace knooppunt::audit_service {

// Somebody elsewhere who cosigns. `key.name()` is its name.
struct WitnessPeer {
  std::unique_ptr<audit::WitnessClient> client;
  audit::NoteVerifier key;
};

class Checkpointer {
 public:
  struct Options {
    storage::Database* database = nullptr;  // not owned
    const base::Clock* clock = nullptr;     // not owned
    audit::NoteSigner signer;               // its name is the log's origin
    std::vector<WitnessPeer> witnesses;     // at most kMaxWitnesses
    absl::Duration interval = absl::Milliseconds(limits::kCheckpointIntervalMs);
  };
  explicit Checkpointer(Options options);
  ~Checkpointer();  // as Stop

  // Starts the thread. Once.
  void Start();
  // Ends the thread, after the round under way: at most one call to each witness.
  void Stop();
  // There is more to sign. Returns at once.
  void Notify();

  // A round, now, on this thread; asks every witness, also one that failed a moment ago
  // or has cosigned this size: what it knows may be newer. OK when the newest checkpoint is stored,
  // cosigned or not; FAILED_PRECONDITION when a witness knows another log. For the start, the
  // shutdown and tests.
  absl::Status FlushCheckpoint();

  bool log_replaced() const { return log_replaced_; }

 private:
  struct Witness {
    WitnessPeer peer;
    int failures = 0;  // in a row
    absl::Time retry_at = absl::InfinitePast();
  };
  // What a round works on.
  struct Round {
    int64_t size = 0;
    std::string root;
    std::string stored_note;  // empty before the first checkpoint
    int64_t stored_size = 0;
    std::vector<int64_t> witness_sizes;  // in the order of witnesses_
  };

  void Run();
  bool AwaitWork();  // false at the end
  bool Pause();      // false at the end
  absl::Status DoRound(bool force) ABSL_EXCLUSIVE_LOCKS_REQUIRED(round_mu_);
  absl::StatusOr<Round> Load() ABSL_EXCLUSIVE_LOCKS_REQUIRED(round_mu_);
  // Asks the witnesses that owe a cosignature; adds theirs to `note` and to `round`.
  absl::Status Cosign(bool force, Round* round, std::string* note)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(round_mu_);
  absl::Status NoteFailure(const absl::Status& why, Witness* witness)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(round_mu_);
  absl::Status Store(const Round& round, const std::string& note)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(round_mu_);
  // Until a witness that failed may be asked again; infinite when none failed.
  absl::Duration UntilRetry() ABSL_EXCLUSIVE_LOCKS_REQUIRED(round_mu_);

  storage::Database* const database_;
  const base::Clock* const clock_;
  const audit::NoteSigner signer_;
  const absl::Duration interval_;
  std::atomic<bool> log_replaced_ = false;

  base::Mutex round_mu_;  // one round at a time; held while witnesses are asked
  std::vector<Witness> witnesses_ ABSL_GUARDED_BY(round_mu_);

  base::Mutex mu_;
  base::CondVar wake_;  // pending_, stop_
  base::CondVar halt_;  // stop_
  bool pending_ ABSL_GUARDED_BY(mu_) = true;
  absl::Duration retry_in_ ABSL_GUARDED_BY(mu_) = absl::InfiniteDuration();
  bool stop_ ABSL_GUARDED_BY(mu_) = false;
  std::thread thread_;
};

}  // namespace knooppunt::audit_service

#endif  // KNOOPPUNT_SERVICES_AUDIT_CHECKPOINTER_H_
