#include "security/policy/simulate.h"

#include <algorithm>
#include <memory>

#include "security/policy/consent_rules.h"

namespace knooppunt::policy {
namespace {

using access::v1::CaseFact;
using access::v1::FamilyFacts;
using access::v1::ProfessionalFacts;
using access::v1::Seat;
using access::v1::TokenClaims;

// One question stands for all permissions that the same rows give: the answer follows from the
// rows. That makes ten questions of fifty.
struct Group {
  std::vector<const void*> rows;
  std::vector<std::string> permissions;
  std::set<int> purposes;
};

template <typename Row>
void AddTo(std::vector<Group>* groups, const std::string& permission,
           const std::vector<const Row*>& rows) {
  Group group;
  for (const Row* row : rows) {
    group.rows.push_back(row);
    for (const int p : row->purposes()) {
      if (p != common::v1::PURPOSE_EMERGENCY) group.purposes.insert(p);
    }
  }
  if (group.purposes.empty()) return;
  const auto same = std::find_if(groups->begin(), groups->end(),
                                 [&](const Group& g) { return g.rows == group.rows; });
  if (same != groups->end()) {
    same->permissions.push_back(permission);
    return;
  }
  group.permissions.push_back(permission);
  groups->push_back(std::move(group));
}

std::vector<Group> GroupsFor(const Table& table, const TokenClaims& claims) {
  std::vector<Group> groups;
  for (const std::string& permission : table.Permissions()) {
    if (claims.organisation().empty()) {
      AddTo(&groups, permission, table.FamilyRows(permission));
      continue;
    }
    std::vector<const v1::StaffRow*> rows;
    for (const v1::StaffRow* row : table.StaffRows(permission)) {
      const auto& f = row->functions();
      if (std::find(f.begin(), f.end(), claims.function()) != f.end()) rows.push_back(row);
    }
    AddTo(&groups, permission, rows);
  }
  return groups;
}

// The world without a professional's functions, an organisation's seats, and what else is thought
// away.
struct ThoughtAway {
  FamilyFacts facts;
  ProfessionalFacts nobody;
  World world;
};

bool Leaves(const Simulation::Options& options, const Seat& seat) {
  if (seat.professional().empty()) return false;
  return (!options.without_organisation.empty() &&
          seat.organisation() == options.without_organisation) ||
         (options.without_seats_of != common::v1::FUNCTION_UNSPECIFIED &&
          seat.function() == options.without_seats_of);
}

// As when everybody who signed withdraws (R13).
void WithdrawFor(const std::string& recipient, FamilyFacts* facts) {
  if (recipient.empty()) return;
  for (access::v1::ConsentFact& consent : *facts->mutable_consents()) {
    if (consent.recipient() != recipient) continue;
    for (access::v1::Signature& s : *consent.mutable_signatures()) {
      s.set_state(access::v1::SIGNATURE_STATE_WITHDRAWN);
    }
  }
}

void EndGezagOf(access::v1::FamilyRole role, FamilyFacts* facts) {
  if (role == access::v1::FAMILY_ROLE_UNSPECIFIED) return;
  auto* gezag = facts->mutable_gezag();
  gezag->erase(std::remove_if(gezag->begin(), gezag->end(),
                              [&](const access::v1::Gezag& g) {
                                const access::v1::PersonFact* p =
                                    FindPerson(*facts, g.holder_person());
                                return p != nullptr && p->role() == role;
                              }),
               gezag->end());
}

std::unique_ptr<ThoughtAway> Without(const Simulation::Options& options, const FamilyFacts& facts,
                                     const World& world) {
  auto out = std::make_unique<ThoughtAway>();
  out->facts = facts;
  for (CaseFact& c : *out->facts.mutable_cases()) {
    for (Seat& s : *c.mutable_seats()) {
      if (Leaves(options, s)) s.set_state(access::v1::SEAT_STATE_ENDED);
    }
  }
  WithdrawFor(options.without_consents_for, &out->facts);
  EndGezagOf(options.without_gezag_of, &out->facts);
  out->nobody.set_name(options.without_professional);
  out->world = world;
  out->world.facts = &out->facts;
  out->world.professional = [&options, &world, nobody = &out->nobody](absl::string_view name) {
    return !options.without_professional.empty() && name == options.without_professional
               ? nobody
               : world.professional(name);
  };
  return out;
}

}  // namespace

std::vector<Simulation::Subject> Simulation::Subjects(const FamilyFacts& facts) const {
  std::vector<Subject> out;
  for (const CaseFact& c : facts.cases()) {
    for (const Seat& s : c.seats()) {
      if (s.professional().empty() ||
          (!SeatActive(s, options_.now) && !SeatActive(s, options_.then))) {
        continue;
      }
      Subject subject{.role = s.role(), .case_id = c.id()};
      subject.claims.set_subject(s.professional());
      subject.claims.set_organisation(s.organisation());
      subject.claims.set_function(s.function());
      subject.claims.set_two_factor(true);
      subject.claims.set_assurance(access::v1::ASSURANCE_SUBSTANTIAL);
      out.push_back(std::move(subject));
    }
  }
  for (const access::v1::PersonFact& p : facts.persons()) {
    if (p.account().empty()) continue;
    Subject subject{.role = access::v1::SEAT_ROLE_FAMILY, .family_role = p.role()};
    subject.claims.set_subject(p.account());
    subject.claims.set_assurance(access::v1::ASSURANCE_SUBSTANTIAL);
    out.push_back(std::move(subject));
  }
  return out;
}

Simulation::Reach Simulation::ReachOf(const Table& table, const World& world, absl::Time at,
                                      const Subject& subject) {
  Reach reach;
  Question q;
  q.claims = &subject.claims;
  q.case_id = subject.case_id;
  q.now = at;
  for (const Group& group : GroupsFor(table, subject.claims)) {
    q.permission = group.permissions.front();
    for (const int purpose : group.purposes) {
      q.purpose = static_cast<common::v1::Purpose>(purpose);
      // Some acts are about no one family: a search, the directory.
      for (const bool about_family : {true, false}) {
        q.about_family = about_family;
        const Outcome outcome = Decide(table, world, q);
        if (!outcome.allowed) continue;
        std::set<int> compartments = {common::v1::COMPARTMENT_UNSPECIFIED};
        for (const OpenScope& open : outcome.scopes) {
          if (!about_family) break;
          for (const access::v1::Scope& s : world.facts->scopes()) {
            if (s.id() == open.scope) compartments.insert(s.label().compartment());
          }
        }
        for (const std::string& permission : group.permissions) {
          for (const int c : compartments) reach.emplace(permission, c);
        }
      }
    }
  }
  return reach;
}

void Simulation::Add(const FamilyFacts& facts, const World& world) {
  ++families_;
  World as_is = world;
  as_is.facts = &facts;
  const auto then = Without(options_, facts, world);
  for (const Subject& subject : Subjects(facts)) {
    Compare(subject, ReachOf(*options_.now_table, as_is, options_.now, subject),
            ReachOf(*options_.then_table, then->world, options_.then, subject));
  }
}

void Simulation::Compare(const Subject& subject, const Reach& now, const Reach& then) {
  const auto key = [&](const Reach::value_type& r) {
    return Key{subject.claims.function(), subject.role, subject.family_role, r.first, r.second};
  };
  for (const auto& r : now) {
    if (!then.contains(r)) ++counts_[key(r)].lost;
  }
  for (const auto& r : then) {
    if (!now.contains(r)) ++counts_[key(r)].gained;
  }
}

std::vector<access::v1::SimulatedChange> Simulation::Changes() const {
  std::vector<access::v1::SimulatedChange> out;
  out.reserve(counts_.size());
  for (const auto& [key, count] : counts_) {
    const auto& [function, role, family_role, permission, compartment] = key;
    access::v1::SimulatedChange change;
    change.set_function(static_cast<common::v1::Function>(function));
    change.set_role(static_cast<access::v1::SeatRole>(role));
    change.set_family_role(static_cast<access::v1::FamilyRole>(family_role));
    change.set_permission(permission);
    change.set_compartment(static_cast<common::v1::Compartment>(compartment));
    change.set_gained(count.gained);
    change.set_lost(count.lost);
    out.push_back(std::move(change));
  }
  return out;
}

}  // namespace knooppunt::policy
