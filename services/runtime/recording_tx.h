// A unit of work that remembers whether it emitted facts, so that the call waits for access.
#ifndef KNOOPPUNT_SERVICES_RUNTIME_RECORDING_TX_H_
#define KNOOPPUNT_SERVICES_RUNTIME_RECORDING_TX_H_

#include "security/storage/database.h"

namespace knooppunt::runtime {

// Not thread-safe, as the transaction it wraps.
class RecordingTx final : public storage::WriteTx {
 public:
  explicit RecordingTx(storage::WriteTx& tx) : tx_(tx) {}

  absl::Status Query(absl::string_view sql, storage::Params params,
                     absl::FunctionRef<absl::Status(const storage::Row&)> row) override {
    return tx_.Query(sql, params, row);
  }
  absl::StatusOr<int64_t> Exec(absl::string_view sql, storage::Params params) override {
    return tx_.Exec(sql, params);
  }
  absl::StatusOr<int64_t> AppendOutbox(storage::OutboxKind kind, absl::string_view body,
                                       absl::string_view payload, absl::string_view tag) override {
    facts_ = facts_ || kind == storage::OutboxKind::kFacts;
    return tx_.AppendOutbox(kind, body, payload, tag);
  }
  bool facts() const { return facts_; }

 private:
  storage::WriteTx& tx_;
  bool facts_ = false;
};

}  // namespace knooppunt::runtime

#endif  // KNOOPPUNT_SERVICES_RUNTIME_RECORDING_TX_H_
