// Emergency access in the engine: opens for hours, for one professional in one function, to read
// and nothing else (R20).
#include "security/policy/emergency.h"

#include <algorithm>
#include <map>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "security/policy/engine.h"
#include "security/policy/testing_family.h"

namespace knooppunt::policy {
namespace {

using access::v1::EmergencyFact;
using access::v1::TokenClaims;
using common::v1::Compartment;
using common::v1::Function;
using common::v1::Label;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr absl::Duration kHour = absl::Hours(1);

class EmergencyTest : public ::testing::Test {
 protected:
  EmergencyTest() : table_(testing::LoadPolicy()), facts_(testing::DivorcedParents()) {
    Employ("nurse", "organisations/ggd-zl", common::v1::FUNCTION_JGZ_NURSE);
    Employ("nurse", "organisations/other-ggd", common::v1::FUNCTION_JGZ_NURSE);
    Employ("nurse", "organisations/ggd-zl", common::v1::FUNCTION_JGZ_DOCTOR);
    Employ("colleague", "organisations/ggd-zl", common::v1::FUNCTION_JGZ_NURSE);
    Employ("officer", "organisations/gem-maastricht", common::v1::FUNCTION_PRIVACY_OFFICER);
    Employ("admin", "organisations/mosalira", common::v1::FUNCTION_ADMINISTRATOR);
    Employ("worker", "organisations/trajekt", common::v1::FUNCTION_SCHOOL_SOCIAL_WORKER);
    const struct {
      const char* id;
      const char* about;
      Compartment compartment;
      const char* controller;
    } scopes[] = {
        {"child-care", "child", common::v1::COMPARTMENT_CARE, "organisations/gem-maastricht"},
        {"child-health", "child", common::v1::COMPARTMENT_HEALTH, "organisations/ggd-zl"},
        {"child-safety", "child", common::v1::COMPARTMENT_SAFETY, "organisations/mosalira"},
        {"child-school", "child", common::v1::COMPARTMENT_EDUCATION, "organisations/mosalira"},
        {"father-family", "father", common::v1::COMPARTMENT_FAMILY, "organisations/mosalira"},
    };
    for (const auto& s : scopes) {
      auto* scope = facts_.add_scopes();
      scope->set_id(s.id);
      scope->mutable_label()->mutable_about()->add_persons(s.about);
      scope->mutable_label()->set_compartment(s.compartment);
      scope->mutable_label()->set_regime(common::v1::REGIME_YOUTH_CARE);
      scope->mutable_label()->set_controller(s.controller);
    }
  }

  void Employ(const char* id, const char* organisation, Function function) {
    auto& p = professionals_[absl::StrCat("professionals/", id)];
    p.set_name(absl::StrCat("professionals/", id));
    auto* t = p.add_functions();
    t->set_organisation(organisation);
    t->set_function(function);
    t->set_start_date("2020-01-01");
  }
  // In the professional's `term`-th function.
  TokenClaims Staff(const char* id, int term = 0) const {
    const auto& p = professionals_.at(absl::StrCat("professionals/", id));
    TokenClaims c;
    c.set_subject(p.name());
    c.set_organisation(p.functions(term).organisation());
    c.set_function(p.functions(term).function());
    c.set_two_factor(true);
    return c;
  }
  // Opened at kOpened for two hours, every compartment.
  EmergencyFact* Open(const TokenClaims& who) {
    EmergencyFact* e = facts_.add_emergencies();
    e->set_id(absl::StrCat("e", facts_.emergencies_size()));
    e->set_professional(who.subject());
    e->set_organisation(who.organisation());
    e->set_function(who.function());
    for (int c = Compartment_MIN() + 1; c <= 5; ++c)
      e->add_compartments(static_cast<Compartment>(c));
    e->set_start_time(absl::ToUnixSeconds(opened_));
    e->set_end_time(absl::ToUnixSeconds(opened_ + 2 * kHour));
    return e;
  }
  static int Compartment_MIN() { return common::v1::COMPARTMENT_UNSPECIFIED; }
  void Reviewed(EmergencyFact* e, bool justified) const {
    e->set_reviewer("professionals/officer");
    e->set_review_time(absl::ToUnixSeconds(now_));
    e->set_justified(justified);
  }

  Outcome Ask(const TokenClaims& who, const char* permission,
              common::v1::Purpose purpose = common::v1::PURPOSE_EMERGENCY,
              std::vector<Label> labels = {}) const {
    World world;
    world.facts = known_ ? &facts_ : nullptr;
    world.professional = [this](absl::string_view name) -> const access::v1::ProfessionalFacts* {
      const auto it = professionals_.find(std::string(name));
      return it == professionals_.end() ? nullptr : &it->second;
    };
    world.kind_of = [](absl::string_view) { return common::v1::ORGANISATION_KIND_YOUTH_HEALTH; };
    Question q;
    q.permission = permission;
    q.claims = &who;
    q.purpose = purpose;
    q.about_family = true;
    q.labels = std::move(labels);
    q.now = now_;
    return Decide(*table_, world, q);
  }
  Outcome Read(const TokenClaims& who) const { return Ask(who, "case.read"); }
  static std::vector<std::string> Scopes(const Outcome& o) {
    std::vector<std::string> out;
    out.reserve(o.scopes.size());
    for (const auto& s : o.scopes) out.push_back(s.scope);
    std::sort(out.begin(), out.end());
    return out;
  }

