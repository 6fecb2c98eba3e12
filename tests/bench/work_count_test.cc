// What the calls of a working day take of the stores does not grow with the cases in them: counted,
// for a count is the same on a slow machine. KNOOPPUNT_LONG=1 counts with 1,000, 10,000 and 100,000
// cases, and says what memory the process took. Times are in work_bench.cc, and are no test.
#include <malloc.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <functional>
#include <map>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/bench/work_world.h"

namespace knooppunt::bench {
namespace {

using integration::Require;
using integration::Rounds;

constexpr int kRepeats = 5;
constexpr int kMostTries = 50;
// Trees get deeper: from a thousand cases to a hundred thousand, a level of inner pages or two for
// each row that is looked up, and no more.
constexpr double kDeeperTrees = 2.5;
// What is loaded whole when a unit starts.
constexpr int64_t kScannedAtStart = 20;
// What ships records to the log looks in now and then.
constexpr int64_t kShipping = 2;

int64_t ResidentMegabytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (absl::StartsWith(line, "VmRSS:")) return std::atoll(line.c_str() + 6) >> 10;
  }
  return 0;
}

CallWork LeastOf(const CallWork& a, const CallWork& b) {
  return {.statements = std::min(a.statements, b.statements),
          .pages = std::min(a.pages, b.pages),
          .decrypted = std::min(a.decrypted, b.decrypted),
          .unwraps = std::min(a.unwraps, b.unwraps),
          .commits = std::min(a.commits, b.commits),
          .scanned = std::max(a.scanned, b.scanned)};
}

struct Counted {
  std::map<std::string, CallWork> calls;
  int64_t scanned_while_filling = 0;
  int64_t megabytes = 0;
};

// What each call takes once what it needs is at hand.
Counted CountWith(int cases) {
  WorkWorld world(cases, false);
  integration::Region& region = world.region();
  const int64_t scanned_while_filling = world.work().scanned;
  const auto ship = [&] {
    for (const char* unit : {"dossier", "access", "directory"}) {
      Require(region.process().host(unit)->shipper().Flush(absl::Seconds(600)), "ship");
    }
  };
  Counted out;
  out.scanned_while_filling = scanned_while_filling;
  casework::v1::Case seen;
  plan::v1::Plan plan;
  worklist::v1::ListWorklistResponse list;
  casework::v1::Step step;
  int64_t n = 0;
  const std::map<std::string, std::function<absl::Status()>> calls = {
      {"GetCase",
       [&] {
         return region.Call(world.ib(), "casework.v1.CaseworkService/GetCase", world.GetCase(),
                            &seen);
       }},
      {"GetPlan",
       [&] {
         return region.Call(world.ib(), "plan.v1.PlanService/GetPlan", world.GetPlan(), &plan);
       }},
      {"ListWorklist",
       [&] {
         return region.Call(world.ib(), "worklist.v1.WorklistService/ListWorklist",
                            world.ListWorklist(), &list);
       }},
      {"RecordStep",
       [&] {
         return region.Call(world.ib(), "casework.v1.CaseworkService/FollowUpStep",
                            world.RecordStep(kAskedFamilies * ++n), &step);
       }},
  };
  for (const auto& [name, call] : calls) {
    Require(call(), name);  // what it needs is at hand from now on
    ship();
    CallWork least;
    for (int counted = 0, tries = 0; counted < kRepeats && tries < kMostTries; ++tries) {
      // Shipping records to the log goes on beside a call: the least of each is the call's own.
      const CallWork before = world.work();
      Require(call(), name);
      const CallWork took = world.work() - before;
      ship();
      // A connection that the shipping had in use just then was not counted: nothing is known.
      if (took.pages < 0 || took.decrypted < 0) continue;
      least = counted++ == 0 ? took : LeastOf(least, took);
    }
    EXPECT_GT(least.statements, 0) << name << " was not counted";
    out.calls[name] = least;
  }
  EXPECT_EQ(seen.steps_size(), kSteps);
  EXPECT_EQ(plan.education().goals_size(), 1);
  EXPECT_EQ(list.entries_size(), 50);
  malloc_trim(0);
  out.megabytes = ResidentMegabytes();
  return out;
}

TEST(WorkCountTest, WhatACallTakesDoesNotGrowWithTheCasesInStore) {
  std::vector<int> sizes = {60, 600};
  if (Rounds(0, 1) == 1) sizes = {1'000, 10'000, 100'000};
  std::map<std::string, CallWork> first;
  for (const int cases : sizes) {
    const Counted counted = CountWith(cases);
    // Opening a case, inviting, consenting, seating and planning, for each of the cases.
    EXPECT_LE(counted.scanned_while_filling, kScannedAtStart) << cases << " cases";
    std::printf("%d cases: %lld MB resident (every unit, the client and the test together)\n",
                cases, static_cast<long long>(counted.megabytes));
    for (const auto& [name, w] : counted.calls) {
      std::printf(
          "  %-12s %3lld statements %4lld pages %3lld decrypted %2lld unwraps %2lld commits\n",
          name.c_str(), static_cast<long long>(w.statements), static_cast<long long>(w.pages),
          static_cast<long long>(w.decrypted), static_cast<long long>(w.unwraps),
          static_cast<long long>(w.commits));
      if (!first.contains(name)) first[name] = w;
      EXPECT_NEAR(w.statements, first[name].statements, kShipping) << name;
      EXPECT_EQ(w.unwraps, first[name].unwraps) << name;
      EXPECT_EQ(w.scanned, 0) << name << " looks through a table";
      EXPECT_NEAR(w.commits, first[name].commits, kShipping - 1) << name;
      EXPECT_LE(w.pages, kDeeperTrees * static_cast<double>(first[name].pages)) << name;
      EXPECT_LE(w.decrypted, kDeeperTrees * static_cast<double>(first[name].decrypted)) << name;
    }
  }
}

}  // namespace
}  // namespace knooppunt::bench
