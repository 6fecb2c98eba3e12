#include "base/text.h"

#include "absl/strings/str_cat.h"

namespace knooppunt::base {
namespace {

bool IsControl(uint32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029;
}

bool ChangesDirection(uint32_t c) {
  return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

}  // namespace

std::optional<uint32_t> NextCodePoint(absl::string_view* s) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>((*s)[i]); };
  const unsigned char first = byte(0);
  size_t length = 1;
  uint32_t value = first;
  uint32_t least = 0;
  if (first >= 0xF0 && first <= 0xF4) {
    length = 4, value = first & 0x07, least = 0x10000;
  } else if (first >= 0xE0 && first < 0xF0) {
    length = 3, value = first & 0x0F, least = 0x800;
  } else if (first >= 0xC2 && first < 0xE0) {
    length = 2, value = first & 0x1F, least = 0x80;
  } else if (first >= 0x80) {
    return std::nullopt;
  }
  if (s->size() < length) return std::nullopt;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return std::nullopt;
    value = value << 6 | (byte(i) & 0x3F);
  }
  if (value < least || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
    return std::nullopt;
  s->remove_prefix(length);
  return value;
}

bool IsSpace(uint32_t c) {
  return c == ' ' || c == '\t' || c == '\n' || c == 0xA0 || (c >= 0x2000 && c <= 0x200A) ||
         c == 0x202F;
}

std::string WantOfText(absl::string_view text, const TextRules& rules) {
  if (text.size() > rules.max_bytes) return absl::StrCat("be at most ", rules.max_bytes, " bytes");
  bool only_space = true;
  for (absl::string_view rest = text; !rest.empty();) {
    const std::optional<uint32_t> c = NextCodePoint(&rest);
    if (!c.has_value()) return "be valid UTF-8";
    if (IsControl(*c) && (*c != '\n' || rules.one_line)) return "have no control characters";
    if (ChangesDirection(*c)) return "have no characters that change the direction of text";
    only_space = only_space && IsSpace(*c);
  }
  return rules.required && only_space ? "not be empty" : "";
}

}  // namespace knooppunt::base
