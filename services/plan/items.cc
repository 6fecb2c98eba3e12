#include "services/plan/items.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "services/dossier/errors.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"

namespace knooppunt::plan {
namespace {

using access::v1::CaseFact;
using access::v1::FamilyFacts;
using dossier::Item;
using dossier::ItemKind;

// As it is stored: what the reader gets from elsewhere, or that depends on the reader, is left out.
std::string Payload(const v1::PlanItem& item) {
  v1::PlanItem bare = item;
  return With(&bare, [](auto* m) {
    m->clear_label();
    m->clear_etag();
    return m->SerializeAsString();
  });
}

// What the server sets on a new item.
void Begin(const AuthorizedCall& call, absl::string_view name, v1::PlanItem* item) {
  item->set_name(std::string(name));
  With(item, [&](auto* m) {
    m->set_name(std::string(name));
    m->clear_etag();
    *m->mutable_create_time() = dossier::ToTimestamp(call.now());
    v1::Revision* revision = m->mutable_revision();
    revision->Clear();
    revision->set_number(1);
    revision->set_author(call.actor());
    *revision->mutable_time() = dossier::ToTimestamp(call.now());
  });
}

std::string NameOf(absl::string_view family, absl::string_view case_id, const ItemType& type,
                   absl::string_view id) {
  return absl::StrCat("families/", family, "/cases/", case_id, "/", type.collection, "/", id);
}

absl::Status CheckRoom(const AuthorizedCall& call, storage::ReadTx& tx, absl::string_view case_id,
                       ItemKind kind) {
  KP_ASSIGN_OR_RETURN(const int64_t there, dossier::CountItems(call, tx, case_id, kind));
  return there < limits::kMaxPlanItemsPerCase ? absl::OkStatus()
                                              : dossier::errors::TooMany("items of the plan");
}

}  // namespace

absl::Span<const ItemType> ItemTypes() {
  static constexpr ItemType kTypes[] = {
      {"wishes", ItemKind::kWish, v1::PlanItem::kWish},
      {"goals", ItemKind::kGoal, v1::PlanItem::kGoal},
      {"assets", ItemKind::kAsset, v1::PlanItem::kAsset},
      {"arrangements", ItemKind::kArrangement, v1::PlanItem::kArrangement},
  };
  return kTypes;
}

const ItemType& TypeOf(const v1::PlanItem& item) {
  for (const ItemType& type : ItemTypes()) {
    if (type.which == item.item_case()) return type;
  }
  return ItemTypes()[1];
}

const v1::Revision& RevisionOf(const v1::PlanItem& item) {
  return *With(item, [](const auto& m) { return &m.revision(); });
}
const common::v1::Label& LabelOf(const v1::PlanItem& item) {
  return *With(item, [](const auto& m) { return &m.label(); });
}
int64_t CreateSeconds(const v1::PlanItem& item) {
  return With(item, [](const auto& m) { return m.create_time().seconds(); });
}

google::protobuf::RepeatedPtrField<v1::Reaction>* MutableReactions(v1::PlanItem* item) {
  switch (item->item_case()) {
    case v1::PlanItem::kGoal:
      return item->mutable_goal()->mutable_reactions();
    case v1::PlanItem::kAsset:
      return item->mutable_asset()->mutable_reactions();
    case v1::PlanItem::kArrangement:
      return item->mutable_arrangement()->mutable_reactions();
    case v1::PlanItem::kWish:
    case v1::PlanItem::ITEM_NOT_SET:
      break;
  }
  return nullptr;
}

absl::StatusOr<v1::PlanItem> ParseItem(const Item& item) {
  v1::PlanItem out;
  switch (item.kind) {
    case ItemKind::kWish:
      out.mutable_wish();
      break;
    case ItemKind::kAsset:
      out.mutable_asset();
      break;
    case ItemKind::kArrangement:
      out.mutable_arrangement();
      break;
    default:
      out.mutable_goal();
  }
  const bool parsed = With(&out, [&](auto* m) {
    if (!m->ParseFromString(item.payload)) return false;
    *m->mutable_label() = item.label;
    return true;
  });
  if (!parsed) return absl::DataLossError("an item cannot be read");
  out.set_name(With(out, [](const auto& m) { return m.name(); }));
  // Recorded before goals had states and revisions.
  if (out.has_goal() && out.goal().state() == v1::GOAL_STATE_UNSPECIFIED) {
    out.mutable_goal()->set_state(v1::GOAL_STATE_OPEN);
  }
  return out;
}

absl::StatusOr<std::vector<v1::PlanItem>> ListOf(const AuthorizedCall& call, storage::ReadTx& tx,
                                                 absl::string_view case_id, ItemKind kind) {
  KP_ASSIGN_OR_RETURN(const std::vector<Item> items, dossier::ListItems(call, tx, case_id, kind));
  std::vector<v1::PlanItem> out;
  out.reserve(items.size());
  for (const Item& item : items) {
    KP_ASSIGN_OR_RETURN(v1::PlanItem parsed, ParseItem(item));
    out.push_back(std::move(parsed));
  }
  return out;
}

absl::StatusOr<const CaseFact*> CaseOf(const FamilyFacts& facts, absl::string_view id) {
  const CaseFact* c = dossier::FindCase(facts, id);
  if (c == nullptr) return dossier::errors::NotFound();
  return c;
}

absl::StatusOr<const CaseFact*> CaseToWorkOn(const FamilyFacts& facts, absl::string_view id) {
  KP_ASSIGN_OR_RETURN(const CaseFact* c, CaseOf(facts, id));
  if (c->state() == access::v1::CASE_STATE_CLOSED) return dossier::errors::CaseClosed();
  return c;
}

absl::Status LoadItem(const AuthorizedCall& call, storage::ReadTx& tx, absl::string_view name,
                      absl::string_view collection, LoadedItem* out) {
  const ItemType* type = nullptr;
  for (const ItemType& t : ItemTypes()) {
    const std::string pattern = absl::StrCat("families/*/cases/*/", t.collection, "/*");
    if (base::ResourceName::Parse(name, pattern).ok()) type = &t;
  }
  if (type == nullptr || (!collection.empty() && type->collection != collection)) {
    return dossier::errors::InvalidField(
        "name",
        absl::StrCat("look like families/*/cases/*/", collection.empty() ? "goals" : collection,
                     "/*",
                     collection.empty() ? ", or name a wish, an asset or an arrangement" : ""));
  }
  KP_ASSIGN_OR_RETURN(
      const base::ResourceName parsed,
      dossier::ParseName(call, "name", name,
                         absl::StrCat("families/*/cases/*/", type->collection, "/*")));
  KP_ASSIGN_OR_RETURN(out->facts, dossier::LoadFacts(call, tx));
  KP_ASSIGN_OR_RETURN(out->c, CaseOf(out->facts, parsed.Id("cases")));
  KP_ASSIGN_OR_RETURN(out->stored, dossier::GetItem(call, tx, type->kind, parsed.last_id()));
  if (out->stored.case_id != out->c->id()) return dossier::errors::NotFound();
  KP_ASSIGN_OR_RETURN(out->item, ParseItem(out->stored));
  return absl::OkStatus();
}

absl::Status InsertNew(const AuthorizedCall& call, storage::WriteTx& tx, FamilyFacts* facts,
                       const CaseFact& c, v1::PlanItem* item, crypto::Random& random) {
  const ItemType& type = TypeOf(*item);
  KP_RETURN_IF_ERROR(CheckRoom(call, tx, c.id(), type.kind));
  const std::string id = call.Id("plan", 0);
  Begin(call, NameOf(facts->id(), c.id(), type, id), item);
  const Item stored = {.id = id, .kind = type.kind, .case_id = c.id(), .payload = Payload(*item)};
  KP_RETURN_IF_ERROR(dossier::InsertItem(call, tx, facts, stored, 0, random));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, facts, random));
  With(item, [&](auto* m) { *m->mutable_label() = call.write_scopes()[0].label; });
  return absl::OkStatus();
}

