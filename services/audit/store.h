// The log's tables in domain terms: streams, leaves, the Merkle tree's nodes, the index
// by family, checkpoints and questions. Leaves and nodes are only ever added.
//
// Thread-safe (no state), but for the two readers, each used by one thread at a time.
// What is about a family takes the call: only who passed the gate reads it (promise P2).
#ifndef KNOOPPUNT_SERVICES_AUDIT_STORE_H_
#define KNOOPPUNT_SERVICES_AUDIT_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "security/audit/leaf.h"
#include "security/audit/merkle.h"
#include "security/policy/authorized_call.h"
#include "security/storage/database.h"

namespace knooppunt::audit_service {

using policy::AuthorizedCall;

// --- Streams and leaves.

struct Stream {
  int64_t id = 0;
  int64_t position = 0;  // seq of its last leaf; 0 when it has none
  std::string chain;     // after that leaf
};
// A stream that the log has not seen has id 0, position 0 and the chain's start.
absl::StatusOr<Stream> FindStream(storage::ReadTx& tx, const audit::StreamName& name);

struct NewLeaf {
  int64_t seq = 0;
  std::string chain;
  std::string leaf;
  std::string payload;
  std::string tag;  // empty: not indexed
};
// Adds leaves to the log and the tree, and moves the stream on; makes the stream when it
// is new. RESOURCE_EXHAUSTED beyond audit::kMaxStreams.
absl::Status AppendLeaves(storage::WriteTx& tx, const audit::StreamName& name, const Stream& stream,
                          const std::vector<NewLeaf>& leaves);
// The leaf with that number in the stream. DATA_LOSS when it is not there.
absl::StatusOr<std::string> FindLeaf(storage::ReadTx& tx, const Stream& stream, int64_t seq);

// --- The tree.

// Number of leaves.
absl::StatusOr<int64_t> LogSize(storage::ReadTx& tx);
// At most `limit` leaves from `start` on, in order.
absl::StatusOr<std::vector<std::string>> ReadLeaves(storage::ReadTx& tx, int64_t start, int limit);

// Nodes of the tree on one snapshot; lives as long as `tx`.
class TxHashReader final : public audit::HashReader {
 public:
  explicit TxHashReader(storage::ReadTx& tx) : tx_(tx) {}
  absl::StatusOr<std::string> ReadHash(int level, int64_t index) const override;

 private:
  storage::ReadTx& tx_;
};
// The same, each node on a snapshot of its own, so that none is held while a witness is
// asked. Nodes never change. `database` is not owned.
class DatabaseHashReader final : public audit::HashReader {
 public:
  explicit DatabaseHashReader(storage::Database* database) : database_(database) {}
  absl::StatusOr<std::string> ReadHash(int level, int64_t index) const override;

 private:
  storage::Database* const database_;
};

// --- Checkpoints.

struct StoredCheckpoint {
  int64_t size = 0;
  std::string note;
};
absl::StatusOr<std::optional<StoredCheckpoint>> FindCheckpoint(storage::ReadTx& tx);
absl::Status PutCheckpoint(storage::WriteTx& tx, const StoredCheckpoint& checkpoint);
// The last size the witness is known to have cosigned; 0 at first.
absl::StatusOr<int64_t> WitnessSize(storage::ReadTx& tx, absl::string_view name);
absl::Status PutWitnessSize(storage::WriteTx& tx, absl::string_view name, int64_t size);

// --- What is about a family.

struct SealedRecord {
  int64_t index = 0;
  std::string leaf;
  std::string payload;  // empty once destroyed
};
// The family's records with an index above `after`, oldest first, at most `limit`.
absl::StatusOr<std::vector<SealedRecord>> ListRecords(const AuthorizedCall& call,
                                                      storage::ReadTx& tx,
                                                      absl::string_view subject, int64_t after,
                                                      int limit);

// A question about a record (R25). Its words are sealed.
struct StoredQuestion {
  std::string id;
  std::string subject;
  int64_t index = 0;
  absl::Time create_time;
  std::string organisation;               // that must answer it
  std::string due;                        // ISO
  std::optional<absl::Time> answer_time;  // nothing until it is answered
  int64_t version = 1;                    // of the payload
  std::string payload;
};
// RESOURCE_EXHAUSTED above kMaxQuestionsPerFamily.
absl::Status InsertQuestion(const AuthorizedCall& call, storage::WriteTx& tx,
                            const StoredQuestion& question);
// The family's questions, oldest first.
absl::StatusOr<std::vector<StoredQuestion>> ListQuestions(const AuthorizedCall& call,
                                                          storage::ReadTx& tx,
                                                          absl::string_view subject);
// What `organisation` still has to answer, by term and id, after those; at most `limit`, without
// payload.
struct QuestionsAfter {
  std::string due;
  std::string id;
};
absl::StatusOr<std::vector<StoredQuestion>> ListOpenQuestions(const AuthorizedCall& call,
                                                              storage::ReadTx& tx,
                                                              absl::string_view organisation,
                                                              const QuestionsAfter& after,
                                                              int limit);
// Puts version 2 in the place of version 1, with the answer time of `question`.
// FAILED_PRECONDITION when it was answered.
absl::Status PutAnswer(const AuthorizedCall& call, storage::WriteTx& tx,
                       const StoredQuestion& question);

}  // namespace knooppunt::audit_service

#endif  // KNOOPPUNT_SERVICES_AUDIT_STORE_H_
