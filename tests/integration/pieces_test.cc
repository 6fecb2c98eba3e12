// Documents that have no room in an archive, from one running installation to another (R13, R22,
// R28): byte for byte, stopped when consent is, and each kind of damage refused by name, with
// nothing kept.
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>

#include "absl/strings/str_join.h"
#include "services/handover/archive_format.h"
#include "services/handover/installations.h"
#include "tests/faults/whole_log.h"
#include "tests/integration/installations_testing.h"

namespace knooppunt::integration {
namespace {

using absl::StatusCode;
using archive::v1::ArchivePiece;
using documents::v1::Document;
using ::testing::SizeIs;

using Pieces = std::vector<std::string>;

class PiecesTest : public TwoInstallationsTest {
 protected:
  // The pieces of one document, as many as `after` allows.
  absl::Status Export(
      const std::string& item, Pieces* out,
      const std::function<absl::Status(int n)>& after = [](int) { return absl::OkStatus(); }) {
    archive::v1::ExportDocumentRequest request;
    request.set_name(handover_);
    request.set_item(item);
    archive::v1::ExportDocumentResponse response;
    return a_.Receive(a_.ib, absl::StrCat(kArchive, "ExportDocument"), request, &response, [&] {
      out->push_back(response.piece());
      return after(static_cast<int>(out->size()));
    });
  }
  Pieces ExportAll(const std::string& item) {
    Pieces out;
    EXPECT_OK(Export(item, &out));
    return out;
  }
  // Sends messages after an opening, and counts those that were sent.
  absl::StatusOr<Document> Send(const Caller& who, const std::string& document,
                                const std::vector<archive::v1::ImportDocumentRequest>& messages) {
    archive::v1::ImportDocumentRequest message;
    Document answer;
    sent_ = 0;
    KP_RETURN_IF_ERROR(b_.Send(
        who, absl::StrCat(kArchive, "ImportDocument"), &message,
        [&]() -> absl::StatusOr<bool> {
          message.Clear();
          if (before_message_) KP_RETURN_IF_ERROR(before_message_(sent_));
          if (sent_ > messages.size()) return false;
          if (sent_ == 0) {
            message.set_name(imported_);
            message.set_document(document);
            message.set_request_id(b_.RequestId());
          } else {
            message = messages[sent_ - 1];
          }
          ++sent_;
          return true;
        },
        &answer));
    return answer;
  }
  absl::StatusOr<Document> Take(const std::string& document, const Pieces& pieces) {
    std::vector<archive::v1::ImportDocumentRequest> messages;
    for (const std::string& piece : pieces) messages.emplace_back().set_piece(piece);
    return Send(iris_, document, messages);
  }
  // The case with its documents on its way, and taken in but for what had no room.
  void TakeCase() {
    TwoInstallationsTest::Send();
    const auto taken = Import(file_.content());
    ASSERT_OK(taken);
    imported_ = taken->name();
    taken_ = *taken;
    ASSERT_EQ(taken->elsewhere().apart_size(), file_.apart_size());
  }
  std::string Here(int i) const { return taken_.elsewhere().apart(i).document(); }
  Document Read(const std::string& name) {
    documents::v1::GetDocumentRequest request;
    request.set_name(name);
    Document answer;
    EXPECT_OK(b_.Call(iris_.For(common::v1::PURPOSE_COORDINATION),
                      "documents.v1.DocumentService/GetDocument", request, &answer));
    return answer;
  }
  handover::v1::Handover Handover() {
    handover::v1::GetHandoverRequest request;
    request.set_name(imported_);
    handover::v1::Handover answer;
    EXPECT_OK(b_.Call(iris_, absl::StrCat(kHandover, "GetHandover"), request, &answer));
    return answer;
  }
  const Paper& PaperOf(int i) const {
    for (const Paper& paper : papers_) {
      if (paper.title == file_.apart(i).title()) return paper;
    }
    return papers_[0];
  }