absl::Status InsertBeside(const AuthorizedCall& call, storage::WriteTx& tx,
                          const LoadedItem& beside, v1::PlanItem* item, crypto::Random& random) {
  const ItemType& type = TypeOf(*item);
  KP_RETURN_IF_ERROR(CheckRoom(call, tx, beside.c->id(), type.kind));
  const std::string id = call.Id("plan", 1);
  Begin(call, NameOf(beside.facts.id(), beside.c->id(), type, id), item);
  const Item stored = {
      .id = id, .kind = type.kind, .case_id = beside.c->id(), .payload = Payload(*item)};
  KP_RETURN_IF_ERROR(dossier::InsertBeside(call, tx, stored, beside.stored, random));
  With(item, [&](auto* m) { *m->mutable_label() = beside.stored.label; });
  return absl::OkStatus();
}

absl::Status Replace(const AuthorizedCall& call, storage::WriteTx& tx, const LoadedItem& loaded,
                     v1::PlanItem* next, crypto::Random& random) {
  const int number = RevisionOf(loaded.item).number();
  if (number >= limits::kMaxPlanRevisions) {
    return dossier::errors::TooMany("versions of one item");
  }
  // The version is of this item, so it lists by it, and goes where it goes: the same scope.
  const Item version = {.id = call.Id("version", 0),
                        .kind = ItemKind::kPlanVersion,
                        .case_id = loaded.stored.id,
                        .payload = Payload(loaded.item)};
  KP_RETURN_IF_ERROR(dossier::InsertBeside(call, tx, version, loaded.stored, random));
  With(next, [&](auto* m) {
    m->mutable_revision()->set_number(number + 1);
    m->mutable_revision()->set_author(call.actor());
    *m->mutable_revision()->mutable_time() = dossier::ToTimestamp(call.now());
  });
  return ReplaceQuietly(call, tx, loaded, *next, random);
}

absl::Status ReplaceQuietly(const AuthorizedCall& call, storage::WriteTx& tx,
                            const LoadedItem& loaded, const v1::PlanItem& next,
                            crypto::Random& random) {
  Item stored = loaded.stored;
  stored.payload = Payload(next);
  return dossier::UpdateItem(call, tx, stored, random);
}

absl::StatusOr<std::vector<v1::PlanItem>> EarlierVersions(const AuthorizedCall& call,
                                                          storage::ReadTx& tx,
                                                          const dossier::Item& of) {
  KP_ASSIGN_OR_RETURN(std::vector<Item> versions,
                      dossier::ListItems(call, tx, of.id, ItemKind::kPlanVersion));
  std::vector<v1::PlanItem> out;
  out.reserve(versions.size());
  for (Item& version : versions) {
    version.kind = of.kind;
    KP_ASSIGN_OR_RETURN(v1::PlanItem parsed, ParseItem(version));
    out.push_back(std::move(parsed));
  }
  return out;
}

}  // namespace knooppunt::plan
