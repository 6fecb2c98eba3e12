// A request as one caller may see it, and its item. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_REQUESTS_VIEW_H_
#define KNOOPPUNT_SERVICES_REQUESTS_VIEW_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "knooppunt/requests/v1/requests.pb.h"
#include "security/crypto/random.h"
#include "security/policy/authorized_call.h"
#include "security/storage/database.h"
#include "services/dossier/family_store.h"

namespace knooppunt::requests {

// With label, whether it is overdue at call.now(), and etag; without a requester whom the caller
// may not see (R18). DATA_LOSS when it cannot be read.
absl::StatusOr<v1::Request> RequestView(const policy::AuthorizedCall& call, storage::ReadTx& tx,
                                        const dossier::Item& item);
// A request that the permit opens, by its name.
struct Loaded {
  dossier::Item item;
  v1::Request stored;  // as it was stored: what acts change
  v1::Request view;    // as RequestView
};
absl::StatusOr<Loaded> LoadRequest(const policy::AuthorizedCall& call, storage::ReadTx& tx,
                                   absl::string_view name);
// Writes it back, and gives the view of what now stands.
absl::StatusOr<v1::Request> StoreRequest(const policy::AuthorizedCall& call, storage::WriteTx& tx,
                                         Loaded loaded, crypto::Random& random);

}  // namespace knooppunt::requests

#endif  // KNOOPPUNT_SERVICES_REQUESTS_VIEW_H_
