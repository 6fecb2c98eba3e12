#include "security/identity/id_token.h"

#include <functional>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/error.h"
#include "base/status_testing.h"
#include "gtest/gtest.h"
#include "security/crypto/hash.h"
#include "security/identity/identity_testing.h"
#include "security/identity/limits.h"

namespace knooppunt::identity {
namespace {

using base::ReasonOf;

const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);
constexpr char kIssuer[] = "https://sso.example";
constexpr char kAudience[] = "knooppunt-web";

// A payload as members of JSON; a test changes what it is about.
class Payload {
 public:
  Payload() {
    Set("iss", absl::StrCat("\"", kIssuer, "\""));
    Set("sub", "\"s1\"");
    Set("aud", absl::StrCat("\"", kAudience, "\""));
    Set("iat", absl::StrCat(absl::ToUnixSeconds(kNow)));
    Set("exp", absl::StrCat(absl::ToUnixSeconds(kNow) + 300));
    Set("acr", "\"urn:two\"");
    Set("amr", R"(["pwd","otp"])");
  }
  Payload& Set(const std::string& name, const std::string& json) {
    members_[name] = json;
    return *this;
  }
  Payload& Drop(const std::string& name) {
    members_.erase(name);
    return *this;
  }
  std::string Json(const std::string& more = "") const {
    return absl::StrCat("{",
                        absl::StrJoin(members_, ",",
                                      [](std::string* out, const auto& m) {
                                        absl::StrAppend(out, "\"", m.first, "\":", m.second);
                                      }),
                        more, "}");
  }

 private:
  std::map<std::string, std::string> members_;
};

class R17IdTokenTest : public ::testing::Test {
 protected:
  R17IdTokenTest() {
    fetcher_.SetBody(SetOf({rsa_.Json(), ec_.Json(), ed_.Json(), pss_.Json(",\"alg\":\"PS256\"")}));
    keys_ = std::make_shared<FetchedKeys>(
        FetchedKeys::Options{.uri = "https://sso.example/jwks", .fetcher = &fetcher_});
    issuer_ = Issuer();
  }
  TrustedIssuer Issuer() const {
    TrustedIssuer i;
    i.issuer = kIssuer;
    i.audience = kAudience;
    i.keys = keys_;
    i.algorithms = {JwsAlgorithm::kRs256, JwsAlgorithm::kPs256, JwsAlgorithm::kEs256,
                    JwsAlgorithm::kEdDsa};
    i.substantial_acr = {"urn:substantial"};
    i.two_factor_acr = {"urn:two"};
    return i;
  }
  absl::StatusOr<VerifiedLogin> Verify(const std::string& jws, absl::string_view nonce = "") {
    return IdTokenVerifier({issuer_}).Verify(jws, nonce, kNow);
  }
  std::string Reason(const std::string& jws, absl::string_view nonce = "") {
    return ReasonOf(Verify(jws, nonce).status());
  }
  std::string Reason(const Payload& payload, absl::string_view nonce = "") {
    return Reason(ec_.Jws(payload.Json()), nonce);
  }
  const TestKey rsa_{"RS256", "r"}, pss_{"PS256", "p"}, ec_{"ES256", "e"}, ed_{"EdDSA", "d"};
  FakeFetcher fetcher_;
  std::shared_ptr<KeySource> keys_;
  TrustedIssuer issuer_;
};

TEST_F(R17IdTokenTest, EveryAlgorithmOfTheListIsRead) {
  for (const TestKey* key : {&rsa_, &pss_, &ec_, &ed_}) {
    const IdTokenVerifier verifier({issuer_});
    ASSERT_OK_AND_ASSIGN(const VerifiedLogin login,
                         verifier.Verify(key->Jws(Payload().Json()), "", kNow));
    EXPECT_EQ(login.claims.iss(), kIssuer);
    EXPECT_EQ(login.claims.sub(), "s1");
    EXPECT_EQ(login.claims.amr_size(), 2);
    EXPECT_EQ(login.issuer->audience, kAudience);
  }
}

TEST_F(R17IdTokenTest, AlgorithmOutsideTheListIsRefusedAndAnEmptyListAllowsNothing) {
  issuer_.algorithms = {JwsAlgorithm::kRs256};
  EXPECT_EQ(Reason(ec_.Jws(Payload().Json())), "ID_TOKEN_ALGORITHM");
  EXPECT_EQ(Reason(pss_.Jws(Payload().Json())), "ID_TOKEN_ALGORITHM");
  EXPECT_OK(Verify(rsa_.Jws(Payload().Json())));
  issuer_.algorithms.clear();
  for (const TestKey* key : {&rsa_, &pss_, &ec_, &ed_})
    EXPECT_EQ(Reason(key->Jws(Payload().Json())), "ID_TOKEN_ALGORITHM");
}

TEST_F(R17IdTokenTest, UnsignedAndSharedSecretTokensAreRefused) {
  const std::string payload = Payload().Json();
  for (const char* none : {"none", "None", "NONE", "nOnE", ""}) {
    const std::string header = absl::StrCat(R"({"alg":")", none, R"(","kid":"r"})");
    const std::string input =
        absl::StrCat(crypto::Base64UrlEncode(header), ".", crypto::Base64UrlEncode(payload), ".");
    EXPECT_EQ(Reason(input), "ID_TOKEN_ALGORITHM") << none;
    EXPECT_EQ(Reason(rsa_.JwsUnder(header, payload)), "ID_TOKEN_ALGORITHM") << none;
  }
  // The provider's public key as the secret of an HMAC (RFC 8725, section 2.1).
  for (const char* hs : {"HS256", "HS384", "HS512"}) {
    const std::string header = absl::StrCat(R"({"alg":")", hs, R"(","kid":"r"})");
    for (const std::string& secret : {rsa_.Pem(), rsa_.Json()})
      EXPECT_EQ(Reason(HmacJws(secret, header, payload)), "ID_TOKEN_ALGORITHM") << hs;
  }
  // HMAC under a header that is in the list.
  EXPECT_EQ(Reason(HmacJws(rsa_.Pem(), rsa_.Header(), payload)), "ID_TOKEN_SIGNATURE");
}

TEST_F(R17IdTokenTest, KeyIsChosenByIdAndKind) {
  const std::string payload = Payload().Json();
  EXPECT_EQ(Reason(TestKey("ES256", "e").Jws(payload)), "ID_TOKEN_SIGNATURE");
  EXPECT_EQ(Reason(TestKey("ES256", "unknown").Jws(payload)), "ID_TOKEN_KEY");
  // RS256 with an EC key's id; RS256 with a key that says it is for PS256.
  EXPECT_EQ(Reason(rsa_.JwsUnder(R"({"alg":"RS256","kid":"e"})", payload)), "ID_TOKEN_KEY");
  EXPECT_EQ(Reason(pss_.JwsUnder(R"({"alg":"RS256","kid":"p"})", payload)), "ID_TOKEN_KEY");
  // Without an id: the one that fits.
  EXPECT_OK(Verify(ec_.JwsUnder(R"({"alg":"ES256"})", payload)));
}

TEST_F(R17IdTokenTest, ProviderThatDoesNotAnswerIsSaidToBeSo) {
  fetcher_.Set([](const HttpRequest&) { return absl::UnavailableError("down"); });
  const auto refused = Verify(ec_.Jws(Payload().Json()));
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(refused.status()), "ISSUER_KEYS_UNAVAILABLE");
}

