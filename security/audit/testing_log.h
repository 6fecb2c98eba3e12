// For tests: a small audit log with streams, keys and a witness, all from seeds, and
// leaves that a test may tamper with before it is signed or written. Not thread-safe.
#ifndef KNOOPPUNT_SECURITY_AUDIT_TESTING_LOG_H_
#define KNOOPPUNT_SECURITY_AUDIT_TESTING_LOG_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "security/audit/leaf.h"
#include "security/audit/merkle.h"
#include "security/audit/note.h"
#include "security/audit/seal.h"
#include "security/audit/tiles.h"
#include "security/crypto/random.h"

namespace knooppunt::audit {

// The key that `seed` names.
crypto::SigningKey TestKey(uint64_t seed);
// An empty folder of this test, removed and made again at every call with one name.
std::string TestFolder(absl::string_view name);

class TestLog final : public LeafSource {
 public:
  static constexpr char kOrigin[] = "knooppunt.example/audit";

  TestLog();

  // Each adds one record to the stream "<unit>/inc-1" and moves the clock a second on.
  void Open(absl::string_view unit) { AddEvent(unit, StreamEventKind::kOpen); }
  void Heartbeat(absl::string_view unit) { AddEvent(unit, StreamEventKind::kHeartbeat); }
  void Close(absl::string_view unit) { AddEvent(unit, StreamEventKind::kClose); }
  void Count(absl::string_view unit) { AddEvent(unit, StreamEventKind::kCount); }
  void Facts(absl::string_view unit);
  void Audit(absl::string_view unit);
  // Opens two streams, adds `count` records to them in turn, and closes both: count + 4
  // leaves.
  void Fill(int count);

  std::vector<std::string>& leaves() { return leaves_; }
  absl::StatusOr<std::vector<std::string>> ReadLeaves(int64_t begin, int count) const override;
  MemoryTree Tree() const;
  MemoryTree TreeAt(int64_t size) const;

  const NoteSigner& signer() const { return signer_; }
  const Cosigner& witness() const { return witness_; }
  absl::Time now() const { return now_; }
  void set_now(absl::Time now) { now_ = now; }

  // The checkpoint over the first `size` leaves (all of them by default), signed by
  // the log; and also cosigned by the witness.
  std::string SignedCheckpoint(int64_t size = -1) const;
  std::string CosignedCheckpoint(int64_t size = -1) const;

 private:
  void AddEvent(absl::string_view unit, StreamEventKind kind);
  void Add(absl::string_view unit, storage::OutboxKind kind, std::string body);

  crypto::SeededRandom random_{7};
  AuditKeys keys_;
  NoteSigner signer_;
  Cosigner witness_;
  absl::Time now_ = absl::FromUnixSeconds(1'800'000'000);
  std::map<std::string, StreamState> streams_;  // by unit
  std::vector<std::string> leaves_;
};

}  // namespace knooppunt::audit

#endif  // KNOOPPUNT_SECURITY_AUDIT_TESTING_LOG_H_
