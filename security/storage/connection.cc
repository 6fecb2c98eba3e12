#include "security/storage/connection.h"

#include <sqlcipher/sqlite3.h>

#include <cerrno>
#include <cstdlib>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/status.h"
#include "security/crypto/hash.h"

namespace knooppunt::storage {
namespace {

// The cipher_* lines that only SQLCipher 4 knows are no-ops to SQLCipher 3, whose
// fixed choices they name.
constexpr absl::string_view kCipherSettings =
    "PRAGMA cipher_page_size = 4096;"
    "PRAGMA kdf_iter = 64000;"
    "PRAGMA fast_kdf_iter = 2;"
    "PRAGMA cipher_use_hmac = ON;"
    "PRAGMA cipher_plaintext_header_size = 0;"
    "PRAGMA cipher_hmac_algorithm = HMAC_SHA1;"
    "PRAGMA cipher_kdf_algorithm = PBKDF2_HMAC_SHA1;"
    "PRAGMA cipher_memory_security = ON;";

bool IsSyncFailure(int code) {
  return code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC;
}

bool IsFull(int code, int system_error) {
  const int primary = code & 0xff;
  return primary == SQLITE_FULL || code == SQLITE_IOERR_SHMSIZE ||
         (primary == SQLITE_IOERR && (system_error == ENOSPC || system_error == EDQUOT));
}

bool SpoilsTransaction(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_NOMEM:
      return true;
    default:
      return false;
  }
}

absl::Status ConstraintError(int code, absl::string_view message) {
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return absl::AlreadyExistsError(message);
    default:
      return absl::FailedPreconditionError(message);
  }
}

// Messages of SQLite name tables and columns and never bound values.
absl::Status ToStatus(int code, int system_error, absl::string_view message) {
  if (IsFull(code, system_error)) return absl::ResourceExhaustedError("the disk is full");
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
      return ConstraintError(code, message);
    case SQLITE_MISMATCH:
      return absl::FailedPreconditionError(message);
    case SQLITE_TOOBIG:
      return absl::InvalidArgumentError(message);
    case SQLITE_NOTADB:
      return absl::UnauthenticatedError("wrong key or not a database");
    case SQLITE_CORRUPT:
      return absl::DataLossError("the database file is truncated or corrupt");
    case SQLITE_NOMEM:
      return absl::ResourceExhaustedError("out of memory");
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      return absl::FailedPreconditionError(absl::StrCat("cannot open the database: ", message));
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return absl::UnavailableError(absl::StrCat("the database is locked: ", message));
    case SQLITE_IOERR:
      return absl::UnavailableError(absl::StrCat("I/O error ", code, " in storage"));
    default:
      return absl::InternalError(absl::StrCat("SQL (", code, "): ", message));
  }
}

bool IsStoresTable(absl::string_view name) {
  for (absl::string_view own : {"outbox", "meta", "consumer", "schema_migration"}) {
    if (absl::EqualsIgnoreCase(name, own)) return true;
  }
  return false;
}

bool MayBodyDo(int action, absl::string_view first, absl::string_view second) {
  switch (action) {
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
    case SQLITE_ATTACH:
    case SQLITE_DETACH:
    case SQLITE_PRAGMA:
      return false;
    case SQLITE_INSERT:
    case SQLITE_DELETE:
    case SQLITE_DROP_TABLE:
      return !IsStoresTable(first);
    case SQLITE_ALTER_TABLE:
    case SQLITE_CREATE_TRIGGER:
    case SQLITE_CREATE_TEMP_TRIGGER:
      return !IsStoresTable(second);
    case SQLITE_UPDATE:
      return !IsStoresTable(first) ||
             (first == "outbox" && (second == "payload" || second == "tag"));
    default:
      return true;
  }
}

// SQLite takes a null pointer for NULL, and an empty string_view may hold one.
const char* NotNull(absl::string_view s) { return s.data() == nullptr ? "" : s.data(); }

