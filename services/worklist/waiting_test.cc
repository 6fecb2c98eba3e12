// What waits for an answer: requests under the AVG (R40), invitations to a meeting (R4), and what
// is offered to somebody who knows nothing else of the case (R18, R26).
#include "absl/strings/match.h"
#include "knooppunt/handover/v1/handover.pb.h"
#include "knooppunt/meetings/v1/meetings.pb.h"
#include "knooppunt/requests/v1/requests.pb.h"
#include "services/worklist/worklist_testing.h"

namespace knooppunt::worklist {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class WaitingTest : public WorklistTest {
 protected:
  void SetUp() override {
    j.Open();
    j.Activate();
  }
  static v1::Entry Of(const v1::ListWorklistResponse& list, v1::EntryKind kind) {
    for (const v1::Entry& e : list.entries()) {
      if (e.kind() == kind) return e;
    }
    return {};
  }
  std::vector<std::string> EntryKinds(const Caller& who, v1::Whose whose = v1::WHOSE_MINE) {
    std::vector<std::string> out;
    for (const std::string& said : Said(Worklist(who, Whose(whose)))) {
      out.push_back(said.substr(0, said.find(' ')));
    }
    return out;
  }
  static std::string Text(const v1::Digest& digest) { return digest.text_nl(); }
};

// ---- Requests under the AVG ----

class WaitingRequestTest : public WaitingTest {
 protected:
  std::string Record(const Caller& who, const std::string& about) {
    requests::v1::RecordRequestRequest req;
    req.set_parent(absl::StrCat("families/", j.family));
    requests::v1::Request& r = *req.mutable_request();
    r.set_kind(requests::v1::REQUEST_KIND_COPY);
    r.set_text("Ik wil een afschrift van wat er over ons staat.");
    *r.mutable_label() = j.Education();
    r.mutable_label()->mutable_about()->clear_persons();
    r.mutable_label()->mutable_about()->add_persons(about);
    const auto made = j.office.Call<requests::v1::Request>("requests.v1.RequestsService",
                                                           "RecordRequest", who, req);
    EXPECT_OK(made);
    return made.value_or(requests::v1::Request()).name();
  }
  absl::Status Answer(const Caller& who, const std::string& name) {
    requests::v1::AnswerRequestRequest req;
    req.set_name(name);
    req.set_outcome(requests::v1::OUTCOME_GRANTED);
    req.set_text("U krijgt een afschrift mee.");
    return j.office
        .Call<requests::v1::Request>("requests.v1.RequestsService", "AnswerRequest", who, req)
        .status();
  }
};

TEST_F(WaitingRequestTest, R40ARequestIsOnTheListOfWhoMustAnswerWithItsTermUntilItIsAnswered) {
  const std::string name = Record(j.mother, j.child);
  const v1::Entry entry = Of(Worklist(j.ib), v1::ENTRY_KIND_REQUEST);
  EXPECT_EQ(entry.subject(), name);
  EXPECT_EQ(entry.due_date(), "2026-12-23");
  EXPECT_TRUE(entry.mine());
  EXPECT_EQ(entry.rule(), "R40");
  EXPECT_THAT(entry.text_nl(), Not(HasSubstr("afschrift"))) << "that, not what it asks";
  EXPECT_THAT(Kinds(Inbox(j.ib)), Contains("REQUEST"));
  EXPECT_THAT(Text(Digest(j.ib)), HasSubstr("AVG-verzoeken om te beantwoorden: 1"));
  j.office.clock().Advance(absl::Hours(24 * 31));
  EXPECT_TRUE(Of(Worklist(j.ib), v1::ENTRY_KIND_REQUEST).overdue());
  EXPECT_THAT(Text(Digest(j.ib)), HasSubstr("AVG-verzoeken waarvan de termijn voorbij is: 1"));
  ASSERT_OK(Answer(j.ib, name));
  EXPECT_THAT(EntryKinds(j.ib), Not(Contains("REQUEST")));
  EXPECT_THAT(Kinds(Inbox(j.ib)), Not(Contains("REQUEST")));
}

TEST_F(WaitingRequestTest, R18R40OfWhoDoesNotAnswerItNobodyIsToldToActOnIt) {
  Record(j.father, j.father_id);
  for (const Caller& who : {j.nurse, j.mother, j.father}) {
    EXPECT_THAT(EntryKinds(who), Not(Contains("REQUEST")));
    EXPECT_THAT(Kinds(Inbox(who)), Not(Contains("REQUEST")));
  }
}

TEST_F(WaitingRequestTest, R40ARequestThatIsTakenBackWaitsForNobody) {
  const std::string name = Record(j.mother, j.child);
  requests::v1::WithdrawRequestRequest req;
  req.set_name(name);
  ASSERT_OK(j.office.Call<requests::v1::Request>("requests.v1.RequestsService", "WithdrawRequest",
                                                 j.mother, req));
  EXPECT_THAT(EntryKinds(j.ib), Not(Contains("REQUEST")));
}

// ---- Invitations to a meeting ----

class WaitingInvitationTest : public WaitingTest {
 protected:
  void Invite(const std::string& meeting, const std::string& seat) {
    meetings::v1::InviteToMeetingRequest req;
    req.set_parent(meeting);
    req.set_seat(seat);
    ASSERT_OK(j.office.Call<meetings::v1::Invitation>("meetings.v1.MeetingsService",
                                                      "InviteToMeeting", j.ib, req));
  }
  void Decline(const Caller& who) {
    meetings::v1::ListOwnInvitationsRequest list;
    const auto own = j.office.Call<meetings::v1::ListOwnInvitationsResponse>(
        "meetings.v1.MeetingsService", "ListOwnInvitations", who, list);
    ASSERT_OK(own);
    ASSERT_THAT(own->invitations(), SizeIs(1));
    meetings::v1::AnswerInvitationRequest req;
    req.set_name(own->invitations(0).name());
    req.set_answer(meetings::v1::INVITATION_STATE_DECLINED);
    req.set_decline_reason(meetings::v1::DECLINE_REASON_TIME);
    req.set_etag(own->invitations(0).etag());
    ASSERT_OK(j.office.Call<meetings::v1::Invitation>("meetings.v1.MeetingsService",
                                                      "AnswerInvitation", who, req));
  }
};

TEST_F(WaitingInvitationTest, R4AnInvitationWaitsForWhoIsInvitedUntilTheyAnswer) {
  const std::string meeting = PlanMeeting("2026-12-14");
  Invite(meeting, j.SeatOf(j.nurse));
  const v1::Entry entry = Of(Worklist(j.nurse), v1::ENTRY_KIND_MEETING_INVITATION);
  EXPECT_TRUE(absl::StartsWith(entry.subject(), meeting + "/invitations/"));
  EXPECT_EQ(entry.due_date(), "2026-12-07") << "two weeks, or the meeting if that is sooner";
  EXPECT_EQ(entry.seat(), j.SeatOf(j.nurse));
  EXPECT_THAT(Kinds(Inbox(j.nurse)), Contains("MEETING_INVITATION"));
  EXPECT_THAT(Text(Digest(j.nurse)),
              HasSubstr("Uitnodigingen voor een overleg om te beantwoorden: 1"));
  EXPECT_THAT(EntryKinds(j.consultant), Not(Contains("MEETING_INVITATION")));
  const std::string notice = NoticeOf(j.nurse, v1::NOTICE_KIND_MEETING_INVITATION);
  EXPECT_EQ(base::ReasonOf(Mark(j.nurse, notice, v1::NOTICE_STATE_ACKNOWLEDGED).status()),
            "ACT_IN_THE_DOSSIER");
  Decline(j.nurse);
  EXPECT_THAT(EntryKinds(j.nurse), Not(Contains("MEETING_INVITATION")));
  EXPECT_THAT(Kinds(Inbox(j.nurse)), Not(Contains("MEETING_INVITATION")));
}

TEST_F(WaitingInvitationTest, R18WhoIsOnlyInvitedToTheTableIsToldOfTheMeetingAndNotWhatItIsAbout) {
  const Caller& expert = j.stranger;  // sits at no table yet
  const std::string meeting = PlanMeeting("2026-12-14");
  meetings::v1::InviteToMeetingRequest req;
  req.set_parent(meeting);
  req.mutable_new_party()->set_professional(expert.claims.subject());
  req.mutable_new_party()->set_organisation(expert.claims.organisation());
  req.mutable_new_party()->set_function(expert.claims.function());
  req.mutable_new_party()->set_end_date("2026-12-31");
  ASSERT_OK(j.office.Call<meetings::v1::Invitation>("meetings.v1.MeetingsService",
                                                    "InviteToMeeting", j.ib, req));
  EXPECT_THAT(EntryKinds(expert), ElementsAre("INVITATION", "MEETING_INVITATION"));
  EXPECT_THAT(Kinds(Inbox(expert)), Contains("MEETING_INVITATION"));
  EXPECT_THAT(Kinds(Inbox(expert)), Not(Contains("MEETING")));
}

TEST_F(WaitingInvitationTest, AMeetingThatWasHeldAsksNobodyToCome) {
  const std::string meeting = PlanMeeting("2026-12-14");
  Invite(meeting, j.SeatOf(j.nurse));
  j.office.clock().Advance(absl::Hours(24 * 22));
  EXPECT_THAT(EntryKinds(j.nurse), Not(Contains("MEETING_INVITATION"))) << "its day is over";
}

// ---- A handover that is offered ----

class WaitingOfferTest : public WaitingTest {
 protected:
  void Offer() {
    handover::v1::DraftHandoverRequest draft;
    draft.set_parent(j.case_name);
    draft.set_kind(handover::v1::HANDOVER_KIND_PO_VO);
    draft.set_to_werkplaats("werkplaatsen/vmbo");
    draft.set_receiver("professionals/receiver");
    draft.add_items(absl::StrCat("families/", j.family, "/persons/", j.child));
    draft.add_items(j.case_name);
    draft.set_expire_date("2027-01-31");
    const auto drafted = j.office.Handover("DraftHandover", j.ib, draft);
    ASSERT_OK(drafted);
    name = drafted->name();
    ASSERT_OK(Act("ShowHandover"));
    consent =
        j.Share({.recipient = "organisations/lvo",
                 .compartments = {common::v1::COMPARTMENT_EDUCATION},
                 .purposes = {common::v1::PURPOSE_COORDINATION, common::v1::PURPOSE_HANDOVER}});
    ASSERT_OK(Act("AuthoriseHandover"));
    ASSERT_OK(Act("OfferHandover"));
  }
  absl::Status Act(const std::string& method) {
    handover::v1::HandoverActRequest req;
    req.set_name(name);
    req.set_note("Zo afgesproken.");
    return j.office.Handover(method, j.ib, req).status();
  }
  Caller Receiver() { return j.receiver.For(common::v1::PURPOSE_COORDINATION); }

