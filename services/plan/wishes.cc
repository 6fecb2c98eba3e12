// Wishes: of the child and of each parent, in their own words (R9).

#include "base/date.h"
#include "base/status.h"
#include "services/plan/editing.h"
#include "services/plan/rules.h"
#include "services/plan/service.h"

namespace knooppunt::plan {

absl::Status PlanService::AddWish(const Call& call, WriteTx& tx, const v1::AddWishRequest& req,
                                  v1::Wish* resp) {
  KP_RETURN_IF_ERROR(CheckWish("wish", req.wish()));
  Place place;
  KP_RETURN_IF_ERROR(LoadPlace(call, tx, req.parent(), req.wish().label(), "wish.label", &place));
  KP_RETURN_IF_ERROR(
      CheckWisher(req.wish(), place.facts, WriterOf(call), base::DateOf(call.now())));
  v1::PlanItem item;
  item.mutable_wish()->set_person(req.wish().person());
  item.mutable_wish()->set_text(req.wish().text());
  item.mutable_wish()->set_how(req.wish().how());
  KP_RETURN_IF_ERROR(Add(call, tx, &place, &item, random_));
  resp->Swap(item.mutable_wish());
  return absl::OkStatus();
}

absl::Status PlanService::UpdateWish(const Call& call, WriteTx& tx,
                                     const v1::UpdateWishRequest& req, v1::Wish* resp) {
  LoadedItem loaded;
  KP_RETURN_IF_ERROR(LoadForChange(
      call, tx, {.name = req.name(), .collection = "wishes", .etag = req.etag()}, &loaded));
  KP_RETURN_IF_ERROR(CheckMayChange(loaded.item.wish(), WriterOf(call)));
  v1::PlanItem next = loaded.item;
  KP_RETURN_IF_ERROR(ApplyMask(req.wish(), req.update_mask(), WishFields(), next.mutable_wish()));
  // Whoever changes their own wish writes it themselves, however it was given before.
  if (next.wish().person() == call.actor()) next.mutable_wish()->set_how(v1::WISH_HOW_SELF);
  KP_RETURN_IF_ERROR(CheckWish("wish", next.wish()));
  KP_RETURN_IF_ERROR(
      CheckWisher(next.wish(), loaded.facts, WriterOf(call), base::DateOf(call.now())));
  KP_RETURN_IF_ERROR(Save(call, tx, loaded, &next, random_));
  resp->Swap(next.mutable_wish());
  return absl::OkStatus();
}

}  // namespace knooppunt::plan
