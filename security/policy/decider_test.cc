// Who decides on an escalation sees what it names (R10), and whoever is regisseur leads (R1, R2).
#include <map>
#include <string>

#include "base/status_testing.h"
#include "gtest/gtest.h"
#include "security/policy/engine.h"
#include "security/policy/testing_family.h"

namespace knooppunt::policy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kTown[] = "organisations/gem-maastricht";

class DeciderTest : public ::testing::Test {
 protected:
  DeciderTest() : table_(testing::LoadPolicy()), facts_(testing::DivorcedParents()) {
    Employ("ib", "organisations/mosalira", common::v1::FUNCTION_INTERN_BEGELEIDER);
    Employ("nurse", "organisations/ggd-zl", common::v1::FUNCTION_JGZ_NURSE);
    Employ("alderman", kTown, common::v1::FUNCTION_ALDERMAN);
    Employ("other", kTown, common::v1::FUNCTION_ALDERMAN);
    AddScope("named", common::v1::COMPARTMENT_EDUCATION, "organisations/mosalira");
    AddScope("not-named", common::v1::COMPARTMENT_FAMILY, "organisations/mosalira");
    AddScope("of-the-town", common::v1::COMPARTMENT_FAMILY, kTown);
    auto* e = facts_.add_escalations();
    e->set_id("e1");
    e->set_case_id("c1");
    e->add_scopes("named");
    auto* d = e->add_deciders();
    d->set_professional("professionals/alderman");
    d->set_organisation(kTown);
    d->set_function(common::v1::FUNCTION_ALDERMAN);
  }
  void AddScope(const char* id, common::v1::Compartment compartment, const char* controller) {
    auto* s = facts_.add_scopes();
    s->set_id(id);
    s->mutable_label()->mutable_about()->add_persons("child");
    s->mutable_label()->set_compartment(compartment);
    s->mutable_label()->set_regime(compartment == common::v1::COMPARTMENT_EDUCATION
                                       ? common::v1::REGIME_EDUCATION
                                       : common::v1::REGIME_MUNICIPAL);
    s->mutable_label()->set_controller(controller);
  }
  void Employ(const std::string& id, const char* organisation, common::v1::Function f) {
    auto& p = professionals_["professionals/" + id];
    p.set_name("professionals/" + id);
    auto* t = p.add_functions();
    t->set_organisation(organisation);
    t->set_function(f);
    t->set_start_date("2020-01-01");
  }
  World TheWorld() {
    World world;
    world.facts = &facts_;
    world.professional = [this](absl::string_view name) -> const access::v1::ProfessionalFacts* {
      const auto it = professionals_.find(std::string(name));
      return it == professionals_.end() ? nullptr : &it->second;
    };
    world.kind_of = [](absl::string_view o) {
      return o == kTown ? common::v1::ORGANISATION_KIND_MUNICIPALITY
                        : common::v1::ORGANISATION_KIND_SCHOOL_BOARD;
    };
    return world;
  }
  Outcome Ask(const char* id, const char* permission, const char* case_id = "c1") {
    const auto& p = professionals_.at(absl::StrCat("professionals/", id));
    access::v1::TokenClaims claims;
    claims.set_subject(p.name());
    claims.set_organisation(p.functions(0).organisation());
    claims.set_function(p.functions(0).function());
    claims.set_two_factor(true);
    Question q{
        .permission = permission, .claims = &claims, .purpose = common::v1::PURPOSE_COORDINATION};
    q.about_family = true;
    q.case_id = case_id;
    q.now = now_;
    return Decide(*table_, TheWorld(), q);
  }
  Outcome AskFamily(const char* person, const char* permission) {
    access::v1::TokenClaims claims;
    claims.set_subject(absl::StrCat("accounts/", person));
    claims.set_assurance(access::v1::ASSURANCE_SUBSTANTIAL);
    Question q{
        .permission = permission, .claims = &claims, .purpose = common::v1::PURPOSE_OWN_FILE};
    q.about_family = true;
    q.case_id = "c1";
    q.now = now_;
    return Decide(*table_, TheWorld(), q);
  }
  static std::vector<std::string> Scopes(const Outcome& outcome) {
    std::vector<std::string> out;
    for (const OpenScope& s : outcome.scopes) out.push_back(s.scope);
    return out;
  }
  void Lead(const std::string& seat, const std::string& stand_in) {
    auto* term = facts_.mutable_cases(0)->add_terms();
    term->set_seat(seat);
    term->set_stand_in_seat(stand_in);
    facts_.mutable_cases(0)->set_state(access::v1::CASE_STATE_ACTIVE);
  }

