#include "security/crypto/random.h"

#include <set>

#include "base/resource_name.h"
#include "gtest/gtest.h"

namespace knooppunt::crypto {
namespace {

const SecretAccess kAccess = SecretAccess::For("test");

TEST(RandomTest, SystemRandomDoesNotRepeat) {
  SystemRandom random;
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(random.Bytes(16));
  EXPECT_EQ(seen.size(), 1000u);
  EXPECT_EQ(random.Bytes(0), "");
}

TEST(RandomTest, SeededRandomRepeatsItselfPerSeedOnly) {
  SeededRandom a(7), b(7), c(8);
  for (size_t n : {1, 32, 33, 100}) {
    const std::string bytes = a.Bytes(n);
    EXPECT_EQ(bytes.size(), n);
    EXPECT_EQ(bytes, b.Bytes(n));
    if (n > 8) {
      EXPECT_NE(bytes, c.Bytes(n));
    }
  }
  EXPECT_NE(a.Bytes(32), a.Bytes(32));
}

TEST(RandomTest, KeyIs256BitsAndFresh) {
  SystemRandom random;
  const SecretBytes a = random.Key(), b = random.Key();
  EXPECT_EQ(a.size(), 32u);
  EXPECT_NE(a.Expose(kAccess), b.Expose(kAccess));
}

TEST(RandomTest, IdIsAResourceIdOfTwentyCharactersThatUsesTheWholeAlphabet) {
  SystemRandom random;
  std::set<char> used;
  std::set<std::string> seen;
  for (int i = 0; i < 500; ++i) {
    const std::string id = random.Id("fam");
    ASSERT_EQ(id.size(), 4u + 20u);
    EXPECT_EQ(id.substr(0, 4), "fam-");
    EXPECT_TRUE(base::IsResourceId(id)) << id;
    for (char c : id.substr(4)) used.insert(c);
    seen.insert(id);
  }
  EXPECT_EQ(seen.size(), 500u);
  EXPECT_EQ(std::string(used.begin(), used.end()), "234567abcdefghijklmnopqrstuvwxyz");
}

}  // namespace
}  // namespace knooppunt::crypto
