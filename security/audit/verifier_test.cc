#include "security/audit/verifier.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/status_testing.h"
#include "security/audit/checkpoint.h"
#include "security/audit/file.h"
#include "security/audit/testing_log.h"
#include "security/audit/tiles.h"
#include "security/audit/witness_state.h"
#include "security/crypto/hash.h"

namespace knooppunt::audit {
namespace {

using ::knooppunt::testing::StatusIs;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int kRecords = 600;

// A log of 604 entries, exported; each test damages the files or what it is held against.
class VerifierTest : public ::testing::Test {
 protected:
  VerifierTest() : dir_(TestFolder("log")) { log_.Fill(kRecords); }

  void Export(absl::string_view checkpoint) {
    ASSERT_OK(WriteLogDirectory({.dir = dir_, .checkpoint = checkpoint, .leaves = &log_}));
  }
  absl::StatusOr<VerifyLogReport> Verify(std::string older = "") {
    return VerifyLogDirectory({.dir = dir_,
                               .log_key = log_.signer().verifier(),
                               .witness_keys = {log_.witness().verifier()},
                               .older = std::move(older)});
  }
  std::string Path(absl::string_view file) { return absl::StrCat(dir_, "/", file); }
  void RemoveTiles() {
    for (const char* level : {"0", "1"})
      std::filesystem::remove_all(Path(absl::StrCat("tile/", level)));
  }
  std::vector<std::string> Bundle(const BundleId& id) {
    return *LogDirectory(dir_).ReadEntries(id);
  }
  void PutBundle(const BundleId& id, const std::vector<std::string>& entries) {
    ASSERT_OK(WriteFile(Path(EntriesPath(id)), *EncodeBundle(entries), Durability::kRename));
  }
  void PutCheckpoint(absl::string_view note) {
    ASSERT_OK(WriteFile(Path("checkpoint"), note, Durability::kRename));
  }

  TestLog log_;
  std::string dir_;
};

TEST_F(VerifierTest, UntouchedLogHolds) {
  Export(log_.CosignedCheckpoint());
  ASSERT_OK_AND_ASSIGN(const VerifyLogReport report, Verify());
  EXPECT_EQ(report.origin, TestLog::kOrigin);
  EXPECT_EQ(report.size, kRecords + 4);
  EXPECT_EQ(report.root, log_.Tree().Root());
  EXPECT_EQ(report.older_size, -1);
  ASSERT_THAT(report.cosignatures, SizeIs(1));
  EXPECT_EQ(report.cosignatures[0].name, "witness.example/w1");
  EXPECT_EQ(report.cosignatures[0].time, log_.now());
  ASSERT_THAT(report.streams, SizeIs(2));
  EXPECT_THAT(report.problems, IsEmpty());
}

TEST_F(VerifierTest, UntouchedLogHoldsWithoutTilesAndAtEveryOlderSize) {
  Export(log_.CosignedCheckpoint());
  RemoveTiles();
  for (const int64_t size : {0, 1, 255, 256, 257, 512, 600, 604}) {
    ASSERT_OK_AND_ASSIGN(const VerifyLogReport report, Verify(log_.SignedCheckpoint(size)));
    EXPECT_EQ(report.older_size, size);
  }
}

TEST_F(VerifierTest, EmptyLogHolds) {
  Export(log_.CosignedCheckpoint(0));
  ASSERT_OK_AND_ASSIGN(const VerifyLogReport report, Verify());
  EXPECT_EQ(report.size, 0);
}

TEST_F(VerifierTest, R24EveryChangedByteOfAnEntryIsNoticedAndTheEntryNamed) {
  Export(log_.CosignedCheckpoint());
  const BundleId id{.index = 2, .width = 92};
  const std::vector<std::string> entries = Bundle(id);
  const std::string& victim = entries[40];
  for (size_t i = 0; i < victim.size(); ++i) {
    std::vector<std::string> changed = entries;
    changed[40][i] = static_cast<char>(changed[40][i] ^ 1);
    PutBundle(id, changed);
    EXPECT_THAT(Verify(), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("Entry 552"))) << i;
  }
}

TEST_F(VerifierTest, R24ChangedByteOfATileIsNoticed) {
  Export(log_.CosignedCheckpoint());
  for (const auto& [file, sentence] :
       {std::pair{"tile/0/001", "Entry 259 is not the one whose hash is in tile/0/001"},
        std::pair{"tile/1/000.p/2", "tile/1/000.p/2 is not that of the entries below it"}}) {
    const std::string good = *ReadFile(Path(file), 1 << 20);
    std::string bad = good;
    bad[good.size() > 100 ? 100 : 40] ^= 1;
    ASSERT_OK(WriteFile(Path(file), bad, Durability::kRename));
    EXPECT_THAT(Verify(), StatusIs(absl::StatusCode::kDataLoss, HasSubstr(sentence)));
    ASSERT_OK(WriteFile(Path(file), good, Durability::kRename));
  }
  EXPECT_OK(Verify());
}

TEST_F(VerifierTest, R24DroppedRecordIsNoticed) {
  Export(log_.CosignedCheckpoint());
  const BundleId id{.index = 2, .width = 92};
  std::vector<std::string> entries = Bundle(id);
  entries.erase(entries.begin() + 10);
  PutBundle(id, entries);
  EXPECT_THAT(Verify(),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("holds 91 entries instead of 92")));
}

