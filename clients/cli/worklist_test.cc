// worklist, inbox, digest, werkplaats, framework.
#include <fstream>

#include "clients/cli/cli_testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "knooppunt/directory/v1/framework.pb.h"
#include "knooppunt/directory/v1/werkplaats.pb.h"
#include "knooppunt/worklist/v1/worklist.pb.h"

namespace knooppunt::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kList[] = "/knooppunt.worklist.v1.WorklistService/ListWorklist";
constexpr char kInbox[] = "/knooppunt.worklist.v1.WorklistService/ListInbox";
constexpr char kMark[] = "/knooppunt.worklist.v1.WorklistService/MarkNotice";
constexpr char kDigest[] = "/knooppunt.worklist.v1.WorklistService/GetDigest";
constexpr char kProfile[] = "/knooppunt.directory.v1.WerkplaatsService/GetWerkplaatsProfile";
constexpr char kUpdate[] = "/knooppunt.directory.v1.WerkplaatsService/UpdateWerkplaatsProfile";
constexpr char kClose[] = "/knooppunt.directory.v1.WerkplaatsService/CloseWerkplaats";
constexpr char kKeepOpen[] = "/knooppunt.directory.v1.WerkplaatsService/KeepWerkplaatsOpen";
constexpr char kContact[] = "/knooppunt.directory.v1.WerkplaatsService/ReplaceContact";
constexpr char kAssess[] = "/knooppunt.directory.v1.FrameworkService/AssessFunding";

class WorklistCommandsTest : public ::testing::Test {
 protected:
  WorklistCommandsTest() { cli_.LogInAsStaff(); }
  CliFixture cli_;
};

