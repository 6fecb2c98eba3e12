#include "services/access/sessions.h"

#include "absl/container/flat_hash_map.h"
#include "base/limits.h"
#include "base/status.h"
#include "security/identity/limits.h"

namespace knooppunt::access {
namespace {

// After this nothing of the session can be shown any more: neither a token that was minted from
// its id token at the last moment, nor the id token itself.
constexpr int64_t kRememberSeconds = identity::kMaxIdTokenAgeSeconds +
                                     limits::kTokenLifetimeSeconds +
                                     int64_t{4} * limits::kIdTokenClockSkewSeconds;

}  // namespace

absl::StatusOr<std::unique_ptr<SessionStore>> SessionStore::Open(storage::Database* database) {
  std::unique_ptr<SessionStore> store(new SessionStore(database));
  KP_RETURN_IF_ERROR(database->Read([&](storage::ReadTx& tx) {
    return tx.Query("SELECT session, forget_time FROM ended_session", {},
                    [&](const storage::Row& row) {
                      store->Suspect(std::string(row.Text(0)), row.Int(1));
                      return absl::OkStatus();
                    });
  }));
  return store;
}

void SessionStore::Suspect(const std::string& session, int64_t forget_time) {
  base::MutexLock lock(mu_);
  suspects_[session] = forget_time;
}

absl::Status SessionStore::End(storage::WriteTx& tx, const std::string& session, absl::Time now) {
  const int64_t t = absl::ToUnixSeconds(now);
  KP_RETURN_IF_ERROR(
      tx.Exec("DELETE FROM ended_session WHERE forget_time <= ? OR session = ?", {t, session})
          .status());
  KP_RETURN_IF_ERROR(tx.Exec("INSERT INTO ended_session (session, forget_time) VALUES (?, ?)",
                             {session, t + kRememberSeconds})
                         .status());
  {
    base::MutexLock lock(mu_);
    absl::erase_if(suspects_, [&](const auto& entry) { return entry.second <= t; });
  }
  // Before the commit, so that no decision after it can miss the ending; until then, and if it
  // never comes, a suspicion has no effect.
  Suspect(session, t + kRememberSeconds);
  return absl::OkStatus();
}

absl::StatusOr<bool> SessionStore::Ended(const std::string& session) {
  {
    base::MutexLock lock(mu_);
    if (!suspects_.contains(session)) return false;
  }
  bool ended = false;
  KP_RETURN_IF_ERROR(database_->Read([&](storage::ReadTx& tx) {
    return tx.Query("SELECT 1 FROM ended_session WHERE session = ?", {session},
                    [&](const storage::Row&) {
                      ended = true;
                      return absl::OkStatus();
                    });
  }));
  return ended;
}

}  // namespace knooppunt::access
