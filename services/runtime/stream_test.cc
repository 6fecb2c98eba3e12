// Streams: each message is a call of its own, whoever carries it.
#include "services/runtime/stream.h"

#include <set>

#include "base/limits.h"
#include "services/runtime/stream_testing.h"

namespace knooppunt::runtime::testing {
namespace {

using ::testing::ElementsAre;

TEST_F(StreamTest, R13EachMessageIsDecidedAnewWithAPermitOfItsOwn) {
  const Heard heard = Listen(*direct_, 3);
  EXPECT_OK(heard.status);
  EXPECT_THAT(heard.numbers, ElementsAre("1", "2", "3"));
  EXPECT_EQ(access_->asked(), 4);  // the end is told too
  const auto ids = access_->call_ids();
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), ids.size());
}

TEST_F(StreamTest, P5EachMessageIsRecordedBeforeItIsHandedOn) {
  const int64_t before = Records();
  const Heard heard = Listen(*direct_, 3, [&](int n) {
    EXPECT_EQ(Records(), before + n);
    return absl::OkStatus();
  });
  EXPECT_OK(heard.status);
  EXPECT_EQ(Records(), before + 4);
}

TEST_F(StreamTest, R13ARefusalEndsTheStreamAtItsNextMessageAndIsRecorded) {
  access_->allows = [](int question) { return question <= 2; };
  const int64_t before = Records();
  const Heard heard = Listen(*direct_, 5);
  EXPECT_THAT(heard.status, Fails(absl::StatusCode::kPermissionDenied, "REFUSED"));
  EXPECT_THAT(heard.numbers, ElementsAre("1", "2"));
  EXPECT_EQ(unit_->made, 2);
  EXPECT_EQ(Records(), before + 3);
}

TEST_F(StreamTest, R13ATokenThatExpiresEndsTheStream) {
  const Heard heard = Listen(*direct_, 5, [&](int n) {
    if (n == 2) clock_.Advance(absl::Seconds(601));
    return absl::OkStatus();
  });
  EXPECT_THAT(heard.status, Fails(absl::StatusCode::kUnauthenticated, "TOKEN_EXPIRED"));
  EXPECT_EQ(heard.numbers.size(), 2u);
}

TEST_F(StreamTest, P4AStreamOverFamiliesIsDecidedForEachOfThemAtEachMessage) {
  const Heard heard = Listen(
      *direct_, 2, [](int) { return absl::OkStatus(); }, StreamUnit::kTellAll);
  EXPECT_OK(heard.status);
  EXPECT_EQ(heard.numbers.size(), 2u);
  EXPECT_EQ(access_->asked(), 6);  // the call and a family, for two messages and the end
}

TEST_F(StreamTest, NothingToSayIsAskedAgainAndLeavesNoRecord) {
  unit_->silences = 1;
  const int64_t before = Records();
  const Heard heard = Listen(*direct_, 1);
  EXPECT_OK(heard.status);
  EXPECT_THAT(heard.numbers, ElementsAre("1"));
  EXPECT_EQ(Records(), before + 2);
  EXPECT_EQ(access_->asked(), 4);
}

TEST_F(StreamTest, NoMessageIsMadeBeforeTheOneBeforeWasTaken) {
  const Heard heard = Listen(*direct_, 5, [&](int n) {
    EXPECT_EQ(unit_->made, n);
    return absl::OkStatus();
  });
  EXPECT_OK(heard.status);
}

TEST_F(StreamTest, WhoStopsListeningStopsTheStream) {
  const Heard heard = Listen(
      *direct_, 5, [](int n) { return n < 2 ? absl::OkStatus() : absl::CancelledError("enough"); });
  EXPECT_TRUE(absl::IsCancelled(heard.status));
  EXPECT_EQ(unit_->made, 2);
}

TEST_F(StreamTest, StreamsOfOnePersonAreCappedAndGiveTheirPlaceBack) {
  const CallMeta meta{.token = Token(), .deadline = absl::Now() + absl::Seconds(30)};
  const CallMeta other{.token = Token("professionals/q"), .deadline = meta.deadline};
  const Registry::Entry& entry = *host_->Find(StreamUnit::kTell);
  std::vector<std::unique_ptr<Stream>> streams;
  for (int i = 0; i < limits::kMaxStreamsPerCaller; ++i) {
    ASSERT_OK_AND_ASSIGN(auto stream, host_->OpenStream(entry, meta));
    streams.push_back(std::move(stream));
  }
  EXPECT_THAT(host_->OpenStream(entry, meta),
              Fails(absl::StatusCode::kResourceExhausted, "TOO_MANY_STREAMS"));
  EXPECT_OK(host_->OpenStream(entry, other).status());
  streams.pop_back();
  EXPECT_OK(host_->OpenStream(entry, meta).status());
}

