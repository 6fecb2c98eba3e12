// plan: wishes, goals that serve them, what is already there, arrangements; what changed, and the
// plan as a document (R1, R9).
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "clients/cli/commands.h"
#include "clients/cli/failure.h"
#include "clients/cli/options.h"
#include "clients/cli/output.h"
#include "clients/cli/paging.h"
#include "clients/cli/plan_text.h"

namespace knooppunt::cli {
namespace {

constexpr char kService[] = "/knooppunt.plan.v1.PlanService/";
constexpr char kCase[] = "families/*/cases/*";
constexpr char kSteps[] = "families/*/cases/*/steps/*";
constexpr char kGoals[] = "families/*/cases/*/goals/*";
constexpr char kWishes[] = "families/*/cases/*/wishes/*";

std::string Method(absl::string_view name) { return absl::StrCat(kService, name); }

void AddCase(CLI::App* app, std::string* name) {
  AddName(app, "case", name, kCase, "Which case")->required();
}

// ---- Reading -------------------------------------------------------------------

struct ShowArgs {
  std::string name;
};

absl::Status RunShow(Session& session, const ShowArgs& args) {
  plan::v1::GetPlanRequest request;
  request.set_name(args.name);
  return session.CallAndShow<plan::v1::Plan>(Method("GetPlan"), request, PrintPlan);
}

struct ChangesArgs {
  std::string name;
  std::string since;
};

absl::Status RunChanges(Session& session, const ChangesArgs& args) {
  plan::v1::ListPlanChangesRequest request;
  request.set_parent(args.name);
  request.set_since_date(args.since);
  plan::v1::ListPlanChangesResponse all;
  KP_RETURN_IF_ERROR(CallAllPages(session, Method("ListPlanChanges"), request, &all));
  return session.Show<plan::v1::ListPlanChangesResponse>(all, PrintPlanChanges);
}

absl::Status RunVersions(Session& session, const ShowArgs& args) {
  plan::v1::ListPlanVersionsRequest request;
  request.set_name(args.name);
  plan::v1::ListPlanVersionsResponse all;
  KP_RETURN_IF_ERROR(CallAllPages(session, Method("ListPlanVersions"), request, &all));
  return session.Show<plan::v1::ListPlanVersionsResponse>(all, PrintPlanVersions);
}

struct DocumentArgs {
  std::string name;
  std::string out;
};

absl::Status RunDocument(Session& session, const DocumentArgs& args) {
  plan::v1::RenderPlanRequest request;
  request.set_name(args.name);
  if (absl::EndsWith(args.out, ".pdf")) {
    request.set_format(plan::v1::DOCUMENT_FORMAT_PDF);
  } else if (absl::EndsWith(args.out, ".html")) {
    request.set_format(plan::v1::DOCUMENT_FORMAT_HTML);
  } else {
    return UsageError("--out must end in .html or .pdf: that says which form");
  }
  plan::v1::RenderPlanResponse document;
  KP_RETURN_IF_ERROR(session.Call(Method("RenderPlan"), request, &document));
  KP_RETURN_IF_ERROR(WriteNew(args.out, document.content()));
  document.clear_content();
  return session.Show<plan::v1::RenderPlanResponse>(
      document, [&](const plan::v1::RenderPlanResponse& made, std::ostream& out) {
        out << "Wrote " << Printable(made.content_type()) << " to " << Printable(args.out)
            << ". It names you as its reader: keep it safe, and delete it when you are done.\n";
      });
}

// ---- Adding --------------------------------------------------------------------

struct WishArgs {
  std::string name;
  std::string person;
  std::string text;
  plan::v1::WishHow how = plan::v1::WISH_HOW_UNSPECIFIED;
  LabelOptions label;
};

absl::Status RunWish(Session& session, const WishArgs& args) {
  KP_ASSIGN_OR_RETURN(const auto name, base::ResourceName::Parse(args.name, kCase));
  plan::v1::AddWishRequest request;
  request.set_parent(args.name);
  request.mutable_wish()->set_person(
      absl::StrCat("families/", std::string(name.Id("families")), "/persons/", args.person));
  request.mutable_wish()->set_text(args.text);
  request.mutable_wish()->set_how(args.how);
  KP_ASSIGN_OR_RETURN(*request.mutable_wish()->mutable_label(), MakeLabel(args.label));
  return session.CallAndShow<plan::v1::Wish>(Method("AddWish"), request, PrintWish);
}

struct GoalArgs {
  std::string name;
  std::string wish;
  std::string text;
  std::string measure;
  std::string review;
  plan::v1::LifeDomain domain = plan::v1::LIFE_DOMAIN_UNSPECIFIED;
  std::vector<std::string> steps;
  LabelOptions label;
};

absl::Status RunGoal(Session& session, const GoalArgs& args) {
  plan::v1::AddGoalRequest request;
  request.set_parent(args.name);
  plan::v1::Goal& goal = *request.mutable_goal();
  goal.set_wish(args.wish);
  goal.set_domain(args.domain);
  goal.set_text(args.text);
  goal.set_measure(args.measure);
  goal.set_review_date(args.review);
  for (const std::string& step : args.steps) goal.add_steps(step);
  KP_ASSIGN_OR_RETURN(*goal.mutable_label(), MakeLabel(args.label));
  return session.CallAndShow<plan::v1::Goal>(Method("AddGoal"), request, PrintPlanGoal);
}

struct AssetArgs {
  std::string name;
  std::string text;
  std::string organisation;
  std::string until;
  plan::v1::AssetKind kind = plan::v1::ASSET_KIND_UNSPECIFIED;
  plan::v1::LifeDomain domain = plan::v1::LIFE_DOMAIN_UNSPECIFIED;
  LabelOptions label;
};

absl::Status RunAsset(Session& session, const AssetArgs& args) {
  plan::v1::AddAssetRequest request;
  request.set_parent(args.name);
  plan::v1::Asset& asset = *request.mutable_asset();
  asset.set_kind(args.kind);
  asset.set_domain(args.domain);
  asset.set_text(args.text);
  asset.set_organisation(args.organisation);
  asset.set_end_date(args.until);
  KP_ASSIGN_OR_RETURN(*asset.mutable_label(), MakeLabel(args.label));
  return session.CallAndShow<plan::v1::Asset>(Method("AddAsset"), request, PrintAsset);
}

struct ArrangementArgs {
  std::string name;
  std::string text;
  std::string organisation;
  std::string from;
  std::string until;
  plan::v1::ArrangementKind kind = plan::v1::ARRANGEMENT_KIND_UNSPECIFIED;
  plan::v1::ArrangementReach reach = plan::v1::ARRANGEMENT_REACH_INDIVIDUAL;
  common::v1::Funding funding = common::v1::FUNDING_UNSPECIFIED;
  std::vector<std::string> split;
  std::vector<std::string> goals;
  std::vector<std::string> steps;
  LabelOptions label;
};

// "education:60".
absl::Status AddShare(absl::string_view text, plan::v1::Arrangement* out) {
  const std::vector<std::string> parts = absl::StrSplit(text, ':');
  int percent = 0;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[1], &percent)) {
    return UsageError("a --split looks like education:60");
  }
  KP_ASSIGN_OR_RETURN(const auto funding, ParseWord<common::v1::Funding>(parts[0]));
  common::v1::FundingShare* share = out->add_split();
  share->set_funding(funding);
  share->set_percent(percent);
  return absl::OkStatus();
}

