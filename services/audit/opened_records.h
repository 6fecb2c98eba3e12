// Records of a family's log and the questions about them, opened with the keys that a decision on
// "audit.read" gives (R25).
#ifndef KNOOPPUNT_SERVICES_AUDIT_OPENED_RECORDS_H_
#define KNOOPPUNT_SERVICES_AUDIT_OPENED_RECORDS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "knooppunt/access/v1/access.pb.h"
#include "security/audit/seal.h"
#include "security/crypto/random.h"
#include "security/policy/authorized_call.h"
#include "services/audit/rules.h"
#include "services/audit/store.h"

namespace knooppunt::audit_service {

// Who reads, and what is theirs to see. An empty subject: the decision gave no view.
Reader ReaderOf(const policy::AuthorizedCall& call);

// Opens records with the keys of several years: the one that opened the last is tried
// first. Not thread-safe.
class Opener {
 public:
  static absl::StatusOr<Opener> Create(const access::v1::OpenAuditResponse& view);

  // Nothing when no key opens it, or it was destroyed.
  std::optional<audit::RecordParts> Open(const SealedRecord& record);

  // Seals what is asked, and its answer, under the key of the newest year. NO_VIEW without a key.
  absl::StatusOr<std::string> SealQuestion(absl::string_view id, int64_t version,
                                           const audit::v1::KeptQuestion& question,
                                           crypto::Random& random) const;
  // Nothing when no key opens it (any more).
  std::optional<audit::v1::KeptQuestion> OpenQuestion(const StoredQuestion& question) const;

 private:
  std::vector<audit::AuditKeys> keys_;
  size_t last_ = 0;
};

struct RecordParts {
  audit::v1::RecordWho who;
  audit::v1::RecordAbout about;
};
// A record of the reader's family, whole; nothing when it cannot be read (any more). What of it is
// theirs to see is for ViewFor to say.
std::optional<RecordParts> OpenedFor(const Reader& reader, const SealedRecord& sealed,
                                     Opener* opener);

// What `reader` sees of the record with that index. Not in the log, of another family and not the
// reader's to see are one and the same: nothing (R18).
absl::StatusOr<std::optional<RecordView>> FindView(const policy::AuthorizedCall& call,
                                                   storage::ReadTx& tx, const Reader& reader,
                                                   int64_t index, Opener* opener);

}  // namespace knooppunt::audit_service

#endif  // KNOOPPUNT_SERVICES_AUDIT_OPENED_RECORDS_H_
