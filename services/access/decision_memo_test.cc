// Every decision that was kept against the same one worked out anew, word for word, in made-up
// families that change while time passes: an oracle, not a list of cases.
#include "services/access/decision_memo.h"

#include <filesystem>
#include <fstream>
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/date.h"
#include "base/new_folder_testing.h"
#include "base/status_testing.h"
#include "gtest/gtest.h"
#include "knooppunt/casework/v1/casework.pb.h"
#include "knooppunt/consent/v1/consent.pb.h"
#include "schema/access_migrations.h"
#include "security/policy/engine.h"
#include "security/policy/permit.h"
#include "security/policy/testing_family.h"
#include "services/access/decide.h"

namespace knooppunt::access {
namespace {

using policy::testing::AddConsent;
using policy::testing::AddSeat;
using policy::testing::Sign;

constexpr char kSchool[] = "organisations/mosalira";
constexpr char kHealth[] = "organisations/ggd-zl";
constexpr char kCjg[] = "organisations/cjg";
constexpr char kGetCase[] = "/knooppunt.casework.v1.CaseworkService/GetCase";
constexpr char kListCases[] = "/knooppunt.casework.v1.CaseworkService/ListCases";
constexpr char kCase[] = "families/f1/cases/c1";

absl::Time At(int month, int day, int hour, int minute = 0, int second = 0) {
  return absl::FromCivil(absl::CivilSecond(2026, month, day, hour, minute, second),
                         base::Amsterdam());
}

class DecisionMemoTest : public ::testing::Test {
 protected:
  DecisionMemoTest() {
    // Their rules stand in their protos, which the linker would leave out.
    casework::v1::GetCaseRequest::descriptor();
    consent::v1::Consent::descriptor();
    folder_ = ::knooppunt::testing::NewFolder("memo");
    storage::Database::Options options;
    options.path = folder_ + "/access.db";
    options.key = &root_;
    options.unit = "access";
    options.migrations = Migrations();
    options.clock = &clock_;
    options.random = &random_;
    database_ = *storage::Database::Open(std::move(options));
    keyring_ = *Keyring::Open(
        {.path = folder_ + "/keyring.db", .root = &root_, .clock = &clock_, .random = &random_});
    decision_clock_ = *DecisionClock::Open({.database = database_.get(), .clock = &clock_});
    facts_ = std::make_unique<FactsStore>(database_.get(), decision_clock_.get());
    sessions_ = *SessionStore::Open(database_.get());
    const auto table = policy::testing::LoadPolicy();
    policy_text_ = table->text();
    policy_ = std::make_unique<PolicySource>(PolicySource::Options{
        .first = table, .path = folder_ + "/policy.textproto", .clock = &clock_});
    DecisionMaker::Options makers{.facts = facts_.get(),
                                  .sessions = sessions_.get(),
                                  .keyring = keyring_.get(),
                                  .tokens = &tokens_,
                                  .clock = decision_clock_.get(),
                                  .policy = policy_.get()};
    keeping_ = std::make_unique<DecisionMaker>(makers);
    makers.keep_decisions = false;
    fresh_ = std::make_unique<DecisionMaker>(makers);
    Employ("ib", kSchool, common::v1::FUNCTION_INTERN_BEGELEIDER);
    Employ("deputy", kSchool, common::v1::FUNCTION_INTERN_BEGELEIDER);
    Employ("nurse", kHealth, common::v1::FUNCTION_JGZ_NURSE);
    Employ("consultant", kCjg, common::v1::FUNCTION_MUNICIPAL_CONSULTANT);
    SetKind(kSchool, common::v1::ORGANISATION_KIND_SCHOOL_BOARD);
    SetKind(kHealth, common::v1::ORGANISATION_KIND_YOUTH_HEALTH);
    SetKind(kCjg, common::v1::ORGANISATION_KIND_CJG);
    MakeFamily();
  }
  ~DecisionMemoTest() override {
    sessions_.reset();
    facts_.reset();
    decision_clock_.reset();
    keyring_.reset();
    database_.reset();
    std::filesystem::remove_all(folder_);
  }

  // ---- What changes -------------------------------------------------------

