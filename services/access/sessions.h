// Sessions that have ended before their tokens have: who logged out. Durable, and in force for
// every decision from the instant that the ending is committed. Thread-safe.
//
// A session that never ended costs a decision a look into memory, no read of the store.
#ifndef KNOOPPUNT_SERVICES_ACCESS_SESSIONS_H_
#define KNOOPPUNT_SERVICES_ACCESS_SESSIONS_H_

#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "security/storage/database.h"

namespace knooppunt::access {

class SessionStore {
 public:
  // `database` is not owned and must outlive the store.
  static absl::StatusOr<std::unique_ptr<SessionStore>> Open(storage::Database* database);

  // Ends `session` as a part of `tx`, and forgets those whose tokens and id tokens have ended by
  // themselves. Ending one twice changes nothing; may run twice.
  absl::Status End(storage::WriteTx& tx, const std::string& session, absl::Time now);
  // Whether it has ended. "" has not: a token without a session ends by its time alone.
  absl::StatusOr<bool> Ended(const std::string& session);

 private:
  explicit SessionStore(storage::Database* database) : database_(database) {}
  void Suspect(const std::string& session, int64_t forget_time);

  storage::Database* const database_;
  base::Mutex mu_;
  // Those that may have ended, and until when that matters (Unix seconds): every ended one, and
  // those whose ending was not committed. The store knows which. As many as people can log out
  // within what is remembered, an hour and some; none may be dropped before.
  absl::flat_hash_map<std::string, int64_t> suspects_ ABSL_GUARDED_BY(mu_);
};

}  // namespace knooppunt::access

#endif  // KNOOPPUNT_SERVICES_ACCESS_SESSIONS_H_
