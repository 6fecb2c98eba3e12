// A sitting of a werkplaats with two families, across the whole region: everybody has their own
// cases of it, by what access decides when they read (P3, R11-R13, R18, R22).
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "knooppunt/consent/v1/consent.pb.h"
#include "knooppunt/meetings/v1/meetings.pb.h"
#include "tests/integration/region_testing.h"

namespace knooppunt::integration {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kMeetings[] = "meetings.v1.MeetingsService/";
constexpr char kWerkplaats[] = "werkplaatsen/manjefiek";

class MeetingsTest : public ::testing::Test {
 protected:
  struct OfFamily {
    std::string family, case_name, child, meeting, item, invitation;
  };

  void SetUp() override {
    ASSERT_OK(region_.Start());
    region_.Furnish();
    first_.family = region_.family;
    first_.case_name = region_.case_name;
    first_.child = region_.child;
    OpenSecond();
    meetings::v1::PlanSittingRequest plan;
    plan.set_parent(kWerkplaats);
    plan.mutable_sitting()->set_date(region_.Day(7));
    plan.mutable_sitting()->set_start("09:00");
    plan.mutable_sitting()->set_end("12:00");
    plan.mutable_sitting()->set_place("Teamkamer");
    meetings::v1::Sitting made;
    ASSERT_OK(region_.Call(region_.ib, absl::StrCat(kMeetings, "PlanSitting"), plan, &made));
    sitting_ = made.name();
    Prepare(&second_, "Zwemmen", "09:00", "09:40");
    Prepare(&first_, "Rekenen", "09:40", "10:20");
  }

  // Another family at the same werkplaats, with the same nurse invited to its table.
  void OpenSecond() {
    casework::v1::OpenCaseRequest request = region_.OpenRequest();
    int number = 0;
    for (casework::v1::NewPerson& p : *request.mutable_persons()) {
      p.set_family_name("Wolters");
      if (!p.account().empty()) p.set_account(absl::StrCat("accounts/tweede-", number));
      ++number;
    }
    casework::v1::Case opened;
    ASSERT_OK(region_.Call(region_.ib, "casework.v1.CaseworkService/OpenCase", request, &opened));
    second_.case_name = opened.name();
    second_.family = opened.name().substr(9, opened.name().find('/', 9) - 9);
    ASSERT_OK_AND_ASSIGN(const casework::v1::Case seen, region_.GetCase(region_.ib, opened.name()));
    second_.child = seen.children(0);
  }

  common::v1::Label LabelOf(const OfFamily& f) const {
    common::v1::Label label;
    label.mutable_about()->add_persons(f.child);
    label.set_compartment(common::v1::COMPARTMENT_EDUCATION);
    label.set_regime(common::v1::REGIME_EDUCATION);
    return label;
  }

  // Plans the meeting of a family with one item, invites the nurse to it, and gives it a slot.
  void Prepare(OfFamily* f, const std::string& title, const std::string& start,
               const std::string& end) {
    casework::v1::PlanMeetingRequest plan;
    plan.set_parent(f->case_name);
    plan.set_date(region_.Day(7));
    *plan.mutable_label() = LabelOf(*f);
    casework::v1::Meeting planned;
    ASSERT_OK(region_.Call(region_.ib, "casework.v1.CaseworkService/PlanMeeting", plan, &planned));
    f->meeting = planned.name();
    meetings::v1::AddAgendaItemRequest add;
    add.set_parent(f->meeting);
    add.mutable_item()->set_title(title);
    *add.mutable_item()->mutable_label() = LabelOf(*f);
    meetings::v1::AgendaItem item;
    ASSERT_OK(region_.Call(region_.ib, absl::StrCat(kMeetings, "AddAgendaItem"), add, &item));
    f->item = item.name();
    meetings::v1::InviteToMeetingRequest invite;
    invite.set_parent(f->meeting);
    meetings::v1::NewParty& party = *invite.mutable_new_party();
    party.set_professional(region_.nurse.claims.subject());
    party.set_organisation(region_.nurse.claims.organisation());
    party.set_function(region_.nurse.claims.function());
    party.set_end_date(region_.Day(60));
    meetings::v1::Invitation sent;
    ASSERT_OK(region_.Call(region_.ib, absl::StrCat(kMeetings, "InviteToMeeting"), invite, &sent));
    f->invitation = sent.name();
    EXPECT_EQ(sent.check().extent(), meetings::v1::SIGHT_EXTENT_NOTHING);
    meetings::v1::AssignSlotRequest slot;
    slot.set_name(f->meeting);
    slot.set_sitting(sitting_);
    slot.set_start(start);
    slot.set_end(end);
    slot.set_etag(Agenda(region_.ib, f->meeting)->etag());
    meetings::v1::Agenda assigned;
    ASSERT_OK(region_.Call(region_.ib, absl::StrCat(kMeetings, "AssignSlot"), slot, &assigned));
  }

  absl::StatusOr<meetings::v1::Agenda> Agenda(const Caller& who, const std::string& meeting) {
    meetings::v1::GetAgendaRequest request;
    request.set_name(meeting);
    meetings::v1::Agenda agenda;
    KP_RETURN_IF_ERROR(region_.Call(who, absl::StrCat(kMeetings, "GetAgenda"), request, &agenda));
    return agenda;
  }
  absl::StatusOr<meetings::v1::Sitting> Sitting(const Caller& who) {
    meetings::v1::GetSittingRequest request;
    request.set_name(sitting_);
    meetings::v1::Sitting sitting;
    KP_RETURN_IF_ERROR(region_.Call(who, absl::StrCat(kMeetings, "GetSitting"), request, &sitting));
    return sitting;
  }
  std::vector<meetings::v1::Invitation> Own(const Caller& who) {
    meetings::v1::ListOwnInvitationsResponse own;
    EXPECT_OK(region_.Call(who, absl::StrCat(kMeetings, "ListOwnInvitations"),
                           meetings::v1::ListOwnInvitationsRequest(), &own));
    return {own.invitations().begin(), own.invitations().end()};
  }

