#include "base/error_text.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace knooppunt::base {
namespace {

using ::testing::IsNull;
using ::testing::NotNull;
using ::testing::SizeIs;

TEST(ErrorTextTest, AReasonHasItsSentenceAndWhetherMoreFollows) {
  const auto texts = ParseErrorTexts(
      "# Uitleg: geen reden\n"
      "NOT_FOUND: Dit is er niet: of het is niet voor u.\n"
      "INVALID_FIELD+: Een van de gegevens klopt niet.\n"
      "\n"
      "STREAM_GAP:\n");
  ASSERT_THAT(texts, SizeIs(2));
  EXPECT_EQ(texts.at("NOT_FOUND").sentence, "Dit is er niet: of het is niet voor u.");
  EXPECT_FALSE(texts.at("NOT_FOUND").has_detail);
  EXPECT_EQ(texts.at("INVALID_FIELD").sentence, "Een van de gegevens klopt niet.");
  EXPECT_TRUE(texts.at("INVALID_FIELD").has_detail);
}

// That every reason of the sources is there is for tests/lint/error_texts.py.
TEST(ErrorTextTest, TheTextsAreBuiltIn) {
  EXPECT_THAT(DutchErrorText("R4_NO_PARENT"), NotNull());
  EXPECT_THAT(DutchErrorText("STREAM_GAP"), IsNull()) << "programs say this to each other";
  EXPECT_THAT(DutchErrorText("NO_SUCH_REASON_AT_ALL"), IsNull());
  EXPECT_THAT(DutchErrorText(""), IsNull());
}

}  // namespace
}  // namespace knooppunt::base
