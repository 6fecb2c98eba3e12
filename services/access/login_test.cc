#include "services/access/login.h"

#include <filesystem>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/new_folder_testing.h"
#include "base/resource_name.h"
#include "base/status_testing.h"
#include "gtest/gtest.h"
#include "schema/access_migrations.h"
#include "security/identity/identity_testing.h"
#include "security/identity/token.h"

namespace knooppunt::access {
namespace {

using base::ReasonOf;

constexpr char kStaffIssuer[] = "https://sso.example";
constexpr char kFamilyIssuer[] = "https://digid.example";

class R17LoginTest : public ::testing::Test {
 protected:
  R17LoginTest() {
    folder_ = ::knooppunt::testing::NewFolder("login");
    storage::Database::Options options;
    options.path = folder_ + "/access.db";
    options.key = &root_;
    options.unit = "access";
    options.migrations = Migrations();
    options.clock = &clock_;
    options.random = &random_;
    database_ = *storage::Database::Open(std::move(options));
    decision_clock_ = *DecisionClock::Open({.database = database_.get(), .clock = &clock_});
    facts_ = std::make_unique<FactsStore>(database_.get(), decision_clock_.get());
    sessions_ = *SessionStore::Open(database_.get());
    fetcher_.SetBody(identity::SetOf({provider_.Json()}));
    login_ = std::make_unique<Login>(Login::Options{.id_tokens = Verifier(),
                                                    .token_key = token_key_,
                                                    .facts = facts_.get(),
                                                    .sessions = sessions_.get(),
                                                    .random = &random_});
    Employ("nurse-1", {});
  }
  ~R17LoginTest() override {
    login_.reset();
    sessions_.reset();
    facts_.reset();
    decision_clock_.reset();
    database_.reset();
    std::filesystem::remove_all(folder_);
  }
  identity::IdTokenVerifier Verifier() {
    const auto keys = std::make_shared<identity::FetchedKeys>(
        identity::FetchedKeys::Options{.uri = "https://sso.example/jwks", .fetcher = &fetcher_});
    identity::TrustedIssuer staff, family;
    staff.issuer = kStaffIssuer;
    family.issuer = kFamilyIssuer;
    family.family = true;
    std::vector<identity::TrustedIssuer> issuers = {staff, family};
    for (identity::TrustedIssuer& i : issuers) {
      i.audience = "knooppunt";
      i.keys = keys;
      i.algorithms = {identity::JwsAlgorithm::kEs256};
      i.substantial_acr = {"substantial"};
    }
    return identity::IdTokenVerifier(std::move(issuers));
  }
  // A professional whose function ends on `end`, an ISO date, or never.
  void Employ(const std::string& subject, const std::string& end) {
    NumberedFact fact;
    fact.seq = ++seq_;
    v1::ProfessionalFacts* p = fact.fact.mutable_professional();
    p->set_name("professionals/nurse");
    p->set_revision(seq_);
    p->set_login(absl::StrCat(kStaffIssuer, "|", subject));
    v1::FunctionTerm* term = p->add_functions();
    term->set_organisation("organisations/ggd");
    term->set_function(common::v1::FUNCTION_JGZ_NURSE);
    term->set_start_date("2020-01-01");
    term->set_end_date(end);
    EXPECT_OK(facts_->Apply("directory", "i1", {fact}, seq_));
  }
  std::string IdToken(absl::string_view issuer, absl::string_view subject,
                      absl::string_view more = "") const {
    const int64_t t = absl::ToUnixSeconds(clock_.Now());
    return provider_.Jws(absl::StrCat("{\"iss\":\"", issuer, "\",\"sub\":\"", subject,
                                      "\",\"aud\":\"knooppunt\",\"acr\":\"substantial\",\"amr\":"
                                      "[\"pwd\",\"otp\"],\"iat\":",
                                      t, ",\"exp\":", t + 300, more, "}"));
  }
  absl::StatusOr<v1::ExchangeTokenResponse> Exchange(const std::string& id_token,
                                                     const std::string& nonce = "") {
    v1::ExchangeTokenRequest request;
    request.set_id_token(id_token);
    request.set_nonce(nonce);
    return login_->Exchange(request, clock_.Now());
  }

