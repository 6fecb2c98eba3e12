#include "security/policy/framework.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/status_testing.h"

namespace knooppunt::policy {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr base::Date kDay(2026, 11, 23);

std::shared_ptr<const Framework> BuiltIn() {
  auto framework = Framework::BuiltIn();
  EXPECT_OK(framework);
  return *framework;
}

common::v1::FundingShare Share(common::v1::Funding funding, int percent) {
  common::v1::FundingShare share;
  share.set_funding(funding);
  share.set_percent(percent);
  return share;
}

FundingQuestion Ask(common::v1::Means means, common::v1::Funding funding) {
  FundingQuestion q;
  q.means = means;
  q.funding = funding;
  q.on = kDay;
  return q;
}

// Two versions; in the second dyslexia went to education.
constexpr char kTwoVersions[] = R"(
versions {
  version: "2019-08" start_date: "2019-08-01" source: "convenant"
  rows {
    id: "dyslexiezorg" title_nl: "Dyslexie" means: MEANS_YOUTH_CARE carrier: FUNDING_JEUGDWET
    when_nl: "Ernstige dyslexie." source: "art. 2.3 Jeugdwet"
  }
}
versions {
  version: "2027-01" start_date: "2027-01-01" source: "wetswijziging"
  rows {
    id: "dyslexiezorg" title_nl: "Dyslexie" means: MEANS_YOUTH_CARE carrier: FUNDING_SHARED
    split { funding: FUNDING_EDUCATION percent: 70 }
    split { funding: FUNDING_JEUGDWET percent: 30 }
    when_nl: "Ernstige dyslexie." source: "overgangsrecht"
  }
}
)";

TEST(Framework, R36TheBuiltInOneIsTheFileAndEveryRowNamesItsSource) {
  const char* root = std::getenv("KNOOPPUNT_SOURCE");
  std::ifstream in(
      absl::StrCat(root == nullptr ? "." : root, "/security/policy/framework.textproto"));
  std::stringstream text;
  text << in.rdbuf();
  const std::shared_ptr<const Framework> framework = BuiltIn();
  EXPECT_EQ(framework->text(), text.str());
  EXPECT_THAT(framework->sha256(), SizeIs(64));
  for (const auto& version : framework->document().versions()) {
    for (const auto& row : version.rows()) EXPECT_FALSE(row.source().empty()) << row.id();
  }
}

// R36: every arrangement and every step that costs money names the law: so every kind of means
// that a step can commit has a row.
TEST(Framework, R36EveryKindOfMeansIsCarriedBySomebody) {
  for (int m = common::v1::Means_MIN; m <= common::v1::Means_MAX; ++m) {
    if (!common::v1::Means_IsValid(m) || m == common::v1::MEANS_UNSPECIFIED) continue;
    const FundingAnswer answer = AssessFunding(
        *BuiltIn(), Ask(static_cast<common::v1::Means>(m), common::v1::FUNDING_UNSPECIFIED));
    EXPECT_FALSE(answer.fits);
    EXPECT_FALSE(answer.rows.empty()) << common::v1::Means_Name(m);
  }
}

TEST(Framework, R36WhatFitsGivesItsRowWithTheVersion) {
  const FundingAnswer answer = AssessFunding(
      *BuiltIn(), Ask(common::v1::MEANS_SCHOOL_SOCIAL_WORK, common::v1::FUNDING_JEUGDWET));
  EXPECT_TRUE(answer.fits) << answer.text_nl;
  EXPECT_EQ(answer.framework_row, "2024-01/schoolmaatschappelijk-werk");
  EXPECT_THAT(answer.text_nl, HasSubstr("Jeugdwet"));
  EXPECT_THAT(answer.text_nl, HasSubstr("Bron:"));
  EXPECT_THAT(answer.split, IsEmpty());
}

TEST(Framework, R36WhatDoesNotFitSaysWhoCarriesIt) {
  const FundingAnswer answer =
      AssessFunding(*BuiltIn(), Ask(common::v1::MEANS_SCHOOL_PLACE, common::v1::FUNDING_JEUGDWET));
  EXPECT_FALSE(answer.fits);
  EXPECT_THAT(answer.framework_row, IsEmpty());
  EXPECT_THAT(answer.text_nl, HasSubstr("schoolplaats = onderwijs"));
  EXPECT_THAT(answer.text_en, HasSubstr("Choose what fits"));
}

TEST(Framework, R36TheGreyAreaIsSharedWithTheUsualSplitOrOneOfTheTablesOwn) {
  FundingQuestion q = Ask(common::v1::MEANS_ARRANGEMENT, common::v1::FUNDING_SHARED);
  FundingAnswer answer = AssessFunding(*BuiltIn(), q);
  ASSERT_TRUE(answer.fits) << answer.text_nl;
  EXPECT_EQ(answer.framework_row, "2024-01/onderwijszorgarrangement");
  EXPECT_EQ(SplitText(answer.split), "50% onderwijs, 50% Jeugdwet");
  *q.split.Add() = Share(common::v1::FUNDING_JEUGDWET, 30);
  *q.split.Add() = Share(common::v1::FUNDING_EDUCATION, 70);
  answer = AssessFunding(*BuiltIn(), q);
  EXPECT_TRUE(answer.fits) << answer.text_nl;
  EXPECT_EQ(SplitText(answer.split), "30% Jeugdwet, 70% onderwijs");
}