TEST_F(StreamTest, StreamsOfAUnitAreCapped) {
  const Registry::Entry& entry = *host_->Find(StreamUnit::kTell);
  const auto open = [&](int n) {
    return host_->OpenStream(entry, {.token = Token(absl::StrCat("professionals/p", n)),
                                     .deadline = absl::Now() + absl::Seconds(30)});
  };
  std::vector<std::unique_ptr<Stream>> streams;
  for (int i = 0; i < limits::kMaxStreams; ++i) {
    ASSERT_OK_AND_ASSIGN(auto stream, open(i));
    streams.push_back(std::move(stream));
  }
  EXPECT_THAT(open(1000), Fails(absl::StatusCode::kResourceExhausted, "TOO_MANY_STREAMS"));
}

TEST_F(StreamTest, PastItsDeadlineNoMessageIsMade) {
  client::CallOptions options = Options();
  options.timeout = absl::ZeroDuration();
  Part part;
  Request request = Asking(1);
  EXPECT_THAT(
      direct_->Receive(StreamUnit::kTell, request, &part, options, [] { return absl::OkStatus(); }),
      Fails(absl::StatusCode::kDeadlineExceeded, "STREAM_TOO_LONG"));
  EXPECT_EQ(access_->asked(), 0);
}

TEST_F(StreamTest, WithoutALoginNothingIsStreamed) {
  client::CallOptions options = Options();
  options.token = "nonsense";
  Part part;
  Request request = Asking(1);
  EXPECT_TRUE(absl::IsUnauthenticated(direct_->Receive(StreamUnit::kTell, request, &part, options,
                                                       [] { return absl::OkStatus(); })));
  // Nor is a method that streams called as one that does not.
  EXPECT_THAT(direct_->Call(StreamUnit::kTell, request, &part, Options()),
              Fails(absl::StatusCode::kInvalidArgument, "UNPARSEABLE"));
}

// ---- Streams of requests ------------------------------------------------------

TEST_F(StreamTest, R13EachPartIsDecidedAndRecordedAndTheEndIsTheAct) {
  const int64_t before = Records();
  ASSERT_OK_AND_ASSIGN(const Response answer, Tell(*direct_, {"a", "b"}));
  EXPECT_TRUE(absl::StartsWith(std::string(answer.name()), "families/f/cases/c/gathered/g-"));
  EXPECT_EQ(access_->asked(), 5);  // the opening, three parts, the end
  EXPECT_EQ(Records(), before + 5);
  EXPECT_EQ(Count("part"), 4);
  EXPECT_EQ(Count("done"), 1);
}

TEST_F(StreamTest, R13ARefusedPartEndsTheUploadAndLeavesNothing) {
  for (const int refused_at : {1, 2, 3, 4, 5}) {
    const int first = access_->asked();
    access_->allows = [=](int question) { return question - first < refused_at; };
    EXPECT_THAT(Tell(*direct_, {"a", "b"}), Fails(absl::StatusCode::kPermissionDenied, "REFUSED"));
    EXPECT_EQ(access_->asked() - first, refused_at);
    EXPECT_EQ(Count("part"), 0);
    EXPECT_EQ(Count("done"), 0);
  }
}

TEST_F(StreamTest, AnUploadThatIsCutOffLeavesNothing) {
  EXPECT_TRUE(absl::IsCancelled(Tell(*direct_, {"a", "b", "give up"}).status()));
  EXPECT_EQ(Count("part"), 0);
  EXPECT_EQ(Count("done"), 0);
  // Its request_id was not used up.
  EXPECT_OK(Tell(*direct_, {"a"}).status());
  EXPECT_EQ(Count("done"), 1);
}

TEST_F(StreamTest, R22APartThatFailsIsRecordedAndLeavesNothing) {
  const int64_t before = Records();
  EXPECT_THAT(Tell(*direct_, {"a", "bad", "b"}),
              Fails(absl::StatusCode::kInvalidArgument, "BAD_PART"));
  EXPECT_EQ(Records(), before + 3);
  EXPECT_EQ(Count("part"), 0);
}

TEST_F(StreamTest, R18AnActThatWasDoneAnswersItsNameAndTakesNothing) {
  ASSERT_OK_AND_ASSIGN(const Response first, Tell(*direct_, {"a", "b"}));
  const int asked = access_->asked();
  ASSERT_OK_AND_ASSIGN(const Response again, Tell(*direct_, {"a", "b"}));
  EXPECT_EQ(again.name(), first.name());
  EXPECT_EQ(access_->asked(), asked + 1);  // for the record of the repetition
  EXPECT_EQ(Count("part"), 4);
  EXPECT_EQ(Count("done"), 1);
}

TEST_F(StreamTest, AChangeNeedsARequestId) {
  EXPECT_THAT(Tell(*direct_, {"a"}, "no uuid"),
              Fails(absl::StatusCode::kInvalidArgument, "REQUEST_ID_NEEDED"));
  EXPECT_EQ(Count("part"), 0);
}

TEST_F(StreamTest, AStreamWithoutAFirstMessageIsRefused) {
  Part part;
  Response response;
  EXPECT_THAT(direct_->Send(
                  StreamUnit::kGather, &part, []() -> absl::StatusOr<bool> { return false; },
                  &response, Options()),
              Fails(absl::StatusCode::kInvalidArgument, "EMPTY_STREAM"));
}

}  // namespace
}  // namespace knooppunt::runtime::testing
