// Documents in a whole region: streamed, decided for each part, sealed, and whole or not there.
#include <malloc.h>

#include <filesystem>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "tests/integration/documents_testing.h"
#include "tests/integration/region_testing.h"

namespace knooppunt::integration {
namespace {

using absl::StatusCode;
using documents::v1::Document;

constexpr char kService[] = "documents.v1.DocumentService/";

class DocumentsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(region_.Start());
    region_.Furnish();
  }

  absl::StatusOr<Document> Get(const Caller& who, const std::string& name) {
    documents::v1::GetDocumentRequest request;
    request.set_name(name);
    Document answer;
    KP_RETURN_IF_ERROR(region_.Call(who, absl::StrCat(kService, "GetDocument"), request, &answer));
    return answer;
  }
  absl::StatusOr<documents::v1::ListDocumentsResponse> List(const Caller& who, int page_size = 0,
                                                            const std::string& token = "") {
    documents::v1::ListDocumentsRequest request;
    request.set_parent(region_.case_name);
    request.set_page_size(page_size);
    request.set_page_token(token);
    documents::v1::ListDocumentsResponse answer;
    KP_RETURN_IF_ERROR(
        region_.Call(who, absl::StrCat(kService, "ListDocuments"), request, &answer));
    return answer;
  }
  absl::StatusOr<Document> Withdraw(const Caller& who, const std::string& name,
                                    const std::string& etag = "") {
    documents::v1::WithdrawDocumentRequest request;
    request.set_name(name);
    request.set_reason("Hoort bij een ander kind.");
    request.set_etag(etag);
    Document answer;
    KP_RETURN_IF_ERROR(
        region_.Call(who, absl::StrCat(kService, "WithdrawDocument"), request, &answer));
    return answer;
  }
  int64_t Count(const std::string& sql) {
    int64_t n = -1;
    // Behind all that was submitted before.
    Execute("DELETE FROM document_row WHERE 0");
    EXPECT_OK(region_.database("dossier").Read([&](storage::ReadTx& tx) {
      return tx.Query(sql, {}, [&](const storage::Row& row) {
        n = row.Int(0);
        return absl::OkStatus();
      });
    }));
    return n;
  }
  int64_t Rows() { return Count("SELECT count(*) FROM document_row"); }
  int64_t Contents() { return Count("SELECT count(*) FROM document_content"); }
  // What somebody with the unit's key can do to its file.
  void Execute(const std::string& sql) {
    EXPECT_OK(region_.database("dossier")
                  .Write([&](storage::WriteTx& tx) { return tx.Exec(sql, {}).status(); })
                  .status());
  }

  Region region_;
};

TEST_F(DocumentsTest, ComesBackByteForByte) {
  for (const int64_t size : {int64_t{9}, kMiB - 1, kMiB, kMiB + 1, 3 * kMiB + kMiB / 2}) {
    const Paper paper{.size_bytes = size};
    ASSERT_OK_AND_ASSIGN(const Document added, Upload(region_, region_.ib, paper));
    EXPECT_EQ(added.title(), paper.title);
    ASSERT_EQ(added.versions_size(), 1);
    EXPECT_EQ(added.versions(0).size_bytes(), size);
    EXPECT_EQ(added.versions(0).media_type(), "application/pdf");
    EXPECT_EQ(added.versions(0).sha256(), paper.Sha256());
    EXPECT_EQ(added.versions(0).author(), region_.ib.claims.subject());
    EXPECT_EQ(added.label().controller(), "organisations/mosalira");
    const Downloaded read = Download(region_, region_.ib, added.name(), paper);
    EXPECT_OK(read.status);
    EXPECT_EQ(read.bytes, size);
    EXPECT_EQ(read.chunks, (size + kMiB - 1) / kMiB);
    EXPECT_TRUE(read.same);
    EXPECT_EQ(read.version.name(), added.versions(0).name());
  }
}

