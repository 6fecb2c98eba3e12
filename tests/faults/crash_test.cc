// The first rows of the failure table: the real server, killed at any instant while it writes.
#include <algorithm>
#include <atomic>
#include <random>
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "clients/cpp/grpc_transport.h"
#include "tests/faults/daemon.h"
#include "tests/faults/whole_log.h"
#include "tests/integration/region_testing.h"

namespace knooppunt::faults {
namespace {

using integration::Refused;
using integration::Region;
using integration::Require;
using integration::Rounds;

constexpr int kWriters = 4;

// What one writer sent, in order; all but the last were acknowledged.
struct Sent {
  std::vector<casework::v1::AddContributionRequest> acknowledged;
  std::vector<casework::v1::AddContributionRequest> open;
};

// Adds notes until the server is gone.
void WriteUntilGone(Region& region, int round, int writer, std::atomic<int>& count, Sent* sent) {
  for (int n = 0;; ++n) {
    casework::v1::AddContributionRequest request =
        region.Note(absl::StrCat(round, "-", writer, "-", n));
    request.set_request_id(region.RequestId());
    casework::v1::Contribution answer;
    if (!region.CallAsIs(region.ib, "casework.v1.CaseworkService/AddContribution", request, &answer)
             .ok()) {
      sent->open.push_back(std::move(request));
      return;
    }
    sent->acknowledged.push_back(std::move(request));
    ++count;
    count.notify_all();
  }
}

class CrashTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { client::RestrictTlsTo13(); }
  void SetUp() override {
    ASSERT_OK(daemon_.Start());
    way_ = daemon_.Connect();
    region_.UseTransport(way_.get());
    region_.Furnish();
  }
  void Restart() {
    ASSERT_OK(daemon_.Start());
    way_ = daemon_.Connect();
    region_.UseTransport(way_.get());
  }
  // Kills the server after `acknowledged` answers, from within the traffic.
  std::vector<Sent> KillDuringWrites(int round, int acknowledged) {
    std::vector<Sent> sent(kWriters);
    std::atomic<int> count = 0;
    std::vector<std::thread> writers;
    writers.reserve(kWriters);
    for (int w = 0; w < kWriters; ++w) {
      writers.emplace_back([&, w] { WriteUntilGone(region_, round, w, count, &sent[w]); });
    }
    for (int seen = 0; (seen = count) < acknowledged;) count.wait(seen);
    daemon_.Kill();
    for (std::thread& t : writers) t.join();
    return sent;
  }

  Region region_{{.system_clock = true, .listen = true}};
  Daemon daemon_{&region_};
  std::unique_ptr<client::Transport> way_;
};

TEST_F(CrashTest, KilledAtAnyInstantEveryAcknowledgedChangeIsThereOnceAndARetryRuns) {
  std::minstd_rand dice(20261122);
  std::multiset<std::string> expected;
  for (int round = 0; round < Rounds(5, 100); ++round) {
    const std::vector<Sent> sent = KillDuringWrites(round, 1 + static_cast<int>(dice() % 60));
    ASSERT_NO_FATAL_FAILURE(Restart());
    std::vector<std::string> notes = region_.Notes();
    for (const Sent& s : sent) {
      for (const auto& request : s.acknowledged) {
        EXPECT_EQ(std::count(notes.begin(), notes.end(), request.contribution().text()), 1)
            << "round " << round;
        expected.insert(request.contribution().text());
      }
      // What was not acknowledged may or may not have happened; repeated, it has, once.
      for (const auto& request : s.open) {
        EXPECT_LE(std::count(notes.begin(), notes.end(), request.contribution().text()), 1)
            << "round " << round;
        casework::v1::Contribution answer;
        EXPECT_OK(region_.CallAsIs(region_.ib, "casework.v1.CaseworkService/AddContribution",
                                   request, &answer));
        expected.insert(request.contribution().text());
      }
    }
    notes = region_.Notes();
    EXPECT_EQ(std::multiset<std::string>(notes.begin(), notes.end()), expected)
        << "round " << round;
  }
  EXPECT_EQ(daemon_.Terminate(), 0);
  // The log, read by this process: every stream's chain and the whole tree hold.
  ASSERT_OK(region_.Start());
  const auto report = VerifyWholeLog(region_);
  ASSERT_OK(report);
  EXPECT_GT(report->size, static_cast<int64_t>(expected.size()));
}

TEST_F(CrashTest, R13KilledWhenAWithdrawalWasAcknowledgedItStaysWithdrawn) {
  for (int round = 0; round < Rounds(2, 20); ++round) {
    const std::string consent =
        round == 0 ? region_.SeatTheNurse() : region_.Share("organisations/jgz");
    ASSERT_OK(region_.GetCase(region_.nurse));
    ASSERT_OK(region_.Withdraw(consent, region_.mother));
    daemon_.Kill();
    ASSERT_NO_FATAL_FAILURE(Restart());
    EXPECT_THAT(region_.GetCase(region_.nurse), Refused()) << "round " << round;
  }
}

}  // namespace
}  // namespace knooppunt::faults