  crypto::SystemRandom random_;
  const crypto::SecretBytes root_ = random_.Key();
  const crypto::SigningKey token_key_ = *crypto::SigningKey::Generate(random_);
  base::FakeClock clock_{absl::FromUnixSeconds(1'800'000'000)};
  const identity::TestKey provider_{"ES256", "k1"};
  identity::FakeFetcher fetcher_;
  std::string folder_;
  int64_t seq_ = 0;
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<DecisionClock> decision_clock_;
  std::unique_ptr<FactsStore> facts_;
  std::unique_ptr<SessionStore> sessions_;
  std::unique_ptr<Login> login_;
};

TEST_F(R17LoginTest, ProfessionalIsKnownByIssuerAndSubject) {
  ASSERT_OK_AND_ASSIGN(const auto out, Exchange(IdToken(kStaffIssuer, "nurse-1")));
  EXPECT_EQ(out.claims().subject(), "professionals/nurse");
  EXPECT_EQ(out.claims().organisation(), "organisations/ggd");
  EXPECT_TRUE(out.claims().two_factor());
  EXPECT_EQ(out.claims().assurance(), v1::ASSURANCE_SUBSTANTIAL);
  EXPECT_FALSE(out.claims().session().empty());
  identity::TokenVerifier tokens(token_key_.verify_key());
  ASSERT_OK_AND_ASSIGN(const v1::TokenClaims claims,
                       tokens.Verify(out.access_token(), clock_.Now()));
  EXPECT_EQ(claims.session(), out.claims().session());
  EXPECT_EQ(claims.expire_time() - claims.issue_time(), limits::kTokenLifetimeSeconds);
  EXPECT_EQ(ReasonOf(Exchange(IdToken(kStaffIssuer, "nurse-2")).status()), "UNKNOWN_LOGIN");
}

TEST_F(R17LoginTest, StaffIssuerMakesNoFamilyAndFamilyIssuerNoStaff) {
  EXPECT_EQ(ReasonOf(Exchange(IdToken(kStaffIssuer, "family:moeder")).status()), "UNKNOWN_LOGIN");
  ASSERT_OK_AND_ASSIGN(const auto out, Exchange(IdToken(kFamilyIssuer, "nurse-1")));
  EXPECT_TRUE(absl::StartsWith(out.claims().subject(), "accounts/a-"));
  EXPECT_EQ(out.claims().organisation(), "");
  EXPECT_EQ(out.claims().function(), common::v1::FUNCTION_UNSPECIFIED);
}

TEST_F(R17LoginTest, FamilyAccountIsAnIdThatShowsNothingOfTheSubject) {
  const auto account = [&](absl::string_view subject) {
    return Exchange(IdToken(kFamilyIssuer, subject))->claims().subject();
  };
  const std::string first = account("s00000000:900000012");
  EXPECT_EQ(account("s00000000:900000012"), first);
  EXPECT_NE(account("s00000000:900000013"), first);
  EXPECT_FALSE(absl::StrContains(first, "900000012"));
  EXPECT_OK(base::ResourceName::Parse(first, "accounts/*"));
  // Any subject will do, whatever characters it is made of.
  EXPECT_OK(base::ResourceName::Parse(account("../A B|\\u00e9"), "accounts/*"));
  EXPECT_OK(base::ResourceName::Parse(account("family:moeder"), "accounts/*"));
}

TEST_F(R17LoginTest, FunctionThatHasEndedGivesNoToken) {
  Employ("nurse-1", "2026-12-31");
  EXPECT_EQ(ReasonOf(Exchange(IdToken(kStaffIssuer, "nurse-1")).status()), "NO_FUNCTION");
}

TEST_F(R17LoginTest, NonceOfTheRequestReachesTheVerifier) {
  const std::string with = IdToken(kStaffIssuer, "nurse-1", ",\"nonce\":\"n\"");
  EXPECT_OK(Exchange(with, "n"));
  EXPECT_EQ(ReasonOf(Exchange(with, "m").status()), "ID_TOKEN_NONCE");
}

// Who logged out does not come back with the id token they logged in with.
TEST_F(R17LoginTest, EndedSessionGivesNoFurtherToken) {
  const std::string id_token = IdToken(kStaffIssuer, "nurse-1");
  ASSERT_OK_AND_ASSIGN(const auto first, Exchange(id_token));
  ASSERT_OK_AND_ASSIGN(const auto second, Exchange(id_token));
  EXPECT_EQ(first.claims().session(), second.claims().session());
  EXPECT_NE(first.claims().id(), second.claims().id());
  ASSERT_OK(database_->Write([&](storage::WriteTx& tx) {
    return sessions_->End(tx, first.claims().session(), clock_.Now());
  }));
  EXPECT_EQ(ReasonOf(Exchange(id_token).status()), "SESSION_ENDED");
  EXPECT_OK(Exchange(IdToken(kStaffIssuer, "nurse-1", ",\"jti\":\"2\"")));
}

}  // namespace
}  // namespace knooppunt::access
