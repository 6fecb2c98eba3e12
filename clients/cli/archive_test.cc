// handover: export, take-receipt, show-archive, import, accept-import, return-import,
// import-receipt.
#include <filesystem>
#include <fstream>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "clients/cli/cli_testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "knooppunt/archive/v1/archive.pb.h"
#include "knooppunt/documents/v1/documents.pb.h"

namespace knooppunt::cli {
namespace {

using ::testing::ElementsAre;
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
  // As long as it says, like any CMS message in DER.
  static std::string Message(const std::string& content) {
    const size_t n = content.size();
    std::string out = "\x30\x84";
    for (const int shift : {24, 16, 8, 0}) out += static_cast<char>(n >> shift & 0xff);
    return out + content;
  }
  void Write(const char* name, const std::string& bytes) const {
    std::ofstream(Path(name), std::ios::binary) << bytes;
  }
  // A case that was taken in, with two documents of two pieces and of one.
  static handover::v1::Handover Taken() {
    handover::v1::Handover taken;
    taken.set_name(kName);
    for (const auto& [id, size] : {std::pair{"d-1", (1 << 20) + 7}, std::pair{"d-2", 10}}) {
      auto* document = taken.mutable_elsewhere()->add_apart();
      document->set_item(absl::StrCat("there/", id));
      document->set_document(absl::StrCat("families/f-1/cases/c-1/documents/", id));
      document->set_title(absl::StrCat("Verslag ", id));
      document->set_size_bytes(size);
    }
    return taken;
  }
  // The archive itself, as the server reads it: what comes in pieces after it, in this order.
  void ShowPieces(const std::vector<std::string>& items) {
    const handover::v1::Handover taken = Taken();
    archive::v1::ArchivePreview preview;
    for (const std::string& item : items) {
      auto* document = preview.add_apart();
      document->set_item(item);
      document->set_title(item);
      document->set_size_bytes(10);
      for (const auto& known : taken.elsewhere().apart()) {
        if (known.item() != item) continue;
        *document = known;
        document->clear_document();
      }
    }
    cli_.server().SetResponse(absl::StrCat(kService, "PreviewArchive"), preview);
  }
  // Takes in every document but those that `refused` says.
  void TakeDocuments(const std::map<std::string, absl::Status>& refused = {}) {
    cli_.server().Set(
        absl::StrCat(kService, "ImportDocument"),
        [refused](const google::protobuf::Message& request, google::protobuf::Message* response) {
          const auto& opening = static_cast<const archive::v1::ImportDocumentRequest&>(request);
          const auto why = refused.find(opening.document());
          if (why != refused.end()) return why->second;
          static_cast<documents::v1::Document*>(response)->set_name(opening.document());
          return absl::OkStatus();
        });
  }
  // What was sent of documents: the name of each that was begun, and its pieces.
  std::vector<std::string> Sent() {
    std::vector<std::string> out;
    for (size_t i = 0; i < cli_.server().calls().size(); ++i) {
      if (cli_.server().calls()[i].method != absl::StrCat(kService, "ImportDocument")) continue;
      const auto& request = cli_.server().Request<archive::v1::ImportDocumentRequest>(i);
      out.push_back(request.piece().empty() ? request.document() : request.piece());
    }
    return out;
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

TEST_F(ArchiveCommandsTest, R28ExportWritesTheDocumentsAfterTheArchiveOrNothing) {
  archive::v1::ArchiveFile file;
  file.set_content(Message("casus"));
  *file.mutable_apart() = Taken().elsewhere().apart();
  file.mutable_apart(0)->set_item("families/f-1/cases/c-1/documents/d-1/versions/1");
  file.mutable_apart(1)->set_item("families/f-1/cases/c-1/documents/d-2/versions/3");
  cli_.server().SetResponse(absl::StrCat(kService, "ExportHandover"), file);
  int pieces = 2;
  cli_.server().SetStream(
      absl::StrCat(kService, "ExportDocument"),
      [&](const google::protobuf::Message& request, const FakeServer::Tell& tell) {
        const auto& asked = static_cast<const archive::v1::ExportDocumentRequest&>(request);
        const bool first = asked.item() == file.apart(0).item();
        archive::v1::ExportDocumentResponse response;
        for (int i = 0; i < (first ? pieces : 1); ++i) {
          response.set_piece(Message(absl::StrCat(first ? "a" : "b", i)));
          if (const absl::Status status = tell(response); !status.ok()) return status;
        }
        return absl::OkStatus();
      });
  const std::string path = Path("casus.cms");
  const Ran ran = cli_.Run({"handover", "export", kName, "--out", path});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(Text(path),
            absl::StrCat(Message("casus"), Message("a0"), Message("a1"), Message("b0")));
  EXPECT_EQ(std::filesystem::status(path).permissions() & std::filesystem::perms::all,
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_FALSE(std::filesystem::exists(path + ".part"));
  EXPECT_THAT(ran.out, HasSubstr("Bijlage 1 van 2, Verslag d-1 (1,0 MB): gaat mee."));
  // Less than it should be, and a refusal halfway: no file at all.
  pieces = 1;
  EXPECT_EQ(cli_.Run({"handover", "export", kName, "--out", Path("half.cms")}).exit_code, 7);
  cli_.server().SetStream(absl::StrCat(kService, "ExportDocument"),
                          [](const google::protobuf::Message&, const FakeServer::Tell&) {
                            return absl::FailedPreconditionError("withdrawn");
                          });
  EXPECT_EQ(cli_.Run({"handover", "export", kName, "--out", Path("half.cms")}).exit_code, 5);
  for (const char* name : {"half.cms", "half.cms.part"}) {
    EXPECT_FALSE(std::filesystem::exists(Path(name)));
  }
  // Never over one that is there, and that is said before anything is asked.
  const size_t calls = cli_.server().calls().size();
  EXPECT_EQ(cli_.Run({"handover", "export", kName, "--out", path}).exit_code, 6);
  EXPECT_THAT(cli_.server().calls(), SizeIs(calls));
}

TEST_F(ArchiveCommandsTest, R28ImportSendsTheCaseAndThenEachDocument) {
  Write("in.cms", absl::StrCat(Message("casus"), Message("a0"), Message("a1"), Message("b0")));
  cli_.server().SetResponse(absl::StrCat(kService, "ImportHandover"), Taken());
  TakeDocuments();
  const Ran ran = cli_.Run({"handover", "import", "--file", Path("in.cms")});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(cli_.server().Request<archive::v1::ImportHandoverRequest>(0).archive(),
            Message("casus"));
  const std::string first = "families/f-1/cases/c-1/documents/d-1";
  const std::string second = "families/f-1/cases/c-1/documents/d-2";
  EXPECT_THAT(Sent(), ElementsAre(first, Message("a0"), Message("a1"), second, Message("b0")));
  EXPECT_EQ(cli_.server().Request<archive::v1::ImportDocumentRequest>(1).name(), kName);
  EXPECT_FALSE(cli_.server().Request<archive::v1::ImportDocumentRequest>(1).request_id().empty());
  EXPECT_THAT(ran.out, HasSubstr("Bijlage 2 van 2, Verslag d-2 (10 bytes): overgenomen."));
}

TEST_F(ArchiveCommandsTest, R28ImportGoesOnWithWhatLacks) {
  Write("in.cms", absl::StrCat(Message("casus"), Message("a0"), Message("a1"), Message("b0")));
  const std::string first = "families/f-1/cases/c-1/documents/d-1";
  const std::string second = "families/f-1/cases/c-1/documents/d-2";
  // The case is there: that is said, and how to go on.
  cli_.server().SetError(
      absl::StrCat(kService, "ImportHandover"),
      base::MakeError(absl::StatusCode::kAlreadyExists, "ARCHIVE_TAKEN_IN", "R1", "Taken in."));
  Ran ran = cli_.Run({"handover", "import", "--file", Path("in.cms")});
  EXPECT_NE(ran.exit_code, 0);
  EXPECT_THAT(ran.out, HasSubstr("--handover"));
  EXPECT_THAT(Sent(), SizeIs(0));
  // One that is there is not sent again, nor one that came meanwhile a fault.
  handover::v1::Handover taken = Taken();
  taken.mutable_elsewhere()->mutable_apart(0)->set_taken_in(true);
  cli_.server().SetResponse("/knooppunt.handover.v1.HandoverService/GetHandover", taken);
  ShowPieces({"there/d-1", "there/d-2"});
  TakeDocuments({{second, base::MakeError(absl::StatusCode::kAlreadyExists, "DOCUMENT_TAKEN_IN",
                                          "R28", "Taken in.")}});
  ran = cli_.Run({"handover", "import", "--file", Path("in.cms"), "--handover", kName});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(Sent(), ElementsAre(second, Message("b0")));
  EXPECT_THAT(ran.out, HasSubstr("Verslag d-1 (1,0 MB): was al overgenomen."));
  EXPECT_THAT(ran.out, HasSubstr("Verslag d-2 (10 bytes): was al overgenomen."));
  // Nor does one hold things up that the receiving side does not want any more.
  TakeDocuments({{second, base::MakeError(absl::StatusCode::kFailedPrecondition,
                                          "DOCUMENT_WITHDRAWN", "", "Withdrawn.")}});
  ran = cli_.Run({"handover", "import", "--file", Path("in.cms"), "--handover", kName});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("Verslag d-2 (10 bytes): overgeslagen"));
  EXPECT_NE(cli_.Run({"handover", "import", "--file", Path("in.cms"), "--handover", kName,
                      "--institution", "a=organisations/b"})
                .exit_code,
            0);
}

// The other side made it anew: in another order, with one in pieces that came inside before, and
// with one inside of which the pieces lack here.
TEST_F(ArchiveCommandsTest, R28GoesOnWithAFileThatWasMadeAnew) {
  cli_.server().SetResponse("/knooppunt.handover.v1.HandoverService/GetHandover", Taken());
  ShowPieces({"there/d-9", "there/d-2"});
  TakeDocuments();
  Write("again.cms", absl::StrCat(Message("casus"), Message("z0"), Message("b0")));
  const Ran ran =
      cli_.Run({"handover", "import", "--file", Path("again.cms"), "--handover", kName});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(Sent(), ElementsAre("families/f-1/cases/c-1/documents/d-2", Message("b0")));
  EXPECT_THAT(ran.out, HasSubstr("Verslag d-1: ontbreekt nog"));
}

TEST_F(ArchiveCommandsTest, R28OneDocumentThatIsRefusedDoesNotStopTheNext) {
  Write("in.cms", absl::StrCat(Message("casus"), Message("a0"), Message("a1"), Message("b0")));
  cli_.server().SetResponse(absl::StrCat(kService, "ImportHandover"), Taken());
  const std::string first = "families/f-1/cases/c-1/documents/d-1";
  TakeDocuments({{first, base::MakeError(absl::StatusCode::kInvalidArgument, "DOCUMENT_TYPE_LIES",
                                         "", "It lies.")}});
  Ran ran = cli_.Run({"handover", "import", "--file", Path("in.cms")});
  EXPECT_EQ(ran.exit_code, 6);
  EXPECT_THAT(Sent(), SizeIs(5));
  EXPECT_THAT(ran.out, HasSubstr("Verslag d-1 (1,0 MB): niet overgenomen."));
  EXPECT_THAT(ran.out, HasSubstr("Verslag d-2 (10 bytes): overgenomen."));
  // A server that is gone is gone for the next one too.
  TakeDocuments({{first, absl::UnavailableError("gone")}});
  ran = cli_.Run({"handover", "import", "--file", Path("in.cms")});
  EXPECT_EQ(ran.exit_code, 7);
  EXPECT_THAT(Sent(), SizeIs(8));
}

TEST_F(ArchiveCommandsTest, R28AFileThatIsCutOffOrHasMoreIsSaidToBe) {
  const std::string whole =
      absl::StrCat(Message("casus"), Message("a0"), Message("a1"), Message("b0"));
  cli_.server().SetResponse(absl::StrCat(kService, "ImportHandover"), Taken());
  TakeDocuments();
  // Within a message, and with what is no message after them: nothing is sent.
  for (const std::string& bytes :
       {whole.substr(0, whole.size() - 1), whole.substr(0, 4), whole + "x", whole + '\x30',
        std::string("x"), std::string("\x30\x80\x00\x00", 4), std::string("\x31\x00", 2),
        std::string("\x30\x84\xff\xff\xff\xff", 6), std::string()}) {
    Write("in.cms", bytes);
    EXPECT_EQ(cli_.Run({"handover", "import", "--file", Path("in.cms")}).exit_code, 6);
    EXPECT_EQ(cli_.Run({"handover", "show-archive", "--file", Path("in.cms")}).exit_code, 6);
  }
  // Of more messages than an archive can have, each as small as can be.
  std::string many;
  for (int i = 0; i < 25'002; ++i) many += std::string("\x30\x00", 2);
  Write("in.cms", many);
  EXPECT_EQ(cli_.Run({"handover", "import", "--file", Path("in.cms")}).exit_code, 6);
  EXPECT_THAT(cli_.server().calls(), SizeIs(0));
  // Between two of them: what is whole is taken in.
  Write("in.cms", absl::StrCat(Message("casus"), Message("a0"), Message("a1")));
  EXPECT_EQ(cli_.Run({"handover", "import", "--file", Path("in.cms")}).exit_code, 6);
  EXPECT_THAT(Sent(), SizeIs(3));
  Write("in.cms", absl::StrCat(Message("casus"), Message("a0")));
  EXPECT_EQ(cli_.Run({"handover", "import", "--file", Path("in.cms")}).exit_code, 6);
  EXPECT_THAT(Sent(), SizeIs(3));
  // More than there are documents.
  Write("in.cms", whole + Message("c0"));
  EXPECT_EQ(cli_.Run({"handover", "import", "--file", Path("in.cms")}).exit_code, 6);
  EXPECT_THAT(Sent(), SizeIs(8));
}

TEST_F(ArchiveCommandsTest, R26WhatIsInTheFileGoesAsItIs) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  bytes = Message(bytes);
  Write("in.cms", bytes);
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
  Write("groot.cms", Message(std::string(2 << 20, 'x')));
  EXPECT_EQ(cli_.Run({"handover", "import", "--file", Path("groot.cms")}).exit_code, 6);
  EXPECT_EQ(cli_.Run({"handover", "take-receipt", kName, "--file", Path("groot.cms")}).exit_code,
            6);
  EXPECT_THAT(cli_.server().calls(), SizeIs(2));
}

TEST_F(ArchiveCommandsTest, R11ShowArchiveSaysWhoAndOnWhoseWord) {
  Write("in.cms", absl::StrCat(Message("casus"), Message("stuk")));
  archive::v1::ArchivePreview preview;
  *preview.mutable_apart() = Taken().elsewhere().apart();
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
  for (const char* said :
       {"Basisschool Manjefiek (maastricht)", "Sem van der Zanden", "organisations/jbz",
        "Beter slapen.", "Graag met Bo.", "Els Janssen", "Verslag d-1, 1,0 MB"}) {
    EXPECT_THAT(ran.out, HasSubstr(said));
  }
  EXPECT_EQ(cli_.server().Request<archive::v1::PreviewArchiveRequest>(0).archive(),
            Message("casus"));
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
