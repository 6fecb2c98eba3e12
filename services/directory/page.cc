#include "services/directory/page.h"

#include <algorithm>

#include "base/limits.h"
#include "base/resource_name.h"
#include "security/crypto/hash.h"
#include "services/directory/errors.h"

namespace knooppunt::directory {

absl::StatusOr<Slice> SliceOf(int32_t page_size, absl::string_view page_token) {
  if (page_size < 0) return errors::InvalidField("page_size", "is 0 or more");
  const int size =
      page_size == 0 ? limits::kDefaultPageSize : std::min<int>(page_size, limits::kMaxPageSize);
  Slice slice{.after_id = "", .limit = size + 1};
  if (page_token.empty()) return slice;
  absl::StatusOr<std::string> id = crypto::Base64UrlDecode(page_token);
  if (!id.ok() || !base::IsResourceId(*id)) return errors::BadPageToken();
  slice.after_id = *std::move(id);
  return slice;
}

std::string TokenAfter(absl::string_view last_name) {
  return crypto::Base64UrlEncode(last_name.substr(last_name.rfind('/') + 1));
}

}  // namespace knooppunt::directory
