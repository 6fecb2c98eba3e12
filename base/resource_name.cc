#include "base/resource_name.h"

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
  const std::vector<absl::string_view> words = absl::StrSplit(name, '/');
  if (words.size() % 2 != 0) return bad();
  ResourceName out;
  for (size_t i = 0; i < words.size(); i += 2) {
    if (!IsCollection(words[i]) || !IsResourceId(words[i + 1])) return bad();
    out.parts_.emplace_back(std::string(words[i]), std::string(words[i + 1]));
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
