#include "security/policy/who_must_agree.h"

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
using common::v1::Compartment;
using common::v1::COMPARTMENT_EDUCATION;
using common::v1::COMPARTMENT_HEALTH;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

int64_t At(Date day) { return absl::ToUnixSeconds(base::StartOf(day)); }

class WhoMustAgreeTest : public ::testing::Test {
 protected:
  WhoMustAgreeTest() : table_(testing::LoadPolicy()), facts_(testing::DivorcedParents()) {}

  Agreement Ask(std::vector<std::string> persons, Date on,
                std::vector<Compartment> compartments = {COMPARTMENT_EDUCATION}) {
    common::v1::About about;
    for (const auto& p : persons) about.add_persons(p);
    google::protobuf::RepeatedField<int> fields;
    for (const Compartment c : compartments) fields.Add(c);
    return WhoMustAgree(*table_, facts_, about, fields, on);
  }
  // "signatory for person by row", in order.
  std::vector<std::string> Words(const Agreement& agreement) {
    std::vector<std::string> out;
    for (const RequiredAgreement& r : agreement.signatures) {
      out.push_back(
          absl::StrCat(r.who.person, r.who.organisation, "/", r.about_person, "/", r.who.row));
    }
    return out;
  }
  bool InForce(Date on) { return ConsentInForce(*table_, facts_, facts_.consents(0), on); }
  access::v1::PersonFact* Person(absl::string_view id) {
    for (auto& p : *facts_.mutable_persons()) {
      if (p.id() == id) return &p;
    }
    return nullptr;
  }
  // A consent about the child, for many years, of the first day that the test is about.
  access::v1::ConsentFact& AddLong() {
    auto& c = testing::AddConsent(&facts_, {"child"}, {COMPARTMENT_EDUCATION});
    c.set_start_date("2026-01-01");
    c.set_end_date("2046-01-01");
    return c;
  }
  void Sign(const char* who, access::v1::SignatureState state, Date on) {
    testing::Sign(&facts_, who, state, At(on));
  }

  const Date k12{2027, 3, 10}, k16{2031, 3, 10}, k18{2033, 3, 10};
  std::shared_ptr<const Table> table_;
  access::v1::FamilyFacts facts_;
};

TEST_F(WhoMustAgreeTest, R11TheTableAnswersByAge) {
  EXPECT_THAT(Words(Ask({"child"}, k12 - 1)),
              ElementsAre("mother/child/under-12", "father/child/under-12"));
  EXPECT_THAT(Words(Ask({"child"}, k12)),
              ElementsAre("child/child/from-12", "mother/child/from-12", "father/child/from-12"));
  EXPECT_THAT(Words(Ask({"child"}, k16 - 1)),
              ElementsAre("child/child/from-12", "mother/child/from-12", "father/child/from-12"));
  EXPECT_THAT(Words(Ask({"child"}, k16)), ElementsAre("child/child/from-16"));
  EXPECT_THAT(Words(Ask({"child"}, k18)), ElementsAre("child/child/adult-self"));
}

TEST_F(WhoMustAgreeTest, R11EachEntryNamesCompartmentRegimeRowAndSource) {
  const Agreement answer = Ask({"child"}, k12, {COMPARTMENT_EDUCATION, COMPARTMENT_HEALTH});
  ASSERT_EQ(answer.signatures.size(), 6U);
  const RequiredAgreement& first = answer.signatures[0];
  EXPECT_EQ(first.compartment, COMPARTMENT_EDUCATION);
  EXPECT_EQ(first.regime, common::v1::REGIME_EDUCATION);
  EXPECT_THAT(first.source, ::testing::HasSubstr("art. 7.3.4"));
  EXPECT_TRUE(first.to_confirm) << "a lawyer must still confirm this row";
  EXPECT_EQ(answer.signatures[3].regime, common::v1::REGIME_HEALTH);
  EXPECT_FALSE(Ask({"child"}, k12 - 1).signatures[0].to_confirm);
}

TEST_F(WhoMustAgreeTest, R11ParentsAndAdultSiblingsAgreeForThemselves) {
  Person("sibling")->set_birth_date("2001-01-01");
  EXPECT_THAT(Words(Ask({"mother", "sibling"}, k12)),
              ElementsAre("sibling/sibling/adult-self", "mother/mother/adult-self"));
}

TEST_F(WhoMustAgreeTest, R11InstitutionWithGuardianshipAgrees) {
  facts_.clear_gezag();
  auto* g = facts_.add_gezag();
  g->set_holder_organisation("organisations/xonar");
  g->set_over("child");
  g->set_start_date("2020-01-01");
  EXPECT_THAT(Words(Ask({"child"}, k12 - 1)), ElementsAre("organisations/xonar/child/under-12"));
}

