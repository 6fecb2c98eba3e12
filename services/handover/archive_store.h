// Which archives of other installations were taken in (R1): none twice. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_HANDOVER_ARCHIVE_STORE_H_
#define KNOOPPUNT_SERVICES_HANDOVER_ARCHIVE_STORE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "knooppunt/archive/v1/payload.pb.h"
#include "security/policy/authorized_call.h"
#include "security/storage/database.h"

namespace knooppunt::handover {

// Whether this archive, or another of the same case that was not returned, was taken in.
absl::StatusOr<bool> WasTaken(const policy::AuthorizedCall& call, storage::ReadTx& tx,
                              const archive::v1::ArchivePayload& payload);
// Remembers it, for call.family(). ALREADY_EXISTS (ARCHIVE_TAKEN_IN).
absl::Status RememberTaken(const policy::AuthorizedCall& call, storage::WriteTx& tx,
                           const archive::v1::ArchivePayload& payload);
// It was returned: the case may come again, in another archive.
absl::Status RememberReturned(const policy::AuthorizedCall& call, storage::WriteTx& tx,
                              absl::string_view archive);

}  // namespace knooppunt::handover

#endif  // KNOOPPUNT_SERVICES_HANDOVER_ARCHIVE_STORE_H_
