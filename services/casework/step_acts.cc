// What becomes of a step: evaluated with the family, carried over, given to another owner, dropped
// (R5, R9, R16).

#include "base/status.h"
#include "services/casework/service.h"
#include "services/casework/step_at_table.h"
#include "services/casework/step_life.h"
#include "services/casework/step_owner.h"
#include "services/casework/view.h"
#include "services/dossier/errors.h"
#include "services/dossier/request.h"

namespace knooppunt::casework {
namespace {

StepActor ActorOf(const StepAtTable& at, absl::Time now) {
  return {.facts = at.facts, .c = *at.c, .by = *at.by, .now = now};
}

}  // namespace

absl::Status CaseworkService::EvaluateStep(const Call& call, WriteTx& tx,
                                           const v1::EvaluateStepRequest& req, v1::Step* resp) {
  StepAtTable at;
  KP_RETURN_IF_ERROR(LoadStep(call, tx, req.name(), &at));
  KP_RETURN_IF_ERROR(casework::EvaluateStep(&at.step, req, ActorOf(at, call.now())));
  KP_RETURN_IF_ERROR(StoreStep(call, tx, at, random_));
  return ShowStep(call, tx, std::move(at.step), resp);
}

absl::Status CaseworkService::CarryOverStep(const Call& call, WriteTx& tx,
                                            const v1::CarryOverStepRequest& req, v1::Step* resp) {
  StepAtTable at;
  KP_RETURN_IF_ERROR(LoadStep(call, tx, req.name(), &at));
  v1::Meeting meeting;
  if (!req.meeting().empty()) {
    KP_ASSIGN_OR_RETURN(const auto name, dossier::ParseName(call, "meeting", req.meeting(),
                                                            "families/*/cases/*/meetings/*"));
    KP_ASSIGN_OR_RETURN(
        const dossier::Item item,
        dossier::GetItem(call, tx, dossier::ItemKind::kMeeting, name.Id("meetings")));
    if (item.case_id != at.c->id() || name.Id("cases") != at.c->id()) {
      return dossier::errors::NotFound();
    }
    KP_ASSIGN_OR_RETURN(meeting, ParseMeeting(item));
  }
  KP_RETURN_IF_ERROR(casework::CarryOverStep(
      &at.step, req, req.meeting().empty() ? nullptr : &meeting, ActorOf(at, call.now())));
  KP_RETURN_IF_ERROR(CheckOwnerReads(call.decision(), at.step.owner_seat(), at.item.scope));
  KP_RETURN_IF_ERROR(StoreStep(call, tx, at, random_));
  return ShowStep(call, tx, std::move(at.step), resp);
}

absl::Status CaseworkService::ReassignStep(const Call& call, WriteTx& tx,
                                           const v1::ReassignStepRequest& req, v1::Step* resp) {
  StepAtTable at;
  KP_RETURN_IF_ERROR(LoadStep(call, tx, req.name(), &at));
  KP_RETURN_IF_ERROR(casework::ReassignStep(&at.step, req, ActorOf(at, call.now())));
  KP_RETURN_IF_ERROR(CheckOwnerReads(call.decision(), at.step.owner_seat(), at.item.scope));
  KP_RETURN_IF_ERROR(StoreStep(call, tx, at, random_));
  return ShowStep(call, tx, std::move(at.step), resp);
}

absl::Status CaseworkService::DropStep(const Call& call, WriteTx& tx,
                                       const v1::DropStepRequest& req, v1::Step* resp) {
  StepAtTable at;
  KP_RETURN_IF_ERROR(LoadStep(call, tx, req.name(), &at));
  KP_RETURN_IF_ERROR(casework::DropStep(&at.step, req, ActorOf(at, call.now())));
  KP_RETURN_IF_ERROR(StoreStep(call, tx, at, random_));
  return ShowStep(call, tx, std::move(at.step), resp);
}

}  // namespace knooppunt::casework