struct Binder {
  sqlite3_stmt* statement;
  int index;
  int operator()(Null) const { return sqlite3_bind_null(statement, index); }
  int operator()(int64_t v) const { return sqlite3_bind_int64(statement, index, v); }
  int operator()(absl::string_view v) const {
    return sqlite3_bind_text64(statement, index, NotNull(v), v.size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  int operator()(Blob v) const {
    return sqlite3_bind_blob64(statement, index, NotNull(v.bytes), v.bytes.size(), SQLITE_STATIC);
  }
};

class StatementRow final : public Row {
 public:
  explicit StatementRow(sqlite3_stmt* statement) : statement_(statement) {}
  int64_t Int(int column) const override { return sqlite3_column_int64(statement_, column); }
  absl::string_view Text(int column) const override {
    const void* text = sqlite3_column_text(statement_, column);
    return View(text, column);
  }
  absl::string_view Bytes(int column) const override {
    const void* blob = sqlite3_column_blob(statement_, column);
    return View(blob, column);
  }
  bool IsNull(int column) const override {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
  }

 private:
  absl::string_view View(const void* bytes, int column) const {
    if (bytes == nullptr) return {};
    return {static_cast<const char*>(bytes),
            static_cast<size_t>(sqlite3_column_bytes(statement_, column))};
  }
  sqlite3_stmt* const statement_;
};

}  // namespace

Connection::CachedStatement::~CachedStatement() { sqlite3_finalize(statement); }

// A prepared statement for one run. Restores the connection's issuer at the end,
// for a row callback may run statements of another.
class Connection::Lease {
 public:
  Lease(Connection* connection, Issuer before, CachedStatement* cached, sqlite3_stmt* own)
      : connection_(connection),
        before_(before),
        counted_(connection->issuer_ == Issuer::kBody),
        cached_(cached),
        own_(own) {
    if (cached_ != nullptr) cached_->in_use = true;
  }
  Lease(Lease&& other) noexcept
      : connection_(std::exchange(other.connection_, nullptr)),
        before_(other.before_),
        counted_(other.counted_),
        cached_(std::exchange(other.cached_, nullptr)),
        own_(std::exchange(other.own_, nullptr)) {}
  Lease& operator=(Lease&&) = delete;
  ~Lease() {
    if (connection_ != nullptr && counted_) {
      connection_->scanned_rows_ +=
          sqlite3_stmt_status(get(), SQLITE_STMTSTATUS_FULLSCAN_STEP, /*reset=*/1);
    }
    if (cached_ != nullptr) {
      sqlite3_reset(cached_->statement);
      sqlite3_clear_bindings(cached_->statement);  // they point into the caller's memory
      cached_->in_use = false;
    }
    sqlite3_finalize(own_);
    if (connection_ != nullptr) connection_->issuer_ = before_;
  }

  sqlite3_stmt* get() const { return cached_ != nullptr ? cached_->statement : own_; }

  absl::Status Bind(Params params) {
    if (sqlite3_bind_parameter_count(get()) != static_cast<int>(params.size())) {
      return absl::InternalError(absl::StrCat("SQL takes ", sqlite3_bind_parameter_count(get()),
                                              " parameters and got ", params.size()));
    }
    int index = 0;
    for (const Param& param : params) {
      const int code = std::visit(Binder{get(), ++index}, param);
      if (code != SQLITE_OK) return connection_->Error(code);
    }
    return absl::OkStatus();
  }