TEST_F(VerifierTest, R24DroppedRecordIsNoticedUnderACheckpointThatFits) {
  log_.leaves().erase(log_.leaves().begin() + 300);
  Export(log_.CosignedCheckpoint());
  EXPECT_THAT(Verify(), StatusIs(absl::StatusCode::kDataLoss,
                                 AllOf(HasSubstr("of stream "),
                                       HasSubstr("a record was dropped, added or moved"))));
}

TEST_F(VerifierTest, R24SwappedRecordsOfOneStreamAreNoticed) {
  Export(log_.CosignedCheckpoint());
  const BundleId id{.index = 0};
  std::vector<std::string> entries = Bundle(id);
  std::swap(entries[3], entries[4]);  // both of the stream dossier
  PutBundle(id, entries);
  EXPECT_THAT(Verify(), StatusIs(absl::StatusCode::kDataLoss,
                                 HasSubstr("Entry 3, record 3 of stream dossier/inc-1")));
}

TEST_F(VerifierTest, R24SwappedRecordsOfTwoStreamsAreNoticed) {
  Export(log_.CosignedCheckpoint());
  const BundleId id{.index = 0};
  std::vector<std::string> entries = Bundle(id);
  std::swap(entries[4], entries[5]);  // dossier and access: each stream by itself still holds
  PutBundle(id, entries);
  EXPECT_THAT(Verify(), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("Entry 4 is not")));
  RemoveTiles();
  EXPECT_THAT(Verify(), StatusIs(absl::StatusCode::kDataLoss,
                                 HasSubstr("do not give the root that the checkpoint states")));
}

TEST_F(VerifierTest, R24CutTailIsNoticed) {
  Export(log_.CosignedCheckpoint());
  std::filesystem::remove_all(Path("tile/entries/002.p"));
  EXPECT_THAT(Verify(),
              StatusIs(absl::StatusCode::kDataLoss,
                       AllOf(HasSubstr("Entries 512 to 603"), HasSubstr("tail was cut off"))));
}

TEST_F(VerifierTest, R24TailCutUnderAnOlderCosignedCheckpointShowsAgainstTheOneKept) {
  const std::string kept = log_.CosignedCheckpoint();
  Export(log_.CosignedCheckpoint(500));
  EXPECT_OK(Verify());  // by itself such a log holds: that is what the kept one is for
  const auto cut = StatusIs(absl::StatusCode::kDataLoss,
                            AllOf(HasSubstr("covers 500 entries"), HasSubstr("covers 604"),
                                  HasSubstr("tail was cut off")));
  EXPECT_THAT(Verify(kept), cut);
  EXPECT_THAT(Verify(FormatWitnessState({{TestLog::kOrigin, kept}})), cut);
}

