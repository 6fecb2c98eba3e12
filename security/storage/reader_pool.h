// Read-only connections, each for one thread at a time. Internal to storage.
// Thread-safe. The last one used is the first one lent, for its cache is warm.
#ifndef KNOOPPUNT_SECURITY_STORAGE_READER_POOL_H_
#define KNOOPPUNT_SECURITY_STORAGE_READER_POOL_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/mutex.h"
#include "security/crypto/secret.h"
#include "security/storage/connection.h"

namespace knooppunt::storage {

class ReaderPool {
 public:
  // Opens connections as they are needed, at most kMaxReadConnections.
  ReaderPool(std::string path, crypto::SecretBytes key, int page_cache_kib)
      : path_(std::move(path)), key_(std::move(key)), page_cache_kib_(page_cache_kib) {}

  // A connection on loan; back in the pool at destruction.
  class Loan {
   public:
    Loan(ReaderPool* pool, std::unique_ptr<Connection> connection)
        : pool_(pool), connection_(std::move(connection)) {}
    Loan(Loan&&) = default;
    Loan& operator=(Loan&&) = delete;
    ~Loan() {
      if (connection_ != nullptr) pool_->GiveBack(std::move(connection_));
    }
    Connection& operator*() const { return *connection_; }
    Connection* operator->() const { return connection_.get(); }
    // Closes the connection instead of giving it back.
    void Discard() {
      connection_.reset();
      pool_->GiveBack(nullptr);
    }

   private:
    ReaderPool* pool_;
    std::unique_ptr<Connection> connection_;
  };
  // Waits while all are lent.
  absl::StatusOr<Loan> Borrow();

  // Of the connections that are not lent.
  PageUse page_use();

 private:
  // Null: the connection is closed and makes room for another.
  void GiveBack(std::unique_ptr<Connection> connection);

  const std::string path_;
  const crypto::SecretBytes key_;
  const int page_cache_kib_;
  base::Mutex mu_;
  base::CondVar returned_;
  std::vector<std::unique_ptr<Connection>> idle_ ABSL_GUARDED_BY(mu_);
  int open_ ABSL_GUARDED_BY(mu_) = 0;  // idle or lent
};

}  // namespace knooppunt::storage

#endif  // KNOOPPUNT_SECURITY_STORAGE_READER_POOL_H_
