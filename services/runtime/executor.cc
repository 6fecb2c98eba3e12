#include "services/runtime/executor.h"

#include <utility>

namespace knooppunt::runtime {

Executor::Executor(Options options) : max_pending_(options.max_pending) {
  threads_.reserve(options.threads);
  for (int i = 0; i < options.threads; ++i) threads_.emplace_back([this] { Run(); });
}

Executor::~Executor() {
  Drain();
  {
    base::MutexLock lock(mu_);
    stop_ = true;
  }
  wake_.NotifyAll();
  for (std::thread& t : threads_) t.join();
}

bool Executor::Submit(std::function<void()> task) {
  {
    base::MutexLock lock(mu_);
    if (draining_ || queue_.size() >= max_pending_) return false;
    queue_.push_back(std::move(task));
  }
  wake_.NotifyOne();
  return true;
}

void Executor::Drain() {
  base::MutexLock lock(mu_);
  draining_ = true;
  while (!queue_.empty() || running_ > 0) idle_.Wait(mu_);
}

void Executor::Run() {
  while (true) {
    std::function<void()> task;
    {
      base::MutexLock lock(mu_);
      while (queue_.empty() && !stop_) wake_.Wait(mu_);
      if (queue_.empty()) return;
      task = std::move(queue_.front());
      queue_.pop_front();
      ++running_;
    }
    task();
    task = nullptr;
    base::MutexLock lock(mu_);
    --running_;
    if (queue_.empty() && running_ == 0) idle_.NotifyAll();
  }
}

}  // namespace knooppunt::runtime
