#include "security/storage/sqlcipher_database.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/status.h"

namespace knooppunt::storage {
namespace {

constexpr absl::string_view kAuditConsumer = "audit";
// An infinite wait would overflow the clock beneath.
constexpr absl::Duration kLongestOutboxWait = absl::Hours(1);

}  // namespace

class SqlcipherDatabase::SnapshotTx final : public ReadTx {
 public:
  SnapshotTx(Connection& connection, std::atomic<int64_t>& statements)
      : connection_(connection), statements_(statements) {}
  absl::Status Query(absl::string_view sql, Params params,
                     absl::FunctionRef<absl::Status(const Row&)> row) override {
    ++statements_;
    return connection_.Query(Issuer::kBody, sql, params, row);
  }

 private:
  Connection& connection_;
  std::atomic<int64_t>& statements_;
};

class SqlcipherDatabase::UnitTx final : public WriteTx {
 public:
  UnitTx(SqlcipherDatabase& db, bool urgent) : db_(db), urgent_(urgent) {}

  absl::Status Query(absl::string_view sql, Params params,
                     absl::FunctionRef<absl::Status(const Row&)> row) override {
    KP_RETURN_IF_ERROR(CountStatement());
    return connection().Query(Issuer::kBody, sql, params, row);
  }
  absl::StatusOr<int64_t> Exec(absl::string_view sql, Params params) override {
    KP_RETURN_IF_ERROR(CountStatement());
    return connection().Exec(Issuer::kBody, sql, params);
  }
  absl::StatusOr<int64_t> AppendOutbox(OutboxKind kind, absl::string_view body,
                                       absl::string_view payload, absl::string_view tag) override {
    KP_RETURN_IF_ERROR(CountStatement());
    const int64_t max = db_.parts_.outbox_max_entries;
    const int64_t bound = urgent_ ? max : max - max / 10;
    if (db_.head_.seq - db_.parts_.consumers->Position(kAuditConsumer) >= bound) {
      return absl::ResourceExhaustedError("the outbox is full: audit has not taken it");
    }
    KP_RETURN_IF_ERROR(
        InsertEntry(connection(), db_.parts_.incarnation, kind, body, payload, tag, &db_.head_));
    return db_.head_.seq;
  }

 private:
  Connection& connection() { return *db_.parts_.writer; }
  absl::Status CountStatement() {
    ++db_.group_statements_;
    return connection().TransactionError();
  }