TEST_F(DocumentsTest, R22EveryPartThatIsReadOrWrittenLeavesItsRecord) {
  const Paper paper{.size_bytes = 3 * kMiB};
  Document added;
  const auto written = RecordsOf(
      region_, "dossier", [&] { ASSERT_OK_AND_ASSIGN(added, Upload(region_, region_.ib, paper)); });
  EXPECT_EQ(written.size(), 5u);  // the opening, three parts, the end
  const int64_t before = region_.database("dossier").position();
  const Downloaded read = Download(region_, region_.ib, added.name(), paper, [&](int n) {
    // P5: when a part is here, its record is there.
    EXPECT_EQ(RecordsAfter(region_, "dossier", before).size(), static_cast<size_t>(n));
    return absl::OkStatus();
  });
  EXPECT_OK(read.status);
  EXPECT_EQ(RecordsAfter(region_, "dossier", before).size(), 3u);
}

TEST_F(DocumentsTest, R13ADownloadStopsAtTheNextPartOnceConsentIsWithdrawn) {
  const std::string consent = region_.SeatTheNurse();
  const Paper paper{.size_bytes = 5 * kMiB};
  ASSERT_OK_AND_ASSIGN(const Document added, Upload(region_, region_.ib, paper));
  EXPECT_OK(Download(region_, region_.nurse, added.name(), paper).status);
  const int64_t before = region_.database("dossier").position();
  const Downloaded read = Download(region_, region_.nurse, added.name(), paper, [&](int n) {
    return n == 2 ? region_.Withdraw(consent, region_.father) : absl::OkStatus();
  });
  EXPECT_THAT(read.status, Refused());
  EXPECT_EQ(read.chunks, 2);
  EXPECT_TRUE(read.same);
  // Two parts, the withdrawal, and the refusal of the third.
  EXPECT_EQ(RecordsAfter(region_, "dossier", before).size(), 4u);
  EXPECT_EQ(Download(region_, region_.nurse, added.name(), paper).chunks, 0);
  EXPECT_OK(Download(region_, region_.ib, added.name(), paper).status);
}

TEST_F(DocumentsTest, R13AnUploadStopsOnceConsentIsWithdrawnAndLeavesNothing) {
  const std::string consent = region_.SeatTheNurse();
  const Paper paper{.size_bytes = 4 * kMiB,
                    .compartment = common::v1::COMPARTMENT_HEALTH,
                    .regime = common::v1::REGIME_HEALTH};
  const auto added = Upload(region_, region_.nurse, paper, [&](int n) {
    return n == 3 ? region_.Withdraw(consent, region_.mother) : absl::OkStatus();
  });
  EXPECT_THAT(added, Refused());
  EXPECT_EQ(Rows(), 0);
  EXPECT_EQ(Contents(), 0);
}

TEST_F(DocumentsTest, AnUploadThatIsCutOffLeavesNothingAndShowsNothing) {
  const Paper paper{.size_bytes = 3 * kMiB};
  const auto cut = Upload(region_, region_.ib, paper, [&](int n) {
    if (n < 3) return absl::OkStatus();
    // Half of it is stored, and nobody sees it.
    EXPECT_EQ(Rows(), 8);
    EXPECT_EQ(List(region_.ib)->documents_size(), 0);
    return absl::CancelledError("the line went dead");
  });
  EXPECT_TRUE(absl::IsCancelled(cut.status()));
  EXPECT_EQ(Rows(), 0);
  EXPECT_EQ(Contents(), 0);
  // An end that comes too early is no end.
  const auto early = UploadChunks(region_, region_.ib, Opening(region_, paper),
                                  [&](int n) { return n < 2 ? paper.Part(n * kMiB, kMiB) : ""; });
  EXPECT_THAT(early, Fails(StatusCode::kInvalidArgument, "UPLOAD_CUT_OFF"));
  EXPECT_EQ(Rows(), 0);
  EXPECT_EQ(List(region_.ib)->documents_size(), 0);
}

