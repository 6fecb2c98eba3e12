#include "security/crypto/running_hash.h"

#include "base/status_testing.h"
#include "security/crypto/hash.h"

namespace knooppunt::crypto {
namespace {

TEST(RunningHashTest, IsTheHashOfTheWholeHoweverItWasCut) {
  const std::string text(100'000, 'x');
  for (const size_t part : {size_t{1}, size_t{63}, size_t{64}, size_t{65}, size_t{100'000}}) {
    RunningSha256 hash;
    for (size_t at = 0; at < text.size(); at += part)
      hash.Add(absl::string_view(text).substr(at, part));
    EXPECT_EQ(hash.Value(), Sha256(text)) << part;
  }
}

TEST(RunningHashTest, GoesOnAfterItWasLookedAt) {
  RunningSha256 hash;
  EXPECT_EQ(hash.Value(), Sha256(""));
  hash.Add("a");
  EXPECT_EQ(hash.Value(), Sha256("a"));
  hash.Add("b");
  EXPECT_EQ(hash.Value(), Sha256("ab"));
}

}  // namespace
}  // namespace knooppunt::crypto
