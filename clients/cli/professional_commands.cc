// professional, mandate: who works where, and what they may decide (R6).
#include "absl/strings/match.h"
#include "base/date.h"
#include "base/status.h"
#include "clients/cli/commands.h"
#include "clients/cli/directory_text.h"
#include "clients/cli/failure.h"
#include "clients/cli/options.h"
#include "knooppunt/directory/v1/directory.pb.h"

namespace knooppunt::cli {
namespace {

using directory::v1::Professional;

constexpr char kService[] = "/knooppunt.directory.v1.DirectoryService/";

struct FunctionArgs {
  common::v1::Function function = common::v1::FUNCTION_UNSPECIFIED;
  std::string organisation;
  std::string from;
  std::string until;
};

void AddFunction(CLI::App* app, FunctionArgs* args) {
  AddWord(app, "--function", &args->function, "Function")->required();
  AddName(app, "--organisation", &args->organisation, "organisations/*", "For whom")->required();
  AddDate(app, "--from", &args->from, "First day; default: today");
  AddDate(app, "--until", &args->until, "First day on which it no longer holds; default: open");
}

std::string DateOrToday(const std::string& date, const Session& session) {
  return date.empty() ? base::FormatDate(base::DateOf(session.now())) : date;
}

access::v1::FunctionTerm MakeTerm(const FunctionArgs& args, const Session& session) {
  access::v1::FunctionTerm term;
  term.set_function(args.function);
  term.set_organisation(args.organisation);
  term.set_start_date(DateOrToday(args.from, session));
  term.set_end_date(args.until);
  return term;
}

// --- professional ---

struct CreateArgs {
  std::string id;
  std::string name;
  std::string login;
  FunctionArgs function;
  std::vector<std::string> own_accounts;
};

absl::Status RunCreate(Session& session, const CreateArgs& args) {
  directory::v1::CreateProfessionalRequest request;
  Professional& professional = *request.mutable_professional();
  professional.set_name(absl::StartsWith(args.id, "professionals/")
                            ? args.id
                            : absl::StrCat("professionals/", args.id));
  professional.set_display_name(args.name);
  professional.set_login(args.login);
  *professional.add_functions() = MakeTerm(args.function, session);
  for (const std::string& account : args.own_accounts) professional.add_own_accounts(account);
  return session.CallAndShow<Professional>(absl::StrCat(kService, "CreateProfessional"), request,
                                           PrintProfessional);
}

struct AssignArgs {
  std::string name;
  FunctionArgs function;
};

absl::Status RunAssign(Session& session, const AssignArgs& args) {
  directory::v1::AssignFunctionRequest request;
  request.set_name(args.name);
  *request.mutable_function() = MakeTerm(args.function, session);
  return session.CallAndShow<Professional>(absl::StrCat(kService, "AssignFunction"), request,
                                           PrintProfessional);
}

struct EndArgs {
  std::string name;
  std::string organisation;
  std::string on;
};

absl::Status RunEnd(Session& session, const EndArgs& args) {
  directory::v1::EndEmploymentRequest request;
  request.set_name(args.name);
  request.set_organisation(args.organisation);
  request.set_end_date(DateOrToday(args.on, session));
  return session.CallAndShow<Professional>(absl::StrCat(kService, "EndEmployment"), request,
                                           PrintProfessional);
}

// --- mandate ---

struct MandateArgs {
  std::string organisation;
  std::vector<common::v1::Means> means;
  std::string limit;
  int64_t minutes = 0;
  int32_t days = 0;
  std::string from;
  std::string until;
};

void MandateOptions(CLI::App* app, MandateArgs* args) {
  AddName(app, "--organisation", &args->organisation, "organisations/*", "Whose means it commits")
      ->required();
  AddWords(app, "--means", &args->means, "Kinds of means")->required();
  app->add_option("--limit", args->limit, "Limit of one step, in euro; 0 for hours only")
      ->required()
      ->type_name("EURO");
  app->add_option("--minutes", args->minutes, "Limit of one step, in minutes of work; default none")
      ->type_name("MINUTES");
  app->add_option("--days", args->days,
                  "Longest period that one step may commit, in days; default none")
      ->type_name("DAYS");
  AddDate(app, "--from", &args->from, "First day; default: today");
  AddDate(app, "--until", &args->until, "First day on which it no longer holds; default: open");
}

absl::StatusOr<access::v1::Mandate> MakeMandate(const MandateArgs& args, const Session& session) {
  access::v1::Mandate mandate;
  mandate.set_organisation(args.organisation);
  for (const common::v1::Means m : args.means) mandate.add_means(m);
  KP_ASSIGN_OR_RETURN(const int64_t cents, ParseEuro(args.limit));
  mandate.set_limit_cents(cents);
  mandate.set_limit_minutes(args.minutes);
  mandate.set_limit_days(args.days);
  mandate.set_start_date(DateOrToday(args.from, session));
  mandate.set_end_date(args.until);
  return mandate;
}

struct IssueArgs {
  std::string professional;
  MandateArgs mandate;
  bool delegable = false;
};

absl::Status RunIssue(Session& session, const IssueArgs& args) {
  directory::v1::IssueMandateRequest request;
  request.set_parent(args.professional);
  KP_ASSIGN_OR_RETURN(*request.mutable_mandate(), MakeMandate(args.mandate, session));
  request.mutable_mandate()->set_delegable(args.delegable);
  return session.CallAndShow<Professional>(absl::StrCat(kService, "IssueMandate"), request,
                                           PrintProfessional);
}

struct DelegateArgs {
  std::string name;
  std::string to;
  MandateArgs mandate;
};

absl::Status RunDelegate(Session& session, const DelegateArgs& args) {
  directory::v1::DelegateMandateRequest request;
  request.set_name(args.name);
  request.set_to(args.to);
  KP_ASSIGN_OR_RETURN(*request.mutable_mandate(), MakeMandate(args.mandate, session));
  return session.CallAndShow<Professional>(absl::StrCat(kService, "DelegateMandate"), request,
                                           PrintProfessional);
}

struct RevokeArgs {
  std::string name;
};

absl::Status RunRevoke(Session& session, const RevokeArgs& args) {
  directory::v1::RevokeMandateRequest request;
  request.set_name(args.name);
  return session.CallAndShow<Professional>(absl::StrCat(kService, "RevokeMandate"), request,
                                           PrintProfessional);
}

void AddProfessional(CLI::App* root, Action* chosen) {
  CLI::App* noun = AddNoun(root, "professional", "People who work for an organisation");
  AddVerb<CreateArgs>(
      noun, chosen,
      {"create", "Add a professional with a first function",
       "knooppunt professional create ine-bos --name 'Ine Bos' --login 'dev|ib-manjefiek' "
       "--function intern-begeleider --organisation organisations/mosalira"},
      [](CLI::App* app, CreateArgs* args) {
        app->add_option("id", args->id, "Id that is wanted, or professionals/ID")
            ->required()
            ->type_name("ID");
        AddText(app, "--name", &args->name, "Name, as the table sees it")->required();
        AddText(app, "--login", &args->login, "Issuer and subject of the login: 'issuer|subject'")
            ->required();
        AddFunction(app, &args->function);
        AddNames(app, "--own-account", &args->own_accounts, "accounts/*",
                 "Accounts of the professional's own family, whom they may not handle (R21)");
      },
      RunCreate);
  AddVerb<AssignArgs>(
      noun, chosen,
      {"assign", "Give a professional one more function",
       "knooppunt professional assign professionals/ine-bos --function care-coordinator "
       "--organisation organisations/lvo"},
      [](CLI::App* app, AssignArgs* args) {
        AddName(app, "name", &args->name, "professionals/*", "Who")->required();
        AddFunction(app, &args->function);
      },
      RunAssign);
  AddVerb<EndArgs>(
      noun, chosen,
      {"end", "End every function of a professional at an organisation",
       "knooppunt professional end professionals/ine-bos --organisation organisations/mosalira "
       "--on 2027-08-01"},
      [](CLI::App* app, EndArgs* args) {
        AddName(app, "name", &args->name, "professionals/*", "Who")->required();
        AddName(app, "--organisation", &args->organisation, "organisations/*", "Where")->required();
        AddDate(app, "--on", &args->on, "First day on which it no longer holds; default: today");
      },
      RunEnd);
}

void AddMandate(CLI::App* root, Action* chosen) {
  CLI::App* noun = AddNoun(root, "mandate", "What somebody may decide at the table (R6)");
  AddVerb<IssueArgs>(
      noun, chosen,
      {"issue", "Let somebody commit means of an organisation, up to a limit a step",
       "knooppunt mandate issue professionals/consulent --organisation "
       "organisations/gem-maastricht "
       "--means school-social-work --limit 1500 --until 2027-01-01"},
      [](CLI::App* app, IssueArgs* args) {
        AddName(app, "professional", &args->professional, "professionals/*", "To whom")->required();
        MandateOptions(app, &args->mandate);
        app->add_flag("--delegable", args->delegable, "They may delegate it, once");
      },
      RunIssue);
  AddVerb<DelegateArgs>(
      noun, chosen,
      {"delegate", "Let a colleague use a mandate of yours, or a part of it",
       "knooppunt mandate delegate professionals/consulent/mandates/m-1 --to professionals/tom "
       "--organisation organisations/gem-maastricht --means school-social-work --limit 500 "
       "--until 2026-12-31"},
      [](CLI::App* app, DelegateArgs* args) {
        AddName(app, "name", &args->name, "professionals/*/mandates/*", "Which, of yours")
            ->required();
        AddName(app, "--to", &args->to, "professionals/*", "To which colleague")->required();
        MandateOptions(app, &args->mandate);
      },
      RunDelegate);
  AddVerb<RevokeArgs>(
      noun, chosen,
      {"revoke", "End a mandate now",
       "knooppunt mandate revoke professionals/consulent/mandates/m-1"},
      [](CLI::App* app, RevokeArgs* args) {
        AddName(app, "name", &args->name, "professionals/*/mandates/*", "Which")->required();
      },
      RunRevoke);
}

}  // namespace

void AddProfessionalCommands(CLI::App* root, Action* chosen) {
  AddProfessional(root, chosen);
  AddMandate(root, chosen);
}

}  // namespace knooppunt::cli
