// What others would read of meetings is what would be decided about them (R11-R13, P4).
#include "security/policy/parties.h"

#include <map>
#include <string>
#include <vector>

#include "base/status_testing.h"
#include "gtest/gtest.h"
#include "security/policy/testing_family.h"

namespace knooppunt::policy {
namespace {

using access::v1::PartySight;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

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
    for (PartySight& p : PartiesFor(*table_, world, q, {.named = named, .written = written_})) {
      const std::string by = !p.person().empty() ? p.person() : p.seat();
      out[by.empty() ? p.professional() : by] = p;
    }
    return out;
  }

  std::shared_ptr<const Table> table_;
  access::v1::FamilyFacts facts_;
  std::map<std::string, access::v1::ProfessionalFacts> professionals_;
  std::vector<common::v1::Label> written_;
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

TEST_F(PartiesTest, P6OnlyForWhoPreparesMeetingsAndWhoAgreesSteps) {
  EXPECT_THAT(Ask({}, "case.read"), IsEmpty());
  EXPECT_THAT(Ask({}, "meeting.read"), IsEmpty());
  EXPECT_THAT(Ask({}, "step.react"), IsEmpty());
  EXPECT_THAT(Ask({}, "step.decide"), IsEmpty());
}

// R5, R11: whoever may own a step is decided about as reading the case, where steps stand.
TEST_F(PartiesTest, R5WhoMayOwnAStepIsDecidedAboutAsReadingTheCase) {
  for (const char* permission : {"step.write", "meeting.write"}) {
    SCOPED_TRACE(permission);
    std::map<std::string, PartySight> before = Ask({}, permission);
    EXPECT_THAT(before["seat-ib"].scopes(), ElementsAre("child-school"));
    EXPECT_FALSE(before["seat-nurse"].allowed());
    EXPECT_EQ(before["seat-nurse"].rule(), "no-sharing") << "as she would be refused herself";
    EXPECT_EQ(before.count("mother"), 0u) << "she has no seat, and cannot own one";
  }
  Consent("organisations/ggd-zl");
  EXPECT_THAT(Ask({}, "step.write")["seat-nurse"].scopes(), ElementsAre("child-school"));
  facts_.mutable_cases(0)->mutable_seats(1)->set_state(access::v1::SEAT_STATE_INVITED);
  EXPECT_EQ(Ask({}, "step.write").count("seat-nurse"), 0u) << "who did not join owns nothing";
}

TEST_F(PartiesTest, R5WhatIsAboutToBeWrittenIsDecidedAboutToo) {
  common::v1::Label label = facts_.scopes(0).label();
  written_.push_back(label);
  label.set_compartment(common::v1::COMPARTMENT_HEALTH);
  label.set_regime(common::v1::REGIME_HEALTH);
  label.set_controller("organisations/ggd-zl");
  written_.push_back(label);
  const std::string health = ScopeId(facts_.id(), label);
  Consent("organisations/ggd-zl");
  const std::string before = facts_.SerializeAsString();
  std::map<std::string, PartySight> seen = Ask({}, "step.write");
  EXPECT_EQ(facts_.SerializeAsString(), before);
  EXPECT_THAT(seen["seat-nurse"].scopes(), Contains(health)) << "her own record";
  EXPECT_THAT(seen["seat-ib"].scopes(), Not(Contains(health)));
}

// Who is told on paper is told what they would have read here.
TEST_F(PartiesTest, R5R18AParentWithoutAnAccountIsDecidedAboutAsIfTheyHadOne) {
  facts_.mutable_persons(2)->clear_account();
  const auto sits = [&](const std::string& person) {
    access::v1::Seat* s = facts_.mutable_cases(0)->add_seats();
    s->set_id("seat-" + person);
    s->set_person(person);
    s->set_state(access::v1::SEAT_STATE_JOINED);
    s->set_start_time(1);
  };
  sits(facts_.persons(2).id());
  std::map<std::string, PartySight> seen = Ask({}, "step.write");
  EXPECT_THAT(seen[facts_.persons(2).id()].scopes(), ElementsAre("child-school"));
  facts_.clear_gezag();
  EXPECT_THAT(Ask({}, "step.write")[facts_.persons(2).id()].scopes(), IsEmpty())
      << "nor would they be told";
}

// R16: who receives the help at 18 owns steps before they sit at the table for good.
TEST_F(PartiesTest, R16WhoReceivesAHandoverReadsWhatIsOfferedOrWillBeTheirs) {
  Employ("social", "organisations/trajekt", common::v1::FUNCTION_SCHOOL_SOCIAL_WORKER);
  testing::AddSeat(&facts_, "social", "organisations/trajekt",
                   common::v1::FUNCTION_SCHOOL_SOCIAL_WORKER, access::v1::SEAT_ROLE_RECEIVER);
  EXPECT_THAT(Ask({}, "step.write")["seat-social"].scopes(), IsEmpty());
  Consent("organisations/trajekt");
  EXPECT_THAT(Ask({}, "step.write")["seat-social"].scopes(), ElementsAre("child-school"))
      << "once they sit there";
  facts_.mutable_consents(0)->clear_purposes();
  facts_.mutable_consents(0)->add_purposes(common::v1::PURPOSE_HANDOVER);
  EXPECT_THAT(Ask({}, "step.write")["seat-social"].scopes(), IsEmpty()) << "it is not offered";
  access::v1::HandoverFact* h = facts_.add_handovers();
  h->set_id("h1");
  h->set_case_id("c1");
  h->set_receiver("organisations/trajekt");
  h->set_offered(true);
  h->add_scopes("child-school");
  EXPECT_THAT(Ask({}, "step.write")["seat-social"].scopes(), ElementsAre("child-school"));
}

}  // namespace
}  // namespace knooppunt::policy
