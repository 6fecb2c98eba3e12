#include "services/casework/paging.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/limits.h"
#include "base/resource_name.h"
#include "security/crypto/hash.h"
#include "services/dossier/errors.h"

namespace knooppunt::casework {

std::string PageToken(const Cursor& cursor) {
  return crypto::Base64UrlEncode(absl::StrCat(cursor.first, "/", cursor.second));
}

absl::StatusOr<Cursor> ParsePageToken(const std::string& token) {
  if (token.empty()) return Cursor();
  const auto bad = [] {
    return dossier::errors::InvalidField("page_token", "be one that was given out");
  };
  if (token.size() > limits::kMaxResourceNameBytes) return bad();
  const auto text = crypto::Base64UrlDecode(token);
  if (!text.ok()) return bad();
  const std::vector<std::string> parts = absl::StrSplit(*text, '/');
  if (parts.size() != 2 || !base::IsResourceId(parts[0]) || !base::IsResourceId(parts[1]))
    return bad();
  return Cursor(parts[0], parts[1]);
}

absl::StatusOr<int> PageSize(int32_t asked) {
  if (asked < 0) return dossier::errors::InvalidField("page_size", "be 0 or more");
  return asked == 0 ? limits::kDefaultPageSize : std::min(asked, limits::kMaxPageSize);
}

std::vector<const policy::AuthorizedCall*> InOrder(const std::vector<policy::AuthorizedCall>& all) {
  std::vector<const policy::AuthorizedCall*> out;
  out.reserve(all.size());
  for (const policy::AuthorizedCall& call : all) out.push_back(&call);
  std::sort(out.begin(), out.end(),
            [](const auto* a, const auto* b) { return a->family() < b->family(); });
  return out;
}

}  // namespace knooppunt::casework
