#include "base/recent_map.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace knooppunt::base {
namespace {

TEST(RecentMapTest, FindsWhatWasPutInAndTheLastOfTwo) {
  RecentMap<int> map(10);
  EXPECT_EQ(map.Find("a"), nullptr);
  map.Put("a", 1);
  map.Put("a", 2);
  ASSERT_NE(map.Find("a"), nullptr);
  EXPECT_EQ(*map.Find("a"), 2);
  EXPECT_EQ(map.size(), 1u);
  map.Erase("a");
  EXPECT_EQ(map.Find("a"), nullptr);
  map.Erase("a");
}

TEST(RecentMapTest, IsNeverLargerThanItMayBe) {
  RecentMap<int> map(10);
  for (int i = 0; i < 1000; ++i) {
    map.Put(absl::StrCat(i), i);
    map.Find(absl::StrCat(i / 2));
    EXPECT_LE(map.size(), 10u);
  }
}

TEST(RecentMapTest, WhatIsInUseStaysAndWhatIsNotGoes) {
  RecentMap<int> map(10);
  map.Put("used", 1);
  map.Put("not", 2);
  for (int i = 0; i < 100; ++i) {
    map.Put(absl::StrCat(i), i);
    ASSERT_NE(map.Find("used"), nullptr) << i;
  }
  EXPECT_EQ(map.Find("not"), nullptr);
}

TEST(RecentMapTest, AnOldEntryThatIsPutAnewIsThereOnce) {
  RecentMap<int> map(4);
  map.Put("a", 1);
  map.Put("b", 1);
  map.Put("c", 1);  // a and b are old now
  map.Put("a", 2);
  EXPECT_EQ(*map.Find("a"), 2);
  map.Erase("a");
  EXPECT_EQ(map.Find("a"), nullptr);
}

TEST(RecentMapTest, WhatGoesIsDestroyed) {
  const auto value = std::make_shared<int>(1);
  RecentMap<std::shared_ptr<int>> map(2);
  map.Put("a", value);
  for (int i = 0; i < 3; ++i) map.Put(absl::StrCat(i), nullptr);
  EXPECT_EQ(value.use_count(), 1);
}

}  // namespace
}  // namespace knooppunt::base
