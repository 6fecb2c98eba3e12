// What a decision costs does not grow with the number of families: counted, for a count is the same
// on a slow machine. Times are in decision_bench.cc, and are no test.
#include <cstdlib>
#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/new_folder_testing.h"
#include "gtest/gtest.h"
#include "tests/bench/decision_world.h"

namespace knooppunt::bench {

std::ostream& operator<<(std::ostream& out, const Work& w) {
  return out << w.reads << " reads, " << w.pages << " pages, " << w.decrypted << " decrypted, "
             << w.key_reads << " key reads, " << w.key_pages << " key pages, " << w.unwraps
             << " unwraps, " << w.scanned << " rows scanned";
}

namespace {

constexpr int kAsked = 20;
constexpr int kFew = 200, kMany = 2000;

std::unique_ptr<DecisionWorld> Make(int families) {
  const std::string folder = ::knooppunt::testing::NewFolder("decisions");
  const char* root = std::getenv("KNOOPPUNT_SOURCE");
  return std::make_unique<DecisionWorld>(DecisionWorld::Options{
      .families = families,
      .with_keys = kAsked,
      .folder = folder,
      .policy = absl::StrCat(root != nullptr ? root : ".", "/security/policy/policy.textproto")});
}

template <typename F>
Work Of(DecisionWorld& world, const F& what) {
  const Work before = world.work();
  what();
  return world.work() - before;
}

class DecisionCountTest : public ::testing::TestWithParam<int> {};

TEST_P(DecisionCountTest, FactsAndKeysAtHandTakeNoPageAndNoUnwrap) {
  const auto world = Make(GetParam());
  for (int f : world->asked()) world->Check(world->GetCase(f));
  for (int f : world->asked()) {
    const auto request = world->GetCase(f);
    EXPECT_EQ(Of(*world, [&] { world->Check(request); }), Work{});
  }
}

TEST_P(DecisionCountTest, ColdFactsTakeThePagesOfOnePointReadAndNoUnwrap) {
  const auto world = Make(GetParam());
  for (int f : world->asked()) world->Check(world->GetCase(f));
  world->ForgetFacts();
  for (int f : world->asked()) {
    const auto request = world->GetCase(f);
    const Work decision = Of(*world, [&] { world->Check(request); });
    const Work point_read = Of(*world, [&] { world->PointRead(f); });
    EXPECT_EQ(decision.reads, 1);
    EXPECT_EQ(decision.key_reads, 0);
    EXPECT_EQ(decision.unwraps, 0);
    EXPECT_GT(point_read.pages, 0);
    EXPECT_EQ(decision.pages, point_read.pages);
  }
}

TEST_P(DecisionCountTest, AListFromFactsAtHandTakesNoRead) {
  const auto world = Make(GetParam());
  const auto request = world->ListCases();
  world->List(request);
  EXPECT_EQ(Of(*world, [&] { world->List(request); }), Work{});
}

// A withdrawal waits until its facts are in force: no more of them than a look at what is there.
TEST_P(DecisionCountTest, P3ApplyingFactsLooksThroughNoTableHoweverManyFamiliesThereAre) {
  const auto world = Make(GetParam());
  for (int f : world->asked()) {
    const Work apply = Of(*world, [&] { world->Apply(f); });
    EXPECT_EQ(apply.scanned, 0);
    EXPECT_EQ(apply.key_reads, 0);
  }
}

// Whoever is found elsewhere from now on is so at once: what was at hand of them goes with the
// facts.
TEST_P(DecisionCountTest, P3AListAfterAChangeLooksAgainWhereTheCallerStands) {
  const auto world = Make(GetParam());
  const auto request = world->ListCases();
  world->List(request);
  world->Apply(0);
  // Of where the caller stands, of what their organisation may hold by function (R1), and the
  // family.
  EXPECT_EQ(Of(*world, [&] { world->List(request); }).reads, 3);
  EXPECT_EQ(Of(*world, [&] { world->List(request); }).reads, 0);
}

// Of where the caller stands, what their organisation may hold by function (R1), and their facts.
TEST_P(DecisionCountTest, AListFromColdFactsTakesOneReadForAllOfThem) {
  const auto world = Make(GetParam());
  const auto request = world->ListCases();
  world->List(request);
  world->ForgetFacts();
  const Work list = Of(*world, [&] { world->List(request); });
  EXPECT_EQ(list.reads, 3);
  EXPECT_EQ(list.key_reads, 0);
  EXPECT_EQ(list.unwraps, 0);
}

INSTANTIATE_TEST_SUITE_P(Families, DecisionCountTest, ::testing::Values(kFew, kMany));

TEST(DecisionCountsTest, ColdKeysTakeAsManyReadsAndUnwrapsAmongManyAsAmongFew) {
  // Which is two of the region and those of the family: facts, log, and two scopes.
  std::map<int, Work> first;
  for (int families : {kFew, kMany}) {
    const auto world = Make(families);
    world->Check(world->GetCase(world->asked()[0]));
    for (int f : world->asked()) {
      if (f == world->asked()[0]) continue;
      Work work = Of(*world, [&] { world->Check(world->GetCase(f)); });
      EXPECT_EQ(work.unwraps, work.key_reads);
      work.pages = work.decrypted = work.key_pages = 0;  // as deep as the trees are
      if (!first.contains(families)) first[families] = work;
      EXPECT_EQ(work, first[families]);
    }
  }
  EXPECT_EQ(first[kFew], first[kMany]);
  EXPECT_GE(first[kFew].unwraps, 3);
}

}  // namespace
}  // namespace knooppunt::bench
