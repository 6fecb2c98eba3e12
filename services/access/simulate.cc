#include "services/access/simulate.h"

#include <string>

#include "base/date.h"
#include "base/limits.h"
#include "base/status.h"
#include "security/policy/simulate.h"
#include "services/access/errors.h"
#include "services/access/world.h"

namespace knooppunt::access {
namespace {

// Noon, so that no change of clocks makes it another day.
absl::StatusOr<absl::Time> NoonOf(const std::string& date) {
  const auto day = base::ParseDate(date);
  if (!day.ok()) return errors::NoSuchDay();
  return absl::FromCivil(absl::CivilHour(*day) + 12, base::Amsterdam());
}

absl::StatusOr<std::shared_ptr<const policy::Table>> ThenPolicy(const SimulateOptions& options,
                                                                const std::string& text) {
  if (text.empty()) return options.in_force;
  auto table = policy::Table::Parse(text);
  if (!table.ok()) return errors::PolicyRefused(table.status().message());
  return *std::move(table);
}

bool ChangesNothing(const v1::SimulateRequest& request) {
  return request.policy().empty() && request.on_date().empty() &&
         request.without_professional().empty() && request.without_organisation().empty() &&
         request.without_consents_for().empty() &&
         request.without_seats_of() == common::v1::FUNCTION_UNSPECIFIED &&
         request.without_gezag_of() == v1::FAMILY_ROLE_UNSPECIFIED;
}

}  // namespace

absl::Status Simulate(const SimulateOptions& options, const v1::SimulateRequest& request,
                      v1::SimulateResponse* response) {
  if (ChangesNothing(request)) return errors::NothingChanges();
  if (!common::v1::Function_IsValid(request.without_seats_of()) ||
      !v1::FamilyRole_IsValid(request.without_gezag_of())) {
    return errors::NoSuchWord();
  }
  absl::Time then = options.now;
  if (!request.on_date().empty()) {
    KP_ASSIGN_OR_RETURN(then, NoonOf(request.on_date()));
  }
  KP_ASSIGN_OR_RETURN(const std::shared_ptr<const policy::Table> table,
                      ThenPolicy(options, request.policy()));
  policy::Simulation simulation({.now_table = options.in_force.get(),
                                 .then_table = table.get(),
                                 .now = options.now,
                                 .then = then,
                                 .without_professional = request.without_professional(),
                                 .without_organisation = request.without_organisation(),
                                 .without_consents_for = request.without_consents_for(),
                                 .without_seats_of = request.without_seats_of(),
                                 .without_gezag_of = request.without_gezag_of()});
  const absl::Time until = options.now + absl::Seconds(limits::kSimulationSeconds);
  const int64_t most =
      options.max_families > 0 ? options.max_families : limits::kMaxSimulatedFamilies;
  KP_RETURN_IF_ERROR(options.facts->ForEachFamily([&](const v1::FamilyFacts& f) -> absl::Status {
    if (simulation.families() >= most) return errors::TooManyFamilies();
    if (options.clock->Now() > until) return errors::SimulationTooLong();
    KeptProfessionals kept;
    simulation.Add(f, WorldOf(options.facts, &kept));
    return absl::OkStatus();
  }));
  for (v1::SimulatedChange& change : simulation.Changes()) {
    *response->add_changes() = std::move(change);
  }
  response->set_families(simulation.families());
  response->set_policy_sha256(table->sha256());
  return absl::OkStatus();
}

}  // namespace knooppunt::access
