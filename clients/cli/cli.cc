#include "clients/cli/cli.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/emergency_commands.h"
#include "clients/cli/failure.h"
#include "clients/cli/options.h"
#include "clients/cli/output.h"

namespace knooppunt::cli {
namespace {

void AddGlobalOptions(CLI::App* app, GlobalOptions* options) {
  app->add_option("--server", options->server,
                  "Server; one that is split into units: host:port,unit=host:port,...")
      ->type_name("HOST:PORT");
  app->add_option("--ca", options->ca_file, "Authorities that the server's certificate comes from")
      ->type_name("FILE.pem");
  app->add_option("--profile", options->profile, "Profile to use; default 'default'")
      ->type_name("NAME");
  app->add_option_function<std::string>(
         "--output",
         [options](const std::string& format) {
           if (format != "table" && format != "json") {
             throw CLI::ValidationError("--output", "'" + format + "' is not one of: table, json");
           }
           options->output = format == "json" ? OutputFormat::kJson : OutputFormat::kTable;
         },
         "table for people (default), json for programs: one object on a line")
      ->type_name("FORMAT");
  AddWord(app, "--purpose", &options->purpose, "What you want it for; default: by command");
  app->add_flag("--quiet,-q", options->quiet, "Print resource names only, for scripts");
  app->add_option("--timeout", options->timeout_seconds, "Give up after this long; default 10")
      ->check(CLI::Range(0.01, 60.0).description(""))
      ->type_name("SECONDS");
  app->add_option("--request-id", options->request_id,
                  "Id of an act that is sent again, as an earlier answer gave it")
      ->type_name("UUID");
}

bool WantsJson(const std::vector<std::string>& args) {
  const auto output = std::find(args.begin(), args.end(), "--output");
  const bool apart = output != args.end() && output + 1 != args.end() && *(output + 1) == "json";
  return apart || std::find(args.begin(), args.end(), "--output=json") != args.end();
}

// What CLI11 says, but for a command that is not there: then which ones are.
std::string WhatIsWrong(const CLI::App& root, const CLI::ParseError& error) {
  if (error.get_name() != "RequiredError" ||
      !absl::StrContains(error.what(), "subcommand is required")) {
    return error.what();
  }
  const CLI::App* noun = &root;
  while (!noun->get_subcommands().empty()) noun = noun->get_subcommands().front();
  std::vector<std::string> verbs;
  for (const CLI::App* verb : noun->get_subcommands([](const CLI::App*) { return true; })) {
    verbs.push_back(verb->get_name());
  }
  return absl::StrCat(noun->get_name(), " needs a command, one of: ", absl::StrJoin(verbs, ", "));
}

int Fail(const absl::Status& status, bool json, const Environment& environment) {
  const Language language = environment.language;
  *environment.err << (json ? DescribeAsJson(status, language) : Describe(status, language))
                   << std::flush;
  return static_cast<int>(ExitCodeOf(status));
}

}  // namespace

std::unique_ptr<CLI::App> MakeParser(GlobalOptions* options, Action* chosen) {
  auto app = std::make_unique<CLI::App>(
      "Knooppunt: one family, one plan, one regisseur.\n"
      "Log in, then say a noun and a verb: knooppunt case list",
      "knooppunt");
  app->fallthrough();  // global options may stand after the verb too
  app->require_subcommand(1);
  app->set_version_flag("--version", std::string("knooppunt 0.1.0"));
  AddGlobalOptions(app.get(), options);
  AddLoginCommands(app.get(), chosen);
  AddDirectoryCommands(app.get(), chosen);
  AddWerkplaatsCommands(app.get(), chosen);
  AddWorklistCommands(app.get(), chosen);
  AddProfessionalCommands(app.get(), chosen);
  AddCaseCommands(app.get(), chosen);
  AddPlanCommands(app.get(), chosen);
  AddRecordCommands(app.get(), chosen);
  AddDocumentCommands(app.get(), chosen);
  AddMeetingCommands(app.get(), chosen);
  AddAgendaCommands(app.get(), chosen);
  AddMovingCommands(app.get(), chosen);
  AddAbsenceCommands(app.get(), chosen);
  AddEscalationCommands(app.get(), chosen);
  AddConsentCommands(app.get(), chosen);
  AddEmergencyCommands(app.get(), chosen);
  AddAgreementCommands(app.get(), chosen);
  AddGroundCommands(app.get(), chosen);
  AddPersonCommands(app.get(), chosen);
  AddHouseholdCommands(app.get(), chosen);
  AddRequestCommands(app.get(), chosen);
  AddHandoverCommands(app.get(), chosen);
  AddAuditCommands(app.get(), chosen);
  AddQuestionCommands(app.get(), chosen);
  AddPolicyCommands(app.get(), chosen);
  app->footer(ExitCodeHelp() +
              "\nWhat goes wrong is told in Dutch when KNOOPPUNT_LANGUAGE=nl, or else when the\n"
              "language of the machine (LC_ALL, LC_MESSAGES, LANG) is Dutch; or else in English.\n"
              "\nExample:\n"
              "  knooppunt profile set --server localhost:7443 --ca tls/ca.crt\n"
              "  knooppunt login --dev-as ib-manjefiek --issuer-key sign/issuer.key\n"
              "  knooppunt case list");
  return app;
}

int Run(const std::vector<std::string>& args, const Environment& environment) {
  const bool json = WantsJson(args);
  if (!std::all_of(args.begin(), args.end(), [](const std::string& a) { return IsUtf8(a); })) {
    return Fail(UsageError("an argument is not UTF-8 text"), json, environment);
  }
  GlobalOptions options;
  Action chosen;
  const std::unique_ptr<CLI::App> app = MakeParser(&options, &chosen);
  try {
    app->parse(std::vector<std::string>(args.rbegin(), args.rend()));  // CLI11 takes them reversed
  } catch (const CLI::Success& help) {
    return app->exit(help, *environment.out, *environment.err);
  } catch (const CLI::ParseError& error) {
    return Fail(UsageError(WhatIsWrong(*app, error)), json, environment);
  }
  Session session(options, environment);
  const absl::Status status = chosen(session);
  environment.out->flush();
  if (!status.ok()) return Fail(status, json, environment);
  if (!environment.out->good()) {
    return Fail(absl::InternalError("the result could not be written"), json, environment);
  }
  return static_cast<int>(ExitCode::kOk);
}

}  // namespace knooppunt::cli
