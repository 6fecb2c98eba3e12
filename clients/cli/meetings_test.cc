// meeting invite, invitations, answer; agenda; sitting.
#include "clients/cli/cli_testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "knooppunt/access/v1/access.pb.h"
#include "knooppunt/meetings/v1/meetings.pb.h"

namespace knooppunt::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kMeeting[] = "families/f-1/cases/c-1/meetings/m-1";

std::string Method(const std::string& name) {
  return "/knooppunt.meetings.v1.MeetingsService/" + name;
}

class MeetingsCommandsTest : public ::testing::Test {
 protected:
  MeetingsCommandsTest() { cli_.LogInAsStaff(); }
  std::string Name(const std::string& rest) const { return std::string(kMeeting) + rest; }
  void AgendaHasEtag(const std::string& etag) {
    meetings::v1::Agenda agenda;
    agenda.set_etag(etag);
    cli_.server().SetResponse(Method("GetAgenda"), agenda);
  }
  meetings::v1::Invitation Blind() const {
    meetings::v1::Invitation out;
    out.set_name(Name("/invitations/i-1"));
    out.set_meeting(kMeeting);
    out.set_seat("s-2");
    out.set_etag("e-1");
    out.mutable_check()->set_extent(meetings::v1::SIGHT_EXTENT_NOTHING);
    out.mutable_check()->set_text_nl("Deze partij ziet alleen wanneer en waar het is.");
    meetings::v1::MissingSharing* missing = out.mutable_check()->add_missing();
    missing->mutable_about()->add_persons("p-1");
    missing->set_compartment(common::v1::COMPARTMENT_EDUCATION);
    missing->set_recipient("organisations/ggd-zl");
    return out;
  }
  CliFixture cli_;
};

