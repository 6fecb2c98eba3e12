#include "services/dossier/dossier_unit.h"

#include "base/status.h"
#include "schema/dossier_migrations.h"

namespace knooppunt::dossier {
namespace {

constexpr int kMaxGraceDays = 366;

}  // namespace

absl::StatusOr<std::unique_ptr<DossierUnit>> DossierUnit::Open(const Options& options) {
  if (options.handover_grace_days < 0 || options.handover_grace_days > kMaxGraceDays) {
    return absl::InvalidArgumentError("handover_grace_days must be between 0 and 366");
  }
  KP_ASSIGN_OR_RETURN(std::unique_ptr<storage::Database> database,
                      storage::Database::Open({.path = options.path,
                                               .key = options.key,
                                               .unit = "dossier",
                                               .migrations = Migrations(),
                                               .clock = options.clock,
                                               .random = options.random,
                                               .outbox_max_entries = options.outbox_max_entries,
                                               .new_incarnation = options.new_incarnation}));
  KP_RETURN_IF_ERROR(documents::DocumentService::Sweep(*database));
  return std::unique_ptr<DossierUnit>(new DossierUnit(std::move(database), options));
}

void DossierUnit::Register(runtime::Registry& registry) {
  casework_.Register(registry);
  consent_.Register(registry);
  documents_.Register(registry);
  handover_.Register(registry);
  plan_.Register(registry);
  meetings_.Register(registry);
  family_.Register(registry);
  requests_.Register(registry);
  worklist_.Register(registry);
}

}  // namespace knooppunt::dossier
