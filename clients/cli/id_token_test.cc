#include "clients/cli/id_token.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status_testing.h"
#include "security/crypto/hash.h"

namespace knooppunt::cli {
namespace {

constexpr absl::Time kNow = absl::FromUnixSeconds(1795338000);

crypto::SigningKey TestKey() {
  crypto::SeededRandom random(7);
  return *crypto::SigningKey::Generate(random);
}

access::v1::IdTokenClaims SampleClaims() {
  access::v1::IdTokenClaims claims;
  claims.set_iss("dev");
  claims.set_sub("ib-\"manjefiek\"");
  claims.set_aud("knooppunt");
  claims.set_acr("substantial");
  claims.add_amr("pwd");
  claims.add_amr("otp");
  return claims;
}

TEST(IdTokenTest, HeaderAndClaimsAreTheJsonOfRfc7519) {
  const std::string token = MakeIdToken(SampleClaims(), "j-1", TestKey(), kNow);
  const std::vector<std::string> parts = absl::StrSplit(token, '.');
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_EQ(*crypto::Base64UrlDecode(parts[0]), R"({"alg":"EdDSA","typ":"JWT"})");
  EXPECT_EQ(*crypto::Base64UrlDecode(parts[1]),
            R"({"iss":"dev","sub":"ib-\"manjefiek\"","aud":"knooppunt","iat":1795338000,)"
            R"("exp":1795338300,"jti":"j-1","acr":"substantial","amr":["pwd","otp"]})");
}

TEST(IdTokenTest, SignatureIsOverHeaderAndClaims) {
  const crypto::SigningKey key = TestKey();
  const std::vector<std::string> parts =
      absl::StrSplit(MakeIdToken(SampleClaims(), "j-1", key, kNow), '.');
  ASSERT_OK_AND_ASSIGN(const std::string signature, crypto::Base64UrlDecode(parts[2]));
  EXPECT_OK(key.verify_key().Verify(absl::StrCat(parts[0], ".", parts[1]), signature));
  EXPECT_THAT(key.verify_key().Verify(absl::StrCat(parts[0], ".", parts[1], "x"), signature),
              ::knooppunt::testing::StatusIs(absl::StatusCode::kUnauthenticated));
}

}  // namespace
}  // namespace knooppunt::cli
