// The leaf of the audit log, to the byte. It is text, so that an auditor can read
// and hash it with common tools; doc/audit-log.md says the same in prose.
//
//   knooppunt-leaf-v1\n
//   stream <unit>/<incarnation>\n
//   seq <decimal>\n
//   kind facts|audit|stream\n
//   <body: one or more lines>
//   chain <64 hex>\n
//
// Hex is lower case. The body is exactly storage::OutboxEntry::body:
//   audit   who <64 hex>\nabout <64 hex>\ncommit <64 hex>\n      (seal.h)
//   facts   facts <64 hex>\n                    SHA-256 of the facts' bytes
//   stream  event open|heartbeat|close\ntime <YYYY-MM-DDThh:mm:ssZ>\n
//           event count\ntime <start of the minute>\ncalls <decimal>\nrefused <decimal>\n
// and the chain is storage::ChainNext of the stream's entries up to this one. A leaf
// holds no name, no pseudonym that recurs, nothing about anybody (R24, R31).
#ifndef KNOOPPUNT_SECURITY_AUDIT_LEAF_H_
#define KNOOPPUNT_SECURITY_AUDIT_LEAF_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "security/storage/database.h"

namespace knooppunt::audit {

// One writer's records: a unit, and the life of its database between restores.
struct StreamName {
  std::string unit;
  std::string incarnation;
  // "dossier/inc-abc".
  std::string ToString() const;
  auto operator<=>(const StreamName&) const = default;
};

struct Leaf {
  StreamName stream;
  int64_t seq = 0;
  storage::OutboxKind kind = storage::OutboxKind::kAudit;
  std::string body;
  std::string chain;  // 32 bytes
};

// The bodies. Hashes are 32 bytes.
struct AuditHashes {
  std::string who;
  std::string about;
  std::string commit;
};
std::string FormatAuditBody(const AuditHashes& hashes);
absl::StatusOr<AuditHashes> ParseAuditBody(absl::string_view body);

std::string FormatFactsBody(absl::string_view facts_hash);
absl::StatusOr<std::string> ParseFactsBody(absl::string_view body);

// A unit writes open before anything else when it starts to serve, a heartbeat every
// kAuditHeartbeatSeconds, and close when it has stopped: a stream whose last record
// is not close was cut off, or its writer was.
// A count says how many calls without identity came in one minute (R22).
enum class StreamEventKind { kOpen, kHeartbeat, kClose, kCount };
struct StreamEvent {
  StreamEventKind kind = StreamEventKind::kOpen;
  absl::Time time;      // whole seconds
  int64_t calls = 0;    // of a count
  int64_t refused = 0;  // of a count
};
std::string FormatStreamBody(const StreamEvent& event);
absl::StatusOr<StreamEvent> ParseStreamBody(absl::string_view body);

// The leaf's bytes for an entry. INVALID_ARGUMENT when a part is not as above.
absl::StatusOr<std::string> BuildLeaf(const StreamName& stream, const storage::OutboxEntry& entry);
// INVALID_ARGUMENT unless `bytes` is exactly what BuildLeaf makes; the message says
// which line is wrong.
absl::StatusOr<Leaf> ParseLeaf(absl::string_view bytes);

// What is known of one stream.
struct StreamState {
  StreamName stream;
  int64_t last_seq = 0;
  std::string chain;                            // after last_seq
  bool opened = false;                          // its first record is open
  bool closed = false;                          // its last record is close
  absl::Time last_sign = absl::InfinitePast();  // time of the last open, heartbeat or close
};

// Checks streams as their leaves pass by in log order: numbers without gap from 1,
// and each chain the right continuation. Not thread-safe.
class StreamChecker {
 public:
  // Goes on from where another checker was (its streams()).
  static StreamChecker Resume(const std::vector<StreamState>& streams);

  // DATA_LOSS, naming stream and seq, when `leaf` does not follow; nothing is then
  // remembered of it. RESOURCE_EXHAUSTED beyond kMaxStreams.
  absl::Status Add(const Leaf& leaf);
  // By name.
  std::vector<StreamState> streams() const;

 private:
  std::map<StreamName, StreamState> streams_;
};

}  // namespace knooppunt::audit

#endif  // KNOOPPUNT_SECURITY_AUDIT_LEAF_H_