absl::Status RunArrangement(Session& session, const ArrangementArgs& args) {
  plan::v1::AddArrangementRequest request;
  request.set_parent(args.name);
  plan::v1::Arrangement& a = *request.mutable_arrangement();
  a.set_kind(args.kind);
  a.set_reach(args.reach);
  a.set_text(args.text);
  a.set_organisation(args.organisation);
  a.set_start_date(args.from);
  a.set_end_date(args.until);
  a.set_funding(args.funding);
  for (const std::string& share : args.split) KP_RETURN_IF_ERROR(AddShare(share, &a));
  for (const std::string& goal : args.goals) a.add_goals(goal);
  for (const std::string& step : args.steps) a.add_steps(step);
  KP_ASSIGN_OR_RETURN(*a.mutable_label(), MakeLabel(args.label));
  return session.CallAndShow<plan::v1::Arrangement>(Method("AddArrangement"), request,
                                                    PrintArrangement);
}

// ---- Changing ------------------------------------------------------------------

struct ChangeArgs {
  std::string name;
  std::string etag;
  std::string text;
  std::string measure;
  std::string review;
  std::string wish;
  std::string organisation;
  std::string from;
  std::string until;
  plan::v1::LifeDomain domain = plan::v1::LIFE_DOMAIN_UNSPECIFIED;
};

