#include "services/witness/witness.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/status_testing.h"
#include "security/audit/checkpoint.h"
#include "security/audit/file.h"
#include "security/audit/limits.h"
#include "security/audit/merkle.h"
#include "security/audit/testing_log.h"
#include "security/audit/witness_state.h"
#include "security/crypto/hash.h"

namespace knooppunt::witness {
namespace {

using ::knooppunt::testing::StatusIs;
using ::testing::HasSubstr;

constexpr char kSizeType[] = "text/x.tlog.size";

class WitnessTest : public ::testing::Test {
 protected:
  WitnessTest() : folder_(audit::TestFolder("witness")), clock_(log_.now()) {
    log_.Fill(40);  // 44 entries
    Start();
  }

  absl::StatusOr<std::unique_ptr<Witness>> Create() {
    return Witness::Create({.cosigner = log_.witness(),
                            .log_keys = {log_.signer().verifier()},
                            .state_path = StatePath(),
                            .clock = &clock_});
  }
  void Start() {
    witness_.reset();
    auto created = Create();
    ASSERT_OK(created);
    witness_ = *std::move(created);
  }
  std::string StatePath() const { return folder_ + "/state"; }

  std::vector<std::string> Proof(int64_t old_size, int64_t size) const {
    return *audit::ConsistencyProof(log_.Tree(), {.old_size = old_size, .new_size = size});
  }
  std::string Request(int64_t old_size, int64_t size) const {
    return audit::FormatAddCheckpoint({.old_size = old_size,
                                       .proof = Proof(old_size, size),
                                       .checkpoint = log_.SignedCheckpoint(size)});
  }
  Response Add(int64_t old_size, int64_t size) {
    return witness_->AddCheckpoint(Request(old_size, size));
  }
  // What the witness has, as its 409 says.
  std::string Size() {
    const Response response = witness_->AddCheckpoint(
        audit::FormatAddCheckpoint({.old_size = 43, .checkpoint = log_.SignedCheckpoint(44)}));
    EXPECT_EQ(response.status, 409);
    return response.body;
  }
  std::string OriginHash() const {
    return crypto::HexEncode(crypto::Sha256(audit::TestLog::kOrigin));
  }

