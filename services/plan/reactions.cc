// Confirming and disputing what the plan says, next to it and in one's own words (R9).

#include <string>

#include "base/status.h"
#include "services/dossier/errors.h"
#include "services/dossier/request.h"
#include "services/plan/errors.h"
#include "services/plan/items.h"
#include "services/plan/rules.h"
#include "services/plan/service.h"
#include "services/plan/view.h"

namespace knooppunt::plan {

absl::Status PlanService::ReactToPlanItem(const Call& call, WriteTx& tx,
                                          const v1::ReactToPlanItemRequest& req,
                                          v1::PlanItem* resp) {
  LoadedItem loaded;
  KP_RETURN_IF_ERROR(LoadItem(call, tx, req.name(), "", &loaded));
  if (loaded.c->state() == access::v1::CASE_STATE_CLOSED) return dossier::errors::CaseClosed();
  if (dossier::CallerSeat(call, *loaded.c) == nullptr) return dossier::errors::NoSeat();
  v1::PlanItem next = loaded.item;
  auto* reactions = MutableReactions(&next);
  if (reactions == nullptr) return errors::WishIsNotDisputed();
  KP_RETURN_IF_ERROR(CheckReaction(req, reactions->size()));
  v1::Reaction* reaction = reactions->Add();
  reaction->set_author(call.actor());
  reaction->set_confirmed(req.confirmed());
  reaction->set_text(req.text());
  *reaction->mutable_time() = dossier::ToTimestamp(call.now());
  reaction->set_revision(RevisionOf(loaded.item).number());
  KP_RETURN_IF_ERROR(ReplaceQuietly(call, tx, loaded, next, random_));
  KP_RETURN_IF_ERROR(Reader(call, tx, loaded.facts).Show(&next));
  resp->Swap(&next);
  return absl::OkStatus();
}

}  // namespace knooppunt::plan