  SqlcipherDatabase& db_;
  const bool urgent_;
};

SqlcipherDatabase::SqlcipherDatabase(Parts parts)
    : parts_(std::move(parts)),
      head_(parts_.head),
      position_(parts_.head.seq),
      writer_([this] { RunWriter(); }) {}

SqlcipherDatabase::~SqlcipherDatabase() {
  Shutdown();
  {
    base::MutexLock lock(queue_mu_);
    closing_ = true;
  }
  queued_.NotifyOne();
  writer_.join();
}

absl::Status SqlcipherDatabase::Read(absl::FunctionRef<absl::Status(ReadTx&)> body) {
  ++reads_;
  KP_ASSIGN_OR_RETURN(ReaderPool::Loan connection, parts_.readers->Borrow());
  absl::Status status = connection->Run("BEGIN");
  if (status.ok()) {
    SnapshotTx tx(*connection, statements_);
    status = body(tx);
  }
  scanned_rows_ += connection->TakeScannedRows();
  if (connection->in_transaction() && !connection->Run("ROLLBACK").ok()) connection.Discard();
  return status;
}

void SqlcipherDatabase::Submit(WorkOptions options, Body body, Done done) {
  absl::Status refusal;
  {
    base::MutexLock lock(queue_mu_);
    if (refusing_) {
      refusal = absl::UnavailableError("the database is shutting down");
    } else if (queue_.size() >= static_cast<size_t>(limits::kMaxQueuedWrites)) {
      refusal = absl::ResourceExhaustedError("too many writes are waiting");
    } else {
      queue_.push_back({options, std::move(body), std::move(done)});
    }
  }
  if (refusal.ok()) {
    queued_.NotifyOne();
  } else {
    // Not queued, so not moved from.
    // NOLINTNEXTLINE(bugprone-use-after-move)
    completions_.Push({std::move(done), std::move(refusal), position()});
  }
}

absl::StatusOr<std::vector<OutboxEntry>> SqlcipherDatabase::ReadOutbox(int64_t after, int limit) {
  absl::StatusOr<std::vector<OutboxEntry>> entries;
  KP_RETURN_IF_ERROR(Read([&](ReadTx& tx) {
    entries = LoadEntries(tx, parts_.incarnation, after, limit);
    return entries.status();
  }));
  // A read sees a commit a moment before position() says so; who reads it may confirm it at once.
  while (!entries->empty() && entries->back().seq > position()) entries->pop_back();
  return entries;
}

absl::StatusOr<int64_t> SqlcipherDatabase::ConsumerPosition(absl::string_view consumer) {
  return parts_.consumers->Position(consumer);
}

absl::Status SqlcipherDatabase::SetConsumerPosition(absl::string_view consumer, int64_t seq) {
  if (seq < 0 || seq > position()) {
    return absl::OutOfRangeError(
        absl::StrCat("consumer position ", seq, " is outside 0 to ", position()));
  }
  parts_.consumers->SetPosition(consumer, seq);
  return absl::OkStatus();
}

void SqlcipherDatabase::WaitForOutbox(int64_t after, absl::Duration timeout) {
  using std::chrono::steady_clock;
  const auto deadline =
      steady_clock::now() + absl::ToChronoNanoseconds(std::min(timeout, kLongestOutboxWait));
  base::MutexLock lock(outbox_mu_);
  while (position_ <= after && !outbox_ended_) {
    const auto left = deadline - steady_clock::now();
    if (left <= steady_clock::duration::zero()) return;
    outbox_moved_.WaitFor(outbox_mu_, absl::FromChrono(left));
  }
}

void SqlcipherDatabase::Shutdown() {
  {
    base::MutexLock lock(queue_mu_);
    refusing_ = true;
  }
  base::MutexLock lock(outbox_mu_);
  outbox_ended_ = true;
  outbox_moved_.NotifyAll();
}

// There is one kind of database.
PageUse PagesReadBy(Database& database) {
  return static_cast<SqlcipherDatabase&>(database).page_use();
}

Database::Counters SqlcipherDatabase::counters() const {
  return {.reads = reads_,
          .statements = statements_,
          .commits = commits_,
          .units_of_work = units_of_work_,
          .scanned_rows = scanned_rows_};
}

void SqlcipherDatabase::RunWriter() {
  for (;;) {
    std::vector<Work> group = NextGroup();
    if (group.empty()) break;
    RunGroup(std::move(group));
    CheckpointIfDue();
  }
  FinishWriter();
}

std::vector<SqlcipherDatabase::Work> SqlcipherDatabase::NextGroup() {
  base::MutexLock lock(queue_mu_);
  while (queue_.empty() && !closing_) queued_.Wait(queue_mu_);
  std::vector<Work> group;
  while (!queue_.empty() && group.size() < static_cast<size_t>(limits::kMaxWritesPerGroup)) {
    group.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return group;
}

void SqlcipherDatabase::RunGroup(std::vector<Work> group) {
  const StreamHead before = head_;
  std::vector<Completion> completions;
  const absl::Status failure = RunUnits(group, &completions);
  if (failure.ok()) {
    PublishPosition();
  } else {
    parts_.writer->RollbackTransaction();
    head_ = before;
    base::Log(base::Severity::kWarning, "a group of writes was rolled back",
              {{"unit", parts_.unit}, {"writes", group.size()}, {"error", failure.message()}});
    completions.clear();
    for (Work& work : group) completions.push_back({std::move(work.done), failure, before.seq});
  }
  units_of_work_ += static_cast<int64_t>(group.size());
  statements_ += group_statements_;
  scanned_rows_ += parts_.writer->TakeScannedRows();
  group.clear();  // frees what the bodies hold before anybody is told
  completions_.PushGroup(std::move(completions));
}

absl::Status SqlcipherDatabase::RunUnits(std::vector<Work>& group,
                                         std::vector<Completion>* completions) {
  const StreamHead before = head_;
  bool again = false;
  KP_RETURN_IF_ERROR(parts_.writer->BeginTransaction());
  KP_ASSIGN_OR_RETURN(std::vector<Result> results, RunPass(group, Pass::kHopeful, &again));
  if (again) {
    parts_.writer->RollbackTransaction();
    head_ = before;
    KP_RETURN_IF_ERROR(parts_.writer->BeginTransaction());
    KP_ASSIGN_OR_RETURN(results, RunPass(group, Pass::kWithSavepoints, &again));
  }
  KP_RETURN_IF_ERROR(CommitGroup(
      std::any_of(results.begin(), results.end(), [](const Result& r) { return r.status.ok(); })));
  for (size_t i = 0; i < group.size(); ++i) {
    completions->push_back(
        {std::move(group[i].done), std::move(results[i].status), results[i].position});
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<SqlcipherDatabase::Result>> SqlcipherDatabase::RunPass(
    const std::vector<Work>& group, Pass pass, bool* again) {
  group_statements_ = 0;
  *again = pass == Pass::kHopeful && parts_.run_every_body_twice;
  std::vector<Result> results;
  for (const Work& work : group) {
    const StreamHead before = head_;
    parts_.writer->ClearWrote();
    absl::Status group_failure;
    absl::Status status = RunUnit(work, pass, &group_failure);
    KP_RETURN_IF_ERROR(group_failure);
    if (!status.ok()) {
      head_ = before;
      // Alone in its group, it is rolled back with it.
      if (pass == Pass::kHopeful && parts_.writer->wrote() && group.size() > 1) {
        *again = true;
        return results;
      }
    }
    results.push_back({std::move(status), head_.seq});
  }
  return results;
}

absl::Status SqlcipherDatabase::RunUnit(const Work& work, Pass pass, absl::Status* group_failure) {
  Connection& connection = *parts_.writer;
  const bool savepoint = pass == Pass::kWithSavepoints;
  if (savepoint) *group_failure = connection.Run("SAVEPOINT unit_of_work");
  if (!group_failure->ok()) return *group_failure;

  UnitTx tx(*this, work.options.urgent);
  absl::Status status = work.body(tx);
  *group_failure = connection.TransactionError();
  if (savepoint && group_failure->ok() && !status.ok()) {
    *group_failure = connection.Run("ROLLBACK TO unit_of_work");
  }
  if (savepoint && group_failure->ok()) *group_failure = connection.Run("RELEASE unit_of_work");
  return status;
}

absl::Status SqlcipherDatabase::CommitGroup(bool any_succeeded) {
  if (!any_succeeded) {
    parts_.writer->RollbackTransaction();
    return absl::OkStatus();
  }
  KP_RETURN_IF_ERROR(parts_.consumers->Save(*parts_.writer, parts_.incarnation));
  KP_RETURN_IF_ERROR(parts_.writer->CommitTransaction());
  parts_.consumers->SaveCommitted();
  ++commits_;
  return absl::OkStatus();
}

void SqlcipherDatabase::PublishPosition() {
  base::MutexLock lock(outbox_mu_);
  if (position_ == head_.seq) return;
  position_ = head_.seq;
  outbox_moved_.NotifyAll();
}

void SqlcipherDatabase::CheckpointIfDue() {
  const int pages = parts_.writer->wal_pages();
  if (pages < checkpointed_pages_) checkpointed_pages_ = 0;  // the log began anew
  if (pages - checkpointed_pages_ < limits::kCheckpointPages) return;
  checkpointed_pages_ = pages;
  const auto mode = pages >= limits::kForcedCheckpointPages ? Connection::Checkpoint::kRestart
                                                            : Connection::Checkpoint::kPassive;
  const absl::Status status = parts_.writer->RunCheckpoint(mode);
  if (!status.ok()) {
    // The log keeps everything, and a later checkpoint takes it.
    base::Log(base::Severity::kWarning, "checkpoint failed",
              {{"unit", parts_.unit}, {"error", status.message()}});
  }
}

void SqlcipherDatabase::FinishWriter() {
  Connection& connection = *parts_.writer;
  absl::Status status;
  if (parts_.consumers->HasUnsaved()) {
    status = connection.BeginTransaction();
    if (status.ok()) status = parts_.consumers->Save(connection, parts_.incarnation);
    if (status.ok()) status = connection.CommitTransaction();
    connection.RollbackTransaction();
  }
  if (status.ok()) status = connection.RunCheckpoint(Connection::Checkpoint::kTruncate);
  if (!status.ok()) {
    base::Log(base::Severity::kWarning, "the database closes with its log not emptied",
              {{"unit", parts_.unit}, {"error", status.message()}});
  }
}

}  // namespace knooppunt::storage
