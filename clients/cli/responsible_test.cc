// case responsible, consent scan, ground tell and audit explain.
#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "clients/cli/cli_testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "knooppunt/audit/v1/audit.pb.h"
#include "knooppunt/casework/v1/casework.pb.h"
#include "knooppunt/consent/v1/consent.pb.h"
#include "security/crypto/hash.h"

namespace knooppunt::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kResponsible[] = "/knooppunt.casework.v1.CaseworkService/GetResponsibility";
constexpr char kScan[] = "/knooppunt.consent.v1.ConsentService/GetScan";
constexpr char kTell[] = "/knooppunt.consent.v1.ConsentService/TellFamily";
constexpr char kExplain[] = "/knooppunt.audit.v1.AuditService/ExplainRecord";
constexpr char kConsent[] = "families/f-1/consents/co-1";

std::string FileText(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

class ResponsibleTest : public ::testing::Test {
 protected:
  CliFixture cli_;
};

TEST_F(ResponsibleTest, R16WhoSinceWhenAndHowToReachThem) {
  cli_.LogInAsStaff();
  casework::v1::Responsibility answer;
  answer.set_organisation("organisations/ggd-zl");
  answer.mutable_start_time()->set_seconds(1'795'168'800);
  auto* sem = answer.add_persons();
  sem->set_given_name("Sem");
  sem->set_family_name("van der Zanden");
  sem->set_phone("06-12345678");
  sem->set_how("liever een bericht");
  auto* lotte = answer.add_persons();
  lotte->set_given_name("Lotte");
  lotte->set_family_name("van der Zanden");
  cli_.server().SetResponse(kResponsible, answer);
  const Ran ran = cli_.Run({"case", "responsible", "families/f-1/cases/c-1"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("organisations/ggd-zl"), HasSubstr("sinds 2026-11-20"),
                             HasSubstr("06-12345678"), HasSubstr("liever een bericht"),
                             HasSubstr("geen contactgegevens vastgelegd")));
  EXPECT_EQ(cli_.server().Request<casework::v1::GetResponsibilityRequest>(0).name(),
            "families/f-1/cases/c-1");
}

TEST_F(ResponsibleTest, R12AScanIsWrittenForItsOwnerAloneAndOverNothing) {
  cli_.LogInAsParent();
  const std::string bytes = "%PDF-1.7 \xff\xfe";
  const std::string sha256 = crypto::HexEncode(crypto::Sha256(bytes));
  consent::v1::Scan answer;
  answer.set_name(kConsent);
  answer.set_evidence_sha256(sha256);
  answer.set_media_type("application/pdf");
  answer.set_content(bytes);
  cli_.server().SetResponse(kScan, answer);
  const std::string path = cli_.folder() + "/getekend.pdf";
  const std::vector<std::string> args = {"consent", "scan",  kConsent, "--sha256",
                                         sha256,    "--out", path};
  const Ran ran = cli_.Run(args);
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(FileText(path), bytes);
  struct stat info = {};
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  EXPECT_EQ(cli_.server().Request<consent::v1::GetScanRequest>(0).evidence_sha256(), sha256);

  const Ran again = cli_.Run(args);
  EXPECT_NE(again.exit_code, 0);
  EXPECT_THAT(again.err, HasSubstr("is there already"));
}

TEST_F(ResponsibleTest, R12AScanThatIsNotTheOneSignedForIsNotWritten) {
  cli_.LogInAsParent();
  consent::v1::Scan answer;
  answer.set_content("%PDF-1.7 iets anders");
  cli_.server().SetResponse(kScan, answer);
  const std::string path = cli_.folder() + "/anders.pdf";
  const Ran ran =
      cli_.Run({"consent", "scan", kConsent, "--sha256", std::string(64, 'a'), "--out", path});
  EXPECT_EQ(ran.exit_code, 9);
  EXPECT_FALSE(std::ifstream(path).good());
}

TEST_F(ResponsibleTest, R15TellSaysFromWhenTheFamilySeesIt) {
  cli_.LogInAsStaff();
  consent::v1::Ground answer;
  answer.set_name("families/f-1/grounds/g-1");
  answer.set_family_told(true);
  cli_.server().SetResponse(kTell, answer);
  const Ran ran = cli_.Run({"ground", "tell", "families/f-1/grounds/g-1"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.err + ran.out, HasSubstr("From now on the family sees this ground"));
  EXPECT_THAT(cli_.server().Request<consent::v1::TellFamilyRequest>(0).request_id(),
              Not(IsEmpty()));
}

TEST_F(ResponsibleTest, R19AnAuditorGetsTheChainBehindARecord) {
  cli_.LogInAs({.subject = "professionals/fg",
                .organisation = "organisations/maastricht",
                .function = common::v1::FUNCTION_PRIVACY_OFFICER});
  audit::v1::ExplainedRecord answer;
  answer.set_index(41);
  answer.set_rule("no-sharing");
  answer.set_policy_sha256("abc");
  answer.set_text_nl("Beslissing: geweigerd; handeling case.read; regel no-sharing.");
  auto* link = answer.add_chain();
  link->set_kind("consent");
  link->set_text_nl("Toestemming: geen toestemming of andere grond voor dit doel (niet voldaan).");
  cli_.server().SetResponse(kExplain, answer);
  for (const char* subject : {"s-abc", "subjects/s-abc"}) {
    const Ran ran = cli_.Run({"audit", "explain", "--subject", subject, "--record", "41"});
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_THAT(ran.out, AllOf(HasSubstr("Beslissing: geweigerd"), HasSubstr("nee"),
                               HasSubstr("geen toestemming"), HasSubstr("beleid sha256 abc")));
  }
  EXPECT_EQ(cli_.server().Request<audit::v1::ExplainRecordRequest>(0).parent(), "subjects/s-abc");
  EXPECT_EQ(cli_.server().Request<audit::v1::ExplainRecordRequest>(1).parent(), "subjects/s-abc");
  EXPECT_EQ(cli_.server().Request<audit::v1::ExplainRecordRequest>(1).index(), 41);
}

TEST_F(ResponsibleTest, R19AFamilyMemberAsksAboutTheirOwnLogAndNobodyAboutBoth) {
  cli_.LogInAsParent();
  cli_.server().SetResponse(kExplain, audit::v1::ExplainedRecord());
  EXPECT_EQ(cli_.Run({"audit", "explain", "--family", "families/f-1", "--record", "3"}).exit_code,
            0);
  EXPECT_EQ(cli_.server().Request<audit::v1::ExplainRecordRequest>(0).parent(), "families/f-1");
  EXPECT_EQ(cli_.Run({"audit", "explain", "--record", "3"}).exit_code, 2);
  EXPECT_EQ(
      cli_.Run({"audit", "explain", "--family", "families/f-1", "--subject", "s", "--record", "3"})
          .exit_code,
      2);
}

}  // namespace
}  // namespace knooppunt::cli
