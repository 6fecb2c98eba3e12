#include "security/storage/reader_pool.h"

#include <utility>

#include "base/limits.h"

namespace knooppunt::storage {

absl::StatusOr<ReaderPool::Loan> ReaderPool::Borrow() {
  {
    base::MutexLock lock(mu_);
    while (idle_.empty() && open_ >= limits::kMaxReadConnections) returned_.Wait(mu_);
    if (!idle_.empty()) {
      Loan loan(this, std::move(idle_.back()));
      idle_.pop_back();
      return loan;
    }
    ++open_;
  }
  absl::StatusOr<std::unique_ptr<Connection>> connection = Connection::Open(
      {.path = path_, .key = &key_, .read_only = true, .page_cache_kib = page_cache_kib_});
  if (!connection.ok()) {
    GiveBack(nullptr);
    return connection.status();
  }
  return Loan(this, *std::move(connection));
}

PageUse ReaderPool::page_use() {
  base::MutexLock lock(mu_);
  PageUse sum;
  for (const std::unique_ptr<Connection>& connection : idle_) {
    const PageUse use = connection->page_use();
    sum.asked += use.asked;
    sum.decrypted += use.decrypted;
  }
  return sum;
}

void ReaderPool::GiveBack(std::unique_ptr<Connection> connection) {
  base::MutexLock lock(mu_);
  if (connection == nullptr) {
    --open_;
  } else {
    idle_.push_back(std::move(connection));
  }
  returned_.NotifyOne();
}

}  // namespace knooppunt::storage
