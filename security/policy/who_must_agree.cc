#include "security/policy/who_must_agree.h"

#include <algorithm>

#include "absl/strings/match.h"

namespace knooppunt::policy {
namespace {

using access::v1::ConsentFact;
using access::v1::FamilyFacts;
using access::v1::Gezag;
using access::v1::PersonFact;
using common::v1::About;
using common::v1::Regime;

constexpr char kToConfirm[] = "te bevestigen";

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

bool IsChild(const PersonFact& person) { return person.role() == access::v1::FAMILY_ROLE_CHILD; }

// Gathers the answer for one person and compartment at a time.
class Answer {
 public:
  Answer(const Table& table, const FamilyFacts& facts, base::Date on)
      : table_(table), facts_(facts), on_(on) {}

  void Ask(const PersonFact& person, int compartment) {
    const int age = AgeOf(person, on_);
    if (age < 0) return Vacant(Vacancy::Kind::kUnreadableBirthDate, person.id());
    const Regime regime = RegimeOf(compartment);
    // Whoever is no child of the family answers for themselves, as an adult does.
    const bool child = IsChild(person);
    const v1::SignatoryRow* row = FindRow(table_, regime, child ? age : std::max(age, kAdultAge),
                                          child && person.incapacitated());
    if (row == nullptr) return Vacant(Vacancy::Kind::kNoRow, person.id());
    const RequiredAgreement base{.who = {"", "", row->id()},
                                 .about_person = person.id(),
                                 .compartment = static_cast<common::v1::Compartment>(compartment),
                                 .regime = regime,
                                 .source = row->source(),
                                 .to_confirm = absl::StrContains(row->source(), kToConfirm)};
    if (row->youth()) Add(base, person.id(), "");
    if (!row->gezag_holders()) return;
    const std::vector<const Gezag*> holders = GezagOver(facts_, person.id(), on_);
    if (holders.empty()) {
      Vacant(person.incapacitated() ? Vacancy::Kind::kNoRepresentative : Vacancy::Kind::kNoGezag,
             person.id());
    }
    for (const Gezag* g : holders) Add(base, g->holder_person(), g->holder_organisation());
  }

  void Vacant(Vacancy::Kind kind, const std::string& person) {
    const Vacancy vacancy{kind, person};
    auto& all = out_.vacancies;
    if (std::find(all.begin(), all.end(), vacancy) == all.end()) all.push_back(vacancy);
  }

  Agreement Take() { return std::move(out_); }

 private:
  void Add(RequiredAgreement entry, const std::string& person, const std::string& organisation) {
    entry.who.person = person;
    entry.who.organisation = organisation;
    for (const RequiredAgreement& there : out_.signatures) {
      if (there.who == entry.who && there.about_person == entry.about_person &&
          there.compartment == entry.compartment) {
        return;
      }
    }
    out_.signatures.push_back(std::move(entry));
  }

