#include "security/identity/json.h"

#include <jansson.h>

#include <cmath>

namespace knooppunt::identity {
namespace {

constexpr double kLastSecond = 253'402'300'799;  // 9999-12-31T23:59:59Z

std::string Text(const json_t* json) {
  return std::string(json_string_value(json), json_string_length(json));
}

}  // namespace

absl::StatusOr<JsonObject> JsonObject::Parse(absl::string_view text, size_t max_bytes) {
  if (text.empty() || text.size() > max_bytes) {
    return absl::InvalidArgumentError("not a JSON object of a size that is accepted");
  }
  json_error_t error;
  std::shared_ptr<json_t> json(json_loadb(text.data(), text.size(), JSON_REJECT_DUPLICATES, &error),
                               [](json_t* j) { json_decref(j); });
  if (json == nullptr || !json_is_object(json.get())) {
    return absl::InvalidArgumentError("not one JSON object with each member once");
  }
  return JsonObject(std::move(json));
}

bool JsonObject::Has(const char* name) const {
  return json_object_get(json_.get(), name) != nullptr;
}

bool JsonObject::Read(const char* name, std::string* out) const {
  const json_t* member = json_object_get(json_.get(), name);
  if (member == nullptr) return true;
  if (!json_is_string(member)) return false;
  *out = Text(member);
  return true;
}

bool JsonObject::ReadSeconds(const char* name, int64_t* out) const {
  const json_t* member = json_object_get(json_.get(), name);
  if (member == nullptr) return true;
  if (!json_is_number(member)) return false;
  const double seconds = std::floor(json_number_value(member));
  if (!(seconds >= 0 && seconds <= kLastSecond)) return false;
  *out = static_cast<int64_t>(seconds);
  return true;
}

bool JsonObject::ReadStrings(const char* name, size_t max, std::vector<std::string>* out) const {
  const json_t* member = json_object_get(json_.get(), name);
  if (member == nullptr) return true;
  if (!json_is_array(member) || json_array_size(member) > max) return false;
  std::vector<std::string> strings;
  strings.reserve(json_array_size(member));
  for (size_t i = 0; i < json_array_size(member); ++i) {
    const json_t* element = json_array_get(member, i);
    if (!json_is_string(element)) return false;
    strings.push_back(Text(element));
  }
  *out = std::move(strings);
  return true;
}

bool JsonObject::ReadStringOrStrings(const char* name, size_t max,
                                     std::vector<std::string>* out) const {
  if (json_is_string(json_object_get(json_.get(), name))) {
    out->assign(1, Text(json_object_get(json_.get(), name)));
    return true;
  }
  return ReadStrings(name, max, out);
}

bool JsonObject::ReadObjects(const char* name, size_t max, std::vector<JsonObject>* out) const {
  const json_t* member = json_object_get(json_.get(), name);
  if (member == nullptr) return true;
  if (!json_is_array(member) || json_array_size(member) > max) return false;
  std::vector<JsonObject> objects;
  objects.reserve(json_array_size(member));
  for (size_t i = 0; i < json_array_size(member); ++i) {
    json_t* element = json_array_get(member, i);
    if (!json_is_object(element)) return false;
    // Shares the life of the whole; jansson's own counts stay untouched, so threads may share it.
    objects.push_back(JsonObject(std::shared_ptr<json_t>(json_, element)));
  }
  *out = std::move(objects);
  return true;
}

}  // namespace knooppunt::identity
