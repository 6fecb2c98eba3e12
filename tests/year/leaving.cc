// People leave their work.
#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/year/year.h"

namespace knooppunt::year {
namespace {

constexpr char kCasework[] = "casework.v1.CaseworkService/";

}  // namespace

// ---- Work (R1) -----------------------------------------------------------------------

// Mostly announced: the successor is at the tables first. Then employment ends, in the middle of a
// day.
void Year::SomebodyLeaves() {
  Minutes();
  Worker* gone = nullptr;
  switch (dice_.Below(4)) {
    case 0:
      gone = town_.nurse();
      break;
    case 1:
      gone = town_.consultant();
      break;
    default:
      gone = town_.schools()[dice_.Below(2)].lead;
      break;
  }
  Worker* successor = town_.Hire(gone->caller.claims.organisation(), gone->caller.claims.function(),
                                 gone->werkplaats);
  const bool announced = dice_.Chance(65);
  for (const auto& h : households_) {
    if (!announced) break;
    const access::v1::Seat* seat = h->SeatOf(gone->name);
    if (h->open() && seat != nullptr && seat->state() != access::v1::SEAT_STATE_ENDED) {
      Invite(*h, successor);
      Join(*h, successor);
    }
  }
  Minutes();
  const absl::Status left = town_.Leave(gone, successor);
  if (!left.ok()) Finding(nullptr, absl::StrCat("an employment does not end: ", left.ToString()));
  ++figures_.left;
  for (const auto& h : households_) {
    if (!h->open() || h->SeatOf(gone->name) == nullptr) continue;
    h->changed = true;
    casework::v1::GetCaseRequest read;
    read.set_name(h->case_name);
    Refused(h.get(), gone->caller, absl::StrCat(kCasework, "GetCase"), read, {"REFUSED"});
    Plan(*h, 1, [this, successor](Household& f) {
      Invite(f, successor);
      Replace(f, successor);
    });
  }
}

// R1, R37: nobody who was named is left, nor anybody of the school at the table. Who does its
// casework now takes the case over, and nobody else can.
void Year::TakeOver(Household& h) {
  if (!h.active() || Leader(h) != nullptr) return;
  Minutes();
  Worker* next = nullptr;
  for (const School& s : town_.schools()) {
    if (s.werkplaats == h.the_case().werkplaats()) next = s.lead;
  }
  casework::v1::GetResponsibilityRequest ask;
  ask.set_name(h.case_name);
  casework::v1::TakeOverCaseRequest req;
  req.set_name(h.case_name);
  const std::string method = absl::StrCat(kCasework, "TakeOverCase");
  Refused(&h, town_.stranger()->caller, method, req, {"REFUSED"});
  casework::v1::GetCaseRequest read;
  read.set_name(h.case_name);
  const access::v1::Seat* had = h.SeatOf(next->name);
  if (had == nullptr) {
    Refused(&h, next->caller, absl::StrCat(kCasework, "GetCase"), read, {"REFUSED"});
  }
  casework::v1::Responsibility who;
  if (Do(&h, next->caller, absl::StrCat(kCasework, "GetResponsibility"), ask, &who) &&
      (who.organisation() != h.the_case().organisation() || who.persons_size() != 1)) {
    Finding(&h, absl::StrCat("R16: who holds the case by function is told of ", who.organisation(),
                             " and of ", who.persons_size(), " persons"));
  }
  casework::v1::Participant seat;
  if (!Do(&h, next->caller, method, req, &seat)) return;
  access::v1::CaseFact& c = h.the_case();
  for (access::v1::Seat& s : *c.mutable_seats()) {
    if (s.organisation() == c.organisation() && s.state() == access::v1::SEAT_STATE_JOINED) {
      s.set_state(access::v1::SEAT_STATE_ENDED);
    }
  }
  access::v1::Seat* s = c.add_seats();
  s->set_id(seat.seat());
  s->set_professional(next->name);
  s->set_organisation(seat.organisation());
  s->set_function(seat.function());
  s->set_role(seat.role());
  s->set_state(access::v1::SEAT_STATE_JOINED);
  s->set_start_time(Now());
  c.mutable_terms(0)->set_seat(seat.seat());
  c.mutable_terms(0)->clear_stand_in_seat();
  h.changed = true;
  ++figures_.taken_over;
  Refused(&h, next->caller, method, req, {"REFUSED"});
}

// R1: the stand-in led since that instant, with a task to appoint.
void Year::Replace(Household& h, Worker* successor) {
  Join(h, successor);
  if (!h.active() || h.the_case().terms().empty()) return;
  TakeOver(h);
  if (!successor->employed) return;  // left too; somebody else comes after them
  const access::v1::RegisseurTerm& term = h.the_case().terms(0);
  const auto works = [&](const std::string& id) {
    const access::v1::Seat* s = h.SeatById(id);
    const Worker* w = s == nullptr ? nullptr : town_.ByName(s->professional());
    return w != nullptr && w->employed && s->state() == access::v1::SEAT_STATE_JOINED;
  };
  if (works(term.seat()) && works(term.stand_in_seat())) return;
  const access::v1::Seat* leader = Leader(h);
  if (leader == nullptr) return;
  const Worker* leading = town_.ByName(leader->professional());
  if (leading == nullptr || !leading->employed) {
    Finding(&h, "R1: nobody leads");
    return;
  }
  h.oracle->Look();
  const access::v1::Seat* next = h.SeatOf(successor->name);
  if (next == nullptr || next == leader || next->state() != access::v1::SEAT_STATE_JOINED ||
      !h.oracle->StaffSees(*leader, true, common::v1::PURPOSE_COORDINATION, Now()).allowed) {
    // Consent is still to come; asked for again next week.
    Plan(h, 7, [this, successor](Household& f) { Replace(f, successor); });
    return;
  }
  Minutes();
  casework::v1::AppointRegisseurRequest req;
  req.set_name(h.case_name);
  req.set_seat(leader->id());
  req.set_stand_in_seat(next->id());
  casework::v1::Regisseur answer;
  if (!Do(&h, leading->caller, absl::StrCat(kCasework, "AppointRegisseur"), req, &answer)) return;
  access::v1::RegisseurTerm* now = h.the_case().mutable_terms(0);
  now->set_seat(req.seat());
  now->set_stand_in_seat(req.stand_in_seat());
  h.changed = true;
}

}  // namespace knooppunt::year
