// meeting move, cancel; sitting move, cancel; and the etag on the acts of a case.
#include "clients/cli/cli_testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "knooppunt/casework/v1/casework.pb.h"
#include "knooppunt/meetings/v1/meetings.pb.h"

namespace knooppunt::cli {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kMeeting[] = "families/f-1/cases/c-1/meetings/m-1";
constexpr char kSitting[] = "werkplaatsen/manjefiek/sittings/sitting-1";
constexpr char kCase[] = "families/f-1/cases/c-1";

std::string Method(const std::string& name) {
  return "/knooppunt.meetings.v1.MeetingsService/" + name;
}
std::string OfCase(const std::string& name) {
  return "/knooppunt.casework.v1.CaseworkService/" + name;
}

class MovingCommandsTest : public ::testing::Test {
 protected:
  MovingCommandsTest() { cli_.LogInAsStaff(); }
  CliFixture cli_;
};

TEST_F(MovingCommandsTest, AMeetingMovesAsItStandsNowUnlessAnEtagIsStated) {
  meetings::v1::Agenda agenda;
  agenda.set_etag("e-now");
  cli_.server().SetResponse(Method("GetAgenda"), agenda);
  agenda.set_date("2026-12-08");
  agenda.set_moved_from("2026-12-01");
  agenda.set_state(casework::v1::MEETING_STATE_PLANNED);
  agenda.set_change_reason(meetings::v1::CHANGE_REASON_FAMILY);
  cli_.server().SetResponse(Method("MoveMeeting"), agenda);
  const Ran ran =
      cli_.Run({"meeting", "move", kMeeting, "--date", "2026-12-08", "--why", "family"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("gepland, verzet van 2026-12-01: het gezin vroeg erom"));
  const auto& sent = cli_.server().Request<meetings::v1::MoveMeetingRequest>(1);
  EXPECT_EQ(sent.date(), "2026-12-08");
  EXPECT_EQ(sent.etag(), "e-now");
  EXPECT_EQ(sent.reason(), meetings::v1::CHANGE_REASON_FAMILY);
  ASSERT_EQ(cli_.Run({"meeting", "move", kMeeting, "--start", "13:00", "--end", "13:40", "--why",
                      "place", "--etag", "e-read"})
                .exit_code,
            0);
  EXPECT_EQ(cli_.server().Request<meetings::v1::MoveMeetingRequest>(2).etag(), "e-read");
  EXPECT_EQ(cli_.Run({"meeting", "move", kMeeting, "--date", "2026-12-08"}).exit_code, 2);
  EXPECT_EQ(cli_.Run({"meeting", "move", kMeeting, "--why", "zomaar"}).exit_code, 2);
}

TEST_F(MovingCommandsTest, ACancelledMeetingSaysWhy) {
  meetings::v1::Agenda agenda;
  agenda.set_etag("e-now");
  agenda.set_state(casework::v1::MEETING_STATE_CANCELLED);
  agenda.set_change_reason(meetings::v1::CHANGE_REASON_NOT_NEEDED);
  cli_.server().SetResponse(Method("GetAgenda"), agenda);
  cli_.server().SetResponse(Method("CancelMeeting"), agenda);
  const Ran ran = cli_.Run({"meeting", "cancel", kMeeting, "--why", "not-needed"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("afgezegd: het is niet meer nodig"));
  EXPECT_EQ(cli_.server().Request<meetings::v1::CancelMeetingRequest>(1).etag(), "e-now");
}

TEST_F(MovingCommandsTest, R4OnesOwnInvitationsSayThatTheyMovedOrAreOff) {
  meetings::v1::ListOwnInvitationsResponse list;
  list.add_invitations()->set_state(meetings::v1::INVITATION_STATE_MOVED);
  list.add_invitations()->set_state(meetings::v1::INVITATION_STATE_CANCELLED);
  cli_.server().SetResponse(Method("ListOwnInvitations"), list);
  const Ran ran = cli_.Run({"meeting", "invitations", "--all"});
  EXPECT_THAT(ran.out, AllOf(HasSubstr("opnieuw te beantwoorden"), HasSubstr("gaat niet door")));
}

TEST_F(MovingCommandsTest, ASittingMovesInWhatIsNamed) {
  meetings::v1::Sitting sitting;
  sitting.set_etag("e-now");
  cli_.server().SetResponse(Method("GetSitting"), sitting);
  sitting.set_change_reason(meetings::v1::CHANGE_REASON_PLACE);
  cli_.server().SetResponse(Method("MoveSitting"), sitting);
  const Ran ran = cli_.Run(
      {"sitting", "move", kSitting, "--date", "2026-12-08", "--place", "Aula", "--why", "place"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("verzet: de plaats is niet beschikbaar"));
  const auto& sent = cli_.server().Request<meetings::v1::MoveSittingRequest>(1);
  EXPECT_THAT(sent.update_mask().paths(), ElementsAre("date", "place"));
  EXPECT_EQ(sent.sitting().place(), "Aula");
  EXPECT_EQ(sent.etag(), "e-now");
  sitting.set_state(meetings::v1::SITTING_STATE_CANCELLED);
  cli_.server().SetResponse(Method("CancelSitting"), sitting);
  const Ran off =
      cli_.Run({"sitting", "cancel", kSitting, "--why", "lead-absent", "--etag", "e-read"});
  EXPECT_EQ(off.exit_code, 0) << off.err;
  EXPECT_THAT(off.out, HasSubstr("afgezegd"));
  EXPECT_EQ(cli_.server().Request<meetings::v1::CancelSittingRequest>(2).etag(), "e-read");
}

TEST_F(MovingCommandsTest, TheActsOfACaseTakeTheEtagThatWasRead) {
  cli_.server().SetResponse(OfCase("MovePhase"), casework::v1::Case());
  cli_.server().SetResponse(OfCase("SetReview"), casework::v1::Case());
  cli_.server().SetResponse(OfCase("CloseCase"), casework::v1::Case());
  cli_.server().SetResponse(OfCase("ReopenCase"), casework::v1::Case());
  cli_.server().SetResponse(OfCase("AppointRegisseur"), casework::v1::Regisseur());
  const auto run = [&](std::vector<std::string> args) {
    args.insert(args.end(), {"--etag", "0a1b"});
    const Ran ran = cli_.Run(args);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
  };
  run({"case", "phase", kCase, "--to", "interpret"});
  run({"case", "review", kCase, "--on", "2027-02-01"});
  run({"case", "close", kCase, "--kind", "question-answered", "--outcome", "Klaar.", "--about",
       "p-1", "--compartment", "education"});
  run({"case", "reopen", kCase, "--reason", "Nieuwe vraag", "--regisseur", "s-1", "--stand-in",
       "s-2", "--about", "p-1", "--compartment", "education"});
  run({"case", "appoint", kCase, "--regisseur", "s-1", "--stand-in", "s-2", "--reason", "Zij."});
  EXPECT_EQ(cli_.server().Request<casework::v1::MovePhaseRequest>(0).etag(), "0a1b");
  EXPECT_EQ(cli_.server().Request<casework::v1::SetReviewRequest>(1).etag(), "0a1b");
  EXPECT_EQ(cli_.server().Request<casework::v1::CloseCaseRequest>(2).etag(), "0a1b");
  EXPECT_EQ(cli_.server().Request<casework::v1::ReopenCaseRequest>(3).etag(), "0a1b");
  EXPECT_EQ(cli_.server().Request<casework::v1::AppointRegisseurRequest>(4).etag(), "0a1b");
}

}  // namespace
}  // namespace knooppunt::cli
