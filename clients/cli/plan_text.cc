#include "clients/cli/plan_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/case_text.h"
#include "clients/cli/output.h"
#include "clients/cli/words.h"

namespace knooppunt::cli {
namespace {

// "goals/plan-a" of ".../cases/c-1/goals/plan-a".
std::string Short(const std::string& name) {
  const size_t id = name.rfind('/');
  const size_t collection = id == std::string::npos ? id : name.rfind('/', id - 1);
  return collection == std::string::npos ? name : name.substr(collection + 1);
}

// Of who may not be seen by name: what they are of the family.
std::string Who(const std::string& name, access::v1::FamilyRole role) {
  const std::string word = Word(role);
  return word.empty() ? name : absl::StrCat(name, ", ", word, " of the family");
}

std::string RevisionText(const plan::v1::Revision& revision) {
  return absl::StrCat(revision.number(), ", ", LocalTime(revision.time()), ", by ",
                      Who(revision.author(), revision.author_role()));
}

std::string SplitText(const plan::v1::Arrangement& arrangement) {
  return absl::StrJoin(arrangement.split(), ", ",
                       [](std::string* out, const common::v1::FundingShare& share) {
                         absl::StrAppend(out, share.percent(), "% ", Word(share.funding()));
                       });
}

template <typename List>
std::string Names(const List& names) {
  return absl::StrJoin(names, ", ");
}

template <typename List>
void PrintReactions(const List& reactions, std::ostream& out) {
  for (const plan::v1::Reaction& r : reactions) {
    out << (r.confirmed() ? "  confirmed" : "  disputed") << ", " << LocalTime(r.time()) << ", by "
        << Printable(Who(r.author(), r.author_role())) << " (of revision " << r.revision() << ")\n";
    if (!r.text().empty()) out << "    " << Printable(r.text()) << "\n";
  }
}

void PrintEvaluations(const plan::v1::Goal& goal, std::ostream& out) {
  for (const plan::v1::Evaluation& e : goal.evaluations()) {
    out << "  evaluated " << LocalTime(e.time()) << ": " << Word(e.result())
        << (e.family_absent_reason().empty() ? ", with the family" : ", without the family") << "\n"
        << "    " << Printable(e.text()) << "\n";
  }
}

void PrintSection(const char* heading, const plan::v1::PlanSection& part, std::ostream& out) {
  out << heading << "\n";
  Table goals({"GOAL", "DOMAIN", "WHAT", "MEASURE", "REVIEW", "STATE", "REACTIONS"});
  for (const plan::v1::Goal& g : part.goals()) {
    goals.Add({Short(g.name()), Word(g.domain()), g.text(), g.measure(), g.review_date(),
               Word(g.state()), absl::StrCat(g.reactions_size())});
  }
  goals.Print(out, "no goals that you may see", "  ");
  Table assets({"ASSET", "KIND", "DOMAIN", "WHAT", "UNTIL"});
  for (const plan::v1::Asset& a : part.assets()) {
    assets.Add({Short(a.name()), Word(a.kind()), Word(a.domain()), a.text(), a.end_date()});
  }
  if (!assets.empty()) assets.Print(out, "", "  ");
  Table steps({"STEP", "WHAT", "BY", "STATE"});
  for (const auto& s : part.steps()) {
    steps.Add({Short(s.name()), s.text(), s.due_date(), Word(s.state())});
  }
  if (!steps.empty()) steps.Print(out, "", "  ");
  Table arrangements({"ARRANGEMENT", "KIND", "REACH", "WHAT", "OF", "FROM", "UNTIL"});
  for (const plan::v1::Arrangement& a : part.arrangements()) {
    arrangements.Add({Short(a.name()), Word(a.kind()), Word(a.reach()), a.text(), a.organisation(),
                      a.start_date(), a.end_date()});
  }
  if (!arrangements.empty()) arrangements.Print(out, "", "  ");
}

std::string TextOf(const plan::v1::PlanItem& item) {
  if (item.has_wish()) return item.wish().text();
  if (item.has_asset()) return item.asset().text();
  return item.has_arrangement() ? item.arrangement().text() : item.goal().text();
}

}  // namespace

void PrintPlan(const plan::v1::Plan& plan, std::ostream& out) {
  out << "Wishes, in their own words\n";
  Table wishes({"WISH", "OF", "WHAT", "HOW"});
  for (const plan::v1::Wish& w : plan.wishes()) {
    wishes.Add({Short(w.name()), absl::StrCat(Short(w.person()), ", ", Word(w.person_role())),
                w.text(), Word(w.how())});
  }
  wishes.Print(out, "no wishes that you may see", "  ");
  PrintSection("Education (OPP)", plan.education(), out);
  PrintSection("Family (GP)", plan.family(), out);
}

void PrintWish(const plan::v1::Wish& wish, std::ostream& out) {
  Fields()
      .Add("Wish", wish.name())
      .Add("Of", Who(wish.person(), wish.person_role()))
      .Add("What", wish.text())
      .Add("How", Word(wish.how()))
      .Add("Revision", RevisionText(wish.revision()))
      .Add("Etag", wish.etag())
      .Add("Label", LabelText(wish.label()))
      .Print(out);
}

void PrintPlanGoal(const plan::v1::Goal& goal, std::ostream& out) {
  Fields()
      .Add("Goal", goal.name())
      .Add("Domain", Word(goal.domain()))
      .Add("What", goal.text())
      .Add("Wish", goal.wish())
      .Add("Measure", goal.measure())
      .Add("Review", goal.review_date())
      .Add("State", Word(goal.state()))
      .Add("Steps", Names(goal.steps()))
      .Add("Carried from", goal.carried_from())
      .Add("Carried to", goal.carried_to())
      .Add("Revision", RevisionText(goal.revision()))
      .Add("Etag", goal.etag())
      .Add("Label", LabelText(goal.label()))
      .Print(out);
  PrintEvaluations(goal, out);
  PrintReactions(goal.reactions(), out);
}

void PrintAsset(const plan::v1::Asset& asset, std::ostream& out) {
  Fields()
      .Add("Asset", asset.name())
      .Add("Kind", Word(asset.kind()))
      .Add("Domain", Word(asset.domain()))
      .Add("What", asset.text())
      .Add("Of", asset.organisation())
      .Add("Until", asset.end_date())
      .Add("Revision", RevisionText(asset.revision()))
      .Add("Etag", asset.etag())
      .Add("Label", LabelText(asset.label()))
      .Print(out);
  PrintReactions(asset.reactions(), out);
}

void PrintArrangement(const plan::v1::Arrangement& arrangement, std::ostream& out) {
  Fields()
      .Add("Arrangement", arrangement.name())
      .Add("Kind", Word(arrangement.kind()))
      .Add("Reach", Word(arrangement.reach()))
      .Add("What", arrangement.text())
      .Add("Of", arrangement.organisation())
      .Add("From", arrangement.start_date())
      .Add("Until", arrangement.end_date())
      .Add("Carried by", Word(arrangement.funding()))
      .Add("Split", SplitText(arrangement))
      .Add("Goals", Names(arrangement.goals()))
      .Add("Steps", Names(arrangement.steps()))
      .Add("Revision", RevisionText(arrangement.revision()))
      .Add("Etag", arrangement.etag())
      .Add("Label", LabelText(arrangement.label()))
      .Print(out);
  PrintReactions(arrangement.reactions(), out);
}

void PrintPlanItem(const plan::v1::PlanItem& item, std::ostream& out) {
  if (item.has_wish()) PrintWish(item.wish(), out);
  if (item.has_goal()) PrintPlanGoal(item.goal(), out);
  if (item.has_asset()) PrintAsset(item.asset(), out);
  if (item.has_arrangement()) PrintArrangement(item.arrangement(), out);
}

void PrintPlanChanges(const plan::v1::ListPlanChangesResponse& list, std::ostream& out) {
  out << "Changed since " << LocalTime(list.since_time())
      << (list.meeting().empty() ? "" : ", the day of the last concluded meeting") << "\n";
  Table table({"ITEM", "WHAT HAPPENED", "FIELDS", "BEFORE", "NOW"});
  for (const plan::v1::PlanChange& c : list.changes()) {
    table.Add({Short(c.after().name()), JoinWords<plan::v1::PlanChangeKind>(c.kinds()),
               Names(c.fields()), c.has_before() ? TextOf(c.before()) : "", TextOf(c.after())});
  }
  table.Print(out, "nothing that you may see", "  ");
}

void PrintPlanVersions(const plan::v1::ListPlanVersionsResponse& list, std::ostream& out) {
  for (int i = 0; i < list.versions_size(); ++i) {
    if (i > 0) out << "\n";
    PrintPlanItem(list.versions(i), out);
  }
}

}  // namespace knooppunt::cli
