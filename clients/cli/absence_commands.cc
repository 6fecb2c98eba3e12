// absence: a child who is out of school, and the way back (R34).
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "clients/cli/case_text.h"
#include "clients/cli/commands.h"
#include "clients/cli/failure.h"
#include "clients/cli/options.h"
#include "knooppunt/casework/v1/out_of_school_service.pb.h"

namespace knooppunt::cli {
namespace {

using casework::v1::OutOfSchool;

constexpr char kService[] = "/knooppunt.casework.v1.OutOfSchoolService/";

struct ReportArgs {
  std::string name;
  std::string child;
  std::string since;
  casework::v1::OutOfSchoolKind kind = casework::v1::OUT_OF_SCHOOL_KIND_UNSPECIFIED;
  bool enrolled = false;
  bool not_enrolled = false;
  std::string school;
  std::string goal;
  std::string expected;
  bool ill_beyond_doubt = false;
  bool qualified = false;
};

absl::Status RunReport(Session& session, const ReportArgs& args) {
  if (args.enrolled == args.not_enrolled) {
    return UsageError("give --enrolled or --not-enrolled, one of the two");
  }
  casework::v1::ReportOutOfSchoolRequest request;
  request.set_parent(args.name);
  OutOfSchool& absence = *request.mutable_absence();
  absence.set_child(args.child);
  absence.set_since_date(args.since);
  absence.set_kind(args.kind);
  absence.set_enrolled(args.enrolled);
  absence.set_school(args.school);
  absence.set_goal(args.goal);
  absence.set_expected_date(args.expected);
  // Where the pupil's absence is kept (R31); about the child alone.
  KP_ASSIGN_OR_RETURN(
      *absence.mutable_label(),
      MakeLabel({.about = {args.child}, .compartment = common::v1::COMPARTMENT_EDUCATION}));
  request.set_ill_beyond_doubt(args.ill_beyond_doubt);
  request.set_qualified(args.qualified);
  return session.CallAndShow<OutOfSchool>(absl::StrCat(kService, "ReportOutOfSchool"), request,
                                          PrintOutOfSchool);
}

struct AdvanceArgs {
  std::string name;
  casework::v1::OutOfSchoolState state = casework::v1::OUT_OF_SCHOOL_STATE_UNSPECIFIED;
  std::string date;
  std::string text;
  std::string expected;
};

absl::Status RunAdvance(Session& session, const AdvanceArgs& args) {
  casework::v1::AdvanceOutOfSchoolRequest request;
  request.set_name(args.name);
  request.set_state(args.state);
  request.set_date(args.date);
  request.set_text(args.text);
  request.set_expected_date(args.expected);
  return session.CallAndShow<OutOfSchool>(absl::StrCat(kService, "AdvanceOutOfSchool"), request,
                                          PrintOutOfSchool);
}

void ReportOptions(CLI::App* app, ReportArgs* args) {
  AddName(app, "case", &args->name, "families/*/cases/*", "Which case")->required();
  AddText(app, "--child", &args->child, "Person id of the child")->required();
  AddDate(app, "--since", &args->since, "First day out of school")->required();
  AddWord(app, "--kind", &args->kind, "Why")->required();
  app->add_flag("--enrolled", args->enrolled, "The child is enrolled at a school");
  app->add_flag("--not-enrolled", args->not_enrolled, "The child is enrolled nowhere");
  AddName(app, "--school", &args->school, "werkplaatsen/*", "The school that stays involved")
      ->required();
  AddText(app, "--goal", &args->goal, "The way back to school, as the goal")->required();
  AddDate(app, "--expected", &args->expected, "Day on which the child is expected back");
  app->add_flag("--ill-beyond-doubt", args->ill_beyond_doubt,
                "Ill, and nobody doubts it: then it is no absence in this sense");
  app->add_flag("--qualified", args->qualified, "Holds a basic qualification (startkwalificatie)");
}

}  // namespace

void AddAbsenceCommands(CLI::App* root, Action* chosen) {
  CLI::App* noun = AddNoun(root, "absence", "Children out of school, and their way back (R34)");
  AddVerb<ReportArgs>(
      noun, chosen,
      {"report", "Report a child who is out of school",
       "knooppunt absence report families/f-1/cases/c-1 --child p-1 --since 2026-10-05 \\\n"
       "    --kind unauthorised --enrolled --school werkplaatsen/manjefiek \\\n"
       "    --goal 'Na de kerst elke dag naar de eigen klas.'"},
      ReportOptions, RunReport);
  AddVerb<AdvanceArgs>(
      noun, chosen,
      {"advance", "Bring the way back into its next state",
       "knooppunt absence advance families/f-1/cases/c-1/absences/a-1 --to plan-back \\\n"
       "    --text 'Eerst drie ochtenden, met de mentor.' --expected 2027-01-11"},
      [](CLI::App* app, AdvanceArgs* args) {
        AddName(app, "absence", &args->name, "families/*/cases/*/absences/*", "Which absence")
            ->required();
        AddWord(app, "--to", &args->state, "The state that begins")->required();
        AddDate(app, "--on", &args->date, "When it began; default: today");
        AddText(app, "--text", &args->text, "The plan, how it goes, or why it ended")->required();
        AddDate(app, "--expected", &args->expected, "Day on which the child is expected back");
      },
      RunAdvance);
}

}  // namespace knooppunt::cli
