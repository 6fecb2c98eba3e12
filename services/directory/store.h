// The directory's tables in domain terms. Every write of a record also puts the facts
// that access decides on into the outbox, in the same transaction: no handler can forget.
//
// Thread-safe (no state). Every function takes the call: only who passed the gate reads
// or writes (promise P2). The one exception is WriteBootstrap, before anybody can log in.
// Names are well-formed resource names of the right collection.
#ifndef KNOOPPUNT_SERVICES_DIRECTORY_STORE_H_
#define KNOOPPUNT_SERVICES_DIRECTORY_STORE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "knooppunt/directory/v1/directory.pb.h"
#include "knooppunt/directory/v1/werkplaats.pb.h"
#include "security/policy/authorized_call.h"
#include "security/storage/database.h"

namespace knooppunt::directory {

using policy::AuthorizedCall;

// A slice in order of id: at most `limit` rows with an id above `after_id`.
struct Slice {
  std::string after_id;
  int limit = 0;
};

// Empty when there is none; DATA_LOSS for a row that cannot be read.
absl::StatusOr<std::optional<v1::Organisation>> FindOrganisation(const AuthorizedCall& call,
                                                                 storage::ReadTx& tx,
                                                                 absl::string_view name);
absl::StatusOr<std::optional<v1::Professional>> FindProfessional(const AuthorizedCall& call,
                                                                 storage::ReadTx& tx,
                                                                 absl::string_view name);

absl::StatusOr<std::vector<v1::Organisation>> ListOrganisations(const AuthorizedCall& call,
                                                                storage::ReadTx& tx,
                                                                const Slice& slice);
absl::StatusOr<std::vector<v1::Werkplaats>> ListWerkplaatsen(const AuthorizedCall& call,
                                                             storage::ReadTx& tx,
                                                             const Slice& slice);
absl::StatusOr<std::vector<v1::Professional>> ListProfessionals(const AuthorizedCall& call,
                                                                storage::ReadTx& tx,
                                                                const Slice& slice);
// Those with a function at `organisation` that has not ended on `today` (ISO).
absl::StatusOr<std::vector<v1::Professional>> ListEmployed(const AuthorizedCall& call,
                                                           storage::ReadTx& tx,
                                                           absl::string_view organisation,
                                                           absl::string_view today,
                                                           const Slice& slice);

// Insert or update. Returns whether anything changed; what did not, writes nothing.
absl::StatusOr<bool> PutOrganisation(const AuthorizedCall& call, storage::WriteTx& tx,
                                     const v1::Organisation& organisation);
absl::StatusOr<bool> PutWerkplaats(const AuthorizedCall& call, storage::WriteTx& tx,
                                   const v1::Werkplaats& werkplaats);

// ALREADY_EXISTS for a known name or login.
absl::Status InsertProfessional(const AuthorizedCall& call, storage::WriteTx& tx,
                                const v1::Professional& professional);
// NOT_FOUND when there is none of that name. The login never changes. What was delegated from a
// mandate that ends, ends with it, in the same unit of work (R6).
absl::Status UpdateProfessional(const AuthorizedCall& call, storage::WriteTx& tx,
                                const v1::Professional& professional);

absl::StatusOr<std::optional<v1::Werkplaats>> FindWerkplaats(const AuthorizedCall& call,
                                                             storage::ReadTx& tx,
                                                             absl::string_view name);

// The profile of "werkplaatsen/{id}" (R37), without what the server works out; empty, version 0,
// when none was ever written.
struct StoredProfile {
  int64_t version = 0;
  v1::WerkplaatsProfile profile;
};
absl::StatusOr<StoredProfile> FindProfile(const AuthorizedCall& call, storage::ReadTx& tx,
                                          absl::string_view werkplaats);
// Writes it over the version that was found. Of its contacts and closure facts follow: TellProfile.
absl::Status PutProfile(const AuthorizedCall& call, storage::WriteTx& tx,
                        absl::string_view werkplaats, const StoredProfile& stored);
// Puts what its profile says to others into the facts of a werkplaats, as its next revision: its
// contacts (R37), and that it closes (R27).
absl::Status TellProfile(const AuthorizedCall& call, storage::WriteTx& tx,
                         absl::string_view werkplaats);

// How many professionals hold, or held, a mandate that was delegated from `source`.
absl::StatusOr<int> CountDelegations(const AuthorizedCall& call, storage::ReadTx& tx,
                                     absl::string_view source);

// Writes the first organisation and the first administrator, each unless it is there.
// FAILED_PRECONDITION when the login is another's.
absl::Status WriteBootstrap(storage::WriteTx& tx, const v1::Organisation& organisation,
                            const v1::Professional& administrator);

}  // namespace knooppunt::directory

#endif  // KNOOPPUNT_SERVICES_DIRECTORY_STORE_H_
