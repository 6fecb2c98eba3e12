#include "tests/matrix/expectations.h"

#include <algorithm>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/status.h"

namespace knooppunt::matrix {
namespace {

constexpr int kFunctions = 13;
constexpr int kRoles = 7;

Bits All(const Words& words) { return (Bits{1} << words.words.size()) - 1; }
bool In(Bits bits, int position) { return (bits >> position & 1) != 0; }

std::vector<std::string> SplitWords(absl::string_view text) {
  std::vector<std::string> out;
  for (absl::string_view word : absl::StrSplit(text, ',')) {
    word = absl::StripAsciiWhitespace(word);
    if (!word.empty()) out.emplace_back(word);
  }
  return out;
}

// One reading of the file.
class Reader {
 public:
  explicit Reader(const std::vector<std::string>& methods) : methods_(methods) {}

  absl::Status Read(absl::string_view text) {
    for (absl::string_view line : absl::StrSplit(text, '\n')) {
      ++number_;
      line = absl::StripAsciiWhitespace(line);
      if (line.empty() || line[0] == '#') continue;
      KP_RETURN_IF_ERROR(absl::ConsumePrefix(&line, "groep ") ? Group(line) : Rule(line));
    }
    return absl::OkStatus();
  }
  std::vector<Expectations::Line> Take() { return std::move(lines_); }

 private:
  absl::Status Wrong(absl::string_view what) const {
    return absl::InvalidArgumentError(absl::StrCat("expectations.txt:", number_, ": ", what));
  }

  absl::StatusOr<std::vector<std::string>> Expand(absl::string_view text) const {
    std::vector<std::string> out;
    for (const std::string& word : SplitWords(text)) {
      if (word[0] != '@') {
        out.push_back(word);
        continue;
      }
      const auto group = groups_.find(word);
      if (group == groups_.end()) return Wrong(absl::StrCat("no group ", word));
      out.insert(out.end(), group->second.begin(), group->second.end());
    }
    return out;
  }

  absl::Status Group(absl::string_view line) {
    const std::vector<std::string> sides = absl::StrSplit(line, absl::MaxSplits('=', 1));
    const std::string name(absl::StripAsciiWhitespace(sides[0]));
    if (sides.size() != 2 || !absl::StartsWith(name, "@")) return Wrong("groep @naam = woorden");
    KP_ASSIGN_OR_RETURN(groups_[name], Expand(sides[1]));
    return absl::OkStatus();
  }

  absl::StatusOr<Bits> Set(const Words& words, absl::string_view text) const {
    if (absl::StripAsciiWhitespace(text) == "*") return All(words);
    Bits bits = 0;
    KP_ASSIGN_OR_RETURN(const std::vector<std::string> all, Expand(text));
    for (const std::string& word : all) {
      const int found = words.Find(word);
      if (found < 0) return Wrong(absl::StrCat("unknown word '", word, "'"));
      bits |= Bits{1} << found;
    }
    if (bits == 0) return Wrong("an empty column: write * for everything");
    return bits;
  }

  absl::StatusOr<std::vector<std::string>> Methods(absl::string_view text) const {
    std::set<std::string> out;
    KP_ASSIGN_OR_RETURN(const std::vector<std::string> all, Expand(text));
    for (absl::string_view word : all) {
      const bool prefix = absl::ConsumeSuffix(&word, "*");
      const size_t before = out.size();
      for (const std::string& m : methods_) {
        if (prefix ? absl::StartsWith(m, word) : m == word) out.insert(m);
      }
      if (out.size() == before && !prefix && !out.contains(std::string(word))) {
        return Wrong(absl::StrCat("there is no method ", word));
      }
    }
    return std::vector<std::string>(out.begin(), out.end());
  }

