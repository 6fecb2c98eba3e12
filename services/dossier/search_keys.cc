#include "services/dossier/search_keys.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/date.h"
#include "services/dossier/text.h"

namespace knooppunt::dossier {
namespace {

// Words that stand before a name and by which nobody sorts, as the Dutch write and shorten them.
constexpr absl::string_view kParticles[] = {
    "aan", "al",    "auf", "bij",  "bin", "d",   "da",   "de",  "del", "den", "der",
    "des", "di",    "do",  "dos",  "du",  "el",  "het",  "in",  "l",   "la",  "le",
    "les", "onder", "op",  "over", "s",   "t",   "te",   "ten", "ter", "tot", "uit",
    "v",   "van",   "vd",  "vdn",  "vom", "von", "voor", "zu",  "zum"};

// Belgium writes them on: Vandersteen. Longest first; what remains has `least` letters or more.
struct Prefix {
  absl::string_view text;
  size_t least;
};
constexpr Prefix kJoinedParticles[] = {{"vander", 3}, {"vanden", 3}, {"vande", 3}, {"van", 4}};

bool IsParticle(absl::string_view word) {
  return std::find(std::begin(kParticles), std::end(kParticles), word) != std::end(kParticles);
}

bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }

// Letters outside a-z stay, byte by byte: a name in another script is still equal to itself. So do
// digits: what is numbered is another.
bool IsLetter(char c) {
  const auto u = static_cast<unsigned char>(c);
  return absl::ascii_islower(u) || IsDigit(c) || u >= 0x80;
}

std::string LettersOf(absl::string_view word) {
  std::string out;
  std::copy_if(word.begin(), word.end(), std::back_inserter(out), IsLetter);
  return out;
}

std::string WithoutJoinedParticle(const std::string& core) {
  for (const Prefix& p : kJoinedParticles) {
    if (absl::StartsWith(core, p.text) && core.size() >= p.text.size() + p.least) {
      return core.substr(p.text.size());
    }
  }
  return core;
}

void AddOnce(std::string core, std::vector<std::string>* out) {
  if (core.empty() || std::find(out->begin(), out->end(), core) != out->end()) return;
  out->push_back(std::move(core));
}

// Words between particles and hyphens: "jansen de vries" is two parts, "la faille" one.
std::vector<std::string> PartsOf(absl::string_view normalised) {
  std::vector<std::string> parts;
  for (const absl::string_view half : absl::StrSplit(normalised, '-')) {
    std::string part;
    for (const absl::string_view word : absl::StrSplit(half, absl::ByAnyChar(" .,'`/"))) {
      const std::string letters = LettersOf(word);
      if (IsParticle(letters)) {
        AddOnce(WithoutJoinedParticle(part), &parts);
        part.clear();
      } else {
        part += letters;
      }
    }
    AddOnce(WithoutJoinedParticle(part), &parts);
  }
  return parts;
}

enum class Where { kAnywhere, kStart, kEnd };
struct Rule {
  absl::string_view from;
  absl::string_view to;
  Where where = Where::kAnywhere;
  absl::string_view before = "";  // only when one of these letters follows
};

// Tried in this order at each place; the first that fits is taken. Capitals are sounds of two or
// three letters, so that they meet no rule again: Y ij, X ui, O ou, U oe, E eu.
constexpr Rule kRules[] = {
    // Vowels, longest first. Long and short are one: Smeets and Smets.
    {"auw", "O"},
    {"ouw", "O"},
    {"eij", "Y"},
    {"uij", "X"},
    {"aij", "ai"},
    {"ieu", "i"},
    {"au", "O"},
    {"ou", "O"},
    {"ij", "Y"},
    {"ei", "Y"},
    {"ey", "Y"},
    {"ui", "X"},
    {"uy", "X"},
    {"ay", "ai"},
    {"oe", "U"},
    {"eu", "E"},
    {"ae", "a"},
    {"aa", "a"},
    {"ee", "e"},
    {"ie", "i"},
    {"oo", "o"},
    {"ue", "u"},
    {"uu", "u"},
    {"y", "Y"},
    // Consonants.
    {"sch", "s", Where::kEnd},  // Bosch
    {"sch", "sg"},
    {"ckx", "ks"},  // Hendrickx
    {"cks", "ks"},
    {"cx", "ks"},
    {"ck", "k"},
    {"ch", "g"},
    {"c", "s", Where::kAnywhere, "eiy"},
    {"c", "k"},
    {"qu", "kw"},
    {"q", "k"},
    {"x", "ks"},
    {"ph", "f"},
    {"th", "t"},
    {"gh", "g"},
    {"dh", "d"},
    {"rh", "r"},
    {"kh", "k"},
    {"dt", "t"},
    {"sz", "s"},
    {"tz", "ts"},
    {"z", "s"},
    {"v", "f"},
    {"d", "t", Where::kEnd},
    {"en", "e", Where::kEnd},  // Jansen, Janse
};

bool Fits(const Rule& rule, absl::string_view core, size_t at) {
  const absl::string_view rest = core.substr(at);
  if (!absl::StartsWith(rest, rule.from)) return false;
  if (rule.where == Where::kStart && at != 0) return false;
  if (rule.where == Where::kEnd && rest.size() != rule.from.size()) return false;
  if (rule.before.empty()) return true;
  return rest.size() > rule.from.size() && absl::StrContains(rule.before, rest[rule.from.size()]);
}

}  // namespace

std::vector<std::string> NameCores(absl::string_view family_name) {
  const std::string normalised = NormaliseName(family_name);
  std::vector<std::string> parts = PartsOf(normalised);
  std::vector<std::string> out;
  if (parts.empty()) {
    AddOnce(LettersOf(normalised), &out);
    return out;
  }
  if (parts.size() > kMaxNameParts) parts.resize(kMaxNameParts);
  AddOnce(absl::StrJoin(parts, ""), &out);
  for (std::string& part : parts) AddOnce(std::move(part), &out);
  return out;
}

std::string SoundKey(absl::string_view core) {
  std::string out;
  const auto add = [&out](absl::string_view sound) {
    for (const char c : sound) {
      if (out.empty() || out.back() != c || IsDigit(c)) out += c;  // double letters are one
    }
  };
  for (size_t at = 0; at < core.size();) {
    const auto* rule = std::find_if(std::begin(kRules), std::end(kRules),
                                    [&](const Rule& r) { return Fits(r, core, at); });
    if (rule == std::end(kRules)) {
      add(core.substr(at, 1));
      ++at;
    } else {
      add(rule->to);
      at += rule->from.size();
    }
  }
  return out;
}

std::string SwappedBirthDate(absl::string_view iso) {
  const auto day = base::ParseDate(iso);
  if (!day.ok() || day->day() > 12 || day->day() == day->month()) return "";
  return base::FormatDate(base::Date(day->year(), day->day(), day->month()));
}

}  // namespace knooppunt::dossier