// Sets what was given and names it in the mask. The server says what an item of this kind has.
class Given {
 public:
  Given(google::protobuf::Message* item, google::protobuf::FieldMask* mask)
      : item_(item), mask_(mask) {}
  void Take(const std::string& field, const std::string& value) {
    if (value.empty()) return;
    mask_->add_paths(field);
    const auto* descriptor = item_->GetDescriptor()->FindFieldByName(field);
    if (descriptor != nullptr) item_->GetReflection()->SetString(item_, descriptor, value);
  }
  void Take(plan::v1::LifeDomain domain) {
    if (domain == plan::v1::LIFE_DOMAIN_UNSPECIFIED) return;
    mask_->add_paths("domain");
    const auto* descriptor = item_->GetDescriptor()->FindFieldByName("domain");
    if (descriptor != nullptr) item_->GetReflection()->SetEnumValue(item_, descriptor, domain);
  }

 private:
  google::protobuf::Message* item_;
  google::protobuf::FieldMask* mask_;
};

template <typename Request>
Request ChangeOf(const ChangeArgs& args, google::protobuf::Message* (*item)(Request*)) {
  Request request;
  request.set_name(args.name);
  request.set_etag(args.etag);
  Given given(item(&request), request.mutable_update_mask());
  given.Take("text", args.text);
  given.Take(args.domain);
  given.Take("measure", args.measure);
  given.Take("review_date", args.review);
  given.Take("wish", args.wish);
  given.Take("organisation", args.organisation);
  given.Take("start_date", args.from);
  given.Take("end_date", args.until);
  return request;
}

absl::Status RunChange(Session& session, const ChangeArgs& args) {
  using google::protobuf::Message;
  if (absl::StrContains(args.name, "/wishes/")) {
    auto request = ChangeOf<plan::v1::UpdateWishRequest>(
        args, [](plan::v1::UpdateWishRequest* r) -> Message* { return r->mutable_wish(); });
    return session.CallAndShow<plan::v1::Wish>(Method("UpdateWish"), request, PrintWish);
  }
  if (absl::StrContains(args.name, "/goals/")) {
    auto request = ChangeOf<plan::v1::UpdateGoalRequest>(
        args, [](plan::v1::UpdateGoalRequest* r) -> Message* { return r->mutable_goal(); });
    return session.CallAndShow<plan::v1::Goal>(Method("UpdateGoal"), request, PrintPlanGoal);
  }
  if (absl::StrContains(args.name, "/assets/")) {
    auto request = ChangeOf<plan::v1::UpdateAssetRequest>(
        args, [](plan::v1::UpdateAssetRequest* r) -> Message* { return r->mutable_asset(); });
    return session.CallAndShow<plan::v1::Asset>(Method("UpdateAsset"), request, PrintAsset);
  }
  if (absl::StrContains(args.name, "/arrangements/")) {
    auto request = ChangeOf<plan::v1::UpdateArrangementRequest>(
        args,
        [](plan::v1::UpdateArrangementRequest* r) -> Message* { return r->mutable_arrangement(); });
    return session.CallAndShow<plan::v1::Arrangement>(Method("UpdateArrangement"), request,
                                                      PrintArrangement);
  }
  return UsageError("name a wish, a goal, an asset or an arrangement of the plan");
}

struct EvaluateArgs {
  std::string name;
  std::string etag;
  std::string text;
  std::string absent;
  std::string review;
  std::vector<std::string> seats;
  plan::v1::GoalState result = plan::v1::GOAL_STATE_UNSPECIFIED;
};

absl::Status RunEvaluate(Session& session, const EvaluateArgs& args) {
  plan::v1::EvaluateGoalRequest request;
  request.set_name(args.name);
  request.set_etag(args.etag);
  request.set_result(args.result);
  request.set_text(args.text);
  request.set_family_absent_reason(args.absent);
  request.set_review_date(args.review);
  for (const std::string& seat : args.seats) request.add_seats(seat);
  return session.CallAndShow<plan::v1::Goal>(Method("EvaluateGoal"), request, PrintPlanGoal);
}

absl::Status RunReact(Session& session, const ReactionOptions& args) {
  KP_ASSIGN_OR_RETURN(auto request, MakeReaction<plan::v1::ReactToPlanItemRequest>(args));
  return session.CallAndShow<plan::v1::PlanItem>(Method("ReactToPlanItem"), request, PrintPlanItem);
}

