// Facts are in force when the call answers (P3), and a withdrawal is in force everywhere (R13).
#include <atomic>
#include <thread>

#include "tests/integration/region_testing.h"

namespace knooppunt::integration {
namespace {

constexpr int kReaders = 4;
constexpr int kReadsBefore = 5;  // by each reader, and as many again afterwards

// Counts that threads raise and a test awaits.
class Tally {
 public:
  void Raise() {
    base::MutexLock lock(mu_);
    ++count_;
    raised_.NotifyAll();
  }
  void Await(int count) {
    base::MutexLock lock(mu_);
    while (count_ < count) raised_.Wait(mu_);
  }

 private:
  base::Mutex mu_;
  base::CondVar raised_;
  int count_ ABSL_GUARDED_BY(mu_) = 0;
};

// Readers that call without pause while a parent withdraws.
struct Hammer {
  Region& region;
  std::atomic<bool> withdrawn = false;
  std::atomic<bool> stop = false;
  std::atomic<int> served_too_late = 0;
  Tally served, refused;

  explicit Hammer(Region& r) : region(r) {}
  void Read() {
    while (!stop) {
      // Looked at before the call is sent: what is sent later is later still.
      const bool later = withdrawn;
      const bool ok = region.GetCase(region.nurse).ok();
      if (ok && later) ++served_too_late;
      if (ok) served.Raise();
      if (later && !ok) refused.Raise();
    }
  }
};

TEST(WithdrawalTest, R13NoCallStartedAfterTheWithdrawalReturnedIsServed) {
  Region region;
  ASSERT_OK(region.Start());
  region.Furnish();
  std::string consent = region.SeatTheNurse();
  for (int round = 0; round < Rounds(3, 100); ++round) {
    if (round > 0) consent = region.Share("organisations/jgz");
    Hammer hammer(region);
    std::vector<std::thread> readers;
    for (int i = 0; i < kReaders; ++i) readers.emplace_back([&] { hammer.Read(); });
    hammer.served.Await(kReaders * kReadsBefore);
    const absl::Status withdrawal =
        region.Withdraw(consent, round % 2 == 0 ? region.mother : region.father);
    hammer.withdrawn = true;
    if (withdrawal.ok()) hammer.refused.Await(kReaders * kReadsBefore);
    hammer.stop = true;
    for (std::thread& t : readers) t.join();
    ASSERT_OK(withdrawal);
    EXPECT_EQ(hammer.served_too_late, 0) << "round " << round;
  }
}

TEST(WithdrawalTest, P3EveryChangeIsInForceWhenItsCallAnswers) {
  Region region;
  ASSERT_OK(region.Start());
  region.Furnish();
  region.Withdraw(region.SeatTheNurse(), region.mother).IgnoreError();
  for (int round = 0; round < Rounds(5, 100); ++round) {
    const std::string consent = region.Propose("organisations/jgz");
    EXPECT_THAT(region.GetCase(region.nurse), Refused()) << "proposed only, round " << round;
    ASSERT_OK(region.Sign(consent, region.mother));
    EXPECT_THAT(region.GetCase(region.nurse), Refused()) << "one parent of two, round " << round;
    ASSERT_OK(region.Sign(consent, region.father));
    EXPECT_OK(region.GetCase(region.nurse)) << "both parents, round " << round;
    ASSERT_OK(region.Withdraw(consent, region.father));
    EXPECT_THAT(region.GetCase(region.nurse), Refused()) << "withdrawn, round " << round;
  }
}

TEST(WithdrawalTest, R13AuthorsKeepTheirOwnRecordAfterAWithdrawal) {
  Region region;
  ASSERT_OK(region.Start());
  region.Furnish();
  ASSERT_OK(region.AddNote("Rekent op het niveau van groep 7."));
  const std::string consent = region.SeatTheNurse();
  ASSERT_OK_AND_ASSIGN(const casework::v1::Case shared, region.GetCase(region.nurse));
  EXPECT_EQ(shared.contributions_size(), 1);
  ASSERT_OK(region.Withdraw(consent, region.mother));
  EXPECT_THAT(region.GetCase(region.nurse), Refused());
  EXPECT_THAT(region.Notes(), ::testing::ElementsAre("Rekent op het niveau van groep 7."));
}

// Access that ends by a date ends by access's clock, without an event.
TEST(WithdrawalTest, R14ConsentThatHasEndedServesNoCall) {
  Region region;
  ASSERT_OK(region.Start());
  region.Furnish();
  region.SeatTheNurse();
  ASSERT_OK(region.GetCase(region.nurse));
  region.clock().Advance(absl::Hours(24 * 302));
  EXPECT_THAT(region.GetCase(region.nurse), Refused());
}

}  // namespace
}  // namespace knooppunt::integration
