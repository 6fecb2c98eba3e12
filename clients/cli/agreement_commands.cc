// consent who-must-agree, consent upcoming and task list: who must agree, and what stops soon
// (R11, R14, R16).
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "clients/cli/commands.h"
#include "clients/cli/options.h"
#include "clients/cli/output.h"
#include "knooppunt/access/v1/access.pb.h"

namespace knooppunt::cli {
namespace {

using access::v1::Lapse;
using access::v1::ListLapsesResponse;
using access::v1::RequiredSignature;
using access::v1::Task;
using access::v1::WhoMustAgreeResponse;

constexpr char kService[] = "/knooppunt.access.v1.AccessService/";
constexpr int kMostDaysAhead = 366;

// A person's id or an institution's name; of others there is no name (R18).
std::string Who(const RequiredSignature& s) {
  if (!s.person().empty()) return s.person();
  return s.organisation().empty() ? "anderen" : s.organisation();
}

std::string Source(const RequiredSignature& s) {
  return s.to_confirm() ? absl::StrCat(s.source(), " (!)") : s.source();
}

void PrintAgreement(const WhoMustAgreeResponse& answer, std::ostream& out) {
  out << "Op " << Printable(answer.on_date()) << " moeten toestemmen:\n";
  Table table({"WIE", "OVER", "ONDERDEEL", "REGEL", "WAAROM", "BRON"});
  for (const RequiredSignature& s : answer.signatures()) {
    table.Add({Who(s), s.about_person(), Word(s.compartment()), s.row(), s.text_nl(), Source(s)});
  }
  table.Print(out, "Niemand kan nu toestemmen.");
  for (const std::string& vacancy : answer.vacancies_nl()) {
    out << "Eerst te regelen: " << Printable(vacancy) << "\n";
  }
}

void PrintLapses(const ListLapsesResponse& list, std::ostream& out) {
  Table table({"OP", "TOESTEMMING", "OORZAAK", "OVER", "MOET NOG TEKENEN", "UITLEG"});
  for (const Lapse& lapse : list.lapses()) {
    std::vector<std::string> missing;
    for (const RequiredSignature& s : lapse.missing()) missing.push_back(Who(s));
    table.Add({lapse.date(), lapse.consent(), Word(lapse.cause()), lapse.person(),
               absl::StrJoin(missing, ", "), lapse.text_nl()});
  }
  table.Print(out, "Geen toestemming die u mag zien houdt binnenkort op.");
}

void PrintTasks(const ListLapsesResponse& list, std::ostream& out) {
  Table table({"VOOR", "TAAK", "WAARVOOR", "WAT"});
  for (const Task& task : list.tasks()) {
    table.Add({task.due_date(), Word(task.kind()), task.subject(), task.text_nl()});
  }
  table.Print(out, "U heeft nu geen taken in dit gezin.");
}

struct WhoArgs {
  std::string family;
  std::vector<std::string> about;
  bool about_family = false;
  std::vector<common::v1::Compartment> compartments;
  std::string recipient;
  common::v1::Purpose share_for = common::v1::PURPOSE_COORDINATION;
  std::string on;
};

void WhoOptions(CLI::App* app, WhoArgs* args) {
  AddName(app, "family", &args->family, "families/*", "Whose consent")->required();
  AddAbout(app, &args->about, &args->about_family);
  AddWords(app, "--compartment", &args->compartments, "Parts of the dossier")->required();
  AddName(app, "--recipient", &args->recipient, "organisations/*", "Who would use it")->required();
  AddWord(app, "--share-for", &args->share_for,
          "What they would use it for; default: coordination");
  AddDate(app, "--on", &args->on, "On which day; default: today");
}

absl::Status RunWho(Session& session, const WhoArgs& args) {
  access::v1::WhoMustAgreeRequest request;
  request.set_parent(args.family);
  KP_ASSIGN_OR_RETURN(*request.mutable_about(), MakeAbout(args.about, args.about_family));
  for (const auto c : args.compartments) request.add_compartments(c);
  request.set_recipient(args.recipient);
  request.set_purpose(args.share_for);
  request.set_on_date(args.on);
  return session.CallAndShow<WhoMustAgreeResponse>(absl::StrCat(kService, "WhoMustAgree"), request,
                                                   PrintAgreement);
}

struct AheadArgs {
  std::string family;
  int days = 0;
};

void AheadOptions(CLI::App* app, AheadArgs* args) {
  AddName(app, "family", &args->family, "families/*", "Which family")->required();
  app->add_option("--days", args->days, "How many days to look ahead, at most 366; default 60")
      ->check(CLI::Range(1, kMostDaysAhead).description(""))
      ->type_name("DAYS");
}

absl::Status RunAhead(Session& session, const AheadArgs& args,
                      void (*print)(const ListLapsesResponse&, std::ostream&)) {
  access::v1::ListLapsesRequest request;
  request.set_parent(args.family);
  request.set_days(args.days);
  return session.CallAndShow<ListLapsesResponse>(absl::StrCat(kService, "ListLapses"), request,
                                                 print);
}

absl::Status RunUpcoming(Session& session, const AheadArgs& args) {
  return RunAhead(session, args, PrintLapses);
}
absl::Status RunTasks(Session& session, const AheadArgs& args) {
  return RunAhead(session, args, PrintTasks);
}

}  // namespace

void AddAgreementCommands(CLI::App* root, Action* chosen) {
  CLI::App* consent = root->get_subcommand("consent");
  AddVerb<WhoArgs>(consent, chosen,
                   {"who-must-agree", "Who must agree before something is shared, and by which law",
                    "knooppunt consent who-must-agree families/f-1 --about p-1 \\\n"
                    "    --compartment education,health --recipient organisations/ggd-zl \\\n"
                    "    --on 2027-03-10"},
                   WhoOptions, RunWho);
  AddVerb<AheadArgs>(consent, chosen,
                     {"upcoming", "Which consents stop soon, why, and who must still sign (R14)",
                      "knooppunt consent upcoming families/f-1 --days 90"},
                     AheadOptions, RunUpcoming);
  CLI::App* task = AddNoun(root, "task", "What you have to do because something changes");
  AddVerb<AheadArgs>(
      task, chosen,
      {"list", "List your tasks in a family; one is gone when its cause is",
       "knooppunt task list families/f-1"},
      [](CLI::App* app, AheadArgs* args) {
        AddName(app, "family", &args->family, "families/*", "Which family")->required();
      },
      RunTasks);
}

}  // namespace knooppunt::cli
