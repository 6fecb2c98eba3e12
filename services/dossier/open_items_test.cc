#include "services/dossier/open_items.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "base/status_testing.h"
#include "knooppunt/casework/v1/casework.pb.h"
#include "knooppunt/meetings/v1/invitation.pb.h"
#include "knooppunt/requests/v1/requests.pb.h"

namespace knooppunt::dossier {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using worklist::v1::OpenItem;
using worklist::v1::OpenItems;

constexpr base::Date kToday(2026, 11, 23);
constexpr base::Date kLater(2026, 12, 1);

Item StepItem(const std::string& id, const casework::v1::Step& step) {
  return {.id = id,
          .kind = ItemKind::kStep,
          .case_id = "c-1",
          .scope = "scope-1",
          .payload = step.SerializeAsString()};
}

casework::v1::Step BindingStep() {
  casework::v1::Step step;
  step.set_text("Samen rustige avonden oefenen.");
  step.set_owner_seat("s-1");
  step.set_due_date("2026-12-14");
  step.set_state(casework::v1::STEP_STATE_BINDING);
  return step;
}

casework::v1::Meeting ConcludedMeeting() {
  casework::v1::Meeting meeting;
  meeting.set_date("2026-11-20");
  meeting.set_state(casework::v1::MEETING_STATE_CONCLUDED);
  meeting.set_conclusion("We proberen het zo.");
  meeting.add_feedback()->set_seat("s-2");
  meeting.add_feedback()->set_seat("s-3");
  return meeting;
}

Item MeetingItem(const casework::v1::Meeting& meeting) {
  return {.id = "m-1",
          .kind = ItemKind::kMeeting,
          .case_id = "c-1",
          .scope = "scope-1",
          .payload = meeting.SerializeAsString()};
}

TEST(OpenItems, R5ABindingStepStandsOpenForItsOwnerUntilItIsDone) {
  OpenItems open;
  casework::v1::Step step = BindingStep();
  Renew(StepItem("a", step), kToday, &open);
  ASSERT_EQ(open.items_size(), 1);
  EXPECT_EQ(open.items(0).kind(), worklist::v1::OPEN_KIND_STEP);
  EXPECT_EQ(open.items(0).owner_seat(), "s-1");
  EXPECT_EQ(open.items(0).due_date(), "2026-12-14");
  EXPECT_EQ(open.items(0).since(), "2026-11-23");
  EXPECT_EQ(open.items(0).scope(), "scope-1");
  step.set_state(casework::v1::STEP_STATE_DONE);
  Renew(StepItem("a", step), kLater, &open);
  EXPECT_THAT(open.items(), IsEmpty());
}

TEST(OpenItems, R5AStepThatWentToAnotherOwnerSaysHowOftenAndSinceWhen) {
  OpenItems open;
  casework::v1::Step step = BindingStep();
  Renew(StepItem("a", step), kToday, &open);
  EXPECT_EQ(open.items(0).owner_changes(), 0);
  EXPECT_EQ(open.items(0).owner_since(), "");
  for (const char* to : {"s-2", "s-1"}) {
    casework::v1::OwnerChange* change = step.add_owner_changes();
    change->set_to_seat(to);
    change->mutable_time()->set_seconds(absl::ToUnixSeconds(base::StartOf(kLater)));
    step.set_owner_seat(to);
    Renew(StepItem("a", step), kLater, &open);
  }
  EXPECT_EQ(open.items(0).owner_changes(), 2);
  EXPECT_EQ(open.items(0).owner_since(), "2026-12-01");
  EXPECT_EQ(open.items(0).since(), "2026-11-23") << "it stood open all the while";
}

TEST(OpenItems, R6AProposalStandsOpenForWhoseMeansItNeedsAndBecomesAStep) {
  OpenItems open;
  casework::v1::Step step = BindingStep();
  step.set_state(casework::v1::STEP_STATE_PROPOSED);
  step.mutable_commitment()->set_committed_by("professionals/consultant");
  Renew(StepItem("a", step), kToday, &open);
  EXPECT_EQ(open.items(0).kind(), worklist::v1::OPEN_KIND_PROPOSAL);
  EXPECT_EQ(open.items(0).committed_by(), "professionals/consultant");
  step.set_state(casework::v1::STEP_STATE_BINDING);
  Renew(StepItem("a", step), kLater, &open);
  ASSERT_EQ(open.items_size(), 1);
  EXPECT_EQ(open.items(0).kind(), worklist::v1::OPEN_KIND_STEP);
  EXPECT_THAT(open.items(0).committed_by(), IsEmpty());
  EXPECT_EQ(open.items(0).since(), "2026-12-01");  // as a step it is new
}

TEST(OpenItems, R9TheNewestReactionOfASeatCounts) {
  casework::v1::Step step = BindingStep();
  const auto react = [&](const std::string& seat, bool confirmed) {
    casework::v1::Reaction* r = step.add_reactions();
    r->set_seat(seat);
    r->set_confirmed(confirmed);
  };
  react("s-2", false);
  react("s-3", true);
  react("s-2", true);
  react("s-3", false);
  const auto open = OpenIn(StepItem("a", step));
  ASSERT_TRUE(open.has_value());
  EXPECT_THAT(open->confirmed_seats(), ElementsAre("s-2"));
  EXPECT_THAT(open->disputed_seats(), ElementsAre("s-3"));
}

TEST(OpenItems, R7AnOutcomeStandsOpenUntilTheLastConfirmed) {
  OpenItems open;
  casework::v1::Meeting meeting = ConcludedMeeting();
  Renew(MeetingItem(meeting), kToday, &open);
  EXPECT_THAT(open.items(0).waiting_seats(), ElementsAre("s-2", "s-3"));
  meeting.mutable_feedback(0)->mutable_confirm_time()->set_seconds(1);
  Renew(MeetingItem(meeting), kLater, &open);
  EXPECT_THAT(open.items(0).waiting_seats(), ElementsAre("s-3"));
  EXPECT_EQ(open.items(0).since(), "2026-11-23");  // it goes on
  meeting.mutable_feedback(1)->mutable_confirm_time()->set_seconds(2);
  Renew(MeetingItem(meeting), kLater, &open);
  EXPECT_THAT(open.items(), IsEmpty());
}

TEST(OpenItems, APlannedMeetingStandsOpenAndItemsAreKeptById) {
  OpenItems open;
  casework::v1::Meeting meeting;
  meeting.set_date("2026-12-02");
  meeting.set_state(casework::v1::MEETING_STATE_PLANNED);
  Renew(StepItem("z", BindingStep()), kToday, &open);
  Renew(MeetingItem(meeting), kToday, &open);
  Renew(StepItem("a", BindingStep()), kToday, &open);
  ASSERT_EQ(open.items_size(), 3);
  EXPECT_EQ(open.items(0).item(), "a");
  EXPECT_EQ(open.items(1).kind(), worklist::v1::OPEN_KIND_MEETING);
  EXPECT_EQ(open.items(2).item(), "z");
}

TEST(OpenItems, R40ARequestStandsOpenForThoseWhoMustStillAnswer) {
  requests::v1::Request request;
  request.set_state(requests::v1::REQUEST_STATE_OPEN);
  request.set_due_date("2026-12-23");
  request.set_requester("families/f-1/persons/p-1");
  request.add_controllers("organisations/mosalira");
  request.add_controllers("organisations/jgz");
  request.set_text("Ik wil een afschrift.");
  const auto item = [&] {
    Item out = StepItem("r", BindingStep());
    out.kind = ItemKind::kRequest;
    out.payload = request.SerializeAsString();
    return out;
  };
  OpenItems open;
  Renew(item(), kToday, &open);
  ASSERT_EQ(open.items_size(), 1);
  EXPECT_EQ(open.items(0).kind(), worklist::v1::OPEN_KIND_REQUEST);
  EXPECT_EQ(open.items(0).due_date(), "2026-12-23");
  EXPECT_EQ(open.items(0).person(), "p-1");
  EXPECT_THAT(open.items(0).turn_organisations(),
              ElementsAre("organisations/mosalira", "organisations/jgz"));
  EXPECT_EQ(open.SerializeAsString().find("afschrift"), std::string::npos);
  request.add_answers()->set_controller("organisations/mosalira");
  Renew(item(), kLater, &open);
  EXPECT_THAT(open.items(0).turn_organisations(), ElementsAre("organisations/jgz"));
  request.set_state(requests::v1::REQUEST_STATE_ANSWERED);
  Renew(item(), kLater, &open);
  EXPECT_THAT(open.items(), IsEmpty());
}

TEST(OpenItems, R4AMeetingThatWasHeldAsksNobodyToComeAndOneThatIsOffIsStillTold) {
  casework::v1::Meeting meeting;
  meeting.set_date("2026-12-02");
  meeting.set_state(casework::v1::MEETING_STATE_PLANNED);
  OpenItems open;
  Renew(MeetingItem(meeting), kToday, &open);
  for (const auto state :
       {meetings::v1::INVITATION_STATE_SENT, meetings::v1::INVITATION_STATE_CANCELLED}) {
    worklist::v1::OpenItem* invitation = open.add_items();
    invitation->set_item(absl::StrCat("z-", static_cast<int>(state)));
    invitation->set_kind(worklist::v1::OPEN_KIND_INVITATION);
    invitation->set_meeting(MeetingItem(meeting).id);
    invitation->set_invitation_state(state);
  }
  Renew(MeetingItem(meeting), kLater, &open);
  EXPECT_EQ(open.items_size(), 3);
  meeting.set_state(casework::v1::MEETING_STATE_CANCELLED);
  Renew(MeetingItem(meeting), kLater, &open);
  ASSERT_EQ(open.items_size(), 1);
  EXPECT_EQ(open.items(0).invitation_state(), meetings::v1::INVITATION_STATE_CANCELLED);
}

// Ids, kinds and dates: whoever opens the row reads no word of what was agreed.
TEST(OpenItems, NoWordOfTheItemStandsInTheRow) {
  OpenItems open;
  Renew(StepItem("a", BindingStep()), kToday, &open);
  Renew(MeetingItem(ConcludedMeeting()), kToday, &open);
  const std::string bytes = open.SerializeAsString();
  EXPECT_EQ(bytes.find("rustige"), std::string::npos);
  EXPECT_EQ(bytes.find("proberen"), std::string::npos);
}

TEST(OpenItems, OtherKindsCostNothing) {
  EXPECT_TRUE(CanStandOpen(ItemKind::kStep));
  EXPECT_TRUE(CanStandOpen(ItemKind::kMeeting));
  EXPECT_FALSE(CanStandOpen(ItemKind::kContribution));
  EXPECT_FALSE(OpenIn({.id = "x", .kind = ItemKind::kContribution}).has_value());
}

}  // namespace
}  // namespace knooppunt::dossier
