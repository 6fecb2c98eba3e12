#include "security/policy/leading.h"

#include <algorithm>
#include <set>

#include "security/policy/consent_rules.h"

namespace knooppunt::policy {
namespace {

using access::v1::CaseFact;
using access::v1::FamilyFacts;
using access::v1::Leader;
using access::v1::PersonFact;
using access::v1::ProfessionalFacts;
using access::v1::RegisseurTerm;
using access::v1::Seat;

constexpr int kYouthAge = 12;               // from here a youth has a say (R11)
constexpr char kStandInLed[] = "STAND_IN";  // reason of a term that followed on a seat that ended
constexpr char kTakeOver[] = "case.take-over";

const Seat* FindSeat(const CaseFact& c, const std::string& id) {
  const auto found =
      std::find_if(c.seats().begin(), c.seats().end(), [&](const Seat& s) { return s.id() == id; });
  return found == c.seats().end() ? nullptr : &*found;
}

bool Joined(const Seat& seat, absl::Time now) {
  return seat.state() == access::v1::SEAT_STATE_JOINED && SeatActive(seat, now);
}

// A joined seat whose professional still holds the function.
bool Employed(const World& world, const Seat& seat, absl::Time now) {
  if (!Joined(seat, now) || seat.professional().empty()) return false;
  const ProfessionalFacts* p = world.professional(seat.professional());
  return p != nullptr && HoldsFunction(*p, seat.organisation(), seat.function(), base::DateOf(now));
}

bool HasSay(const FamilyFacts& facts, const CaseFact& c, const std::string& person,
            base::Date today) {
  const PersonFact* p = FindPerson(facts, person);
  return p != nullptr &&
         std::any_of(c.children().begin(), c.children().end(), [&](const std::string& child) {
           return child == person ? AgeOf(*p, today) >= kYouthAge
                                  : HoldsGezag(facts, person, child, today);
         });
}

// R1: neither the seat nor the access of who was appointed has ended.
bool StillLeads(const World& world, const CaseFact& c, const Seat& seat, absl::Time now,
                const Reads& reads) {
  if (seat.professional().empty()) {
    return Joined(seat, now) && HasSay(*world.facts, c, seat.person(), base::DateOf(now));
  }
  return Employed(world, seat, now) && reads(seat.organisation());
}

// Somebody of the organisation that answers for the case, at the table in their own right: who
// opened it before who came later, so that it is always the same one.
const Seat* OfTheWerkplaats(const World& world, const CaseFact& c, absl::Time now) {
  const Seat* best = nullptr;
  const auto earlier = [](const Seat& a, const Seat& b) {
    return std::make_pair(a.start_time(), a.id()) < std::make_pair(b.start_time(), b.id());
  };
  for (const Seat& s : c.seats()) {
    if (s.organisation() != c.organisation() || !s.deputises().empty() ||
        s.role() == access::v1::SEAT_ROLE_RECEIVER || !Employed(world, s, now)) {
      continue;
    }
    if (best == nullptr || earlier(s, *best)) best = &s;
  }
  return best;
}

bool MayTakeOver(const Table& table, const ProfessionalFacts& p, const std::string& organisation,
                 base::Date today) {
  for (const v1::StaffRow* row : table.StaffRows(kTakeOver)) {
    for (const int function : row->functions()) {
      if (HoldsFunction(p, organisation, static_cast<common::v1::Function>(function), today)) {
        return true;
      }
    }
  }
  return false;
}

// R37: the contact of the werkplaats for the organisation that runs it, else the contact's
// stand-in.
std::string ContactOf(const Table& table, const World& world, const CaseFact& c, base::Date today) {
  const access::v1::WerkplaatsFacts* w =
      world.werkplaats == nullptr ? nullptr : world.werkplaats(c.werkplaats());
  if (w == nullptr) return "";
  for (const access::v1::WerkplaatsContact& contact : w->contacts()) {
    if (contact.organisation() != c.organisation()) continue;
    for (const std::string& name : {contact.professional(), contact.stand_in()}) {
      const ProfessionalFacts* p = name.empty() ? nullptr : world.professional(name);
      if (p != nullptr && MayTakeOver(table, *p, c.organisation(), today)) return name;
    }
  }
  return "";
}

// Last day of the function that the seat is held in, ISO; "" while it is open or unknown.
std::string LastDayAfter(const World& world, const Seat& seat) {
  const ProfessionalFacts* p =
      seat.professional().empty() ? nullptr : world.professional(seat.professional());
  if (p == nullptr) return "";
  std::string last;
  for (const access::v1::FunctionTerm& t : p->functions()) {
    if (t.organisation() != seat.organisation() || t.function() != seat.function()) continue;
    if (t.end_date().empty()) return "";
    last = std::max(last, t.end_date());
  }
  return last;
}

// Unix seconds at which `seat` ended by its own end or that of the function; 0 when neither says.
int64_t EndOf(const World& world, const Seat* seat, absl::Time now) {
  if (seat == nullptr) return 0;
  const int64_t t = absl::ToUnixSeconds(now);
  if (seat->end_time() != 0 && seat->end_time() <= t) return seat->end_time();
  const auto day = base::ParseDate(LastDayAfter(world, *seat));
  const int64_t end = day.ok() ? absl::ToUnixSeconds(base::StartOf(*day)) : 0;
  return end <= t ? end : 0;
}

}  // namespace

bool MayReadCase(const Table& table, const FamilyFacts& facts, const CaseFact& c,
                 const std::string& organisation, base::Date today) {
  if (organisation == c.organisation()) return true;
  const auto shares = [&](const auto& basis) {
    return basis.recipient() == organisation && !basis.compartments().empty() &&
           std::find(basis.purposes().begin(), basis.purposes().end(),
                     common::v1::PURPOSE_COORDINATION) != basis.purposes().end();
  };
  for (const access::v1::ConsentFact& consent : facts.consents()) {
    if (consent.recipient() == organisation && ConsentInForce(table, facts, consent, today) &&
        shares(EffectiveConsent(consent))) {
      return true;
    }
  }
  return std::any_of(facts.grounds().begin(), facts.grounds().end(), [&](const auto& ground) {
    return GroundInForce(table, ground, today) && shares(ground);
  });
}

Leader LeaderOf(const Table& table, const World& world, const CaseFact& c, absl::Time now) {
  return LeaderOf(table, world, c, now, [&](const std::string& organisation) {
    return MayReadCase(table, *world.facts, c, organisation, base::DateOf(now));
  });
}

Leader LeaderOf(const Table& table, const World& world, const CaseFact& c, absl::Time now,
                const Reads& reads) {
  Leader out;
  if (c.terms().empty() || c.terms().rbegin()->end_time() != 0) return out;
  const RegisseurTerm& term = *c.terms().rbegin();
  const Seat* regisseur = FindSeat(c, term.seat());
  const Seat* stand_in = FindSeat(c, term.stand_in_seat());
  out.set_case_id(c.id());
  const bool stands = stand_in != nullptr && Employed(world, *stand_in, now);
  if (regisseur != nullptr && StillLeads(world, c, *regisseur, now, reads)) {
    const bool stood_in = term.reason() == kStandInLed;
    out.set_kind(stood_in ? access::v1::LEAD_KIND_STAND_IN : access::v1::LEAD_KIND_APPOINTED);
    out.set_seat(regisseur->id());
    if (stands) out.set_stand_in_seat(stand_in->id());
    out.set_start_time(term.start_time());
    return out;
  }
  const int64_t regisseur_left = EndOf(world, regisseur, now);
  out.set_start_time(regisseur_left);
  if (stands) {
    out.set_kind(access::v1::LEAD_KIND_STAND_IN);
    out.set_seat(stand_in->id());
    return out;
  }
  const int64_t stand_in_left = EndOf(world, stand_in, now);
  const bool told = regisseur_left != 0 && (stand_in == nullptr || stand_in_left != 0);
  out.set_start_time(told ? std::max(regisseur_left, stand_in_left) : 0);
  if (const Seat* seat = OfTheWerkplaats(world, c, now)) {
    out.set_kind(access::v1::LEAD_KIND_WERKPLAATS);
    out.set_seat(seat->id());
    return out;
  }
  out.set_kind(access::v1::LEAD_KIND_FUNCTION);
  out.set_organisation(c.organisation());
  out.set_acting(ContactOf(table, world, c, base::DateOf(now)));
  return out;
}

Leader LeaderOfFamily(const Table& table, const World& world, absl::Time now) {
  for (int i = world.facts == nullptr ? 0 : world.facts->cases_size(); i > 0; --i) {
    const CaseFact& c = world.facts->cases(i - 1);
    if (!c.terms().empty() && c.terms().rbegin()->end_time() == 0) {
      return LeaderOf(table, world, c, now);
    }
  }
  return {};
}

std::string RegisseurSeat(const Table& table, const World& world, const CaseFact& c,
                          absl::Time now) {
  return LeaderOf(table, world, c, now).seat();
}

bool ActsByFunction(const Leader& leader, const access::v1::TokenClaims& claims) {
  return leader.kind() == access::v1::LEAD_KIND_FUNCTION &&
         claims.organisation() == leader.organisation() &&
         (leader.acting().empty() || leader.acting() == claims.subject());
}

bool LeftAlone(const Table& table, const World& world, const std::string& professional,
               const std::string& organisation, absl::Time now) {
  World without = world;
  ProfessionalFacts gone;
  without.professional = [&](absl::string_view name) -> const ProfessionalFacts* {
    const ProfessionalFacts* p = world.professional(name);
    if (p == nullptr || name != professional) return p;
    gone = *p;
    auto* functions = gone.mutable_functions();
    functions->erase(
        std::remove_if(functions->begin(), functions->end(),
                       [&](const auto& t) { return t.organisation() == organisation; }),
        functions->end());
    return &gone;
  };
  for (const CaseFact& c : world.facts->cases()) {
    if (c.terms().empty() || c.terms().rbegin()->end_time() != 0) continue;
    const RegisseurTerm& term = *c.terms().rbegin();
    const auto names = [&](const std::string& id) {
      const Seat* seat = FindSeat(c, id);
      return seat != nullptr && seat->professional() == professional &&
             seat->organisation() == organisation;
    };
    if (!names(term.seat()) && !names(term.stand_in_seat())) continue;
    const auto kind = LeaderOf(table, without, c, now).kind();
    return kind == access::v1::LEAD_KIND_WERKPLAATS || kind == access::v1::LEAD_KIND_FUNCTION;
  }
  return false;
}

std::optional<base::Date> SettledEnd(const World& world, const Seat& seat, base::Date today) {
  std::optional<base::Date> out;
  if (seat.end_time() != 0) out = base::DateOf(absl::FromUnixSeconds(seat.end_time()));
  const auto day = base::ParseDate(LastDayAfter(world, seat));
  if (day.ok() && (!out.has_value() || *day < *out)) out = *day;
  return out.has_value() && *out >= today ? out : std::nullopt;
}

}  // namespace knooppunt::policy
