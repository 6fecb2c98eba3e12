#include "security/policy/simulate.h"

#include <map>
#include <string>

#include "absl/strings/str_replace.h"
#include "base/status_testing.h"
#include "gtest/gtest.h"
#include "security/policy/testing_family.h"

namespace knooppunt::policy {
namespace {

using access::v1::SimulatedChange;

constexpr char kJgz[] = "organisations/ggd-zl";

class SimulationTest : public ::testing::Test {
 protected:
  SimulationTest() : table_(testing::LoadPolicy()), facts_(testing::DivorcedParents()) {
    Employ("ib", "organisations/mosalira", common::v1::FUNCTION_INTERN_BEGELEIDER);
    Employ("nurse", kJgz, common::v1::FUNCTION_JGZ_NURSE);
    testing::AddSeat(&facts_, "nurse", kJgz, common::v1::FUNCTION_JGZ_NURSE,
                     access::v1::SEAT_ROLE_CORE_PARTNER);
    testing::AddConsent(&facts_, {"child"}, {common::v1::COMPARTMENT_EDUCATION});
    testing::Sign(&facts_, "mother", access::v1::SIGNATURE_STATE_GIVEN, 1);
    testing::Sign(&facts_, "father", access::v1::SIGNATURE_STATE_GIVEN, 2);
    auto* scope = facts_.add_scopes();
    scope->set_id("child-school");
    scope->mutable_label()->mutable_about()->add_persons("child");
    scope->mutable_label()->set_compartment(common::v1::COMPARTMENT_EDUCATION);
    scope->mutable_label()->set_regime(common::v1::REGIME_EDUCATION);
    scope->mutable_label()->set_controller("organisations/mosalira");
    world_.professional = [this](absl::string_view name) -> const access::v1::ProfessionalFacts* {
      const auto it = professionals_.find(std::string(name));
      return it == professionals_.end() ? nullptr : &it->second;
    };
    world_.kind_of = [](absl::string_view o) {
      return o == kJgz ? common::v1::ORGANISATION_KIND_YOUTH_HEALTH
                       : common::v1::ORGANISATION_KIND_SCHOOL_BOARD;
    };
    options_.now_table = table_.get();
    options_.then_table = table_.get();
    options_.now = Noon(2026, 11, 22);
    options_.then = options_.now;
  }

  static absl::Time Noon(int year, int month, int day) {
    return absl::FromCivil(absl::CivilHour(year, month, day, 12), base::Amsterdam());
  }
  void Employ(const char* id, const char* organisation, common::v1::Function function) {
    auto& p = professionals_[absl::StrCat("professionals/", id)];
    p.set_name(absl::StrCat("professionals/", id));
    auto* term = p.add_functions();
    term->set_organisation(organisation);
    term->set_function(function);
    term->set_start_date("2020-01-01");
  }
  std::vector<SimulatedChange> Run() {
    Simulation simulation(options_);
    simulation.Add(facts_, world_);
    EXPECT_EQ(simulation.families(), 1);
    return simulation.Changes();
  }
  // The change of one act and compartment for a function, or an empty one.
  static SimulatedChange Of(const std::vector<SimulatedChange>& changes,
                            common::v1::Function function, const std::string& permission,
                            common::v1::Compartment compartment) {
    for (const SimulatedChange& c : changes) {
      if (c.function() == function && c.permission() == permission &&
          c.compartment() == compartment) {
        return c;
      }
    }
    return {};
  }

