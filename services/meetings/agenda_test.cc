// The agenda and the minutes over a real database, decided by the real engine: each item under a
// label of its own (R38), each reader with the items that open (R18), dissent next to it (R9).
#include "services/meetings/meetings_testing.h"

namespace knooppunt::meetings {
namespace {

using absl::StatusCode;
using ::knooppunt::testing::StatusIs;
using ::testing::_;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class AgendaTest : public MeetingsTest {
 protected:
  void SetUp() override {
    Start();
    meeting = Plan();
    Invited(meeting, j.nurse);
    Invited(meeting, j.consultant);
  }
  absl::StatusOr<v1::AgendaItem> Change(const Caller& who, const v1::AgendaItem& item,
                                        const std::string& title) {
    v1::UpdateAgendaItemRequest req;
    req.set_name(item.name());
    req.set_etag(item.etag());
    req.mutable_item()->set_title(title);
    req.mutable_update_mask()->add_paths("title");
    return Ask<v1::AgendaItem>("UpdateAgendaItem", who, req);
  }
  absl::StatusOr<v1::AgendaItem> SetState(const v1::AgendaItem& item, v1::AgendaItemState state) {
    v1::UpdateAgendaItemRequest req;
    req.set_name(item.name());
    req.set_etag(item.etag());
    req.mutable_item()->set_state(state);
    req.mutable_update_mask()->add_paths("state");
    return Ask<v1::AgendaItem>("UpdateAgendaItem", j.ib, req);
  }
  absl::StatusOr<v1::Agenda> Move(const Caller& who, const std::string& item,
                                  const std::string& after) {
    v1::MoveAgendaItemRequest req;
    req.set_name(item);
    req.set_after(after);
    auto now = Agenda(who, meeting);
    EXPECT_OK(now);
    req.set_etag(now.value_or(v1::Agenda()).etag());
    return Ask<v1::Agenda>("MoveAgendaItem", who, req);
  }
  absl::StatusOr<v1::AgendaItem> Minute(const Caller& who, const v1::AgendaItem& item,
                                        const std::string& said) {
    v1::RecordMinutesRequest req;
    req.set_name(item.name());
    req.set_etag(item.etag());
    req.set_said(said);
    req.set_conclusion("We kijken over zes weken opnieuw.");
    return Ask<v1::AgendaItem>("RecordMinutes", who, req);
  }
  absl::StatusOr<v1::AgendaItem> React(const Caller& who, const std::string& item, bool confirmed,
                                       const std::string& text) {
    v1::ReactToMinutesRequest req;
    req.set_name(item);
    req.set_confirmed(confirmed);
    req.set_text(text);
    return Ask<v1::AgendaItem>("ReactToMinutes", who, req);
  }
  v1::AgendaItem ItemOf(const Caller& who, const std::string& name) {
    auto agenda = Agenda(who, meeting);
    EXPECT_OK(agenda);
    if (!agenda.ok()) return {};
    for (const v1::AgendaItem& item : agenda->items()) {
      if (item.name() == name) return item;
    }
    return {};
  }

  std::string meeting;
};

// ---- Labels (R38) and what each reads (R18) ----

TEST_F(AgendaTest, R38EveryItemHasALabelOfItsOwnAndAReaderHasThoseThatOpen) {
  Added(j.ib, meeting, "Rekenen", j.Education());
  Added(j.consultant, meeting, "Thuis", Family());
  Added(j.nurse, meeting, "Slapen", Health());
  EXPECT_THAT(Titles(j.ib, meeting), ElementsAre("Rekenen"));
  EXPECT_THAT(Titles(j.consultant, meeting), ElementsAre("Rekenen", "Thuis"));
  EXPECT_THAT(Titles(j.nurse, meeting), ElementsAre("Rekenen", "Slapen"));
  EXPECT_THAT(Titles(j.mother, meeting), ElementsAre("Rekenen", "Thuis", "Slapen"));
  v1::AddAgendaItemRequest bare = NewItem(meeting, "Iets", {});
  EXPECT_THAT(Add(j.ib, bare), StatusIs(StatusCode::kInvalidArgument, _));
  // Under a label that is not the school's to write.
  EXPECT_THAT(Add(j.ib, NewItem(meeting, "Iets", Health())),
              StatusIs(StatusCode::kPermissionDenied, "label-not-covered"));
}

TEST_F(AgendaTest, R18AnItemThatOneMayNotReadLeavesTheAgendaAsItWas) {
  const v1::AgendaItem item = Added(j.ib, meeting, "Rekenen", j.Education());
  ASSERT_OK_AND_ASSIGN(const v1::Agenda before, Agenda(j.ib, meeting));
  const v1::AgendaItem hidden = Added(j.nurse, meeting, "Slapen", Health());
  ASSERT_OK_AND_ASSIGN(const v1::Agenda after, Agenda(j.ib, meeting));
  EXPECT_EQ(after.SerializeAsString(), before.SerializeAsString());

  // To change it, or to put something behind it, is as with one that never was.
  const std::string never = absl::StrCat(meeting, "/items/i-never");
  v1::AgendaItem unseen = hidden;
  const auto changed = Change(j.ib, unseen, "Iets").status();
  unseen.set_name(never);
  EXPECT_EQ(changed, Change(j.ib, unseen, "Iets").status());
  EXPECT_THAT(changed, StatusIs(StatusCode::kNotFound, _));
  EXPECT_EQ(Move(j.ib, item.name(), hidden.name()).status(),
            Move(j.ib, item.name(), never).status());
  EXPECT_EQ(Reason(Move(j.ib, item.name(), never)), "UNKNOWN_PLACE_IN_AGENDA");
}

TEST_F(AgendaTest, R13AnItemGoesFromTheAgendaWithTheConsentItWasReadOn) {
  const v1::AgendaItem item = Added(j.ib, meeting, "Rekenen", j.Education());
  ASSERT_THAT(Titles(j.nurse, meeting), SizeIs(1));
  const std::string consent =
      absl::StrCat("families/", j.family, "/consents/", j.office.facts(j.family).consents(0).id());
  ASSERT_OK(Withdraw(consent, j.mother));
  EXPECT_THAT(Titles(j.nurse, meeting), IsEmpty());
  EXPECT_FALSE(React(j.nurse, item.name(), true, "").ok());
  EXPECT_THAT(Titles(j.consultant, meeting), SizeIs(1));
}

TEST_F(AgendaTest, R11WhatOnesOrganisationBroughtInStaysItsRecordWhenTheSeatHasEnded) {
  Added(j.ib, meeting, "Rekenen", j.Education());
  const v1::AgendaItem own = Added(j.nurse, meeting, "Slapen", Health());
  GoTo(7);
  ASSERT_OK(Minute(j.nurse, own, "Hij slaapt nu door."));
  casework::v1::EndSeatRequest end;
  end.set_name(j.case_name);
  end.set_seat(j.SeatOf(j.nurse));
  casework::v1::AppointRegisseurRequest appoint;  // the nurse stands in: somebody else does first
  appoint.set_name(j.case_name);
  appoint.set_seat(j.SeatOf(j.consultant));
  appoint.set_stand_in_seat(j.SeatOf(j.ib));
  ASSERT_OK(j.office.Casework<casework::v1::Regisseur>("AppointRegisseur", j.ib, appoint));
  ASSERT_OK(j.office.Casework<casework::v1::Participant>("EndSeat", j.ib, end));
  EXPECT_THAT(Agenda(j.nurse, meeting), StatusIs(StatusCode::kPermissionDenied, _));
  const Caller record = j.nurse.For(common::v1::PURPOSE_OWN_RECORD);
  ASSERT_OK_AND_ASSIGN(const v1::Agenda read, Agenda(record, meeting));
  ASSERT_THAT(read.items(), SizeIs(1));
  EXPECT_EQ(read.items(0).minutes().said(), "Hij slaapt nu door.");
  const std::string other = Plan("2026-12-07");  // with nothing of theirs in it
  EXPECT_THAT(Agenda(record, other), StatusIs(StatusCode::kNotFound, _));
}

// ---- Order and changes ----

TEST_F(AgendaTest, ItemsAreMovedAndAStaleOrderIsRefused) {
  const std::string a = Added(j.ib, meeting, "A", j.Education()).name();
  Added(j.nurse, meeting, "X", Health());
  const std::string b = Added(j.ib, meeting, "B", j.Education()).name();
  const std::string c = Added(j.ib, meeting, "C", j.Education()).name();
  ASSERT_OK(Move(j.ib, c, a));
  EXPECT_THAT(Titles(j.ib, meeting), ElementsAre("A", "C", "B"));
  EXPECT_THAT(Titles(j.mother, meeting), ElementsAre("A", "C", "X", "B"));
  ASSERT_OK(Move(j.ib, b, ""));
  EXPECT_THAT(Titles(j.ib, meeting), ElementsAre("B", "A", "C"));
  EXPECT_EQ(Reason(Move(j.ib, b, b)), "UNKNOWN_PLACE_IN_AGENDA");
  v1::MoveAgendaItemRequest stale;
  stale.set_name(a);
  EXPECT_EQ(Reason(Ask<v1::Agenda>("MoveAgendaItem", j.ib, stale)), "ETAG_MISSING");
  stale.set_etag("0123");
  EXPECT_EQ(Reason(Ask<v1::Agenda>("MoveAgendaItem", j.ib, stale)), "STALE_ETAG");
  EXPECT_THAT(Move(j.nurse, a, ""), StatusIs(StatusCode::kPermissionDenied, _));
}

TEST_F(AgendaTest, R9AnItemIsChangedByWhoBroughtItInAndByWhoLeads) {
  const v1::AgendaItem mothers = Added(j.mother, meeting, "Pesten", j.Education());
  EXPECT_EQ(mothers.brought_by(), j.SeatOf(j.mother));
  j.Seat(j.stranger);  // at the table; the nurse stands in for the regisseur
  EXPECT_EQ(Reason(Change(j.stranger, mothers, "Iets anders")), "NOT_YOUR_ITEM");
  EXPECT_EQ(Reason(Change(j.father, mothers, "Iets anders")), "NOT_YOUR_ITEM");
  ASSERT_OK_AND_ASSIGN(const v1::AgendaItem changed, Change(j.mother, mothers, "Pesten op plein"));
  EXPECT_EQ(Reason(Change(j.ib, mothers, "Pesten")), "STALE_ETAG");
  EXPECT_OK(Change(j.ib, changed, "Pesten op het plein"));
  v1::UpdateAgendaItemRequest req;
  req.set_name(mothers.name());
  req.set_etag(ItemOf(j.ib, mothers.name()).etag());
  EXPECT_EQ(Reason(Ask<v1::AgendaItem>("UpdateAgendaItem", j.ib, req)), "UPDATE_MASK_MISSING");
  req.mutable_update_mask()->add_paths("label");
  EXPECT_EQ(Reason(Ask<v1::AgendaItem>("UpdateAgendaItem", j.ib, req)), "FIELD_NOT_FOR_CHANGE");
}

TEST_F(AgendaTest, WhoLeadsPutsAnItemInForSomebodyElseAtTheTable) {
  v1::AddAgendaItemRequest req = NewItem(meeting, "Pesten", j.Education());
  req.mutable_item()->set_brought_by(j.SeatOf(j.father));
  ASSERT_OK_AND_ASSIGN(const v1::AgendaItem item, Add(j.ib, req));
  EXPECT_EQ(item.brought_by(), j.SeatOf(j.father));
  EXPECT_EQ(Reason(Add(j.mother, req)), "NOT_YOUR_ITEM");
  req.mutable_item()->set_brought_by("s-nobody");
  EXPECT_EQ(Reason(Add(j.ib, req)), "NOT_AT_TABLE");
}

TEST_F(AgendaTest, AnItemIsDroppedAndStaysOnRecord) {
  v1::AgendaItem item = Added(j.ib, meeting, "Rekenen", j.Education());
  EXPECT_EQ(Reason(SetState(item, v1::AGENDA_ITEM_STATE_DISCUSSED)), "FORBIDDEN_STATE");
  ASSERT_OK_AND_ASSIGN(item, SetState(item, v1::AGENDA_ITEM_STATE_DROPPED));
  EXPECT_EQ(ItemOf(j.nurse, item.name()).state(), v1::AGENDA_ITEM_STATE_DROPPED);
  EXPECT_THAT(Own(j.nurse)[0].subjects(), IsEmpty());
  GoTo(7);
  EXPECT_EQ(Reason(Minute(j.ib, item, "Niets.")), "ITEM_DROPPED");
  ASSERT_OK_AND_ASSIGN(item, SetState(item, v1::AGENDA_ITEM_STATE_PLANNED));
  EXPECT_OK(Minute(j.ib, item, "Toch wel."));
}

TEST_F(AgendaTest, ThereIsAPlaceAndATimeAndTheyArePossible) {
  EXPECT_EQ(Reason(Arrange(j.ib, meeting, "9:40", "10:20")), "INVALID_FIELD");
  EXPECT_EQ(Reason(Arrange(j.ib, meeting, "24:00", "24:10")), "INVALID_FIELD");
  EXPECT_EQ(Reason(Arrange(j.ib, meeting, "10:20", "10:20")), "ENDS_BEFORE_IT_BEGINS");
  ASSERT_OK_AND_ASSIGN(const v1::Agenda arranged, Arrange(j.ib, meeting, "09:40", "10:20"));
  EXPECT_EQ(arranged.state(), casework::v1::MEETING_STATE_PLANNED);
  EXPECT_TRUE(arranged.video());
  EXPECT_THAT(Arrange(j.nurse, meeting, "09:40", "10:20"),
              StatusIs(StatusCode::kPermissionDenied, _));
  GoTo(8);
  EXPECT_EQ(Reason(Arrange(j.ib, meeting, "09:40", "10:20")), "MEETING_IN_THE_PAST");
}

TEST_F(AgendaTest, TextIsBounded) {
  v1::AddAgendaItemRequest req = NewItem(meeting, "", j.Education());
  EXPECT_THAT(Add(j.ib, req), StatusIs(StatusCode::kInvalidArgument, _));
  req.mutable_item()->set_title("Twee\nregels");
  EXPECT_THAT(Add(j.ib, req), StatusIs(StatusCode::kInvalidArgument, _));
  req.mutable_item()->set_title("Rekenen");
  req.mutable_item()->set_text(std::string(5000, 'a'));
  EXPECT_THAT(Add(j.ib, req), StatusIs(StatusCode::kInvalidArgument, _));
  req.mutable_item()->clear_text();
  req.mutable_item()->set_planned_minutes(241);
  EXPECT_THAT(Add(j.ib, req), StatusIs(StatusCode::kInvalidArgument, _));
}

// ---- A concluded meeting ----

TEST_F(AgendaTest, R9AConcludedMeetingTakesNoNewItemsAndItsMinutesStand) {
  const v1::AgendaItem first = Added(j.ib, meeting, "Rekenen", j.Education());
  const v1::AgendaItem second = Added(j.ib, meeting, "Gym", j.Education());
  GoTo(7);
  ASSERT_OK_AND_ASSIGN(const v1::AgendaItem minuted, Minute(j.ib, first, "Het gaat beter."));
  Conclude(meeting);
  ASSERT_OK_AND_ASSIGN(const v1::Agenda agenda, Agenda(j.ib, meeting));
  EXPECT_EQ(agenda.state(), casework::v1::MEETING_STATE_CONCLUDED);
  EXPECT_EQ(Reason(Add(j.ib, NewItem(meeting, "Nog iets", j.Education()))), "MEETING_CONCLUDED");
  EXPECT_EQ(Reason(Change(j.ib, minuted, "Taal")), "MEETING_CONCLUDED");
  EXPECT_EQ(Reason(Move(j.ib, first.name(), second.name())), "MEETING_CONCLUDED");
  EXPECT_EQ(Reason(Minute(j.ib, minuted, "Het gaat slechter.")), "MINUTES_STAND");
  EXPECT_OK(Minute(j.ib, second, "Niet besproken."));  // worked out afterwards
  EXPECT_OK(React(j.mother, first.name(), true, ""));
}

// ---- Minutes and what the parties say (R9) ----

TEST_F(AgendaTest, R9MinutesAreRecordedFromTheDayOnByWhoLeadsOrBroughtItIn) {
  const v1::AgendaItem item = Added(j.nurse, meeting, "Slapen", Health());
  EXPECT_EQ(Reason(Minute(j.nurse, item, "Hij slaapt nu door.")), "MEETING_NOT_YET_HELD");
  GoTo(7);
  ASSERT_OK_AND_ASSIGN(const v1::AgendaItem minuted, Minute(j.nurse, item, "Hij slaapt nu door."));
  EXPECT_EQ(minuted.state(), v1::AGENDA_ITEM_STATE_DISCUSSED);
  EXPECT_EQ(minuted.minutes().author(), "professionals/nurse");
  EXPECT_EQ(minuted.minutes().revision(), 1);
  const v1::AgendaItem school = Added(j.ib, meeting, "Rekenen", j.Education());
  j.Seat(j.stranger);
  EXPECT_EQ(Reason(Minute(j.stranger, school, "Iets.")), "NOT_YOUR_MINUTES");
  const v1::AgendaItem mothers = Added(j.mother, meeting, "Pesten", j.Education());
  EXPECT_EQ(Reason(Minute(j.mother, mothers, "Iets.")), "NOT_YOUR_MINUTES");
  EXPECT_OK(Minute(j.ib, ItemOf(j.ib, mothers.name()), "De school spreekt de klas toe."));
}

TEST_F(AgendaTest, R9DissentStaysNextToTheWordsThatItIsAbout) {
  v1::AgendaItem item = Added(j.ib, meeting, "Rekenen", j.Education());
  EXPECT_EQ(Reason(React(j.father, item.name(), true, "")), "NO_MINUTES");
  GoTo(7);
  ASSERT_OK_AND_ASSIGN(item, Minute(j.ib, item, "Het gaat beter."));
  ASSERT_OK_AND_ASSIGN(item, Minute(j.ib, item, "Het gaat wat beter."));
  EXPECT_EQ(item.minutes().revision(), 2);
  EXPECT_EQ(Reason(React(j.father, item.name(), false, "")), "DISPUTE_NEEDS_TEXT");
  ASSERT_OK(React(j.father, item.name(), false, "Thuis gaat het juist slechter."));
  ASSERT_OK(React(j.nurse, item.name(), true, ""));
  const v1::AgendaItem read = ItemOf(j.mother, item.name());
  ASSERT_THAT(read.statements(), SizeIs(2));
  EXPECT_FALSE(read.statements(0).confirmed());
  EXPECT_EQ(read.statements(0).text(), "Thuis gaat het juist slechter.");
  EXPECT_EQ(read.statements(0).revision(), 2);
  EXPECT_EQ(read.statements(1).author(), "professionals/nurse");
  EXPECT_EQ(Reason(Minute(j.ib, ItemOf(j.ib, item.name()), "Het gaat goed.")), "MINUTES_STAND");
}

TEST_F(AgendaTest, R18AStatementOfSomebodyWhomOneMayNotSeeStandsByTheirRole) {
  v1::AgendaItem item = Added(j.ib, meeting, "Rekenen", j.Education());
  GoTo(7);
  ASSERT_OK_AND_ASSIGN(item, Minute(j.ib, item, "Het gaat beter."));
  ASSERT_OK(React(j.father, item.name(), false, "Dat zie ik anders."));
  const v1::Statement by_ib = ItemOf(j.ib, item.name()).statements(0);
  EXPECT_EQ(by_ib.author(), absl::StrCat("families/", j.family, "/persons/", j.father_id));
  const v1::Statement by_nurse = ItemOf(j.nurse, item.name()).statements(0);
  EXPECT_EQ(by_nurse.author(), absl::StrCat("families/", j.family));
  EXPECT_EQ(by_nurse.author_role(), access::v1::FAMILY_ROLE_PARENT);
}

}  // namespace
}  // namespace knooppunt::meetings
