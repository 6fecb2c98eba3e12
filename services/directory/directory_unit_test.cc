#include "services/directory/directory_unit.h"

#include "base/error.h"
#include "services/directory/directory_testing.h"

namespace knooppunt::directory {
namespace {

using ::knooppunt::testing::IsOk;
using ::knooppunt::testing::StatusIs;

TEST_F(DirectoryTest, TheFirstOpenWritesTheFirstAdministratorWithFacts) {
  const auto facts = FactsAfter(0);
  ASSERT_EQ(facts.size(), 2u);
  EXPECT_EQ(facts[0].organisation().name(), kMunicipality);
  EXPECT_EQ(facts[0].organisation().display_name(), "gem-maastricht");
  EXPECT_EQ(facts[0].organisation().kind(), common::v1::ORGANISATION_KIND_MUNICIPALITY);
  EXPECT_EQ(facts[0].organisation().revision(), 1);
  const access::v1::ProfessionalFacts& administrator = facts[1].professional();
  EXPECT_EQ(administrator.name(), kRegionAdministrator);
  EXPECT_EQ(administrator.login(), "dev|beheerder");
  EXPECT_EQ(administrator.revision(), 1);
  ASSERT_EQ(administrator.functions_size(), 1);
  EXPECT_EQ(administrator.functions(0).function(), common::v1::FUNCTION_ADMINISTRATOR);
  EXPECT_EQ(administrator.functions(0).organisation(), kMunicipality);
  EXPECT_EQ(administrator.functions(0).start_date(), kToday);
}

TEST_F(DirectoryTest, ASecondOpenWritesNothing) {
  ASSERT_OK(Open());
  EXPECT_EQ(Position(), 2);
}

TEST_F(DirectoryTest, AnImportedNameOfTheFirstOrganisationStays) {
  v1::ImportDirectoryRequest request;
  *request.add_organisations() =
      MakeOrganisation(kMunicipality, common::v1::ORGANISATION_KIND_MUNICIPALITY);
  Import(request);
  ASSERT_OK(Open());
  EXPECT_EQ(Position(), 3);
}

TEST_F(DirectoryTest, AFirstAdministratorWithSomebodyElsesLoginIsRefused) {
  auto options = UnitOptions();
  options.bootstrap.professional = "professionals/other";
  EXPECT_EQ(base::ReasonOf(OpenWith(options)), "BOOTSTRAP_LOGIN_TAKEN");
}

TEST_F(DirectoryTest, AMalformedFirstAdministratorIsRefused) {
  auto options = UnitOptions();
  options.bootstrap.login = "no-issuer";
  EXPECT_THAT(OpenWith(options), StatusIs(absl::StatusCode::kInvalidArgument));
  options = UnitOptions();
  options.bootstrap.organisation = "gem-maastricht";
  EXPECT_THAT(OpenWith(options), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(DirectoryTest, TheUnitHasItsNameAndStream) {
  EXPECT_EQ(unit_->name(), "directory");
  EXPECT_EQ(unit_->database().unit(), "directory");
}

}  // namespace
}  // namespace knooppunt::directory
