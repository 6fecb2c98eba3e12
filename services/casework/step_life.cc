#include "services/casework/step_life.h"

#include "absl/strings/str_cat.h"
#include "base/date.h"
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

constexpr int kMaxCarryOvers = 24;  // a step that is carried over more often is another step
constexpr int kMaxOwnerChanges = 24;
constexpr int kMaxDaysAhead = 366;

bool IsOpen(const v1::Step& step) {
  return step.state() == v1::STEP_STATE_BINDING || step.state() == v1::STEP_STATE_PROPOSED;
}

absl::Status CheckOwnerOrLeader(const v1::Step& step, const StepActor& actor) {
  const bool may = dossier::ActsFor(actor.by, step.owner_seat()) ||
                   dossier::LeadsOrStandsIn(actor.c, actor.by.id());
  return may ? absl::OkStatus() : errors::NotOwnerOrRegisseur();
}

}  // namespace

absl::Status EvaluateStep(v1::Step* step, const v1::EvaluateStepRequest& req,
                          const StepActor& actor) {
  if (req.helped() == v1::STEP_HELPED_UNSPECIFIED || !v1::StepHelped_IsValid(req.helped())) {
    return InvalidField("helped", "be stated");
  }
  KP_RETURN_IF_ERROR(dossier::ValidateText("family_words", req.family_words(), {}));
  const bool of_the_family = !actor.by.person().empty();
  const std::string seat_id =
      req.family_seat().empty() && of_the_family ? actor.by.id() : req.family_seat();
  const access::v1::Seat* seat = dossier::FindSeat(actor.c, seat_id);
  if (seat == nullptr || seat->person().empty() || !dossier::SeatJoined(*seat, actor.now)) {
    return errors::FamilyWordsOfTheFamily();
  }
  if (of_the_family) {
    if (seat_id != actor.by.id()) return errors::FamilyWordsOfTheFamily();
  } else {
    KP_RETURN_IF_ERROR(CheckOwnerOrLeader(*step, actor));
  }
  if (step->state() != v1::STEP_STATE_DONE) return errors::StepNotDone();
  if (step->has_evaluation()) return errors::AlreadyEvaluated();
  v1::StepEvaluation& evaluation = *step->mutable_evaluation();
  evaluation.set_helped(req.helped());
  evaluation.set_family_words(req.family_words());
  evaluation.set_family_seat(seat_id);
  evaluation.set_recorded_by_seat(actor.by.id());
  *evaluation.mutable_time() = dossier::ToTimestamp(actor.now);
  return absl::OkStatus();
}

absl::Status CarryOverStep(v1::Step* step, const v1::CarryOverStepRequest& req,
                           const v1::Meeting* meeting, const StepActor& actor) {
  KP_RETURN_IF_ERROR(dossier::ValidateText("reason", req.reason(), {}));
  KP_ASSIGN_OR_RETURN(const base::Date to, dossier::ParseDay("due_date", req.due_date()));
  KP_RETURN_IF_ERROR(CheckOwnerOrLeader(*step, actor));
  if (!IsOpen(*step)) return errors::StepIsOver();
  const access::v1::Seat* owner = dossier::FindSeat(actor.c, step->owner_seat());
  if (owner == nullptr || !MayOwnSteps(*owner, actor.facts, actor.c, actor.now)) {
    return errors::OwnerNotAtTable();
  }
  const base::Date today = base::DateOf(actor.now);
  const auto from = base::ParseDate(step->due_date());
  if (to < today || to > today + kMaxDaysAhead || (from.ok() && to <= *from)) {
    return InvalidField("due_date", "be after the date it had, and from today to 366 days ahead");
  }
  if (meeting != nullptr) {
    if (meeting->state() != v1::MEETING_STATE_PLANNED) return errors::MeetingConcluded();
    const auto on = base::ParseDate(meeting->date());
    if (on.ok() && *on > to) return InvalidField("meeting", "be held before the new date");
  }
  if (step->carry_overs_size() >= kMaxCarryOvers) {
    return dossier::errors::TooMany("times that one step was carried over");
  }
  v1::CarryOver& over = *step->add_carry_overs();
  over.set_from_date(step->due_date());
  over.set_to_date(req.due_date());
  over.set_meeting(req.meeting());
  over.set_reason(req.reason());
  over.set_seat(actor.by.id());
  *over.mutable_time() = dossier::ToTimestamp(actor.now);
  step->set_due_date(req.due_date());
  return absl::OkStatus();
}

absl::Status ReassignStep(v1::Step* step, const v1::ReassignStepRequest& req,
                          const StepActor& actor) {
  KP_RETURN_IF_ERROR(dossier::ValidateText("reason", req.reason(), {}));
  KP_RETURN_IF_ERROR(CheckOwnerOrLeader(*step, actor));
  if (!IsOpen(*step)) return errors::StepIsOver();
  const access::v1::Seat* owner = dossier::FindSeat(actor.c, req.owner_seat());
  if (owner == nullptr || !MayOwnSteps(*owner, actor.facts, actor.c, actor.now)) {
    return errors::OwnerNotAtTable();
  }
  if (owner->id() == step->owner_seat()) return errors::SameOwner();
  if (step->owner_changes_size() >= kMaxOwnerChanges) {
    return dossier::errors::TooMany("times that one step got another owner");
  }
  v1::OwnerChange& change = *step->add_owner_changes();
  change.set_from_seat(step->owner_seat());
  change.set_to_seat(owner->id());
  change.set_reason(req.reason());
  change.set_seat(actor.by.id());
  *change.mutable_time() = dossier::ToTimestamp(actor.now);
  step->set_owner_seat(owner->id());
  return absl::OkStatus();
}

absl::Status DropStep(v1::Step* step, const v1::DropStepRequest& req, const StepActor& actor) {
  KP_RETURN_IF_ERROR(dossier::ValidateText("reason", req.reason(), {}));
  KP_RETURN_IF_ERROR(CheckOwnerOrLeader(*step, actor));
  if (!IsOpen(*step)) return errors::StepIsOver();
  step->set_state(v1::STEP_STATE_DROPPED);
  AddOutcome(absl::StrCat("Vervallen: ", req.reason()), step);
  return absl::OkStatus();
}

}  // namespace knooppunt::casework
