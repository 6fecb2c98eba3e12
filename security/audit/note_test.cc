#include "security/audit/note.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/status_testing.h"
#include "security/audit/limits.h"
#include "security/crypto/random.h"

namespace knooppunt::audit {
namespace {

using ::knooppunt::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::SizeIs;

// The example of C2SP signed-note.
constexpr char kExampleKey[] =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
constexpr char kExampleText[] = "This is an example message.\n";
constexpr char kExampleNote[] =
    "This is an example message.\n"
    "\n"
    "\xe2\x80\x94 example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3"
    "mFXmRKuwHjG1Yu72IneyaQM=\n";

const absl::Time kNow = absl::FromUnixSeconds(1679315147);

crypto::SigningKey Key(uint64_t seed) {
  crypto::SeededRandom random(seed);
  return *crypto::SigningKey::Generate(random);
}
NoteSigner Log() { return *NoteSigner::Create("knooppunt.example/log", Key(1)); }
Cosigner WitnessKey() { return *Cosigner::Create("witness.example/w1", Key(2)); }

TEST(NoteTest, PublishedExampleVerifies) {
  ASSERT_OK_AND_ASSIGN(const NoteVerifier verifier, NoteVerifier::Parse(kExampleKey));
  EXPECT_EQ(verifier.name(), "example.com/foo");
  EXPECT_EQ(verifier.key_id(), 0x530d903au);
  EXPECT_EQ(verifier.ToString(), kExampleKey);
  ASSERT_OK_AND_ASSIGN(const Note note, ParseNote(kExampleNote));
  EXPECT_EQ(note.text, kExampleText);
  EXPECT_OK(VerifyNote(note, {verifier}));
}

TEST(NoteTest, SignedNoteOpensWithItsKeyOnly) {
  ASSERT_OK_AND_ASSIGN(const std::string signed_note, Log().Sign("a\n\nb\n"));
  ASSERT_OK_AND_ASSIGN(const Note note, ParseNote(signed_note));
  EXPECT_EQ(note.text, "a\n\nb\n");
  ASSERT_OK_AND_ASSIGN(const auto verified, VerifyNote(note, {Log().verifier()}));
  ASSERT_THAT(verified, SizeIs(1));
  EXPECT_EQ(verified[0].name, "knooppunt.example/log");
  EXPECT_EQ(verified[0].time, absl::InfinitePast());
  ASSERT_OK_AND_ASSIGN(const NoteSigner other, NoteSigner::Create("knooppunt.example/log", Key(3)));
  EXPECT_THAT(VerifyNote(note, {other.verifier()}),
              StatusIs(absl::StatusCode::kUnauthenticated, "no signature of a known key"));
}

TEST(NoteTest, EveryFlippedBitIsNoticed) {
  ASSERT_OK_AND_ASSIGN(const std::string signed_note, Log().Sign("text\n"));
  for (size_t i = 0; i < signed_note.size() * 8; ++i) {
    std::string changed = signed_note;
    changed[i / 8] = static_cast<char>(changed[i / 8] ^ (1 << (i % 8)));
    const absl::StatusOr<Note> note = ParseNote(changed);
    if (!note.ok()) continue;
    EXPECT_THAT(VerifyNote(*note, {Log().verifier()}), StatusIs(absl::StatusCode::kUnauthenticated))
        << "bit " << i;
  }
}

TEST(NoteTest, FalseSignatureOfAKnownKeySpoilsTheNote) {
  ASSERT_OK_AND_ASSIGN(const std::string good, Log().Sign("text\n"));
  ASSERT_OK_AND_ASSIGN(const std::string other, Log().Sign("other\n"));
  const std::string both = absl::StrCat(good, other.substr(std::string("other\n\n").size()));
  ASSERT_OK_AND_ASSIGN(const Note note, ParseNote(both));
  ASSERT_THAT(note.signatures, SizeIs(2));
  EXPECT_THAT(VerifyNote(note, {Log().verifier()}),
              StatusIs(absl::StatusCode::kUnauthenticated,
                       "the signature is not that of knooppunt.example/log"));
}

TEST(NoteTest, CosignatureStatesItsTime) {
  ASSERT_OK_AND_ASSIGN(std::string signed_note, Log().Sign("a\n1\nb\n"));
  absl::StrAppend(&signed_note, WitnessKey().Cosign("a\n1\nb\n", kNow));
  ASSERT_OK_AND_ASSIGN(const Note note, ParseNote(signed_note));
  ASSERT_OK_AND_ASSIGN(const auto verified,
                       VerifyNote(note, {WitnessKey().verifier(), Log().verifier()}));
  ASSERT_THAT(verified, SizeIs(2));
  EXPECT_EQ(verified[1].name, "witness.example/w1");
  EXPECT_EQ(verified[1].time, kNow);
}

TEST(NoteTest, CosignatureWithAnotherTimeIsRefused) {
  const Cosigner witness = WitnessKey();
  ASSERT_OK_AND_ASSIGN(auto lines, ParseSignatureLines(witness.Cosign("text\n", kNow)));
  lines[0].signature[7] = static_cast<char>(lines[0].signature[7] + 1);
  EXPECT_THAT(witness.verifier().Verify("text\n", lines[0]),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST(NoteTest, OneKeyIsAnotherKeyUnderAnotherAlgorithm) {
  ASSERT_OK_AND_ASSIGN(const NoteSigner log, NoteSigner::Create("same", Key(4)));
  ASSERT_OK_AND_ASSIGN(const Cosigner witness, Cosigner::Create("same", Key(4)));
  EXPECT_NE(log.verifier().key_id(), witness.verifier().key_id());
  ASSERT_OK_AND_ASSIGN(auto lines, ParseSignatureLines(witness.Cosign("text\n", kNow)));
  EXPECT_THAT(log.verifier().Verify("text\n", lines[0]),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST(NoteTest, VerifierKeyTextRoundTripsForBothAlgorithms) {
  for (const NoteVerifier& verifier : {Log().verifier(), WitnessKey().verifier()}) {
    ASSERT_OK_AND_ASSIGN(const NoteVerifier parsed, NoteVerifier::Parse(verifier.ToString()));
    EXPECT_EQ(parsed.key_id(), verifier.key_id());
    EXPECT_EQ(parsed.algorithm(), verifier.algorithm());
    EXPECT_EQ(parsed.raw_key(), verifier.raw_key());
  }
}

TEST(NoteTest, MalformedVerifierKeysAreRefused) {
  for (const std::string& text : {
           std::string(""),
           std::string("example.com/foo"),
           std::string("a+b"),
           absl::StrReplaceAll(kExampleKey, {{"530d903a", "530d903b"}}),
           absl::StrReplaceAll(kExampleKey, {{"530d903a", "530D903A"}}),
           absl::StrReplaceAll(kExampleKey, {{"example.com/foo", "example.com/fo"}}),
           absl::StrReplaceAll(kExampleKey, {{"example.com/foo", "example com"}}),
           absl::StrReplaceAll(kExampleKey, {{"+AekyeR", "+BekyeR"}}),
           absl::StrCat(kExampleKey, "AAAA"),
       }) {
    EXPECT_THAT(NoteVerifier::Parse(text), StatusIs(absl::StatusCode::kInvalidArgument)) << text;
  }
}

TEST(NoteTest, MalformedNotesAreRefused) {
  const std::string line = WitnessKey().Cosign("a\n", kNow);
  for (const std::string& text : {
           std::string(""),
           std::string("a\n"),
           std::string("a\n\n"),
           absl::StrCat("a\n", line),
           absl::StrCat("a\n\n", line.substr(0, line.size() - 1)),
           absl::StrCat("a\n\n", line, "\n"),
           absl::StrCat("a\n\n", line, "b\n"),
           absl::StrCat("a\r\n\n", line),
           absl::StrCat("a\xff\n\n", line),
           absl::StrCat("a\xc0\x80\n\n", line),      // an overlong zero
           absl::StrCat("a\xed\xa0\x80\n\n", line),  // a surrogate
           std::string("a\n\n- witness AAAAAAAAAA==\n"),
           std::string("a\n\n\xe2\x80\x94 witness AAAA\n"),
           std::string("a\n\n\xe2\x80\x94 wit+ness AAAAAAAA\n"),
           std::string("a\n\n\xe2\x80\x94 wit\xc2\xa0ness AAAAAAAA\n"),
           std::string("a\n\n\xe2\x80\x94 wit ness AAAAAAAA\n"),
       }) {
    EXPECT_THAT(ParseNote(text), StatusIs(absl::StatusCode::kInvalidArgument)) << text;
  }
}

TEST(NoteTest, SignaturesAndLengthAreCapped) {
  const std::string line = WitnessKey().Cosign("a\n", kNow);
  std::string note = "a\n\n";
  for (int i = 0; i < kMaxNoteSignatures; ++i) absl::StrAppend(&note, line);
  EXPECT_OK(ParseNote(note));
  absl::StrAppend(&note, line);
  EXPECT_THAT(ParseNote(note), StatusIs(absl::StatusCode::kInvalidArgument, "too many signatures"));
  EXPECT_THAT(ParseNote(absl::StrCat(std::string(kMaxNoteBytes, 'a'), "\n\n", line)),
              StatusIs(absl::StatusCode::kInvalidArgument, "the note is too long"));
}

TEST(NoteTest, AddSignaturesTakesOnlyValidOnesOfKnownKeys) {
  const Cosigner witness = WitnessKey();
  ASSERT_OK_AND_ASSIGN(const Cosigner stranger, Cosigner::Create("stranger", Key(5)));
  ASSERT_OK_AND_ASSIGN(const std::string note, Log().Sign("text\n"));
  const std::string line = witness.Cosign("text\n", kNow);
  const std::string strange = stranger.Cosign("text\n", kNow);
  ASSERT_OK_AND_ASSIGN(const std::string added,
                       AddSignatures(note, absl::StrCat(strange, line), {witness.verifier()}));
  EXPECT_EQ(added, absl::StrCat(note, line));
  ASSERT_OK_AND_ASSIGN(const std::string again, AddSignatures(added, line, {witness.verifier()}));
  EXPECT_EQ(again, added);
  EXPECT_THAT(AddSignatures(note, strange, {witness.verifier()}),
              StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(AddSignatures(note, witness.Cosign("other\n", kNow), {witness.verifier()}),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST(NoteTest, SigningRefusesWhatNobodyCouldParse) {
  for (const char* text : {"", "no end", "tab\t\n", "\xff\n"}) {
    EXPECT_THAT(Log().Sign(text), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("UTF-8")));
  }
  EXPECT_THAT(NoteSigner::Create("with space", Key(1)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace knooppunt::audit
