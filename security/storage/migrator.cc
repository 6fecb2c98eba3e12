#include "security/storage/migrator.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "base/date.h"
#include "base/status.h"

namespace knooppunt::storage {
namespace {

// Of the store's own tables; a newer binary that changes them counts on.
constexpr int64_t kFormat = 1;

constexpr absl::string_view kStoreTables = R"sql(
  CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
  );
  CREATE TABLE schema_migration (
    version INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    applied_at TEXT NOT NULL
  );
  CREATE TABLE outbox (
    incarnation TEXT NOT NULL,
    seq INTEGER NOT NULL CHECK (seq > 0),
    kind INTEGER NOT NULL,
    body BLOB NOT NULL,
    payload BLOB NOT NULL,
    chain BLOB NOT NULL,
    tag BLOB NOT NULL,
    PRIMARY KEY (incarnation, seq)
  );
  CREATE TABLE consumer (
    incarnation TEXT NOT NULL,
    name TEXT NOT NULL,
    seq INTEGER NOT NULL CHECK (seq >= 0),
    PRIMARY KEY (incarnation, name)
  );
)sql";

// Runs `body` in a transaction that commits if it returns OK.
absl::Status InTransaction(Connection& connection, absl::FunctionRef<absl::Status()> body) {
  KP_RETURN_IF_ERROR(connection.BeginTransaction());
  absl::Status status = body();
  if (status.ok()) status = connection.CommitTransaction();
  if (!status.ok()) connection.RollbackTransaction();
  return status;
}

absl::Status CreateStoreTables(Connection& connection) {
  return InTransaction(connection, [&] {
    KP_RETURN_IF_ERROR(connection.RunScript(Issuer::kStore, kStoreTables));
    KP_RETURN_IF_ERROR(connection.Run("INSERT INTO meta (name, value) VALUES ('format', ?)",
                                      {absl::string_view(absl::StrCat(kFormat))}));
    return connection.Run("INSERT INTO meta (name, value) VALUES ('cipher_settings', ?)",
                          {CipherSettings()});
  });
}

absl::StatusOr<int64_t> AppliedVersion(Connection& connection) {
  KP_ASSIGN_OR_RETURN(const int64_t version,
                      connection.QueryInt("SELECT max(version) FROM schema_migration", {}, 0));
  KP_ASSIGN_OR_RETURN(const int64_t count,
                      connection.QueryInt("SELECT count(*) FROM schema_migration", {}, 0));
  if (version != count) {
    return absl::DataLossError(
        absl::StrCat("schema version is ", version, " after ", count, " migrations"));
  }
  return version;
}

absl::Status CheckForeignKeys(Connection& connection) {
  return connection.Query(Issuer::kStore, "PRAGMA foreign_key_check", {}, [](const Row& row) {
    return absl::FailedPreconditionError(
        absl::StrCat("leaves a foreign key of table ", row.Text(0), " without its row"));
  });
}

absl::Status RunOne(Connection& connection, const Migration& migration, const base::Clock& clock) {
  const std::string now = base::FormatInstant(clock.Now());
  absl::Status status = InTransaction(connection, [&] {
    KP_RETURN_IF_ERROR(connection.RunScript(Issuer::kBody, migration.sql));
    KP_RETURN_IF_ERROR(CheckForeignKeys(connection));
    return connection.Run(
        "INSERT INTO schema_migration (version, name, applied_at) VALUES (?, ?, ?)",
        {int64_t{migration.version}, migration.name, absl::string_view(now)});
  });
  if (status.ok()) return status;
  return absl::Status(status.code(), absl::StrCat("migration ", migration.version, " (",
                                                  migration.name, "): ", status.message()));
}

}  // namespace

absl::Status CheckMigrations(const std::vector<Migration>& migrations) {
  int expected = 0;
  for (const Migration& migration : migrations) {
    if (migration.version != ++expected) {
      return absl::InvalidArgumentError(absl::StrCat("migration ", migration.version, " (",
                                                     migration.name, ") stands where ", expected,
                                                     " is expected"));
    }
  }
  return absl::OkStatus();
}

absl::Status PrepareStoreTables(Connection& connection, const std::vector<Migration>& migrations) {
  KP_ASSIGN_OR_RETURN(
      const int64_t tables,
      connection.QueryInt("SELECT count(*) FROM sqlite_master WHERE name = 'meta'", {}, 0));
  if (tables == 0) return CreateStoreTables(connection);
  KP_ASSIGN_OR_RETURN(const int64_t format,
                      connection.QueryInt("SELECT value FROM meta WHERE name = 'format'", {}, 0));
  KP_ASSIGN_OR_RETURN(const int64_t version, AppliedVersion(connection));
  if (format > kFormat || version > static_cast<int64_t>(migrations.size())) {
    return absl::FailedPreconditionError(
        absl::StrCat("the database has schema ", version, " in format ", format,
                     ", newer than this binary's ", migrations.size(), " in format ", kFormat));
  }
  return absl::OkStatus();
}

absl::Status Migrate(Connection& connection, const std::vector<Migration>& migrations,
                     const base::Clock& clock) {
  KP_ASSIGN_OR_RETURN(const int64_t applied, AppliedVersion(connection));
  if (applied == static_cast<int64_t>(migrations.size())) return absl::OkStatus();
  // A migration that rebuilds a table drops it, which must not cascade to its children.
  KP_RETURN_IF_ERROR(connection.RunScript(Issuer::kStore, "PRAGMA foreign_keys = OFF"));
  absl::Status status;
  for (size_t i = static_cast<size_t>(applied); status.ok() && i < migrations.size(); ++i) {
    status = RunOne(connection, migrations[i], clock);
  }
  KP_RETURN_IF_ERROR(connection.RunScript(Issuer::kStore, "PRAGMA foreign_keys = ON"));
  return status;
}

}  // namespace knooppunt::storage
