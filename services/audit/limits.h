// The caps of the audit unit. Units stand last in the names.
#ifndef KNOOPPUNT_SERVICES_AUDIT_LIMITS_H_
#define KNOOPPUNT_SERVICES_AUDIT_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace knooppunt::audit_service {

inline constexpr int kMaxEntriesPerAppend = 1024;
inline constexpr int kMaxLeavesPerRead = 1000;
inline constexpr size_t kMaxReadLogBytes = 1 << 20;  // of leaves in one answer
inline constexpr int kRecordsPerStep = 256;          // read from the store at a time
inline constexpr int kMaxRecordsPerList = 20'000;    // looked at for one page
inline constexpr int kMaxQuestionsPerFamily = 1000;
inline constexpr int kMaxQuestionsPerPage = 50;
inline constexpr int kQuestionTermMonths = 1;  // as a request under the AVG, art. 12(3) (R40)
inline constexpr int kMaxWitnesses = 16;
inline constexpr int kWitnessRetryMinMs = 1000;  // doubles with each failure in a row
inline constexpr int kWitnessRetryMaxMs = 60'000;

}  // namespace knooppunt::audit_service

#endif  // KNOOPPUNT_SERVICES_AUDIT_LIMITS_H_
