// Every cap of the system, in one place. Units stand last in the names.
#ifndef KNOOPPUNT_BASE_LIMITS_H_
#define KNOOPPUNT_BASE_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace knooppunt::limits {

// Messages and calls.
inline constexpr size_t kMaxRequestBytes = 1 << 20;
inline constexpr size_t kMaxInternalRequestBytes = 8 << 20;
inline constexpr int kMaxDeadlineSeconds = 60;
inline constexpr int kMaxPendingCalls = 1024;  // then RESOURCE_EXHAUSTED
inline constexpr int kExecutorThreads = 32;
inline constexpr int kAnonymousCallsPerMinute = 600;
inline constexpr int kSearchesPerMinutePerCaller = 20;  // R3
inline constexpr size_t kMaxTokenBytes = 4096;
inline constexpr size_t kMaxRequestIdBytes = 64;
inline constexpr int kTokenLifetimeSeconds = 600;
inline constexpr int kIdTokenClockSkewSeconds = 30;
inline constexpr int kGrpcKeepaliveSeconds = 30;

// Text and lists of a request.
inline constexpr size_t kMaxNameBytes = 200;       // names of people and things
inline constexpr size_t kMaxTextBytes = 16 << 10;  // free text
inline constexpr size_t kMaxResourceNameBytes = 256;
inline constexpr int kMaxPersonsPerFamily = 32;
inline constexpr int kMaxCasesPerFamily = 32;
inline constexpr int kMaxSeatsPerCase = 64;
inline constexpr int kMaxConsentsPerFamily = 256;
inline constexpr int kMaxItemsPerFamily = 10'000;
inline constexpr int kMaxScopesPerFamily = 512;
inline constexpr int kMaxStepsPerMeeting = 64;
inline constexpr int kMaxPageSize = 200;
inline constexpr int kDefaultPageSize = 50;

// Storage.
inline constexpr int kMaxWritesPerGroup = 64;
inline constexpr int kMaxQueuedWrites = 2048;
inline constexpr int64_t kOutboxMaxEntries = 200'000;  // not yet taken by audit; then stop
inline constexpr int kOutboxBatchEntries = 256;
inline constexpr size_t kMaxSealedBytes = 4 << 20;
inline constexpr int kMaxReadConnections = 32;         // a database; then Read() waits
inline constexpr size_t kMaxCachedStatements = 512;    // a connection; then prepared each time
inline constexpr int kCheckpointPages = 4000;          // of write-ahead log, then a checkpoint
inline constexpr int kForcedCheckpointPages = 64'000;  // then one that waits for readers
inline constexpr int kForcedCheckpointWaitMs = 100;
inline constexpr int kStorageBusyWaitMs = 5000;
inline constexpr int64_t kWriteAheadLogKeptBytes = 64 << 20;

// Access.
inline constexpr size_t kBundleCacheEntries = 20'000;
inline constexpr size_t kMaxPolicyBytes = 1 << 20;

// Audit.
inline constexpr int kAuditHeartbeatSeconds = 60;
inline constexpr int kCheckpointIntervalMs = 500;

}  // namespace knooppunt::limits

#endif  // KNOOPPUNT_BASE_LIMITS_H_
