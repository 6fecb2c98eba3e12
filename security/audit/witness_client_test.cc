#include "security/audit/witness_client.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_testing.h"
#include "security/audit/checkpoint.h"
#include "security/audit/http_witness_client.h"
#include "security/audit/testing_log.h"

namespace knooppunt::audit {
namespace {

using ::knooppunt::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

// Behaves as a witness with one log, and may be told to answer with another line.
class FakeWitness final : public WitnessClient {
 public:
  explicit FakeWitness(const TestLog* log, int64_t size) : log_(log), size_(size) {}

  absl::StatusOr<std::string> AddCheckpoint(const AddCheckpointRequest& request) override {
    asked_.push_back(request.old_size);
    if (request.old_size != size_) return WitnessHasAnotherSize(size_);
    const Note note = *ParseNote(request.checkpoint);
    const Checkpoint checkpoint = *ParseCheckpoint(note.text);
    const std::string old_root = log_->TreeAt(size_).Root();
    const absl::Status consistent =
        VerifyConsistency({.old_size = size_, .new_size = checkpoint.size},
                          {old_root, checkpoint.root}, request.proof);
    if (!consistent.ok()) return consistent;
    size_ = checkpoint.size;
    return line_.empty() ? log_->witness().Cosign(note.text, log_->now()) : line_;
  }
  const std::vector<int64_t>& asked() const { return asked_; }
  void AnswerWith(std::string line) { line_ = std::move(line); }

 private:
  const TestLog* log_;
  int64_t size_;
  std::string line_;
  std::vector<int64_t> asked_;
};

class CosignTest : public ::testing::Test {
 protected:
  CosignTest() { log_.Fill(20); }
  absl::StatusOr<std::string> Cosign(WitnessClient& witness, int64_t known_size) {
    const MemoryTree tree = log_.Tree();
    return CosignCheckpoint({.client = &witness,
                             .hashes = &tree,
                             .witness_keys = {log_.witness().verifier()},
                             .checkpoint = log_.SignedCheckpoint(),
                             .known_size = known_size});
  }
  TestLog log_;
};

TEST_F(CosignTest, AddsTheCosignatureToTheCheckpoint) {
  FakeWitness witness(&log_, 10);
  ASSERT_OK_AND_ASSIGN(const std::string note, Cosign(witness, 10));
  EXPECT_EQ(note, log_.CosignedCheckpoint());
  EXPECT_THAT(witness.asked(), ElementsAre(10));
}

TEST_F(CosignTest, AsksAgainFromTheSizeTheWitnessHas) {
  FakeWitness witness(&log_, 7);
  ASSERT_OK_AND_ASSIGN(const std::string note, Cosign(witness, 0));
  EXPECT_EQ(note, log_.CosignedCheckpoint());
  EXPECT_THAT(witness.asked(), ElementsAre(0, 7));
}

TEST_F(CosignTest, R24LogPutBackToAnOlderStateIsToldSo) {
  FakeWitness witness(&log_, 25);  // the log has 24
  EXPECT_THAT(Cosign(witness, 0),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("put back to an older state")));
}

TEST_F(CosignTest, AnswerThatIsNoCosignatureOfThisWitnessIsRefused) {
  FakeWitness witness(&log_, 10);
  witness.AnswerWith(log_.witness().Cosign("another text\n", log_.now()));
  EXPECT_THAT(Cosign(witness, 10), StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST(AddCheckpointFormatTest, IsThatOfTheSpecification) {
  const AddCheckpointRequest request{
      .old_size = 20852014, .proof = {std::string(32, '\0')}, .checkpoint = "note\n\nsignature\n"};
  EXPECT_EQ(FormatAddCheckpoint(request),
            "old 20852014\n"
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
            "\n"
            "note\n\nsignature\n");
  ASSERT_OK_AND_ASSIGN(const auto parsed, ParseAddCheckpoint(FormatAddCheckpoint(request)));
  EXPECT_EQ(parsed.old_size, 20852014);
  EXPECT_EQ(parsed.proof, request.proof);
  EXPECT_EQ(parsed.checkpoint, request.checkpoint);
}

TEST(AddCheckpointFormatTest, AnythingElseIsRefused) {
  const std::string hash = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
  std::string long_proof = "old 1\n";
  for (int i = 0; i < 63; ++i) long_proof += hash;
  ASSERT_OK_AND_ASSIGN(const auto longest, ParseAddCheckpoint(long_proof + "\n"));
  EXPECT_THAT(longest.proof, SizeIs(63));
  for (const std::string& body :
       {std::string(""), std::string("old 1"), std::string("old 1\n"), std::string("old 01\n\n"),
        std::string("old -1\n\n"), std::string("old  1\n\n"), std::string("new 1\n\n"),
        std::string("old 1\nAAAA\n\n"), "old 1\n" + hash, long_proof + hash + "\n"}) {
    EXPECT_THAT(ParseAddCheckpoint(body), StatusIs(absl::StatusCode::kInvalidArgument)) << body;
  }
}

TEST(WitnessKnownSizeTest, IsOnlyOnTheStatusThatCarriesIt) {
  EXPECT_EQ(WitnessKnownSize(WitnessHasAnotherSize(42)), 42);
  EXPECT_EQ(WitnessKnownSize(absl::FailedPreconditionError("other")), std::nullopt);
  EXPECT_EQ(WitnessKnownSize(absl::OkStatus()), std::nullopt);
}

TEST(HttpWitnessClientTest, UnusableAddressesAreRefused) {
  for (const char* url :
       {"", "https://witness.example", "witness.example", "http://", "http://:80", "http://a:0",
        "http://a:65536", "http://a:x", "http://[::1", "http://a b", "http://a/\r\nX: y"}) {
    EXPECT_THAT(HttpWitnessClient::Create({.url = url}),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << url;
  }
  for (const char* url : {"http://witness.example", "http://witness.example:8080/w1/",
                          "http://[::1]:80", "http://[::1]"}) {
    EXPECT_OK(HttpWitnessClient::Create({.url = url})) << url;
  }
}

TEST(HttpWitnessClientTest, NobodyThereIsUnavailable) {
  ASSERT_OK_AND_ASSIGN(const auto client, HttpWitnessClient::Create({.url = "http://127.0.0.1:1"}));
  EXPECT_THAT(client->AddCheckpoint({.checkpoint = "x"}),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("cannot be reached: connect")));
}

}  // namespace
}  // namespace knooppunt::audit
