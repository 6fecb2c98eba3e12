#include "security/policy/responsibility.h"

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status_testing.h"
#include "gtest/gtest.h"
#include "security/policy/testing_family.h"

namespace knooppunt::policy {
namespace {

using access::v1::SIGNATURE_STATE_GIVEN;
using access::v1::SIGNATURE_STATE_WITHDRAWN;
using common::v1::COMPARTMENT_EDUCATION;
using testing::kToday;

constexpr char kGgd[] = "organisations/ggd-zl";

// The father leads and the nurse stands in; the parents agreed to share with her organisation.
class ResponsibilityTest : public ::testing::Test {
 protected:
  ResponsibilityTest() : table_(testing::LoadPolicy()), facts_(testing::DivorcedParents()) {
    world_.facts = &facts_;
    world_.professional = [this](absl::string_view name) -> const access::v1::ProfessionalFacts* {
      const auto it = professionals_.find(std::string(name));
      return it == professionals_.end() ? nullptr : &it->second;
    };
    world_.kind_of = [](absl::string_view) { return common::v1::ORGANISATION_KIND_SCHOOL_BOARD; };
    Employ("ib", "organisations/mosalira", common::v1::FUNCTION_INTERN_BEGELEIDER);
    Employ("nurse", kGgd, common::v1::FUNCTION_JGZ_NURSE);
    Employ("consultant", "organisations/maastricht", common::v1::FUNCTION_MUNICIPAL_CONSULTANT);
    testing::AddSeat(&facts_, "nurse", kGgd, common::v1::FUNCTION_JGZ_NURSE,
                     access::v1::SEAT_ROLE_CORE_PARTNER);
    testing::AddSeat(&facts_, "consultant", "organisations/maastricht",
                     common::v1::FUNCTION_MUNICIPAL_CONSULTANT, access::v1::SEAT_ROLE_CORE_PARTNER);
    access::v1::Seat* seat = Case().add_seats();
    seat->set_id("seat-father");
    seat->set_person("father");
    seat->set_role(access::v1::SEAT_ROLE_FAMILY);
    seat->set_state(access::v1::SEAT_STATE_JOINED);
    seat->set_start_time(1);
    Case().set_state(access::v1::CASE_STATE_ACTIVE);
    Lead("seat-father", "seat-nurse");
    Share(kGgd);
  }
  access::v1::CaseFact& Case() { return *facts_.mutable_cases(0); }
  void Lead(const char* seat, const char* stand_in) {
    Case().clear_terms();
    access::v1::RegisseurTerm* term = Case().add_terms();
    term->set_seat(seat);
    term->set_stand_in_seat(stand_in);
    term->set_start_time(At(base::Date(2026, 11, 2)));
  }
  void Employ(const char* id, const char* organisation, common::v1::Function function) {
    auto* term = professionals_[absl::StrCat("professionals/", id)].add_functions();
    term->set_organisation(organisation);
    term->set_function(function);
    term->set_start_date("2020-01-01");
  }
  void Share(const char* recipient) {
    testing::AddConsent(&facts_, {"child"}, {COMPARTMENT_EDUCATION}, recipient);
    for (const char* who : {"mother", "father"}) {
      testing::Sign(&facts_, who, SIGNATURE_STATE_GIVEN, At(base::Date(2026, 11, 1)));
    }
  }
  void Withdraw(int consent, base::Date on) {
    auto* s = facts_.mutable_consents(consent)->add_signatures();
    s->set_person("mother");
    s->set_state(SIGNATURE_STATE_WITHDRAWN);
    s->set_time(At(on) + 3600);
  }
  static int64_t At(base::Date day) { return absl::ToUnixSeconds(base::StartOf(day)); }
  static absl::Time Noon(base::Date day) { return base::StartOf(day) + absl::Hours(12); }
  std::string Who(base::Date on = kToday) {
    return ResponsibleOrganisation(*table_, world_, Case(), Noon(on));
  }
  int64_t Since(base::Date on = kToday) {
    return ResponsibleSince(*table_, world_, Case(), Noon(on));
  }