  audit::TestLog log_;
  std::string folder_;
  base::FakeClock clock_;
  std::unique_ptr<Witness> witness_;
};

TEST_F(WitnessTest, FirstCheckpointIsCosigned) {
  const Response response = Add(0, 10);
  ASSERT_EQ(response.status, 200) << response.body;
  const std::string note = log_.SignedCheckpoint(10);
  ASSERT_OK_AND_ASSIGN(const audit::Note parsed,
                       audit::ParseNote(absl::StrCat(note, response.body)));
  ASSERT_OK_AND_ASSIGN(const auto verified, audit::VerifyNote(parsed, {log_.witness().verifier()}));
  EXPECT_EQ(verified[0].time, clock_.Now());
}

TEST_F(WitnessTest, EveryStepForwardIsCosigned) {
  for (int64_t size = 0; size < 44; ++size) {
    ASSERT_EQ(Add(size, size + 1).status, 200) << size;
  }
  EXPECT_EQ(Add(44, 44).status, 200);  // once more, with a newer time
}

TEST_F(WitnessTest, OldSizeThatIsNotTheLastKnownIsToldTheLast) {
  ASSERT_EQ(Add(0, 10).status, 200);
  const Response response = Add(0, 20);
  EXPECT_EQ(response.status, 409);
  EXPECT_EQ(response.content_type, kSizeType);
  EXPECT_EQ(response.body, "10\n");
  EXPECT_EQ(Add(5, 20).status, 409);
}

TEST_F(WitnessTest, R24SmallerCheckpointIsRefused) {
  ASSERT_EQ(Add(0, 20).status, 200);
  const Response rollback = witness_->AddCheckpoint(
      audit::FormatAddCheckpoint({.old_size = 20, .checkpoint = log_.SignedCheckpoint(10)}));
  EXPECT_EQ(rollback.status, 400);
  EXPECT_EQ(Add(0, 10).status, 409);
  EXPECT_EQ(Size(), "20\n");
}

TEST_F(WitnessTest, R24RebuiltLogIsRefused) {
  ASSERT_EQ(Add(0, 20).status, 200);
  audit::TestLog rebuilt;
  rebuilt.Fill(50);
  rebuilt.leaves()[3] = rebuilt.leaves()[4];
  const Response response = witness_->AddCheckpoint(audit::FormatAddCheckpoint(
      {.old_size = 20,
       .proof = *audit::ConsistencyProof(rebuilt.Tree(), {.old_size = 20, .new_size = 54}),
       .checkpoint = rebuilt.SignedCheckpoint()}));
  EXPECT_EQ(response.status, 422);
  EXPECT_THAT(response.body, HasSubstr("older root"));
  EXPECT_EQ(Size(), "20\n");
}

TEST_F(WitnessTest, R24SameSizeWithAnotherRootIsRefused) {
  ASSERT_EQ(Add(0, 20).status, 200);
  audit::TestLog other;
  other.Fill(40);
  std::swap(other.leaves()[3], other.leaves()[4]);
  EXPECT_EQ(witness_
                ->AddCheckpoint(audit::FormatAddCheckpoint(
                    {.old_size = 20, .checkpoint = other.SignedCheckpoint(20)}))
                .status,
            422);
}

TEST_F(WitnessTest, EveryChangedProofIsRefused) {
  ASSERT_EQ(Add(0, 13).status, 200);
  std::vector<std::string> proof = Proof(13, 44);
  for (size_t i = 0; i < proof.size(); ++i) {
    std::vector<std::string> changed = proof;
    changed[i][0] = static_cast<char>(changed[i][0] ^ 1);
    EXPECT_EQ(witness_
                  ->AddCheckpoint(audit::FormatAddCheckpoint(
                      {.old_size = 13, .proof = changed, .checkpoint = log_.SignedCheckpoint()}))
                  .status,
              422);
  }
  EXPECT_EQ(Add(13, 44).status, 200);
}

TEST_F(WitnessTest, ProofFromNothingMustBeEmpty) {
  EXPECT_EQ(
      witness_
          ->AddCheckpoint(audit::FormatAddCheckpoint(
              {.old_size = 0, .proof = Proof(10, 20), .checkpoint = log_.SignedCheckpoint(20)}))
          .status,
      422);
}

TEST_F(WitnessTest, EmptyTreeMustHaveTheEmptyRoot) {
  EXPECT_EQ(Add(0, 0).status, 200);
  ASSERT_OK_AND_ASSIGN(
      const std::string wrong,
      log_.signer().Sign(audit::FormatCheckpoint(
          {.origin = audit::TestLog::kOrigin, .size = 0, .root = std::string(32, 'x')})));
  EXPECT_EQ(witness_->AddCheckpoint(audit::FormatAddCheckpoint({.checkpoint = wrong})).status, 422);
}

TEST_F(WitnessTest, UnknownLogIsNotFound) {
  ASSERT_OK_AND_ASSIGN(const audit::NoteSigner other,
                       audit::NoteSigner::Create("other.example/log", audit::TestKey(1)));
  ASSERT_OK_AND_ASSIGN(const std::string note,
                       other.Sign(audit::FormatCheckpoint(
                           {.origin = "other.example/log", .root = audit::EmptyRoot()})));
  EXPECT_EQ(witness_->AddCheckpoint(audit::FormatAddCheckpoint({.checkpoint = note})).status, 404);
}

TEST_F(WitnessTest, R24UnknownOrFalseSignatureIsForbidden) {
  ASSERT_OK_AND_ASSIGN(const audit::NoteSigner impostor,
                       audit::NoteSigner::Create(audit::TestLog::kOrigin, audit::TestKey(9)));
  ASSERT_OK_AND_ASSIGN(const std::string unknown_key,
                       impostor.Sign(audit::ParseNote(log_.SignedCheckpoint(10))->text));
  EXPECT_EQ(witness_->AddCheckpoint(audit::FormatAddCheckpoint({.checkpoint = unknown_key})).status,
            403);
  const std::string false_signature =
      absl::StrReplaceAll(log_.SignedCheckpoint(10), {{"\n10\n", "\n11\n"}});
  EXPECT_EQ(
      witness_->AddCheckpoint(audit::FormatAddCheckpoint({.checkpoint = false_signature})).status,
      403);
}

TEST_F(WitnessTest, MalformedRequestsAreRefused) {
  const std::string note = log_.SignedCheckpoint(10);
  for (const std::string& body :
       {std::string(), std::string("old 0\n"), absl::StrCat("old x\n\n", note),
        absl::StrCat("old 0\n", note), absl::StrCat("old 0\n\n", note.substr(0, note.size() - 1)),
        std::string("old 0\n\nnot a note\n")}) {
    EXPECT_EQ(witness_->AddCheckpoint(body).status, 400) << body;
  }
}

TEST_F(WitnessTest, R24RemembersAcrossARestart) {
  ASSERT_EQ(Add(0, 10).status, 200);
  Start();
  EXPECT_EQ(Add(0, 20).body, "10\n");
  EXPECT_EQ(Add(10, 20).status, 200);
}

TEST_F(WitnessTest, StateIsOnDiskWhenTheAnswerIsGiven) {
  const Response response = Add(0, 10);
  ASSERT_OK_AND_ASSIGN(const std::string text,
                       audit::ReadFile(StatePath(), audit::kMaxWitnessStateBytes));
  ASSERT_OK_AND_ASSIGN(const auto state, audit::ParseWitnessState(text));
  EXPECT_EQ(state.at(audit::TestLog::kOrigin),
            absl::StrCat(log_.SignedCheckpoint(10), response.body));
}

TEST_F(WitnessTest, UnwritableStateGivesNoCosignatureAndNoneAfterwards) {
  ASSERT_EQ(Add(0, 10).status, 200);
  std::filesystem::remove_all(folder_);
  const Response response = Add(10, 20);
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body.find("\xe2\x80\x94"), std::string::npos);
  EXPECT_TRUE(witness_->failed());
  std::filesystem::create_directories(folder_);
  EXPECT_EQ(Add(10, 20).status, 500);
  EXPECT_EQ(witness_->LatestCheckpoint(OriginHash()).status, 500);
}

TEST_F(WitnessTest, LatestCheckpointIsServedWithBothSignatures) {
  EXPECT_EQ(witness_->LatestCheckpoint(OriginHash()).status, 404);
  ASSERT_EQ(Add(0, 10).status, 200);
  const Response response = witness_->LatestCheckpoint(OriginHash());
  ASSERT_EQ(response.status, 200);
  ASSERT_OK_AND_ASSIGN(const audit::Note note, audit::ParseNote(response.body));
  EXPECT_OK(audit::VerifyNote(note, {log_.signer().verifier()}));
  EXPECT_OK(audit::VerifyNote(note, {log_.witness().verifier()}));
  EXPECT_EQ(witness_->LatestCheckpoint("0000").status, 404);
}

TEST_F(WitnessTest, SignaturesOfOthersAreNotKept) {
  ASSERT_OK_AND_ASSIGN(const audit::Cosigner other,
                       audit::Cosigner::Create("other", audit::TestKey(9)));
  const std::string plain = log_.SignedCheckpoint(10);
  const Response response = witness_->AddCheckpoint(audit::FormatAddCheckpoint(
      {.checkpoint = absl::StrCat(plain, other.Cosign("anything\n", clock_.Now()))}));
  ASSERT_EQ(response.status, 200);
  EXPECT_EQ(witness_->LatestCheckpoint(OriginHash()).body, absl::StrCat(plain, response.body));
}

TEST_F(WitnessTest, CosignaturesNeverGoBackInTime) {
  ASSERT_EQ(Add(0, 10).status, 200);
  const absl::Time first = clock_.Now();
  clock_.Advance(-absl::Hours(1));
  Start();
  const Response response = Add(10, 20);
  ASSERT_OK_AND_ASSIGN(const auto lines, audit::ParseSignatureLines(response.body));
  ASSERT_OK_AND_ASSIGN(const absl::Time time,
                       log_.witness().verifier().Verify(
                           audit::ParseNote(log_.SignedCheckpoint(20))->text, lines[0]));
  EXPECT_EQ(time, first);
}

TEST_F(WitnessTest, StateOfAnotherWitnessIsRefused) {
  ASSERT_EQ(Add(0, 10).status, 200);
  witness_.reset();
  ASSERT_OK_AND_ASSIGN(const audit::Cosigner other,
                       audit::Cosigner::Create("witness.example/w1", audit::TestKey(9)));
  EXPECT_THAT(Witness::Create({.cosigner = other,
                               .log_keys = {log_.signer().verifier()},
                               .state_path = StatePath(),
                               .clock = &clock_}),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("was not cosigned with this witness's key")));
}

