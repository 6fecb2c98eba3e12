#include "clients/cli/device_login.h"

#include <deque>
#include <sstream>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/error.h"
#include "base/status_testing.h"
#include "clients/cli/cli_testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "knooppunt/access/v1/access.pb.h"

namespace knooppunt::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kIssuer[] = "https://sso.example";
constexpr char kDiscovery[] = R"({"issuer":"https://sso.example",
    "token_endpoint":"https://sso.example/token",
    "device_authorization_endpoint":"https://sso.example/device"})";
constexpr char kDevice[] = R"({"device_code":"dc+1","user_code":"ABCD-EFGH","expires_in":60,
    "verification_uri":"https://sso.example/go",
    "verification_uri_complete":"https://sso.example/go?user_code=ABCD-EFGH"})";

// Answers each of the provider's three pages; the token endpoint in the order given.
class FakeProvider final : public identity::HttpFetcher {
 public:
  absl::StatusOr<identity::HttpAnswer> Fetch(const identity::HttpRequest& request) override {
    if (absl::EndsWith(request.url, "/.well-known/openid-configuration")) return discovery;
    forms.push_back(request.form);
    if (request.url == "https://sso.example/device") return device;
    if (request.url != "https://sso.example/token" || tokens.empty())
      return absl::UnavailableError("nobody there");
    auto answer = tokens.front();
    if (tokens.size() > 1) tokens.pop_front();
    return answer;
  }
  void Say(const std::string& error) {
    tokens.push_back(identity::HttpAnswer{400, absl::StrCat(R"({"error":")", error, "\"}")});
  }
  void Give(const std::string& id_token) {
    tokens.push_back(identity::HttpAnswer{
        200, absl::StrCat(R"({"access_token":"x","id_token":")", id_token, "\"}")});
  }

  identity::HttpAnswer discovery{200, kDiscovery};
  identity::HttpAnswer device{200, kDevice};
  std::deque<absl::StatusOr<identity::HttpAnswer>> tokens;
  std::vector<std::string> forms;
};