TEST_F(R17IdTokenTest, HeaderAsksForNothingWeDoNotKnow) {
  const std::string payload = Payload().Json();
  for (const char* header :
       {R"({"alg":"ES256","kid":"e","crit":["b64"],"b64":true})", R"({"alg":"ES256","crit":[]})",
        R"({"alg":["ES256"]})", R"({"kid":"e"})", R"({"alg":"ES256","alg":"ES256"})",
        R"({"alg":"ES256","kid":7})", R"({"alg":"ES256","typ":"at+jwt"})",
        R"({"alg":"ES256","typ":"logout+jwt"})", "[]", "", "x"}) {
    const std::string reason = Reason(ec_.JwsUnder(header, payload));
    EXPECT_TRUE(reason == "ID_TOKEN_ALGORITHM" || reason == "ID_TOKEN_MALFORMED")
        << header << " " << reason;
  }
  // Keys that the header brings along are not looked at.
  const TestKey own("ES256", "own");
  EXPECT_EQ(Reason(own.JwsUnder(absl::StrCat(R"({"alg":"ES256","kid":"e","jwk":)", own.Json(), "}"),
                                payload)),
            "ID_TOKEN_SIGNATURE");
}

TEST_F(R17IdTokenTest, IssuerAndAudienceAreExact) {
  for (const char* iss : {"https://sso.example/", "https://SSO.example", "https://sso.example.evil",
                          "http://sso.example", ""})
    EXPECT_EQ(Reason(Payload().Set("iss", absl::StrCat("\"", iss, "\""))), "ID_TOKEN_ISSUER")
        << iss;
  for (const char* aud : {"\"other\"", "\"\"", "[]", R"(["other","third"])", "\"KNOOPPUNT-WEB\""})
    EXPECT_EQ(Reason(Payload().Set("aud", aud)), "ID_TOKEN_AUDIENCE") << aud;
  EXPECT_EQ(Reason(Payload().Set("aud", "7")), "ID_TOKEN_MALFORMED");
  EXPECT_OK(Verify(ec_.Jws(Payload().Set("aud", R"(["knooppunt-web"])").Json())));
}

