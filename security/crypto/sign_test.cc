#include "security/crypto/sign.h"

#include "base/status_testing.h"
#include "security/crypto/hash.h"

namespace knooppunt::crypto {
namespace {

using ::knooppunt::testing::StatusIs;

const SecretAccess kAccess = SecretAccess::For("test");

SigningKey FromSeedHex(absl::string_view hex) {
  return *SigningKey::FromSeed(SecretBytes::Take(*HexDecode(hex), kAccess));
}

// RFC 8032, section 7.1, tests 1 to 3.
const struct {
  const char *seed, *public_key, *message, *signature;
} kVectors[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
     "b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f1"
     "1d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984d"
     "c6594a7c15e9716ed28dc027beceea1ec40a"},
};

TEST(SignTest, MatchesRfc8032) {
  for (const auto& v : kVectors) {
    const SigningKey key = FromSeedHex(v.seed);
    const std::string message = *HexDecode(v.message);
    EXPECT_EQ(HexEncode(key.verify_key().raw()), v.public_key);
    EXPECT_EQ(HexEncode(key.Sign(message)), v.signature);
    ASSERT_OK_AND_ASSIGN(const VerifyKey verify, VerifyKey::FromRaw(*HexDecode(v.public_key)));
    EXPECT_OK(verify.Verify(message, *HexDecode(v.signature)));
  }
}

TEST(SignTest, EveryFlippedBitOfTheSignatureIsRefused) {
  const SigningKey key = FromSeedHex(kVectors[0].seed);
  const std::string signature = key.Sign("message");
  for (size_t bit = 0; bit < signature.size() * 8; ++bit) {
    std::string changed = signature;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_THAT(key.verify_key().Verify("message", changed),
                StatusIs(absl::StatusCode::kUnauthenticated))
        << bit;
  }
}

TEST(SignTest, AnotherMessageKeyOrLengthIsRefused) {
  const SigningKey key = FromSeedHex(kVectors[0].seed);
  const SigningKey other = FromSeedHex(kVectors[1].seed);
  const std::string signature = key.Sign("message");
  const VerifyKey& verify = key.verify_key();
  EXPECT_OK(verify.Verify("message", signature));
  EXPECT_THAT(verify.Verify("massage", signature), StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(verify.Verify("message", ""), StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(verify.Verify("message", signature + "x"),
              StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(other.verify_key().Verify("message", signature),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST(SignTest, GeneratedKeysDiffer) {
  SystemRandom random;
  ASSERT_OK_AND_ASSIGN(const SigningKey a, SigningKey::Generate(random));
  ASSERT_OK_AND_ASSIGN(const SigningKey b, SigningKey::Generate(random));
  EXPECT_NE(a.verify_key().raw(), b.verify_key().raw());
  EXPECT_OK(a.verify_key().Verify("m", a.Sign("m")));
}

TEST(SignTest, KeysOfAnotherSizeAreRefused) {
  for (size_t n : {0, 31, 33, 64}) {
    EXPECT_THAT(VerifyKey::FromRaw(std::string(n, 'x')),
                StatusIs(absl::StatusCode::kInvalidArgument));
    EXPECT_THAT(SigningKey::FromSeed(SecretBytes::From(std::string(n, 'x'), kAccess)),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

// RFC 8410, section 10.1 and 10.3: an Ed25519 public key and its private key.
constexpr char kPublicPem[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
    "-----END PUBLIC KEY-----\n";
constexpr char kPrivatePem[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
    "-----END PRIVATE KEY-----\n";

TEST(SignTest, ReadsThePemKeysOfRfc8410) {
  ASSERT_OK_AND_ASSIGN(const SigningKey key, SigningKey::FromPem(kPrivatePem));
  ASSERT_OK_AND_ASSIGN(const VerifyKey verify, VerifyKey::FromPem(kPublicPem));
  EXPECT_EQ(key.verify_key().raw(), verify.raw());
  EXPECT_EQ(HexEncode(verify.raw()),
            "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1");
  EXPECT_OK(verify.Verify("m", key.Sign("m")));
}

TEST(SignTest, PemOfAnotherKindIsRefused) {
  // X25519, of the same size and with another algorithm identifier.
  constexpr char kX25519[] =
      "-----BEGIN PUBLIC KEY-----\n"
      "MCowBQYDK2VuAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
      "-----END PUBLIC KEY-----\n";
  EXPECT_THAT(VerifyKey::FromPem(kX25519), StatusIs(absl::StatusCode::kInvalidArgument));
  for (absl::string_view bad : {"", "text", kPrivatePem}) {
    EXPECT_THAT(VerifyKey::FromPem(bad), StatusIs(absl::StatusCode::kInvalidArgument)) << bad;
  }
  for (absl::string_view bad : {"", "text", kPublicPem}) {
    EXPECT_THAT(SigningKey::FromPem(bad), StatusIs(absl::StatusCode::kInvalidArgument)) << bad;
  }
}

}  // namespace
}  // namespace knooppunt::crypto
