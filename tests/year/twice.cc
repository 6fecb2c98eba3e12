// A family that was recorded twice by mistake, merged and taken apart again (R1, R3, R21, R22), and
// a school that closes (R27).
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "knooppunt/family/v1/merge.pb.h"
#include "tests/year/year.h"

namespace knooppunt::year {
namespace {

constexpr char kCasework[] = "casework.v1.CaseworkService/";
constexpr char kMerge[] = "family.v1.MergeService/";

family::v1::ProposeMergeRequest MergeOf(const Household& h, const Household& second) {
  family::v1::ProposeMergeRequest req;
  req.set_parent(second.name());
  req.set_into(h.name());
  access::v1::PersonMatch* m = req.add_matches();
  m->set_person(second.child().id);
  m->set_same_as(h.child().id);
  return req;
}

}  // namespace

// The school records the family once more, under the other name: nobody finds it by that one (R3).
void Year::RecordTwice(Household& h) {
  School* school = town_.At(h.the_case().werkplaats());
  if (!h.open() || !h.handover.empty() || SchoolAt(h) != school->lead) {
    if (today_ < years::DayOf(2027, 5, 1)) {
      Plan(h, 20, [this](Household& f) { RecordTwice(f); });
    }
    return;
  }
  if (!school->close_date.empty() && school->close_date <= Today()) return;
  Minutes();
  Arrival twice;
  twice.household = std::make_unique<Household>();
  Household& other = *twice.household;
  other.number = static_cast<int>(households_.size());
  other.school = school;
  other.surname = absl::StrCat("Kwist ", h.number);
  twice.request = h.opened;
  twice.request.set_werkplaats(school->werkplaats);
  twice.request.clear_request_id();
  for (casework::v1::NewPerson& p : *twice.request.mutable_persons()) {
    p.set_family_name(other.surname);
    p.clear_account();
  }
  for (const Member& m : h.members) {
    other.members.push_back({.key = m.key,
                             .given_name = m.given_name,
                             .birth_date = m.birth_date,
                             .role = m.role,
                             .has_gezag = m.has_gezag});
  }
  Household* second = Open(std::move(twice), school);
  if (second == nullptr) return;
  Worker* colleague =
      town_.Hire(school->organisation, school->lead->caller.claims.function(), school->werkplaats);
  for (Household* at : {&h, second}) {
    Invite(*at, colleague);
    Join(*at, colleague);
  }
  Merge(h, *second, colleague);
}

// R3: who looks for the child by the second name finds that there is a case, as long as the second
// record is one with the first.
void Year::LookBySecondName(const Household& h, const Household& second, bool found) {
  Minutes();
  casework::v1::SearchFamiliesRequest search;
  search.set_family_name(second.surname);
  search.set_birth_date(second.child().birth_date);
  casework::v1::SearchFamiliesResponse answer;
  if (Do(nullptr, town_.school(kEik).lead->caller, absl::StrCat(kCasework, "SearchFamilies"),
         search, &answer) &&
      answer.found() != found) {
    Finding(&h, absl::StrCat("R3: by the second name there is a case: ", answer.found()));
  }
}

// R21: one asks, another decides; R1: what gives way has no open case. R22: a record of both.
void Year::Merge(Household& h, Household& second, Worker* colleague) {
  const Caller& lead = SchoolAt(h)->caller;
  const auto counted = [&](const char* method) {
    const std::string name = absl::StrCat(kMerge, method);
    ++h.calls[name];
    return name;
  };
  family::v1::Merge merge;
  Refused(&second, lead, counted("ProposeMerge"), MergeOf(h, second),
          {"R1_GIVES_WAY_WITH_AN_OPEN_CASE"});
  casework::v1::CloseCaseRequest close;
  close.set_name(second.case_name);
  close.set_outcome("Stond dubbel: gaat verder in het andere dossier.");
  close.set_kind(casework::v1::CLOSE_KIND_OTHER);
  *close.mutable_label() = LabelFor(second, second.the_case().organisation());
  casework::v1::Case closed;
  if (!Do(&second, lead, absl::StrCat(kCasework, "CloseCase"), close, &closed)) return;
  second.the_case().set_state(access::v1::CASE_STATE_CLOSED);
  LookBySecondName(h, second, false);
  Refused(&second, town_.stranger()->caller, counted("ProposeMerge"), MergeOf(h, second),
          {"REFUSED"});
  if (!Do(&second, lead, counted("ProposeMerge"), MergeOf(h, second), &merge)) return;
  family::v1::DecideMergeRequest decide;
  decide.set_name(merge.name());
  decide.set_into(h.name());
  decide.set_approve(true);
  Refused(&second, lead, counted("DecideMerge"), decide, {"R21_NOT_YOUR_OWN_MERGE"});
  if (!Do(&second, colleague->caller, counted("DecideMerge"), decide, &merge)) return;
  h.merge = merge.name();
  h.changed = true;
  ++figures_.merged;
  LookBySecondName(h, second, true);
  casework::v1::ReopenCaseRequest reopen;
  reopen.set_name(second.case_name);
  reopen.set_reason("Toch weer.");
  reopen.set_seat(second.SeatOf(SchoolAt(h)->name)->id());
  reopen.set_stand_in_seat(second.SeatOf(colleague->name)->id());
  *reopen.mutable_label() = LabelFor(second, second.the_case().organisation());
  Refused(&second, lead, absl::StrCat(kCasework, "ReopenCase"), reopen, {"R1_MERGED_AWAY"});
  Household* const other = &second;
  Plan(h, dice_.Between(5, 40),
       [this, other, colleague](Household& f) { Unmerge(f, *other, colleague); });
}

// They turn out to be two after all. Who left the table with the case undoes nothing any more
// (R29).
void Year::Unmerge(Household& h, Household& second, Worker* colleague) {
  Minutes();
  family::v1::UndoMergeRequest undo;
  undo.set_name(h.merge);
  undo.set_into(h.name());
  const std::string method = absl::StrCat(kMerge, "UndoMerge");
  ++h.calls[method];
  if (h.the_case().organisation() != colleague->caller.claims.organisation()) {
    return Refused(&second, colleague->caller, method, undo, {"REFUSED"});
  }
  family::v1::Merge merge;
  if (!Do(&second, colleague->caller, method, undo, &merge)) return;
  h.merge.clear();
  h.changed = true;
  ++figures_.unmerged;
  LookBySecondName(h, second, false);
  ++h.calls[method];
  Refused(&second, colleague->caller, method, undo, {"R1_NOT_MERGED", "NOT_MERGED"});
}

// ---- A school closes (R27) --------------------------------------------------------------

// Announced, taken back, announced again; then the day comes.
void Year::PlanClosing() {
  const auto on = [&](years::Day day, std::function<void()> act) {
    planned_.push_back({day, order_++, nullptr, [act = std::move(act)](Household&) { act(); }});
  };
  School* berk = &town_.school(kBerk);
  const auto say = [this](const absl::Status& s) {
    if (!s.ok()) Finding(nullptr, absl::StrCat("a school closes: ", s.ToString()));
  };
  on(years::DayOf(2027, 2, 22), [=, this] { say(town_.CloseSchool(berk, "2027-03-22")); });
  on(years::DayOf(2027, 3, 1), [=, this] { say(town_.KeepOpen(berk)); });
  on(years::DayOf(2027, 3, 8), [=, this] { say(town_.CloseSchool(berk, "2027-04-12")); });
  on(years::DayOf(2027, 4, 12), [=, this] {
    const std::string reason = base::ReasonOf(town_.KeepOpen(berk));
    if (reason != "WERKPLAATS_HAS_CLOSED") Finding(nullptr, "R27: it opens again");
    Arrive(berk, 0);  // must be refused
  });
}

}  // namespace knooppunt::year
