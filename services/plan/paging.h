// Pages of what a plan lists (AIP-158). A token says how far one was and grants nothing: every page
// is decided anew. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_PLAN_PAGING_H_
#define KNOOPPUNT_SERVICES_PLAN_PAGING_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace knooppunt::plan {

struct Slice {
  int begin = 0;
  int size = 0;
};
// INVALID_ARGUMENT for a negative size or a token that was not given out.
absl::StatusOr<Slice> SliceOf(int32_t page_size, absl::string_view page_token);
// The token for what follows `slice` of `total`; empty at the end.
std::string TokenAfter(const Slice& slice, int total);

}  // namespace knooppunt::plan

#endif  // KNOOPPUNT_SERVICES_PLAN_PAGING_H_
