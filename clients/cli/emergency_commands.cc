#include "clients/cli/emergency_commands.h"

#include "absl/strings/str_join.h"
#include "base/error.h"
#include "base/status.h"
#include "clients/cli/failure.h"
#include "clients/cli/options.h"
#include "clients/cli/output.h"
#include "knooppunt/consent/v1/consent.pb.h"

namespace knooppunt::cli {
namespace {

using consent::v1::Emergency;
using consent::v1::ListEmergenciesResponse;

constexpr char kService[] = "/knooppunt.consent.v1.ConsentService/";
constexpr char kEmergency[] = "families/*/emergencies/*";

std::string StateOf(const Emergency& e) {
  if (e.overdue()) return "BEOORDELING TE LAAT";
  if (e.reviewer().empty()) return "wacht op beoordeling";
  return e.justified() ? "terecht" : "niet terecht";
}

void PrintEmergency(const Emergency& e, std::ostream& out) {
  Fields()
      .Add("Noodtoegang", e.name())
      .Add("Casus", e.case_name())
      .Add("Van", absl::StrCat(e.professional(), ", ", Word(e.function()), ", ", e.organisation()))
      .Add("Stap Meldcode", e.meldcode_step() == 0 ? "" : absl::StrCat(e.meldcode_step()))
      .Add("Onderdelen", absl::StrJoin(e.compartments(), ", ",
                                       [](std::string* text, int c) {
                                         absl::StrAppend(
                                             text, Word(static_cast<common::v1::Compartment>(c)));
                                       }))
      .Add("Reden", e.reason())
      .Add("Open vanaf", LocalTime(e.start_time()))
      .Add("Open tot", LocalTime(e.end_time()))
      .Add("Beoordelen voor", LocalTime(e.review_due_time()))
      .Add("Beoordeling", StateOf(e))
      .Add("Beoordeeld door", e.reviewer())
      .Add("Beoordeeld op", LocalTime(e.review_time()))
      .Add("Uitkomst", e.outcome())
      .Add("Logboek", e.audit_subject())
      .Print(out);
}

void PrintEmergencies(const ListEmergenciesResponse& list, std::ostream& out) {
  Table table({"NOODTOEGANG", "VAN", "FUNCTIE", "ORGANISATIE", "STAP", "VANAF", "TOT",
               "BEOORDELEN VOOR", "BEOORDELING"});
  for (const Emergency& e : list.emergencies()) {
    table.Add({e.name(), e.professional(), Word(e.function()), e.organisation(),
               absl::StrCat(e.meldcode_step()), LocalTime(e.start_time()), LocalTime(e.end_time()),
               LocalTime(e.review_due_time()), StateOf(e)});
  }
  table.Print(out, "Geen noodtoegang.");
}

// --- open ---

struct OpenArgs {
  std::string family;
  int step = 0;
  int hours = 0;
  std::string reason;
  bool yes = false;
};

void OpenOptions(CLI::App* app, OpenArgs* args) {
  AddName(app, "family", &args->family, "families/*",
          "Which family, as 'family search --emergency' gives it")
      ->required();
  app->add_option("--step", args->step, "Step of the Meldcode, 1 to 5")
      ->required()
      ->check(CLI::Range(1, 5).description(""))
      ->type_name("STEP");
  app->add_option("--hours", args->hours, "For how many hours, 1 to 8")
      ->required()
      ->check(CLI::Range(1, 8).description(""))
      ->type_name("HOURS");
  AddText(app, "--reason", &args->reason,
          "What is happening and why it cannot wait, in at least 20 characters")
      ->required();
  app->add_flag("--yes", args->yes, "Yes, this is an emergency; needed when nobody can be asked");
}

void PrintWarning(const OpenArgs& args, std::ostream& out) {
  out << "\n"
      << "  ***********************************************************************\n"
      << "  *  NOODTOEGANG: u opent het dossier van een gezin zonder toestemming. *\n"
      << "  ***********************************************************************\n\n"
      << "  - Alleen als een kind nu gevaar loopt, bij stap " << args.step << " van de Meldcode.\n"
      << "    Bel bij direct gevaar 112; Veilig Thuis is dag en nacht bereikbaar: 0800-2000.\n"
      << "  - De functionaris gegevensbescherming ziet dit meteen, met uw naam en uw reden.\n"
      << "  - Alles wat u leest wordt vastgelegd. Een ander beoordeelt het achteraf.\n"
      << "  - Ook het gezin ziet later in het eigen logboek dat u dit deed.\n"
      << "  - De toegang sluit vanzelf na " << args.hours << " uur. U kunt alleen lezen.\n\n"
      << std::flush;
}

absl::Status RunOpen(Session& session, const OpenArgs& args) {
  PrintWarning(args, session.notes());
  if (!args.yes) {
    if (!session.at_keyboard()) {
      return UsageError("emergency access needs a person who says yes: add --yes");
    }
    if (!session.Confirm("Is dit een noodgeval, en opent u het dossier?")) {
      session.notes() << "Er is niets geopend.\n";
      return absl::OkStatus();
    }
  }
  session.State(common::v1::PURPOSE_EMERGENCY);
  consent::v1::OpenEmergencyRequest request;
  request.set_parent(args.family);
  request.set_meldcode_step(args.step);
  request.set_hours(args.hours);
  request.set_reason(args.reason);
  Emergency opened;
  KP_RETURN_IF_ERROR(session.Call(absl::StrCat(kService, "OpenEmergency"), request, &opened));
  KP_RETURN_IF_ERROR(session.Show<Emergency>(opened, PrintEmergency));
  if (!opened.case_name().empty()) {
    session.Say(
        absl::StrCat("Lezen: knooppunt case show ", opened.case_name(), " --purpose emergency"));
  } else {
    session.Say("Dit was al geopend. De casus staat in: knooppunt emergency list");
  }
  return absl::OkStatus();
}

// --- list, show, review ---

struct ListArgs {
  bool all = false;
};

absl::Status RunList(Session& session, const ListArgs& args) {
  consent::v1::ListEmergenciesRequest request;
  request.set_reviewed(args.all);
  return session.CallAndShow<ListEmergenciesResponse>(absl::StrCat(kService, "ListEmergencies"),
                                                      request, PrintEmergencies);
}

struct ShowArgs {
  std::string name;
};

absl::Status RunShow(Session& session, const ShowArgs& args) {
  consent::v1::GetEmergencyRequest request;
  request.set_name(args.name);
  return session.CallAndShow<Emergency>(absl::StrCat(kService, "GetEmergency"), request,
                                        PrintEmergency);
}

struct ReviewArgs {
  std::string name;
  bool justified = false;
  bool unjustified = false;
  std::string outcome;
};

absl::Status RunReview(Session& session, const ReviewArgs& args) {
  if (args.justified == args.unjustified) {
    return UsageError("say what you found: --justified or --unjustified");
  }
  consent::v1::ReviewEmergencyRequest request;
  request.set_name(args.name);
  request.set_justified(args.justified);
  request.set_outcome(args.outcome);
  return session.CallAndShow<Emergency>(absl::StrCat(kService, "ReviewEmergency"), request,
                                        PrintEmergency);
}

}  // namespace

void AddEmergencyCommands(CLI::App* root, Action* chosen) {
  CLI::App* noun =
      AddNoun(root, "emergency", "Access in an emergency, at a step of the Meldcode (R20)");
  AddVerb<OpenArgs>(noun, chosen,
                    {"open", "Open a family's case to read, for hours; loud and reviewed",
                     "knooppunt emergency open families/f-1 --step 4 --hours 2 \\\n"
                     "    --reason 'Sem vertelt dat hij vannacht niet naar huis durft.'"},
                    OpenOptions, RunOpen);
  AddVerb<ListArgs>(
      noun, chosen,
      {"list", "What waits for review; for who is no privacy officer, what they opened themselves",
       "knooppunt emergency list --all"},
      [](CLI::App* app, ListArgs* args) {
        app->add_flag("--all", args->all, "Also what was reviewed");
      },
      RunList);
  AddVerb<ShowArgs>(
      noun, chosen,
      {"show", "Show one with its reason, as a privacy officer",
       "knooppunt emergency show families/f-1/emergencies/e-1"},
      [](CLI::App* app, ShowArgs* args) {
        AddName(app, "emergency", &args->name, kEmergency, "Which one")->required();
      },
      RunShow);
  AddVerb<ReviewArgs>(
      noun, chosen,
      {"review", "Review one that somebody else opened; unjustified ends it at once",
       "knooppunt emergency review families/f-1/emergencies/e-1 --justified \\\n"
       "    --outcome 'Nagegaan met de jeugdarts: acuut onveilig.'"},
      [](CLI::App* app, ReviewArgs* args) {
        AddName(app, "emergency", &args->name, kEmergency, "Which one")->required();
        app->add_flag("--justified", args->justified, "It was an emergency");
        app->add_flag("--unjustified", args->unjustified, "It was not; this ends it at once");
        AddText(app, "--outcome", &args->outcome, "What you found, in words")->required();
      },
      RunReview);
}

}  // namespace knooppunt::cli