TEST_F(WitnessTest, DamagedStateIsRefused) {
  ASSERT_EQ(Add(0, 10).status, 200);
  witness_.reset();
  const std::string good = *audit::ReadFile(StatePath(), audit::kMaxWitnessStateBytes);
  ASSERT_OK(
      audit::WriteFile(StatePath(), good.substr(0, good.size() / 2), audit::Durability::kRename));
  EXPECT_THAT(Create(), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("malformed")));
  ASSERT_OK(audit::WriteFile(StatePath(), absl::StrReplaceAll(good, {{"\n10\n", "\n11\n"}}),
                             audit::Durability::kRename));
  EXPECT_THAT(Create(), StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(WitnessTest, StateOfALogNoLongerWatchedIsKept) {
  ASSERT_EQ(Add(0, 10).status, 200);
  witness_.reset();
  ASSERT_OK_AND_ASSIGN(const audit::NoteSigner other,
                       audit::NoteSigner::Create("other.example/log", audit::TestKey(5)));
  {
    ASSERT_OK_AND_ASSIGN(const auto elsewhere, Witness::Create({.cosigner = log_.witness(),
                                                                .log_keys = {other.verifier()},
                                                                .state_path = StatePath(),
                                                                .clock = &clock_}));
    ASSERT_OK_AND_ASSIGN(const std::string note,
                         other.Sign(audit::FormatCheckpoint(
                             {.origin = "other.example/log", .root = audit::EmptyRoot()})));
    ASSERT_EQ(elsewhere->AddCheckpoint(audit::FormatAddCheckpoint({.checkpoint = note})).status,
              200);
  }
  Start();
  EXPECT_EQ(Size(), "10\n");
}

TEST_F(WitnessTest, TwoWitnessesDoNotShareAState) {
  EXPECT_THAT(Create(), StatusIs(absl::StatusCode::kFailedPrecondition,
                                 HasSubstr("another witness uses the state")));
}

TEST_F(WitnessTest, LogWithTheWitnessesOwnKeyIsRefused) {
  witness_.reset();
  ASSERT_OK_AND_ASSIGN(const audit::NoteSigner self,
                       audit::NoteSigner::Create("log", audit::TestKey(2)));
  EXPECT_THAT(Witness::Create({.cosigner = log_.witness(),
                               .log_keys = {self.verifier()},
                               .state_path = StatePath(),
                               .clock = &clock_}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("witness itself")));
  EXPECT_THAT(
      Witness::Create({.cosigner = log_.witness(), .state_path = StatePath(), .clock = &clock_}),
      StatusIs(absl::StatusCode::kInvalidArgument, "a witness needs a log to watch"));
}

TEST_F(WitnessTest, LogMayHaveTwoKeys) {
  witness_.reset();
  ASSERT_OK_AND_ASSIGN(const audit::NoteSigner newer,
                       audit::NoteSigner::Create(audit::TestLog::kOrigin, audit::TestKey(5)));
  ASSERT_OK_AND_ASSIGN(witness_,
                       Witness::Create({.cosigner = log_.witness(),
                                        .log_keys = {log_.signer().verifier(), newer.verifier()},
                                        .state_path = StatePath(),
                                        .clock = &clock_}));
  ASSERT_EQ(Add(0, 10).status, 200);
  ASSERT_OK_AND_ASSIGN(const std::string note,
                       newer.Sign(audit::ParseNote(log_.SignedCheckpoint(20))->text));
  EXPECT_EQ(witness_
                ->AddCheckpoint(audit::FormatAddCheckpoint(
                    {.old_size = 10, .proof = Proof(10, 20), .checkpoint = note}))
                .status,
            200);
}

}  // namespace
}  // namespace knooppunt::witness