  // ---- What a peer could make
  ArchivePiece Opened(const std::string& piece) const {
    const std::string signed_message =
        *crypto::Envelope::Open(crypto::testing::ReadCorrespondent(files_, "noord"), piece);
    const std::vector<crypto::Certificate> known = {
        crypto::testing::ReadCorrespondent(files_, "zuid").certificate()};
    return *handover::DecodePiece(crypto::Envelope::Verify(known, signed_message)->content);
  }
  std::string Packed(const char* signer, const char* recipient, const std::string& content) const {
    const auto by = crypto::testing::ReadCorrespondent(files_, signer);
    const auto to = crypto::testing::ReadCorrespondent(files_, recipient);
    return *crypto::Envelope::Seal(to.certificate(), *crypto::Envelope::Sign(by, content));
  }
  std::string Changed(const std::string& piece,
                      const std::function<void(ArchivePiece*)>& change) const {
    ArchivePiece changed = Opened(piece);
    change(&changed);
    return Packed("zuid", "noord", handover::EncodePiece(changed));
  }

  handover::v1::Handover taken_;
  size_t sent_ = 0;
  std::function<absl::Status(size_t n)> before_message_;  // 0 is the opening
};

TEST_F(PiecesTest, R28ADocumentOfThreeMegabytesGoesOverByteForByte) {
  papers_[1].size_bytes = 3 * kMiB + 123;
  papers_.push_back({.title = "Foto", .size_bytes = 2 * kMiB, .seed = 'c'});  // to the byte two
  TakeCase();
  ASSERT_THAT(file_.apart(), SizeIs(2));
  for (int i = 0; i < 2; ++i) {
    const Paper& paper = PaperOf(i);
    EXPECT_EQ(file_.apart(i).size_bytes(), paper.size_bytes);
    EXPECT_EQ(taken_.elsewhere().apart(i).title(), paper.title);
    const Pieces pieces = ExportAll(file_.apart(i).item());
    ASSERT_EQ(pieces.size(), (paper.size_bytes + kMiB - 1) / kMiB);
    EXPECT_EQ(Read(Here(i)).state(), documents::v1::DOCUMENT_STATE_AWAITED);
    EXPECT_FALSE(Handover().elsewhere().apart(i).taken_in());
    const auto taken = Take(Here(i), pieces);
    ASSERT_OK(taken);
    EXPECT_EQ(taken->name(), Here(i));
    EXPECT_EQ(taken->state(), documents::v1::DOCUMENT_STATE_CURRENT);
    EXPECT_EQ(taken->label().controller(), "organisations/ogvo");
    EXPECT_EQ(taken->versions(0).sha256(), paper.Sha256());
    EXPECT_EQ(taken->versions(0).author(), iris_.claims.subject());
    EXPECT_TRUE(Handover().elsewhere().apart(i).taken_in());
    const Downloaded read =
        Download(b_, iris_.For(common::v1::PURPOSE_COORDINATION), Here(i), paper);
    EXPECT_OK(read.status);
    EXPECT_EQ(read.bytes, paper.size_bytes);
    EXPECT_TRUE(read.same);
    // Once more is told as that, and changes nothing.
    const int64_t stored = Stored();
    EXPECT_THAT(Take(Here(i), pieces), Fails(StatusCode::kAlreadyExists, "DOCUMENT_TAKEN_IN"));
    EXPECT_EQ(Stored(), stored);
    EXPECT_TRUE(Download(b_, iris_.For(common::v1::PURPOSE_COORDINATION), Here(i), paper).same);
  }
  // The receipt is of what was shown, with its documents or without.
  WriteReceipt();
  const auto received = TakeReceipt();
  ASSERT_OK(received);
  EXPECT_EQ(received->receipt_sha256(), received->package_sha256());
  for (Region* region : {&a_, &b_}) ASSERT_OK(faults::VerifyWholeLog(*region).status());
}

TEST_F(PiecesTest, R28WhatIsCutOffLeavesNothingAndCanBeTakenInLater) {
  papers_[1].size_bytes = 3 * kMiB;
  TakeCase();
  const Pieces pieces = ExportAll(file_.apart(0).item());
  const int64_t stored = Stored();
  for (size_t n = 0; n < pieces.size(); ++n) {
    const auto cut = Take(Here(0), Pieces(pieces.begin(), pieces.begin() + n));
    EXPECT_THAT(cut, Fails(StatusCode::kInvalidArgument, "UPLOAD_CUT_OFF"));
    EXPECT_EQ(Stored(), stored);
  }
  EXPECT_EQ(Read(Here(0)).state(), documents::v1::DOCUMENT_STATE_AWAITED);
  // After the case was accepted too.
  ASSERT_OK(Accept(taken_.case_()));
  const int64_t accepted = Stored();
  ASSERT_OK(Take(Here(0), pieces));
  EXPECT_EQ(Stored(), accepted + 1 + 12);  // the content, in rows of 256 KiB
}

TEST_F(PiecesTest, R22R28EachKindOfDamageIsRefusedByNameAndNothingOfItIsKept) {
  papers_[1].size_bytes = 3 * kMiB;
  papers_.push_back({.title = "Ander verslag", .size_bytes = 3 * kMiB, .seed = 'd'});
  TakeCase();
  const Pieces good = ExportAll(file_.apart(0).item());
  const Pieces other = ExportAll(file_.apart(1).item());
  ASSERT_THAT(good, SizeIs(3));
  const std::string zuid = Opened(good[0]).sender();
  const auto with = [&](size_t i, const std::string& piece) {
    Pieces out = good;
    out[i] = piece;
    return out;
  };
  const auto changed = [&](size_t i, const std::function<void(ArchivePiece*)>& change) {
    return with(i, Changed(good[i], change));
  };
  std::string flipped = good[1];
  flipped[good[1].size() / 2] = static_cast<char>(flipped[good[1].size() / 2] ^ 1);
  struct Harm {
    const char* what;
    Pieces pieces;
    const char* reason;
  };
  const std::vector<Harm> harms = {
      {"the first dropped", {good[1], good[2]}, "PIECE_OUT_OF_PLACE"},
      {"one dropped", {good[0], good[2]}, "PIECE_OUT_OF_PLACE"},
      {"the last dropped", {good[0], good[1]}, "UPLOAD_CUT_OFF"},
      {"none", {}, "UPLOAD_CUT_OFF"},
      {"doubled", {good[0], good[0], good[1], good[2]}, "PIECE_OUT_OF_PLACE"},
      {"exchanged", {good[0], good[2], good[1]}, "PIECE_OUT_OF_PLACE"},
      {"more after the end", {good[0], good[1], good[2], good[2]}, "PIECE_OUT_OF_PLACE"},
      {"of another document", with(1, other[1]), "PIECE_OF_ANOTHER"},
      {"of another archive",
       changed(1, [](ArchivePiece* p) { p->set_archive(std::string(64, 'a')); }),
       "PIECE_OF_ANOTHER"},
      {"said to be for another",
       changed(1, [&](ArchivePiece* p) { p->set_recipient(p->sender()); }),
       "ARCHIVE_FOR_ANOTHER_INSTALLATION"},
      {"said to be from another",
       changed(1, [&](ArchivePiece* p) { p->set_sender(p->recipient()); }),
       "ARCHIVE_FROM_STRANGER"},
      {"sealed to another",
       with(1, Packed("zuid", "vreemd", handover::EncodePiece(Opened(good[1])))),
       "ARCHIVE_FOR_ANOTHER_INSTALLATION"},
      {"by a stranger", with(1, Packed("vreemd", "noord", handover::EncodePiece(Opened(good[1])))),
       "ARCHIVE_FROM_STRANGER"},
      {"the last one early", changed(1, [](ArchivePiece* p) { p->set_last(true); }),
       "PIECE_OUT_OF_PLACE"},
      {"no last one", changed(2, [](ArchivePiece* p) { p->set_last(false); }),
       "PIECE_OUT_OF_PLACE"},
      {"at another place", changed(1, [](ArchivePiece* p) { p->set_offset_bytes(2 * kMiB); }),
       "PIECE_OUT_OF_PLACE"},
      {"at a place that is none",
       changed(1, [](ArchivePiece* p) { p->set_offset_bytes(kMiB + 1); }), "ARCHIVE_INVALID"},
      {"beyond 50 MiB", changed(1, [](ArchivePiece* p) { p->set_offset_bytes(50 * kMiB); }),
       "ARCHIVE_INVALID"},
      {"before the first", changed(1, [](ArchivePiece* p) { p->set_offset_bytes(-kMiB); }),
       "ARCHIVE_INVALID"},
      {"shorter", changed(1, [](ArchivePiece* p) { p->mutable_content()->pop_back(); }),
       "PIECE_OUT_OF_PLACE"},
      {"empty", changed(1, [](ArchivePiece* p) { p->clear_content(); }), "ARCHIVE_INVALID"},
      {"longer", changed(1, [](ArchivePiece* p) { p->mutable_content()->push_back('x'); }),
       "ARCHIVE_INVALID"},
      {"a path as its name", changed(1, [](ArchivePiece* p) { p->set_item("../../etc/passwd"); }),
       "ARCHIVE_INVALID"},
      {"other bytes", changed(1, [](ArchivePiece* p) { (*p->mutable_content())[7] ^= 1; }),
       "DOCUMENT_OTHER_CONTENT"},
      {"a type that lies",
       changed(0, [](ArchivePiece* p) { p->mutable_content()->replace(0, 4, "MZ\x90\x03"); }),
       "DOCUMENT_TYPE_LIES"},
      {"cut off", with(1, good[1].substr(0, good[1].size() - 1)), "ARCHIVE_DAMAGED"},
      {"flipped", with(1, flipped), "ARCHIVE_DAMAGED"},
      {"followed by something", with(1, good[1] + '\0'), "ARCHIVE_DAMAGED"},
      {"no message at all", with(1, std::string(1000, '\x30')), "ARCHIVE_DAMAGED"},
      {"the archive itself", with(1, file_.content()), "ARCHIVE_DAMAGED"},
      {"of a newer form", with(1, Packed("zuid", "noord", "knooppunt-handover-archive-piece-v7\n")),
       "ARCHIVE_VERSION"},
      {"too large", with(1, std::string(handover::kMaxPackedPieceBytes + 1, 'x')),
       "ARCHIVE_TOO_LARGE"},
  };
  const int64_t stored = Stored();
  for (const Harm& harm : harms) {
    SCOPED_TRACE(harm.what);
    absl::Status refused;
    const auto records =
        RecordsOf(b_, "dossier", [&] { refused = Take(Here(0), harm.pieces).status(); });
    EXPECT_EQ(base::ReasonOf(refused), harm.reason);
    // One of each message that came, the refused one last; the end of the stream is one too.
    const bool at_end = base::ReasonOf(refused) == "UPLOAD_CUT_OFF" ||
                        base::ReasonOf(refused) == "DOCUMENT_OTHER_CONTENT";
    EXPECT_EQ(records.size(), at_end ? harm.pieces.size() + 2 : sent_);
    EXPECT_EQ(Stored(), stored);
    EXPECT_EQ(Read(Here(0)).state(), documents::v1::DOCUMENT_STATE_AWAITED);
  }
  std::printf("%zu kinds of damage, each refused\n", harms.size());
  ASSERT_OK(Take(Here(0), good));
  ASSERT_OK(faults::VerifyWholeLog(b_).status());
}

TEST_F(PiecesTest, R28AMessageHoldsAPieceAndNothingElse) {
  TakeCase();
  const Pieces good = ExportAll(file_.apart(0).item());
  const int64_t stored = Stored();
  std::vector<archive::v1::ImportDocumentRequest> messages(2);
  messages[0].set_piece(good[0]);
  messages[1].set_piece(good[1]);
  messages[1].set_document(Here(0));
  EXPECT_THAT(Send(iris_, Here(0), messages),
              Fails(StatusCode::kInvalidArgument, "PIECE_OUT_OF_PLACE"));
  // In the first message there is none.
  archive::v1::ImportDocumentRequest first;
  Document answer;
  const auto all_at_once = [&]() -> absl::StatusOr<bool> {
    first.set_name(imported_);
    first.set_document(Here(0));
    first.set_request_id(b_.RequestId());
    first.set_piece(good[0]);
    return true;
  };
  EXPECT_THAT(
      b_.Send(iris_, absl::StrCat(kArchive, "ImportDocument"), &first, all_at_once, &answer),
      Fails(StatusCode::kInvalidArgument, "PIECE_OUT_OF_PLACE"));
  // What is no document of this handover is not there, for who may see the handover too.
  for (const std::string& none : {std::string(), taken_.case_(), taken_.case_() + "/documents/d-x",
                                  Here(0) + "/versions/1"}) {
    EXPECT_THAT(Send(iris_, none, messages), Fails(StatusCode::kNotFound, "NOT_FOUND")) << none;
  }
  EXPECT_EQ(Stored(), stored);
}

TEST_F(PiecesTest, R13AnExportStopsAtTheNextPieceOnceConsentIsWithdrawn) {
  papers_[1].size_bytes = 5 * kMiB;
  TwoInstallationsTest::Send();
  Pieces pieces;
  const int64_t before = a_.database("dossier").position();
  EXPECT_THAT(
      Export(file_.apart(0).item(), &pieces,
             [&](int n) { return n == 2 ? a_.Withdraw(consent_, a_.father) : absl::OkStatus(); }),
      Fails(StatusCode::kFailedPrecondition, "R28_NO_CONSENT"));
  EXPECT_THAT(pieces, SizeIs(2));
  // Two pieces, the withdrawal, and the refusal of the third.
  EXPECT_THAT(RecordsAfter(a_, "dossier", before), SizeIs(4));
}

TEST_F(PiecesTest, R26AnExportStopsOnceTheHandoverIsWithdrawn) {
  papers_[1].size_bytes = 4 * kMiB;
  TwoInstallationsTest::Send();
  Pieces pieces;
  const auto withdraw = [&] {
    handover::v1::HandoverActRequest act;
    act.set_name(handover_);
    act.set_note("Toch een andere school.");
    handover::v1::Handover answer;
    return a_.Call(a_.ib, absl::StrCat(kHandover, "WithdrawHandover"), act, &answer);
  };
  EXPECT_THAT(Export(file_.apart(0).item(), &pieces,
                     [&](int n) { return n == 1 ? withdraw() : absl::OkStatus(); }),
              Fails(StatusCode::kFailedPrecondition, "FORBIDDEN_TRANSITION"));
  EXPECT_THAT(pieces, SizeIs(1));
}

TEST_F(PiecesTest, R28OnlyADocumentOfTheHandoverIsExported) {
  TwoInstallationsTest::Send();
  const auto left_out = Upload(a_, a_.ib, {.title = "Niet gekozen", .seed = 'z'});
  ASSERT_OK(left_out);
  Pieces pieces;
  for (const std::string& item :
       {std::string(), a_.case_name, left_out->versions(0).name(), std::string("../../etc")}) {
    const absl::Status refused = Export(item, &pieces);
    EXPECT_THAT(refused, Fails(StatusCode::kInvalidArgument, "R28_NOT_A_PART")) << item;
  }
  EXPECT_THAT(pieces, SizeIs(0));
  // Nobody else at the table exports, nor the family.
  archive::v1::ExportDocumentRequest request;
  request.set_name(handover_);
  request.set_item(file_.apart(0).item());
  archive::v1::ExportDocumentResponse response;
  for (const Caller& who : {a_.nurse, a_.mother, a_.stranger}) {
    EXPECT_THAT(a_.Receive(who, absl::StrCat(kArchive, "ExportDocument"), request, &response,
                           [] { return absl::InternalError("a piece came"); }),
                Refused());
  }
}

TEST_F(PiecesTest, R26R27WhatWasReturnedOrWithdrawnTakesNothingIn) {
  papers_.push_back({.title = "Ander verslag", .size_bytes = 2 * kMiB, .seed = 'd'});
  TakeCase();
  const Pieces first = ExportAll(file_.apart(0).item());
  const Pieces second = ExportAll(file_.apart(1).item());
  // Henk has no seat there: to him it is not there.
  EXPECT_THAT(Send(henk_.For(common::v1::PURPOSE_COORDINATION), Here(0), {}).status(),
              ::testing::Not(::testing::Truly([](const absl::Status& s) { return s.ok(); })));
  documents::v1::WithdrawDocumentRequest withdraw;
  withdraw.set_name(Here(0));
  withdraw.set_reason("Is niet van Sem.");
  Document answer;
  ASSERT_OK(b_.Call(iris_.For(common::v1::PURPOSE_COORDINATION),
                    "documents.v1.DocumentService/WithdrawDocument", withdraw, &answer));
  EXPECT_EQ(answer.state(), documents::v1::DOCUMENT_STATE_WITHDRAWN);
  const int64_t stored = Stored();
  EXPECT_THAT(Take(Here(0), first), Fails(StatusCode::kFailedPrecondition, "DOCUMENT_WITHDRAWN"));
  // In the middle of it: the next message is refused, and nothing of it stays.
  before_message_ = [&](size_t n) -> absl::Status {
    if (n != 2) return absl::OkStatus();
    archive::v1::ReturnImportRequest give_back;
    give_back.set_name(imported_);
    give_back.set_reason("Geen plaats.");
    handover::v1::Handover returned;
    return b_.Call(iris_, absl::StrCat(kArchive, "ReturnImport"), give_back, &returned);
  };
  EXPECT_THAT(Take(Here(1), second),
              Fails(StatusCode::kFailedPrecondition, "FORBIDDEN_TRANSITION"));
  EXPECT_EQ(sent_, 3U);             // the opening, a piece, and the one that was refused
  EXPECT_EQ(Stored(), stored + 1);  // how it closed
}

TEST_F(PiecesTest, R26AfterItsDateNothingIsExportedOrTakenIn) {
  TakeCase();
  const Pieces pieces = ExportAll(file_.apart(0).item());
  a_.clock().Advance(absl::Hours(24 * 61));
  b_.clock().Advance(absl::Hours(24 * 61));
  Pieces none;
  EXPECT_THAT(Export(file_.apart(0).item(), &none),
              Fails(StatusCode::kFailedPrecondition, "HANDOVER_EXPIRED"));
  EXPECT_THAT(Take(Here(0), pieces), Fails(StatusCode::kFailedPrecondition, "HANDOVER_EXPIRED"));
  // What was received in time is known over here, though the receipt comes late.
  WriteReceipt();
  ASSERT_OK(TakeReceipt());
}

// doc/handover-archive.md: with nothing but openssl.
TEST_F(PiecesTest, R28TheOpensslCommandFindsAndOpensAPiece) {
  TwoInstallationsTest::Send();
  const Pieces pieces = ExportAll(file_.apart(0).item());
  crypto::testing::WriteAll(Path("casus.cms"),
                            absl::StrCat(file_.content(), absl::StrJoin(pieces, "")));
  crypto::testing::RunOrDie(absl::StrCat(
      "cd ", files_,
      " && begin=$(openssl asn1parse -inform DER -in casus.cms | grep 'd=0' | sed -n 3p | cut -d: "
      "-f1) && tail -c +$((begin + 1)) casus.cms | openssl cms -decrypt -binary -inform DER -recip "
      "noord.crt -inkey noord.key -out getekend.cms && openssl cms -verify -binary -inform DER -in "
      "getekend.cms -certfile zuid.crt -nointern -noverify -out inhoud 2>/dev/null && test "
      "\"$(head -n 1 inhoud)\" = knooppunt-handover-archive-piece-v1"));
  const std::string content = crypto::testing::ReadAll(Path("inhoud"));
  ArchivePiece piece;
  ASSERT_TRUE(piece.ParseFromString(content.substr(content.find('\n') + 1)));
  EXPECT_TRUE(piece.last());
  EXPECT_EQ(piece.content(), papers_[1].Part(kMiB, kMiB));
}

// Bytes that this process, both servers and the client in one, has in use.
int64_t InUse() {
  const struct mallinfo2 info = mallinfo2();
  return static_cast<int64_t>(info.uordblks + info.hblkhd);
}

// What is on its way stands in a file here too, as it would at a client.
TEST_F(PiecesTest, R28MemoryDoesNotGrowWithTheSizeOfADocument) {
  papers_ = {{.title = "Eerst", .size_bytes = 20 * kMiB, .seed = 'b'},
             {.title = "Dan", .size_bytes = limits::kMaxDocumentBytes, .seed = 'c'}};
  TakeCase();
  int64_t most = 0;
  const auto over = [&](int i) {
    std::vector<std::streamsize> sizes;
    archive::v1::ExportDocumentRequest out;
    out.set_name(handover_);
    out.set_item(file_.apart(i).item());
    archive::v1::ExportDocumentResponse response;
    std::ofstream written(Path("stukken.cms"), std::ios::binary);
    const auto start = std::chrono::steady_clock::now();
    ASSERT_OK(a_.Receive(a_.ib, absl::StrCat(kArchive, "ExportDocument"), out, &response, [&] {
      written << response.piece();
      sizes.push_back(static_cast<std::streamsize>(response.piece().size()));
      most = std::max(most, InUse());
      return absl::OkStatus();
    }));
    written.close();
    const auto middle = std::chrono::steady_clock::now();
    std::ifstream read(Path("stukken.cms"), std::ios::binary);
    archive::v1::ImportDocumentRequest message;
    Document answer;
    size_t n = 0;
    const auto next = [&]() -> absl::StatusOr<bool> {
      most = std::max(most, InUse());
      message.Clear();
      if (n == 0) {
        message.set_name(imported_);
        message.set_document(Here(i));
        message.set_request_id(b_.RequestId());
      } else if (n <= sizes.size()) {
        message.mutable_piece()->resize(static_cast<size_t>(sizes[n - 1]));
        read.read(message.mutable_piece()->data(), sizes[n - 1]);
      }
      return n++ <= sizes.size();
    };
    ASSERT_OK(b_.Send(iris_, absl::StrCat(kArchive, "ImportDocument"), &message, next, &answer));
    const auto end = std::chrono::steady_clock::now();
    std::printf("%zu MiB: out in %.2f s, in in %.2f s; %.1f MB in use at most\n", sizes.size(),
                std::chrono::duration<double>(middle - start).count(),
                std::chrono::duration<double>(end - middle).count(),
                static_cast<double>(most) / 1e6);
    EXPECT_TRUE(
        Download(b_, iris_.For(common::v1::PURPOSE_COORDINATION), Here(i), PaperOf(i)).same);
  };
  // The caches of the store fill with whatever comes first; what counts is what comes on top.
  const int first = file_.apart(0).title() == "Eerst" ? 0 : 1;
  over(first);
  const int64_t usual = most;
  over(1 - first);
  EXPECT_LT(most - usual, 12 * kMiB);
}

}  // namespace
}  // namespace knooppunt::integration
