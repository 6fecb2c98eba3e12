#include "security/policy/responsibility.h"

#include <algorithm>
#include <set>

#include "base/date.h"
#include "security/policy/consent_rules.h"
#include "security/policy/leading.h"

namespace knooppunt::policy {
namespace {

using access::v1::CaseFact;
using access::v1::FamilyFacts;
using access::v1::PersonFact;
using access::v1::ProfessionalFacts;
using access::v1::RegisseurTerm;
using access::v1::Seat;

const RegisseurTerm* OpenTerm(const CaseFact& c) {
  return c.terms().empty() || c.terms().rbegin()->end_time() != 0 ? nullptr : &*c.terms().rbegin();
}

const Seat* FindSeat(const CaseFact& c, const std::string& id) {
  const auto found =
      std::find_if(c.seats().begin(), c.seats().end(), [&](const Seat& s) { return s.id() == id; });
  return found == c.seats().end() ? nullptr : &*found;
}

// The facts as they were at `t`, as far as they tell: what came later is taken out.
FamilyFacts AsOf(const FamilyFacts& facts, int64_t t) {
  FamilyFacts out = facts;
  for (CaseFact& c : *out.mutable_cases()) {
    for (Seat& s : *c.mutable_seats()) {
      if (s.state() != access::v1::SEAT_STATE_ENDED || s.end_time() <= t) continue;
      s.set_state(access::v1::SEAT_STATE_JOINED);
    }
  }
  for (access::v1::ConsentFact& consent : *out.mutable_consents()) {
    auto* signatures = consent.mutable_signatures();
    signatures->erase(std::remove_if(signatures->begin(), signatures->end(),
                                     [&](const auto& s) { return s.time() > t; }),
                      signatures->end());
    auto* narrowings = consent.mutable_narrowings();
    narrowings->erase(std::remove_if(narrowings->begin(), narrowings->end(),
                                     [&](const auto& n) { return n.time() > t; }),
                      narrowings->end());
  }
  for (access::v1::GroundFact& g : *out.mutable_grounds()) {
    if (g.end_time() > t) g.clear_end_time();
    if (g.has_review() && g.review().time() > t) g.clear_review();
  }
  return out;
}

// The instants, Unix seconds, at which an answer can change: the few at which access began or
// ended.
class Turns {
 public:
  void At(int64_t t) {
    if (t != 0) turns_.insert(t);
  }
  void On(absl::string_view date) {
    const auto day = base::ParseDate(date);
    if (day.ok()) At(absl::ToUnixSeconds(base::StartOf(*day)));
  }
  void AfterDay(absl::string_view date) {
    const auto day = base::ParseDate(date);
    if (day.ok()) At(absl::ToUnixSeconds(base::StartOf(*day + 1)));
  }
  const std::set<int64_t>& all() const { return turns_; }

 private:
  std::set<int64_t> turns_;
};

void AddOfFamily(const FamilyFacts& facts, Turns* turns) {
  for (const PersonFact& p : facts.persons()) {
    const auto birth = base::ParseDate(p.birth_date());
    if (!birth.ok()) continue;
    for (const int age : {12, 16, kAdultAge}) {
      turns->At(absl::ToUnixSeconds(base::StartOf(base::Birthday(*birth, age))));
    }
  }
  for (const access::v1::Gezag& g : facts.gezag()) {
    turns->On(g.start_date());  // somebody more must sign
    turns->On(g.end_date());
  }
  for (const access::v1::ConsentFact& consent : facts.consents()) {
    turns->On(consent.start_date());
    turns->On(consent.end_date());
    for (const auto& s : consent.signatures()) turns->At(s.time());
    for (const auto& n : consent.narrowings()) turns->At(n.time());
  }
  for (const access::v1::GroundFact& g : facts.grounds()) {
    turns->On(g.start_date());
    turns->On(g.end_date());
    turns->AfterDay(g.review_date());
    turns->At(g.end_time());
    turns->At(g.review().time());
  }
}

Turns TurnsOf(const World& world, const CaseFact& c, const RegisseurTerm& term) {
  Turns turns;
  turns.At(term.start_time());
  AddOfFamily(*world.facts, &turns);
  for (const Seat& seat : c.seats()) {
    turns.At(seat.end_time());
    const ProfessionalFacts* p =
        seat.professional().empty() ? nullptr : world.professional(seat.professional());
    for (int i = 0; p != nullptr && i < p->functions_size(); ++i) {
      turns.On(p->functions(i).end_date());
    }
  }
  return turns;
}

}  // namespace

std::string ResponsibleOrganisation(const Table& table, const World& world, const CaseFact& c,
                                    absl::Time now) {
  const RegisseurTerm* term = OpenTerm(c);
  if (term == nullptr || world.facts == nullptr || c.state() != access::v1::CASE_STATE_ACTIVE) {
    return "";
  }
  const access::v1::Leader leader = LeaderOf(table, world, c, now);
  if (leader.kind() == access::v1::LEAD_KIND_FUNCTION) return leader.organisation();
  if (leader.kind() != access::v1::LEAD_KIND_STAND_IN) return "";
  const Seat* stand_in = FindSeat(c, leader.seat());
  if (stand_in == nullptr || stand_in->organisation().empty()) return "";
  const bool reads =
      MayReadCase(table, *world.facts, c, stand_in->organisation(), base::DateOf(now));
  return reads ? "" : stand_in->organisation();
}

int64_t ResponsibleSince(const Table& table, const World& world, const CaseFact& c,
                         absl::Time now) {
  const RegisseurTerm* term = OpenTerm(c);
  const std::string organisation = ResponsibleOrganisation(table, world, c, now);
  if (term == nullptr || organisation.empty()) return 0;
  const Turns turns = TurnsOf(world, c, *term);
  int64_t since = absl::ToUnixSeconds(now);
  for (auto t = turns.all().rbegin(); t != turns.all().rend(); ++t) {
    if (*t > absl::ToUnixSeconds(now)) continue;
    if (*t < term->start_time()) break;
    const FamilyFacts then = AsOf(*world.facts, *t);
    World world_then = world;
    world_then.facts = &then;
    const CaseFact* case_then = FindCase(then, c.id());
    if (case_then == nullptr ||
        ResponsibleOrganisation(table, world_then, *case_then, absl::FromUnixSeconds(*t)) !=
            organisation) {
      break;
    }
    since = *t;
  }
  return since;
}

}  // namespace knooppunt::policy
