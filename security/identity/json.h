// JSON of strangers (RFC 8259), read strictly: one object, UTF-8, no member twice, no bytes after
// it. Two readers that take different twins of a member is how a signed text comes to say two
// things. Immutable and thread-safe.
#ifndef KNOOPPUNT_SECURITY_IDENTITY_JSON_H_
#define KNOOPPUNT_SECURITY_IDENTITY_JSON_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

struct json_t;  // jansson's

namespace knooppunt::identity {

class JsonObject {
 public:
  // INVALID_ARGUMENT unless `text` is one object of at most `max_bytes`.
  static absl::StatusOr<JsonObject> Parse(absl::string_view text, size_t max_bytes);

  bool Has(const char* name) const;
  // Each leaves *out as it is when there is no such member, and is false when it is there and of
  // another type.
  bool Read(const char* name, std::string* out) const;
  // Whole seconds of a NumericDate (RFC 7519, section 2), rounded down; false when it is not one
  // within the years 1970 to 9999.
  bool ReadSeconds(const char* name, int64_t* out) const;
  // An array of at most `max` strings.
  bool ReadStrings(const char* name, size_t max, std::vector<std::string>* out) const;
  // The same, or one string.
  bool ReadStringOrStrings(const char* name, size_t max, std::vector<std::string>* out) const;
  // An array of at most `max` objects.
  bool ReadObjects(const char* name, size_t max, std::vector<JsonObject>* out) const;

 private:
  explicit JsonObject(std::shared_ptr<json_t> json) : json_(std::move(json)) {}
  std::shared_ptr<json_t> json_;
};

}  // namespace knooppunt::identity

#endif  // KNOOPPUNT_SECURITY_IDENTITY_JSON_H_
