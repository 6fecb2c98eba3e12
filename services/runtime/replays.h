// request_id (AIP-155): a change that is sent twice happens once. The table is the runtime's
// own in each unit's database, written in the change's own transaction. Keys are hashes: the
// table shows nobody's id. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_RUNTIME_REPLAYS_H_
#define KNOOPPUNT_SERVICES_RUNTIME_REPLAYS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "security/storage/database.h"

namespace knooppunt::runtime {

struct ReplayKey {
  std::string key;        // SHA-256 of caller, method and request_id
  std::string body_hash;  // SHA-256 of the request
};
struct Replay {
  bool found = false;
  bool same_body = false;
  std::string name;  // resource name of the response
};

// A UUID in its usual form, RFC 9562.
bool IsRequestId(absl::string_view id);
ReplayKey MakeReplayKey(absl::string_view caller, absl::string_view method,
                        absl::string_view request_id, const google::protobuf::Message& request);

absl::Status CreateReplayTable(storage::Database& database);
absl::StatusOr<Replay> LookUpReplay(const ReplayKey& key, storage::ReadTx& tx);
// False when somebody has claimed this key before.
absl::StatusOr<bool> ClaimReplay(const ReplayKey& key, storage::WriteTx& tx, absl::Time now);
absl::Status FinishReplay(const ReplayKey& key, absl::string_view name, storage::WriteTx& tx);

// The response's "name" field; "" when it has none.
std::string NameOf(const google::protobuf::Message& message);
void SetName(const std::string& name, google::protobuf::Message* message);

}  // namespace knooppunt::runtime

#endif  // KNOOPPUNT_SERVICES_RUNTIME_REPLAYS_H_
