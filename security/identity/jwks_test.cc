#include "security/identity/jwks.h"

#include <future>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/status_testing.h"
#include "gtest/gtest.h"
#include "security/identity/identity_testing.h"
#include "security/identity/limits.h"

namespace knooppunt::identity {
namespace {

using base::ReasonOf;

const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);
constexpr JwsAlgorithm kRs = JwsAlgorithm::kRs256;
constexpr JwsAlgorithm kEs = JwsAlgorithm::kEs256;

class R17KeysTest : public ::testing::Test {
 protected:
  std::string Reason(absl::string_view kid, absl::Time now, JwsAlgorithm algorithm = kEs) {
    return ReasonOf(keys_.Find(kid, algorithm, now).status());
  }
  void Fail() {
    fetcher_.Set([](const HttpRequest&) { return absl::UnavailableError("no connection"); });
  }
  const TestKey a_{"ES256", "a"}, b_{"ES256", "b"};
  FakeFetcher fetcher_;
  FetchedKeys keys_{{.uri = "https://sso.example/jwks", .fetcher = &fetcher_}};
};

TEST_F(R17KeysTest, SetLeavesOutWhatItDoesNotKnow) {
  ASSERT_OK_AND_ASSIGN(
      const KeySet set,
      KeySet::Parse(SetOf({a_.Json(), b_.Json(",\"use\":\"enc\""), R"({"kty":"new"})"})));
  EXPECT_EQ(set.size(), 1);
  EXPECT_NE(set.Find("a", kEs), nullptr);
  EXPECT_EQ(set.Find("b", kEs), nullptr);
  EXPECT_EQ(set.Find("a", kRs), nullptr);
  for (const char* junk : {"", "[]", "{}", R"({"keys":{}})", R"({"keys":[1]})", R"({"keys":"a"})"})
    EXPECT_FALSE(KeySet::Parse(junk).ok()) << junk;
  EXPECT_FALSE(
      KeySet::Parse(SetOf(std::vector<std::string>(kMaxKeysPerSet + 1, R"({"kty":"x"})"))).ok());
}

TEST_F(R17KeysTest, NoIdOrTwinsGiveNoKeyWhenThereIsAChoice) {
  const TestKey rsa("RS256", "a");
  ASSERT_OK_AND_ASSIGN(const KeySet set, KeySet::Parse(SetOf({a_.Json(), b_.Json(), rsa.Json()})));
  EXPECT_EQ(set.Find("", kEs), nullptr);
  EXPECT_NE(set.Find("", kRs), nullptr);
  // One id for two kinds is allowed; for two keys of a kind it is a choice.
  EXPECT_NE(set.Find("a", kRs), nullptr);
  ASSERT_OK_AND_ASSIGN(const KeySet twins,
                       KeySet::Parse(SetOf({a_.Json(), TestKey("ES256", "a").Json()})));
  EXPECT_EQ(twins.Find("a", kEs), nullptr);
}

TEST_F(R17KeysTest, FetchedOnceAndKept) {
  fetcher_.SetBody(SetOf({a_.Json()}));
  EXPECT_OK(keys_.Find("a", kEs, kNow));
  EXPECT_OK(keys_.Find("a", kEs, kNow + absl::Seconds(kKeySetRefreshSeconds - 1)));
  EXPECT_EQ(fetcher_.fetches(), 1);
}

TEST_F(R17KeysTest, RotationIsFollowedAtTheFirstTokenOfTheNewKey) {
  fetcher_.SetBody(SetOf({a_.Json()}));
  EXPECT_OK(keys_.Find("a", kEs, kNow));
  fetcher_.SetBody(SetOf({a_.Json(), b_.Json()}));
  EXPECT_OK(keys_.Find("b", kEs, kNow + absl::Seconds(1)));
  EXPECT_EQ(fetcher_.fetches(), 2);
  EXPECT_OK(keys_.Find("a", kEs, kNow + absl::Seconds(1)));
}

TEST_F(R17KeysTest, KeyThatVanishedIsGoneAfterTheNextRefresh) {
  fetcher_.SetBody(SetOf({a_.Json(), b_.Json()}));
  EXPECT_OK(keys_.Find("a", kEs, kNow));
  fetcher_.SetBody(SetOf({b_.Json()}));
  EXPECT_OK(keys_.Find("a", kEs, kNow + absl::Seconds(kKeySetRefreshSeconds - 1)));
  EXPECT_EQ(Reason("a", kNow + absl::Seconds(kKeySetRefreshSeconds)), "ID_TOKEN_KEY");
  EXPECT_OK(keys_.Find("b", kEs, kNow + absl::Seconds(kKeySetRefreshSeconds)));
}

TEST_F(R17KeysTest, StrangersCannotMakeUsHammerTheProvider) {
  fetcher_.SetBody(SetOf({a_.Json()}));
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(Reason(absl::StrCat("made-up-", i), kNow), "ID_TOKEN_KEY");
  }
  EXPECT_EQ(fetcher_.fetches(), kKeySetFetchBurst);
  EXPECT_OK(keys_.Find("a", kEs, kNow));
  // One more for each interval, however many ask: a minute of it.
  for (int second = 1; second <= 60; ++second) {
    for (int i = 0; i < 20; ++i) Reason("made-up", kNow + absl::Seconds(second));
  }
  EXPECT_EQ(fetcher_.fetches(), kKeySetFetchBurst + 60 / kKeySetFetchIntervalSeconds);
  // A key that the provider made in the meantime is found at the latest an interval later.
  fetcher_.SetBody(SetOf({a_.Json(), b_.Json()}));
  EXPECT_OK(keys_.Find("b", kEs, kNow + absl::Seconds(60 + kKeySetFetchIntervalSeconds)));
}

