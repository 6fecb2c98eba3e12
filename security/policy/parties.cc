#include "security/policy/parties.h"

#include "base/date.h"

namespace knooppunt::policy {
namespace {

using access::v1::CaseFact;
using access::v1::FamilyFacts;
using access::v1::PartySight;
using access::v1::PersonFact;
using access::v1::Seat;
using access::v1::TokenClaims;

constexpr char kRead[] = "meeting.read";

void Take(const Outcome& outcome, PartySight* out) {
  out->set_allowed(outcome.allowed);
  out->set_rule(outcome.rule);
  for (const OpenScope& open : outcome.scopes) out->add_scopes(open.scope);
}

// Asked as strongly as somebody can log in: what they would read, not whether they are logged in.
TokenClaims ClaimsOf(const std::string& subject) {
  TokenClaims claims;
  claims.set_subject(subject);
  claims.set_assurance(access::v1::ASSURANCE_SUBSTANTIAL);
  claims.set_two_factor(true);
  return claims;
}

class Parties {
 public:
  Parties(const Table& table, const World& world, const Question& asked)
      : table_(table), world_(world), asked_(asked) {}

  void AddSeat(const Seat& seat) { out_.push_back(Of(seat, world_)); }

  // The seat is made in a copy of the facts: for the family it is not there.
  void AddNamed(const Seat& seat) {
    FamilyFacts facts = *world_.facts;
    for (CaseFact& c : *facts.mutable_cases()) {
      if (c.id() == asked_.case_id) *c.add_seats() = seat;
    }
    World as_if = world_;
    as_if.facts = &facts;
    out_.push_back(Of(seat, as_if));
  }

  void AddPerson(const PersonFact& person, const std::string& seat) {
    PartySight& out = out_.emplace_back();
    out.set_seat(seat);
    out.set_person(person.id());
    if (person.account().empty()) {
      out.set_rule("no-account");
      return;
    }
    const TokenClaims claims = ClaimsOf(person.account());
    Take(Decide(table_, world_, Ask(claims, common::v1::PURPOSE_OWN_FILE)), &out);
  }

  std::vector<PartySight> Done() { return std::move(out_); }

 private:
  Question Ask(const TokenClaims& claims, common::v1::Purpose purpose) const {
    return {.permission = kRead,
            .claims = &claims,
            .purpose = purpose,
            .about_family = true,
            .case_id = asked_.case_id,
            .now = asked_.now};
  }

  PartySight Of(const Seat& seat, const World& world) const {
    PartySight out;
    out.set_seat(seat.id());
    out.set_professional(seat.professional());
    out.set_function(seat.function());
    TokenClaims claims = ClaimsOf(seat.professional());
    claims.set_organisation(seat.organisation());
    claims.set_function(seat.function());
    Take(Decide(table_, world, Ask(claims, common::v1::PURPOSE_COORDINATION)), &out);
    return out;
  }

  const Table& table_;
  const World& world_;
  const Question& asked_;
  std::vector<PartySight> out_;
};

std::string SeatOf(const CaseFact& c, const PersonFact& person, absl::Time now) {
  for (const Seat& s : c.seats()) {
    if (s.person() == person.id() && SeatActive(s, now)) return s.id();
  }
  return "";
}

}  // namespace

std::vector<PartySight> PartiesFor(const Table& table, const World& world, const Question& asked,
                                   const NamedParty& named) {
  if (asked.permission != "meeting.arrange" || world.facts == nullptr) return {};
  const CaseFact* c = FindCase(*world.facts, asked.case_id);
  if (c == nullptr) return {};
  Parties parties(table, world, asked);
  for (const Seat& s : c->seats()) {
    if (!s.professional().empty() && SeatActive(s, asked.now)) parties.AddSeat(s);
  }
  for (const PersonFact& p : world.facts->persons()) {
    parties.AddPerson(p, SeatOf(*c, p, asked.now));
  }
  const access::v1::ProfessionalFacts* p =
      named.professional.empty() ? nullptr : world.professional(named.professional);
  if (p == nullptr) return parties.Done();
  const base::Date today = base::DateOf(asked.now);
  for (const access::v1::FunctionTerm& t : p->functions()) {
    if (t.organisation() != named.organisation ||
        !HoldsFunction(*p, t.organisation(), t.function(), today)) {
      continue;
    }
    Seat seat;
    seat.set_professional(named.professional);
    seat.set_organisation(named.organisation);
    seat.set_function(t.function());
    seat.set_role(access::v1::SEAT_ROLE_AD_HOC);
    seat.set_state(access::v1::SEAT_STATE_INVITED);
    seat.set_start_time(absl::ToUnixSeconds(asked.now));
    parties.AddNamed(seat);
  }
  return parties.Done();
}

}  // namespace knooppunt::policy
