#include "security/storage/database.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/mutex.h"
#include "base/status.h"
#include "security/storage/migrator.h"
#include "security/storage/sqlcipher_database.h"

namespace knooppunt::storage {
namespace {

constexpr size_t kDatabaseKeyBytes = 32;

absl::Status CheckOptions(const Database::Options& options) {
  if (options.path.empty() || options.unit.empty() || options.clock == nullptr ||
      options.random == nullptr || options.page_cache_kib <= 0 || options.outbox_max_entries < 0) {
    return absl::InvalidArgumentError("database options are incomplete");
  }
  if (options.key == nullptr || options.key->size() != kDatabaseKeyBytes) {
    return absl::InvalidArgumentError("a database key is 32 bytes");
  }
  return CheckMigrations(options.migrations);
}

// "" when meta has no such name.
absl::StatusOr<std::string> ReadMeta(Connection& connection, absl::string_view name) {
  std::string value;
  KP_RETURN_IF_ERROR(connection.Query(Issuer::kStore, "SELECT value FROM meta WHERE name = ?",
                                      {name}, [&](const Row& row) {
                                        value = std::string(row.Text(0));
                                        return absl::OkStatus();
                                      }));
  return value;
}

absl::Status WriteMeta(Connection& connection, absl::string_view name, absl::string_view value) {
  KP_ASSIGN_OR_RETURN(
      const int64_t updated,
      connection.Exec(Issuer::kStore, "UPDATE meta SET value = ? WHERE name = ?", {value, name}));
  if (updated > 0) return absl::OkStatus();
  return connection.Run("INSERT INTO meta (name, value) VALUES (?, ?)", {name, value});
}

absl::Status CheckUnit(Connection& connection, const std::string& unit) {
  KP_ASSIGN_OR_RETURN(const std::string found, ReadMeta(connection, "unit"));
  if (found.empty() || found == unit) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("the database belongs to unit ", found, " and not to ", unit));
}

// Counts this open, and begins a new incarnation if asked to or if there is none.
absl::Status RegisterOpen(Connection& connection, const Database::Options& options,
                          SqlcipherDatabase::Parts* parts) {
  KP_ASSIGN_OR_RETURN(parts->incarnation, ReadMeta(connection, "incarnation"));
  KP_ASSIGN_OR_RETURN(
      const int64_t generation,
      connection.QueryInt("SELECT value FROM meta WHERE name = 'generation'", {}, 0));
  if (parts->incarnation.empty() || options.new_incarnation) {
    parts->incarnation = options.random->Id("inc");
  }
  parts->generation = generation + 1;
  KP_RETURN_IF_ERROR(WriteMeta(connection, "unit", options.unit));
  KP_RETURN_IF_ERROR(WriteMeta(connection, "incarnation", parts->incarnation));
  return WriteMeta(connection, "generation", absl::StrCat(parts->generation));
}

absl::Status PrepareSchema(Connection& connection, const Database::Options& options,
                           SqlcipherDatabase::Parts* parts) {
  KP_RETURN_IF_ERROR(PrepareStoreTables(connection, options.migrations));
  KP_RETURN_IF_ERROR(CheckUnit(connection, options.unit));
  KP_RETURN_IF_ERROR(Migrate(connection, options.migrations, *options.clock));
  KP_RETURN_IF_ERROR(connection.BeginTransaction());
  absl::Status status = RegisterOpen(connection, options, parts);
  if (status.ok()) status = connection.CommitTransaction();
  connection.RollbackTransaction();
  return status;
}

absl::StatusOr<std::unique_ptr<Database>> OpenFile(Database::Options options) {
  SqlcipherDatabase::Parts parts;
  KP_ASSIGN_OR_RETURN(parts.file, DatabaseFile::Claim(options.path));
  KP_ASSIGN_OR_RETURN(parts.writer, Connection::Open({.path = options.path,
                                                      .key = options.key,
                                                      .page_cache_kib = options.page_cache_kib}));
  KP_RETURN_IF_ERROR(PrepareSchema(*parts.writer, options, &parts));
  KP_ASSIGN_OR_RETURN(parts.head, LoadHead(*parts.writer, options.unit, parts.incarnation));
  parts.consumers = std::make_unique<Consumers>();
  KP_RETURN_IF_ERROR(parts.consumers->Load(*parts.writer, parts.incarnation));
  parts.readers = std::make_unique<ReaderPool>(
      options.path, options.key->Clone(crypto::SecretAccess::For("open readers later")),
      options.page_cache_kib);
  parts.unit = std::move(options.unit);
  parts.run_every_body_twice = options.run_every_body_twice;
  parts.outbox_max_entries =
      options.outbox_max_entries > 0 ? options.outbox_max_entries : limits::kOutboxMaxEntries;
  return std::make_unique<SqlcipherDatabase>(std::move(parts));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Database>> Database::Open(Options options) {
  KP_RETURN_IF_ERROR(CheckOptions(options));
  const std::string path = options.path;
  auto opened = OpenFile(std::move(options));
  // A process has several databases: the operator must hear which one it is.
  if (absl::IsDataLoss(opened.status()) || absl::IsUnauthenticated(opened.status())) {
    return absl::Status(opened.status().code(),
                        absl::StrCat(path, ": ", opened.status().message()));
  }
  return opened;
}

absl::StatusOr<int64_t> Database::Write(Body body) {
  struct Outcome {
    base::Mutex mu;
    base::CondVar told;
    bool done ABSL_GUARDED_BY(mu) = false;
    absl::Status status ABSL_GUARDED_BY(mu);
    int64_t position ABSL_GUARDED_BY(mu) = 0;
  } outcome;
  Submit({}, std::move(body), [&outcome](absl::Status status, int64_t position) {
    base::MutexLock lock(outcome.mu);
    outcome.status = std::move(status);
    outcome.position = position;
    outcome.done = true;
    outcome.told.NotifyOne();
  });
  base::MutexLock lock(outcome.mu);
  while (!outcome.done) outcome.told.Wait(outcome.mu);
  if (!outcome.status.ok()) return outcome.status;
  return outcome.position;
}

}  // namespace knooppunt::storage
