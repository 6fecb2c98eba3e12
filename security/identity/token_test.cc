#include "security/identity/token.h"

#include "base/error.h"
#include "base/status_testing.h"
#include "gtest/gtest.h"

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

}  // namespace
}  // namespace knooppunt::identity
