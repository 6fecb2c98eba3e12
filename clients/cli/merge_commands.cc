// family: two records of one family become one, and two again (R1).
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "clients/cli/commands.h"
#include "clients/cli/options.h"
#include "clients/cli/output.h"
#include "clients/cli/words.h"
#include "knooppunt/family/v1/merge.pb.h"

namespace knooppunt::cli {
namespace {

constexpr char kMergeService[] = "/knooppunt.family.v1.MergeService/";

struct MergeArgs {
  std::string name;  // of the record that gives way, or of the merge
  std::string into;
  std::vector<std::string> same;
  bool refuse = false;
};

void PrintMerge(const family::v1::Merge& merge, std::ostream& out) {
  Fields fields;
  fields.Add("Merge", merge.name()).Add("Into", merge.into()).Add("State", Word(merge.state()));
  for (const auto& m : merge.matches()) {
    fields.Add("Same person", absl::StrCat(m.person(), " is ", m.same_as()));
  }
  fields.Add("Asked by", merge.proposer())
      .Add("Decided by", merge.decider())
      .Add("Undone by", merge.undoer())
      .Print(out);
}

absl::Status RunMerge(Session& session, const MergeArgs& args) {
  family::v1::ProposeMergeRequest request;
  request.set_parent(args.name);
  request.set_into(args.into);
  for (const std::string& pair : args.same) {
    const std::vector<std::string> sides = absl::StrSplit(pair, '=');
    if (sides.size() != 2) {
      return absl::InvalidArgumentError("--same is PERSON=PERSON: who it is, and who it is there");
    }
    auto* m = request.add_matches();
    m->set_person(sides[0]);
    m->set_same_as(sides[1]);
  }
  return session.CallAndShow<family::v1::Merge>(absl::StrCat(kMergeService, "ProposeMerge"),
                                                request, PrintMerge);
}

absl::Status RunDecideMerge(Session& session, const MergeArgs& args) {
  family::v1::DecideMergeRequest request;
  request.set_name(args.name);
  request.set_into(args.into);
  request.set_approve(!args.refuse);
  return session.CallAndShow<family::v1::Merge>(absl::StrCat(kMergeService, "DecideMerge"), request,
                                                PrintMerge);
}

absl::Status RunUndoMerge(Session& session, const MergeArgs& args) {
  family::v1::UndoMergeRequest request;
  request.set_name(args.name);
  request.set_into(args.into);
  return session.CallAndShow<family::v1::Merge>(absl::StrCat(kMergeService, "UndoMerge"), request,
                                                PrintMerge);
}

absl::Status RunMerges(Session& session, const MergeArgs&) {
  family::v1::ListMergesRequest request;
  return session.CallAndShow<family::v1::ListMergesResponse>(
      absl::StrCat(kMergeService, "ListMerges"), request,
      [](const family::v1::ListMergesResponse& list, std::ostream& out) {
        if (list.merges().empty()) out << "No merges of which you may correct both records.\n";
        for (const family::v1::Merge& merge : list.merges()) PrintMerge(merge, out);
      });
}

constexpr char kMerge[] = "families/*/merges/*";

void MergeOption(CLI::App* app, MergeArgs* args) {
  AddName(app, "merge", &args->name, kMerge, "Which merge")->required();
  AddName(app, "--into", &args->into, "families/*", "The record that stays")->required();
}

}  // namespace

void AddMergeCommands(CLI::App* family, Action* chosen) {
  AddVerb<MergeArgs>(
      family, chosen,
      {"merge", "Ask to merge two records of one family; a colleague decides (R1, R21)",
       "knooppunt family merge families/f-2 --into families/f-1 --same p-9=p-1"},
      [](CLI::App* app, MergeArgs* args) {
        AddName(app, "family", &args->name, "families/*", "The record that gives way")->required();
        AddName(app, "--into", &args->into, "families/*", "The record that stays")->required();
        AddTexts(app, "--same", &args->same,
                 "Who it is: a person id of the first, =, one of the second")
            ->required();
      },
      RunMerge);
  AddVerb<MergeArgs>(
      family, chosen,
      {"decide-merge", "Decide on a merge that somebody else asked for (R21)",
       "knooppunt family decide-merge families/f-2/merges/m-1 --into families/f-1"},
      [](CLI::App* app, MergeArgs* args) {
        MergeOption(app, args);
        app->add_flag("--refuse", args->refuse, "No");
      },
      RunDecideMerge);
  AddVerb<MergeArgs>(family, chosen,
                     {"undo-merge", "Undo a merge: both records stand by themselves again",
                      "knooppunt family undo-merge families/f-2/merges/m-1 --into families/f-1"},
                     MergeOption, RunUndoMerge);
  AddVerb<MergeArgs>(
      family, chosen,
      {"merges", "Merges of which you may correct both records", "knooppunt family merges"},
      [](CLI::App*, MergeArgs*) {}, RunMerges);
}

}  // namespace knooppunt::cli