TEST_F(VerifierTest, R24LogRebuiltAndSignedAgainLacksTheWitness) {
  const std::string kept = log_.CosignedCheckpoint(300);
  TestLog rebuilt;
  rebuilt.Open("dossier");
  for (int i = 1; i < kRecords + 4; ++i) rebuilt.Facts("dossier");
  log_.leaves() = rebuilt.leaves();
  Export(log_.SignedCheckpoint());
  EXPECT_THAT(Verify(), StatusIs(absl::StatusCode::kUnauthenticated,
                                 HasSubstr("has 0 of the 1 witness cosignatures required")));
  // Even without asking for a witness, a checkpoint kept elsewhere shows it.
  EXPECT_THAT(
      VerifyLogDirectory({.dir = dir_,
                          .log_key = log_.signer().verifier(),
                          .required_witnesses = 0,
                          .older = kept}),
      StatusIs(absl::StatusCode::kDataLoss, HasSubstr("The first 300 entries are not those")));
}

TEST_F(VerifierTest, R24CosignatureOfAnotherCheckpointDoesNotCount) {
  const std::string cosigned = log_.CosignedCheckpoint();
  const std::string line = cosigned.substr(cosigned.rfind("\xe2\x80\x94"));
  log_.leaves()[603] = log_.leaves()[602];
  Export(absl::StrCat(log_.SignedCheckpoint(), line));
  EXPECT_THAT(Verify(), StatusIs(absl::StatusCode::kUnauthenticated,
                                 HasSubstr("cosignature of witness witness.example/w1 does not "
                                           "belong to this checkpoint")));
}

TEST_F(VerifierTest, CheckpointOfAnotherKeyIsRefused) {
  ASSERT_OK_AND_ASSIGN(const NoteSigner impostor, NoteSigner::Create(TestLog::kOrigin, TestKey(9)));
  Export(log_.CosignedCheckpoint());
  ASSERT_OK_AND_ASSIGN(const std::string forged,
                       impostor.Sign(ParseNote(log_.SignedCheckpoint())->text));
  PutCheckpoint(forged);
  EXPECT_THAT(Verify(), StatusIs(absl::StatusCode::kUnauthenticated,
                                 "The checkpoint is not signed with the key of "
                                 "knooppunt.example/audit."));
}

TEST_F(VerifierTest, CheckpointOfAnotherLogIsRefused) {
  ASSERT_OK_AND_ASSIGN(const NoteSigner other, NoteSigner::Create("other.example/log", TestKey(1)));
  ASSERT_OK_AND_ASSIGN(const std::string note,
                       other.Sign(FormatCheckpoint(
                           {.origin = "other.example/log", .size = 0, .root = EmptyRoot()})));
  PutCheckpoint(note);
  EXPECT_THAT(Verify(), StatusIs(absl::StatusCode::kUnauthenticated,
                                 HasSubstr("is of the log other.example/log")));
}

TEST_F(VerifierTest, MissingOrMalformedCheckpointIsSaid) {
  EXPECT_THAT(Verify(), StatusIs(absl::StatusCode::kNotFound,
                                 HasSubstr("The log's checkpoint cannot be read")));
  PutCheckpoint("nothing");
  EXPECT_THAT(Verify(),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("The checkpoint is malformed")));
}

TEST_F(VerifierTest, OlderCheckpointMustBeOfThisLogAndSigned) {
  Export(log_.CosignedCheckpoint());
  EXPECT_THAT(Verify("nothing"), StatusIs(absl::StatusCode::kInvalidArgument,
                                          HasSubstr("The older checkpoint is malformed")));
  EXPECT_THAT(Verify(FormatWitnessState({})),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("has no checkpoint")));
  ASSERT_OK_AND_ASSIGN(const NoteSigner stranger, NoteSigner::Create("stranger", TestKey(9)));
  ASSERT_OK_AND_ASSIGN(const std::string unsigned_older,
                       stranger.Sign(ParseNote(log_.SignedCheckpoint(5))->text));
  EXPECT_THAT(Verify(unsigned_older),
              StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("not signed with any")));
  ASSERT_OK_AND_ASSIGN(const std::string other,
                       stranger.Sign(FormatCheckpoint({.origin = "other", .root = EmptyRoot()})));
  EXPECT_THAT(Verify(other),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("is of the log other")));
}

