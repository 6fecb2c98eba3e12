// handover: export, take-receipt, show-archive, import, accept-import, return-import,
// import-receipt.
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "clients/cli/cli_testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "knooppunt/archive/v1/archive.pb.h"

namespace knooppunt::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr char kService[] = "/knooppunt.archive.v1.ArchiveService/";
constexpr char kName[] = "families/f-1/handovers/h-1";

class ArchiveCommandsTest : public ::testing::Test {
 protected:
  ArchiveCommandsTest() { cli_.LogInAsStaff(); }
  std::string Path(const char* name) const { return absl::StrCat(cli_.folder(), "/", name); }
  std::string Text(const std::string& path) const {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }
  CliFixture cli_;
};

TEST_F(ArchiveCommandsTest, R28ExportWritesAFileForTheOwnerAloneAndNeverOverOne) {
  const std::string bytes("\x30\x82\x00\xff binair", 11);
  archive::v1::ArchiveFile file;
  file.set_content(bytes);
  cli_.server().SetResponse(absl::StrCat(kService, "ExportHandover"), file);
  cli_.server().SetResponse(absl::StrCat(kService, "GetArchiveReceipt"), file);
  const std::string path = Path("casus.cms");
  const Ran ran = cli_.Run({"handover", "export", kName, "--out", path});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(Text(path), bytes);
  EXPECT_EQ(std::filesystem::status(path).permissions() & std::filesystem::perms::all,
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_NE(cli_.Run({"handover", "export", kName, "--out", path}).exit_code, 0);
  EXPECT_EQ(
      cli_.Run({"handover", "import-receipt", kName, "--out", Path("ontvangst.cms")}).exit_code, 0);
  EXPECT_EQ(cli_.server().calls()[0].options.purpose, common::v1::PURPOSE_HANDOVER);
}

TEST_F(ArchiveCommandsTest, R26WhatIsInTheFileGoesAsItIs) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  std::ofstream(Path("in.cms"), std::ios::binary) << bytes;
  handover::v1::Handover answer;
  answer.set_name(kName);
  for (const char* method : {"TakeReceipt", "ImportHandover"}) {
    cli_.server().SetResponse(absl::StrCat(kService, method), answer);
  }
  EXPECT_EQ(cli_.Run({"handover", "take-receipt", kName, "--file", Path("in.cms")}).exit_code, 0);
  EXPECT_EQ(cli_.server().Request<archive::v1::TakeReceiptRequest>(0).receipt(), bytes);
  EXPECT_EQ(cli_.Run({"handover", "import", "--file", Path("in.cms"), "--institution",
                      "organisations/jbz=organisations/bj"})
                .exit_code,
            0);
  const auto& import = cli_.server().Request<archive::v1::ImportHandoverRequest>(1);
  EXPECT_EQ(import.archive(), bytes);
  ASSERT_THAT(import.institutions(), SizeIs(1));
  EXPECT_EQ(import.institutions(0).organisation(), "organisations/bj");
  EXPECT_EQ(cli_.Run({"handover", "import", "--file", Path("is-er-niet")}).exit_code, 6);
  EXPECT_EQ(
      cli_.Run({"handover", "import", "--file", Path("in.cms"), "--institution", "x"}).exit_code,
      2);
  std::ofstream(Path("groot.cms"), std::ios::binary) << std::string((1 << 20) + 1, 'x');
  EXPECT_EQ(cli_.Run({"handover", "import", "--file", Path("groot.cms")}).exit_code, 6);
  EXPECT_THAT(cli_.server().calls(), SizeIs(2));
}

TEST_F(ArchiveCommandsTest, R11ShowArchiveSaysWhoAndOnWhoseWord) {
  std::ofstream(Path("in.cms")) << "x";
  archive::v1::ArchivePreview preview;
  preview.set_installation("maastricht");
  auto* payload = preview.mutable_payload();
  payload->set_from_werkplaats_name("Basisschool Manjefiek");
  payload->set_contact_name("Els Janssen");
  payload->set_family_view("Graag met Bo.");
  auto* person = payload->add_persons();
  person->set_key("p1");
  person->set_given_name("Sem");
  person->set_family_name("van der Zanden");
  payload->add_gezag()->set_over("p1");
  payload->mutable_gezag(0)->set_institution("organisations/jbz");
  auto* part = payload->add_parts();
  part->set_kind("goal");
  part->set_text("Beter slapen.");
  cli_.server().SetResponse(absl::StrCat(kService, "PreviewArchive"), preview);
  const Ran ran = cli_.Run({"handover", "show-archive", "--file", Path("in.cms")});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  for (const char* said : {"Basisschool Manjefiek (maastricht)", "Sem van der Zanden",
                           "organisations/jbz", "Beter slapen.", "Graag met Bo.", "Els Janssen"}) {
    EXPECT_THAT(ran.out, HasSubstr(said));
  }
}

TEST_F(ArchiveCommandsTest, R27AcceptAndReturnSayWhatWasTyped) {
  handover::v1::Handover answer;
  answer.set_name(kName);
  for (const char* method : {"AcceptImport", "ReturnImport"}) {
    cli_.server().SetResponse(absl::StrCat(kService, method), answer);
  }
  const Ran ran =
      cli_.Run({"handover", "accept-import", kName, "--date", "2026-11-20", "--present",
                "sender=Els Janssen", "--present", "receiver=Iris Hermans", "--absent",
                "family=Ziek, en dus = thuis", "--regisseur", "s-1", "--stand-in", "s-2"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  const auto& accept = cli_.server().Request<archive::v1::AcceptImportRequest>(0);
  EXPECT_EQ(accept.regisseur_seat(), "s-1");
  ASSERT_THAT(accept.conversation().attendees(), SizeIs(2));
  EXPECT_EQ(accept.conversation().attendees(1).party(), handover::v1::HANDOVER_PARTY_RECEIVER);
  EXPECT_EQ(accept.conversation().absences(0).reason(), "Ziek, en dus = thuis");
  EXPECT_EQ(cli_.Run({"handover", "accept-import", kName, "--date", "2026-11-20", "--present",
                      "iemand=Els", "--regisseur", "s-1", "--stand-in", "s-2"})
                .exit_code,
            2);
  EXPECT_EQ(cli_.Run({"handover", "return-import", kName, "--reason", "Geen plaats"}).exit_code, 0);
  EXPECT_EQ(cli_.server().Request<archive::v1::ReturnImportRequest>(1).reason(), "Geen plaats");
}

}  // namespace
}  // namespace knooppunt::cli
