#include "security/policy/consent_rules.h"

#include <algorithm>

#include "security/policy/who_must_agree.h"

namespace knooppunt::policy {
namespace {

using access::v1::FamilyFacts;

// R16: gezag of parents ends at 18, also over a youth who cannot weigh the matter: who represents
// them from then on is a curator or mentor, appointed from that day or later (to be confirmed).
bool HoldsAtAge(const access::v1::Gezag& g, const access::v1::PersonFact& over, base::Date on) {
  if (AgeOf(over, on) < kAdultAge) return true;
  const auto birth = base::ParseDate(over.birth_date());
  const auto start = base::ParseDate(g.start_date());
  return over.incapacitated() && birth.ok() && start.ok() &&
         *start >= base::Birthday(*birth, kAdultAge);
}

// R12: an empty list means nothing, never everything.
template <typename Basis>
bool NamesNothing(const Basis& basis) {
  return basis.compartments().empty() || basis.purposes().empty() ||
         (basis.about().persons().empty() && !basis.about().family());
}

template <typename List>
void TakeOut(const List& gone, List* list) {
  list->erase(std::remove_if(list->begin(), list->end(),
                             [&](const auto& x) {
                               return std::find(gone.begin(), gone.end(), x) != gone.end();
                             }),
              list->end());
}

// A review that did not uphold it, or one that is overdue: what nobody looked at stops (R15).
bool StoppedByReview(const access::v1::GroundFact& ground, base::Date on) {
  if (ground.has_review()) return !ground.review().upheld();
  if (ground.review_date().empty()) return !ground.family_told();
  const auto review = base::ParseDate(ground.review_date());
  return !review.ok() || on > *review;
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
  if (AgeOf(*person, on) < 0) return out;
  for (const access::v1::Gezag& g : facts.gezag()) {
    if (g.over() == child && InPeriod(g.start_date(), g.end_date(), on) &&
        HoldsAtAge(g, *person, on)) {
      out.push_back(&g);
    }
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
  const Agreement agreement = WhoMustAgree(table, facts, about, compartments, on);
  *vacant = !agreement.vacancies.empty();
  std::vector<Signatory> out;
  for (const RequiredAgreement& r : agreement.signatures) {
    if (std::find(out.begin(), out.end(), r.who) == out.end()) out.push_back(r.who);
  }
  return out;
}

access::v1::ConsentFact EffectiveConsent(const access::v1::ConsentFact& consent) {
  access::v1::ConsentFact out = consent;
  for (const access::v1::Narrowing& n : consent.narrowings()) {
    TakeOut(n.persons(), out.mutable_about()->mutable_persons());
    TakeOut(n.compartments(), out.mutable_compartments());
    TakeOut(n.purposes(), out.mutable_purposes());
    if (n.family()) out.mutable_about()->set_family(false);
  }
  return out;
}

int WordingRevision(const access::v1::ConsentFact& consent) {
  return std::max(1, consent.wording_revision());
}

bool IsOfTodaysWording(const access::v1::ConsentFact& consent,
                       const access::v1::Signature& signature) {
  if (signature.state() != access::v1::SIGNATURE_STATE_GIVEN) return true;
  if (signature.wording_sha256().empty()) return WordingRevision(consent) == 1;
  return signature.wording_sha256() == consent.wording_sha256();
}

bool ConsentInForce(const Table& table, const FamilyFacts& facts,
                    const access::v1::ConsentFact& consent, base::Date on) {
  // R12: an empty list means nothing, never everything.
  if (consent.recipient().empty() || consent.end_date().empty()) return false;
  if (consent.narrowings().empty() ? NamesNothing(consent)
                                   : NamesNothing(EffectiveConsent(consent))) {
    return false;
  }
  if (!InPeriod(consent.start_date(), consent.end_date(), on)) return false;
  return StillMissing(table, facts, consent, on).empty();
}

const v1::GroundType* FindGroundType(const GroundTypes& types, absl::string_view type) {
  const auto found = std::find_if(types.begin(), types.end(),
                                  [&](const v1::GroundType& t) { return t.type() == type; });
  return found == types.end() ? nullptr : &*found;
}

bool AwaitsReview(const access::v1::GroundFact& ground) {
  return !ground.reviewer().empty() && !ground.has_review();
}

bool HiddenFromFamily(const access::v1::GroundFact& ground) {
  return !ground.family_told() && !ground.has_review();
}

bool GroundInForce(const GroundTypes& types, const access::v1::GroundFact& ground, base::Date on) {
  const v1::GroundType* type = FindGroundType(types, ground.type());
  if (type == nullptr || ground.article().empty() || ground.recipient().empty() ||
      NamesNothing(ground)) {
    return false;
  }
  const auto start = base::ParseDate(ground.start_date());
  const auto end = base::ParseDate(ground.end_date());
  if (!start.ok() || !end.ok() || *end - *start > type->max_days()) return false;
  return *start <= on && on < *end && ground.end_time() == 0 && !StoppedByReview(ground, on);
}

bool GroundInForce(const Table& table, const access::v1::GroundFact& ground, base::Date on) {
  return GroundInForce(table.document().ground_types(), ground, on);
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
