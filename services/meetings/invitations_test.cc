// Invitations over a real database, decided by the real engine: nothing of a meeting shows before
// the consent of the invited party was looked at (R11-R13, R18).
#include "absl/strings/match.h"
#include "services/meetings/meetings_testing.h"

namespace knooppunt::meetings {
namespace {

using absl::StatusCode;
using ::knooppunt::testing::StatusIs;
using ::testing::_;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using dossier::testing::Office;

class InvitationsTest : public MeetingsTest {
 protected:
  absl::StatusOr<v1::Invitation> TakeBack(const v1::Invitation& invitation) {
    v1::WithdrawInvitationRequest req;
    req.set_name(invitation.name());
    req.set_etag(invitation.etag());
    return Ask<v1::Invitation>("WithdrawInvitation", j.ib, req);
  }
  v1::InviteToMeetingRequest NewParty(const std::string& meeting, const Caller& who) {
    v1::InviteToMeetingRequest req;
    req.set_parent(meeting);
    v1::NewParty& party = *req.mutable_new_party();
    party.set_professional(who.claims.subject());
    party.set_organisation(who.claims.organisation());
    party.set_function(who.claims.function());
    party.set_end_date("2026-12-31");
    return req;
  }
  std::string ShareEducationWithJgz() {
    return j.Share(
        {.recipient = "organisations/jgz", .compartments = {common::v1::COMPARTMENT_EDUCATION}});
  }
};

// ---- Before it shows anything (R11-R13) ----

TEST_F(InvitationsTest, R12WhoPlansIsToldThatAPartyWouldReadNothingAndWhatIsMissing) {
  j.Open();
  const std::string meeting = Plan();
  const v1::AgendaItem item = Added(j.ib, meeting, "Rekenen", j.Education());
  const std::string seat = j.Invite(j.nurse);
  ASSERT_OK_AND_ASSIGN(const v1::Invitation sent, Invite(meeting, seat));
  EXPECT_EQ(sent.state(), v1::INVITATION_STATE_SENT);
  EXPECT_EQ(sent.check().extent(), v1::SIGHT_EXTENT_NOTHING);
  EXPECT_THAT(sent.check().sees(), IsEmpty());
  ASSERT_THAT(sent.check().missing(), SizeIs(2));
  EXPECT_EQ(sent.check().missing(0).item(), meeting);
  EXPECT_EQ(sent.check().missing(1).item(), item.name());
  EXPECT_EQ(sent.check().missing(1).recipient(), "organisations/jgz");
  EXPECT_EQ(sent.check().missing(1).compartment(), common::v1::COMPARTMENT_EDUCATION);
  EXPECT_THAT(sent.check().missing(1).about().persons(), ElementsAre(j.child));
  EXPECT_THAT(sent.check().text_nl(), HasSubstr("alleen wanneer en waar"));
  EXPECT_THAT(sent.check().text_nl(), HasSubstr("consent who-must-agree"));
  EXPECT_THAT(sent.check().text_nl(), HasSubstr("onderwijs"));
}

TEST_F(InvitationsTest, R11R12TheInvitationShowsWhenAndWhereAndItsSubjectsOnlyOnConsent) {
  j.Open();
  const std::string meeting = Plan();
  Added(j.ib, meeting, "Rekenen", j.Education());
  ASSERT_OK(Arrange(j.ib, meeting, "09:40", "10:20"));
  ASSERT_OK(Invite(meeting, j.Invite(j.nurse)));
  std::vector<v1::Invitation> own = Own(j.nurse);
  ASSERT_THAT(own, SizeIs(1));
  EXPECT_EQ(own[0].date(), kDay);
  EXPECT_EQ(own[0].start(), "09:40");
  EXPECT_EQ(own[0].place(), "Kamer 3");
  EXPECT_THAT(own[0].subjects(), IsEmpty());
  EXPECT_THAT(Titles(j.nurse, meeting), IsEmpty());

  const std::string consent = j.Propose(
      {.recipient = "organisations/jgz", .compartments = {common::v1::COMPARTMENT_EDUCATION}});
  ASSERT_OK(j.Sign(consent, j.mother));
  EXPECT_THAT(Own(j.nurse)[0].subjects(), IsEmpty());  // the father has not signed
  ASSERT_OK(j.Sign(consent, j.father));
  own = Own(j.nurse);
  EXPECT_THAT(own[0].subjects(), ElementsAre("Rekenen"));
  EXPECT_FALSE(own[0].has_check());
  ASSERT_OK_AND_ASSIGN(const auto checked, Check(j.ib, meeting));
  EXPECT_EQ(checked.invitations(0).check().extent(), v1::SIGHT_EXTENT_ALL);
}

TEST_F(InvitationsTest, R13WithdrawnConsentTakesTheSubjectsFromTheInvitationAtOnce) {
  j.Open();
  const std::string meeting = Plan();
  Added(j.ib, meeting, "Rekenen", j.Education());
  const std::string consent = ShareEducationWithJgz();
  ASSERT_OK(Invite(meeting, j.Invite(j.nurse)));
  ASSERT_THAT(Own(j.nurse)[0].subjects(), SizeIs(1));
  ASSERT_OK(Withdraw(consent, j.father));
  EXPECT_THAT(Own(j.nurse)[0].subjects(), IsEmpty());
  EXPECT_THAT(Titles(j.nurse, meeting), IsEmpty());
  ASSERT_OK_AND_ASSIGN(const auto checked, Check(j.ib, meeting));
  EXPECT_EQ(checked.invitations(0).check().extent(), v1::SIGHT_EXTENT_NOTHING);
}

TEST_F(InvitationsTest, R12ACheckTellsWhichItemsAPartyWouldRead) {
  Start();
  const std::string meeting = Plan();
  const v1::AgendaItem school = Added(j.ib, meeting, "Rekenen", j.Education());
  common::v1::Label about_mother = j.Education();
  about_mother.mutable_about()->clear_persons();
  about_mother.mutable_about()->add_persons(j.mother_id);
  const v1::AgendaItem mothers = Added(j.ib, meeting, "Werk van moeder", about_mother);
  ASSERT_OK_AND_ASSIGN(const v1::Invitation nurse, Invite(meeting, j.SeatOf(j.nurse)));
  EXPECT_EQ(nurse.check().extent(), v1::SIGHT_EXTENT_PART);
  EXPECT_THAT(nurse.check().sees(), ElementsAre(meeting, school.name()));
  ASSERT_THAT(nurse.check().missing(), SizeIs(1));
  EXPECT_EQ(nurse.check().missing(0).item(), mothers.name());
  ASSERT_OK_AND_ASSIGN(const v1::Invitation father, Invite(meeting, j.SeatOf(j.father)));
  EXPECT_EQ(father.check().extent(), v1::SIGHT_EXTENT_PART);
  EXPECT_THAT(father.check().missing(0).recipient(), IsEmpty());
  ASSERT_OK_AND_ASSIGN(const v1::Invitation mother, Invite(meeting, j.SeatOf(j.mother)));
  EXPECT_EQ(mother.check().extent(), v1::SIGHT_EXTENT_ALL);
}

TEST_F(InvitationsTest, R18ACheckIsOverWhatWhoPlansReadsThemselves) {
  Start();
  const std::string meeting = Plan();
  Invited(meeting, j.nurse);
  Added(j.nurse, meeting, "Medicijnen", Health());  // not for the school
  ASSERT_OK_AND_ASSIGN(const auto checked, Check(j.ib, meeting));
  EXPECT_THAT(checked.invitations(0).check().sees(), ElementsAre(meeting));
  EXPECT_EQ(checked.invitations(0).check().extent(), v1::SIGHT_EXTENT_ALL);
}

TEST_F(InvitationsTest, R4WhoHasNoAccountOrNoSayIsInvitedAnotherWay) {
  Start();
  const std::string meeting = Plan();
  v1::InviteToMeetingRequest req;
  req.set_parent(meeting);
  req.set_person(absl::StrCat("families/", j.family, "/persons/", j.child));
  ASSERT_OK_AND_ASSIGN(const v1::Invitation child,
                       Ask<v1::Invitation>("InviteToMeeting", j.ib, req));
  EXPECT_EQ(child.check().extent(), v1::SIGHT_EXTENT_NOTHING);
  EXPECT_THAT(child.check().text_nl(), HasSubstr("geen account"));
  req.set_person(absl::StrCat("families/", j.family, "/persons/p-nobody"));
  EXPECT_EQ(Reason(Ask<v1::Invitation>("InviteToMeeting", j.ib, req)), "UNKNOWN_PERSON");
}

// ---- Who may know of it (R18) ----

TEST_F(InvitationsTest, R18WhoIsNotInvitedAndMayNotReadItLearnsNothing) {
  j.Open();
  j.Share(
      {.recipient = "organisations/maastricht", .compartments = {common::v1::COMPARTMENT_FAMILY}});
  j.Seat(j.consultant);
  const std::string meeting = Plan();
  const std::string never = absl::StrCat(j.case_name, "/meetings/m-never");
  for (const auto& name : {meeting, never}) {
    const auto agenda = Agenda(j.consultant, name);
    EXPECT_THAT(agenda.status(), StatusIs(StatusCode::kNotFound, _));
    EXPECT_EQ(agenda.status(), Agenda(j.consultant, never).status());
    EXPECT_EQ(List(j.consultant, name).status(), agenda.status());
    EXPECT_EQ(Add(j.consultant, NewItem(name, "Iets", Family())).status(), agenda.status());
  }
  EXPECT_THAT(Own(j.consultant), IsEmpty());
  EXPECT_THAT(Own(j.stranger), IsEmpty());
  EXPECT_THAT(Agenda(j.stranger, meeting), StatusIs(StatusCode::kPermissionDenied, "no-seat"));

  // Invited, it is there: when and where, and who else is invited is not.
  Invited(meeting, j.mother);
  const v1::Invitation sent = Invited(meeting, j.consultant);
  ASSERT_OK_AND_ASSIGN(const v1::Agenda agenda, Agenda(j.consultant, meeting));
  EXPECT_EQ(agenda.date(), kDay);
  ASSERT_OK_AND_ASSIGN(const auto listed, List(j.consultant, meeting));
  ASSERT_THAT(listed.invitations(), SizeIs(1));
  EXPECT_EQ(listed.invitations(0).seat(), j.SeatOf(j.consultant));

  // Taken back, it is gone.
  ASSERT_OK(TakeBack(sent));
  EXPECT_THAT(Agenda(j.consultant, meeting), StatusIs(StatusCode::kNotFound, _));
  EXPECT_THAT(Own(j.consultant, true), IsEmpty());
}

TEST_F(InvitationsTest, R18SomebodyOfTheFamilyWhomOneMayNotSeeIsNotNamed) {
  Start();
  const std::string meeting = Plan();
  Invited(meeting, j.mother);
  Invited(meeting, j.nurse);
  ASSERT_OK_AND_ASSIGN(const auto by_ib, List(j.ib, meeting));
  EXPECT_EQ(by_ib.invitations(0).person(),
            absl::StrCat("families/", j.family, "/persons/", j.mother_id));
  // The JGZ has consent for what is about the child, not for who the mother is.
  ASSERT_OK_AND_ASSIGN(const auto by_nurse, List(j.nurse, meeting));
  ASSERT_THAT(by_nurse.invitations(), SizeIs(2));
  EXPECT_EQ(by_nurse.invitations(0).person(), absl::StrCat("families/", j.family));
}

TEST_F(InvitationsTest, R17OnlyWhoLeadsInvites) {
  Start();
  const std::string meeting = Plan();
  v1::InviteToMeetingRequest req;
  req.set_parent(meeting);
  req.set_seat(j.SeatOf(j.father));
  EXPECT_THAT(Ask<v1::Invitation>("InviteToMeeting", j.nurse, req),
              StatusIs(StatusCode::kPermissionDenied, "no-seat"));
  EXPECT_THAT(Ask<v1::Invitation>("InviteToMeeting", j.mother, req),
              StatusIs(StatusCode::kPermissionDenied, _));
  EXPECT_OK(Ask<v1::Invitation>("InviteToMeeting", j.consultant, req));  // the regisseur
  EXPECT_THAT(Check(j.nurse, meeting), StatusIs(StatusCode::kPermissionDenied, _));
}

// ---- Who has no seat yet (R8) ----

TEST_F(InvitationsTest, R8WhoHasNoSeatIsAskedToTheTableForAPeriod) {
  Start();
  const std::string meeting = Plan();
  Added(j.ib, meeting, "Rekenen", j.Education());
  ASSERT_OK_AND_ASSIGN(const v1::Invitation sent,
                       Ask<v1::Invitation>("InviteToMeeting", j.ib, NewParty(meeting, j.stranger)));
  // The same organisation as the consultant's, to which the family consented.
  EXPECT_EQ(sent.check().extent(), v1::SIGHT_EXTENT_ALL);
  const access::v1::Seat* seat = nullptr;
  for (const access::v1::Seat& s : j.office.case_fact(j.case_name).seats()) {
    if (s.id() == sent.seat()) seat = &s;
  }
  ASSERT_NE(seat, nullptr);
  EXPECT_EQ(seat->state(), access::v1::SEAT_STATE_INVITED);
  EXPECT_EQ(seat->role(), access::v1::SEAT_ROLE_AD_HOC);
  EXPECT_NE(seat->end_time(), 0);
  EXPECT_THAT(Own(j.stranger)[0].subjects(), ElementsAre("Rekenen"));

  ASSERT_OK(TakeBack(sent));
  EXPECT_THAT(j.office.SeatOf(j.case_name, "professionals/stranger"), IsEmpty());
  EXPECT_THAT(Agenda(j.stranger, meeting), StatusIs(StatusCode::kPermissionDenied, "no-seat"));
}

TEST_F(InvitationsTest, R8R12WhoHasNoSeatAndNoConsentWouldReadNothing) {
  j.Open();
  const std::string meeting = Plan();
  ASSERT_OK_AND_ASSIGN(const v1::Invitation sent,
                       Ask<v1::Invitation>("InviteToMeeting", j.ib, NewParty(meeting, j.nurse)));
  EXPECT_EQ(sent.check().extent(), v1::SIGHT_EXTENT_NOTHING);
  EXPECT_EQ(sent.organisation(), "organisations/jgz");
}

TEST_F(InvitationsTest, R8ASeatThatEndsBeforeTheMeetingIsNoSeat) {
  Start();
  const std::string meeting = Plan();
  v1::InviteToMeetingRequest req = NewParty(meeting, j.stranger);
  req.mutable_new_party()->set_end_date(kDay);
  EXPECT_EQ(Reason(Ask<v1::Invitation>("InviteToMeeting", j.ib, req)), "SEAT_ENDS_BEFORE_MEETING");
  req = NewParty(meeting, j.stranger);
  req.mutable_new_party()->set_function(common::v1::FUNCTION_JGZ_NURSE);
  EXPECT_FALSE(Ask<v1::Invitation>("InviteToMeeting", j.ib, req).ok());
  EXPECT_THAT(j.office.SeatOf(j.case_name, "professionals/stranger"), IsEmpty());
}

// ---- Answers ----

TEST_F(InvitationsTest, WhoIsInvitedAnswersAndMayAnswerOtherwise) {
  Start();
  const std::string meeting = Plan();
  Invited(meeting, j.nurse);
  const v1::Invitation own = Own(j.nurse)[0];
  ASSERT_OK_AND_ASSIGN(const v1::Invitation yes, Answer(j.nurse, Yes(own)));
  EXPECT_EQ(yes.state(), v1::INVITATION_STATE_ACCEPTED);
  EXPECT_TRUE(yes.has_answer_time());
  EXPECT_EQ(Reason(Answer(j.nurse, Yes(own))), "STALE_ETAG");
  EXPECT_THAT(Own(j.nurse), IsEmpty());
  EXPECT_THAT(Own(j.nurse, true), SizeIs(1));
  v1::AnswerInvitationRequest no = Yes(yes);
  no.set_answer(v1::INVITATION_STATE_DECLINED);
  EXPECT_EQ(Reason(Answer(j.nurse, no)), "BAD_ANSWER");
  no.clear_how();
  EXPECT_EQ(Reason(Answer(j.nurse, no)), "BAD_ANSWER");
  no.set_decline_reason(v1::DECLINE_REASON_TIME);
  ASSERT_OK(Answer(j.nurse, no));
  ASSERT_OK_AND_ASSIGN(const auto listed, List(j.ib, meeting));
  EXPECT_EQ(listed.invitations(0).state(), v1::INVITATION_STATE_DECLINED);
  EXPECT_EQ(listed.invitations(0).decline_reason(), v1::DECLINE_REASON_TIME);
}

TEST_F(InvitationsTest, VideoIsForAMeetingThatHasIt) {
  Start();
  const std::string meeting = Plan();
  Invited(meeting, j.nurse);
  v1::AnswerInvitationRequest req = Yes(Own(j.nurse)[0]);
  req.set_how(casework::v1::ATTENDANCE_HOW_VIDEO);
  EXPECT_EQ(Reason(Answer(j.nurse, req)), "NO_VIDEO");
  ASSERT_OK(Arrange(j.ib, meeting, "09:00", "10:00"));
  req.set_etag(Own(j.nurse)[0].etag());
  ASSERT_OK_AND_ASSIGN(const v1::Invitation yes, Answer(j.nurse, req));
  EXPECT_EQ(yes.how(), casework::v1::ATTENDANCE_HOW_VIDEO);
}

TEST_F(InvitationsTest, R9AParentComesThroughARepresentativeWhomTheyChoose) {
  Start();
  const std::string meeting = Plan();
  Invited(meeting, j.father);
  v1::AnswerInvitationRequest req = Yes(Own(j.father)[0]);
  req.set_how(casework::v1::ATTENDANCE_HOW_REPRESENTATIVE);
  EXPECT_EQ(Reason(Answer(j.father, req)), "REPRESENTATIVE_MISSING");
  req.mutable_representative()->set_kind(v1::REPRESENTATIVE_KIND_FAMILY_MEMBER);
  EXPECT_EQ(Reason(Answer(j.father, req)), "REPRESENTATIVE_MISSING");
  const std::string persons = absl::StrCat("families/", j.family, "/persons/");
  for (const std::string& nobody : {std::string("p-nobody"), j.father_id}) {
    req.mutable_representative()->set_person(persons + nobody);
    EXPECT_EQ(Reason(Answer(j.father, req)), "UNKNOWN_REPRESENTATIVE");
  }
  req.mutable_representative()->set_person(persons + j.sibling);
  EXPECT_OK(Answer(j.father, req));
  req = Yes(Own(j.father, true)[0]);
  req.set_how(casework::v1::ATTENDANCE_HOW_REPRESENTATIVE);
  req.mutable_representative()->set_kind(v1::REPRESENTATIVE_KIND_CLIENT_SUPPORTER);
  ASSERT_OK(Answer(j.father, req));
  ASSERT_OK_AND_ASSIGN(const auto listed, List(j.ib, meeting));
  EXPECT_EQ(listed.invitations(0).representative().kind(),
            v1::REPRESENTATIVE_KIND_CLIENT_SUPPORTER);
}

TEST_F(InvitationsTest, R39AProfessionalSendsAColleagueWhoReadsNothingByIt) {
  Start();
  const Caller other = j.office.AddProfessional("professionals/nurse2", "organisations/jgz",
                                                common::v1::FUNCTION_JGZ_NURSE, "Mia Frissen");
  const std::string meeting = Plan();
  Invited(meeting, j.nurse);
  v1::AnswerInvitationRequest req = Yes(Own(j.nurse)[0]);
  req.set_how(casework::v1::ATTENDANCE_HOW_REPRESENTATIVE);
  req.mutable_representative()->set_kind(v1::REPRESENTATIVE_KIND_COLLEAGUE);
  for (const char* nobody : {"professionals/consultant", "professionals/never"}) {
    req.mutable_representative()->set_professional(nobody);
    EXPECT_EQ(Reason(Answer(j.nurse, req)), "NOT_YOUR_COLLEAGUE");
  }
  req.mutable_representative()->set_professional("professionals/nurse2");
  ASSERT_OK(Answer(j.nurse, req));
  EXPECT_THAT(Own(other), IsEmpty());
  EXPECT_THAT(Agenda(other, meeting), StatusIs(StatusCode::kPermissionDenied, _));
}

TEST_F(InvitationsTest, R17NobodyAnswersForSomebodyElse) {
  Start();
  const std::string meeting = Plan();
  const v1::Invitation sent = Invited(meeting, j.nurse);
  EXPECT_EQ(Reason(Answer(j.ib, Yes(sent))), "NOT_YOUR_INVITATION");
  v1::AnswerInvitationRequest never = Yes(sent);
  never.set_name(absl::StrCat(meeting, "/invitations/i-never"));
  EXPECT_THAT(Answer(j.nurse, never), StatusIs(StatusCode::kNotFound, _));
}

// ---- What cannot be ----

TEST_F(InvitationsTest, OneIsInvitedOnceAndByOneName) {
  Start();
  const std::string meeting = Plan();
  Invited(meeting, j.mother);
  EXPECT_EQ(Reason(Invite(meeting, j.SeatOf(j.mother))), "ALREADY_INVITED");
  v1::InviteToMeetingRequest req;
  req.set_parent(meeting);
  EXPECT_EQ(Reason(Ask<v1::Invitation>("InviteToMeeting", j.ib, req)), "ONE_PARTY");
  req.set_person(absl::StrCat("families/", j.family, "/persons/", j.mother_id));
  EXPECT_EQ(Reason(Ask<v1::Invitation>("InviteToMeeting", j.ib, req)), "ALREADY_INVITED");
  req.set_seat(j.SeatOf(j.mother));
  EXPECT_EQ(Reason(Ask<v1::Invitation>("InviteToMeeting", j.ib, req)), "ONE_PARTY");
  EXPECT_EQ(Reason(Invite(meeting, "s-nobody")), "NOT_AT_TABLE");
}

TEST_F(InvitationsTest, NobodyIsInvitedToWhatIsOver) {
  Start();
  const std::string past = Plan("2026-11-23");
  GoTo(1);
  EXPECT_EQ(Reason(Invite(past, j.SeatOf(j.mother))), "MEETING_IN_THE_PAST");
  const std::string today = Plan("2026-11-24");
  const v1::Invitation sent = Invited(today, j.mother);
  Conclude(today);
  EXPECT_EQ(Reason(Invite(today, j.SeatOf(j.father))), "MEETING_CONCLUDED");
  EXPECT_EQ(Reason(Answer(j.mother, Yes(sent))), "MEETING_CONCLUDED");
  EXPECT_THAT(Own(j.mother), IsEmpty());
}

TEST_F(InvitationsTest, R18PagesAreOverOnesOwnView) {
  Start();
  const std::string meeting = Plan();
  for (const Caller& who : {j.mother, j.father, j.nurse}) Invited(meeting, who);
  v1::ListInvitationsRequest req;
  req.set_parent(meeting);
  req.set_page_size(2);
  ASSERT_OK_AND_ASSIGN(const auto first,
                       Ask<v1::ListInvitationsResponse>("ListInvitations", j.ib, req));
  EXPECT_THAT(first.invitations(), SizeIs(2));
  req.set_page_token(first.next_page_token());
  ASSERT_OK_AND_ASSIGN(const auto second,
                       Ask<v1::ListInvitationsResponse>("ListInvitations", j.ib, req));
  EXPECT_THAT(second.invitations(), SizeIs(1));
  EXPECT_THAT(second.next_page_token(), IsEmpty());
  req.set_page_token("elsewhere");
  EXPECT_THAT(Ask<v1::ListInvitationsResponse>("ListInvitations", j.ib, req),
              StatusIs(StatusCode::kInvalidArgument, _));
  req.clear_page_token();
  req.set_page_size(-1);
  EXPECT_THAT(Ask<v1::ListInvitationsResponse>("ListInvitations", j.ib, req),
              StatusIs(StatusCode::kInvalidArgument, _));
}

}  // namespace
}  // namespace knooppunt::meetings
