// Exports a region's log and checks all of it: leaves, tree, checkpoint and every stream's chain.
#ifndef KNOOPPUNT_TESTS_FAULTS_WHOLE_LOG_H_
#define KNOOPPUNT_TESTS_FAULTS_WHOLE_LOG_H_

#include "absl/status/statusor.h"
#include "security/audit/verifier.h"
#include "tests/integration/region.h"

namespace knooppunt::faults {

// Ships what is left, then reads the log as the auditor does. The region must run in this process.
absl::StatusOr<audit::VerifyLogReport> VerifyWholeLog(integration::Region& region);

}  // namespace knooppunt::faults

#endif  // KNOOPPUNT_TESTS_FAULTS_WHOLE_LOG_H_
