// Taking in many lines at once: what each line of a CSV file asks of the directory, worked out
// against what the directory knows, before anything is sent. One line is one act, so a line is
// taken in whole or not at all; what is known already asks for nothing, so a file may be given
// again. Pure; thread-safe (no state).
#ifndef KNOOPPUNT_CLIENTS_CLI_BULK_IMPORT_H_
#define KNOOPPUNT_CLIENTS_CLI_BULK_IMPORT_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/cli/csv.h"
#include "google/protobuf/message.h"
#include "google/protobuf/struct.pb.h"
#include "knooppunt/directory/v1/directory.pb.h"

namespace knooppunt::cli {

enum class LineOutcome {
  kUnchanged,  // known already
  kAdd,        // something new
  kChange,     // something that differs
  kEnd,        // end of employment: functions and mandates there end, and with them seats (R1)
  kFault,      // not taken in; the file must be mended
  kRefused,    // the server refused it
};
// "ongewijzigd", "toevoegen"...
std::string OutcomeText(LineOutcome outcome);

struct PlannedLine {
  int line = 0;
  LineOutcome outcome = LineOutcome::kFault;
  std::string field;    // the column that is wrong; "" when it is none in particular
  std::string text;     // what will be done, or what is wrong and what to do; Dutch
  std::string warning;  // something to look at that stops nothing; "" for none
  // The act, and the full method it goes to; null when there is none.
  std::shared_ptr<google::protobuf::Message> act;
  std::string method;
};

// What the directory knows, of what the caller may see.
struct Known {
  std::vector<directory::v1::Organisation> organisations;
  std::vector<directory::v1::Werkplaats> werkplaatsen;
  std::vector<directory::v1::Professional> professionals;
};

// Which file it is, by its header.
enum class ImportKind { kPeople, kDirectory };
// INVALID_ARGUMENT, in Dutch, when the header is of neither.
absl::StatusOr<ImportKind> KindOfImport(const CsvFile& file);

// A plan of one line for each row, in order. `today` (ISO) is the first day of a function that
// names none. INVALID_ARGUMENT for a header that does not fit.
absl::StatusOr<std::vector<PlannedLine>> PlanPeople(const CsvFile& file, const Known& known,
                                                    const std::string& today);
absl::StatusOr<std::vector<PlannedLine>> PlanDirectory(const CsvFile& file, const Known& known);

// The report: a line each, for people, for a spreadsheet, for programs.
std::string ReportCsv(const std::vector<PlannedLine>& lines);
google::protobuf::Struct ReportStruct(const std::vector<PlannedLine>& lines, bool applied);

}  // namespace knooppunt::cli

#endif  // KNOOPPUNT_CLIENTS_CLI_BULK_IMPORT_H_