TEST_F(MeetingsCommandsTest, R12InvitingSaysWhatTheyWouldReadAndWhoMustSign) {
  cli_.server().SetResponse(Method("InviteToMeeting"), Blind());
  access::v1::WhoMustAgreeResponse must;
  must.add_signatures()->set_person("p-3");
  must.mutable_signatures(0)->set_text_nl("Heeft gezag over het kind.");
  cli_.server().SetResponse("/knooppunt.access.v1.AccessService/WhoMustAgree", must);
  const Ran ran = cli_.Run({"meeting", "invite", kMeeting, "--seat", "s-2"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("niets"));
  EXPECT_THAT(ran.out, HasSubstr("alleen wanneer en waar"));
  EXPECT_THAT(ran.out, HasSubstr("Heeft gezag over het kind."));
  const auto& asked = cli_.server().Request<access::v1::WhoMustAgreeRequest>(1);
  EXPECT_EQ(asked.parent(), "families/f-1");
  EXPECT_EQ(asked.recipient(), "organisations/ggd-zl");
  EXPECT_THAT(asked.compartments(), ElementsAre(common::v1::COMPARTMENT_EDUCATION));
  const Ran json = cli_.Run({"meeting", "invite", kMeeting, "--seat", "s-2", "--output", "json"});
  EXPECT_THAT(json.out, HasSubstr("SIGHT_EXTENT_NOTHING"));
  EXPECT_THAT(json.out, Not(HasSubstr("tekenen:")));
}

TEST_F(MeetingsCommandsTest, R8WhoHasNoSeatIsInvitedWithAPeriod) {
  cli_.server().SetResponse(Method("InviteToMeeting"), meetings::v1::Invitation());
  const Ran ran = cli_.Run({"meeting", "invite", kMeeting, "--professional", "professionals/noor",
                            "--organisation", "organisations/ggd-zl", "--function", "jgz-nurse",
                            "--until", "2027-01-31"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  const auto& request = cli_.server().Request<meetings::v1::InviteToMeetingRequest>(0);
  EXPECT_EQ(request.new_party().end_date(), "2027-01-31");
  EXPECT_THAT(request.request_id(), Not(IsEmpty()));
  EXPECT_EQ(cli_.Run({"meeting", "invite", kMeeting}).exit_code, 2);
}

TEST_F(MeetingsCommandsTest, R18OnesOwnInvitationsSayWhenAndWhere) {
  meetings::v1::ListOwnInvitationsResponse list;
  meetings::v1::Invitation* i = list.add_invitations();
  i->set_date("2026-12-01");
  i->set_start("09:40");
  i->set_end("10:20");
  i->set_place("Kamer 3");
  i->set_state(meetings::v1::INVITATION_STATE_SENT);
  cli_.server().SetResponse(Method("ListOwnInvitations"), list);
  const Ran ran = cli_.Run({"meeting", "invitations"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("09:40-10:20"));
  EXPECT_THAT(ran.out, HasSubstr("nog niet beantwoord"));
  cli_.server().SetResponse(Method("ListOwnInvitations"),
                            meetings::v1::ListOwnInvitationsResponse());
  EXPECT_THAT(cli_.Run({"meeting", "invitations"}).out, HasSubstr("U heeft geen uitnodigingen"));
}

TEST_F(MeetingsCommandsTest, AnAnswerTakesTheEtagOfTheInvitationAsItIs) {
  meetings::v1::ListInvitationsResponse list;
  *list.add_invitations() = Blind();
  cli_.server().SetResponse(Method("ListInvitations"), list);
  cli_.server().SetResponse(Method("AnswerInvitation"), Blind());
  const std::string name = Name("/invitations/i-1");
  const Ran ran = cli_.Run(
      {"meeting", "answer", name, "--accept", "representative", "--represented-by", "confidant"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  const auto& request = cli_.server().Request<meetings::v1::AnswerInvitationRequest>(1);
  EXPECT_EQ(request.etag(), "e-1");
  EXPECT_EQ(request.how(), casework::v1::ATTENDANCE_HOW_REPRESENTATIVE);
  EXPECT_EQ(request.representative().kind(), meetings::v1::REPRESENTATIVE_KIND_CONFIDANT);
  EXPECT_EQ(cli_.Run({"meeting", "answer", name}).exit_code, 2);
  EXPECT_EQ(
      cli_.Run({"meeting", "answer", name, "--accept", "video", "--decline", "time"}).exit_code, 2);
  EXPECT_EQ(
      cli_.Run({"meeting", "answer", Name("/invitations/i-9"), "--decline", "time"}).exit_code, 2);
}

TEST_F(MeetingsCommandsTest, R38AnAgendaItemGoesWithItsLabel) {
  cli_.server().SetResponse(Method("AddAgendaItem"), meetings::v1::AgendaItem());
  const Ran ran = cli_.Run({"agenda", "add", kMeeting, "--title", "Rekenen", "--minutes", "10",
                            "--about", "p-1", "--compartment", "education"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  const auto& request = cli_.server().Request<meetings::v1::AddAgendaItemRequest>(0);
  EXPECT_EQ(request.item().label().compartment(), common::v1::COMPARTMENT_EDUCATION);
  EXPECT_EQ(request.item().planned_minutes(), 10);
  EXPECT_EQ(cli_.Run({"agenda", "add", kMeeting, "--title", "Rekenen"}).exit_code, 2);
}

TEST_F(MeetingsCommandsTest, R9AnAgendaShowsMinutesAndDissentNextToThem) {
  meetings::v1::Agenda agenda;
  agenda.set_name(kMeeting);
  agenda.set_date("2026-12-01");
  meetings::v1::AgendaItem* item = agenda.add_items();
  item->set_title("Rekenen");
  item->mutable_minutes()->set_said("Het gaat beter.");
  meetings::v1::Statement* s = item->add_statements();
  s->set_author("families/f-1/persons/p-3");
  s->set_text("Thuis \x1b[31mniet.");
  cli_.server().SetResponse(Method("GetAgenda"), agenda);
  const Ran ran = cli_.Run({"agenda", "show", kMeeting});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("Het gaat beter."));
  EXPECT_THAT(ran.out, HasSubstr("p-3 ziet het anders: Thuis"));
  EXPECT_THAT(ran.out, Not(HasSubstr("\x1b")));
}

TEST_F(MeetingsCommandsTest, MovingTakesTheEtagOfTheAgendaAsItIs) {
  AgendaHasEtag("a-1");
  cli_.server().SetResponse(Method("MoveAgendaItem"), meetings::v1::Agenda());
  const Ran ran = cli_.Run({"agenda", "move", Name("/items/i-2"), "--after", Name("/items/i-1")});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(cli_.server().Request<meetings::v1::GetAgendaRequest>(0).name(), kMeeting);
  EXPECT_EQ(cli_.server().Request<meetings::v1::MoveAgendaItemRequest>(1).etag(), "a-1");
  EXPECT_EQ(cli_.Run({"agenda", "move", Name("/items/i-2")}).exit_code, 2);
}

TEST_F(MeetingsCommandsTest, R9MinutesNeedTheEtagOfWhatWasRead) {
  cli_.server().SetResponse(Method("RecordMinutes"), meetings::v1::AgendaItem());
  EXPECT_EQ(cli_.Run({"agenda", "minutes", Name("/items/i-1"), "--said", "x"}).exit_code, 2);
  const Ran ran =
      cli_.Run({"agenda", "minutes", Name("/items/i-1"), "--said", "x", "--etag", "0a"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(cli_.server().Request<meetings::v1::RecordMinutesRequest>(0).etag(), "0a");
  EXPECT_EQ(cli_.Run({"agenda", "react", Name("/items/i-1")}).exit_code, 2);
}

TEST_F(MeetingsCommandsTest, R18ASittingShowsOnesOwnCases) {
  meetings::v1::Sitting sitting;
  sitting.set_name("werkplaatsen/manjefiek/sittings/z-1");
  sitting.set_date("2026-12-01");
  meetings::v1::SittingSlot* slot = sitting.add_slots();
  slot->set_case_name("families/f-1/cases/c-1");
  slot->mutable_agenda()->set_start("09:40");
  slot->mutable_agenda()->set_end("10:20");
  slot->mutable_agenda()->add_items()->set_title("Rekenen");
  cli_.server().SetResponse(Method("GetSitting"), sitting);
  const Ran ran = cli_.Run({"sitting", "show", sitting.name()});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("09:40-10:20"));
  EXPECT_THAT(ran.out, HasSubstr("Rekenen"));
  EXPECT_THAT(ran.out, Not(HasSubstr("Tijd")));  // when it begins and ends is not for everybody
}

TEST_F(MeetingsCommandsTest, ASlotIsGivenOrTakenBack) {
  AgendaHasEtag("a-1");
  cli_.server().SetResponse(Method("AssignSlot"), meetings::v1::Agenda());
  const Ran ran = cli_.Run({"sitting", "slot", kMeeting, "--none"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(cli_.server().Request<meetings::v1::AssignSlotRequest>(1).sitting(), IsEmpty());
  EXPECT_EQ(cli_.Run({"sitting", "slot", kMeeting}).exit_code, 2);
  EXPECT_THAT(cli_.server().calls(), SizeIs(2));
}

}  // namespace
}  // namespace knooppunt::cli
