#include "security/policy/forecast.h"

#include <map>
#include <string>

#include "base/status_testing.h"
#include "gtest/gtest.h"
#include "security/policy/leading.h"
#include "security/policy/testing_family.h"

namespace knooppunt::policy {
namespace {

using access::v1::SIGNATURE_STATE_GIVEN;
using base::Date;
using common::v1::COMPARTMENT_EDUCATION;
using testing::kToday;

class ForecastTest : public ::testing::Test {
 protected:
  ForecastTest() : table_(testing::LoadPolicy()), facts_(testing::DivorcedParents()) {
    world_.facts = &facts_;
    world_.professional = [this](absl::string_view name) -> const access::v1::ProfessionalFacts* {
      const auto it = professionals_.find(std::string(name));
      return it == professionals_.end() ? nullptr : &it->second;
    };
    world_.kind_of = [](absl::string_view) { return common::v1::ORGANISATION_KIND_SCHOOL_BOARD; };
  }
  void Share(const char* end) {
    testing::AddConsent(&facts_, {"child"}, {COMPARTMENT_EDUCATION}).set_end_date(end);
    testing::Sign(&facts_, "mother", SIGNATURE_STATE_GIVEN, 1);
    testing::Sign(&facts_, "father", SIGNATURE_STATE_GIVEN, 2);
  }
  std::optional<FutureLapse> Next(Date today = kToday) {
    return NextLapse(*table_, facts_, facts_.consents(0), today);
  }