// ---- Options -------------------------------------------------------------------

void AddItem(CLI::App* app, std::string* name) {
  app->add_option("item", *name,
                  "Which item: families/f-1/cases/c-1/goals/plan-1, or of wishes, assets, "
                  "arrangements")
      ->required();
}

void AddReading(CLI::App* plan, Action* chosen) {
  AddVerb<ShowArgs>(
      plan, chosen,
      {"show", "Show the plan, as far as you may see it",
       "knooppunt plan show families/f-1/cases/c-1"},
      [](CLI::App* app, ShowArgs* args) { AddCase(app, &args->name); }, RunShow);
  AddVerb<ChangesArgs>(
      plan, chosen,
      {"changes", "List what changed since the last concluded meeting, or a day",
       "knooppunt plan changes families/f-1/cases/c-1 --since 2026-11-01"},
      [](CLI::App* app, ChangesArgs* args) {
        AddCase(app, &args->name);
        AddDate(app, "--since", &args->since, "From this day on");
      },
      RunChanges);
  AddVerb<ShowArgs>(
      plan, chosen,
      {"versions", "Show an item, its etag, and what it said before",
       "knooppunt plan versions families/f-1/cases/c-1/goals/plan-1"},
      [](CLI::App* app, ShowArgs* args) { AddItem(app, &args->name); }, RunVersions);
  AddVerb<DocumentArgs>(
      plan, chosen,
      {"document", "Take the plan along as a document that names you as its reader (R22)",
       "knooppunt plan document families/f-1/cases/c-1 --out plan.pdf"},
      [](CLI::App* app, DocumentArgs* args) {
        AddCase(app, &args->name);
        app->add_option("--out", args->out, "A new file, .html or .pdf")
            ->type_name("FILE")
            ->required();
      },
      RunDocument);
}

void AddWishAndGoal(CLI::App* plan, Action* chosen) {
  AddVerb<WishArgs>(
      plan, chosen,
      {"wish", "Record what somebody of the family wishes, in their own words (R9)",
       "knooppunt plan wish families/f-1/cases/c-1 --of p-1 --text 'Weer naar voetbal' "
       "--how conversation --about p-1 --compartment education"},
      [](CLI::App* app, WishArgs* args) {
        AddCase(app, &args->name);
        app->add_option("--of", args->person, "Whose wish: a person's id")
            ->type_name("PERSON")
            ->required();
        AddText(app, "--text", &args->text, "In their own words")->required();
        AddWord(app, "--how", &args->how, "How they gave it")->required();
        AddLabel(app, &args->label);
      },
      RunWish);
  AddVerb<GoalArgs>(
      plan, chosen,
      {"goal", "Add a goal that serves a wish",
       "knooppunt plan goal families/f-1/cases/c-1 --wish families/f-1/cases/c-1/wishes/plan-1 "
       "--domain leisure --text 'Sem traint elke week' --measure 'Vier weken achter elkaar' "
       "--review 2027-02-01 --about p-1 --compartment education"},
      [](CLI::App* app, GoalArgs* args) {
        AddCase(app, &args->name);
        AddName(app, "--wish", &args->wish, kWishes, "The wish that it serves");
        AddWord(app, "--domain", &args->domain, "Life domain")->required();
        AddText(app, "--text", &args->text, "The goal, in words the family understands")
            ->required();
        AddText(app, "--measure", &args->measure, "How we see that it is reached");
        AddDate(app, "--review", &args->review, "When we look at it again");
        AddNames(app, "--step", &args->steps, kSteps, "Steps that work on it");
        AddLabel(app, &args->label);
      },
      RunGoal);
}

