// document: files go and come a part at a time, and are what they should be.
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/match.h"
#include "base/error.h"
#include "base/limits.h"
#include "clients/cli/cli_testing.h"
#include "clients/cli/failure.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "knooppunt/documents/v1/documents.pb.h"
#include "security/crypto/hash.h"

namespace knooppunt::cli {
namespace {

using documents::v1::Document;
using documents::v1::DownloadDocumentResponse;
using documents::v1::UploadDocumentRequest;
using ::testing::HasSubstr;

constexpr char kUpload[] = "/knooppunt.documents.v1.DocumentService/UploadDocument";
constexpr char kDownload[] = "/knooppunt.documents.v1.DocumentService/DownloadDocument";
constexpr char kList[] = "/knooppunt.documents.v1.DocumentService/ListDocuments";
constexpr char kCase[] = "families/f-1/cases/c-1";
constexpr char kDocument[] = "families/f-1/cases/c-1/documents/d-1";
constexpr size_t kMiB = 1 << 20;

class DocumentCommands : public ::testing::Test {
 protected:
  DocumentCommands() {
    cli_.LogInAsStaff();
    content_ = "%PDF-1.7\n" + std::string(2 * kMiB, 'x') + "einde";
    std::ofstream(Path("verslag.pdf"), std::ios::binary) << content_;
    answer_.set_name(kDocument);
    answer_.set_title("Verslag");
    documents::v1::DocumentVersion* v = answer_.add_versions();
    v->set_name(std::string(kDocument) + "/versions/1");
    v->set_media_type("application/pdf");
    v->set_size_bytes(static_cast<int64_t>(content_.size()));
    v->set_sha256(crypto::HexEncode(crypto::Sha256(content_)));
    cli_.server().SetResponse(kUpload, answer_);
  }
  std::string Path(const std::string& file) const { return cli_.folder() + "/" + file; }
  std::string FileText(const std::string& file) const {
    std::ifstream in(Path(file), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }
  Ran Add(const std::vector<std::string>& more = {}, const std::string& file = "verslag.pdf") {
    std::vector<std::string> args = {"document", "add",     kCase, Path(file),      "--title",
                                     "Verslag",  "--about", "p-1", "--compartment", "education"};
    args.insert(args.end(), more.begin(), more.end());
    return cli_.Run(args);
  }
  // Sends the document from where it was asked for; ends with `end` after `parts`.
  void Serve(int parts = 100, absl::Status end = absl::OkStatus()) {
    cli_.server().SetStream(
        kDownload, [=, this](const google::protobuf::Message& asked, const FakeServer::Tell& tell) {
          const auto& request = dynamic_cast<const documents::v1::DownloadDocumentRequest&>(asked);
          auto at = static_cast<size_t>(request.offset_bytes());
          for (int n = 0; n < parts && at < content_.size(); ++n) {
            DownloadDocumentResponse part;
            if (n == 0) *part.mutable_version() = answer_.versions(0);
            part.set_offset_bytes(static_cast<int64_t>(at));
            part.set_chunk(content_.substr(at, kMiB));
            at += part.chunk().size();
            if (absl::Status s = tell(part); !s.ok()) return s;
          }
          return end;
        });
  }

  CliFixture cli_;
  std::string content_;
  Document answer_;
};

TEST_F(DocumentCommands, AddSendsWhatItIsAndThenTheFileInParts) {
  const Ran ran = Add();
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr(kDocument));
  ASSERT_EQ(cli_.server().calls().size(), 4u);
  const auto& opening = cli_.server().Request<UploadDocumentRequest>(0);
  EXPECT_EQ(opening.parent(), kCase);
  EXPECT_EQ(opening.title(), "Verslag");
  EXPECT_EQ(opening.media_type(), "application/pdf");
  EXPECT_EQ(opening.size_bytes(), static_cast<int64_t>(content_.size()));
  EXPECT_EQ(opening.sha256(), crypto::HexEncode(crypto::Sha256(content_)));
  EXPECT_EQ(opening.label().compartment(), common::v1::COMPARTMENT_EDUCATION);
  EXPECT_EQ(opening.request_id().size(), 36u);
  EXPECT_TRUE(opening.chunk().empty());
  std::string sent;
  for (size_t i = 1; i < 4; ++i) {
    const auto& message = cli_.server().Request<UploadDocumentRequest>(i);
    EXPECT_TRUE(message.parent().empty());
    EXPECT_LE(message.chunk().size(), limits::kStreamChunkBytes);
    sent += message.chunk();
  }
  EXPECT_EQ(sent, content_);
}

TEST_F(DocumentCommands, ProgressIsForWhoIsAtTheKeyboard) {
  EXPECT_THAT(Add().err, HasSubstr("100% of 2,1 MB"));
  EXPECT_EQ(Add({"--quiet"}).err, "");
  cli_.at_keyboard = false;
  EXPECT_EQ(Add().err, "");
}

TEST_F(DocumentCommands, WhatCannotBeADocumentIsNotSent) {
  std::ofstream(Path("leeg.pdf")).close();
  std::ofstream(Path("tabel.xlsx")) << "x";
  std::filesystem::resize_file(Path("leeg.pdf"), 0);
  EXPECT_EQ(Add({}, "leeg.pdf").exit_code, static_cast<int>(ExitCode::kInvalidInput));
  EXPECT_EQ(Add({}, "weg.pdf").exit_code, static_cast<int>(ExitCode::kInvalidInput));
  const Ran sheet = Add({}, "tabel.xlsx");
  EXPECT_EQ(sheet.exit_code, static_cast<int>(ExitCode::kUsage));
  EXPECT_THAT(sheet.err, HasSubstr("--type"));
  std::ofstream(Path("groot.pdf")).close();
  std::filesystem::resize_file(Path("groot.pdf"), limits::kMaxDocumentBytes + 1);
  const Ran large = Add({}, "groot.pdf");
  EXPECT_EQ(large.exit_code, static_cast<int>(ExitCode::kInvalidInput));
  EXPECT_THAT(large.err, HasSubstr("50 MB"));
  EXPECT_TRUE(cli_.server().calls().empty());
}

TEST_F(DocumentCommands, RenewNamesTheDocumentAndItsCase) {
  const Ran ran = cli_.Run({"document", "renew", kDocument, Path("verslag.pdf")});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  const auto& opening = cli_.server().Request<UploadDocumentRequest>(0);
  EXPECT_EQ(opening.name(), kDocument);
  EXPECT_EQ(opening.parent(), kCase);
  EXPECT_FALSE(opening.has_label());
}

TEST_F(DocumentCommands, AnUploadThatHadNoAnswerSaysHowToRepeatIt) {
  cli_.server().SetError(kUpload, absl::UnavailableError("gone"));
  EXPECT_THAT(Add().err, HasSubstr("--request-id"));
}

TEST_F(DocumentCommands, GetWritesAFileForItsReaderAlone) {
  Serve();
  const Ran ran = cli_.Run({"document", "get", kDocument, "--out", Path("uit.pdf")});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(FileText("uit.pdf"), content_);
  struct stat info;
  ASSERT_EQ(stat(Path("uit.pdf").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  EXPECT_FALSE(std::filesystem::exists(Path("uit.pdf.part")));
  // What is there is not written over.
  EXPECT_EQ(cli_.Run({"document", "get", kDocument, "--out", Path("uit.pdf")}).exit_code,
            static_cast<int>(ExitCode::kInvalidInput));
}

TEST_F(DocumentCommands, R13ADownloadThatIsRefusedHalfwayLeavesNoWholeFile) {
  Serve(1, base::MakeError(absl::StatusCode::kPermissionDenied, "REFUSED", "R17", "niet meer"));
  const Ran ran = cli_.Run({"document", "get", kDocument, "--out", Path("uit.pdf")});
  EXPECT_EQ(ran.exit_code, static_cast<int>(ExitCode::kRefused));
  EXPECT_FALSE(std::filesystem::exists(Path("uit.pdf")));
}

TEST_F(DocumentCommands, GetGoesOnWhereItWasCutOff) {
  Serve(1, absl::UnavailableError("gone"));
  EXPECT_EQ(cli_.Run({"document", "get", kDocument, "--out", Path("uit.pdf")}).exit_code,
            static_cast<int>(ExitCode::kUnavailable));
  EXPECT_EQ(std::filesystem::file_size(Path("uit.pdf.part")), kMiB);
  Serve();
  const Ran ran = cli_.Run({"document", "get", kDocument, "--out", Path("uit.pdf"), "--continue"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(cli_.server().Request<documents::v1::DownloadDocumentRequest>(1).offset_bytes(),
            static_cast<int64_t>(kMiB));
  EXPECT_EQ(FileText("uit.pdf"), content_);
}

TEST_F(DocumentCommands, WhatIsNotTheDocumentThatWasStoredIsRemoved) {
  Serve();
  answer_.mutable_versions(0)->set_sha256(std::string(64, '0'));
  const Ran ran = cli_.Run({"document", "get", kDocument, "--out", Path("uit.pdf")});
  EXPECT_EQ(ran.exit_code, static_cast<int>(ExitCode::kInvalidInput));
  EXPECT_FALSE(std::filesystem::exists(Path("uit.pdf")));
  EXPECT_FALSE(std::filesystem::exists(Path("uit.pdf.part")));
}

TEST_F(DocumentCommands, AVersionIsAskedForByItsNumber) {
  Serve();
  cli_.Run({"document", "get", kDocument, "--version", "3", "--out", Path("uit.pdf")});
  EXPECT_EQ(cli_.server().Request<documents::v1::DownloadDocumentRequest>(0).name(),
            std::string(kDocument) + "/versions/3");
}

TEST_F(DocumentCommands, ListReadsEveryPage) {
  cli_.server().Set(
      kList, [&](const google::protobuf::Message& asked, google::protobuf::Message* out) {
        auto* list = dynamic_cast<documents::v1::ListDocumentsResponse*>(out);
        *list->add_documents() = answer_;
        if (dynamic_cast<const documents::v1::ListDocumentsRequest&>(asked).page_token().empty()) {
          list->set_next_page_token("next");
        }
        return absl::OkStatus();
      });
  const Ran ran = cli_.Run({"document", "list", kCase, "--quiet"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.out, std::string(kDocument) + "\n" + kDocument + "\n");
}

}  // namespace
}  // namespace knooppunt::cli
