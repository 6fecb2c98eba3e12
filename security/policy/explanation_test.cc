#include "security/policy/explanation.h"

#include <cstdlib>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "security/policy/testing_family.h"

namespace knooppunt::policy {
namespace {

using access::v1::VOICE_AUDITOR;
using access::v1::VOICE_FAMILY;
using access::v1::VOICE_USER;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// A nurse of the JGZ at the table of the made-up family, with the consent of both parents.
class ExplanationTest : public ::testing::Test {
 protected:
  ExplanationTest() : table_(testing::LoadPolicy()), facts_(testing::DivorcedParents()) {
    Employ("nurse", "organisations/ggd-zl", common::v1::FUNCTION_JGZ_NURSE);
    Employ("stranger", "organisations/ggd-zl", common::v1::FUNCTION_JGZ_NURSE);
    testing::AddSeat(&facts_, "nurse", "organisations/ggd-zl", common::v1::FUNCTION_JGZ_NURSE,
                     access::v1::SEAT_ROLE_CORE_PARTNER);
    testing::AddConsent(&facts_, {"child"}, {common::v1::COMPARTMENT_EDUCATION});
    testing::Sign(&facts_, "mother", access::v1::SIGNATURE_STATE_GIVEN, 1);
    testing::Sign(&facts_, "father", access::v1::SIGNATURE_STATE_GIVEN, 2);
    auto* scope = facts_.add_scopes();
    scope->set_id("child-school");
    scope->mutable_label()->mutable_about()->add_persons("child");
    scope->mutable_label()->set_compartment(common::v1::COMPARTMENT_EDUCATION);
    scope->mutable_label()->set_regime(common::v1::REGIME_EDUCATION);
    scope->mutable_label()->set_controller("organisations/mosalira");
  }

  void Employ(const char* id, const char* organisation, common::v1::Function function) {
    auto& p = professionals_[absl::StrCat("professionals/", id)];
    p.set_name(absl::StrCat("professionals/", id));
    auto* term = p.add_functions();
    term->set_organisation(organisation);
    term->set_function(function);
    term->set_start_date("2020-01-01");
  }

  Outcome Ask(const access::v1::TokenClaims& claims, common::v1::Purpose purpose) {
    World world;
    world.facts = known_ ? &facts_ : nullptr;
    world.professional = [this](absl::string_view name) -> const access::v1::ProfessionalFacts* {
      const auto it = professionals_.find(std::string(name));
      return it == professionals_.end() ? nullptr : &it->second;
    };
    world.kind_of = [](absl::string_view) { return common::v1::ORGANISATION_KIND_YOUTH_HEALTH; };
    Question q;
    q.permission = "case.read";
    q.claims = &claims;
    q.purpose = purpose;
    q.about_family = true;
    q.want_chain = true;
    q.now = absl::FromCivil(absl::CivilSecond(2026, 11, 22, 12, 0, 0), absl::UTCTimeZone());
    return Decide(*table_, world, q);
  }
  Outcome AskAs(const char* professional,
                common::v1::Purpose purpose = common::v1::PURPOSE_COORDINATION) {
    access::v1::TokenClaims claims;
    claims.set_subject(absl::StrCat("professionals/", professional));
    claims.set_organisation("organisations/ggd-zl");
    claims.set_function(common::v1::FUNCTION_JGZ_NURSE);
    claims.set_two_factor(two_factor_);
    return Ask(claims, purpose);
  }
  Outcome AskAsFamily(const char* person) {
    access::v1::TokenClaims claims;
    claims.set_subject(absl::StrCat("accounts/", person));
    claims.set_assurance(access::v1::ASSURANCE_SUBSTANTIAL);
    return Ask(claims, common::v1::PURPOSE_OWN_FILE);
  }
  Explanation Say(const Outcome& outcome, access::v1::Voice voice) {
    return Explain(outcome, voice,
                   {.permission = "case.read",
                    .purpose = common::v1::PURPOSE_COORDINATION,
                    .policy_sha256 = table_->sha256()});
  }
  static std::vector<std::string> Kinds(const Outcome& outcome) {
    std::vector<std::string> kinds;
    for (const FoundLink& l : outcome.chain) {
      if (kinds.empty() || kinds.back() != l.kind) kinds.push_back(l.kind);
    }
    return kinds;
  }

