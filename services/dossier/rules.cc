#include "services/dossier/rules.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/status.h"
#include "security/policy/consent_rules.h"
#include "services/dossier/errors.h"

namespace knooppunt::dossier {
namespace {

using access::v1::CaseFact;
using access::v1::FamilyFacts;
using access::v1::RegisseurTerm;
using access::v1::Seat;
using common::v1::About;
using common::v1::Label;

// The term that is open, or nullptr. Only the last can be (CheckInvariants).
const RegisseurTerm* OpenTerm(const CaseFact& c) {
  if (c.terms().empty() || c.terms().rbegin()->end_time() != 0) return nullptr;
  return &*c.terms().rbegin();
}

absl::Status SeatNotJoined() {
  return base::MakeError(absl::StatusCode::kFailedPrecondition, "SEAT_NOT_JOINED", "R1",
                         "The regisseur and the stand-in must each have joined the table and stay "
                         "there: a seat with an end date, or of the receiving side, will not do.");
}

bool Stays(const Seat& seat, absl::Time now) {
  return SeatJoined(seat, now) && seat.end_time() == 0 &&
         seat.role() != access::v1::SEAT_ROLE_RECEIVER;
}

template <typename List>
bool AllDifferent(const List& list) {
  absl::flat_hash_set<absl::string_view> seen;
  for (const auto& x : list) {
    if (x.id().empty() || !seen.insert(x.id()).second) return false;
  }
  return true;
}

absl::Status CheckTerms(const CaseFact& c) {
  int open = 0;
  for (int i = 0; i < c.terms_size(); ++i) {
    const RegisseurTerm& t = c.terms(i);
    if (t.end_time() == 0) ++open;
    if (t.end_time() == 0 && i + 1 < c.terms_size()) {
      return errors::BrokenInvariant("R1", "a term that is not the last is open");
    }
    if (t.end_time() != 0 && t.end_time() < t.start_time()) {
      return errors::BrokenInvariant("R1", "a term ends before it starts");
    }
    if (i > 0 && t.start_time() < c.terms(i - 1).end_time()) {
      return errors::BrokenInvariant("R1", "two terms overlap");
    }
    if (FindSeat(c, t.seat()) == nullptr) {
      return errors::BrokenInvariant("R1", "a regisseur has no seat");
    }
  }
  const int wanted = c.state() == access::v1::CASE_STATE_ACTIVE ? 1 : 0;
  if (open != wanted) {
    return errors::BrokenInvariant("R1", "an active case has one regisseur, any other none");
  }
  return absl::OkStatus();
}

absl::Status CheckCase(const CaseFact& c) {
  if (c.seats_size() > limits::kMaxSeatsPerCase) return errors::TooMany("seats");
  if (!AllDifferent(c.seats())) return errors::BrokenInvariant("R17", "two seats share an id");
  if (c.werkplaats().empty() || c.organisation().empty()) {
    return errors::BrokenInvariant("R27", "a case has no werkplaats");
  }
  if (c.children().empty()) return errors::BrokenInvariant("R1", "a case is about nobody");
  return CheckTerms(c);
}

}  // namespace

const CaseFact* FindCase(const FamilyFacts& facts, absl::string_view id) {
  for (const CaseFact& c : facts.cases()) {
    if (c.id() == id) return &c;
  }
  return nullptr;
}

CaseFact* MutableCase(FamilyFacts* facts, absl::string_view id) {
  return const_cast<CaseFact*>(FindCase(*facts, id));
}

const CaseFact* CurrentCase(const FamilyFacts& facts) {
  for (const CaseFact& c : facts.cases()) {
    if (c.state() != access::v1::CASE_STATE_CLOSED) return &c;
  }
  return nullptr;
}

const Seat* FindSeat(const CaseFact& c, absl::string_view id) {
  for (const Seat& s : c.seats()) {
    if (s.id() == id) return &s;
  }
  return nullptr;
}

Seat* MutableSeat(CaseFact* c, absl::string_view id) { return const_cast<Seat*>(FindSeat(*c, id)); }

bool ActsFor(const Seat& by, absl::string_view seat) {
  return !seat.empty() && (by.id() == seat || by.deputises() == seat);
}

bool SeatOpen(const Seat& seat, absl::Time now) {
  return (seat.state() == access::v1::SEAT_STATE_JOINED ||
          seat.state() == access::v1::SEAT_STATE_INVITED) &&
         (seat.end_time() == 0 || absl::ToUnixSeconds(now) < seat.end_time());
}

bool SeatJoined(const Seat& seat, absl::Time now) {
  return seat.state() == access::v1::SEAT_STATE_JOINED && SeatOpen(seat, now) &&
         seat.start_time() <= absl::ToUnixSeconds(now);
}

void EndSeatAt(Seat* seat, absl::Time now, absl::string_view reason) {
  seat->set_state(access::v1::SEAT_STATE_ENDED);
  seat->set_end_time(absl::ToUnixSeconds(now));
  seat->set_end_reason(std::string(reason));
}

Leader LeaderAt(const CaseFact& c, absl::Time now) {
  const RegisseurTerm* term = OpenTerm(c);
  if (term == nullptr) return {};
  const Seat* seat = FindSeat(c, term->seat());
  if (seat != nullptr && SeatJoined(*seat, now)) {
    return {term->seat(), term->stand_in_seat(), term->start_time()};
  }
  const int64_t since = seat == nullptr ? term->start_time() : seat->end_time();
  return {term->stand_in_seat(), "", since};
}

bool LeadsOrStandsIn(const CaseFact& c, absl::string_view seat) {
  const RegisseurTerm* term = OpenTerm(c);
  const Seat* by = FindSeat(c, seat);
  return term != nullptr && by != nullptr &&
         (ActsFor(*by, term->seat()) || ActsFor(*by, term->stand_in_seat()));
}

void ReplaceTerm(CaseFact* c, const NextTerm& next, absl::Time now) {
  const int64_t t = absl::ToUnixSeconds(now);
  if (OpenTerm(*c) != nullptr) c->mutable_terms()->rbegin()->set_end_time(t);
  RegisseurTerm* term = c->add_terms();
  term->set_seat(std::string(next.seat));
  term->set_stand_in_seat(std::string(next.stand_in_seat));
  term->set_start_time(t);
  term->set_reason(std::string(next.reason));
}

absl::Status CheckAppointment(const CaseFact& c, const Appointment& appointment, absl::Time now) {
  const Seat* seat = FindSeat(c, appointment.seat);
  const Seat* stand_in = FindSeat(c, appointment.stand_in_seat);
  if (seat == nullptr || stand_in == nullptr || !Stays(*seat, now) || !Stays(*stand_in, now)) {
    return SeatNotJoined();
  }
  if (stand_in->professional().empty()) {
    return base::MakeError(absl::StatusCode::kFailedPrecondition, "R2_STAND_IN_NOT_PROFESSIONAL",
                           "R2", "The stand-in must be a professional.");
  }
  if (seat == stand_in || seat->professional() == stand_in->professional()) {
    return base::MakeError(absl::StatusCode::kFailedPrecondition, "R1_STAND_IN_IS_REGISSEUR", "R1",
                           "The stand-in must be somebody else than the regisseur.");
  }
  return absl::OkStatus();
}

bool HoldsGezagOverAny(const FamilyFacts& facts, absl::string_view person,
                       const std::vector<std::string>& children, base::Date on) {
  return std::any_of(children.begin(), children.end(), [&](const std::string& child) {
    return policy::HoldsGezag(facts, person, child, on);
  });
}

bool InstitutionHoldsGezagOverAny(const FamilyFacts& facts, absl::string_view organisation,
                                  const std::vector<std::string>& children, base::Date on) {
  if (organisation.empty()) return false;
  for (const std::string& child : children) {
    for (const access::v1::Gezag* g : policy::GezagOver(facts, child, on)) {
      if (g->holder_organisation() == organisation) return true;
    }
  }
  return false;
}

std::vector<std::string> ChildrenUnderGezagOf(const FamilyFacts& facts, absl::string_view person,
                                              base::Date on) {
  std::vector<std::string> out;
  for (const access::v1::PersonFact& p : facts.persons()) {
    if (policy::HoldsGezag(facts, person, p.id(), on)) out.push_back(p.id());
  }
  return out;
}

About Normalised(const About& about) {
  About out = about;
  auto* persons = out.mutable_persons();
  std::sort(persons->begin(), persons->end());
  persons->erase(std::unique(persons->begin(), persons->end()), persons->end());
  return out;
}

Label Asked(const Label& label) {
  Label out = label;
  *out.mutable_about() = Normalised(label.about());
  out.clear_controller();
  return out;
}

bool IsComplete(const Label& label) {
  return (!label.about().persons().empty() || label.about().family()) &&
         label.compartment() != common::v1::COMPARTMENT_UNSPECIFIED &&
         common::v1::Compartment_IsValid(label.compartment()) &&
         label.regime() != common::v1::REGIME_UNSPECIFIED &&
         common::v1::Regime_IsValid(label.regime());
}

absl::Status CheckLabel(absl::string_view field, const Label& label, const FamilyFacts& facts) {
  if (!IsComplete(label)) return errors::NoLabel();
  for (const std::string& p : label.about().persons()) {
    if (policy::FindPerson(facts, p) == nullptr) {
      return errors::InvalidField(field, "be about persons of this family");
    }
  }
  return absl::OkStatus();
}

common::v1::Function FunctionAt(const access::v1::ProfessionalFacts& professional,
                                absl::string_view organisation, common::v1::Function function,
                                base::Date on) {
  for (const access::v1::FunctionTerm& t : professional.functions()) {
    if (t.organisation() == organisation &&
        (function == common::v1::FUNCTION_UNSPECIFIED || t.function() == function) &&
        policy::InPeriod(t.start_date(), t.end_date(), on)) {
      return t.function();
    }
  }
  return common::v1::FUNCTION_UNSPECIFIED;
}

Ask WhomToAsk(const FamilyFacts& facts) {
  const CaseFact* c = CurrentCase(facts);
  if (c == nullptr) return {};
  std::vector<const Seat*> candidates;
  if (const RegisseurTerm* term = OpenTerm(*c); term != nullptr) {
    candidates = {FindSeat(*c, term->seat()), FindSeat(*c, term->stand_in_seat())};
  }
  for (const Seat& s : c->seats()) {
    if (s.role() == access::v1::SEAT_ROLE_WERKPLAATS) candidates.push_back(&s);
  }
  for (const Seat* s : candidates) {
    if (s != nullptr && !s->professional().empty() && s->state() == access::v1::SEAT_STATE_JOINED) {
      return {true, s->professional(), s->organisation()};
    }
  }
  return {true, "", c->organisation()};
}

absl::Status CheckInvariants(const FamilyFacts& facts) {
  if (facts.id().empty()) return errors::BrokenInvariant("R38", "a family has no id");
  if (facts.persons_size() > limits::kMaxPersonsPerFamily) return errors::TooMany("persons");
  if (facts.cases_size() > limits::kMaxCasesPerFamily) return errors::TooMany("cases");
  if (facts.consents_size() > limits::kMaxConsentsPerFamily) return errors::TooMany("consents");
  if (facts.scopes_size() > limits::kMaxScopesPerFamily) return errors::TooMany("labels");
  if (facts.escalations_size() > limits::kMaxEscalationsPerFamily) {
    return errors::TooMany("escalations");
  }
  if (!AllDifferent(facts.escalations()) || !AllDifferent(facts.persons()) ||
      !AllDifferent(facts.cases()) || !AllDifferent(facts.consents()) ||
      !AllDifferent(facts.scopes()) || !AllDifferent(facts.gezag()) ||
      !AllDifferent(facts.grounds()) || !AllDifferent(facts.handovers())) {
    return errors::BrokenInvariant("R1", "two things share an id");
  }
  int not_closed = 0;
  for (const CaseFact& c : facts.cases()) {
    if (c.state() != access::v1::CASE_STATE_CLOSED) ++not_closed;
    KP_RETURN_IF_ERROR(CheckCase(c));
  }
  if (not_closed > 1) return errors::BrokenInvariant("R1", "two cases are not closed");
  return absl::OkStatus();
}

}  // namespace knooppunt::dossier
