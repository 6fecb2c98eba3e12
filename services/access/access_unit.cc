#include "services/access/access_unit.h"

#include "base/status.h"
#include "schema/access_migrations.h"

namespace knooppunt::access {

absl::StatusOr<std::unique_ptr<AccessUnit>> AccessUnit::Open(Options options) {
  std::unique_ptr<AccessUnit> unit(new AccessUnit);
  storage::Database::Options db;
  db.path = options.database_path;
  db.key = options.database_key;
  db.unit = "access";
  db.migrations = Migrations();
  db.clock = options.clock;
  db.random = options.random;
  db.new_incarnation = options.new_incarnation;
  KP_ASSIGN_OR_RETURN(unit->database_, storage::Database::Open(std::move(db)));
  KP_ASSIGN_OR_RETURN(unit->keyring_, Keyring::Open({.path = options.keyring_path,
                                                     .root = options.keyring_root,
                                                     .clock = options.clock,
                                                     .random = options.random}));
  KP_ASSIGN_OR_RETURN(unit->clock_, DecisionClock::Open({.database = unit->database_.get(),
                                                         .clock = options.clock,
                                                         .forget = options.new_incarnation}));
  unit->facts_ = std::make_unique<FactsStore>(unit->database_.get(), unit->clock_.get());
  KP_ASSIGN_OR_RETURN(unit->sessions_, SessionStore::Open(unit->database_.get()));
  unit->policy_ =
      std::make_unique<PolicySource>(PolicySource::Options{.first = std::move(options.policy),
                                                           .path = std::move(options.policy_path),
                                                           .clock = options.clock});
  unit->decisions_ =
      std::make_unique<DecisionMaker>(DecisionMaker::Options{.facts = unit->facts_.get(),
                                                             .sessions = unit->sessions_.get(),
                                                             .keyring = unit->keyring_.get(),
                                                             .tokens = options.tokens,
                                                             .clock = unit->clock_.get(),
                                                             .policy = unit->policy_.get()});
  unit->login_ = std::make_unique<Login>(
      Login::Options{.id_tokens = identity::IdTokenVerifier(std::move(options.issuers)),
                     .token_key = *options.token_key,
                     .facts = unit->facts_.get(),
                     .sessions = unit->sessions_.get(),
                     .random = options.random});
  unit->service_ = std::make_unique<Service>(Service::Options{.decisions = unit->decisions_.get(),
                                                              .facts = unit->facts_.get(),
                                                              .keyring = unit->keyring_.get(),
                                                              .login = unit->login_.get(),
                                                              .policy = unit->policy_.get(),
                                                              .clock = options.clock,
                                                              .decision_clock = unit->clock_.get(),
                                                              .sessions = unit->sessions_.get()});
  return unit;
}

AccessUnit::~AccessUnit() = default;

std::string AccessUnit::OrganisationName(absl::string_view name) {
  const auto found = facts_->Organisation(std::string(name));
  const bool known = found.ok() && *found != nullptr && !(*found)->display_name().empty();
  return known ? (*found)->display_name() : "";
}

}  // namespace knooppunt::access
