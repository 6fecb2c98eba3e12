// The policy as a lawyer reads it, in Dutch: each row with who, what, at which place, which parts,
// for which purpose and on which source. Pure; thread-safe (no state).
#ifndef KNOOPPUNT_SECURITY_POLICY_TABLE_TEXT_H_
#define KNOOPPUNT_SECURITY_POLICY_TABLE_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "knooppunt/policy/v1/policy.pb.h"

namespace knooppunt::policy {

// What of it; empty and unspecified are all.
struct TableFilter {
  std::string permission;
  common::v1::Function function = common::v1::FUNCTION_UNSPECIFIED;
};

// The rows that `filter` leaves. With a function, the family's rows go; with either, what is not
// about access of somebody goes: own grounds, signatories, types of ground.
v1::PolicyDocument Filtered(const v1::PolicyDocument& document, const TableFilter& filter);

// The rows in words, by subject. What a lawyer must still confirm is marked and counted at the end.
std::string TableInWords(const v1::PolicyDocument& document);

}  // namespace knooppunt::policy

#endif  // KNOOPPUNT_SECURITY_POLICY_TABLE_TEXT_H_