TEST_F(DocumentsTest, WhatACrashLeftOfAnUploadGoesWhenTheUnitOpensAgain) {
  ASSERT_OK(Upload(region_, region_.ib, {}).status());
  Execute(
      "INSERT INTO document_content (id, family, scope, begin_time, complete) "
      "VALUES ('content-left', 'f', 's', 1795168800, 0)");
  Execute("INSERT INTO document_row (content, place, sealed) VALUES ('content-left', 0, x'00')");
  ASSERT_EQ(Contents(), 2);
  ASSERT_OK(region_.Start());
  EXPECT_EQ(Contents(), 1);
  EXPECT_EQ(Rows(), 1);
  EXPECT_EQ(List(region_.ib)->documents_size(), 1);
}

TEST_F(DocumentsTest, AFileThatLiesAboutItsTypeIsRefused) {
  const auto add = [&](const std::string& media_type, const std::string& head) {
    return Upload(region_, region_.ib, {.media_type = media_type, .head = head}).status();
  };
  EXPECT_THAT(add("application/pdf", "MZ\x90 a program"),
              Fails(StatusCode::kInvalidArgument, "DOCUMENT_TYPE_LIES"));
  EXPECT_THAT(add("text/plain", "%PDF-1.7\n"),
              Fails(StatusCode::kInvalidArgument, "DOCUMENT_TYPE_LIES"));
  EXPECT_THAT(add("text/plain", "<!DOCTYPE html><html><script>"),
              Fails(StatusCode::kInvalidArgument, "DOCUMENT_TYPE_LIES"));
  EXPECT_THAT(add("image/png", "\xff\xd8\xff\xe0"),
              Fails(StatusCode::kInvalidArgument, "DOCUMENT_TYPE_LIES"));
  EXPECT_THAT(add("text/html", "<!DOCTYPE html>"),
              Fails(StatusCode::kInvalidArgument, "DOCUMENT_TYPE_NOT_ALLOWED"));
  EXPECT_THAT(add("", "%PDF-1.7\n"),
              Fails(StatusCode::kInvalidArgument, "DOCUMENT_TYPE_NOT_ALLOWED"));
  EXPECT_OK(add("text/plain", "Sem slaapt beter, zegt zijn moeder.\n"));
  EXPECT_EQ(List(region_.ib)->documents_size(), 1);
  EXPECT_EQ(Contents(), 1);
}

TEST_F(DocumentsTest, ATextIsTextToItsLastByte) {
  Paper paper{.media_type = "text/plain", .head = "Een lang verhaal.\n", .size_bytes = 2 * kMiB};
  paper.with_sha256 = false;
  const auto send = [&](const std::string& last) {
    Paper sized = paper;
    sized.size_bytes = kMiB + static_cast<int64_t>(last.size());
    return UploadChunks(region_, region_.ib, Opening(region_, sized),
                        [&, last](int n) {
                          if (n > 1) return std::string();
                          return n == 0 ? sized.Part(0, kMiB) : last;
                        })
        .status();
  };
  EXPECT_THAT(send(std::string("nul \0 byte", 10)),
              Fails(StatusCode::kInvalidArgument, "DOCUMENT_NOT_TEXT"));
  EXPECT_THAT(send("half a letter \xc3"), Fails(StatusCode::kInvalidArgument, "DOCUMENT_NOT_TEXT"));
  EXPECT_OK(send("een hele letter \xc3\xab"));
}

TEST_F(DocumentsTest, TheBoundOfFiftyMegabytesHolds) {
  Paper paper{.size_bytes = limits::kMaxDocumentBytes + 1};
  paper.with_sha256 = false;
  EXPECT_THAT(Upload(region_, region_.ib, paper),
              Fails(StatusCode::kInvalidArgument, "DOCUMENT_SIZE"));
  paper.size_bytes = 0;
  EXPECT_THAT(Upload(region_, region_.ib, paper),
              Fails(StatusCode::kInvalidArgument, "DOCUMENT_SIZE"));
  // More than was announced is refused where it begins to be more.
  paper.size_bytes = kMiB + 10;
  const auto more = UploadChunks(region_, region_.ib, Opening(region_, paper), [&](int n) {
    return n < 3 ? std::string(kMiB, 'x').replace(0, 9, "%PDF-1.7\n") : "";
  });
  EXPECT_THAT(more, Fails(StatusCode::kInvalidArgument, "NOT_THE_NEXT_CHUNK"));
  // So is less: else the log could be filled a byte at a time.
  const auto less = UploadChunks(region_, region_.ib, Opening(region_, paper),
                                 [](int n) { return n < 2 ? "%PDF-1.7\n" : ""; });
  EXPECT_THAT(less, Fails(StatusCode::kInvalidArgument, "NOT_THE_NEXT_CHUNK"));
  EXPECT_EQ(Contents(), 0);
}

