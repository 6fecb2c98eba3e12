#include "security/policy/leading.h"

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_testing.h"
#include "gtest/gtest.h"
#include "security/policy/responsibility.h"
#include "security/policy/testing_family.h"

namespace knooppunt::policy {
namespace {

using access::v1::LEAD_KIND_APPOINTED;
using access::v1::LEAD_KIND_FUNCTION;
using access::v1::LEAD_KIND_STAND_IN;
using access::v1::LEAD_KIND_UNSPECIFIED;
using access::v1::LEAD_KIND_WERKPLAATS;
using access::v1::SIGNATURE_STATE_GIVEN;
using access::v1::SIGNATURE_STATE_WITHDRAWN;
using common::v1::COMPARTMENT_EDUCATION;
using common::v1::FUNCTION_INTERN_BEGELEIDER;
using testing::kToday;

constexpr char kSchool[] = "organisations/mosalira";
constexpr char kGgd[] = "organisations/ggd-zl";

// The nurse leads and the consultant stands in, both on consents; the ib opened the case.
class LeadingTest : public ::testing::Test {
 protected:
  LeadingTest() : table_(testing::LoadPolicy()), facts_(testing::DivorcedParents()) {
    world_.facts = &facts_;
    world_.professional = [this](absl::string_view name) -> const access::v1::ProfessionalFacts* {
      const auto it = people_.find(std::string(name));
      return it == people_.end() ? nullptr : &it->second;
    };
    world_.kind_of = [](absl::string_view o) {
      return o == kSchool ? common::v1::ORGANISATION_KIND_SCHOOL_BOARD
                          : common::v1::ORGANISATION_KIND_MUNICIPALITY;
    };
    world_.werkplaats = [this](absl::string_view name) {
      return name == werkplaats_.name() ? &werkplaats_ : nullptr;
    };
    werkplaats_.set_name("werkplaatsen/manjefiek");
    Employ("ib", kSchool, FUNCTION_INTERN_BEGELEIDER);
    Employ("contact", kSchool, FUNCTION_INTERN_BEGELEIDER);
    Employ("backup", kSchool, FUNCTION_INTERN_BEGELEIDER);
    Employ("nurse", kGgd, common::v1::FUNCTION_JGZ_NURSE);
    Employ("consultant", "organisations/maastricht", common::v1::FUNCTION_MUNICIPAL_CONSULTANT);
    testing::AddSeat(&facts_, "nurse", kGgd, common::v1::FUNCTION_JGZ_NURSE,
                     access::v1::SEAT_ROLE_CORE_PARTNER);
    testing::AddSeat(&facts_, "consultant", "organisations/maastricht",
                     common::v1::FUNCTION_MUNICIPAL_CONSULTANT, access::v1::SEAT_ROLE_CORE_PARTNER);
    Case().set_state(access::v1::CASE_STATE_ACTIVE);
    access::v1::RegisseurTerm* term = Case().add_terms();
    term->set_seat("seat-nurse");
    term->set_stand_in_seat("seat-consultant");
    term->set_start_time(At(base::Date(2026, 11, 2)));
    for (const char* recipient : {kGgd, "organisations/maastricht"}) {
      testing::AddConsent(&facts_, {"child"}, {COMPARTMENT_EDUCATION}, recipient);
      for (const char* who : {"mother", "father"}) {
        testing::Sign(&facts_, who, SIGNATURE_STATE_GIVEN, At(base::Date(2026, 11, 1)));
      }
    }
  }
  access::v1::CaseFact& Case() { return *facts_.mutable_cases(0); }
  void Employ(const char* id, const char* organisation, common::v1::Function function) {
    access::v1::ProfessionalFacts& p = people_[absl::StrCat("professionals/", id)];
    p.set_name(absl::StrCat("professionals/", id));
    auto* term = p.add_functions();
    term->set_organisation(organisation);
    term->set_function(function);
    term->set_start_date("2020-01-01");
  }
  void Leaves(const char* id, const char* on) {
    people_[absl::StrCat("professionals/", id)].mutable_functions(0)->set_end_date(on);
  }
  void NameContact() {
    auto* c = werkplaats_.add_contacts();
    c->set_organisation(kSchool);
    c->set_function(FUNCTION_INTERN_BEGELEIDER);
    c->set_professional("professionals/contact");
    c->set_stand_in("professionals/backup");
  }
  static int64_t At(base::Date day) { return absl::ToUnixSeconds(base::StartOf(day)); }
  access::v1::Leader Leader(base::Date on = kToday) {
    return LeaderOf(*table_, world_, Case(), base::StartOf(on) + absl::Hours(12));
  }
  Outcome Ask(const char* id, const char* permission, common::v1::Function as,
              const std::string& case_id = "") {
    const auto& p = people_.at(absl::StrCat("professionals/", id));
    access::v1::TokenClaims claims;
    claims.set_subject(p.name());
    claims.set_organisation(p.functions(0).organisation());
    claims.set_function(as);
    claims.set_two_factor(true);
    return Decide(*table_, world_,
                  {.permission = permission,
                   .claims = &claims,
                   .purpose = common::v1::PURPOSE_COORDINATION,
                   .about_family = true,
                   .case_id = case_id,
                   .now = base::StartOf(kToday) + absl::Hours(12)});
  }

