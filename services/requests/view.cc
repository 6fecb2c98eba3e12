#include "services/requests/view.h"

#include <utility>

#include "base/date.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "security/crypto/hash.h"
#include "services/dossier/request.h"
#include "services/requests/rules.h"

namespace knooppunt::requests {

absl::StatusOr<v1::Request> RequestView(const policy::AuthorizedCall& call, storage::ReadTx& tx,
                                        const dossier::Item& item) {
  v1::Request out;
  if (!out.ParseFromString(item.payload)) return absl::DataLossError("an item cannot be read");
  KP_ASSIGN_OR_RETURN(const auto requester, base::ResourceName::Parse(out.requester()));
  KP_ASSIGN_OR_RETURN(const bool opens, dossier::Opens(call, tx, requester.last_id()));
  if (!opens) out.clear_requester();
  *out.mutable_label() = item.label;
  out.set_overdue(IsOverdue(out, base::DateOf(call.now())));
  out.set_etag(crypto::HexEncode(crypto::Sha256(out.SerializeAsString()).substr(0, 16)));
  return out;
}

absl::StatusOr<Loaded> LoadRequest(const policy::AuthorizedCall& call, storage::ReadTx& tx,
                                   absl::string_view name) {
  KP_ASSIGN_OR_RETURN(const auto parsed,
                      dossier::ParseName(call, "name", name, "families/*/requests/*"));
  Loaded out;
  KP_ASSIGN_OR_RETURN(
      out.item, dossier::GetItem(call, tx, dossier::ItemKind::kRequest, parsed.Id("requests")));
  if (!out.stored.ParseFromString(out.item.payload)) {
    return absl::DataLossError("an item cannot be read");
  }
  KP_ASSIGN_OR_RETURN(out.view, RequestView(call, tx, out.item));
  return out;
}

absl::StatusOr<v1::Request> StoreRequest(const policy::AuthorizedCall& call, storage::WriteTx& tx,
                                         Loaded loaded, crypto::Random& random) {
  loaded.item.payload = loaded.stored.SerializeAsString();
  KP_RETURN_IF_ERROR(dossier::UpdateItem(call, tx, loaded.item, random));
  return RequestView(call, tx, loaded.item);
}

}  // namespace knooppunt::requests
