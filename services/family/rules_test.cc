#include "services/family/rules.h"

#include "base/error.h"
#include "base/status_testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/dossier/rules.h"

namespace knooppunt::family {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

const base::Date kToday(2026, 11, 23);
const absl::Time kNow = base::StartOf(kToday) + absl::Hours(10);

std::string Reason(const absl::Status& s) { return base::ReasonOf(s); }

// Two parents with gezag over a child of the case, of 11, and an aunt.
FamilyFacts Facts() {
  FamilyFacts facts;
  facts.set_id("f");
  const auto add = [&](const char* id, const char* birth, access::v1::FamilyRole role) {
    access::v1::PersonFact* p = facts.add_persons();
    p->set_id(id);
    p->set_birth_date(birth);
    p->set_role(role);
  };
  add("child", "2015-03-14", access::v1::FAMILY_ROLE_CHILD);
  add("mother", "1984-07-30", access::v1::FAMILY_ROLE_PARENT);
  add("father", "1982-01-19", access::v1::FAMILY_ROLE_PARENT);
  add("aunt", "1979-04-02", access::v1::FAMILY_ROLE_OTHER);
  for (const char* holder : {"mother", "father"}) {
    access::v1::Gezag* g = facts.add_gezag();
    g->set_id(std::string("g-") + holder);
    g->set_holder_person(holder);
    g->set_over("child");
    g->set_start_date("2020-01-01");
  }
  access::v1::CaseFact* c = facts.add_cases();
  c->set_id("c");
  c->set_state(access::v1::CASE_STATE_OPEN);
  c->set_werkplaats("werkplaatsen/w");
  c->set_organisation("organisations/school");
  c->add_children("child");
  return facts;
}

std::string Name(const char* person) { return PersonName("f", person); }
std::string Id(absl::string_view prefix, int n) { return absl::StrCat(prefix, "-new-", n); }

// Persons with an open seat at the family's side of the table.
std::vector<std::string> Seated(const FamilyFacts& facts) {
  std::vector<std::string> out;
  for (const access::v1::Seat& s : facts.cases(0).seats()) {
    if (!s.person().empty() && dossier::SeatOpen(s, kNow)) out.push_back(s.person());
  }
  return out;
}

v1::UpdatePersonRequest Change(v1::PersonChange kind, const std::string& path) {
  v1::UpdatePersonRequest req;
  req.set_change(kind);
  req.set_reason("Verkeerd overgetypt.");
  req.mutable_update_mask()->add_paths(path);
  if (kind == v1::PERSON_CHANGE_NAME_CHANGE) req.set_from_date("2026-06-01");
  return req;
}

casework::v1::Person Stored() {
  casework::v1::Person p;
  p.set_given_name("Sem");
  p.set_family_name("van der Zanden");
  p.set_birth_date("2015-03-14");
  p.set_role(access::v1::FAMILY_ROLE_CHILD);
  return p;
}

TEST(FamilyRules, R40ACorrectionSaysWhyAndNamesWhatChanges) {
  v1::UpdatePersonRequest req = Change(v1::PERSON_CHANGE_CORRECTION, "birth_date");
  req.mutable_person()->set_birth_date("2015-03-15");
  casework::v1::Person p = Stored();
  ASSERT_OK(ApplyChange(req, kToday, &p));
  EXPECT_EQ(p.birth_date(), "2015-03-15");
  EXPECT_EQ(p.family_name(), "van der Zanden") << "what is not in the mask stays";

  const auto refused = [](const std::function<void(v1::UpdatePersonRequest*)>& spoil) {
    v1::UpdatePersonRequest bad = Change(v1::PERSON_CHANGE_CORRECTION, "family_name");
    bad.mutable_person()->set_family_name("Zanders");
    spoil(&bad);
    casework::v1::Person stored = Stored();
    return Reason(ApplyChange(bad, kToday, &stored));
  };
  EXPECT_EQ(refused([](auto*) {}), "");
  EXPECT_EQ(refused([](auto* r) { r->clear_reason(); }), "INVALID_FIELD");
  EXPECT_EQ(refused([](auto* r) { r->clear_change(); }), "INVALID_FIELD");
  EXPECT_EQ(refused([](auto* r) { r->clear_update_mask(); }), "INVALID_FIELD");
  EXPECT_EQ(refused([](auto* r) { r->mutable_update_mask()->add_paths("name"); }), "INVALID_FIELD");
  EXPECT_EQ(refused([](auto* r) { r->mutable_update_mask()->add_paths("*"); }), "INVALID_FIELD");
  EXPECT_EQ(refused([](auto* r) { r->set_from_date("2026-01-01"); }), "INVALID_FIELD");
  EXPECT_EQ(refused([](auto* r) { r->mutable_person()->set_family_name(" "); }), "INVALID_FIELD");
  EXPECT_EQ(refused([](auto* r) { r->mutable_person()->set_family_name("van der Zanden"); }),
            "NOTHING_CHANGES");
}

TEST(FamilyRules, R11WhetherSomebodyIsAChildIsNotCorrected) {
  v1::UpdatePersonRequest req = Change(v1::PERSON_CHANGE_CORRECTION, "role");
  req.mutable_person()->set_role(access::v1::FAMILY_ROLE_PARENT);
  casework::v1::Person p = Stored();
  EXPECT_EQ(Reason(ApplyChange(req, kToday, &p)), "CHILD_STAYS_CHILD");
  p.set_role(access::v1::FAMILY_ROLE_OTHER);
  EXPECT_OK(ApplyChange(req, kToday, &p));
}

TEST(FamilyRules, R40AChangeOfNameHasADayAndChangesNamesOnly) {
  v1::UpdatePersonRequest req = Change(v1::PERSON_CHANGE_NAME_CHANGE, "family_name");
  req.mutable_person()->set_family_name("Hermans");
  casework::v1::Person p = Stored();
  EXPECT_OK(ApplyChange(req, kToday, &p));
  for (const char* day : {"", "2026-11-24", "2015-03-13", "2026-02-30"}) {
    req.set_from_date(day);
    p = Stored();
    EXPECT_EQ(Reason(ApplyChange(req, kToday, &p)), "INVALID_FIELD") << day;
  }
  req = Change(v1::PERSON_CHANGE_NAME_CHANGE, "birth_date");
  req.mutable_person()->set_birth_date("2014-01-01");
  EXPECT_EQ(Reason(ApplyChange(req, kToday, &p)), "INVALID_FIELD");
}

TEST(FamilyRules, R11GezagIsOverAChildByWhoIsNone) {
  const FamilyFacts facts = Facts();
  v1::Gezag g;
  g.set_over(Name("child"));
  g.set_holder_person(Name("aunt"));
  g.set_start_date("2026-11-01");
  g.set_basis(v1::GEZAG_BASIS_REGISTER);
  EXPECT_OK(CheckNewGezag(g, facts, kToday));
  const auto refused = [&](const std::function<void(v1::Gezag*)>& spoil) {
    v1::Gezag bad = g;
    spoil(&bad);
    return Reason(CheckNewGezag(bad, facts, kToday));
  };
  EXPECT_EQ(refused([](auto* x) { x->set_over(Name("mother")); }), "INVALID_FIELD");
  EXPECT_EQ(refused([](auto* x) { x->set_over(PersonName("another", "child")); }), "INVALID_FIELD");
  EXPECT_EQ(refused([](auto* x) { x->set_holder_person(Name("child")); }), "INVALID_FIELD");
  EXPECT_EQ(refused([](auto* x) { x->set_holder_organisation("organisations/gi"); }),
            "INVALID_FIELD");
  EXPECT_EQ(refused([](auto* x) { x->set_start_date("2014-01-01"); }), "INVALID_FIELD");
  EXPECT_EQ(refused([](auto* x) { x->set_start_date("2029-01-01"); }), "INVALID_FIELD");
  EXPECT_EQ(refused([](auto* x) { x->set_end_date("2027-01-01"); }), "INVALID_FIELD");
  EXPECT_EQ(refused([](auto* x) { x->clear_basis(); }), "INVALID_FIELD");
  EXPECT_EQ(refused([](auto* x) { x->set_basis(v1::GEZAG_BASIS_COURT_ORDER); }),
            "R11_REFERENCE_MISSING");
  EXPECT_EQ(refused([](auto* x) { x->set_holder_person(Name("mother")); }), "R11_HOLDS_ALREADY");
}

TEST(FamilyRules, R11From18OnlyACuratorOrMentorIsRecorded) {
  FamilyFacts facts = Facts();
  facts.mutable_persons(0)->set_birth_date("2008-01-01");
  v1::Gezag g;
  g.set_over(Name("child"));
  g.set_holder_person(Name("aunt"));
  g.set_start_date("2026-11-01");
  g.set_basis(v1::GEZAG_BASIS_REGISTER);
  EXPECT_EQ(Reason(CheckNewGezag(g, facts, kToday)), "R11_ADULT_UNDER_GEZAG");
  facts.mutable_persons(0)->set_incapacitated(true);
  EXPECT_OK(CheckNewGezag(g, facts, kToday));
}

TEST(FamilyRules, R11AnEndCanLieInThePastAndIsNotUndone) {
  FamilyFacts facts = Facts();
  v1::EndGezagRequest req;
  req.set_end_date("2026-09-01");
  req.set_basis(v1::GEZAG_BASIS_COURT_ORDER);
  EXPECT_EQ(Reason(EndGezag(req, kToday, facts.mutable_gezag(1))), "R11_REFERENCE_MISSING");
  req.set_reference("ECLI:NL:RBLIM:2026:1");
  ASSERT_OK(EndGezag(req, kToday, facts.mutable_gezag(1)));
  EXPECT_EQ(facts.gezag(1).end_date(), "2026-09-01");
  for (const char* day : {"2026-08-01", "2027-01-01"}) {
    req.set_end_date(day);
    EXPECT_EQ(Reason(EndGezag(req, kToday, facts.mutable_gezag(1))), "GEZAG_ENDED") << day;
  }
  req.set_end_date("1899-12-31");
  EXPECT_EQ(Reason(EndGezag(req, kToday, facts.mutable_gezag(0))), "INVALID_FIELD");
  req.set_end_date("2027-06-01");
  ASSERT_OK(EndGezag(req, kToday, facts.mutable_gezag(0)));
  req.set_end_date("2027-01-01");
  EXPECT_OK(EndGezag(req, kToday, facts.mutable_gezag(0))) << "brought forward";
  req.set_end_date("2019-12-31");
  ASSERT_OK(EndGezag(req, kToday, facts.mutable_gezag(0)));
  EXPECT_EQ(facts.gezag(0).start_date(), "2019-12-31") << "it never held: an empty period";
}

TEST(FamilyRules, R1WhoseGezagEndsLeavesTheTableAndTheStandInLeads) {
  FamilyFacts facts = Facts();
  SeatTheFamily(Id, kNow - absl::Hours(1), &facts);
  EXPECT_THAT(Seated(facts), ::testing::ElementsAre("mother", "father"));
  access::v1::CaseFact* c = facts.mutable_cases(0);
  c->set_state(access::v1::CASE_STATE_ACTIVE);
  access::v1::Seat* nurse = c->add_seats();
  nurse->set_id("s-nurse");
  nurse->set_professional("professionals/nurse");
  nurse->set_state(access::v1::SEAT_STATE_JOINED);
  nurse->set_start_time(absl::ToUnixSeconds(kNow - absl::Hours(2)));
  dossier::ReplaceTerm(
      c, {.seat = c->seats(1).id(), .stand_in_seat = "s-nurse", .reason = "APPOINTED"},
      kNow - absl::Hours(1));
  ASSERT_OK(dossier::CheckInvariants(facts));

  facts.mutable_gezag(1)->set_end_date("2026-11-23");
  SeatTheFamily(Id, kNow, &facts);
  EXPECT_THAT(Seated(facts), ::testing::ElementsAre("mother"));
  EXPECT_EQ(dossier::LeaderAt(facts.cases(0), kNow).seat, "s-nurse");
  EXPECT_OK(dossier::CheckInvariants(facts)) << "never two, never none";
}

TEST(FamilyRules, R11WhoGetsGezagAndWhoIsTwelveSitAtTheTable) {
  FamilyFacts facts = Facts();
  facts.mutable_gezag()->Clear();
  SeatTheFamily(Id, kNow, &facts);
  EXPECT_THAT(Seated(facts), IsEmpty());
  access::v1::Gezag* g = facts.add_gezag();
  g->set_id("g");
  g->set_holder_person("aunt");
  g->set_over("child");
  g->set_start_date("2026-11-24");
  SeatTheFamily(Id, kNow, &facts);
  EXPECT_THAT(Seated(facts), IsEmpty()) << "from tomorrow, not today";
  g->set_start_date("2026-11-23");
  facts.mutable_persons(0)->set_birth_date("2014-11-23");
  SeatTheFamily(Id, kNow, &facts);
  EXPECT_THAT(Seated(facts), ::testing::UnorderedElementsAre("child", "aunt"));
  SeatTheFamily(Id, kNow, &facts);
  EXPECT_THAT(Seated(facts), SizeIs(2)) << "once";
}

v1::Household Household() {
  v1::Household h;
  h.set_title("Bij mama");
  h.add_members(Name("mother"));
  h.add_members(Name("child"));
  h.set_start_date("2026-01-01");
  h.mutable_label()->set_compartment(common::v1::COMPARTMENT_EDUCATION);
  h.mutable_label()->set_regime(common::v1::REGIME_EDUCATION);
  h.mutable_label()->mutable_about()->add_persons("child");
  h.mutable_label()->mutable_about()->add_persons("mother");
  return h;
}

TEST(FamilyRules, R18AHouseholdIsAboutExactlyWhoLiveThere) {
  const FamilyFacts facts = Facts();
  EXPECT_OK(CheckHousehold(Household(), facts, kToday));
  v1::Household h = Household();
  h.mutable_label()->mutable_about()->set_family(true);
  EXPECT_EQ(Reason(CheckHousehold(h, facts, kToday)), "INVALID_FIELD") << "all would see it";
  h = Household();
  h.mutable_label()->mutable_about()->mutable_persons()->RemoveLast();
  EXPECT_EQ(Reason(CheckHousehold(h, facts, kToday)), "INVALID_FIELD") << "the other parent would";
  h = Household();
  h.add_members(Name("child"));
  EXPECT_EQ(Reason(CheckHousehold(h, facts, kToday)), "INVALID_FIELD");
  h = Household();
  h.clear_label();
  EXPECT_EQ(Reason(CheckHousehold(h, facts, kToday)), "R38_NO_LABEL");
}

v1::SetAddressRequest Address(const char* about) {
  v1::SetAddressRequest req;
  req.mutable_address()->set_street("Markt 1");
  req.mutable_address()->set_postcode("6211 CJ");
  req.mutable_address()->set_city("Maastricht");
  req.mutable_address()->mutable_label()->set_compartment(common::v1::COMPARTMENT_EDUCATION);
  req.mutable_address()->mutable_label()->set_regime(common::v1::REGIME_EDUCATION);
  req.mutable_address()->mutable_label()->mutable_about()->add_persons(about);
  return req;
}

TEST(FamilyRules, R18AnAddressIsNotSharedBetweenParentsByDefault) {
  const FamilyFacts facts = Facts();
  EXPECT_OK(CheckAddress(Address("mother"), Household(), facts));
  EXPECT_EQ(Reason(CheckAddress(Address("father"), Household(), facts)), "INVALID_FIELD");
  v1::SetAddressRequest req = Address("child");
  EXPECT_EQ(Reason(CheckAddress(req, Household(), facts)), "R18_ADDRESS_WOULD_BE_SHARED");
  req.set_known_to_all(true);
  EXPECT_OK(CheckAddress(req, Household(), facts));
  req = Address("mother");
  req.set_known_to_all(true);
  EXPECT_EQ(Reason(CheckAddress(req, Household(), facts)), "INVALID_FIELD");
  req = Address("mother");
  req.mutable_address()->mutable_label()->mutable_about()->set_family(true);
  EXPECT_EQ(Reason(CheckAddress(req, Household(), facts)), "INVALID_FIELD");
}

TEST(FamilyRules, R18AnAddressThatCannotBeIsRefused) {
  const FamilyFacts facts = Facts();
  for (const char* postcode : {"6211CJ", "0211 CJ", "6211 cj", "", "62111 C"}) {
    v1::SetAddressRequest req = Address("mother");
    req.mutable_address()->set_postcode(postcode);
    EXPECT_EQ(Reason(CheckAddress(req, Household(), facts)), "INVALID_FIELD") << postcode;
  }
  v1::SetAddressRequest belgium = Address("mother");
  belgium.mutable_address()->set_country("BE");
  belgium.mutable_address()->set_postcode("3620");
  EXPECT_OK(CheckAddress(belgium, Household(), facts));
  belgium.mutable_address()->set_country("be");
  EXPECT_EQ(Reason(CheckAddress(belgium, Household(), facts)), "INVALID_FIELD");
}

TEST(FamilyRules, R16AContactSaysHowAndInWhichLanguage) {
  v1::Contact c;
  c.set_phone("+31 6 12345678");
  c.set_channel(v1::CONTACT_CHANNEL_PHONE);
  EXPECT_OK(CheckContact(c));
  const auto refused = [&](const std::function<void(v1::Contact*)>& spoil) {
    v1::Contact bad = c;
    spoil(&bad);
    return Reason(CheckContact(bad));
  };
  EXPECT_EQ(refused([](auto* x) { x->clear_phone(); }), "INVALID_FIELD");
  EXPECT_EQ(refused([](auto* x) { x->set_phone("06-drie"); }), "INVALID_FIELD");
  EXPECT_EQ(refused([](auto* x) { x->set_phone("12"); }), "INVALID_FIELD");
  EXPECT_EQ(refused([](auto* x) { x->set_email("sem@"); }), "INVALID_FIELD");
  EXPECT_EQ(refused([](auto* x) { x->set_email("a b@c.nl"); }), "INVALID_FIELD");
  EXPECT_EQ(refused([](auto* x) { x->set_email("sem@example.nl"); }), "");
  EXPECT_EQ(refused([](auto* x) { x->set_interpreter_needed(true); }), "INVALID_FIELD");
  EXPECT_EQ(refused([](auto* x) { x->set_language("tigrinya!"); }), "INVALID_FIELD");
  EXPECT_EQ(refused([](auto* x) {
              x->set_interpreter_needed(true);
              x->set_language("nl-x-ngt");
            }),
            "");
  EXPECT_EQ(refused([](auto* x) { x->set_channel(v1::CONTACT_CHANNEL_THROUGH_SOMEBODY); }),
            "INVALID_FIELD");
  EXPECT_EQ(refused([](auto* x) { x->set_how("niet\nbellen"); }), "INVALID_FIELD");
}

TEST(FamilyRules, R3ANumberPassesTheElevenTestAndIsNotRepeated) {
  for (const char* bsn : {"111222333", "123456782", "000000012"}) EXPECT_OK(CheckBsn(bsn)) << bsn;
  for (const char* bsn : {"111222334", "123456789", "000000000", "12345678", "1234567822",
                          "12345678a", "", "\uFF11\uFF12\uFF13456782"}) {
    const absl::Status refused = CheckBsn(bsn);
    EXPECT_EQ(Reason(refused), "NOT_A_BSN") << bsn;
    if (*bsn != '\0') {
      EXPECT_EQ(refused.message().find(bsn), absl::string_view::npos);
    }
  }
}

}  // namespace
}  // namespace knooppunt::family