TEST_F(WhoMustAgreeTest, R11VacancySaysWhatKind) {
  facts_.clear_gezag();
  using Kind = Vacancy::Kind;
  EXPECT_THAT(Ask({"child"}, k12 - 1).vacancies, ElementsAre(Vacancy{Kind::kNoGezag, "child"}));
  EXPECT_THAT(Ask({"child"}, k16).vacancies, IsEmpty()) << "from 16 the youth alone";
  Person("child")->set_incapacitated(true);
  EXPECT_THAT(Ask({"child"}, k16).vacancies,
              ElementsAre(Vacancy{Kind::kNoRepresentative, "child"}));
  Person("child")->set_birth_date("10 maart");
  EXPECT_THAT(Ask({"child"}, k16).vacancies,
              ElementsAre(Vacancy{Kind::kUnreadableBirthDate, "child"}));
  EXPECT_THAT(Ask({"nobody"}, k16).vacancies, ElementsAre(Vacancy{Kind::kUnknownPerson, "nobody"}));
}

TEST_F(WhoMustAgreeTest, R11FamilyAsSuchAsksForEachChildAndNeedsOne) {
  common::v1::About family;
  family.set_family(true);
  google::protobuf::RepeatedField<int> education;
  education.Add(COMPARTMENT_EDUCATION);
  EXPECT_EQ(WhoMustAgree(*table_, facts_, family, education, k12 - 1).signatures.size(), 5U)
      << "two for the child, three for the sibling of 13";
  Person("child")->set_role(access::v1::FAMILY_ROLE_OTHER);
  Person("sibling")->set_role(access::v1::FAMILY_ROLE_OTHER);
  EXPECT_THAT(WhoMustAgree(*table_, facts_, family, education, k12).vacancies,
              ElementsAre(Vacancy{Vacancy::Kind::kNoChild, ""}));
}

TEST_F(WhoMustAgreeTest, R11LeapDayChildTurnsTwelveInALeapYearOnTheDayAndElseOnTheFirstOfMarch) {
  Person("child")->set_birth_date("2016-02-29");
  EXPECT_EQ(Words(Ask({"child"}, Date(2028, 2, 28))).size(), 2U);
  EXPECT_EQ(Words(Ask({"child"}, Date(2028, 2, 29))).size(), 3U) << "2028 is a leap year";
  EXPECT_EQ(Words(Ask({"child"}, Date(2034, 2, 28))).size(), 1U);
  EXPECT_THAT(Words(Ask({"child"}, Date(2034, 2, 28))), ElementsAre("child/child/from-16"));
  EXPECT_THAT(Words(Ask({"child"}, Date(2034, 3, 1))), ElementsAre("child/child/adult-self"));
}

TEST_F(WhoMustAgreeTest, R11GezagRecordedLateCountsFromItsOwnFirstDay) {
  facts_.mutable_gezag(1)->set_start_date(base::FormatDate(k12 - 100));
  EXPECT_THAT(Words(Ask({"child"}, k12 - 101)), ElementsAre("mother/child/under-12"));
  EXPECT_THAT(Words(Ask({"child"}, k12 - 100)),
              ElementsAre("mother/child/under-12", "father/child/under-12"));
}

TEST_F(WhoMustAgreeTest, R14RetroactiveGezagClosesWhatItsHolderDidNotSign) {
  facts_.mutable_gezag(1)->set_end_date("2020-01-01");
  AddLong();
  Sign("mother", SIGNATURE_STATE_GIVEN, k12 - 60);
  ASSERT_TRUE(InForce(k12 - 10));
  facts_.mutable_gezag(1)->clear_end_date();  // recorded now, in force since long
  EXPECT_FALSE(InForce(k12 - 10));
}

TEST_F(WhoMustAgreeTest, R16RepresentativeFromEighteenIsACuratorOrMentorNotAParent) {
  Person("child")->set_incapacitated(true);
  EXPECT_THAT(Words(Ask({"child"}, k18 - 1)),
              ElementsAre("mother/child/representative", "father/child/representative"));
  EXPECT_THAT(Ask({"child"}, k18).vacancies,
              ElementsAre(Vacancy{Vacancy::Kind::kNoRepresentative, "child"}));
  testing::AddGezag(&facts_, "mother", "child");
  facts_.mutable_gezag(facts_.gezag_size() - 1)->set_start_date(base::FormatDate(k18));
  EXPECT_THAT(Words(Ask({"child"}, k18)), ElementsAre("mother/child/representative"));
}

// The gap that R14 must not leave: at 16 only the youth is asked.
TEST_F(WhoMustAgreeTest, R14NoConsentOpensOnABirthdayBecauseFewerAreAsked) {
  for (const auto refused : {SIGNATURE_STATE_REFUSED, SIGNATURE_STATE_WITHDRAWN}) {
    facts_.clear_consents();
    AddLong();
    Sign("child", SIGNATURE_STATE_GIVEN, k16 - 20);
    Sign("mother", SIGNATURE_STATE_GIVEN, k16 - 20);
    EXPECT_FALSE(InForce(k16 - 1));
    EXPECT_FALSE(InForce(k16)) << "the father never signed";
    Sign("father", refused, k16 - 10);
    EXPECT_FALSE(InForce(k16)) << "the father said no";
    EXPECT_FALSE(InForce(k16 + 300));
    Sign("mother", SIGNATURE_STATE_GIVEN, k16 + 301);
    EXPECT_FALSE(InForce(k16 + 301)) << "the youth is who is asked now";
    Sign("child", SIGNATURE_STATE_GIVEN, k16 + 302);
    EXPECT_TRUE(InForce(k16 + 302));
  }
}