  absl::Status Rule(absl::string_view text) {
    const std::vector<absl::string_view> columns = absl::StrSplit(text, '|');
    if (columns.size() != 7) return Wrong("seven columns, separated by |");
    Expectations::Line line;
    line.number = number_;
    KP_ASSIGN_OR_RETURN(line.methods, Methods(columns[0]));
    // The first @ after a word separates; one at its start names a group.
    const absl::string_view who = absl::StripAsciiWhitespace(columns[1]);
    size_t at = 0;
    do {
      at = who.find('@', at + 1);
    } while (at != absl::string_view::npos && (who[at - 1] == ' ' || who[at - 1] == ','));
    KP_ASSIGN_OR_RETURN(line.whos, Set(Whos(), who.substr(0, at)));
    KP_ASSIGN_OR_RETURN(line.places,
                        Set(Places(), at == absl::string_view::npos ? "*" : who.substr(at + 1)));
    KP_ASSIGN_OR_RETURN(line.purposes, Set(Purposes(), columns[2]));
    KP_ASSIGN_OR_RETURN(line.consents, Set(Consents(), columns[3]));
    KP_ASSIGN_OR_RETURN(line.logins, Set(Logins(), columns[4]));
    absl::string_view outcome = absl::StripAsciiWhitespace(columns[5]);
    line.yes = outcome == "ja";
    if (!line.yes && (!absl::ConsumePrefix(&outcome, "nee:") || outcome.empty())) {
      return Wrong("the outcome is ja, or nee:reason");
    }
    if (!line.yes) line.reason = std::string(outcome);
    if (!absl::StrContains(columns[6], "R")) return Wrong("the last column names a rule");
    lines_.push_back(std::move(line));
    return absl::OkStatus();
  }

