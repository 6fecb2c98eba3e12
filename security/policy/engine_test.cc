#include "security/policy/engine.h"

#include <algorithm>
#include <map>
#include <string>

#include "base/status_testing.h"
#include "gtest/gtest.h"
#include "security/policy/leading.h"
#include "security/policy/testing_family.h"

namespace knooppunt::policy {
namespace {

using access::v1::FamilyFacts;
using access::v1::SIGNATURE_STATE_GIVEN;
using access::v1::SIGNATURE_STATE_WITHDRAWN;
using common::v1::Compartment;
using common::v1::COMPARTMENT_EDUCATION;
using common::v1::COMPARTMENT_FAMILY;
using common::v1::COMPARTMENT_HEALTH;
using common::v1::COMPARTMENT_SAFETY;
using common::v1::Function;
using common::v1::Label;

Label MakeLabel(std::vector<std::string> persons, Compartment c, common::v1::Regime regime,
                const char* controller) {
  Label l;
  for (const auto& p : persons) l.mutable_about()->add_persons(p);
  l.set_compartment(c);
  l.set_regime(regime);
  l.set_controller(controller);
  return l;
}

class EngineTest : public ::testing::Test {
 protected:
  EngineTest() : table_(testing::LoadPolicy()), facts_(testing::DivorcedParents()) {
    Employ("ib", "organisations/mosalira", common::v1::FUNCTION_INTERN_BEGELEIDER);
    Employ("nurse", "organisations/ggd-zl", common::v1::FUNCTION_JGZ_NURSE);
    Employ("consultant", "organisations/gem-maastricht", common::v1::FUNCTION_MUNICIPAL_CONSULTANT);
    Employ("officer", "organisations/gem-maastricht", common::v1::FUNCTION_PRIVACY_OFFICER);
    Employ("admin", "organisations/mosalira", common::v1::FUNCTION_ADMINISTRATOR);
    AddScope("child-school", MakeLabel({"child"}, COMPARTMENT_EDUCATION,
                                       common::v1::REGIME_EDUCATION, "organisations/mosalira"));
    AddScope("sibling-school", MakeLabel({"sibling"}, COMPARTMENT_EDUCATION,
                                         common::v1::REGIME_EDUCATION, "organisations/mosalira"));
    AddScope("child-health", MakeLabel({"child"}, COMPARTMENT_HEALTH, common::v1::REGIME_HEALTH,
                                       "organisations/ggd-zl"));
    AddScope("child-safety", MakeLabel({"child"}, COMPARTMENT_SAFETY, common::v1::REGIME_YOUTH_CARE,
                                       "organisations/mosalira"));
    AddScope("father-school", MakeLabel({"father"}, COMPARTMENT_EDUCATION,
                                        common::v1::REGIME_EDUCATION, "organisations/mosalira"));
  }