  Region region_;
  std::string sitting_;
  OfFamily first_, second_;
};

TEST_F(MeetingsTest, R13R18ANurseSeesOfASittingWhatIsConsentedToAndAfterAWithdrawalNoneOfIt) {
  // Invited for two families, and no consent yet: when and where, twice, and no sitting.
  ASSERT_THAT(Own(region_.nurse), SizeIs(2));
  for (const meetings::v1::Invitation& i : Own(region_.nurse)) {
    EXPECT_EQ(i.date(), region_.Day(7));
    EXPECT_EQ(i.place(), "Teamkamer");
    EXPECT_THAT(i.subjects(), IsEmpty());
  }
  EXPECT_TRUE(absl::IsNotFound(Sitting(region_.nurse).status()));

  // The first family consents: one case, as if it were the only one.
  const std::string consent = region_.Share("organisations/jgz");
  ASSERT_OK_AND_ASSIGN(const meetings::v1::Sitting one, Sitting(region_.nurse));
  ASSERT_THAT(one.slots(), SizeIs(1));
  EXPECT_EQ(one.slots(0).case_name(), first_.case_name);
  EXPECT_EQ(one.slots(0).agenda().items(0).title(), "Rekenen");
  EXPECT_THAT(one.start(), IsEmpty());
  EXPECT_THAT(one.SerializeAsString(), Not(HasSubstr(second_.family)));
  EXPECT_THAT(one.SerializeAsString(), Not(HasSubstr("09:00")));
  ASSERT_OK_AND_ASSIGN(const meetings::v1::Sitting whole, Sitting(region_.ib));
  EXPECT_THAT(whole.slots(), SizeIs(2));

  // Withdrawn while she looks at it: what is read after the answer shows none of it (P3).
  ASSERT_OK(region_.Withdraw(consent, region_.mother));
  EXPECT_TRUE(absl::IsNotFound(Sitting(region_.nurse).status()));
  ASSERT_OK_AND_ASSIGN(const meetings::v1::Agenda agenda, Agenda(region_.nurse, first_.meeting));
  EXPECT_THAT(agenda.items(), IsEmpty());
  for (const meetings::v1::Invitation& i : Own(region_.nurse)) {
    EXPECT_THAT(i.subjects(), IsEmpty());
  }
}

TEST_F(MeetingsTest, R18EachFamilySeesItsOwnSlot) {
  ASSERT_OK_AND_ASSIGN(const meetings::v1::Sitting seen, Sitting(region_.mother));
  ASSERT_THAT(seen.slots(), SizeIs(1));
  EXPECT_EQ(seen.slots(0).case_name(), first_.case_name);
  EXPECT_THAT(seen.SerializeAsString(), Not(HasSubstr(second_.family)));
  EXPECT_TRUE(absl::IsNotFound(Sitting(region_.stranger).status()));
}

TEST_F(MeetingsTest, R22ASittingIsRecordedForEachFamilyThatItWasReadOf) {
  const int64_t before = region_.database("dossier").position();
  ASSERT_OK(Sitting(region_.ib));
  EXPECT_THAT(RecordsAfter(region_, "dossier", before), SizeIs(2));
}

TEST_F(MeetingsTest, R12WhatOthersWouldReadIsDecidedByAccessAtThatMoment) {
  const auto extent = [&]() -> absl::StatusOr<meetings::v1::SightExtent> {
    meetings::v1::CheckInvitationsRequest request;
    request.set_parent(first_.meeting);
    meetings::v1::CheckInvitationsResponse checked;
    KP_RETURN_IF_ERROR(
        region_.Call(region_.ib, absl::StrCat(kMeetings, "CheckInvitations"), request, &checked));
    return checked.invitations(0).check().extent();
  };
  EXPECT_EQ(*extent(), meetings::v1::SIGHT_EXTENT_NOTHING);
  const std::string consent = region_.Propose("organisations/jgz");
  ASSERT_OK(region_.Sign(consent, region_.mother));
  EXPECT_EQ(*extent(), meetings::v1::SIGHT_EXTENT_NOTHING);
  ASSERT_OK(region_.Sign(consent, region_.father));
  EXPECT_EQ(*extent(), meetings::v1::SIGHT_EXTENT_ALL);
  ASSERT_OK(region_.Withdraw(consent, region_.father));
  EXPECT_EQ(*extent(), meetings::v1::SIGHT_EXTENT_NOTHING);
}

TEST_F(MeetingsTest, R17AnActThatIsSentAgainAnswersWithItsNameOnly) {
  meetings::v1::AddAgendaItemRequest add;
  add.set_parent(first_.meeting);
  add.mutable_item()->set_title("Taal");
  *add.mutable_item()->mutable_label() = LabelOf(first_);
  add.set_request_id(region_.RequestId());
  meetings::v1::AgendaItem made, again;
  ASSERT_OK(region_.CallAsIs(region_.ib, absl::StrCat(kMeetings, "AddAgendaItem"), add, &made));
  ASSERT_OK(region_.CallAsIs(region_.ib, absl::StrCat(kMeetings, "AddAgendaItem"), add, &again));
  EXPECT_EQ(again.name(), made.name());
  EXPECT_THAT(again.title(), IsEmpty());
  EXPECT_THAT(Agenda(region_.ib, first_.meeting)->items(), SizeIs(2));
}

}  // namespace
}  // namespace knooppunt::integration
