#include "services/plan/editing.h"

#include "base/resource_name.h"
#include "base/status.h"
#include "services/dossier/errors.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/plan/errors.h"
#include "services/plan/view.h"

namespace knooppunt::plan {
namespace {

using access::v1::CaseFact;
using dossier::ItemKind;

// Whether the permit opens the item, and it is of this case.
absl::StatusOr<bool> IsLinked(const AuthorizedCall& call, storage::ReadTx& tx, const CaseFact& c,
                              ItemKind kind, absl::string_view name) {
  const auto parsed = base::ResourceName::Parse(name);
  if (!parsed.ok()) return false;
  const auto item = dossier::GetItem(call, tx, kind, parsed->last_id());
  if (absl::IsNotFound(item.status())) return false;
  if (!item.ok()) return item.status();
  return parsed->Id("families") == call.family() && parsed->Id("cases") == c.id() &&
         item->case_id == c.id();
}

}  // namespace

Writer WriterOf(const AuthorizedCall& call) {
  return {.staff = call.is_staff(), .person = call.person()};
}

absl::Status LoadPlace(const AuthorizedCall& call, storage::ReadTx& tx, absl::string_view parent,
                       const common::v1::Label& label, absl::string_view field, Place* out) {
  KP_ASSIGN_OR_RETURN(const auto name,
                      dossier::ParseName(call, "parent", parent, "families/*/cases/*"));
  KP_ASSIGN_OR_RETURN(out->facts, dossier::LoadFacts(call, tx));
  KP_ASSIGN_OR_RETURN(out->c, CaseToWorkOn(out->facts, name.Id("cases")));
  return dossier::CheckLabel(field, label, out->facts);
}

absl::Status Add(const AuthorizedCall& call, storage::WriteTx& tx, Place* place, v1::PlanItem* item,
                 crypto::Random& random) {
  KP_RETURN_IF_ERROR(InsertNew(call, tx, &place->facts, *place->c, item, random));
  return Reader(call, tx, place->facts).Show(item);
}

absl::Status LoadForChange(const AuthorizedCall& call, storage::ReadTx& tx, const Change& change,
                           LoadedItem* out) {
  KP_RETURN_IF_ERROR(LoadItem(call, tx, change.name, change.collection, out));
  if (out->c->state() == access::v1::CASE_STATE_CLOSED) return dossier::errors::CaseClosed();
  if (change.etag.empty()) return errors::EtagMissing();
  v1::PlanItem shown = out->item;
  KP_RETURN_IF_ERROR(Reader(call, tx, out->facts).Show(&shown));
  const bool same = With(shown, [&](const auto& m) { return m.etag() == change.etag; });
  return same ? absl::OkStatus() : errors::Stale();
}

absl::Status Save(const AuthorizedCall& call, storage::WriteTx& tx, const LoadedItem& loaded,
                  v1::PlanItem* next, crypto::Random& random) {
  KP_RETURN_IF_ERROR(Replace(call, tx, loaded, next, random));
  return Reader(call, tx, loaded.facts).Show(next);
}

absl::Status CheckLinked(const AuthorizedCall& call, storage::ReadTx& tx, const CaseFact& c,
                         ItemKind kind, absl::string_view field,
                         const google::protobuf::RepeatedPtrField<std::string>& names) {
  for (const std::string& name : names) {
    KP_ASSIGN_OR_RETURN(const bool linked, IsLinked(call, tx, c, kind, name));
    if (!linked) return errors::UnknownLink(field);
  }
  return absl::OkStatus();
}

absl::Status CheckServes(const AuthorizedCall& call, storage::ReadTx& tx, const CaseFact& c,
                         absl::string_view wish) {
  KP_ASSIGN_OR_RETURN(const bool linked, IsLinked(call, tx, c, ItemKind::kWish, wish));
  return linked ? absl::OkStatus() : errors::UnknownWish();
}

}  // namespace knooppunt::plan