  std::shared_ptr<const Table> table_;
  access::v1::FamilyFacts facts_;
  std::map<std::string, access::v1::ProfessionalFacts> professionals_;
  World world_;
};

TEST_F(ForecastTest, R14EndDateIsForeseenWithEverybodyWhoMustSignTheNext) {
  Share("2027-02-01");
  const auto lapse = Next();
  ASSERT_TRUE(lapse.has_value());
  EXPECT_EQ(lapse->date, Date(2027, 2, 1));
  EXPECT_EQ(lapse->announce_date, Date(2026, 12, 3)) << "60 days earlier";
  EXPECT_EQ(lapse->cause, access::v1::LAPSE_CAUSE_END_DATE);
  EXPECT_EQ(lapse->person, "");
  EXPECT_EQ(lapse->missing.signatures.size(), 2U);
}

TEST_F(ForecastTest, R14TwelfthBirthdayIsForeseenWithWhoMustStillSign) {
  Share("2040-01-01");
  const auto lapse = Next();
  ASSERT_TRUE(lapse.has_value());
  EXPECT_EQ(lapse->date, Date(2027, 3, 10));
  EXPECT_EQ(lapse->cause, access::v1::LAPSE_CAUSE_BIRTHDAY_12);
  EXPECT_EQ(lapse->person, "child");
  ASSERT_EQ(lapse->missing.signatures.size(), 1U) << "the parents signed already";
  EXPECT_EQ(lapse->missing.signatures[0].who.person, "child");
}

TEST_F(ForecastTest, R14SixteenthBirthdayOfASiblingIsForeseen) {
  testing::AddConsent(&facts_, {"sibling"}, {COMPARTMENT_EDUCATION}).set_end_date("2031-01-01");
  for (const char* who : {"mother", "father"})
    testing::Sign(&facts_, who, SIGNATURE_STATE_GIVEN, 1);
  EXPECT_FALSE(Next().has_value()) << "not in force: the sibling of 13 did not sign";
  facts_.mutable_persons(1)->set_birth_date("2015-05-01");
  facts_.mutable_consents(0)->set_end_date("2027-04-30");
  ASSERT_TRUE(Next().has_value());
  EXPECT_EQ(Next()->cause, access::v1::LAPSE_CAUSE_END_DATE) << "the day before the birthday";
  facts_.mutable_consents(0)->set_end_date("2027-05-01");
  EXPECT_EQ(Next()->cause, access::v1::LAPSE_CAUSE_END_DATE) << "on the birthday itself";
  facts_.mutable_consents(0)->set_end_date("2027-05-02");
  EXPECT_EQ(Next()->cause, access::v1::LAPSE_CAUSE_BIRTHDAY_12);
  EXPECT_EQ(Next()->person, "sibling");
}

TEST_F(ForecastTest, R16EighteenthBirthdayIsForeseenAndGoneOnceTheYouthSignsAhead) {
  facts_.mutable_persons(0)->set_birth_date("2009-01-10");
  testing::AddConsent(&facts_, {"child"}, {COMPARTMENT_EDUCATION});
  testing::Sign(&facts_, "child", SIGNATURE_STATE_GIVEN,
                absl::ToUnixSeconds(base::StartOf(Date(2026, 11, 1))));
  ASSERT_TRUE(Next().has_value());
  EXPECT_EQ(Next()->cause, access::v1::LAPSE_CAUSE_BIRTHDAY_18);
  EXPECT_EQ(Next()->date, Date(2027, 1, 10));
  testing::Sign(&facts_, "child", SIGNATURE_STATE_GIVEN,
                absl::ToUnixSeconds(base::StartOf(kToday)));
  EXPECT_EQ(Next()->cause, access::v1::LAPSE_CAUSE_END_DATE);
}

TEST_F(ForecastTest, R14GezagThatBeginsOrEndsIsForeseenUnlessItChangesNothing) {
  Share("2027-03-01");
  facts_.mutable_gezag(1)->set_end_date("2027-01-15");  // the father's
  EXPECT_EQ(Next()->cause, access::v1::LAPSE_CAUSE_END_DATE) << "he signed, it goes on";
  auto* g = facts_.add_gezag();
  g->set_holder_organisation("organisations/xonar");
  g->set_over("child");
  g->set_start_date("2027-01-15");
  EXPECT_EQ(Next()->cause, access::v1::LAPSE_CAUSE_GEZAG);
  EXPECT_EQ(Next()->person, "child");
  EXPECT_EQ(Next()->date, Date(2027, 1, 15));
  ASSERT_EQ(Next()->missing.signatures.size(), 1U);
  EXPECT_EQ(Next()->missing.signatures[0].who.organisation, "organisations/xonar");
}

TEST_F(ForecastTest, R14EndOfTheLastGezagIsForeseenAsAVacancy) {
  Share("2027-03-01");
  facts_.mutable_gezag(0)->set_end_date("2027-01-15");
  facts_.mutable_gezag(1)->set_end_date("2027-01-15");
  ASSERT_TRUE(Next().has_value());
  EXPECT_EQ(Next()->cause, access::v1::LAPSE_CAUSE_GEZAG);
  ASSERT_EQ(Next()->missing.vacancies.size(), 1U);
  EXPECT_EQ(Next()->missing.vacancies[0].kind, Vacancy::Kind::kNoGezag);
}

TEST_F(ForecastTest, R14ForecastAgreesWithEveryDayOfTenYears) {
  Share("2036-01-01");
  facts_.mutable_consents(0)->mutable_about()->add_persons("sibling");
  testing::Sign(&facts_, "sibling", SIGNATURE_STATE_GIVEN, 3);
  for (Date today = Date(2026, 11, 1); today < Date(2036, 1, 2); today += 97) {
    const auto lapse = Next(today);
    const auto holds = [&](Date d) {
      return ConsentInForce(*table_, facts_, facts_.consents(0), d);
    };
    ASSERT_EQ(lapse.has_value(), holds(today));
    if (!lapse.has_value()) continue;
    Date day = today;
    while (holds(day)) ++day;
    EXPECT_EQ(lapse->date, day) << base::FormatDate(today);
  }
}

TEST_F(ForecastTest, R1StandInLeadsWhenTheRegisseursSeatOrSayEnds) {
  auto* c = facts_.mutable_cases(0);
  c->set_state(access::v1::CASE_STATE_ACTIVE);
  auto& ib = professionals_["professionals/ib"];
  auto* f = ib.add_functions();
  f->set_organisation("organisations/mosalira");
  f->set_function(common::v1::FUNCTION_INTERN_BEGELEIDER);
  f->set_start_date("2020-01-01");
  auto* seat = c->add_seats();
  seat->set_id("seat-mother");
  seat->set_person("mother");
  seat->set_role(access::v1::SEAT_ROLE_FAMILY);
  seat->set_state(access::v1::SEAT_STATE_JOINED);
  seat->set_start_time(1);
  auto* term = c->add_terms();
  term->set_seat("seat-mother");
  term->set_stand_in_seat("seat-ib");
  const Date adult(2033, 3, 10);
  const auto kind = [&](absl::Time at) { return LeaderOf(*table_, world_, *c, at).kind(); };
  EXPECT_EQ(kind(base::StartOf(adult) - absl::Seconds(1)), access::v1::LEAD_KIND_APPOINTED);
  EXPECT_EQ(kind(base::StartOf(adult)), access::v1::LEAD_KIND_STAND_IN) << "R16: that very night";
  EXPECT_EQ(RegisseurSeat(*table_, world_, *c, base::StartOf(adult)), "seat-ib");
  c->set_state(access::v1::CASE_STATE_CLOSED);
  term->set_end_time(absl::ToUnixSeconds(base::StartOf(adult)));
  EXPECT_EQ(kind(base::StartOf(adult)), access::v1::LEAD_KIND_UNSPECIFIED);
}

TEST_F(ForecastTest, R16PlanningStartsAtSeventeenAndAHalf) {
  EXPECT_EQ(PlanAdulthoodFrom(Date(2009, 3, 10)), Date(2026, 9, 10));
  EXPECT_EQ(PlanAdulthoodFrom(Date(2009, 8, 31)), Date(2027, 3, 1)) << "no 31 February";
  EXPECT_EQ(PlanAdulthoodFrom(Date(2008, 2, 29)), Date(2025, 9, 1)) << "17 on 1 March";
  access::v1::PersonFact youth;
  youth.set_role(access::v1::FAMILY_ROLE_CHILD);
  youth.set_birth_date("2009-03-10");
  EXPECT_FALSE(PlansAdulthood(youth, Date(2026, 9, 9)));
  EXPECT_TRUE(PlansAdulthood(youth, Date(2026, 9, 10)));
  EXPECT_TRUE(PlansAdulthood(youth, Date(2027, 3, 9)));
  EXPECT_FALSE(PlansAdulthood(youth, Date(2027, 3, 10)));
  youth.set_birth_date("");
  EXPECT_FALSE(PlansAdulthood(youth, Date(2026, 9, 10)));
}

}  // namespace
}  // namespace knooppunt::policy
