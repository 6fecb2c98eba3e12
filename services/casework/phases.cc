// The life of a case: its phases in 1G1P1R, and its next review (R1). Declared in rules.h.

#include <algorithm>

#include "base/status.h"
#include "services/casework/errors.h"
#include "services/casework/rules.h"
#include "services/dossier/errors.h"
#include "services/dossier/request.h"

namespace knooppunt::casework {
namespace {

using access::v1::CASE_PHASE_ACT;
using access::v1::CASE_PHASE_AFTERCARE;
using access::v1::CASE_PHASE_EVALUATE;
using access::v1::CASE_PHASE_INTERPRET;
using access::v1::CASE_PHASE_PLAN;
using access::v1::CASE_PHASE_SIGNAL;
using dossier::errors::InvalidField;

constexpr PhaseTransition kPhaseTransitions[] = {
    {CASE_PHASE_SIGNAL, CASE_PHASE_INTERPRET},
    {CASE_PHASE_INTERPRET, CASE_PHASE_PLAN},
    {CASE_PHASE_PLAN, CASE_PHASE_ACT},
    {CASE_PHASE_ACT, CASE_PHASE_EVALUATE},
    {CASE_PHASE_EVALUATE, CASE_PHASE_AFTERCARE},
    // Back, when it turns out otherwise or when there is more to do.
    {CASE_PHASE_PLAN, CASE_PHASE_INTERPRET},
    {CASE_PHASE_ACT, CASE_PHASE_PLAN},
    {CASE_PHASE_EVALUATE, CASE_PHASE_INTERPRET},
    {CASE_PHASE_EVALUATE, CASE_PHASE_PLAN},
    {CASE_PHASE_EVALUATE, CASE_PHASE_ACT},
    {CASE_PHASE_AFTERCARE, CASE_PHASE_INTERPRET},
    {CASE_PHASE_AFTERCARE, CASE_PHASE_EVALUATE},
};

// What comes before there is a plan, and so before there must be a regisseur.
bool NeedsPlan(CasePhase phase) {
  return phase != CASE_PHASE_SIGNAL && phase != CASE_PHASE_INTERPRET;
}

}  // namespace

absl::Span<const PhaseTransition> PhaseTransitions() { return kPhaseTransitions; }

CasePhase PhaseOf(const CaseFact& c) {
  return c.phase() == access::v1::CASE_PHASE_UNSPECIFIED ? CASE_PHASE_SIGNAL : c.phase();
}

absl::Status MovePhase(CaseFact* c, CasePhase to) {
  if (to == access::v1::CASE_PHASE_UNSPECIFIED || !access::v1::CasePhase_IsValid(to)) {
    return InvalidField("phase", "be stated");
  }
  if (c->state() == access::v1::CASE_STATE_CLOSED) return dossier::errors::CaseClosed();
  const CasePhase from = PhaseOf(*c);
  const bool allowed =
      std::any_of(std::begin(kPhaseTransitions), std::end(kPhaseTransitions),
                  [&](const PhaseTransition& t) { return t.from == from && t.to == to; });
  if (!allowed) return errors::ForbiddenPhase();
  if (NeedsPlan(to) && c->state() != access::v1::CASE_STATE_ACTIVE) {
    return dossier::errors::CaseNotActive();
  }
  c->set_phase(to);
  return absl::OkStatus();
}

absl::Status SetReview(CaseFact* c, absl::string_view review_date, base::Date today) {
  KP_ASSIGN_OR_RETURN(const base::Date day, dossier::ParseDay("review_date", review_date));
  if (c->state() == access::v1::CASE_STATE_CLOSED) return dossier::errors::CaseClosed();
  if (c->state() != access::v1::CASE_STATE_ACTIVE) return dossier::errors::CaseNotActive();
  if (day <= today || day > today + kMaxReviewDays) {
    return InvalidField("review_date", "be after today and at most 366 days ahead");
  }
  c->set_review_date(base::FormatDate(day));
  return absl::OkStatus();
}

void EnsureReview(CaseFact* c, base::Date today) {
  const auto day = base::ParseDate(c->review_date());
  if (day.ok() && *day > today) return;
  c->set_review_date(base::FormatDate(today + kFirstReviewDays));
}

}  // namespace knooppunt::casework
