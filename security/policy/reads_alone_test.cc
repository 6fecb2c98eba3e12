#include "security/policy/reads_alone.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/status_testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace knooppunt::policy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kPolicy[] = R"(
permissions { permission: "case.read" substantial: true }
family {
  id: "read" permissions: "case.read" roles: FAMILY_ROLE_PARENT purposes: PURPOSE_OWN_FILE
  compartments: [COMPARTMENT_EDUCATION, COMPARTMENT_HEALTH] source: "R18"
}
reads_alone {
  id: "from-16" compartments: [COMPARTMENT_EDUCATION, COMPARTMENT_HEALTH]
  regimes: [REGIME_EDUCATION, REGIME_YOUTH_CARE, REGIME_HEALTH, REGIME_MUNICIPAL]
  from_age: 16 source: "R18"
}
reads_alone {
  id: "health" compartments: COMPARTMENT_HEALTH regimes: REGIME_HEALTH from_age: 12 source: "R18"
}
)";

common::v1::Label Of(common::v1::Compartment c, common::v1::Regime r) {
  common::v1::Label label;
  label.set_compartment(c);
  label.set_regime(r);
  return label;
}

TEST(ReadsAlone, R18TheLowestAgeOfTheRowsThatFitHolds) {
  ASSERT_OK_AND_ASSIGN(const auto table, Table::Parse(kPolicy));
  const auto from = [&](common::v1::Compartment c, common::v1::Regime r) {
    return ReadsAloneFrom(*table, Of(c, r));
  };
  EXPECT_EQ(from(common::v1::COMPARTMENT_EDUCATION, common::v1::REGIME_EDUCATION), 16);
  EXPECT_EQ(from(common::v1::COMPARTMENT_HEALTH, common::v1::REGIME_YOUTH_CARE), 16);
  EXPECT_EQ(from(common::v1::COMPARTMENT_HEALTH, common::v1::REGIME_HEALTH), 12);
  EXPECT_EQ(from(common::v1::COMPARTMENT_SAFETY, common::v1::REGIME_HEALTH), 0) << "always";
}

TEST(ReadsAlone, R18OfWhoCannotWeighTheMatterTheRepresentativeReads) {
  ASSERT_OK_AND_ASSIGN(const auto table, Table::Parse(kPolicy));
  const auto health = Of(common::v1::COMPARTMENT_HEALTH, common::v1::REGIME_HEALTH);
  access::v1::PersonFact youth;
  EXPECT_FALSE(ReadsAlone(*table, health, youth, 11));
  EXPECT_TRUE(ReadsAlone(*table, health, youth, 12));
  EXPECT_THAT(CompartmentsReadAlone(*table, youth, 11), IsEmpty());
  EXPECT_THAT(CompartmentsReadAlone(*table, youth, 12),
              ElementsAre(common::v1::COMPARTMENT_HEALTH));
  EXPECT_THAT(CompartmentsReadAlone(*table, youth, 16),
              ElementsAre(common::v1::COMPARTMENT_EDUCATION, common::v1::COMPARTMENT_HEALTH));
  youth.set_incapacitated(true);
  EXPECT_FALSE(ReadsAlone(*table, health, youth, 17));
  EXPECT_THAT(CompartmentsReadAlone(*table, youth, 17), IsEmpty());
}

// A row too few would open what nobody thought of; an age over 18 would open what is an adult's.
TEST(ReadsAlone, R18APolicyThatLeavesSomethingUnsaidIsRefused) {
  const auto fault = [](const std::string& from, const std::string& to) {
    return std::string(Table::Parse(absl::StrReplaceAll(kPolicy, {{from, to}})).status().message());
  };
  EXPECT_THAT(fault("from_age: 16", "from_age: 19"), HasSubstr("from_age between 1 and 18"));
  EXPECT_THAT(fault("from_age: 12", ""), HasSubstr("from_age between 1 and 18"));
  EXPECT_THAT(fault("id: \"from-16\" compartments: [COMPARTMENT_EDUCATION, COMPARTMENT_HEALTH]",
                    "id: \"from-16\" compartments: COMPARTMENT_HEALTH"),
              HasSubstr("from which age nobody else reads COMPARTMENT_EDUCATION"));
  EXPECT_THAT(fault("REGIME_YOUTH_CARE, ", ""), HasSubstr("REGIME_YOUTH_CARE"));
  EXPECT_THAT(fault("id: \"health\"", "id: \"from-16\""), HasSubstr("stands twice"));
}

}  // namespace
}  // namespace knooppunt::policy
