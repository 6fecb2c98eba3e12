#include "clients/cli/csv.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/failure.h"

namespace knooppunt::cli {
namespace {

constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Which of ; , and tab stands most in the header, outside quotes.
char SeparatorOf(absl::string_view text) {
  std::map<char, int> count;
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (!quoted && (c == '\n' || c == '\r')) break;
    if (!quoted) ++count[c];
  }
  char best = ',';
  for (const char c : {';', ',', '\t'}) {
    if (count[c] > count[best]) best = c;
  }
  return best;
}

class Reader {
 public:
  Reader(absl::string_view text, char separator) : text_(text), separator_(separator) {}

  // The next row, or false at the end.
  absl::StatusOr<bool> Next(CsvRow* row) {
    *row = CsvRow();
    if (at_ >= text_.size()) return false;
    row->line = line_;
    for (;;) {
      std::string field;
      const absl::Status status = ReadField(&field, row);
      if (!status.ok()) return status;
      row->fields.push_back(std::string(absl::StripAsciiWhitespace(field)));
      CheckField(row);
      if (at_ >= text_.size() || !TakeSeparator()) break;
    }
    TakeLineEnd();
    return true;
  }

 private:
  bool TakeSeparator() {
    if (text_[at_] != separator_) return false;
    ++at_;
    return true;
  }
  void TakeLineEnd() {
    if (at_ < text_.size() && text_[at_] == '\r') ++at_;
    if (at_ < text_.size() && text_[at_] == '\n') {
      ++at_;
    }
    ++line_;
  }

  absl::Status ReadField(std::string* field, CsvRow* row) {
    if (at_ < text_.size() && text_[at_] == '"') return ReadQuoted(field, row);
    while (at_ < text_.size() && text_[at_] != separator_ && text_[at_] != '\n' &&
           text_[at_] != '\r') {
      if (text_[at_] == '"')
        Fault(
            "een aanhalingsteken midden in een veld: zet het hele veld "
            "tussen aanhalingstekens en verdubbel het",
            row);
      field->push_back(text_[at_++]);
    }
    return absl::OkStatus();
  }

  absl::Status ReadQuoted(std::string* field, CsvRow* row) {
    ++at_;
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == '\n') ++line_;
      if (c != '"') {
        field->push_back(c);
        continue;
      }
      if (at_ < text_.size() && text_[at_] == '"') {
        field->push_back('"');
        ++at_;
        continue;
      }
      // What stands between the closing quote and the separator belongs to nothing.
      bool more = false;
      while (at_ < text_.size() && text_[at_] != separator_ && text_[at_] != '\n' &&
             text_[at_] != '\r') {
        more = more || text_[at_] != ' ';
        ++at_;
      }
      if (more) Fault("tekst na een sluitend aanhalingsteken", row);
      return absl::OkStatus();
    }
    return InputError(
        absl::StrCat("regel ", row->line, ": een aanhalingsteken wordt nergens gesloten"));
  }

  void CheckField(CsvRow* row) {
    const std::string& field = row->fields.back();
    if (field.size() > kMaxCsvFieldBytes) Fault("een veld is langer dan 1000 tekens", row);
    if (std::any_of(field.begin(), field.end(), [](char c) {
          return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t') ||
                 c == 0x7f;
        })) {
      Fault("een veld bevat een stuurteken dat men niet ziet: typ het veld opnieuw", row);
    }
  }

  static void Fault(absl::string_view what, CsvRow* row) {
    if (row->fault.empty()) row->fault = std::string(what);
  }

  const absl::string_view text_;
  const char separator_;
  size_t at_ = 0;
  int line_ = 1;
};

bool IsBlank(const CsvRow& row) {
  return std::all_of(row.fields.begin(), row.fields.end(),
                     [](const std::string& f) { return f.empty(); });
}

