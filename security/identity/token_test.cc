#include "security/identity/token.h"

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/status_testing.h"
#include "gtest/gtest.h"
#include "security/crypto/hash.h"
#include "security/identity/id_token.h"

namespace knooppunt::identity {
namespace {

using ::knooppunt::base::ReasonOf;

const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);

class R17TokenTest : public ::testing::Test {
 protected:
  access::v1::TokenClaims Claims() const {
    access::v1::TokenClaims c;
    c.set_subject("professionals/nurse");
    c.set_audience(kAudience);
    c.set_issue_time(absl::ToUnixSeconds(kNow));
    c.set_expire_time(absl::ToUnixSeconds(kNow) + 600);
    return c;
  }
  crypto::SeededRandom random_{1};
  crypto::SigningKey key_ = *crypto::SigningKey::Generate(random_);
  crypto::SigningKey other_ = *crypto::SigningKey::Generate(random_);
  TokenVerifier verifier_{key_.verify_key()};
};

TEST_F(R17TokenTest, OwnTokenVerifiesTwiceAndExpires) {
  const std::string token = MintToken(key_, Claims());
  ASSERT_OK_AND_ASSIGN(auto claims, verifier_.Verify(token, kNow));
  EXPECT_EQ(claims.subject(), "professionals/nurse");
  EXPECT_OK(verifier_.Verify(token, kNow + absl::Seconds(599)));
  EXPECT_EQ(ReasonOf(verifier_.Verify(token, kNow + absl::Seconds(600)).status()), "TOKEN_EXPIRED");
}

TEST_F(R17TokenTest, ForeignKeyOtherAudienceAndFutureAreRefused) {
  EXPECT_EQ(ReasonOf(verifier_.Verify(MintToken(other_, Claims()), kNow).status()),
            "TOKEN_SIGNATURE");
  auto claims = Claims();
  claims.set_audience("elsewhere");
  EXPECT_EQ(ReasonOf(verifier_.Verify(MintToken(key_, claims), kNow).status()), "TOKEN_AUDIENCE");
  claims = Claims();
  claims.set_issue_time(absl::ToUnixSeconds(kNow) + 3600);
  claims.set_expire_time(absl::ToUnixSeconds(kNow) + 7200);
  EXPECT_EQ(ReasonOf(verifier_.Verify(MintToken(key_, claims), kNow).status()),
            "TOKEN_NOT_YET_VALID");
}

TEST_F(R17TokenTest, EveryFlippedCharacterIsRefused) {
  const std::string token = MintToken(key_, Claims());
  for (size_t i = 0; i < token.size(); ++i) {
    std::string bad = token;
    bad[i] = bad[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(verifier_.Verify(bad, kNow).ok()) << i;
  }
  for (const char* junk : {"", ".", "a.b", "a.b.c", "Bearer"}) {
    EXPECT_EQ(ReasonOf(verifier_.Verify(junk, kNow).status()).substr(0, 6), "TOKEN_") << junk;
  }
}

class R17IdTokenTest : public R17TokenTest {
 protected:
  std::string Jws(const crypto::SigningKey& key, const std::string& header,
                  const std::string& payload) {
    const std::string input =
        absl::StrCat(crypto::Base64UrlEncode(header), ".", crypto::Base64UrlEncode(payload));
    return absl::StrCat(input, ".", crypto::Base64UrlEncode(key.Sign(input)));
  }
  std::string Payload(absl::string_view iss, absl::string_view aud, int64_t exp) {
    return absl::StrCat("{\"iss\":\"", iss, "\",\"sub\":\"s1\",\"aud\":\"", aud,
                        "\",\"iat\":", absl::ToUnixSeconds(kNow), ",\"exp\":", exp,
                        ",\"acr\":\"substantial\",\"amr\":[\"pwd\",\"otp\"],\"nonce\":\"n\"}");
  }
  const std::string header_ = "{\"alg\":\"EdDSA\",\"typ\":\"JWT\"}";
  const int64_t later_ = absl::ToUnixSeconds(kNow) + 300;
  IdTokenVerifier ids_{{{"https://issuer.example", key_.verify_key()}}, "knooppunt"};
  std::string Reason(const std::string& jws) { return ReasonOf(ids_.Verify(jws, kNow).status()); }
};

TEST_F(R17IdTokenTest, TrustedIssuerIsRead) {
  ASSERT_OK_AND_ASSIGN(
      auto c,
      ids_.Verify(Jws(key_, header_, Payload("https://issuer.example", "knooppunt", later_)),
                  kNow));
  EXPECT_EQ(c.sub(), "s1");
  EXPECT_EQ(c.amr_size(), 2);
}

TEST_F(R17IdTokenTest, EachFaultHasItsReason) {
  const std::string good = Payload("https://issuer.example", "knooppunt", later_);
  EXPECT_EQ(Reason(Jws(other_, header_, good)), "ID_TOKEN_SIGNATURE");
  EXPECT_EQ(Reason(Jws(key_, "{\"alg\":\"none\"}", good)), "ID_TOKEN_ALGORITHM");
  EXPECT_EQ(Reason(Jws(key_, "{\"alg\":\"HS256\"}", good)), "ID_TOKEN_ALGORITHM");
  EXPECT_EQ(Reason(Jws(key_, "{\"alg\":\"EdDSA\",\"crit\":[\"b64\"]}", good)),
            "ID_TOKEN_ALGORITHM");
  EXPECT_EQ(Reason(Jws(key_, header_, Payload("https://evil.example", "knooppunt", later_))),
            "ID_TOKEN_ISSUER");
  EXPECT_EQ(Reason(Jws(key_, header_, Payload("https://issuer.example", "other", later_))),
            "ID_TOKEN_AUDIENCE");
  EXPECT_EQ(
      Reason(Jws(key_, header_, Payload("https://issuer.example", "knooppunt", 1'700'000'000))),
      "ID_TOKEN_EXPIRED");
  EXPECT_EQ(Reason("a.b"), "ID_TOKEN_MALFORMED");
  EXPECT_EQ(Reason(Jws(key_, header_, "not json")), "ID_TOKEN_MALFORMED");
}

}  // namespace
}  // namespace knooppunt::identity
