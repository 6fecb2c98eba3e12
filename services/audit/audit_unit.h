// The audit unit: its database, the checkpointer, its methods. Thread-safe once registered.
#ifndef KNOOPPUNT_SERVICES_AUDIT_AUDIT_UNIT_H_
#define KNOOPPUNT_SERVICES_AUDIT_AUDIT_UNIT_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/limits.h"
#include "security/crypto/random.h"
#include "security/crypto/secret.h"
#include "security/crypto/sign.h"
#include "security/storage/database.h"
#include "services/audit/checkpointer.h"
#include "services/audit/service.h"
#include "services/runtime/unit.h"

namespace knooppunt::audit_service {

class AuditUnit final : public runtime::Unit {
 public:
  struct Options {
    std::string path;
    const crypto::SecretBytes* key = nullptr;     // not owned; used during Open only
    const base::Clock* clock = nullptr;           // not owned
    crypto::Random* random = nullptr;             // not owned
    bool new_incarnation = false;                 // as storage::Database::Options
    std::string origin;                           // name of the log in its checkpoints
    const crypto::SigningKey* log_key = nullptr;  // not owned; used during Open only
    std::vector<WitnessPeer> witnesses;
    OrganisationName organisation_name;  // may be empty; called from any thread
    absl::Duration checkpoint_interval = absl::Milliseconds(limits::kCheckpointIntervalMs);
  };

  // Opens the database, signs a checkpoint, asks every witness once, and starts the
  // checkpointer: a log that was put back to an older state refuses from its first
  // append on. (A witness that cannot be reached costs its client's deadline.) Errors:
  // those of storage::Database::Open; INVALID_ARGUMENT for a malformed origin or more
  // than kMaxWitnesses; DATA_LOSS for a damaged log.
  static absl::StatusOr<std::unique_ptr<AuditUnit>> Open(Options options);

  absl::string_view name() const override { return "audit"; }
  storage::Database& database() override { return *database_; }
  void Register(runtime::Registry& registry) override { service_.Register(registry); }

  // As Checkpointer.
  absl::Status FlushCheckpoint() { return checkpointer_->FlushCheckpoint(); }
  const AuditService& service() const { return service_; }

 private:
  AuditUnit(std::unique_ptr<storage::Database> database, std::unique_ptr<Checkpointer> checkpointer,
            crypto::Random* random, OrganisationName organisation_name)
      : database_(std::move(database)),
        checkpointer_(std::move(checkpointer)),
        service_({.database = database_.get(),
                  .checkpointer = checkpointer_.get(),
                  .random = random,
                  .organisation_name = std::move(organisation_name)}) {}

  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<Checkpointer> checkpointer_;  // stops before the database closes
  AuditService service_;
};

}  // namespace knooppunt::audit_service

#endif  // KNOOPPUNT_SERVICES_AUDIT_AUDIT_UNIT_H_
