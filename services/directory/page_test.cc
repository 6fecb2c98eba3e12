#include "services/directory/page.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/status_testing.h"
#include "security/crypto/hash.h"

namespace knooppunt::directory {
namespace {

TEST(DirectoryPageTest, SizesHaveADefaultAndACap) {
  EXPECT_EQ(SliceOf(0, "")->limit, limits::kDefaultPageSize + 1);
  EXPECT_EQ(SliceOf(7, "")->limit, 8);
  EXPECT_EQ(SliceOf(1'000'000, "")->limit, limits::kMaxPageSize + 1);
  EXPECT_EQ(base::ReasonOf(SliceOf(-1, "").status()), "INVALID_FIELD");
}

TEST(DirectoryPageTest, ATokenLeadsToWhatComesAfterAndJunkIsRefused) {
  EXPECT_EQ(SliceOf(0, TokenAfter("organisations/gem-beek"))->after_id, "gem-beek");
  const std::vector<std::string> junk = {"?", "====", crypto::Base64UrlEncode("a/b"),
                                         std::string(10'000, 'A')};
  for (const std::string& token : junk) {
    EXPECT_EQ(base::ReasonOf(SliceOf(0, token).status()), "BAD_PAGE_TOKEN") << token;
  }
}

TEST(DirectoryPageTest, AFullLastPageHasNoToken) {
  google::protobuf::RepeatedPtrField<v1::Organisation> field;
  std::string token;
  std::vector<v1::Organisation> rows(3);
  for (int i = 0; i < 3; ++i) rows[i].set_name("organisations/" + std::to_string(i));
  const auto as_is = [](v1::Organisation o) { return o; };
  FillPage({.after_id = "", .limit = 4}, rows, &field, &token, as_is);
  EXPECT_EQ(field.size(), 3);
  EXPECT_EQ(token, "");
  field.Clear();
  FillPage({.after_id = "", .limit = 3}, rows, &field, &token, as_is);
  EXPECT_EQ(field.size(), 2);
  EXPECT_EQ(token, TokenAfter("organisations/1"));
}

}  // namespace
}  // namespace knooppunt::directory