TEST(Framework, R36ASplitThatDoesNotAddUpOrNamesOthersIsRefused) {
  const auto fits = [&](std::vector<common::v1::FundingShare> shares) {
    FundingQuestion q = Ask(common::v1::MEANS_ARRANGEMENT, common::v1::FUNDING_SHARED);
    for (const auto& s : shares) *q.split.Add() = s;
    const FundingAnswer answer = AssessFunding(*BuiltIn(), q);
    EXPECT_FALSE(answer.text_nl.empty());
    return answer.fits;
  };
  EXPECT_FALSE(fits({Share(common::v1::FUNDING_EDUCATION, 100)}));
  EXPECT_FALSE(
      fits({Share(common::v1::FUNDING_EDUCATION, 50), Share(common::v1::FUNDING_WMO, 50)}));
  EXPECT_FALSE(
      fits({Share(common::v1::FUNDING_EDUCATION, 50), Share(common::v1::FUNDING_JEUGDWET, 49)}));
  EXPECT_FALSE(
      fits({Share(common::v1::FUNDING_EDUCATION, 50), Share(common::v1::FUNDING_EDUCATION, 50)}));
  EXPECT_FALSE(
      fits({Share(common::v1::FUNDING_EDUCATION, -1), Share(common::v1::FUNDING_JEUGDWET, 101)}));
  EXPECT_FALSE(
      fits({Share(common::v1::FUNDING_SHARED, 50), Share(common::v1::FUNDING_JEUGDWET, 50)}));
}

TEST(Framework, R36ASplitBesideOneLawIsRefused) {
  FundingQuestion q = Ask(common::v1::MEANS_SCHOOL_PLACE, common::v1::FUNDING_EDUCATION);
  *q.split.Add() = Share(common::v1::FUNDING_EDUCATION, 50);
  *q.split.Add() = Share(common::v1::FUNDING_JEUGDWET, 50);
  EXPECT_FALSE(AssessFunding(*BuiltIn(), q).fits);
}

TEST(Framework, R36ARowIsOfTheMeansThatAreCommitted) {
  FundingQuestion q = Ask(common::v1::MEANS_ARRANGEMENT, common::v1::FUNDING_ZVW);
  q.row = "verpleging-op-school";
  EXPECT_TRUE(AssessFunding(*BuiltIn(), q).fits);
  q.row = "2024-01/verpleging-op-school";
  EXPECT_TRUE(AssessFunding(*BuiltIn(), q).fits);
  q.row = "jeugdhulp";  // not with these means
  EXPECT_FALSE(AssessFunding(*BuiltIn(), q).fits);
  q.row = "niet-bestaand";
  const FundingAnswer answer = AssessFunding(*BuiltIn(), q);
  EXPECT_FALSE(answer.fits);
  EXPECT_EQ(answer.text_nl.find("niet-bestaand"), std::string::npos) << "input in an answer";
}

TEST(Framework, R36TheVersionOfTheDayHolds) {
  ASSERT_OK_AND_ASSIGN(const auto framework, Framework::Parse(kTwoVersions));
  FundingQuestion q = Ask(common::v1::MEANS_YOUTH_CARE, common::v1::FUNDING_JEUGDWET);
  q.on = base::Date(2026, 12, 31);
  EXPECT_EQ(AssessFunding(*framework, q).framework_row, "2019-08/dyslexiezorg");
  EXPECT_EQ(framework->EndOf(q.on), "2027-01-01");
  q.on = base::Date(2027, 1, 1);
  EXPECT_FALSE(AssessFunding(*framework, q).fits);
  q.funding = common::v1::FUNDING_SHARED;
  EXPECT_EQ(AssessFunding(*framework, q).framework_row, "2027-01/dyslexiezorg");
  EXPECT_EQ(framework->EndOf(q.on), "");
  q.on = base::Date(2019, 7, 31);
  EXPECT_FALSE(AssessFunding(*framework, q).fits) << "before the first version";
  // A split that the table may not change.
  q.on = base::Date(2027, 1, 1);
  *q.split.Add() = Share(common::v1::FUNDING_EDUCATION, 60);
  *q.split.Add() = Share(common::v1::FUNDING_JEUGDWET, 40);
  EXPECT_THAT(AssessFunding(*framework, q).text_nl, HasSubstr("ligt vast"));
}

// A lawyer edits the file: each slip is told with its row and what to do.
TEST(Framework, R36ASlipInTheFileIsRefusedWithItsPlace) {
  const auto fault = [](const std::string& from, const std::string& to) {
    const std::string text = absl::StrReplaceAll(kTwoVersions, {{from, to}});
    EXPECT_NE(text, kTwoVersions) << from;
    return std::string(Framework::Parse(text).status().message());
  };
  EXPECT_THAT(fault("percent: 70", "percent: 80"), HasSubstr("2027-01/dyslexiezorg"));
  EXPECT_THAT(fault("carrier: FUNDING_JEUGDWET", ""), HasSubstr("set carrier"));
  EXPECT_THAT(fault("\"2027-01-01\"", "\"2018-01-01\""), HasSubstr("oldest first"));
  EXPECT_THAT(fault("\"2027-01-01\"", "\"2027-02-30\""), HasSubstr("start_date"));
  EXPECT_THAT(fault("source: \"convenant\"", ""), HasSubstr("source"));
  EXPECT_THAT(fault("art. 2.3 Jeugdwet", " "), HasSubstr("source"));
  EXPECT_THAT(fault("FUNDING_JEUGDWET\n", "FUNDING_JEUGDWET split { percent: 3 }\n"),
              HasSubstr("not shared"));
  EXPECT_THAT(fault("MEANS_YOUTH_CARE", "MEANS_OF_NOTHING"), HasSubstr("line "));
  EXPECT_FALSE(Framework::Parse("").ok());
}

}  // namespace
}  // namespace knooppunt::policy
