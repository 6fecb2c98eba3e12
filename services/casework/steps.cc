// Steps: done, followed up, decided on, confirmed and disputed (R5, R6, R9).

#include "absl/strings/str_cat.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "services/casework/errors.h"
#include "services/casework/funding.h"
#include "services/casework/rules.h"
#include "services/casework/service.h"
#include "services/casework/step_at_table.h"
#include "services/casework/step_owner.h"
#include "services/casework/view.h"
#include "services/dossier/errors.h"
#include "services/dossier/family_store.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"

namespace knooppunt::casework {
namespace {

using dossier::Item;
using dossier::ItemKind;

}  // namespace

absl::Status CaseworkService::CompleteStep(const Call& call, WriteTx& tx,
                                           const v1::CompleteStepRequest& req, v1::Step* resp) {
  StepAtTable at;
  KP_RETURN_IF_ERROR(LoadStep(call, tx, req.name(), &at));
  KP_RETURN_IF_ERROR(casework::CompleteStep(&at.step, *at.c, *at.by, req.outcome()));
  KP_RETURN_IF_ERROR(StoreStep(call, tx, at, random_));
  return ShowStep(call, tx, std::move(at.step), resp);
}

absl::Status CaseworkService::FollowUpStep(const Call& call, WriteTx& tx,
                                           const v1::FollowUpStepRequest& req, v1::Step* resp) {
  StepAtTable at;
  KP_RETURN_IF_ERROR(LoadStep(call, tx, req.name(), &at));
  if (!dossier::ActsFor(*at.by, at.step.owner_seat()) &&
      !dossier::LeadsOrStandsIn(*at.c, at.by->id())) {
    return errors::NotOwnerOrRegisseur();
  }
  const base::Date today = base::DateOf(call.now());
  KP_RETURN_IF_ERROR(CheckNewStep("step", req.step(), at.facts, *at.c, today, call.now()));
  KP_RETURN_IF_ERROR(CheckOwnerWillRead(call, req.step().owner_seat(), 0));
  *resp = AgreedStep(req.step(), *at.c, call.reference(0).professional(), today, call.now());
  KP_RETURN_IF_ERROR(FundStep(*framework_, today, resp));
  const std::string id = call.Id("step", 0);
  resp->set_name(absl::StrCat(CaseName(at.facts.id(), at.c->id()), "/steps/", id));
  resp->set_origin(at.step.name());
  const Item item = {.id = id,
                     .kind = ItemKind::kStep,
                     .case_id = at.c->id(),
                     .payload = resp->SerializeAsString()};
  KP_RETURN_IF_ERROR(dossier::InsertItem(call, tx, &at.facts, item, 0, random_));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &at.facts, random_));
  *resp->mutable_label() = call.write_scopes()[0].label;
  return absl::OkStatus();
}

absl::Status CaseworkService::DecideStep(const Call& call, WriteTx& tx,
                                         const v1::DecideStepRequest& req, v1::Step* resp) {
  StepAtTable at;
  KP_RETURN_IF_ERROR(LoadStep(call, tx, req.name(), &at));
  KP_RETURN_IF_ERROR(casework::DecideStep(&at.step, *at.c, *at.by, req,
                                          call.reference(0).professional(), call.now()));
  KP_RETURN_IF_ERROR(StoreStep(call, tx, at, random_));
  return ShowStep(call, tx, std::move(at.step), resp);
}

absl::Status CaseworkService::ReactToStep(const Call& call, WriteTx& tx,
                                          const v1::ReactToStepRequest& req, v1::Step* resp) {
  StepAtTable at;
  KP_RETURN_IF_ERROR(LoadStep(call, tx, req.name(), &at));
  KP_RETURN_IF_ERROR(casework::ReactToStep(&at.step, *at.by, req, call.now()));
  KP_RETURN_IF_ERROR(StoreStep(call, tx, at, random_));
  return ShowStep(call, tx, std::move(at.step), resp);
}

}  // namespace knooppunt::casework
