#include "clients/cli/words.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "google/protobuf/descriptor.h"

namespace knooppunt::cli {
namespace {

using google::protobuf::EnumDescriptor;

// "SeatRole" -> "SEAT_ROLE_".
std::string Prefix(const EnumDescriptor* type) {
  std::string prefix;
  for (const char c : type->name()) {
    if (absl::ascii_isupper(c) && !prefix.empty()) prefix.push_back('_');
    prefix.push_back(absl::ascii_toupper(c));
  }
  return absl::StrCat(prefix, "_");
}

}  // namespace

std::string WordOf(const EnumDescriptor* type, int value) {
  const google::protobuf::EnumValueDescriptor* found = type->FindValueByNumber(value);
  if (found == nullptr || value == 0) return "";
  const std::string prefix = Prefix(type);
  return absl::StrReplaceAll(absl::AsciiStrToLower(absl::StripPrefix(found->name(), prefix)),
                             {{"_", "-"}});
}

std::vector<std::string> WordsOf(const EnumDescriptor* type) {
  std::vector<std::string> words;
  for (int i = 0; i < type->value_count(); ++i) {
    std::string word = WordOf(type, type->value(i)->number());
    if (!word.empty()) words.push_back(std::move(word));
  }
  return words;
}

absl::StatusOr<int> ValueOf(const EnumDescriptor* type, absl::string_view word) {
  for (int i = 0; i < type->value_count(); ++i) {
    const int value = type->value(i)->number();
    if (value != 0 && WordOf(type, value) == word) return value;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("'", word, "' is not one of: ", absl::StrJoin(WordsOf(type), ", ")));
}

}  // namespace knooppunt::cli