void AddWhatIsThere(CLI::App* plan, Action* chosen) {
  AddVerb<AssetArgs>(
      plan, chosen,
      {"asset", "Record what is already there: what works, help, people around the family",
       "knooppunt plan asset families/f-1/cases/c-1 --kind network --domain home "
       "--text 'Oma past op dinsdag op' --about p-1 --compartment education"},
      [](CLI::App* app, AssetArgs* args) {
        AddCase(app, &args->name);
        AddWord(app, "--kind", &args->kind, "Kind")->required();
        AddWord(app, "--domain", &args->domain, "Life domain")->required();
        AddText(app, "--text", &args->text, "What it is")->required();
        AddName(app, "--organisation", &args->organisation, "organisations/*",
                "Who gives the help");
        AddDate(app, "--until", &args->until, "Last day");
        AddLabel(app, &args->label);
      },
      RunAsset);
  AddVerb<ArrangementArgs>(
      plan, chosen,
      {"arrangement", "Add an arrangement of an organisation at the table (R36)",
       "knooppunt plan arrangement families/f-1/cases/c-1 --kind school-support "
       "--text 'Rekenhulp' --organisation organisations/mosalira --from 2026-12-01 "
       "--until 2027-03-31 --funding education --about p-1 --compartment education"},
      [](CLI::App* app, ArrangementArgs* args) {
        AddCase(app, &args->name);
        AddWord(app, "--kind", &args->kind, "Kind")->required();
        AddWord(app, "--reach", &args->reach, "Individual when not given");
        AddText(app, "--text", &args->text, "What it is")->required();
        AddName(app, "--organisation", &args->organisation, "organisations/*", "Who gives it")
            ->required();
        AddDate(app, "--from", &args->from, "First day")->required();
        AddDate(app, "--until", &args->until, "Last day")->required();
        AddWord(app, "--funding", &args->funding, "Law and budget that carry it")->required();
        AddTexts(app, "--split", &args->split, "Of what is shared: education:60, for each part");
        AddNames(app, "--goal", &args->goals, kGoals, "Goals that it serves");
        AddNames(app, "--step", &args->steps, kSteps, "Steps that it comes from or leads to");
        AddLabel(app, &args->label);
      },
      RunArrangement);
}

void AddChanging(CLI::App* plan, Action* chosen) {
  AddVerb<ChangeArgs>(
      plan, chosen,
      {"change", "Change an item; what it said before is kept",
       "knooppunt plan change families/f-1/cases/c-1/goals/plan-1 --etag 0a1b --text 'Sem ...'"},
      [](CLI::App* app, ChangeArgs* args) {
        AddItem(app, &args->name);
        app->add_option("--etag", args->etag, "Of the item as you read it: see `plan versions`")
            ->required();
        AddText(app, "--text", &args->text, "What it says");
        AddWord(app, "--domain", &args->domain, "Life domain");
        AddText(app, "--measure", &args->measure, "How we see that it is reached");
        AddDate(app, "--review", &args->review, "When we look at it again");
        AddName(app, "--wish", &args->wish, kWishes, "The wish that it serves");
        AddName(app, "--organisation", &args->organisation, "organisations/*", "Who gives it");
        AddDate(app, "--from", &args->from, "First day");
        AddDate(app, "--until", &args->until, "Last day");
      },
      RunChange);
  AddVerb<EvaluateArgs>(
      plan, chosen,
      {"evaluate", "Look at a goal with the family, and record what comes of it",
       "knooppunt plan evaluate families/f-1/cases/c-1/goals/plan-1 --etag 0a1b --result reached "
       "--text 'Sem is trots' --seats s-1,s-2"},
      [](CLI::App* app, EvaluateArgs* args) {
        AddName(app, "goal", &args->name, kGoals, "Which goal")->required();
        app->add_option("--etag", args->etag, "Of the goal as you read it: see `plan versions`")
            ->required();
        AddWord(app, "--result", &args->result, "What comes of it")->required();
        AddText(app, "--text", &args->text, "What was said, in plain words")->required();
        app->add_option("--seats", args->seats, "Seats of who took part, the family among them")
            ->delimiter(',');
        AddText(app, "--family-absent", &args->absent, "Why nobody of the family took part");
        AddDate(app, "--review", &args->review, "When we look at it again");
      },
      RunEvaluate);
  AddVerb<ReactionOptions>(
      plan, chosen,
      {"react", "Confirm or dispute an item, in your own words (R9)",
       "knooppunt plan react families/f-1/cases/c-1/goals/plan-1 --dispute --text 'Dit is te "
       "veel'"},
      [](CLI::App* app, ReactionOptions* args) {
        AddItem(app, &args->name);
        AddReaction(app, args);
      },
      RunReact);
}

}  // namespace

void AddPlanCommands(CLI::App* root, Action* chosen) {
  CLI::App* plan = AddNoun(root, "plan", "The one plan of a case: wishes first, then goals");
  AddReading(plan, chosen);
  AddWishAndGoal(plan, chosen);
  AddWhatIsThere(plan, chosen);
  AddChanging(plan, chosen);
}

}  // namespace knooppunt::cli
