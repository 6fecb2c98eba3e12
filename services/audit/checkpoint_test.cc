// Checkpoints, witnesses and proofs (R24).
#include <cstdint>
#include <filesystem>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "security/audit/merkle.h"
#include "security/audit/tiles.h"
#include "security/audit/verifier.h"
#include "services/audit/audit_testing.h"

namespace knooppunt::audit_service {
namespace {

using ::knooppunt::testing::IsOk;
using ::knooppunt::testing::StatusIs;

class CheckpointTest : public AuditTest {
 protected:
  audit::NoteVerifier LogKey() {
    return *audit::NoteVerifier::Create(kOrigin, audit::NoteAlgorithm::kEd25519,
                                        log_key_.verify_key());
  }
  // The newest note, which must carry the log's signature.
  audit::v1::Checkpoint Newest() {
    const auto checkpoint =
        Run(&AuditService::GetCheckpoint, Verifier(), audit::v1::GetCheckpointRequest());
    EXPECT_OK(checkpoint);
    EXPECT_OK(audit::VerifyNote(*audit::ParseNote(checkpoint->note()), {LogKey()}));
    return *checkpoint;
  }
  bool Cosigned(const audit::v1::Checkpoint& checkpoint) {
    return audit::VerifyNote(*audit::ParseNote(checkpoint.note()), {witness_.key()}).ok();
  }
  std::vector<std::string> Leaves() {
    const auto log = Run(&AuditService::ReadLog, Verifier(), audit::v1::ReadLogRequest());
    EXPECT_OK(log);
    return {log->leaves().begin(), log->leaves().end()};
  }
  void AppendFilled(absl::string_view unit, int count) {
    StreamWriter writer{std::string(unit)};
    writer.Fill(count);
    ASSERT_OK(Append(writer.All()));
  }
  static std::vector<std::string> Hashes(const audit::v1::Proof& proof) {
    return {proof.hashes().begin(), proof.hashes().end()};
  }
};

TEST_F(CheckpointTest, R24AnEmptyLogHasACheckpoint) {
  ASSERT_OK(OpenWithoutWitness());
  const auto checkpoint = Newest();
  EXPECT_EQ(checkpoint.size(), 0);
}

TEST_F(CheckpointTest, R24TheCheckpointIsOfTheLeavesAndCosigned) {
  ASSERT_OK(Open());
  AppendFilled("dossier", 6);
  ASSERT_OK(unit_->FlushCheckpoint());
  const auto newest = Newest();
  EXPECT_EQ(newest.size(), 7);
  EXPECT_TRUE(Cosigned(newest));
  const auto checkpoint = audit::ParseCheckpoint(audit::ParseNote(newest.note())->text);
  ASSERT_OK(checkpoint);
  EXPECT_EQ(checkpoint->origin, kOrigin);
  audit::MemoryTree tree;
  for (const std::string& leaf : Leaves()) tree.Append(leaf);
  EXPECT_EQ(checkpoint->root, tree.Root());
}

TEST_F(CheckpointTest, R24AWitnessThatIsAskedOftenSignsANoteOnce) {
  ASSERT_OK(Open());
  AppendFilled("dossier", 1);
  for (int i = 0; i < 40; ++i) ASSERT_OK(unit_->FlushCheckpoint());
  EXPECT_GE(witness_.asked(), 40);
  EXPECT_EQ(audit::ParseNote(Newest().note())->signatures.size(), 2u) << "the log and the witness";
}

TEST_F(CheckpointTest, R24AnAppendIsCosignedWithoutBeingAsked) {
  ASSERT_OK(Open());
  AppendFilled("dossier", 3);
  witness_.AwaitSize(4);
  AppendFilled("directory", 3);
  witness_.AwaitSize(8);
}

TEST_F(CheckpointTest, R24ADeadWitnessHoldsNothingUpAndIsAskedAgain) {
  witness_.SetDead(true);
  ASSERT_OK(Open());
  AppendFilled("dossier", 3);
  ASSERT_OK(unit_->FlushCheckpoint());
  EXPECT_EQ(Newest().size(), 4);
  EXPECT_FALSE(Cosigned(Newest()));

  witness_.SetDead(false);
  ASSERT_OK(unit_->FlushCheckpoint());
  EXPECT_EQ(Newest().size(), 4) << "the same checkpoint, now cosigned";
  EXPECT_TRUE(Cosigned(Newest()));
}

TEST_F(CheckpointTest, R24AWitnessThatFailedIsLeftAloneForAWhileAndThenAsked) {
  witness_.SetDead(true);
  ASSERT_OK(Open());
  const int asked = witness_.asked();
  witness_.SetDead(false);
  AppendFilled("dossier", 3);
  while (Newest().size() < 4) std::this_thread::yield();
  EXPECT_EQ(witness_.asked(), asked) << "the clock stands still";
  clock_.Advance(absl::Minutes(2));
  AppendFilled("directory", 3);
  witness_.AwaitSize(8);
}

TEST_F(CheckpointTest, R24AWitnessWithAWrongAnswerAddsNothing) {
  ASSERT_OK(Open());
  witness_.SetLying(true);
  AppendFilled("dossier", 3);
  ASSERT_OK(unit_->FlushCheckpoint());
  EXPECT_EQ(Newest().size(), 4);
  EXPECT_FALSE(Cosigned(Newest()));
}

TEST_F(CheckpointTest, R24AWitnessThatKnowsLessThanWeThinkIsAskedFromWhatItHas) {
  ASSERT_OK(Open());
  AppendFilled("dossier", 3);
  ASSERT_OK(unit_->FlushCheckpoint());
  FakeWitness replaced(*crypto::SigningKey::Generate(random_));
  AuditUnit::Options options = UnitOptions();
  options.witnesses.push_back({.client = replaced.Peer().client, .key = replaced.key()});
  AppendFilled("directory", 3);
  ASSERT_OK(OpenWith(std::move(options)));
  EXPECT_EQ(replaced.size(), 8);
}

TEST_F(CheckpointTest, R24ALogPutBackToAnOlderStateTakesNothingInAnyMore) {
  ASSERT_OK(Open());
  AppendFilled("dossier", 2);
  ASSERT_OK(unit_->FlushCheckpoint());
  unit_.reset();
  std::filesystem::copy_file(path(), folder_ + "/backup.db");
  ASSERT_OK(Open());
  AppendFilled("directory", 2);
  ASSERT_OK(unit_->FlushCheckpoint());
  unit_.reset();
  std::filesystem::copy_file(folder_ + "/backup.db", path(),
                             std::filesystem::copy_options::overwrite_existing);

  ASSERT_OK(Open());
  StreamWriter more("access");
  more.Fill(1);
  const auto refused = Append(more.All());
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(base::ReasonOf(refused.status()), "WITNESS_KNOWS_NEWER_LOG");
  EXPECT_THAT(unit_->FlushCheckpoint(), StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(Leaves().size(), 3u) << "it can still be read and compared";
  EXPECT_EQ(witness_.size(), 6);
}

TEST_F(CheckpointTest, R24ALogThatWasRebuiltAndSignedAgainIsNotCosigned) {
  ASSERT_OK(Open());
  AppendFilled("dossier", 2);
  ASSERT_OK(unit_->FlushCheckpoint());
  unit_.reset();
  for (const auto& file : std::filesystem::directory_iterator(folder_)) {
    std::filesystem::remove(file);
  }
  witness_.SetDead(true);
  ASSERT_OK(Open());
  AppendFilled("directory", 9);
  ASSERT_OK(unit_->FlushCheckpoint());
  witness_.SetDead(false);
  EXPECT_THAT(unit_->FlushCheckpoint(), StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_FALSE(Cosigned(Newest()));
  StreamWriter more("access");
  more.Fill(1);
  EXPECT_EQ(base::ReasonOf(Append(more.All()).status()), "WITNESS_KNOWS_NEWER_LOG");
}

TEST_F(CheckpointTest, AReplacedLogKeySignsAnew) {
  ASSERT_OK(OpenWithoutWitness());
  AppendFilled("dossier", 2);
  ASSERT_OK(unit_->FlushCheckpoint());
  log_key_ = *crypto::SigningKey::Generate(random_);
  ASSERT_OK(OpenWithoutWitness());
  EXPECT_EQ(Newest().size(), 3);
}

TEST_F(CheckpointTest, R24InclusionOfEveryLeafVerifies) {
  ASSERT_OK(OpenWithoutWitness());
  AppendFilled("dossier", 12);
  const std::vector<std::string> leaves = Leaves();
  audit::MemoryTree tree;
  for (const std::string& leaf : leaves) {
    tree.Append(leaf);
    audit::v1::ProveInclusionRequest request;
    request.set_size(tree.size());
    for (int64_t index = 0; index < tree.size(); ++index) {
      request.set_index(index);
      const auto proof = Run(&AuditService::ProveInclusion, Verifier(), request);
      ASSERT_OK(proof);
      EXPECT_OK(audit::VerifyInclusion({.index = index, .size = tree.size()},
                                       audit::LeafHash(leaves[index]), tree.Root(),
                                       Hashes(*proof)));
    }
  }
}

TEST_F(CheckpointTest, R24ConsistencyOfEveryPrefixVerifies) {
  ASSERT_OK(OpenWithoutWitness());
  AppendFilled("dossier", 12);
  std::vector<std::string> roots = {audit::EmptyRoot()};
  audit::MemoryTree tree;
  for (const std::string& leaf : Leaves()) {
    tree.Append(leaf);
    roots.push_back(tree.Root());
  }
  audit::v1::ProveConsistencyRequest request;
  for (int64_t new_size = 0; new_size <= tree.size(); ++new_size) {
    for (int64_t old_size = 0; old_size <= new_size; ++old_size) {
      request.set_old_size(old_size);
      request.set_new_size(new_size);
      const auto proof = Run(&AuditService::ProveConsistency, Verifier(), request);
      ASSERT_OK(proof);
      EXPECT_OK(audit::VerifyConsistency({.old_size = old_size, .new_size = new_size},
                                         {.old_root = roots[old_size], .new_root = roots[new_size]},
                                         Hashes(*proof)));
    }
  }
}

TEST_F(CheckpointTest, ProofsBeyondTheLogOrOfNonsenseAreRefused) {
  ASSERT_OK(OpenWithoutWitness());
  AppendFilled("dossier", 2);
  audit::v1::ProveInclusionRequest inclusion;
  inclusion.set_index(0);
  inclusion.set_size(4);
  EXPECT_THAT(Run(&AuditService::ProveInclusion, Verifier(), inclusion),
              StatusIs(absl::StatusCode::kOutOfRange));
  inclusion.set_index(3);
  inclusion.set_size(3);
  EXPECT_THAT(Run(&AuditService::ProveInclusion, Verifier(), inclusion),
              StatusIs(absl::StatusCode::kInvalidArgument));
  inclusion.set_index(-1);
  EXPECT_THAT(Run(&AuditService::ProveInclusion, Verifier(), inclusion),
              StatusIs(absl::StatusCode::kInvalidArgument));
  audit::v1::ProveConsistencyRequest consistency;
  consistency.set_old_size(1);
  consistency.set_new_size(INT64_MAX);
  EXPECT_THAT(Run(&AuditService::ProveConsistency, Verifier(), consistency),
              StatusIs(absl::StatusCode::kOutOfRange));
  consistency.set_new_size(0);
  EXPECT_THAT(Run(&AuditService::ProveConsistency, Verifier(), consistency),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

// Leaves as an exporter gets them.
class ExportedLeaves final : public audit::LeafSource {
 public:
  explicit ExportedLeaves(std::vector<std::string> leaves) : leaves_(std::move(leaves)) {}
  absl::StatusOr<std::vector<std::string>> ReadLeaves(int64_t begin, int count) const override {
    return std::vector<std::string>(leaves_.begin() + begin, leaves_.begin() + begin + count);
  }

 private:
  const std::vector<std::string> leaves_;
};

TEST_F(CheckpointTest, R24AnExportVerifiesAgainstTheWitness) {
  ASSERT_OK(Open());
  for (const char* unit : {"dossier", "directory", "access", "audit"}) {
    StreamWriter writer(unit);
    writer.Fill(100);
    writer.AddEvent(audit::StreamEventKind::kClose);
    ASSERT_OK(Append(writer.All()));
  }
  ASSERT_OK(unit_->FlushCheckpoint());
  const std::string note = Newest().note();
  const ExportedLeaves leaves(Leaves());
  const std::string dir = folder_ + "/export";
  ASSERT_OK(audit::WriteLogDirectory({.dir = dir, .checkpoint = note, .leaves = &leaves}));
  const auto report = audit::VerifyLogDirectory(
      {.dir = dir, .log_key = LogKey(), .witness_keys = {witness_.key()}});
  ASSERT_OK(report);
  EXPECT_EQ(report->size, 408);
  EXPECT_EQ(report->streams.size(), 4u);
  EXPECT_THAT(report->problems, ::testing::IsEmpty());
}

TEST_F(CheckpointTest, R24AppendsFromManyThreadsMakeOneConsistentLog) {
  ASSERT_OK(Open());
  std::vector<std::thread> threads;
  for (const char* unit : {"dossier", "directory", "access", "audit"}) {
    threads.emplace_back([this, unit] {
      StreamWriter writer(unit);
      writer.Fill(49);
      for (int seq = 1; seq <= writer.size(); ++seq) EXPECT_OK(Append(writer.Batch(seq, seq)));
    });
  }
  for (std::thread& thread : threads) thread.join();
  ASSERT_OK(unit_->FlushCheckpoint());
  audit::MemoryTree tree;
  for (const std::string& leaf : Leaves()) tree.Append(leaf);
  const auto newest = Newest();
  EXPECT_EQ(newest.size(), 200);
  EXPECT_TRUE(Cosigned(newest));
  EXPECT_EQ(audit::ParseCheckpoint(audit::ParseNote(newest.note())->text)->root, tree.Root());
}

}  // namespace
}  // namespace knooppunt::audit_service
