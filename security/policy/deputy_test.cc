// Deputising at the table (R39), and the regisseur's place while a deputy acts (R1).
#include <map>
#include <string>

#include "base/status_testing.h"
#include "gtest/gtest.h"
#include "security/policy/engine.h"
#include "security/policy/leading.h"
#include "security/policy/testing_family.h"

namespace knooppunt::policy {
namespace {

using access::v1::Seat;
using common::v1::COMPARTMENT_EDUCATION;

// The nurse sits on consent; a colleague of hers deputises from an hour ago for a day.
class DeputyTest : public ::testing::Test {
 protected:
  DeputyTest() : table_(testing::LoadPolicy()), facts_(testing::DivorcedParents()) {
    Employ("ib", "organisations/mosalira", common::v1::FUNCTION_INTERN_BEGELEIDER);
    Employ("nurse", "organisations/ggd-zl", common::v1::FUNCTION_JGZ_NURSE);
    Employ("colleague", "organisations/ggd-zl", common::v1::FUNCTION_JGZ_NURSE);
    Employ("consultant", "organisations/gem-maastricht", common::v1::FUNCTION_MUNICIPAL_CONSULTANT);
    Employ("consultant-2", "organisations/gem-maastricht",
           common::v1::FUNCTION_MUNICIPAL_CONSULTANT);
    auto* s = facts_.add_scopes();
    s->set_id("child-school");
    s->mutable_label()->mutable_about()->add_persons("child");
    s->mutable_label()->set_compartment(COMPARTMENT_EDUCATION);
    s->mutable_label()->set_regime(common::v1::REGIME_EDUCATION);
    s->mutable_label()->set_controller("organisations/mosalira");
    testing::AddSeat(&facts_, "nurse", "organisations/ggd-zl", common::v1::FUNCTION_JGZ_NURSE,
                     access::v1::SEAT_ROLE_CORE_PARTNER);
    testing::AddConsent(&facts_, {"child"}, {COMPARTMENT_EDUCATION});
    testing::Sign(&facts_, "mother", access::v1::SIGNATURE_STATE_GIVEN, 1);
    testing::Sign(&facts_, "father", access::v1::SIGNATURE_STATE_GIVEN, 2);
    Deputise("colleague", "nurse");
  }

  void Employ(const std::string& id, const char* organisation, common::v1::Function f) {
    auto& p = professionals_["professionals/" + id];
    p.set_name("professionals/" + id);
    auto* t = p.add_functions();
    t->set_organisation(organisation);
    t->set_function(f);
    t->set_start_date("2020-01-01");
  }
  // The seats are looked up anew each time: adding one may move the others.
  Seat& SeatOf(const std::string& id) {
    for (Seat& s : *facts_.mutable_cases(0)->mutable_seats()) {
      if (s.id() == "seat-" + id) return s;
    }
    return *facts_.mutable_cases(0)->add_seats();
  }
  void Deputise(const char* deputy, const char* of) {
    const Seat deputised = SeatOf(of);
    Seat* s = testing::AddSeat(&facts_, deputy, deputised.organisation().c_str(),
                               deputised.function(), deputised.role());
    s->set_deputises(deputised.id());
    s->set_start_time(absl::ToUnixSeconds(now_ - absl::Hours(1)));
    s->set_end_time(absl::ToUnixSeconds(now_ + absl::Hours(23)));
  }
  Outcome Ask(const char* id, const char* permission,
              common::v1::Purpose purpose = common::v1::PURPOSE_COORDINATION) {
    const auto& p = professionals_.at(absl::StrCat("professionals/", id));
    access::v1::TokenClaims claims;
    claims.set_subject(p.name());
    claims.set_organisation(p.functions(0).organisation());
    claims.set_function(p.functions(0).function());
    claims.set_two_factor(true);
    World world;
    world.facts = &facts_;
    world.professional = [this](absl::string_view name) -> const access::v1::ProfessionalFacts* {
      const auto it = professionals_.find(std::string(name));
      return it == professionals_.end() ? nullptr : &it->second;
    };
    world.kind_of = [](absl::string_view o) {
      return o == "organisations/ggd-zl"           ? common::v1::ORGANISATION_KIND_YOUTH_HEALTH
             : o == "organisations/gem-maastricht" ? common::v1::ORGANISATION_KIND_MUNICIPALITY
                                                   : common::v1::ORGANISATION_KIND_SCHOOL_BOARD;
    };
    Question q;
    q.permission = permission;
    q.claims = &claims;
    q.purpose = purpose;
    q.about_family = true;
    q.now = now_;
    return Decide(*table_, world, q);
  }
  std::string Regisseur() {
    World world;
    world.facts = &facts_;
    world.professional = [this](absl::string_view name) {
      return &professionals_.at(std::string(name));
    };
    return RegisseurSeat(*table_, world, facts_.cases(0), now_);
  }

