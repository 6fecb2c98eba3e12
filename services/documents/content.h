// The contents of documents in store: rows of 256 KiB, each sealed under a key of the content's own
// that comes from the key of its scope (security/crypto/chunked_aead.h). A content is written from
// front to back while it is not complete, and never again. Nobody sees it before it is complete.
// Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_DOCUMENTS_CONTENT_H_
#define KNOOPPUNT_SERVICES_DOCUMENTS_CONTENT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "security/crypto/random.h"
#include "security/policy/authorized_call.h"
#include "security/storage/database.h"

namespace knooppunt::documents {

// A content, and where it is cut into rows.
struct Content {
  std::string id;     // random, of this content alone: it binds every row
  std::string scope;  // the key that it is sealed under
  int64_t size_bytes = 0;
  int64_t rows() const;
};

// A row, sealed.
struct SealedRow {
  int64_t row = 0;
  std::string sealed;
};

// Seals `part`, which begins at `offset_bytes` (a multiple of a row) and ends at one, or at the
// end. The permit must open the scope for writing or reading: NOT_FOUND otherwise.
absl::StatusOr<std::vector<SealedRow>> SealPart(const policy::AuthorizedCall& call,
                                                const Content& content, int64_t offset_bytes,
                                                absl::string_view part, crypto::Random& random);

// Begins a content that is not complete.
absl::Status BeginContent(const policy::AuthorizedCall& call, storage::WriteTx& tx,
                          const Content& content);
absl::Status PutRows(storage::WriteTx& tx, const Content& content,
                     const std::vector<SealedRow>& rows);
// From here on it stays. INTERNAL when a row is missing.
absl::Status CompleteContent(storage::WriteTx& tx, const Content& content);

// `size_bytes` from `offset_bytes` on, which is a multiple of a row; both within the content.
// NOT_FOUND when the permit does not open its scope; DATA_LOSS when a row is missing or is not what
// was stored, for this content, at its place.
absl::StatusOr<std::string> ReadPart(const policy::AuthorizedCall& call, storage::ReadTx& tx,
                                     const Content& content, int64_t offset_bytes,
                                     int64_t size_bytes);

// Removes a content that is not complete; nothing when it is, or is not there.
absl::Status DropUnfinished(storage::WriteTx& tx, absl::string_view content);
// Removes those that were begun before `before` and never became complete.
absl::Status SweepUnfinished(storage::WriteTx& tx, absl::Time before);

}  // namespace knooppunt::documents

#endif  // KNOOPPUNT_SERVICES_DOCUMENTS_CONTENT_H_
