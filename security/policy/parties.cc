#include "security/policy/parties.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/date.h"
#include "security/policy/consent_rules.h"

namespace knooppunt::policy {
namespace {

using access::v1::CaseFact;
using access::v1::FamilyFacts;
using access::v1::PartySight;
using access::v1::PersonFact;
using access::v1::Seat;
using access::v1::TokenClaims;

constexpr char kArrange[] = "meeting.arrange";
constexpr char kReadMeeting[] = "meeting.read";
constexpr char kReadCase[] = "case.read";
constexpr char kReadHandover[] = "handover.read";

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

TokenClaims ClaimsOf(const Seat& seat) {
  TokenClaims claims = ClaimsOf(seat.professional());
  claims.set_organisation(seat.organisation());
  claims.set_function(seat.function());
  return claims;
}

class Parties {
 public:
  // `read` is the permission by which they would ask.
  Parties(const Table& table, const World& world, const Question& asked, const char* read)
      : table_(table), world_(world), asked_(asked), read_(read) {}

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

  // Who receives a handover: what is offered, and what opens once they sit at the table.
  void AddReceiver(const Seat& seat) {
    FamilyFacts facts = *world_.facts;
    for (CaseFact& c : *facts.mutable_cases()) {
      for (Seat& s : *c.mutable_seats()) {
        if (s.id() == seat.id()) s.set_role(access::v1::SEAT_ROLE_CORE_PARTNER);
      }
    }
    World seated = world_;
    seated.facts = &facts;
    PartySight out = Of(seat, seated);
    const TokenClaims claims = ClaimsOf(seat);
    Question q = Ask(claims, common::v1::PURPOSE_HANDOVER);
    q.permission = kReadHandover;
    const Outcome offered = Decide(table_, world_, q);
    if (!out.allowed()) {
      out.clear_scopes();
      Take(offered, &out);
    } else {
      for (const OpenScope& open : offered.scopes) {
        if (std::find(out.scopes().begin(), out.scopes().end(), open.scope) == out.scopes().end()) {
          out.add_scopes(open.scope);
        }
      }
    }
    out_.push_back(std::move(out));
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
    return {.permission = read_,
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
    const TokenClaims claims = ClaimsOf(seat);
    Take(Decide(table_, world, Ask(claims, common::v1::PURPOSE_COORDINATION)), &out);
    return out;
  }

  const Table& table_;
  const World& world_;
  const Question& asked_;
  const char* const read_;
  std::vector<PartySight> out_;
};

std::string SeatOf(const CaseFact& c, const PersonFact& person, absl::Time now) {
  for (const Seat& s : c.seats()) {
    if (s.person() == person.id() && SeatActive(s, now)) return s.id();
  }
  return "";
}

// As the facts would be once the call has written, and had everybody of the family an account.
FamilyFacts AsWritten(const FamilyFacts& facts, absl::Span<const common::v1::Label> written) {
  FamilyFacts out = facts;
  for (const common::v1::Label& label : written) {
    const std::string id = ScopeId(out.id(), label);
    const bool known = std::any_of(out.scopes().begin(), out.scopes().end(),
                                   [&](const access::v1::Scope& s) { return s.id() == id; });
    if (known) continue;
    access::v1::Scope* scope = out.add_scopes();
    scope->set_id(id);
    *scope->mutable_label() = label;
  }
  for (PersonFact& p : *out.mutable_persons()) {
    if (p.account().empty()) p.set_account(absl::StrCat("told/", p.id()));
  }
  return out;
}

std::vector<PartySight> ForSteps(const Table& table, const World& world, const Question& asked,
                                 absl::Span<const common::v1::Label> written) {
  const FamilyFacts facts = AsWritten(*world.facts, written);
  World as_written = world;
  as_written.facts = &facts;
  Parties parties(table, as_written, asked, kReadCase);
  for (const Seat& s : FindCase(facts, asked.case_id)->seats()) {
    if (s.state() != access::v1::SEAT_STATE_JOINED || !SeatActive(s, asked.now)) continue;
    if (s.role() == access::v1::SEAT_ROLE_RECEIVER) {
      parties.AddReceiver(s);
    } else if (!s.professional().empty()) {
      parties.AddSeat(s);
    } else if (const PersonFact* p = FindPerson(facts, s.person()); p != nullptr) {
      parties.AddPerson(*p, s.id());
    }
  }
  return parties.Done();
}

std::vector<PartySight> ForMeetings(const Table& table, const World& world, const Question& asked,
                                    const NamedParty& named) {
  const CaseFact& c = *FindCase(*world.facts, asked.case_id);
  Parties parties(table, world, asked, kReadMeeting);
  for (const Seat& s : c.seats()) {
    if (!s.professional().empty() && SeatActive(s, asked.now)) parties.AddSeat(s);
  }
  for (const PersonFact& p : world.facts->persons()) {
    parties.AddPerson(p, SeatOf(c, p, asked.now));
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

}  // namespace

bool BringsParties(absl::string_view permission) {
  return permission == kArrange || permission == "meeting.write" || permission == "step.write";
}

std::vector<PartySight> PartiesFor(const Table& table, const World& world, const Question& asked,
                                   const PartiesAsked& parties) {
  if (!BringsParties(asked.permission) || world.facts == nullptr ||
      FindCase(*world.facts, asked.case_id) == nullptr) {
    return {};
  }
  return asked.permission == kArrange ? ForMeetings(table, world, asked, parties.named)
                                      : ForSteps(table, world, asked, parties.written);
}

}  // namespace knooppunt::policy
