#include "base/error_text.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace knooppunt::base {

extern const char kErrorsNl[];  // errors_nl.txt

absl::flat_hash_map<std::string, ErrorText> ParseErrorTexts(absl::string_view text) {
  absl::flat_hash_map<std::string, ErrorText> texts;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    if (line.empty() || line[0] == '#') continue;
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(line, absl::MaxSplits(':', 1));
    const absl::string_view sentence = absl::StripAsciiWhitespace(parts.second);
    if (sentence.empty()) continue;
    absl::string_view reason = absl::StripAsciiWhitespace(parts.first);
    const bool has_detail = absl::ConsumeSuffix(&reason, "+");
    texts[reason] = {std::string(sentence), has_detail};
  }
  return texts;
}

const ErrorText* DutchErrorText(absl::string_view reason) {
  static const auto* const texts =
      new absl::flat_hash_map<std::string, ErrorText>(ParseErrorTexts(kErrorsNl));
  const auto it = texts->find(reason);
  return it == texts->end() ? nullptr : &it->second;
}

}  // namespace knooppunt::base
