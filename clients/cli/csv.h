// Tables as text: CSV by RFC 4180, and as spreadsheets in the Netherlands write it (semicolons, a
// byte order mark, a "sep=;" line). Thread-safe (no state).
#ifndef KNOOPPUNT_CLIENTS_CLI_CSV_H_
#define KNOOPPUNT_CLIENTS_CLI_CSV_H_

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace knooppunt::cli {

inline constexpr size_t kMaxCsvRows = 5000;
inline constexpr size_t kMaxCsvColumns = 32;
inline constexpr size_t kMaxCsvFieldBytes = 1000;

struct CsvRow {
  int line = 0;                     // in the file, from 1: where the row begins
  std::vector<std::string> fields;  // without surrounding spaces
  std::string fault;                // what is wrong with the row as such, in Dutch; "" when nothing
};

struct CsvFile {
  char separator = ',';
  std::vector<std::string> header;  // in small letters
  std::vector<CsvRow> rows;         // blank lines left out
};

// `text` is UTF-8. A row that is not well formed has its fault and the rows after it are read;
// INVALID_ARGUMENT, in Dutch, when the file as such is not: no header, the same column twice, a
// quote that never ends, too many rows or columns.
absl::StatusOr<CsvFile> ParseCsv(absl::string_view text);

// One field as it may stand in a file that a spreadsheet opens: quoted where needed, and never
// taken for a formula (a leading = + - @, tab or line end gets an apostrophe before it).
std::string CsvField(absl::string_view field);
// Fields with semicolons, and the line's end.
std::string CsvLine(const std::vector<std::string>& fields);

// The fields of a row by the names of its columns. `columns`: name to the spellings it has in a
// header. A column that the header lacks is empty.
class CsvColumns {
 public:
  // INVALID_ARGUMENT, in Dutch, names a required column that is not there, and one that is not
  // known: a misspelt column would be passed over in silence.
  static absl::StatusOr<CsvColumns> Find(
      const std::vector<std::string>& header,
      const std::map<std::string, std::vector<std::string>>& columns,
      const std::vector<std::string>& required);
  const std::string& Get(const CsvRow& row, const std::string& column) const;

 private:
  std::map<std::string, size_t> at_;
};

}  // namespace knooppunt::cli

#endif  // KNOOPPUNT_CLIENTS_CLI_CSV_H_
