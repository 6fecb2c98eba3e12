#include "base/resource_name.h"

#include "base/status_testing.h"
#include "gtest/gtest.h"

namespace knooppunt::base {
namespace {

using ::knooppunt::testing::StatusIs;

TEST(ResourceName, ParsesPairs) {
  ASSERT_OK_AND_ASSIGN(ResourceName n,
                       ResourceName::Parse("families/f1/cases/c-2", "families/*/cases/*"));
  EXPECT_EQ(n.Id("families"), "f1");
  EXPECT_EQ(n.Id("cases"), "c-2");
  EXPECT_EQ(n.Id("steps"), "");
  EXPECT_EQ(n.last_id(), "c-2");
  EXPECT_EQ(n.ToString(), "families/f1/cases/c-2");
}

TEST(ResourceName, RefusesJunk) {
  for (const char* bad :
       {"", "families", "families/", "/families/a", "families/A", "families/a/", "families/a b",
        "families/../cases/x", "families/a\n/cases/b", "1/2", "families/%00"}) {
    EXPECT_THAT(ResourceName::Parse(bad), StatusIs(absl::StatusCode::kInvalidArgument)) << bad;
  }
  EXPECT_THAT(ResourceName::Parse(std::string(10000, 'a')),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(ResourceName, RefusesAnotherPattern) {
  EXPECT_THAT(ResourceName::Parse("families/f1", "families/*/cases/*"),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ResourceName::Parse("families/f1/persons/p", "families/*/cases/*"),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace knooppunt::base