  void ApplyDirectory(v1::FactEntry fact) {
    ++directory_;
    ASSERT_OK(facts_->Apply("directory", "i", {{directory_, std::move(fact)}}, directory_));
  }
  void Employ(const char* id, const char* organisation, common::v1::Function function,
              const std::string& until = "") {
    v1::FactEntry fact;
    v1::ProfessionalFacts* p = fact.mutable_professional();
    p->set_name(absl::StrCat("professionals/", id));
    p->set_login(absl::StrCat("sso|", id));
    p->set_revision(directory_ + 1);
    v1::FunctionTerm* t = p->add_functions();
    t->set_organisation(organisation);
    t->set_function(function);
    t->set_start_date("2020-01-01");
    t->set_end_date(until);
    ApplyDirectory(std::move(fact));
  }
  void SetKind(const char* organisation, common::v1::OrganisationKind kind) {
    v1::FactEntry fact;
    fact.mutable_organisation()->set_name(organisation);
    fact.mutable_organisation()->set_revision(directory_ + 1);
    fact.mutable_organisation()->set_kind(kind);
    ApplyDirectory(std::move(fact));
  }
  void Apply() {
    family_.set_revision(family_.revision() + 1);
    NumberedFact fact{.seq = family_.revision(), .fact = {}};
    *fact.fact.mutable_family() = family_;
    ASSERT_OK(facts_->Apply("dossier", "i", {fact}, family_.revision()));
  }
  void SetPolicy(const std::string& text) {
    std::ofstream(folder_ + "/policy.textproto") << text;
    ASSERT_OK(policy_->Reload());
  }
  int64_t Now() const { return absl::ToUnixSeconds(clock_.Now()); }

  // Two children near their birthdays, parents, three partners, and what was agreed so far.
  void MakeFamily() {
    family_ = policy::testing::DivorcedParents();
    family_.mutable_persons(0)->set_birth_date("2010-11-24");  // 16
    family_.mutable_persons(1)->set_birth_date("2014-11-23");  // 12
    AddSeat(&family_, "nurse", kHealth, common::v1::FUNCTION_JGZ_NURSE, v1::SEAT_ROLE_CORE_PARTNER);
    AddSeat(&family_, "consultant", kCjg, common::v1::FUNCTION_MUNICIPAL_CONSULTANT,
            v1::SEAT_ROLE_CORE_PARTNER)
        ->set_end_time(absl::ToUnixSeconds(At(11, 24, 15)));
    v1::Seat* deputy = AddSeat(&family_, "deputy", kSchool, common::v1::FUNCTION_INTERN_BEGELEIDER,
                               v1::SEAT_ROLE_WERKPLAATS);
    deputy->set_deputises("seat-ib");
    deputy->set_start_time(absl::ToUnixSeconds(At(11, 23, 9, 30)));
    deputy->set_end_time(absl::ToUnixSeconds(At(11, 25, 12)));
    v1::RegisseurTerm* term = family_.mutable_cases(0)->add_terms();
    term->set_seat("seat-nurse");
    term->set_stand_in_seat("seat-ib");
    term->set_start_time(1);
    using namespace common::v1;  // NOLINT(google-build-using-namespace): words of one table
    for (const char* recipient : {kHealth, kCjg, kSchool}) {
      AddConsent(&family_, {"child"}, {COMPARTMENT_EDUCATION, COMPARTMENT_HEALTH}, recipient);
      for (const char* who : {"child", "mother", "father"})
        Sign(&family_, who, v1::SIGNATURE_STATE_GIVEN, Now() - 1000);
    }
    family_.mutable_consents(1)->set_end_date("2026-11-23");
    for (const char* controller : {kSchool, kHealth}) {
      for (const Compartment c : {COMPARTMENT_EDUCATION, COMPARTMENT_HEALTH, COMPARTMENT_SAFETY}) {
        for (const char* about : {"child", "sibling"}) {
          Label label;
          label.mutable_about()->add_persons(about);
          label.set_compartment(c);
          label.set_regime(c == COMPARTMENT_HEALTH ? REGIME_HEALTH : REGIME_EDUCATION);
          label.set_controller(controller);
          v1::Scope* s = family_.add_scopes();
          s->set_id(policy::ScopeId("f1", label));
          *s->mutable_label() = label;
          // The key of one of them is gone (R32).
          if (family_.scopes_size() == 1) continue;
          ASSERT_OK(keyring_->FindOrCreate(absl::StrCat("scope/f1/", s->id())));
        }
      }
    }
    ASSERT_OK(keyring_->FindOrCreate("facts/f1"));
    Apply();
  }

