#include "tests/bench/work_world.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/limits.h"
#include "security/storage/page_use.h"

namespace knooppunt::bench {

using integration::Caller;
using integration::Require;

namespace {

constexpr char kCasework[] = "casework.v1.CaseworkService/";
constexpr int kDaysToDo = 14;

}  // namespace

CallWork operator-(const CallWork& a, const CallWork& b) {
  return {.statements = a.statements - b.statements,
          .pages = a.pages - b.pages,
          .decrypted = a.decrypted - b.decrypted,
          .unwraps = a.unwraps - b.unwraps,
          .commits = a.commits - b.commits,
          .scanned = a.scanned - b.scanned};
}

template <typename Response>
Response WorkWorld::Must(const Caller& who, const std::string& method,
                         const google::protobuf::Message& request) {
  Response response;
  Require(region_.Call(who, method, request, &response), method);
  return response;
}

WorkWorld::WorkWorld(int cases, bool listen)
    : region_({.system_clock = false, .listen = listen, .outbox_max_entries = 0, .between = {}}) {
  Require(region_.Start(), "start");
  region_.Furnish();
  colleague_ = region_.Hire("ib-elders");
  // Those asked about are spread over the store, as the cases of one school are.
  const int others = std::max(0, cases - kAskedFamilies);
  for (int i = 0, opened = 0; i < kAskedFamilies; ++i) {
    for (; opened < static_cast<int64_t>(others) * (i + 1) / kAskedFamilies; ++opened) {
      Open(colleague_, kAskedFamilies + opened);
    }
    asked_.push_back(Open(region_.ib, i));
    Activate(&asked_.back(), i == 0 ? kSteps : 1);
  }
}

WorkWorld::Asked WorkWorld::Open(const Caller& who, int number) {
  region_.clock().Advance(absl::Seconds(60) / limits::kSearchesPerMinutePerCaller);  // R3
  casework::v1::OpenCaseRequest open = region_.OpenRequest();
  for (casework::v1::NewPerson& person : *open.mutable_persons()) {
    person.set_family_name(absl::StrCat("van der Zanden ", number));
    person.clear_account();
  }
  const auto opened = Must<casework::v1::Case>(who, absl::StrCat(kCasework, "OpenCase"), open);
  Asked out = {.name = opened.name(),
               .step = "",
               .child = opened.children(0),
               .child_name = "",
               .ib_seat = ""};
  for (const casework::v1::Person& p : opened.persons()) {
    if (absl::EndsWith(p.name(), absl::StrCat("/", out.child))) out.child_name = p.name();
  }
  for (const casework::v1::Participant& p : opened.participants()) {
    if (p.professional() == who.claims.subject()) out.ib_seat = p.seat();
  }
  return out;
}

common::v1::Label WorkWorld::LabelFor(const Asked& asked) const {
  common::v1::Label label = region_.Note("").contribution().label();
  label.mutable_about()->clear_persons();
  label.mutable_about()->add_persons(asked.child);
  return label;
}

// The mother leads, with the intern begeleider behind her (R2); they agree the steps in a meeting.
void WorkWorld::Activate(Asked* asked, int steps) {
  const Caller& ib = region_.ib;
  casework::v1::GetCaseRequest get;
  get.set_name(asked->name);
  const auto seen = Must<casework::v1::Case>(ib, absl::StrCat(kCasework, "GetCase"), get);
  std::string parent_seat;
  for (const casework::v1::Participant& p : seen.participants()) {
    if (parent_seat.empty() && !p.person().empty()) parent_seat = p.seat();
  }
  casework::v1::AppointRegisseurRequest appoint;
  appoint.set_name(asked->name);
  appoint.set_seat(parent_seat);
  appoint.set_stand_in_seat(asked->ib_seat);
  appoint.set_reason("Vast aanspreekpunt.");
  Must<casework::v1::Regisseur>(ib, absl::StrCat(kCasework, "AppointRegisseur"), appoint);
  plan::v1::AddWishRequest wish;
  wish.set_parent(asked->name);
  wish.mutable_wish()->set_text("Ik wil weer bij mijn vrienden in de klas.");
  wish.mutable_wish()->set_how(plan::v1::WISH_HOW_CONVERSATION);
  wish.mutable_wish()->set_person(asked->child_name);
  *wish.mutable_wish()->mutable_label() = LabelFor(*asked);
  const auto wished = Must<plan::v1::Wish>(ib, "plan.v1.PlanService/AddWish", wish);
  plan::v1::AddGoalRequest goal;
  goal.set_parent(asked->name);
  goal.mutable_goal()->set_text("Weer met plezier naar school.");
  goal.mutable_goal()->set_wish(wished.name());
  goal.mutable_goal()->set_measure("Drie weken op rij elke dag op school.");
  goal.mutable_goal()->set_review_date(region_.Day(60));
  goal.mutable_goal()->set_domain(plan::v1::LIFE_DOMAIN_SCHOOL);
  *goal.mutable_goal()->mutable_label() = LabelFor(*asked);
  Must<plan::v1::Goal>(ib, "plan.v1.PlanService/AddGoal", goal);
  casework::v1::PlanMeetingRequest plan;
  plan.set_parent(asked->name);
  plan.set_date(region_.Day(0));
  *plan.mutable_label() = LabelFor(*asked);
  const auto meeting =
      Must<casework::v1::Meeting>(ib, absl::StrCat(kCasework, "PlanMeeting"), plan);
  casework::v1::ConcludeMeetingRequest conclude;
  conclude.set_name(meeting.name());
  casework::v1::Attendance* there = conclude.add_attendances();
  there->set_seat(parent_seat);
  there->set_how(casework::v1::ATTENDANCE_HOW_IN_PERSON);
  for (int i = 0; i < steps; ++i) {
    casework::v1::NewStep* step = conclude.add_steps();
    step->set_text(absl::StrCat("Elke maandag samen de week doornemen, ronde ", i + 1, "."));
    step->set_owner_seat(asked->ib_seat);
    step->set_due_date(region_.Day(kDaysToDo));
    *step->mutable_label() = LabelFor(*asked);
  }
  asked->step =
      Must<casework::v1::Meeting>(ib, absl::StrCat(kCasework, "ConcludeMeeting"), conclude)
          .steps(0);
}

casework::v1::GetCaseRequest WorkWorld::GetCase() const {
  casework::v1::GetCaseRequest request;
  request.set_name(asked_[0].name);
  return request;
}

plan::v1::GetPlanRequest WorkWorld::GetPlan() const {
  plan::v1::GetPlanRequest request;
  request.set_name(asked_[0].name);
  return request;
}

worklist::v1::ListWorklistRequest WorkWorld::ListWorklist() const {
  worklist::v1::ListWorklistRequest request;
  request.mutable_filter()->set_whose(worklist::v1::WHOSE_MINE);
  request.set_page_size(50);
  return request;
}

casework::v1::FollowUpStepRequest WorkWorld::RecordStep(int64_t n) const {
  const Asked& asked = asked_[1 + n % (kAskedFamilies - 1)];
  casework::v1::FollowUpStepRequest request;
  request.set_name(asked.step);
  request.mutable_step()->set_text("Bellen hoe het gaat en dat samen opschrijven.");
  request.mutable_step()->set_owner_seat(asked.ib_seat);
  request.mutable_step()->set_due_date(region_.Day(kDaysToDo));
  *request.mutable_step()->mutable_label() = LabelFor(asked);
  request.set_request_id(absl::StrFormat("5eed0000-0000-4000-8000-%012x", n));
  return request;
}

CallWork WorkWorld::work() {
  CallWork out;
  for (const char* unit : {"dossier", "access"}) {
    storage::Database& database = region_.database(unit);
    const storage::PageUse pages = storage::PagesReadBy(database);
    out.statements += database.counters().statements;
    out.commits += database.counters().commits;
    out.pages += pages.asked;
    out.decrypted += pages.decrypted;
  }
  for (const char* unit : {"dossier", "access", "directory", "audit"}) {
    out.scanned += region_.database(unit).counters().scanned_rows;
  }
  out.unwraps = region_.process().access_unit()->keyring().unwraps();
  return out;
}

}  // namespace knooppunt::bench