absl::Status ReadHeader(CsvRow row, CsvFile* out) {
  if (!row.fault.empty()) return InputError(absl::StrCat("de kopregel: ", row.fault));
  if (row.fields.size() > kMaxCsvColumns)
    return InputError("de kopregel heeft meer dan 32 kolommen");
  std::set<std::string> seen;
  for (const std::string& field : row.fields) {
    out->header.push_back(absl::AsciiStrToLower(field));
    if (!out->header.back().empty() && !seen.insert(out->header.back()).second) {
      return InputError(absl::StrCat("de kolom '", field, "' staat twee keer in de kopregel"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<CsvFile> ParseCsv(absl::string_view text) {
  if (absl::StartsWith(text, kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  CsvFile out;
  out.separator = SeparatorOf(text);
  // "sep=;" on the first line, as a spreadsheet writes it for another.
  int skipped = 0;
  if (absl::StartsWithIgnoreCase(text, "sep=") && text.size() > 4) {
    out.separator = text[4];
    const size_t end = text.find('\n');
    text = end == absl::string_view::npos ? absl::string_view() : text.substr(end + 1);
    skipped = 1;
  }
  Reader reader(text, out.separator);
  CsvRow row;
  for (;;) {
    const absl::StatusOr<bool> more = reader.Next(&row);
    if (!more.ok()) return more.status();
    if (!*more) break;
    if (IsBlank(row) && row.fault.empty()) continue;
    row.line += skipped;
    if (out.header.empty()) {
      if (absl::Status s = ReadHeader(std::move(row), &out); !s.ok()) return s;
      continue;
    }
    if (out.rows.size() == kMaxCsvRows) {
      return InputError("het bestand heeft meer dan 5000 regels: splits het");
    }
    if (row.fault.empty() && row.fields.size() != out.header.size()) {
      row.fault = absl::StrCat("deze regel heeft ", row.fields.size(), " velden en de kopregel ",
                               out.header.size());
    }
    out.rows.push_back(std::move(row));
  }
  if (out.header.empty()) return InputError("het bestand heeft geen kopregel");
  return out;
}

std::string CsvField(absl::string_view field) {
  std::string out(field);
  // A spreadsheet runs what begins so (CWE-1236).
  if (!out.empty() && absl::string_view("=+-@\t\r\n").find(out[0]) != absl::string_view::npos) {
    out.insert(out.begin(), '\'');
  }
  const bool quote = out.find_first_of("\";,\n\r\t'") != std::string::npos;
  if (!quote) return out;
  std::string quoted = "\"";
  for (const char c : out) {
    if (c == '"') quoted.push_back('"');
    quoted.push_back(c);
  }
  return quoted + "\"";
}

std::string CsvLine(const std::vector<std::string>& fields) {
  return absl::StrCat(absl::StrJoin(fields, ";",
                                    [](std::string* out, const std::string& field) {
                                      absl::StrAppend(out, CsvField(field));
                                    }),
                      "\r\n");
}

absl::StatusOr<CsvColumns> CsvColumns::Find(
    const std::vector<std::string>& header,
    const std::map<std::string, std::vector<std::string>>& columns,
    const std::vector<std::string>& required) {
  CsvColumns out;
  for (size_t i = 0; i < header.size(); ++i) {
    if (header[i].empty()) continue;
    bool known = false;
    for (const auto& [name, spellings] : columns) {
      if (std::find(spellings.begin(), spellings.end(), header[i]) == spellings.end()) continue;
      known = true;
      if (!out.at_.emplace(name, i).second) {
        return InputError(absl::StrCat("de kolom '", name, "' staat twee keer in de kopregel"));
      }
    }
    if (!known) {
      std::vector<std::string> names;
      names.reserve(columns.size());
      for (const auto& [name, spellings] : columns) names.push_back(spellings.front());
      return InputError(absl::StrCat("de kolom '", header[i],
                                     "' is niet bekend; wel: ", absl::StrJoin(names, ", ")));
    }
  }
  for (const std::string& name : required) {
    if (!out.at_.contains(name)) {
      return InputError(
          absl::StrCat("de kolom '", columns.at(name).front(), "' ontbreekt in de kopregel"));
    }
  }
  return out;
}

const std::string& CsvColumns::Get(const CsvRow& row, const std::string& column) const {
  static const std::string kNone;
  const auto found = at_.find(column);
  return found == at_.end() || found->second >= row.fields.size() ? kNone
                                                                  : row.fields[found->second];
}

}  // namespace knooppunt::cli
