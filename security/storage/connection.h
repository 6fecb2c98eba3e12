// One SQLCipher connection: keyed, configured, with cached statements, and every
// result code of SQLite turned into a status in one place. Internal to storage.
//
// Not thread-safe: one thread at a time. Owns the SQLite handle.
#ifndef KNOOPPUNT_SECURITY_STORAGE_CONNECTION_H_
#define KNOOPPUNT_SECURITY_STORAGE_CONNECTION_H_

#include <array>
#include <memory>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "security/crypto/secret.h"
#include "security/storage/database.h"
#include "security/storage/page_use.h"

struct sqlite3;
struct sqlite3_stmt;

namespace knooppunt::storage {

// Whose statement it is. A body's may not touch transactions, pragmas, attached
// files or the store's own tables (but for clearing an entry's payload and tag).
enum class Issuer { kStore, kBody };

// How every database of ours is encrypted, as recorded in its meta table. Set
// explicitly, for SQLCipher 3 and 4 differ in their defaults: with these, either
// opens what the other wrote.
absl::string_view CipherSettings();

class Connection {
 public:
  struct Options {
    std::string path;
    const crypto::SecretBytes* key = nullptr;  // used during Open only
    bool read_only = false;
    int page_cache_kib = 0;
  };

  // The errors of Database::Open. The file must exist (it may be empty).
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const Options& options);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // As ReadTx::Query and WriteTx::Exec.
  absl::Status Query(Issuer issuer, absl::string_view sql, Params params,
                     absl::FunctionRef<absl::Status(const Row&)> row);
  absl::StatusOr<int64_t> Exec(Issuer issuer, absl::string_view sql, Params params);
  // Exec of the store's own, for its status.
  absl::Status Run(absl::string_view sql, Params params = {});
  // Several statements, results dropped.
  absl::Status RunScript(Issuer issuer, absl::string_view sql);
  // The first column of the first row, or `otherwise` when there is no row.
  absl::StatusOr<int64_t> QueryInt(absl::string_view sql, Params params, int64_t otherwise);

  bool in_transaction() const;
  // Not OK once something has spoiled the whole transaction rather than one statement
  // of it (a full disk, an I/O error, no memory, INSERT OR ROLLBACK). SQLite may have
  // ended it then, and a further statement would commit on its own.
  absl::Status TransactionError() const;
  // Whether a statement that may change something was run since ClearWrote().
  // Rows that statements of bodies stepped over in looking through whole tables, since last asked.
  int64_t TakeScannedRows() { return std::exchange(scanned_rows_, 0); }
  bool wrote() const { return wrote_; }
  void ClearWrote() { wrote_ = false; }
  // BEGIN IMMEDIATE.
  absl::Status BeginTransaction();
  absl::Status CommitTransaction();
  // Never fails: what SQLite rolled back already stays so.
  void RollbackTransaction();

  PageUse page_use() const;
  // Pages in the write-ahead log after the last commit of this connection.
  int wal_pages() const { return wal_pages_; }
  enum class Checkpoint { kPassive, kRestart, kTruncate };
  // What readers hold back is left for later and is no error.
  absl::Status RunCheckpoint(Checkpoint mode);

 private:
  struct CachedStatement {
    CachedStatement() = default;
    CachedStatement(const CachedStatement&) = delete;
    CachedStatement& operator=(const CachedStatement&) = delete;
    ~CachedStatement();
    sqlite3_stmt* statement = nullptr;
    bool in_use = false;
  };
  class Lease;

  explicit Connection(sqlite3* db) : db_(db) {}
  absl::Status ApplyKey(const crypto::SecretBytes& key);
  absl::Status Configure(const Options& options);
  absl::StatusOr<sqlite3_stmt*> Prepare(absl::string_view sql, absl::string_view* rest);
  absl::StatusOr<Lease> LeaseStatement(Issuer issuer, absl::string_view sql);
  // sqlite3_step, noting what may change something.
  int Step(sqlite3_stmt* statement);
  // Logs and ends the process when `code` is a failed sync: what the disk holds is
  // unknown then, and a retry would lie.
  absl::Status Error(int code);
  static int Authorize(void* self, int action, const char* first, const char* second,
                       const char* database, const char* trigger);
  static int OnCommit(void* self, sqlite3* db, const char* name, int pages);

  sqlite3* const db_;
  Issuer issuer_ = Issuer::kStore;  // of the statement being prepared or run
  bool key_proven_ = false;         // a page has been read under it
  bool wrote_ = false;
  int64_t scanned_rows_ = 0;
  int wal_pages_ = 0;
  absl::Status transaction_error_;
  // By issuer, for what one may prepare the other may not.
  std::array<absl::flat_hash_map<std::string, std::unique_ptr<CachedStatement>>, 2> statements_;
};

}  // namespace knooppunt::storage

#endif  // KNOOPPUNT_SECURITY_STORAGE_CONNECTION_H_
