#include "services/casework/demands.h"

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status.h"
#include "services/casework/rules.h"
#include "services/dossier/errors.h"
#include "services/dossier/rules.h"

namespace knooppunt::casework {
namespace {

absl::Status DemandLabel(const common::v1::Label& asked, Demands* out) {
  if (dossier::IsComplete(asked)) out->labels.push_back(dossier::Asked(asked));
  return absl::OkStatus();
}

common::v1::Label EducationLabel() {
  common::v1::Label label;
  label.set_compartment(common::v1::COMPARTMENT_EDUCATION);
  label.set_regime(common::v1::REGIME_EDUCATION);
  return label;
}

absl::Status DemandStep(const v1::NewStep& step, Demands* out) {
  if (!step.commitment().committed_by().empty()) {
    out->references.push_back(step.commitment().committed_by());
  }
  return DemandLabel(step.label(), out);
}

}  // namespace

absl::Status DemandOpenCase(const Preparation& prep, const v1::OpenCaseRequest& req, Demands* out) {
  if (req.persons_size() > limits::kMaxPersonsPerFamily) {
    return dossier::errors::InvalidField(
        "persons", absl::StrCat("have at most ", limits::kMaxPersonsPerFamily));
  }
  for (int i = 0; i < req.persons_size(); ++i) {
    common::v1::Label label = EducationLabel();
    label.mutable_about()->add_persons(prep.Id("p", i));
    out->labels.push_back(std::move(label));
  }
  common::v1::Label opening = EducationLabel();
  for (int i : ChildrenOf(req)) opening.mutable_about()->add_persons(prep.Id("p", i));
  out->references.push_back(req.werkplaats());
  for (const v1::NewGezag& g : req.gezag()) {
    if (!g.holder_organisation().empty()) out->references.push_back(g.holder_organisation());
  }
  // R21: access refuses who belongs to this family. Last, for they are no reference to read.
  for (const v1::NewPerson& p : req.persons()) {
    if (!p.account().empty()) out->references.push_back(p.account());
  }
  KP_RETURN_IF_ERROR(DemandLabel(opening, out));
  if (req.family_reason().empty()) return absl::OkStatus();
  // The family's own words are about the family: sharing what the school says of the child does
  // not share them.
  common::v1::Label words = EducationLabel();
  words.mutable_about()->set_family(true);
  return DemandLabel(words, out);
}

absl::Status DemandInvite(const Preparation&, const v1::InviteParticipantRequest& req,
                          Demands* out) {
  out->references = {req.professional(), req.organisation()};
  return absl::OkStatus();
}

absl::Status DemandDeputy(const Preparation&, const v1::ArrangeDeputyRequest& req, Demands* out) {
  out->references = {req.professional()};
  return absl::OkStatus();
}

absl::Status DemandReport(const Preparation&, const v1::ReportOutOfSchoolRequest& req,
                          Demands* out) {
  out->references = {req.absence().school()};
  return DemandLabel(req.absence().label(), out);
}

absl::Status DemandRaise(const Preparation&, const v1::RaiseEscalationRequest& req, Demands* out) {
  if (req.deciders_size() > limits::kMaxDeciders) {
    return dossier::errors::InvalidField("deciders",
                                         absl::StrCat("have at most ", limits::kMaxDeciders));
  }
  out->references.push_back(req.werkplaats());
  for (const v1::Decider& d : req.deciders()) {
    out->references.push_back(d.professional());
    out->references.push_back(d.organisation());
  }
  return DemandLabel(req.escalation().label(), out);
}

absl::Status DemandDecide(const Preparation& prep, const v1::DecideStepRequest&, Demands* out) {
  out->references = {prep.claims.subject()};
  return absl::OkStatus();
}

absl::Status DemandContribution(const Preparation&, const v1::AddContributionRequest& req,
                                Demands* out) {
  return DemandLabel(req.contribution().label(), out);
}
absl::Status DemandPlanMeeting(const Preparation&, const v1::PlanMeetingRequest& req,
                               Demands* out) {
  return DemandLabel(req.label(), out);
}
absl::Status DemandClose(const Preparation&, const v1::CloseCaseRequest& req, Demands* out) {
  return DemandLabel(req.label(), out);
}
absl::Status DemandReopen(const Preparation&, const v1::ReopenCaseRequest& req, Demands* out) {
  return DemandLabel(req.label(), out);
}

absl::Status DemandConclude(const Preparation&, const v1::ConcludeMeetingRequest& req,
                            Demands* out) {
  if (req.steps_size() > limits::kMaxStepsPerMeeting) {
    return dossier::errors::InvalidField(
        "steps", absl::StrCat("have at most ", limits::kMaxStepsPerMeeting));
  }
  for (const v1::NewStep& step : req.steps()) {
    if (absl::Status s = DemandStep(step, out); !s.ok()) return s;
  }
  return absl::OkStatus();
}

absl::Status DemandFollowUp(const Preparation&, const v1::FollowUpStepRequest& req, Demands* out) {
  return DemandStep(req.step(), out);
}

}  // namespace knooppunt::casework
