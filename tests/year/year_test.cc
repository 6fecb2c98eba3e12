// A year in the life of a subregion, checked after every day. KNOOPPUNT_SEED=n plays that year
// alone; KNOOPPUNT_LONG=1 plays twenty, of more families. A finding names seed and day: the same
// seed and the same commit give the same year.
#include <cstdio>
#include <cstdlib>

#include "gtest/gtest.h"
#include "tests/year/checker.h"

namespace knooppunt::year {
namespace {

struct Lived {
  std::string digest;
  Figures figures;
  std::vector<std::string> findings;
};

Lived Live(Year::Options options, int days) {
  Region region;
  Year year(&region, options);
  Checker checker(&year);
  for (int day = 0; day < days && year.findings().size() < 20; ++day) {
    year.Live();
    checker.AfterDay();
    year.Sleep();
  }
  checker.AfterYear();
  return {year.Digest(), year.figures(), year.findings()};
}

void Print(uint32_t seed, const Figures& f) {
  int64_t calls = 0, refused = 0;
  for (const auto& [method, n] : f.calls) calls += n;
  for (const auto& [reason, n] : f.refusals) refused += n;
  std::printf(
      "seed %u: %d families, %lld calls, of which %lld had to be refused; %lld looks, %lld "
      "records counted, %d handed over, %d left their work, %d taken over, %d restarts, %d at "
      "home, "
      "%d escalated, %d asked why, %d documents, %d expired on the way, %d whose school closed, %d "
      "steps "
      "with another owner and %d given around, %d merged and %d again two\n",
      seed, f.households, static_cast<long long>(calls), static_cast<long long>(refused),
      static_cast<long long>(f.looks), static_cast<long long>(f.records), f.handed_over, f.left,
      f.taken_over, f.restarts, f.stayed_home, f.escalated, f.asked, f.papers, f.expired,
      f.closed_on_the_way, f.reassigned, f.given_around, f.merged, f.unmerged);
  for (const auto& [kind, n] : f.accepted) std::printf("  %7d  accepted %s\n", n, kind.c_str());
  for (const auto& [method, n] : f.calls) {
    std::printf("  %7lld  %s\n", static_cast<long long>(n), method.c_str());
  }
  for (const auto& [reason, n] : f.refusals) {
    std::printf("  %7lld  %s\n", static_cast<long long>(n), reason.c_str());
  }
}

TEST(YearTest, R1R3R4R5R6R7R10R11R13R16R21R22R24R25R26R27R28R30R34HoldOnEveryDay) {
  const char* alone = std::getenv("KNOOPPUNT_SEED");
  const uint32_t first =
      alone == nullptr ? 1 : static_cast<uint32_t>(std::strtoul(alone, nullptr, 10));
  const int years = alone == nullptr ? integration::Rounds(1, 20) : 1;
  for (uint32_t seed = first; seed < first + years; ++seed) {
    const Lived lived = Live({.seed = seed, .households = integration::Rounds(8, 25)}, Year::kDays);
    Print(seed, lived.figures);
    for (const std::string& finding : lived.findings) ADD_FAILURE() << finding;
    EXPECT_GT(lived.figures.households, 0);
    EXPECT_GT(lived.figures.looks, 100);
    EXPECT_GT(lived.figures.left, 0);
    EXPECT_GT(lived.figures.restarts, 0);
    EXPECT_GT(lived.figures.asked, 0);
    EXPECT_GT(lived.figures.papers, 0);
    EXPECT_GT(lived.figures.given_around, 0);
    EXPECT_GT(lived.figures.merged, 0);
    EXPECT_GE(lived.figures.accepted.size(), 3u) << "kinds of handover (R30)";
    EXPECT_GT(lived.figures.stayed_home + lived.figures.escalated, 0);
    if (!lived.findings.empty()) break;
  }
}

TEST(YearTest, TheSameSeedGivesTheSameYear) {
  const Year::Options options{.seed = 7, .households = 30};
  const Lived one = Live(options, 40);
  const Lived two = Live(options, 40);
  EXPECT_EQ(one.digest, two.digest);
  EXPECT_NE(one.digest, Live({.seed = 8, .households = 30}, 40).digest);
}

}  // namespace
}  // namespace knooppunt::year
