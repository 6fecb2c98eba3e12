// Tokens and units: stolen, bent, of another time, of another key, in the wrong place.
#include "absl/strings/str_split.h"
#include "security/crypto/hash.h"
#include "security/identity/identity_testing.h"
#include "security/identity/token.h"
#include "tests/attacks/attack.h"

namespace knooppunt::attacks {
namespace {

using integration::Fails;

constexpr char kGetCase[] = "/knooppunt.casework.v1.CaseworkService/GetCase";
constexpr char kExchange[] = "/knooppunt.access.v1.AccessService/ExchangeToken";

class TokenAttackTest : public AttackTest {
 protected:
  access::v1::TokenClaims Claims(const Caller& who) const {
    access::v1::TokenClaims claims = who.claims;
    claims.set_id("t-stolen");
    claims.set_assurance(access::v1::ASSURANCE_SUBSTANTIAL);
    claims.set_two_factor(true);
    claims.set_audience(identity::kAudience);
    claims.set_issue_time(absl::ToUnixSeconds(region_.Now()));
    claims.set_expire_time(absl::ToUnixSeconds(region_.Now()) + 600);
    return claims;
  }
  // As `unit`, or as a person when empty. A call without identity leaves no record of its own: it
  // is counted (R22).
  absl::Status Read(const std::string& token, const std::string& unit = "") {
    runtime::DirectTransport transport(&region_.process().switchboard(), unit);
    casework::v1::GetCaseRequest request;
    request.set_name(region_.case_name);
    casework::v1::Case answer;
    absl::Status status;
    const auto records = integration::RecordsOf(region_, "dossier", [&] {
      status = transport.Call(kGetCase, request, &answer,
                              {.timeout = absl::Seconds(30),
                               .token = token,
                               .purpose = common::v1::PURPOSE_COORDINATION});
    });
    EXPECT_TRUE(status.ok() || records.empty() || base::ReasonOf(status) == "REFUSED");
    EXPECT_TRUE(status.ok() || answer.ByteSizeLong() == 0);
    return status;
  }
  template <typename Request, typename Response>
  absl::Status AsUnit(const std::string& unit, const std::string& method, const Request& request,
                      Response* response, const std::string& token = "") {
    runtime::DirectTransport transport(&region_.process().switchboard(), unit);
    return transport.Call(absl::StrCat("/knooppunt.", method), request, response,
                          {.timeout = absl::Seconds(30), .token = token});
  }
  absl::Status Exchange(const std::string& id_token) {
    runtime::DirectTransport transport(&region_.process().switchboard(), "");
    access::v1::ExchangeTokenRequest request;
    request.set_id_token(id_token);
    access::v1::ExchangeTokenResponse response;
    absl::Status s = transport.Call(kExchange, request, &response, {.timeout = absl::Seconds(30)});
    EXPECT_TRUE(s.ok() || response.access_token().empty());
    return s;
  }
  std::string IdClaims() const {
    const int64_t now = absl::ToUnixSeconds(region_.Now());
    return absl::StrCat(R"({"iss":"dev","sub":"professionals/ib","aud":"knooppunt","iat":)", now,
                        R"(,"exp":)", now + 60, R"(,"acr":"substantial","amr":["pwd","otp"]})");
  }
  static auto Unauthenticated(const std::string& reason) {
    return Fails(StatusCode::kUnauthenticated, reason);
  }
};

TEST_F(TokenAttackTest, A79R17EveryBitOfATokenCounts) {
  const std::string token = region_.Token(region_.ib);
  ASSERT_OK(Read(token));
  const size_t dot = token.find('.');
  for (size_t i = 0; i < token.size(); i += 7) {
    std::string bent = token;
    bent[i] = bent[i] == 'A' ? 'B' : 'A';
    const absl::Status s = Read(bent);
    EXPECT_EQ(s.code(), StatusCode::kUnauthenticated) << i << (i < dot ? " claims" : " signature");
    EXPECT_TRUE(base::ReasonOf(s) == "TOKEN_SIGNATURE" || base::ReasonOf(s) == "TOKEN_MALFORMED")
        << s;
  }
}

TEST_F(TokenAttackTest, A80R17StolenTokenBentToAnotherOrganisation) {
  const std::vector<std::string> own = absl::StrSplit(region_.Token(region_.stranger), '.');
  access::v1::TokenClaims claims = Claims(region_.stranger);
  claims.set_organisation("organisations/mosalira");
  claims.set_function(common::v1::FUNCTION_INTERN_BEGELEIDER);
  claims.set_subject(region_.ib.claims.subject());
  EXPECT_THAT(Read(absl::StrCat(crypto::Base64UrlEncode(claims.SerializeAsString()), ".", own[1])),
              Unauthenticated("TOKEN_SIGNATURE"));
}

TEST_F(TokenAttackTest, A81R17TokenOfYesterday) {
  const std::string token = region_.Token(region_.ib);
  region_.clock().Advance(absl::Minutes(10));
  EXPECT_THAT(Read(token), Unauthenticated("TOKEN_EXPIRED"));
}

TEST_F(TokenAttackTest, A82R17TokenOfTomorrow) {
  access::v1::TokenClaims claims = Claims(region_.ib);
  claims.set_issue_time(claims.issue_time() + 3600);
  claims.set_expire_time(claims.expire_time() + 3600);
  EXPECT_THAT(Read(region_.Token(claims)), Unauthenticated("TOKEN_NOT_YET_VALID"));
}

TEST_F(TokenAttackTest, A83R17TokenSignedByAnotherKeyOfTheHouse) {
  for (const crypto::SigningKey* key : {&region_.log_key(), &region_.issuer_key()}) {
    EXPECT_THAT(Read(identity::MintToken(*key, Claims(region_.ib))),
                Unauthenticated("TOKEN_SIGNATURE"));
  }
}

TEST_F(TokenAttackTest, A84R17TokenForAnotherService) {
  access::v1::TokenClaims claims = Claims(region_.ib);
  for (const char* audience : {"", "knooppunt-web", "Knooppunt"}) {
    claims.set_audience(audience);
    EXPECT_THAT(Read(region_.Token(claims)), Unauthenticated("TOKEN_AUDIENCE")) << audience;
  }
}

TEST_F(TokenAttackTest, A85R17NoTokenOrSomethingElseInItsPlace) {
  for (const std::string& junk : {std::string(), std::string("a.b.c"), std::string(100'000, 'a'),
                                  absl::StrCat("Bearer ", region_.Token(region_.ib)),
                                  identity::HmacJws("secret", R"({"alg":"HS256"})", IdClaims())}) {
    EXPECT_THAT(Read(junk), Unauthenticated("TOKEN_MALFORMED")) << junk.substr(0, 20);
  }
  EXPECT_THAT(Read("."), Unauthenticated("TOKEN_SIGNATURE"));
}

TEST_F(TokenAttackTest, A86R17TokenInAFieldInsteadOfItsPlace) {
  casework::v1::GetCaseRequest request;
  request.set_name(region_.Token(region_.ib));
  casework::v1::Case answer;
  EXPECT_THAT(AsUnit("", "casework.v1.CaseworkService/GetCase", request, &answer),
              Unauthenticated("TOKEN_MALFORMED"));
}

TEST_F(TokenAttackTest, A87R17SecondFactorLeftOut) {
  access::v1::TokenClaims claims = Claims(region_.ib);
  claims.set_two_factor(false);
  EXPECT_THAT(Read(region_.Token(claims)), integration::Refused());
}

TEST_F(TokenAttackTest, A88R17IdTokenWithoutOrWithAWeakAlgorithm) {
  const std::string claims = IdClaims();
  const std::string none = absl::StrCat(crypto::Base64UrlEncode(R"({"alg":"none"})"), ".",
                                        crypto::Base64UrlEncode(claims), ".");
  EXPECT_THAT(Exchange(none), Unauthenticated("ID_TOKEN_ALGORITHM"));
  // The public key is no secret: a forger signs with it as if it were a shared one.
  EXPECT_THAT(Exchange(identity::HmacJws(region_.issuer_key().verify_key().raw(),
                                         R"({"alg":"HS256"})", claims)),
              Unauthenticated("ID_TOKEN_ALGORITHM"));
  // Under the algorithm's right name, the wrong kind of signature.
  EXPECT_THAT(Exchange(identity::HmacJws(region_.issuer_key().verify_key().raw(),
                                         R"({"alg":"EdDSA"})", claims)),
              Unauthenticated("ID_TOKEN_SIGNATURE"));
}

TEST_F(TokenAttackTest, A89R17IdTokenThatBringsItsOwnKey) {
  const identity::TestKey forger("EdDSA", "mine");
  const std::string header =
      absl::StrCat(R"({"alg":"EdDSA","typ":"JWT","jwk":)", forger.Json(), "}");
  const absl::Status s = Exchange(forger.JwsUnder(header, IdClaims()));
  EXPECT_EQ(s.code(), StatusCode::kUnauthenticated) << s;
}

TEST_F(TokenAttackTest, A90R17AccessTokenShownAsAnIdToken) {
  EXPECT_THAT(Exchange(region_.Token(region_.ib)), Unauthenticated("ID_TOKEN_MALFORMED"));
}

TEST_F(TokenAttackTest, A91R17UnitActsAsAPerson) {
  for (const char* unit : {"dossier", "access", "audit", "directory"}) {
    EXPECT_THAT(Read("", unit), Unauthenticated("TOKEN_MALFORMED")) << unit;
  }
}

TEST_F(TokenAttackTest, A92P6PersonAsksAccessForKeys) {
  access::v1::CheckRequest check;
  check.set_token(region_.Token(region_.ib));
  check.set_method(kGetCase);
  check.set_resource(region_.case_name);
  check.set_purpose(common::v1::PURPOSE_COORDINATION);
  check.set_call_id("call-1");
  access::v1::Decision decision;
  for (const char* unit : {"", "gateway", "witness", "Dossier", "dossier "}) {
    EXPECT_THAT(AsUnit(unit, "access.v1.AccessService/Check", check, &decision, check.token()),
                Fails(StatusCode::kPermissionDenied, "NOT_A_SERVICE"))
        << unit;
    EXPECT_EQ(decision.ByteSizeLong(), 0u);
  }
}

TEST_F(TokenAttackTest, A93P6UnitAsksForKeysWithABadToken) {
  access::v1::CheckRequest check;
  check.set_method(kGetCase);
  check.set_resource(region_.case_name);
  check.set_purpose(common::v1::PURPOSE_COORDINATION);
  access::v1::Decision decision;
  EXPECT_THAT(AsUnit("audit", "access.v1.AccessService/Check", check, &decision),
              Unauthenticated("TOKEN_MALFORMED"));
  check.set_token(region_.Token(region_.stranger));
  ASSERT_OK(AsUnit("audit", "access.v1.AccessService/Check", check, &decision));
  EXPECT_FALSE(decision.allowed());
  EXPECT_FALSE(decision.has_permit());
}

TEST_F(TokenAttackTest, A94P3UnitSendsFactsThatItDoesNotOwn) {
  access::v1::ApplyFactsRequest facts;
  access::v1::ApplyFactsResponse applied;
  const std::string method = "access.v1.AccessService/ApplyFacts";
  facts.set_unit("dossier");
  EXPECT_THAT(AsUnit("directory", method, facts, &applied),
              Fails(StatusCode::kFailedPrecondition, "NOT_YOUR_FACT"));
  EXPECT_THAT(AsUnit("audit", method, facts, &applied),
              Fails(StatusCode::kPermissionDenied, "NOT_A_SERVICE"));
  // Under its own name, somebody else's kind of fact: the dossier employs the stranger at the JGZ.
  facts.set_incarnation("mine");
  facts.set_position(1);
  access::v1::FactEntry entry;
  access::v1::ProfessionalFacts* p = entry.mutable_professional();
  p->set_name(region_.stranger.claims.subject());
  p->set_revision(1'000'000);
  access::v1::FunctionTerm* term = p->add_functions();
  term->set_organisation("organisations/mosalira");
  term->set_function(common::v1::FUNCTION_INTERN_BEGELEIDER);
  term->set_start_date(region_.Day(-1));
  facts.add_entries()->set_seq(1);
  facts.mutable_entries(0)->set_payload(entry.SerializeAsString());
  EXPECT_THAT(AsUnit("dossier", method, facts, &applied),
              Fails(StatusCode::kFailedPrecondition, "NOT_YOUR_FACT"));
}

}  // namespace
}  // namespace knooppunt::attacks