TEST_F(R17IdTokenTest, WithMoreAudiencesTheAuthorizedPartyMustBeUs) {
  Payload several;
  several.Set("aud", R"(["other","knooppunt-web"])");
  EXPECT_EQ(Reason(several), "ID_TOKEN_AUDIENCE");
  EXPECT_EQ(Reason(several.Set("azp", "\"other\"")), "ID_TOKEN_AUDIENCE");
  EXPECT_OK(Verify(ec_.Jws(several.Set("azp", "\"knooppunt-web\"").Json())));
  EXPECT_EQ(Reason(Payload().Set("azp", "\"other\"")), "ID_TOKEN_AUDIENCE");
}

TEST_F(R17IdTokenTest, ClientsOfOneProviderHaveRulesOfTheirOwn) {
  TrustedIssuer device = Issuer();
  device.audience = "knooppunt-cli";
  issuer_.require_nonce = true;
  const IdTokenVerifier verifier({issuer_, device});
  ASSERT_OK_AND_ASSIGN(
      const VerifiedLogin login,
      verifier.Verify(ec_.Jws(Payload().Set("aud", "\"knooppunt-cli\"").Json()), "", kNow));
  EXPECT_EQ(login.issuer->audience, "knooppunt-cli");
  EXPECT_EQ(ReasonOf(verifier.Verify(ec_.Jws(Payload().Json()), "", kNow).status()),
            "ID_TOKEN_NONCE");
}

TEST_F(R17IdTokenTest, TimesHaveASmallSkewAndABound) {
  const int64_t t = absl::ToUnixSeconds(kNow);
  const auto at = [](int64_t seconds) { return absl::StrCat(seconds); };
  EXPECT_OK(Verify(ec_.Jws(Payload().Set("exp", at(t - 29)).Json())));
  EXPECT_EQ(Reason(Payload().Set("exp", at(t - 30))), "ID_TOKEN_EXPIRED");
  EXPECT_OK(Verify(ec_.Jws(Payload().Set("iat", at(t + 30)).Json())));
  EXPECT_EQ(Reason(Payload().Set("iat", at(t + 31))), "ID_TOKEN_NOT_YET_VALID");
  EXPECT_OK(Verify(ec_.Jws(Payload().Set("nbf", at(t + 30)).Json())));
  EXPECT_EQ(Reason(Payload().Set("nbf", at(t + 31))), "ID_TOKEN_NOT_YET_VALID");
  // However long the provider lets it live.
  Payload old;
  old.Set("exp", at(t + 1'000'000)).Set("iat", at(t - kMaxIdTokenAgeSeconds - 30));
  EXPECT_EQ(Reason(old), "ID_TOKEN_EXPIRED");
  for (const char* name : {"iss", "sub", "aud", "exp", "iat"})
    EXPECT_EQ(Reason(Payload().Drop(name)), "ID_TOKEN_MALFORMED") << name;
  for (const char* exp : {"\"1900000000\"", "-1", "1e99", "null", "true"})
    EXPECT_EQ(Reason(Payload().Set("exp", exp)), "ID_TOKEN_MALFORMED") << exp;
}

TEST_F(R17IdTokenTest, NonceIsThatOfTheRequest) {
  Payload with;
  with.Set("nonce", "\"n-1\"");
  EXPECT_OK(Verify(ec_.Jws(with.Json()), "n-1"));
  EXPECT_EQ(Reason(with, "n-2"), "ID_TOKEN_NONCE");
  EXPECT_EQ(Reason(with, ""), "ID_TOKEN_NONCE");          // somebody else's login
  EXPECT_EQ(Reason(Payload(), "n-1"), "ID_TOKEN_NONCE");  // asked for and not there
  EXPECT_OK(Verify(ec_.Jws(Payload().Json())));
  issuer_.require_nonce = true;
  EXPECT_EQ(Reason(Payload()), "ID_TOKEN_NONCE");
  EXPECT_EQ(Reason(Payload().Set("nonce", "\"\"")), "ID_TOKEN_NONCE");
  EXPECT_OK(Verify(ec_.Jws(with.Json()), "n-1"));
}

