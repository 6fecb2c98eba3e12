#include "security/crypto/hash.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <thread>
#include <vector>

#include "base/status_testing.h"

namespace knooppunt::crypto {
namespace {

using ::knooppunt::testing::StatusIs;

const SecretAccess kAccess = SecretAccess::For("test");

SecretBytes Secret(absl::string_view bytes) { return SecretBytes::From(bytes, kAccess); }

TEST(HashTest, Sha256MatchesFips180) {
  EXPECT_EQ(HexEncode(Sha256("")),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(HexEncode(Sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(HexEncode(Sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(HashTest, Sha256OfPartsIsThatOfTheirConcatenation) {
  EXPECT_EQ(Sha256({"a", "", "bc"}), Sha256("abc"));
  EXPECT_EQ(Sha256({}), Sha256(""));
}

TEST(HashTest, HmacMatchesRfc4231) {
  std::string counting;
  for (char c = 1; c <= 25; ++c) counting.push_back(c);
  const struct {
    std::string key, data, want;
  } kVectors[] = {
      {std::string(20, '\x0b'), "Hi There",
       "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {"Jefe", "what do ya want for nothing?",
       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {std::string(20, '\xaa'), std::string(50, '\xdd'),
       "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
      {counting, std::string(50, '\xcd'),
       "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
      {std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
      {std::string(131, '\xaa'),
       "This is a test using a larger than block-size key and a larger than block-size data. "
       "The key needs to be hashed before being used by the HMAC algorithm.",
       "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
  };
  for (const auto& v : kVectors) EXPECT_EQ(HexEncode(HmacSha256(Secret(v.key), v.data)), v.want);
}

TEST(HashTest, HmacTakesAnEmptyKey) {
  EXPECT_EQ(HexEncode(HmacSha256(SecretBytes(), "")),
            "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(HashTest, HmacGivesEachThreadItsOwnAnswer) {
  const std::string want_a = HmacSha256(Secret("a"), "x");
  const std::string want_b = HmacSha256(Secret("b"), "x");
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 500; ++i) {
        EXPECT_EQ(HmacSha256(Secret(t % 2 ? "a" : "b"), "x"), t % 2 ? want_a : want_b);
      }
    });
  }
  for (std::thread& t : threads) t.join();
}

TEST(HashTest, HkdfMatchesRfc5869WithoutSaltAndInfo) {
  const SecretBytes out = Hkdf(Secret(std::string(22, '\x0b')), "", 42);
  EXPECT_EQ(HexEncode(out.Expose(kAccess)),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
            "9d201395faa4b61a96c8");
}

std::string OpenSslHkdf(std::string key, std::string info, size_t size) {
  EVP_KDF* kdf = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
  EVP_KDF_CTX* context = EVP_KDF_CTX_new(kdf);
  char digest[] = "SHA256";
  const OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, key.data(), key.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()),
      OSSL_PARAM_construct_end()};
  std::string out(size, '\0');
  EXPECT_EQ(EVP_KDF_derive(context, reinterpret_cast<unsigned char*>(out.data()), size, params), 1);
  EVP_KDF_CTX_free(context);
  EVP_KDF_free(kdf);
  return out;
}

TEST(HashTest, HkdfWithInfoMatchesOpenSslAtEverySizeOfInterest) {
  const std::string key(32, 'k');
  for (size_t size : {1, 31, 32, 33, 64, 100, 8160}) {
    const SecretBytes out = Hkdf(Secret(key), "some info", size);
    EXPECT_EQ(out.Expose(kAccess), OpenSslHkdf(key, "some info", size)) << size;
  }
}

TEST(HashTest, HkdfForEachIsHkdfForOneAfterTheOther) {
  const std::string key(32, 'k');
  const std::vector<SecretBytes> out = HkdfEach(Secret(key), {"one", "", "three"}, 48);
  ASSERT_EQ(out.size(), 3u);
  EXPECT_EQ(out[0].Expose(kAccess), OpenSslHkdf(key, "one", 48));
  EXPECT_EQ(out[1].Expose(kAccess), OpenSslHkdf(key, "", 48));
  EXPECT_EQ(out[2].Expose(kAccess), OpenSslHkdf(key, "three", 48));
  EXPECT_TRUE(HkdfEach(Secret(key), {}, 32).empty());
}

TEST(HashDeathTest, HkdfBeyondItsLimitEndsTheProcess) {
  EXPECT_DEATH(Hkdf(Secret("key"), "", 8161), "8160");
}

TEST(HashTest, ConstantTimeEqualsComparesAllBytes) {
  EXPECT_TRUE(ConstantTimeEquals("", absl::string_view()));
  EXPECT_TRUE(ConstantTimeEquals("abc", "abc"));
  EXPECT_FALSE(ConstantTimeEquals("abc", "abd"));
  EXPECT_FALSE(ConstantTimeEquals("abc", "ab"));
}

TEST(HashTest, HexTakesEitherCaseAndRefusesTheRest) {
  EXPECT_EQ(HexEncode(absl::string_view("\x00\xff\x10", 3)), "00ff10");
  EXPECT_EQ(*HexDecode("00fF10"), std::string("\x00\xff\x10", 3));
  EXPECT_EQ(*HexDecode(""), "");
  for (absl::string_view bad : {"0", "0g", "0x", " 0", "00 "}) {
    EXPECT_THAT(HexDecode(bad), StatusIs(absl::StatusCode::kInvalidArgument)) << bad;
  }
}

TEST(HashTest, Base64MatchesRfc4648AndRefusesOtherSpellings) {
  EXPECT_EQ(Base64Encode("foob"), "Zm9vYg==");
  EXPECT_EQ(*Base64Decode("Zm9vYg=="), "foob");
  EXPECT_EQ(*Base64Decode(""), "");
  for (absl::string_view bad : {"Zm9vYg", "Zm9vYg=", "Zm9v Yg==", "Zm9vYh==", "Zm9v\n", "_-8="}) {
    EXPECT_THAT(Base64Decode(bad), StatusIs(absl::StatusCode::kInvalidArgument)) << bad;
  }
}

TEST(HashTest, Base64UrlHasNoPaddingAndRefusesOtherSpellings) {
  EXPECT_EQ(Base64UrlEncode("\xff\xef"), "_-8");
  EXPECT_EQ(*Base64UrlDecode("_-8"), "\xff\xef");
  for (absl::string_view bad : {"_-8=", "/+8", "_-9", "_- 8"}) {
    EXPECT_THAT(Base64UrlDecode(bad), StatusIs(absl::StatusCode::kInvalidArgument)) << bad;
  }
}

}  // namespace
}  // namespace knooppunt::crypto
