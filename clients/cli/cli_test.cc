// Commands from arguments to exit code, against a server that is a table of answers.
#include "clients/cli/cli.h"

#include <sys/stat.h>

#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "base/error.h"
#include "base/status_testing.h"
#include "clients/cli/cli_testing.h"
#include "clients/cli/profile.h"
#include "knooppunt/access/v1/access.pb.h"
#include "knooppunt/casework/v1/casework.pb.h"
#include "knooppunt/consent/v1/consent.pb.h"
#include "knooppunt/directory/v1/directory.pb.h"
#include "knooppunt/handover/v1/handover.pb.h"
#include "security/crypto/hash.h"

namespace knooppunt::cli {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kExchange[] = "/knooppunt.access.v1.AccessService/ExchangeToken";
constexpr char kGetCase[] = "/knooppunt.casework.v1.CaseworkService/GetCase";
constexpr char kOpenCase[] = "/knooppunt.casework.v1.CaseworkService/OpenCase";
constexpr char kListCases[] = "/knooppunt.casework.v1.CaseworkService/ListCases";
constexpr char kListConsents[] = "/knooppunt.consent.v1.ConsentService/ListConsents";
constexpr char kSign[] = "/knooppunt.consent.v1.ConsentService/SignConsent";
constexpr char kCaseName[] = "families/f-1/cases/c-1";

class CliTest : public ::testing::Test {
 protected:
  casework::v1::Case SampleCase() {
    casework::v1::Case casus;
    casus.set_name(kCaseName);
    casus.set_state(access::v1::CASE_STATE_ACTIVE);
    casus.set_reason("Sem valt stil");
    casus.set_audit_subject("subjects/s-1");
    auto* child = casus.add_persons();
    child->set_name("families/f-1/persons/p-1");
    child->set_given_name("Sem");
    child->set_role(access::v1::FAMILY_ROLE_CHILD);
    child->set_birth_date("2015-05-01");
    casus.add_persons()->set_name("families/f-1/persons/p-2");
    for (const char* id : {"ib", "noor"}) {
      auto* seat = casus.add_participants();
      seat->set_seat(absl::StrCat("s-", id));
      seat->set_professional(absl::StrCat("professionals/", id));
      seat->set_state(access::v1::SEAT_STATE_JOINED);
    }
    return casus;
  }