// Bytes that this process, server and client in one, has in use.
int64_t InUse() {
  const struct mallinfo2 info = mallinfo2();
  return static_cast<int64_t>(info.uordblks + info.hblkhd);
}

TEST_F(DocumentsTest, MemoryDoesNotGrowWithTheSizeOfADocument) {
  Paper paper{.size_bytes = limits::kMaxDocumentBytes};
  paper.with_sha256 = false;
  int64_t most = 0;
  const auto watch = [&](int) {
    most = std::max(most, InUse());
    return absl::OkStatus();
  };
  // The caches of the store fill with whatever comes first; what counts is what comes on top.
  const Paper first{.size_bytes = 24 * kMiB};
  ASSERT_OK_AND_ASSIGN(const Document before, Upload(region_, region_.ib, first, watch));
  ASSERT_OK(Download(region_, region_.ib, before.name(), first, watch).status);
  const int64_t usual = most;
  ASSERT_OK_AND_ASSIGN(const Document added, Upload(region_, region_.ib, paper, watch));
  const Downloaded read = Download(region_, region_.ib, added.name(), paper, watch);
  EXPECT_OK(read.status);
  EXPECT_TRUE(read.same);
  EXPECT_EQ(read.bytes, limits::kMaxDocumentBytes);
  // Twice as much went by, and no more of it was held.
  EXPECT_LT(most - usual, 12 * kMiB);
}

TEST_F(DocumentsTest, ANewVersionKeepsTheOld) {
  const Paper first{.size_bytes = 2 * kMiB};
  ASSERT_OK_AND_ASSIGN(const Document added, Upload(region_, region_.ib, first));
  Paper second{.title = "", .size_bytes = kMiB + 5, .seed = 'q', .name = added.name()};
  ASSERT_OK_AND_ASSIGN(const Document both, Upload(region_, region_.ib, second));
  EXPECT_EQ(both.name(), added.name());
  EXPECT_EQ(both.title(), added.title());
  ASSERT_EQ(both.versions_size(), 2);
  EXPECT_NE(both.etag(), added.etag());
  EXPECT_TRUE(Download(region_, region_.ib, added.name(), second).same);
  EXPECT_TRUE(Download(region_, region_.ib, both.versions(0).name(), first).same);
  EXPECT_TRUE(Download(region_, region_.ib, both.versions(1).name(), second).same);
  EXPECT_THAT(Download(region_, region_.ib, added.name() + "/versions/3", first).status,
              Fails(StatusCode::kNotFound, "NOT_FOUND"));
  // A version upon what is not the newest any more.
  second.etag = added.etag();
  EXPECT_THAT(Upload(region_, region_.ib, second),
              Fails(StatusCode::kAborted, "CHANGED_MEANWHILE"));
  second.etag = both.etag();
  EXPECT_OK(Upload(region_, region_.ib, second).status());
  // A list shows the newest alone.
  ASSERT_OK_AND_ASSIGN(const auto list, List(region_.ib));
  ASSERT_EQ(list.documents_size(), 1);
  ASSERT_EQ(list.documents(0).versions_size(), 1);
  EXPECT_EQ(list.documents(0).versions(0).name(), added.name() + "/versions/3");
}

