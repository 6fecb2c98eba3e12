// The plan, what changed in it, what it said before and the plan as a document, against the point
// check (P4, R18).
#include <algorithm>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "knooppunt/plan/v1/plan.pb.h"
#include "tests/property/comparer.h"

namespace knooppunt::property {
namespace {

using access::v1::Decision;

constexpr char kGetPlan[] = "plan.v1.PlanService/GetPlan";
constexpr char kChanges[] = "plan.v1.PlanService/ListPlanChanges";
constexpr char kVersions[] = "plan.v1.PlanService/ListPlanVersions";
constexpr char kRender[] = "plan.v1.PlanService/RenderPlan";
constexpr Kind kKinds[] = {Kind::kWish, Kind::kGoal, Kind::kAsset, Kind::kArrangement};

bool IsOfPlan(Kind kind) {
  return std::find(std::begin(kKinds), std::end(kKinds), kind) != std::end(kKinds);
}

template <typename List>
void TakeNames(const List& list, std::multiset<std::string>* out) {
  for (const auto& x : list) out->insert(x.name());
}

}  // namespace

void Comparer::Plan(const Caller& who, const Family& f) {
  const Decision d = Point(who, kGetPlan, f.case_name);
  plan::v1::GetPlanRequest request;
  request.set_name(f.case_name);
  plan::v1::Plan shown, again;
  if (!Agrees(d, Call(who, kGetPlan, request, &shown), kGetPlan, who, f)) return;
  std::multiset<std::string> wishes, goals, assets, arrangements, steps;
  TakeNames(shown.wishes(), &wishes);
  for (const plan::v1::PlanSection* part : {&shown.education(), &shown.family()}) {
    TakeNames(part->goals(), &goals);
    TakeNames(part->assets(), &assets);
    TakeNames(part->arrangements(), &arrangements);
    TakeNames(part->steps(), &steps);
  }
  SameThings(Kind::kWish, wishes, d, kGetPlan, who, f);
  SameThings(Kind::kGoal, goals, d, kGetPlan, who, f);
  SameThings(Kind::kAsset, assets, d, kGetPlan, who, f);
  SameThings(Kind::kArrangement, arrangements, d, kGetPlan, who, f);
  SameThings(Kind::kStep, steps, d, kGetPlan, who, f);
  Search(shown.SerializeAsString(), d, kGetPlan, who, &f, {});
  const absl::Status twice = Call(who, kGetPlan, request, &again);
  Expect(twice.ok() && again.SerializeAsString() == shown.SerializeAsString(), kGetPlan, who, &f,
         "two answers without a change between them differ");
  PlanChanges(who, f, d);
  PlanVersions(who, f, d);
  PlanDocument(who, f, d);
}

void Comparer::PlanChanges(const Caller& who, const Family& f, const Decision& d) {
  plan::v1::ListPlanChangesRequest request;
  request.set_parent(f.case_name);
  request.set_since_date("2000-01-01");
  request.set_page_size(7);
  std::multiset<std::string> shown;
  for (int page = 0; page < 100; ++page) {
    plan::v1::ListPlanChangesResponse response;
    if (!Agrees(d, Call(who, kChanges, request, &response), kChanges, who, f)) return;
    for (const plan::v1::PlanChange& c : response.changes()) shown.insert(c.after().name());
    Search(response.SerializeAsString(), d, kChanges, who, &f, {});
    if (response.next_page_token().empty()) break;
    request.set_page_token(response.next_page_token());
  }
  size_t open = 0;
  for (const Thing& t : f.things) {
    if (!IsOfPlan(t.kind)) continue;
    open += Opens(d, t.scope) ? 1 : 0;
    Expect((shown.count(t.name) == 1) == Opens(d, t.scope), kChanges, who, &f,
           absl::StrCat(t.name, " among what was added since ever"));
  }
  Expect(shown.size() == open, kChanges, who, &f, "the number of changes since ever");
}

void Comparer::PlanVersions(const Caller& who, const Family& f, const Decision& d) {
  plan::v1::ListPlanVersionsRequest request;
  request.set_name(absl::StrCat(f.case_name, "/goals/plan-thatneverwas"));
  plan::v1::ListPlanVersionsResponse response;
  const absl::Status no_such = Call(who, kVersions, request, &response);
  for (const Thing& t : f.things) {
    if (!IsOfPlan(t.kind)) continue;
    request.set_name(t.name);
    response.Clear();
    const absl::Status status = Call(who, kVersions, request, &response);
    Expect(status.ok() == Opens(d, t.scope), kVersions, who, &f,
           absl::StrCat("versions of ", t.name));
    Expect(status.ok() || InWords(status) == InWords(no_such), kVersions, who, &f,
           "not yours does not answer as no such");
    Search(response.SerializeAsString(), d, kVersions, who, &f, {});
  }
}

void Comparer::PlanDocument(const Caller& who, const Family& f, const Decision& d) {
  plan::v1::RenderPlanRequest request;
  request.set_name(f.case_name);
  request.set_format(plan::v1::DOCUMENT_FORMAT_HTML);
  plan::v1::RenderPlanResponse response;
  if (!Agrees(d, Call(who, kRender, request, &response), kRender, who, f)) return;
  for (const Thing& t : f.things) {
    if ((!IsOfPlan(t.kind) && t.kind != Kind::kStep) || t.mark.empty()) continue;
    Expect(absl::StrContains(response.content(), t.mark) == Opens(d, t.scope), kRender, who, &f,
           absl::StrCat("the text of ", t.name, " in the document"));
  }
  Search(response.content(), d, kRender, who, &f, {});
  Expect(absl::StrContains(response.content(), who.claims.display_name()), kRender, who, &f,
         "the document names its reader");
}

}  // namespace knooppunt::property
