#include "services/casework/service.h"

#include <functional>
#include <utility>

#include "services/casework/demands.h"

namespace knooppunt::casework {

CaseworkService::CaseworkService(crypto::Random& random,
                                 std::shared_ptr<const policy::Framework> framework)
    : random_(random),
      // The built-in one is checked by its test: a program that has none does not start.
      framework_(framework != nullptr ? std::move(framework) : *policy::Framework::BuiltIn()) {}

void CaseworkService::Register(runtime::Registry& r) {
  using std::bind_front;
  using S = CaseworkService;
#define KP_METHOD(name) "/knooppunt.casework.v1.CaseworkService/" name
  r.Read<v1::SearchFamiliesRequest, v1::SearchFamiliesResponse>(
      KP_METHOD("SearchFamilies"), bind_front(&S::SearchFamilies, this));
  r.Write<v1::OpenCaseRequest, v1::Case>(KP_METHOD("OpenCase"), bind_front(&S::OpenCase, this));
  r.Read<v1::GetCaseRequest, v1::Case>(KP_METHOD("GetCase"), bind_front(&S::GetCase, this));
  r.List<v1::ListCasesRequest, v1::ListCasesResponse>(KP_METHOD("ListCases"),
                                                      bind_front(&S::ListCases, this));
  r.Write<v1::CloseCaseRequest, v1::Case>(KP_METHOD("CloseCase"), bind_front(&S::CloseCase, this));
  r.Write<v1::ReopenCaseRequest, v1::Case>(KP_METHOD("ReopenCase"),
                                           bind_front(&S::ReopenCase, this));
  r.Write<v1::MovePhaseRequest, v1::Case>(KP_METHOD("MovePhase"), bind_front(&S::MovePhase, this));
  r.Write<v1::SetReviewRequest, v1::Case>(KP_METHOD("SetReview"), bind_front(&S::SetReview, this));
  r.Write<v1::InviteParticipantRequest, v1::Participant>(KP_METHOD("InviteParticipant"),
                                                         bind_front(&S::InviteParticipant, this));
  r.Write<v1::JoinCaseRequest, v1::Participant>(KP_METHOD("JoinCase"),
                                                bind_front(&S::JoinCase, this));
  r.Write<v1::EndSeatRequest, v1::Participant>(KP_METHOD("EndSeat"), bind_front(&S::EndSeat, this));
  r.Write<v1::ArrangeDeputyRequest, v1::Participant>(KP_METHOD("ArrangeDeputy"),
                                                     bind_front(&S::ArrangeDeputy, this));
  r.Write<v1::TakeOverCaseRequest, v1::Participant>(KP_METHOD("TakeOverCase"),
                                                    bind_front(&S::TakeOverCase, this));
  r.Write<v1::AppointRegisseurRequest, v1::Regisseur>(KP_METHOD("AppointRegisseur"),
                                                      bind_front(&S::AppointRegisseur, this));
  r.Write<v1::AddContributionRequest, v1::Contribution>(KP_METHOD("AddContribution"),
                                                        bind_front(&S::AddContribution, this));
  r.Read<v1::ListOwnRecordRequest, v1::ListOwnRecordResponse>(KP_METHOD("ListOwnRecord"),
                                                              bind_front(&S::ListOwnRecord, this));
  r.Read<v1::GetResponsibilityRequest, v1::Responsibility>(KP_METHOD("GetResponsibility"),
                                                           bind_front(&S::GetResponsibility, this));
  r.Write<v1::PlanMeetingRequest, v1::Meeting>(KP_METHOD("PlanMeeting"),
                                               bind_front(&S::PlanMeeting, this));
  r.Write<v1::ConcludeMeetingRequest, v1::Meeting>(KP_METHOD("ConcludeMeeting"),
                                                   bind_front(&S::ConcludeMeeting, this));
  r.Write<v1::ConfirmOutcomeRequest, v1::Meeting>(KP_METHOD("ConfirmOutcome"),
                                                  bind_front(&S::ConfirmOutcome, this));
  r.Write<v1::CompleteStepRequest, v1::Step>(KP_METHOD("CompleteStep"),
                                             bind_front(&S::CompleteStep, this));
  r.Write<v1::FollowUpStepRequest, v1::Step>(KP_METHOD("FollowUpStep"),
                                             bind_front(&S::FollowUpStep, this));
  r.Write<v1::DecideStepRequest, v1::Step>(KP_METHOD("DecideStep"),
                                           bind_front(&S::DecideStep, this));
  r.Write<v1::ReactToStepRequest, v1::Step>(KP_METHOD("ReactToStep"),
                                            bind_front(&S::ReactToStep, this));

  r.Demand<v1::OpenCaseRequest>(KP_METHOD("OpenCase"), DemandOpenCase);
  r.Demand<v1::InviteParticipantRequest>(KP_METHOD("InviteParticipant"), DemandInvite);
  r.Demand<v1::AddContributionRequest>(KP_METHOD("AddContribution"), DemandContribution);
  r.Demand<v1::PlanMeetingRequest>(KP_METHOD("PlanMeeting"), DemandPlanMeeting);
  r.Demand<v1::ConcludeMeetingRequest>(KP_METHOD("ConcludeMeeting"), DemandConclude);
  r.Demand<v1::FollowUpStepRequest>(KP_METHOD("FollowUpStep"), DemandFollowUp);
  r.Demand<v1::CloseCaseRequest>(KP_METHOD("CloseCase"), DemandClose);
  r.Demand<v1::ReopenCaseRequest>(KP_METHOD("ReopenCase"), DemandReopen);
  r.Demand<v1::ArrangeDeputyRequest>(KP_METHOD("ArrangeDeputy"), DemandDeputy);
  r.Demand<v1::DecideStepRequest>(KP_METHOD("DecideStep"), DemandDecide);
#undef KP_METHOD

#define KP_METHOD(name) "/knooppunt.casework.v1.OutOfSchoolService/" name
  r.Write<v1::ReportOutOfSchoolRequest, v1::OutOfSchool>(KP_METHOD("ReportOutOfSchool"),
                                                         bind_front(&S::ReportOutOfSchool, this));
  r.Write<v1::AdvanceOutOfSchoolRequest, v1::OutOfSchool>(KP_METHOD("AdvanceOutOfSchool"),
                                                          bind_front(&S::AdvanceOutOfSchool, this));
  r.Demand<v1::ReportOutOfSchoolRequest>(KP_METHOD("ReportOutOfSchool"), DemandReport);
#undef KP_METHOD

#define KP_METHOD(name) "/knooppunt.casework.v1.EscalationService/" name
  r.Write<v1::RaiseEscalationRequest, v1::Escalation>(KP_METHOD("RaiseEscalation"),
                                                      bind_front(&S::RaiseEscalation, this));
  r.Write<v1::WithdrawEscalationRequest, v1::Escalation>(KP_METHOD("WithdrawEscalation"),
                                                         bind_front(&S::WithdrawEscalation, this));
  r.List<v1::ListEscalationsRequest, v1::ListEscalationsResponse>(
      KP_METHOD("ListEscalations"), bind_front(&S::ListEscalations, this));
  r.Read<v1::GetEscalationRequest, v1::EscalationFile>(KP_METHOD("GetEscalation"),
                                                       bind_front(&S::GetEscalation, this));
  r.Write<v1::TakeUpEscalationRequest, v1::Escalation>(KP_METHOD("TakeUpEscalation"),
                                                       bind_front(&S::TakeUpEscalation, this));
  r.Write<v1::DecideEscalationRequest, v1::Escalation>(KP_METHOD("DecideEscalation"),
                                                       bind_front(&S::DecideEscalation, this));
  r.Demand<v1::RaiseEscalationRequest>(KP_METHOD("RaiseEscalation"), DemandRaise);
#undef KP_METHOD

#define KP_METHOD(name) "/knooppunt.casework.v1.StepService/" name
  r.Write<v1::EvaluateStepRequest, v1::Step>(KP_METHOD("EvaluateStep"),
                                             bind_front(&S::EvaluateStep, this));
  r.Write<v1::CarryOverStepRequest, v1::Step>(KP_METHOD("CarryOverStep"),
                                              bind_front(&S::CarryOverStep, this));
  r.Write<v1::ReassignStepRequest, v1::Step>(KP_METHOD("ReassignStep"),
                                             bind_front(&S::ReassignStep, this));
  r.Write<v1::DropStepRequest, v1::Step>(KP_METHOD("DropStep"), bind_front(&S::DropStep, this));
#undef KP_METHOD
}

}  // namespace knooppunt::casework
