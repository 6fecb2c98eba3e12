// escalation: a stuck case put to those with the power to decide, and what they do with it (R10).
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "clients/cli/case_text.h"
#include "clients/cli/commands.h"
#include "clients/cli/failure.h"
#include "clients/cli/options.h"
#include "clients/cli/output.h"
#include "clients/cli/paging.h"
#include "knooppunt/casework/v1/escalation_service.pb.h"

namespace knooppunt::cli {
namespace {

using casework::v1::Escalation;
using casework::v1::EscalationFile;
using casework::v1::EscalationOutcome;
using casework::v1::ListEscalationsResponse;

constexpr char kService[] = "/knooppunt.casework.v1.EscalationService/";
constexpr char kCase[] = "families/*/cases/*";
constexpr char kEscalation[] = "families/*/cases/*/escalations/*";

// --- escalation raise, withdraw ---

struct RaiseArgs {
  std::string name;
  std::string question;
  std::string tried;
  std::string step;
  std::string werkplaats;
  std::vector<std::string> deciders;
  LabelOptions label;
};

// "professionals/wim:organisations/gemeente:alderman".
absl::Status AddDecider(const std::string& text, casework::v1::RaiseEscalationRequest* request) {
  const std::vector<std::string> parts = absl::StrSplit(text, ':');
  if (parts.size() != 3 || !base::ResourceName::Parse(parts[0]).ok() ||
      !base::ResourceName::Parse(parts[1]).ok()) {
    return UsageError("who decides is written 'professionals/id:organisations/id:function'");
  }
  const auto function = ParseWord<common::v1::Function>(parts[2]);
  if (!function.ok()) return UsageError(function.status().message());
  casework::v1::Decider& decider = *request->add_deciders();
  decider.set_professional(parts[0]);
  decider.set_organisation(parts[1]);
  decider.set_function(*function);
  return absl::OkStatus();
}

absl::Status RunRaise(Session& session, const RaiseArgs& args) {
  casework::v1::RaiseEscalationRequest request;
  request.set_parent(args.name);
  request.set_werkplaats(args.werkplaats);
  Escalation& escalation = *request.mutable_escalation();
  escalation.set_question(args.question);
  escalation.set_tried(args.tried);
  escalation.set_step(args.step);
  KP_ASSIGN_OR_RETURN(*escalation.mutable_label(), MakeLabel(args.label));
  for (const std::string& text : args.deciders) KP_RETURN_IF_ERROR(AddDecider(text, &request));
  return session.CallAndShow<Escalation>(absl::StrCat(kService, "RaiseEscalation"), request,
                                         PrintEscalation);
}

struct WithdrawArgs {
  std::string name;
  std::string reason;
};

absl::Status RunWithdraw(Session& session, const WithdrawArgs& args) {
  casework::v1::WithdrawEscalationRequest request;
  request.set_name(args.name);
  request.set_reason(args.reason);
  return session.CallAndShow<Escalation>(absl::StrCat(kService, "WithdrawEscalation"), request,
                                         PrintEscalation);
}

// --- escalation list, show, take-up, decide ---

struct NoArgs {};

void PrintEscalations(const ListEscalationsResponse& list, std::ostream& out) {
  Table table({"ESCALATION", "STATE", "RAISED", "QUESTION"});
  for (const Escalation& e : list.escalations()) {
    table.Add({e.name(), Word(e.state()), LocalTime(e.raise_time()), e.question()});
  }
  table.Print(out, "Nothing waits for you to decide.");
}

absl::Status RunList(Session& session, const NoArgs&) {
  ListEscalationsResponse all;
  KP_RETURN_IF_ERROR(CallAllPages(session, absl::StrCat(kService, "ListEscalations"),
                                  casework::v1::ListEscalationsRequest(), &all));
  return session.Show<ListEscalationsResponse>(all, PrintEscalations);
}

struct NameArgs {
  std::string name;
};

void Name(CLI::App* app, NameArgs* args) {
  AddName(app, "escalation", &args->name, kEscalation, "Which escalation")->required();
}

void PrintFile(const EscalationFile& file, std::ostream& out) {
  PrintEscalation(file.escalation(), out);
  if (!file.has_step()) return;
  out << "\nThe step that it is about\n";
  PrintStep(file.step(), out);
}

absl::Status RunShow(Session& session, const NameArgs& args) {
  casework::v1::GetEscalationRequest request;
  request.set_name(args.name);
  return session.CallAndShow<EscalationFile>(absl::StrCat(kService, "GetEscalation"), request,
                                             PrintFile);
}

absl::Status RunTakeUp(Session& session, const NameArgs& args) {
  casework::v1::TakeUpEscalationRequest request;
  request.set_name(args.name);
  return session.CallAndShow<Escalation>(absl::StrCat(kService, "TakeUpEscalation"), request,
                                         PrintEscalation);
}

struct DecideArgs {
  std::string name;
  EscalationOutcome outcome = casework::v1::ESCALATION_OUTCOME_UNSPECIFIED;
  std::string settlement;
  std::string reason;
};

absl::Status RunDecide(Session& session, const DecideArgs& args) {
  casework::v1::DecideEscalationRequest request;
  request.set_name(args.name);
  request.set_outcome(args.outcome);
  request.set_settlement(args.settlement);
  request.set_reason(args.reason);
  return session.CallAndShow<Escalation>(absl::StrCat(kService, "DecideEscalation"), request,
                                         PrintEscalation);
}

void AddRaising(CLI::App* noun, Action* chosen) {
  AddVerb<RaiseArgs>(
      noun, chosen,
      {"raise", "Put a stuck case to those with the power to decide (R10)",
       "knooppunt escalation raise families/f-1/cases/c-1 --werkplaats werkplaatsen/manjefiek \\\n"
       "    --question 'Gaat de begeleiding door?' --tried 'Drie keer besproken.' \\\n"
       "    --step families/f-1/cases/c-1/steps/st-1 --about p-1 --compartment education \\\n"
       "    --decider professionals/wim:organisations/gemeente-maastricht:alderman \\\n"
       "    --decider professionals/dina:organisations/swv-po:samenwerkingsverband-director"},
      [](CLI::App* app, RaiseArgs* args) {
        AddName(app, "case", &args->name, kCase, "Which case")->required();
        AddText(app, "--question", &args->question, "What must be decided")->required();
        AddText(app, "--tried", &args->tried, "What was tried at the table")->required();
        AddName(app, "--step", &args->step, "families/*/cases/*/steps/*",
                "The step that it is about");
        AddName(app, "--werkplaats", &args->werkplaats, "werkplaatsen/*",
                "The werkplaats of the case: its stage says who decide")
            ->required();
        AddTexts(app, "--decider", &args->deciders,
                 "Who decides: 'professionals/id:organisations/id:function'")
            ->required();
        AddLabel(app, &args->label);
      },
      RunRaise);
  AddVerb<WithdrawArgs>(
      noun, chosen,
      {"withdraw", "Withdraw an escalation that you raised; who decide see no more of it",
       "knooppunt escalation withdraw families/f-1/cases/c-1/escalations/e-1 --reason 'Opgelost.'"},
      [](CLI::App* app, WithdrawArgs* args) {
        AddName(app, "escalation", &args->name, kEscalation, "Which escalation")->required();
        AddText(app, "--reason", &args->reason, "Why")->required();
      },
      RunWithdraw);
}

void AddDeciding(CLI::App* noun, Action* chosen) {
  AddVerb<NoArgs>(
      noun, chosen, {"list", "List what waits for you to decide", "knooppunt escalation list"},
      [](CLI::App*, NoArgs*) {}, RunList);
  AddVerb<NameArgs>(noun, chosen,
                    {"show", "Show what was put to you, and no more of the case",
                     "knooppunt escalation show families/f-1/cases/c-1/escalations/e-1"},
                    Name, RunShow);
  AddVerb<NameArgs>(noun, chosen,
                    {"take-up", "Take an escalation up",
                     "knooppunt escalation take-up families/f-1/cases/c-1/escalations/e-1"},
                    Name, RunTakeUp);
  AddVerb<DecideArgs>(
      noun, chosen,
      {"decide", "Decide; it binds once all who decide agree",
       "knooppunt escalation decide families/f-1/cases/c-1/escalations/e-1 --outcome bind-step \\\n"
       "    --reason 'Het kind kan niet wachten.'\n"
       "  knooppunt escalation decide families/f-1/cases/c-1/escalations/e-1 --outcome settle \\\n"
       "    --settlement 'De school neemt hem in februari aan.' --reason 'Dichtbij huis.'"},
      [](CLI::App* app, DecideArgs* args) {
        AddName(app, "escalation", &args->name, kEscalation, "Which escalation")->required();
        AddWord(app, "--outcome", &args->outcome, "What")->required();
        AddText(app, "--settlement", &args->settlement,
                "How the question is settled; left out, you agree with the settlement there is");
        AddText(app, "--reason", &args->reason, "Why, in words that the family understands")
            ->required();
      },
      RunDecide);
}

}  // namespace

void AddEscalationCommands(CLI::App* root, Action* chosen) {
  CLI::App* noun =
      AddNoun(root, "escalation", "A stuck case put to those with the power to decide (R10)");
  AddRaising(noun, chosen);
  AddDeciding(noun, chosen);
}

}  // namespace knooppunt::cli
