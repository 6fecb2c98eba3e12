// policy: the rules that access decides by, as a table to read, to check, to test and to simulate
// (R17, R19, R21). Showing a file, checking and testing need no server.
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "clients/cli/commands.h"
#include "clients/cli/failure.h"
#include "clients/cli/options.h"
#include "clients/cli/output.h"
#include "knooppunt/access/v1/access.pb.h"
#include "security/policy/policy_cases.h"
#include "security/policy/table.h"
#include "security/policy/table_text.h"
#include "security/policy/words.h"

namespace knooppunt::cli {
namespace {

using access::v1::SimulatedChange;
using access::v1::SimulateResponse;
using policy::Language;
using policy::WordFor;

constexpr char kService[] = "/knooppunt.access.v1.AccessService/";

absl::StatusOr<std::shared_ptr<const policy::Table>> ReadTable(Session& session,
                                                               const std::string& path) {
  KP_ASSIGN_OR_RETURN(const std::string text, ReadInput(path, session.in()));
  auto table = policy::Table::Parse(text);
  if (!table.ok()) return InputError(table.status().message());
  return table;
}

// --- policy show ---

struct ShowArgs {
  std::string file;
  std::string permission;
  common::v1::Function function = common::v1::FUNCTION_UNSPECIFIED;
};

absl::Status RunShow(Session& session, const ShowArgs& args) {
  std::shared_ptr<const policy::Table> table;
  std::string since;
  if (args.file.empty()) {
    access::v1::GetPolicyRequest request;
    access::v1::Policy in_force;
    KP_RETURN_IF_ERROR(session.Call(absl::StrCat(kService, "GetPolicy"), request, &in_force));
    KP_ASSIGN_OR_RETURN(table, policy::Table::Parse(in_force.text()));
    since = absl::StrCat(", van kracht sinds ", LocalTime(in_force.in_force_since()));
  } else {
    KP_ASSIGN_OR_RETURN(table, ReadTable(session, args.file));
  }
  if (!args.permission.empty() && table->FindPermission(args.permission) == nullptr) {
    return UsageError(absl::StrCat("'", args.permission, "' is no permission of this policy: ",
                                   absl::StrJoin(table->Permissions(), ", ")));
  }
  using policy::v1::PolicyDocument;
  return session.Show<PolicyDocument>(
      policy::Filtered(table->document(),
                       {.permission = args.permission, .function = args.function}),
      [&](const PolicyDocument& document, std::ostream& out) {
        out << "Beleid " << Printable(document.version()) << ", sha256 " << table->sha256() << since
            << "\n\n"
            << Printable(policy::TableInWords(document));
      });
}

// --- policy check ---

struct FileArgs {
  std::string file;
};

absl::Status RunCheck(Session& session, const FileArgs& args) {
  KP_ASSIGN_OR_RETURN(const auto table, ReadTable(session, args.file));
  session.Say(absl::StrCat("In orde: ", table->document().staff_size(), " regels voor personeel, ",
                           table->document().family_size(), " voor het gezin. sha256 ",
                           table->sha256()));
  return absl::OkStatus();
}

// --- policy test ---

struct TestArgs {
  std::string file;
  std::vector<std::string> cases;
};

void PrintResults(const std::vector<policy::CaseResult>& results, bool json, std::ostream& out) {
  int failed = 0;
  std::vector<std::string> failures;
  for (const policy::CaseResult& r : results) {
    if (r.passed) continue;
    ++failed;
    failures.push_back(absl::StrCat("{\"name\":", JsonQuote(r.name),
                                    ",\"explanation\":", JsonQuote(r.explanation), "}"));
    if (json) continue;
    out << "NIET ALS VERWACHT: " << Printable(r.name) << "\n";
    for (const absl::string_view line : absl::StrSplit(r.explanation, '\n')) {
      out << "  " << Printable(line) << "\n";
    }
  }
  const size_t passed = results.size() - failed;
  if (json) {
    out << "{\"passed\":" << passed << ",\"failed\":" << failed << ",\"failures\":["
        << absl::StrJoin(failures, ",") << "]}\n";
  } else {
    out << passed << " geslaagd, " << failed << " niet geslaagd.\n";
  }
}

absl::Status RunTest(Session& session, const TestArgs& args) {
  KP_ASSIGN_OR_RETURN(const auto table, ReadTable(session, args.file));
  std::vector<policy::CaseResult> results;
  for (const std::string& path : args.cases) {
    KP_ASSIGN_OR_RETURN(const std::string text, ReadInput(path, session.in()));
    auto of_file = policy::RunCases(*table, text);
    if (!of_file.ok()) return InputError(of_file.status().message());
    results.insert(results.end(), of_file->begin(), of_file->end());
  }
  PrintResults(results, session.options().output == OutputFormat::kJson, session.out());
  for (const policy::CaseResult& r : results) {
    if (!r.passed) return InputError("the policy does not answer every case as expected");
  }
  return absl::OkStatus();
}

// --- policy simulate ---

struct SimulateArgs {
  std::string file;
  std::string on_date;
  std::string without_professional;
  std::string without_organisation;
  std::string without_consents_for;
  common::v1::Function without_seats_of = common::v1::FUNCTION_UNSPECIFIED;
  access::v1::FamilyRole without_gezag_of = access::v1::FAMILY_ROLE_UNSPECIFIED;
};

std::string Who(const SimulatedChange& change) {
  if (change.function() == common::v1::FUNCTION_UNSPECIFIED) {
    return WordFor(change.family_role(), Language::kDutch);
  }
  return absl::StrCat(WordFor(change.function(), Language::kDutch), " (",
                      WordFor(change.role(), Language::kDutch), ")");
}

void PrintChanges(const SimulateResponse& response, std::ostream& out) {
  Table table({"WIE", "MAG", "ONDERDEEL", "KRIJGT", "VERLIEST"});
  for (const SimulatedChange& c : response.changes()) {
    const std::string words = policy::PermissionWords(c.permission(), Language::kDutch);
    table.Add({Who(c), words.empty() ? c.permission() : words,
               c.compartment() == common::v1::COMPARTMENT_UNSPECIFIED
                   ? "de handeling zelf"
                   : WordFor(c.compartment(), Language::kDutch),
               absl::StrCat(c.gained()), absl::StrCat(c.lost())});
  }
  table.Print(out, "Niemand krijgt of verliest toegang.");
  out << "Geteld in plaatsen aan tafel en gezinsleden, over " << response.families()
      << " gezinnen. Beleid sha256 " << response.policy_sha256() << "\n";
}

absl::Status RunSimulate(Session& session, const SimulateArgs& args) {
  access::v1::SimulateRequest request;
  if (!args.file.empty()) {
    KP_ASSIGN_OR_RETURN(*request.mutable_policy(), ReadInput(args.file, session.in()));
  }
  request.set_on_date(args.on_date);
  request.set_without_professional(args.without_professional);
  request.set_without_organisation(args.without_organisation);
  request.set_without_consents_for(args.without_consents_for);
  request.set_without_seats_of(args.without_seats_of);
  request.set_without_gezag_of(args.without_gezag_of);
  return session.CallAndShow<SimulateResponse>(absl::StrCat(kService, "Simulate"), request,
                                               PrintChanges);
}

void AddFile(CLI::App* app, const std::string& flag, std::string* target, const std::string& help) {
  app->add_option(flag, *target, help)->type_name("FILE");
}

void AddReadingVerbs(CLI::App* noun, Action* chosen) {
  AddVerb<ShowArgs>(
      noun, chosen,
      {"show", "Show the policy in force, or a file, in words for a lawyer",
       "knooppunt policy show --function jgz-nurse"},
      [](CLI::App* app, ShowArgs* args) {
        AddFile(app, "--file", &args->file,
                "A policy instead of the one in force; - is standard input");
        app->add_option("--permission", args->permission, "Only what this permission needs")
            ->type_name("PERMISSION");
        AddWord(app, "--function", &args->function, "Only what this function may");
      },
      RunShow);
  AddVerb<FileArgs>(
      noun, chosen,
      {"check", "Check a policy as the server does before it is in force; no server needed",
       "knooppunt policy check security/policy/policy.textproto"},
      [](CLI::App* app, FileArgs* args) {
        app->add_option("file", args->file, "The policy; - is standard input")
            ->required()
            ->type_name("FILE");
      },
      RunCheck);
}

void AddTryingVerbs(CLI::App* noun, Action* chosen) {
  AddVerb<TestArgs>(
      noun, chosen,
      {"test", "Ask a policy the cases of a file, and say which it answers otherwise",
       "knooppunt policy test security/policy/policy.textproto "
       "--cases security/policy/cases/gezin.textproto"},
      [](CLI::App* app, TestArgs* args) {
        app->add_option("file", args->file, "The policy")->required()->type_name("FILE");
        app->add_option("--cases", args->cases, "Cases; may be given more than once")
            ->required()
            ->allow_extra_args(false)
            ->type_name("FILE");
      },
      RunTest);
  AddVerb<SimulateArgs>(
      noun, chosen,
      {"simulate", "Count who would gain and who would lose, as a privacy officer (R21)",
       "knooppunt policy simulate --file new.textproto --on-date 2027-01-01"},
      [](CLI::App* app, SimulateArgs* args) {
        AddFile(app, "--file", &args->file, "Another policy");
        AddDate(app, "--on-date", &args->on_date, "On another date");
        AddName(app, "--without-professional", &args->without_professional, "professionals/*",
                "Without the functions of a professional");
        AddName(app, "--without-organisation", &args->without_organisation, "organisations/*",
                "Without the seats of an organisation");
        AddName(app, "--without-consents-for", &args->without_consents_for, "organisations/*",
                "With every consent for this organisation withdrawn");
        AddWord(app, "--without-seats-of", &args->without_seats_of,
                "With the seats of this function ended");
        AddWord(app, "--without-gezag-of", &args->without_gezag_of,
                "With the gezag of everybody in this role ended");
      },
      RunSimulate);
}

}  // namespace

void AddPolicyCommands(CLI::App* root, Action* chosen) {
  CLI::App* noun = AddNoun(root, "policy", "Who may what: the rules, to read and to try out");
  AddReadingVerbs(noun, chosen);
  AddTryingVerbs(noun, chosen);
}

}  // namespace knooppunt::cli
