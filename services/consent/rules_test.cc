#include "services/consent/rules.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/status_testing.h"

namespace knooppunt::consent {
namespace {

using ::knooppunt::testing::IsOk;
using ::knooppunt::testing::StatusIs;
using ::testing::_;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const base::Date kToday(2026, 11, 23);
const absl::Time kNow = base::StartOf(kToday) + absl::Hours(10);

// A child of 11, a youth of 13, a mother with gezag over both, a father with gezag over the
// youth only, and an institution with gezag over the child.
FamilyFacts Family() {
  FamilyFacts f;
  f.set_id("f-1");
  const auto person = [&](const char* id, const char* birth, access::v1::FamilyRole role) {
    access::v1::PersonFact* p = f.add_persons();
    p->set_id(id);
    p->set_birth_date(birth);
    p->set_role(role);
  };
  person("p-child", "2015-03-14", access::v1::FAMILY_ROLE_CHILD);
  person("p-youth", "2013-05-02", access::v1::FAMILY_ROLE_CHILD);
  person("p-mother", "1984-07-30", access::v1::FAMILY_ROLE_PARENT);
  person("p-father", "1982-01-19", access::v1::FAMILY_ROLE_PARENT);
  const auto gezag = [&](const char* holder, const char* organisation, const char* over) {
    access::v1::Gezag* g = f.add_gezag();
    g->set_holder_person(holder);
    g->set_holder_organisation(organisation);
    g->set_over(over);
    g->set_start_date("2020-01-01");
  };
  gezag("p-mother", "", "p-child");
  gezag("p-mother", "", "p-youth");
  gezag("p-father", "", "p-youth");
  gezag("", "organisations/gi", "p-child");
  return f;
}

v1::Consent Asked() {
  v1::Consent c;
  c.mutable_about()->add_persons("p-child");
  c.add_compartments(common::v1::COMPARTMENT_EDUCATION);
  c.add_purposes(common::v1::PURPOSE_COORDINATION);
  c.set_recipient("organisations/jgz");
  c.set_start_date("2026-11-23");
  c.set_end_date("2027-07-31");
  c.set_wording("Wij mogen delen.");
  return c;
}

ConsentFact About(std::initializer_list<const char*> persons, bool family = false) {
  ConsentFact c;
  for (const char* p : persons) c.mutable_about()->add_persons(p);
  c.mutable_about()->set_family(family);
  return c;
}

TEST(ConsentRulesTest, R12AWholeProposalPasses) {
  EXPECT_OK(CheckProposal(Asked(), Family(), kToday));
}

TEST(ConsentRulesTest, R12EachThingIsNamedOnceAndKnown) {
  const auto reason = [](const std::function<void(v1::Consent*)>& change) {
    v1::Consent c = Asked();
    change(&c);
    return base::ReasonOf(CheckProposal(c, Family(), kToday));
  };
  EXPECT_EQ(reason([](auto* c) { c->mutable_about()->add_persons("p-stranger"); }),
            "INVALID_FIELD");
  EXPECT_EQ(reason([](auto* c) { c->add_compartments(common::v1::COMPARTMENT_EDUCATION); }),
            "INVALID_FIELD");
  EXPECT_EQ(reason([](auto* c) { c->add_purposes(common::v1::PURPOSE_COORDINATION); }),
            "R12_PURPOSE_NOT_FOR_SHARING");
  EXPECT_EQ(reason([](auto* c) { c->set_purposes(0, common::v1::PURPOSE_OWN_RECORD); }),
            "R12_PURPOSE_NOT_FOR_SHARING");
  EXPECT_EQ(reason([](auto* c) { c->clear_start_date(); }), "R12_END_DATE_REQUIRED");
  EXPECT_EQ(reason([](auto* c) { c->set_end_date("31-07-2027"); }), "INVALID_FIELD");
  EXPECT_EQ(reason([](auto* c) {
              for (int i = 0; i <= limits::kMaxPersonsPerFamily; ++i)
                c->mutable_about()->add_persons("p-child");
            }),
            "INVALID_FIELD");
  EXPECT_EQ(reason([](auto* c) { c->mutable_about()->set_family(true); }), "");
}

TEST(ConsentRulesTest, R12TheFactHoldsTheHashAndNotTheWords) {
  v1::Consent asked = Asked();
  asked.mutable_about()->add_persons("p-a");
  const ConsentFact fact = Proposed(asked, "co-1");
  EXPECT_THAT(fact.about().persons(), ElementsAre("p-a", "p-child"));
  EXPECT_EQ(fact.wording_sha256(), WordingHash("Wij mogen delen."));
  EXPECT_EQ(fact.SerializeAsString().find("delen"), std::string::npos);
  EXPECT_THAT(fact.signatures(), IsEmpty());
}

TEST(ConsentRulesTest, R12ThereIsACopyOfTheWordingForEachWhomItIsAbout) {
  common::v1::About about;
  for (const char* p : {"p-b", "p-a", "p-b"}) about.add_persons(p);
  about.set_family(true);
  const auto copies = WordingAbouts(about);
  ASSERT_THAT(copies, SizeIs(3));
  EXPECT_THAT(copies[0].persons(), ElementsAre("p-a"));
  EXPECT_THAT(copies[1].persons(), ElementsAre("p-b"));
  EXPECT_TRUE(copies[2].family());
  EXPECT_THAT(WordingAbouts({}), IsEmpty());
}

TEST(ConsentRulesTest, R11WhoMaySign) {
  const FamilyFacts f = Family();
  const auto may = [&](const ConsentFact& c, const char* person) {
    return MaySign(f, c, {.person = person}, kToday);
  };
  EXPECT_TRUE(may(About({"p-child"}), "p-mother"));
  EXPECT_FALSE(may(About({"p-child"}), "p-father"));
  EXPECT_FALSE(may(About({"p-child"}), "p-child"));  // 11
  EXPECT_TRUE(may(About({"p-youth"}), "p-youth"));   // 13
  EXPECT_TRUE(may(About({"p-youth"}), "p-father"));
  EXPECT_FALSE(may(About({"p-father"}), "p-mother"));
  EXPECT_TRUE(may(About({"p-father"}), "p-father"));
  EXPECT_FALSE(may(About({"p-child"}), "p-stranger"));
  // The family as such is each of its children.
  EXPECT_TRUE(may(About({}, true), "p-father"));
  EXPECT_TRUE(may(About({}, true), "p-youth"));
  EXPECT_FALSE(may(About({}), "p-mother"));
}

TEST(ConsentRulesTest, R11AnInstitutionWithGezagSigns) {
  const FamilyFacts f = Family();
  EXPECT_TRUE(MaySign(f, About({"p-child"}), {.organisation = "organisations/gi"}, kToday));
  EXPECT_FALSE(MaySign(f, About({"p-youth"}), {.organisation = "organisations/gi"}, kToday));
  EXPECT_FALSE(MaySign(f, About({"p-child"}), {.organisation = "organisations/school"}, kToday));
  EXPECT_FALSE(MaySign(f, About({"p-child"}), {}, kToday));
}

TEST(ConsentRulesTest, R11FromSixteenTheYouthDecidesAlone) {
  FamilyFacts f = Family();
  const ConsentFact c = About({"p-youth"});
  EXPECT_TRUE(MaySign(f, c, {.person = "p-mother"}, base::Date(2029, 5, 1)));
  EXPECT_FALSE(MaySign(f, c, {.person = "p-mother"}, base::Date(2029, 5, 2)));
  EXPECT_FALSE(MayWithdraw(f, c, {.person = "p-mother"}, base::Date(2029, 5, 2)));
  EXPECT_TRUE(MaySign(f, c, {.person = "p-youth"}, base::Date(2029, 5, 2)));
}

TEST(ConsentRulesTest, R14GezagEndsAtEighteenAndOnItsEndDate) {
  FamilyFacts f = Family();
  const ConsentFact c = About({"p-youth"});
  for (auto& p : *f.mutable_persons()) p.set_incapacitated(p.id() == "p-youth");
  EXPECT_TRUE(MaySign(f, c, {.person = "p-mother"}, base::Date(2031, 5, 1)));
  EXPECT_FALSE(MaySign(f, c, {.person = "p-mother"}, base::Date(2031, 5, 2)));
  f.mutable_gezag(1)->set_end_date("2026-11-23");
  EXPECT_FALSE(MaySign(f, c, {.person = "p-mother"}, kToday));
}

TEST(ConsentRulesTest, R13WhoSignedMayWithdrawEvenWhenGezagHasEnded) {
  FamilyFacts f = Family();
  ConsentFact c = About({"p-child"});
  EXPECT_TRUE(MayWithdraw(f, c, {.person = "p-mother"}, kToday));
  EXPECT_FALSE(MayWithdraw(f, c, {.person = "p-father"}, kToday));
  f.mutable_gezag(0)->set_end_date("2026-11-23");
  EXPECT_FALSE(MayWithdraw(f, c, {.person = "p-mother"}, kToday));
  ASSERT_OK(AddSignature(
      &c, {{.person = "p-mother"}, access::v1::SIGNATURE_STATE_GIVEN, "accounts/m"}, kNow));
  EXPECT_TRUE(MayWithdraw(f, c, {.person = "p-mother"}, kToday));
  ASSERT_OK(AddSignature(
      &c, {{.person = "p-mother"}, access::v1::SIGNATURE_STATE_WITHDRAWN, "accounts/m"}, kNow));
  EXPECT_FALSE(MayWithdraw(f, c, {.person = "p-mother"}, kToday));
}

TEST(ConsentRulesTest, R13TheNewestSignatureOfEachPartyCountsAndHistoryStays) {
  ConsentFact c = About({"p-child"});
  EXPECT_EQ(NewestOf(c, {.person = "p-mother"}), access::v1::SIGNATURE_STATE_UNSPECIFIED);
  ASSERT_OK(AddSignature(
      &c, {{.person = "p-mother"}, access::v1::SIGNATURE_STATE_GIVEN, "accounts/m"}, kNow));
  ASSERT_OK(AddSignature(&c,
                         {{.organisation = "organisations/gi"},
                          access::v1::SIGNATURE_STATE_REFUSED,
                          "professionals/g"},
                         kNow));
  ASSERT_OK(AddSignature(
      &c, {{.person = "p-mother"}, access::v1::SIGNATURE_STATE_WITHDRAWN, "accounts/m"}, kNow));
  EXPECT_EQ(NewestOf(c, {.person = "p-mother"}), access::v1::SIGNATURE_STATE_WITHDRAWN);
  EXPECT_EQ(NewestOf(c, {.organisation = "organisations/gi"}), access::v1::SIGNATURE_STATE_REFUSED);
  ASSERT_THAT(c.signatures(), SizeIs(3));
  EXPECT_EQ(c.signatures(0).state(), access::v1::SIGNATURE_STATE_GIVEN);
}

TEST(ConsentRulesTest, R13WithdrawingStaysPossibleAtTheCapOfSignatures) {
  ConsentFact c = About({"p-child"});
  absl::Status s;
  while (s.ok()) {
    s = AddSignature(&c, {{.person = "p-mother"}, access::v1::SIGNATURE_STATE_GIVEN, "accounts/m"},
                     kNow);
  }
  EXPECT_THAT(s, StatusIs(absl::StatusCode::kResourceExhausted, _));
  EXPECT_OK(AddSignature(
      &c, {{.person = "p-mother"}, access::v1::SIGNATURE_STATE_WITHDRAWN, "accounts/m"}, kNow));
}

TEST(ConsentRulesTest, R18OnlyWhollyVisibleConsentsShow) {
  EXPECT_TRUE(AboutOnly(About({"p-child"}), {"p-child", "p-mother"}));
  EXPECT_FALSE(AboutOnly(About({"p-child", "p-father"}), {"p-child", "p-mother"}));
  EXPECT_TRUE(AboutOnly(About({}, true), {}));
}

}  // namespace
}  // namespace knooppunt::consent
