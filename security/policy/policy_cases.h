// Runs a file of cases against a policy: questions about a made-up family with the answers that
// a lawyer expects. It asks the engine that access asks. Pure; thread-safe (no state).
#ifndef KNOOPPUNT_SECURITY_POLICY_POLICY_CASES_H_
#define KNOOPPUNT_SECURITY_POLICY_POLICY_CASES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "knooppunt/policy/v1/cases.pb.h"
#include "security/policy/table.h"

namespace knooppunt::policy {

struct CaseResult {
  std::string name;
  bool passed = false;
  // Of a failure, in Dutch: what was expected, what came out, and the whole chain as an auditor
  // reads it.
  std::string explanation;
};

// INVALID_ARGUMENT names the line of text that does not parse, or the case that asks nothing
// (an unknown person, permission, addition or date; no expectation; a name that stands twice) and
// what to do: a case that cannot be run does not pass.
absl::StatusOr<std::vector<CaseResult>> RunCases(const Table& table, absl::string_view textproto);

}  // namespace knooppunt::policy

#endif  // KNOOPPUNT_SECURITY_POLICY_POLICY_CASES_H_
