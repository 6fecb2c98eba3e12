#include "services/meetings/item.h"

#include <algorithm>
#include <utility>

#include "base/status.h"
#include "services/dossier/errors.h"
#include "services/dossier/request.h"

namespace knooppunt::meetings {

absl::Status LoadItem(const AuthorizedCall& call, storage::ReadTx& tx, absl::string_view name,
                      LoadedItem* out) {
  KP_ASSIGN_OR_RETURN(
      const auto parsed,
      dossier::ParseName(call, "name", name, "families/*/cases/*/meetings/*/items/*"));
  KP_RETURN_IF_ERROR(LoadMeeting(call, tx, parsed, &out->of));
  KP_ASSIGN_OR_RETURN(
      out->stored, dossier::GetItem(call, tx, dossier::ItemKind::kAgendaItem, parsed.Id("items")));
  const auto& agenda = out->of.meeting.agenda();
  const bool here = std::any_of(agenda.begin(), agenda.end(), [&](const v1::KeptAgendaItem& a) {
    return a.item() == out->stored.id;
  });
  if (!here) return dossier::errors::NotFound();
  if (out->of.c->state() == access::v1::CASE_STATE_CLOSED) return dossier::errors::CaseClosed();
  KP_ASSIGN_OR_RETURN(out->item, ParseAgendaItem(out->stored));
  return absl::OkStatus();
}

absl::Status CheckItemEtag(const AuthorizedCall& call, storage::ReadTx& tx,
                           const LoadedItem& loaded, absl::string_view etag) {
  v1::AgendaItem shown = loaded.item;
  KP_RETURN_IF_ERROR(Reader(call, tx, loaded.of.family).ShowItem(&shown));
  return CheckEtag(etag, shown.etag());
}

absl::Status SaveItem(const AuthorizedCall& call, storage::WriteTx& tx, const LoadedItem& loaded,
                      v1::AgendaItem next, crypto::Random& random, v1::AgendaItem* shown) {
  v1::AgendaItem bare = next;
  bare.clear_label();
  bare.clear_etag();
  dossier::Item stored = loaded.stored;
  stored.payload = bare.SerializeAsString();
  KP_RETURN_IF_ERROR(dossier::UpdateItem(call, tx, stored, random));
  *shown = std::move(next);
  return Reader(call, tx, loaded.of.family).ShowItem(shown);
}

}  // namespace knooppunt::meetings
