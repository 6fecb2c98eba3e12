// directory import-csv: people and organisations in bulk, with a dry run and a report per line.
#include <algorithm>
#include <fstream>
#include <map>

#include "absl/strings/match.h"
#include "base/date.h"
#include "base/status.h"
#include "clients/cli/bulk_import.h"
#include "clients/cli/commands.h"
#include "clients/cli/failure.h"
#include "clients/cli/options.h"
#include "clients/cli/output.h"
#include "clients/cli/paging.h"

namespace knooppunt::cli {
namespace {

using directory::v1::ListOrganisationsRequest;
using directory::v1::ListOrganisationsResponse;
using directory::v1::ListProfessionalsRequest;
using directory::v1::ListProfessionalsResponse;
using directory::v1::ListWerkplaatsenRequest;
using directory::v1::ListWerkplaatsenResponse;

constexpr char kService[] = "/knooppunt.directory.v1.DirectoryService/";

struct ImportCsvArgs {
  std::string file;
  std::string report;
  bool apply = false;
};

absl::StatusOr<Known> AskWhatIsKnown(Session& session, ImportKind kind) {
  Known known;
  ListOrganisationsResponse organisations;
  KP_RETURN_IF_ERROR(CallAllPages(session, absl::StrCat(kService, "ListOrganisations"),
                                  ListOrganisationsRequest(), &organisations));
  known.organisations.assign(organisations.organisations().begin(),
                             organisations.organisations().end());
  if (kind == ImportKind::kPeople) {
    ListProfessionalsResponse people;
    KP_RETURN_IF_ERROR(CallAllPages(session, absl::StrCat(kService, "ListProfessionals"),
                                    ListProfessionalsRequest(), &people));
    known.professionals.assign(people.professionals().begin(), people.professionals().end());
  } else {
    ListWerkplaatsenResponse werkplaatsen;
    KP_RETURN_IF_ERROR(CallAllPages(session, absl::StrCat(kService, "ListWerkplaatsen"),
                                    ListWerkplaatsenRequest(), &werkplaatsen));
    known.werkplaatsen.assign(werkplaatsen.werkplaatsen().begin(),
                              werkplaatsen.werkplaatsen().end());
  }
  return known;
}

// One line, one act. What cannot be sent at all ends the run: the next line would fare no better,
// and the file may be given again.
absl::Status Apply(Session& session, std::vector<PlannedLine>* lines) {
  for (PlannedLine& line : *lines) {
    if (line.act == nullptr) continue;
    directory::v1::Professional person;
    directory::v1::ImportDirectoryResponse imported;
    google::protobuf::Message* answer = &person;
    if (absl::EndsWith(line.method, "/ImportDirectory")) answer = &imported;
    const absl::Status status = session.Call(line.method, *line.act, answer);
    if (status.ok()) continue;
    const ExitCode code = ExitCodeOf(status);
    if (code == ExitCode::kUnavailable || code == ExitCode::kNotLoggedIn ||
        code == ExitCode::kInternal) {
      return status;
    }
    line.outcome = LineOutcome::kRefused;
    line.text = absl::StrCat("de server weigerde: ", status.message());
  }
  return absl::OkStatus();
}

void PrintReport(const std::vector<PlannedLine>& lines, bool applied, std::ostream& out) {
  Table table({"REGEL", "UITKOMST", "VELD", "TOELICHTING"});
  std::map<LineOutcome, int> count;
  for (const PlannedLine& l : lines) {
    ++count[l.outcome];
    if (l.outcome == LineOutcome::kUnchanged && l.warning.empty()) continue;
    table.Add({absl::StrCat(l.line), OutcomeText(l.outcome), l.field,
               l.warning.empty() ? l.text : absl::StrCat(l.text, " (let op: ", l.warning, ")")});
  }
  table.Print(out, "Alles in dit bestand is al bekend.");
  out << "\n" << lines.size() << " regels: ";
  std::string separator;
  for (const auto& [outcome, n] : count) {
    out << separator << n << " " << OutcomeText(outcome);
    separator = ", ";
  }
  out << ".\n"
      << (applied ? "De regels zonder fout zijn verwerkt.\n"
                  : "Er is niets gewijzigd: dit was een proef. Verwerk met --apply.\n");
}

absl::Status WriteReport(const std::string& path, const std::vector<PlannedLine>& lines) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  // A byte order mark, so that a spreadsheet takes it for what it is.
  out << "\xEF\xBB\xBF" << ReportCsv(lines);
  out.close();
  return out ? absl::OkStatus() : InputError("het verslag kan niet worden geschreven");
}

absl::Status RunImportCsv(Session& session, const ImportCsvArgs& args) {
  KP_ASSIGN_OR_RETURN(const std::string text, ReadInput(args.file, session.in()));
  KP_ASSIGN_OR_RETURN(const CsvFile file, ParseCsv(text));
  KP_ASSIGN_OR_RETURN(const ImportKind kind, KindOfImport(file));
  KP_ASSIGN_OR_RETURN(const Known known, AskWhatIsKnown(session, kind));
  const std::string today = base::FormatDate(base::DateOf(session.now()));
  KP_ASSIGN_OR_RETURN(std::vector<PlannedLine> lines, kind == ImportKind::kPeople
                                                          ? PlanPeople(file, known, today)
                                                          : PlanDirectory(file, known));
  absl::Status sent = absl::OkStatus();
  if (args.apply) sent = Apply(session, &lines);
  if (!args.report.empty()) KP_RETURN_IF_ERROR(WriteReport(args.report, lines));
  KP_RETURN_IF_ERROR(sent);
  KP_RETURN_IF_ERROR(session.Show<google::protobuf::Struct>(
      ReportStruct(lines, args.apply), [&](const google::protobuf::Struct&, std::ostream& out) {
        PrintReport(lines, args.apply, out);
      }));
  const auto wrong = std::count_if(lines.begin(), lines.end(), [](const PlannedLine& l) {
    return l.outcome == LineOutcome::kFault || l.outcome == LineOutcome::kRefused;
  });
  if (wrong == 0) return absl::OkStatus();
  return InputError(absl::StrCat(wrong, wrong == 1 ? " regel is" : " regels zijn",
                                 " niet verwerkt: zie het verslag, herstel het bestand en geef het "
                                 "nog eens"));
}

}  // namespace

void AddImportCommands(CLI::App* directory, Action* chosen) {
  AddVerb<ImportCsvArgs>(
      directory, chosen,
      {"import-csv",
       "Take in people and their functions, or organisations and werkplaatsen, from a CSV file; a "
       "dry "
       "run unless --apply is given",
       "knooppunt directory import-csv mensen.csv --report verslag.csv\n"
       "  knooppunt directory import-csv mensen.csv --apply"},
      [](CLI::App* app, ImportCsvArgs* args) {
        app->add_option("file", args->file,
                        "The file, UTF-8, with semicolons or commas; - is standard input")
            ->required()
            ->type_name("FILE.csv");
        app->add_option("--report", args->report, "Write the report per line to this file, as CSV")
            ->type_name("FILE.csv");
        app->add_flag("--apply", args->apply, "Do what the dry run shows");
      },
      RunImportCsv);
}

}  // namespace knooppunt::cli
