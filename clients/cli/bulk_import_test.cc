// Bulk import: what each line asks for, the dry run, the report, and what goes to the server.
#include "clients/cli/bulk_import.h"

#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/status_testing.h"
#include "clients/cli/cli_testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace knooppunt::cli {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kService[] = "/knooppunt.directory.v1.DirectoryService/";
constexpr char kHeader[] = "id;naam;login;organisatie;functie;van;tot;uit_dienst\n";

directory::v1::Organisation Org(const std::string& id, common::v1::OrganisationKind kind) {
  directory::v1::Organisation o;
  o.set_name("organisations/" + id);
  o.set_display_name(id);
  o.set_kind(kind);
  return o;
}

Known Region() {
  Known known;
  known.organisations = {Org("ggd-zl", common::v1::ORGANISATION_KIND_YOUTH_HEALTH),
                         Org("gem-maastricht", common::v1::ORGANISATION_KIND_MUNICIPALITY),
                         Org("mosalira", common::v1::ORGANISATION_KIND_SCHOOL_BOARD)};
  directory::v1::Professional& noor = known.professionals.emplace_back();
  noor.set_name("professionals/noor");
  noor.set_display_name("Noor de Wit");
  noor.set_login("dev|noor");
  access::v1::FunctionTerm* term = noor.add_functions();
  term->set_organisation("organisations/ggd-zl");
  term->set_function(common::v1::FUNCTION_JGZ_NURSE);
  term->set_start_date("2024-01-01");
  return known;
}

std::vector<PlannedLine> Plan(const std::string& rows, const Known& known = Region()) {
  const auto file = ParseCsv(absl::StrCat(kHeader, rows));
  EXPECT_OK(file);
  auto lines = PlanPeople(*file, known, "2026-11-22");
  EXPECT_OK(lines);
  return lines.value_or(std::vector<PlannedLine>());
}
std::vector<std::string> Said(const std::vector<PlannedLine>& lines) {
  std::vector<std::string> out;
  out.reserve(lines.size());
  for (const PlannedLine& l : lines) {
    out.push_back(
        absl::StrCat(l.line, " ", OutcomeText(l.outcome), l.field.empty() ? "" : " " + l.field));
  }
  return out;
}

TEST(BulkImport, SomebodyNewIsOneActWithTheirFunction) {
  const auto lines = Plan("tess;Tess Bos;dev|tess;ggd-zl;jeugdarts;2026-12-01;\n");
  EXPECT_THAT(Said(Plan("tess;Tess Bos;dev|tess;ggd-zl;jeugdarts;2026-12-01;;\n")),
              ElementsAre("2 toevoegen"));
  EXPECT_THAT(Said(lines), ElementsAre("2 FOUT")) << "a field is missing";
  const auto planned = Plan("tess;Tess Bos;dev|tess;ggd-zl;jeugdarts;1-12-2026;;\n");
  const auto& act = dynamic_cast<const directory::v1::CreateProfessionalRequest&>(*planned[0].act);
  EXPECT_EQ(act.professional().name(), "professionals/tess");
  EXPECT_EQ(act.professional().functions(0).start_date(), "2026-12-01");
  EXPECT_EQ(act.professional().functions(0).function(), common::v1::FUNCTION_JGZ_DOCTOR);
  EXPECT_EQ(planned[0].method, absl::StrCat(kService, "CreateProfessional"));
}

TEST(BulkImport, WhatIsKnownAsksForNothingSoAFileMayBeGivenAgain) {
  Known known = Region();
  const std::string rows =
      "noor;Noor de Wit;dev|noor;ggd-zl;jgz-nurse;2024-01-01;;\n"
      "noor;Noor de Wit;dev|noor;mosalira;intern-begeleider;;;\n";
  auto lines = Plan(rows, known);
  EXPECT_THAT(Said(lines), ElementsAre("2 ongewijzigd", "3 toevoegen"));
  EXPECT_EQ(lines[0].act, nullptr);
  // As the directory is after the first run.
  const auto& act = dynamic_cast<const directory::v1::AssignFunctionRequest&>(*lines[1].act);
  *known.professionals[0].add_functions() = act.function();
  EXPECT_THAT(Said(Plan(rows, known)), ElementsAre("2 ongewijzigd", "3 ongewijzigd"));
}

