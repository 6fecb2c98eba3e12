#include "security/identity/jwk.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/status_testing.h"
#include "gtest/gtest.h"
#include "security/crypto/hash.h"
#include "security/identity/identity_testing.h"

namespace knooppunt::identity {
namespace {

// RFC 7515, appendix A.2 (RSA) and A.3 (EC); RFC 8037, appendix A (Ed25519).
constexpr char kRfcRsaN[] =
    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4"
    "d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5re"
    "xMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxX"
    "FvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
constexpr char kRfcRsaInput[] =
    "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNv"
    "bS9pc19yb290Ijp0cnVlfQ";
constexpr char kRfcRsaSignature[] =
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5"
    "jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb"
    "1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QO"
    "YEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
constexpr char kRfcEcX[] = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
constexpr char kRfcEcY[] = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
constexpr char kRfcEcInput[] =
    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNv"
    "bS9pc19yb290Ijp0cnVlfQ";
constexpr char kRfcEcSignature[] =
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
constexpr char kRfcEdX[] = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
constexpr char kRfcEdInput[] = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
constexpr char kRfcEdSignature[] =
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

absl::StatusOr<Jwk> Parse(const std::string& json) {
  const auto object = JsonObject::Parse(json, 10'000);
  if (!object.ok()) return object.status();
  return Jwk::Parse(*object);
}

std::string RfcRsa(absl::string_view more = "") {
  return absl::StrCat(R"({"kty":"RSA","e":"AQAB","n":")", kRfcRsaN, "\"", more, "}");
}
std::string RfcEc(absl::string_view more = "") {
  return absl::StrCat(R"({"kty":"EC","crv":"P-256","x":")", kRfcEcX, R"(","y":")", kRfcEcY, "\"",
                      more, "}");
}
std::string RfcEd(absl::string_view more = "") {
  return absl::StrCat(R"({"kty":"OKP","crv":"Ed25519","x":")", kRfcEdX, "\"", more, "}");
}

std::string Decode(absl::string_view text) { return *crypto::Base64UrlDecode(text); }

TEST(R17Jwk, VectorsOfTheRfcsVerify) {
  ASSERT_OK_AND_ASSIGN(const Jwk rsa, Parse(RfcRsa()));
  EXPECT_OK(rsa.Verify(JwsAlgorithm::kRs256, kRfcRsaInput, Decode(kRfcRsaSignature)));
  ASSERT_OK_AND_ASSIGN(const Jwk ec, Parse(RfcEc()));
  EXPECT_OK(ec.Verify(JwsAlgorithm::kEs256, kRfcEcInput, Decode(kRfcEcSignature)));
  ASSERT_OK_AND_ASSIGN(const Jwk ed, Parse(RfcEd()));
  EXPECT_OK(ed.Verify(JwsAlgorithm::kEdDsa, kRfcEdInput, Decode(kRfcEdSignature)));
}

TEST(R17Jwk, AnyBitFlippedIsAnotherSignature) {
  const struct {
    std::string key, input, signature;
    JwsAlgorithm algorithm;
  } cases[] = {{RfcRsa(), kRfcRsaInput, kRfcRsaSignature, JwsAlgorithm::kRs256},
               {RfcEc(), kRfcEcInput, kRfcEcSignature, JwsAlgorithm::kEs256},
               {RfcEd(), kRfcEdInput, kRfcEdSignature, JwsAlgorithm::kEdDsa}};
  for (const auto& c : cases) {
    ASSERT_OK_AND_ASSIGN(const Jwk key, Parse(c.key));
    const std::string signature = Decode(c.signature);
    for (size_t bit = 0; bit < signature.size() * 8; bit += 7) {
      std::string bad = signature;
      bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
      EXPECT_FALSE(key.Verify(c.algorithm, c.input, bad).ok()) << bit;
    }
    EXPECT_FALSE(key.Verify(c.algorithm, c.input + "x", signature).ok());
    EXPECT_FALSE(key.Verify(c.algorithm, c.input, "").ok());
    EXPECT_FALSE(key.Verify(c.algorithm, c.input, signature + signature).ok());
    EXPECT_FALSE(key.Verify(c.algorithm, c.input, std::string(signature.size(), '\0')).ok());
  }
}

