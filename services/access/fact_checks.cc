#include "services/access/fact_checks.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "base/status.h"
#include "security/policy/engine.h"
#include "services/access/errors.h"

namespace knooppunt::access {
namespace {

template <typename List>
bool AllDifferent(const List& list) {
  absl::flat_hash_set<absl::string_view> seen;
  return std::all_of(list.begin(), list.end(),
                     [&](const auto& x) { return !x.id().empty() && seen.insert(x.id()).second; });
}

// proto3 keeps numbers that this version has no word for; 0 is "not stated".
template <typename List>
bool AllKnown(const List& list, bool (*is_valid)(int)) {
  return std::all_of(list.begin(), list.end(), [&](int x) { return x != 0 && is_valid(x); });
}

template <typename Basis>
bool WordsKnown(const Basis& basis) {
  return AllKnown(basis.compartments(), common::v1::Compartment_IsValid) &&
         AllKnown(basis.purposes(), common::v1::Purpose_IsValid);
}

bool SeatKnown(const v1::Seat& seat) {
  return seat.state() != v1::SEAT_STATE_UNSPECIFIED && v1::SeatState_IsValid(seat.state()) &&
         v1::SeatRole_IsValid(seat.role()) && common::v1::Function_IsValid(seat.function()) &&
         seat.professional().empty() != seat.person().empty();
}

absl::Status CheckTerms(const v1::CaseFact& c) {
  int open = 0;
  for (int i = 0; i < c.terms_size(); ++i) {
    const v1::RegisseurTerm& t = c.terms(i);
    if (t.end_time() == 0 && i + 1 < c.terms_size()) {
      return errors::ContradictoryFacts("a regisseur's term that is not the last is open");
    }
    if (t.end_time() == 0) ++open;
    if (std::none_of(c.seats().begin(), c.seats().end(),
                     [&](const v1::Seat& s) { return s.id() == t.seat(); })) {
      return errors::ContradictoryFacts("a regisseur has no seat");
    }
  }
  if (open != (c.state() == v1::CASE_STATE_ACTIVE ? 1 : 0)) {
    return errors::ContradictoryFacts("an active case has one regisseur, any other none");
  }
  return absl::OkStatus();
}

absl::Status CheckCases(const v1::FamilyFacts& facts) {
  int not_closed = 0;
  for (const v1::CaseFact& c : facts.cases()) {
    if (c.state() == v1::CASE_STATE_UNSPECIFIED || !v1::CaseState_IsValid(c.state()) ||
        !std::all_of(c.seats().begin(), c.seats().end(), SeatKnown)) {
      return errors::ContradictoryFacts("a case or a seat is in a state that is not known");
    }
    if (c.state() != v1::CASE_STATE_CLOSED) ++not_closed;
    if (!AllDifferent(c.seats())) return errors::ContradictoryFacts("two seats share an id");
    KP_RETURN_IF_ERROR(CheckTerms(c));
  }
  if (not_closed > 1) return errors::ContradictoryFacts("two cases are not closed");
  return absl::OkStatus();
}

bool ScopesFit(const v1::FamilyFacts& facts) {
  return std::all_of(facts.scopes().begin(), facts.scopes().end(), [&](const v1::Scope& s) {
    return s.id() == policy::ScopeId(facts.id(), s.label());
  });
}

}  // namespace

absl::Status CheckFamilyFacts(const v1::FamilyFacts& facts) {
  if (facts.id().empty()) return errors::ContradictoryFacts("a family has no id");
  if (!AllDifferent(facts.persons()) || !AllDifferent(facts.gezag()) ||
      !AllDifferent(facts.cases()) || !AllDifferent(facts.consents()) ||
      !AllDifferent(facts.grounds()) || !AllDifferent(facts.scopes()) ||
      !AllDifferent(facts.handovers()) || !AllDifferent(facts.emergencies())) {
    return errors::ContradictoryFacts("two things share an id");
  }
  for (const v1::PersonFact& p : facts.persons()) {
    if (!v1::FamilyRole_IsValid(p.role())) {
      return errors::ContradictoryFacts("a person has a role that is not known");
    }
  }
  KP_RETURN_IF_ERROR(CheckCases(facts));
  if (!std::all_of(facts.consents().begin(), facts.consents().end(), WordsKnown<v1::ConsentFact>) ||
      !std::all_of(facts.grounds().begin(), facts.grounds().end(), WordsKnown<v1::GroundFact>)) {
    return errors::ContradictoryFacts("a consent or ground names a word that is not known");
  }
  if (!ScopesFit(facts)) {
    return errors::ContradictoryFacts("a label does not belong to the key that it names");
  }
  return absl::OkStatus();
}

}  // namespace knooppunt::access
