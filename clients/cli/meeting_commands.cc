// meeting, step: the knooppunt sits, agrees steps, and follows them up (R4-R9).
#include "absl/strings/str_split.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "clients/cli/case_text.h"
#include "clients/cli/commands.h"
#include "clients/cli/failure.h"
#include "clients/cli/new_step.h"
#include "clients/cli/options.h"
#include "knooppunt/casework/v1/step_service.pb.h"

namespace knooppunt::cli {
namespace {

using casework::v1::ConcludeMeetingRequest;
using casework::v1::Meeting;
using casework::v1::Step;

constexpr char kService[] = "/knooppunt.casework.v1.CaseworkService/";
constexpr char kStepService[] = "/knooppunt.casework.v1.StepService/";
constexpr char kCase[] = "families/*/cases/*";
constexpr char kMeeting[] = "families/*/cases/*/meetings/*";
constexpr char kStep[] = "families/*/cases/*/steps/*";

// --- meeting plan, confirm ---

struct PlanArgs {
  std::string name;
  std::string date;
  LabelOptions label;
};

absl::Status RunPlan(Session& session, const PlanArgs& args) {
  casework::v1::PlanMeetingRequest request;
  request.set_parent(args.name);
  request.set_date(args.date);
  KP_ASSIGN_OR_RETURN(*request.mutable_label(), MakeLabel(args.label));
  return session.CallAndShow<Meeting>(absl::StrCat(kService, "PlanMeeting"), request, PrintMeeting);
}

struct ConfirmArgs {
  std::string name;
};

absl::Status RunConfirm(Session& session, const ConfirmArgs& args) {
  casework::v1::ConfirmOutcomeRequest request;
  request.set_name(args.name);
  return session.CallAndShow<Meeting>(absl::StrCat(kService, "ConfirmOutcome"), request,
                                      PrintMeeting);
}

// --- meeting conclude ---

struct ConcludeArgs {
  std::string name;
  std::string file;
  std::vector<std::string> attended;
  std::string parents_absent;
  bool parents_agreed = false;
  std::vector<std::string> steps;
  std::string conclusion;
  LabelOptions label;
};

void ConcludeOptions(CLI::App* app, ConcludeArgs* args) {
  AddName(app, "meeting", &args->name, kMeeting, "Which meeting")->required();
  app->add_option("--file", args->file,
                  "All of it as textproto (knooppunt.casework.v1.ConcludeMeetingRequest); - is "
                  "standard input. Flags come on top")
      ->type_name("FILE");
  app->add_option(
         "--attended", args->attended,
         "Seats that took part, 'seat' or 'seat:how'; how is in-person (default), video or "
         "representative")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("SEAT[:HOW]");
  AddTexts(app, "--step", &args->steps, absl::StrCat("An agreed step: ", kStepHelp));
  AddText(app, "--conclusion", &args->conclusion, "The conclusion, in plain words");
  AddText(app, "--parents-absent", &args->parents_absent, "Why no holder of gezag took part (R4)");
  app->add_flag("--parents-agreed", args->parents_agreed,
                "They agreed beforehand that it would go on without them (R4)");
  AddAbout(app, &args->label.about, &args->label.family);
  AddWord(app, "--compartment", &args->label.compartment,
          "Part of the dossier of the steps; needed with --step");
  AddWord(app, "--regime", &args->label.regime,
          "Law that the steps fall under; default: the usual one of the compartment");
}

absl::Status AddAttendance(const std::string& text, ConcludeMeetingRequest* request) {
  const std::vector<std::string> parts = absl::StrSplit(text, absl::MaxSplits(':', 1));
  if (!base::IsResourceId(parts[0])) return UsageError("who attended is the id of a seat");
  casework::v1::Attendance& attendance = *request->add_attendances();
  attendance.set_seat(parts[0]);
  attendance.set_how(casework::v1::ATTENDANCE_HOW_IN_PERSON);
  if (parts.size() == 1) return absl::OkStatus();
  const auto how = ParseWord<casework::v1::AttendanceHow>(parts[1]);
  if (!how.ok()) return UsageError(how.status().message());
  attendance.set_how(*how);
  return absl::OkStatus();
}

absl::Status RunConclude(Session& session, const ConcludeArgs& args) {
  ConcludeMeetingRequest request;
  if (!args.file.empty()) {
    KP_RETURN_IF_ERROR(ReadTextproto(args.file, session.in(), &request));
  }
  request.set_name(args.name);
  for (const std::string& text : args.attended) KP_RETURN_IF_ERROR(AddAttendance(text, &request));
  if (!args.parents_absent.empty()) request.set_parents_absent_reason(args.parents_absent);
  if (args.parents_agreed) request.set_parents_agreed(true);
  if (!args.conclusion.empty()) request.set_conclusion(args.conclusion);
  if (!args.steps.empty() && args.label.compartment == common::v1::COMPARTMENT_UNSPECIFIED) {
    return UsageError(
        "--step needs --compartment, and --about or --family: every step has a label");
  }
  for (const std::string& text : args.steps) {
    KP_ASSIGN_OR_RETURN(casework::v1::NewStep step, ParseNewStep(text));
    KP_ASSIGN_OR_RETURN(*step.mutable_label(), MakeLabel(args.label));
    *request.add_steps() = std::move(step);
  }
  return session.CallAndShow<Meeting>(absl::StrCat(kService, "ConcludeMeeting"), request,
                                      PrintMeeting);
}

// --- step ---

struct DoneArgs {
  std::string name;
  std::string outcome;
};

absl::Status RunDone(Session& session, const DoneArgs& args) {
  casework::v1::CompleteStepRequest request;
  request.set_name(args.name);
  request.set_outcome(args.outcome);
  return session.CallAndShow<Step>(absl::StrCat(kService, "CompleteStep"), request, PrintStep);
}

struct FollowUpArgs {
  std::string name;
  std::string step;
  LabelOptions label;
};

absl::Status RunFollowUp(Session& session, const FollowUpArgs& args) {
  casework::v1::FollowUpStepRequest request;
  request.set_name(args.name);
  KP_ASSIGN_OR_RETURN(*request.mutable_step(), ParseNewStep(args.step));
  KP_ASSIGN_OR_RETURN(*request.mutable_step()->mutable_label(), MakeLabel(args.label));
  return session.CallAndShow<Step>(absl::StrCat(kService, "FollowUpStep"), request, PrintStep);
}

absl::Status RunReact(Session& session, const ReactionOptions& args) {
  KP_ASSIGN_OR_RETURN(auto request, MakeReaction<casework::v1::ReactToStepRequest>(args));
  return session.CallAndShow<Step>(absl::StrCat(kService, "ReactToStep"), request, PrintStep);
}

struct DecideArgs {
  std::string name;
  bool bind = false;
  bool decline = false;
  std::string reason;
};

absl::Status RunDecide(Session& session, const DecideArgs& args) {
  if (args.bind == args.decline) return UsageError("give --bind or --decline, one of the two");
  casework::v1::DecideStepRequest request;
  request.set_name(args.name);
  request.set_bind(args.bind);
  request.set_reason(args.reason);
  return session.CallAndShow<Step>(absl::StrCat(kService, "DecideStep"), request, PrintStep);
}

struct EvaluateArgs {
  std::string name;
  casework::v1::StepHelped helped = casework::v1::STEP_HELPED_UNSPECIFIED;
  std::string words;
  std::string seat;
};

absl::Status RunEvaluate(Session& session, const EvaluateArgs& args) {
  casework::v1::EvaluateStepRequest request;
  request.set_name(args.name);
  request.set_helped(args.helped);
  request.set_family_words(args.words);
  request.set_family_seat(args.seat);
  return session.CallAndShow<Step>(absl::StrCat(kStepService, "EvaluateStep"), request, PrintStep);
}

struct CarryOverArgs {
  std::string name;
  std::string to;
  std::string meeting;
  std::string reason;
};

absl::Status RunCarryOver(Session& session, const CarryOverArgs& args) {
  casework::v1::CarryOverStepRequest request;
  request.set_name(args.name);
  request.set_due_date(args.to);
  request.set_meeting(args.meeting);
  request.set_reason(args.reason);
  return session.CallAndShow<Step>(absl::StrCat(kStepService, "CarryOverStep"), request, PrintStep);
}

struct ReassignArgs {
  std::string name;
  std::string to;
  std::string reason;
};

absl::Status RunReassign(Session& session, const ReassignArgs& args) {
  casework::v1::ReassignStepRequest request;
  request.set_name(args.name);
  request.set_owner_seat(args.to);
  request.set_reason(args.reason);
  return session.CallAndShow<Step>(absl::StrCat(kStepService, "ReassignStep"), request, PrintStep);
}

struct DropArgs {
  std::string name;
  std::string reason;
};

absl::Status RunDrop(Session& session, const DropArgs& args) {
  casework::v1::DropStepRequest request;
  request.set_name(args.name);
  request.set_reason(args.reason);
  return session.CallAndShow<Step>(absl::StrCat(kStepService, "DropStep"), request, PrintStep);
}

void AddMeeting(CLI::App* root, Action* chosen) {
  CLI::App* noun = AddNoun(root, "meeting", "Sittings of the knooppunt on a case");
  AddVerb<PlanArgs>(
      noun, chosen,
      {"plan", "Plan a meeting",
       "knooppunt meeting plan families/f-1/cases/c-1 --date 2026-12-01 --about p-1 "
       "--compartment education"},
      [](CLI::App* app, PlanArgs* args) {
        AddName(app, "case", &args->name, kCase, "Which case")->required();
        AddDate(app, "--date", &args->date, "When")->required();
        AddLabel(app, &args->label);
      },
      RunPlan);
  AddVerb<ConcludeArgs>(
      noun, chosen,
      {"conclude", "Conclude a meeting: who took part, and what was agreed (R4-R6)",
       "knooppunt meeting conclude families/f-1/cases/c-1/meetings/m-1 --attended s-1,s-4:video "
       "\\\n"
       "    --conclusion 'Sem krijgt gesprekken op school.' --about p-1 --compartment education "
       "\\\n"
       "    --step 'Zes gesprekken|s-3|2026-12-15|school-social-work:900:professionals/noor:"
       "education'"},
      ConcludeOptions, RunConclude);
  AddVerb<ConfirmArgs>(
      noun, chosen,
      {"confirm", "Confirm the outcome of a meeting that you missed (R7)",
       "knooppunt meeting confirm families/f-1/cases/c-1/meetings/m-1"},
      [](CLI::App* app, ConfirmArgs* args) {
        AddName(app, "meeting", &args->name, kMeeting, "Which meeting")->required();
      },
      RunConfirm);
}

void AddStep(CLI::App* root, Action* chosen) {
  CLI::App* noun = AddNoun(root, "step", "Agreed steps");
  AddVerb<DoneArgs>(
      noun, chosen,
      {"done", "Mark a step done",
       "knooppunt step done families/f-1/cases/c-1/steps/st-1 --outcome 'Gesprek gevoerd.'"},
      [](CLI::App* app, DoneArgs* args) {
        AddName(app, "step", &args->name, kStep, "Which step")->required();
        AddText(app, "--outcome", &args->outcome, "What came of it")->required();
      },
      RunDone);
  AddVerb<FollowUpArgs>(
      noun, chosen,
      {"follow-up", "Record the step that follows from another",
       "knooppunt step follow-up families/f-1/cases/c-1/steps/st-1 "
       "--step 'Bel de ouders|s-1|2027-01-10' --about p-1 --compartment education"},
      [](CLI::App* app, FollowUpArgs* args) {
        AddName(app, "step", &args->name, kStep, "The step that it follows")->required();
        AddText(app, "--step", &args->step, absl::StrCat("The new step: ", kStepHelp))->required();
        AddLabel(app, &args->label);
      },
      RunFollowUp);
  AddVerb<DecideArgs>(
      noun, chosen,
      {"decide", "Decide on a proposed step, for the organisation whose means it needs (R6)",
       "knooppunt step decide families/f-1/cases/c-1/steps/st-1 --bind\n"
       "  knooppunt step decide families/f-1/cases/c-1/steps/st-1 --decline --reason "
       "'Wachtlijst.'"},
      [](CLI::App* app, DecideArgs* args) {
        AddName(app, "step", &args->name, kStep, "Which step")->required();
        app->add_flag("--bind", args->bind, "It is binding, within your mandate");
        app->add_flag("--decline", args->decline, "It does not happen; say why with --reason");
        AddText(app, "--reason", &args->reason, "Why, in words that the family understands");
      },
      RunDecide);
  AddVerb<ReactionOptions>(
      noun, chosen,
      {"react", "Confirm or dispute a step, in your own words (R9)",
       "knooppunt step react families/f-1/cases/c-1/steps/st-1 --dispute --text 'Dit is te "
       "vroeg.'"},
      [](CLI::App* app, ReactionOptions* args) {
        AddName(app, "step", &args->name, kStep, "Which step")->required();
        AddReaction(app, args);
      },
      RunReact);
}

// What becomes of a step after it was agreed.
void AddStepLife(CLI::App* noun, Action* chosen) {
  AddVerb<EvaluateArgs>(
      noun, chosen,
      {"evaluate", "Say with the family what a step that was done brought",
       "knooppunt step evaluate families/f-1/cases/c-1/steps/st-1 --helped partly \\\n"
       "    --words 'Hij slaapt beter, rekenen blijft lastig.' --family-seat s-4"},
      [](CLI::App* app, EvaluateArgs* args) {
        AddName(app, "step", &args->name, kStep, "Which step")->required();
        AddWord(app, "--helped", &args->helped, "Whether it helped")->required();
        AddText(app, "--words", &args->words, "The result in the family's words")->required();
        AddSeat(app, "--family-seat", &args->seat,
                "Whose words they are; left out by one of the family: your own");
      },
      RunEvaluate);
  AddVerb<CarryOverArgs>(
      noun, chosen,
      {"carry-over", "Carry a step over to a later date",
       "knooppunt step carry-over families/f-1/cases/c-1/steps/st-1 --to 2027-02-01 \\\n"
       "    --reason 'De school was dicht.'"},
      [](CLI::App* app, CarryOverArgs* args) {
        AddName(app, "step", &args->name, kStep, "Which step")->required();
        AddDate(app, "--to", &args->to, "The new date")->required();
        AddName(app, "--meeting", &args->meeting, kMeeting, "Meeting at which it comes back");
        AddText(app, "--reason", &args->reason, "Why")->required();
      },
      RunCarryOver);
  AddVerb<ReassignArgs>(
      noun, chosen,
      {"reassign", "Give a step to somebody else at the table, with the reason",
       "knooppunt step reassign families/f-1/cases/c-1/steps/st-1 --to s-5 \\\n"
       "    --reason 'Het CJG gaat van tafel als Sem 18 wordt.'"},
      [](CLI::App* app, ReassignArgs* args) {
        AddName(app, "step", &args->name, kStep, "Which step")->required();
        AddSeat(app, "--to", &args->to, "Who does it from now on")->required();
        AddText(app, "--reason", &args->reason, "Why, in words that the family understands")
            ->required();
      },
      RunReassign);
  AddVerb<DropArgs>(
      noun, chosen,
      {"drop", "Drop a step, with the reason",
       "knooppunt step drop families/f-1/cases/c-1/steps/st-1 --reason 'Niet meer nodig.'"},
      [](CLI::App* app, DropArgs* args) {
        AddName(app, "step", &args->name, kStep, "Which step")->required();
        AddText(app, "--reason", &args->reason, "Why, in words that the family understands")
            ->required();
      },
      RunDrop);
}

}  // namespace

void AddMeetingCommands(CLI::App* root, Action* chosen) {
  AddMeeting(root, chosen);
  AddInvitationCommands(root->get_subcommand("meeting"), chosen);
  AddStep(root, chosen);
  AddStepLife(root->get_subcommand("step"), chosen);
}

}  // namespace knooppunt::cli
