#include "clients/cli/output.h"

#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "knooppunt/casework/v1/casework.pb.h"

namespace knooppunt::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(OutputTest, TableAlignsByCharactersNotBytes) {
  Table table({"NAAM", "PLAATS"});
  table.Add({"Zoë", "Wijlre"});
  table.Add({"Bo", "Beek"});
  std::ostringstream out;
  table.Print(out, "none");
  EXPECT_EQ(out.str(),
            "NAAM  PLAATS\n"
            "Zoë   Wijlre\n"
            "Bo    Beek\n");
}

TEST(OutputTest, EmptyTableSaysSo) {
  std::ostringstream out;
  Table({"A"}).Print(out, "Nothing here.");
  EXPECT_EQ(out.str(), "Nothing here.\n");
}

TEST(OutputTest, CellStaysOnItsLine) {
  Table table({"A"});
  table.Add({"x\ny"});
  std::ostringstream out;
  table.Print(out, "");
  EXPECT_EQ(out.str(), "A\nx y\n");
}

TEST(OutputTest, FieldsWithoutValueAreLeftOut) {
  std::ostringstream out;
  Fields().Add("Case", "families/f").Add("Outcome", "").Add("On", "x").Print(out);
  EXPECT_EQ(out.str(), "Case  families/f\nOn    x\n");
}

TEST(OutputTest, TerminalCannotBeTakenOver) {
  EXPECT_EQ(Printable("a\x1b[2Jb"), "a\xEF\xBF\xBD[2Jb");
  EXPECT_EQ(Printable("\xC2\x9B"), "\xEF\xBF\xBD");      // C1: CSI in one character
  EXPECT_EQ(Printable("\xE2\x80\xAE"), "\xEF\xBF\xBD");  // U+202E, right-to-left override
  EXPECT_EQ(Printable("a\r\tb\x7f"),
            "a\xEF\xBF\xBD\xEF\xBF\xBD"
            "b\xEF\xBF\xBD");
  EXPECT_EQ(Printable("één\ntwee"), "één\ntwee");
  EXPECT_EQ(Printable("a\xff"), "a\xEF\xBF\xBD");
}

TEST(OutputTest, Utf8IsCheckedToTheLetter) {
  EXPECT_TRUE(IsUtf8(""));
  EXPECT_TRUE(IsUtf8("Zoë \xE2\x82\xAC \xF0\x9F\x99\x82"));
  EXPECT_FALSE(IsUtf8("\xC3"));              // cut off
  EXPECT_FALSE(IsUtf8("\xC0\xAF"));          // overlong
  EXPECT_FALSE(IsUtf8("\xED\xA0\x80"));      // surrogate
  EXPECT_FALSE(IsUtf8("\xF4\x90\x80\x80"));  // beyond U+10FFFF
  EXPECT_FALSE(IsUtf8("\x80"));
}

TEST(OutputTest, JsonIsOneLineWithEveryField) {
  casework::v1::SearchFamiliesResponse response;
  EXPECT_EQ(ToJson(response), R"({"found":false,"ask":"","askOrganisation":"","family":""})");
}

TEST(OutputTest, JsonQuoteEscapes) { EXPECT_EQ(JsonQuote("a\"b\n"), R"("a\"b\n")"); }

TEST(OutputTest, NamesAreTheMessagesOwnOrThoseOfItsLists) {
  casework::v1::Case one;
  one.set_name("families/f/cases/c");
  one.add_steps()->set_name("families/f/cases/c/steps/s");
  EXPECT_THAT(NamesIn(one), ElementsAre("families/f/cases/c"));
  casework::v1::ListCasesResponse list;
  *list.add_cases() = one;
  list.add_cases()->set_name("families/g/cases/d");
  EXPECT_THAT(NamesIn(list), ElementsAre("families/f/cases/c", "families/g/cases/d"));
  EXPECT_THAT(NamesIn(casework::v1::SearchFamiliesResponse()), IsEmpty());
}

TEST(OutputTest, TimesAreAmsterdams) {
  google::protobuf::Timestamp time;
  EXPECT_EQ(LocalTime(time), "");
  time.set_seconds(1795338000);  // 2026-11-22T09:00:00Z
  EXPECT_EQ(LocalTime(time), "2026-11-22 10:00");
}

TEST(OutputTest, EuroIsWrittenTheDutchWay) {
  EXPECT_EQ(Euro(0), "0,00 euro");
  EXPECT_EQ(Euro(125050), "1.250,50 euro");
  EXPECT_EQ(Euro(100000000), "1.000.000,00 euro");
  EXPECT_EQ(Euro(-5), "-0,05 euro");
}

}  // namespace
}  // namespace knooppunt::cli
