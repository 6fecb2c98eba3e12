// Database over SQLCipher. Internal to storage: callers see database.h.
// Thread-safe. Destruction drains the queue, saves the consumers, checkpoints, closes.
#ifndef KNOOPPUNT_SECURITY_STORAGE_SQLCIPHER_DATABASE_H_
#define KNOOPPUNT_SECURITY_STORAGE_SQLCIPHER_DATABASE_H_

#include <atomic>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "security/storage/completion_queue.h"
#include "security/storage/connection.h"
#include "security/storage/database.h"
#include "security/storage/database_file.h"
#include "security/storage/outbox.h"
#include "security/storage/reader_pool.h"

namespace knooppunt::storage {

class SqlcipherDatabase final : public Database {
 public:
  // What Open has found and made ready.
  struct Parts {
    std::unique_ptr<DatabaseFile> file;
    std::unique_ptr<Connection> writer;
    std::unique_ptr<ReaderPool> readers;
    std::unique_ptr<Consumers> consumers;
    std::string unit;
    std::string incarnation;
    int64_t generation = 0;
    int64_t outbox_max_entries = 0;
    bool run_every_body_twice = false;
    StreamHead head;
  };
  explicit SqlcipherDatabase(Parts parts);
  ~SqlcipherDatabase() override;

  absl::Status Read(absl::FunctionRef<absl::Status(ReadTx&)> body) override;
  void Submit(WorkOptions options, Body body, Done done) override;
  const std::string& unit() const override { return parts_.unit; }
  const std::string& incarnation() const override { return parts_.incarnation; }
  int64_t generation() const override { return parts_.generation; }
  int64_t position() const override { return position_; }
  absl::StatusOr<std::vector<OutboxEntry>> ReadOutbox(int64_t after, int limit) override;
  absl::StatusOr<int64_t> ConsumerPosition(absl::string_view consumer) override;
  absl::Status SetConsumerPosition(absl::string_view consumer, int64_t seq) override;
  void WaitForOutbox(int64_t after, absl::Duration timeout) override;
  void Shutdown() override;
  Counters counters() const override;
  PageUse page_use() { return parts_.readers->page_use(); }

 private:
  class SnapshotTx;
  class UnitTx;
  struct Work {
    WorkOptions options;
    Body body;
    Done done;
  };

  // The writer thread: all that follows runs on it.
  void RunWriter();
  std::vector<Work> NextGroup();  // empty at the end
  void RunGroup(std::vector<Work> group);
  absl::Status RunUnits(std::vector<Work>& group, std::vector<Completion>* completions);
  // How each unit ended; `position` is the head after it.
  struct Result {
    absl::Status status;
    int64_t position = 0;
  };
  // Runs all units in an open transaction. A savepoint costs SQLCipher an encryption of
  // each page touched in it, two thirds of the work, so the first pass goes without:
  // `*again` when a unit failed after it had written, and a pass with them must follow.
  enum class Pass { kHopeful, kWithSavepoints };
  absl::StatusOr<std::vector<Result>> RunPass(const std::vector<Work>& group, Pass pass,
                                              bool* again);
  // The status of the unit of work; `*group_failure` when the group cannot go on.
  absl::Status RunUnit(const Work& work, Pass pass, absl::Status* group_failure);
  absl::Status CommitGroup(bool any_succeeded);
  void PublishPosition();
  void CheckpointIfDue();
  void FinishWriter();

  // Read-only after construction, but for what the writer thread alone touches.
  Parts parts_;
  StreamHead head_;                // the writer's
  int64_t group_statements_ = 0;   // the writer's
  int checkpointed_pages_ = 0;     // the writer's
  std::atomic<int64_t> position_;  // written under outbox_mu_
  std::atomic<int64_t> reads_{0}, statements_{0}, commits_{0}, units_of_work_{0}, scanned_rows_{0};

  base::Mutex outbox_mu_;
  base::CondVar outbox_moved_;
  bool outbox_ended_ ABSL_GUARDED_BY(outbox_mu_) = false;

  base::Mutex queue_mu_;
  base::CondVar queued_;
  std::deque<Work> queue_ ABSL_GUARDED_BY(queue_mu_);
  bool refusing_ ABSL_GUARDED_BY(queue_mu_) = false;
  bool closing_ ABSL_GUARDED_BY(queue_mu_) = false;

  CompletionQueue completions_;
  std::thread writer_;  // last: it uses the others
};

}  // namespace knooppunt::storage

#endif  // KNOOPPUNT_SECURITY_STORAGE_SQLCIPHER_DATABASE_H_
