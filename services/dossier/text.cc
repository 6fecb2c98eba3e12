#include "services/dossier/text.h"

#include <cstdint>
#include <iterator>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/text.h"
#include "services/dossier/errors.h"

namespace knooppunt::dossier {
namespace {

// U+00C0 to U+017F without their accents; '\0' where more than one letter is needed.
constexpr char kLatin1Bytes[] =
    "aaaaaa\0ceeeeiiii"   // C0
    "dnooooo*ouuuuy\0\0"  // D0
    "aaaaaa\0ceeeeiiii"   // E0
    "dnooooo*ouuuuy\0y";  // F0
constexpr char kExtendedABytes[] =
    "aaaaaaccccccccdd"    // 100
    "ddeeeeeeeeeegggg"    // 110
    "gggghhhhiiiiiiii"    // 120
    "ii\0\0jjkkklllllll"  // 130
    "lllnnnnnnnnnoooo"    // 140
    "oo\0\0rrrrrrssssss"  // 150
    "ssttttttuuuuuuuu"    // 160
    "uuuuwwyyyzzzzzzs";   // 170

absl::string_view LettersFor(uint32_t c) {
  switch (c) {
    case 0xC6:
    case 0xE6:
      return "ae";
    case 0xDE:
    case 0xFE:
      return "th";
    case 0xDF:
      return "ss";
    case 0x132:
    case 0x133:
      return "ij";
    case 0x152:
    case 0x153:
      return "oe";
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
      return "-";
    case 0x2018:
    case 0x2019:
    case 0x02BC:
      return "'";
    default:
      return "";
  }
}

void AppendUtf8(uint32_t c, std::string* out) {
  if (c < 0x80) {
    *out += static_cast<char>(c);
  } else if (c < 0x800) {
    *out += {static_cast<char>(0xC0 | c >> 6), static_cast<char>(0x80 | (c & 0x3F))};
  } else if (c < 0x10000) {
    *out += {static_cast<char>(0xE0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3F)),
             static_cast<char>(0x80 | (c & 0x3F))};
  } else {
    *out += {static_cast<char>(0xF0 | c >> 18), static_cast<char>(0x80 | (c >> 12 & 0x3F)),
             static_cast<char>(0x80 | (c >> 6 & 0x3F)), static_cast<char>(0x80 | (c & 0x3F))};
  }
}

void AppendPlain(uint32_t c, std::string* out) {
  if (c < 0x80) {
    *out += absl::ascii_tolower(static_cast<unsigned char>(c));
  } else if (const absl::string_view letters = LettersFor(c); !letters.empty()) {
    absl::StrAppend(out, letters);
  } else if (c >= 0xC0 && c < 0x100 && c != 0xD7 && c != 0xF7) {
    *out += kLatin1Bytes[c - 0xC0];
  } else if (c >= 0x100 && c < 0x180) {
    *out += kExtendedABytes[c - 0x100];
  } else if (c < 0x300 || c > 0x36F) {  // combining accents are dropped
    AppendUtf8(c, out);
  }
}

static_assert(std::size(kLatin1Bytes) == 0x40 + 1);
static_assert(std::size(kExtendedABytes) == 0x80 + 1);

}  // namespace

absl::Status ValidateText(absl::string_view field, absl::string_view text, const TextRules& rules) {
  const std::string want = base::WantOfText(text, rules);
  return want.empty() ? absl::OkStatus() : errors::InvalidField(field, want);
}

absl::Status ValidateName(absl::string_view field, absl::string_view text) {
  return ValidateText(field, text,
                      {.max_bytes = limits::kMaxNameBytes, .required = true, .one_line = true});
}

std::string NormaliseName(absl::string_view name) {
  std::string out;
  bool space = false;
  while (!name.empty()) {
    const std::optional<uint32_t> c = base::NextCodePoint(&name);
    if (!c.has_value()) {  // not UTF-8: keep the byte, so that equal stays equal
      out += name.front();
      name.remove_prefix(1);
      continue;
    }
    if (base::IsSpace(*c)) {
      space = !out.empty();
      continue;
    }
    if (space) out += ' ';
    space = false;
    AppendPlain(*c, &out);
  }
  return out;
}

}  // namespace knooppunt::dossier
