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

// Streams: each message is a call of its own (R13), decided and recorded anew.
inline constexpr size_t kStreamChunkBytes = 1 << 20;  // so many bytes of content in a message
inline constexpr size_t kMaxStreamMessageBytes = kStreamChunkBytes + (64 << 10);
inline constexpr int kMaxStreamSeconds = 600;  // no longer than a token lives
inline constexpr int kStreamIdleSeconds = 30;  // a client that neither reads nor sends
inline constexpr int kStreamPollMs = 1000;  // then a stream that had nothing to say is asked again
inline constexpr int kMaxStreams = 32;      // of a unit: each holds a few messages in memory
inline constexpr int kMaxStreamsPerCaller = 4;

// Documents.
inline constexpr int64_t kMaxDocumentBytes = 50 << 20;
inline constexpr size_t kDocumentRowBytes = 256 << 10;  // sealed apart, a row each
inline constexpr int kMaxDocumentsPerCase = 500;
inline constexpr int kMaxDocumentVersions = 50;

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
inline constexpr int kMaxEmergenciesPerFamily = 256;
inline constexpr int kMaxEscalationsPerFamily = 64;
inline constexpr int kMaxDeciders = 8;  // of one escalation, as asked (R10)
inline constexpr int kMaxAbsenceChanges = 100;
inline constexpr int kMaxGezagPerFamily = 256;      // ended ones included
inline constexpr int kMaxHouseholdsPerFamily = 64;  // ended ones included
inline constexpr int kMaxRevisionsPerPerson = 100;
inline constexpr int kMaxRequestsPerFamily = 200;  // under the AVG, answered ones included
inline constexpr int kMaxFollowUpsPerRequest = 100;
inline constexpr int kMaxHandoverInvitations = 20;  // to one conversation (R27)
inline constexpr int kMaxPageSize = 200;
inline constexpr int kDefaultPageSize = 50;
inline constexpr int kMaxWorklistPage = 50;
inline constexpr size_t kMaxWorklistTokenBytes = 1024;

// The plan of a case.
inline constexpr size_t kMaxPlanTextBytes = 4 << 10;  // a wish, a goal, how it is measured
inline constexpr int kMaxPlanItemsPerCase = 200;      // of each kind
inline constexpr int kMaxPlanRevisions = 200;         // of one item
inline constexpr int kMaxPlanReactions = 100;         // to one item
inline constexpr int kMaxPlanLinks = 32;              // of one item, of a kind

// Emergency access (R20).
inline constexpr int kEmergencyMaxHours = 8;  // a working day: hours, not days
inline constexpr int kEmergencyReasonMinCharacters = 20;
inline constexpr int kEmergenciesPerProfessionalPerDay = 3;  // in 24 hours: nobody goes fishing
// The term of art. 33 AVG: what is found unjustified is a breach, to be reported in 72 hours.
inline constexpr int kEmergencyReviewHours = 72;
inline constexpr int kMaxEmergenciesListed = 1000;  // of each, those that wait and those reviewed

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
inline constexpr size_t kMaxPolicyBytes = 1 << 20;
inline constexpr int64_t kMaxSimulatedFamilies = 200'000;
inline constexpr int kSimulationSeconds = 50;  // of the 60 that a call may last
inline constexpr int kFamiliesPerPage = 64;    // read at a time, for what goes over all of them

// Audit.
inline constexpr int kAuditHeartbeatSeconds = 60;
inline constexpr int kCheckpointIntervalMs = 500;

}  // namespace knooppunt::limits

#endif  // KNOOPPUNT_BASE_LIMITS_H_