  void Employ(const char* id, const char* organisation, Function f) {
    auto& p = professionals_[absl::StrCat("professionals/", id)];
    p.set_name(absl::StrCat("professionals/", id));
    auto* t = p.add_functions();
    t->set_organisation(organisation);
    t->set_function(f);
    t->set_start_date("2020-01-01");
  }
  void AddScope(const char* id, Label label) {
    auto* s = facts_.add_scopes();
    s->set_id(id);
    *s->mutable_label() = std::move(label);
  }
  access::v1::TokenClaims Staff(const char* id) {
    const auto& p = professionals_.at(absl::StrCat("professionals/", id));
    access::v1::TokenClaims c;
    c.set_subject(p.name());
    c.set_organisation(p.functions(0).organisation());
    c.set_function(p.functions(0).function());
    c.set_two_factor(true);
    return c;
  }
  access::v1::TokenClaims Family(const char* person) {
    access::v1::TokenClaims c;
    c.set_subject(absl::StrCat("accounts/", person));
    c.set_assurance(access::v1::ASSURANCE_SUBSTANTIAL);
    return c;
  }
  Outcome Ask(const access::v1::TokenClaims& who, const char* permission,
              common::v1::Purpose purpose = common::v1::PURPOSE_COORDINATION,
              std::vector<Label> labels = {}) {
    World world;
    world.facts = known_ ? &facts_ : nullptr;
    world.professional = [this](absl::string_view name) -> const access::v1::ProfessionalFacts* {
      const auto it = professionals_.find(std::string(name));
      return it == professionals_.end() ? nullptr : &it->second;
    };
    world.kind_of = [](absl::string_view o) {
      return o == "organisations/ggd-zl"           ? common::v1::ORGANISATION_KIND_YOUTH_HEALTH
             : o == "organisations/gem-maastricht" ? common::v1::ORGANISATION_KIND_MUNICIPALITY
                                                   : common::v1::ORGANISATION_KIND_SCHOOL_BOARD;
    };
    world.werkplaats = [this](absl::string_view name) {
      return name == werkplaats_.name() ? &werkplaats_ : nullptr;
    };
    Question q;
    q.permission = permission;
    q.claims = &who;
    q.purpose = purpose;
    q.about_family = true;
    q.labels = std::move(labels);
    q.want_chain = true;
    q.now = now_;
    return Decide(*table_, world, q);
  }
  std::vector<std::string> Scopes(const Outcome& o) {
    std::vector<std::string> out;
    for (const auto& s : o.scopes) out.push_back(s.scope);
    std::sort(out.begin(), out.end());
    return out;
  }
  // The nurse sits, and both parents agreed to share the child's education with JGZ.
  void SeatNurseWithConsent() {
    testing::AddSeat(&facts_, "nurse", "organisations/ggd-zl", common::v1::FUNCTION_JGZ_NURSE,
                     access::v1::SEAT_ROLE_CORE_PARTNER);
    testing::AddConsent(&facts_, {"child"}, {COMPARTMENT_EDUCATION});
    testing::Sign(&facts_, "mother", SIGNATURE_STATE_GIVEN, 1);
    testing::Sign(&facts_, "father", SIGNATURE_STATE_GIVEN, 2);
  }
  // About the child's education, told to the family.
  access::v1::GroundFact& AddGround(const char* invoker, const char* recipient) {
    access::v1::GroundFact* g = facts_.add_grounds();
    g->set_id("g1");
    g->set_type("meldcode");
    g->set_article("art. 1");
    g->mutable_about()->add_persons("child");
    g->add_compartments(COMPARTMENT_EDUCATION);
    g->add_purposes(common::v1::PURPOSE_COORDINATION);
    g->set_recipient(recipient);
    g->set_start_date("2026-11-01");
    g->set_end_date("2026-12-31");
    g->set_invoked_by(absl::StrCat("professionals/", invoker));
    g->set_family_told(true);
    return *g;
  }

