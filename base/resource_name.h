// Resource names (AIP-122): "families/{family}/cases/{case}". Ids are lower-case
// letters, digits and '-', 1 to 63 bytes, and never carry personal data.
// Thread-safe (values).
#ifndef KNOOPPUNT_BASE_RESOURCE_NAME_H_
#define KNOOPPUNT_BASE_RESOURCE_NAME_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace knooppunt::base {

class ResourceName {
 public:
  // INVALID_ARGUMENT unless `name` is collection/id pairs of well-formed words.
  static absl::StatusOr<ResourceName> Parse(absl::string_view name);
  // As Parse, and the collections must be exactly those of `pattern`, in which
  // every id is written "*": "families/*/cases/*".
  static absl::StatusOr<ResourceName> Parse(absl::string_view name, absl::string_view pattern);

  // The id in `collection`, or "" when the name has none.
  absl::string_view Id(absl::string_view collection) const;
  absl::string_view last_id() const { return parts_.back().second; }
  const std::vector<std::pair<std::string, std::string>>& parts() const { return parts_; }
  std::string ToString() const;

 private:
  std::vector<std::pair<std::string, std::string>> parts_;
};

bool IsResourceId(absl::string_view id);

}  // namespace knooppunt::base

#endif  // KNOOPPUNT_BASE_RESOURCE_NAME_H_
