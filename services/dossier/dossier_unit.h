// The dossier unit: one database, one transaction for casework, consent and handover.
// Thread-safe once registered.
#ifndef KNOOPPUNT_SERVICES_DOSSIER_DOSSIER_UNIT_H_
#define KNOOPPUNT_SERVICES_DOSSIER_DOSSIER_UNIT_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "security/crypto/hash.h"
#include "security/crypto/random.h"
#include "security/crypto/secret.h"
#include "security/policy/consent_rules.h"
#include "security/policy/framework.h"
#include "security/policy/handover_kinds.h"
#include "security/storage/database.h"
#include "services/casework/service.h"
#include "services/consent/service.h"
#include "services/documents/service.h"
#include "services/family/service.h"
#include "services/handover/service.h"
#include "services/meetings/service.h"
#include "services/plan/service.h"
#include "services/requests/service.h"
#include "services/runtime/unit.h"
#include "services/worklist/service.h"

namespace knooppunt::dossier {

class DossierUnit final : public runtime::Unit {
 public:
  struct Options {
    std::string path;
    const crypto::SecretBytes* key = nullptr;  // not owned; used during Open only
    const base::Clock* clock = nullptr;        // not owned
    crypto::Random* random = nullptr;          // not owned
    bool new_incarnation = false;              // as storage::Database::Options
    int64_t outbox_max_entries = 0;            // as storage::Database::Options
    // How long the sending side of a handover may answer questions after acceptance (R29).
    int handover_grace_days = 0;
    // The kinds of handover (R30); empty is those that are built in.
    std::shared_ptr<const policy::HandoverKinds> handover_kinds;
    // From which the keys follow that sign receipts of handovers (R28); without one, from `key`.
    const crypto::SecretBytes* receipt_root = nullptr;  // not owned; used during Open only
    // Other installations with which cases are handed over; empty is none.
    std::shared_ptr<const handover::Installations> installations;
    // Types of ground that the policy knows (R15); with none, no ground can be invoked.
    policy::GroundTypes ground_types;
    // Who carries what (R36); empty is the one that is built in.
    std::shared_ptr<const policy::Framework> framework;
  };

  // Errors: those of storage::Database::Open; INVALID_ARGUMENT for a grace of fewer than 0 or
  // more than 366 days.
  static absl::StatusOr<std::unique_ptr<DossierUnit>> Open(const Options& options);

  absl::string_view name() const override { return "dossier"; }
  storage::Database& database() override { return *database_; }
  void Register(runtime::Registry& registry) override;
  // The alarm of reviews of emergency access that are overdue (R20).
  void Heartbeat(absl::Time now) override { consent_.Heartbeat(*database_, now); }

 private:
  DossierUnit(std::unique_ptr<storage::Database> database, const Options& options)
      : database_(std::move(database)),
        casework_(*options.random, options.framework),
        consent_(*options.random, options.ground_types),
        family_(*options.random),
        requests_(*options.random),
        documents_(*options.random),
        handover_(*options.random,
                  {.grace_days = options.handover_grace_days,
                   .kinds = options.handover_kinds,
                   .receipt_root = crypto::Hkdf(
                       options.receipt_root != nullptr ? *options.receipt_root : *options.key,
                       "knooppunt-handover-receipts-v1", 32),
                   .installations = options.installations,
                   .documents = &documents_}),
        plan_(*options.random),
        meetings_(*options.random),
        worklist_(*options.random) {}

  std::unique_ptr<storage::Database> database_;
  casework::CaseworkService casework_;
  consent::ConsentService consent_;
  family::FamilyService family_;
  requests::RequestsService requests_;
  documents::DocumentService documents_;
  handover::HandoverService handover_;
  plan::PlanService plan_;
  meetings::MeetingsService meetings_;
  worklist::WorklistService worklist_;
};

}  // namespace knooppunt::dossier

#endif  // KNOOPPUNT_SERVICES_DOSSIER_DOSSIER_UNIT_H_