TEST(BulkImport, R1EndOfEmploymentIsTheActThatEndsSeats) {
  const auto lines = Plan("noor;;;ggd-zl;;;;31-12-2026\n");
  ASSERT_THAT(Said(lines), ElementsAre("2 uit dienst"));
  EXPECT_EQ(lines[0].method, absl::StrCat(kService, "EndEmployment"));
  const auto& act = dynamic_cast<const directory::v1::EndEmploymentRequest&>(*lines[0].act);
  EXPECT_EQ(act.end_date(), "2026-12-31");
  Known left = Region();
  left.professionals[0].mutable_functions(0)->set_end_date("2026-12-31");
  EXPECT_THAT(Said(Plan("noor;;;ggd-zl;;;;31-12-2026\n", left)), ElementsAre("2 ongewijzigd"));
  EXPECT_THAT(Said(Plan("noor;;;mosalira;;;;31-12-2026\n")), ElementsAre("2 FOUT organisatie"));
  EXPECT_THAT(Said(Plan("niemand;;;ggd-zl;;;;31-12-2026\n")), ElementsAre("2 FOUT id"));
  EXPECT_THAT(Said(Plan("noor;;;ggd-zl;;;;31-12-2026\nnoor;;;ggd-zl;;;;1-1-2027\n")),
              ElementsAre("2 uit dienst", "3 FOUT uit_dienst"));
}

TEST(BulkImport, UnknownFunctionsAndOrganisationsAndDoublesAreToldWithTheirField) {
  EXPECT_THAT(Said(Plan("tess;Tess;dev|tess;nergens;jgz-nurse;;;\n"
                        "tess;Tess;dev|tess;ggd-zl;toverdokter;;;\n"
                        "tess;Tess;dev|tess;ggd-zl;jgz-nurse;2026-02-30;;\n"
                        "tess;Tess;dev|tess;ggd-zl;jgz-nurse;2026-12-01;2026-12-01;\n"
                        "Tess Bos;Tess;dev|tess;ggd-zl;jgz-nurse;;;\n"
                        "tess;;dev|tess;ggd-zl;jgz-nurse;;;\n"
                        "tess;Tess;tess;ggd-zl;jgz-nurse;;;\n"
                        "tess;Tess;dev|noor;ggd-zl;jgz-nurse;;;\n")),
              ElementsAre("2 FOUT organisatie", "3 FOUT functie", "4 FOUT van", "5 FOUT tot",
                          "6 FOUT id", "7 FOUT naam", "8 FOUT login", "9 FOUT login"));
  EXPECT_THAT(Said(Plan("tess;Tess;dev|tess;ggd-zl;jgz-nurse;;;\n"
                        "tess;Tess;dev|tess;ggd-zl;jgz-nurse;;;\n"
                        "mies;Mies;dev|tess;ggd-zl;jgz-nurse;;;\n")),
              ElementsAre("2 toevoegen", "3 FOUT id", "4 FOUT login"));
  const auto lines = Plan("tess;Tess;dev|tess;ggd-zl;toverdokter;;;\n");
  EXPECT_THAT(lines[0].text, HasSubstr("jgz-nurse"));
  EXPECT_THAT(lines[0].text, Not(HasSubstr("toverdokter")));
}

TEST(BulkImport, ALineThatFailsTakesNothingAlong) {
  // The first line of a new professional fails: the second cannot build on it.
  const auto lines = Plan(
      "tess;Tess;geen streep;ggd-zl;jgz-nurse;;;\n"
      "tess;Tess;dev|tess;mosalira;intern-begeleider;;;\n");
  EXPECT_THAT(Said(lines), ElementsAre("2 FOUT login", "3 toevoegen"));
  EXPECT_EQ(lines[1].method, absl::StrCat(kService, "CreateProfessional"));
}

TEST(BulkImport, ANameThatDiffersIsPointedOutAndChangesNothing) {
  const auto lines = Plan("noor;Nora de Wit;dev|noor;ggd-zl;jgz-nurse;;;\n");
  EXPECT_THAT(Said(lines), ElementsAre("2 ongewijzigd"));
  EXPECT_THAT(lines[0].warning, HasSubstr("naam wijkt af"));
  EXPECT_THAT(Said(Plan("noor;;dev|anders;ggd-zl;jgz-nurse;;;\n")), ElementsAre("2 FOUT login"));
}