TEST_F(DocumentsTest, ADownloadUnderWayStaysWithItsVersion) {
  const Paper first{.size_bytes = 3 * kMiB};
  ASSERT_OK_AND_ASSIGN(const Document added, Upload(region_, region_.ib, first));
  const Paper second{.size_bytes = 3 * kMiB, .seed = 'q', .name = added.name()};
  const Downloaded read = Download(region_, region_.ib, added.name(), first, [&](int n) {
    return n == 1 ? Upload(region_, region_.ib, second).status() : absl::OkStatus();
  });
  EXPECT_OK(read.status);
  EXPECT_TRUE(read.same);
  EXPECT_EQ(read.version.name(), added.name() + "/versions/1");
}

TEST_F(DocumentsTest, ADownloadGoesOnWhereItStopped) {
  const Paper paper{.size_bytes = 3 * kMiB + 7};
  ASSERT_OK_AND_ASSIGN(const Document added, Upload(region_, region_.ib, paper));
  const auto none = [](int) { return absl::OkStatus(); };
  const Downloaded rest = Download(region_, region_.ib, added.name(), paper, none, 2 * kMiB);
  EXPECT_OK(rest.status);
  EXPECT_TRUE(rest.same);
  EXPECT_EQ(rest.bytes, kMiB + 7);
  for (const int64_t offset : {int64_t{-1}, int64_t{5}, 4 * kMiB}) {
    EXPECT_THAT(Download(region_, region_.ib, added.name(), paper, none, offset).status,
                Fails(StatusCode::kInvalidArgument, "OFFSET_NOT_ALLOWED"));
  }
}

TEST_F(DocumentsTest, R38WhoAnswersForADocumentWithdrawsItAndNobodyElse) {
  region_.SeatTheNurse();
  const Paper paper{.size_bytes = 2 * kMiB};
  ASSERT_OK_AND_ASSIGN(const Document added, Upload(region_, region_.ib, paper));
  EXPECT_THAT(Withdraw(region_.nurse, added.name()),
              Fails(StatusCode::kPermissionDenied, "NOT_YOUR_DOCUMENT"));
  EXPECT_THAT(Withdraw(region_.mother, added.name()),
              Fails(StatusCode::kPermissionDenied, "NOT_YOUR_DOCUMENT"));
  const Paper version{.name = added.name()};
  EXPECT_THAT(Upload(region_, region_.nurse, version),
              Fails(StatusCode::kPermissionDenied, "NOT_YOUR_DOCUMENT"));
  EXPECT_THAT(Withdraw(region_.ib, added.name(), "old"),
              Fails(StatusCode::kAborted, "CHANGED_MEANWHILE"));
  ASSERT_OK_AND_ASSIGN(const Document gone, Withdraw(region_.ib, added.name(), added.etag()));
  EXPECT_EQ(gone.state(), documents::v1::DOCUMENT_STATE_WITHDRAWN);
  EXPECT_EQ(gone.withdrawn_by(), region_.ib.claims.subject());
  EXPECT_THAT(Download(region_, region_.ib, added.name(), paper).status,
              Fails(StatusCode::kFailedPrecondition, "DOCUMENT_WITHDRAWN"));
  EXPECT_THAT(Upload(region_, region_.ib, version),
              Fails(StatusCode::kFailedPrecondition, "DOCUMENT_WITHDRAWN"));
  EXPECT_THAT(Withdraw(region_.ib, added.name()),
              Fails(StatusCode::kFailedPrecondition, "DOCUMENT_WITHDRAWN"));
  EXPECT_EQ(Get(region_.ib, added.name())->withdraw_reason(), "Hoort bij een ander kind.");
}

TEST_F(DocumentsTest, ADownloadStopsOnceItsDocumentIsWithdrawn) {
  const Paper paper{.size_bytes = 3 * kMiB};
  ASSERT_OK_AND_ASSIGN(const Document added, Upload(region_, region_.ib, paper));
  const Downloaded read = Download(region_, region_.ib, added.name(), paper, [&](int n) {
    return n == 1 ? Withdraw(region_.ib, added.name()).status() : absl::OkStatus();
  });
  EXPECT_THAT(read.status, Fails(StatusCode::kFailedPrecondition, "DOCUMENT_WITHDRAWN"));
  EXPECT_EQ(read.chunks, 1);
}

