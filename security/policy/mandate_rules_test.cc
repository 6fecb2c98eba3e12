#include "security/policy/mandate_rules.h"

#include <map>
#include <string>

#include "base/status_testing.h"
#include "gtest/gtest.h"
#include "security/policy/testing_family.h"

namespace knooppunt::policy {
namespace {

using access::v1::Mandate;
using access::v1::ProfessionalFacts;

constexpr char kCity[] = "organisations/city";
constexpr char kSource[] = "professionals/holder/mandates/m";

// The holder of a mandate for 2026 delegated it to a colleague, from 1 March on.
class MandateRulesTest : public ::testing::Test {
 protected:
  MandateRulesTest() {
    for (const char* id : {"holder", "colleague"}) Employ(id);
    AddMandate("holder", kSource, "2026-01-01", "2027-01-01");
    AddMandate("colleague", "professionals/colleague/mandates/m", "2026-03-01", "2026-12-31")
        .set_delegated_from(kSource);
    world_.professional = [this](absl::string_view name) -> const ProfessionalFacts* {
      const auto it = known_.find(std::string(name));
      return it == known_.end() ? nullptr : &it->second;
    };
  }
  ProfessionalFacts& Who(const std::string& id) { return known_.at("professionals/" + id); }
  void Employ(const std::string& id) {
    ProfessionalFacts& p = known_["professionals/" + id];
    p.set_name("professionals/" + id);
    p.set_login("dev|" + id);
    p.add_own_accounts("accounts/a");
    auto* t = p.add_functions();
    t->set_organisation(kCity);
    t->set_function(common::v1::FUNCTION_MUNICIPAL_CONSULTANT);
    t->set_start_date("2020-01-01");
  }
  Mandate& AddMandate(const std::string& id, const char* name, const char* start, const char* end) {
    Mandate& m = *Who(id).add_mandates();
    m.set_name(name);
    m.set_organisation(kCity);
    m.set_start_date(start);
    m.set_end_date(end);
    m.set_version(3);
    return m;
  }
  Mandate Delegated(base::Date today = testing::kToday) {
    return AsReferred(world_, Who("colleague"), today).mandates(0);
  }

