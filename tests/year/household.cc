#include "tests/year/household.h"

#include "absl/strings/str_cat.h"

namespace knooppunt::year {
namespace {

using access::v1::FAMILY_ROLE_CHILD;
using access::v1::FAMILY_ROLE_PARENT;

// Forms of families, in turn and then drawn.
enum Form { kTogether, kDivorced, kMotherAlone, kGuardianship };

// Somebody's birthday, drawn; the years so that they are `age` today.
std::string BirthDate(Dice& dice, int age, years::Day today) {
  return years::IsoOf(today - age * 365 - age / 4 - 1 - dice.Between(0, 363));
}

int UsualAge(Dice& dice, const School& school) {
  // So that 12, 16 and 18 come in the year for many.
  static constexpr int kSecondaryAges[] = {13, 15, 15, 17, 17};
  switch (school.stage) {
    case common::v1::STAGE_VOORSCHOOL:
      return 3;
    case common::v1::STAGE_VO:
      return dice.Pick(kSecondaryAges);
    default:
      return dice.Between(6, 11);
  }
}

}  // namespace

std::string LastId(const std::string& name) { return name.substr(name.rfind('/') + 1); }

bool Sits(const access::v1::Seat& seat, int64_t now) {
  return seat.state() == access::v1::SEAT_STATE_JOINED &&
         (seat.end_time() == 0 || now < seat.end_time());
}

access::v1::Seat* Household::SeatOf(const std::string& professional) {
  access::v1::Seat* newest = nullptr;
  for (access::v1::Seat& s : *the_case().mutable_seats()) {
    if (s.professional() == professional) newest = &s;
  }
  return newest;
}

access::v1::Seat* Household::SeatById(const std::string& seat) {
  for (access::v1::Seat& s : *the_case().mutable_seats()) {
    if (s.id() == seat) return &s;
  }
  return nullptr;
}

const Member* Household::MemberById(const std::string& person) const {
  for (const Member& m : members) {
    if (m.id == person) return &m;
  }
  return nullptr;
}

access::v1::ConsentFact* Household::ConsentById(const std::string& consent) {
  for (access::v1::ConsentFact& c : *told.mutable_consents()) {
    if (c.id() == consent) return &c;
  }
  return nullptr;
}

access::v1::ConsentFact* Household::ConsentFor(const std::string& recipient,
                                               const std::string& today) {
  access::v1::ConsentFact* newest = nullptr;
  for (access::v1::ConsentFact& c : *told.mutable_consents()) {
    if (c.recipient() == recipient && today < c.end_date()) newest = &c;
  }
  return newest;
}

std::string Household::ScopeOf(const common::v1::Label& label) {
  const std::string bytes = label.SerializeAsString();
  for (const access::v1::Scope& s : told.scopes()) {
    if (s.label().SerializeAsString() == bytes) return s.id();
  }
  access::v1::Scope* s = told.add_scopes();
  s->set_id(absl::StrCat("scope", told.scopes_size()));
  *s->mutable_label() = label;
  return s->id();
}

Arrival DrawHousehold(Dice& dice, int number, School* school, years::Day today, int age) {
  Arrival out;
  out.household = std::make_unique<Household>();
  Household& h = *out.household;
  h.number = number;
  h.school = school;
  h.surname = absl::StrCat("van der Gezin ", number);
  casework::v1::OpenCaseRequest& req = out.request;
  req.set_werkplaats(school->werkplaats);
  req.set_level(casework::v1::SIGNAL_LEVEL_QUESTION);
  req.set_reason(absl::StrCat("Het gaat niet goed op school, zeggen beide. Nummer ", number, "."));
  req.set_family_told(true);
  const auto add = [&](const char* key, int years, access::v1::FamilyRole role, bool account) {
    Member m{.key = key, .role = role};
    m.given_name = absl::StrCat(key, " ", number);
    m.birth_date = BirthDate(dice, years, today);
    if (account) m.account = absl::StrCat("accounts/", key, "-", number);
    m.caller.claims.set_subject(m.account);
    m.caller.purpose = common::v1::PURPOSE_OWN_FILE;
    casework::v1::NewPerson* p = req.add_persons();
    p->set_key(key);
    p->set_given_name(m.given_name);
    p->set_family_name(h.surname);
    p->set_birth_date(m.birth_date);
    p->set_role(role);
    p->set_account(m.account);
    h.members.push_back(std::move(m));
  };
  const Form form = number < 4 ? static_cast<Form>(number) : static_cast<Form>(dice.Below(4));
  add("kind", age != 0 ? age : UsualAge(dice, *school), FAMILY_ROLE_CHILD, true);
  add("zus", dice.Between(4, 17), FAMILY_ROLE_CHILD, true);
  add("moeder", dice.Between(30, 50), FAMILY_ROLE_PARENT, true);
  if (form != kMotherAlone) add("vader", dice.Between(30, 50), FAMILY_ROLE_PARENT, true);
  const auto gezag = [&](const char* key) {
    casework::v1::NewGezag* g = req.add_gezag();
    g->set_holder_key(key);
    g->set_over_key("kind");
  };
  for (Member& m : h.members) {
    if (m.role == FAMILY_ROLE_PARENT && form != kGuardianship) {
      m.has_gezag = true;
      gezag(m.key.c_str());
    }
  }
  if (form == kGuardianship) {
    casework::v1::NewGezag* g = req.add_gezag();
    g->set_holder_organisation(kGuardian);
    g->set_over_key("kind");
  }
  req.add_children("kind");
  return out;
}

}  // namespace knooppunt::year