  std::string name, consent;
};

TEST_F(WaitingOfferTest, R18R26WhoIsOfferedAHandoverIsToldThatAndNothingElseOfTheCase) {
  EXPECT_THAT(Worklist(Receiver()).entries(), IsEmpty());
  PlanMeeting("2026-12-14");
  Conclude({Step(j.SeatOf(j.ib), "Oefenen.", "2026-12-14")});
  Offer();
  const v1::ListWorklistResponse list = Worklist(Receiver());
  ASSERT_THAT(list.entries(), SizeIs(1));
  const v1::Entry& entry = list.entries(0);
  EXPECT_EQ(entry.kind(), v1::ENTRY_KIND_OFFERED);
  EXPECT_EQ(entry.subject(), name);
  EXPECT_TRUE(entry.mine());
  EXPECT_THAT(entry.case_name(), IsEmpty());
  EXPECT_THAT(entry.werkplaats(), IsEmpty());
  EXPECT_THAT(Worklist(Receiver(), Whose(v1::WHOSE_WERKPLAATS)).entries(), IsEmpty());
  EXPECT_THAT(Worklist(Receiver(), Whose(v1::WHOSE_LED)).entries(), IsEmpty());
  const v1::ListInboxResponse inbox = Inbox(Receiver());
  ASSERT_THAT(inbox.notices(), SizeIs(1));
  EXPECT_EQ(inbox.notices(0).kind(), v1::NOTICE_KIND_OFFERED);
  EXPECT_EQ(inbox.notices(0).subject(), name);
  EXPECT_THAT(inbox.notices(0).case_name(), IsEmpty());
  EXPECT_THAT(Text(Digest(Receiver())), HasSubstr("Overdrachten die u worden aangeboden: 1"));
}

TEST_F(WaitingOfferTest, R13AWithdrawnConsentTakesTheOfferOffTheList) {
  Offer();
  ASSERT_THAT(Worklist(Receiver()).entries(), SizeIs(1));
  consent::v1::WithdrawConsentRequest req;
  req.set_name(consent);
  ASSERT_OK(j.office.Consent<consent::v1::Consent>("WithdrawConsent", j.mother, req));
  EXPECT_THAT(Worklist(Receiver()).entries(), IsEmpty());
  EXPECT_THAT(Inbox(Receiver()).notices(), IsEmpty());
}

TEST_F(WaitingOfferTest, R26AnOfferThatIsWithdrawnIsNoOffer) {
  Offer();
  ASSERT_OK(Act("WithdrawHandover"));
  EXPECT_THAT(Worklist(Receiver()).entries(), IsEmpty());
}

}  // namespace
}  // namespace knooppunt::worklist
