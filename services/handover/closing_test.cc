// A werkplaats closes while a handover to it, or a case at it, is under way (R1, R26, R27): over a
// real database, decided by the real engine and policy. That the day is announced by who
// administers it is tested in services/directory, all of it together in
// tests/integration/closing_test.cc.

#include "knooppunt/worklist/v1/worklist.pb.h"
#include "services/dossier/rules.h"
#include "services/handover/due.h"
#include "services/handover/warm_testing.h"

namespace knooppunt::handover {
namespace {

using ::knooppunt::testing::IsOk;
using testing::Caller;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::Reason;
using ::testing::SizeIs;
using testing::WarmHandoverTest;

constexpr char kReceiving[] = "werkplaatsen/vmbo";
constexpr char kSending[] = "werkplaatsen/manjefiek";

class ClosingTest : public WarmHandoverTest {
 protected:
  void SetUp() override { OpenCase(); }
  // The handover as each side has it on its list of what is due.
  v1::DueHandover DueOf(const Caller& who) {
    const auto list = Due(who, {});
    EXPECT_OK(list);
    return list.ok() && list->handovers_size() == 1 ? list->handovers(0) : v1::DueHandover();
  }
  std::vector<worklist::v1::Entry> Entries(const Caller& who, worklist::v1::EntryKind kind,
                                           worklist::v1::Whose whose = worklist::v1::WHOSE_MINE) {
    worklist::v1::ListWorklistRequest req;
    req.mutable_filter()->set_whose(whose);
    req.mutable_filter()->add_kinds(kind);
    const auto list = j.office.Call<worklist::v1::ListWorklistResponse>(
        "worklist.v1.WorklistService", "ListWorklist", who.For(common::v1::PURPOSE_COORDINATION),
        req);
    EXPECT_OK(list);
    return {list->entries().begin(), list->entries().end()};
  }
  std::vector<worklist::v1::Notice> Notices(const Caller& who, worklist::v1::NoticeKind kind) {
    const auto inbox = j.office.Call<worklist::v1::ListInboxResponse>(
        "worklist.v1.WorklistService", "ListInbox", who.For(common::v1::PURPOSE_COORDINATION),
        worklist::v1::ListInboxRequest());
    EXPECT_OK(inbox);
    std::vector<worklist::v1::Notice> out;
    for (const auto& n : inbox->notices()) {
      if (n.kind() == kind) out.push_back(n);
    }
    return out;
  }
  // R1, R27: the case is where it was, one leads, and nothing of it is half moved.
  void ExpectAtSender() {
    const access::v1::CaseFact& c = j.office.case_fact(j.case_name);
    EXPECT_EQ(c.werkplaats(), kSending);
    EXPECT_EQ(c.state(), access::v1::CASE_STATE_ACTIVE);
    EXPECT_FALSE(dossier::LeaderAt(c, j.office.clock().Now()).seat.empty());
    EXPECT_OK(dossier::CheckInvariants(j.office.facts(j.family)));
  }
};

// Today is 23 November 2026; a handover to VO counts from 1 August 2027.
TEST_F(ClosingTest, R27NothingIsDraftedToAWerkplaatsThatClosesBeforeTheChildStarts) {
  for (const char* day : {"2026-11-01", "2026-11-23", "2026-12-01", "2027-08-01"}) {
    SCOPED_TRACE(day);
    j.office.CloseWerkplaats(kReceiving, day);
    EXPECT_EQ(Reason(j.office.Handover("DraftHandover", j.ib, DraftRequest())),
              "R27_WERKPLAATS_CLOSES");
  }
  EXPECT_THAT(j.office.facts(j.family).handovers(), SizeIs(0));
  // Who starts on the first of August has a school there, if not for ever.
  j.office.CloseWerkplaats(kReceiving, "2027-08-02");
  Draft(DraftRequest());
  EXPECT_EQ(Get(j.ib)->receiver_close_date(), "2027-08-02");
}

TEST_F(ClosingTest, R27NothingIsOfferedToAWerkplaatsThatClosesBeforeTheChildStarts) {
  Draft(DraftRequest());
  ASSERT_OK(Act("ShowHandover", j.ib));
  ShareBoth();
  ASSERT_OK(Act("AuthoriseHandover", j.ib));
  j.office.CloseWerkplaats(kReceiving, "2027-07-31");
  EXPECT_EQ(Reason(Act("OfferHandover", j.ib)), "R27_WERKPLAATS_CLOSES");
  EXPECT_EQ(Get(j.ib)->state(), v1::HANDOVER_STATE_AUTHORISED) << "nothing changed";
  // It does not close after all.
  j.office.CloseWerkplaats(kReceiving, "");
  EXPECT_OK(Act("OfferHandover", j.ib));
}

TEST_F(ClosingTest, R26R27BothSidesAreToldFromTheAnnouncementOn) {
  Offered();
  EXPECT_THAT(DueOf(j.ib).text_nl(), Not(HasSubstr("sluit")));
  j.office.CloseWerkplaats(kReceiving, "2026-12-05");
  for (const Caller& side : {j.ib, j.receiver}) {
    SCOPED_TRACE(side.claims.subject());
    const v1::DueHandover due = DueOf(side);
    EXPECT_EQ(due.receiver_close_date(), "2026-12-05");
    EXPECT_EQ(due.due_date(), "2026-12-04") << "the last day on which it can be accepted";
    EXPECT_THAT(due.text_nl(), HasSubstr("sluit op 2026-12-05"));
    EXPECT_EQ(due.state(), v1::HANDOVER_STATE_OFFERED);
    ASSERT_THAT(Notices(side, worklist::v1::NOTICE_KIND_RECEIVER_CLOSES), SizeIs(1));
    EXPECT_THAT(Notices(side, worklist::v1::NOTICE_KIND_RECEIVER_CLOSES)[0].text_nl(),
                HasSubstr("sluit op 05-12-2026"));
  }
  const auto list = Due(j.receiver, {});
  ASSERT_THAT(list->werkplaatsen(), SizeIs(2));
  EXPECT_EQ(list->werkplaatsen(1).werkplaats(), kReceiving);
  EXPECT_EQ(list->werkplaatsen(1).close_date(), "2026-12-05");
  // The receiver's own list says that, and not what (R18).
  const auto offered = Entries(j.receiver, worklist::v1::ENTRY_KIND_OFFERED);
  ASSERT_THAT(offered, SizeIs(1));
  EXPECT_EQ(offered[0].due_date(), "2026-12-04");
  EXPECT_TRUE(offered[0].case_name().empty());
  EXPECT_THAT(offered[0].text_nl(), HasSubstr("sluit"));
  // The nurse sits at the table and follows up no handover.
  EXPECT_THAT(Notices(j.nurse, worklist::v1::NOTICE_KIND_RECEIVER_CLOSES), SizeIs(0));
}

TEST_F(ClosingTest, R26R27OnTheDayWhatIsNotAcceptedStaysWithTheSender) {
  Offered();
  ASSERT_OK(Receive());
  ASSERT_OK(Converse(j.ib, {j.ib, j.receiver, j.mother}));
  j.office.CloseWerkplaats(kReceiving, "2026-12-05");
  Go(base::Date(2026, 12, 4));
  ASSERT_OK(Get(j.receiver));
  Go(base::Date(2026, 12, 5));
  EXPECT_EQ(Get(j.ib)->state(), v1::HANDOVER_STATE_EXPIRED);
  EXPECT_FALSE(Get(j.receiver).ok()) << "nothing is offered to them any more (R28)";
  EXPECT_FALSE(Accept(j.SeatOf(j.receiver), j.SeatOf(j.nurse)).ok());
  EXPECT_EQ(Reason(Act("OfferHandover", j.ib)), "R27_RECEIVER_CLOSED");
  EXPECT_EQ(Reason(Converse(j.ib, {j.ib, j.mother})), "R27_RECEIVER_CLOSED");
  ExpectAtSender();
  const v1::DueHandover due = DueOf(j.ib);
  EXPECT_TRUE(due.late());
  EXPECT_TRUE(due.mine());
  EXPECT_THAT(due.text_nl(), HasSubstr("is gesloten"));
  const auto mine = Entries(j.ib, worklist::v1::ENTRY_KIND_HANDOVER);
  ASSERT_THAT(mine, SizeIs(1));
  EXPECT_TRUE(mine[0].overdue());
  EXPECT_THAT(mine[0].text_nl(), HasSubstr("is gesloten"));
  // The receiver has nothing left of it.
  EXPECT_THAT(Due(j.receiver, {})->handovers(), SizeIs(0));

  // One way out: withdraw, and hand it over to where the child does go.
  ASSERT_OK(Act("WithdrawHandover", j.ib, "De school is gesloten."));
  EXPECT_TRUE(j.SeatOf(j.receiver).empty()) << "the receiver's seat ended";
  EXPECT_EQ(Reason(j.office.Handover("DraftHandover", j.ib, DraftRequest())),
            "R27_WERKPLAATS_CLOSES");
  ExpectAtSender();
}

TEST_F(ClosingTest, R26WhatExpiredBecauseTheReceiverClosedMakesWay) {
  Offered();
  j.office.CloseWerkplaats(kReceiving, "2026-12-05");
  Go(base::Date(2026, 12, 5));
  j.office.AddWerkplaats("werkplaatsen/havo", "organisations/lvo", common::v1::STAGE_VO);
  v1::DraftHandoverRequest req = DraftRequest();
  req.set_to_werkplaats("werkplaatsen/havo");
  const std::string first = handover;
  Draft(req);
  EXPECT_NE(handover, first);
  EXPECT_THAT(j.office.facts(j.family).handovers(), SizeIs(1));
  ASSERT_OK(Act("ShowHandover", j.ib));
  ASSERT_OK(Act("AuthoriseHandover", j.ib)) << "the consents were for the organisation (R12)";
  ASSERT_OK(Act("OfferHandover", j.ib));
  ASSERT_OK(Receive());
  ASSERT_OK(Converse(j.ib, {j.ib, j.receiver, j.mother}));
  ASSERT_OK(Accept(j.SeatOf(j.receiver), j.SeatOf(j.nurse)));
  EXPECT_EQ(j.office.case_fact(j.case_name).werkplaats(), "werkplaatsen/havo");
}

TEST_F(ClosingTest, R27AnAnnouncementThatIsUndoneLeavesNothing) {
  Offered();
  const std::string etag = Get(j.ib)->etag();
  j.office.CloseWerkplaats(kReceiving, "2026-12-05");
  EXPECT_NE(Get(j.ib)->etag(), etag) << "who acts on it knows that it closes";
  j.office.CloseWerkplaats(kReceiving, "");
  EXPECT_EQ(Get(j.ib)->etag(), etag);
  Go(base::Date(2026, 12, 6));
  ASSERT_OK(Receive());
  EXPECT_THAT(Notices(j.ib, worklist::v1::NOTICE_KIND_RECEIVER_CLOSES), SizeIs(0));
}

TEST_F(ClosingTest, R1R27ACaseAtAWerkplaatsThatClosesIsATaskOfItsRegisseurAndStays) {
  j.office.CloseWerkplaats(kSending, "2027-02-01");
  // The consultant leads.
  const auto mine = Entries(j.consultant, worklist::v1::ENTRY_KIND_WERKPLAATS_CLOSES);
  ASSERT_THAT(mine, SizeIs(1));
  EXPECT_EQ(mine[0].subject(), j.case_name);
  EXPECT_EQ(mine[0].rule(), "R27");
  EXPECT_EQ(mine[0].due_date(), "2027-01-31");
  EXPECT_THAT(mine[0].text_nl(), HasSubstr("sluit op 01-02-2027: draag de casus over"));
  EXPECT_THAT(Entries(j.ib, worklist::v1::ENTRY_KIND_WERKPLAATS_CLOSES), SizeIs(0)) << "not theirs";
  EXPECT_THAT(
      Entries(j.ib, worklist::v1::ENTRY_KIND_WERKPLAATS_CLOSES, worklist::v1::WHOSE_WERKPLAATS),
      SizeIs(1));
  for (const Caller& who : {j.consultant, j.ib}) {
    EXPECT_THAT(Notices(who, worklist::v1::NOTICE_KIND_WERKPLAATS_CLOSES), SizeIs(1));
  }
  EXPECT_THAT(Notices(j.nurse, worklist::v1::NOTICE_KIND_WERKPLAATS_CLOSES), SizeIs(0));

  // After the day it is read and led as before, and handed over.
  Go(base::Date(2027, 2, 2));
  ExpectAtSender();
  casework::v1::GetCaseRequest get;
  get.set_name(j.case_name);
  EXPECT_OK(j.office.Casework<casework::v1::Case>("GetCase", j.ib, get));
  const auto late = Entries(j.consultant, worklist::v1::ENTRY_KIND_WERKPLAATS_CLOSES);
  ASSERT_THAT(late, SizeIs(1));
  EXPECT_TRUE(late[0].overdue());
  EXPECT_THAT(late[0].text_nl(), HasSubstr("gesloten: draag de casus nu over"));
  v1::DraftHandoverRequest req = DraftRequest();
  req.set_expire_date("2027-04-30");
  Draft(req);
  ASSERT_OK(Act("ShowHandover", j.ib));
  ShareBoth();
  ASSERT_OK(Act("AuthoriseHandover", j.ib));
  ASSERT_OK(Act("OfferHandover", j.ib));
  ASSERT_OK(Receive());
  ASSERT_OK(Converse(j.ib, {j.ib, j.receiver, j.mother}));
  ASSERT_OK(Accept(j.SeatOf(j.receiver), j.SeatOf(j.nurse)));
  EXPECT_EQ(j.office.case_fact(j.case_name).werkplaats(), kReceiving);
  EXPECT_THAT(Entries(j.receiver, worklist::v1::ENTRY_KIND_WERKPLAATS_CLOSES), SizeIs(0));
}

TEST_F(ClosingTest, R27NoCaseOpensAtAWerkplaatsThatHasClosed) {
  casework::v1::OpenCaseRequest req = j.OpenRequest();
  for (casework::v1::NewPerson& p : *req.mutable_persons()) p.set_family_name("Ander");
  for (casework::v1::NewPerson& p : *req.mutable_persons()) {
    if (!p.account().empty()) p.set_account(absl::StrCat(p.account(), "-ander"));
  }
  j.office.CloseWerkplaats(kSending, "2026-11-23");
  EXPECT_EQ(Reason(j.office.Casework<casework::v1::Case>("OpenCase", j.ib, req)),
            "R27_WERKPLAATS_CLOSED");
  // Until that day it does: the child needs it now.
  j.office.CloseWerkplaats(kSending, "2026-11-24");
  EXPECT_OK(j.office.Casework<casework::v1::Case>("OpenCase", j.ib, req));
}

}  // namespace
}  // namespace knooppunt::handover
