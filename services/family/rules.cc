#include "services/family/rules.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "security/policy/consent_rules.h"
#include "services/dossier/errors.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/dossier/text.h"
#include "services/family/errors.h"

namespace knooppunt::family {
namespace {

using access::v1::CaseFact;
using access::v1::FAMILY_ROLE_CHILD;
using access::v1::PersonFact;
using access::v1::Seat;
using dossier::errors::InvalidField;

const base::Date kEarliestBirth(1900, 1, 1);

absl::Status CheckBirthDate(absl::string_view field, absl::string_view iso, base::Date today) {
  KP_ASSIGN_OR_RETURN(const base::Date birth, dossier::ParseDay(field, iso));
  if (birth >= kEarliestBirth && birth <= today) return absl::OkStatus();
  return InvalidField(field, "be between 1900 and today");
}

absl::Status CheckRole(absl::string_view field, access::v1::FamilyRole role) {
  if (role != access::v1::FAMILY_ROLE_UNSPECIFIED && access::v1::FamilyRole_IsValid(role)) {
    return absl::OkStatus();
  }
  return InvalidField(field, "be stated");
}

bool IsChild(const FamilyFacts& facts, absl::string_view person) {
  const PersonFact* p = policy::FindPerson(facts, person);
  return p != nullptr && p->role() == FAMILY_ROLE_CHILD;
}

// The holder of gezag: a person of the family who is no child, an institution, or nobody.
absl::Status CheckHolder(absl::string_view field, absl::string_view person,
                         absl::string_view organisation, const FamilyFacts& facts) {
  if (!person.empty() && !organisation.empty()) return InvalidField(field, "name one holder");
  if (!organisation.empty()) {
    return dossier::CheckDirectoryName(absl::StrCat(field, ".holder_organisation"), organisation,
                                       "organisations");
  }
  if (person.empty()) return absl::OkStatus();
  const std::string id = PersonOf(facts, person);
  if (id.empty() || IsChild(facts, id)) {
    return InvalidField(absl::StrCat(field, ".holder_person"),
                        "be somebody of this family who is not a child");
  }
  return absl::OkStatus();
}

// The field of a mask that a change of this kind may write.
bool MayChange(v1::PersonChange change, absl::string_view field) {
  if (field == "given_name" || field == "family_name") return true;
  return change == v1::PERSON_CHANGE_CORRECTION && (field == "birth_date" || field == "role");
}

absl::Status CheckChange(const v1::UpdatePersonRequest& req, base::Date today) {
  if (req.change() == v1::PERSON_CHANGE_UNSPECIFIED || !v1::PersonChange_IsValid(req.change())) {
    return InvalidField("change", "be stated");
  }
  KP_RETURN_IF_ERROR(dossier::ValidateText("reason", req.reason(), {}));
  if (req.update_mask().paths().empty()) {
    return InvalidField("update_mask", "name what changes; an empty one changes nothing");
  }
  for (const std::string& path : req.update_mask().paths()) {
    if (!MayChange(req.change(), path)) {
      return InvalidField("update_mask",
                          "hold given_name and family_name, and for a correction birth_date and "
                          "role; nothing else");
    }
  }
  if (req.change() == v1::PERSON_CHANGE_CORRECTION) {
    return req.from_date().empty() ? absl::OkStatus()
                                   : InvalidField("from_date", "be empty for a correction");
  }
  KP_ASSIGN_OR_RETURN(const base::Date from, dossier::ParseDay("from_date", req.from_date()));
  return from <= today ? absl::OkStatus() : InvalidField("from_date", "not be later than today");
}

absl::Status CheckPeriod(absl::string_view field, base::Date day, base::Date today) {
  if (day < kEarliestBirth || day - today > kMaxDaysAhead) {
    return InvalidField(field, "be between 1900 and a year from today");
  }
  return absl::OkStatus();
}

absl::Status CheckBasis(absl::string_view field, v1::GezagBasis basis,
                        absl::string_view reference) {
  if (basis == v1::GEZAG_BASIS_UNSPECIFIED || !v1::GezagBasis_IsValid(basis)) {
    return InvalidField(field, "be stated");
  }
  KP_RETURN_IF_ERROR(dossier::ValidateText(
      "reference", reference,
      {.max_bytes = limits::kMaxNameBytes, .required = false, .one_line = true}));
  if (basis == v1::GEZAG_BASIS_COURT_ORDER && reference.empty()) return errors::ReferenceMissing();
  return absl::OkStatus();
}

// Open on the day that another begins, or later.
bool Overlaps(const access::v1::Gezag& g, base::Date start) {
  const auto end = base::ParseDate(g.end_date());
  return g.end_date().empty() || (end.ok() && *end > start);
}

bool SitsAtTable(const FamilyFacts& facts, const CaseFact& c, const PersonFact& p, base::Date on) {
  const std::vector<std::string> children(c.children().begin(), c.children().end());
  if (std::find(children.begin(), children.end(), p.id()) != children.end()) {
    return policy::AgeOf(p, on) >= dossier::kYouthAge;
  }
  return dossier::HoldsGezagOverAny(facts, p.id(), children, on);
}

// R1: the seat of the regisseur does not fall empty.
void EndFamilySeat(Seat* seat, CaseFact* c, absl::Time now) {
  const dossier::Leader leader = dossier::LeaderAt(*c, now);
  const bool leads = leader.seat == seat->id() && !leader.stand_in_seat.empty();
  dossier::EndSeatAt(seat, now, "gezag");
  if (!leads) return;
  dossier::ReplaceTerm(c, {.seat = leader.stand_in_seat, .stand_in_seat = "", .reason = "STAND_IN"},
                       now);
}

void AddFamilySeat(const std::string& id, const std::string& person, absl::Time now, CaseFact* c) {
  Seat* seat = c->add_seats();
  seat->set_id(id);
  seat->set_person(person);
  seat->set_role(access::v1::SEAT_ROLE_FAMILY);
  seat->set_state(access::v1::SEAT_STATE_JOINED);
  seat->set_start_time(absl::ToUnixSeconds(now));
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

// ---- Persons ---------------------------------------------------------------------

std::string PersonName(absl::string_view family, absl::string_view person) {
  return absl::StrCat("families/", family, "/persons/", person);
}

std::string PersonOf(const FamilyFacts& facts, absl::string_view name) {
  const auto parsed = base::ResourceName::Parse(name, "families/*/persons/*");
  if (!parsed.ok() || parsed->Id("families") != facts.id()) return "";
  const PersonFact* p = policy::FindPerson(facts, parsed->Id("persons"));
  return p == nullptr ? "" : p->id();
}

absl::Status CheckNewPerson(const v1::Person& person, base::Date today) {
  KP_RETURN_IF_ERROR(dossier::ValidateName("person.given_name", person.given_name()));
  KP_RETURN_IF_ERROR(dossier::ValidateName("person.family_name", person.family_name()));
  KP_RETURN_IF_ERROR(CheckBirthDate("person.birth_date", person.birth_date(), today));
  return CheckRole("person.role", person.role());
}

absl::Status CheckJoining(const v1::AddPersonRequest& req, const FamilyFacts& facts) {
  if (!req.account().empty()) {
    KP_RETURN_IF_ERROR(dossier::CheckDirectoryName("account", req.account(), "accounts"));
    for (const PersonFact& p : facts.persons()) {
      if (p.account() == req.account()) return errors::AccountTaken();
    }
  }
  const bool child = req.person().role() == FAMILY_ROLE_CHILD;
  if (!child && (req.in_case() || !req.gezag().empty())) {
    return InvalidField("person.role", "be that of a child to be in the case or under gezag");
  }
  absl::flat_hash_set<std::string> seen;
  for (int i = 0; i < req.gezag_size(); ++i) {
    const v1::NewGezag& g = req.gezag(i);
    const std::string field = absl::StrCat("gezag[", i, "]");
    KP_RETURN_IF_ERROR(CheckHolder(field, g.holder_person(), g.holder_organisation(), facts));
    if (!seen.insert(g.SerializeAsString()).second) return InvalidField(field, "be stated once");
  }
  if (!req.in_case()) return absl::OkStatus();
  if (dossier::CurrentCase(facts) == nullptr) return errors::NoOpenCase();
  return req.gezag().empty() ? errors::GezagMissing() : absl::OkStatus();
}

void AddPerson(const v1::AddPersonRequest& req, const IdSource& id, absl::Time now,
               FamilyFacts* facts) {
  const std::string person = id("p", 0);
  for (int i = 0; i < req.gezag_size(); ++i) {
    access::v1::Gezag* g = facts->add_gezag();
    g->set_id(id("g", i));
    g->set_over(person);
    g->set_holder_person(PersonOf(*facts, req.gezag(i).holder_person()));
    g->set_holder_organisation(req.gezag(i).holder_organisation());
    g->set_start_date(base::FormatDate(base::DateOf(now)));
  }
  PersonFact* p = facts->add_persons();
  p->set_id(person);
  p->set_birth_date(req.person().birth_date());
  p->set_role(req.person().role());
  p->set_account(req.account());
  const CaseFact* open = dossier::CurrentCase(*facts);
  if (req.in_case() && open != nullptr) {
    auto* children = dossier::MutableCase(facts, open->id())->mutable_children();
    *children->Add() = person;
    std::sort(children->begin(), children->end());
  }
  SeatTheFamily(id, now, facts);
}

absl::Status ApplyChange(const v1::UpdatePersonRequest& req, base::Date today,
                         casework::v1::Person* person) {
  KP_RETURN_IF_ERROR(CheckChange(req, today));
  const v1::Person& asked = req.person();
  const std::string before = person->SerializeAsString();
  for (const std::string& path : req.update_mask().paths()) {
    if (path == "given_name") {
      KP_RETURN_IF_ERROR(dossier::ValidateName("person.given_name", asked.given_name()));
      person->set_given_name(asked.given_name());
    } else if (path == "family_name") {
      KP_RETURN_IF_ERROR(dossier::ValidateName("person.family_name", asked.family_name()));
      person->set_family_name(asked.family_name());
    } else if (path == "birth_date") {
      KP_RETURN_IF_ERROR(CheckBirthDate("person.birth_date", asked.birth_date(), today));
      person->set_birth_date(asked.birth_date());
    } else {
      KP_RETURN_IF_ERROR(CheckRole("person.role", asked.role()));
      const bool child = asked.role() == FAMILY_ROLE_CHILD;
      if (child != (person->role() == FAMILY_ROLE_CHILD)) return errors::ChildStaysChild();
      person->set_role(asked.role());
    }
  }
  if (person->SerializeAsString() == before) return errors::NothingChanges();
  if (req.change() != v1::PERSON_CHANGE_NAME_CHANGE) return absl::OkStatus();
  KP_ASSIGN_OR_RETURN(const base::Date from, base::ParseDate(req.from_date()));
  KP_ASSIGN_OR_RETURN(const base::Date birth,
                      dossier::ParseDay("person.birth_date", person->birth_date()));
  return from < birth ? InvalidField("from_date", "not lie before the birth date")
                      : absl::OkStatus();
}

bool CorrectFacts(const casework::v1::Person& person, absl::string_view id, FamilyFacts* facts) {
  for (PersonFact& p : *facts->mutable_persons()) {
    if (p.id() != id) continue;
    if (p.birth_date() == person.birth_date() && p.role() == person.role()) return false;
    p.set_birth_date(person.birth_date());
    p.set_role(person.role());
    return true;
  }
  return false;
}

// ---- Gezag -----------------------------------------------------------------------

absl::Status CheckNewGezag(const v1::Gezag& gezag, const FamilyFacts& facts, base::Date today) {
  const std::string child = PersonOf(facts, gezag.over());
  if (child.empty() || !IsChild(facts, child)) {
    return InvalidField("gezag.over", "be a child of this family");
  }
  KP_RETURN_IF_ERROR(
      CheckHolder("gezag", gezag.holder_person(), gezag.holder_organisation(), facts));
  KP_ASSIGN_OR_RETURN(const base::Date start,
                      dossier::ParseDay("gezag.start_date", gezag.start_date()));
  KP_RETURN_IF_ERROR(CheckPeriod("gezag.start_date", start, today));
  if (!gezag.end_date().empty()) {
    return InvalidField("gezag.end_date", "be empty: ending it is an act of its own");
  }
  KP_RETURN_IF_ERROR(CheckBasis("gezag.basis", gezag.basis(), gezag.reference()));
  const PersonFact& person = *policy::FindPerson(facts, child);
  const auto birth = base::ParseDate(person.birth_date());
  if (!birth.ok() || start < *birth) {
    return InvalidField("gezag.start_date", "not lie before the birth of the child");
  }
  if (start >= base::Birthday(*birth, policy::kAdultAge) && !person.incapacitated()) {
    return errors::AdultUnderGezag();
  }
  const std::string holder = PersonOf(facts, gezag.holder_person());
  for (const access::v1::Gezag& g : facts.gezag()) {
    if (g.over() == child && g.holder_person() == holder &&
        g.holder_organisation() == gezag.holder_organisation() && Overlaps(g, start)) {
      return errors::HoldsAlready();
    }
  }
  if (facts.gezag_size() >= limits::kMaxGezagPerFamily) return dossier::errors::TooMany("gezag");
  return absl::OkStatus();
}

access::v1::Gezag GezagFact(const v1::Gezag& gezag, const FamilyFacts& facts,
                            absl::string_view id) {
  access::v1::Gezag out;
  out.set_id(std::string(id));
  out.set_holder_person(PersonOf(facts, gezag.holder_person()));
  out.set_holder_organisation(gezag.holder_organisation());
  out.set_over(PersonOf(facts, gezag.over()));
  out.set_start_date(gezag.start_date());
  return out;
}

absl::Status EndGezag(const v1::EndGezagRequest& req, base::Date today, access::v1::Gezag* gezag) {
  KP_ASSIGN_OR_RETURN(const base::Date end, dossier::ParseDay("end_date", req.end_date()));
  KP_RETURN_IF_ERROR(CheckPeriod("end_date", end, today));
  KP_RETURN_IF_ERROR(CheckBasis("basis", req.basis(), req.reference()));
  // An end that is still to come can be brought forward; nothing brings back what ended.
  const auto known = base::ParseDate(gezag->end_date());
  if (!gezag->end_date().empty() && (!known.ok() || *known <= today || end >= *known)) {
    return errors::GezagEnded();
  }
  gezag->set_end_date(req.end_date());
  // Opening a case records gezag from that day on, since when it holds is not asked. What had ended
  // before never held here: an empty period, not one that ends before it begins.
  const auto start = base::ParseDate(gezag->start_date());
  if (start.ok() && end < *start) gezag->set_start_date(req.end_date());
  return absl::OkStatus();
}

void SeatTheFamily(const IdSource& id, absl::Time now, FamilyFacts* facts) {
  const CaseFact* open = dossier::CurrentCase(*facts);
  if (open == nullptr) return;
  CaseFact* c = dossier::MutableCase(facts, open->id());
  const base::Date today = base::DateOf(now);
  for (int i = 0; i < facts->persons_size(); ++i) {
    const PersonFact& p = facts->persons(i);
    const bool sits = SitsAtTable(*facts, *c, p, today);
    Seat* seat = nullptr;
    for (Seat& s : *c->mutable_seats()) {
      if (s.person() == p.id() && dossier::SeatOpen(s, now)) seat = &s;
    }
    if (sits && seat == nullptr) AddFamilySeat(id("s", i), p.id(), now, c);
    // A child of the case keeps the seat: what goes with age, access decides on the day.
    const bool child = p.role() == FAMILY_ROLE_CHILD;
    if (!sits && !child && seat != nullptr) EndFamilySeat(seat, c, now);
  }
}

// ---- Numbers -----------------------------------------------------------------------

absl::Status CheckBsn(absl::string_view bsn) {
  if (bsn.size() != 9 || !std::all_of(bsn.begin(), bsn.end(), IsDigit)) return errors::NotABsn();
  if (bsn == "000000000") return errors::NotABsn();
  int sum = -(bsn[8] - '0');
  for (int i = 0; i < 8; ++i) sum += (9 - i) * (bsn[i] - '0');
  return sum % 11 == 0 ? absl::OkStatus() : errors::NotABsn();
}

}  // namespace knooppunt::family
