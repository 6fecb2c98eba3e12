// The knooppunt meets, mistakes are made, a case ends and begins again.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "tests/year/year.h"

namespace knooppunt::year {
namespace {

constexpr char kCasework[] = "casework.v1.CaseworkService/";
constexpr char kReassign[] = "casework.v1.StepService/ReassignStep";

}  // namespace

std::string Year::FamilySeatFor(Household& h) const {
  const int age = years::AgeOn(h.child().birth_date, today_);
  if (age >= 16 && !h.child().seat.empty()) return h.child().seat;
  for (const Member& m : h.members) {
    if (m.has_gezag && !m.seat.empty() && age < 18) return m.seat;
  }
  return "";
}

void Year::Meet(Household& h) {
  if (!h.open()) return;
  Plan(h, dice_.Between(35, 60), [this](Household& f) { Meet(f); });
  Worker* who = SchoolAt(h);
  if (!h.active() || who == nullptr) return;
  Minutes();
  casework::v1::PlanMeetingRequest req;
  req.set_parent(h.case_name);
  req.set_date(Today());
  *req.mutable_label() = LabelFor(h, h.the_case().organisation());
  casework::v1::Meeting planned;
  if (!Do(&h, who->caller, absl::StrCat(kCasework, "PlanMeeting"), req, &planned)) return;
  h.meetings.push_back({.name = planned.name(), .date = Today()});
  Conclude(h, &h.meetings.back(), who);
  Plan(h, dice_.Between(2, 9), [this](Household& f) { Confirm(f); });
}

casework::v1::ConcludeMeetingRequest Year::Conclusion(Household& h, const std::string& meeting,
                                                      Worker* who) {
  casework::v1::ConcludeMeetingRequest req;
  req.set_name(meeting);
  req.set_conclusion(absl::StrCat("Zo gaan we verder. ", Mark()));
  const auto attends = [&](const std::string& seat) {
    casework::v1::Attendance* a = req.add_attendances();
    a->set_seat(seat);
    a->set_how(dice_.Chance(80) ? casework::v1::ATTENDANCE_HOW_IN_PERSON
                                : casework::v1::ATTENDANCE_HOW_VIDEO);
  };
  attends(h.SeatOf(who->name)->id());
  const std::string family = FamilySeatFor(h);
  if (!family.empty() && dice_.Chance(85)) {
    attends(family);
  } else {
    req.set_parents_absent_reason("Ziek, en akkoord vooraf.");
    req.set_parents_agreed(true);
  }
  for (const access::v1::Seat& s : h.the_case().seats()) {
    const Worker* w = town_.ByName(s.professional());
    if (w != nullptr && w != who && w->employed && dice_.Chance(60) && Sits(s, Now())) {
      attends(s.id());
    }
  }
  return req;
}

void Year::Conclude(Household& h, Meeting* meeting, Worker* who) {
  Minutes();
  const std::string method = absl::StrCat(kCasework, "ConcludeMeeting");
  casework::v1::ConcludeMeetingRequest req = Conclusion(h, meeting->name, who);
  if (dice_.Chance(20)) Refused(&h, who->caller, method, req, {"R5_NO_STEP"});  // R5
  casework::v1::NewStep* step = req.add_steps();
  const std::string mark = Mark();
  step->set_text(absl::StrCat("Elke week een gesprek. ", mark));
  step->set_owner_seat(h.SeatOf(who->name)->id());
  step->set_due_date(In(dice_.Between(7, 40)));
  *step->mutable_label() = LabelFor(h, h.the_case().organisation());
  const access::v1::Seat* partner = h.SeatOf(town_.consultant()->name);
  int64_t cents = 0;
  std::string commit_mark;
  if (partner != nullptr && Sits(*partner, Now()) && dice_.Chance(60)) {
    casework::v1::NewStep* costs = req.add_steps();
    *costs = *step;
    if (dice_.Chance(50)) costs->set_owner_seat(partner->id());
    commit_mark = Mark();
    costs->set_text(absl::StrCat("Schoolmaatschappelijk werk. ", commit_mark));
    casework::v1::Commitment* c = costs->mutable_commitment();
    cents = dice_.Between(1, 30) * 100 * 100;
    c->set_means(common::v1::MEANS_SCHOOL_SOCIAL_WORK);
    c->set_amount_cents(cents);
    c->set_committed_by(town_.consultant()->name);
    c->set_funding(common::v1::FUNDING_JEUGDWET);
    // R5, R11: a step is theirs only if they would see it.
    const std::string scope = h.ScopeOf(step->label());
    h.oracle->Look();
    const years::Sight sight = h.oracle->StaffSees(*partner, town_.consultant()->employed,
                                                   common::v1::PURPOSE_COORDINATION, Now());
    if (costs->owner_seat() == partner->id() && !sight.scopes.contains(scope)) {
      Refused(&h, who->caller, method, req, {"R5_OWNER_WOULD_NOT_READ"});
      costs->set_owner_seat(step->owner_seat());
    }
  }
  if (dice_.Chance(20)) {
    // R4: nobody of the family, and no reason why.
    casework::v1::ConcludeMeetingRequest without = req;
    without.clear_parents_absent_reason();
    without.clear_parents_agreed();
    without.mutable_attendances()->erase(without.mutable_attendances()->begin() + 1,
                                         without.mutable_attendances()->end());
    Refused(&h, who->caller, method, without, {"R4_NO_PARENT"});
  }
  casework::v1::Meeting concluded;
  if (!Do(&h, who->caller, method, req, &concluded)) return;
  meeting->concluded = true;
  meeting->steps = req.steps_size();
  for (const access::v1::Seat& s : h.the_case().seats()) {
    const bool there = std::any_of(req.attendances().begin(), req.attendances().end(),
                                   [&](const auto& a) { return a.seat() == s.id(); });
    if (s.role() == access::v1::SEAT_ROLE_CORE_PARTNER && !there &&
        s.state() != access::v1::SEAT_STATE_ENDED && (s.end_time() == 0 || Now() < s.end_time())) {
      meeting->absent.push_back(s.id());
    }
  }
  for (int i = 0; i < concluded.steps_size(); ++i) {
    h.items.push_back({Item::Kind::kStep, concluded.steps(i), i == 0 ? mark : commit_mark,
                       h.ScopeOf(LabelFor(h, h.the_case().organisation()))});
  }
  if (cents > 0 && concluded.steps_size() == 2) {
    h.committed.push_back({concluded.steps(1), town_.MandateCovers(cents, Today())});
  }
  h.changed = true;
  const std::string first = concluded.steps(0);
  const int moves = h.moves;
  const std::string owner = step->owner_seat();
  Plan(h, dice_.Between(10, 30), [this, first, moves, owner](Household& f) {
    Worker* school = SchoolAt(f);
    // After a handover it stays in the record of the school that agreed it (R29).
    if (!f.active() || school == nullptr || f.moves != moves) return;
    if (f.SeatOf(school->name)->id() == owner) GiveAround(f, first, *school);
    Minutes();
    casework::v1::CompleteStepRequest done;
    done.set_name(first);
    done.set_outcome("Gedaan.");
    casework::v1::Step answer;
    // The owner or who leads; a successor who is neither is told so.
    Do(&f, school->caller, absl::StrCat(kCasework, "CompleteStep"), done, &answer,
       {"NOT_OWNER_OR_REGISSEUR"});
  });
}

void Year::GiveAround(Household& h, const std::string& step, const Worker& from) {
  const access::v1::Seat& to = h.the_case().seats(dice_.Below(h.the_case().seats_size()));
  const Worker* worker = town_.ByName(to.professional());
  const Member* member = h.MemberById(to.person());
  if (to.role() == access::v1::SEAT_ROLE_RECEIVER || !to.end_reason().empty() ||
      (worker == nullptr && (member == nullptr || member->account.empty()))) {
    return;
  }
  Minutes();
  h.oracle->Look();
  const std::string scope = h.ScopeOf(LabelFor(h, h.the_case().organisation()));
  const years::Sight sight =
      worker == nullptr
          ? h.oracle->MemberSees(member->id)
          : h.oracle->StaffSees(to, worker->employed, common::v1::PURPOSE_COORDINATION, Now());
  casework::v1::ReassignStepRequest give;
  give.set_name(step);
  give.set_owner_seat(to.id());
  give.set_reason("Zo komt het beter uit.");
  const std::string own = h.SeatOf(from.name)->id();
  if (to.id() == own) return Refused(&h, from.caller, kReassign, give, {"R5_SAME_OWNER"});
  if (!Sits(to, Now())) return Refused(&h, from.caller, kReassign, give, {"R5_OWNER_NOT_AT_TABLE"});
  if (!sight.scopes.contains(scope)) {
    return Refused(&h, from.caller, kReassign, give, {"R5_OWNER_WOULD_NOT_READ"});
  }
  casework::v1::Step given;
  if (!Do(&h, from.caller, kReassign, give, &given)) return;
  // Whoever owns it sees it, and hands it on.
  give.set_owner_seat(own);
  Do(&h, worker == nullptr ? member->caller : worker->caller, kReassign, give, &given);
  ++figures_.given_around;
  h.changed = true;
}

// R7: who was absent confirms the outcome; who cannot read yet is refused.
void Year::Confirm(Household& h) {
  if (!h.open() || h.meetings.empty() || !h.meetings.back().concluded) return;
  Meeting& m = h.meetings.back();
  for (const std::string& seat : m.absent) {
    const access::v1::Seat* s = h.SeatById(seat);
    const Worker* w = town_.ByName(s->professional());
    if (w == nullptr || dice_.Chance(30) || m.confirmed.contains(seat)) continue;
    Minutes();
    h.oracle->Look();
    const years::Sight sight =
        h.oracle->StaffSees(*s, w->employed, common::v1::PURPOSE_COORDINATION, Now());
    casework::v1::ConfirmOutcomeRequest req;
    req.set_name(m.name);
    casework::v1::Meeting answer;
    const std::string method = absl::StrCat(kCasework, "ConfirmOutcome");
    if (!sight.allowed) {
      Refused(&h, w->caller, method, req, {"REFUSED"});
    } else if (Do(&h, w->caller, method, req, &answer, {"NOT_FOUND", "REFUSED"})) {
      m.confirmed.insert(seat);
      h.changed = true;
    }
  }
}

void Year::Mistake(Household& h) {
  Plan(h, dice_.Between(20, 40), [this](Household& f) { Mistake(f); });
  Minutes();
  const Caller& colleague = town_.stranger()->caller;
  casework::v1::GetCaseRequest read;
  read.set_name(h.case_name);
  switch (dice_.Below(4)) {
    case 0:  // a colleague who sits nowhere looks
      return Refused(&h, colleague, absl::StrCat(kCasework, "GetCase"), read, {"REFUSED"});
    case 1: {  // the family's case is opened again, by another school (R1)
      if (!h.open()) return;
      Arrival twice = DrawHousehold(dice_, h.number, h.school, today_);
      casework::v1::OpenCaseRequest& req = twice.request;
      School& other = town_.schools()[dice_.Below(3)];
      req.set_werkplaats(other.werkplaats);
      for (int i = 0; i < req.persons_size(); ++i) {
        for (const Member& m : h.members) {
          if (m.key == req.persons(i).key()) req.mutable_persons(i)->set_birth_date(m.birth_date);
        }
      }
      return Refused(nullptr, other.lead->caller, absl::StrCat(kCasework, "OpenCase"), req,
                     {"CASE_EXISTS", "REFUSED"});
    }
    case 2: {  // a signature under another wording
      if (h.told.consents().empty() || !h.open()) return;
      const access::v1::ConsentFact& c = h.told.consents(0);
      const std::set<std::string> signers = SignersOf(h);
      for (const Member& m : h.members) {
        if (!signers.contains(m.id)) continue;
        consent::v1::SignConsentRequest req;
        req.set_name(absl::StrCat(h.name(), "/consents/", c.id()));
        req.set_wording_sha256(crypto::HexEncode(crypto::Sha256("iets anders")));
        Refused(&h, m.caller, "consent.v1.ConsentService/SignConsent", req,
                {"R12_WORDING_DIFFERS", "R14_ALREADY_OVER"});
        return;
      }
      return;
    }
    default: {  // somebody invites who is there already
      Worker* who = SchoolAt(h);
      if (who == nullptr || !h.open()) return;
      casework::v1::InviteParticipantRequest req;
      req.set_parent(h.case_name);
      req.set_professional(who->name);
      req.set_organisation(who->caller.claims.organisation());
      req.set_function(who->caller.claims.function());
      req.set_role(access::v1::SEAT_ROLE_CORE_PARTNER);
      return Refused(&h, who->caller, absl::StrCat(kCasework, "InviteParticipant"), req,
                     {"ALREADY_AT_TABLE"});
    }
  }
}

void Year::CloseOrReopen(Household& h) {
  Worker* who = SchoolAt(h);
  if (who == nullptr || !h.handover.empty() || !h.merge.empty()) return;
  Minutes();
  casework::v1::Case answer;
  if (h.open()) {
    casework::v1::CloseCaseRequest req;
    req.set_name(h.case_name);
    req.set_outcome("Het gaat weer goed.");
    req.set_kind(casework::v1::CLOSE_KIND_GOALS_REACHED);
    *req.mutable_label() = LabelFor(h, h.the_case().organisation());
    if (!h.escalation.empty()) {  // not while somebody else is asked to decide
      Refused(&h, who->caller, absl::StrCat(kCasework, "CloseCase"), req, {"R10_ESCALATION_RUNS"});
      Plan(h, 14, [this](Household& f) { CloseOrReopen(f); });
      return;
    }
    if (!Do(&h, who->caller, absl::StrCat(kCasework, "CloseCase"), req, &answer)) return;
    h.the_case().set_state(access::v1::CASE_STATE_CLOSED);
    Plan(h, dice_.Between(10, 40), [this](Household& f) { CloseOrReopen(f); });
  } else {
    const auto stays = [&](const access::v1::Seat* s) {
      return s != nullptr && Sits(*s, Now()) && s->end_time() == 0;
    };
    const access::v1::Seat* partner = h.SeatOf(town_.consultant()->name);
    if (!stays(partner)) partner = h.SeatOf(town_.adult_help()->name);  // who came at 18 (R16)
    if (!stays(partner)) return;
    casework::v1::ReopenCaseRequest req;
    req.set_name(h.case_name);
    req.set_reason("Het gaat toch niet.");
    req.set_seat(h.SeatOf(who->name)->id());
    req.set_stand_in_seat(partner->id());
    *req.mutable_label() = LabelFor(h, h.the_case().organisation());
    if (!Do(&h, who->caller, absl::StrCat(kCasework, "ReopenCase"), req, &answer)) return;
    h.the_case().set_state(access::v1::CASE_STATE_ACTIVE);
    h.the_case().clear_terms();
    access::v1::RegisseurTerm* term = h.the_case().add_terms();
    term->set_seat(req.seat());
    term->set_stand_in_seat(req.stand_in_seat());
    Plan(h, 5, [this](Household& f) { Note(f); });
    Plan(h, 9, [this](Household& f) { Meet(f); });
  }
  h.changed = true;
}

}  // namespace knooppunt::year
