// The outbox's stream and its consumers, as the writer keeps them. Internal to storage.
#ifndef KNOOPPUNT_SECURITY_STORAGE_OUTBOX_H_
#define KNOOPPUNT_SECURITY_STORAGE_OUTBOX_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/mutex.h"
#include "security/storage/connection.h"
#include "security/storage/database.h"

namespace knooppunt::storage {

// Where a stream ends. Rolling a transaction back means putting back the head of
// before it.
struct StreamHead {
  int64_t seq = 0;
  std::string chain;
};

// The head of `incarnation`. DATA_LOSS when the last entry does not follow from the
// one before it.
absl::StatusOr<StreamHead> LoadHead(Connection& connection, absl::string_view unit,
                                    absl::string_view incarnation);

// Inserts the entry after `head` and moves `head` to it; on an error neither.
absl::Status InsertEntry(Connection& connection, absl::string_view incarnation, OutboxKind kind,
                         absl::string_view body, absl::string_view payload, absl::string_view tag,
                         StreamHead* head);

absl::StatusOr<std::vector<OutboxEntry>> LoadEntries(ReadTx& tx, absl::string_view incarnation,
                                                     int64_t after, int limit);

// How far each consumer of one incarnation has got. Thread-safe.
class Consumers {
 public:
  absl::Status Load(Connection& connection, absl::string_view incarnation);
  int64_t Position(absl::string_view name) const;
  void SetPosition(absl::string_view name, int64_t seq);

  // For the writer: puts what has changed into the current transaction, and once that
  // is committed remembers so.
  absl::Status Save(Connection& connection, absl::string_view incarnation);
  void SaveCommitted();
  bool HasUnsaved() const;

 private:
  struct State {
    int64_t seq = 0;
    int64_t saving = 0;  // in the current transaction, if `in_transaction`
    int64_t saved = 0;
    bool in_transaction = false;
  };
  mutable base::Mutex mu_;
  absl::flat_hash_map<std::string, State> states_ ABSL_GUARDED_BY(mu_);
};

}  // namespace knooppunt::storage

#endif  // KNOOPPUNT_SECURITY_STORAGE_OUTBOX_H_