TEST(BulkImport, TextThatReadsOtherwiseThanItIsStoredIsRefused) {
  EXPECT_THAT(Said(Plan("tess;Tess \u202e soB;dev|tess;ggd-zl;jgz-nurse;;;\n")),
              ElementsAre("2 FOUT naam"));
  EXPECT_THAT(Said(Plan("tess;\"Tess\nBos\";dev|tess;ggd-zl;jgz-nurse;;;\n")),
              ElementsAre("2 FOUT naam"));
}

TEST(BulkImport, OrganisationsAndWerkplaatsenInOneFileInOrder) {
  const auto file = ParseCsv(
      "wat;id;naam;soort;deelregio;plaats;organisatie;onderwijs;gemeente\n"
      "organisatie;lvo;LVO;schoolbestuur;mh;;;;\n"
      "werkplaats;vmbo;VMBO Maastricht;;;Maastricht;lvo;vo;gem-maastricht\n"
      "werkplaats;elders;Elders;;;Elders;nergens;vo;gem-maastricht\n"
      "werkplaats;fout;Fout;;;Elders;lvo;vo;mosalira\n"
      "organisatie;mosalira;MosaLira nieuw;school-board;;;;;\n"
      "organisatie;ggd-zl;ggd-zl;youth-health;;;;;\n"
      "organisatie;ggd-zl;ggd-zl;youth-health;;;;;\n"
      "kasteel;x;X;;;;;;\n");
  ASSERT_OK(file);
  EXPECT_EQ(*KindOfImport(*file), ImportKind::kDirectory);
  ASSERT_OK_AND_ASSIGN(const auto lines, PlanDirectory(*file, Region()));
  EXPECT_THAT(Said(lines),
              ElementsAre("2 toevoegen", "3 toevoegen", "4 FOUT organisatie", "5 FOUT gemeente",
                          "6 wijzigen", "7 ongewijzigd", "8 FOUT id", "9 FOUT wat"));
}

TEST(BulkImport, AFileOfNeitherKindIsToldWhatTheColumnsAre) {
  const auto file = ParseCsv("a;b\n1;2\n");
  ASSERT_OK(file);
  EXPECT_THAT(std::string(KindOfImport(*file).status().message()), HasSubstr("uit_dienst"));
}

// The report goes to a spreadsheet: what came from the file is no formula there either.
TEST(BulkImport, TheReportIsSafeToOpen) {
  PlannedLine line;
  line.line = 2;
  line.outcome = LineOutcome::kRefused;
  line.field = "=cmd|' /C calc'!A0";
  line.text = "@SUM(A1:A9)";
  const std::string report = ReportCsv({line});
  EXPECT_THAT(report, HasSubstr("\"'=cmd|' /C calc'!A0\""));
  EXPECT_THAT(report, HasSubstr("\"'@SUM(A1:A9)\""));
  EXPECT_EQ(report.find(";=") == std::string::npos && report.find(";@") == std::string::npos, true);
}

class ImportCsvTest : public ::testing::Test {
 protected:
  ImportCsvTest() {
    cli_.LogInAs({.subject = "professionals/beheer",
                  .organisation = "organisations/ggd-zl",
                  .function = common::v1::FUNCTION_ADMINISTRATOR});
    const Known known = Region();
    directory::v1::ListOrganisationsResponse organisations;
    for (const auto& o : known.organisations) *organisations.add_organisations() = o;
    cli_.server().SetResponse(absl::StrCat(kService, "ListOrganisations"), organisations);
    directory::v1::ListProfessionalsResponse people;
    for (const auto& p : known.professionals) *people.add_professionals() = p;
    cli_.server().SetResponse(absl::StrCat(kService, "ListProfessionals"), people);
    for (const char* method : {"CreateProfessional", "AssignFunction", "EndEmployment"}) {
      cli_.server().SetResponse(absl::StrCat(kService, method), directory::v1::Professional());
    }
  }
  std::string Write(const std::string& rows) {
    const std::string path = cli_.folder() + "/mensen.csv";
    std::ofstream(path, std::ios::binary) << "\xEF\xBB\xBF" << kHeader << rows;
    return path;
  }
  std::vector<std::string> Changes() {
    std::vector<std::string> out;
    for (const SeenCall& call : cli_.server().calls()) {
      if (!absl::StrContains(call.method, "/List")) {
        out.push_back(call.method.substr(call.method.rfind('/') + 1));
      }
    }
    return out;
  }
  CliFixture cli_;
};

