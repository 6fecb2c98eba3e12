// Streams come in whole, in order and once (R22, R24).
#include <functional>
#include <string>
#include <vector>

#include "services/audit/audit_testing.h"
#include "services/audit/limits.h"

namespace knooppunt::audit_service {
namespace {

using ::knooppunt::testing::IsOk;
using ::knooppunt::testing::StatusIs;

class LogTest : public AuditTest {
 protected:
  void SetUp() override {
    AuditTest::SetUp();
    ASSERT_OK(OpenWithoutWitness());
  }
  int64_t Leaves() {
    const auto log = Run(&AuditService::ReadLog, Verifier(), audit::v1::ReadLogRequest());
    EXPECT_OK(log);
    return log->leaves_size();
  }
  std::string ReasonOf(const absl::StatusOr<int64_t>& result) {
    EXPECT_THAT(result.status(), StatusIs(absl::StatusCode::kFailedPrecondition));
    return base::ReasonOf(result.status());
  }
};

TEST_F(LogTest, R24EntriesOfSeveralStreamsBecomeLeavesInOrder) {
  StreamWriter dossier("dossier");
  StreamWriter directory("directory");
  dossier.Fill(2);
  directory.Fill(1);
  EXPECT_EQ(*Append(dossier.Batch(1, 2)), 2);
  EXPECT_EQ(*Append(directory.All()), 2);
  EXPECT_EQ(*Append(dossier.Batch(3, 3)), 3);
  EXPECT_EQ(*Position("dossier", "inc-1"), 3);
  EXPECT_EQ(*Position("directory", "inc-1"), 2);
  EXPECT_EQ(*Position("dossier", "inc-2"), 0);
  const auto log = Run(&AuditService::ReadLog, Verifier(), audit::v1::ReadLogRequest());
  ASSERT_OK(log);
  std::vector<std::string> seen;
  for (const std::string& bytes : log->leaves()) {
    const auto leaf = audit::ParseLeaf(bytes);
    ASSERT_OK(leaf);
    seen.push_back(absl::StrCat(leaf->stream.ToString(), " ", leaf->seq));
  }
  EXPECT_THAT(seen,
              ::testing::ElementsAre("dossier/inc-1 1", "dossier/inc-1 2", "directory/inc-1 1",
                                     "directory/inc-1 2", "dossier/inc-1 3"));
}

TEST_F(LogTest, R24AnAppendTwiceIsOneAppend) {
  StreamWriter dossier("dossier");
  dossier.Fill(4);
  ASSERT_OK(Append(dossier.Batch(1, 3)));
  EXPECT_EQ(*Append(dossier.Batch(1, 3)), 3);
  EXPECT_EQ(*Append(dossier.Batch(2, 5)), 5) << "known ones and new ones in one batch";
  EXPECT_EQ(*Append(dossier.Batch(1, 2)), 5);
  EXPECT_EQ(Leaves(), 5);
}

TEST_F(LogTest, R24AGapIsRefusedAndNothingOfTheBatchStays) {
  StreamWriter dossier("dossier");
  dossier.Fill(4);
  EXPECT_EQ(ReasonOf(Append(dossier.Batch(2, 5))), "STREAM_GAP") << "not from the start";
  ASSERT_OK(Append(dossier.Batch(1, 2)));
  EXPECT_EQ(ReasonOf(Append(dossier.Batch(4, 5))), "STREAM_GAP");
  AppendRequest holed = dossier.Batch(3, 5);
  holed.mutable_entries()->DeleteSubrange(1, 1);
  EXPECT_EQ(ReasonOf(Append(holed)), "STREAM_GAP");
  EXPECT_EQ(*Position("dossier", "inc-1"), 2);
  EXPECT_EQ(Leaves(), 2);
}

TEST_F(LogTest, R24EntriesOutOfOrderAreRefused) {
  StreamWriter dossier("dossier");
  dossier.Fill(2);
  AppendRequest swapped = dossier.All();
  swapped.mutable_entries()->SwapElements(1, 2);
  EXPECT_EQ(ReasonOf(Append(swapped)), "STREAM_GAP");
  EXPECT_EQ(Leaves(), 0);
}

TEST_F(LogTest, R24AChangedBodyBreaksTheChain) {
  StreamWriter dossier("dossier");
  dossier.Fill(3);
  AppendRequest tampered = dossier.All();
  tampered.mutable_entries(2)->set_body(audit::FormatFactsBody(crypto::Sha256("other")));
  EXPECT_EQ(ReasonOf(Append(tampered)), "CHAIN_BROKEN");
  tampered = dossier.All();
  tampered.mutable_entries(3)->mutable_chain()->at(0) ^= 1;
  EXPECT_EQ(ReasonOf(Append(tampered)), "CHAIN_BROKEN");
  EXPECT_EQ(Leaves(), 0) << "also what stood before it was rolled back";
}

TEST_F(LogTest, R24AForkedStreamIsRefused) {
  StreamWriter first("dossier");
  first.Fill(2);
  ASSERT_OK(Append(first.All()));
  // The same unit and incarnation, with another history: a clone.
  StreamWriter clone("dossier");
  clone.AddEvent(audit::StreamEventKind::kOpen);
  clone.AddFacts("another");
  clone.AddFacts("and more");
  clone.AddFacts("and more");
  EXPECT_EQ(ReasonOf(Append(clone.Batch(1, 4))), "STREAM_FORKED");
  EXPECT_EQ(ReasonOf(Append(clone.Batch(4, 4))), "CHAIN_BROKEN");
  EXPECT_EQ(*Position("dossier", "inc-1"), 3);
}

TEST_F(LogTest, R24AUnitAppendsToAndAsksAfterItsOwnStreamsOnly) {
  StreamWriter dossier("dossier");
  dossier.Fill(1);
  EXPECT_THAT(AppendAs("directory", dossier.All()), StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(AppendAs("", dossier.All()), StatusIs(absl::StatusCode::kPermissionDenied));
  audit::v1::GetStreamPositionRequest request;
  request.set_unit("dossier");
  AppendResponse response;
  EXPECT_THAT(unit_->service().GetStreamPosition({.service = "directory"}, request, &response),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(LogTest, JunkIsRefusedWithoutATrace) {
  const struct {
    std::string name;
    std::function<void(AppendRequest&)> spoil;
  } cases[] = {
      {"seq 0", [](auto& r) { r.mutable_entries(0)->set_seq(0); }},
      {"kind", [](auto& r) { r.mutable_entries(0)->set_kind(9); }},
      {"chain", [](auto& r) { r.mutable_entries(0)->set_chain("short"); }},
      {"incarnation", [](auto& r) { r.set_incarnation("a/b"); }},
      {"payload on facts", [](auto& r) { r.mutable_entries(1)->set_payload("name"); }},
      {"tag on facts", [](auto& r) { r.mutable_entries(1)->set_tag("t"); }},
      {"tag", [](auto& r) { r.mutable_entries(1)->set_tag("A B"); }},
      {"body that is no body of its kind",
       [](auto& r) {
         AppendEntry& e = *r.mutable_entries(0);
         e.set_body("name Iris Bakker\n");
         e.set_chain(storage::ChainNext(storage::ChainStart("dossier", "inc-1"), 1,
                                        storage::OutboxKind::kStream, e.body()));
       }},
      {"too many",
       [](auto& r) {
         for (int i = 0; i < kMaxEntriesPerAppend; ++i) r.add_entries();
       }},
  };
  StreamWriter dossier("dossier");
  dossier.Fill(1);
  for (const auto& c : cases) {
    AppendRequest request = dossier.All();
    c.spoil(request);
    EXPECT_THAT(Append(request), StatusIs(absl::StatusCode::kInvalidArgument)) << c.name;
  }
  EXPECT_EQ(Leaves(), 0);
}

TEST_F(LogTest, AnEmptyAppendTellsThePosition) {
  StreamWriter dossier("dossier");
  dossier.Fill(1);
  EXPECT_EQ(*Append(dossier.Batch(1, 0)), 0);
  ASSERT_OK(Append(dossier.All()));
  EXPECT_EQ(*Append(dossier.Batch(1, 0)), 2);
}

TEST_F(LogTest, TheLogGoesOnAfterARestart) {
  StreamWriter dossier("dossier");
  dossier.Fill(300);
  ASSERT_OK(Append(dossier.Batch(1, 150)));
  ASSERT_OK(OpenWithoutWitness());
  EXPECT_EQ(*Position("dossier", "inc-1"), 150);
  EXPECT_EQ(*Append(dossier.Batch(151, 301)), 301);
  EXPECT_EQ(Leaves(), 301);
}

TEST_F(LogTest, LeavesAreReadInPages) {
  StreamWriter dossier("dossier");
  dossier.Fill(9);
  ASSERT_OK(Append(dossier.All()));
  audit::v1::ReadLogRequest request;
  request.set_start(7);
  request.set_limit(2);
  const auto page = Run(&AuditService::ReadLog, Verifier(), request);
  ASSERT_OK(page);
  ASSERT_EQ(page->leaves_size(), 2);
  EXPECT_EQ(audit::ParseLeaf(page->leaves(0))->seq, 8);
  request.set_start(10);
  EXPECT_EQ(Run(&AuditService::ReadLog, Verifier(), request)->leaves_size(), 0);
  request.set_start(-1);
  EXPECT_THAT(Run(&AuditService::ReadLog, Verifier(), request),
              StatusIs(absl::StatusCode::kInvalidArgument));
  request.set_start(0);
  request.set_limit(-1);
  EXPECT_THAT(Run(&AuditService::ReadLog, Verifier(), request),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace knooppunt::audit_service