TEST_F(R17KeysTest, OldKeysServeDuringAnOutageUntilTheirGreatestAge) {
  fetcher_.SetBody(SetOf({a_.Json()}));
  EXPECT_OK(keys_.Find("a", kEs, kNow));
  Fail();
  EXPECT_OK(keys_.Find("a", kEs, kNow + absl::Seconds(kKeySetMaxAgeSeconds - 1)));
  EXPECT_GT(fetcher_.fetches(), 1);
  // Whether there is such a key cannot be known now.
  EXPECT_EQ(Reason("b", kNow + absl::Seconds(kKeySetMaxAgeSeconds - 1)), "ISSUER_KEYS_UNAVAILABLE");
  const auto gone = keys_.Find("a", kEs, kNow + absl::Seconds(kKeySetMaxAgeSeconds));
  EXPECT_EQ(gone.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(gone.status()), "ISSUER_KEYS_UNAVAILABLE");
  fetcher_.SetBody(SetOf({a_.Json()}));
  EXPECT_OK(keys_.Find("a", kEs, kNow + absl::Seconds(2 * kKeySetMaxAgeSeconds)));
}

TEST_F(R17KeysTest, AnswersThatAreNoSetChangeNothing) {
  fetcher_.SetBody(SetOf({a_.Json()}));
  EXPECT_OK(keys_.Find("a", kEs, kNow));
  absl::Time now = kNow;
  for (const HttpAnswer& answer :
       {HttpAnswer{404, SetOf({b_.Json()})}, HttpAnswer{200, "<html>"}, HttpAnswer{200, ""}}) {
    now += absl::Seconds(kKeySetRefreshSeconds);
    fetcher_.Set([answer](const HttpRequest&) { return answer; });
    EXPECT_OK(keys_.Find("a", kEs, now));
    EXPECT_EQ(Reason("b", now), "ISSUER_KEYS_UNAVAILABLE");
  }
}

TEST_F(R17KeysTest, ClockThatIsPutBackNeitherStopsNorProlongs) {
  fetcher_.SetBody(SetOf({a_.Json()}));
  for (int i = 0; i < kKeySetFetchBurst; ++i) Reason("made-up", kNow);
  const absl::Time before = kNow - absl::Hours(48);
  EXPECT_OK(keys_.Find("a", kEs, before));
  fetcher_.SetBody(SetOf({a_.Json(), b_.Json()}));
  EXPECT_EQ(Reason("b", before), "ID_TOKEN_KEY");
  EXPECT_OK(keys_.Find("b", kEs, before + absl::Seconds(kKeySetFetchIntervalSeconds)));
}

// A provider that hangs: one asks, a few wait, the others are told at once, and no lock is held.
TEST_F(R17KeysTest, HangingProviderHoldsFewThreads) {
  std::promise<void> asked, release;
  std::shared_future<void> released = release.get_future().share();
  fetcher_.Set([&](const HttpRequest&) -> absl::StatusOr<HttpAnswer> {
    asked.set_value();
    released.wait();
    return HttpAnswer{200, SetOf({a_.Json()})};
  });
  std::vector<std::future<absl::Status>> callers;
  const auto call = [&] {
    callers.push_back(
        std::async(std::launch::async, [&] { return keys_.Find("a", kEs, kNow).status(); }));
  };
  call();
  asked.get_future().wait();
  for (int i = 0; i < 3 * kMaxKeySetWaiters; ++i) call();
  // All but the one that asks and those that wait come back while the provider still hangs.
  size_t back = 0;
  while (back < 2 * kMaxKeySetWaiters) {
    back = 0;
    for (auto& c : callers) {
      if (c.wait_for(std::chrono::milliseconds(1)) == std::future_status::ready) ++back;
    }
  }
  release.set_value();
  int served = 0, told = 0;
  for (auto& c : callers) {
    const absl::Status s = c.get();
    if (s.ok()) ++served;
    if (ReasonOf(s) == "ISSUER_KEYS_UNAVAILABLE") ++told;
  }
  EXPECT_EQ(served, 1 + kMaxKeySetWaiters);
  EXPECT_EQ(told, 2 * kMaxKeySetWaiters);
  EXPECT_EQ(fetcher_.fetches(), 1);
}

TEST_F(R17KeysTest, RefreshHoldsUpOnlyWhoBeganIt) {
  fetcher_.SetBody(SetOf({a_.Json()}));
  EXPECT_OK(keys_.Find("a", kEs, kNow));
  std::promise<void> asked, release;
  fetcher_.Set([&](const HttpRequest&) -> absl::StatusOr<HttpAnswer> {
    asked.set_value();
    release.get_future().wait();
    return HttpAnswer{200, SetOf({b_.Json()})};
  });
  const absl::Time later = kNow + absl::Seconds(kKeySetRefreshSeconds);
  auto first = std::async(std::launch::async, [&] { return keys_.Find("a", kEs, later).status(); });
  asked.get_future().wait();
  EXPECT_OK(keys_.Find("a", kEs, later));  // with the old key, while the refresh hangs
  release.set_value();
  EXPECT_EQ(ReasonOf(first.get()), "ID_TOKEN_KEY");
}

}  // namespace
}  // namespace knooppunt::identity