  // ---- Who asks what ------------------------------------------------------

  static v1::TokenClaims Staff(const char* id, const char* organisation,
                               common::v1::Function function) {
    v1::TokenClaims claims = FamilyMember(id);
    claims.set_subject(absl::StrCat("professionals/", id));
    claims.set_organisation(organisation);
    claims.set_function(function);
    claims.set_two_factor(true);
    return claims;
  }
  static v1::TokenClaims FamilyMember(const char* id) {
    v1::TokenClaims claims;
    claims.set_id(absl::StrCat("t-", id));
    claims.set_subject(absl::StrCat("accounts/", id));
    claims.set_assurance(v1::ASSURANCE_SUBSTANTIAL);
    claims.set_issue_time(1);
    claims.set_expire_time(4'000'000'000);
    claims.set_audience(identity::kAudience);
    claims.set_display_name("Els Janssen");
    return claims;
  }
  static std::vector<v1::TokenClaims> Everybody() {
    std::vector<v1::TokenClaims> out = {
        Staff("ib", kSchool, common::v1::FUNCTION_INTERN_BEGELEIDER),
        Staff("deputy", kSchool, common::v1::FUNCTION_INTERN_BEGELEIDER),
        Staff("nurse", kHealth, common::v1::FUNCTION_JGZ_NURSE),
        Staff("consultant", kCjg, common::v1::FUNCTION_MUNICIPAL_CONSULTANT)};
    for (const char* id : {"child", "sibling", "mother", "father", "stranger"})
      out.push_back(FamilyMember(id));
    return out;
  }
  v1::CheckRequest Ask(const v1::TokenClaims& claims, const std::string& method = kGetCase,
                       common::v1::Purpose purpose = common::v1::PURPOSE_COORDINATION) const {
    v1::CheckRequest request;
    request.set_token(identity::MintToken(token_key_, claims));
    request.set_method(method);
    request.set_resource(kCase);
    request.set_purpose(purpose);
    request.set_call_id("call");
    return request;
  }
  std::vector<v1::CheckRequest> EveryQuestion() const {
    std::vector<v1::CheckRequest> out;
    for (const v1::TokenClaims& who : Everybody()) {
      const bool family = who.organisation().empty();
      for (const char* method :
           {"casework.v1.CaseworkService/GetCase", "casework.v1.CaseworkService/AppointRegisseur",
            "casework.v1.CaseworkService/ListOwnRecord",
            "casework.v1.CaseworkService/GetResponsibility", "casework.v1.CaseworkService/JoinCase",
            "consent.v1.ConsentService/ListConsents"}) {
        for (const auto purpose :
             {family ? common::v1::PURPOSE_OWN_FILE : common::v1::PURPOSE_COORDINATION,
              family ? common::v1::PURPOSE_COORDINATION : common::v1::PURPOSE_EMERGENCY}) {
          out.push_back(Ask(who, absl::StrCat("/knooppunt.", method), purpose));
        }
      }
    }
    return out;
  }

  // ---- The comparison -----------------------------------------------------

  static std::string Words(const absl::StatusOr<v1::Decision>& d) {
    return d.ok() ? d->ShortDebugString() : d.status().ToString();
  }
  // Twice as kept, once anew: what is kept at the first is found at the second.
  void ExpectSame(const v1::CheckRequest& request) {
    const std::string first = Words(keeping_->Check(request));
    const std::string second = Words(keeping_->Check(request));
    const std::string anew = Words(fresh_->Check(request));
    ASSERT_EQ(first, anew) << request.method() << " at " << clock_.Now();
    ASSERT_EQ(second, anew) << request.method() << " at " << clock_.Now();
  }
  void ExpectSameList(const v1::TokenClaims& who) {
    v1::ListAccessibleRequest request;
    *request.mutable_check() = Ask(who, kListCases);
    request.mutable_check()->clear_resource();
    v1::ListAccessibleResponse kept, anew;
    ASSERT_OK(keeping_->ListAccessible(request, &kept));
    ASSERT_OK(fresh_->ListAccessible(request, &anew));
    ASSERT_EQ(kept.ShortDebugString(), anew.ShortDebugString());
  }
  bool Allowed(const v1::TokenClaims& who) {
    const auto d = keeping_->Check(Ask(who));
    EXPECT_OK(d.status());
    return d.ok() && d->allowed();
  }
  // Whether the decision was there.
  bool AnswersFromKept(const v1::CheckRequest& request) {
    const int64_t before = keeping_->answered_from_kept();
    EXPECT_OK(keeping_->Check(request).status());
    return keeping_->answered_from_kept() > before;
  }

  crypto::SystemRandom random_;
  const crypto::SecretBytes root_ = random_.Key();
  const crypto::SigningKey token_key_ = *crypto::SigningKey::Generate(random_);
  identity::TokenVerifier tokens_{token_key_.verify_key()};
  base::FakeClock clock_{At(11, 22, 10)};
  std::string folder_, policy_text_;
  int64_t directory_ = 0;
  v1::FamilyFacts family_;
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<Keyring> keyring_;
  std::unique_ptr<DecisionClock> decision_clock_;
  std::unique_ptr<FactsStore> facts_;
  std::unique_ptr<SessionStore> sessions_;
  std::unique_ptr<PolicySource> policy_;
  std::unique_ptr<DecisionMaker> keeping_, fresh_;
};

TEST_F(DecisionMemoTest, AnInstantAndTheDayBoundThePeriod) {
  v1::FamilyFacts f;
  f.add_cases()->add_seats()->set_start_time(100);
  f.mutable_cases(0)->mutable_seats(0)->set_end_time(200);
  f.add_grounds()->mutable_review()->set_time(300);
  EXPECT_EQ(InstantsOf(f), (std::vector<int64_t>{100, 101, 200, 201, 300, 301}));
  const Period between = SteadyPeriod(InstantsOf(f), absl::FromUnixSeconds(150));
  EXPECT_EQ(between.from, absl::FromUnixSeconds(101));
  EXPECT_EQ(between.before, absl::FromUnixSeconds(200));
  const Period day = SteadyPeriod({}, At(10, 25, 12));  // of 25 hours
  EXPECT_EQ(day.from, At(10, 25, 0));
  EXPECT_EQ(day.before, At(10, 26, 0));
  EXPECT_EQ(day.before - day.from, absl::Hours(25));
}

TEST_F(DecisionMemoTest, P3AWithdrawalIsSeenByTheNextDecision) {
  const v1::TokenClaims nurse = Staff("nurse", kHealth, common::v1::FUNCTION_JGZ_NURSE);
  ASSERT_TRUE(Allowed(nurse));
  ASSERT_TRUE(Allowed(nurse));
  ASSERT_TRUE(AnswersFromKept(Ask(nurse)));
  auto* s = family_.mutable_consents(0)->add_signatures();
  s->set_person("mother");
  s->set_state(v1::SIGNATURE_STATE_WITHDRAWN);
  s->set_time(Now());
  Apply();
  EXPECT_FALSE(Allowed(nurse));
  ExpectSame(Ask(nurse));
}

TEST_F(DecisionMemoTest, R14AConsentThatEndsAtMidnightEndsForWhatWasKeptTheEveningBefore) {
  const v1::TokenClaims consultant =
      Staff("consultant", kCjg, common::v1::FUNCTION_MUNICIPAL_CONSULTANT);
  clock_.Set(At(11, 22, 23, 59, 59));
  ASSERT_TRUE(Allowed(consultant));
  ASSERT_TRUE(Allowed(consultant));
  ASSERT_TRUE(AnswersFromKept(Ask(consultant)));
  clock_.Set(At(11, 23, 0));
  EXPECT_FALSE(Allowed(consultant));
}

TEST_F(DecisionMemoTest, R8R39ASeatBeginsAndEndsOnTheSecond) {
  const v1::TokenClaims deputy = Staff("deputy", kSchool, common::v1::FUNCTION_INTERN_BEGELEIDER);
  clock_.Set(At(11, 23, 9, 29, 59));
  EXPECT_FALSE(Allowed(deputy));
  clock_.Set(At(11, 23, 9, 30));
  EXPECT_TRUE(Allowed(deputy));
  EXPECT_TRUE(Allowed(deputy));
  clock_.Set(At(11, 25, 11, 59, 59));
  EXPECT_TRUE(Allowed(deputy));
  EXPECT_TRUE(AnswersFromKept(Ask(deputy)));
  clock_.Set(At(11, 25, 12));
  EXPECT_FALSE(Allowed(deputy));
}

TEST_F(DecisionMemoTest, AnotherPolicyOrAnEndOfEmploymentLeavesNothingKept) {
  const v1::TokenClaims nurse = Staff("nurse", kHealth, common::v1::FUNCTION_JGZ_NURSE);
  ASSERT_TRUE(Allowed(nurse));
  ASSERT_TRUE(Allowed(nurse));
  ASSERT_TRUE(AnswersFromKept(Ask(nurse)));
  SetPolicy(absl::StrCat(policy_text_, "\n# another\n"));
  EXPECT_FALSE(AnswersFromKept(Ask(nurse)));
  EXPECT_TRUE(AnswersFromKept(Ask(nurse)));
  Employ("nurse", kHealth, common::v1::FUNCTION_JGZ_NURSE, "2026-11-22");
  EXPECT_FALSE(Allowed(nurse));
}

TEST_F(DecisionMemoTest, R18ARefusalIsNeverKept) {
  const v1::TokenClaims stranger = FamilyMember("stranger");
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(AnswersFromKept(Ask(stranger)));
}

TEST_F(DecisionMemoTest, P6APermitFromAKeptDecisionServesItsOwnCallOnly) {
  v1::CheckRequest request = Ask(Staff("ib", kSchool, common::v1::FUNCTION_INTERN_BEGELEIDER));
  (void)keeping_->Check(request);
  ASSERT_OK_AND_ASSIGN(const v1::Decision one, keeping_->Check(request));
  request.set_call_id("another");
  ASSERT_TRUE(AnswersFromKept(request));
  ASSERT_OK_AND_ASSIGN(const v1::Decision other, keeping_->Check(request));
  const policy::PermitUse use{.call_id = "another",
                              .method = kGetCase,
                              .resource = kCase,
                              .new_family = "",
                              .purpose = common::v1::PURPOSE_COORDINATION};
  EXPECT_OK(policy::CheckPermit(other, use).status());
  EXPECT_FALSE(policy::CheckPermit(one, use).ok());
}

// Whatever in a token differs from the one that was kept for, the answer is that of this token.
TEST_F(DecisionMemoTest, EveryClaimOfATokenCounts) {
  const v1::TokenClaims ib = Staff("ib", kSchool, common::v1::FUNCTION_INTERN_BEGELEIDER);
  ExpectSame(Ask(ib));
  for (int i = 0; i < v1::TokenClaims::descriptor()->field_count(); ++i) {
    const auto* field = v1::TokenClaims::descriptor()->field(i);
    if (field->name() == "audience" || field->name() == "expire_time") continue;  // no token then
    v1::TokenClaims other = ib;
    other.GetReflection()->ClearField(&other, field);
    ExpectSame(Ask(other));
    ExpectSame(Ask(ib));
  }
}

class DecisionMemoOracleTest : public DecisionMemoTest, public ::testing::WithParamInterface<int> {
 protected:
  int Draw(int n) { return std::uniform_int_distribution<int>(0, n - 1)(draw_); }

