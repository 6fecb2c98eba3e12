// The thread that tells callers how their work ended, in order, so that the writer
// never waits for a callback. Internal to storage. Thread-safe.
#ifndef KNOOPPUNT_SECURITY_STORAGE_COMPLETION_QUEUE_H_
#define KNOOPPUNT_SECURITY_STORAGE_COMPLETION_QUEUE_H_

#include <cstdint>
#include <deque>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "base/mutex.h"
#include "security/storage/database.h"

namespace knooppunt::storage {

struct Completion {
  Database::Done done;
  absl::Status status;
  int64_t position = 0;
};

class CompletionQueue {
 public:
  CompletionQueue() : thread_([this] { Run(); }) {}
  // Runs what is queued, then ends.
  ~CompletionQueue();

  // For the writer: waits while more than kMaxQueuedWrites are queued.
  void PushGroup(std::vector<Completion> group);
  // For a submission that is refused; never waits.
  void Push(Completion completion);

 private:
  void Run();

  base::Mutex mu_;
  base::CondVar pushed_;
  base::CondVar taken_;
  std::deque<Completion> queue_ ABSL_GUARDED_BY(mu_);
  bool closing_ ABSL_GUARDED_BY(mu_) = false;
  std::thread thread_;  // last: it uses the others
};

}  // namespace knooppunt::storage

#endif  // KNOOPPUNT_SECURITY_STORAGE_COMPLETION_QUEUE_H_
