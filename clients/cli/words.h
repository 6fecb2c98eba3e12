// The words of the domain as people type and read them: "education", "jgz-nurse". They are the
// names of the protos' enum values, without the enum's own name, in lower case with hyphens;
// so a value that a proto gains is a word at once. Thread-safe (no state).
#ifndef KNOOPPUNT_CLIENTS_CLI_WORDS_H_
#define KNOOPPUNT_CLIENTS_CLI_WORDS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/generated_enum_reflection.h"
#include "google/protobuf/repeated_field.h"

namespace knooppunt::cli {

// The word for a value; "" for the zero value and for one that the enum does not have.
std::string WordOf(const google::protobuf::EnumDescriptor* type, int value);
// INVALID_ARGUMENT, listing the good words, when `word` is none of them.
absl::StatusOr<int> ValueOf(const google::protobuf::EnumDescriptor* type, absl::string_view word);
// All words, in the order of the proto.
std::vector<std::string> WordsOf(const google::protobuf::EnumDescriptor* type);

template <typename E>
std::string Word(E value) {
  return WordOf(google::protobuf::GetEnumDescriptor<E>(), static_cast<int>(value));
}
// Those of a repeated field, with commas.
template <typename E>
std::string JoinWords(const google::protobuf::RepeatedField<int>& values) {
  return absl::StrJoin(values, ", ", [](std::string* out, int value) {
    absl::StrAppend(out, Word(static_cast<E>(value)));
  });
}
template <typename E>
absl::StatusOr<E> ParseWord(absl::string_view word) {
  const absl::StatusOr<int> value = ValueOf(google::protobuf::GetEnumDescriptor<E>(), word);
  if (!value.ok()) return value.status();
  return static_cast<E>(*value);
}

}  // namespace knooppunt::cli

#endif  // KNOOPPUNT_CLIENTS_CLI_WORDS_H_
