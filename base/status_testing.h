// GoogleMock matchers for absl::Status, under the names of newer Abseil:
//   EXPECT_THAT(status, IsOk());
//   EXPECT_THAT(status, StatusIs(absl::StatusCode::kNotFound, HasSubstr("x")));
//   ASSERT_OK(expr); ASSERT_OK_AND_ASSIGN(auto v, expr);
#ifndef KNOOPPUNT_BASE_STATUS_TESTING_H_
#define KNOOPPUNT_BASE_STATUS_TESTING_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace knooppunt::testing {

inline const absl::Status& GetStatus(const absl::Status& s) { return s; }
template <typename T>
const absl::Status& GetStatus(const absl::StatusOr<T>& s) {
  return s.status();
}

MATCHER(IsOk, "is OK") {
  *result_listener << GetStatus(arg).ToString();
  return GetStatus(arg).ok();
}

MATCHER_P2(StatusIsImpl, code, message, "") {
  const absl::Status& s = GetStatus(arg);
  *result_listener << s.ToString();
  return s.code() == code &&
         ::testing::SafeMatcherCast<const std::string&>(message).Matches(std::string(s.message()));
}
inline auto StatusIs(absl::StatusCode code) {
  return StatusIsImpl<absl::StatusCode, ::testing::Matcher<const std::string&>>(
      code, ::testing::A<const std::string&>());
}
template <typename M>
auto StatusIs(absl::StatusCode code, M message) {
  return StatusIsImpl<absl::StatusCode, M>(code, message);
}

#define ASSERT_OK(expr) ASSERT_THAT(expr, ::knooppunt::testing::IsOk())
#define EXPECT_OK(expr) EXPECT_THAT(expr, ::knooppunt::testing::IsOk())
#define KP_TEST_CONCAT_INNER_(a, b) a##b
#define KP_TEST_CONCAT_(a, b) KP_TEST_CONCAT_INNER_(a, b)
#define ASSERT_OK_AND_ASSIGN(lhs, expr) \
  ASSERT_OK_AND_ASSIGN_IMPL_(KP_TEST_CONCAT_(kp_test_or_, __LINE__), lhs, expr)
#define ASSERT_OK_AND_ASSIGN_IMPL_(tmp, lhs, expr) \
  auto tmp = (expr);                               \
  ASSERT_THAT(tmp, ::knooppunt::testing::IsOk());  \
  lhs = *std::move(tmp)

}  // namespace knooppunt::testing

#endif  // KNOOPPUNT_BASE_STATUS_TESTING_H_
