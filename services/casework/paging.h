// Pages of what lists over families: where one ended, and how long it is (AIP-158). Pure;
// thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_CASEWORK_PAGING_H_
#define KNOOPPUNT_SERVICES_CASEWORK_PAGING_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "security/policy/authorized_call.h"

namespace knooppunt::casework {

// Where a page ended: family, and what of it. Grants nothing: each page is decided anew.
using Cursor = std::pair<std::string, std::string>;
std::string PageToken(const Cursor& cursor);
// INVALID_ARGUMENT unless it is one that was given out; "" is the beginning.
absl::StatusOr<Cursor> ParsePageToken(const std::string& token);
// INVALID_ARGUMENT under 0; 0 is the default, and no more than limits::kMaxPageSize.
absl::StatusOr<int> PageSize(int32_t asked);
// By family.
std::vector<const policy::AuthorizedCall*> InOrder(const std::vector<policy::AuthorizedCall>& all);

}  // namespace knooppunt::casework

#endif  // KNOOPPUNT_SERVICES_CASEWORK_PAGING_H_