  std::shared_ptr<const Table> table_;
  access::v1::FamilyFacts facts_;
  std::map<std::string, access::v1::ProfessionalFacts> professionals_;
  World world_;
  Simulation::Options options_;
};

TEST_F(SimulationTest, NothingChangesWhenNothingDoes) { EXPECT_TRUE(Run().empty()); }

TEST_F(SimulationTest, R17AnotherPolicyShowsWhoGainsAndWhoLoses) {
  // The nurse may no longer contribute; who only sits at the table may now close the case.
  auto then = Table::Parse(absl::StrReplaceAll(
      table_->text(),
      {{"\"step.write\", \"step.react\", \"meeting.confirm\",\n    \"agenda.write\"",
        "\"step.write\", \"step.react\", \"case.close\",\n    \"agenda.write\""}}));
  ASSERT_OK(then);
  ASSERT_NE((*then)->sha256(), table_->sha256()) << "the row was found";
  options_.then_table = then->get();
  const auto changes = Run();
  const auto lost = Of(changes, common::v1::FUNCTION_JGZ_NURSE, "meeting.confirm",
                       common::v1::COMPARTMENT_UNSPECIFIED);
  EXPECT_EQ(lost.lost(), 1);
  EXPECT_EQ(lost.gained(), 0);
  EXPECT_EQ(lost.role(), access::v1::SEAT_ROLE_CORE_PARTNER);
  EXPECT_EQ(
      Of(changes, common::v1::FUNCTION_JGZ_NURSE, "case.close", common::v1::COMPARTMENT_EDUCATION)
          .gained(),
      1);
  EXPECT_EQ(Of(changes, common::v1::FUNCTION_INTERN_BEGELEIDER, "case.close",
               common::v1::COMPARTMENT_UNSPECIFIED)
                .gained(),
            0)
      << "could already";
}

TEST_F(SimulationTest, R14AnotherDateShowsWhatLapses) {
  options_.then = Noon(2027, 3, 10);  // the child is 12, and must sign too
  const auto changes = Run();
  EXPECT_EQ(
      Of(changes, common::v1::FUNCTION_JGZ_NURSE, "case.read", common::v1::COMPARTMENT_EDUCATION)
          .lost(),
      1);
  // The child may now read.
  bool child_gains = false;
  for (const SimulatedChange& c : changes) {
    child_gains |= c.family_role() == access::v1::FAMILY_ROLE_CHILD && c.gained() == 1 &&
                   c.permission() == "case.read";
  }
  EXPECT_TRUE(child_gains);
}

TEST_F(SimulationTest, R1WithoutAProfessionalOnlyThatSeatLoses) {
  options_.without_professional = "professionals/nurse";
  const auto changes = Run();
  ASSERT_FALSE(changes.empty());
  for (const SimulatedChange& c : changes) {
    EXPECT_EQ(c.function(), common::v1::FUNCTION_JGZ_NURSE);
    EXPECT_EQ(c.gained(), 0);
    EXPECT_EQ(c.lost(), 1);
  }
}

TEST_F(SimulationTest, R13WithoutAnOrganisationItsSeatsLose) {
  options_.without_organisation = kJgz;
  const auto changes = Run();
  EXPECT_EQ(
      Of(changes, common::v1::FUNCTION_JGZ_NURSE, "case.read", common::v1::COMPARTMENT_EDUCATION)
          .lost(),
      1);
  EXPECT_EQ(Of(changes, common::v1::FUNCTION_INTERN_BEGELEIDER, "case.read",
               common::v1::COMPARTMENT_EDUCATION)
                .lost(),
            0);
}

TEST_F(SimulationTest, R18CountsNameNobody) {
  options_.without_organisation = kJgz;
  for (const SimulatedChange& c : Run()) {
    const std::string text = c.DebugString();
    for (const char* id : {"nurse", "f1", "seat-", "child", "organisations/", "professionals/"}) {
      EXPECT_EQ(absl::StrReplaceAll(text, {{"FUNCTION_JGZ_NURSE", ""}}).find(id), std::string::npos)
          << text;
    }
  }
}

TEST_F(SimulationTest, R13EveryConsentForAnOrganisationThoughtWithdrawn) {
  options_.without_consents_for = "organisations/ggd-zl";
  const auto changes = Run();
  EXPECT_EQ(
      Of(changes, common::v1::FUNCTION_JGZ_NURSE, "case.read", common::v1::COMPARTMENT_EDUCATION)
          .lost(),
      1);
  EXPECT_EQ(Of(changes, common::v1::FUNCTION_INTERN_BEGELEIDER, "case.read",
               common::v1::COMPARTMENT_EDUCATION)
                .lost(),
            0)
      << "the school keeps its own record";
  options_.without_consents_for = "organisations/maastricht";
  EXPECT_TRUE(Run().empty());
}

TEST_F(SimulationTest, R8EverySeatOfAFunctionThoughtEnded) {
  options_.without_seats_of = common::v1::FUNCTION_JGZ_NURSE;
  const auto changes = Run();
  EXPECT_EQ(
      Of(changes, common::v1::FUNCTION_JGZ_NURSE, "case.list", common::v1::COMPARTMENT_UNSPECIFIED)
          .lost(),
      0)
      << "an empty list is allowed to everybody";
  EXPECT_EQ(
      Of(changes, common::v1::FUNCTION_JGZ_NURSE, "case.read", common::v1::COMPARTMENT_UNSPECIFIED)
          .lost(),
      1);
  for (const SimulatedChange& c : changes) {
    EXPECT_EQ(c.function(), common::v1::FUNCTION_JGZ_NURSE) << c.ShortDebugString();
  }
}

TEST_F(SimulationTest, R11TheGezagOfParentsThoughtEnded) {
  options_.without_gezag_of = access::v1::FAMILY_ROLE_PARENT;
  int64_t parents_lose = 0, nurse_loses = 0;
  for (const SimulatedChange& c : Run()) {
    if (c.permission() != "case.read") continue;
    if (c.family_role() == access::v1::FAMILY_ROLE_PARENT &&
        c.compartment() == common::v1::COMPARTMENT_EDUCATION) {
      parents_lose += c.lost();
    }
    if (c.function() == common::v1::FUNCTION_JGZ_NURSE) nurse_loses += c.lost();
  }
  EXPECT_EQ(parents_lose, 2);
  EXPECT_GT(nurse_loses, 0) << "a consent that nobody may give holds no more";
  options_.without_gezag_of = access::v1::FAMILY_ROLE_GUARDIAN;
  EXPECT_TRUE(Run().empty());
}

}  // namespace
}  // namespace knooppunt::policy
