#include "services/family/merge_rules.h"

#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/status_testing.h"
#include "gtest/gtest.h"
#include "security/policy/engine.h"
#include "security/policy/testing_family.h"

namespace knooppunt::family {
namespace {

using access::v1::FamilyFacts;
using access::v1::MERGE_STATE_MERGED;
using access::v1::MERGE_STATE_UNDONE;

const absl::Time kNow = base::StartOf(policy::testing::kToday) + absl::Hours(12);

// The same family recorded twice: the second time with other ids, and its case closed.
class MergeTest : public ::testing::Test {
 protected:
  MergeTest() : first_(policy::testing::DivorcedParents()), second_(first_) {
    second_.set_id("f2");
    for (auto& p : *second_.mutable_persons()) p.set_id(absl::StrCat("other-", p.id()));
    for (auto& g : *second_.mutable_gezag()) {
      g.set_holder_person(absl::StrCat("other-", g.holder_person()));
      g.set_over(absl::StrCat("other-", g.over()));
    }
    second_.mutable_cases(0)->set_children(0, "other-child");
    second_.mutable_cases(0)->set_state(access::v1::CASE_STATE_CLOSED);
    second_.mutable_cases(0)->set_close_time(5);
    req_.set_parent("families/f2");
    req_.set_into("families/f1");
    Match("other-child", "child");
    Match("other-mother", "mother");
  }
  void Match(const char* person, const char* same_as) {
    auto* m = req_.add_matches();
    m->set_person(person);
    m->set_same_as(same_as);
  }
  TwoRecords Both() { return {&second_, &first_}; }
  absl::Status Propose(const char* who = "professionals/ib") {
    return ProposeMerge(Both(), req_, "m1", who, kNow);
  }
  absl::Status Approve(const char* who = "professionals/colleague") {
    return DecideMerge(Both(), "m1", true, who, kNow);
  }
  std::string Reason(const absl::Status& s) { return s.ok() ? "OK" : base::ReasonOf(s); }