  std::shared_ptr<const Table> table_;
  access::v1::FamilyFacts facts_;
  std::map<std::string, access::v1::ProfessionalFacts> people_;
  access::v1::WerkplaatsFacts werkplaats_;
  World world_;
};

TEST_F(LeadingTest, R1TheAppointedLeadsAndTheStandInStandsBeside) {
  EXPECT_EQ(Leader().kind(), LEAD_KIND_APPOINTED);
  EXPECT_EQ(Leader().seat(), "seat-nurse");
  EXPECT_EQ(Leader().stand_in_seat(), "seat-consultant");
  Leaves("consultant", "2026-11-20");
  EXPECT_EQ(Leader().seat(), "seat-nurse");
  EXPECT_EQ(Leader().stand_in_seat(), "") << "no stand-in any more: a task";
  Case().clear_terms();
  EXPECT_EQ(Leader().kind(), LEAD_KIND_UNSPECIFIED) << "not active yet";
}

TEST_F(LeadingTest, R1AWithdrawalOfConsentPassesTheLeadToTheStandIn) {
  testing::Sign(&facts_, "father", SIGNATURE_STATE_WITHDRAWN, At(kToday));
  EXPECT_EQ(Leader().kind(), LEAD_KIND_APPOINTED) << "of the other organisation's consent";
  auto* s = facts_.mutable_consents(0)->add_signatures();
  s->set_person("mother");
  s->set_state(SIGNATURE_STATE_WITHDRAWN);
  s->set_time(At(kToday));
  EXPECT_EQ(Leader().kind(), LEAD_KIND_STAND_IN);
  EXPECT_EQ(Leader().seat(), "seat-consultant")
      << "responsible, though their organisation may not read either (R16)";
  EXPECT_EQ(Leader().start_time(), 0) << "the facts do not tell since when";
}

TEST_F(LeadingTest, R1BothLeftAndTheWerkplaatsAtTheTableLeads) {
  Leaves("nurse", "2026-11-18");
  EXPECT_EQ(Leader().kind(), LEAD_KIND_STAND_IN);
  EXPECT_EQ(Leader().start_time(), At(base::Date(2026, 11, 18)));
  Leaves("consultant", "2026-11-20");
  EXPECT_EQ(Leader().kind(), LEAD_KIND_WERKPLAATS);
  EXPECT_EQ(Leader().seat(), "seat-ib");
  EXPECT_EQ(Leader().start_time(), At(base::Date(2026, 11, 20)));
  EXPECT_TRUE(Ask("ib", "case.appoint", FUNCTION_INTERN_BEGELEIDER).allowed);
  EXPECT_EQ(Leader(base::Date(2026, 11, 19)).seat(), "seat-consultant");
}

TEST_F(LeadingTest, R1WhoOpenedComesBeforeWhoJoinedLaterAndADeputyDoesNotCount) {
  Leaves("nurse", "2026-11-18");
  Leaves("consultant", "2026-11-18");
  access::v1::Seat* later = testing::AddSeat(
      &facts_, "contact", kSchool, FUNCTION_INTERN_BEGELEIDER, access::v1::SEAT_ROLE_WERKPLAATS);
  later->set_start_time(2);
  EXPECT_EQ(Leader().seat(), "seat-ib");
  Leaves("ib", "2026-11-19");
  EXPECT_EQ(Leader().seat(), "seat-contact");
  later->set_deputises("seat-ib");
  EXPECT_EQ(Leader().kind(), LEAD_KIND_FUNCTION) << "they left with whom they deputised for (R39)";
  later->clear_deputises();
  later->set_state(access::v1::SEAT_STATE_INVITED);
  EXPECT_EQ(Leader().kind(), LEAD_KIND_FUNCTION);
}

TEST_F(LeadingTest, R37NobodyLeftAndTheContactOfTheWerkplaatsHoldsItByFunction) {
  NameContact();
  for (const char* id : {"nurse", "consultant", "ib"}) Leaves(id, "2026-11-20");
  EXPECT_EQ(Leader().kind(), LEAD_KIND_FUNCTION);
  EXPECT_EQ(Leader().seat(), "");
  EXPECT_EQ(Leader().organisation(), kSchool);
  EXPECT_EQ(Leader().acting(), "professionals/contact");
  Leaves("contact", "2026-11-21");
  EXPECT_EQ(Leader().acting(), "professionals/backup") << "the contact's stand-in";
  Leaves("backup", "2026-11-21");
  EXPECT_EQ(Leader().acting(), "") << "then whoever holds the function there";
}

TEST_F(LeadingTest, R16WhoHoldsItByFunctionSeesWhoAndHowToReachAndNoMore) {
  NameContact();
  for (const char* id : {"nurse", "consultant", "ib"}) Leaves(id, "2026-11-20");
  auto* names = facts_.add_scopes();
  names->set_id("child-school");
  names->mutable_label()->mutable_about()->add_persons("child");
  names->mutable_label()->set_compartment(COMPARTMENT_EDUCATION);
  names->mutable_label()->set_regime(common::v1::REGIME_EDUCATION);
  names->mutable_label()->set_controller(kSchool);
  auto* health = facts_.add_scopes();
  *health = *names;
  health->set_id("child-health");
  health->mutable_label()->set_compartment(common::v1::COMPARTMENT_HEALTH);

  const Outcome reach = Ask("contact", "responsibility.read", FUNCTION_INTERN_BEGELEIDER);
  ASSERT_TRUE(reach.allowed) << reach.rule;
  ASSERT_EQ(reach.scopes.size(), 1u);
  EXPECT_EQ(reach.scopes[0].scope, "child-school");
  EXPECT_NE(reach.responsible_since, 0);
  const Outcome take = Ask("contact", "case.take-over", FUNCTION_INTERN_BEGELEIDER);
  EXPECT_TRUE(take.allowed) << take.rule;
  EXPECT_TRUE(take.scopes.empty());
  const Outcome list = Ask("contact", "case.list", FUNCTION_INTERN_BEGELEIDER);
  EXPECT_TRUE(list.allowed);
  EXPECT_TRUE(list.scopes.empty());
  for (const char* permission : {"case.read", "case.appoint", "case.invite", "plan.read",
                                 "consent.read", "person.read", "case.close"}) {
    EXPECT_EQ(Ask("contact", permission, FUNCTION_INTERN_BEGELEIDER).rule, "no-seat") << permission;
  }
  EXPECT_FALSE(Ask("backup", "case.take-over", FUNCTION_INTERN_BEGELEIDER).allowed)
      << "one acts, not two";
  EXPECT_FALSE(Ask("backup", "responsibility.read", FUNCTION_INTERN_BEGELEIDER).allowed);
  EXPECT_FALSE(Ask("ib", "case.take-over", FUNCTION_INTERN_BEGELEIDER).allowed) << "left";
}

TEST_F(LeadingTest, R1NobodyTakesOverWhatSomebodyLeads) {
  NameContact();
  EXPECT_EQ(Ask("contact", "case.take-over", FUNCTION_INTERN_BEGELEIDER).rule, "no-seat");
  Leaves("nurse", "2026-11-20");
  EXPECT_EQ(Ask("contact", "case.take-over", FUNCTION_INTERN_BEGELEIDER).rule, "no-seat");
  for (const char* id : {"consultant", "ib"}) Leaves(id, "2026-11-20");
  EXPECT_TRUE(Ask("contact", "case.take-over", FUNCTION_INTERN_BEGELEIDER).allowed);
  people_["professionals/contact"].add_own_accounts("accounts/mother");
  EXPECT_EQ(Ask("contact", "case.take-over", FUNCTION_INTERN_BEGELEIDER).rule, "own-family")
      << "R21";
}

TEST_F(LeadingTest, R37WithoutAContactWhoeverHoldsTheFunctionThereTakesItOver) {
  for (const char* id : {"nurse", "consultant", "ib"}) Leaves(id, "2026-11-20");
  for (const char* id : {"contact", "backup"}) {
    EXPECT_TRUE(Ask(id, "case.take-over", FUNCTION_INTERN_BEGELEIDER).allowed) << id;
  }
  Employ("elsewhere", "organisations/lvo", FUNCTION_INTERN_BEGELEIDER);
  EXPECT_FALSE(Ask("elsewhere", "case.take-over", FUNCTION_INTERN_BEGELEIDER).allowed);
}

TEST_F(LeadingTest, R16TheOrganisationThatHoldsItByFunctionIsTheResponsibleOne) {
  for (const char* id : {"nurse", "consultant", "ib"}) Leaves(id, "2026-11-20");
  const absl::Time now = base::StartOf(kToday);
  EXPECT_EQ(ResponsibleOrganisation(*table_, world_, Case(), now), kSchool);
  EXPECT_EQ(ResponsibleSince(*table_, world_, Case(), now), At(base::Date(2026, 11, 20)));
}

// R1, over every order in which five people leave within two months, and a consent that stops: at
// each midnight exactly one leads, and who leads by a seat still works there.
TEST_F(LeadingTest, R1ExactlyOneLeadsAtEveryMidnightWhoeverLeavesWhen) {
  NameContact();
  const std::vector<const char*> people = {"nurse", "consultant", "ib", "contact", "backup"};
  const base::Date first(2026, 11, 3);
  std::map<int, int> kinds;
  for (int order = 0; order < 7 * 7 * 7 * 7 * 7; order += 11) {
    int rest = order;
    for (const char* id : people) {
      Leaves(id, rest % 7 == 6 ? "" : base::FormatDate(first + 9 * (rest % 7)).c_str());
      rest /= 7;
    }
    for (base::Date day = first; day < first + 60; ++day) {
      const absl::Time at = base::StartOf(day);
      const access::v1::Leader leader = LeaderOf(*table_, world_, Case(), at);
      ++kinds[leader.kind()];
      ASSERT_NE(leader.kind(), LEAD_KIND_UNSPECIFIED) << order << " " << base::FormatDate(day);
      ASSERT_EQ(leader.seat().empty(), leader.kind() == LEAD_KIND_FUNCTION);
      ASSERT_EQ(leader.organisation().empty(), leader.kind() != LEAD_KIND_FUNCTION);
      ASSERT_NE(leader.seat(), leader.stand_in_seat().empty() ? "-" : leader.stand_in_seat());
      for (const access::v1::Seat& s : Case().seats()) {
        if (s.id() != leader.seat()) continue;
        const auto& p = people_.at(s.professional());
        ASSERT_TRUE(HoldsFunction(p, s.organisation(), s.function(), day)) << order;
      }
    }
  }
  EXPECT_EQ(kinds.size(), 4u) << "every kind came by";
}

TEST_F(LeadingTest, R1WhoLeavesNextIsKnownAheadAndHowManyAreLeftAlone) {
  const absl::Time now = base::StartOf(kToday) + absl::Hours(12);
  const access::v1::Seat& nurse = Case().seats(1);
  EXPECT_FALSE(SettledEnd(world_, nurse, kToday).has_value());
  Leaves("nurse", "2026-12-24");
  EXPECT_EQ(*SettledEnd(world_, nurse, kToday), base::Date(2026, 12, 24));
  EXPECT_FALSE(SettledEnd(world_, nurse, base::Date(2026, 12, 25)).has_value()) << "past";
  Leaves("nurse", "");
  EXPECT_FALSE(LeftAlone(*table_, world_, "professionals/nurse", kGgd, now))
      << "the stand-in leads then";
  Leaves("consultant", "2026-11-20");
  EXPECT_TRUE(LeftAlone(*table_, world_, "professionals/nurse", kGgd, now));
  EXPECT_FALSE(LeftAlone(*table_, world_, "professionals/nurse", kSchool, now))
      << "another employment";
  EXPECT_FALSE(LeftAlone(*table_, world_, "professionals/ib", kSchool, now))
      << "not one of the two";
}

}  // namespace
}  // namespace knooppunt::policy
