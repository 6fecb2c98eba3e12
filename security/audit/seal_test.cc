#include "security/audit/seal.h"

#include <string>

#include "base/status_testing.h"
#include "security/audit/leaf.h"
#include "security/audit/limits.h"
#include "security/crypto/aead.h"
#include "security/crypto/hash.h"

namespace knooppunt::audit {
namespace {

using ::knooppunt::testing::StatusIs;
using ::testing::HasSubstr;

class SealTest : public ::testing::Test {
 protected:
  SealedRecord Sealed(const RecordParts& parts) { return *SealRecord(keys_, parts, random_); }

  crypto::SeededRandom random_{11};
  AuditKeys keys_ = *AuditKeys::Derive(random_.Key());
  const RecordParts parts_{.a = "prof-1 read at noon", .b = "families/f-1/cases/c-1"};
};

TEST_F(SealTest, OpensToWhatWasSealed) {
  const SealedRecord sealed = Sealed(parts_);
  ASSERT_OK_AND_ASSIGN(const RecordParts opened, OpenRecord(keys_, sealed.body, sealed.payload));
  EXPECT_EQ(opened.a, parts_.a);
  EXPECT_EQ(opened.b, parts_.b);
}

TEST_F(SealTest, EmptyPartsAreParts) {
  const SealedRecord sealed = Sealed({});
  ASSERT_OK_AND_ASSIGN(const RecordParts opened, OpenRecord(keys_, sealed.body, sealed.payload));
  EXPECT_EQ(opened.a, "");
}

TEST_F(SealTest, BodyIsABodyOfTheLogAndHashesTheSealedParts) {
  const SealedRecord sealed = Sealed(parts_);
  ASSERT_OK_AND_ASSIGN(const AuditHashes hashes, ParseAuditBody(sealed.body));
  const size_t a_bytes = parts_.a.size() + crypto::kAeadOverheadBytes;
  EXPECT_EQ(hashes.who, crypto::Sha256(sealed.payload.substr(8, a_bytes)));
  EXPECT_EQ(hashes.about, crypto::Sha256(sealed.payload.substr(8 + a_bytes + 8)));
}

TEST_F(SealTest, R24FlippedBitOfPayloadOrBodyIsNoticed) {
  const SealedRecord sealed = Sealed(parts_);
  for (size_t i = 0; i < sealed.payload.size() * 8; ++i) {
    std::string payload = sealed.payload;
    payload[i / 8] = static_cast<char>(payload[i / 8] ^ (1 << (i % 8)));
    EXPECT_THAT(OpenRecord(keys_, sealed.body, payload), StatusIs(absl::StatusCode::kDataLoss));
  }
  for (size_t i = 0; i < sealed.body.size() * 8; ++i) {
    std::string body = sealed.body;
    body[i / 8] = static_cast<char>(body[i / 8] ^ (1 << (i % 8)));
    EXPECT_FALSE(OpenRecord(keys_, body, sealed.payload).ok()) << i;
  }
}

TEST_F(SealTest, R24SwappedPartsAreNoticed) {
  const SealedRecord one = Sealed({.a = "aaaa", .b = "bbbb"});
  const size_t half = one.payload.size() / 2;
  EXPECT_THAT(OpenRecord(keys_, one.body, one.payload.substr(half) + one.payload.substr(0, half)),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("not the one that was logged")));
}

TEST_F(SealTest, R24PartsSealedAnewUnderTheKeyDoNotFitTheCommitment) {
  // Hashes can be made to fit another payload; the commitment that was logged cannot.
  const SealedRecord logged = Sealed(parts_);
  const SealedRecord forged = Sealed({.a = "prof-2 read at noon", .b = parts_.b});
  AuditHashes hashes = *ParseAuditBody(forged.body);
  hashes.commit = ParseAuditBody(logged.body)->commit;
  EXPECT_THAT(OpenRecord(keys_, FormatAuditBody(hashes), forged.payload),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("committed to")));
}

TEST_F(SealTest, RecordsAlikeShareNothing) {
  const AuditHashes one = *ParseAuditBody(Sealed(parts_).body);
  const AuditHashes two = *ParseAuditBody(Sealed(parts_).body);
  EXPECT_NE(one.who, two.who);
  EXPECT_NE(one.about, two.about);
  EXPECT_NE(one.commit, two.commit);
}

TEST_F(SealTest, AnotherKeyOpensNothing) {
  const SealedRecord sealed = Sealed(parts_);
  const AuditKeys other = *AuditKeys::Derive(random_.Key());
  EXPECT_THAT(OpenRecord(other, sealed.body, sealed.payload),
              StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(SealTest, MalformedInputIsRefused) {
  const SealedRecord sealed = Sealed(parts_);
  EXPECT_THAT(OpenRecord(keys_, "facts x\n", sealed.payload),
              StatusIs(absl::StatusCode::kInvalidArgument));
  for (const std::string& payload :
       {std::string(), sealed.payload.substr(0, sealed.payload.size() - 1), sealed.payload + "x"}) {
    EXPECT_THAT(OpenRecord(keys_, sealed.body, payload), StatusIs(absl::StatusCode::kDataLoss));
  }
  EXPECT_THAT(SealRecord(keys_, {.a = std::string(kMaxSealedPartBytes + 1, 'x')}, random_),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(
      AuditKeys::Derive(crypto::SecretBytes::From("short", crypto::SecretAccess::For("test"))),
      StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace knooppunt::audit
