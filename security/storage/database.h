// Encrypted SQL for one unit: a SQLCipher database opened with a raw 256-bit key,
// one writer thread that commits in groups, readers on connections of their own,
// versioned migrations, and a gapless hash-chained outbox in the same transaction.
// Knows no gRPC and no domain.
//
// Thread-safe: Read, Submit, Write and the outbox calls may come from any thread.
// Ownership: the Database owns its threads; destroying it drains what was
// submitted, runs a checkpoint and closes. No call may be under way by then.
// One Database a file: a second, in this process or another, is refused.
//
// The tables outbox, meta, consumer and schema_migration are the store's own: bodies
// and migrations may read them and clear outbox.payload and outbox.tag, no more.
// Nor may they run transaction control, ATTACH or PRAGMA (INTERNAL).
#ifndef KNOOPPUNT_SECURITY_STORAGE_DATABASE_H_
#define KNOOPPUNT_SECURITY_STORAGE_DATABASE_H_

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "security/crypto/random.h"
#include "security/crypto/secret.h"

namespace knooppunt::storage {

// A value to bind. Blobs are marked, for SQLite compares text and blob apart.
struct Blob {
  absl::string_view bytes;
};
struct Null {};
using Param = std::variant<Null, int64_t, absl::string_view, Blob>;
using Params = std::initializer_list<Param>;

// One result row, valid only inside the callback that receives it.
class Row {
 public:
  virtual ~Row() = default;
  virtual int64_t Int(int column) const = 0;
  virtual absl::string_view Text(int column) const = 0;
  virtual absl::string_view Bytes(int column) const = 0;
  virtual bool IsNull(int column) const = 0;
};

// A consistent snapshot. Not thread-safe; lives as long as the callback it is given to.
class ReadTx {
 public:
  virtual ~ReadTx() = default;
  // Runs `sql` (one statement, bound parameters only) and calls `row` for each
  // result; a status other than OK from `row` stops and is returned. Statements are
  // prepared once a connection. INTERNAL for SQL that does not compile,
  // DATA_LOSS for a corrupt file, RESOURCE_EXHAUSTED for a full disk, UNAVAILABLE for
  // an I/O error.
  virtual absl::Status Query(absl::string_view sql, Params params,
                             absl::FunctionRef<absl::Status(const Row&)> row) = 0;
};

// What an entry of the outbox is for. Stored as a number: append only.
enum class OutboxKind : int { kFacts = 1, kAudit = 2, kStream = 3 };

// One entry. `body` is hash-chained and stays; `payload` and `tag` are what the
// consumer is sent beside it (sealed bytes, an index key) and may be cleared later.
struct OutboxEntry {
  int64_t seq = 0;  // 1, 2, 3 ... without gap within an incarnation
  OutboxKind kind = OutboxKind::kAudit;
  std::string body;
  std::string payload;
  std::string tag;
  std::string chain;  // 32 bytes: see ChainNext()
};

// chain_0 = SHA-256("knooppunt-stream-v1\n" unit "/" incarnation "\n")
// chain_n = SHA-256("knooppunt-chain-v1\n" chain_{n-1} u64be(seq) u8(kind) body)
std::string ChainStart(absl::string_view unit, absl::string_view incarnation);
std::string ChainNext(absl::string_view previous, int64_t seq, OutboxKind kind,
                      absl::string_view body);

// A unit of work. Not thread-safe; lives as long as the body it is given to.
class WriteTx : public ReadTx {
 public:
  // Runs one statement without results; returns the number of rows changed.
  // ALREADY_EXISTS for a unique constraint, FAILED_PRECONDITION for any other.
  virtual absl::StatusOr<int64_t> Exec(absl::string_view sql, Params params) = 0;
  // Adds an entry; returns its seq. RESOURCE_EXHAUSTED at the outbox's bound, of
  // which the last tenth is kept for `urgent` work (withdrawals, reviews).
  virtual absl::StatusOr<int64_t> AppendOutbox(OutboxKind kind, absl::string_view body,
                                               absl::string_view payload,
                                               absl::string_view tag) = 0;
};

// schema/NNNN_name.sql, embedded by knooppunt_schema() of cmake/KnooppuntSchema.cmake.
// Foreign keys are checked at the end of each migration and not during it.
struct Migration {
  int version = 0;  // 1, 2, 3 ... without gap
  absl::string_view name;
  absl::string_view sql;  // several statements
};

class Database {
 public:
  struct Options {
    std::string path;
    // The raw key of this database, 32 bytes. Not owned; used during Open only.
    const crypto::SecretBytes* key = nullptr;
    std::string unit;  // names the outbox's stream, e.g. "dossier"; fixed at creation
    std::vector<Migration> migrations;
    const base::Clock* clock = nullptr;  // not owned
    crypto::Random* random = nullptr;    // not owned
    int64_t outbox_max_entries = 0;      // 0: limits::kOutboxMaxEntries
    // Starts a new incarnation of the outbox at open (an explicit operator's act
    // after a restore): old entries stay readable under their old incarnation.
    bool new_incarnation = false;
    // For tests: shows a body that minds running twice. Counters count one run.
    bool run_every_body_twice = false;
    int page_cache_kib = 16 * 1024;  // of each connection, taken as it is needed
  };

