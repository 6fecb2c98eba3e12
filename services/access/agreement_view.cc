#include "services/access/agreement_view.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "security/policy/consent_rules.h"
#include "security/policy/leading.h"

namespace knooppunt::access {
namespace {

using policy::Agreement;
using policy::RequiredAgreement;
using policy::Vacancy;

// From here a youth reads and signs, and from there alone (R11, R18).
constexpr int kYouthAge = 12;
constexpr int kYouthAloneAge = 16;

constexpr char kOthersNl[] = "Ook anderen moeten hierover beslissen.";
constexpr char kOthersEn[] = "Others must decide about this too.";

Sentence SentenceOf(const Vacancy& vacancy, bool adult) {
  switch (vacancy.kind) {
    case Vacancy::Kind::kNoGezag:
      return {
          "Niemand heeft dan gezag over het kind, dus niemand kan toestemmen. Laat de rechter "
          "bepalen wie het gezag krijgt, en leg dat vast.",
          "Nobody holds gezag over the child then, so nobody can agree. Have the court decide "
          "who gets it, and record that."};
    case Vacancy::Kind::kNoRepresentative:
      if (!adult) {
        return {
            "De jongere kan dit niet zelf overzien en niemand heeft dan gezag. Laat de rechter "
            "bepalen wie vertegenwoordigt, en leg dat vast.",
            "The youth cannot weigh this and nobody holds gezag then. Have the court decide who "
            "represents the youth, and record that."};
      }
      return {
          "De jongere is 18 of ouder en kan dit niet zelf overzien: er is een curator of mentor "
          "nodig. Vraag die bij de rechter aan, en leg vast wie het wordt.",
          "The youth is 18 or older and cannot weigh this: a curator or mentor is needed. Ask "
          "the court for one, and record who it is."};
    case Vacancy::Kind::kUnreadableBirthDate:
      return {
          "Van iemand is de geboortedatum niet bekend: leg die eerst vast, want wie moet tekenen "
          "hangt van de leeftijd af.",
          "Somebody's birth date is not known: record it first, for who must sign depends on "
          "age."};
    case Vacancy::Kind::kNoChild:
      return {
          "Dit gaat over het gezin als geheel, maar er is geen kind vastgelegd: leg het kind "
          "vast of noem personen.",
          "This is about the family as such, but no child is recorded: record the child or name "
          "persons."};
    case Vacancy::Kind::kUnknownPerson:
    case Vacancy::Kind::kNoRow:
      break;
  }
  return {
      "De tabel zegt niet wie hier moet tekenen: vraag het de functionaris "
      "gegevensbescherming.",
      "The table does not say who must sign here: ask the privacy officer."};
}

void AddOnce(Sentence sentence, std::vector<Sentence>* out) {
  const bool there =
      std::any_of(out->begin(), out->end(), [&](const Sentence& s) { return s.nl == sentence.nl; });
  if (!there) out->push_back(std::move(sentence));
}

// The seat itself, or a deputy's that stands in its place for a while (R39).
bool ActsFor(const v1::CaseFact& c, absl::string_view seat, absl::string_view place) {
  if (seat.empty() || place.empty()) return false;
  return seat == place || std::any_of(c.seats().begin(), c.seats().end(), [&](const v1::Seat& s) {
           return s.id() == seat && s.deputises() == place;
         });
}

}  // namespace

AgreementView::AgreementView(const policy::Table& table, const policy::World& world, Viewer viewer)
    : table_(table), world_(world), viewer_(std::move(viewer)), today_(base::DateOf(viewer_.now)) {
  const auto& cases = facts().cases();
  if (!cases.empty() && cases.rbegin()->state() != v1::CASE_STATE_CLOSED) case_ = &*cases.rbegin();
}

bool AgreementView::SeesPerson(absl::string_view person) const {
  const v1::PersonFact* p = policy::FindPerson(facts(), person);
  if (p == nullptr) return false;
  if (viewer_.staff()) return true;
  const int age = policy::AgeOf(*p, today_);
  if (person == viewer_.person) return p->role() != v1::FAMILY_ROLE_CHILD || age >= kYouthAge;
  return policy::HoldsGezag(facts(), viewer_.person, person, today_) &&
         (age < kYouthAloneAge || p->incapacitated());
}

bool AgreementView::LeadsOrStandsIn() const {
  if (case_ == nullptr || viewer_.seat.empty() || case_->terms().empty()) return false;
  const v1::RegisseurTerm& term = *case_->terms().rbegin();
  return term.end_time() == 0 && (ActsFor(*case_, viewer_.seat, term.seat()) ||
                                  ActsFor(*case_, viewer_.seat, term.stand_in_seat()));
}

const v1::CaseFact* AgreementView::closed_case() const {
  return case_ != nullptr || facts().cases().empty() ? nullptr : &*facts().cases().rbegin();
}

bool AgreementView::LedLast() const {
  const v1::CaseFact* c = closed_case();
  if (c == nullptr || c->terms().empty()) return false;
  const v1::RegisseurTerm& term = *c->terms().rbegin();
  return ActsFor(*c, viewer_.seat, term.seat()) || ActsFor(*c, viewer_.seat, term.stand_in_seat());
}

bool AgreementView::AtLastWerkplaats() const {
  return !facts().cases().empty() && viewer_.staff() &&
         facts().cases().rbegin()->organisation() == viewer_.organisation;
}

bool AgreementView::Leads() const {
  return case_ != nullptr && !viewer_.seat.empty() &&
         ActsFor(*case_, viewer_.seat, policy::RegisseurSeat(table_, world_, *case_, viewer_.now));
}

bool AgreementView::AtWerkplaats() const {
  return case_ != nullptr && viewer_.staff() && case_->organisation() == viewer_.organisation;
}

bool AgreementView::IsCaller(const policy::Signatory& who) const {
  return viewer_.staff() ? !who.organisation.empty() && who.organisation == viewer_.organisation
                         : who.person == viewer_.person;
}

bool AgreementView::SeesConsent(const v1::ConsentFact& consent) const {
  // Who may sign it reads it, and whose yes stands, and can be withdrawn (R12, R13): the same as in
  // the list of consents.
  for (auto s = consent.signatures().rbegin(); s != consent.signatures().rend(); ++s) {
    if (!IsCaller({s->person(), s->organisation(), ""})) continue;
    if (s->state() == v1::SIGNATURE_STATE_GIVEN) return true;
    break;  // their last word
  }
  const Agreement must =
      policy::WhoMustAgree(table_, facts(), consent.about(), consent.compartments(), today_);
  for (const RequiredAgreement& r : must.signatures) {
    if (IsCaller(r.who)) return true;
  }
  if (viewer_.staff()) {
    return AtWerkplaats() || LeadsOrStandsIn() || consent.recipient() == viewer_.organisation;
  }
  const auto subjects = policy::SubjectsOf(facts(), consent.about());
  return !subjects.empty() &&
         std::all_of(subjects.begin(), subjects.end(),
                     [&](const v1::PersonFact* p) { return SeesPerson(p->id()); });
}

Sentence AgreementView::Why(const RequiredAgreement& r, base::Date on) const {
  const v1::PersonFact* about = policy::FindPerson(facts(), r.about_person);
  const int age = about == nullptr ? -1 : policy::AgeOf(*about, on);
  Sentence out;
  if (about == nullptr || r.who.person != r.about_person) {
    const bool represents = about != nullptr && about->incapacitated();
    if (!r.who.organisation.empty()) {
      out = {"Deze instelling heeft het gezag en tekent.",
             "This institution holds gezag, and signs."};
    } else if (represents) {
      out = {"De jongere kan dit niet zelf overzien: wie vertegenwoordigt tekent.",
             "The youth cannot weigh this: who represents the youth signs."};
    } else {
      out = {absl::StrCat("Wie gezag heeft tekent, want het kind is ", age, " jaar."),
             absl::StrCat("Who holds gezag signs, for the child is ", age, ".")};
    }
  } else if (about->role() != v1::FAMILY_ROLE_CHILD) {
    out = {"Een volwassene beslist zelf over de eigen gegevens.",
           "An adult decides about their own information."};
  } else if (age < kYouthAloneAge) {
    out = {absl::StrCat("De jongere is ", age, " jaar en tekent zelf mee."),
           absl::StrCat("The youth is ", age, " and signs too.")};
  } else {
    out = {absl::StrCat("De jongere is ", age, " jaar en beslist zelf."),
           absl::StrCat("The youth is ", age, " and decides alone.")};
  }
  if (r.to_confirm) {
    absl::StrAppend(&out.nl, " Een jurist moet deze regel nog bevestigen.");
    absl::StrAppend(&out.en, " A lawyer must still confirm this rule.");
  }
  return out;
}

bool AgreementView::Hides(const Agreement& agreement) const {
  if (viewer_.staff()) return false;
  const auto hidden = [&](const std::string& person) {
    return !person.empty() && !SeesPerson(person);
  };
  return std::any_of(agreement.signatures.begin(), agreement.signatures.end(),
                     [&](const RequiredAgreement& r) {
                       return hidden(r.about_person) || hidden(r.who.person);
                     }) ||
         std::any_of(agreement.vacancies.begin(), agreement.vacancies.end(),
                     [&](const Vacancy& v) { return hidden(v.about_person); });
}

void AgreementView::Show(const Agreement& agreement, base::Date on,
                         google::protobuf::RepeatedPtrField<v1::RequiredSignature>* out) const {
  for (const RequiredAgreement& r : agreement.signatures) {
    const bool seen =
        SeesPerson(r.about_person) && (r.who.person.empty() || SeesPerson(r.who.person));
    if (!viewer_.staff() && !seen) continue;
    v1::RequiredSignature* shown = out->Add();
    shown->set_person(r.who.person);
    shown->set_organisation(r.who.organisation);
    shown->set_about_person(r.about_person);
    shown->set_compartment(r.compartment);
    shown->set_regime(r.regime);
    shown->set_row(r.who.row);
    shown->set_source(r.source);
    shown->set_to_confirm(r.to_confirm);
    Sentence why = Why(r, on);
    shown->set_text_nl(std::move(why.nl));
    shown->set_text_en(std::move(why.en));
  }
  if (Hides(agreement)) {
    v1::RequiredSignature* others = out->Add();
    others->set_text_nl(kOthersNl);
    others->set_text_en(kOthersEn);
  }
}

std::vector<Sentence> AgreementView::Vacancies(const Agreement& agreement, base::Date on) const {
  std::vector<Sentence> out;
  for (const Vacancy& v : agreement.vacancies) {
    if (!viewer_.staff() && !v.about_person.empty() && !SeesPerson(v.about_person)) continue;
    const v1::PersonFact* about = policy::FindPerson(facts(), v.about_person);
    AddOnce(SentenceOf(v, about != nullptr && policy::AgeOf(*about, on) >= policy::kAdultAge),
            &out);
  }
  return out;
}

}  // namespace knooppunt::access
