// The rules of escalation, doorzettingsmacht (R10): who decides for which stage, the states, and
// when a decision binds. Pure; no I/O and no clock. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_CASEWORK_ESCALATION_RULES_H_
#define KNOOPPUNT_SERVICES_CASEWORK_ESCALATION_RULES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "base/date.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "knooppunt/casework/v1/escalation.pb.h"
#include "knooppunt/casework/v1/escalation_service.pb.h"
#include "knooppunt/casework/v1/step.pb.h"

namespace knooppunt::casework {

// ---- States ------------------------------------------------------------------

enum class EscalationAct { kTakeUp, kDecide, kAgree, kWithdraw };
struct EscalationTransition {
  v1::EscalationState from;
  EscalationAct act;
  v1::EscalationState to;
};
// The whole state machine; what stands nowhere is refused. kDecide is one of several deciders,
// kAgree the last of them.
absl::Span<const EscalationTransition> EscalationTransitions();
// Decided or withdrawn.
bool IsOver(v1::EscalationState state);

// ---- Who decide ----------------------------------------------------------------

// One of those who decide for a stage.
struct DeciderRow {
  common::v1::Stage stage;
  common::v1::Function function;
  common::v1::OrganisationKind kind;
  bool runs_werkplaats;  // and no other organisation of that kind
};
// R10, by stage: each row is somebody whose decision is needed.
absl::Span<const DeciderRow> DeciderRows();

// As the directory knows one who was named; unset facts are unknown to it.
struct KnownDecider {
  access::v1::ProfessionalFacts professional;
  access::v1::OrganisationFacts organisation;
};
// The deciders as they will stand in the escalation. FAILED_PRECONDITION unless each holds the
// function there on `today` and together they are exactly those of the stage.
struct Put {
  common::v1::Stage stage;
  absl::string_view organisation;  // that runs the werkplaats
  base::Date today;
};
absl::StatusOr<std::vector<v1::Decider>> CheckDeciders(
    const google::protobuf::RepeatedPtrField<v1::Decider>& asked,
    const std::vector<KnownDecider>& known, const Put& put);

inline constexpr int kMaxDecisions = 32;  // of one escalation, changes of mind included

// ---- Acts ----------------------------------------------------------------------

// A question and what was tried, in words; a step, when named, that is agreed or proposed.
absl::Status CheckRaising(const v1::Escalation& asked, const v1::Step* step);
absl::Status TakeUp(v1::Escalation* escalation, absl::string_view professional, absl::Time now);
// Adds the decision of `professional`. When the newest of each decider agree, the escalation is
// decided: `step`, when it is about one and that is decided, binds or is dropped with the reason.
// `step` is nullptr when the decider may not see it.
absl::Status DecideEscalation(v1::Escalation* escalation, v1::Step* step,
                              const v1::DecideEscalationRequest& req,
                              absl::string_view professional, absl::Time now);
// By who raised it; `leads` when the caller leads the case, which is enough when a professional
// raised it.
struct Withdrawer {
  std::string actor;
  bool leads = false;
};
absl::Status WithdrawEscalation(v1::Escalation* escalation, const Withdrawer& by,
                                absl::string_view reason, absl::Time now);

}  // namespace knooppunt::casework

#endif  // KNOOPPUNT_SERVICES_CASEWORK_ESCALATION_RULES_H_
