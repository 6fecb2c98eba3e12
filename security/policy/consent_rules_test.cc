#include "security/policy/consent_rules.h"

#include <string>

#include "base/status_testing.h"
#include "gmock/gmock.h"
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

TEST_F(ConsentTest, R13WhatWasWithdrawnInPartIsNoLongerCovered) {
  auto& c = testing::AddConsent(&facts_, {"child", "sibling"},
                                {COMPARTMENT_EDUCATION, common::v1::COMPARTMENT_HEALTH});
  c.mutable_about()->set_family(true);
  c.add_purposes(common::v1::PURPOSE_HANDOVER);
  auto* n = c.add_narrowings();
  n->add_persons("sibling");
  n->add_compartments(common::v1::COMPARTMENT_HEALTH);
  n = c.add_narrowings();
  n->set_family(true);
  n->add_purposes(common::v1::PURPOSE_HANDOVER);
  const access::v1::ConsentFact left = EffectiveConsent(c);
  EXPECT_THAT(left.about().persons(), ::testing::ElementsAre("child"));
  EXPECT_FALSE(left.about().family());
  EXPECT_THAT(left.compartments(), ::testing::ElementsAre(COMPARTMENT_EDUCATION));
  EXPECT_THAT(left.purposes(), ::testing::ElementsAre(common::v1::PURPOSE_COORDINATION));
  EXPECT_EQ(left.recipient(), c.recipient());
}

TEST_F(ConsentTest, R13WhenEveryPartIsWithdrawnNothingHolds) {
  const auto each = [&](auto narrow) {
    facts_.clear_consents();
    auto& c = Add();
    testing::Sign(&facts_, "mother", SIGNATURE_STATE_GIVEN, 1);
    testing::Sign(&facts_, "father", SIGNATURE_STATE_GIVEN, 2);
    ASSERT_TRUE(InForce(testing::kToday));
    narrow(c.add_narrowings());
    EXPECT_FALSE(InForce(testing::kToday));
  };
  each([](auto* n) { n->add_persons("child"); });
  each([](auto* n) { n->add_compartments(COMPARTMENT_EDUCATION); });
  each([](auto* n) { n->add_purposes(common::v1::PURPOSE_COORDINATION); });
}

TEST_F(ConsentTest, R13AWithdrawalInPartNeverOpensAnything) {
  auto& c = testing::AddConsent(&facts_, {"child", "mother", "father"}, {COMPARTMENT_EDUCATION});
  facts_.mutable_gezag(1)->set_end_date("2026-01-01");  // the father signs for himself only
  testing::Sign(&facts_, "mother", SIGNATURE_STATE_GIVEN, 1);
  ASSERT_FALSE(InForce(testing::kToday));
  c.add_narrowings()->add_persons("father");
  EXPECT_FALSE(InForce(testing::kToday)) << "nobody need not be asked because they were taken out";
  testing::Sign(&facts_, "father", SIGNATURE_STATE_GIVEN, 2);
  EXPECT_TRUE(InForce(testing::kToday));
}

TEST_F(ConsentTest, R12OnlyWhatWasSignedUnderTodaysWordingCounts) {
  auto& c = Add();
  c.set_wording_sha256("first");
  c.set_wording_revision(1);
  testing::Sign(&facts_, "mother", SIGNATURE_STATE_GIVEN, 1);  // before signatures held a hash
  testing::Sign(&facts_, "father", SIGNATURE_STATE_GIVEN, 2);
  c.mutable_signatures(1)->set_wording_sha256("first");
  EXPECT_TRUE(InForce(testing::kToday));
  c.set_wording_sha256("second");
  c.set_wording_revision(2);
  EXPECT_FALSE(InForce(testing::kToday));
  testing::Sign(&facts_, "father", SIGNATURE_STATE_GIVEN, 3);
  c.mutable_signatures(2)->set_wording_sha256("second");
  EXPECT_FALSE(InForce(testing::kToday)) << "the mother's is of the first wording";
  testing::Sign(&facts_, "mother", SIGNATURE_STATE_GIVEN, 4);
  c.mutable_signatures(3)->set_wording_sha256("second");
  EXPECT_TRUE(InForce(testing::kToday));
  testing::Sign(&facts_, "mother", SIGNATURE_STATE_WITHDRAWN, 5);
  EXPECT_FALSE(InForce(testing::kToday)) << "whatever the wording";
}

class GroundTest : public ::testing::Test {
 protected:
  GroundTest() : table_(testing::LoadPolicy()) {
    ground_.set_type("meldcode");
    ground_.set_article("art. 1");
    ground_.mutable_about()->add_persons("child");
    ground_.add_compartments(COMPARTMENT_EDUCATION);
    ground_.add_purposes(common::v1::PURPOSE_COORDINATION);
    ground_.set_recipient("organisations/ggd-zl");
    ground_.set_start_date(base::FormatDate(testing::kToday));
    ground_.set_end_date(base::FormatDate(testing::kToday + 90));
    ground_.set_family_told(true);
  }
  bool InForce(Date on = testing::kToday) const { return GroundInForce(*table_, ground_, on); }

  std::shared_ptr<const Table> table_;
  access::v1::GroundFact ground_;
};

TEST_F(GroundTest, R15HoldsWithinItsPeriodAndTheDaysOfItsType) {
  EXPECT_FALSE(InForce(testing::kToday - 1));
  EXPECT_TRUE(InForce());
  EXPECT_TRUE(InForce(testing::kToday + 89));
  EXPECT_FALSE(InForce(testing::kToday + 90));
  ground_.set_end_date(base::FormatDate(testing::kToday + 91));
  EXPECT_FALSE(InForce()) << "longer than the table allows is nothing, not the table's most";
}

TEST_F(GroundTest, R15WhatIsNotNamedOrNotKnownDoesNotHold) {
  const access::v1::GroundFact whole = ground_;
  const auto broken = [&](auto change) {
    ground_ = whole;
    change(&ground_);
    EXPECT_FALSE(InForce());
  };
  broken([](auto* g) { g->set_type("gewoon"); });
  broken([](auto* g) { g->clear_article(); });
  broken([](auto* g) { g->clear_about(); });
  broken([](auto* g) { g->clear_compartments(); });
  broken([](auto* g) { g->clear_purposes(); });
  broken([](auto* g) { g->clear_recipient(); });
  broken([](auto* g) { g->clear_end_date(); });
  broken([](auto* g) { g->set_end_time(1); });
}

TEST_F(GroundTest, R15StopsWhenItsReviewDayPassedWithoutReview) {
  ground_.set_family_told(false);
  EXPECT_FALSE(InForce()) << "not told, and no day to look at it again";
  ground_.set_reviewer("professionals/other");
  ground_.set_review_date(base::FormatDate(testing::kToday + 14));
  EXPECT_TRUE(InForce(testing::kToday + 14)) << "the day itself is there to review it";
  EXPECT_FALSE(InForce(testing::kToday + 15));
  EXPECT_TRUE(AwaitsReview(ground_));
  EXPECT_TRUE(HiddenFromFamily(ground_));
  ground_.mutable_review()->set_upheld(true);
  EXPECT_TRUE(InForce(testing::kToday + 15));
  EXPECT_FALSE(AwaitsReview(ground_));
  EXPECT_FALSE(HiddenFromFamily(ground_));
  ground_.mutable_review()->set_upheld(false);
  EXPECT_FALSE(InForce());
  EXPECT_FALSE(HiddenFromFamily(ground_));
  ground_.clear_review();
  ground_.set_review_date("soon");
  EXPECT_FALSE(InForce()) << "a day that cannot be read has passed";
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