  void SomethingChanges() {
    const char* const who = std::vector<const char*>{"child", "mother", "father"}[Draw(3)];
    v1::ConsentFact* const consent = family_.mutable_consents(Draw(family_.consents_size()));
    v1::CaseFact* const c = family_.mutable_cases(0);
    switch (Draw(9)) {
      case 0:
      case 1: {
        auto* s = consent->add_signatures();
        s->set_person(who);
        s->set_state(static_cast<v1::SignatureState>(1 + Draw(3)));
        s->set_time(Now());
        break;
      }
      case 2: {
        auto* n = consent->add_narrowings();
        n->set_person(who);
        n->add_compartments(Draw(2) == 0 ? common::v1::COMPARTMENT_HEALTH
                                         : common::v1::COMPARTMENT_EDUCATION);
        n->set_time(Now());
        break;
      }
      case 3:
        c->mutable_seats(Draw(c->seats_size()))->set_end_time(Now() + Draw(7200));
        break;
      case 4: {
        auto* e = family_.add_emergencies();
        e->set_id(absl::StrCat("e", family_.emergencies_size()));
        e->set_professional("professionals/nurse");
        e->set_organisation(kHealth);
        e->set_function(common::v1::FUNCTION_JGZ_NURSE);
        e->set_meldcode_step(4);
        e->add_compartments(common::v1::COMPARTMENT_SAFETY);
        e->set_start_time(Now() + Draw(60));
        e->set_end_time(Now() + 3600 + Draw(7200));
        break;
      }
      case 5:
        family_.mutable_gezag(Draw(family_.gezag_size()))
            ->set_end_date(base::FormatDate(base::DateOf(clock_.Now()) + Draw(3)));
        break;
      case 6:
        Employ("nurse", kHealth, common::v1::FUNCTION_JGZ_NURSE,
               base::FormatDate(base::DateOf(clock_.Now()) + Draw(3)));
        return;
      case 7:
        SetKind(kHealth, Draw(2) == 0 ? common::v1::ORGANISATION_KIND_CJG
                                      : common::v1::ORGANISATION_KIND_YOUTH_HEALTH);
        return;
      default:
        SetPolicy(Draw(2) == 0 ? policy_text_
                               : absl::StrReplaceAll(policy_text_, {{"needs_sharing: true", ""}}));
        return;
    }
    Apply();
  }

