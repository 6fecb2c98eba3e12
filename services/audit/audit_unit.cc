#include "services/audit/audit_unit.h"

#include "base/status.h"
#include "schema/audit_service_migrations.h"
#include "services/audit/errors.h"
#include "services/audit/limits.h"

namespace knooppunt::audit_service {

absl::StatusOr<std::unique_ptr<AuditUnit>> AuditUnit::Open(Options options) {
  if (options.witnesses.size() > kMaxWitnesses) {
    return errors::InvalidField("audit.witnesses", "names at most 16 witnesses");
  }
  KP_ASSIGN_OR_RETURN(audit::NoteSigner signer,
                      audit::NoteSigner::Create(options.origin, *options.log_key));
  KP_ASSIGN_OR_RETURN(std::unique_ptr<storage::Database> database,
                      storage::Database::Open({.path = options.path,
                                               .key = options.key,
                                               .unit = "audit",
                                               .migrations = Migrations(),
                                               .clock = options.clock,
                                               .random = options.random,
                                               .new_incarnation = options.new_incarnation}));
  auto checkpointer = std::make_unique<Checkpointer>(
      Checkpointer::Options{.database = database.get(),
                            .clock = options.clock,
                            .signer = std::move(signer),
                            .witnesses = std::move(options.witnesses),
                            .interval = options.checkpoint_interval});
  const absl::Status first = checkpointer->FlushCheckpoint();
  // A log that the witness does not know is opened all the same, to be read and compared;
  // it takes nothing in.
  if (!first.ok() && !checkpointer->log_replaced()) return first;
  checkpointer->Start();
  return std::unique_ptr<AuditUnit>(new AuditUnit(std::move(database), std::move(checkpointer),
                                                  options.random,
                                                  std::move(options.organisation_name)));
}

}  // namespace knooppunt::audit_service
