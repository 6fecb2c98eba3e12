// case phase, review: the life of a case between opening and closing (1G1P1R).
#include "base/status.h"
#include "clients/cli/case_text.h"
#include "clients/cli/commands.h"
#include "clients/cli/options.h"
#include "knooppunt/casework/v1/casework.pb.h"

namespace knooppunt::cli {
namespace {

using access::v1::CasePhase;
using casework::v1::Case;

constexpr char kService[] = "/knooppunt.casework.v1.CaseworkService/";
constexpr char kCase[] = "families/*/cases/*";

struct PhaseArgs {
  std::string name;
  CasePhase phase = access::v1::CASE_PHASE_UNSPECIFIED;
  std::string etag;
};

absl::Status RunPhase(Session& session, const PhaseArgs& args) {
  casework::v1::MovePhaseRequest request;
  request.set_name(args.name);
  request.set_phase(args.phase);
  request.set_etag(args.etag);
  return session.CallAndShow<Case>(absl::StrCat(kService, "MovePhase"), request, PrintCaseLife);
}

struct ReviewArgs {
  std::string name;
  std::string on;
  std::string etag;
};

absl::Status RunReview(Session& session, const ReviewArgs& args) {
  casework::v1::SetReviewRequest request;
  request.set_name(args.name);
  request.set_review_date(args.on);
  request.set_etag(args.etag);
  return session.CallAndShow<Case>(absl::StrCat(kService, "SetReview"), request, PrintCaseLife);
}

}  // namespace

void AddLifeCommands(CLI::App* casus, Action* chosen) {
  AddVerb<PhaseArgs>(
      casus, chosen,
      {"phase", "Move a case to another phase of 1 gezin, 1 plan, 1 regisseur",
       "knooppunt case phase families/f-1/cases/c-1 --to interpret"},
      [](CLI::App* app, PhaseArgs* args) {
        AddName(app, "case", &args->name, kCase, "Which case")->required();
        AddWord(app, "--to", &args->phase, "The phase that begins")->required();
        AddText(app, "--etag", &args->etag,
                "Of the case as you read it: refused if it changed since");
      },
      RunPhase);
  AddVerb<ReviewArgs>(
      casus, chosen,
      {"review", "Set the day on which the case is reviewed next; overdue, it is in 'task list'",
       "knooppunt case review families/f-1/cases/c-1 --on 2027-02-01"},
      [](CLI::App* app, ReviewArgs* args) {
        AddName(app, "case", &args->name, kCase, "Which case")->required();
        AddDate(app, "--on", &args->on, "The day of the next review")->required();
        AddText(app, "--etag", &args->etag,
                "Of the case as you read it: refused if it changed since");
      },
      RunReview);
}

}  // namespace knooppunt::cli
