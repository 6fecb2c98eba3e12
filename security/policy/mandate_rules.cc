#include "security/policy/mandate_rules.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/resource_name.h"
#include "security/policy/consent_rules.h"

namespace knooppunt::policy {
namespace {

using access::v1::CaseFact;
using access::v1::FunctionTerm;
using access::v1::Mandate;
using access::v1::ProfessionalFacts;
using access::v1::Seat;

const Mandate* FindMandate(const ProfessionalFacts& holder, const std::string& name) {
  for (const Mandate& m : holder.mandates()) {
    if (m.name() == name) return &m;
  }
  return nullptr;
}

bool WorksAt(const ProfessionalFacts& p, const std::string& organisation, base::Date on) {
  return std::any_of(p.functions().begin(), p.functions().end(), [&](const FunctionTerm& t) {
    return t.organisation() == organisation && InPeriod(t.start_date(), t.end_date(), on);
  });
}

// ISO dates order as text; "" is open.
std::string Earlier(const std::string& a, const std::string& b) {
  if (a.empty() || b.empty()) return a.empty() ? b : a;
  return std::min(a, b);
}

// Nothing of it held: what is never in force stands in no period.
void Void(Mandate* mandate) { mandate->set_end_date(mandate->start_date()); }

void CutToSource(const World& world, base::Date today, Mandate* mandate) {
  const auto name =
      base::ResourceName::Parse(mandate->delegated_from(), "professionals/*/mandates/*");
  if (!name.ok()) return Void(mandate);
  const ProfessionalFacts* holder =
      world.professional(absl::StrCat("professionals/", name->Id("professionals")));
  const Mandate* source =
      holder == nullptr ? nullptr : FindMandate(*holder, mandate->delegated_from());
  // At most one deep, and of the same organisation: else it comes from nowhere.
  if (source == nullptr || !source->delegated_from().empty() ||
      source->organisation() != mandate->organisation()) {
    return Void(mandate);
  }
  mandate->set_start_date(std::max(mandate->start_date(), source->start_date()));
  mandate->set_end_date(Earlier(mandate->end_date(), source->end_date()));
  if (!WorksAt(*holder, source->organisation(), today)) {
    mandate->set_end_date(Earlier(mandate->end_date(), base::FormatDate(today)));
  }
}

bool SitsIn(const std::vector<const Seat*>& seats, const FunctionTerm& term) {
  return std::any_of(seats.begin(), seats.end(), [&](const Seat* s) {
    return s->organisation() == term.organisation() && s->function() == term.function();
  });
}
bool SitsFor(const std::vector<const Seat*>& seats, const Mandate& mandate) {
  return std::any_of(seats.begin(), seats.end(),
                     [&](const Seat* s) { return s->organisation() == mandate.organisation(); });
}

ProfessionalFacts OfSeats(const World& world, const std::string& name,
                          const std::vector<const Seat*>& seats, base::Date today) {
  ProfessionalFacts out;
  out.set_name(name);
  const ProfessionalFacts* known = world.professional(name);
  if (known == nullptr) return out;
  const ProfessionalFacts referred = AsReferred(world, *known, today);
  for (const FunctionTerm& t : referred.functions()) {
    if (SitsIn(seats, t)) *out.add_functions() = t;
  }
  for (const Mandate& m : referred.mandates()) {
    if (SitsFor(seats, m) && InPeriod(m.start_date(), m.end_date(), today)) {
      *out.add_mandates() = m;
    }
  }
  return out;
}

// In the order of seats; a table is small.
using Seats = std::vector<std::pair<std::string, std::vector<const Seat*>>>;

void TakeSeat(const Seat& seat, absl::Time now, Seats* table) {
  const bool open = seat.state() != access::v1::SEAT_STATE_ENDED &&
                    (seat.end_time() == 0 || absl::ToUnixSeconds(now) < seat.end_time());
  if (seat.professional().empty() || !open) return;
  for (auto& [name, seats] : *table) {
    if (name == seat.professional()) return seats.push_back(&seat);
  }
  table->push_back({seat.professional(), {&seat}});
}

}  // namespace

ProfessionalFacts AsReferred(const World& world, const ProfessionalFacts& professional,
                             base::Date today) {
  ProfessionalFacts out = professional;
  out.clear_login();
  out.clear_own_accounts();
  for (Mandate& m : *out.mutable_mandates()) {
    if (!m.delegated_from().empty()) CutToSource(world, today, &m);
  }
  return out;
}

std::vector<ProfessionalFacts> TableFor(absl::string_view permission, const World& world,
                                        absl::string_view case_id, absl::Time now) {
  const bool whole =
      permission == "case.read" || permission == "case.appoint" || permission == "case.deputise";
  const bool led =
      permission == "case.list" || permission == "worklist.read" || permission == "worklist.mark";
  if (world.facts == nullptr || (!whole && !led)) return {};
  Seats table;
  if (whole) {
    const CaseFact* c = case_id.empty() && world.facts->cases_size() > 0
                            ? &*world.facts->cases().rbegin()
                            : FindCase(*world.facts, case_id);
    if (c == nullptr) return {};
    for (const Seat& s : c->seats()) TakeSeat(s, now, &table);
  } else {
    for (const CaseFact& c : world.facts->cases()) {
      if (c.terms().empty() || c.terms().rbegin()->end_time() != 0) continue;
      for (const Seat& s : c.seats()) {
        if (s.id() == c.terms().rbegin()->seat()) TakeSeat(s, now, &table);
      }
    }
  }
  std::vector<ProfessionalFacts> out;
  out.reserve(table.size());
  const base::Date today = base::DateOf(now);
  for (const auto& [name, seats] : table) out.push_back(OfSeats(world, name, seats, today));
  return out;
}

}  // namespace knooppunt::policy
