// What a reader did with the notices of one family: sealed under the facts key, a row a reader.
// Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_WORKLIST_MARKS_H_
#define KNOOPPUNT_SERVICES_WORKLIST_MARKS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "knooppunt/worklist/v1/store.pb.h"
#include "knooppunt/worklist/v1/worklist.pb.h"
#include "security/crypto/random.h"
#include "security/policy/authorized_call.h"
#include "security/storage/database.h"

namespace knooppunt::worklist {

struct StoredMarks {
  int64_t version = 0;  // 0: there is no row
  v1::MarkedNotices marks;
};

// The marks of `reader`, a seat or a person of call.family(). None when there is no row.
absl::StatusOr<StoredMarks> LoadMarks(const policy::AuthorizedCall& call, storage::ReadTx& tx,
                                      absl::string_view reader);
// Replaces them. ABORTED when somebody else did meanwhile.
absl::Status SaveMarks(const policy::AuthorizedCall& call, storage::WriteTx& tx,
                       absl::string_view reader, const StoredMarks& stored, crypto::Random& random);

// Pure. Marks a notice; a state never goes back. Marks of notices that are no longer there are
// forgotten, so that the row does not grow.
void Mark(const std::vector<v1::Notice>& present, absl::string_view id, v1::NoticeState state,
          int64_t unix_seconds, v1::MarkedNotices* marks);

}  // namespace knooppunt::worklist

#endif  // KNOOPPUNT_SERVICES_WORKLIST_MARKS_H_