  std::shared_ptr<const Table> table_;
  access::v1::FamilyFacts facts_;
  std::map<std::string, access::v1::ProfessionalFacts> professionals_;
  bool known_ = true;
  bool two_factor_ = true;
};

const auto kWholeChain = ElementsAre("person", "organisation", "function", "seat", "mandate",
                                     "consent", "ground", "rule");

TEST_F(ExplanationTest, R19ChainIsWholeWhenAllowedAndWhenRefused) {
  const Outcome allowed = AskAs("nurse");
  ASSERT_TRUE(allowed.allowed) << allowed.rule;
  EXPECT_THAT(Kinds(allowed), kWholeChain);
  for (const FoundLink& l : allowed.chain) EXPECT_TRUE(l.holds) << l.kind << " " << l.code;

  testing::Sign(&facts_, "father", access::v1::SIGNATURE_STATE_WITHDRAWN, 3);
  const Outcome refused = AskAs("nurse");
  EXPECT_EQ(refused.rule, "no-sharing");
  EXPECT_THAT(Kinds(refused), kWholeChain);
  std::set<std::string> lacking;
  for (const FoundLink& l : refused.chain) {
    if (!l.holds) lacking.insert(l.code);
  }
  EXPECT_EQ(lacking, (std::set<std::string>{"no-sharing", "consent-not-in-force", "no-ground"}));

  EXPECT_THAT(Kinds(AskAsFamily("mother")), kWholeChain);
  EXPECT_THAT(Kinds(AskAsFamily("child")), kWholeChain) << "refused: under 12";
}

TEST_F(ExplanationTest, R19EachLinkThatCanRefuseIsTheOneThatIsSaid) {
  two_factor_ = false;
  EXPECT_THAT(Say(AskAs("nurse"), VOICE_USER).text_nl, HasSubstr("niet met twee factoren"));
  two_factor_ = true;
  EXPECT_THAT(Say(AskAs("nurse", common::v1::PURPOSE_AUDIT), VOICE_USER).text_nl,
              HasSubstr("Voor dit doel mag dit niet."));
  facts_.mutable_cases(0)->mutable_seats(1)->set_state(access::v1::SEAT_STATE_ENDED);
  EXPECT_THAT(Say(AskAs("nurse"), VOICE_USER).text_nl, HasSubstr("niet (meer) aan tafel"));
  professionals_["professionals/nurse"].mutable_functions(0)->set_end_date("2026-11-01");
  EXPECT_THAT(Say(AskAs("nurse"), VOICE_USER).text_nl, HasSubstr("geldt vandaag niet"));
}

TEST_F(ExplanationTest, R19ThreeVoicesInTwoLanguagesWhenAllowed) {
  const Outcome allowed = AskAs("nurse");
  const Explanation user = Say(allowed, VOICE_USER);
  EXPECT_THAT(user.text_nl,
              AllOf(HasSubstr("Ja, dit mag nu."), HasSubstr("U zit bij deze casus aan tafel."),
                    HasSubstr("toegestemd om dit met uw organisatie te delen")));
  EXPECT_THAT(user.text_en,
              AllOf(HasSubstr("Yes, this is allowed now."), HasSubstr("You sit at the table")));
  const Explanation family = Say(allowed, VOICE_FAMILY);
  EXPECT_THAT(family.text_nl, AllOf(HasSubstr("Deze professional zit bij uw casus aan tafel."),
                                    Not(HasSubstr("uw organisatie"))));
  EXPECT_THAT(family.text_en, HasSubstr("This professional sits at the table of your case."));
  const Explanation auditor = Say(allowed, VOICE_AUDITOR);
  EXPECT_THAT(auditor.text_nl,
              AllOf(HasSubstr("Beslissing: toegestaan"), HasSubstr("regel staff-read"),
                    HasSubstr(table_->sha256()), HasSubstr("rust op: consents/consent-1"),
                    HasSubstr("doel: samenwerken rond het kind"),
                    HasSubstr("Functie: functie geldt: jeugdverpleegkundige.")));
  EXPECT_THAT(auditor.text_en, AllOf(HasSubstr("Decision: allowed"), HasSubstr("rule staff-read"),
                                     HasSubstr("rests on: consents/consent-1"),
                                     HasSubstr("function holds: youth nurse")));
}

TEST_F(ExplanationTest, R19ThreeVoicesInTwoLanguagesWhenRefused) {
  testing::Sign(&facts_, "father", access::v1::SIGNATURE_STATE_WITHDRAWN, 3);
  const Outcome refused = AskAs("nurse");
  EXPECT_EQ(Say(refused, VOICE_USER).text_nl,
            "Nee, dit mag nu niet. Er is nu geen toestemming of andere grond om met uw organisatie "
            "te delen voor dit doel.");
  EXPECT_EQ(Say(refused, VOICE_FAMILY).text_nl,
            "Nee, dit mag nu niet. Er is nu geen toestemming of andere grond om met deze "
            "organisatie te delen voor dit doel.");
  EXPECT_EQ(Say(refused, VOICE_FAMILY).text_en,
            "No, this is not allowed now. No consent or other ground is in force for sharing with "
            "this organisation for this purpose.");
  EXPECT_THAT(Say(refused, VOICE_AUDITOR).text_nl,
              AllOf(HasSubstr("Beslissing: geweigerd"), HasSubstr("regel no-sharing"),
                    HasSubstr("rust op: geen toestemming of grond"),
                    HasSubstr("toestemming niet van kracht: consents/consent-1 (niet voldaan)")));
  EXPECT_THAT(Say(refused, VOICE_AUDITOR).text_en, HasSubstr("Decision: refused"));
}

TEST_F(ExplanationTest, R19FamilyIsToldAboutItselfAsYou) {
  const Explanation mother = Say(AskAsFamily("mother"), VOICE_FAMILY);
  EXPECT_THAT(mother.text_nl, AllOf(HasSubstr("Ja, dit mag nu."), HasSubstr("U heeft recht op"),
                                    Not(HasSubstr("professional"))));
  EXPECT_THAT(Say(AskAsFamily("child"), VOICE_FAMILY).text_nl, HasSubstr("jonger dan 12"));
}

TEST_F(ExplanationTest, R19StrangerGetsOneConstantSentenceWhateverThereIs) {
  const Outcome there = AskAs("stranger");
  const Explanation of_somebody_else = Say(there, VOICE_USER);
  const Explanation family = Say(AskAsFamily("neighbour"), VOICE_FAMILY);
  known_ = false;
  const Explanation no_such = Say(AskAs("stranger"), VOICE_USER);
  const Explanation no_such_family = Say(AskAsFamily("neighbour"), VOICE_FAMILY);
  EXPECT_EQ(of_somebody_else.text_nl,
            "Nee, dit mag nu niet. Dit bestaat niet, of het is niet voor u.");
  for (const Explanation* other : {&no_such, &family, &no_such_family}) {
    EXPECT_EQ(other->text_nl, of_somebody_else.text_nl);
    EXPECT_EQ(other->text_en, of_somebody_else.text_en);
    ASSERT_EQ(other->chain.size(), 1u);
    EXPECT_EQ(other->chain[0].SerializeAsString(), of_somebody_else.chain[0].SerializeAsString());
  }
}

TEST_F(ExplanationTest, R18WhoHasLeftIsNotToldWhatWasAgreedSince) {
  facts_.mutable_cases(0)->mutable_seats(1)->set_state(access::v1::SEAT_STATE_ENDED);
  for (const FoundLink& l : AskAs("nurse").chain) EXPECT_NE(l.value, "consents/consent-1");
}

// What the engine and the chain say in code has its sentences.
TEST(ExplanationWords, R19EveryLinkOfTheEngineHasSentences) {
  const char* root = std::getenv("KNOOPPUNT_SOURCE");
  const std::regex call(R"re(\b(?:Link|Add)\("([a-z]+)",\s+([^;]*?);)re");
  const std::regex word(R"re("([a-z0-9-]+)")re");
  int found = 0;
  for (const char* file : {"engine.cc", "chain.cc"}) {
    std::ifstream in(absl::StrCat(root != nullptr ? root : ".", "/security/policy/", file));
    std::stringstream text;
    text << in.rdbuf();
    const std::string source = text.str();
    for (std::sregex_iterator it(source.begin(), source.end(), call), end; it != end; ++it) {
      const std::string kind = (*it)[1];
      const std::string rest = (*it)[2];
      for (std::sregex_iterator w(rest.begin(), rest.end(), word), none; w != none; ++w) {
        EXPECT_TRUE(HasSentences(kind, (*w)[1].str())) << file << ": " << kind << " " << (*w)[1];
        ++found;
      }
    }
  }
  EXPECT_GT(found, 40);
}

TEST(ExplanationWords, RefusalsHaveAClauseForTheLog) {
  EXPECT_EQ(RefusalClause("no-seat", Language::kDutch),
            "er is geen plaats aan tafel die dit toestaat");
  EXPECT_EQ(RefusalClause("a-word-of-tomorrow", Language::kDutch), "geen regel staat dit toe");
  EXPECT_EQ(RefusalClause("no-gezag", Language::kEnglish), "no gezag over this child");
}

}  // namespace
}  // namespace knooppunt::policy
