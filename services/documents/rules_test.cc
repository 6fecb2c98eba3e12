#include "services/documents/rules.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/status_testing.h"

namespace knooppunt::documents {
namespace {

constexpr int64_t kMiB = 1 << 20;

v1::UploadDocumentRequest Opening(int64_t size_bytes) {
  v1::UploadDocumentRequest opening;
  opening.set_media_type("application/pdf");
  opening.set_size_bytes(size_bytes);
  return opening;
}

std::string ReasonOf(const absl::Status& status) { return base::ReasonOf(status); }

TEST(DocumentRules, AnOpeningSaysWhatCanBe) {
  EXPECT_OK(CheckOpening(Opening(1)));
  EXPECT_OK(CheckOpening(Opening(limits::kMaxDocumentBytes)));
  EXPECT_EQ(ReasonOf(CheckOpening(Opening(0))), "DOCUMENT_SIZE");
  EXPECT_EQ(ReasonOf(CheckOpening(Opening(-1))), "DOCUMENT_SIZE");
  EXPECT_EQ(ReasonOf(CheckOpening(Opening(limits::kMaxDocumentBytes + 1))), "DOCUMENT_SIZE");
  v1::UploadDocumentRequest opening = Opening(5);
  opening.set_chunk("early");
  EXPECT_EQ(ReasonOf(CheckOpening(opening)), "NOT_THE_NEXT_CHUNK");
  opening.clear_chunk();
  opening.set_sha256(std::string(64, 'a'));
  EXPECT_OK(CheckOpening(opening));
  for (const std::string& hash :
       {std::string(63, 'a'), std::string(64, 'A'), std::string(64, 'g')}) {
    opening.set_sha256(hash);
    EXPECT_EQ(ReasonOf(CheckOpening(opening)), "INVALID_FIELD") << hash;
  }
  opening.clear_sha256();
  opening.set_media_type("application/zip");
  EXPECT_EQ(ReasonOf(CheckOpening(opening)), "DOCUMENT_TYPE_NOT_ALLOWED");
}

TEST(DocumentRules, AChunkIsTheNextOneAndNothingElse) {
  const v1::UploadDocumentRequest opening = Opening(kMiB + 3);
  const auto check = [&](const v1::UploadDocumentRequest& message, int64_t received) {
    return ReasonOf(CheckChunk(opening, message, received));
  };
  v1::UploadDocumentRequest message;
  EXPECT_EQ(check(message, 0), "NOT_THE_NEXT_CHUNK");
  message.set_chunk(std::string(kMiB, 'x'));
  EXPECT_EQ(check(message, 0), "");
  EXPECT_EQ(check(message, kMiB), "NOT_THE_NEXT_CHUNK");
  message.set_chunk("abc");
  EXPECT_EQ(check(message, 0), "NOT_THE_NEXT_CHUNK");
  EXPECT_EQ(check(message, kMiB), "");
  EXPECT_EQ(check(message, kMiB + 3), "NOT_THE_NEXT_CHUNK");
  // Nothing of the opening can be said again, or changed.
  message.set_title("Anders");
  EXPECT_EQ(check(message, kMiB), "NOT_THE_NEXT_CHUNK");
}

TEST(DocumentRules, R38WhoMayChangeADocument) {
  v1::Document ours;
  ours.mutable_label()->set_controller("organisations/school");
  ours.add_versions()->set_author("professionals/ib");
  const Actor ib{.name = "professionals/ib", .organisation = "organisations/school"};
  const Actor colleague{.name = "professionals/other", .organisation = "organisations/school"};
  const Actor nurse{.name = "professionals/nurse", .organisation = "organisations/jgz"};
  const Actor mother{.name = "families/f/persons/m", .organisation = ""};
  const Actor father{.name = "families/f/persons/v", .organisation = ""};
  for (const Actor& who : {ib, colleague}) {
    EXPECT_OK(CheckMayAddVersion(ours, who));
    EXPECT_OK(CheckMayWithdraw(ours, who));
  }
  for (const Actor& who : {nurse, mother}) {
    EXPECT_EQ(ReasonOf(CheckMayAddVersion(ours, who)), "NOT_YOUR_DOCUMENT");
    EXPECT_EQ(ReasonOf(CheckMayWithdraw(ours, who)), "NOT_YOUR_DOCUMENT");
  }
  // What a family member added lies with the werkplaats, but it is their word.
  v1::Document hers = ours;
  hers.mutable_versions(0)->set_author(mother.name);
  EXPECT_OK(CheckMayAddVersion(hers, mother));
  EXPECT_OK(CheckMayWithdraw(hers, mother));
  EXPECT_EQ(ReasonOf(CheckMayAddVersion(hers, ib)), "NOT_YOUR_DOCUMENT");
  EXPECT_OK(CheckMayWithdraw(hers, ib));
  EXPECT_EQ(ReasonOf(CheckMayWithdraw(hers, father)), "NOT_YOUR_DOCUMENT");
  // A controller that is not set is nobody's.
  ours.mutable_label()->clear_controller();
  EXPECT_EQ(ReasonOf(CheckMayWithdraw(ours, father)), "NOT_YOUR_DOCUMENT");
}

TEST(DocumentRules, PartsAreOneMebibyteAndTheLastWhatIsLeft) {
  EXPECT_EQ(PartBytes(3 * kMiB, 0), kMiB);
  EXPECT_EQ(PartBytes(3 * kMiB, 2 * kMiB), kMiB);
  EXPECT_EQ(PartBytes(2 * kMiB + 1, 2 * kMiB), 1);
  EXPECT_EQ(PartBytes(7, 0), 7);
  EXPECT_OK(CheckOffset(2 * kMiB + 1, 2 * kMiB));
  for (const int64_t offset : {int64_t{-kMiB}, int64_t{1}, 2 * kMiB, 3 * kMiB}) {
    EXPECT_EQ(ReasonOf(CheckOffset(2 * kMiB, offset)), "OFFSET_NOT_ALLOWED") << offset;
  }
}

TEST(DocumentRules, AnEtagIsOfAllThatShows) {
  v1::Document document;
  document.set_title("a");
  const std::string before = EtagOf(document);
  EXPECT_EQ(before, EtagOf(document));
  document.set_state(v1::DOCUMENT_STATE_WITHDRAWN);
  EXPECT_NE(before, EtagOf(document));
}

}  // namespace
}  // namespace knooppunt::documents