  std::shared_ptr<const Table> table_;
  access::v1::FamilyFacts facts_;
  std::map<std::string, access::v1::ProfessionalFacts> professionals_;
  absl::Time now_ = base::StartOf(testing::kToday) + absl::Hours(12);
};

TEST_F(DeputyTest, R39ADeputyReadsWhatTheGroundsOpenToTheirOrganisationAndNoMore) {
  const Outcome nurse = Ask("nurse", "case.read");
  const Outcome deputy = Ask("colleague", "case.read");
  ASSERT_TRUE(deputy.allowed) << deputy.rule;
  EXPECT_EQ(deputy.seat, "seat-colleague") << "the record names who acted";
  ASSERT_EQ(deputy.scopes.size(), 1u);
  EXPECT_EQ(deputy.scopes[0].scope, nurse.scopes[0].scope);
  EXPECT_EQ(deputy.bases, (std::vector<std::string>{"consents/consent-1", "deputises/seat-nurse"}))
      << "and on whose behalf (R23)";
  testing::Sign(&facts_, "mother", access::v1::SIGNATURE_STATE_WITHDRAWN, 3);
  EXPECT_EQ(Ask("colleague", "case.read").rule, "no-sharing");
}

TEST_F(DeputyTest, R39ADeputyLeavesByThemselvesWhenThePeriodEndsAndIsNotInBefore) {
  now_ += absl::Hours(23);
  const Outcome over = Ask("colleague", "case.read");
  EXPECT_EQ(over.rule, "no-seat");
  EXPECT_TRUE(over.explainable) << "who had a seat is told why (R19)";
  EXPECT_FALSE(Ask("colleague", "record.read", common::v1::PURPOSE_OWN_RECORD).allowed)
      << "nor the own record of the organisation: for a period, not for good";
  now_ -= absl::Hours(25);
  EXPECT_EQ(Ask("colleague", "case.read").rule, "no-seat");
  EXPECT_TRUE(Ask("nurse", "case.read").allowed);
}

TEST_F(DeputyTest, R39ADeputyLeavesWithTheSeatTheyDeputiseFor) {
  SeatOf("nurse").set_state(access::v1::SEAT_STATE_ENDED);
  EXPECT_EQ(Ask("colleague", "case.read").rule, "no-seat");
  SeatOf("nurse").set_state(access::v1::SEAT_STATE_INVITED);
  EXPECT_EQ(Ask("colleague", "case.read").rule, "no-seat");
  SeatOf("nurse").set_state(access::v1::SEAT_STATE_JOINED);
  EXPECT_TRUE(Ask("colleague", "case.read").allowed);
  SeatOf("nurse").set_end_time(absl::ToUnixSeconds(now_));
  EXPECT_EQ(Ask("colleague", "case.read").rule, "no-seat");
}

TEST_F(DeputyTest, R39ADeputyLeavesWhenWhoTheyDeputiseForIsNoLongerEmployed) {
  professionals_["professionals/nurse"].mutable_functions(0)->set_end_date("2026-11-22");
  EXPECT_EQ(Ask("colleague", "case.read").rule, "no-seat");
}

TEST_F(DeputyTest, R39OnlyOfTheSameOrganisationAndFunctionAndNoChains) {
  Seat& seat = SeatOf("colleague");
  seat.set_deputises("seat-ib");
  EXPECT_EQ(Ask("colleague", "case.read").rule, "no-seat") << "another organisation";
  seat.set_deputises("seat-nobody");
  EXPECT_EQ(Ask("colleague", "case.read").rule, "no-seat");
  seat.set_deputises("seat-nurse");
  SeatOf("nurse").set_deputises("seat-colleague");
  EXPECT_EQ(Ask("colleague", "case.read").rule, "no-seat") << "a deputy is not deputised";
  SeatOf("nurse").clear_deputises();
  SeatOf("nurse").set_function(common::v1::FUNCTION_JGZ_DOCTOR);
  EXPECT_EQ(Ask("colleague", "case.read").rule, "no-seat") << "another function";
}

TEST_F(DeputyTest, R1R39TheRegisseursDeputyActsInTheirPlaceAndTheRegisseurStaysTheOne) {
  testing::AddSeat(&facts_, "consultant", "organisations/gem-maastricht",
                   common::v1::FUNCTION_MUNICIPAL_CONSULTANT, access::v1::SEAT_ROLE_CORE_PARTNER);
  testing::AddConsent(&facts_, {"child"}, {COMPARTMENT_EDUCATION}, "organisations/gem-maastricht");
  testing::Sign(&facts_, "mother", access::v1::SIGNATURE_STATE_GIVEN, 1);
  testing::Sign(&facts_, "father", access::v1::SIGNATURE_STATE_GIVEN, 2);
  auto* term = facts_.mutable_cases(0)->add_terms();
  term->set_seat("seat-consultant");
  term->set_stand_in_seat("seat-ib");
  Deputise("consultant-2", "consultant");
  EXPECT_EQ(Regisseur(), "seat-consultant");
  EXPECT_TRUE(Ask("consultant-2", "case.appoint").allowed);
  // When the regisseur falls away the stand-in leads, and the deputy is gone with them.
  professionals_["professionals/consultant"].mutable_functions(0)->set_end_date("2026-11-22");
  EXPECT_EQ(Regisseur(), "seat-ib");
  EXPECT_FALSE(Ask("consultant-2", "case.appoint").allowed);
  // A deputy of somebody who does not lead does not lead.
  professionals_["professionals/consultant"].mutable_functions(0)->clear_end_date();
  facts_.mutable_cases(0)->mutable_terms(0)->set_seat("seat-nurse");
  EXPECT_FALSE(Ask("consultant-2", "case.appoint").allowed);
}

}  // namespace
}  // namespace knooppunt::policy
