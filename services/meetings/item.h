// One agenda item that a call is about. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_MEETINGS_ITEM_H_
#define KNOOPPUNT_SERVICES_MEETINGS_ITEM_H_

#include "services/dossier/family_store.h"
#include "services/meetings/meeting.h"

namespace knooppunt::meetings {

struct LoadedItem {
  LoadedMeeting of;
  dossier::Item stored;
  v1::AgendaItem item;  // as stored, its label put in
};
// The item with that name, of a case that is not closed. The constant NOT_FOUND (R18) when it is
// not there, not opened, of another meeting, or of one that is not the caller's to know of.
absl::Status LoadItem(const AuthorizedCall& call, storage::ReadTx& tx, absl::string_view name,
                      LoadedItem* out);
absl::Status CheckItemEtag(const AuthorizedCall& call, storage::ReadTx& tx,
                           const LoadedItem& loaded, absl::string_view etag);
// Stores `next` in its place, and shows it as the caller may see it.
absl::Status SaveItem(const AuthorizedCall& call, storage::WriteTx& tx, const LoadedItem& loaded,
                      v1::AgendaItem next, crypto::Random& random, v1::AgendaItem* shown);

}  // namespace knooppunt::meetings

#endif  // KNOOPPUNT_SERVICES_MEETINGS_ITEM_H_
