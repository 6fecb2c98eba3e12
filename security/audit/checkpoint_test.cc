#include "security/audit/checkpoint.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "base/status_testing.h"
#include "security/crypto/hash.h"

namespace knooppunt::audit {
namespace {

using ::knooppunt::testing::StatusIs;
using ::testing::HasSubstr;

// The example of C2SP tlog-checkpoint.
constexpr char kExample[] =
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

TEST(CheckpointTest, ReadsThePublishedExampleAndWritesItBack) {
  ASSERT_OK_AND_ASSIGN(const Checkpoint checkpoint, ParseCheckpoint(kExample));
  EXPECT_EQ(checkpoint.origin, "example.com/behind-the-sofa");
  EXPECT_EQ(checkpoint.size, 20852163);
  EXPECT_EQ(crypto::HexEncode(checkpoint.root),
            "0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62");
  EXPECT_EQ(FormatCheckpoint(checkpoint), kExample);
}

TEST(CheckpointTest, AnythingElseIsRefused) {
  const std::string root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
  const std::string cases[] = {
      "",
      "a\n1\n",
      absl::StrCat("a\n1\n", root),
      absl::StrCat("a\n1\n", root, "\n\n"),
      absl::StrCat("a\n1\n", root, "\nextension\n"),
      absl::StrCat("\n1\n", root, "\n"),
      absl::StrCat("a b\n1\n", root, "\n"),
      absl::StrCat("a\n01\n", root, "\n"),
      absl::StrCat("a\n+1\n", root, "\n"),
      absl::StrCat("a\n-1\n", root, "\n"),
      absl::StrCat("a\n 1\n", root, "\n"),
      absl::StrCat("a\n1 \n", root, "\n"),
      absl::StrCat("a\n\n", root, "\n"),
      absl::StrCat("a\n9223372036854775808\n", root, "\n"),
      "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n",
      "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",  // bits that do not count are set
      "a\n1\nAAAA\n",
  };
  for (const std::string& text : cases) {
    EXPECT_THAT(ParseCheckpoint(text), StatusIs(absl::StatusCode::kInvalidArgument)) << text;
  }
}

TEST(CheckpointTest, SizesReachToTheLargestNumber) {
  ASSERT_OK_AND_ASSIGN(const int64_t largest, ParseDecimal("9223372036854775807"));
  EXPECT_EQ(largest, INT64_MAX);
  ASSERT_OK_AND_ASSIGN(const int64_t zero, ParseDecimal("0"));
  EXPECT_EQ(zero, 0);
  EXPECT_THAT(ParseDecimal("00"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("decimal")));
}

}  // namespace
}  // namespace knooppunt::audit
