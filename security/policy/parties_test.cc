// What others would read of meetings is what would be decided about them (R11-R13, P4).
#include "security/policy/parties.h"

#include <map>
#include <string>

#include "base/status_testing.h"
#include "gtest/gtest.h"
#include "security/policy/testing_family.h"

namespace knooppunt::policy {
namespace {

using access::v1::PartySight;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The school's item about the child; the nurse sits at the table and the consultant does not.
class PartiesTest : public ::testing::Test {
 protected:
  PartiesTest() : table_(testing::LoadPolicy()), facts_(testing::DivorcedParents()) {
    Employ("ib", "organisations/mosalira", common::v1::FUNCTION_INTERN_BEGELEIDER);
    Employ("nurse", "organisations/ggd-zl", common::v1::FUNCTION_JGZ_NURSE);
    Employ("consultant", "organisations/gem-maastricht", common::v1::FUNCTION_MUNICIPAL_CONSULTANT);
    auto* s = facts_.add_scopes();
    s->set_id("child-school");
    s->mutable_label()->mutable_about()->add_persons("child");
    s->mutable_label()->set_compartment(common::v1::COMPARTMENT_EDUCATION);
    s->mutable_label()->set_regime(common::v1::REGIME_EDUCATION);
    s->mutable_label()->set_controller("organisations/mosalira");
    testing::AddSeat(&facts_, "nurse", "organisations/ggd-zl", common::v1::FUNCTION_JGZ_NURSE,
                     access::v1::SEAT_ROLE_CORE_PARTNER);
    facts_.mutable_persons(1)->clear_account();
  }
  void Employ(const std::string& id, const char* organisation, common::v1::Function f) {
    auto& p = professionals_["professionals/" + id];
    p.set_name("professionals/" + id);
    auto* t = p.add_functions();
    t->set_organisation(organisation);
    t->set_function(f);
    t->set_start_date("2020-01-01");
  }
  void Consent(const char* recipient) {
    testing::AddConsent(&facts_, {"child"}, {common::v1::COMPARTMENT_EDUCATION}, recipient);
    testing::Sign(&facts_, "mother", access::v1::SIGNATURE_STATE_GIVEN, 1);
    testing::Sign(&facts_, "father", access::v1::SIGNATURE_STATE_GIVEN, 2);
  }
  // Of each by their seat, their person or their name.
  std::map<std::string, PartySight> Ask(const NamedParty& named = {},
                                        const char* permission = "meeting.arrange") {
    World world;
    world.facts = &facts_;
    world.professional = [&](absl::string_view name) -> const access::v1::ProfessionalFacts* {
      const auto at = professionals_.find(std::string(name));
      return at == professionals_.end() ? nullptr : &at->second;
    };
    world.kind_of = [](absl::string_view name) {
      if (name == "organisations/mosalira") return common::v1::ORGANISATION_KIND_SCHOOL_BOARD;
      if (name == "organisations/ggd-zl") return common::v1::ORGANISATION_KIND_YOUTH_HEALTH;
      return common::v1::ORGANISATION_KIND_MUNICIPALITY;
    };
    access::v1::TokenClaims claims;
    const Question q = {.permission = permission,
                        .claims = &claims,
                        .purpose = common::v1::PURPOSE_COORDINATION,
                        .about_family = true,
                        .case_id = "c1",
                        .now = base::StartOf(testing::kToday) + absl::Hours(10)};
    std::map<std::string, PartySight> out;
    for (PartySight& p : PartiesFor(*table_, world, q, named)) {
      const std::string by = !p.person().empty() ? p.person() : p.seat();
      out[by.empty() ? p.professional() : by] = p;
    }
    return out;
  }

  std::shared_ptr<const Table> table_;
  access::v1::FamilyFacts facts_;
  std::map<std::string, access::v1::ProfessionalFacts> professionals_;
};

TEST_F(PartiesTest, R12EachPartyIsDecidedAboutAsIfTheyAsked) {
  std::map<std::string, PartySight> before = Ask();
  EXPECT_THAT(before["seat-ib"].scopes(), ElementsAre("child-school"));
  EXPECT_TRUE(before["seat-nurse"].allowed());  // when and where
  EXPECT_THAT(before["seat-nurse"].scopes(), IsEmpty());
  EXPECT_THAT(before["mother"].scopes(), ElementsAre("child-school"));
  EXPECT_EQ(before["sibling"].rule(), "no-account");
  Consent("organisations/ggd-zl");
  EXPECT_THAT(Ask()["seat-nurse"].scopes(), ElementsAre("child-school"));
}

TEST_F(PartiesTest, R13AWithdrawalIsInItAtOnce) {
  Consent("organisations/ggd-zl");
  testing::Sign(&facts_, "father", access::v1::SIGNATURE_STATE_WITHDRAWN, 3);
  EXPECT_THAT(Ask()["seat-nurse"].scopes(), IsEmpty());
}

TEST_F(PartiesTest, R17WhoNoLongerWorksThereWouldNotBeLetIn) {
  professionals_["professionals/nurse"].mutable_functions(0)->set_end_date("2026-11-01");
  const PartySight nurse = Ask()["seat-nurse"];
  EXPECT_FALSE(nurse.allowed());
  EXPECT_EQ(nurse.rule(), "no-function");
}

TEST_F(PartiesTest, R8WhoIsNamedIsDecidedAboutAsIfInvitedAndTheFactsStayAsTheyAre) {
  const std::string before = facts_.SerializeAsString();
  const NamedParty named = {.professional = "professionals/consultant",
                            .organisation = "organisations/gem-maastricht"};
  EXPECT_THAT(Ask(named)["professionals/consultant"].scopes(), IsEmpty());
  EXPECT_EQ(facts_.SerializeAsString(), before);
  Consent("organisations/gem-maastricht");
  const PartySight seen = Ask(named)["professionals/consultant"];
  EXPECT_THAT(seen.scopes(), ElementsAre("child-school"));
  EXPECT_EQ(seen.function(), common::v1::FUNCTION_MUNICIPAL_CONSULTANT);
  EXPECT_EQ(
      Ask({.professional = "professionals/consultant", .organisation = "organisations/ggd-zl"})
          .count("professionals/consultant"),
      0u);
}

TEST_F(PartiesTest, P6OnlyForWhoPreparesMeetings) {
  EXPECT_THAT(Ask({}, "case.read"), IsEmpty());
  EXPECT_THAT(Ask({}, "meeting.read"), IsEmpty());
}

}  // namespace
}  // namespace knooppunt::policy
