#include "security/crypto/aead.h"

#include <set>
#include <thread>
#include <vector>

#include "base/status_testing.h"
#include "security/crypto/hash.h"

namespace knooppunt::crypto {
namespace {

using ::knooppunt::testing::StatusIs;

const SecretAccess kAccess = SecretAccess::For("test");

SecretBytes Key(char fill) { return SecretBytes::From(std::string(32, fill), kAccess); }

std::string Hex(absl::string_view hex) { return *HexDecode(hex); }

struct Vector {
  const char *key, *nonce, *associated_data, *plaintext, *ciphertext, *tag;
};

// McGrew and Viega, "The Galois/Counter Mode of Operation", test cases 13 to 16,
// which NIST published with the mode.
constexpr char kKey[] = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
const Vector kVectors[] = {
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
     "", "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
     "", "00000000000000000000000000000000", "cea7403d4d606b6e074ec5d3baf39d18",
     "d0d1c8a799996bf0265b98b5d48ab919"},
    {kKey, "cafebabefacedbaddecaf888", "",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
     "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
     "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad",
     "b094dac5d93471bdec1a502270e3cc6c"},
    {kKey, "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
     "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
     "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
     "76fc6ece0f4e1768cddf8853bb2d551b"},
};

// Gives the nonce of a vector.
class FixedRandom final : public Random {
 public:
  explicit FixedRandom(std::string bytes) : bytes_(std::move(bytes)) {}
  std::string Bytes(size_t n) override { return bytes_.substr(0, n); }

