#include "services/casework/escalation_rules.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "services/casework/errors.h"
#include "services/casework/rules.h"
#include "services/dossier/errors.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/dossier/text.h"

namespace knooppunt::casework {
namespace {

using dossier::errors::InvalidField;
using v1::ESCALATION_STATE_DECIDED;
using v1::ESCALATION_STATE_RAISED;
using v1::ESCALATION_STATE_TAKEN_UP;
using v1::ESCALATION_STATE_WITHDRAWN;

constexpr EscalationTransition kTransitions[] = {
    {ESCALATION_STATE_RAISED, EscalationAct::kTakeUp, ESCALATION_STATE_TAKEN_UP},
    {ESCALATION_STATE_TAKEN_UP, EscalationAct::kDecide, ESCALATION_STATE_TAKEN_UP},
    {ESCALATION_STATE_TAKEN_UP, EscalationAct::kAgree, ESCALATION_STATE_DECIDED},
    {ESCALATION_STATE_RAISED, EscalationAct::kWithdraw, ESCALATION_STATE_WITHDRAWN},
    {ESCALATION_STATE_TAKEN_UP, EscalationAct::kWithdraw, ESCALATION_STATE_WITHDRAWN},
};

constexpr auto kAlderman = common::v1::FUNCTION_ALDERMAN;
constexpr auto kDirector = common::v1::FUNCTION_SAMENWERKINGSVERBAND_DIRECTOR;
constexpr auto kMunicipality = common::v1::ORGANISATION_KIND_MUNICIPALITY;
constexpr auto kPo = common::v1::ORGANISATION_KIND_SAMENWERKINGSVERBAND_PO;
constexpr auto kVo = common::v1::ORGANISATION_KIND_SAMENWERKINGSVERBAND_VO;

// R10. For the nursery the domain names nobody else than for the rest: the samenwerkingsverband PO
// is where the child goes next (to be confirmed).
constexpr DeciderRow kDeciders[] = {
    {common::v1::STAGE_VOORSCHOOL, kAlderman, kMunicipality, false},
    {common::v1::STAGE_VOORSCHOOL, kDirector, kPo, false},
    {common::v1::STAGE_PO, kAlderman, kMunicipality, false},
    {common::v1::STAGE_PO, kDirector, kPo, false},
    {common::v1::STAGE_SBO, kAlderman, kMunicipality, false},
    {common::v1::STAGE_SBO, kDirector, kPo, false},
    {common::v1::STAGE_SO, kAlderman, kMunicipality, false},
    {common::v1::STAGE_SO, kDirector, kPo, false},
    {common::v1::STAGE_VO, kAlderman, kMunicipality, false},
    {common::v1::STAGE_VO, kDirector, kVo, false},
    {common::v1::STAGE_PRO, kAlderman, kMunicipality, false},
    {common::v1::STAGE_PRO, kDirector, kVo, false},
    {common::v1::STAGE_VSO, kAlderman, kMunicipality, false},
    {common::v1::STAGE_VSO, kDirector, kVo, false},
    {common::v1::STAGE_MBO, common::v1::FUNCTION_INSTITUTE_DIRECTOR,
     common::v1::ORGANISATION_KIND_SCHOOL_BOARD, true},
};

absl::Status Next(v1::Escalation* escalation, EscalationAct act) {
  for (const EscalationTransition& t : kTransitions) {
    if (t.from == escalation->state() && t.act == act) {
      escalation->set_state(t.to);
      return absl::OkStatus();
    }
  }
  if (IsOver(escalation->state())) return errors::EscalationOver();
  return act == EscalationAct::kTakeUp ? errors::AlreadyTakenUp() : errors::EscalationNotTakenUp();
}

bool Decides(const v1::Escalation& escalation, absl::string_view professional) {
  return std::any_of(escalation.deciders().begin(), escalation.deciders().end(),
                     [&](const v1::Decider& d) { return d.professional() == professional; });
}

// The newest decision of a decider; nullptr while there is none.
const v1::EscalationDecision* NewestOf(const v1::Escalation& escalation,
                                       absl::string_view professional) {
  const v1::EscalationDecision* out = nullptr;
  for (const v1::EscalationDecision& d : escalation.decisions()) {
    if (d.professional() == professional) out = &d;
  }
  return out;
}

bool AllAgreeWith(const v1::Escalation& escalation, const v1::EscalationDecision& last) {
  return std::all_of(
      escalation.deciders().begin(), escalation.deciders().end(), [&](const v1::Decider& d) {
        const v1::EscalationDecision* newest = NewestOf(escalation, d.professional());
        return newest != nullptr && newest->outcome() == last.outcome() &&
               newest->settlement() == last.settlement();
      });
}

// The settlement that the newest decision of somebody else proposes; "" when there is none.
std::string SettlementThere(const v1::Escalation& escalation, absl::string_view professional) {
  std::string out;
  for (const v1::Decider& d : escalation.deciders()) {
    const v1::EscalationDecision* newest = NewestOf(escalation, d.professional());
    if (d.professional() == professional || newest == nullptr) continue;
    if (newest->outcome() == v1::ESCALATION_OUTCOME_SETTLE) out = newest->settlement();
  }
  return out;
}

bool Open(const v1::Step& step) {
  return step.state() == v1::STEP_STATE_BINDING || step.state() == v1::STEP_STATE_PROPOSED;
}

absl::StatusOr<v1::EscalationDecision> NewDecision(const v1::Escalation& escalation,
                                                   const v1::Step* step,
                                                   const v1::DecideEscalationRequest& req,
                                                   absl::string_view professional, absl::Time now) {
  if (req.outcome() == v1::ESCALATION_OUTCOME_UNSPECIFIED ||
      !v1::EscalationOutcome_IsValid(req.outcome())) {
    return InvalidField("outcome", "be stated");
  }
  KP_RETURN_IF_ERROR(dossier::ValidateText("reason", req.reason(), {}));
  KP_RETURN_IF_ERROR(dossier::ValidateText("settlement", req.settlement(), {.required = false}));
  v1::EscalationDecision out;
  out.set_professional(std::string(professional));
  out.set_outcome(req.outcome());
  out.set_reason(req.reason());
  *out.mutable_time() = dossier::ToTimestamp(now);
  if (req.outcome() == v1::ESCALATION_OUTCOME_SETTLE) {
    out.set_settlement(req.settlement().empty() ? SettlementThere(escalation, professional)
                                                : req.settlement());
    if (out.settlement().empty()) return errors::SettlementMissing();
    return out;
  }
  if (!req.settlement().empty()) {
    return InvalidField("settlement", "be empty unless the question is settled");
  }
  if (escalation.step().empty()) return errors::NoStepToDecide();
  if (step == nullptr) return errors::StepNotShown();
  if (!Open(*step)) return errors::NothingToDecide();
  return out;
}

// R10: what was decided binds, whatever the mandates at the table were.
void BindStep(const v1::Escalation& escalation, const v1::EscalationDecision& decision,
              v1::Step* step) {
  const bool binds = decision.outcome() == v1::ESCALATION_OUTCOME_BIND_STEP;
  step->set_state(binds ? v1::STEP_STATE_BINDING : v1::STEP_STATE_DROPPED);
  step->set_escalation(escalation.name());
  step->clear_proposal_reason();
  AddOutcome(absl::StrCat(binds ? "Bindend door een besluit (R10): "
                                : "Gaat niet door, door een besluit (R10): ",
                          decision.reason()),
             step);
}

}  // namespace

absl::Span<const EscalationTransition> EscalationTransitions() { return kTransitions; }

bool IsOver(v1::EscalationState state) {
  return state == ESCALATION_STATE_DECIDED || state == ESCALATION_STATE_WITHDRAWN;
}

absl::Span<const DeciderRow> DeciderRows() { return kDeciders; }

absl::StatusOr<std::vector<v1::Decider>> CheckDeciders(
    const google::protobuf::RepeatedPtrField<v1::Decider>& asked,
    const std::vector<KnownDecider>& known, const Put& put) {
  if (asked.empty() || static_cast<size_t>(asked.size()) != known.size()) {
    return errors::DecidersMissing();
  }
  std::vector<const DeciderRow*> needed;
  for (const DeciderRow& row : kDeciders) {
    if (row.stage == put.stage) needed.push_back(&row);
  }
  std::vector<v1::Decider> out;
  out.reserve(known.size());
  for (int i = 0; i < asked.size(); ++i) {
    const v1::Decider& d = asked[i];
    const KnownDecider& k = known[i];
    if (k.professional.name() != d.professional() || k.organisation.name() != d.organisation() ||
        d.function() == common::v1::FUNCTION_UNSPECIFIED ||
        dossier::FunctionAt(k.professional, d.organisation(), d.function(), put.today) ==
            common::v1::FUNCTION_UNSPECIFIED) {
      return errors::DecidersMissing();
    }
    const auto row = std::find_if(needed.begin(), needed.end(), [&](const DeciderRow* r) {
      return r->function == d.function() && r->kind == k.organisation.kind() &&
             (!r->runs_werkplaats || d.organisation() == put.organisation);
    });
    if (row == needed.end()) return errors::WrongDeciders();
    needed.erase(row);
    v1::Decider& decider = out.emplace_back(d);
    decider.set_display_name(k.professional.display_name());
  }
  if (!needed.empty()) return errors::WrongDeciders();
  return out;
}

absl::Status CheckRaising(const v1::Escalation& asked, const v1::Step* step) {
  KP_RETURN_IF_ERROR(dossier::ValidateText("escalation.question", asked.question(), {}));
  KP_RETURN_IF_ERROR(dossier::ValidateText("escalation.tried", asked.tried(), {}));
  if (step != nullptr && !Open(*step)) return errors::NothingToDecide();
  return absl::OkStatus();
}

absl::Status TakeUp(v1::Escalation* escalation, absl::string_view professional, absl::Time now) {
  if (!Decides(*escalation, professional)) return errors::NotADecider();
  KP_RETURN_IF_ERROR(Next(escalation, EscalationAct::kTakeUp));
  escalation->set_taken_up_by(std::string(professional));
  *escalation->mutable_take_up_time() = dossier::ToTimestamp(now);
  return absl::OkStatus();
}

absl::Status DecideEscalation(v1::Escalation* escalation, v1::Step* step,
                              const v1::DecideEscalationRequest& req,
                              absl::string_view professional, absl::Time now) {
  if (!Decides(*escalation, professional)) return errors::NotADecider();
  v1::Escalation next = *escalation;
  KP_RETURN_IF_ERROR(Next(&next, EscalationAct::kDecide));
  KP_ASSIGN_OR_RETURN(const v1::EscalationDecision decision,
                      NewDecision(*escalation, step, req, professional, now));
  if (next.decisions_size() >= kMaxDecisions) return dossier::errors::TooMany("decisions");
  *next.add_decisions() = decision;
  if (AllAgreeWith(next, decision)) {
    KP_RETURN_IF_ERROR(Next(&next, EscalationAct::kAgree));
    next.set_outcome(decision.outcome());
    next.set_settlement(decision.settlement());
    *next.mutable_end_time() = dossier::ToTimestamp(now);
    if (decision.outcome() != v1::ESCALATION_OUTCOME_SETTLE) BindStep(next, decision, step);
  }
  *escalation = std::move(next);
  return absl::OkStatus();
}

absl::Status WithdrawEscalation(v1::Escalation* escalation, const Withdrawer& by,
                                absl::string_view reason, absl::Time now) {
  KP_RETURN_IF_ERROR(dossier::ValidateText("reason", reason, {}));
  const bool of_a_professional = absl::StartsWith(escalation->raised_by(), "professionals/");
  if (escalation->raised_by() != by.actor && !(of_a_professional && by.leads)) {
    return errors::NotTheRaiser();
  }
  KP_RETURN_IF_ERROR(Next(escalation, EscalationAct::kWithdraw));
  escalation->set_withdraw_reason(std::string(reason));
  *escalation->mutable_end_time() = dossier::ToTimestamp(now);
  return absl::OkStatus();
}

}  // namespace knooppunt::casework
