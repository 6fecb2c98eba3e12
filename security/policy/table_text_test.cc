#include "security/policy/table_text.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "security/policy/testing_family.h"

namespace knooppunt::policy {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(TableText, R17LawyerReadsWhoMayWhatWhereAndWhy) {
  const std::string text = TableInWords(testing::LoadPolicy()->document());
  EXPECT_THAT(text, AllOf(HasSubstr("\nstaff-plan\n  wie         intern begeleider, "),
                          HasSubstr("mag         aan het plan werken (plan.write)"),
                          HasSubstr("plaats      van de werkplaats, regisseur"),
                          HasSubstr("onderdelen  onderwijs, gezin"),
                          HasSubstr("doel        samenwerken rond het kind"),
                          HasSubstr("delen       alleen met toestemming"),
                          HasSubstr("inloggen    twee factoren"), HasSubstr("bron        R4-R6")));
  EXPECT_THAT(text, Not(AnyOf(HasSubstr("FUNCTION_"), HasSubstr("PLACE_"), HasSubstr("PURPOSE_"),
                              HasSubstr("COMPARTMENT_"), HasSubstr("REGIME_"))));
}

TEST(TableText, R11SignatoriesGroundsAndLoginsAreThere) {
  const std::string text = TableInWords(testing::LoadPolicy()->document());
  EXPECT_THAT(text, AllOf(HasSubstr("leeftijd    van 12 tot 16\n"),
                          HasSubstr("tekent      de jongere en ieder met gezag"),
                          HasSubstr("own-school\n  wie         schoolbestuur"),
                          HasSubstr("meldcode\n  hoogstens   90 dagen"),
                          HasSubstr("substantieel (DigiD of gelijkwaardig)")));
}

TEST(TableText, WhatALawyerMustConfirmIsMarkedAndCounted) {
  v1::PolicyDocument document;
  auto* row = document.add_own_grounds();
  row->set_id("own-x");
  row->set_source("art. 1 (te bevestigen)");
  EXPECT_THAT(TableInWords(document), AllOf(HasSubstr("own-x   [TE BEVESTIGEN]"),
                                            HasSubstr("Te bevestigen door een jurist: own-x.")));
  row->set_source("art. 1");
  EXPECT_THAT(TableInWords(document), HasSubstr("Te bevestigen door een jurist: niets."));
}

TEST(TableText, FilterLeavesTheRowsOfAPermissionOrAFunction) {
  const auto table = testing::LoadPolicy();
  const v1::PolicyDocument& all = table->document();
  const v1::PolicyDocument sign = Filtered(all, {.permission = "consent.sign"});
  EXPECT_EQ(sign.staff_size(), 0);
  ASSERT_EQ(sign.family_size(), 1);
  EXPECT_EQ(sign.family(0).id(), "family-consent");
  EXPECT_EQ(sign.signatories_size(), 0);
  const v1::PolicyDocument officer =
      Filtered(all, {.function = common::v1::FUNCTION_PRIVACY_OFFICER});
  EXPECT_EQ(officer.family_size(), 0);
  EXPECT_GE(officer.staff_size(), 3);
  for (const auto& r : officer.staff()) EXPECT_EQ(r.compartments_size(), 0) << r.id() << " (R21)";
  EXPECT_EQ(Filtered(all, {}).SerializeAsString(), all.SerializeAsString());
}

}  // namespace
}  // namespace knooppunt::policy