TEST_F(R17IdTokenTest, AssuranceAndFactorsFollowTheIssuersLists) {
  const auto verified = [&](const std::string& acr, const std::string& amr) {
    Payload p;
    p.Set("acr", absl::StrCat("\"", acr, "\"")).Set("amr", amr);
    return *Verify(ec_.Jws(p.Json()));
  };
  EXPECT_TRUE(verified("urn:substantial", "[]").substantial);
  EXPECT_FALSE(verified("urn:substantial", "[]").two_factor);
  EXPECT_FALSE(verified("urn:two", "[]").substantial);
  EXPECT_TRUE(verified("urn:two", "[]").two_factor);
  // Words that another issuer uses mean nothing here.
  EXPECT_FALSE(verified("substantial", "[]").substantial);
  EXPECT_FALSE(verified("high", "[]").substantial);
  for (const char* amr : {R"(["mfa"])", R"(["pwd","otp"])", R"(["pin","hwk"])", R"(["pwd","sms"])"})
    EXPECT_TRUE(verified("x", amr).two_factor) << amr;
  for (const char* amr : {"[]", R"(["pwd"])", R"(["otp"])", R"(["hwk","otp"])", R"(["pwd","pin"])"})
    EXPECT_FALSE(verified("x", amr).two_factor) << amr;
  const VerifiedLogin none = *Verify(ec_.Jws(Payload().Drop("acr").Drop("amr").Json()));
  EXPECT_FALSE(none.substantial || none.two_factor);
}

TEST_F(R17IdTokenTest, OneLoginIsOneSession) {
  const std::string jws = ec_.Jws(Payload().Json());
  const std::string again = ec_.Jws(Payload().Json());  // ECDSA signs otherwise each time
  EXPECT_NE(jws, again);
  EXPECT_EQ(Verify(jws)->session, Verify(again)->session);
  EXPECT_NE(Verify(jws)->session, Verify(ec_.Jws(Payload().Set("jti", "\"2\"").Json()))->session);
}

TEST_F(R17IdTokenTest, JunkIsMalformed) {
  const std::string good = ec_.Jws(Payload().Json());
  const std::vector<std::string> parts = absl::StrSplit(good, '.');
  for (const std::string& jws :
       {std::string(), std::string("."), std::string(".."), std::string("a.b"), good + ".x",
        "." + good, good + "=", parts[0] + "." + parts[1], good.substr(1),
        std::string(kMaxIdTokenBytes + 1, 'a'), parts[0] + ".!!." + parts[2], ec_.Jws("not json"),
        ec_.Jws("[]"), ec_.Jws(Payload().Json(",\"sub\":\"s2\"")),
        ec_.Jws(Payload().Set("sub", "\"\"").Json()), ec_.Jws(Payload().Set("sub", "7").Json()),
        ec_.Jws(Payload().Set("sub", "\"" + std::string(256, 'x') + "\"").Json()),
        ec_.Jws(Payload().Set("amr", "\"mfa\"").Json()),
        ec_.Jws(Payload().Set("acr", "[]").Json())}) {
    const std::string reason = Reason(jws);
    EXPECT_TRUE(reason == "ID_TOKEN_MALFORMED" || reason == "ID_TOKEN_SIGNATURE")
        << jws.substr(0, 60) << ": " << reason;
  }
}

TEST_F(R17IdTokenTest, EveryChangedCharacterIsRefused) {
  const std::string good = ed_.Jws(Payload().Json());
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = bad[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(Verify(bad).ok()) << i;
  }
}

// The development issuer: one key that we were given, EdDSA alone.
TEST_F(R17IdTokenTest, IssuerWithAKeyOfItsOwn) {
  crypto::SeededRandom random(1);
  const auto key = *crypto::SigningKey::Generate(random);
  issuer_ = IssuerWithKey("dev", kAudience, key.verify_key());
  const auto sign = [&](const std::string& header, const std::string& acr) {
    Payload p;
    p.Set("iss", "\"dev\"").Set("acr", absl::StrCat("\"", acr, "\""));
    const std::string input =
        absl::StrCat(crypto::Base64UrlEncode(header), ".", crypto::Base64UrlEncode(p.Json()));
    return absl::StrCat(input, ".", crypto::Base64UrlEncode(key.Sign(input)));
  };
  ASSERT_OK_AND_ASSIGN(const VerifiedLogin login,
                       Verify(sign(R"({"alg":"EdDSA","typ":"JWT"})", "substantial")));
  EXPECT_TRUE(login.substantial && login.two_factor);
  EXPECT_TRUE(login.issuer->family_prefix);
  EXPECT_FALSE(Verify(sign(R"({"alg":"EdDSA"})", "low"))->substantial);
  EXPECT_EQ(Reason(sign(R"({"alg":"none"})", "high")), "ID_TOKEN_ALGORITHM");
  EXPECT_EQ(Reason(sign(R"({"alg":"ES256"})", "high")), "ID_TOKEN_ALGORITHM");
}

}  // namespace
}  // namespace knooppunt::identity
