#include "clients/cli/directory_import.h"

#include "base/status_testing.h"

namespace knooppunt::cli {
namespace {

using ::knooppunt::testing::StatusIs;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(DirectoryImportTest, ReadsOrganisationsAndWerkplaatsen) {
  ASSERT_OK_AND_ASSIGN(const auto request, ParseDirectory(R"({
    "source": "x", "regions": [{"id": "r"}],
    "organisations": [
      {"id": "mosalira", "name": "MosaLira", "kind": "SCHOOL_BOARD", "subregion": "mh"}],
    "werkplaatsen": [
      {"id": "manjefiek", "name": "Basisschool Manjefiek", "place": "Maastricht",
       "organisation": "mosalira", "stage": "PO", "municipality": "gem-maastricht"}]})"));
  ASSERT_EQ(request.organisations_size(), 1);
  EXPECT_EQ(request.organisations(0).name(), "organisations/mosalira");
  EXPECT_EQ(request.organisations(0).display_name(), "MosaLira");
  EXPECT_EQ(request.organisations(0).kind(), common::v1::ORGANISATION_KIND_SCHOOL_BOARD);
  EXPECT_EQ(request.organisations(0).subregion(), "mh");
  ASSERT_EQ(request.werkplaatsen_size(), 1);
  EXPECT_EQ(request.werkplaatsen(0).name(), "werkplaatsen/manjefiek");
  EXPECT_EQ(request.werkplaatsen(0).place(), "Maastricht");
  EXPECT_EQ(request.werkplaatsen(0).organisation(), "organisations/mosalira");
  EXPECT_EQ(request.werkplaatsen(0).stage(), common::v1::STAGE_PO);
  EXPECT_EQ(request.werkplaatsen(0).municipality(), "organisations/gem-maastricht");
}

TEST(DirectoryImportTest, SubregionMayBeLeftOut) {
  ASSERT_OK_AND_ASSIGN(const auto request, ParseDirectory(R"({
    "organisations": [{"id": "lvo", "name": "LVO", "kind": "SCHOOL_BOARD"}], "werkplaatsen": []})"));
  EXPECT_EQ(request.organisations(0).subregion(), "");
}

TEST(DirectoryImportTest, EveryFaultNamesItsLine) {
  EXPECT_THAT(
      ParseDirectory(R"({
"organisations": [
 {"id": "a", "name": "A {[\"", "kind": "MUNICIPALITY", "subregion": "s"},
 {"id": "b", "name": "B", "kind": "KINGDOM", "subregion": "s"},
 {"id": "Not An Id", "name": "C",
  "kind": "CJG", "subregion": "s"},
 {"id": "a", "kind": "CJG", "subregion": "s"}
],
"werkplaatsen": [
 {"id": "w", "name": "W", "place": "P", "organisation": "a", "stage": "XO", "municipality": "a"}
]})")
          .status(),
      StatusIs(absl::StatusCode::kInvalidArgument,
               AllOf(HasSubstr("5 faults"), HasSubstr("line 4: unknown kind 'KINGDOM'"),
                     HasSubstr("MUNICIPALITY, SAMENWERKINGSVERBAND_PO"),
                     HasSubstr("line 5: 'id' is not an id"), HasSubstr("line 7: 'name' is missing"),
                     HasSubstr("line 7: organisations/a stands in the list twice"),
                     HasSubstr("line 10: unknown stage 'XO'"), Not(HasSubstr("line 3")))));
}

TEST(DirectoryImportTest, ManyFaultsAreCutShort) {
  std::string json = R"({"werkplaatsen": [], "organisations": [)";
  for (int i = 0; i < 30; ++i) json += i == 0 ? "{}" : ",{}";
  EXPECT_THAT(ParseDirectory(json + "]}").status(),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("90 faults"), HasSubstr("and more"))));
}

TEST(DirectoryImportTest, WhatIsNoDirectoryIsRefused) {
  EXPECT_THAT(ParseDirectory("{").status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("not a JSON object")));
  EXPECT_THAT(
      ParseDirectory("{}").status(),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("there is no list 'organisations'")));
  EXPECT_THAT(ParseDirectory(R"({"organisations": [1], "werkplaatsen": []})").status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("is not an object")));
}

}  // namespace
}  // namespace knooppunt::cli
