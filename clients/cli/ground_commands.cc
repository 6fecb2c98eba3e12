// ground: sharing on another legal ground than consent (R15).
#include "absl/strings/str_join.h"
#include "base/date.h"
#include "base/status.h"
#include "clients/cli/case_text.h"
#include "clients/cli/commands.h"
#include "clients/cli/failure.h"
#include "clients/cli/options.h"
#include "clients/cli/output.h"
#include "knooppunt/consent/v1/consent.pb.h"

namespace knooppunt::cli {
namespace {

using consent::v1::Ground;
using consent::v1::ListGroundsResponse;

constexpr char kService[] = "/knooppunt.consent.v1.ConsentService/";
constexpr char kGround[] = "families/*/grounds/*";

std::string ReviewText(const Ground& ground) {
  if (ground.has_review()) {
    return absl::StrCat(ground.review().upheld() ? "upheld" : "not upheld", ", ",
                        LocalTime(ground.review().time()), ", by ", ground.review().reviewer());
  }
  if (ground.reviewer().empty()) return "";
  return absl::StrCat("waits for ", ground.reviewer(), ", by ", ground.review_date());
}

void PrintGround(const Ground& ground, std::ostream& out) {
  Fields()
      .Add("Ground", ground.name())
      .Add("In force", ground.in_force() ? "yes" : "no")
      .Add("Type", ground.type())
      .Add("Article", ground.article())
      .Add("About", AboutText(ground.about()))
      .Add("Parts", JoinWords<common::v1::Compartment>(ground.compartments()))
      .Add("For", ground.recipient())
      .Add("To use for", JoinWords<common::v1::Purpose>(ground.purposes()))
      .Add("From", ground.start_date())
      .Add("Until", ground.end_date())
      .Add("Ended", LocalTime(ground.end_time()))
      .Add("Reason", ground.reason())
      .Add("Invoked by", ground.invoked_by())
      .Add("Family told", ground.family_told() ? "yes" : "no")
      .Add("Why not told", ground.not_told_reason())
      .Add("Review", ReviewText(ground))
      .Add("Outcome", ground.review_outcome())
      .Print(out);
}

void PrintGrounds(const ListGroundsResponse& list, std::ostream& out) {
  Table table({"GROUND", "IN FORCE", "TYPE", "FOR", "PARTS", "ABOUT", "UNTIL", "REVIEW"});
  for (const Ground& g : list.grounds()) {
    table.Add({g.name(), g.in_force() ? "yes" : "no", g.type(), g.recipient(),
               JoinWords<common::v1::Compartment>(g.compartments()), AboutText(g.about()),
               g.end_date(), ReviewText(g)});
  }
  table.Print(out, "No grounds that you may see.");
}

// --- invoke ---

struct InvokeArgs {
  std::string family;
  std::string type;
  std::vector<std::string> about;
  bool about_family = false;
  std::vector<common::v1::Compartment> compartments;
  std::string recipient;
  std::vector<common::v1::Purpose> purposes;
  std::string from;
  std::string until;
  std::string reason;
  bool told = false;
  std::string not_told;
  std::string reviewer;
  std::string review_date;
};

void InvokeOptions(CLI::App* app, InvokeArgs* args) {
  AddName(app, "family", &args->family, "families/*", "Whose information")->required();
  AddText(app, "--type", &args->type,
          "Type of ground, as the policy has it: meldcode, verwijsindex, vitaal-belang")
      ->required();
  AddAbout(app, &args->about, &args->about_family);
  AddWords(app, "--compartment", &args->compartments, "Parts of the dossier")->required();
  AddName(app, "--recipient", &args->recipient, "organisations/*", "Who may use it")->required();
  AddWords(app, "--purpose", &args->purposes, "What they may use it for")->required();
  AddDate(app, "--from", &args->from, "First day; default: today");
  AddDate(app, "--until", &args->until, "First day on which it no longer holds")->required();
  AddText(app, "--reason", &args->reason, "Why, in words")->required();
  CLI::Option* told = app->add_flag("--family-told", args->told, "The family was told");
  AddText(app, "--not-told", &args->not_told, "Why telling the family is not safe")->excludes(told);
  AddName(app, "--reviewer", &args->reviewer, "professionals/*",
          "Who else reviews it; needed when the family was not told");
  AddDate(app, "--review-date", &args->review_date, "By when it must be reviewed");
}

absl::Status RunInvoke(Session& session, const InvokeArgs& args) {
  if (!args.told && args.not_told.empty()) {
    return UsageError("say --family-told, or with --not-told why that is not safe");
  }
  consent::v1::InvokeGroundRequest request;
  request.set_parent(args.family);
  Ground& ground = *request.mutable_ground();
  ground.set_type(args.type);
  KP_ASSIGN_OR_RETURN(*ground.mutable_about(), MakeAbout(args.about, args.about_family));
  for (const auto c : args.compartments) ground.add_compartments(c);
  for (const auto p : args.purposes) ground.add_purposes(p);
  ground.set_recipient(args.recipient);
  ground.set_start_date(args.from.empty() ? base::FormatDate(base::DateOf(session.now()))
                                          : args.from);
  ground.set_end_date(args.until);
  ground.set_reason(args.reason);
  ground.set_family_told(args.told);
  ground.set_not_told_reason(args.not_told);
  ground.set_reviewer(args.reviewer);
  ground.set_review_date(args.review_date);
  return session.CallAndShow<Ground>(absl::StrCat(kService, "InvokeGround"), request, PrintGround);
}

// --- end, review, list ---

struct NameArgs {
  std::string name;
};

absl::Status RunEnd(Session& session, const NameArgs& args) {
  consent::v1::EndGroundRequest request;
  request.set_name(args.name);
  KP_RETURN_IF_ERROR(
      session.CallAndShow<Ground>(absl::StrCat(kService, "EndGround"), request, PrintGround));
  session.Say("Ended. From now on nobody is served on this ground.");
  return absl::OkStatus();
}

struct ReviewArgs {
  std::string name;
  bool upheld = false;
  bool refuted = false;
  std::string outcome;
};

absl::Status RunReview(Session& session, const ReviewArgs& args) {
  if (args.upheld == args.refuted) return UsageError("say --upheld or --not-upheld");
  consent::v1::ReviewGroundRequest request;
  request.set_name(args.name);
  request.set_upheld(args.upheld);
  request.set_outcome(args.outcome);
  return session.CallAndShow<Ground>(absl::StrCat(kService, "ReviewGround"), request, PrintGround);
}

absl::Status RunTell(Session& session, const NameArgs& args) {
  consent::v1::TellFamilyRequest request;
  request.set_name(args.name);
  KP_RETURN_IF_ERROR(
      session.CallAndShow<Ground>(absl::StrCat(kService, "TellFamily"), request, PrintGround));
  session.Say("Recorded. From now on the family sees this ground, and what was done on it.");
  return absl::OkStatus();
}

struct FamilyArgs {
  std::string family;
};

absl::Status RunList(Session& session, const FamilyArgs& args) {
  consent::v1::ListGroundsRequest request;
  request.set_parent(args.family);
  return session.CallAndShow<ListGroundsResponse>(absl::StrCat(kService, "ListGrounds"), request,
                                                  PrintGrounds);
}

}  // namespace

void AddGroundCommands(CLI::App* root, Action* chosen) {
  CLI::App* noun = AddNoun(root, "ground", "Sharing on another legal ground than consent");
  AddVerb<InvokeArgs>(
      noun, chosen,
      {"invoke", "Share what your organisation recorded, for a period and a reason (R15)",
       "knooppunt ground invoke families/f-1 --type meldcode --about p-1 \\\n"
       "    --compartment education --recipient organisations/veilig-thuis \\\n"
       "    --purpose coordination --until 2026-12-31 --reason 'Zorgen om de veiligheid.' \\\n"
       "    --not-told 'Het kind loopt dan gevaar.' \\\n"
       "    --reviewer professionals/aandacht --review-date 2026-12-06"},
      InvokeOptions, RunInvoke);
  AddVerb<NameArgs>(
      noun, chosen,
      {"end", "End a ground early, at once and everywhere",
       "knooppunt ground end families/f-1/grounds/g-1"},
      [](CLI::App* app, NameArgs* args) {
        AddName(app, "ground", &args->name, kGround, "Which ground")->required();
      },
      RunEnd);
  AddVerb<ReviewArgs>(
      noun, chosen,
      {"review", "Review a ground, as the reviewer it names",
       "knooppunt ground review families/f-1/grounds/g-1 --upheld --outcome 'Nodig, en niet "
       "meer.'"},
      [](CLI::App* app, ReviewArgs* args) {
        AddName(app, "ground", &args->name, kGround, "Which ground")->required();
        app->add_flag("--upheld", args->upheld, "It may go on until its end");
        app->add_flag("--not-upheld", args->refuted, "It ends now");
        AddText(app, "--outcome", &args->outcome, "Outcome, in words")->required();
      },
      RunReview);
  AddVerb<NameArgs>(
      noun, chosen,
      {"tell", "Record that the family was told after all, now that it is safe (R15)",
       "knooppunt ground tell families/f-1/grounds/g-1"},
      [](CLI::App* app, NameArgs* args) {
        AddName(app, "ground", &args->name, kGround, "Which ground")->required();
      },
      RunTell);
  AddVerb<FamilyArgs>(
      noun, chosen,
      {"list", "List the grounds that you may see", "knooppunt ground list families/f-1"},
      [](CLI::App* app, FamilyArgs* args) {
        AddName(app, "family", &args->family, "families/*", "Whose grounds")->required();
      },
      RunList);
}

}  // namespace knooppunt::cli