TEST_F(ImportCsvTest, WithoutApplyNothingIsWritten) {
  const Ran ran = cli_.Run({"directory", "import-csv",
                            Write("tess;Tess;dev|tess;ggd-zl;jgz-nurse;;;\n"
                                  "noor;;;ggd-zl;;;;2026-12-31\n")});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("dit was een proef"));
  EXPECT_THAT(ran.out, HasSubstr("uit dienst op 2026-12-31"));
  EXPECT_THAT(Changes(), IsEmpty());
}

TEST_F(ImportCsvTest, ApplySendsOneActALineInOrder) {
  const Ran ran = cli_.Run({"directory", "import-csv", "--apply",
                            Write("tess;Tess;dev|tess;ggd-zl;jgz-nurse;;;\n"
                                  "noor;;;mosalira;intern-begeleider;;;\n"
                                  "noor;;;ggd-zl;;;;2026-12-31\n")});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(Changes(), ElementsAre("CreateProfessional", "AssignFunction", "EndEmployment"));
  EXPECT_THAT(ran.out, HasSubstr("3 regels: 2 toevoegen, 1 uit dienst."));
}

TEST_F(ImportCsvTest, ALineThatIsWrongIsReportedAndTheOthersGoThrough) {
  cli_.server().SetError(
      absl::StrCat(kService, "AssignFunction"),
      base::MakeError(absl::StatusCode::kFailedPrecondition, "ADMINISTRATOR_READS_NOTHING", "R21",
                      "who administers reads no dossier"));
  const std::string report = cli_.folder() + "/verslag.csv";
  const Ran ran = cli_.Run({"directory", "import-csv", "--apply", "--report", report,
                            Write("tess;Tess;dev|tess;nergens;jgz-nurse;;;\n"
                                  "noor;;;mosalira;intern-begeleider;;;\n"
                                  "mies;Mies;dev|mies;ggd-zl;jgz-nurse;;;\n")});
  EXPECT_EQ(ran.exit_code, 6);
  EXPECT_THAT(ran.err, HasSubstr("2 regels zijn niet verwerkt"));
  EXPECT_THAT(Changes(), ElementsAre("AssignFunction", "CreateProfessional"));
  std::stringstream text;
  text << std::ifstream(report, std::ios::binary).rdbuf();
  EXPECT_THAT(text.str(), HasSubstr("2;FOUT;organisatie;"));
  EXPECT_THAT(text.str(), HasSubstr("3;GEWEIGERD;;"));
  EXPECT_THAT(text.str(), HasSubstr("4;toevoegen;;"));
  EXPECT_EQ(text.str().substr(0, 3), "\xEF\xBB\xBF");
}

TEST_F(ImportCsvTest, AServerThatIsGoneEndsTheRunAndTheFileMayBeGivenAgain) {
  cli_.server().SetError(absl::StrCat(kService, "CreateProfessional"),
                         absl::UnavailableError("no answer"));
  const std::string file = Write(
      "tess;Tess;dev|tess;ggd-zl;jgz-nurse;;;\n"
      "mies;Mies;dev|mies;ggd-zl;jgz-nurse;;;\n");
  EXPECT_EQ(cli_.Run({"directory", "import-csv", "--apply", file}).exit_code, 7);
  EXPECT_THAT(Changes(), SizeIs(1));
}

TEST_F(ImportCsvTest, HostileFilesAreRefusedBeforeAnythingIsAsked) {
  const std::vector<std::string> files = {"",
                                          "\n",
                                          "id;naam\n1;2\n",
                                          std::string("a;b\n1;\xff\n"),
                                          std::string("\0\0\0;;", 5),
                                          absl::StrCat(kHeader, "\"nooit dicht\n")};
  for (const std::string& content : files) {
    const std::string path = cli_.folder() + "/kwaad.csv";
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
    EXPECT_EQ(cli_.Run({"directory", "import-csv", "--apply", path}).exit_code, 6);
  }
  EXPECT_THAT(cli_.server().calls(), IsEmpty());
}

TEST_F(ImportCsvTest, ProgramsGetTheReportAsJson) {
  const Ran ran = cli_.Run(
      {"directory", "import-csv", "--output", "json", Write("noor;;;ggd-zl;;;;2026-12-31\n")});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("\"outcome\":\"uit dienst\""));
  EXPECT_THAT(ran.out, HasSubstr("\"applied\":false"));
}

}  // namespace
}  // namespace knooppunt::cli