  void TimePasses() {
    const absl::Time now = clock_.Now();
    const absl::Time midnight = base::StartOf(base::DateOf(now) + 1);
    const Period steady = SteadyPeriod(InstantsOf(family_), now);
    const std::vector<absl::Time> next = {now,
                                          now + absl::Seconds(1),
                                          now + absl::Minutes(Draw(300)),
                                          steady.before - absl::Seconds(1),
                                          steady.before,
                                          steady.before + absl::Milliseconds(500),
                                          midnight - absl::Seconds(1),
                                          midnight};
    clock_.Set(std::max(now, next[Draw(static_cast<int>(next.size()))]));
  }

  std::mt19937_64 draw_{static_cast<uint64_t>(GetParam())};
};

TEST_P(DecisionMemoOracleTest, KeptDecisionsAreThoseWorkedOutAnew) {
  constexpr int kSteps = 25;
  const std::vector<v1::CheckRequest> questions = EveryQuestion();
  int allowed = 0;
  for (int step = 0; step < kSteps; ++step) {
    for (const v1::CheckRequest& q : questions) {
      ExpectSame(q);
      if (HasFatalFailure()) return;
      const auto d = keeping_->Check(q);
      allowed += d.ok() && d->allowed() ? 1 : 0;
    }
    for (const v1::TokenClaims& who : Everybody()) {
      ExpectSameList(who);
      if (HasFatalFailure()) return;
    }
    if (Draw(3) != 0) TimePasses();
    if (Draw(3) != 0) SomethingChanges();
    if (HasFatalFailure()) return;
  }
  // It compared something: of what was allowed most came from what was kept, every time.
  EXPECT_GT(allowed, kSteps * 5);
  EXPECT_GT(keeping_->answered_from_kept(), allowed);
  EXPECT_EQ(fresh_->answered_from_kept(), 0);
}

INSTANTIATE_TEST_SUITE_P(Seeds, DecisionMemoOracleTest, ::testing::Range(1, 7));

}  // namespace
}  // namespace knooppunt::access
