// Calls that succeed, in a region with a family and a table: each leaves one record in the unit
// that serves it and none in another (R22). A change and its record are of one commit; calls_test
// has the calls that fail.
#include "tests/matrix/changes.h"

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "knooppunt/audit/v1/audit.pb.h"
#include "knooppunt/directory/v1/directory.pb.h"
#include "knooppunt/plan/v1/plan.pb.h"

namespace knooppunt::matrix {
namespace {

class ChangesTest : public Changes {
 protected:
  casework::v1::NewStep Step() {
    casework::v1::NewStep step;
    step.set_text("De IB belt de ouders.");
    step.set_owner_seat(SeatOf(region_.ib));
    step.set_due_date(region_.Day(20));
    *step.mutable_label() = SchoolLabel();
    return step;
  }
  template <typename Answer>
  Answer Plan(const Caller& who, const char* method, const google::protobuf::Message& request) {
    return Do<Answer>("dossier", who, absl::StrCat("plan.v1.PlanService/", method), request);
  }
  void TheTable();
  void WishesAndGoals();
  void ThePlan();
  void EmergencyAndBack();
};

void ChangesTest::TheTable() {
  const std::string consent = region_.Share("organisations/jgz");
  casework::v1::InviteParticipantRequest invite;
  invite.set_parent(region_.case_name);
  invite.set_professional(region_.nurse.claims.subject());
  invite.set_organisation(region_.nurse.claims.organisation());
  invite.set_function(region_.nurse.claims.function());
  invite.set_role(access::v1::SEAT_ROLE_CORE_PARTNER);
  Casework<casework::v1::Participant>(region_.ib, "InviteParticipant", invite);
  Casework<casework::v1::Participant>(region_.nurse, "JoinCase",
                                      Named<casework::v1::JoinCaseRequest>(region_.case_name));
  casework::v1::AppointRegisseurRequest appoint;
  appoint.set_name(region_.case_name);
  appoint.set_seat(SeatOf(region_.ib));
  appoint.set_stand_in_seat(SeatOf(region_.nurse));
  Casework<casework::v1::Regisseur>(region_.ib, "AppointRegisseur", appoint);
  Consent<consent::v1::ListConsentsResponse>(region_.nurse, "ListConsents",
                                             Under<consent::v1::ListConsentsRequest>(family()));
}

void ChangesTest::WishesAndGoals() {
  plan::v1::AddWishRequest wish;
  wish.set_parent(region_.case_name);
  wish.mutable_wish()->set_person(absl::StrCat(family(), "/persons/", region_.child));
  wish.mutable_wish()->set_text("Ik wil weer slapen.");
  wish.mutable_wish()->set_how(plan::v1::WISH_HOW_CONVERSATION);
  *wish.mutable_wish()->mutable_label() = SchoolLabel();
  const auto wished = Plan<plan::v1::Wish>(region_.ib, "AddWish", wish);
  plan::v1::AddGoalRequest goal;
  goal.set_parent(region_.case_name);
  goal.mutable_goal()->set_text("Weer slapen.");
  goal.mutable_goal()->set_domain(plan::v1::LIFE_DOMAIN_HOME);
  goal.mutable_goal()->set_wish(wished.name());
  goal.mutable_goal()->set_measure("Een week lang niet wakker.");
  goal.mutable_goal()->set_review_date(region_.Day(60));
  *goal.mutable_goal()->mutable_label() = SchoolLabel();
  const auto added = Plan<plan::v1::Goal>(region_.ib, "AddGoal", goal);
  plan::v1::UpdateGoalRequest update;
  update.set_name(added.name());
  update.set_etag(added.etag());
  update.mutable_goal()->set_measure("Twee weken lang niet wakker.");
  update.mutable_update_mask()->add_paths("measure");
  Plan<plan::v1::Goal>(region_.ib, "UpdateGoal", update);
  plan::v1::ReactToPlanItemRequest react;
  react.set_name(added.name());
  react.set_text("Twee weken is te lang.");
  Plan<plan::v1::PlanItem>(region_.mother, "ReactToPlanItem", react);
  Plan<plan::v1::Plan>(region_.mother, "GetPlan",
                       Named<plan::v1::GetPlanRequest>(region_.case_name));
  plan::v1::ListPlanChangesRequest changes;
  changes.set_parent(region_.case_name);
  Plan<plan::v1::ListPlanChangesResponse>(region_.ib, "ListPlanChanges", changes);
  plan::v1::ListPlanVersionsRequest versions;
  versions.set_name(added.name());
  Plan<plan::v1::ListPlanVersionsResponse>(region_.ib, "ListPlanVersions", versions);
  plan::v1::RenderPlanRequest render;
  render.set_name(region_.case_name);
  render.set_format(plan::v1::DOCUMENT_FORMAT_HTML);
  Plan<plan::v1::RenderPlanResponse>(region_.mother, "RenderPlan", render);
}

void ChangesTest::ThePlan() {
  Casework<casework::v1::Contribution>(region_.ib, "AddContribution", region_.Note("Iets."));
  WishesAndGoals();
  casework::v1::PlanMeetingRequest plan;
  plan.set_parent(region_.case_name);
  plan.set_date(region_.Day(0));
  *plan.mutable_label() = SchoolLabel();
  const auto meeting = Casework<casework::v1::Meeting>(region_.ib, "PlanMeeting", plan);
  casework::v1::ConcludeMeetingRequest conclude;
  conclude.set_name(meeting.name());
  conclude.set_parents_absent_reason("Ziek, en akkoord vooraf.");
  conclude.set_parents_agreed(true);
  conclude.set_conclusion("Zo doen we het.");
  *conclude.add_steps() = Step();
  const auto concluded = Casework<casework::v1::Meeting>(region_.ib, "ConcludeMeeting", conclude);
  ASSERT_EQ(concluded.steps_size(), 1);
  casework::v1::ReactToStepRequest react;
  react.set_name(concluded.steps(0));
  react.set_confirmed(true);
  Casework<casework::v1::Step>(region_.mother, "ReactToStep", react);
  casework::v1::FollowUpStepRequest follow;
  follow.set_name(concluded.steps(0));
  *follow.mutable_step() = Step();
  Casework<casework::v1::Step>(region_.ib, "FollowUpStep", follow);
  casework::v1::ListOwnRecordRequest own;
  own.set_parent(region_.case_name);
  Casework<casework::v1::ListOwnRecordResponse>(region_.ib.For(common::v1::PURPOSE_OWN_RECORD),
                                                "ListOwnRecord", own);
}

void ChangesTest::EmergencyAndBack() {
  consent::v1::OpenEmergencyRequest open;
  open.set_parent(family());
  open.set_meldcode_step(4);
  open.set_reason("De school belt: het kind durft niet naar huis.");
  open.set_hours(2);
  const Caller in_need = region_.stranger.For(common::v1::PURPOSE_EMERGENCY);
  const auto opened = Consent<consent::v1::Emergency>(in_need, "OpenEmergency", open);
  Casework<casework::v1::Case>(in_need, "GetCase",
                               Named<casework::v1::GetCaseRequest>(region_.case_name));
  Consent<consent::v1::Emergency>(region_.auditor, "GetEmergency",
                                  Named<consent::v1::GetEmergencyRequest>(opened.name()));
  consent::v1::ReviewEmergencyRequest review;
  review.set_name(opened.name());
  review.set_justified(false);  // while it is open, only that is to be found
  review.set_outcome("Nagegaan.");
  Consent<consent::v1::Emergency>(region_.auditor, "ReviewEmergency", review);
}

TEST_F(ChangesTest, R22AChangeThatSucceedsLeavesOneRecordInItsOwnUnit) {
  TheTable();
  ThePlan();
  EmergencyAndBack();
  const std::string second = region_.Propose("organisations/maastricht");
  consent::v1::ReviseConsentRequest revise;
  revise.set_name(second);
  revise.set_wording("Wij mogen minder delen.");
  Consent<consent::v1::Consent>(region_.ib, "ReviseConsent", revise);
  const std::string third = region_.Share("organisations/maastricht");
  Consent<consent::v1::Consent>(region_.father, "WithdrawConsent",
                                Named<consent::v1::WithdrawConsentRequest>(third));
  casework::v1::CloseCaseRequest close;
  close.set_name(region_.case_name);
  close.set_outcome("Klaar.");
  close.set_kind(casework::v1::CLOSE_KIND_GOALS_REACHED);
  *close.mutable_label() = SchoolLabel();
  Casework<casework::v1::Case>(region_.ib, "CloseCase", close);

  directory::v1::CreateProfessionalRequest create;
  create.mutable_professional()->set_name("professionals/nieuw");
  create.mutable_professional()->set_display_name("Nel Nieuw");
  create.mutable_professional()->set_login("dev|nieuw");
  directory::v1::AssignFunctionRequest assign;
  assign.set_name("professionals/nieuw");
  assign.mutable_function()->set_organisation("organisations/maastricht");
  assign.mutable_function()->set_function(common::v1::FUNCTION_MUNICIPAL_CONSULTANT);
  assign.mutable_function()->set_start_date(region_.Day(0));
  *create.mutable_professional()->add_functions() = assign.function();
  Directory<directory::v1::Professional>(region_.admin, "CreateProfessional", create);
  assign.mutable_function()->set_function(common::v1::FUNCTION_SCHOOL_SOCIAL_WORKER);
  Directory<directory::v1::Professional>(region_.admin, "AssignFunction", assign);
  directory::v1::EndEmploymentRequest end;
  end.set_name("professionals/nieuw");
  end.set_organisation("organisations/maastricht");
  end.set_end_date(region_.Day(1));
  Directory<directory::v1::Professional>(region_.admin, "EndEmployment", end);
  audit::v1::ListRecordsRequest log;
  log.set_parent("subjects/" + region_.audit_subject);
  Do<audit::v1::ListRecordsResponse>("audit", region_.auditor, "audit.v1.AuditService/ListRecords",
                                     log);
  std::printf("matrix: %zu methods called with success\n", done_.size());
  EXPECT_GE(done_.size(), 20u);
}

}  // namespace
}  // namespace knooppunt::matrix
