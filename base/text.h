// Text that people type: what may stand in it. Pure; thread-safe (no state).
#ifndef KNOOPPUNT_BASE_TEXT_H_
#define KNOOPPUNT_BASE_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "base/limits.h"

namespace knooppunt::base {

struct TextRules {
  size_t max_bytes = limits::kMaxTextBytes;
  bool required = true;   // not empty, and not only spaces
  bool one_line = false;  // no line feed either
};

// Empty when `text` is valid UTF-8 (no surrogates, no overlong forms) within the size, without
// control characters other than line feed and without characters that change the direction of what
// follows (Unicode bidi embeddings, overrides and isolates: text must read as it is stored). Else
// what it must, for after "must": "be at most 200 bytes". Never holds input.
std::string WantOfText(absl::string_view text, const TextRules& rules);

// Takes one code point off the front of `s`, which is not empty; nullopt when the bytes are not
// UTF-8 (RFC 3629), and nothing is taken.
std::optional<uint32_t> NextCodePoint(absl::string_view* s);
// A space of any width, a tab or a line feed.
bool IsSpace(uint32_t code_point);

}  // namespace knooppunt::base

#endif  // KNOOPPUNT_BASE_TEXT_H_
