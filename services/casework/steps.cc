// Steps: done, followed up, decided on, confirmed and disputed (R5, R6, R9).

#include "absl/strings/str_cat.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "services/casework/errors.h"
#include "services/casework/funding.h"
#include "services/casework/rules.h"
#include "services/casework/service.h"
#include "services/casework/view.h"
#include "services/dossier/errors.h"
#include "services/dossier/family_store.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"

namespace knooppunt::casework {
namespace {

using dossier::Item;
using dossier::ItemKind;
using policy::AuthorizedCall;

constexpr char kStepPattern[] = "families/*/cases/*/steps/*";

// A step, its case and the caller's place at the table: what each act on a step starts from.
struct StepAtTable {
  FamilyFacts facts;
  const CaseFact* c = nullptr;  // in facts
  const Seat* by = nullptr;     // in facts
  Item item;
  v1::Step step;
};

absl::Status LoadStep(const AuthorizedCall& call, storage::ReadTx& tx, absl::string_view step_name,
                      StepAtTable* out) {
  KP_ASSIGN_OR_RETURN(const auto name, dossier::ParseName(call, "name", step_name, kStepPattern));
  KP_ASSIGN_OR_RETURN(out->facts, dossier::LoadFacts(call, tx));
  out->c = dossier::FindCase(out->facts, name.Id("cases"));
  if (out->c == nullptr) return dossier::errors::NotFound();
  KP_ASSIGN_OR_RETURN(out->item, dossier::GetItem(call, tx, ItemKind::kStep, name.Id("steps")));
  if (out->item.case_id != out->c->id()) return dossier::errors::NotFound();
  out->by = dossier::CallerSeat(call, *out->c);
  if (out->by == nullptr) return dossier::errors::NoSeat();
  if (out->c->state() == access::v1::CASE_STATE_CLOSED) return dossier::errors::CaseClosed();
  KP_ASSIGN_OR_RETURN(out->step, ParseStep(out->item));
  return absl::OkStatus();
}

absl::Status StoreStep(const AuthorizedCall& call, storage::WriteTx& tx, const StepAtTable& at,
                       crypto::Random& random) {
  v1::Step bare = at.step;
  bare.clear_label();
  Item item = at.item;
  item.payload = bare.SerializeAsString();
  return dossier::UpdateItem(call, tx, item, random);
}

// The answer to an act on a step: what it comes from is named to who may see that (R18).
absl::Status ShowStep(const AuthorizedCall& call, storage::ReadTx& tx, v1::Step step,
                      v1::Step* resp) {
  const auto origin = base::ResourceName::Parse(step.origin());
  if (origin.ok()) {
    KP_ASSIGN_OR_RETURN(const bool seen, dossier::Opens(call, tx, origin->last_id()));
    if (!seen) step.clear_origin();
  }
  *resp = std::move(step);
  return absl::OkStatus();
}

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
