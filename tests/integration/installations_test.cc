// A whole case from one running installation to another over files: other keys, another directory,
// another log, and the receipt back (R26-R29). And files that are refused: each with a clear error,
// nothing stored and one record in the log (R22, R28).
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "tests/faults/whole_log.h"
#include "tests/integration/installations_testing.h"

namespace knooppunt::integration {
namespace {

using absl::StatusCode;
using crypto::testing::ReadAll;
using crypto::testing::RunOrDie;
using ::testing::HasSubstr;
using ::testing::SizeIs;

TEST_F(TwoInstallationsTest, R26R27R29AWholeCaseGoesOverAndTheReceiptComesBack) {
  Send();
  // The preview shows, and stores nothing.
  archive::v1::PreviewArchiveRequest look;
  look.set_archive(ReadAll(Path("casus.cms")));
  archive::v1::ArchivePreview preview;
  ASSERT_OK(b_.Call(iris_, absl::StrCat(kArchive, "PreviewArchive"), look, &preview));
  EXPECT_EQ(preview.payload().from_werkplaats_name(), "Basisschool Manjefiek");
  EXPECT_EQ(Stored(), 0);

  const auto taken = Import(ReadAll(Path("casus.cms")));
  ASSERT_OK(taken);
  imported_ = taken->name();
  const auto read = b_.GetCase(iris_, taken->case_());
  ASSERT_OK(read);
  EXPECT_THAT(read->persons(), SizeIs(3));
  EXPECT_THAT(read->contributions(), SizeIs(3));
  // The document that had room is there, whole, under the receiver's own keys; the other one is
  // known to come.
  documents::v1::ListDocumentsRequest list;
  list.set_parent(taken->case_());
  documents::v1::ListDocumentsResponse documents;
  const Caller iris = iris_.For(common::v1::PURPOSE_COORDINATION);
  ASSERT_OK(b_.Call(iris, "documents.v1.DocumentService/ListDocuments", list, &documents));
  ASSERT_THAT(documents.documents(), SizeIs(2));
  for (const documents::v1::Document& document : documents.documents()) {
    const bool small = document.title() == papers_[0].title;
    EXPECT_EQ(document.state(), small ? documents::v1::DOCUMENT_STATE_CURRENT
                                      : documents::v1::DOCUMENT_STATE_AWAITED);
    EXPECT_EQ(document.label().controller(), "organisations/ogvo");
    const Downloaded came = Download(b_, iris, document.name(), papers_[small ? 0 : 1]);
    if (!small) {
      EXPECT_THAT(came.status, Fails(StatusCode::kFailedPrecondition, "DOCUMENT_AWAITED"));
      continue;
    }
    ASSERT_OK(came.status);
    EXPECT_TRUE(came.same);
    EXPECT_EQ(came.bytes, papers_[0].size_bytes);
  }
  EXPECT_EQ(read->state(), access::v1::CASE_STATE_OPEN);
  WriteReceipt();
  ASSERT_OK(TakeReceipt());

  ASSERT_OK(Accept(taken->case_()));
  EXPECT_EQ(b_.GetCase(iris_, taken->case_())->state(), access::v1::CASE_STATE_ACTIVE);
  EXPECT_EQ(a_.GetCase(a_.ib)->state(), access::v1::CASE_STATE_ACTIVE);
  WriteReceipt();
  const auto closed = TakeReceipt();
  ASSERT_OK(closed);
  EXPECT_EQ(closed->state(), handover::v1::HANDOVER_STATE_CLOSED);
  // The table here is over; the family reads on, and so does the school in its own record.
  EXPECT_THAT(a_.GetCase(a_.ib), Refused());
  EXPECT_THAT(a_.GetCase(a_.nurse), Refused());
  const auto family = a_.GetCase(a_.mother);
  ASSERT_OK(family);
  EXPECT_EQ(family->state(), access::v1::CASE_STATE_CLOSED);
  EXPECT_THAT(family->outcome(), HasSubstr("Blariacum College"));

  for (Region* region : {&a_, &b_}) {
    const auto report = faults::VerifyWholeLog(*region);
    ASSERT_OK(report.status());
  }
}

TEST_F(TwoInstallationsTest, R22R28EachRefusedFileStoresNothingAndLeavesOneRecord) {
  Send();
  const std::string good = ReadAll(Path("casus.cms"));
  const auto other = [&](const char* signer, const char* recipient, const std::string& content) {
    const auto by = crypto::testing::ReadCorrespondent(files_, signer);
    const auto to = crypto::testing::ReadCorrespondent(files_, recipient);
    return *crypto::Envelope::Seal(to.certificate(), *crypto::Envelope::Sign(by, content));
  };
  std::string flipped = good;
  flipped[good.size() / 2] = static_cast<char>(flipped[good.size() / 2] ^ 1);
  const std::vector<std::pair<std::string, std::string>> files = {
      {"", "ARCHIVE_TOO_LARGE"},
      {good.substr(0, good.size() / 2), "ARCHIVE_DAMAGED"},
      {flipped, "ARCHIVE_DAMAGED"},
      {std::string(10'000, '\x30'), "ARCHIVE_DAMAGED"},
      {std::string(970 << 10, 'x'), "ARCHIVE_TOO_LARGE"},
      {other("zuid", "vreemd", "x"), "ARCHIVE_FOR_ANOTHER_INSTALLATION"},
      {other("vreemd", "noord", "x"), "ARCHIVE_FROM_STRANGER"},
      {other("zuid", "noord", "../../etc/passwd"), "ARCHIVE_DAMAGED"},
      {other("zuid", "noord", "knooppunt-handover-archive-v7\n"), "ARCHIVE_VERSION"},
  };
  for (const auto& [bytes, reason] : files) {
    SCOPED_TRACE(reason);
    absl::Status refused;
    const auto records = RecordsOf(b_, "dossier", [&] { refused = Import(bytes).status(); });
    EXPECT_EQ(base::ReasonOf(refused), reason);
    EXPECT_THAT(records, SizeIs(1));
    EXPECT_EQ(Stored(), 0);
  }
  const auto taken = RecordsOf(b_, "dossier", [&] { EXPECT_OK(Import(good)); });
  EXPECT_THAT(taken, SizeIs(1));
  const int64_t stored = Stored();
  absl::Status again;
  const auto records = RecordsOf(b_, "dossier", [&] { again = Import(good).status(); });
  EXPECT_THAT(again, Fails(StatusCode::kAlreadyExists, "ARCHIVE_TAKEN_IN"));
  EXPECT_THAT(records, SizeIs(1));
  EXPECT_EQ(Stored(), stored);
  // Nor can anybody else have it.
  archive::v1::PreviewArchiveRequest look;
  look.set_archive(good);
  archive::v1::ArchivePreview preview;
  EXPECT_THAT(b_.Call(iris_.For(common::v1::PURPOSE_COORDINATION),
                      absl::StrCat(kArchive, "PreviewArchive"), look, &preview),
              Refused());
  ASSERT_OK(faults::VerifyWholeLog(b_).status());
}

// doc/handover-archive.md: with nothing but openssl.
TEST_F(TwoInstallationsTest, R28TheOpensslCommandOpensAndChecksAnArchive) {
  Send();
  RunOrDie(absl::StrCat(
      "cd ", files_,
      " && openssl cms -decrypt -binary -inform DER -in casus.cms -recip noord.crt -inkey "
      "noord.key -out getekend.cms && openssl cms -verify -binary -inform DER -in getekend.cms "
      "-certfile zuid.crt -nointern -noverify -out inhoud 2>/dev/null && test \"$(head -n 1 "
      "inhoud)\" = knooppunt-handover-archive-v1"));
  const std::string content = ReadAll(Path("inhoud"));
  archive::v1::ArchivePayload payload;
  ASSERT_TRUE(payload.ParseFromString(content.substr(content.find('\n') + 1)));
  EXPECT_EQ(payload.handover(), handover_);
  EXPECT_THAT(payload.persons(), SizeIs(3));
}

TEST_F(TwoInstallationsTest, R28AServerRefusesToStartOnKeysThatDoNotFit) {
  b_.Stop();
  b_.config().set_archive_key_file(Path("vreemd.key"));
  EXPECT_EQ(b_.Start().code(), StatusCode::kInvalidArgument);
  b_.config().set_archive_key_file(Path("noord.key"));
  std::filesystem::permissions(Path("noord.key"), std::filesystem::perms::all);
  EXPECT_EQ(b_.Start().code(), StatusCode::kFailedPrecondition);
  std::filesystem::permissions(Path("noord.key"), std::filesystem::perms::owner_read);
  b_.config().mutable_peer_installations(0)->set_certificate_file(Path("noord.crt"));
  EXPECT_EQ(b_.Start().code(), StatusCode::kInvalidArgument);
  b_.config().clear_archive_certificate_file();
  EXPECT_EQ(b_.Start().code(), StatusCode::kInvalidArgument);
  b_.config().clear_peer_installations();
  EXPECT_OK(b_.Start());
}

}  // namespace
}  // namespace knooppunt::integration
