#include "clients/cli/words.h"

#include "base/status_testing.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "knooppunt/common/v1/types.pb.h"
#include "knooppunt/handover/v1/handover.pb.h"

namespace knooppunt::cli {
namespace {

using ::knooppunt::testing::StatusIs;

TEST(WordsTest, WordIsTheValueWithoutTheEnumsName) {
  EXPECT_EQ(Word(common::v1::COMPARTMENT_EDUCATION), "education");
  EXPECT_EQ(Word(common::v1::FUNCTION_JGZ_NURSE), "jgz-nurse");
  EXPECT_EQ(Word(access::v1::SEAT_ROLE_CORE_PARTNER), "core-partner");
  EXPECT_EQ(Word(handover::v1::HANDOVER_KIND_PO_VO), "po-vo");
}

TEST(WordsTest, UnspecifiedHasNoWord) {
  EXPECT_EQ(Word(common::v1::COMPARTMENT_UNSPECIFIED), "");
  EXPECT_EQ(WordOf(common::v1::Compartment_descriptor(), 99), "");
}

TEST(WordsTest, EveryWordParsesBackToItsValue) {
  const auto* type = common::v1::Function_descriptor();
  ASSERT_EQ(WordsOf(type).size(), static_cast<size_t>(type->value_count() - 1));
  for (const std::string& word : WordsOf(type)) {
    ASSERT_OK_AND_ASSIGN(const auto value, ParseWord<common::v1::Function>(word));
    EXPECT_EQ(Word(value), word);
  }
}

TEST(WordsTest, BadWordListsTheGoodOnes) {
  for (const char* bad : {"eduction", "", "unspecified", "EDUCATION", "COMPARTMENT_EDUCATION"}) {
    EXPECT_THAT(ParseWord<common::v1::Compartment>(bad),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         ::testing::HasSubstr("education, family, care, health, safety")))
        << bad;
  }
}

}  // namespace
}  // namespace knooppunt::cli
