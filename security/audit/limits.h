// The caps of the log's formats and of talking to witnesses. They bound what a
// reader takes from strangers; what the service itself does is in base/limits.h.
#ifndef KNOOPPUNT_SECURITY_AUDIT_LIMITS_H_
#define KNOOPPUNT_SECURITY_AUDIT_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace knooppunt::audit {

inline constexpr size_t kMaxLeafBytes = 4096;  // the format allows 65535
inline constexpr size_t kMaxNoteBytes = 32 << 10;
inline constexpr int kMaxNoteSignatures = 32;  // C2SP signed-note: at least 16
inline constexpr size_t kMaxKeyNameBytes = 200;
inline constexpr int kMaxConsistencyProofHashes = 63;  // C2SP tlog-witness
inline constexpr int kMaxStreams = 10'000;             // incarnations of units in one log
inline constexpr size_t kMaxSealedPartBytes = 64 << 10;
inline constexpr int64_t kMaxLogEntries = int64_t{1} << 40;

inline constexpr size_t kMaxWitnessRequestBytes = 64 << 10;
inline constexpr size_t kMaxWitnessResponseBytes = 64 << 10;
inline constexpr int kWitnessTimeoutSeconds = 10;  // one request, on the server
inline constexpr int kMaxWitnessConnections = 64;
inline constexpr int kMaxWitnessLogs = 256;
inline constexpr size_t kMaxWitnessStateBytes = kMaxWitnessLogs * (kMaxNoteBytes + 64);

}  // namespace knooppunt::audit

#endif  // KNOOPPUNT_SECURITY_AUDIT_LIMITS_H_
