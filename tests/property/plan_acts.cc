#include "tests/property/plan_acts.h"

#include "absl/strings/str_cat.h"

namespace knooppunt::property {
namespace {

constexpr char kPlan[] = "plan.v1.PlanService/";

}  // namespace

const Thing* PlanActs::Any(Kind kind) {
  std::vector<const Thing*> all;
  for (const Thing& t : f_.things) {
    if (t.kind == kind) all.push_back(&t);
  }
  return all.empty() ? nullptr : w_.Pick(all);
}

// Somebody whom the label is about: the writer, when it is.
std::string PlanActs::Whose(const Caller& who, const common::v1::Label& label) const {
  std::string out = f_.children.front();
  for (const std::string& person : label.about().persons()) out = person;
  for (const Member& m : f_.members) {
    for (const std::string& person : label.about().persons()) {
      if (m.id == person && m.account == who.claims.subject()) out = m.id;
    }
  }
  return out;
}

PlanActs::Outcome PlanActs::Wish(const Caller& who, const common::v1::Label& label) {
  plan::v1::AddWishRequest req;
  req.set_parent(f_.case_name);
  const std::string mark = w_.Mark();
  const std::string whose = Whose(who, label);
  req.mutable_wish()->set_person(absl::StrCat(f_.name(), "/persons/", whose));
  req.mutable_wish()->set_text(absl::StrCat("Wens ", mark));
  req.mutable_wish()->set_how(plan::v1::WISH_HOW_CONVERSATION);
  for (const Member& m : f_.members) {
    if (m.id == whose && m.account == who.claims.subject()) {
      req.mutable_wish()->set_how(plan::v1::WISH_HOW_SELF);
    }
  }
  *req.mutable_wish()->mutable_label() = label;
  plan::v1::Wish added;
  if (!w_.Do(who, f_, absl::StrCat(kPlan, "AddWish"), req, &added).ok()) return {};
  return {.changed = true, .made = {{Kind::kWish, added.name(), mark, added.label()}}};
}

PlanActs::Outcome PlanActs::Goal(const Caller& who, const common::v1::Label& label,
                                 const std::string& wish) {
  plan::v1::AddGoalRequest req;
  req.set_parent(f_.case_name);
  const std::string mark = w_.Mark();
  req.mutable_goal()->set_text(absl::StrCat("Doel ", mark));
  req.mutable_goal()->set_domain(plan::v1::LIFE_DOMAIN_SCHOOL);
  req.mutable_goal()->set_wish(wish);
  req.mutable_goal()->set_measure("Dat zien we.");
  req.mutable_goal()->set_review_date(w_.region_->Day(90));
  if (const Thing* step = Any(Kind::kStep); step != nullptr && w_.Chance(50)) {
    req.mutable_goal()->add_steps(step->name);
  }
  *req.mutable_goal()->mutable_label() = label;
  plan::v1::Goal added;
  if (!w_.Do(who, f_, absl::StrCat(kPlan, "AddGoal"), req, &added).ok()) return {};
  return {.changed = true, .made = {{Kind::kGoal, added.name(), mark, added.label()}}};
}

PlanActs::Outcome PlanActs::Asset(const Caller& who, const common::v1::Label& label) {
  plan::v1::AddAssetRequest req;
  req.set_parent(f_.case_name);
  const std::string mark = w_.Mark();
  req.mutable_asset()->set_kind(plan::v1::ASSET_KIND_WORKS);
  req.mutable_asset()->set_domain(plan::v1::LIFE_DOMAIN_HOME);
  req.mutable_asset()->set_text(absl::StrCat("Goed gaat ", mark));
  *req.mutable_asset()->mutable_label() = label;
  plan::v1::Asset added;
  if (!w_.Do(who, f_, absl::StrCat(kPlan, "AddAsset"), req, &added).ok()) return {};
  return {.changed = true, .made = {{Kind::kAsset, added.name(), mark, added.label()}}};
}

PlanActs::Outcome PlanActs::Arrangement(const Caller& who, const common::v1::Label& label) {
  plan::v1::AddArrangementRequest req;
  req.set_parent(f_.case_name);
  const std::string mark = w_.Mark();
  plan::v1::Arrangement& a = *req.mutable_arrangement();
  a.set_kind(plan::v1::ARRANGEMENT_KIND_SCHOOL_SUPPORT);
  a.set_reach(plan::v1::ARRANGEMENT_REACH_INDIVIDUAL);
  a.set_text(absl::StrCat("Hulp ", mark));
  a.set_organisation(f_.opener.claims.organisation());
  a.set_start_date(w_.region_->Day(0));
  a.set_end_date(w_.region_->Day(200));
  a.set_funding(common::v1::FUNDING_EDUCATION);
  if (const Thing* goal = Any(Kind::kGoal); goal != nullptr) a.add_goals(goal->name);
  *a.mutable_label() = label;
  plan::v1::Arrangement added;
  if (!w_.Do(who, f_, absl::StrCat(kPlan, "AddArrangement"), req, &added).ok()) return {};
  return {.changed = true, .made = {{Kind::kArrangement, added.name(), mark, added.label()}}};
}

// New words around the same mark: the earlier ones stay, for the same readers.
PlanActs::Outcome PlanActs::Change(const Caller& who) {
  const Thing* goal = Any(Kind::kGoal);
  if (goal == nullptr) return {};
  plan::v1::GetPlanRequest get;
  get.set_name(f_.case_name);
  plan::v1::Plan shown;
  if (!w_.region_->Call(who, absl::StrCat(kPlan, "GetPlan"), get, &shown).ok()) return {};
  plan::v1::UpdateGoalRequest req;
  req.set_name(goal->name);
  req.set_etag("none");
  for (const plan::v1::PlanSection* part : {&shown.education(), &shown.family()}) {
    for (const plan::v1::Goal& g : part->goals()) {
      if (g.name() == goal->name) req.set_etag(g.etag());
    }
  }
  req.mutable_goal()->set_text(absl::StrCat("Ander doel ", goal->mark));
  req.mutable_update_mask()->add_paths("text");
  plan::v1::Goal answer;
  if (!w_.Do(who, f_, absl::StrCat(kPlan, "UpdateGoal"), req, &answer).ok()) return {};
  return {.changed = true, .scopes = {goal->scope}};
}

PlanActs::Outcome PlanActs::React(const Caller& who) {
  static constexpr Kind kKinds[] = {Kind::kGoal, Kind::kAsset, Kind::kArrangement};
  const Thing* item = Any(w_.Pick(kKinds));
  if (item == nullptr) return {};
  plan::v1::ReactToPlanItemRequest req;
  req.set_name(item->name);
  req.set_confirmed(w_.Chance(50));
  req.set_text("Zo zie ik het.");
  plan::v1::PlanItem answer;
  if (!w_.Do(who, f_, absl::StrCat(kPlan, "ReactToPlanItem"), req, &answer).ok()) return {};
  return {.changed = true, .scopes = {item->scope}};
}

PlanActs::Outcome PlanActs::One(const Caller& who, const common::v1::Label& label,
                                const common::v1::Label& other) {
  switch (w_.Draw(8)) {
    case 0:
    case 1:
      return Wish(who, label);
    case 2:
    case 3: {
      const Thing* wish = Any(Kind::kWish);
      if (wish == nullptr || w_.Chance(30)) {
        Outcome out = Wish(who, other);
        if (!out.changed) return out;
        Outcome goal = Goal(who, label, out.made[0].name);
        out.made.insert(out.made.end(), goal.made.begin(), goal.made.end());
        return out;
      }
      return Goal(who, label, wish->name);
    }
    case 4:
      return Asset(who, label);
    case 5:
      return Arrangement(who, label);
    case 6:
      return Change(who);
    default:
      return React(who);
  }
}

}  // namespace knooppunt::property
