// Brings a database to the schema of this binary. Internal to storage.
// Not thread-safe: for the one connection that writes.
#ifndef KNOOPPUNT_SECURITY_STORAGE_MIGRATOR_H_
#define KNOOPPUNT_SECURITY_STORAGE_MIGRATOR_H_

#include <vector>

#include "absl/status/status.h"
#include "base/clock.h"
#include "security/storage/connection.h"
#include "security/storage/database.h"

namespace knooppunt::storage {

// INVALID_ARGUMENT unless the versions are 1, 2, 3 ... in order.
absl::Status CheckMigrations(const std::vector<Migration>& migrations);

// Creates the store's own tables in an empty database. FAILED_PRECONDITION when they
// are of a format, or the schema of a version, that this binary does not know; then
// nothing has been written.
absl::Status PrepareStoreTables(Connection& connection, const std::vector<Migration>& migrations);

// Runs what has not run yet, each in a transaction of its own with its row in
// schema_migration; stops at the first error, of which nothing stays.
absl::Status Migrate(Connection& connection, const std::vector<Migration>& migrations,
                     const base::Clock& clock);

}  // namespace knooppunt::storage

#endif  // KNOOPPUNT_SECURITY_STORAGE_MIGRATOR_H_
