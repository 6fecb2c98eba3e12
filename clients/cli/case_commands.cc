// family, case: to search, open, read, close and explain. Who sits at the table is in
// table_commands.cc.
#include "base/status.h"
#include "clients/cli/case_text.h"
#include "clients/cli/commands.h"
#include "clients/cli/failure.h"
#include "clients/cli/open_case.h"
#include "clients/cli/options.h"
#include "clients/cli/output.h"
#include "clients/cli/paging.h"

namespace knooppunt::cli {
namespace {

using casework::v1::Case;
using casework::v1::OpenCaseRequest;
using casework::v1::SearchFamiliesResponse;

constexpr char kService[] = "/knooppunt.casework.v1.CaseworkService/";
constexpr char kCase[] = "families/*/cases/*";

// --- family search ---

struct SearchArgs {
  std::string name;
  std::string born;
  bool emergency = false;
};

absl::Status RunSearch(Session& session, const SearchArgs& args) {
  casework::v1::SearchFamiliesRequest request;
  request.set_family_name(args.name);
  request.set_birth_date(args.born);
  if (args.emergency) session.State(common::v1::PURPOSE_EMERGENCY);
  return session.CallAndShow<SearchFamiliesResponse>(
      absl::StrCat(kService, "SearchFamilies"), request,
      [](const SearchFamiliesResponse& response, std::ostream& out) {
        if (!response.found()) {
          out << "There is no open case for this family.\n";
          return;
        }
        if (!response.family().empty()) {
          out << "There is a case, of " << Printable(response.family())
              << ". In an emergency: knooppunt emergency open " << Printable(response.family())
              << " --help\n";
          return;
        }
        out << "There is a case. Ask " << Printable(response.ask()) << " of "
            << Printable(response.ask_organisation()) << ".\n";
      });
}

// --- case open ---

struct OpenArgs {
  std::string file;
  std::string werkplaats;
  casework::v1::SignalLevel level = casework::v1::SIGNAL_LEVEL_UNSPECIFIED;
  std::string reason;
  std::string family_reason;
  std::vector<std::string> children;
  std::vector<std::string> siblings;
  std::vector<std::string> parents;
  std::vector<std::string> gezag;
  bool told = false;
};

void OpenOptions(CLI::App* app, OpenArgs* args) {
  app->add_option("--file", args->file,
                  "All of it as textproto (knooppunt.casework.v1.OpenCaseRequest); - is standard "
                  "input. Flags come on top")
      ->type_name("FILE");
  AddName(app, "--werkplaats", &args->werkplaats, "werkplaatsen/*", "Where the child was found");
  AddWord(app, "--level", &args->level, "Level of the signal");
  AddText(app, "--reason", &args->reason, "Why, in the words of the school");
  AddText(app, "--family-reason", &args->family_reason, "Why, in the words of the family");
  AddTexts(app, "--child", &args->children,
           "A child the case is about: 'key|given name|family name|birth date[|account]'");
  AddTexts(app, "--sibling", &args->siblings, "A child of the family the case is not about");
  AddTexts(app, "--parent", &args->parents, "A parent, written likewise");
  AddTexts(app, "--gezag", &args->gezag, "Who has gezag: 'holder key>child key,child key'");
  app->add_flag("--told", args->told, "The family has been told that the signal is recorded");
}

absl::Status AddPersons(const std::vector<std::string>& texts, access::v1::FamilyRole role,
                        OpenCaseRequest* request) {
  for (const std::string& text : texts) {
    KP_ASSIGN_OR_RETURN(*request->add_persons(), ParseNewPerson(text, role));
  }
  return absl::OkStatus();
}

absl::StatusOr<OpenCaseRequest> MakeOpenCase(Session& session, const OpenArgs& args) {
  OpenCaseRequest request;
  if (!args.file.empty()) {
    KP_RETURN_IF_ERROR(ReadTextproto(args.file, session.in(), &request));
  }
  if (!args.werkplaats.empty()) request.set_werkplaats(args.werkplaats);
  if (args.level != casework::v1::SIGNAL_LEVEL_UNSPECIFIED) request.set_level(args.level);
  if (!args.reason.empty()) request.set_reason(args.reason);
  if (!args.family_reason.empty()) request.set_family_reason(args.family_reason);
  if (args.told) request.set_family_told(true);
  KP_RETURN_IF_ERROR(AddPersons(args.children, access::v1::FAMILY_ROLE_CHILD, &request));
  for (int i = static_cast<int>(args.children.size()); i > 0; --i) {
    request.add_children(request.persons(request.persons_size() - i).key());
  }
  KP_RETURN_IF_ERROR(AddPersons(args.siblings, access::v1::FAMILY_ROLE_CHILD, &request));
  KP_RETURN_IF_ERROR(AddPersons(args.parents, access::v1::FAMILY_ROLE_PARENT, &request));
  for (const std::string& text : args.gezag) KP_RETURN_IF_ERROR(ParseGezag(text, &request));
  return request;
}

absl::Status RunOpen(Session& session, const OpenArgs& args) {
  KP_ASSIGN_OR_RETURN(OpenCaseRequest request, MakeOpenCase(session, args));
  return session.CallAndShow<Case>(absl::StrCat(kService, "OpenCase"), request, PrintCase);
}

// --- case show, list ---

struct NameArgs {
  std::string name;
};

void CaseName(CLI::App* app, NameArgs* args) {
  AddName(app, "case", &args->name, kCase, "Which case")->required();
}

absl::Status RunShow(Session& session, const NameArgs& args) {
  casework::v1::GetCaseRequest request;
  request.set_name(args.name);
  return session.CallAndShow<Case>(absl::StrCat(kService, "GetCase"), request, PrintCase);
}

void PrintResponsibility(const casework::v1::Responsibility& r, std::ostream& out) {
  out << "Uw organisatie (" << Printable(r.organisation()) << ") is verantwoordelijk sinds "
      << LocalTime(r.start_time()) << ".\n";
  Table table({"WIE", "TELEFOON", "E-MAIL", "HOE", "WANNEER"});
  for (const casework::v1::ReachablePerson& p : r.persons()) {
    const bool known = !p.phone().empty() || !p.email().empty() || !p.how().empty();
    table.Add({absl::StrCat(p.given_name(), " ", p.family_name()), p.phone(), p.email(),
               known ? p.how() : "geen contactgegevens vastgelegd", p.when()});
  }
  table.Print(out, "Van wie het is, is niets meer te lezen.");
}

absl::Status RunResponsibility(Session& session, const NameArgs& args) {
  casework::v1::GetResponsibilityRequest request;
  request.set_name(args.name);
  return session.CallAndShow<casework::v1::Responsibility>(
      absl::StrCat(kService, "GetResponsibility"), request, PrintResponsibility);
}

struct NoArgs {};

absl::Status RunList(Session& session, const NoArgs&) {
  casework::v1::ListCasesResponse all;
  KP_RETURN_IF_ERROR(CallAllPages(session, absl::StrCat(kService, "ListCases"),
                                  casework::v1::ListCasesRequest(), &all));
  return session.Show<casework::v1::ListCasesResponse>(all, PrintCases);
}

// --- case close, reopen ---

struct CloseArgs {
  std::string name;
  casework::v1::CloseKind kind = casework::v1::CLOSE_KIND_UNSPECIFIED;
  std::string outcome;
  LabelOptions label;
  std::string etag;
};

absl::Status RunClose(Session& session, const CloseArgs& args) {
  casework::v1::CloseCaseRequest request;
  request.set_name(args.name);
  request.set_outcome(args.outcome);
  request.set_kind(args.kind);
  request.set_etag(args.etag);
  KP_ASSIGN_OR_RETURN(*request.mutable_label(), MakeLabel(args.label));
  return session.CallAndShow<Case>(absl::StrCat(kService, "CloseCase"), request, PrintCase);
}

struct ReopenArgs {
  std::string name;
  std::string reason;
  std::string regisseur;
  std::string stand_in;
  LabelOptions label;
  std::string etag;
};

absl::Status RunReopen(Session& session, const ReopenArgs& args) {
  casework::v1::ReopenCaseRequest request;
  request.set_name(args.name);
  request.set_reason(args.reason);
  request.set_seat(args.regisseur);
  request.set_stand_in_seat(args.stand_in);
  request.set_etag(args.etag);
  KP_ASSIGN_OR_RETURN(*request.mutable_label(), MakeLabel(args.label));
  return session.CallAndShow<Case>(absl::StrCat(kService, "ReopenCase"), request, PrintCase);
}

// --- case explain ---

struct ExplainArgs {
  std::string name;
  std::string permission = "case.read";
  std::string seat;
};

absl::Status RunExplain(Session& session, const ExplainArgs& args) {
  access::v1::ExplainRequest request;
  request.set_resource(args.name);
  request.set_permission(args.permission);
  request.set_seat(args.seat);
  return session.CallAndShow<access::v1::ExplainResponse>(
      "/knooppunt.access.v1.AccessService/Explain", request, PrintExplanation);
}

void AddReading(CLI::App* noun, Action* chosen) {
  AddVerb<NameArgs>(noun, chosen,
                    {"show", "Show a case as far as you may see it",
                     "knooppunt case show families/f-1/cases/c-1"},
                    CaseName, RunShow);
  AddVerb<NameArgs>(
      noun, chosen,
      {"responsible", "Show who it is and how to reach them, once your organisation is responsible",
       "knooppunt case responsible families/f-1/cases/c-1"},
      CaseName, RunResponsibility);
  AddVerb<NoArgs>(
      noun, chosen,
      {"list", "List your cases, invitations included", "knooppunt case list --quiet"},
      [](CLI::App*, NoArgs*) {}, RunList);
  AddVerb<ExplainArgs>(
      noun, chosen,
      {"explain", "Say why you may, or may not, do something with a case (R19)",
       "knooppunt case explain families/f-1/cases/c-1 --permission contribution.write\n"
       "  knooppunt case explain families/f-1/cases/c-1 --seat s-1"},
      [](CLI::App* app, ExplainArgs* args) {
        AddName(app, "case", &args->name, kCase, "Which case")->required();
        app->add_option("--permission", args->permission,
                        "Permission of the policy, or a full method; default case.read")
            ->type_name("PERMISSION");
        AddSeat(app, "--seat", &args->seat,
                "As one of the family: why the professional in this seat may, or may not");
      },
      RunExplain);
}

void AddClosing(CLI::App* noun, Action* chosen) {
  AddVerb<CloseArgs>(
      noun, chosen,
      {"close", "Close a case with its outcome",
       "knooppunt case close families/f-1/cases/c-1 --kind question-answered \\\n"
       "    --outcome 'De vraag is beantwoord.' "
       "--about p-1 --compartment education"},
      [](CLI::App* app, CloseArgs* args) {
        AddName(app, "case", &args->name, kCase, "Which case")->required();
        AddWord(app, "--kind", &args->kind, "How it ended")->required();
        AddText(app, "--outcome", &args->outcome, "What came of it")->required();
        AddLabel(app, &args->label);
        AddText(app, "--etag", &args->etag,
                "Of the case as you read it: refused if it changed since");
      },
      RunClose);
  AddVerb<ReopenArgs>(
      noun, chosen,
      {"reopen", "Open a closed case again",
       "knooppunt case reopen families/f-1/cases/c-1 --reason 'Nieuwe vraag' --regisseur s-1 "
       "--stand-in s-2 --about p-1 --compartment education"},
      [](CLI::App* app, ReopenArgs* args) {
        AddName(app, "case", &args->name, kCase, "Which case")->required();
        AddText(app, "--reason", &args->reason, "Why")->required();
        AddSeat(app, "--regisseur", &args->regisseur, "Seat of the regisseur")->required();
        AddSeat(app, "--stand-in", &args->stand_in, "Seat of the stand-in")->required();
        AddLabel(app, &args->label);
        AddText(app, "--etag", &args->etag,
                "Of the case as you read it: refused if it changed since");
      },
      RunReopen);
}

}  // namespace

void AddCaseCommands(CLI::App* root, Action* chosen) {
  CLI::App* family = AddNoun(root, "family", "Whether a family has a case, and two records of one");
  AddMergeCommands(family, chosen);
  AddVerb<SearchArgs>(
      family, chosen,
      {"search", "Search before opening a case",
       "knooppunt family search --name 'van der Meer' --born 2015-03-01"},
      [](CLI::App* app, SearchArgs* args) {
        AddText(app, "--name", &args->name, "Family name of the child")->required();
        AddDate(app, "--born", &args->born, "Birth date of the child")->required();
        app->add_flag("--emergency", args->emergency,
                      "To open emergency access: gives the family's id, not whom to ask (R20)");
      },
      RunSearch);

  CLI::App* noun = AddNoun(root, "case", "The one open dossier of a family at the knooppunt");
  AddVerb<OpenArgs>(
      noun, chosen,
      {"open", "Open a case for a family that has none",
       "knooppunt case open --file opening.textproto\n"
       "  knooppunt case open --werkplaats werkplaatsen/manjefiek --level light-care --told \\\n"
       "    --reason 'Sem valt stil in de klas' --family-reason 'Sem slaapt slecht' \\\n"
       "    --child 'sem|Sem|Vos|2015-05-01' \\\n"
       "    --parent 'eva|Eva|de Wit|1985-04-02|accounts/eva' --gezag 'eva>sem'"},
      OpenOptions, RunOpen);
  AddReading(noun, chosen);
  AddTableCommands(noun, chosen);
  AddLifeCommands(noun, chosen);
  AddClosing(noun, chosen);
}

}  // namespace knooppunt::cli