 private:
  const std::string bytes_;
};

TEST(AeadTest, MatchesThePublishedVectorsBothWays) {
  for (const Vector& v : kVectors) {
    const SecretBytes key = SecretBytes::Take(Hex(v.key), kAccess);
    const std::string sealed = "\x01" + Hex(v.nonce) + Hex(v.ciphertext) + Hex(v.tag);
    ASSERT_OK_AND_ASSIGN(const std::string opened, Open(key, Hex(v.associated_data), sealed));
    EXPECT_EQ(HexEncode(opened), v.plaintext);
    FixedRandom random(Hex(v.nonce));
    EXPECT_EQ(*Seal(key, Hex(v.associated_data), Hex(v.plaintext), random), sealed);
  }
}

TEST(AeadTest, EveryFlippedBitIsRefused) {
  SystemRandom random;
  const SecretBytes key = Key('k');
  ASSERT_OK_AND_ASSIGN(const std::string sealed, Seal(key, "data", "twelve bytes", random));
  ASSERT_EQ(sealed.size(), 12 + kAeadOverheadBytes);
  for (size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::string changed = sealed;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_THAT(Open(key, "data", changed), StatusIs(absl::StatusCode::kDataLoss)) << bit;
  }
  EXPECT_EQ(*Open(key, "data", sealed), "twelve bytes");
}

TEST(AeadTest, EveryTruncationAndAnExtraByteAreRefused) {
  SystemRandom random;
  const SecretBytes key = Key('k');
  ASSERT_OK_AND_ASSIGN(const std::string sealed, Seal(key, "", "text", random));
  for (size_t n = 0; n < sealed.size(); ++n) {
    EXPECT_THAT(Open(key, "", absl::string_view(sealed).substr(0, n)),
                StatusIs(absl::StatusCode::kDataLoss))
        << n;
  }
  EXPECT_THAT(Open(key, "", sealed + '\0'), StatusIs(absl::StatusCode::kDataLoss));
}

TEST(AeadTest, AnotherKeyOrOtherAssociatedDataIsRefusedWithTheSameWords) {
  SystemRandom random;
  ASSERT_OK_AND_ASSIGN(const std::string sealed, Seal(Key('k'), "data", "text", random));
  const absl::Status other_key = Open(Key('l'), "data", sealed).status();
  const absl::Status other_data = Open(Key('k'), "date", sealed).status();
  const absl::Status no_data = Open(Key('k'), "", sealed).status();
  const absl::Status no_key = Open(SecretBytes(), "data", sealed).status();
  EXPECT_THAT(other_key, StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_EQ(other_key, other_data);
  EXPECT_EQ(other_key, no_data);
  EXPECT_EQ(other_key, no_key);
}

TEST(AeadTest, KeyOfAnotherSizeDoesNotSeal) {
  SystemRandom random;
  for (size_t n : {0, 16, 31, 33}) {
    EXPECT_THAT(Seal(SecretBytes::From(std::string(n, 'k'), kAccess), "", "", random),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << n;
  }
}

TEST(AeadTest, SealingTwiceGivesTwoCiphertexts) {
  SystemRandom random;
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) seen.insert(*Seal(Key('k'), "", "text", random));
  EXPECT_EQ(seen.size(), 100u);
}

TEST(AeadTest, OpensEverySizeOfText) {
  SystemRandom random;
  for (size_t n : {0, 1, 15, 16, 17, 4096, 1 << 20}) {
    const std::string text(n, 'x');
    ASSERT_OK_AND_ASSIGN(const std::string sealed, Seal(Key('k'), "data", text, random));
    EXPECT_TRUE(*Open(Key('k'), "data", sealed) == text) << n;
  }
}

TEST(AeadTest, ThreadsWithKeysOfTheirOwnDoNotDisturbEachOther) {
  SystemRandom random;
  std::vector<std::thread> threads;
  for (char t = 0; t < 4; ++t) {
    threads.emplace_back([&random, t] {
      const SecretBytes key = Key(static_cast<char>('a' + t));
      for (int i = 0; i < 300; ++i) {
        const std::string sealed = *Seal(key, "data", std::string(i, t), random);
        EXPECT_EQ(*Open(key, "data", sealed), std::string(i, t));
        EXPECT_FALSE(Open(Key('z'), "data", sealed).ok());
      }
    });
  }
  for (std::thread& t : threads) t.join();
}

TEST(AeadTest, JoinLengthPrefixedTellsEverySplitApart) {
  EXPECT_EQ(JoinLengthPrefixed({"ab", ""}), std::string("\0\0\0\0\0\0\0\2ab\0\0\0\0\0\0\0\0", 18));
  const std::set<std::string> all = {
      JoinLengthPrefixed({}),          JoinLengthPrefixed({""}),
      JoinLengthPrefixed({"", ""}),    JoinLengthPrefixed({"ab", "c"}),
      JoinLengthPrefixed({"a", "bc"}), JoinLengthPrefixed({"abc"}),
      JoinLengthPrefixed({"abc", ""}), JoinLengthPrefixed({"", "abc"})};
  EXPECT_EQ(all.size(), 8u);
}

TEST(AeadTest, AnOpenerOpensManyAndGoesOnAfterOneThatDoesNotOpen) {
  SystemRandom random;
  const SecretBytes key = Key('k');
  Opener opener(key);
  for (int i = 0; i < 20; ++i) {
    const std::string text(i * 7, static_cast<char>('a' + i));
    const std::string place = "row " + std::to_string(i);
    ASSERT_OK_AND_ASSIGN(const std::string sealed, Seal(key, place, text, random));
    EXPECT_THAT(opener.Open("another row", sealed), StatusIs(absl::StatusCode::kDataLoss));
    std::string bent = sealed;
    bent[bent.size() - 1 - i % 8] ^= 1;
    EXPECT_THAT(opener.Open(place, bent), StatusIs(absl::StatusCode::kDataLoss));
    EXPECT_THAT(opener.Open(place, sealed.substr(0, sealed.size() - 1)),
                StatusIs(absl::StatusCode::kDataLoss));
    // Others may use the thread's context meanwhile.
    ASSERT_OK_AND_ASSIGN(const std::string of_another, Seal(Key('o'), place, "other", random));
    EXPECT_THAT(opener.Open(place, of_another), StatusIs(absl::StatusCode::kDataLoss));
    ASSERT_OK_AND_ASSIGN(const std::string opened, opener.Open(place, sealed));
    EXPECT_EQ(opened, text);
  }
}

TEST(AeadTest, AnOpenerMovesAndOneOfAShortKeyOpensNothing) {
  SystemRandom random;
  const SecretBytes key = Key('k');
  ASSERT_OK_AND_ASSIGN(const std::string sealed, Seal(key, "place", "text", random));
  Opener first(key);
  Opener second(std::move(first));
  ASSERT_OK_AND_ASSIGN(const std::string opened, second.Open("place", sealed));
  EXPECT_EQ(opened, "text");
  Opener of_short(SecretBytes::From(std::string(31, 'k'), kAccess));
  EXPECT_THAT(of_short.Open("place", sealed), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(second.Open("place", ""), StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace knooppunt::crypto
