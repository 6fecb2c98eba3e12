// Emergency access at the command line: loud, and never by accident (R20).
#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "clients/cli/cli.h"
#include "clients/cli/cli_testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "knooppunt/casework/v1/casework.pb.h"
#include "knooppunt/consent/v1/consent.pb.h"

namespace knooppunt::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kOpen[] = "/knooppunt.consent.v1.ConsentService/OpenEmergency";
constexpr char kGet[] = "/knooppunt.consent.v1.ConsentService/GetEmergency";
constexpr char kList[] = "/knooppunt.consent.v1.ConsentService/ListEmergencies";
constexpr char kReview[] = "/knooppunt.consent.v1.ConsentService/ReviewEmergency";
constexpr char kSearch[] = "/knooppunt.casework.v1.CaseworkService/SearchFamilies";
constexpr char kName[] = "families/f-1/emergencies/e-1";
constexpr char kReason[] = "Sem durft vannacht niet naar huis.";

class EmergencyCommandsTest : public ::testing::Test {
 protected:
  EmergencyCommandsTest() {
    emergency_.set_name(kName);
    emergency_.set_professional("professionals/noor");
    emergency_.set_organisation("organisations/jgz");
    emergency_.set_function(common::v1::FUNCTION_JGZ_NURSE);
    emergency_.set_meldcode_step(4);
    emergency_.set_case_name("families/f-1/cases/c-1");
    cli_.server().SetResponse(kOpen, emergency_);
    consent::v1::ListEmergenciesResponse list;
    *list.add_emergencies() = emergency_;
    list.mutable_emergencies(0)->set_overdue(true);
    cli_.server().SetResponse(kList, list);
    emergency_.set_reason(kReason);
    cli_.server().SetResponse(kGet, emergency_);
    cli_.server().SetResponse(kReview, emergency_);
    cli_.LogInAs({.subject = "professionals/noor",
                  .organisation = "organisations/jgz",
                  .function = common::v1::FUNCTION_JGZ_NURSE});
  }
  void LogInAsOfficer() {
    cli_.LogInAs({.subject = "professionals/frits",
                  .organisation = "organisations/maastricht",
                  .function = common::v1::FUNCTION_PRIVACY_OFFICER});
  }
  Ran Open(std::vector<std::string> more = {}) {
    std::vector<std::string> args = {"emergency", "open", "families/f-1", "--step", "4",
                                     "--hours",   "2",    "--reason",     kReason};
    args.insert(args.end(), more.begin(), more.end());
    return cli_.Run(args);
  }

  CliFixture cli_;
  consent::v1::Emergency emergency_;
};

TEST_F(EmergencyCommandsTest, R20OpeningWarnsAsksAndStatesItsPurpose) {
  const Ran ran = Open();
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(cli_.questions, SizeIs(1));
  EXPECT_THAT(ran.out, AllOf(HasSubstr("NOODTOEGANG"), HasSubstr("stap 4 van de Meldcode"),
                             HasSubstr("na 2 uur"), HasSubstr("functionaris gegevensbescherming"),
                             HasSubstr("knooppunt case show families/f-1/cases/c-1")));
  ASSERT_THAT(cli_.server().calls(), SizeIs(1));
  EXPECT_EQ(cli_.server().calls()[0].options.purpose, common::v1::PURPOSE_EMERGENCY);
  const auto& sent = cli_.server().Request<consent::v1::OpenEmergencyRequest>(0);
  EXPECT_EQ(sent.parent(), "families/f-1");
  EXPECT_EQ(sent.meldcode_step(), 4);
  EXPECT_EQ(sent.hours(), 2);
  EXPECT_EQ(sent.reason(), kReason);
  EXPECT_FALSE(sent.request_id().empty());
}

TEST_F(EmergencyCommandsTest, R20NoIsNothingOpened) {
  cli_.answer = false;
  const Ran ran = Open();
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_THAT(ran.out, HasSubstr("Er is niets geopend."));
  EXPECT_THAT(cli_.server().calls(), IsEmpty());
}

TEST_F(EmergencyCommandsTest, R20WithoutAKeyboardItNeedsYes) {
  cli_.at_keyboard = false;
  const Ran ran = Open();
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, HasSubstr("--yes"));
  EXPECT_THAT(cli_.server().calls(), IsEmpty());
  EXPECT_EQ(Open({"--yes"}).exit_code, 0);
  EXPECT_THAT(cli_.questions, IsEmpty());
  EXPECT_THAT(cli_.server().calls(), SizeIs(1));
}

TEST_F(EmergencyCommandsTest, R20ProgramsReadTheResultAndPeopleTheWarning) {
  const Ran ran = Open({"--yes", "--output", "json"});
  EXPECT_THAT(ran.err, HasSubstr("NOODTOEGANG"));
  EXPECT_THAT(ran.out, AllOf(HasSubstr(kName), Not(HasSubstr("NOODTOEGANG"))));
}

TEST_F(EmergencyCommandsTest, R20ADaysLongOneIsAUsageError) {
  EXPECT_EQ(cli_.Run({"emergency", "open", "families/f-1", "--step", "4", "--hours", "24",
                      "--reason", kReason, "--yes"})
                .exit_code,
            2);
  EXPECT_EQ(cli_.Run({"emergency", "open", "families/f-1", "--step", "6", "--hours", "2",
                      "--reason", kReason, "--yes"})
                .exit_code,
            2);
  EXPECT_THAT(cli_.server().calls(), IsEmpty());
}

TEST_F(EmergencyCommandsTest, R20TheListShowsWhatIsOverdue) {
  LogInAsOfficer();
  const Ran ran = cli_.Run({"emergency", "list", "--all"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, AllOf(HasSubstr(kName), HasSubstr("BEOORDELING TE LAAT")));
  EXPECT_TRUE(cli_.server().Request<consent::v1::ListEmergenciesRequest>(0).reviewed());
  EXPECT_EQ(cli_.server().calls()[0].options.purpose, common::v1::PURPOSE_AUDIT);
}

TEST_F(EmergencyCommandsTest, R20ShowAndReview) {
  LogInAsOfficer();
  EXPECT_THAT(cli_.Run({"emergency", "show", kName}).out, HasSubstr(kReason));
  EXPECT_EQ(cli_.Run({"emergency", "review", kName, "--outcome", "x"}).exit_code, 2);
  EXPECT_EQ(
      cli_.Run({"emergency", "review", kName, "--justified", "--unjustified", "--outcome", "x"})
          .exit_code,
      2);
  EXPECT_EQ(cli_.Run({"emergency", "review", kName, "--unjustified", "--outcome", "Geen reden."})
                .exit_code,
            0);
  ASSERT_THAT(cli_.server().calls(), SizeIs(2));
  const auto& sent = cli_.server().Request<consent::v1::ReviewEmergencyRequest>(1);
  EXPECT_FALSE(sent.justified());
  EXPECT_EQ(sent.outcome(), "Geen reden.");
}

TEST_F(EmergencyCommandsTest, R20SearchingForAnEmergencyStatesIt) {
  casework::v1::SearchFamiliesResponse found;
  found.set_found(true);
  found.set_family("families/f-1");
  cli_.server().SetResponse(kSearch, found);
  const Ran ran =
      cli_.Run({"family", "search", "--name", "Vos", "--born", "2015-05-01", "--emergency"});
  EXPECT_THAT(ran.out, HasSubstr("knooppunt emergency open families/f-1"));
  EXPECT_EQ(cli_.server().calls()[0].options.purpose, common::v1::PURPOSE_EMERGENCY);
}

}  // namespace
}  // namespace knooppunt::cli
