// A bounded pool of threads. Full means refuse, not a queue without end. Thread-safe.
#ifndef KNOOPPUNT_SERVICES_RUNTIME_EXECUTOR_H_
#define KNOOPPUNT_SERVICES_RUNTIME_EXECUTOR_H_

#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "base/mutex.h"

namespace knooppunt::runtime {

class Executor {
 public:
  struct Options {
    int threads = 8;
    size_t max_pending = 1024;
  };
  explicit Executor(Options options);
  // Runs what is queued, then joins.
  ~Executor();

  // False when max_pending tasks wait, or after Drain: the task was not taken.
  bool Submit(std::function<void()> task);
  // Refuses new tasks and waits until the queue is empty and nothing runs.
  void Drain();

 private:
  void Run();

  const size_t max_pending_;
  base::Mutex mu_;
  base::CondVar wake_;
  base::CondVar idle_;
  std::deque<std::function<void()>> queue_ ABSL_GUARDED_BY(mu_);
  int running_ ABSL_GUARDED_BY(mu_) = 0;
  bool draining_ ABSL_GUARDED_BY(mu_) = false;
  bool stop_ ABSL_GUARDED_BY(mu_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace knooppunt::runtime

#endif  // KNOOPPUNT_SERVICES_RUNTIME_EXECUTOR_H_
