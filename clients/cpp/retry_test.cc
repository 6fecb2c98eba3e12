#include "clients/cpp/retry.h"

#include "google/protobuf/wrappers.pb.h"
#include "gtest/gtest.h"
#include "knooppunt/access/v1/access.pb.h"
#include "knooppunt/casework/v1/casework.pb.h"

namespace knooppunt::client {
namespace {

FailedAttempt Unavailable(int attempts_made, double jitter = 0) {
  return {.attempts_made = attempts_made,
          .code = absl::StatusCode::kUnavailable,
          .repeat_safe = true,
          .remaining = absl::Seconds(30),
          .jitter = jitter};
}

TEST(RetryTest, WaitDoublesUpToTheCap) {
  const RetryPolicy policy = {.max_attempts = 20};
  EXPECT_EQ(NextBackoff(policy, Unavailable(1)), absl::Milliseconds(50));
  EXPECT_EQ(NextBackoff(policy, Unavailable(2)), absl::Milliseconds(100));
  EXPECT_EQ(NextBackoff(policy, Unavailable(4)), absl::Milliseconds(400));
  EXPECT_EQ(NextBackoff(policy, Unavailable(7)), absl::Seconds(2));
  EXPECT_EQ(NextBackoff(policy, Unavailable(19)), absl::Seconds(2));
}

TEST(RetryTest, JitterTakesAtMostHalfAway) {
  const RetryPolicy policy;
  EXPECT_EQ(NextBackoff(policy, Unavailable(1, 0.5)), absl::Microseconds(37500));
  EXPECT_GT(*NextBackoff(policy, Unavailable(1, 0.999)), absl::Milliseconds(25));
}

TEST(RetryTest, StopsAfterMaxAttempts) {
  const RetryPolicy policy = {.max_attempts = 3};
  EXPECT_TRUE(NextBackoff(policy, Unavailable(2)).has_value());
  EXPECT_FALSE(NextBackoff(policy, Unavailable(3)).has_value());
}

TEST(RetryTest, StopsWhenTheWaitWouldPassTheDeadline) {
  FailedAttempt failed = Unavailable(2);  // would wait 100 ms
  failed.remaining = absl::Milliseconds(101);
  EXPECT_TRUE(NextBackoff(RetryPolicy(), failed).has_value());
  failed.remaining = absl::Milliseconds(100);
  EXPECT_FALSE(NextBackoff(RetryPolicy(), failed).has_value());
}

TEST(RetryTest, RepeatsOnlyUnavailable) {
  for (const absl::StatusCode code :
       {absl::StatusCode::kDeadlineExceeded, absl::StatusCode::kResourceExhausted,
        absl::StatusCode::kAborted, absl::StatusCode::kInternal,
        absl::StatusCode::kPermissionDenied}) {
    FailedAttempt failed = Unavailable(1);
    failed.code = code;
    EXPECT_FALSE(NextBackoff(RetryPolicy(), failed).has_value()) << static_cast<int>(code);
  }
}

TEST(RetryTest, NeverRepeatsWhatIsNotSafe) {
  FailedAttempt failed = Unavailable(1);
  failed.repeat_safe = false;
  EXPECT_FALSE(NextBackoff(RetryPolicy(), failed).has_value());
}

TEST(RetryTest, MutationIsSafeOnlyWithRequestId) {
  const char kMethod[] = "/knooppunt.casework.v1.CaseworkService/CompleteStep";
  casework::v1::CompleteStepRequest request;
  EXPECT_FALSE(IsRepeatSafe(kMethod, request));
  request.set_request_id("5f0c1c1e-5d0e-4f7e-9a36-2f6f2f1d1c11");
  EXPECT_TRUE(IsRepeatSafe(kMethod, request));
}

TEST(RetryTest, ReadIsSafe) {
  EXPECT_TRUE(IsRepeatSafe("/knooppunt.casework.v1.CaseworkService/GetCase",
                           casework::v1::GetCaseRequest()));
  EXPECT_TRUE(IsRepeatSafe("/knooppunt.access.v1.AccessService/ApplyFacts",
                           access::v1::ApplyFactsRequest()));
}

TEST(RetryTest, UnknownMethodIsNotSafe) {
  EXPECT_FALSE(IsRepeatSafe("/foreign.v1.Service/Get", google::protobuf::StringValue()));
}

}  // namespace
}  // namespace knooppunt::client