  const std::vector<std::string>& methods_;
  std::map<std::string, std::vector<std::string>> groups_;
  std::vector<Expectations::Line> lines_;
  int number_ = 0;
};

}  // namespace

int Words::Find(absl::string_view word) const {
  const auto found = std::find(words.begin(), words.end(), word);
  return found == words.end() ? -1 : static_cast<int>(found - words.begin());
}

const Words& Whos() {
  static const Words* const kWords = new Words{{"intern-begeleider",
                                                "zorgcoordinator",
                                                "jeugdverpleegkundige",
                                                "jeugdarts",
                                                "consulent",
                                                "maatschappelijk-werker",
                                                "jeugdhulpverlener",
                                                "fg",
                                                "beheerder",
                                                "mandaatgever",
                                                "wethouder",
                                                "directeur-swv",
                                                "directeur-mbo",
                                                "ouder-met-gezag",
                                                "ouder-regisseur",
                                                "ouder-zonder-gezag",
                                                "kind-11",
                                                "jongere-13",
                                                "ander-lid",
                                                "buiten-gezin",
                                                "dienst",
                                                "niemand"}};
  return *kWords;
}
const Words& Places() {
  static const Words* const kWords =
      new Words{{"geen",        "genodigd",  "werkplaats",         "partner",
                 "regisseur",   "stand-in",  "stand-in-treedt-op", "beeindigd",
                 "waarnemer",   "ontvanger", "eigen-gezin",        "toetser",
                 "noodtoegang", "beslisser", "uit-dienst",         "zonder-opvolger",
                 "gezin",       "dossier",   "directory",          "access",
                 "audit"}};
  return *kWords;
}
const Words& Purposes() {
  static const Words* const kWords =
      new Words{{"onbenoemd", "coordinatie", "eigen-dossier", "overdracht", "eigen-inzage",
                 "toezicht", "beheer", "nood"}};
  return *kWords;
}
const Words& Consents() {
  static const Words* const kWords = new Words{
      {"geen-toestemming", "getekend", "ingetrokken", "voor-overdracht", "andere-organisatie"}};
  return *kWords;
}
const Words& Logins() {
  static const Words* const kWords = new Words{{"1f", "2f", "laag", "substantieel"}};
  return *kWords;
}

bool IsStaff(int who) { return who < kFunctions; }
bool IsFamily(int who) { return who >= kFunctions && who < kFunctions + kRoles; }

std::string Cell::ToString() const {
  return absl::StrCat(method, " | ", Whos().words[who], "@", Places().words[place], " | ",
                      Purposes().words[purpose], " | ", Consents().words[consent], " | ",
                      Logins().words[login]);
}

absl::StatusOr<Expectations> Expectations::Parse(absl::string_view text,
                                                 const std::vector<std::string>& methods) {
  Reader reader(methods);
  KP_RETURN_IF_ERROR(reader.Read(text));
  Expectations out;
  out.lines_ = reader.Take();
  std::set<std::string> allowed;
  for (size_t i = 0; i < out.lines_.size(); ++i) {
    for (const std::string& method : out.lines_[i].methods) {
      out.by_method_[method].push_back(static_cast<int>(i));
      if (out.lines_[i].yes) allowed.insert(method);
    }
  }
  for (const std::string& method : methods) {
    if (!allowed.contains(method)) {
      return absl::InvalidArgumentError(absl::StrCat("expectations.txt: no line says who may use ",
                                                     method, ": add one, from the domain"));
    }
  }
  return out;
}

Expectations::Answer Expectations::Of(const Cell& cell) const {
  const auto of_method = by_method_.find(cell.method);
  if (of_method == by_method_.end()) return {.reason = "no such method"};
  for (const int i : of_method->second) {
    const Line& line = lines_[i];
    if (In(line.whos, cell.who) && In(line.places, cell.place) && In(line.purposes, cell.purpose) &&
        In(line.consents, cell.consent) && In(line.logins, cell.login)) {
      return {.yes = line.yes, .reason = line.reason, .line = i};
    }
  }
  return {.reason = OtherwiseNo(of_method->second, cell)};
}

// The first thing on which no line that allows fits: function, purpose, place, consent.
std::string Expectations::OtherwiseNo(const std::vector<int>& lines, const Cell& cell) const {
  bool who = false, purpose = false, place = false;
  for (const int i : lines) {
    const Line& line = lines_[i];
    if (!line.yes || !In(line.whos, cell.who)) continue;
    who = true;
    if (!In(line.purposes, cell.purpose)) continue;
    purpose = true;
    if (In(line.places, cell.place)) place = true;
  }
  if (IsFamily(cell.who)) return "no-rule-for-family";
  if (!who) return "no-rule-for-function";
  if (!purpose) return "no-rule-for-purpose";
  return place ? "no-sharing" : "no-seat";
}

Bits Expectations::PurposesOf(const std::string& method, bool staff) const {
  Bits bits = 0;
  const auto of_method = by_method_.find(method);
  if (of_method == by_method_.end()) return bits;
  for (const int i : of_method->second) {
    // A line that says no names one too, unless it is about all of them: which other purpose a cell
    // is crossed with depends on how many methods there are.
    const bool names = lines_[i].yes || lines_[i].purposes != All(Purposes());
    for (int who = 0; who < static_cast<int>(Whos().words.size()); ++who) {
      const bool fits = staff ? IsStaff(who) : IsFamily(who);
      if (fits && names && In(lines_[i].whos, who)) bits |= lines_[i].purposes;
    }
  }
  return bits;
}

std::vector<std::string> Expectations::ServicesOf(const std::string& method) const {
  std::vector<std::string> out;
  const auto of_method = by_method_.find(method);
  if (of_method == by_method_.end()) return out;
  for (const int i : of_method->second) {
    if (!In(lines_[i].whos, Whos().Find("dienst"))) continue;
    for (size_t place = 0; place < Places().words.size(); ++place) {
      if (In(lines_[i].places, static_cast<int>(place))) out.push_back(Places().words[place]);
    }
  }
  return out;
}

bool Expectations::IsForNobody(const std::string& method) const {
  const auto of_method = by_method_.find(method);
  return of_method != by_method_.end() &&
         std::any_of(of_method->second.begin(), of_method->second.end(),
                     [&](int i) { return In(lines_[i].whos, Whos().Find("niemand")); });
}

Expectations Expectations::Flipped(int line) const {
  Expectations out = *this;
  Line& l = out.lines_[line];
  l.yes = !l.yes;
  l.reason = l.yes ? "" : "flipped";
  return out;
}

}  // namespace knooppunt::matrix
