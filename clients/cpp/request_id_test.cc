#include "clients/cpp/request_id.h"

#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace knooppunt::client {
namespace {

TEST(RequestIdTest, IsVersion4InTheFormOfRfc9562) {
  EXPECT_THAT(NewRequestId(),
              ::testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-"
                                      "[0-9a-f]{12}"));
}

TEST(RequestIdTest, ManyAreAllDifferent) {
  std::set<std::string> ids;
  for (int i = 0; i < 2000; ++i) ids.insert(NewRequestId());
  EXPECT_EQ(ids.size(), 2000u);
}

}  // namespace
}  // namespace knooppunt::client
