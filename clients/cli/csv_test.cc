#include "clients/cli/csv.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "base/status_testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace knooppunt::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

CsvFile Parse(absl::string_view text) {
  auto file = ParseCsv(text);
  EXPECT_OK(file);
  return file.value_or(CsvFile());
}
std::string WhyNot(absl::string_view text) {
  return std::string(ParseCsv(text).status().message());
}

TEST(Csv, ReadsWhatADutchSpreadsheetWrites) {
  const CsvFile file =
      Parse("\xEF\xBB\xBFId;Naam;Functie\r\nnoor;Noor de Wit;jeugdverpleegkundige\r\n");
  EXPECT_EQ(file.separator, ';');
  EXPECT_THAT(file.header, ElementsAre("id", "naam", "functie"));
  ASSERT_THAT(file.rows, SizeIs(1));
  EXPECT_THAT(file.rows[0].fields, ElementsAre("noor", "Noor de Wit", "jeugdverpleegkundige"));
  EXPECT_EQ(file.rows[0].line, 2);
}

TEST(Csv, ReadsCommasTabsAndASepLine) {
  EXPECT_THAT(Parse("a,b\n1,2\n").rows[0].fields, ElementsAre("1", "2"));
  EXPECT_THAT(Parse("a\tb\n1\t2\n").rows[0].fields, ElementsAre("1", "2"));
  const CsvFile file = Parse("sep=;\r\na;b\r\n1;2\r\n");
  EXPECT_THAT(file.rows[0].fields, ElementsAre("1", "2"));
  EXPECT_EQ(file.rows[0].line, 3);
}

// RFC 4180, section 2: quotes, doubled quotes, separators and line ends inside quotes.
TEST(Csv, Rfc4180QuotesHoldSeparatorsQuotesAndLineEnds) {
  const CsvFile file = Parse("a,b,c\r\n\"x, y\",\"z \"\"q\"\"\",\"een\r\ntwee\"\r\nd,e,f\r\n");
  ASSERT_THAT(file.rows, SizeIs(2));
  EXPECT_THAT(file.rows[0].fields, ElementsAre("x, y", "z \"q\"", "een\r\ntwee"));
  EXPECT_EQ(file.rows[1].line, 4);  // the row before took two lines
  EXPECT_THAT(Parse("a,b\n1,").rows[0].fields, ElementsAre("1", ""));  // no line end at the end
}

TEST(Csv, BlankLinesAreLeftOutAndLinesAreStillCounted) {
  const CsvFile file = Parse("a;b\n\n;\n1;2\n\n");
  ASSERT_THAT(file.rows, SizeIs(1));
  EXPECT_EQ(file.rows[0].line, 4);
}

TEST(Csv, ARowThatIsNotWellFormedHasItsFaultAndTheOthersAreRead) {
  const CsvFile file = Parse("a;b\n1;2;3\n\"x\"y;2\nq\"r;2\n1;\x01\n1;2\n");
  ASSERT_THAT(file.rows, SizeIs(5));
  EXPECT_THAT(file.rows[0].fault, HasSubstr("3 velden en de kopregel 2"));
  EXPECT_THAT(file.rows[1].fault, HasSubstr("na een sluitend aanhalingsteken"));
  EXPECT_THAT(file.rows[2].fault, HasSubstr("midden in een veld"));
  EXPECT_THAT(file.rows[3].fault, HasSubstr("stuurteken"));
  EXPECT_THAT(file.rows[4].fault, IsEmpty());
}

TEST(Csv, HostileFilesAreRefusedInASentence) {
  EXPECT_THAT(WhyNot(""), HasSubstr("geen kopregel"));
  EXPECT_THAT(WhyNot("\n\n\n"), HasSubstr("geen kopregel"));
  EXPECT_THAT(WhyNot("a;b\n\"nooit dicht;2\n3;4\n"), HasSubstr("regel 2"));
  EXPECT_THAT(WhyNot("a;a\n1;2\n"), HasSubstr("twee keer"));
  std::string wide;
  for (int i = 0; i < 40; ++i) absl::StrAppend(&wide, "k", i, ";");
  EXPECT_THAT(WhyNot(wide), HasSubstr("32 kolommen"));
  std::string many = "a\n";
  for (size_t i = 0; i <= kMaxCsvRows; ++i) many += "x\n";
  EXPECT_THAT(WhyNot(many), HasSubstr("5000 regels"));
  const CsvFile longer = Parse(absl::StrCat("a\n", std::string(2000, 'x'), "\n"));
  EXPECT_THAT(longer.rows[0].fault, HasSubstr("langer dan 1000"));
  // Quotes by the thousand take no time and no stack.
  EXPECT_OK(ParseCsv(absl::StrCat("a\n", std::string(100'000, '"'), "\n")));
}

// CWE-1236: what a spreadsheet would run is not run.
TEST(Csv, NoFieldIsAFormula) {
  EXPECT_EQ(CsvField("=HYPERLINK(\"http://x\")"), "\"'=HYPERLINK(\"\"http://x\"\")\"");
  EXPECT_EQ(CsvField("+31612345678"), "\"'+31612345678\"");
  EXPECT_EQ(CsvField("-1"), "\"'-1\"");
  EXPECT_EQ(CsvField("@SUM(A1)"), "\"'@SUM(A1)\"");
  EXPECT_EQ(CsvField("\t=1"), "\"'\t=1\"");
  EXPECT_EQ(CsvField("gewoon"), "gewoon");
  EXPECT_EQ(CsvField("a;b"), "\"a;b\"");
  EXPECT_EQ(CsvLine({"1", "=x", ""}), "1;\"'=x\";\r\n");
}

TEST(Csv, AColumnThatIsNotKnownOrLacksIsTold) {
  const std::map<std::string, std::vector<std::string>> columns = {{"id", {"id"}},
                                                                   {"name", {"naam", "name"}}};
  const auto why = [&](std::vector<std::string> header) {
    return std::string(CsvColumns::Find(header, columns, {"id"}).status().message());
  };
  EXPECT_THAT(why({"id", "nam"}), HasSubstr("'nam' is niet bekend"));
  EXPECT_THAT(why({"naam"}), HasSubstr("'id' ontbreekt"));
  EXPECT_THAT(why({"id", "naam", "name"}), HasSubstr("twee keer"));
  ASSERT_OK_AND_ASSIGN(const CsvColumns found, CsvColumns::Find({"naam", "id"}, columns, {"id"}));
  CsvRow row;
  row.fields = {"Noor", "noor"};
  EXPECT_EQ(found.Get(row, "id"), "noor");
  EXPECT_EQ(found.Get(row, "name"), "Noor");
  row.fields.pop_back();
  EXPECT_EQ(found.Get(row, "id"), "");
}

}  // namespace
}  // namespace knooppunt::cli
