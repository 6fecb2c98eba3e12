#include "services/dossier/text.h"

#include "base/error.h"
#include "base/status_testing.h"

namespace knooppunt::dossier {
namespace {

using ::knooppunt::testing::IsOk;
using ::knooppunt::testing::StatusIs;
using ::testing::HasSubstr;

absl::Status Check(absl::string_view text) { return ValidateText("field", text, {}); }

TEST(TextTest, OrdinaryTextPasses) {
  for (const char* text : {"Sem slaapt slecht.", "Eén regel\nen nog één", "Žofia van ’t Hoff – €5",
                           "\xF0\x9F\x99\x82 fijn", "زينب"}) {
    EXPECT_THAT(Check(text), IsOk()) << text;
  }
}

TEST(TextTest, ControlCharactersAreRefused) {
  for (const absl::string_view text :
       {absl::string_view("a\0b", 3), absl::string_view("a\tb"), absl::string_view("a\rb"),
        absl::string_view("a\x7F"), absl::string_view("a\x1B[31m"), absl::string_view("a\xC2\x85"),
        absl::string_view("a\xE2\x80\xA8")}) {
    EXPECT_THAT(Check(text), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("control")));
  }
}

TEST(TextTest, WhatTurnsTextAroundIsRefused) {
  for (const char* text : {"a\xE2\x80\xAA", "a\xE2\x80\xAE", "a\xE2\x81\xA6", "a\xE2\x81\xA9",
                           "a\xE2\x80\x8F", "a\xD8\x9C"}) {
    EXPECT_THAT(Check(text), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("direction")));
  }
}

TEST(TextTest, BytesThatAreNotUtf8AreRefused) {
  for (const char* text :
       {"a\xFF", "\xC3", "\xC0\xAF", "\xE0\x80\xAF", "\xF0\x80\x80\xAF", "\xED\xA0\x80",
        "\xF4\x90\x80\x80", "\x80", "\xE2\x82", "\xF5\x80\x80\x80"}) {
    EXPECT_THAT(Check(text), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("UTF-8")));
  }
}

TEST(TextTest, EmptyAndBlankAreRefusedWhereTextIsRequired) {
  for (const char* text : {"", " ", "\n \n", "\xC2\xA0\xE2\x80\x83"}) {
    EXPECT_THAT(Check(text), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("empty")));
    EXPECT_THAT(ValidateText("field", text, {.required = false}), IsOk());
  }
}

TEST(TextTest, TheLimitIsInBytesAndInclusive) {
  EXPECT_THAT(Check(std::string(limits::kMaxTextBytes, 'x')), IsOk());
  EXPECT_THAT(Check(std::string(limits::kMaxTextBytes + 1, 'x')),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("at most")));
}

TEST(TextTest, ANameIsOneLine) {
  EXPECT_THAT(ValidateName("field", "van der Zanden"), IsOk());
  EXPECT_FALSE(ValidateName("field", "van der\nZanden").ok());
  EXPECT_FALSE(ValidateName("field", std::string(limits::kMaxNameBytes + 1, 'x')).ok());
}

TEST(TextTest, TheErrorNamesTheFieldAndNotTheInput) {
  const absl::Status s = ValidateText("contribution.text", "geheim\x07", {});
  EXPECT_THAT(s, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("contribution.text")));
  EXPECT_THAT(std::string(s.message()), ::testing::Not(HasSubstr("geheim")));
  EXPECT_EQ(base::ReasonOf(s), "INVALID_FIELD");
}

TEST(TextTest, R3NamesThatPeopleWriteDifferentlyBecomeOne) {
  const std::string plain = NormaliseName("van der Zanden");
  for (const char* same :
       {"Van der Zanden", "  van  der\tZanden ", "VAN DER ZANDEN", "van der Z\xC3\xA1nden",
        "van der Za\xCC\x81nden", "van\u00A0der Zanden"}) {
    EXPECT_EQ(NormaliseName(same), plain) << same;
  }
  EXPECT_EQ(NormaliseName("Özdemir"), "ozdemir");
  EXPECT_EQ(NormaliseName("Łukasz Dvořák"), "lukasz dvorak");
  EXPECT_EQ(NormaliseName("Strauß"), "strauss");
  EXPECT_EQ(NormaliseName("Ĳsselmuiden"), "ijsselmuiden");
  EXPECT_EQ(NormaliseName("d’Hondt"), NormaliseName("d'Hondt"));
  EXPECT_EQ(NormaliseName("Jansen–Smeets"), NormaliseName("Jansen-Smeets"));
}

TEST(TextTest, R3NamesThatDifferStayDifferent) {
  EXPECT_NE(NormaliseName("van der Zanden"), NormaliseName("van den Zanden"));
  EXPECT_NE(NormaliseName("Zanden"), NormaliseName("van der Zanden"));
  EXPECT_NE(NormaliseName("Jan sen"), NormaliseName("Jansen"));
  EXPECT_NE(NormaliseName("a÷b"), NormaliseName("a*b"));
}

}  // namespace
}  // namespace knooppunt::dossier