  // Opens or creates. Errors: UNAUTHENTICATED "wrong key or not a database",
  // DATA_LOSS (truncated or corrupt), FAILED_PRECONDITION (schema newer than this
  // binary; directory missing; another unit's; in use by another Database),
  // INVALID_ARGUMENT (options), RESOURCE_EXHAUSTED (disk full). A migration's own
  // error comes back as it is, and the schema stays as it was before that migration.
  static absl::StatusOr<std::unique_ptr<Database>> Open(Options options);
  virtual ~Database() = default;

  // Runs `body` on a snapshot, on the caller's thread. Takes one of kMaxReadConnections
  // and waits when none is free, so a Read inside a Read may wait for itself.
  virtual absl::Status Read(absl::FunctionRef<absl::Status(ReadTx&)> body) = 0;

  // `body` runs on the writer thread as a part of the current group; it may run twice
  // (it does when another of the group fails after writing) and must have no effect
  // outside the transaction. When it returns an error, what it wrote is undone and the
  // others of the group go on.
  using Body = std::function<absl::Status(WriteTx&)>;
  // Called once, after the group's sync (or the failure), on the completion thread,
  // in commit order. `position` is the outbox's last seq after this unit of work.
  // Must be quick: the next ones wait. May Submit; must not wait for another Done
  // (Write, for one), nor may a Body.
  using Done = std::function<void(absl::Status status, int64_t position)>;
  struct WorkOptions {
    bool urgent = false;  // may use the last tenth of the outbox
  };
  // RESOURCE_EXHAUSTED through `done` when kMaxQueuedWrites wait; UNAVAILABLE after
  // Shutdown. A group that meets a full disk rolls back whole and every member gets
  // RESOURCE_EXHAUSTED; the process lives. A failed sync ends the process.
  virtual void Submit(WorkOptions options, Body body, Done done) = 0;
  // Submit and wait. Returns the position.
  absl::StatusOr<int64_t> Write(Body body);

  // The stream of this database: its unit and incarnation (a random id).
  virtual const std::string& unit() const = 0;
  virtual const std::string& incarnation() const = 0;
  // How often this database has been opened, this time included. A value below one
  // seen before is an old file put back.
  virtual int64_t generation() const = 0;
  // The outbox's last committed seq of this incarnation.
  virtual int64_t position() const = 0;
  // At most `limit` entries, and never more than kOutboxBatchEntries, with
  // seq > `after`, in order: an empty answer, not a short one, is the end.
  virtual absl::StatusOr<std::vector<OutboxEntry>> ReadOutbox(int64_t after, int limit) = 0;
  // Where a consumer ("access", "audit") has got to in this incarnation; 0 at first.
  // Persisted lazily, with a later group or at the end: a crash may forget progress,
  // never invent it. May go back (a consumer restored from a backup).
  // OUT_OF_RANGE beyond position(). The one named "audit" frees the outbox's bound.
  virtual absl::StatusOr<int64_t> ConsumerPosition(absl::string_view consumer) = 0;
  virtual absl::Status SetConsumerPosition(absl::string_view consumer, int64_t seq) = 0;
  // Blocks until position() > after, or the timeout (an hour at most), or Shutdown.
  virtual void WaitForOutbox(int64_t after, absl::Duration timeout) = 0;
  // Ends every WaitForOutbox, now and later, and refuses new work; what was submitted
  // is still done, and reads go on. For the order of a stop: Shutdown, join the threads
  // that wait for the outbox, destroy. Destroying does it too.
  virtual void Shutdown() = 0;

  // Counters since open, for tests that compare the work of two calls (R18).
  struct Counters {
    int64_t reads = 0;       // Read() calls
    int64_t statements = 0;  // statements run by reads and writes
    int64_t commits = 0;     // group commits
    int64_t units_of_work = 0;
    // Rows that statements stepped over in looking through a whole table: what makes a call slower
    // as a store fills. A statement that an index serves adds none.
    int64_t scanned_rows = 0;
  };
  virtual Counters counters() const = 0;
};

}  // namespace knooppunt::storage

#endif  // KNOOPPUNT_SECURITY_STORAGE_DATABASE_H_
