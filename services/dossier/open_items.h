// What stands open in the items of a family: steps to do, meetings to hold, outcomes to confirm.
// Kept beside the items as they are written, so that a worklist reads one row for a family and
// opens only what it shows. Ids, kinds and dates, sealed under the facts key: who may not open the
// scope of an item has no entry for it, and the table shows nobody anything.
//
// Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_DOSSIER_OPEN_ITEMS_H_
#define KNOOPPUNT_SERVICES_DOSSIER_OPEN_ITEMS_H_

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/date.h"
#include "knooppunt/worklist/v1/store.pb.h"
#include "security/crypto/random.h"
#include "security/policy/authorized_call.h"
#include "security/storage/database.h"
#include "services/dossier/family_store.h"

namespace knooppunt::dossier {

// Pure. What stands open in an item, with its payload as it will be stored; nothing when nothing
// does, or when it is of a kind in which nothing ever does. `since` is left empty.
std::optional<worklist::v1::OpenItem> OpenIn(const Item& item);

// Pure. Puts what stands open in `item` in the place of what stood open in it before.
void Renew(const Item& item, base::Date today, worklist::v1::OpenItems* open);

// Whether items of this kind can have something open in them: others cost nothing.
bool CanStandOpen(ItemKind kind);

// Renews the row of call.family() for an item just written. Called by the store itself: no handler
// can forget.
absl::Status NoteOpen(const AuthorizedCall& call, storage::WriteTx& tx, const Item& item,
                      crypto::Random& random);

// Puts the invitations to a meeting that stand open in the place of those that stood open before:
// ids, dates, seats and states, of which kind, meeting and `since` are set here. They have no
// scope: whom one is for sees it, whether or not the meeting opens to them (R18).
absl::Status NoteInvitations(const AuthorizedCall& call, storage::WriteTx& tx,
                             absl::string_view meeting, std::vector<worklist::v1::OpenItem> open,
                             crypto::Random& random);

// Everything open of call.family(), of whatever scope: the reader leaves out what the call does not
// open (R18). Empty when nothing was ever noted.
absl::StatusOr<worklist::v1::OpenItems> LoadOpenItems(const AuthorizedCall& call,
                                                      storage::ReadTx& tx);

}  // namespace knooppunt::dossier

#endif  // KNOOPPUNT_SERVICES_DOSSIER_OPEN_ITEMS_H_