  std::shared_ptr<const Table> table_;
  FamilyFacts facts_;
  bool known_ = true;
  access::v1::WerkplaatsFacts werkplaats_;
  std::map<std::string, access::v1::ProfessionalFacts> professionals_;
  absl::Time now_ = base::StartOf(testing::kToday) + absl::Hours(12);
};

using Names = std::vector<std::string>;

TEST_F(EngineTest, R11OwnGroundOpensEducationToTheSchoolAndNothingElse) {
  const Outcome o = Ask(Staff("ib"), "case.read");
  ASSERT_TRUE(o.allowed) << o.rule;
  EXPECT_EQ(Scopes(o), (Names{"child-school", "father-school", "sibling-school"}));
  EXPECT_EQ(o.scopes[0].basis, "own-ground:own-school");
}

TEST_F(EngineTest, R17NoSeatIsRefusedAndAStrangerGetsNoExplanation) {
  const Outcome o = Ask(Staff("nurse"), "case.read");
  EXPECT_FALSE(o.allowed);
  EXPECT_EQ(o.rule, "no-seat");
  EXPECT_FALSE(o.explainable);
  EXPECT_TRUE(o.scopes.empty());
}

TEST_F(EngineTest, R18NoSuchFamilyAndNotYoursAreRefusedAlike) {
  const Outcome not_yours = Ask(Staff("nurse"), "case.read");
  known_ = false;
  const Outcome no_such = Ask(Staff("nurse"), "case.read");
  EXPECT_EQ(no_such.rule, not_yours.rule);
  EXPECT_EQ(no_such.explainable, not_yours.explainable);
  EXPECT_EQ(no_such.chain.size(), not_yours.chain.size());
}

TEST_F(EngineTest, R12ConsentOpensWhatItNamesAndTheSiblingStaysInvisible) {
  SeatNurseWithConsent();
  const Outcome o = Ask(Staff("nurse"), "case.read");
  ASSERT_TRUE(o.allowed) << o.rule;
  EXPECT_EQ(Scopes(o), (Names{"child-health", "child-school"}));
  EXPECT_EQ(o.bases, Names{"consents/consent-1"});
}

TEST_F(EngineTest, R13WithdrawalEndsSharingAndLeavesTheOwnRecord) {
  SeatNurseWithConsent();
  testing::Sign(&facts_, "mother", SIGNATURE_STATE_WITHDRAWN, 3);
  const Outcome shared = Ask(Staff("nurse"), "case.read");
  EXPECT_FALSE(shared.allowed);
  EXPECT_EQ(shared.rule, "no-sharing");
  EXPECT_TRUE(shared.explainable) << "who had a seat is told why (R19)";
  const Outcome own = Ask(Staff("nurse"), "record.read", common::v1::PURPOSE_OWN_RECORD);
  ASSERT_TRUE(own.allowed) << own.rule;
  EXPECT_EQ(Scopes(own), Names{"child-health"});
}

TEST_F(EngineTest, R13WhatWasWithdrawnInPartIsNotShared) {
  SeatNurseWithConsent();
  AddScope("child-and-sibling", MakeLabel({"child", "sibling"}, COMPARTMENT_EDUCATION,
                                          common::v1::REGIME_EDUCATION, "organisations/mosalira"));
  auto* consent = facts_.mutable_consents(0);
  consent->mutable_about()->add_persons("sibling");
  consent->add_compartments(COMPARTMENT_HEALTH);
  testing::Sign(&facts_, "sibling", SIGNATURE_STATE_GIVEN, 3);
  EXPECT_EQ(Scopes(Ask(Staff("nurse"), "case.read")),
            (Names{"child-and-sibling", "child-health", "child-school", "sibling-school"}));
  consent->add_narrowings()->add_persons("sibling");
  EXPECT_EQ(Scopes(Ask(Staff("nurse"), "case.read")), (Names{"child-health", "child-school"}))
      << "nor what is about somebody else too";
  consent->add_narrowings()->add_compartments(COMPARTMENT_EDUCATION);
  EXPECT_EQ(Scopes(Ask(Staff("nurse"), "case.read")), Names{"child-health"});
  consent->add_narrowings()->add_purposes(common::v1::PURPOSE_COORDINATION);
  EXPECT_EQ(Ask(Staff("nurse"), "case.read").rule, "no-sharing");
}

TEST_F(EngineTest, R15GroundSharesWhatTheInvokersOrganisationRecordedAndNoMore) {
  testing::AddSeat(&facts_, "nurse", "organisations/ggd-zl", common::v1::FUNCTION_JGZ_NURSE,
                   access::v1::SEAT_ROLE_CORE_PARTNER);
  testing::AddSeat(&facts_, "consultant", "organisations/gem-maastricht",
                   common::v1::FUNCTION_MUNICIPAL_CONSULTANT, access::v1::SEAT_ROLE_CORE_PARTNER);
  access::v1::GroundFact& g = AddGround("ib", "organisations/gem-maastricht");
  g.add_compartments(COMPARTMENT_HEALTH);
  const Outcome o = Ask(Staff("consultant"), "case.read");
  ASSERT_TRUE(o.allowed) << o.rule;
  EXPECT_EQ(Scopes(o), Names{"child-school"}) << "not what the youth health care recorded";
  EXPECT_EQ(o.bases, Names{"grounds/g1"});
  EXPECT_EQ(Ask(Staff("nurse"), "case.read").rule, "no-sharing") << "not for whom it is";
  g.set_end_time(1);
  EXPECT_EQ(Ask(Staff("consultant"), "case.read").rule, "no-sharing");
}

TEST_F(EngineTest, R15ReviewerWithoutASeatReadsTheReasonAndNothingElse) {
  access::v1::GroundFact& g = AddGround("ib", "organisations/ggd-zl");
  g.set_family_told(false);
  g.set_reviewer("professionals/consultant");
  g.set_review_date("2026-12-01");
  const Outcome o = Ask(Staff("consultant"), "ground.review");
  ASSERT_TRUE(o.allowed) << o.rule;
  EXPECT_EQ(Scopes(o), Names{"child-safety"});
  EXPECT_FALSE(Ask(Staff("consultant"), "case.read").allowed);
  EXPECT_FALSE(Ask(Staff("nurse"), "ground.review").allowed) << "not the reviewer";
  EXPECT_FALSE(Ask(Staff("ib"), "ground.review").allowed) << "who invoked it";
  g.mutable_review()->set_upheld(true);
  EXPECT_FALSE(Ask(Staff("consultant"), "ground.review").allowed) << "done";
}

TEST_F(EngineTest, R15FamilyHasNoKeyToTheReasonOfWhatItWasNotTold) {
  AddGround("ib", "organisations/ggd-zl");
  const Outcome o = Ask(Family("mother"), "ground.read", common::v1::PURPOSE_OWN_FILE);
  ASSERT_TRUE(o.allowed) << o.rule;
  for (const OpenScope& s : o.scopes) EXPECT_NE(s.scope, "child-safety");
}

TEST_F(EngineTest, R12AnotherPurposeIsNotCovered) {
  SeatNurseWithConsent();
  EXPECT_FALSE(Ask(Staff("nurse"), "case.read", common::v1::PURPOSE_HANDOVER).allowed);
  EXPECT_FALSE(Ask(Staff("nurse"), "case.read", common::v1::PURPOSE_UNSPECIFIED).allowed);
}

TEST_F(EngineTest, R17SecondFactorFunctionAndSeatPeriodAreNeeded) {
  auto claims = Staff("ib");
  claims.set_two_factor(false);
  EXPECT_EQ(Ask(claims, "case.read").rule, "no-second-factor");
  professionals_["professionals/ib"].mutable_functions(0)->set_end_date("2026-11-22");
  EXPECT_EQ(Ask(Staff("ib"), "case.read").rule, "no-function") << "ended today";
  professionals_["professionals/ib"].mutable_functions(0)->clear_end_date();
  facts_.mutable_cases(0)->mutable_seats(0)->set_end_time(absl::ToUnixSeconds(now_));
  EXPECT_EQ(Ask(Staff("ib"), "case.read").rule, "no-seat");
}

TEST_F(EngineTest, R21OwnFamilyAdministratorAndAuditorSeeNoContent) {
  professionals_["professionals/ib"].add_own_accounts("accounts/father");
  EXPECT_EQ(Ask(Staff("ib"), "case.read").rule, "own-family");
  EXPECT_FALSE(Ask(Staff("admin"), "case.read").allowed);
  EXPECT_FALSE(Ask(Staff("officer"), "case.read", common::v1::PURPOSE_AUDIT).allowed);
}

TEST_F(EngineTest, R18ParentSeesChildrenAndSelfAndNotTheOtherParentOrSafety) {
  const Outcome o = Ask(Family("mother"), "case.read", common::v1::PURPOSE_OWN_FILE);
  ASSERT_TRUE(o.allowed) << o.rule;
  EXPECT_EQ(o.person, "mother");
  EXPECT_EQ(Scopes(o), (Names{"child-health", "child-school", "sibling-school"}));
}

TEST_F(EngineTest, R16ParentLosesAccessOnTheEighteenthBirthday) {
  facts_.mutable_persons(0)->set_birth_date("2008-11-22");
  const Outcome o = Ask(Family("mother"), "case.read", common::v1::PURPOSE_OWN_FILE);
  EXPECT_FALSE(o.allowed);
  EXPECT_EQ(o.rule, "no-gezag");
  EXPECT_TRUE(Ask(Family("child"), "case.read", common::v1::PURPOSE_OWN_FILE).allowed);
}

TEST_F(EngineTest, R16AYouthOfEighteenMayCloseACaseThatIsAboutNobodyElse) {
  const auto close = [&](const char* who) {
    return Ask(Family(who), "case.close", common::v1::PURPOSE_OWN_FILE).rule;
  };
  facts_.mutable_persons(0)->set_birth_date("2008-11-23");  // eighteen tomorrow
  EXPECT_EQ(close("child"), "no-rule-for-family");
  facts_.mutable_persons(0)->set_birth_date("2008-11-22");
  EXPECT_EQ(close("child"), "youth-close");
  EXPECT_EQ(close("mother"), "no-rule-for-family");
  facts_.mutable_cases(0)->add_children("sibling");
  EXPECT_EQ(close("child"), "no-rule-for-family");
}

TEST_F(EngineTest, R17StrangerOfTheFamilyAndLowAssuranceAreRefused) {
  EXPECT_EQ(Ask(Family("neighbour"), "case.read", common::v1::PURPOSE_OWN_FILE).rule,
            "not-of-this-family");
  auto claims = Family("mother");
  claims.set_assurance(access::v1::ASSURANCE_LOW);
  EXPECT_EQ(Ask(claims, "case.read", common::v1::PURPOSE_OWN_FILE).rule, "low-assurance");
}

TEST_F(EngineTest, R38LabelsToWriteAreCompletedAndDecidedOneByOne) {
  SeatNurseWithConsent();
  const Label health = MakeLabel({"child"}, COMPARTMENT_HEALTH, common::v1::REGIME_HEALTH, "");
  Outcome o = Ask(Staff("nurse"), "contribution.write", common::v1::PURPOSE_COORDINATION, {health});
  ASSERT_TRUE(o.allowed) << o.rule;
  EXPECT_EQ(o.labels[0].controller(), "organisations/ggd-zl");
  for (Label bad : {MakeLabel({"sibling"}, COMPARTMENT_EDUCATION, common::v1::REGIME_EDUCATION, ""),
                    MakeLabel({"child"}, COMPARTMENT_HEALTH, common::v1::REGIME_HEALTH,
                              "organisations/mosalira"),
                    MakeLabel({"child"}, COMPARTMENT_SAFETY, common::v1::REGIME_HEALTH, ""),
                    MakeLabel({"nobody"}, COMPARTMENT_HEALTH, common::v1::REGIME_HEALTH, ""),
                    MakeLabel({}, COMPARTMENT_HEALTH, common::v1::REGIME_HEALTH, ""),
                    MakeLabel({"child"}, COMPARTMENT_HEALTH, common::v1::REGIME_UNSPECIFIED, "")}) {
    o = Ask(Staff("nurse"), "contribution.write", common::v1::PURPOSE_COORDINATION, {health, bad});
    EXPECT_FALSE(o.allowed) << bad.ShortDebugString();
    EXPECT_EQ(o.rule, "label-not-covered");
    EXPECT_TRUE(o.labels.empty());
  }
}

TEST_F(EngineTest, R1StandInIsRegisseurFromTheInstantTheRegisseurLeaves) {
  auto* c = facts_.mutable_cases(0);
  testing::AddSeat(&facts_, "consultant", "organisations/gem-maastricht",
                   common::v1::FUNCTION_MUNICIPAL_CONSULTANT, access::v1::SEAT_ROLE_CORE_PARTNER);
  testing::AddConsent(&facts_, {"child"}, {COMPARTMENT_EDUCATION}, "organisations/gem-maastricht");
  testing::Sign(&facts_, "mother", access::v1::SIGNATURE_STATE_GIVEN, 1);
  testing::Sign(&facts_, "father", access::v1::SIGNATURE_STATE_GIVEN, 2);
  auto* term = c->add_terms();
  term->set_seat("seat-consultant");
  term->set_stand_in_seat("seat-ib");
  World world;
  world.facts = &facts_;
  world.professional = [this](absl::string_view name) {
    return &professionals_.at(std::string(name));
  };
  EXPECT_EQ(RegisseurSeat(*table_, world, *c, now_), "seat-consultant");
  professionals_["professionals/consultant"].mutable_functions(0)->set_end_date("2026-11-22");
  EXPECT_EQ(RegisseurSeat(*table_, world, *c, now_), "seat-ib") << "end of employment";
  professionals_["professionals/consultant"].mutable_functions(0)->clear_end_date();
  c->mutable_seats(1)->set_end_time(absl::ToUnixSeconds(now_));
  EXPECT_EQ(RegisseurSeat(*table_, world, *c, now_), "seat-ib") << "end of the seat";
  c->mutable_seats(1)->clear_end_time();
  EXPECT_EQ(RegisseurSeat(*table_, world, *c, now_), "seat-consultant");
  testing::Sign(&facts_, "mother", access::v1::SIGNATURE_STATE_WITHDRAWN, 3);
  EXPECT_EQ(RegisseurSeat(*table_, world, *c, now_), "seat-ib") << "a withdrawal";
}

TEST_F(EngineTest, R28ReceiverSeesOnlyOfferedScopesUnderConsentForHandover) {
  Employ("coordinator", "organisations/lvo", common::v1::FUNCTION_CARE_COORDINATOR);
  auto* seat =
      testing::AddSeat(&facts_, "coordinator", "organisations/lvo",
                       common::v1::FUNCTION_CARE_COORDINATOR, access::v1::SEAT_ROLE_RECEIVER);
  (void)seat;
  auto& consent = testing::AddConsent(&facts_, {"child", "father"}, {COMPARTMENT_EDUCATION},
                                      "organisations/lvo");
  consent.set_purposes(0, common::v1::PURPOSE_HANDOVER);
  testing::Sign(&facts_, "mother", SIGNATURE_STATE_GIVEN, 1);
  testing::Sign(&facts_, "father", SIGNATURE_STATE_GIVEN, 2);
  auto* h = facts_.add_handovers();
  h->set_receiver("organisations/lvo");
  h->add_scopes("child-school");
  EXPECT_TRUE(
      Ask(Staff("coordinator"), "handover.read", common::v1::PURPOSE_HANDOVER).scopes.empty());
  h->set_offered(true);
  const Outcome o = Ask(Staff("coordinator"), "handover.read", common::v1::PURPOSE_HANDOVER);
  ASSERT_TRUE(o.allowed) << o.rule;
  EXPECT_EQ(Scopes(o), Names{"child-school"}) << "covered by consent, and offered";
  EXPECT_FALSE(Ask(Staff("coordinator"), "case.read", common::v1::PURPOSE_HANDOVER).allowed);

  // R27: to a werkplaats that has closed nothing is offered any more.
  const auto reads = [&] {
    return Ask(Staff("coordinator"), "handover.read", common::v1::PURPOSE_HANDOVER);
  };
  h->set_case_id(facts_.cases(0).id());
  h->set_to_werkplaats("werkplaatsen/vmbo");
  werkplaats_.set_name("werkplaatsen/vmbo");
  EXPECT_TRUE(reads().allowed);
  const base::Date today = base::DateOf(now_);
  werkplaats_.set_close_date(base::FormatDate(today + 1));
  EXPECT_TRUE(reads().allowed) << "tomorrow";
  werkplaats_.set_close_date(base::FormatDate(today));
  EXPECT_FALSE(reads().allowed);
  EXPECT_EQ(reads().rule, "no-seat");
  // Another that stays open is still offered, and nothing but that.
  auto* other = facts_.add_handovers();
  *other = *h;
  other->set_to_werkplaats("werkplaatsen/havo");
  other->clear_scopes();
  other->add_scopes("father-school");
  EXPECT_TRUE(reads().allowed);
  EXPECT_EQ(Scopes(reads()), Names{"father-school"});
}

}  // namespace
}  // namespace knooppunt::policy
