#include "services/casework/step_at_table.h"

#include <string>
#include <utility>

#include "base/resource_name.h"
#include "base/status.h"
#include "services/casework/view.h"
#include "services/dossier/errors.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"

namespace knooppunt::casework {
namespace {

constexpr char kStepPattern[] = "families/*/cases/*/steps/*";

// Empties a name that the permit does not open.
absl::Status DropUnseen(const policy::AuthorizedCall& call, storage::ReadTx& tx,
                        std::string* name) {
  const auto parsed = base::ResourceName::Parse(*name);
  if (!parsed.ok()) return absl::OkStatus();
  KP_ASSIGN_OR_RETURN(const bool seen, dossier::Opens(call, tx, parsed->last_id()));
  if (!seen) name->clear();
  return absl::OkStatus();
}

}  // namespace

absl::Status LoadStep(const policy::AuthorizedCall& call, storage::ReadTx& tx,
                      absl::string_view step_name, StepAtTable* out) {
  KP_ASSIGN_OR_RETURN(const auto name, dossier::ParseName(call, "name", step_name, kStepPattern));
  KP_ASSIGN_OR_RETURN(out->facts, dossier::LoadFacts(call, tx));
  out->c = dossier::FindCase(out->facts, name.Id("cases"));
  if (out->c == nullptr) return dossier::errors::NotFound();
  KP_ASSIGN_OR_RETURN(out->item,
                      dossier::GetItem(call, tx, dossier::ItemKind::kStep, name.Id("steps")));
  if (out->item.case_id != out->c->id()) return dossier::errors::NotFound();
  out->by = dossier::CallerSeat(call, *out->c);
  if (out->by == nullptr) return dossier::errors::NoSeat();
  if (out->c->state() == access::v1::CASE_STATE_CLOSED) return dossier::errors::CaseClosed();
  KP_ASSIGN_OR_RETURN(out->step, ParseStep(out->item));
  return absl::OkStatus();
}

absl::Status StoreStep(const policy::AuthorizedCall& call, storage::WriteTx& tx,
                       const StepAtTable& at, crypto::Random& random) {
  v1::Step bare = at.step;
  bare.clear_label();
  dossier::Item item = at.item;
  item.payload = bare.SerializeAsString();
  return dossier::UpdateItem(call, tx, item, random);
}

absl::Status ShowStep(const policy::AuthorizedCall& call, storage::ReadTx& tx, v1::Step step,
                      v1::Step* resp) {
  KP_RETURN_IF_ERROR(DropUnseen(call, tx, step.mutable_origin()));
  KP_RETURN_IF_ERROR(DropUnseen(call, tx, step.mutable_escalation()));
  for (v1::CarryOver& over : *step.mutable_carry_overs()) {
    KP_RETURN_IF_ERROR(DropUnseen(call, tx, over.mutable_meeting()));
  }
  *resp = std::move(step);
  return absl::OkStatus();
}

}  // namespace knooppunt::casework
