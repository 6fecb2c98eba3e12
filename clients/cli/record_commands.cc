// contribution, record: what is written down, and what one's own organisation keeps (R11).
#include "base/status.h"
#include "clients/cli/case_text.h"
#include "clients/cli/commands.h"
#include "clients/cli/failure.h"
#include "clients/cli/options.h"

namespace knooppunt::cli {
namespace {

constexpr char kService[] = "/knooppunt.casework.v1.CaseworkService/";
constexpr char kCase[] = "families/*/cases/*";

struct ContributionArgs {
  std::string name;
  std::string text;
  std::string file;
  LabelOptions label;
};

absl::Status RunAddContribution(Session& session, const ContributionArgs& args) {
  if (args.text.empty() == args.file.empty()) {
    return UsageError("give the text with --text or with --file, one of the two");
  }
  casework::v1::AddContributionRequest request;
  request.set_parent(args.name);
  request.mutable_contribution()->set_text(args.text);
  if (!args.file.empty()) {
    KP_ASSIGN_OR_RETURN(*request.mutable_contribution()->mutable_text(),
                        ReadInput(args.file, session.in()));
  }
  KP_ASSIGN_OR_RETURN(*request.mutable_contribution()->mutable_label(), MakeLabel(args.label));
  return session.CallAndShow<casework::v1::Contribution>(absl::StrCat(kService, "AddContribution"),
                                                         request, PrintContribution);
}

struct RecordArgs {
  std::string name;
};

absl::Status RunRecordList(Session& session, const RecordArgs& args) {
  casework::v1::ListOwnRecordRequest request;
  request.set_parent(args.name);
  return session.CallAndShow<casework::v1::ListOwnRecordResponse>(
      absl::StrCat(kService, "ListOwnRecord"), request,
      [](const casework::v1::ListOwnRecordResponse& record, std::ostream& out) {
        out << "Kept by your organisation\n";
        PrintContributions(record.contributions(), out);
      });
}

}  // namespace

void AddRecordCommands(CLI::App* root, Action* chosen) {
  CLI::App* contribution = AddNoun(root, "contribution", "What somebody adds to the dossier");
  AddVerb<ContributionArgs>(
      contribution, chosen,
      {"add", "Add a contribution; your organisation answers for it",
       "knooppunt contribution add families/f-1/cases/c-1 --text 'Groei en gehoor in orde.' "
       "--about p-1 --compartment health"},
      [](CLI::App* app, ContributionArgs* args) {
        AddName(app, "case", &args->name, kCase, "Which case")->required();
        AddText(app, "--text", &args->text, "The text");
        app->add_option("--file", args->file, "A file with the text; - is standard input")
            ->type_name("FILE");
        AddLabel(app, &args->label);
      },
      RunAddContribution);

  CLI::App* record = AddNoun(root, "record", "Your own organisation's record (R11)");
  AddVerb<RecordArgs>(
      record, chosen,
      {"list", "List what your organisation recorded, whatever sharing has ended",
       "knooppunt record list families/f-1/cases/c-1"},
      [](CLI::App* app, RecordArgs* args) {
        AddName(app, "case", &args->name, kCase, "Which case")->required();
      },
      RunRecordList);
}

}  // namespace knooppunt::cli
