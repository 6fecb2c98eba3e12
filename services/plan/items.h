// The items of a plan as they are stored: four kinds, each sealed under its own label (R38), and
// for each change what stood before. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_PLAN_ITEMS_H_
#define KNOOPPUNT_SERVICES_PLAN_ITEMS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "knooppunt/plan/v1/plan.pb.h"
#include "security/crypto/random.h"
#include "security/policy/authorized_call.h"
#include "security/storage/database.h"
#include "services/dossier/family_store.h"

namespace knooppunt::plan {

using policy::AuthorizedCall;

struct ItemType {
  absl::string_view collection;  // in names: ".../goals/{g}"
  dossier::ItemKind kind;
  v1::PlanItem::ItemCase which;
};
// In the order in which a plan is read.
absl::Span<const ItemType> ItemTypes();
const ItemType& TypeOf(const v1::PlanItem& item);

// Calls f(message) with the one message that `item` holds. An item that holds none is a goal.
template <typename F>
auto With(v1::PlanItem* item, F f) {
  switch (item->item_case()) {
    case v1::PlanItem::kWish:
      return f(item->mutable_wish());
    case v1::PlanItem::kAsset:
      return f(item->mutable_asset());
    case v1::PlanItem::kArrangement:
      return f(item->mutable_arrangement());
    case v1::PlanItem::kGoal:
    case v1::PlanItem::ITEM_NOT_SET:
      break;
  }
  return f(item->mutable_goal());
}
template <typename F>
auto With(const v1::PlanItem& item, F f) {
  switch (item.item_case()) {
    case v1::PlanItem::kWish:
      return f(item.wish());
    case v1::PlanItem::kAsset:
      return f(item.asset());
    case v1::PlanItem::kArrangement:
      return f(item.arrangement());
    case v1::PlanItem::kGoal:
    case v1::PlanItem::ITEM_NOT_SET:
      break;
  }
  return f(item.goal());
}
// Of the message that an item holds.
const v1::Revision& RevisionOf(const v1::PlanItem& item);
const common::v1::Label& LabelOf(const v1::PlanItem& item);
int64_t CreateSeconds(const v1::PlanItem& item);
// Reactions to it; nullptr for a wish, which has none.
google::protobuf::RepeatedPtrField<v1::Reaction>* MutableReactions(v1::PlanItem* item);

// The stored item opened, its label put in. DATA_LOSS for one that does not parse.
absl::StatusOr<v1::PlanItem> ParseItem(const dossier::Item& item);
// Every item of one kind that the permit opens, in order of creation.
absl::StatusOr<std::vector<v1::PlanItem>> ListOf(const AuthorizedCall& call, storage::ReadTx& tx,
                                                 absl::string_view case_id, dossier::ItemKind kind);

// The case that a call is about. The constant NOT_FOUND when the family has none with that id.
absl::StatusOr<const access::v1::CaseFact*> CaseOf(const access::v1::FamilyFacts& facts,
                                                   absl::string_view id);
// The same, when it is not closed: what is closed is not worked on.
absl::StatusOr<const access::v1::CaseFact*> CaseToWorkOn(const access::v1::FamilyFacts& facts,
                                                         absl::string_view id);

// An item and where it stands. Not movable: `c` points into `facts`.
struct LoadedItem {
  LoadedItem() = default;
  LoadedItem(const LoadedItem&) = delete;
  LoadedItem& operator=(const LoadedItem&) = delete;

  access::v1::FamilyFacts facts;
  const access::v1::CaseFact* c = nullptr;
  dossier::Item stored;
  v1::PlanItem item;
};
// The item named `name`, of any kind, or of `collection` when it is not empty. INVALID_ARGUMENT for
// a name of another form; the constant NOT_FOUND (R18) when it is not there or not opened.
absl::Status LoadItem(const AuthorizedCall& call, storage::ReadTx& tx, absl::string_view name,
                      absl::string_view collection, LoadedItem* out);

// Stores a new item under the label that the hook demanded, names it, and saves the facts.
// RESOURCE_EXHAUSTED over kMaxPlanItemsPerCase.
absl::Status InsertNew(const AuthorizedCall& call, storage::WriteTx& tx,
                       access::v1::FamilyFacts* facts, const access::v1::CaseFact& c,
                       v1::PlanItem* item, crypto::Random& random);
// Stores a new item beside one just read: the same label, and nothing of it changes the facts.
absl::Status InsertBeside(const AuthorizedCall& call, storage::WriteTx& tx,
                          const LoadedItem& beside, v1::PlanItem* item, crypto::Random& random);
// Stores `next` in the place of loaded.item, which is kept as a version; the next revision is of
// the caller, now. RESOURCE_EXHAUSTED over kMaxPlanRevisions.
absl::Status Replace(const AuthorizedCall& call, storage::WriteTx& tx, const LoadedItem& loaded,
                     v1::PlanItem* next, crypto::Random& random);
// Stores `next`, which says the same: somebody reacted to it.
absl::Status ReplaceQuietly(const AuthorizedCall& call, storage::WriteTx& tx,
                            const LoadedItem& loaded, const v1::PlanItem& next,
                            crypto::Random& random);
// What the item `of` said before, oldest first.
absl::StatusOr<std::vector<v1::PlanItem>> EarlierVersions(const AuthorizedCall& call,
                                                          storage::ReadTx& tx,
                                                          const dossier::Item& of);

}  // namespace knooppunt::plan

#endif  // KNOOPPUNT_SERVICES_PLAN_ITEMS_H_
