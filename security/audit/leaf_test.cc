#include "security/audit/leaf.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/status_testing.h"
#include "security/audit/limits.h"
#include "security/audit/testing_log.h"
#include "security/crypto/hash.h"

namespace knooppunt::audit {
namespace {

using ::knooppunt::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::SizeIs;

const absl::Time kNow =
    absl::FromCivil(absl::CivilSecond(2026, 11, 22, 9, 0, 0), absl::UTCTimeZone());

TEST(LeafTest, BytesAreAsDocumented) {
  const std::string body = FormatAuditBody({.who = std::string(32, '\x01'),
                                            .about = std::string(32, '\x02'),
                                            .commit = std::string(32, '\xab')});
  ASSERT_OK_AND_ASSIGN(
      const std::string leaf,
      BuildLeaf({.unit = "dossier", .incarnation = "inc-1"}, {.seq = 42,
                                                              .kind = storage::OutboxKind::kAudit,
                                                              .body = body,
                                                              .chain = std::string(32, '\xcd')}));
  EXPECT_EQ(leaf,
            "knooppunt-leaf-v1\n"
            "stream dossier/inc-1\n"
            "seq 42\n"
            "kind audit\n"
            "who 0101010101010101010101010101010101010101010101010101010101010101\n"
            "about 0202020202020202020202020202020202020202020202020202020202020202\n"
            "commit abababababababababababababababababababababababababababababababab\n"
            "chain cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd\n");
}

TEST(LeafTest, BodiesOfOtherKindsAreAsDocumented) {
  EXPECT_EQ(FormatFactsBody(std::string(32, '\x0f')),
            "facts 0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f\n");
  EXPECT_EQ(FormatStreamBody({.kind = StreamEventKind::kHeartbeat, .time = kNow}),
            "event heartbeat\ntime 2026-11-22T09:00:00Z\n");
  ASSERT_OK_AND_ASSIGN(const StreamEvent event,
                       ParseStreamBody("event close\ntime 2026-11-22T09:00:00Z\n"));
  EXPECT_EQ(event.kind, StreamEventKind::kClose);
  EXPECT_EQ(event.time, kNow);
}

TEST(LeafTest, R22CountOfCallsWithoutIdentityIsAsDocumented) {
  const std::string body = FormatStreamBody(
      {.kind = StreamEventKind::kCount, .time = kNow, .calls = 620, .refused = 20});
  EXPECT_EQ(body, "event count\ntime 2026-11-22T09:00:00Z\ncalls 620\nrefused 20\n");
  ASSERT_OK_AND_ASSIGN(const StreamEvent event, ParseStreamBody(body));
  EXPECT_EQ(event.kind, StreamEventKind::kCount);
  EXPECT_EQ(event.calls, 620);
  EXPECT_EQ(event.refused, 20);
  for (const auto& [from, to] :
       {std::pair{"count", "open"}, std::pair{"calls 620\n", ""}, std::pair{"620", "0620"},
        std::pair{"refused 20", "refused -1"}, std::pair{"refused 20\n", "refused 20\nx\n"}}) {
    EXPECT_THAT(ParseStreamBody(absl::StrReplaceAll(body, {{from, to}})),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << to;
  }
}

TEST(LeafTest, EveryLeafOfALogParsesAndBuildsBack) {
  TestLog log;
  log.Fill(40);
  for (const std::string& bytes : log.leaves()) {
    ASSERT_OK_AND_ASSIGN(const Leaf leaf, ParseLeaf(bytes));
    ASSERT_OK_AND_ASSIGN(
        const std::string again,
        BuildLeaf(leaf.stream,
                  {.seq = leaf.seq, .kind = leaf.kind, .body = leaf.body, .chain = leaf.chain}));
    EXPECT_EQ(again, bytes);
  }
}

TEST(LeafTest, OtherSpellingsAreRefused) {
  TestLog log;
  log.Open("dossier");
  const std::string good = log.leaves()[0];
  ASSERT_OK(ParseLeaf(good));
  const std::pair<const char*, const char*> changes[] = {
      {"leaf-v1", "leaf-v2"},
      {"leaf-v1\n", "leaf-v1\r\n"},
      {"stream dossier/inc-1", "stream dossier"},
      {"stream dossier/inc-1", "stream dossier/inc/1"},
      {"stream dossier/inc-1", "stream Dossier/inc-1"},
      {"stream dossier/inc-1", "stream /inc-1"},
      {"seq 1", "seq 01"},
      {"seq 1", "seq 0"},
      {"seq 1", "seq -1"},
      {"seq 1", "seq  1"},
      {"seq 1", "seq 9223372036854775808"},
      {"kind stream", "kind facts"},
      {"kind stream", "kind other"},
      {"event open", "event opened"},
      {"event open\n", "event open\nevent open\n"},
      {"Z\n", "+00:00\n"},
      {"Z\n", ".0Z\n"},
      {"2027", "2O27"},
      {"chain ", "chain  "},
      {"chain ", "Chain "},
  };
  for (const auto& [from, to] : changes) {
    const std::string changed = absl::StrReplaceAll(good, {{from, to}});
    ASSERT_NE(changed, good) << from;
    EXPECT_THAT(ParseLeaf(changed), StatusIs(absl::StatusCode::kInvalidArgument)) << changed;
  }
  EXPECT_THAT(ParseLeaf(absl::StrCat(good, "\n")), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseLeaf(good.substr(0, good.size() - 1)),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseLeaf(std::string(kMaxLeafBytes + 1, 'x')),
              StatusIs(absl::StatusCode::kInvalidArgument, "it is too long"));
  EXPECT_THAT(ParseStreamBody("event open\ntime infinite-past\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, "its time line is wrong"));
}

TEST(LeafTest, UpperCaseHexIsRefused) {
  const std::string hash = crypto::Sha256("x");
  const std::string body = FormatFactsBody(hash);
  ASSERT_OK(ParseFactsBody(body));
  std::string upper = body;
  for (size_t i = 6; i < upper.size(); ++i) upper[i] = static_cast<char>(toupper(upper[i]));
  ASSERT_NE(upper, body);
  EXPECT_THAT(ParseFactsBody(upper), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(LeafTest, BuildRefusesABodyThatIsNotOfItsKind) {
  const StreamName stream{.unit = "dossier", .incarnation = "inc-1"};
  storage::OutboxEntry entry{.seq = 1,
                             .kind = storage::OutboxKind::kAudit,
                             .body = FormatFactsBody(crypto::Sha256("x")),
                             .chain = std::string(32, 'c')};
  EXPECT_THAT(BuildLeaf(stream, entry), StatusIs(absl::StatusCode::kInvalidArgument));
  entry.kind = storage::OutboxKind::kFacts;
  EXPECT_OK(BuildLeaf(stream, entry));
  entry.chain.pop_back();
  EXPECT_THAT(BuildLeaf(stream, entry), StatusIs(absl::StatusCode::kInvalidArgument));
}

std::vector<Leaf> Leaves(TestLog& log) {
  std::vector<Leaf> leaves;
  for (const std::string& bytes : log.leaves()) leaves.push_back(*ParseLeaf(bytes));
  return leaves;
}

TEST(StreamCheckerTest, FollowsInterleavedStreamsToTheirClose) {
  TestLog log;
  log.Fill(30);
  StreamChecker checker;
  for (const Leaf& leaf : Leaves(log)) ASSERT_OK(checker.Add(leaf));
  const auto streams = checker.streams();
  ASSERT_THAT(streams, SizeIs(2));
  EXPECT_EQ(streams[0].stream.ToString(), "access/inc-1");
  EXPECT_EQ(streams[1].stream.ToString(), "dossier/inc-1");
  EXPECT_EQ(streams[0].last_seq + streams[1].last_seq, 34);
  for (const StreamState& stream : streams) {
    EXPECT_TRUE(stream.opened);
    EXPECT_TRUE(stream.closed);
  }
  EXPECT_EQ(streams[1].last_sign, log.now() - absl::Seconds(1));
}

TEST(StreamCheckerTest, R24StreamWithoutCloseIsReportedWithItsLastHeartbeat) {
  TestLog log;
  log.Open("dossier");
  const absl::Time heartbeat = log.now();
  log.Heartbeat("dossier");
  log.Audit("dossier");
  StreamChecker checker;
  for (const Leaf& leaf : Leaves(log)) ASSERT_OK(checker.Add(leaf));
  const auto streams = checker.streams();
  ASSERT_THAT(streams, SizeIs(1));
  EXPECT_FALSE(streams[0].closed);
  EXPECT_EQ(streams[0].last_sign, heartbeat);
}

TEST(StreamCheckerTest, CountIsNoSignOfLife) {
  TestLog log;
  const absl::Time opened = log.now();
  log.Open("dossier");
  log.Count("dossier");
  StreamChecker checker;
  for (const Leaf& leaf : Leaves(log)) ASSERT_OK(checker.Add(leaf));
  EXPECT_EQ(checker.streams()[0].last_seq, 2);
  EXPECT_EQ(checker.streams()[0].last_sign, opened);
  EXPECT_FALSE(checker.streams()[0].closed);
}

TEST(StreamCheckerTest, R24DroppedRecordIsAGap) {
  TestLog log;
  log.Fill(20);
  for (size_t dropped = 0; dropped + 2 < log.leaves().size(); ++dropped) {  // not the closes
    std::vector<Leaf> leaves = Leaves(log);
    leaves.erase(leaves.begin() + dropped);
    StreamChecker checker;
    absl::Status status;
    for (size_t i = 0; i < leaves.size() && status.ok(); ++i) status = checker.Add(leaves[i]);
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kDataLoss, HasSubstr("should stand here")))
        << dropped;
  }
}

TEST(StreamCheckerTest, R24ChangedBodyBreaksTheChain) {
  TestLog log;
  log.Open("dossier");
  log.Facts("dossier");
  std::vector<Leaf> leaves = Leaves(log);
  leaves[1].body = FormatFactsBody(crypto::Sha256("another"));
  StreamChecker checker;
  ASSERT_OK(checker.Add(leaves[0]));
  EXPECT_THAT(checker.Add(leaves[1]),
              StatusIs(absl::StatusCode::kDataLoss,
                       HasSubstr("record 2 of stream dossier/inc-1: its chain does not follow")));
  EXPECT_EQ(checker.streams()[0].last_seq, 1);
  EXPECT_OK(checker.Add(Leaves(log)[1]));  // the refused one left no trace
}

TEST(StreamCheckerTest, RecordOfAnotherStreamDoesNotFit) {
  TestLog log;
  log.Open("dossier");
  Leaf leaf = Leaves(log)[0];
  leaf.stream.incarnation = "inc-2";
  StreamChecker checker;
  EXPECT_THAT(checker.Add(leaf), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("chain")));
}

TEST(StreamCheckerTest, ResumedCheckerGoesOnWhereTheOtherWas) {
  TestLog log;
  log.Fill(20);
  const std::vector<Leaf> leaves = Leaves(log);
  StreamChecker first;
  for (size_t i = 0; i < 10; ++i) ASSERT_OK(first.Add(leaves[i]));
  StreamChecker second = StreamChecker::Resume(first.streams());
  for (size_t i = 10; i < leaves.size(); ++i) ASSERT_OK(second.Add(leaves[i]));
  EXPECT_TRUE(second.streams()[0].closed);
}

TEST(StreamCheckerTest, RecordsAfterACloseReopenTheStream) {
  TestLog log;
  log.Open("dossier");
  log.Close("dossier");
  log.Open("dossier");
  StreamChecker checker;
  for (const Leaf& leaf : Leaves(log)) ASSERT_OK(checker.Add(leaf));
  EXPECT_FALSE(checker.streams()[0].closed);
}

}  // namespace
}  // namespace knooppunt::audit