TEST_F(VerifierTest, OneKeyIsNotTwoPairsOfEyes) {
  Export(log_.CosignedCheckpoint());
  ASSERT_OK_AND_ASSIGN(const Cosigner again, Cosigner::Create("other-name", TestKey(2)));
  EXPECT_THAT(VerifyLogDirectory({.dir = dir_,
                                  .log_key = log_.signer().verifier(),
                                  .witness_keys = {log_.witness().verifier(), again.verifier()},
                                  .required_witnesses = 2}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("second pair of eyes")));
  ASSERT_OK_AND_ASSIGN(const Cosigner self, Cosigner::Create("self", TestKey(1)));
  EXPECT_THAT(
      VerifyLogDirectory(
          {.dir = dir_, .log_key = log_.signer().verifier(), .witness_keys = {self.verifier()}}),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("second pair of eyes")));
  EXPECT_THAT(
      VerifyLogDirectory({.dir = dir_, .log_key = log_.signer().verifier()}),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("1 cosignatures are required")));
}

TEST_F(VerifierTest, EachOfTheWitnessesRequiredMustHaveCosigned) {
  ASSERT_OK_AND_ASSIGN(const Cosigner second, Cosigner::Create("witness.example/w2", TestKey(3)));
  const std::string one = log_.CosignedCheckpoint();
  const VerifyLogOptions options{.dir = dir_,
                                 .log_key = log_.signer().verifier(),
                                 .witness_keys = {log_.witness().verifier(), second.verifier()},
                                 .required_witnesses = 2};
  Export(one);
  EXPECT_THAT(VerifyLogDirectory(options),
              StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("has 1 of the 2")));
  PutCheckpoint(absl::StrCat(one, second.Cosign(ParseNote(one)->text, log_.now())));
  EXPECT_OK(VerifyLogDirectory(options));
}

TEST_F(VerifierTest, R24StreamThatFellSilentIsAProblemToExplain) {
  log_.Open("consent");
  log_.Heartbeat("consent");
  log_.set_now(log_.now() + absl::Minutes(10));
  Export(log_.CosignedCheckpoint());
  ASSERT_OK_AND_ASSIGN(const VerifyLogReport report, Verify());
  EXPECT_THAT(
      report.problems,
      ElementsAre(AllOf(HasSubstr("Stream consent/inc-1 has no close record after record 2"),
                        HasSubstr("2027-01-15T08:10:05Z"))));
}

TEST_F(VerifierTest, OpenStreamWithRecentHeartbeatIsNoProblem) {
  log_.Open("consent");
  log_.set_now(log_.now() + absl::Minutes(2));
  Export(log_.CosignedCheckpoint());
  ASSERT_OK_AND_ASSIGN(const VerifyLogReport report, Verify());
  EXPECT_THAT(report.problems, IsEmpty());
}

TEST_F(VerifierTest, StreamWithoutOpenRecordIsAProblemToExplain) {
  log_.Facts("consent");
  log_.Close("consent");
  Export(log_.CosignedCheckpoint());
  ASSERT_OK_AND_ASSIGN(const VerifyLogReport report, Verify());
  EXPECT_THAT(report.problems,
              ElementsAre("Stream consent/inc-1 does not begin with an open record."));
}

TEST(WitnessStateTest, RoundTripsAndRefusesAnythingElse) {
  TestLog log;
  log.Fill(3);
  const std::string note = log.CosignedCheckpoint();
  const std::string text = FormatWitnessState({{TestLog::kOrigin, note}});
  EXPECT_EQ(text, absl::StrCat("knooppunt-witness-state-v1\ncheckpoint ", note.size(), "\n", note));
  ASSERT_OK_AND_ASSIGN(const WitnessState state, ParseWitnessState(text));
  EXPECT_THAT(state,
              ElementsAre(std::pair<const std::string, std::string>(TestLog::kOrigin, note)));
  ASSERT_OK_AND_ASSIGN(const WitnessState empty, ParseWitnessState(FormatWitnessState({})));
  EXPECT_THAT(empty, IsEmpty());
  for (const std::string& bad :
       {std::string(), std::string("x"), text.substr(0, text.size() - 1), absl::StrCat(text, "x"),
        absl::StrCat(text, text.substr(text.find("checkpoint"))),
        absl::StrReplaceAll(text, {{"checkpoint ", "checkpoint 0"}})}) {
    EXPECT_THAT(ParseWitnessState(bad), StatusIs(absl::StatusCode::kInvalidArgument)) << bad;
  }
}

}  // namespace
}  // namespace knooppunt::audit
