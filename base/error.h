// Domain errors: a status with a machine-readable reason, which the server sends as
// google.rpc.ErrorInfo (AIP-193). Every error of a service is a named function in its
// errors.h that calls MakeError. Thread-safe (no state).
#ifndef KNOOPPUNT_BASE_ERROR_H_
#define KNOOPPUNT_BASE_ERROR_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/cord.h"
#include "absl/strings/string_view.h"

namespace knooppunt::base {

inline constexpr char kReasonPayload[] = "knooppunt/reason";
inline constexpr char kRulePayload[] = "knooppunt/rule";

// `reason` is UPPER_SNAKE_CASE. `rule` names the rule of the domain, "R4", or is empty.
// `message` is a plain Dutch or English sentence that says what to do; it never holds
// personal data or input.
inline absl::Status MakeError(absl::StatusCode code, absl::string_view reason,
                              absl::string_view rule, absl::string_view message) {
  absl::Status s(code, message);
  s.SetPayload(kReasonPayload, absl::Cord(reason));
  if (!rule.empty()) s.SetPayload(kRulePayload, absl::Cord(rule));
  return s;
}

// The reason of `status`, or "" when it has none.
inline std::string ReasonOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kReasonPayload);
  return payload.has_value() ? std::string(*payload) : "";
}
inline std::string RuleOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kRulePayload);
  return payload.has_value() ? std::string(*payload) : "";
}

}  // namespace knooppunt::base

#endif  // KNOOPPUNT_BASE_ERROR_H_
