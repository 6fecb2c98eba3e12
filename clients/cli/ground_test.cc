// ground, and what staff record about consents.
#include <fstream>

#include "clients/cli/cli_testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "knooppunt/consent/v1/consent.pb.h"
#include "security/crypto/hash.h"

namespace knooppunt::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kInvoke[] = "/knooppunt.consent.v1.ConsentService/InvokeGround";
constexpr char kReview[] = "/knooppunt.consent.v1.ConsentService/ReviewGround";
constexpr char kList[] = "/knooppunt.consent.v1.ConsentService/ListConsents";
constexpr char kRecord[] = "/knooppunt.consent.v1.ConsentService/RecordSignature";
constexpr char kWithdraw[] = "/knooppunt.consent.v1.ConsentService/WithdrawConsent";
constexpr char kName[] = "families/f-1/consents/co-1";

class GroundCommandsTest : public ::testing::Test {
 protected:
  std::vector<std::string> Invoke(std::vector<std::string> more) {
    std::vector<std::string> args = {"ground",     "invoke",       "families/f-1",
                                     "--type",     "meldcode",     "--about",
                                     "p-1",        "--family",     "--compartment",
                                     "education",  "--recipient",  "organisations/ggd-zl",
                                     "--purpose",  "coordination", "--until",
                                     "2026-12-31", "--reason",     "Zorgen."};
    args.insert(args.end(), more.begin(), more.end());
    return args;
  }
  CliFixture cli_;
};

TEST_F(GroundCommandsTest, R15InvokeSendsWhatWasSaid) {
  cli_.LogInAsStaff();
  consent::v1::Ground answer;
  answer.set_name("families/f-1/grounds/g-1");
  answer.set_reviewer("professionals/ander");
  answer.set_review_date("2026-12-06");
  cli_.server().SetResponse(kInvoke, answer);
  const Ran ran = cli_.Run(Invoke({"--not-told", "Gevaar.", "--reviewer", "professionals/ander",
                                   "--review-date", "2026-12-06"}));
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("waits for professionals/ander, by 2026-12-06"));
  const auto& ground = cli_.server().Request<consent::v1::InvokeGroundRequest>(0).ground();
  EXPECT_EQ(ground.type(), "meldcode");
  EXPECT_EQ(ground.start_date(), "2026-11-22");
  EXPECT_TRUE(ground.about().family());
  EXPECT_FALSE(ground.family_told());
  EXPECT_EQ(ground.not_told_reason(), "Gevaar.");
  EXPECT_EQ(ground.reviewer(), "professionals/ander");
}

TEST_F(GroundCommandsTest, R15WhetherTheFamilyWasToldIsNotLeftOpen) {
  cli_.LogInAsStaff();
  const Ran ran = cli_.Run(Invoke({}));
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, HasSubstr("--family-told"));
  EXPECT_EQ(cli_.Run(Invoke({"--family-told", "--not-told", "Toch niet."})).exit_code, 2);
  EXPECT_THAT(cli_.server().calls(), IsEmpty());
}

TEST_F(GroundCommandsTest, R15AReviewSaysWhetherItIsUpheld) {
  cli_.LogInAsStaff();
  cli_.server().SetResponse(kReview, consent::v1::Ground());
  EXPECT_EQ(
      cli_.Run({"ground", "review", "families/f-1/grounds/g-1", "--outcome", "Ja."}).exit_code, 2);
  const Ran ran = cli_.Run(
      {"ground", "review", "families/f-1/grounds/g-1", "--outcome", "Nee.", "--not-upheld"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_FALSE(cli_.server().Request<consent::v1::ReviewGroundRequest>(0).upheld());
}

TEST_F(GroundCommandsTest, R13PartsOfAConsentAreWithdrawn) {
  cli_.LogInAsParent();
  consent::v1::Consent answer;
  answer.set_name(kName);
  auto* n = answer.add_narrowings();
  n->add_compartments(common::v1::COMPARTMENT_HEALTH);
  n->mutable_time()->set_seconds(1'795'168'800);
  cli_.server().SetResponse(kWithdraw, answer);
  const Ran ran = cli_.Run({"consent", "withdraw", kName, "--compartment", "health", "--about",
                            "p-2", "--family", "--purpose", "handover"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("health, withdrawn 2026-11-20"));
  EXPECT_THAT(ran.out, HasSubstr("Voor een deel ingetrokken."));
  const auto& request = cli_.server().Request<consent::v1::WithdrawConsentRequest>(0);
  EXPECT_THAT(request.persons(), ElementsAre("p-2"));
  EXPECT_TRUE(request.family());
  EXPECT_THAT(request.compartments(), ElementsAre(common::v1::COMPARTMENT_HEALTH));
  EXPECT_THAT(request.purposes(), ElementsAre(common::v1::PURPOSE_HANDOVER));
}

TEST_F(GroundCommandsTest, R12ASignatureOnPaperIsRecordedUnderTheWordingThatWasShown) {
  cli_.LogInAsStaff();
  consent::v1::ListConsentsResponse list;
  auto* consent = list.add_consents();
  consent->set_name(kName);
  consent->set_wording("Wij vinden het goed.");
  cli_.server().SetResponse(kList, list);
  cli_.server().SetResponse(kRecord, *consent);
  const std::string scan = cli_.folder() + "/scan.pdf";
  const std::string bytes = "%PDF-1.7 \xff\xfe";  // no text
  std::ofstream(scan, std::ios::binary) << bytes;
  const std::vector<std::string> args = {
      "consent",        "record-signature", kName,    "--person", "p-1",
      "--how",          "on-paper",         "--scan", scan,       "--identified-by",
      "paspoort gezien"};
  const Ran ran = cli_.Run(args);
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("Wij vinden het goed."));
  EXPECT_THAT(cli_.questions, ElementsAre("Is this the wording that they were shown?"));
  const auto& request = cli_.server().Request<consent::v1::RecordSignatureRequest>(1);
  EXPECT_EQ(request.scan(), bytes);
  EXPECT_EQ(request.person(), "p-1");
  EXPECT_EQ(request.state(), access::v1::SIGNATURE_STATE_GIVEN);
  EXPECT_EQ(request.wording_sha256(), crypto::HexEncode(crypto::Sha256("Wij vinden het goed.")));
  cli_.answer = false;
  EXPECT_THAT(cli_.Run(args).out, HasSubstr("Nothing was recorded."));
}

TEST_F(GroundCommandsTest, R12WhoDecidedIsSaid) {
  cli_.LogInAsStaff();
  const Ran ran = cli_.Run({"consent", "record-withdrawal", kName, "--how", "in-person"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, HasSubstr("--person"));
}

}  // namespace
}  // namespace knooppunt::cli