TEST(R17Jwk, EachAlgorithmVerifiesItsOwnAndNoOther) {
  const JwsAlgorithm algorithms[] = {JwsAlgorithm::kRs256, JwsAlgorithm::kPs256,
                                     JwsAlgorithm::kEs256, JwsAlgorithm::kEdDsa};
  const char* words[] = {"RS256", "PS256", "ES256", "EdDSA"};
  for (int i = 0; i < 4; ++i) {
    const TestKey test(words[i], "k");
    ASSERT_OK_AND_ASSIGN(const Jwk key, Parse(test.Json()));
    for (int j = 0; j < 4; ++j) {
      EXPECT_EQ(key.Verify(algorithms[j], "text", test.Sign("text")).ok(), i == j)
          << words[i] << " as " << words[j];
    }
    EXPECT_EQ(ParseAlgorithm(words[i]), algorithms[i]);
  }
  for (const char* word : {"none", "None", "HS256", "HS512", "RS384", "ES256K", "rs256", "", "RS1"})
    EXPECT_FALSE(ParseAlgorithm(word).has_value()) << word;
}

TEST(R17Jwk, WhatTheKeySaysOfItsUseHolds) {
  EXPECT_OK(Parse(RfcRsa(R"(,"use":"sig","alg":"RS256","key_ops":["verify"],"kid":"a")")));
  ASSERT_OK_AND_ASSIGN(const Jwk only, Parse(RfcRsa(R"(,"alg":"PS256")")));
  EXPECT_TRUE(only.Fits(JwsAlgorithm::kPs256));
  EXPECT_FALSE(only.Fits(JwsAlgorithm::kRs256));
  for (const char* more :
       {R"(,"use":"enc")", R"(,"key_ops":["sign"])", R"(,"key_ops":[])", R"(,"alg":"ES256")",
        R"(,"alg":"none")", R"(,"alg":"HS256")", R"(,"alg":7)", R"(,"kid":7)", R"(,"d":"AQAB")"})
    EXPECT_FALSE(Parse(RfcRsa(more)).ok()) << more;
}

TEST(R17Jwk, KeysThatAreNoneOrTooWeakAreRefused) {
  EXPECT_FALSE(Parse(TestKey("RS256", "k", 1024).Json()).ok());
  EXPECT_OK(Parse(TestKey("RS256", "k", 3072).Json()));
  EXPECT_FALSE(Parse(absl::StrReplaceAll(RfcRsa(), {{"AQAB", "Aw"}})).ok());    // 3
  EXPECT_FALSE(Parse(absl::StrReplaceAll(RfcRsa(), {{"AQAB", "AQAA"}})).ok());  // even
  // Not on the curve, too short, another curve, no point at all.
  EXPECT_FALSE(Parse(absl::StrReplaceAll(RfcEc(), {{kRfcEcY, kRfcEcX}})).ok());
  EXPECT_FALSE(Parse(absl::StrReplaceAll(RfcEc(), {{kRfcEcY, "AQAB"}})).ok());
  EXPECT_FALSE(Parse(absl::StrReplaceAll(RfcEc(), {{"P-256", "P-384"}})).ok());
  EXPECT_FALSE(Parse(R"({"kty":"EC","crv":"P-256"})").ok());
  EXPECT_FALSE(Parse(absl::StrReplaceAll(RfcEd(), {{"Ed25519", "X25519"}})).ok());
  EXPECT_FALSE(Parse(R"({"kty":"OKP","crv":"Ed25519","x":"AQAB"})").ok());
  EXPECT_FALSE(Parse(R"({"kty":"oct","k":"c2VjcmV0"})").ok());
  EXPECT_FALSE(Parse(R"({"kid":"a"})").ok());
}

}  // namespace
}  // namespace knooppunt::identity