  std::shared_ptr<const Table> table_;
  access::v1::FamilyFacts facts_;
  std::map<std::string, access::v1::ProfessionalFacts> professionals_;
  World world_;
};

TEST_F(ResponsibilityTest, R16NobodyWhileWhoLeadsHasAccess) {
  Withdraw(0, base::Date(2026, 11, 20));
  EXPECT_EQ(Who(), "") << "the father leads, and holds gezag";
  EXPECT_EQ(Since(), 0);
}

TEST_F(ResponsibilityTest, R16NobodyWhileTheStandInsOrganisationMayRead) {
  facts_.mutable_gezag(1)->set_end_date("2026-11-10");
  EXPECT_EQ(Who(), "") << "the nurse leads, on the consent";
}

TEST_F(ResponsibilityTest, R16TheLaterOfTheTwoEndsCounts) {
  facts_.mutable_gezag(1)->set_end_date("2026-11-10");
  Withdraw(0, base::Date(2026, 11, 20));
  EXPECT_EQ(Who(), kGgd);
  EXPECT_EQ(Since(), At(base::Date(2026, 11, 20)) + 3600) << "the withdrawal";
  EXPECT_EQ(Who(base::Date(2026, 11, 9)), "") << "that day the father still held gezag";

  facts_.mutable_gezag(1)->set_end_date("2026-11-21");
  EXPECT_EQ(Since(), At(base::Date(2026, 11, 21))) << "the end of the gezag";
}

TEST_F(ResponsibilityTest, R16ABirthdayEndsBothAtOnce) {
  facts_.mutable_consents(0)->set_end_date("2040-01-01");
  const base::Date adult(2033, 3, 10);
  EXPECT_EQ(Who(adult - 1), "");
  EXPECT_EQ(Who(adult), kGgd);
  EXPECT_EQ(Since(adult + 40), At(adult));
}

TEST_F(ResponsibilityTest, R16ARegisseurOfAnotherOrganisationLosesItWithTheConsent) {
  Lead("seat-consultant", "seat-nurse");
  Share("organisations/maastricht");
  EXPECT_EQ(Who(), "");
  Withdraw(0, base::Date(2026, 11, 8));
  Withdraw(1, base::Date(2026, 11, 15));
  EXPECT_EQ(Who(), kGgd);
  EXPECT_EQ(Since(), At(base::Date(2026, 11, 15)) + 3600);
}

TEST_F(ResponsibilityTest, R16EndOfEmploymentAndOfASeatCountToo) {
  Lead("seat-consultant", "seat-nurse");
  Share("organisations/maastricht");
  Withdraw(0, base::Date(2026, 11, 8));
  professionals_["professionals/consultant"].mutable_functions(0)->set_end_date("2026-11-19");
  EXPECT_EQ(Who(), kGgd);
  EXPECT_EQ(Since(), At(base::Date(2026, 11, 19)));
  EXPECT_EQ(Who(base::Date(2026, 11, 18)), "");

  access::v1::Seat& seat = *Case().mutable_seats(2);
  ASSERT_EQ(seat.id(), "seat-consultant");
  seat.set_state(access::v1::SEAT_STATE_ENDED);
  seat.set_end_time(At(base::Date(2026, 11, 12)) + 60);
  EXPECT_EQ(Since(), At(base::Date(2026, 11, 12)) + 60);
}

TEST_F(ResponsibilityTest, R16TheWerkplaatsNeverHasLessThanItsOwnRecord) {
  Lead("seat-father", "seat-ib");
  facts_.mutable_gezag(1)->set_end_date("2026-11-10");
  EXPECT_EQ(Who(), "");
}

TEST_F(ResponsibilityTest, R16OnlyAnActiveCaseAsksForIt) {
  facts_.mutable_gezag(1)->set_end_date("2026-11-10");
  Withdraw(0, base::Date(2026, 11, 20));
  ASSERT_EQ(Who(), kGgd);
  Case().set_state(access::v1::CASE_STATE_CLOSED);
  EXPECT_EQ(Who(), "");
  Case().set_state(access::v1::CASE_STATE_ACTIVE);
  Case().mutable_terms(0)->set_end_time(5);
  EXPECT_EQ(Who(), "");
}

TEST_F(ResponsibilityTest, R16NotBeforeTheRegisseurWasAppointed) {
  facts_.mutable_gezag(1)->set_end_date("2026-10-01");
  facts_.mutable_consents(0)->clear_signatures();
  EXPECT_EQ(Who(), kGgd);
  EXPECT_EQ(Since(), At(base::Date(2026, 11, 2)));
}

TEST_F(ResponsibilityTest, R15AnotherGroundLetsTheOrganisationReadToo) {
  facts_.mutable_gezag(1)->set_end_date("2026-11-10");
  Withdraw(0, base::Date(2026, 11, 20));
  ASSERT_EQ(Who(), kGgd);
  access::v1::GroundFact& g = *facts_.add_grounds();
  g.set_id("g1");
  g.set_type("meldcode");
  g.set_article("art. 5.2.6 Wmo 2015");
  g.mutable_about()->add_persons("child");
  g.add_compartments(COMPARTMENT_EDUCATION);
  g.set_recipient(kGgd);
  g.add_purposes(common::v1::PURPOSE_COORDINATION);
  g.set_start_date("2026-11-21");
  g.set_end_date("2026-12-01");
  g.set_invoked_by("professionals/ib");
  g.set_family_told(true);
  EXPECT_EQ(Who(), "");
  EXPECT_EQ(Who(base::Date(2026, 12, 1)), kGgd);
  EXPECT_EQ(Since(base::Date(2026, 12, 5)), At(base::Date(2026, 12, 1)));
}

}  // namespace
}  // namespace knooppunt::policy
