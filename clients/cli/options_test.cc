#include "clients/cli/options.h"

#include <unistd.h>

#include <fstream>
#include <sstream>

#include "base/limits.h"
#include "base/status_testing.h"
#include "clients/cli/failure.h"
#include "knooppunt/casework/v1/casework.pb.h"

namespace knooppunt::cli {
namespace {

using ::knooppunt::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(OptionsTest, AboutIsSortedWithoutDoublesAndTakesNames) {
  ASSERT_OK_AND_ASSIGN(const auto about, MakeAbout({"p-b", "families/f/persons/p-a", "p-b"}, true));
  EXPECT_THAT(about.persons(), ElementsAre("p-a", "p-b"));
  EXPECT_TRUE(about.family());
}

TEST(OptionsTest, AboutNobodyIsAUsageError) {
  EXPECT_EQ(ExitCodeOf(MakeAbout({}, false).status()), ExitCode::kUsage);
  EXPECT_EQ(ExitCodeOf(MakeAbout({"Sem Vos"}, false).status()), ExitCode::kUsage);
}

TEST(OptionsTest, LabelTakesTheUsualRegimeUnlessToldOtherwise) {
  const std::pair<common::v1::Compartment, common::v1::Regime> kUsual[] = {
      {common::v1::COMPARTMENT_EDUCATION, common::v1::REGIME_EDUCATION},
      {common::v1::COMPARTMENT_FAMILY, common::v1::REGIME_MUNICIPAL},
      {common::v1::COMPARTMENT_CARE, common::v1::REGIME_YOUTH_CARE},
      {common::v1::COMPARTMENT_HEALTH, common::v1::REGIME_HEALTH},
      {common::v1::COMPARTMENT_SAFETY, common::v1::REGIME_YOUTH_CARE},
  };
  for (const auto& [compartment, regime] : kUsual) {
    ASSERT_OK_AND_ASSIGN(const auto label,
                         MakeLabel({.about = {"p-a"}, .compartment = compartment}));
    EXPECT_EQ(label.compartment(), compartment);
    EXPECT_EQ(label.regime(), regime);
  }
  ASSERT_OK_AND_ASSIGN(const auto label, MakeLabel({.family = true,
                                                    .compartment = common::v1::COMPARTMENT_FAMILY,
                                                    .regime = common::v1::REGIME_YOUTH_CARE}));
  EXPECT_EQ(label.regime(), common::v1::REGIME_YOUTH_CARE);
}

TEST(OptionsTest, EuroIsReadToTheCent) {
  EXPECT_EQ(*ParseEuro("0"), 0);
  EXPECT_EQ(*ParseEuro("1500"), 150000);
  EXPECT_EQ(*ParseEuro("1500.5"), 150050);
  EXPECT_EQ(*ParseEuro("1500,05"), 150005);
  EXPECT_EQ(*ParseEuro("999999999999,99"), 99999999999999);
}

TEST(OptionsTest, WhatIsNoAmountIsRefused) {
  for (const char* text :
       {"", "-1", "1.500,00", "1,", ",5", "1.005", "een", "1e3", "+1", "1000000000000"}) {
    EXPECT_EQ(ExitCodeOf(ParseEuro(text).status()), ExitCode::kUsage) << text;
  }
}

class InputTest : public ::testing::Test {
 protected:
  std::string Write(const std::string& content) {
    std::string path = absl::StrCat(::testing::TempDir(), "/input-", getpid());
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }
  std::istringstream in_{"werkplaats: \"werkplaatsen/manjefiek\""};
};

TEST_F(InputTest, FileAndStandardInputAreRead) {
  EXPECT_EQ(*ReadInput(Write("één"), in_), "één");
  EXPECT_EQ(*ReadInput("-", in_), "werkplaats: \"werkplaatsen/manjefiek\"");
}

TEST_F(InputTest, AbsentHugeAndBinaryFilesAreNamed) {
  EXPECT_THAT(ReadInput("/nonexistent/file", in_).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("/nonexistent/file")));
  EXPECT_THAT(ReadInput(Write(std::string(limits::kMaxRequestBytes + 1, 'x')), in_).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("larger than")));
  EXPECT_THAT(ReadInput(Write("\xff\xfe"), in_).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("UTF-8")));
}

TEST_F(InputTest, TextprotoFaultNamesItsLine) {
  casework::v1::OpenCaseRequest request;
  ASSERT_OK(ReadTextproto("-", in_, &request));
  EXPECT_EQ(request.werkplaats(), "werkplaatsen/manjefiek");
  EXPECT_THAT(ReadTextproto(Write("reason: \"x\"\nlevle: 1\n"), in_, &request),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       ::testing::AllOf(HasSubstr("line 2"), HasSubstr("levle"))));
}

}  // namespace
}  // namespace knooppunt::cli