 private:
  Connection* connection_;
  Issuer before_;
  bool counted_;
  CachedStatement* cached_;
  sqlite3_stmt* own_;
};

absl::string_view CipherSettings() { return kCipherSettings; }

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const Options& options) {
  // One thread at a time is our own promise, so SQLite's mutexes are left out.
  const int flags =
      SQLITE_OPEN_NOMUTEX | (options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
  sqlite3* db = nullptr;
  const int code = sqlite3_open_v2(options.path.c_str(), &db, flags, nullptr);
  if (db == nullptr) return absl::ResourceExhaustedError("out of memory");
  std::unique_ptr<Connection> connection(new Connection(db));
  if (code != SQLITE_OK) return connection->Error(code);
  KP_RETURN_IF_ERROR(connection->ApplyKey(*options.key));
  KP_RETURN_IF_ERROR(connection->Configure(options));
  return connection;
}

Connection::~Connection() {
  for (auto& cache : statements_) cache.clear();
  sqlite3_close(db_);
}

absl::Status Connection::ApplyKey(const crypto::SecretBytes& key) {
  // By the function and not by PRAGMA key, so that no SQL text holds the key.
  std::string hex = crypto::HexEncode(key.Expose(crypto::SecretAccess::For("open the database")));
  std::string raw;
  raw.reserve(hex.size() + 3);  // or growing would leave a copy behind
  raw.append("x'").append(hex).append("'");
  const int code = sqlite3_key(db_, raw.data(), static_cast<int>(raw.size()));
  crypto::Wipe(&raw);
  crypto::Wipe(&hex);
  return code == SQLITE_OK ? absl::OkStatus() : Error(code);
}

absl::Status Connection::Configure(const Options& options) {
  sqlite3_extended_result_codes(db_, 1);
  sqlite3_busy_timeout(db_, limits::kStorageBusyWaitMs);
  KP_RETURN_IF_ERROR(RunScript(Issuer::kStore, kCipherSettings));
  std::string engine;
  KP_RETURN_IF_ERROR(Query(Issuer::kStore, "PRAGMA cipher_version", {}, [&](const Row& row) {
    engine = std::string(row.Text(0));
    return absl::OkStatus();
  }));
  if (engine.empty()) return absl::InternalError("linked against an SQLite that cannot encrypt");
  // The first look at the file: a wrong key shows here.
  KP_RETURN_IF_ERROR(QueryInt("SELECT count(*) FROM sqlite_master", {}, 0).status());
  key_proven_ = true;
  KP_RETURN_IF_ERROR(RunScript(
      Issuer::kStore,
      absl::StrCat("PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0;"
                   "PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -",
                   options.page_cache_kib)));
  sqlite3_set_authorizer(db_, &Connection::Authorize, this);
  if (options.read_only) return RunScript(Issuer::kStore, "PRAGMA query_only = ON");

  std::string mode;
  KP_RETURN_IF_ERROR(Query(Issuer::kStore, "PRAGMA journal_mode = WAL", {}, [&](const Row& row) {
    mode = std::string(row.Text(0));
    return absl::OkStatus();
  }));
  if (mode != "wal") {
    return absl::FailedPreconditionError("the file system cannot hold a write-ahead log");
  }
  sqlite3_wal_hook(db_, &Connection::OnCommit, this);
  return RunScript(Issuer::kStore,
                   absl::StrCat("PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;"
                                "PRAGMA journal_size_limit = ",
                                limits::kWriteAheadLogKeptBytes));
}

absl::StatusOr<sqlite3_stmt*> Connection::Prepare(absl::string_view sql, absl::string_view* rest) {
  sqlite3_stmt* statement = nullptr;
  const char* tail = nullptr;
  const int code =
      sqlite3_prepare_v2(db_, NotNull(sql), static_cast<int>(sql.size()), &statement, &tail);
  if (code != SQLITE_OK) return Error(code);
  *rest = sql.substr(static_cast<size_t>(tail - NotNull(sql)));
  return statement;
}

absl::StatusOr<Connection::Lease> Connection::LeaseStatement(Issuer issuer, absl::string_view sql) {
  const Issuer before = std::exchange(issuer_, issuer);
  auto& cache = statements_[static_cast<size_t>(issuer)];
  const auto found = cache.find(sql);
  if (found != cache.end() && !found->second->in_use) {
    return Lease(this, before, found->second.get(), nullptr);
  }
  absl::string_view rest;
  absl::StatusOr<sqlite3_stmt*> statement = Prepare(sql, &rest);
  if (!statement.ok() || *statement == nullptr ||
      rest.find_first_not_of(" \t\r\n;") != absl::string_view::npos) {
    issuer_ = before;
    if (!statement.ok()) return statement.status();
    sqlite3_finalize(*statement);
    return absl::InternalError("SQL must be exactly one statement");
  }
  if (found != cache.end() || cache.size() >= limits::kMaxCachedStatements) {
    return Lease(this, before, nullptr, *statement);
  }
  auto cached = std::make_unique<CachedStatement>();
  cached->statement = *statement;
  CachedStatement* const entry = cached.get();
  cache.emplace(std::string(sql), std::move(cached));
  return Lease(this, before, entry, nullptr);
}

int Connection::Step(sqlite3_stmt* statement) {
  wrote_ |= sqlite3_stmt_readonly(statement) == 0;
  return sqlite3_step(statement);
}

absl::Status Connection::Query(Issuer issuer, absl::string_view sql, Params params,
                               absl::FunctionRef<absl::Status(const Row&)> row) {
  KP_ASSIGN_OR_RETURN(Lease statement, LeaseStatement(issuer, sql));
  KP_RETURN_IF_ERROR(statement.Bind(params));
  const StatementRow current(statement.get());
  for (;;) {
    // A callback may have run another's statement; a step can prepare anew and ask
    // the authorizer again.
    issuer_ = issuer;
    const int code = Step(statement.get());
    if (code == SQLITE_DONE) return absl::OkStatus();
    if (code != SQLITE_ROW) return Error(code);
    KP_RETURN_IF_ERROR(row(current));
  }
}

absl::StatusOr<int64_t> Connection::Exec(Issuer issuer, absl::string_view sql, Params params) {
  KP_ASSIGN_OR_RETURN(Lease statement, LeaseStatement(issuer, sql));
  KP_RETURN_IF_ERROR(statement.Bind(params));
  const int before = sqlite3_total_changes(db_);
  const int code = Step(statement.get());
  if (code == SQLITE_ROW) return absl::InternalError("Exec of SQL that has results");
  if (code != SQLITE_DONE) return Error(code);
  // sqlite3_changes() still tells of an earlier statement after one that is no DML.
  return sqlite3_total_changes(db_) == before ? 0 : sqlite3_changes(db_);
}

absl::Status Connection::Run(absl::string_view sql, Params params) {
  return Exec(Issuer::kStore, sql, params).status();
}

absl::Status Connection::RunScript(Issuer issuer, absl::string_view sql) {
  const Issuer before = std::exchange(issuer_, issuer);
  absl::Status status;
  while (status.ok() && !sql.empty()) {
    absl::StatusOr<sqlite3_stmt*> statement = Prepare(sql, &sql);
    if (!statement.ok()) {
      status = statement.status();
    } else if (*statement != nullptr) {  // null for a comment or white space
      int code;
      while ((code = sqlite3_step(*statement)) == SQLITE_ROW) continue;
      if (code != SQLITE_DONE) status = Error(code);
      sqlite3_finalize(*statement);
    }
  }
  issuer_ = before;
  return status;
}

absl::StatusOr<int64_t> Connection::QueryInt(absl::string_view sql, Params params,
                                             int64_t otherwise) {
  int64_t value = otherwise;
  bool first = true;
  KP_RETURN_IF_ERROR(Query(Issuer::kStore, sql, params, [&](const Row& row) {
    if (std::exchange(first, false)) value = row.Int(0);
    return absl::OkStatus();
  }));
  return value;
}

bool Connection::in_transaction() const { return sqlite3_get_autocommit(db_) == 0; }

PageUse Connection::page_use() const {
  const auto count = [this](int which) {
    int now = 0, highest = 0;
    sqlite3_db_status(db_, which, &now, &highest, 0);
    return int64_t{now};
  };
  const int64_t missed = count(SQLITE_DBSTATUS_CACHE_MISS);
  return {.asked = count(SQLITE_DBSTATUS_CACHE_HIT) + missed, .decrypted = missed};
}

absl::Status Connection::TransactionError() const {
  if (!transaction_error_.ok() || in_transaction()) return transaction_error_;
  return absl::InternalError("a statement ended the transaction");
}

absl::Status Connection::BeginTransaction() {
  transaction_error_ = absl::OkStatus();
  return Run("BEGIN IMMEDIATE");
}

absl::Status Connection::CommitTransaction() { return Run("COMMIT"); }

void Connection::RollbackTransaction() {
  if (!in_transaction()) return;
  const absl::Status status = Run("ROLLBACK");
  if (in_transaction()) {
    base::Log(base::Severity::kError, "a transaction could not be rolled back; ending the process",
              {{"error", status.message()}});
    std::abort();
  }
}

absl::Status Connection::RunCheckpoint(Checkpoint mode) {
  const int sqlite_mode = mode == Checkpoint::kPassive   ? SQLITE_CHECKPOINT_PASSIVE
                          : mode == Checkpoint::kRestart ? SQLITE_CHECKPOINT_RESTART
                                                         : SQLITE_CHECKPOINT_TRUNCATE;
  sqlite3_busy_timeout(db_, limits::kForcedCheckpointWaitMs);
  const int code = sqlite3_wal_checkpoint_v2(db_, nullptr, sqlite_mode, nullptr, nullptr);
  absl::Status status =
      code == SQLITE_OK || (code & 0xff) == SQLITE_BUSY ? absl::OkStatus() : Error(code);
  sqlite3_busy_timeout(db_, limits::kStorageBusyWaitMs);
  return status;
}

absl::Status Connection::Error(int code) {
  if (IsSyncFailure(code)) {
    base::Log(base::Severity::kError, "a sync to disk failed; ending the process",
              {{"sqlite_code", code}, {"errno", sqlite3_system_errno(db_)}});
    std::abort();
  }
  if (key_proven_ && (code & 0xff) == SQLITE_NOTADB) code = SQLITE_CORRUPT;
  absl::Status status = ToStatus(code, sqlite3_system_errno(db_), sqlite3_errmsg(db_));
  if (SpoilsTransaction(code) && transaction_error_.ok()) transaction_error_ = status;
  return status;
}

int Connection::Authorize(void* self, int action, const char* first, const char* second,
                          const char* /*database*/, const char* /*trigger*/) {
  if (static_cast<Connection*>(self)->issuer_ == Issuer::kStore) return SQLITE_OK;
  return MayBodyDo(action, first == nullptr ? "" : first, second == nullptr ? "" : second)
             ? SQLITE_OK
             : SQLITE_DENY;
}

int Connection::OnCommit(void* self, sqlite3* /*db*/, const char* /*name*/, int pages) {
  static_cast<Connection*>(self)->wal_pages_ = pages;
  return SQLITE_OK;
}

}  // namespace knooppunt::storage