  std::shared_ptr<const Table> table_;
  access::v1::FamilyFacts facts_;
  std::map<std::string, access::v1::ProfessionalFacts> professionals_;
  bool known_ = true;
  absl::Time opened_ = absl::FromCivil(absl::CivilHour(2026, 11, 22, 10), base::Amsterdam());
  absl::Time now_ = opened_;
};

TEST_F(EmergencyTest, R20AnOpenOneReadsEveryCompartmentAndSaysWhatItRestsOn) {
  Open(Staff("nurse"));
  const Outcome o = Read(Staff("nurse"));
  ASSERT_TRUE(o.allowed) << o.rule;
  EXPECT_EQ(o.rule, "staff-emergency-read");
  EXPECT_THAT(Scopes(o), ElementsAre("child-care", "child-health", "child-safety", "child-school",
                                     "father-family"));
  for (const OpenScope& s : o.scopes) EXPECT_EQ(s.basis, "emergencies/e1");
  EXPECT_THAT(o.bases, ElementsAre("emergencies/e1"));
  EXPECT_TRUE(o.emergency);
}

TEST_F(EmergencyTest, R20WithoutOneNothingIsRead) {
  const Outcome o = Read(Staff("nurse"));
  EXPECT_FALSE(o.allowed);
  EXPECT_EQ(o.rule, "no-seat");
  EXPECT_THAT(o.scopes, IsEmpty());
  EXPECT_TRUE(o.emergency) << "that it was tried as an emergency is on the record";
}

TEST_F(EmergencyTest, R20ItEndsByItselfToTheSecond) {
  Open(Staff("nurse"));
  now_ = opened_ - absl::Seconds(1);
  EXPECT_FALSE(Read(Staff("nurse")).allowed);
  now_ = opened_ + 2 * kHour - absl::Seconds(1);
  EXPECT_TRUE(Read(Staff("nurse")).allowed);
  now_ = opened_ + 2 * kHour;
  EXPECT_FALSE(Read(Staff("nurse")).allowed);
}

TEST_F(EmergencyTest, R20ItIsOfOnePersonInOneFunctionForOneOrganisation) {
  Open(Staff("nurse"));
  EXPECT_FALSE(Read(Staff("nurse", 1)).allowed) << "another organisation";
  EXPECT_FALSE(Read(Staff("nurse", 2)).allowed) << "another function";
  EXPECT_FALSE(Read(Staff("colleague")).allowed) << "another person";
}

TEST_F(EmergencyTest, R20FoundUnjustifiedItOpensNothingWhateverItsEnd) {
  EmergencyFact* e = Open(Staff("nurse"));
  Reviewed(e, /*justified=*/true);
  EXPECT_TRUE(Read(Staff("nurse")).allowed);
  Reviewed(e, /*justified=*/false);
  EXPECT_FALSE(Read(Staff("nurse")).allowed);
}

TEST_F(EmergencyTest, R20ItOpensTheCompartmentsItNamesAndEmptyIsNone) {
  EmergencyFact* e = Open(Staff("nurse"));
  e->clear_compartments();
  EXPECT_THAT(Scopes(Read(Staff("nurse"))), IsEmpty());
  e->add_compartments(common::v1::COMPARTMENT_SAFETY);
  EXPECT_THAT(Scopes(Read(Staff("nurse"))), ElementsAre("child-safety"));
}

TEST_F(EmergencyTest, R20ItReadsUnderItsOwnPurposeOnly) {
  Open(Staff("nurse"));
  const Outcome o = Ask(Staff("nurse"), "case.read", common::v1::PURPOSE_COORDINATION);
  EXPECT_FALSE(o.allowed);
  EXPECT_FALSE(o.emergency);
}

TEST_F(EmergencyTest, R20ItReadsACaseWithItsDocumentsAndDoesNothingElse) {
  Open(Staff("nurse"));
  Label label;
  label.mutable_about()->add_persons("child");
  label.set_compartment(common::v1::COMPARTMENT_HEALTH);
  label.set_regime(common::v1::REGIME_HEALTH);
  for (const std::string& permission : table_->Permissions()) {
    if (permission == "case.read" || permission == "document.read" ||
        permission == "emergency.open") {
      continue;
    }
    for (int purpose = 1; purpose <= common::v1::Purpose_MAX; ++purpose) {
      const Outcome o = Ask(Staff("nurse"), permission.c_str(),
                            static_cast<common::v1::Purpose>(purpose), {label});
      EXPECT_FALSE(o.allowed) << permission << " for " << purpose;
    }
  }
  EXPECT_FALSE(Ask(Staff("nurse"), "case.read", common::v1::PURPOSE_EMERGENCY, {}).scopes.empty());
  EXPECT_THAT(Ask(Staff("nurse"), "emergency.open").scopes, IsEmpty());
}

TEST_F(EmergencyTest, R20TheSeatOfAReceiverDoesNotNarrowIt) {
  testing::AddSeat(&facts_, "nurse", "organisations/ggd-zl", common::v1::FUNCTION_JGZ_NURSE,
                   access::v1::SEAT_ROLE_RECEIVER);
  Open(Staff("nurse"));
  EXPECT_EQ(Read(Staff("nurse")).scopes.size(), 5u);
}

TEST_F(EmergencyTest, R21NobodyOpensTheirOwnFamily) {
  professionals_["professionals/nurse"].add_own_accounts("accounts/mother");
  Open(Staff("nurse"));
  EXPECT_EQ(Ask(Staff("nurse"), "emergency.open").rule, "own-family");
  EXPECT_EQ(Read(Staff("nurse")).rule, "own-family");
}

TEST_F(EmergencyTest, R17TwoFactorsAndAFunctionThatHolds) {
  Open(Staff("nurse"));
  TokenClaims weak = Staff("nurse");
  weak.set_two_factor(false);
  EXPECT_EQ(Read(weak).rule, "no-second-factor");
  EXPECT_EQ(Ask(weak, "emergency.open").rule, "no-second-factor");
  for (auto& t : *professionals_["professionals/nurse"].mutable_functions())
    t.set_end_date("2026-11-22");
  EXPECT_EQ(Read(Staff("nurse")).rule, "no-function");
}

TEST_F(EmergencyTest, R20WhoMayOpenStandsInThePolicyAndNeedsNoSeat) {
  EXPECT_TRUE(Ask(Staff("nurse"), "emergency.open").allowed);
  for (const char* id : {"officer", "admin", "worker"}) {
    EXPECT_EQ(Ask(Staff(id), "emergency.open").rule, "no-rule-for-function") << id;
  }
  EXPECT_EQ(Ask(Staff("nurse"), "emergency.open", common::v1::PURPOSE_COORDINATION).rule,
            "no-rule-for-purpose");
}

TEST_F(EmergencyTest, R18AFamilyThatIsNotThereIsRefusedWithoutExplanation) {
  known_ = false;
  for (const char* permission : {"emergency.open", "case.read"}) {
    const Outcome o = Ask(Staff("nurse"), permission);
    EXPECT_FALSE(o.allowed) << permission;
    EXPECT_FALSE(o.explainable) << permission;
  }
}

TEST_F(EmergencyTest, R18ToTheOfficerAFamilyWithoutEmergencyIsLikeNoFamily) {
  const TokenClaims officer = Staff("officer");
  const Outcome without = Ask(officer, "emergency.review", common::v1::PURPOSE_AUDIT);
  known_ = false;
  const Outcome unknown = Ask(officer, "emergency.review", common::v1::PURPOSE_AUDIT);
  EXPECT_FALSE(without.allowed);
  EXPECT_EQ(without.rule, unknown.rule);
  EXPECT_EQ(without.explainable, unknown.explainable);
  known_ = true;
  Open(Staff("nurse"));
  const Outcome with = Ask(officer, "emergency.review", common::v1::PURPOSE_AUDIT);
  EXPECT_TRUE(with.allowed);
  EXPECT_THAT(with.scopes, IsEmpty()) << "no content of dossiers (R21)";
  EXPECT_FALSE(with.emergency);
}

TEST_F(EmergencyTest, R20WhoOpensDoesNotReview) {
  Open(Staff("nurse"));
  for (int purpose = 1; purpose <= common::v1::Purpose_MAX; ++purpose) {
    EXPECT_FALSE(
        Ask(Staff("nurse"), "emergency.review", static_cast<common::v1::Purpose>(purpose)).allowed);
  }
}

// ---- What the family sees, and when ----------------------------------------------

TEST_F(EmergencyTest, R25TheFamilySeesItAfterTheReview) {
  EmergencyFact* e = Open(Staff("nurse"));
  now_ = opened_ + 3 * kHour;
  EXPECT_LT(EmergenciesShownBefore(facts_, now_), opened_);
  Reviewed(e, /*justified=*/true);
  EXPECT_GT(EmergenciesShownBefore(facts_, now_), now_) << "the review too";
}

TEST_F(EmergencyTest, R25TheFamilySeesItAfterFourteenDaysInAnyCase) {
  Open(Staff("nurse"));
  now_ = opened_ + kEmergencyHiddenFromFamily;
  EXPECT_EQ(EmergenciesShownBefore(facts_, now_), opened_);
  now_ += absl::Seconds(1);
  EXPECT_GT(EmergenciesShownBefore(facts_, now_), opened_);
}

TEST_F(EmergencyTest, R25AReviewDoesNotShowAnotherThatWaits) {
  EmergencyFact* waits = Open(Staff("nurse"));
  EmergencyFact* first = Open(Staff("colleague"));
  waits->set_start_time(absl::ToUnixSeconds(opened_ + kHour));
  now_ = opened_ + 3 * kHour;
  Reviewed(first, /*justified=*/true);
  EXPECT_EQ(EmergenciesShownBefore(facts_, now_), opened_ + kHour);
}

}  // namespace
}  // namespace knooppunt::policy
