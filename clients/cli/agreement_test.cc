// consent who-must-agree, consent upcoming and task list, against a server that is a table of
// answers.
#include "base/error.h"
#include "clients/cli/cli_testing.h"
#include "clients/cli/failure.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "knooppunt/access/v1/access.pb.h"

namespace knooppunt::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kWho[] = "/knooppunt.access.v1.AccessService/WhoMustAgree";
constexpr char kLapses[] = "/knooppunt.access.v1.AccessService/ListLapses";

access::v1::WhoMustAgreeResponse Answer() {
  access::v1::WhoMustAgreeResponse out;
  out.set_on_date("2027-03-10");
  auto* s = out.add_signatures();
  s->set_person("p-1");
  s->set_about_person("p-1");
  s->set_compartment(common::v1::COMPARTMENT_EDUCATION);
  s->set_row("from-12");
  s->set_source("art. 7.3.4 Jeugdwet");
  s->set_to_confirm(true);
  s->set_text_nl("De jongere is 12 jaar en tekent zelf mee.");
  out.add_signatures()->set_text_nl("Ook anderen moeten hierover beslissen.");
  out.add_vacancies_nl("Niemand heeft dan gezag.");
  return out;
}

TEST(AgreementCommands, R11WhoMustAgreeAsksForTheDayAndShowsRowSourceAndVacancy) {
  CliFixture cli;
  cli.LogInAsStaff();
  cli.server().SetResponse(kWho, Answer());
  const Ran ran =
      cli.Run({"consent", "who-must-agree", "families/f-1", "--about", "p-1", "--compartment",
               "education,health", "--recipient", "organisations/ggd-zl", "--on", "2027-03-10"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  const auto& request = cli.server().Request<access::v1::WhoMustAgreeRequest>(0);
  EXPECT_EQ(request.parent(), "families/f-1");
  EXPECT_EQ(request.about().persons(0), "p-1");
  EXPECT_EQ(request.compartments_size(), 2);
  EXPECT_EQ(request.recipient(), "organisations/ggd-zl");
  EXPECT_EQ(request.purpose(), common::v1::PURPOSE_COORDINATION);
  EXPECT_EQ(request.on_date(), "2027-03-10");
  EXPECT_THAT(ran.out, AllOf(HasSubstr("Op 2027-03-10"), HasSubstr("from-12"), HasSubstr("(!)"),
                             HasSubstr("anderen"), HasSubstr("Eerst te regelen: Niemand")));
}

TEST(AgreementCommands, R14UpcomingShowsDayCauseAndWhoMustStillSign) {
  CliFixture cli;
  cli.LogInAsParent();
  access::v1::ListLapsesResponse list;
  auto* lapse = list.add_lapses();
  lapse->set_consent("families/f-1/consents/co-1");
  lapse->set_date("2027-03-10");
  lapse->set_cause(access::v1::LAPSE_CAUSE_BIRTHDAY_12);
  lapse->add_missing()->set_person("p-1");
  lapse->add_missing();
  cli.server().SetResponse(kLapses, list);
  const Ran ran = cli.Run({"consent", "upcoming", "families/f-1", "--days", "366"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(cli.server().Request<access::v1::ListLapsesRequest>(0).days(), 366);
  EXPECT_THAT(ran.out,
              AllOf(HasSubstr("2027-03-10"), HasSubstr("birthday-12"), HasSubstr("p-1, anderen")));
  EXPECT_EQ(cli.Run({"consent", "upcoming", "families/f-1", "--days", "367"}).exit_code,
            static_cast<int>(ExitCode::kUsage));
}

TEST(AgreementCommands, R14TaskListShowsWhatToDoAndSaysSoWhenThereIsNothing) {
  CliFixture cli;
  cli.LogInAsStaff();
  cli.server().SetResponse(kLapses, access::v1::ListLapsesResponse());
  EXPECT_THAT(cli.Run({"task", "list", "families/f-1"}).out, HasSubstr("geen taken"));
  access::v1::ListLapsesResponse list;
  auto* task = list.add_tasks();
  task->set_kind(access::v1::TASK_KIND_APPOINT_REGISSEUR);
  task->set_subject("families/f-1/cases/c-1");
  task->set_due_date("2026-11-22");
  task->set_text_nl("Benoem een regisseur.\x1b[2J");
  cli.server().SetResponse(kLapses, list);
  const Ran ran = cli.Run({"task", "list", "families/f-1"});
  EXPECT_THAT(ran.out, AllOf(HasSubstr("appoint-regisseur"), HasSubstr("families/f-1/cases/c-1"),
                             HasSubstr("Benoem"), Not(HasSubstr("\x1b"))));
  EXPECT_EQ(cli.server().Request<access::v1::ListLapsesRequest>(0).days(), 0);
}

}  // namespace
}  // namespace knooppunt::cli