TEST_F(DocumentsTest, R9AParentAddsAndWithdrawsTheirOwn) {
  const Paper paper{.title = "Brief aan de school", .size_bytes = 2000};
  ASSERT_OK_AND_ASSIGN(const Document added, Upload(region_, region_.mother, paper));
  EXPECT_EQ(added.versions(0).author(),
            absl::StrCat("families/", region_.family, "/persons/", region_.mother_id));
  EXPECT_TRUE(Download(region_, region_.ib, added.name(), paper).same);
  EXPECT_TRUE(Download(region_, region_.father, added.name(), paper).same);
  // R18: what is about the child, both read; who wrote it only who may see her.
  EXPECT_EQ(Get(region_.father, added.name())->versions(0).author(),
            absl::StrCat("families/", region_.family));
  const Paper version{.name = added.name()};
  EXPECT_THAT(Upload(region_, region_.father, version),
              Fails(StatusCode::kPermissionDenied, "NOT_YOUR_DOCUMENT"));
  EXPECT_OK(Withdraw(region_.mother, added.name()).status());
}

TEST_F(DocumentsTest, R18WhatOneMayNotSeeIsAsIfItWereNotThere) {
  // About the mother: the father sees nothing of it.
  const Paper paper{.size_bytes = kMiB, .about = region_.mother_id};
  ASSERT_OK_AND_ASSIGN(const Document hers, Upload(region_, region_.ib, paper));
  ASSERT_OK_AND_ASSIGN(const Document childs, Upload(region_, region_.ib, {}));
  const std::string nowhere = region_.case_name + "/documents/document-aaaaaaaaaaaaaaaaaaaa";
  // It reads the outbox in its own time, which would be counted with a call's work.
  region_.process().host("dossier")->shipper().Stop(absl::Seconds(20));
  using Act = std::function<absl::Status(const std::string& name)>;
  const auto work = [&](const Act& act, const std::string& name, absl::Status* status) {
    const auto before = region_.database("dossier").counters();
    *status = act(name);
    const auto after = region_.database("dossier").counters();
    return std::make_tuple(after.reads - before.reads, after.statements - before.statements,
                           after.units_of_work - before.units_of_work);
  };
  const auto expect_same = [&](const std::string& what, const Act& act) {
    absl::Status theirs, none;
    bool same_work = false;
    // Others of this process pass by: work tells only when it differs every time.
    for (int round = 0; round < 5 && !same_work; ++round) {
      same_work = work(act, hers.name(), &theirs) == work(act, nowhere, &none);
      EXPECT_EQ(theirs, none) << what;
    }
    EXPECT_TRUE(same_work) << what;
    return theirs;
  };
  const auto same = [&](const Caller& who) {
    expect_same("read", [&](const std::string& name) {
      return Download(region_, who, name, paper).status;
    }).IgnoreError();
    expect_same("read a version", [&](const std::string& name) {
      return Download(region_, who, name + "/versions/1", paper).status;
    }).IgnoreError();
    expect_same("withdraw", [&](const std::string& name) {
      return Withdraw(who, name).status();
    }).IgnoreError();
    expect_same("add a version", [&](const std::string& name) {
      return Upload(region_, who, {.name = name}).status();
    }).IgnoreError();
    return expect_same("get", [&](const std::string& name) { return Get(who, name).status(); });
  };
  EXPECT_THAT(same(region_.father), Fails(StatusCode::kNotFound, "NOT_FOUND"));
  EXPECT_THAT(same(region_.stranger), Refused());
  ASSERT_OK_AND_ASSIGN(const auto list, List(region_.father));
  ASSERT_EQ(list.documents_size(), 1);
  EXPECT_EQ(list.documents(0).name(), childs.name());
  EXPECT_EQ(List(region_.mother)->documents_size(), 2);
}

