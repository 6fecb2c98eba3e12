#include "services/plan/paging.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/limits.h"
#include "security/crypto/hash.h"
#include "services/dossier/errors.h"

namespace knooppunt::plan {
namespace {

constexpr char kPrefix[] = "after/";

}  // namespace

absl::StatusOr<Slice> SliceOf(int32_t page_size, absl::string_view page_token) {
  if (page_size < 0) return dossier::errors::InvalidField("page_size", "be 0 or more");
  Slice slice;
  slice.size =
      page_size == 0 ? limits::kDefaultPageSize : std::min<int>(page_size, limits::kMaxPageSize);
  if (page_token.empty()) return slice;
  const auto text = page_token.size() > limits::kMaxResourceNameBytes
                        ? absl::StatusOr<std::string>(absl::InvalidArgumentError("too long"))
                        : crypto::Base64UrlDecode(page_token);
  absl::string_view number = text.ok() ? absl::string_view(*text) : "";
  if (!absl::ConsumePrefix(&number, kPrefix) || !absl::SimpleAtoi(number, &slice.begin) ||
      slice.begin < 0 || slice.begin > limits::kMaxItemsPerFamily) {
    return dossier::errors::InvalidField("page_token", "be one that was given out");
  }
  return slice;
}

std::string TokenAfter(const Slice& slice, int total) {
  const int next = slice.begin + slice.size;
  return next < total ? crypto::Base64UrlEncode(absl::StrCat(kPrefix, next)) : "";
}

}  // namespace knooppunt::plan
