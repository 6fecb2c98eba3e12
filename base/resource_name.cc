#include "base/resource_name.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/limits.h"
#include "base/status.h"

namespace knooppunt::base {
namespace {

bool IsCollection(absl::string_view s) {
  if (s.empty() || s.size() > 40) return false;
  for (char c : s) {
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))) return false;
  }
  return true;
}

}  // namespace

bool IsResourceId(absl::string_view id) {
  if (id.empty() || id.size() > 63) return false;
  for (char c : id) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
  }
  return true;
}

absl::StatusOr<ResourceName> ResourceName::Parse(absl::string_view name) {
  const auto bad = [] {
    return absl::InvalidArgumentError(
        "malformed resource name: expected collection/id pairs, e.g. families/abc/cases/def");
  };
  if (name.empty() || name.size() > limits::kMaxResourceNameBytes) return bad();
  ResourceName out;
  out.parts_.reserve(2);
  for (size_t at = 0; at <= name.size();) {
    const size_t slash = name.find('/', at);
    if (slash == absl::string_view::npos) return bad();
    const absl::string_view collection = name.substr(at, slash - at);
    const size_t end = std::min(name.find('/', slash + 1), name.size());
    const absl::string_view id = name.substr(slash + 1, end - slash - 1);
    if (!IsCollection(collection) || !IsResourceId(id)) return bad();
    out.parts_.emplace_back(std::string(collection), std::string(id));
    at = end + 1;
  }
  return out;
}

absl::StatusOr<ResourceName> ResourceName::Parse(absl::string_view name,
                                                 absl::string_view pattern) {
  KP_ASSIGN_OR_RETURN(ResourceName out, Parse(name));
  const std::vector<absl::string_view> words = absl::StrSplit(pattern, '/');
  bool matches = words.size() == out.parts_.size() * 2;
  for (size_t i = 0; matches && i < out.parts_.size(); ++i) {
    matches = words[2 * i] == out.parts_[i].first &&
              (words[2 * i + 1] == "*" || words[2 * i + 1] == out.parts_[i].second);
  }
  if (!matches) {
    return absl::InvalidArgumentError(absl::StrCat("this resource name must look like ", pattern));
  }
  return out;
}

absl::string_view ResourceName::Id(absl::string_view collection) const {
  for (const auto& [c, id] : parts_) {
    if (c == collection) return id;
  }
  return "";
}

std::string ResourceName::ToString() const {
  std::string out;
  for (const auto& [c, id] : parts_) absl::StrAppend(&out, out.empty() ? "" : "/", c, "/", id);
  return out;
}

}  // namespace knooppunt::base
