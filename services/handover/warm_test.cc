// What goes wrong on the way, the receipt, children who go to different schools, and what is due:
// over a real database, decided by the real engine and policy (R13, R26-R30).

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/date.h"
#include "base/error.h"
#include "base/status_testing.h"
#include "knooppunt/worklist/v1/worklist.pb.h"
#include "security/crypto/hash.h"
#include "security/crypto/sign.h"
#include "services/dossier/rules.h"
#include "services/handover/warm_testing.h"

namespace knooppunt::handover {
namespace {

using absl::StatusCode;
using ::knooppunt::testing::IsOk;
using ::knooppunt::testing::StatusIs;
using ::testing::_;
using testing::Caller;
using ::testing::HasSubstr;
using testing::Reason;
using ::testing::SizeIs;
using testing::WarmHandoverTest;

TEST_F(WarmHandoverTest, AnActOnWhatSomebodyElseChangedIsRefusedByItsEtag) {
  OpenCase();
  Draft(DraftRequest());
  const std::string etag = Get(j.ib)->etag();
  EXPECT_THAT(etag, SizeIs(32));
  EXPECT_EQ(Reason(Act("ShowHandover", j.ib, "", "0000")), "STALE_ETAG");
  EXPECT_EQ(Get(j.ib)->etag(), etag) << "a refusal changed something";
  ASSERT_OK(Act("ShowHandover", j.ib, "", etag));
  EXPECT_THAT(Act("WithdrawHandover", j.ib, "Toch niet.", etag), StatusIs(StatusCode::kAborted, _));
  v1::ListHandoversRequest list;
  list.set_parent(j.case_name);
  const auto listed = j.office.Call<v1::ListHandoversResponse>("handover.v1.HandoverService",
                                                               "ListHandovers", j.ib, list);
  ASSERT_OK(listed);
  EXPECT_EQ(listed->handovers(0).etag(), Get(j.ib)->etag());
}

TEST_F(WarmHandoverTest, R13R28ConsentWithdrawnHalfwayTakesItsPartsAndTheReceiptSaysSo) {
  OpenCase();
  Offered();
  EXPECT_THAT(Get(j.receiver)->parts(), SizeIs(4));
  const std::string package = Get(j.receiver)->package_sha256();
  WithdrawConsent(mother_consent);
  EXPECT_THAT(Get(j.receiver)->parts(), SizeIs(3));
  ASSERT_OK_AND_ASSIGN(const v1::Handover received, Receive());
  EXPECT_EQ(received.withheld_count(), 1);
  EXPECT_EQ(received.package_sha256(), package);
  EXPECT_EQ(Get(j.mother)->withheld_count(), 0) << "for both sides to know (R18)";
  ASSERT_OK(Converse(j.receiver, {j.ib, j.receiver, j.mother}));
  ASSERT_OK(Accept(j.SeatOf(j.receiver), j.SeatOf(j.consultant)));
  ASSERT_OK_AND_ASSIGN(const v1::HandoverReceipt receipt,
                       Receipt(j.receiver.For(common::v1::PURPOSE_COORDINATION)));
  ASSERT_THAT(receipt.statements(), SizeIs(3));
  EXPECT_THAT(receipt.parts(), SizeIs(3));
  const auto count = [&](int i, const char* word) {
    int n = 0;
    for (const auto line : absl::StrSplit(receipt.statements(i).text(), '\n')) {
      n += absl::StartsWith(line, absl::StrCat(word, " ")) ? 1 : 0;
    }
    return n;
  };
  EXPECT_EQ(count(0, "part"), 4);
  EXPECT_EQ(count(0, "withheld"), 0);
  for (const int i : {1, 2}) {
    EXPECT_EQ(count(i, "part"), 3);
    EXPECT_EQ(count(i, "withheld"), 1);
  }
}

TEST_F(WarmHandoverTest, R28EachSideSignsItsStatementWithTheKeyOfItsOrganisation) {
  OpenCase();
  Draft(DraftRequest());
  EXPECT_EQ(Reason(Receipt(j.ib)), "R28_NO_RECEIPT_YET");
  ASSERT_OK(Act("ShowHandover", j.ib));
  ShareBoth();
  ASSERT_OK(Act("AuthoriseHandover", j.ib));
  ASSERT_OK(Act("OfferHandover", j.ib));
  ASSERT_OK(Receive());
  ASSERT_OK_AND_ASSIGN(const v1::HandoverReceipt receipt, Receipt(j.ib));
  ASSERT_THAT(receipt.statements(), SizeIs(2));
  EXPECT_EQ(receipt.statements(0).organisation(), "organisations/mosalira");
  EXPECT_EQ(receipt.statements(0).signer(), "professionals/ib");
  EXPECT_EQ(receipt.statements(1).organisation(), "organisations/lvo");
  EXPECT_NE(receipt.statements(0).verify_key(), receipt.statements(1).verify_key());
  for (const v1::SignedStatement& s : receipt.statements()) {
    ASSERT_OK_AND_ASSIGN(const auto key,
                         crypto::VerifyKey::FromRaw(*crypto::HexDecode(s.verify_key())));
    EXPECT_OK(key.Verify(s.text(), *crypto::HexDecode(s.signature())));
  }
  EXPECT_THAT(receipt.statements(1).text(),
              HasSubstr(absl::StrCat(
                  "previous ", crypto::HexEncode(crypto::Sha256(receipt.statements(0).text())))));
  // The keys are the same after a restart, and nobody of the family reads the receipt.
  const std::string key = receipt.statements(0).verify_key();
  j.office.Reopen();
  EXPECT_EQ(Receipt(j.ib)->statements(0).verify_key(), key);
  EXPECT_FALSE(Receipt(j.mother).ok());
  EXPECT_FALSE(Receipt(j.stranger).ok());
}

TEST_F(WarmHandoverTest, R28R29TheSendingSideKeepsTheReceiptInItsOwnRecord) {
  OpenCase();
  Offered();
  ASSERT_OK(Receive());
  ASSERT_OK(Converse(j.receiver, {j.ib, j.receiver, j.mother}));
  ASSERT_OK(Accept(j.SeatOf(j.receiver), j.SeatOf(j.consultant)));
  EXPECT_THAT(Receipt(j.ib), StatusIs(StatusCode::kPermissionDenied, _));
  ASSERT_OK_AND_ASSIGN(const auto receipt, Receipt(j.ib.For(common::v1::PURPOSE_OWN_RECORD)));
  EXPECT_THAT(receipt.statements(), SizeIs(3));
}

TEST_F(WarmHandoverTest, R28WhatOneCompartmentHoldsIsPickedAsAWhole) {
  OpenCase();
  v1::DraftHandoverRequest req = DraftRequest();
  req.clear_items();
  req.add_compartments(common::v1::COMPARTMENT_EDUCATION);
  req.add_children(j.child);
  Draft(req);
  const auto items = Get(j.ib)->items();
  EXPECT_THAT(std::vector<std::string>(items.begin(), items.end()),
              ::testing::IsSupersetOf({note, mother_note, j.case_name}));
  req.set_compartments(0, common::v1::COMPARTMENT_HEALTH);
  ASSERT_OK(Act("WithdrawHandover", j.ib, "Opnieuw."));
  EXPECT_EQ(Reason(j.office.Handover("DraftHandover", j.ib, req)), "R28_NOTHING_PICKED");
}

TEST_F(WarmHandoverTest, R27TheInvitationIsOnRecordAndSaysWhenAndWho) {
  OpenCase();
  Offered();
  v1::InviteConversationRequest req;
  req.set_name(handover);
  req.mutable_invitation()->set_date("2026-11-22");
  req.mutable_invitation()->set_how("op school");
  req.mutable_invitation()->add_seats(j.SeatOf(j.mother));
  EXPECT_EQ(Reason(j.office.Handover("InviteConversation", j.receiver, req)),
            "R27_INVITATION_IN_THE_PAST");
  req.mutable_invitation()->set_date("2026-12-10");
  req.mutable_invitation()->add_seats("s-nobody");
  EXPECT_EQ(Reason(j.office.Handover("InviteConversation", j.receiver, req)), "R27_NOT_AT_TABLE");
  req.mutable_invitation()->set_seats(1, j.SeatOf(j.ib));
  ASSERT_OK_AND_ASSIGN(const v1::Handover h,
                       j.office.Handover("InviteConversation", j.receiver, req));
  ASSERT_THAT(h.invitations(), SizeIs(1));
  EXPECT_EQ(h.invitations(0).actor(), "professionals/receiver");
  EXPECT_EQ(h.state(), v1::HANDOVER_STATE_OFFERED);
}

TEST_F(WarmHandoverTest, R26ASchoolThatNeverAnswersIsLateOnBothSidesAndThenToBeEscalated) {
  OpenCase();
  Offered();
  const v1::Handover h = *Get(j.ib);
  EXPECT_EQ(h.answer_date(), "2026-12-14");    // 21 days: the kind says
  EXPECT_EQ(h.escalate_date(), "2026-12-28");  // and 14 more
  EXPECT_EQ(h.due_date(), "2027-07-01");
  const auto due = [&](const Caller& who) {
    const auto list = Due(who, {});
    EXPECT_OK(list);
    return list.ok() && list->handovers_size() == 1 ? list->handovers(0) : v1::DueHandover();
  };
  EXPECT_FALSE(due(j.ib).late());
  EXPECT_FALSE(due(j.ib).mine());
  EXPECT_TRUE(due(j.receiver).mine());
  Go(base::Date(2026, 12, 14));
  EXPECT_FALSE(due(j.ib).late());
  Go(base::Date(2026, 12, 15));
  EXPECT_TRUE(due(j.ib).late());
  EXPECT_TRUE(due(j.receiver).late());
  EXPECT_FALSE(due(j.ib).escalate());
  Go(base::Date(2026, 12, 28));
  EXPECT_TRUE(due(j.ib).escalate());
  EXPECT_TRUE(due(j.receiver).escalate());
}

TEST_F(WarmHandoverTest, R26TheSendingSidesWorklistAndInboxSayThatItIsLate) {
  OpenCase();
  Offered();
  const auto listed = [&](const Caller& who) {
    const auto list = j.office.Call<worklist::v1::ListWorklistResponse>(
        "worklist.v1.WorklistService", "ListWorklist", who, worklist::v1::ListWorklistRequest());
    EXPECT_OK(list);
    int n = 0;
    for (const auto& e : list->entries()) n += e.subject() == handover ? 1 : 0;
    return n;
  };
  const auto told = [&](const Caller& who) {
    const auto inbox = j.office.Call<worklist::v1::ListInboxResponse>(
        "worklist.v1.WorklistService", "ListInbox", who, worklist::v1::ListInboxRequest());
    EXPECT_OK(inbox);
    int n = 0;
    for (const auto& notice : inbox->notices()) n += notice.subject() == handover ? 1 : 0;
    return n;
  };
  EXPECT_EQ(listed(j.ib), 0) << "it is the other side's turn";
  EXPECT_EQ(told(j.ib), 0);
  Go(base::Date(2026, 12, 15));
  EXPECT_EQ(listed(j.ib), 1);
  EXPECT_EQ(told(j.ib), 1);
  // The nurse sits at the table and reads no handovers (P4).
  EXPECT_EQ(listed(j.nurse), 0);
  EXPECT_EQ(told(j.nurse), 0);
  ASSERT_OK(Act("WithdrawHandover", j.ib, "Andere school."));
  EXPECT_EQ(listed(j.ib), 0);
  EXPECT_EQ(told(j.ib), 0);
}

TEST_F(WarmHandoverTest, R26WhatIsDueIsCountedPerWerkplaatsAndShowsNobodyMoreThanReading) {
  OpenCase();
  Offered();
  v1::DueFilter filter;
  const auto count = [&](const Caller& who) {
    const auto list = Due(who, filter);
    EXPECT_OK(list);
    return list.ok() ? list->total_size() : -1;
  };
  EXPECT_EQ(count(j.ib), 1);
  EXPECT_EQ(count(j.receiver), 1);
  EXPECT_EQ(count(j.stranger), 0);
  EXPECT_EQ(count(j.colleague), 0);
  const auto list = Due(j.ib, filter);
  ASSERT_THAT(list->werkplaatsen(), SizeIs(2));
  EXPECT_EQ(list->werkplaatsen(0).werkplaats(), "werkplaatsen/manjefiek");
  EXPECT_EQ(list->werkplaatsen(0).sending(), 1);
  EXPECT_EQ(list->werkplaatsen(1).receiving(), 1);
  filter.set_due_before("2026-12-14");
  EXPECT_EQ(count(j.ib), 0);
  filter.set_due_before("2026-12-15");
  EXPECT_EQ(count(j.ib), 1);
  filter.set_late(true);
  EXPECT_EQ(count(j.ib), 0);
  filter.set_due_before("soon");
  EXPECT_EQ(Reason(Due(j.ib, filter)), "INVALID_FIELD");
  // What is withdrawn for the receiver is off the list (R13, P4).
  filter = {};
  WithdrawConsent(consent);
  EXPECT_EQ(count(j.receiver), 0);
  ASSERT_OK(Act("WithdrawHandover", j.ib, "Het mag niet meer."));
  EXPECT_EQ(count(j.ib), 0);
  filter.set_ended(true);
  EXPECT_EQ(count(j.ib), 1);
}

TEST_F(WarmHandoverTest, R1R27ARegisseurWhoLeavesEmploymentLeavesNobodyWithoutOne) {
  OpenCase();
  Offered();
  j.office.professional("professionals/consultant")
      .mutable_functions(0)
      ->set_end_date("2026-11-23");
  EXPECT_FALSE(Act("WithdrawHandover", j.consultant, "Weg.").ok());
  const access::v1::CaseFact& c = j.office.case_fact(j.case_name);
  EXPECT_FALSE(dossier::LeaderAt(c, j.office.clock().Now()).seat.empty());
  // The sending school goes on, and the handover ends as any other.
  ASSERT_OK(Receive());
  ASSERT_OK(Converse(j.ib, {j.ib, j.receiver, j.mother}));
  ASSERT_OK(Accept(j.SeatOf(j.receiver), j.SeatOf(j.nurse)));
}

TEST_F(WarmHandoverTest, R26AReceiverWhoWorksThereNoLongerDoesNothingAndTheSenderTakesItBack) {
  OpenCase();
  Offered();
  j.office.professional("professionals/receiver").mutable_functions(0)->set_end_date("2026-11-23");
  EXPECT_FALSE(Get(j.receiver).ok());
  EXPECT_FALSE(Receive().ok());
  ASSERT_OK(Act("WithdrawHandover", j.ib, "De school is gesloten."));
  EXPECT_EQ(j.office.case_fact(j.case_name).werkplaats(), "werkplaatsen/manjefiek");
}

TEST_F(WarmHandoverTest, R14AYouthWhoTurnsTwelveOnTheWaySignsBeforeItGoesOn) {
  OpenCase();
  v1::DraftHandoverRequest req = DraftRequest();
  req.set_expire_date("2027-06-30");
  Draft(req);
  ASSERT_OK(Act("ShowHandover", j.ib));
  ShareBoth();
  ASSERT_OK(Act("AuthoriseHandover", j.ib));
  ASSERT_OK(Act("OfferHandover", j.ib));
  Go(base::Date(2027, 3, 13));
  ASSERT_OK(Get(j.receiver));
  Go(base::Date(2027, 3, 14));  // 12: the youth signs too
  EXPECT_FALSE(Get(j.receiver).ok());
  EXPECT_FALSE(Receive().ok());
  EXPECT_EQ(Get(j.ib)->state(), v1::HANDOVER_STATE_OFFERED);
  EXPECT_OK(Act("WithdrawHandover", j.ib, "Eerst toestemming."));
}

// ---- Two children, two schools (R26) ------------------------------------------------

class TwoChildrenTest : public WarmHandoverTest {
 protected:
  TwoChildrenTest() {
    j.office.AddOrganisation("organisations/kindante", common::v1::ORGANISATION_KIND_SCHOOL_BOARD);
    j.office.AddWerkplaats("werkplaatsen/sbo", "organisations/kindante", common::v1::STAGE_SBO);
    other = j.office
                .AddProfessional("professionals/other", "organisations/kindante",
                                 common::v1::FUNCTION_INTERN_BEGELEIDER, "Bea Otten")
                .For(common::v1::PURPOSE_HANDOVER);
    casework::v1::OpenCaseRequest req = j.OpenRequest();
    req.add_children("sibling");
    const auto opened = j.office.Casework<casework::v1::Case>("OpenCase", j.ib, req);
    EXPECT_OK(opened);
    j.case_name = opened->name();
    j.family =
        std::string(absl::string_view(opened->name()).substr(9, opened->name().find('/', 9) - 9));
    const auto& persons = j.office.facts(j.family).persons();
    j.child = persons[0].id();
    j.sibling = persons[1].id();
    j.mother_id = persons[2].id();
    j.father_id = persons[3].id();
    j.Activate();
    note = Contribute(j.child);
    sister_note = Contribute(j.sibling);
  }
  v1::DraftHandoverRequest Join() const {
    v1::DraftHandoverRequest req;
    req.set_parent(j.case_name);
    req.set_kind(v1::HANDOVER_KIND_TO_SPECIAL);
    req.set_mode(v1::HANDOVER_MODE_JOIN);
    req.set_to_werkplaats("werkplaatsen/sbo");
    req.set_receiver("professionals/other");
    req.add_children(j.sibling);
    req.add_items(sister_note);
    return req;
  }
  Caller other;
  std::string sister_note;
};

TEST_F(TwoChildrenTest, R26TheCaseMovesWithOneAndStaysReachableForTheOther) {
  v1::DraftHandoverRequest move = DraftRequest();
  move.clear_items();
  move.add_items(note);
  move.add_children(j.child);
  move.add_children(j.sibling);
  std::sort(move.mutable_children()->begin(), move.mutable_children()->end());
  v1::DraftHandoverRequest all = Join();
  all.clear_children();
  for (const std::string& child : move.children()) all.add_children(child);
  EXPECT_EQ(Reason(j.office.Handover("DraftHandover", j.ib, all)), "JOIN_IS_FOR_SOME");
  Draft(Join());
  const std::string joining = handover;
  // Both run at once; a second one for the same child, or to move the case, does not.
  EXPECT_EQ(Reason(j.office.Handover("DraftHandover", j.ib, Join())), "HANDOVER_RUNS");
  ASSERT_OK(j.office.Handover("DraftHandover", j.ib, move));
  EXPECT_EQ(Reason(j.office.Handover("DraftHandover", j.ib, move)), "HANDOVER_RUNS");
  handover = joining;
  ASSERT_OK(Act("ShowHandover", j.ib));
  ShareAbout(j.sibling, "organisations/kindante", {j.mother, j.father, j.sibling_account});
  ASSERT_OK(Act("AuthoriseHandover", j.ib));
  ASSERT_OK(Act("OfferHandover", j.ib));
  v1::ReceiveHandoverRequest receive;
  receive.set_name(handover);
  receive.set_package_sha256(Get(other)->package_sha256());
  ASSERT_OK(j.office.Handover("ReceiveHandover", other, receive));
  ASSERT_OK(Converse(other, {j.ib, other, j.mother}));
  v1::AcceptHandoverRequest accept;
  accept.set_name(handover);
  accept.set_regisseur_seat(j.SeatOf(other));
  accept.set_stand_in_seat(j.SeatOf(j.nurse));
  EXPECT_EQ(Reason(j.office.Handover("AcceptHandover", other, accept)), "JOIN_MOVES_NOBODY");
  accept.clear_regisseur_seat();
  accept.clear_stand_in_seat();
  const auto terms = j.office.case_fact(j.case_name).terms_size();
  ASSERT_OK(j.office.Handover("AcceptHandover", other, accept));
  const access::v1::CaseFact& c = j.office.case_fact(j.case_name);
  EXPECT_EQ(c.werkplaats(), "werkplaatsen/manjefiek");
  EXPECT_EQ(c.terms_size(), terms);
  const access::v1::Seat* seat = dossier::FindSeat(c, j.SeatOf(other));
  ASSERT_NE(seat, nullptr);
  EXPECT_EQ(seat->role(), access::v1::SEAT_ROLE_CORE_PARTNER);
  EXPECT_EQ(seat->end_time(), 0);
  // The other one still runs.
  EXPECT_THAT(j.office.facts(j.family).handovers(), SizeIs(1));
}

}  // namespace
}  // namespace knooppunt::handover