  const absl::Time now_ = base::StartOf(testing::kToday) + absl::Hours(10);
  std::shared_ptr<const Table> table_;
  access::v1::FamilyFacts facts_;
  std::map<std::string, access::v1::ProfessionalFacts> professionals_;
};

TEST_F(DeciderTest, R10WhoDecidesSeesWhatTheEscalationNamesAndNotTheirOrganisationsRecord) {
  const Outcome out = Ask("alderman", "escalation.decide");
  EXPECT_TRUE(out.allowed);
  EXPECT_EQ(out.rule, "staff-escalation-decide");
  EXPECT_THAT(Scopes(out), ElementsAre("named"));
  EXPECT_THAT(out.bases, ElementsAre("escalations/e1"));
  EXPECT_FALSE(Ask("alderman", "case.read").allowed);
  EXPECT_EQ(Ask("other", "escalation.decide").rule, "no-seat");
  EXPECT_EQ(Ask("alderman", "escalation.decide", "c2").rule, "no-seat");
}

TEST_F(DeciderTest, R10ConsentOpensMoreToWhoDecides) {
  testing::AddConsent(&facts_, {"child"}, {common::v1::COMPARTMENT_FAMILY}, kTown);
  for (const char* who : {"mother", "father"}) {
    testing::Sign(&facts_, who, access::v1::SIGNATURE_STATE_GIVEN, 1);
  }
  EXPECT_THAT(Scopes(Ask("alderman", "escalation.decide")),
              ElementsAre("named", "not-named", "of-the-town"));
}

TEST_F(DeciderTest, R10NothingIsLeftOnceItIsDecidedOrWithdrawn) {
  facts_.mutable_escalations(0)->set_end_time(absl::ToUnixSeconds(now_));
  const Outcome out = Ask("alderman", "escalation.decide");
  EXPECT_FALSE(out.allowed);
  EXPECT_EQ(out.rule, "no-seat");
  EXPECT_THAT(out.scopes, IsEmpty());
}

TEST_F(DeciderTest, R10TheFunctionMustStillBeHeldAndBeTheOneThatWasNamed) {
  professionals_["professionals/alderman"].mutable_functions(0)->set_end_date("2026-11-22");
  EXPECT_EQ(Ask("alderman", "escalation.decide").rule, "no-function");
  professionals_["professionals/alderman"].mutable_functions(0)->clear_end_date();
  facts_.mutable_escalations(0)->mutable_deciders(0)->set_organisation("organisations/elders");
  EXPECT_EQ(Ask("alderman", "escalation.decide").rule, "no-seat");
}

TEST_F(DeciderTest, R2OnlyTheFamilyMemberWhoIsRegisseurLeads) {
  auto* seat = facts_.mutable_cases(0)->add_seats();
  seat->set_id("seat-mother");
  seat->set_person("mother");
  seat->set_role(access::v1::SEAT_ROLE_FAMILY);
  seat->set_state(access::v1::SEAT_STATE_JOINED);
  seat->set_start_time(1);
  Lead("seat-mother", "seat-ib");
  for (const char* permission : {"case.invite", "case.close", "case.steer", "meeting.write",
                                 "case.appoint", "case.end-seat", "consent.propose"}) {
    EXPECT_TRUE(AskFamily("mother", permission).allowed) << permission;
    EXPECT_EQ(AskFamily("father", permission).rule, "no-rule-for-family") << permission;
  }
  // R1: without gezag the seat of the regisseur falls to the stand-in.
  for (auto& g : *facts_.mutable_gezag()) {
    if (g.holder_person() == "mother") g.set_end_date("2026-11-01");
  }
  EXPECT_FALSE(AskFamily("mother", "case.steer").allowed);
}

TEST_F(DeciderTest, R1WhoIsRegisseurLeadsInEveryFunction) {
  testing::AddSeat(&facts_, "nurse", "organisations/ggd-zl", common::v1::FUNCTION_JGZ_NURSE,
                   access::v1::SEAT_ROLE_CORE_PARTNER);
  EXPECT_EQ(Ask("nurse", "case.invite").rule, "no-seat");
  Lead("seat-nurse", "seat-ib");
  EXPECT_FALSE(Ask("nurse", "case.steer").allowed) << "whose organisation may read nothing of it";
  testing::AddConsent(&facts_, {"child"}, {common::v1::COMPARTMENT_EDUCATION});
  for (const char* who : {"mother", "father"}) {
    testing::Sign(&facts_, who, access::v1::SIGNATURE_STATE_GIVEN, 1);
  }
  for (const char* permission :
       {"case.invite", "case.end-seat", "case.appoint", "case.close", "case.steer",
        "consent.propose", "handover.send", "meeting.write"}) {
    EXPECT_TRUE(Ask("nurse", permission).allowed) << permission;
  }
}

}  // namespace
}  // namespace knooppunt::policy