  std::map<std::string, ProfessionalFacts> known_;
  World world_;
};

TEST_F(MandateRulesTest, ReferringToSomebodyTellsNoLoginAndNoFamily) {
  const ProfessionalFacts p = AsReferred(world_, Who("holder"), testing::kToday);
  EXPECT_EQ(p.login(), "");
  EXPECT_EQ(p.own_accounts_size(), 0);
  EXPECT_EQ(p.functions_size(), 1);
  EXPECT_EQ(p.mandates(0).end_date(), "2027-01-01");
}

TEST_F(MandateRulesTest, R6ADelegatedMandateHoldsAsLongAsItsSourceWhateverItsOwnRecordSays) {
  EXPECT_EQ(Delegated().end_date(), "2026-12-31");
  EXPECT_EQ(Delegated().version(), 3);
  Who("holder").mutable_mandates(0)->set_end_date("2026-05-01");
  EXPECT_EQ(Delegated().end_date(), "2026-05-01") << "revoked";
  Who("colleague").mutable_mandates(0)->clear_end_date();
  EXPECT_EQ(Delegated().end_date(), "2026-05-01");
  Who("holder").mutable_mandates(0)->clear_end_date();
  EXPECT_EQ(Delegated().end_date(), "");
  Who("holder").mutable_mandates(0)->set_start_date("2026-06-01");
  EXPECT_EQ(Delegated().start_date(), "2026-06-01");
}

TEST_F(MandateRulesTest, R6ADelegatedMandateEndsWithTheEmploymentOfWhoGaveIt) {
  Who("holder").mutable_functions(0)->set_end_date("2026-11-22");
  EXPECT_EQ(Delegated().end_date(), "2026-11-22");
  EXPECT_EQ(Delegated(testing::kToday - 1).end_date(), "2026-12-31") << "the day before";
}

TEST_F(MandateRulesTest, R6ADelegatedMandateFromNowhereNeverHolds) {
  Mandate& mine = *Who("colleague").mutable_mandates(0);
  const auto void_now = [&] { return Delegated().end_date() == Delegated().start_date(); };
  for (const char* from :
       {"junk", "professionals/nobody/mandates/m", "professionals/holder/mandates/other",
        "professionals/colleague/mandates/m"}) {
    mine.set_delegated_from(from);
    EXPECT_TRUE(void_now()) << from;
  }
  mine.set_delegated_from(kSource);
  Who("holder").mutable_mandates(0)->set_organisation("organisations/other");
  EXPECT_TRUE(void_now()) << "of another organisation";
  Who("holder").mutable_mandates(0)->set_organisation(kCity);
  EXPECT_FALSE(void_now());
  Who("holder").mutable_mandates(0)->set_delegated_from("professionals/x/mandates/y");
  EXPECT_TRUE(void_now()) << "two deep";
}

class TableForTest : public MandateRulesTest {
 protected:
  TableForTest() : facts_(testing::DivorcedParents()) {
    for (const char* id : {"holder", "colleague"}) {
      testing::AddSeat(&facts_, id, kCity, common::v1::FUNCTION_MUNICIPAL_CONSULTANT,
                       access::v1::SEAT_ROLE_CORE_PARTNER);
    }
    world_.facts = &facts_;
  }
  std::vector<std::string> Names(absl::string_view permission, absl::string_view case_id) {
    std::vector<std::string> out;
    for (const auto& p : TableFor(permission, world_, case_id, now_)) out.push_back(p.name());
    return out;
  }
  access::v1::FamilyFacts facts_;
  absl::Time now_ = base::StartOf(testing::kToday) + absl::Hours(12);
};

TEST_F(TableForTest, R6TheTableLearnsOfOpenSeatsWhatHoldsThere) {
  auto* elsewhere = Who("holder").add_functions();
  elsewhere->set_organisation("organisations/other");
  elsewhere->set_start_date("2020-01-01");
  AddMandate("holder", "professionals/holder/mandates/old", "2025-01-01", "2026-01-01");
  AddMandate("holder", "professionals/holder/mandates/x", "2026-01-01", "")
      .set_organisation("organisations/other");
  const auto table = TableFor("case.read", world_, "c1", now_);
  ASSERT_EQ(table.size(), 3u);
  EXPECT_EQ(table[0].name(), "professionals/ib") << "unknown to the directory: a name only";
  EXPECT_EQ(table[0].functions_size(), 0);
  EXPECT_EQ(table[1].name(), "professionals/holder");
  ASSERT_EQ(table[1].functions_size(), 1);
  EXPECT_EQ(table[1].functions(0).organisation(), kCity);
  ASSERT_EQ(table[1].mandates_size(), 1);
  EXPECT_EQ(table[1].mandates(0).name(), kSource);
  EXPECT_EQ(table[1].login(), "");
  ASSERT_EQ(table[2].mandates_size(), 1);
  EXPECT_EQ(table[2].mandates(0).delegated_from(), kSource);
}

TEST_F(TableForTest, EachProfessionalOnceAndNobodyWhoseSeatHasEnded) {
  auto* c = facts_.mutable_cases(0);
  c->mutable_seats(0)->set_state(access::v1::SEAT_STATE_ENDED);
  c->mutable_seats(1)->set_end_time(absl::ToUnixSeconds(now_));
  *c->add_seats() = c->seats(2);
  EXPECT_EQ(Names("case.read", "c1"), std::vector<std::string>{"professionals/colleague"});
}

TEST_F(TableForTest, OnlyWhatThePermissionShowsIsBroughtAlong) {
  const std::vector<std::string> all = {"professionals/ib", "professionals/holder",
                                        "professionals/colleague"};
  EXPECT_EQ(Names("case.read", "c1"), all);
  EXPECT_EQ(Names("case.read", ""), all);
  EXPECT_EQ(Names("case.appoint", "c1"), all);
  EXPECT_EQ(Names("case.deputise", "c1"), all);
  EXPECT_TRUE(Names("case.read", "c9").empty());
  EXPECT_TRUE(Names("contribution.write", "c1").empty());
  EXPECT_TRUE(Names("case.list", "").empty()) << "nobody leads yet";
  auto* term = facts_.mutable_cases(0)->add_terms();
  term->set_seat("seat-holder");
  EXPECT_EQ(Names("case.list", ""), std::vector<std::string>{"professionals/holder"});
  world_.facts = nullptr;
  EXPECT_TRUE(Names("case.read", "c1").empty());
}

}  // namespace
}  // namespace knooppunt::policy