  const Table& table_;
  const FamilyFacts& facts_;
  const base::Date on_;
  Agreement out_;
};

bool Names(const Agreement& agreement, const Signatory& who) {
  return std::any_of(agreement.signatures.begin(), agreement.signatures.end(),
                     [&](const RequiredAgreement& r) { return r.who == who; });
}

// The instants between which a signature counts, in Unix seconds: [from, before).
struct Window {
  int64_t from = INT64_MIN;
  int64_t before = INT64_MAX;
};

int64_t StartOf(base::Date day) { return absl::ToUnixSeconds(base::StartOf(day)); }

// The newest word of `who` before the window's end, or nullptr.
const access::v1::Signature* Newest(const ConsentFact& consent, const Signatory& who,
                                    int64_t before) {
  const access::v1::Signature* newest = nullptr;
  for (const access::v1::Signature& s : consent.signatures()) {
    if (s.person() == who.person && s.organisation() == who.organisation && s.time() < before) {
      newest = &s;
    }
  }
  return newest;
}

// R16: what a youth signed before the 18th birthday was announced does not outlive it.
int64_t AdultFrom(const FamilyFacts& facts, const Signatory& who, base::Date on) {
  const PersonFact* person = FindPerson(facts, who.person);
  if (person == nullptr || !IsChild(*person) || AgeOf(*person, on) < kAdultAge) return INT64_MIN;
  const auto birth = base::ParseDate(person->birth_date());
  return StartOf(base::Birthday(*birth, kAdultAge) - kAnnounceDays);
}

bool Signed(const FamilyFacts& facts, const ConsentFact& consent, const Signatory& who,
            base::Date on, const Window& window) {
  const access::v1::Signature* s = Newest(consent, who, window.before);
  return s != nullptr && s->state() == access::v1::SIGNATURE_STATE_GIVEN &&
         s->time() >= window.from && s->time() >= AdultFrom(facts, who, on) &&
         IsOfTodaysWording(consent, *s);
}

// Whether somebody lacked on the eve of a change, and is not asked any more from that day.
bool WouldOpenByItself(const FamilyFacts& facts, const ConsentFact& consent, const Agreement& eve,
                       const Agreement& day, base::Date on, int64_t floor) {
  if (!eve.vacancies.empty() && day.vacancies.empty()) return true;
  const Window until_then{.from = floor, .before = StartOf(on)};
  return std::any_of(eve.signatures.begin(), eve.signatures.end(), [&](const RequiredAgreement& r) {
    return !Names(day, r.who) && !Signed(facts, consent, r.who, on - 1, until_then);
  });
}

// The instant from which signatures count on `on`.
int64_t Floor(const Table& table, const FamilyFacts& facts, const ConsentFact& consent,
              base::Date on) {
  int64_t first = INT64_MAX;
  for (const access::v1::Signature& s : consent.signatures()) first = std::min(first, s.time());
  if (first == INT64_MAX) return INT64_MIN;
  const base::Date first_day = base::DateOf(absl::FromUnixSeconds(first));
  int64_t floor = INT64_MIN;
  for (const base::Date day : ChangeDays(table, facts, consent.about(), first_day, on)) {
    const Agreement eve =
        WhoMustAgree(table, facts, consent.about(), consent.compartments(), day - 1);
    const Agreement then = WhoMustAgree(table, facts, consent.about(), consent.compartments(), day);
    if (WouldOpenByItself(facts, consent, eve, then, day, floor)) floor = StartOf(day);
  }
  return floor;
}

void AddDay(const absl::StatusOr<base::Date>& day, base::Date after, base::Date until,
            std::vector<base::Date>* out) {
  if (day.ok() && *day > after && *day <= until) out->push_back(*day);
}

}  // namespace

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

std::vector<const PersonFact*> SubjectsOf(const FamilyFacts& facts, const About& about) {
  std::vector<const PersonFact*> out;
  for (const PersonFact& p : facts.persons()) {
    const bool named =
        std::find(about.persons().begin(), about.persons().end(), p.id()) != about.persons().end();
    if (named || (about.family() && IsChild(p))) out.push_back(&p);
  }
  return out;
}

Agreement WhoMustAgree(const Table& table, const FamilyFacts& facts, const About& about,
                       const google::protobuf::RepeatedField<int>& compartments, base::Date on) {
  Answer answer(table, facts, on);
  for (const std::string& id : about.persons()) {
    if (FindPerson(facts, id) == nullptr) answer.Vacant(Vacancy::Kind::kUnknownPerson, id);
  }
  const std::vector<const PersonFact*> subjects = SubjectsOf(facts, about);
  if (about.family() && std::none_of(subjects.begin(), subjects.end(),
                                     [](const PersonFact* p) { return IsChild(*p); })) {
    answer.Vacant(Vacancy::Kind::kNoChild, "");
  }
  for (int compartment : compartments) {
    for (const PersonFact* p : subjects) answer.Ask(*p, compartment);
  }
  return answer.Take();
}

Agreement StillMissing(const Table& table, const FamilyFacts& facts, const ConsentFact& consent,
                       base::Date on) {
  Agreement out = WhoMustAgree(table, facts, consent.about(), consent.compartments(), on);
  const Window window{.from = Floor(table, facts, consent, on)};
  out.signatures.erase(std::remove_if(out.signatures.begin(), out.signatures.end(),
                                      [&](const RequiredAgreement& r) {
                                        return Signed(facts, consent, r.who, on, window);
                                      }),
                       out.signatures.end());
  return out;
}

std::vector<base::Date> ChangeDays(const Table& table, const FamilyFacts& facts, const About& about,
                                   base::Date after, base::Date until) {
  std::vector<base::Date> out;
  for (const PersonFact* p : SubjectsOf(facts, about)) {
    const auto birth = base::ParseDate(p->birth_date());
    if (!birth.ok() || !IsChild(*p)) continue;
    // Before there was a child nobody had to sign for it.
    const base::Date born = std::max(after, *birth);
    AddDay(base::Birthday(*birth, kAdultAge), born, until, &out);
    for (const v1::SignatoryRow& row : table.document().signatories()) {
      for (const int age : {row.min_age(), row.below_age()}) {
        if (age > 0) AddDay(base::Birthday(*birth, age), born, until, &out);
      }
    }
    for (const Gezag& g : facts.gezag()) {
      if (g.over() != p->id()) continue;
      AddDay(base::ParseDate(g.start_date()), born, until, &out);
      if (!g.end_date().empty()) AddDay(base::ParseDate(g.end_date()), born, until, &out);
    }
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace knooppunt::policy
