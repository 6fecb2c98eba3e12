#include "security/policy/consent_rules.h"

#include <string>

#include "base/status_testing.h"
#include "gtest/gtest.h"
#include "security/policy/testing_family.h"

namespace knooppunt::policy {
namespace {

using access::v1::SIGNATURE_STATE_GIVEN;
using access::v1::SIGNATURE_STATE_REFUSED;
using access::v1::SIGNATURE_STATE_WITHDRAWN;
using base::Date;
using common::v1::COMPARTMENT_EDUCATION;

// A signature older than the gezag of its signatory does not count: these are of 1 November 2026.
constexpr int64_t kRecently = 1'793'491'200;

class ConsentTest : public ::testing::Test {
 protected:
  ConsentTest() : table_(testing::LoadPolicy()), facts_(testing::DivorcedParents()) {}
  access::v1::ConsentFact& Add() {
    return testing::AddConsent(&facts_, {"child"}, {COMPARTMENT_EDUCATION});
  }
  bool InForce(Date on) { return ConsentInForce(*table_, facts_, facts_.consents(0), on); }

  std::shared_ptr<const Table> table_;
  access::v1::FamilyFacts facts_;
};

TEST_F(ConsentTest, R11UnderTwelveNeedsBothHoldersOfGezag) {
  Add();
  EXPECT_FALSE(InForce(testing::kToday));
  testing::Sign(&facts_, "mother", SIGNATURE_STATE_GIVEN, 1);
  EXPECT_FALSE(InForce(testing::kToday)) << "one parent only opens nothing";
  testing::Sign(&facts_, "father", SIGNATURE_STATE_GIVEN, 2);
  EXPECT_TRUE(InForce(testing::kToday));
}

TEST_F(ConsentTest, R12EmptyListsMeanNothing) {
  auto& c = Add();
  testing::Sign(&facts_, "mother", SIGNATURE_STATE_GIVEN, 1);
  testing::Sign(&facts_, "father", SIGNATURE_STATE_GIVEN, 2);
  ASSERT_TRUE(InForce(testing::kToday));
  auto without = [&](auto clear) {
    const access::v1::ConsentFact kept = c;
    clear(&c);
    EXPECT_FALSE(InForce(testing::kToday));
    c = kept;
  };
  without([](auto* x) { x->clear_compartments(); });
  without([](auto* x) { x->clear_purposes(); });
  without([](auto* x) { x->clear_recipient(); });
  without([](auto* x) { x->clear_end_date(); });
  without([](auto* x) { x->clear_about(); });
}

TEST_F(ConsentTest, R13WithdrawalByAnyOneSignatoryEndsIt) {
  for (const char* who : {"mother", "father"}) {
    facts_.clear_consents();
    Add();
    testing::Sign(&facts_, "mother", SIGNATURE_STATE_GIVEN, 1);
    testing::Sign(&facts_, "father", SIGNATURE_STATE_GIVEN, 2);
    testing::Sign(&facts_, who, SIGNATURE_STATE_WITHDRAWN, 3);
    EXPECT_FALSE(InForce(testing::kToday)) << who;
    testing::Sign(&facts_, who, SIGNATURE_STATE_GIVEN, 4);
    EXPECT_TRUE(InForce(testing::kToday)) << "given anew by " << who;
  }
}

TEST_F(ConsentTest, R13RefusalIsNoConsent) {
  Add();
  testing::Sign(&facts_, "mother", SIGNATURE_STATE_GIVEN, 1);
  testing::Sign(&facts_, "father", SIGNATURE_STATE_REFUSED, 2);
  EXPECT_FALSE(InForce(testing::kToday));
}

TEST_F(ConsentTest, R14TwelfthBirthdayMakesItLapseUntilTheYouthSigns) {
  Add();
  testing::Sign(&facts_, "mother", SIGNATURE_STATE_GIVEN, 1);
  testing::Sign(&facts_, "father", SIGNATURE_STATE_GIVEN, 2);
  facts_.mutable_consents(0)->set_end_date("2035-01-01");
  const Date birth = *base::ParseDate(FindPerson(facts_, "child")->birth_date());
  EXPECT_TRUE(InForce(base::Birthday(birth, 12) - 1));
  EXPECT_FALSE(InForce(base::Birthday(birth, 12)));
  testing::Sign(&facts_, "child", SIGNATURE_STATE_GIVEN, 3);
  EXPECT_TRUE(InForce(base::Birthday(birth, 12)));
  EXPECT_TRUE(InForce(base::Birthday(birth, 16))) << "from 16 the youth alone, who signed";
  EXPECT_TRUE(InForce(base::Birthday(birth, 18) - 1));
  EXPECT_FALSE(InForce(base::Birthday(birth, 18))) << "R16: at 18 the youth decides anew";
}

TEST_F(ConsentTest, R14SixteenthBirthdayEndsWhatOnlyParentsSigned) {
  facts_.mutable_persons(0)->set_birth_date("2010-11-23");
  Add();
  testing::Sign(&facts_, "mother", SIGNATURE_STATE_GIVEN, kRecently);
  testing::Sign(&facts_, "father", SIGNATURE_STATE_GIVEN, kRecently);
  EXPECT_FALSE(InForce(Date(2026, 11, 23)));
  testing::Sign(&facts_, "child", SIGNATURE_STATE_GIVEN, kRecently);
  EXPECT_TRUE(InForce(Date(2026, 11, 23)));
}

TEST_F(ConsentTest, R14EndDateItselfIsOutside) {
  Add().set_end_date("2027-03-01");  // before the child turns 12
  testing::Sign(&facts_, "mother", SIGNATURE_STATE_GIVEN, 1);
  testing::Sign(&facts_, "father", SIGNATURE_STATE_GIVEN, 2);
  const Date end = *base::ParseDate(facts_.consents(0).end_date());
  EXPECT_TRUE(InForce(end - 1));
  EXPECT_FALSE(InForce(end));
  EXPECT_FALSE(InForce(*base::ParseDate(facts_.consents(0).start_date()) - 1));
}

TEST_F(ConsentTest, R11VacantGezagNeverOpens) {
  Add();
  facts_.clear_gezag();
  testing::Sign(&facts_, "mother", SIGNATURE_STATE_GIVEN, 1);
  testing::Sign(&facts_, "father", SIGNATURE_STATE_GIVEN, 2);
  EXPECT_FALSE(InForce(testing::kToday));
}

TEST_F(ConsentTest, R11InstitutionWithGuardianshipSignsItself) {
  Add();
  facts_.clear_gezag();
  auto* g = facts_.add_gezag();
  g->set_id("g1");
  g->set_holder_organisation("organisations/xonar");
  g->set_over("child");
  g->set_start_date("2020-01-01");
  testing::Sign(&facts_, "mother", SIGNATURE_STATE_GIVEN, 1);
  EXPECT_FALSE(InForce(testing::kToday));
  auto* s = facts_.mutable_consents(0)->add_signatures();
  s->set_organisation("organisations/xonar");
  s->set_state(SIGNATURE_STATE_GIVEN);
  s->set_time(kRecently);
  EXPECT_TRUE(InForce(testing::kToday));
}

TEST_F(ConsentTest, R14GezagThatEndsOrBeginsChangesWhoMustSign) {
  Add();
  testing::Sign(&facts_, "mother", SIGNATURE_STATE_GIVEN, 1);
  facts_.mutable_gezag(1)->set_end_date(base::FormatDate(testing::kToday + 10));
  EXPECT_FALSE(InForce(testing::kToday + 9));
  EXPECT_FALSE(InForce(testing::kToday + 10)) << "nothing opens because he is not asked any more";
  testing::Sign(&facts_, "mother", SIGNATURE_STATE_GIVEN,
                absl::ToUnixSeconds(base::StartOf(testing::kToday + 10)));
  EXPECT_TRUE(InForce(testing::kToday + 10)) << "she signed after the father's gezag ended";
}

TEST_F(ConsentTest, R16GezagEndsByItselfAtEighteen) {
  const Date birth = *base::ParseDate(FindPerson(facts_, "child")->birth_date());
  EXPECT_TRUE(HoldsGezag(facts_, "mother", "child", base::Birthday(birth, 18) - 1));
  EXPECT_FALSE(HoldsGezag(facts_, "mother", "child", base::Birthday(birth, 18)));
}

TEST(AboutCovers, R12NothingBroaderThanNamed) {
  common::v1::About one, two, family, none;
  one.add_persons("a");
  two.add_persons("a");
  two.add_persons("b");
  family.set_family(true);
  EXPECT_TRUE(AboutCovers(two, one));
  EXPECT_FALSE(AboutCovers(one, two));
  EXPECT_FALSE(AboutCovers(one, family));
  EXPECT_FALSE(AboutCovers(family, one)) << "the family as such is not each of its members";
  EXPECT_FALSE(AboutCovers(family, none));
}

}  // namespace
}  // namespace knooppunt::policy