class R17DeviceLoginTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::string> LogIn(const std::string& issuer = kIssuer) {
    return LogInByDevice({.issuer = issuer, .client_id = "knooppunt cli", .acr_values = "urn:two"},
                         {.http = &provider_,
                          .clock = &clock_,
                          .wait =
                              [this](absl::Duration by) {
                                waits_.push_back(absl::ToInt64Seconds(by));
                                clock_.Advance(by);
                              },
                          .out = &out_});
  }
  FakeProvider provider_;
  base::FakeClock clock_{absl::FromUnixSeconds(1'800'000'000)};
  std::vector<int64_t> waits_;
  std::ostringstream out_;
};

TEST_F(R17DeviceLoginTest, SaysInDutchWhereToGoAndWaitsForTheToken) {
  provider_.Say("authorization_pending");
  provider_.Give("the.id.token");
  ASSERT_OK_AND_ASSIGN(const std::string token, LogIn());
  EXPECT_EQ(token, "the.id.token");
  EXPECT_THAT(out_.str(), HasSubstr("Ga naar:          https://sso.example/go\n"));
  EXPECT_THAT(out_.str(), HasSubstr("Typ daar de code: ABCD-EFGH\n"));
  EXPECT_THAT(out_.str(), Not(HasSubstr("dc+1")));
  EXPECT_THAT(waits_, ElementsAre(5, 5));
  EXPECT_EQ(provider_.forms.at(0), "client_id=knooppunt%20cli&scope=openid&acr_values=urn%3Atwo");
  EXPECT_EQ(provider_.forms.at(1),
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&"
            "device_code=dc%2B1&client_id=knooppunt%20cli");
}

TEST_F(R17DeviceLoginTest, AsksLessOftenWhenToldOrWhenNobodyAnswers) {
  provider_.device.body =
      absl::StrReplaceAll(kDevice, {{"\"expires_in\":60", R"("expires_in":600,"interval":7)"}});
  provider_.Say("slow_down");
  provider_.tokens.push_back(absl::UnavailableError("no connection"));
  provider_.tokens.push_back(identity::HttpAnswer{503, "busy"});
  provider_.Say("authorization_pending");
  provider_.Give("t");
  EXPECT_OK(LogIn());
  EXPECT_THAT(waits_, ElementsAre(7, 12, 24, 48, 48));
}

TEST_F(R17DeviceLoginTest, EndsWhenTheCodeDoes) {
  provider_.Say("authorization_pending");
  const auto late = LogIn();
  EXPECT_EQ(late.status().code(), absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(base::ReasonOf(late.status()), "LOGIN_TIMEOUT");
  EXPECT_EQ(waits_.size(), 11);  // a minute of five seconds each, and not the last
  provider_.tokens.clear();
  provider_.Say("expired_token");
  EXPECT_EQ(base::ReasonOf(LogIn().status()), "LOGIN_TIMEOUT");
}

TEST_F(R17DeviceLoginTest, RefusalOfThePersonIsSaid) {
  provider_.Say("access_denied");
  EXPECT_EQ(base::ReasonOf(LogIn().status()), "LOGIN_DENIED");
  provider_.tokens.clear();
  provider_.Say("invalid_client");
  EXPECT_THAT(std::string(LogIn().status().message()), HasSubstr("invalid_client"));
}

TEST_F(R17DeviceLoginTest, ProviderThatIsNotTheOneNamedIsNotUsed) {
  provider_.Give("t");
  EXPECT_THAT(std::string(LogIn("https://sso.example/").status().message()), HasSubstr("--issuer"));
  EXPECT_THAT(std::string(LogIn("http://sso.example").status().message()), HasSubstr("https"));
  for (const std::string& body :
       {std::string("{}"), std::string("<html>"),
        std::string(R"({"issuer":"https://sso.example"})"),
        absl::StrReplaceAll(kDiscovery, {{"https://sso.example/device", "http://evil.example/"}}),
        absl::StrReplaceAll(kDiscovery, {{"https://sso.example/token", "file:///etc/passwd"}})}) {
    provider_.discovery.body = body;
    EXPECT_EQ(LogIn().status().code(), absl::StatusCode::kInvalidArgument) << body;
  }
  provider_.discovery = {404, "{}"};
  EXPECT_EQ(LogIn().status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(out_.str().find("file:"), std::string::npos);
}

TEST_F(R17DeviceLoginTest, NobodyIsSentToAnUnprotectedPageOrShownMoreThanACode) {
  provider_.Give("t");
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"https://sso.example/go\"", "http://sso.example/go\""},
           {"https://sso.example/go?", "javascript:alert?"},
           {"ABCD-EFGH\",\"expires", R"(AB\u001b[2J","expires)"},
           {"ABCD-EFGH\",\"expires", R"(AB\nGa naar: https://evil.example","expires)"},
           {"\"user_code\":\"ABCD-EFGH\",", ""},
           {"60", "0"}}) {
    provider_.device.body = absl::StrReplaceAll(kDevice, {{from, to}});
    EXPECT_EQ(LogIn().status().code(), absl::StatusCode::kInvalidArgument) << to;
  }
  EXPECT_EQ(out_.str(), "");
  provider_.device = {400, R"({"error":"unauthorized_client"})"};
  EXPECT_THAT(std::string(LogIn().status().message()), HasSubstr("unauthorized_client"));
}

// --- The commands ---

constexpr char kExchange[] = "/knooppunt.access.v1.AccessService/ExchangeToken";
constexpr char kEndSession[] = "/knooppunt.access.v1.AccessService/EndSession";

class R17LoginCommandTest : public ::testing::Test {
 protected:
  R17LoginCommandTest() {
    cli_.http = &provider_;
    access::v1::ExchangeTokenResponse response;
    response.set_access_token("secret.token");
    response.set_expire_time(absl::ToUnixSeconds(cli_.clock().Now()) + 660);
    response.mutable_claims()->set_subject("professionals/ib");
    response.mutable_claims()->set_organisation("organisations/mosalira");
    cli_.server().SetResponse(kExchange, response);
  }
  std::string TokenInProfile() const { return ProfileStore(cli_.folder()).Load("default")->token; }
  FakeProvider provider_;
  CliFixture cli_;
};

TEST_F(R17LoginCommandTest, IdTokenOfTheProviderIsExchanged) {
  provider_.Give("the.id.token");
  const Ran ran = cli_.Run({"login", "--issuer", kIssuer, "--client-id", "knooppunt"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.err, HasSubstr("Typ daar de code: ABCD-EFGH"));
  EXPECT_THAT(ran.out, HasSubstr("Logged in as professionals/ib"));
  EXPECT_EQ(cli_.server().Request<access::v1::ExchangeTokenRequest>(0).id_token(), "the.id.token");
  EXPECT_EQ(TokenInProfile(), "secret.token");
}

TEST_F(R17LoginCommandTest, IdTokenOfAnotherProgramComesWithItsNonce) {
  const Ran ran = cli_.Run({"login", "--id-token", "-", "--nonce", "n-1"}, "an.id.token\n");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  const auto& request = cli_.server().Request<access::v1::ExchangeTokenRequest>(0);
  EXPECT_EQ(request.id_token(), "an.id.token");
  EXPECT_EQ(request.nonce(), "n-1");
  EXPECT_EQ(cli_.Run({"login", "--id-token", "-"}, "").exit_code, 6);
}

TEST_F(R17LoginCommandTest, WaysToLogInAreNotMixedAndOneIsNeeded) {
  EXPECT_EQ(cli_.Run({"login"}).exit_code, 2);
  EXPECT_EQ(cli_.Run({"login", "--client-id", "x"}).exit_code, 2);
  EXPECT_EQ(cli_.Run({"login", "--issuer", kIssuer, "--client-id", "x", "--dev-as", "y"}).exit_code,
            2);
  EXPECT_EQ(cli_.Run({"login", "--nonce", "x"}).exit_code, 2);
  EXPECT_THAT(cli_.server().calls(), IsEmpty());
}

TEST_F(R17LoginCommandTest, LogoutEndsTheSessionAtTheServerAndWipesTheToken) {
  cli_.LogInAsStaff();
  cli_.server().SetResponse(kEndSession, access::v1::EndSessionResponse());
  EXPECT_EQ(cli_.Run({"logout"}).exit_code, 0);
  ASSERT_EQ(cli_.server().calls().size(), 1);
  EXPECT_EQ(cli_.server().calls()[0].method, kEndSession);
  EXPECT_EQ(cli_.server().calls()[0].options.token, "test.token");
  EXPECT_EQ(TokenInProfile(), "");
  EXPECT_EQ(cli_.Run({"logout"}).exit_code, 0);  // nothing left to end
  EXPECT_EQ(cli_.server().calls().size(), 1);
}

TEST_F(R17LoginCommandTest, LogoutWithoutAnAnswerWipesTheTokenAndSaysThatTheSessionStays) {
  cli_.LogInAsStaff();
  cli_.server().SetError(kEndSession, absl::UnavailableError("no connection"));
  const Ran ran = cli_.Run({"logout"});
  EXPECT_EQ(ran.exit_code, 7);
  EXPECT_THAT(ran.err, HasSubstr("did not end the session; it ends by itself at 2026-11-22 10:10"));
  EXPECT_EQ(TokenInProfile(), "");
}

TEST_F(R17LoginCommandTest, SessionThatHasEndedAlreadyIsNoFailure) {
  for (const absl::Status& status :
       {base::MakeError(absl::StatusCode::kUnauthenticated, "SESSION_ENDED", "R17", "ended"),
        base::MakeError(absl::StatusCode::kPermissionDenied, "REFUSED", "R17", "no function")}) {
    cli_.LogInAsStaff();
    cli_.server().SetError(kEndSession, status);
    EXPECT_EQ(cli_.Run({"logout"}).exit_code, 0);
    EXPECT_EQ(TokenInProfile(), "");
  }
}

}  // namespace
}  // namespace knooppunt::cli
