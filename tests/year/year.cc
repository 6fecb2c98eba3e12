#include "tests/year/year.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/status.h"

namespace knooppunt::year {
namespace {

// Errors that no act may ever get: something of ours is broken.
bool Broken(const absl::Status& s) {
  switch (s.code()) {
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kUnimplemented:
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
      return true;
    default:
      return false;
  }
}

}  // namespace

years::Day Begin(Region* region) {
  const years::Day first = years::DayOf(2026, 8, 31);
  region->clock().Set(absl::FromUnixSeconds(years::MidnightOf(first) + 8 * 3600));
  integration::Require(region->Start(), "start the region");
  return first;
}

Year::Year(Region* region, Options options)
    : region_(*region),
      options_(options),
      dice_(options.seed),
      today_(Begin(region)),
      town_(region) {
  PlanTown();
}

void Year::PlanTown() {
  const auto on = [&](years::Day day, std::function<void(Household&)> act) {
    planned_.push_back({day, order_++, nullptr, std::move(act)});
  };
  on(today_, [this](Household&) {
    const absl::Status s = town_.IssueMandate(150'000, years::IsoOf(years::DayOf(2027, 2, 1)));
    if (!s.ok()) Finding(nullptr, absl::StrCat("a mandate: ", s.ToString()));
  });
  // In February nobody has one for some weeks: what is agreed then stays a proposal.
  on(years::DayOf(2027, 3, 8), [this](Household&) {
    const absl::Status s = town_.IssueMandate(100'000, years::IsoOf(years::DayOf(2028, 1, 1)));
    if (!s.ok()) Finding(nullptr, absl::StrCat("a mandate: ", s.ToString()));
  });
  for (int i = 0; i < options_.households; ++i) {
    const years::Day day = today_ + 1 + i * 150 / options_.households + dice_.Between(0, 10);
    // So that each kind of handover comes (R30); one is 18 within the year.
    static constexpr struct {
      SchoolId school;
      int age;
    } kComes[] = {{kEik, 0},     {kNursery, 0}, {kLinde, 0}, {kBerk, 0},
                  {kSpecial, 0}, {kLinde, 17},  {kEik, 10},  {kBeuk, 0}};
    const auto comes = kComes[i % 8];
    on(day, [this, comes](Household&) { Arrive(&town_.school(comes.school), comes.age); });
  }
  for (int i = 0; i < 4; ++i) {
    on(today_ + 60 + i * 70 + dice_.Between(0, 30), [this](Household&) { SomebodyLeaves(); });
  }
  for (int i = 0; i < 3; ++i) {
    on(today_ + 40 + i * 110 + dice_.Between(0, 20), [this](Household&) { Restart(); });
  }
  PlanClosing();
}

void Year::Plan(Household& h, int in_days, std::function<void(Household&)> act) {
  planned_.push_back({today_ + in_days, order_++, &h, std::move(act)});
}

// Weekends, and the holidays of the south.
bool Year::Holiday() const {
  static const std::pair<years::Day, years::Day> kFree[] = {
      {years::DayOf(2026, 10, 17), years::DayOf(2026, 10, 26)},
      {years::DayOf(2026, 12, 19), years::DayOf(2027, 1, 4)},
      {years::DayOf(2027, 2, 6), years::DayOf(2027, 2, 15)},
      {years::DayOf(2027, 4, 24), years::DayOf(2027, 5, 10)},
      {years::DayOf(2027, 7, 24), years::DayOf(2027, 9, 6)}};
  const int weekday = static_cast<int>((today_ + 4) % 7);  // from Sunday
  return weekday == 0 || weekday == 6 ||
         std::any_of(std::begin(kFree), std::end(kFree), [this](const auto& free) {
           return free.first <= today_ && today_ < free.second;
         });
}

void Year::Minutes() { region_.clock().Advance(absl::Minutes(dice_.Between(1, 6))); }

std::string Year::Mark() { return absl::StrCat("zq", 10000 + marks_++, "z"); }

void Year::Live() {
  if (!Holiday()) {
    // What an act plans for today comes today too.
    for (size_t i = 0; i < planned_.size(); ++i) {
      if (planned_[i].day > today_) continue;
      const Planned p = planned_[i];
      planned_.erase(planned_.begin() + static_cast<std::ptrdiff_t>(i--));
      Household nobody;
      p.act(p.household == nullptr ? nobody : *p.household);
    }
  }
  const absl::Time evening = absl::FromUnixSeconds(years::MidnightOf(today_) + 20 * 3600);
  if (region_.Now() < evening) region_.clock().Set(evening);
}

void Year::Sleep() {
  ++today_;
  // Eight in the morning, which every day has.
  region_.clock().Set(absl::FromUnixSeconds(years::MidnightOf(today_) + 8 * 3600));
  for (const auto& h : households_) h->oracle->Midnight(today_);
}

bool Year::Do(Household* h, const Caller& who, const std::string& method,
              const google::protobuf::Message& request, google::protobuf::Message* answer,
              const std::set<std::string>& or_else) {
  return Settle(h, who, method, region_.Call(who, method, request, answer), or_else);
}

bool Year::Settle(Household* h, const Caller& who, const std::string& method,
                  const absl::Status& status, const std::set<std::string>& or_else) {
  ++figures_.calls[method];
  if (h != nullptr) ++h->calls[method];
  const std::string reason = status.ok() ? "OK" : base::ReasonOf(status);
  // When the log signs a checkpoint depends on the machine, so how many proofs there are does too.
  if (!absl::StartsWith(method, "audit.") || absl::EndsWith(method, "AskWhy") ||
      absl::EndsWith(method, "AnswerQuestion")) {
    absl::StrAppend(&told_, Today(), " ", h == nullptr ? -1 : h->number, " ", method, " ", reason,
                    "\n");
  }
  if (status.ok()) return true;
  if (Broken(status) || !or_else.contains(reason)) {
    Finding(h, absl::StrCat(who.claims.subject(), " ", method, ": ", status.ToString()));
  } else {
    ++figures_.refusals[reason];
  }
  return false;
}

void Year::Refused(Household* h, const Caller& who, const std::string& method,
                   const google::protobuf::Message& request, const std::set<std::string>& reasons) {
  const std::unique_ptr<google::protobuf::Message> answer(
      google::protobuf::MessageFactory::generated_factory()
          ->GetPrototype(
              google::protobuf::DescriptorPool::generated_pool()
                  ->FindMethodByName(absl::StrCat("knooppunt.", method.substr(0, method.find('/')),
                                                  ".", method.substr(method.find('/') + 1)))
                  ->output_type())
          ->New());
  if (Do(h, who, method, request, answer.get(), reasons)) {
    Finding(h, absl::StrCat(who.claims.subject(), " ", method, " had to be refused"));
  }
}

void Year::Finding(const Household* h, const std::string& what) {
  findings_.push_back(absl::StrCat("seed ", options_.seed, ", ", Today(), ", family ",
                                   h == nullptr ? std::string("-") : absl::StrCat(h->number), ": ",
                                   what));
}

access::v1::Seat* Year::Leader(Household& h) {
  if (!h.active()) return nullptr;
  const auto employed = [&](const access::v1::Seat& s) {
    const Worker* w = town_.ByName(s.professional());
    return w != nullptr && w->employed;
  };
  h.oracle->Look();
  return h.SeatById(h.oracle->Regisseur(employed, Now()));
}

Worker* Year::SchoolAt(Household& h) {
  for (const access::v1::Seat& s : h.the_case().seats()) {
    Worker* w = town_.ByName(s.professional());
    if (s.state() == access::v1::SEAT_STATE_JOINED && w != nullptr && w->employed &&
        s.organisation() == h.the_case().organisation()) {
      return w;
    }
  }
  return nullptr;
}

Caller Year::At(const Household& h, const access::v1::Seat& seat) const {
  const Worker* w = town_.ByName(seat.professional());
  return w != nullptr ? w->caller : h.MemberById(seat.person())->caller;
}

void Year::Restart() {
  region_.Stop();
  const absl::Status s = region_.Start();
  ++figures_.restarts;
  if (!s.ok()) {
    Finding(nullptr, absl::StrCat("a restart: ", s.ToString()));
    integration::Require(s, "start again");
  }
}

}  // namespace knooppunt::year
