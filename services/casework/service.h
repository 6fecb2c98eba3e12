// CaseworkService: families, cases, the table, the plan, meetings and steps (R1-R9). One method
// an RPC, one file a resource; rules are in rules.h. Thread-safe: holds no state of its own.
#ifndef KNOOPPUNT_SERVICES_CASEWORK_SERVICE_H_
#define KNOOPPUNT_SERVICES_CASEWORK_SERVICE_H_

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "knooppunt/casework/v1/casework.pb.h"
#include "knooppunt/casework/v1/escalation_service.pb.h"
#include "knooppunt/casework/v1/out_of_school_service.pb.h"
#include "knooppunt/casework/v1/step_service.pb.h"
#include "security/crypto/random.h"
#include "security/policy/authorized_call.h"
#include "security/policy/framework.h"
#include "security/storage/database.h"
#include "services/casework/school_duty.h"
#include "services/runtime/registry.h"

namespace knooppunt::casework {

class CaseworkService {
 public:
  // `random` is not owned and outlives the service. `framework` says who carries what (R36); with
  // none it is the one that is built in.
  explicit CaseworkService(crypto::Random& random,
                           std::shared_ptr<const policy::Framework> framework = nullptr);
  CaseworkService(const CaseworkService&) = delete;
  CaseworkService& operator=(const CaseworkService&) = delete;

  // Adds the handlers and hooks; `registry` may use them as long as the service lives.
  void Register(runtime::Registry& registry);

 private:
  using Call = policy::AuthorizedCall;
  using ReadTx = storage::ReadTx;
  using WriteTx = storage::WriteTx;

  // cases.cc
  absl::Status SearchFamilies(const Call&, ReadTx&, const v1::SearchFamiliesRequest&,
                              v1::SearchFamiliesResponse*);
  absl::Status OpenCase(const Call&, WriteTx&, const v1::OpenCaseRequest&, v1::Case*);
  absl::Status GetCase(const Call&, ReadTx&, const v1::GetCaseRequest&, v1::Case*);
  absl::Status ListCases(const Call&, const std::vector<Call>&, ReadTx&,
                         const v1::ListCasesRequest&, v1::ListCasesResponse*);
  absl::Status CloseCase(const Call&, WriteTx&, const v1::CloseCaseRequest&, v1::Case*);
  absl::Status ReopenCase(const Call&, WriteTx&, const v1::ReopenCaseRequest&, v1::Case*);
  absl::Status MovePhase(const Call&, WriteTx&, const v1::MovePhaseRequest&, v1::Case*);
  absl::Status SetReview(const Call&, WriteTx&, const v1::SetReviewRequest&, v1::Case*);
  // responsibility.cc
  absl::Status GetResponsibility(const Call&, ReadTx&, const v1::GetResponsibilityRequest&,
                                 v1::Responsibility*);
  // out_of_school.cc
  absl::Status ReportOutOfSchool(const Call&, WriteTx&, const v1::ReportOutOfSchoolRequest&,
                                 v1::OutOfSchool*);
  absl::Status AdvanceOutOfSchool(const Call&, WriteTx&, const v1::AdvanceOutOfSchoolRequest&,
                                  v1::OutOfSchool*);
  // escalations.cc
  absl::Status RaiseEscalation(const Call&, WriteTx&, const v1::RaiseEscalationRequest&,
                               v1::Escalation*);
  absl::Status WithdrawEscalation(const Call&, WriteTx&, const v1::WithdrawEscalationRequest&,
                                  v1::Escalation*);
  absl::Status ListEscalations(const Call&, const std::vector<Call>&, ReadTx&,
                               const v1::ListEscalationsRequest&, v1::ListEscalationsResponse*);
  absl::Status GetEscalation(const Call&, ReadTx&, const v1::GetEscalationRequest&,
                             v1::EscalationFile*);
  absl::Status TakeUpEscalation(const Call&, WriteTx&, const v1::TakeUpEscalationRequest&,
                                v1::Escalation*);
  absl::Status DecideEscalation(const Call&, WriteTx&, const v1::DecideEscalationRequest&,
                                v1::Escalation*);
  // participants.cc
  absl::Status InviteParticipant(const Call&, WriteTx&, const v1::InviteParticipantRequest&,
                                 v1::Participant*);
  absl::Status JoinCase(const Call&, WriteTx&, const v1::JoinCaseRequest&, v1::Participant*);
  absl::Status EndSeat(const Call&, WriteTx&, const v1::EndSeatRequest&, v1::Participant*);
  absl::Status ArrangeDeputy(const Call&, WriteTx&, const v1::ArrangeDeputyRequest&,
                             v1::Participant*);
  absl::Status TakeOverCase(const Call&, WriteTx&, const v1::TakeOverCaseRequest&,
                            v1::Participant*);
  absl::Status AppointRegisseur(const Call&, WriteTx&, const v1::AppointRegisseurRequest&,
                                v1::Regisseur*);
  // plan.cc
  absl::Status AddContribution(const Call&, WriteTx&, const v1::AddContributionRequest&,
                               v1::Contribution*);
  absl::Status ListOwnRecord(const Call&, ReadTx&, const v1::ListOwnRecordRequest&,
                             v1::ListOwnRecordResponse*);
  // meetings.cc
  absl::Status PlanMeeting(const Call&, WriteTx&, const v1::PlanMeetingRequest&, v1::Meeting*);
  absl::Status ConcludeMeeting(const Call&, WriteTx&, const v1::ConcludeMeetingRequest&,
                               v1::Meeting*);
  absl::Status ConfirmOutcome(const Call&, WriteTx&, const v1::ConfirmOutcomeRequest&,
                              v1::Meeting*);
  // steps.cc
  absl::Status CompleteStep(const Call&, WriteTx&, const v1::CompleteStepRequest&, v1::Step*);
  absl::Status FollowUpStep(const Call&, WriteTx&, const v1::FollowUpStepRequest&, v1::Step*);
  absl::Status DecideStep(const Call&, WriteTx&, const v1::DecideStepRequest&, v1::Step*);
  absl::Status ReactToStep(const Call&, WriteTx&, const v1::ReactToStepRequest&, v1::Step*);
  // step_acts.cc
  absl::Status EvaluateStep(const Call&, WriteTx&, const v1::EvaluateStepRequest&, v1::Step*);
  absl::Status CarryOverStep(const Call&, WriteTx&, const v1::CarryOverStepRequest&, v1::Step*);
  absl::Status ReassignStep(const Call&, WriteTx&, const v1::ReassignStepRequest&, v1::Step*);
  absl::Status DropStep(const Call&, WriteTx&, const v1::DropStepRequest&, v1::Step*);

  crypto::Random& random_;
  const absl::StatusOr<SchoolDuty> school_duty_ = SchoolDuty::BuiltIn();
  const std::shared_ptr<const policy::Framework> framework_;
};

}  // namespace knooppunt::casework

#endif  // KNOOPPUNT_SERVICES_CASEWORK_SERVICE_H_
