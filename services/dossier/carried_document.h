// Documents that go along with a case to another installation, or come with one: what handover asks
// of documents. Small ones go whole, within the archive; of the others the content follows in
// parts.
#ifndef KNOOPPUNT_SERVICES_DOSSIER_CARRIED_DOCUMENT_H_
#define KNOOPPUNT_SERVICES_DOSSIER_CARRIED_DOCUMENT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "knooppunt/documents/v1/documents.pb.h"
#include "security/policy/authorized_call.h"
#include "security/storage/database.h"
#include "services/dossier/family_store.h"

namespace knooppunt::dossier {

// One that came. What it says of itself is not believed: its content is looked at.
struct CarriedDocument {
  std::string title;
  std::string media_type;
  std::string sha256;  // hex
  int64_t size_bytes = 0;
  std::string content;  // empty: it is still to come
  std::string case_id;
  int label = 0;   // of call.write_scopes()
  int number = 0;  // of those of one call
};

// A part of a content: limits::kStreamChunkBytes, the last one what is left.
struct CarriedPart {
  std::string bytes;
  int64_t size_bytes = 0;  // of the whole content
};

// The content of one document on its way in, from its first byte to its last. Holds no key, and of
// the content no more than the part under way. Not thread-safe.
class CarriedIntake {
 public:
  virtual ~CarriedIntake() = default;
  // Looks at the next part and seals it, outside any transaction. INVALID_ARGUMENT when it is not
  // what the document says that it is.
  virtual absl::Status Take(const policy::AuthorizedCall& call, const std::string& part) = 0;
  // Stores what Take sealed. Nobody sees it. May run twice.
  virtual absl::Status Keep(storage::WriteTx& tx) const = 0;
  // From here on the document has its content. INVALID_ARGUMENT unless that is whole and has the
  // hash that was announced; ALREADY_EXISTS when it came by another way meanwhile. May run twice.
  virtual absl::StatusOr<documents::v1::Document> Finish(const policy::AuthorizedCall& call,
                                                         storage::WriteTx& tx) = 0;
  // Removes what was stored, unless it finished. May run where nothing is.
  virtual absl::Status Drop(storage::WriteTx& tx) const = 0;
};

// Thread-safe.
class DocumentCarrier {
 public:
  virtual ~DocumentCarrier() = default;
  // The content of a version by its name; nullopt when it is larger than `max_bytes`. NOT_FOUND as
  // for who downloads it.
  virtual absl::StatusOr<std::optional<std::string>> ReadToCarry(const policy::AuthorizedCall& call,
                                                                 storage::ReadTx& tx,
                                                                 absl::string_view version,
                                                                 int64_t max_bytes) const = 0;
  // The part of it that begins at `offset_bytes`. Errors as for who downloads it.
  virtual absl::StatusOr<CarriedPart> ReadPartToCarry(const policy::AuthorizedCall& call,
                                                      storage::ReadTx& tx,
                                                      absl::string_view version,
                                                      int64_t offset_bytes) const = 0;
  // Stores the content, and gives the item of the document for the caller to insert under `label`;
  // without content the document waits for it (DOCUMENT_STATE_AWAITED). INVALID_ARGUMENT when it is
  // not what it says, or of a type that nobody may add.
  virtual absl::StatusOr<Item> KeepCarried(const policy::AuthorizedCall& call, storage::WriteTx& tx,
                                           const CarriedDocument& carried) = 0;
  // Begins to take in what the document named `name` waits for. ALREADY_EXISTS when it has it,
  // FAILED_PRECONDITION when it was withdrawn.
  virtual absl::StatusOr<std::unique_ptr<CarriedIntake>> BeginIntake(
      const policy::AuthorizedCall& call, storage::WriteTx& tx, absl::string_view name) = 0;
};

}  // namespace knooppunt::dossier

#endif  // KNOOPPUNT_SERVICES_DOSSIER_CARRIED_DOCUMENT_H_