  CliFixture cli_;
};

// --- usage ---

TEST_F(CliTest, UnknownCommandNamesTheGoodOnes) {
  const Ran ran = cli_.Run({"step", "walk"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, HasSubstr("step needs a command, one of: done, follow-up, decide, react"));
}

TEST_F(CliTest, BadWordNamesTheGoodOnes) {
  const Ran ran = cli_.Run({"plan", "goal", kCaseName, "--domain", "school", "--text", "x",
                            "--family", "--compartment", "eduction"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, HasSubstr("education, family, care, health, safety"));
}

TEST_F(CliTest, MalformedNameDateAndSeatAreUsageErrors) {
  cli_.LogInAsStaff();
  EXPECT_EQ(cli_.Run({"case", "show", "families/f-1"}).exit_code, 2);
  EXPECT_EQ(cli_.Run({"case", "show", "Families/../cases/c"}).exit_code, 2);
  EXPECT_EQ(cli_.Run({"family", "search", "--name", "Vos", "--born", "31-2-2015"}).exit_code, 2);
  EXPECT_EQ(cli_.Run({"case", "end-seat", kCaseName, "--seat", "S 1", "--reason", "x"}).exit_code,
            2);
  EXPECT_THAT(cli_.server().calls(), IsEmpty());
}

TEST_F(CliTest, ArgumentThatIsNotUtf8IsAUsageError) {
  EXPECT_EQ(cli_.Run({"family", "search", "--name", "\xff", "--born", "2015-05-01"}).exit_code, 2);
}

TEST_F(CliTest, UsageErrorIsJsonWhenAskedFor) {
  const Ran ran = cli_.Run({"case", "--output", "json"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_TRUE(absl::StartsWith(ran.err, "{\"error\":{\"code\":\"INVALID_ARGUMENT\"")) << ran.err;
}

// --- logging in ---

class LoginTest : public CliTest {
 protected:
  LoginTest() {
    key_file_ = cli_.folder() + "/issuer.key";
    std::ofstream(key_file_) << "-----BEGIN PRIVATE KEY-----\n"
                                "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
                                "-----END PRIVATE KEY-----\n";
    chmod(key_file_.c_str(), 0600);
    access::v1::ExchangeTokenResponse response;
    response.set_access_token("the.secret.token");
    response.set_expire_time(1795338600);
    response.mutable_claims()->set_subject("professionals/ib");
    response.mutable_claims()->set_display_name("Ine Bos");
    response.mutable_claims()->set_organisation("organisations/mosalira");
    response.mutable_claims()->set_function(common::v1::FUNCTION_INTERN_BEGELEIDER);
    cli_.server().SetResponse(kExchange, response);
  }
  Ran Login(std::vector<std::string> more = {}) {
    std::vector<std::string> args = {"login", "--dev-as", "ib-manjefiek", "--issuer-key",
                                     key_file_};
    args.insert(args.end(), more.begin(), more.end());
    return cli_.Run(args);
  }
  std::string key_file_;
};

TEST_F(LoginTest, KeepsTheTokenInAPrivateProfileAndPrintsItNot) {
  const Ran ran = Login({"--function", "intern-begeleider"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.out,
            "Logged in as Ine Bos, intern-begeleider of organisations/mosalira, until "
            "2026-11-22 10:10.\n");
  EXPECT_THAT(ran.err, Not(HasSubstr("secret")));
  ASSERT_OK_AND_ASSIGN(const Profile profile, ProfileStore(cli_.folder()).Load("default"));
  EXPECT_EQ(profile.token, "the.secret.token");
  EXPECT_EQ(profile.function, common::v1::FUNCTION_INTERN_BEGELEIDER);
  struct stat info = {};
  ASSERT_EQ(stat((cli_.folder() + "/profiles/default").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0600u);
}

TEST_F(LoginTest, SendsAnIdTokenOfTheDevelopmentIssuerWithTwoFactors) {
  ASSERT_EQ(Login({"--organisation", "organisations/mosalira"}).exit_code, 0);
  ASSERT_THAT(cli_.server().calls(), SizeIs(1));
  EXPECT_EQ(cli_.server().calls()[0].options.token, "");
  const auto& request = cli_.server().Request<access::v1::ExchangeTokenRequest>(0);
  EXPECT_EQ(request.organisation(), "organisations/mosalira");
  const std::vector<std::string> parts = absl::StrSplit(request.id_token(), '.');
  ASSERT_THAT(parts, SizeIs(3));
  EXPECT_THAT(
      *crypto::Base64UrlDecode(parts[1]),
      ::testing::MatchesRegex(
          R"(."iss":"dev","sub":"ib-manjefiek","aud":"knooppunt","iat":1795338000,)"
          R"("exp":1795338300,"jti":"[0-9a-f-]+","acr":"substantial","amr":.+"pwd","otp".+)"));
}

TEST_F(LoginTest, PrintTokenPrintsItAlone) {
  EXPECT_EQ(Login({"--print-token"}).out, "the.secret.token\n");
}

TEST_F(LoginTest, KeyThatOthersCanReadIsInvalidInput) {
  chmod(key_file_.c_str(), 0644);
  const Ran ran = Login();
  EXPECT_EQ(ran.exit_code, 6);
  EXPECT_THAT(ran.err, HasSubstr("chmod 600"));
  EXPECT_THAT(cli_.server().calls(), IsEmpty());
}

TEST_F(LoginTest, LogoutForgetsTheTokenAndKeepsTheServer) {
  cli_.server().SetResponse("/knooppunt.access.v1.AccessService/EndSession",
                            access::v1::EndSessionResponse());
  ASSERT_EQ(Login().exit_code, 0);
  EXPECT_EQ(cli_.Run({"whoami"}).exit_code, 0);
  EXPECT_EQ(cli_.Run({"logout"}).exit_code, 0);
  EXPECT_EQ(cli_.Run({"whoami"}).exit_code, 8);
  ASSERT_OK_AND_ASSIGN(const Profile profile, ProfileStore(cli_.folder()).Load("default"));
  EXPECT_EQ(profile.token, "");
  EXPECT_EQ(profile.server, "localhost:7443");
}

TEST_F(CliTest, WithoutLoginNothingIsSent) {
  const Ran ran = cli_.Run({"case", "list"});
  EXPECT_EQ(ran.exit_code, 8);
  EXPECT_THAT(ran.err, HasSubstr("knooppunt login"));
  EXPECT_THAT(cli_.server().calls(), IsEmpty());
}

TEST_F(CliTest, LoginThatHasEndedIsNotSent) {
  cli_.LogInAsStaff();
  cli_.clock().Advance(absl::Seconds(600));
  EXPECT_EQ(cli_.Run({"case", "list"}).exit_code, 8);
  EXPECT_THAT(cli_.server().calls(), IsEmpty());
}

// --- calls ---

TEST_F(CliTest, CallCarriesTokenPurposeAndTimeout) {
  cli_.LogInAsStaff();
  cli_.server().SetResponse(kGetCase, SampleCase());
  ASSERT_EQ(cli_.Run({"case", "show", kCaseName, "--timeout", "3"}).exit_code, 0);
  const SeenCall& call = cli_.server().calls().at(0);
  EXPECT_EQ(call.options.token, "test.token");
  EXPECT_EQ(call.options.purpose, common::v1::PURPOSE_COORDINATION);
  EXPECT_EQ(call.options.timeout, absl::Seconds(3));
  EXPECT_EQ(cli_.server().Request<casework::v1::GetCaseRequest>(0).name(), kCaseName);
}

TEST_F(CliTest, ParentLooksIntoTheirOwnFileUnlessTheySayOtherwise) {
  cli_.LogInAsParent();
  cli_.server().SetResponse(kGetCase, SampleCase());
  cli_.Run({"case", "show", kCaseName});
  cli_.Run({"--purpose", "handover", "case", "show", kCaseName});
  EXPECT_EQ(cli_.server().calls().at(0).options.purpose, common::v1::PURPOSE_OWN_FILE);
  EXPECT_EQ(cli_.server().calls().at(1).options.purpose, common::v1::PURPOSE_HANDOVER);
}

TEST_F(CliTest, UnitsThatStandApartAreFoundByTheirOwnAddress) {
  cli_.LogInAsStaff();
  cli_.server().SetResponse(kGetCase, SampleCase());
  cli_.Run({"case", "show", kCaseName, "--server", "main:1,dossier=apart:2"});
  EXPECT_EQ(cli_.server().calls().at(0).address, "apart:2");
  EXPECT_EQ(*AddressOf("main:1,dossier=apart:2", "access"), "main:1");
  EXPECT_FALSE(AddressOf("dossier=apart:2", "access").ok());
}

TEST_F(CliTest, ChangeGetsANewRequestIdEachTimeUnlessOneIsGiven) {
  cli_.LogInAsStaff();
  cli_.server().SetResponse(kOpenCase, SampleCase());
  const std::vector<std::string> args = {"case", "open", "--werkplaats", "werkplaatsen/manjefiek"};
  cli_.Run(args);
  cli_.Run(args);
  std::vector<std::string> again = args;
  again.insert(again.end(), {"--request-id", "5f0c1c1e-5d0e-4f7e-9a36-2f6f2f1d1c11"});
  cli_.Run(again);
  const auto id = [&](size_t i) {
    return cli_.server().Request<casework::v1::OpenCaseRequest>(i).request_id();
  };
  EXPECT_THAT(id(0), SizeIs(36));
  EXPECT_NE(id(0), id(1));
  EXPECT_EQ(id(2), "5f0c1c1e-5d0e-4f7e-9a36-2f6f2f1d1c11");
}

TEST_F(CliTest, ChangeWithoutAnswerTellsHowToRepeatIt) {
  cli_.LogInAsStaff();
  cli_.server().SetError(kOpenCase, absl::DeadlineExceededError("too late"));
  const Ran ran = cli_.Run({"case", "open", "--werkplaats", "werkplaatsen/manjefiek"});
  EXPECT_EQ(ran.exit_code, 7);
  EXPECT_THAT(ran.err,
              HasSubstr("--request-id " +
                        cli_.server().Request<casework::v1::OpenCaseRequest>(0).request_id()));
}

TEST_F(CliTest, RefusalIsTwoPlainLinesOrOneJsonObject) {
  cli_.LogInAsStaff();
  cli_.server().SetError(kGetCase,
                         base::MakeError(absl::StatusCode::kPermissionDenied, "NO_SHARING", "R12",
                                         "The family has not consented to this"));
  const Ran table = cli_.Run({"case", "show", kCaseName});
  EXPECT_EQ(table.exit_code, 3);
  EXPECT_EQ(table.out, "");
  EXPECT_TRUE(absl::StartsWith(table.err,
                               "Refused: The family has not consented to this.\n"
                               "  Reason NO_SHARING (rule R12). "))
      << table.err;
  const Ran json = cli_.Run({"case", "show", kCaseName, "--output", "json"});
  EXPECT_EQ(json.exit_code, 3);
  EXPECT_THAT(json.err, AllOf(HasSubstr("\"reason\":\"NO_SHARING\""), HasSubstr("\"rule\":\"R12\""),
                              HasSubstr("\"exitCode\":3")));
}

// --- output ---

TEST_F(CliTest, TableJsonAndQuietShowTheSameCase) {
  cli_.LogInAsStaff();
  cli_.server().SetResponse(kGetCase, SampleCase());
  EXPECT_THAT(cli_.Run({"case", "show", kCaseName}).out,
              AllOf(HasSubstr("State   active\n"), HasSubstr("Reason  Sem valt stil\n"),
                    HasSubstr("Log     subjects/s-1\n"), HasSubstr("s-noor")));
  const std::string json = cli_.Run({"case", "show", kCaseName, "--output", "json"}).out;
  EXPECT_THAT(json, AllOf(HasSubstr("\"name\":\"families/f-1/cases/c-1\""),
                          HasSubstr("\"state\":\"CASE_STATE_ACTIVE\"")));
  EXPECT_EQ(std::count(json.begin(), json.end(), '\n'), 1);
  EXPECT_EQ(cli_.Run({"case", "show", kCaseName, "--quiet"}).out, "families/f-1/cases/c-1\n");
}

TEST_F(CliTest, QuietSeatsAndPersonsAreForScripts) {
  cli_.LogInAsStaff();
  cli_.server().SetResponse(kGetCase, SampleCase());
  EXPECT_EQ(cli_.Run({"case", "seats", kCaseName, "--of", "professionals/noor", "-q"}).out,
            "s-noor\n");
  EXPECT_EQ(cli_.Run({"case", "persons", kCaseName, "--role", "child", "-q"}).out,
            "families/f-1/persons/p-1\n");
}

TEST_F(CliTest, ListIsReadToItsLastPage) {
  cli_.LogInAsStaff();
  cli_.server().Set(kListCases, [](const google::protobuf::Message& request,
                                   google::protobuf::Message* response) {
    const auto& list = dynamic_cast<const casework::v1::ListCasesRequest&>(request);
    auto& page = dynamic_cast<casework::v1::ListCasesResponse&>(*response);
    page.add_cases()->set_name(list.page_token().empty() ? "families/a/cases/1"
                                                         : "families/b/cases/2");
    if (list.page_token().empty()) page.set_next_page_token("next");
    return absl::OkStatus();
  });
  EXPECT_EQ(cli_.Run({"case", "list", "-q"}).out, "families/a/cases/1\nfamilies/b/cases/2\n");
  EXPECT_THAT(cli_.server().calls(), SizeIs(2));
}

// --- what a command makes of its options ---

TEST_F(CliTest, CaseOpensFromFlags) {
  cli_.LogInAsStaff();
  cli_.server().SetResponse(kOpenCase, SampleCase());
  const Ran ran =
      cli_.Run({"case", "open", "--werkplaats", "werkplaatsen/manjefiek", "--level", "light-care",
                "--told", "--reason", "Sem valt stil", "--child", "sem|Sem|Vos|2015-05-01",
                "--sibling", "liv|Liv|Vos|2013-02-01", "--parent",
                "eva|Eva|de Wit|1985-04-02|accounts/eva", "--gezag", "eva>sem,liv"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const auto& request = cli_.server().Request<casework::v1::OpenCaseRequest>(0);
  EXPECT_EQ(request.level(), casework::v1::SIGNAL_LEVEL_LIGHT_CARE);
  EXPECT_TRUE(request.family_told());
  EXPECT_THAT(request.children(), ElementsAre("sem"));
  ASSERT_EQ(request.persons_size(), 3);
  EXPECT_EQ(request.persons(1).role(), access::v1::FAMILY_ROLE_CHILD);
  EXPECT_EQ(request.persons(2).account(), "accounts/eva");
  EXPECT_EQ(request.gezag_size(), 2);
}

TEST_F(CliTest, CaseOpensFromTextprotoOnStandardInput) {
  cli_.LogInAsStaff();
  cli_.server().SetResponse(kOpenCase, SampleCase());
  const Ran ran = cli_.Run({"case", "open", "--file", "-", "--told"},
                           "werkplaats: \"werkplaatsen/manjefiek\" level: SIGNAL_LEVEL_QUESTION\n");
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const auto& request = cli_.server().Request<casework::v1::OpenCaseRequest>(0);
  EXPECT_EQ(request.werkplaats(), "werkplaatsen/manjefiek");
  EXPECT_EQ(request.level(), casework::v1::SIGNAL_LEVEL_QUESTION);
  EXPECT_TRUE(request.family_told());
}

TEST_F(CliTest, MeetingConcludesWithAttendanceAndLabelledSteps) {
  cli_.LogInAsStaff();
  cli_.server().SetResponse("/knooppunt.casework.v1.CaseworkService/ConcludeMeeting",
                            casework::v1::Meeting());
  const Ran ran =
      cli_.Run({"meeting", "conclude", "families/f-1/cases/c-1/meetings/m-1", "--attended",
                "s-ib,s-eva:video", "--conclusion", "Samen verder, met rust.", "--step",
                "Bel de ouders, morgen|s-ib|2026-12-15", "--step",
                "Gesprekken|s-noor|2026-12-15|school-social-work:900:professionals/noor:education",
                "--about", "p-1", "--compartment", "education"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const auto& request = cli_.server().Request<casework::v1::ConcludeMeetingRequest>(0);
  ASSERT_EQ(request.attendances_size(), 2);
  EXPECT_EQ(request.attendances(0).how(), casework::v1::ATTENDANCE_HOW_IN_PERSON);
  EXPECT_EQ(request.attendances(1).seat(), "s-eva");
  EXPECT_EQ(request.attendances(1).how(), casework::v1::ATTENDANCE_HOW_VIDEO);
  ASSERT_EQ(request.steps_size(), 2);
  EXPECT_EQ(request.steps(0).text(), "Bel de ouders, morgen");
  EXPECT_EQ(request.steps(1).commitment().amount_cents(), 90000);
  EXPECT_EQ(request.steps(1).label().compartment(), common::v1::COMPARTMENT_EDUCATION);
}

TEST_F(CliTest, StepWithoutLabelIsAUsageError) {
  cli_.LogInAsStaff();
  EXPECT_EQ(cli_.Run({"meeting", "conclude", "families/f-1/cases/c-1/meetings/m-1", "--step",
                      "x|s-ib|2026-12-15"})
                .exit_code,
            2);
  EXPECT_THAT(cli_.server().calls(), IsEmpty());
}

TEST_F(CliTest, ConsentNamesExactlyWhatWasSaid) {
  cli_.LogInAsStaff();
  cli_.server().SetResponse("/knooppunt.consent.v1.ConsentService/ProposeConsent",
                            consent::v1::Consent());
  const Ran ran =
      cli_.Run({"consent", "propose", "families/f-1", "--about", "p-2,p-1", "--family",
                "--compartment", "education,family", "--recipient", "organisations/ggd-zl",
                "--purpose", "coordination,handover", "--until", "2027-08-01", "--wording", "Ja."});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const auto& consent = cli_.server().Request<consent::v1::ProposeConsentRequest>(0).consent();
  EXPECT_THAT(consent.about().persons(), ElementsAre("p-1", "p-2"));
  EXPECT_TRUE(consent.about().family());
  EXPECT_THAT(consent.compartments(),
              ElementsAre(common::v1::COMPARTMENT_EDUCATION, common::v1::COMPARTMENT_FAMILY));
  EXPECT_THAT(consent.purposes(),
              ElementsAre(common::v1::PURPOSE_COORDINATION, common::v1::PURPOSE_HANDOVER));
  EXPECT_EQ(consent.start_date(), "2026-11-22");
  EXPECT_EQ(consent.end_date(), "2027-08-01");
  // --purpose named what the recipient may do; what this call is for stays coordination.
  EXPECT_EQ(cli_.server().calls().at(0).options.purpose, common::v1::PURPOSE_COORDINATION);
}

class SignTest : public CliTest {
 protected:
  SignTest() {
    cli_.LogInAsParent();
    SetWording("Wij vinden het goed.\nTot de zomer.");
    cli_.server().SetResponse(kSign, consent::v1::Consent());
  }
  void SetWording(const std::string& wording) {
    consent::v1::ListConsentsResponse list;
    list.add_consents()->set_name("families/f-1/consents/other");
    auto* consent = list.add_consents();
    consent->set_name("families/f-1/consents/co-1");
    consent->set_wording(wording);
    cli_.server().SetResponse(kListConsents, list);
  }
};

TEST_F(SignTest, SignsTheHashOfTheWordingThatItShows) {
  const Ran ran = cli_.Run({"consent", "sign", "families/f-1/consents/co-1"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("    Wij vinden het goed.\n    Tot de zomer.\n"));
  EXPECT_THAT(cli_.questions, ElementsAre("Geeft u deze toestemming?"));
  const auto& request = cli_.server().Request<consent::v1::SignConsentRequest>(1);
  EXPECT_EQ(request.wording_sha256(),
            crypto::HexEncode(crypto::Sha256("Wij vinden het goed.\nTot de zomer.")));
  EXPECT_FALSE(request.refuse());
}

TEST_F(SignTest, RefusingIsAnActOfItsOwn) {
  ASSERT_EQ(cli_.Run({"consent", "refuse", "families/f-1/consents/co-1"}).exit_code, 0);
  EXPECT_TRUE(cli_.server().Request<consent::v1::SignConsentRequest>(1).refuse());
}

TEST_F(SignTest, WhoSaysNoSignsNothing) {
  cli_.answer = false;
  EXPECT_EQ(cli_.Run({"consent", "sign", "families/f-1/consents/co-1"}).exit_code, 0);
  EXPECT_THAT(cli_.server().calls(), SizeIs(1));  // it was read, and no more
}

TEST_F(SignTest, NobodySignsWhenNobodyCanBeAsked) {
  cli_.at_keyboard = false;
  for (const char* verb : {"sign", "refuse"}) {
    const Ran ran = cli_.Run({"consent", verb, "families/f-1/consents/co-1"});
    EXPECT_EQ(ran.exit_code, 2);
    EXPECT_THAT(ran.err, HasSubstr("--yes"));
  }
  EXPECT_THAT(cli_.server().calls(), SizeIs(2));  // they were read, and no more
  EXPECT_EQ(cli_.Run({"consent", "sign", "families/f-1/consents/co-1", "--yes"}).exit_code, 0);
  EXPECT_THAT(cli_.server().calls(), SizeIs(4));
}

TEST_F(SignTest, AConsentIsReadWithoutBeingAskedForAnything) {
  const Ran ran = cli_.Run({"consent", "show", "families/f-1/consents/co-1"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("    Wij vinden het goed.\n    Tot de zomer.\n"));
  EXPECT_TRUE(cli_.questions.empty());
  EXPECT_THAT(cli_.server().calls(), SizeIs(1));
}

TEST_F(SignTest, WordingThatCannotBeShownIsNotSigned) {
  SetWording("Ja\x1b[8m, en alles daarna\x1b[0m.");
  const Ran ran = cli_.Run({"consent", "sign", "families/f-1/consents/co-1"});
  EXPECT_EQ(ran.exit_code, 5);
  EXPECT_THAT(ran.err, HasSubstr("WORDING_NOT_SHOWABLE"));
  EXPECT_THAT(cli_.server().calls(), SizeIs(1));
}

TEST_F(SignTest, ConsentThatIsNotThereIsNotFound) {
  const Ran ran = cli_.Run({"consent", "sign", "families/f-1/consents/co-9"});
  EXPECT_EQ(ran.exit_code, 4);
  EXPECT_THAT(ran.err, HasSubstr("CONSENT_NOT_FOUND"));
}

TEST_F(SignTest, ProgramsReadTheResultAndPeopleTheWordingApart) {
  const Ran ran = cli_.Run({"consent", "sign", "families/f-1/consents/co-1", "--output", "json"});
  EXPECT_TRUE(absl::StartsWith(ran.out, "{")) << ran.out;
  EXPECT_THAT(ran.err, HasSubstr("Wij vinden het goed."));
}

TEST_F(CliTest, ReceiverSignsTheHashOfThePartsThatWereShown) {
  cli_.LogInAsStaff();
  handover::v1::Handover handover;
  handover.set_name("families/f-1/handovers/h-1");
  handover.set_package_sha256("ab12");
  handover.add_parts()->set_text("Rekenen gaat goed.");
  cli_.server().SetResponse("/knooppunt.handover.v1.HandoverService/GetHandover", handover);
  cli_.server().SetResponse("/knooppunt.handover.v1.HandoverService/ReceiveHandover", handover);
  const Ran ran = cli_.Run({"handover", "receive", "families/f-1/handovers/h-1"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("Rekenen gaat goed."));
  EXPECT_EQ(cli_.server().Request<handover::v1::ReceiveHandoverRequest>(1).package_sha256(),
            "ab12");
  EXPECT_EQ(cli_.server().calls().at(1).options.purpose, common::v1::PURPOSE_HANDOVER);
}

TEST_F(CliTest, ProfessionalStartsTodayAndMandateIsInCents) {
  cli_.LogInAs(
      {.subject = "professionals/beheerder", .function = common::v1::FUNCTION_ADMINISTRATOR});
  const std::string service = "/knooppunt.directory.v1.DirectoryService/";
  cli_.server().SetResponse(service + "CreateProfessional", directory::v1::Professional());
  cli_.server().SetResponse(service + "IssueMandate", directory::v1::Professional());
  cli_.Run({"professional", "create", "noor", "--name", "Noor Smit", "--login", "dev|noor",
            "--function", "jgz-nurse", "--organisation", "organisations/ggd-zl"});
  cli_.Run({"mandate", "issue", "professionals/noor", "--organisation", "organisations/ggd-zl",
            "--means", "transport,arrangement", "--limit", "1500,50"});
  const auto& professional =
      cli_.server().Request<directory::v1::CreateProfessionalRequest>(0).professional();
  EXPECT_EQ(professional.name(), "professionals/noor");
  EXPECT_EQ(professional.functions(0).start_date(), "2026-11-22");
  const auto& mandate = cli_.server().Request<directory::v1::IssueMandateRequest>(1).mandate();
  EXPECT_EQ(mandate.limit_cents(), 150050);
  EXPECT_THAT(mandate.means(),
              ElementsAre(common::v1::MEANS_TRANSPORT, common::v1::MEANS_ARRANGEMENT));
  EXPECT_EQ(cli_.server().calls().at(1).options.purpose, common::v1::PURPOSE_ADMINISTRATION);
}

TEST_F(CliTest, R6R39DelegatingDeputisingAndDecidingSendWhatWasTyped) {
  cli_.LogInAs({.subject = "professionals/noor", .function = common::v1::FUNCTION_JGZ_NURSE});
  const std::string casework = "/knooppunt.casework.v1.CaseworkService/";
  cli_.server().SetResponse("/knooppunt.directory.v1.DirectoryService/DelegateMandate",
                            directory::v1::Professional());
  casework::v1::Participant deputy;
  deputy.set_deputises("s-3");
  cli_.server().SetResponse(casework + "ArrangeDeputy", deputy);
  cli_.server().SetResponse(casework + "DecideStep", casework::v1::Step());
  cli_.Run({"mandate", "delegate", "professionals/noor/mandates/m-1", "--to", "professionals/tom",
            "--organisation", "organisations/ggd-zl", "--means", "transport", "--limit", "0",
            "--minutes", "90", "--days", "30"});
  const auto& delegate = cli_.server().Request<directory::v1::DelegateMandateRequest>(0);
  EXPECT_EQ(delegate.to(), "professionals/tom");
  EXPECT_EQ(delegate.mandate().limit_minutes(), 90);
  EXPECT_EQ(delegate.mandate().limit_days(), 30);
  EXPECT_EQ(delegate.mandate().start_date(), "2026-11-22");
  EXPECT_EQ(cli_.server().calls().at(0).options.purpose, common::v1::PURPOSE_COORDINATION);
  const Ran seat = cli_.Run({"case", "deputise", "families/f-1/cases/c-1", "--seat", "s-3",
                             "--professional", "professionals/tom", "--until", "2026-12-21"});
  EXPECT_THAT(seat.out, HasSubstr("Deputises"));
  const auto& arrange = cli_.server().Request<casework::v1::ArrangeDeputyRequest>(1);
  EXPECT_EQ(arrange.seat(), "s-3");
  EXPECT_EQ(arrange.start_date(), "");
  EXPECT_EQ(arrange.end_date(), "2026-12-21");
  const std::string step = "families/f-1/cases/c-1/steps/st-1";
  EXPECT_EQ(cli_.Run({"step", "decide", step}).exit_code, 2);
  cli_.Run({"step", "decide", step, "--decline", "--reason", "Wachtlijst."});
  const auto& decide = cli_.server().Request<casework::v1::DecideStepRequest>(2);
  EXPECT_FALSE(decide.bind());
  EXPECT_EQ(decide.reason(), "Wachtlijst.");
}

TEST_F(CliTest, WholeSampleDirectoryIsSentAtOnce) {
  cli_.LogInAs(
      {.subject = "professionals/beheerder", .function = common::v1::FUNCTION_ADMINISTRATOR});
  directory::v1::ImportDirectoryResponse response;
  response.set_organisations(54);
  response.set_werkplaatsen(19);
  cli_.server().SetResponse("/knooppunt.directory.v1.DirectoryService/ImportDirectory", response);
  const char* source = std::getenv("KNOOPPUNT_SOURCE");
  const Ran ran = cli_.Run(
      {"directory", "import",
       absl::StrCat(source == nullptr ? "." : source, "/deploy/sample-data/limburg.json")});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.out, "Created or changed: 54 organisations, 19 werkplaatsen.\n");
  const auto& request = cli_.server().Request<directory::v1::ImportDirectoryRequest>(0);
  EXPECT_EQ(request.organisations_size(), 54);
  EXPECT_EQ(request.werkplaatsen_size(), 19);
}

}  // namespace
}  // namespace knooppunt::cli
