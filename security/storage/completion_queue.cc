#include "security/storage/completion_queue.h"

#include <iterator>
#include <utility>

#include "base/limits.h"

namespace knooppunt::storage {

CompletionQueue::~CompletionQueue() {
  {
    base::MutexLock lock(mu_);
    closing_ = true;
  }
  pushed_.NotifyOne();
  thread_.join();
}

void CompletionQueue::PushGroup(std::vector<Completion> group) {
  {
    base::MutexLock lock(mu_);
    while (queue_.size() > static_cast<size_t>(limits::kMaxQueuedWrites)) taken_.Wait(mu_);
    queue_.insert(queue_.end(), std::make_move_iterator(group.begin()),
                  std::make_move_iterator(group.end()));
  }
  pushed_.NotifyOne();
}

void CompletionQueue::Push(Completion completion) {
  {
    base::MutexLock lock(mu_);
    queue_.push_back(std::move(completion));
  }
  pushed_.NotifyOne();
}

void CompletionQueue::Run() {
  for (;;) {
    std::deque<Completion> batch;
    {
      base::MutexLock lock(mu_);
      while (queue_.empty() && !closing_) pushed_.Wait(mu_);
      if (queue_.empty()) return;
      batch.swap(queue_);
    }
    taken_.NotifyOne();
    for (Completion& completion : batch) {
      completion.done(std::move(completion.status), completion.position);
      completion.done = nullptr;  // what it holds is freed now and not with the batch
    }
  }
}

}  // namespace knooppunt::storage
