// The hooks of casework: what each call will write or mention, found in the request before
// anybody has validated it. Pure; thread-safe (no state). Labels that are not complete are
// not demanded: the handler refuses them (R38).
#ifndef KNOOPPUNT_SERVICES_CASEWORK_DEMANDS_H_
#define KNOOPPUNT_SERVICES_CASEWORK_DEMANDS_H_

#include "absl/status/status.h"
#include "knooppunt/casework/v1/casework.pb.h"
#include "knooppunt/casework/v1/escalation_service.pb.h"
#include "knooppunt/casework/v1/out_of_school_service.pb.h"
#include "services/runtime/registry.h"

namespace knooppunt::casework {

using runtime::Demands;
using runtime::Preparation;

// Labels: each person in the order of the request, then the opening, then the family's words when
// there are any. References: the
// werkplaats, then each institution with gezag in the order of the request.
absl::Status DemandOpenCase(const Preparation& prep, const v1::OpenCaseRequest& req, Demands* out);
// References: the professional, the organisation.
absl::Status DemandInvite(const Preparation& prep, const v1::InviteParticipantRequest& req,
                          Demands* out);
// Reference: the deputy.
absl::Status DemandDeputy(const Preparation& prep, const v1::ArrangeDeputyRequest& req,
                          Demands* out);
// Label 0. Reference: the school.
absl::Status DemandReport(const Preparation& prep, const v1::ReportOutOfSchoolRequest& req,
                          Demands* out);
// Label 0. References: the werkplaats, then of each decider the professional and the organisation.
absl::Status DemandRaise(const Preparation& prep, const v1::RaiseEscalationRequest& req,
                         Demands* out);
// Reference: the caller, whose mandate is looked at (R6).
absl::Status DemandDecide(const Preparation& prep, const v1::DecideStepRequest& req, Demands* out);
// Label 0.
absl::Status DemandContribution(const Preparation& prep, const v1::AddContributionRequest& req,
                                Demands* out);
absl::Status DemandPlanMeeting(const Preparation& prep, const v1::PlanMeetingRequest& req,
                               Demands* out);
absl::Status DemandClose(const Preparation& prep, const v1::CloseCaseRequest& req, Demands* out);
absl::Status DemandReopen(const Preparation& prep, const v1::ReopenCaseRequest& req, Demands* out);
// Labels: each step's. References: each step's committed_by, those that are not empty.
absl::Status DemandConclude(const Preparation& prep, const v1::ConcludeMeetingRequest& req,
                            Demands* out);
absl::Status DemandFollowUp(const Preparation& prep, const v1::FollowUpStepRequest& req,
                            Demands* out);

}  // namespace knooppunt::casework

#endif  // KNOOPPUNT_SERVICES_CASEWORK_DEMANDS_H_
