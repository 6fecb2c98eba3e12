// Documents that go along with a case to another installation, or come with one: what handover asks
// of documents. A content is carried whole, so only small ones are.
#ifndef KNOOPPUNT_SERVICES_DOSSIER_CARRIED_DOCUMENT_H_
#define KNOOPPUNT_SERVICES_DOSSIER_CARRIED_DOCUMENT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "security/policy/authorized_call.h"
#include "security/storage/database.h"
#include "services/dossier/family_store.h"

namespace knooppunt::dossier {

// One that came. What it says of itself is not believed: its content is looked at.
struct CarriedDocument {
  std::string title;
  std::string media_type;
  std::string sha256;  // hex
  std::string content;
  std::string case_id;
  int label = 0;   // of call.write_scopes()
  int number = 0;  // of those of one call
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
  // Stores the content, and gives the item of the document for the caller to insert under `label`.
  // INVALID_ARGUMENT when it is not what it says, or of a type that nobody may add.
  virtual absl::StatusOr<Item> KeepCarried(const policy::AuthorizedCall& call, storage::WriteTx& tx,
                                           const CarriedDocument& carried) = 0;
};

}  // namespace knooppunt::dossier

#endif  // KNOOPPUNT_SERVICES_DOSSIER_CARRIED_DOCUMENT_H_
