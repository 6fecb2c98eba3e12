// A made-up family for tests: divorced parents who share gezag, a child of 11 at the
// werkplaats and a sibling of 13 elsewhere. Ids are words, to read in a test.
#ifndef KNOOPPUNT_SECURITY_POLICY_TESTING_FAMILY_H_
#define KNOOPPUNT_SECURITY_POLICY_TESTING_FAMILY_H_

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/date.h"
#include "gtest/gtest.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "security/policy/table.h"

namespace knooppunt::policy::testing {

inline const base::Date kToday(2026, 11, 22);

inline std::shared_ptr<const Table> LoadPolicy() {
  const char* root = std::getenv("KNOOPPUNT_SOURCE");
  auto table =
      Table::Load(absl::StrCat(root != nullptr ? root : ".", "/security/policy/policy.textproto"));
  if (!table.ok()) {
    ADD_FAILURE() << table.status();
    std::abort();
  }
  return *table;
}

inline void AddPerson(access::v1::FamilyFacts* f, const char* id, const char* born,
                      access::v1::FamilyRole role) {
  auto* p = f->add_persons();
  p->set_id(id);
  p->set_birth_date(born);
  p->set_role(role);
  p->set_account(absl::StrCat("accounts/", id));
}

inline void AddGezag(access::v1::FamilyFacts* f, const char* holder, const char* over) {
  auto* g = f->add_gezag();
  g->set_id(absl::StrCat("g-", holder, "-", over));
  g->set_holder_person(holder);
  g->set_over(over);
  g->set_start_date("2013-01-01");
}

inline access::v1::Seat* AddSeat(access::v1::FamilyFacts* f, const char* id,
                                 const char* organisation, common::v1::Function function,
                                 access::v1::SeatRole role) {
  auto* s = f->mutable_cases(0)->add_seats();
  s->set_id(absl::StrCat("seat-", id));
  s->set_professional(absl::StrCat("professionals/", id));
  s->set_organisation(organisation);
  s->set_function(function);
  s->set_role(role);
  s->set_state(access::v1::SEAT_STATE_JOINED);
  s->set_start_time(1);
  return s;
}

inline access::v1::FamilyFacts DivorcedParents() {
  access::v1::FamilyFacts f;
  f.set_id("f1");
  AddPerson(&f, "child", "2015-03-10", access::v1::FAMILY_ROLE_CHILD);
  AddPerson(&f, "sibling", "2013-05-01", access::v1::FAMILY_ROLE_CHILD);
  AddPerson(&f, "mother", "1985-01-01", access::v1::FAMILY_ROLE_PARENT);
  AddPerson(&f, "father", "1983-01-01", access::v1::FAMILY_ROLE_PARENT);
  AddGezag(&f, "mother", "child");
  AddGezag(&f, "father", "child");
  AddGezag(&f, "mother", "sibling");
  AddGezag(&f, "father", "sibling");
  auto* c = f.add_cases();
  c->set_id("c1");
  c->set_state(access::v1::CASE_STATE_OPEN);
  c->set_werkplaats("werkplaatsen/manjefiek");
  c->set_organisation("organisations/mosalira");
  c->add_children("child");
  AddSeat(&f, "ib", "organisations/mosalira", common::v1::FUNCTION_INTERN_BEGELEIDER,
          access::v1::SEAT_ROLE_WERKPLAATS);
  return f;
}

inline access::v1::ConsentFact& AddConsent(access::v1::FamilyFacts* f,
                                           const std::vector<std::string>& persons,
                                           const std::vector<common::v1::Compartment>& compartments,
                                           const char* recipient = "organisations/ggd-zl") {
  auto* c = f->add_consents();
  c->set_id(absl::StrCat("consent-", f->consents_size()));
  for (const auto& p : persons) c->mutable_about()->add_persons(p);
  for (auto x : compartments) c->add_compartments(x);
  c->set_recipient(recipient);
  c->add_purposes(common::v1::PURPOSE_COORDINATION);
  c->set_start_date("2026-11-01");
  c->set_end_date("2027-11-01");
  return *c;
}

// Signs the newest consent.
inline void Sign(access::v1::FamilyFacts* f, const char* person, access::v1::SignatureState state,
                 int64_t time) {
  auto* s = f->mutable_consents(f->consents_size() - 1)->add_signatures();
  s->set_person(person);
  s->set_state(state);
  s->set_time(time);
}

}  // namespace knooppunt::policy::testing

#endif  // KNOOPPUNT_SECURITY_POLICY_TESTING_FAMILY_H_