TEST_F(DocumentsTest, P4PagesHoldWhatTheCallerSeesAndNothingElse) {
  std::vector<std::string> childs;
  for (int i = 0; i < 5; ++i) {
    childs.push_back(Upload(region_, region_.ib, {})->name());
    ASSERT_OK(Upload(region_, region_.ib, {.about = region_.mother_id}).status());
  }
  std::vector<std::string> seen;
  std::string token;
  int pages = 0;
  do {
    ASSERT_OK_AND_ASSIGN(const auto page, List(region_.father, 2, token));
    EXPECT_LE(page.documents_size(), 2);
    for (const Document& d : page.documents()) {
      EXPECT_EQ(d.etag(), Get(region_.father, d.name())->etag());
      seen.push_back(d.name());
    }
    token = page.next_page_token();
  } while (!token.empty() && ++pages < 10);
  EXPECT_EQ(seen, childs);
  EXPECT_THAT(List(region_.father, 2, "nonsense!"),
              Fails(StatusCode::kInvalidArgument, "INVALID_FIELD"));
  EXPECT_THAT(List(region_.father, -1), Fails(StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

TEST_F(DocumentsTest, R18RepeatingAnUploadAnswersItsNameAndNoContent) {
  Paper paper{.size_bytes = 2 * kMiB};
  paper.request_id = region_.RequestId();
  ASSERT_OK_AND_ASSIGN(const Document added, Upload(region_, region_.ib, paper));
  int sent = 0;
  ASSERT_OK_AND_ASSIGN(const Document again, Upload(region_, region_.ib, paper, [&](int) {
                         ++sent;
                         return absl::OkStatus();
                       }));
  EXPECT_EQ(again.name(), added.name());
  EXPECT_TRUE(again.title().empty());
  EXPECT_EQ(sent, 1);
  EXPECT_EQ(Contents(), 1);
  paper.title = "Iets anders";
  EXPECT_THAT(Upload(region_, region_.ib, paper),
              Fails(StatusCode::kInvalidArgument, "REQUEST_ID_REUSED"));
}

TEST_F(DocumentsTest, AContentThatIsNotWhatItsHashSaysIsRefused) {
  const Paper paper{.size_bytes = kMiB};
  documents::v1::UploadDocumentRequest opening = Opening(region_, paper);
  opening.set_sha256(std::string(64, '0'));
  EXPECT_THAT(
      UploadChunks(region_, region_.ib, opening, [&](int n) { return paper.Part(n * kMiB, kMiB); }),
      Fails(StatusCode::kInvalidArgument, "DOCUMENT_OTHER_CONTENT"));
  opening.set_sha256("nonsense");
  EXPECT_THAT(UploadChunks(region_, region_.ib, opening, [](int) { return ""; }),
              Fails(StatusCode::kInvalidArgument, "INVALID_FIELD"));
  EXPECT_EQ(Contents(), 0);
}

TEST_F(DocumentsTest, R38WithoutALabelNothingIsStored) {
  documents::v1::UploadDocumentRequest opening = Opening(region_, {});
  opening.clear_label();
  EXPECT_THAT(UploadChunks(region_, region_.ib, opening, [](int) { return ""; }),
              Fails(StatusCode::kInvalidArgument, "R38_NO_LABEL"));
  // Nor under the label of what the caller's organisation does not keep.
  EXPECT_THAT(
      Upload(region_, region_.ib,
             {.compartment = common::v1::COMPARTMENT_HEALTH, .regime = common::v1::REGIME_HEALTH}),
      Refused());
}

// ---- What somebody with the unit's key and file can do ------------------------

TEST_F(DocumentsTest, P6RowsThatWereMovedSwappedOrLeftOutDoNotOpen) {
  const Paper paper{.size_bytes = 2 * kMiB};
  const Paper other{.size_bytes = 2 * kMiB, .seed = 'q'};
  ASSERT_OK_AND_ASSIGN(const Document one, Upload(region_, region_.ib, paper));
  ASSERT_OK_AND_ASSIGN(const Document two, Upload(region_, region_.ib, other));
  const auto damaged = [&] {
    const Downloaded read = Download(region_, region_.ib, one.name(), paper);
    EXPECT_TRUE(read.same);  // nothing wrong is ever handed on
    return read.status;
  };
  const auto tamper = [&](const std::string& sql, const std::string& undo) {
    Execute(sql);
    EXPECT_THAT(damaged(), Fails(StatusCode::kDataLoss, "DOCUMENT_DAMAGED")) << sql;
    Execute(undo);
    ASSERT_OK(damaged()) << undo;
  };
  ASSERT_OK(damaged());
  Execute("CREATE TABLE kept AS SELECT * FROM document_row");
  const std::string restore_rows =
      "UPDATE document_row SET sealed = (SELECT k.sealed FROM kept k "
      "WHERE k.content = document_row.content AND k.place = document_row.place)";
  const std::string first =
      "(SELECT content FROM kept WHERE rowid = 1)";  // the first document's content
  const std::string second =
      absl::StrCat("(SELECT content FROM kept WHERE content <> ", first, " LIMIT 1)");
  // In another order, within the document.
  tamper(absl::StrCat("UPDATE document_row SET sealed = (SELECT k.sealed FROM kept k WHERE "
                      "k.content = document_row.content AND k.place = 1 - document_row.place) "
                      "WHERE place < 2 AND content = ",
                      first),
         restore_rows);
  // A row of the other document, at the same place.
  tamper(absl::StrCat(
             "UPDATE document_row SET sealed = (SELECT k.sealed FROM kept k WHERE k.place = 5 "
             "AND k.content = ",
             second, ") WHERE place = 5 AND content = ", first),
         restore_rows);
  // A few bytes.
  tamper(absl::StrCat("UPDATE document_row SET sealed = substr(sealed, 1, 996) || x'00000000' || "
                      "substr(sealed, 1001) WHERE place = 3 AND content = ",
                      first),
         restore_rows);
  // The last row left out, and one in the middle.
  const std::string put_back =
      "INSERT INTO document_row SELECT * FROM kept k WHERE NOT EXISTS (SELECT 1 FROM document_row "
      "r "
      "WHERE r.content = k.content AND r.place = k.place)";
  tamper(absl::StrCat("DELETE FROM document_row WHERE place = 7 AND content = ", first), put_back);
  tamper(absl::StrCat("DELETE FROM document_row WHERE place = 4 AND content = ", first), put_back);
  // The whole content of the other.
  tamper(
      "UPDATE document_row SET sealed = (SELECT k.sealed FROM kept k WHERE k.place = "
      "document_row.place AND k.content <> document_row.content)",
      restore_rows);
}

TEST_F(DocumentsTest, P6NothingOfADocumentLiesReadableInTheFiles) {
  const Paper paper{.title = "Onderzoeksverslag Zandloper",
                    .media_type = "text/plain",
                    .head = "GEHEIM-WOORD-IN-DE-INHOUD\n",
                    .size_bytes = kMiB};
  ASSERT_OK(Upload(region_, region_.ib, paper).status());
  // Beneath the database's own key: every column of every table, as a thief of the key would look.
  int64_t columns = 0;
  EXPECT_OK(region_.database("dossier").Read([&](storage::ReadTx& tx) -> absl::Status {
    const auto look = [&](absl::string_view bytes) {
      ++columns;
      EXPECT_FALSE(absl::StrContains(bytes, "GEHEIM-WOORD"));
      EXPECT_FALSE(absl::StrContains(bytes, "Zandloper"));
      EXPECT_FALSE(absl::StrContains(bytes, "text/plain"));
    };
    KP_RETURN_IF_ERROR(
        tx.Query("SELECT content, sealed FROM document_row", {}, [&](const storage::Row& row) {
          look(row.Text(0));
          look(row.Bytes(1));
          return absl::OkStatus();
        }));
    KP_RETURN_IF_ERROR(tx.Query("SELECT id, family, scope FROM document_content", {},
                                [&](const storage::Row& row) {
                                  for (int i = 0; i < 3; ++i) look(row.Text(i));
                                  return absl::OkStatus();
                                }));
    return tx.Query("SELECT id, payload FROM item", {}, [&](const storage::Row& row) {
      look(row.Text(0));
      look(row.Bytes(1));
      return absl::OkStatus();
    });
  }));
  EXPECT_GT(columns, 10);
}

}  // namespace
}  // namespace knooppunt::integration
