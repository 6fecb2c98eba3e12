#include "security/policy/consent_rules.h"

#include <algorithm>

namespace knooppunt::policy {
namespace {

using access::v1::FamilyFacts;
using common::v1::Regime;

// The regime whose law says who must agree to share a compartment.
Regime RegimeOf(int compartment) {
  switch (compartment) {
    case common::v1::COMPARTMENT_EDUCATION:
      return common::v1::REGIME_EDUCATION;
    case common::v1::COMPARTMENT_HEALTH:
      return common::v1::REGIME_HEALTH;
    case common::v1::COMPARTMENT_FAMILY:
      return common::v1::REGIME_MUNICIPAL;
    default:
      return common::v1::REGIME_YOUTH_CARE;
  }
}

const v1::SignatoryRow* FindRow(const Table& table, Regime regime, int age, bool incapacitated) {
  for (const v1::SignatoryRow& row : table.document().signatories()) {
    const bool regime_fits =
        row.regimes().empty() ||
        std::find(row.regimes().begin(), row.regimes().end(), regime) != row.regimes().end();
    if (regime_fits && row.incapacitated() == incapacitated && age >= row.min_age() &&
        (row.below_age() == 0 || age < row.below_age())) {
      return &row;
    }
  }
  return nullptr;
}

void AddSignatory(std::vector<Signatory>* out, Signatory s) {
  if (std::find(out->begin(), out->end(), s) == out->end()) out->push_back(std::move(s));
}

void AddForPerson(const Table& table, const FamilyFacts& facts,
                  const access::v1::PersonFact& person, Regime regime, base::Date on,
                  std::vector<Signatory>* out, bool* vacant) {
  const int age = AgeOf(person, on);
  if (age < 0) {
    *vacant = true;
    return;
  }
  if (person.role() != access::v1::FAMILY_ROLE_CHILD ||
      (age >= kAdultAge && !person.incapacitated())) {
    AddSignatory(out, {person.id(), "", "adult-self"});
    return;
  }
  const v1::SignatoryRow* row = FindRow(table, regime, age, person.incapacitated());
  if (row == nullptr) {
    *vacant = true;
    return;
  }
  if (row->youth()) AddSignatory(out, {person.id(), "", row->id()});
  if (!row->gezag_holders()) return;
  const auto holders = GezagOver(facts, person.id(), on);
  if (holders.empty()) *vacant = true;
  for (const access::v1::Gezag* g : holders) {
    AddSignatory(out, {g->holder_person(), g->holder_organisation(), row->id()});
  }
}

// The newest signature of this signatory, or nullptr.
const access::v1::Signature* Newest(const access::v1::ConsentFact& consent, const Signatory& who) {
  const access::v1::Signature* newest = nullptr;
  for (const access::v1::Signature& s : consent.signatures()) {
    if (s.person() == who.person && s.organisation() == who.organisation) newest = &s;
  }
  return newest;
}

}  // namespace

const access::v1::PersonFact* FindPerson(const FamilyFacts& facts, absl::string_view id) {
  for (const access::v1::PersonFact& p : facts.persons()) {
    if (p.id() == id) return &p;
  }
  return nullptr;
}

int AgeOf(const access::v1::PersonFact& person, base::Date on) {
  const auto birth = base::ParseDate(person.birth_date());
  return birth.ok() ? base::AgeOn(*birth, on) : -1;
}

bool InPeriod(absl::string_view start_date, absl::string_view end_date, base::Date on) {
  const auto start = base::ParseDate(start_date);
  if (!start.ok() || on < *start) return false;
  if (end_date.empty()) return true;
  const auto end = base::ParseDate(end_date);
  return end.ok() && on < *end;
}

std::vector<const access::v1::Gezag*> GezagOver(const FamilyFacts& facts, absl::string_view child,
                                                base::Date on) {
  std::vector<const access::v1::Gezag*> out;
  const access::v1::PersonFact* person = FindPerson(facts, child);
  if (person == nullptr) return out;
  const int age = AgeOf(*person, on);
  if (age < 0 || (age >= kAdultAge && !person->incapacitated())) return out;
  for (const access::v1::Gezag& g : facts.gezag()) {
    if (g.over() == child && InPeriod(g.start_date(), g.end_date(), on)) out.push_back(&g);
  }
  return out;
}

bool HoldsGezag(const FamilyFacts& facts, absl::string_view holder_person, absl::string_view child,
                base::Date on) {
  if (holder_person.empty()) return false;
  for (const access::v1::Gezag* g : GezagOver(facts, child, on)) {
    if (g->holder_person() == holder_person) return true;
  }
  return false;
}

std::vector<Signatory> WhoMustSign(const Table& table, const FamilyFacts& facts,
                                   const common::v1::About& about,
                                   const google::protobuf::RepeatedField<int>& compartments,
                                   base::Date on, bool* vacant) {
  std::vector<Signatory> out;
  *vacant = false;
  for (int compartment : compartments) {
    const Regime regime = RegimeOf(compartment);
    for (const std::string& id : about.persons()) {
      const access::v1::PersonFact* p = FindPerson(facts, id);
      if (p == nullptr) {
        *vacant = true;
        continue;
      }
      AddForPerson(table, facts, *p, regime, on, &out, vacant);
    }
    if (about.family()) {
      for (const access::v1::PersonFact& p : facts.persons()) {
        if (p.role() == access::v1::FAMILY_ROLE_CHILD) {
          AddForPerson(table, facts, p, regime, on, &out, vacant);
        }
      }
    }
  }
  return out;
}

bool ConsentInForce(const Table& table, const FamilyFacts& facts,
                    const access::v1::ConsentFact& consent, base::Date on) {
  // R12: an empty list means nothing, never everything.
  if (consent.compartments().empty() || consent.purposes().empty() || consent.recipient().empty() ||
      consent.end_date().empty() ||
      (consent.about().persons().empty() && !consent.about().family())) {
    return false;
  }
  if (!InPeriod(consent.start_date(), consent.end_date(), on)) return false;
  bool vacant = false;
  const std::vector<Signatory> must =
      WhoMustSign(table, facts, consent.about(), consent.compartments(), on, &vacant);
  if (vacant || must.empty()) return false;
  for (const Signatory& who : must) {
    const access::v1::Signature* s = Newest(consent, who);
    if (s == nullptr || s->state() != access::v1::SIGNATURE_STATE_GIVEN) return false;
  }
  return true;
}

bool GroundInForce(const Table& table, const access::v1::GroundFact& ground, base::Date on) {
  if (ground.end_date().empty() || ground.article().empty()) return false;
  const auto& types = table.document().ground_types();
  const auto type = std::find_if(types.begin(), types.end(), [&](const v1::GroundType& t) {
    return t.type() == ground.type();
  });
  if (type == types.end()) return false;
  const auto start = base::ParseDate(ground.start_date());
  const auto end = base::ParseDate(ground.end_date());
  return start.ok() && end.ok() && *end - *start <= type->max_days() && *start <= on && on < *end;
}

bool AboutCovers(const common::v1::About& about, const common::v1::About& label) {
  if (label.persons().empty() && !label.family()) return false;
  if (label.family() && !about.family()) return false;
  for (const std::string& p : label.persons()) {
    if (std::find(about.persons().begin(), about.persons().end(), p) == about.persons().end()) {
      return false;
    }
  }
  return true;
}

}  // namespace knooppunt::policy
