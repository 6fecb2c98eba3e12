#include "services/access/decision_clock.h"

#include <filesystem>

#include "base/error.h"
#include "base/new_folder_testing.h"
#include "base/status_testing.h"
#include "gtest/gtest.h"
#include "schema/access_migrations.h"

namespace knooppunt::access {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);

class R14DecisionClockTest : public ::testing::Test {
 protected:
  R14DecisionClockTest() {
    folder_ = ::knooppunt::testing::NewFolder("clock");
    Open();
  }
  ~R14DecisionClockTest() override {
    decisions_.reset();
    database_.reset();
    std::filesystem::remove_all(folder_);
  }
  void Open(bool forget = false) {
    decisions_.reset();
    database_.reset();
    storage::Database::Options options;
    options.path = folder_ + "/access.db";
    options.key = &key_;
    options.unit = "access";
    options.migrations = Migrations();
    options.clock = &clock_;
    options.random = &random_;
    options.run_every_body_twice = true;
    database_ = *storage::Database::Open(std::move(options));
    decisions_ =
        *DecisionClock::Open({.database = database_.get(), .clock = &clock_, .forget = forget});
  }
  void ExpectNone() {
    const auto now = decisions_->Now();
    EXPECT_EQ(now.status().code(), absl::StatusCode::kUnavailable);
    EXPECT_EQ(base::ReasonOf(now.status()), "CLOCK_WENT_BACK");
  }
  int64_t Commits() { return database_->counters().commits; }

  std::string folder_;
  crypto::SystemRandom random_;
  const crypto::SecretBytes key_ = random_.Key();
  base::FakeClock clock_{absl::FromUnixSeconds(1'795'168'800)};
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<DecisionClock> decisions_;
};

TEST_F(R14DecisionClockTest, GoesAlongWithAClockThatGoesOn) {
  EXPECT_EQ(*decisions_->Now(), clock_.Now());
  clock_.Advance(absl::Milliseconds(1));
  EXPECT_EQ(*decisions_->Now(), clock_.Now());
}

TEST_F(R14DecisionClockTest, StandsStillForAStepBackThatIsTolerated) {
  const absl::Time latest = *decisions_->Now();
  clock_.Advance(-kToleratedStepBack);
  EXPECT_EQ(*decisions_->Now(), latest);
  clock_.Advance(-absl::Milliseconds(1));
  ExpectNone();
  clock_.Advance(kToleratedStepBack + absl::Milliseconds(2));
  EXPECT_EQ(*decisions_->Now(), clock_.Now());
}

TEST_F(R14DecisionClockTest, KeepsTheDayAndWritesOnceADay) {
  decisions_->Now().IgnoreError();
  const int64_t before = Commits();
  for (int i = 0; i < 100; ++i) ASSERT_OK(decisions_->Now());
  EXPECT_EQ(Commits(), before);
  clock_.Advance(kDay);
  for (int i = 0; i < 100; ++i) ASSERT_OK(decisions_->Now());
  EXPECT_EQ(Commits(), before + 1);
  clock_.Advance(-kDay);
  Open();
  ExpectNone();
}

TEST_F(R14DecisionClockTest, KeepsTheInstantWithEachFact) {
  ASSERT_OK(decisions_->Now());
  clock_.Advance(absl::Hours(1));
  ASSERT_OK(database_->Write([&](storage::WriteTx& tx) { return decisions_->Keep(tx).status(); }));
  clock_.Advance(-absl::Hours(1));
  Open();
  ExpectNone();
  clock_.Advance(absl::Hours(1));
  EXPECT_OK(decisions_->Now());
}

TEST_F(R14DecisionClockTest, ForgetsAtTheOperatorsRequestOnly) {
  clock_.Advance(100 * kDay);
  ASSERT_OK(decisions_->Now());
  clock_.Advance(-100 * kDay);
  Open();
  ExpectNone();
  Open(/*forget=*/true);
  EXPECT_EQ(*decisions_->Now(), clock_.Now());
  Open();
  EXPECT_EQ(*decisions_->Now(), clock_.Now());
}

}  // namespace
}  // namespace knooppunt::access
