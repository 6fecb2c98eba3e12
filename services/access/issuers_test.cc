#include "services/access/issuers.h"

#include <filesystem>
#include <fstream>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_testing.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "security/identity/identity_testing.h"

namespace knooppunt::access {
namespace {

using ::knooppunt::testing::StatusIs;
using ::testing::HasSubstr;

constexpr char kGood[] = R"(
  issuers {
    issuer: "https://sso.example" jwks_uri: "https://sso.example/jwks" audience: "web"
    algorithms: "RS256" algorithms: "ES256" substantial_acr: "urn:s" two_factor_acr: "urn:t"
    require_nonce: true
  })";

class R17IssuersTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::vector<identity::TrustedIssuer>> Make(const std::string& text) {
    config::v1::AccessConfig config;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &config)) << text;
    return MakeIssuers(config, &fetcher_);
  }
  identity::FakeFetcher fetcher_;
};

TEST_F(R17IssuersTest, ProviderIsReadWhole) {
  ASSERT_OK_AND_ASSIGN(const auto issuers, Make(kGood));
  ASSERT_EQ(issuers.size(), 1);
  const identity::TrustedIssuer& i = issuers[0];
  EXPECT_EQ(i.issuer, "https://sso.example");
  EXPECT_EQ(i.audience, "web");
  EXPECT_EQ(i.algorithms.size(), 2);
  EXPECT_EQ(i.substantial_acr, std::vector<std::string>{"urn:s"});
  EXPECT_EQ(i.two_factor_acr, std::vector<std::string>{"urn:t"});
  EXPECT_TRUE(i.require_nonce);
  EXPECT_FALSE(i.family);
  EXPECT_FALSE(i.family_prefix);
  EXPECT_EQ(fetcher_.fetches(), 0);  // a provider that is down keeps no server from starting
}

TEST_F(R17IssuersTest, ClientsOfOneProviderShareItsKeys) {
  ASSERT_OK_AND_ASSIGN(const auto issuers, Make(absl::StrCat(R"(audience: "knooppunt")", kGood, R"(
      issuers {
        issuer: "https://sso.example" jwks_uri: "https://sso.example/jwks" algorithms: "RS256"
      })")));
  ASSERT_EQ(issuers.size(), 2);
  EXPECT_EQ(issuers[1].audience, "knooppunt");
  EXPECT_EQ(issuers[0].keys, issuers[1].keys);
  EXPECT_TRUE(issuers[1].substantial_acr.empty());
}

TEST_F(R17IssuersTest, SettingsThatCannotWorkStopTheStart) {
  const struct {
    const char* text;
    const char* says;
  } cases[] = {
      {R"(issuers { jwks_uri: "https://a.example" algorithms: "RS256" })", "has no name"},
      {R"(issuers { issuer: "a" })", "either a key_file or a jwks_uri"},
      {R"(issuers { issuer: "a" key_file: "k" jwks_uri: "https://a.example" })", "either"},
      {R"(issuers { issuer: "a" jwks_uri: "http://a.example" algorithms: "RS256" })", "https://"},
      {R"(issuers { issuer: "a" jwks_uri: "https://a.example" })", "names no algorithms"},
      {R"(issuers { issuer: "a" jwks_uri: "https://a.example" algorithms: "HS256" })", "HS256"},
      {R"(issuers { issuer: "a" jwks_uri: "https://a.example" algorithms: "none" })", "none"},
      {R"(issuers { issuer: "a" jwks_uri: "https://a.example" algorithms: "RS256"
                    development: true })",
       "key_file, not a jwks_uri"},
      {R"(issuers { issuer: "a" jwks_uri: "https://a.example" algorithms: "RS256"
                    two_factor_acr: "" })",
       "every login"},
      {R"(issuers { issuer: "a" key_file: "k" algorithms: "RS256" })", "EdDSA"},
      {R"(issuers { issuer: "a" jwks_uri: "https://a.example" algorithms: "RS256" }
          issuers { issuer: "a" jwks_uri: "https://a.example" algorithms: "RS256" })",
       "twice"},
  };
  for (const auto& c : cases) {
    const auto made = Make(c.text);
    EXPECT_THAT(made.status(), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(c.says)))
        << c.text;
  }
}

}  // namespace
}  // namespace knooppunt::access
