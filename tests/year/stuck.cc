// When it does not go by itself: a child who stays at home (R34), and a case on which those with
// the power to decide are asked (R10).
#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "knooppunt/casework/v1/escalation_service.pb.h"
#include "knooppunt/casework/v1/out_of_school_service.pb.h"
#include "tests/year/year.h"

namespace knooppunt::year {
namespace {

using casework::v1::OutOfSchoolState;

constexpr char kCasework[] = "casework.v1.CaseworkService/";
constexpr char kAbsence[] = "casework.v1.OutOfSchoolService/";
constexpr char kEscalation[] = "casework.v1.EscalationService/";

}  // namespace

// ---- Out of school (R34) -------------------------------------------------------------

// Not before four weeks, and not of who is ill beyond doubt.
void Year::StayHome(Household& h) {
  Worker* who = SchoolAt(h);
  const int age = years::AgeOn(h.child().birth_date, today_);
  if (!h.active() || who == nullptr || age < 6 || age > 16 || !h.absence.empty()) return;
  Minutes();
  casework::v1::ReportOutOfSchoolRequest req;
  req.set_parent(h.case_name);
  casework::v1::OutOfSchool& a = *req.mutable_absence();
  a.set_child(h.child().id);
  a.set_kind(casework::v1::OUT_OF_SCHOOL_KIND_UNAUTHORISED);
  a.set_enrolled(true);
  a.set_school(h.the_case().werkplaats());
  const std::string mark = Mark();
  a.set_goal(absl::StrCat("Na de vakantie weer hele dagen. ", mark));
  *a.mutable_label() = LabelFor(h, h.the_case().organisation());
  const std::string method = absl::StrCat(kAbsence, "ReportOutOfSchool");
  a.set_since_date(In(-dice_.Between(3, 27)));
  Refused(&h, who->caller, method, req, {"R34_NOT_YET_FOUR_WEEKS"});
  a.set_since_date(In(-dice_.Between(28, 60)));
  req.set_ill_beyond_doubt(true);
  if (dice_.Chance(50)) Refused(&h, who->caller, method, req, {"R34_ILL_BEYOND_DOUBT"});
  req.set_ill_beyond_doubt(false);
  casework::v1::OutOfSchool reported;
  if (!Do(&h, who->caller, method, req, &reported)) return;
  if (reported.duty().empty()) Finding(&h, "R34: no row of the law that asks it");
  Refused(&h, who->caller, method, req, {"R34_ALREADY_REPORTED"});
  h.absence = reported.name();
  h.absence_state = reported.state();
  h.items.push_back({Item::Kind::kOther, reported.name(), mark, h.ScopeOf(reported.label())});
  h.changed = true;
  ++figures_.stayed_home;
  const int moves = h.moves;
  Plan(h, dice_.Between(5, 15), [this, moves](Household& f) { WayBack(f, moves); });
}

// The next state, now and then a setback, until the child is back. Another one is refused.
void Year::WayBack(Household& h, int moves) {
  Worker* who = SchoolAt(h);
  // After a handover it stays in the record of the school that reported it.
  if (!h.active() || who == nullptr || h.moves != moves) return;
  Minutes();
  casework::v1::AdvanceOutOfSchoolRequest req;
  req.set_name(h.absence);
  req.set_text("Zo is het afgesproken.");
  const std::string method = absl::StrCat(kAbsence, "AdvanceOutOfSchool");
  OutOfSchoolState next = casework::v1::OUT_OF_SCHOOL_STATE_PLAN_BACK;
  if (h.absence_state == casework::v1::OUT_OF_SCHOOL_STATE_PLAN_BACK) {
    next = casework::v1::OUT_OF_SCHOOL_STATE_RETURNING;
  } else if (h.absence_state == casework::v1::OUT_OF_SCHOOL_STATE_RETURNING) {
    next = dice_.Chance(25) ? casework::v1::OUT_OF_SCHOOL_STATE_PLAN_BACK
                            : casework::v1::OUT_OF_SCHOOL_STATE_BACK;
  }
  if (h.absence_state == casework::v1::OUT_OF_SCHOOL_STATE_REPORTED) {
    req.set_state(casework::v1::OUT_OF_SCHOOL_STATE_RETURNING);
    Refused(&h, who->caller, method, req, {"R34_FORBIDDEN_STATE"});
  }
  req.set_state(next);
  casework::v1::OutOfSchool answer;
  if (!Do(&h, who->caller, method, req, &answer)) return;
  h.absence_state = answer.state();
  h.changed = true;
  if (next != casework::v1::OUT_OF_SCHOOL_STATE_BACK) {
    Plan(h, dice_.Between(10, 25), [this, moves](Household& f) { WayBack(f, moves); });
    return;
  }
  req.set_state(casework::v1::OUT_OF_SCHOOL_STATE_RETURNING);
  Refused(&h, who->caller, method, req, {"R34_FORBIDDEN_STATE"});
}

// ---- Those with the power to decide (R10) ------------------------------------------------

// Of the partnership of the schools of that stage.
Worker* Year::Director(const Household& h) const {
  return town_.director(h.the_case().organisation() == kSecondaryBoard);
}

void Year::Escalate(Household& h) {
  const access::v1::Seat* leader = Leader(h);
  // Of a college the director of its institute decides; this one has none.
  if (leader == nullptr || !h.handover.empty() || !h.escalation.empty() ||
      h.the_case().organisation() == kCollegeBoard) {
    return;
  }
  const Worker* who = town_.ByName(leader->professional());
  h.oracle->Look();
  if (who == nullptr ||
      !h.oracle->StaffSees(*leader, true, common::v1::PURPOSE_COORDINATION, Now()).allowed) {
    return;  // leads, and may not read (any more)
  }
  Minutes();
  casework::v1::RaiseEscalationRequest req;
  req.set_parent(h.case_name);
  req.set_werkplaats(h.the_case().werkplaats());
  const std::string mark = Mark();
  req.mutable_escalation()->set_question(absl::StrCat("Wie biedt een plek? ", mark));
  req.mutable_escalation()->set_tried("Drie scholen gevraagd.");
  *req.mutable_escalation()->mutable_label() = LabelFor(h, leader->organisation());
  const auto put_to = [&](const Worker* w) {
    casework::v1::Decider* d = req.add_deciders();
    d->set_professional(w->name);
    d->set_organisation(w->caller.claims.organisation());
    d->set_function(w->caller.claims.function());
  };
  const std::string method = absl::StrCat(kEscalation, "RaiseEscalation");
  put_to(town_.alderman());
  // Whoever leads asks for it; who only sits at the table does not.
  const Worker* school = SchoolAt(h);
  if (school != nullptr && school != who) Refused(&h, school->caller, method, req, {"REFUSED"});
  Refused(&h, who->caller, method, req, {"R10_WRONG_DECIDERS"});
  put_to(Director(h));
  casework::v1::Escalation raised;
  if (!Do(&h, who->caller, method, req, &raised)) return;
  h.escalation = raised.name();
  h.items.push_back({Item::Kind::kOther, raised.name(), mark, h.ScopeOf(raised.label())});
  h.changed = true;
  ++figures_.escalated;
  PutTo(h, *town_.alderman());
  Plan(h, dice_.Between(3, 12), [this](Household& f) { Decide(f); });
}

// Who must decide finds what waits in all cases, sees what was put to them, and not the case.
void Year::PutTo(Household& h, const Worker& decider) {
  casework::v1::ListEscalationsRequest list;
  list.set_page_size(200);
  casework::v1::ListEscalationsResponse waits;
  if (!Do(nullptr, decider.caller, absl::StrCat(kEscalation, "ListEscalations"), list, &waits)) {
    return;
  }
  std::set<std::string> expected, listed;
  for (const auto& family : households_) {
    if (family->escalation.empty()) continue;
    expected.insert(family->escalation);
    ++family->calls[absl::StrCat(
        kEscalation, "ListEscalations")];  // R22: a record for each family that was shown
  }
  for (const casework::v1::Escalation& e : waits.escalations()) listed.insert(e.name());
  if (listed != expected) {
    Finding(&h, absl::StrCat("R10: ", listed.size(), " escalations wait, and should ",
                             expected.size()));
  }
  casework::v1::GetEscalationRequest read;
  read.set_name(h.escalation);
  casework::v1::EscalationFile file;
  Do(&h, decider.caller, absl::StrCat(kEscalation, "GetEscalation"), read, &file);
  Refused(&h, town_.stranger()->caller, absl::StrCat(kEscalation, "GetEscalation"), read,
          {"REFUSED"});
  casework::v1::GetCaseRequest whole;
  whole.set_name(h.case_name);
  Refused(&h, decider.caller, absl::StrCat(kCasework, "GetCase"), whole, {"REFUSED"});
}

// It binds once both say the same; then they see no more of it.
void Year::Decide(Household& h) {
  if (h.escalation.empty()) return;
  casework::v1::TakeUpEscalationRequest take;
  take.set_name(h.escalation);
  casework::v1::Escalation answer;
  casework::v1::DecideEscalationRequest req;
  req.set_name(h.escalation);
  req.set_outcome(casework::v1::ESCALATION_OUTCOME_SETTLE);
  req.set_settlement("De school houdt een plek vrij.");
  req.set_reason("Het duurt te lang.");
  const std::string method = absl::StrCat(kEscalation, "DecideEscalation");
  Minutes();
  Refused(&h, Director(h)->caller, method, req, {"R10_NOT_TAKEN_UP"});
  if (!Do(&h, town_.alderman()->caller, absl::StrCat(kEscalation, "TakeUpEscalation"), take,
          &answer) ||
      !Do(&h, town_.alderman()->caller, method, req, &answer)) {
    return;
  }
  if (answer.state() == casework::v1::ESCALATION_STATE_DECIDED) {
    Finding(&h, "R10: decided by one of two");
  }
  req.clear_settlement();  // agrees with what is there
  if (!Do(&h, Director(h)->caller, method, req, &answer)) return;
  if (answer.state() != casework::v1::ESCALATION_STATE_DECIDED) {
    Finding(&h, "R10: both decided, and it does not bind");
  }
  casework::v1::GetEscalationRequest read;
  read.set_name(h.escalation);
  h.escalation.clear();
  h.changed = true;
  Refused(&h, town_.alderman()->caller, absl::StrCat(kEscalation, "GetEscalation"), read,
          {"REFUSED"});
}

}  // namespace knooppunt::year