TEST_F(WhoMustAgreeTest, R14WhatWasCompleteGoesOnAtSixteenWithTheYouthsSignature) {
  AddLong();
  Sign("child", SIGNATURE_STATE_GIVEN, k16 - 20);
  Sign("mother", SIGNATURE_STATE_GIVEN, k16 - 20);
  Sign("father", SIGNATURE_STATE_GIVEN, k16 - 1);
  EXPECT_TRUE(InForce(k16 - 1));
  EXPECT_TRUE(InForce(k16));
  EXPECT_TRUE(InForce(k18 - 1));
}

TEST_F(WhoMustAgreeTest, R14SignatureOnTheEveCountsAndOneOnTheDayComesTooLateForTheEve) {
  AddLong();
  Sign("child", SIGNATURE_STATE_GIVEN, k16 - 20);
  Sign("mother", SIGNATURE_STATE_GIVEN, k16 - 20);
  testing::Sign(&facts_, "father", SIGNATURE_STATE_GIVEN, At(k16));
  EXPECT_FALSE(InForce(k16)) << "midnight is the day itself";
  facts_.mutable_consents(0)->mutable_signatures(2)->set_time(At(k16) - 1);
  EXPECT_TRUE(InForce(k16)) << "a second before midnight is the eve";
}

TEST_F(WhoMustAgreeTest, R14RegainedGezagDoesNotReviveAnOldSignature) {
  facts_.mutable_gezag()->DeleteSubrange(1, facts_.gezag_size() - 1);  // the mother alone
  facts_.mutable_gezag(0)->set_end_date("2026-06-01");
  AddLong();
  Sign("mother", SIGNATURE_STATE_GIVEN, Date(2026, 2, 1));
  EXPECT_TRUE(InForce(Date(2026, 5, 31)));
  EXPECT_FALSE(InForce(Date(2026, 6, 1))) << "vacant";
  testing::AddGezag(&facts_, "mother", "child");
  facts_.mutable_gezag(1)->set_start_date("2026-09-01");
  EXPECT_FALSE(InForce(Date(2026, 9, 1))) << "opened by a court's decision, not by a signature";
  Sign("mother", SIGNATURE_STATE_GIVEN, Date(2026, 9, 2));
  EXPECT_TRUE(InForce(Date(2026, 9, 2)));
}

TEST_F(WhoMustAgreeTest, R16AtEighteenTheYouthDecidesAnewOrInTheDaysBefore) {
  AddLong();
  Sign("child", SIGNATURE_STATE_GIVEN, k16);
  EXPECT_TRUE(InForce(k18 - 1));
  EXPECT_FALSE(InForce(k18));
  Sign("child", SIGNATURE_STATE_GIVEN, k18 - kAnnounceDays - 1);
  EXPECT_FALSE(InForce(k18)) << "a day before it is announced";
  Sign("child", SIGNATURE_STATE_GIVEN, k18 - kAnnounceDays);
  EXPECT_TRUE(InForce(k18));
}

TEST_F(WhoMustAgreeTest, R12SignatureUnderAnotherWordingDoesNotCount) {
  AddLong().set_wording_sha256("aa");
  Sign("mother", SIGNATURE_STATE_GIVEN, k12 - 20);
  Sign("father", SIGNATURE_STATE_GIVEN, k12 - 20);
  for (auto& s : *facts_.mutable_consents(0)->mutable_signatures()) s.set_wording_sha256("aa");
  EXPECT_TRUE(InForce(k12 - 10));
  facts_.mutable_consents(0)->mutable_signatures(1)->set_wording_sha256("bb");
  EXPECT_FALSE(InForce(k12 - 10));
}

TEST_F(WhoMustAgreeTest, R14ChangeDaysAreBirthdaysAndGezagOnly) {
  facts_.mutable_gezag(1)->set_end_date("2030-01-01");
  common::v1::About about;
  about.add_persons("child");
  about.add_persons("mother");
  EXPECT_THAT(ChangeDays(*table_, facts_, about, Date(2026, 1, 1), Date(2046, 1, 1)),
              ElementsAre(k12, Date(2030, 1, 1), k16, k18));
  EXPECT_THAT(ChangeDays(*table_, facts_, about, k12, k16), ElementsAre(Date(2030, 1, 1), k16));
}

}  // namespace
}  // namespace knooppunt::policy