TEST_F(WorklistCommandsTest, R5TheListSaysWhatIsLateAndSendsTheFilter) {
  worklist::v1::ListWorklistResponse list;
  worklist::v1::Entry* e = list.add_entries();
  e->set_kind(worklist::v1::ENTRY_KIND_STEP);
  e->set_subject("families/f-1/cases/c-1/steps/s-1");
  e->set_due_date("2026-11-01");
  e->set_overdue(true);
  e->set_text_nl("Afspraak om te doen. Rekenen oefenen.");
  e->set_rule("R5");
  cli_.server().SetResponse(kList, list);
  const Ran ran = cli_.Run({"worklist", "--overdue", "--whose", "werkplaats", "--kind",
                            "step,meeting", "--before", "2026-12-31"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("2026-11-01 TE LAAT"));
  EXPECT_THAT(ran.out, HasSubstr("Rekenen oefenen. (R5)"));
  const auto& filter = cli_.server().Request<worklist::v1::ListWorklistRequest>(0).filter();
  EXPECT_TRUE(filter.overdue());
  EXPECT_EQ(filter.whose(), worklist::v1::WHOSE_WERKPLAATS);
  EXPECT_THAT(filter.kinds(), SizeIs(2));
  EXPECT_EQ(filter.due_before(), "2026-12-31");
}

TEST_F(WorklistCommandsTest, AnEmptyListSaysSoAndAllPagesAreRead) {
  int asked = 0;
  cli_.server().Set(kList, [&](const auto&, google::protobuf::Message* out) {
    auto& list = dynamic_cast<worklist::v1::ListWorklistResponse&>(*out);
    list.add_entries()->set_subject("x");
    if (++asked < 3) list.set_next_page_token("next");
    return absl::OkStatus();
  });
  EXPECT_EQ(cli_.Run({"worklist"}).exit_code, 0);
  EXPECT_EQ(asked, 3);
  cli_.server().SetResponse(kList, worklist::v1::ListWorklistResponse());
  EXPECT_THAT(cli_.Run({"worklist"}).out, HasSubstr("Er staat niets"));
}

TEST_F(WorklistCommandsTest, R13WatchingSaysWhatChangesUntilItEnds) {
  cli_.server().SetStream(
      "/knooppunt.worklist.v1.WorklistService/WatchWorklist",
      [](const google::protobuf::Message& request, const FakeServer::Tell& tell) {
        EXPECT_TRUE(
            dynamic_cast<const worklist::v1::WatchWorklistRequest&>(request).filter().overdue());
        worklist::v1::WatchWorklistResponse first, second;
        first.add_entries()->set_text_nl("Afspraak om te doen.");
        first.set_total_size(1);
        if (const absl::Status s = tell(first); !s.ok()) return s;
        second.add_gone()->set_kind(worklist::v1::ENTRY_KIND_STEP);
        return tell(second);
      });
  const Ran ran = cli_.Run({"worklist", "--watch", "--overdue"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("+  Afspraak om te doen."));
  EXPECT_THAT(ran.out, HasSubstr("1 op de werklijst."));
  EXPECT_THAT(ran.out, HasSubstr("- step"));
}

TEST_F(WorklistCommandsTest, R7TheInboxIsListedAndMarked) {
  worklist::v1::ListInboxResponse inbox;
  worklist::v1::Notice* n = inbox.add_notices();
  n->set_name("families/f-1/notices/n-1");
  n->set_text_nl("Er is een knooppuntoverleg geweest waar u niet bij was.");
  n->set_rule("R7");
  n->set_state(worklist::v1::NOTICE_STATE_READ);
  cli_.server().SetResponse(kInbox, inbox);
  const Ran ran = cli_.Run({"inbox", "--all"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("gelezen"));
  EXPECT_TRUE(cli_.server().Request<worklist::v1::ListInboxRequest>(0).acknowledged());
  worklist::v1::Notice marked = *n;
  marked.set_state(worklist::v1::NOTICE_STATE_ACKNOWLEDGED);
  cli_.server().SetResponse(kMark, marked);
  EXPECT_THAT(cli_.Run({"inbox", "--acknowledge", "families/f-1/notices/n-1"}).out,
              HasSubstr("op gezien"));
  const auto& request = cli_.server().Request<worklist::v1::MarkNoticeRequest>(1);
  EXPECT_EQ(request.state(), worklist::v1::NOTICE_STATE_ACKNOWLEDGED);
  EXPECT_FALSE(request.request_id().empty());
  EXPECT_EQ(cli_.Run({"inbox", "--read", "families/f-1/notices/n-1", "--acknowledge",
                      "families/f-1/notices/n-1"})
                .exit_code,
            2);
}

TEST_F(WorklistCommandsTest, TheDigestIsPrintedAsItMayBeSent) {
  worklist::v1::Digest digest;
  digest.set_text_nl("Er staat iets voor u klaar:\n- Afspraken om te doen: 2\n");
  cli_.server().SetResponse(kDigest, digest);
  EXPECT_THAT(cli_.Run({"digest"}).out, HasSubstr("Afspraken om te doen: 2"));
  digest.set_empty(true);
  cli_.server().SetResponse(kDigest, digest);
  EXPECT_THAT(cli_.Run({"digest"}).out, HasSubstr("niets te melden"));
}

TEST_F(WorklistCommandsTest, R37AProfileShowsWhoIsToBeCalledAndWhatLacks) {
  directory::v1::WerkplaatsProfile p;
  p.set_name("werkplaatsen/manjefiek/profile");
  p.mutable_meeting_rhythm()->set_every_weeks(6);
  directory::v1::Contact* c = p.add_contacts();
  c->set_organisation("organisations/ggd-zl");
  c->set_acting("professionals/tess");
  c->set_to_replace(true);
  p.add_gaps_nl("De contactpersoon is weg.");
  cli_.server().SetResponse(kProfile, p);
  const Ran ran = cli_.Run({"werkplaats", "show", "werkplaatsen/manjefiek"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("professionals/tess (tijdelijk)"));
  EXPECT_THAT(ran.out, HasSubstr("elke 6 weken"));
  EXPECT_THAT(ran.out, HasSubstr("LET OP: De contactpersoon is weg."));
  EXPECT_EQ(cli_.server().Request<directory::v1::GetWerkplaatsProfileRequest>(0).name(),
            "werkplaatsen/manjefiek/profile");
}

TEST_F(WorklistCommandsTest, R37AProfileIsChangedFromAFileAndAContactInOneAct) {
  cli_.server().SetResponse(kUpdate, directory::v1::WerkplaatsProfile());
  cli_.server().SetResponse(kContact, directory::v1::WerkplaatsProfile());
  const std::string file = cli_.folder() + "/profiel.textproto";
  std::ofstream(file) << "meeting_rhythm { every_weeks: 4 weekday: WEEKDAY_TUESDAY }";
  Ran ran = cli_.Run({"werkplaats", "update", "werkplaatsen/manjefiek", "--file", file, "--only",
                      "meeting_rhythm"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  const auto& update = cli_.server().Request<directory::v1::UpdateWerkplaatsProfileRequest>(0);
  EXPECT_EQ(update.profile().meeting_rhythm().every_weeks(), 4);
  EXPECT_THAT(update.update_mask().paths(), ElementsAre("meeting_rhythm"));
  ran = cli_.Run({"werkplaats", "contact", "werkplaatsen/manjefiek", "--organisation",
                  "organisations/ggd-zl", "--function", "jgz-nurse", "--professional",
                  "professionals/noor", "--stand-in", "professionals/tess"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  const auto& contact = cli_.server().Request<directory::v1::ReplaceContactRequest>(1).contact();
  EXPECT_EQ(contact.professional(), "professionals/noor");
  EXPECT_EQ(contact.function(), common::v1::FUNCTION_JGZ_NURSE);
}

TEST_F(WorklistCommandsTest, R27AWerkplaatsClosesAsOfADayAndStaysOpenAfterAll) {
  directory::v1::WerkplaatsProfile p;
  p.mutable_closure()->set_close_date("2027-08-01");
  p.mutable_closure()->set_reason("Gaat op in De Letterdoos.");
  cli_.server().SetResponse(kClose, p);
  cli_.server().SetResponse(kKeepOpen, directory::v1::WerkplaatsProfile());
  Ran ran = cli_.Run({"werkplaats", "close", "werkplaatsen/manjefiek", "--on", "2027-08-01",
                      "--reason", "Gaat op in De Letterdoos.", "--etag", "abc"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("SLUIT: met ingang van 2027-08-01, Gaat op in De Letterdoos."));
  const auto& close = cli_.server().Request<directory::v1::CloseWerkplaatsRequest>(0);
  EXPECT_EQ(close.name(), "werkplaatsen/manjefiek/profile");
  EXPECT_EQ(close.close_date(), "2027-08-01");
  EXPECT_EQ(close.reason(), "Gaat op in De Letterdoos.");
  EXPECT_EQ(close.etag(), "abc");
  EXPECT_FALSE(close.request_id().empty());
  ran = cli_.Run({"werkplaats", "keep-open", "werkplaatsen/manjefiek"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(cli_.server().Request<directory::v1::KeepWerkplaatsOpenRequest>(1).name(),
            "werkplaatsen/manjefiek/profile");
  EXPECT_EQ(cli_.Run({"werkplaats", "close", "werkplaatsen/manjefiek"}).exit_code, 2);
}

TEST_F(WorklistCommandsTest, R36WhoCarriesItIsAskedWithASplit) {
  directory::v1::AssessFundingResponse answer;
  answer.set_fits(true);
  answer.set_text_nl("Onderwijszorgarrangement: gedeeld.");
  cli_.server().SetResponse(kAssess, answer);
  const Ran ran = cli_.Run({"framework", "ask", "--means", "arrangement", "--funding", "shared",
                            "--split", "education:60", "--split", "jeugdwet:40"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("Dat past. Onderwijszorgarrangement"));
  const auto& request = cli_.server().Request<directory::v1::AssessFundingRequest>(0);
  ASSERT_THAT(request.split(), SizeIs(2));
  EXPECT_EQ(request.split(0).percent(), 60);
  EXPECT_EQ(cli_.Run({"framework", "ask", "--split", "education"}).exit_code, 2);
}

TEST_F(WorklistCommandsTest, R36AFileIsCheckedWithoutAServer) {
  const std::string file = cli_.folder() + "/kader.textproto";
  std::ofstream(file)
      << "versions { version: \"2024-01\" start_date: \"2024-01-01\" source: \"x\" }";
  const Ran ran = cli_.Run({"framework", "check", file});
  EXPECT_EQ(ran.exit_code, 6);
  EXPECT_THAT(ran.err, HasSubstr("has no rows"));
  std::ofstream(file, std::ios::trunc)
      << "versions { version: \"2024-01\" start_date: \"2024-01-01\" source: \"x\" rows { id: "
         "\"a\" "
         "title_nl: \"A\" carrier: FUNDING_WMO when_nl: \"altijd\" source: \"art. 1\" } }";
  EXPECT_THAT(cli_.Run({"framework", "check", file}).out, HasSubstr("in orde"));
  EXPECT_THAT(cli_.server().calls(), IsEmpty());
}

}  // namespace
}  // namespace knooppunt::cli
