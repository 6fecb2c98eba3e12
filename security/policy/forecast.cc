#include "security/policy/forecast.h"

#include <algorithm>

#include "security/policy/consent_rules.h"

namespace knooppunt::policy {
namespace {

using access::v1::ConsentFact;
using access::v1::FamilyFacts;
using access::v1::LapseCause;
using access::v1::PersonFact;

// Months, not days: 17 and a half is what people mean by it.
constexpr int kPlanYears = 17;
constexpr int kPlanMonths = 6;

LapseCause BirthdayOn(const PersonFact& person, base::Date day) {
  const auto birth = base::ParseDate(person.birth_date());
  if (!birth.ok()) return access::v1::LAPSE_CAUSE_UNSPECIFIED;
  if (base::Birthday(*birth, 12) == day) return access::v1::LAPSE_CAUSE_BIRTHDAY_12;
  if (base::Birthday(*birth, 16) == day) return access::v1::LAPSE_CAUSE_BIRTHDAY_16;
  if (base::Birthday(*birth, 18) == day) return access::v1::LAPSE_CAUSE_BIRTHDAY_18;
  return access::v1::LAPSE_CAUSE_UNSPECIFIED;
}

bool GezagChangesOn(const FamilyFacts& facts, const std::string& child, base::Date day) {
  const std::string iso = base::FormatDate(day);
  return std::any_of(facts.gezag().begin(), facts.gezag().end(), [&](const auto& g) {
    return g.over() == child && (g.start_date() == iso || g.end_date() == iso);
  });
}

// A birthday of somebody whose signature lacks says more than gezag that ends that same day.
void FillCause(const FamilyFacts& facts, FutureLapse* lapse) {
  std::vector<std::string> persons;
  for (const RequiredAgreement& r : lapse->missing.signatures) persons.push_back(r.about_person);
  for (const Vacancy& v : lapse->missing.vacancies) persons.push_back(v.about_person);
  for (const std::string& id : persons) {
    const PersonFact* person = FindPerson(facts, id);
    if (person == nullptr) continue;
    lapse->cause = BirthdayOn(*person, lapse->date);
    lapse->person = id;
    if (lapse->cause != access::v1::LAPSE_CAUSE_UNSPECIFIED) return;
  }
  for (const std::string& id : persons) {
    if (!GezagChangesOn(facts, id, lapse->date)) continue;
    lapse->cause = access::v1::LAPSE_CAUSE_GEZAG;
    lapse->person = id;
    return;
  }
}

}  // namespace

std::optional<FutureLapse> NextLapse(const Table& table, const FamilyFacts& facts,
                                     const ConsentFact& consent, base::Date today) {
  if (!ConsentInForce(table, facts, consent, today)) return std::nullopt;
  const base::Date end = *base::ParseDate(consent.end_date());  // readable: it is in force
  FutureLapse lapse;
  for (const base::Date day : ChangeDays(table, facts, consent.about(), today, end - 1)) {
    if (ConsentInForce(table, facts, consent, day)) continue;
    lapse.date = day;
    lapse.announce_date = day - kAnnounceDays;
    lapse.missing = StillMissing(table, facts, consent, day);
    FillCause(facts, &lapse);
    return lapse;
  }
  lapse.date = end;
  lapse.announce_date = end - kAnnounceDays;
  lapse.cause = access::v1::LAPSE_CAUSE_END_DATE;
  lapse.missing = WhoMustAgree(table, facts, consent.about(), consent.compartments(), end);
  return lapse;
}

base::Date PlanAdulthoodFrom(base::Date birth) {
  const absl::CivilMonth month = absl::CivilMonth(base::Birthday(birth, kPlanYears)) + kPlanMonths;
  const base::Date first(month);
  const base::Date last = base::Date(month + 1) - 1;
  const base::Date day = first + (base::Birthday(birth, kPlanYears).day() - 1);
  return day > last ? last + 1 : day;
}

bool PlansAdulthood(const PersonFact& person, base::Date on) {
  const auto birth = base::ParseDate(person.birth_date());
  return birth.ok() && person.role() == access::v1::FAMILY_ROLE_CHILD &&
         PlanAdulthoodFrom(*birth) <= on && on < base::Birthday(*birth, kAdultAge);
}

}  // namespace knooppunt::policy