  FamilyFacts first_, second_;
  v1::ProposeMergeRequest req_;
};

TEST_F(MergeTest, R1OneGivesWayAndBothSayWhoAskedAndWhoDecided) {
  const FamilyFacts before = second_;
  ASSERT_OK(Propose());
  EXPECT_EQ(second_.merged_into(), "") << "nothing changes until somebody else decided";
  ASSERT_OK(Approve());
  EXPECT_EQ(second_.merged_into(), "f1");
  EXPECT_EQ(first_.merged_into(), "");
  EXPECT_EQ(first_.merges_size(), 0) << "the record that stays is not written to";
  ASSERT_EQ(second_.merges_size(), 1);
  EXPECT_EQ(second_.merges(0).state(), MERGE_STATE_MERGED);
  EXPECT_EQ(second_.merges(0).proposed_by(), "professionals/ib");
  EXPECT_EQ(second_.merges(0).decided_by(), "professionals/colleague");
  const v1::Merge shown = MergeView(second_, second_.merges(0));
  EXPECT_EQ(shown.name(), "families/f2/merges/m1");
  EXPECT_EQ(shown.into(), "families/f1");

  // Undone, all that is left is that it was.
  ASSERT_OK(UndoMerge(Both(), "m1", "professionals/ib", kNow));
  EXPECT_EQ(second_.merges(0).state(), MERGE_STATE_UNDONE);
  second_.clear_merges();
  EXPECT_EQ(second_.SerializeAsString(), before.SerializeAsString());
  EXPECT_EQ(Reason(UndoMerge(Both(), "m1", "professionals/ib", kNow)), "NOT_FOUND");
}

TEST_F(MergeTest, R21WhoAskedDoesNotDecideButMayTakeItBack) {
  ASSERT_OK(Propose());
  EXPECT_EQ(Reason(Approve("professionals/ib")), "R21_NOT_YOUR_OWN_MERGE");
  ASSERT_OK(DecideMerge(Both(), "m1", false, "professionals/ib", kNow));
  EXPECT_EQ(Reason(Approve()), "MERGE_DECIDED");
  EXPECT_EQ(Reason(UndoMerge(Both(), "m1", "professionals/ib", kNow)), "NOT_MERGED");
}

TEST_F(MergeTest, R1NotWithAnOpenCaseOfTheRecordThatGivesWay) {
  second_.mutable_cases(0)->set_state(access::v1::CASE_STATE_OPEN);
  EXPECT_EQ(Reason(Propose()), "R1_GIVES_WAY_WITH_AN_OPEN_CASE");
  second_.mutable_cases(0)->set_state(access::v1::CASE_STATE_CLOSED);
  ASSERT_OK(Propose());
  second_.mutable_cases(0)->set_state(access::v1::CASE_STATE_OPEN);
  EXPECT_EQ(Reason(Approve()), "R1_GIVES_WAY_WITH_AN_OPEN_CASE") << "looked at again";
}

TEST_F(MergeTest, R27NotWhileAHandoverIsUnderWay) {
  first_.add_handovers()->set_id("h1");
  EXPECT_EQ(Reason(Propose()), "R27_HANDOVER_UNDER_WAY");
  first_.clear_handovers();
  second_.add_handovers()->set_id("h1");
  EXPECT_EQ(Reason(Propose()), "R27_HANDOVER_UNDER_WAY");
}

TEST_F(MergeTest, R40OnlyWhoIsTheSameAndEveryChildOfTheCase) {
  first_.mutable_persons(0)->set_birth_date("2015-03-11");
  EXPECT_EQ(Reason(Propose()), "NOT_THE_SAME_PERSON");
  first_.mutable_persons(0)->set_birth_date("2015-03-10");
  second_.mutable_persons(0)->set_account("accounts/somebody-else");
  EXPECT_EQ(Reason(Propose()), "NOT_THE_SAME_PERSON");
  second_.mutable_persons(0)->set_account(first_.persons(0).account());
  req_.mutable_matches(1)->set_person("other-child");
  EXPECT_EQ(Reason(Propose()), "INVALID_FIELD") << "named twice";
  req_.mutable_matches()->DeleteSubrange(0, 2);
  Match("other-mother", "mother");
  EXPECT_EQ(Reason(Propose()), "CHILD_WITHOUT_MATCH");
  Match("other-child", "nobody");
  EXPECT_EQ(Reason(Propose()), "INVALID_FIELD");
}

TEST_F(MergeTest, R1NoChainsAndOneAtATime) {
  ASSERT_OK(Propose());
  EXPECT_EQ(Reason(ProposeMerge(Both(), req_, "m2", "professionals/ib", kNow)), "MERGE_WAITS");
  ASSERT_OK(Approve());
  EXPECT_EQ(Reason(ProposeMerge(Both(), req_, "m2", "professionals/ib", kNow)), "MERGED_ALREADY");
  FamilyFacts third = first_;
  third.set_id("f3");
  third.mutable_cases(0)->set_state(access::v1::CASE_STATE_CLOSED);
  EXPECT_EQ(Reason(ProposeMerge({&third, &second_}, req_, "m3", "professionals/ib", kNow)),
            "MERGED_ALREADY")
      << "into one that gave way";
  EXPECT_EQ(Reason(ProposeMerge({&third, &third}, req_, "m4", "professionals/ib", kNow)),
            "INVALID_FIELD");
}

// ---- R18: whoever reads either record reads after a merge at most what they could read before
// -----

class MergedWorldTest : public MergeTest {
 protected:
  // What one caller may do and open in one record, for every permission and purpose.
  std::set<std::string> Sight(const policy::Table& table, const FamilyFacts& facts,
                              const access::v1::TokenClaims& claims) {
    policy::World world;
    world.facts = &facts;
    world.professional = [this](absl::string_view name) -> const access::v1::ProfessionalFacts* {
      const auto it = people_.find(std::string(name));
      return it == people_.end() ? nullptr : &it->second;
    };
    world.kind_of = [](absl::string_view o) {
      return o == "organisations/mosalira" ? common::v1::ORGANISATION_KIND_SCHOOL_BOARD
                                           : common::v1::ORGANISATION_KIND_YOUTH_HEALTH;
    };
    std::set<std::string> out;
    for (const std::string& permission : table.Permissions()) {
      for (const auto purpose : {common::v1::PURPOSE_COORDINATION, common::v1::PURPOSE_OWN_RECORD,
                                 common::v1::PURPOSE_HANDOVER, common::v1::PURPOSE_OWN_FILE,
                                 common::v1::PURPOSE_AUDIT, common::v1::PURPOSE_EMERGENCY}) {
        const policy::Outcome o = policy::Decide(table, world,
                                                 {.permission = permission,
                                                  .claims = &claims,
                                                  .purpose = purpose,
                                                  .about_family = true,
                                                  .now = kNow});
        if (!o.allowed) continue;
        out.insert(absl::StrCat(permission, " ", purpose));
        for (const policy::OpenScope& s : o.scopes) {
          out.insert(absl::StrCat(permission, " ", purpose, " ", s.scope, " ", s.basis));
        }
      }
    }
    return out;
  }
  // Draws who sits where, what was consented to, and what is stored, in one record.
  void Furnish(std::mt19937& dice, const std::string& child, FamilyFacts* facts) {
    const auto chance = [&](uint32_t percent) { return dice() % 100 < percent; };
    facts->mutable_cases(0)->mutable_seats()->Clear();
    for (const auto& [name, p] : people_) {
      if (!chance(60)) continue;
      auto* s = policy::testing::AddSeat(facts, "x", p.functions(0).organisation().c_str(),
                                         p.functions(0).function(),
                                         p.functions(0).organisation() == "organisations/mosalira"
                                             ? access::v1::SEAT_ROLE_WERKPLAATS
                                             : access::v1::SEAT_ROLE_CORE_PARTNER);
      s->set_id(absl::StrCat("seat-", facts->id(), "-", name));
      s->set_professional(name);
      if (chance(20)) s->set_state(access::v1::SEAT_STATE_ENDED);
      if (chance(20)) s->set_state(access::v1::SEAT_STATE_INVITED);
    }
    for (const auto compartment :
         {common::v1::COMPARTMENT_EDUCATION, common::v1::COMPARTMENT_FAMILY,
          common::v1::COMPARTMENT_HEALTH, common::v1::COMPARTMENT_SAFETY}) {
      for (const char* controller : {"organisations/mosalira", "organisations/ggd-zl"}) {
        auto* s = facts->add_scopes();
        s->mutable_label()->mutable_about()->add_persons(child);
        s->mutable_label()->set_compartment(compartment);
        s->mutable_label()->set_regime(compartment == common::v1::COMPARTMENT_HEALTH
                                           ? common::v1::REGIME_HEALTH
                                           : common::v1::REGIME_EDUCATION);
        s->mutable_label()->set_controller(controller);
        s->set_id(policy::ScopeId(facts->id(), s->label()));
      }
      if (!chance(50)) continue;
      policy::testing::AddConsent(facts, {child}, {compartment},
                                  chance(50) ? "organisations/ggd-zl" : "organisations/mosalira");
      const std::string prefix = child == "child" ? "" : "other-";
      for (const char* who : {"mother", "father"}) {
        if (chance(80)) {
          policy::testing::Sign(facts, absl::StrCat(prefix, who).c_str(),
                                access::v1::SIGNATURE_STATE_GIVEN, 1);
        }
      }
    }
  }
  std::map<std::string, access::v1::ProfessionalFacts> people_;
};

TEST_F(MergedWorldTest, R18NobodyReadsMoreOfEitherRecordThanBeforeTheMerge) {
  const std::shared_ptr<const policy::Table> table = policy::testing::LoadPolicy();
  for (const auto& [id, organisation, function] :
       {std::tuple("ib", "organisations/mosalira", common::v1::FUNCTION_INTERN_BEGELEIDER),
        std::tuple("colleague", "organisations/mosalira", common::v1::FUNCTION_INTERN_BEGELEIDER),
        std::tuple("nurse", "organisations/ggd-zl", common::v1::FUNCTION_JGZ_NURSE),
        std::tuple("doctor", "organisations/ggd-zl", common::v1::FUNCTION_JGZ_DOCTOR),
        std::tuple("worker", "organisations/ggd-zl", common::v1::FUNCTION_SCHOOL_SOCIAL_WORKER)}) {
    auto& p = people_[absl::StrCat("professionals/", id)];
    p.set_name(absl::StrCat("professionals/", id));
    auto* term = p.add_functions();
    term->set_organisation(organisation);
    term->set_function(function);
    term->set_start_date("2020-01-01");
  }
  std::vector<access::v1::TokenClaims> readers;
  for (const auto& [name, p] : people_) {
    auto& claims = readers.emplace_back();
    claims.set_subject(name);
    claims.set_organisation(p.functions(0).organisation());
    claims.set_function(p.functions(0).function());
    claims.set_two_factor(true);
  }
  for (const char* account : {"mother", "father", "child", "sibling", "neighbour"}) {
    auto& claims = readers.emplace_back();
    claims.set_subject(absl::StrCat("accounts/", account));
    claims.set_assurance(access::v1::ASSURANCE_SUBSTANTIAL);
  }
  const char* seed = std::getenv("KNOOPPUNT_SEED");
  const FamilyFacts first = first_, second = second_;
  int opened = 0;
  for (int world = 0; world < 10; ++world) {
    std::mt19937 dice(world + (seed == nullptr ? 0 : std::atoi(seed) * 1000));
    first_ = first;
    second_ = second;
    Furnish(dice, "child", &first_);
    Furnish(dice, "other-child", &second_);
    std::map<std::string, std::set<std::string>> before;
    const auto look = [&](const FamilyFacts& f, const access::v1::TokenClaims& who) {
      return Sight(*table, f, who);
    };
    for (const auto& who : readers) {
      before[absl::StrCat("f1 ", who.subject())] = look(first_, who);
      before[absl::StrCat("f2 ", who.subject())] = look(second_, who);
    }
    const auto compare = [&](const char* when) {
      for (const auto& who : readers) {
        for (const FamilyFacts* f : {&first_, &second_}) {
          const auto now = look(*f, who);
          const auto& then = before[absl::StrCat(f->id(), " ", who.subject())];
          opened += static_cast<int>(now.size());
          EXPECT_EQ(now, then) << when << ", world " << world << ", " << who.subject() << " in "
                               << f->id();
        }
      }
    };
    ASSERT_OK(Propose());
    compare("asked for");
    ASSERT_OK(Approve());
    compare("merged");
    ASSERT_OK(UndoMerge(Both(), "m1", "professionals/ib", kNow));
    compare("undone");
  }
  EXPECT_GT(opened, 500) << "there was something to see";
}

}  // namespace
}  // namespace knooppunt::family
