// What a policy must be before anything is decided by it: the table's rows, one by one and
// together. A policy is the law of the region in a file that people edit; whatever could open
// more than they meant is refused, with the row and what to do. Pure; thread-safe (no state).
#ifndef KNOOPPUNT_SECURITY_POLICY_TABLE_CHECKS_H_
#define KNOOPPUNT_SECURITY_POLICY_TABLE_CHECKS_H_

#include "absl/status/status.h"
#include "knooppunt/policy/v1/policy.pb.h"

namespace knooppunt::policy {

// Longest that a ground other than consent may be allowed to last (R15: narrower than consent).
inline constexpr int kMaxGroundDays = 366;

// INVALID_ARGUMENT names the first row at fault, what is wrong and what to do:
// - a row without id, source, permission, purpose, function or place, or with one that is not
//   known; two rows with one id; a permission that the table does not list;
// - separation of duties (R21): who administers or audits gets content, or the other way round,
//   in one row or across rows;
// - a login that is too weak for what the permission gives (R17);
// - content at a family at whose table the caller does not sit (R17), or safety beside it;
// - signatories that leave an age of a regime to nobody, or to two rows (R11);
// - own grounds without kind, compartment, regime or ground (R11); types of ground without
//   article or longest term (R15).
absl::Status CheckDocument(const v1::PolicyDocument& document);

}  // namespace knooppunt::policy

#endif  // KNOOPPUNT_SECURITY_POLICY_TABLE_CHECKS_H_
