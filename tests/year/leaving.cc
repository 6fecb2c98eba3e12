// People leave their work, and children leave their school.
#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/year/year.h"

namespace knooppunt::year {
namespace {

constexpr char kCasework[] = "casework.v1.CaseworkService/";
constexpr char kHandover[] = "handover.v1.HandoverService/";

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

// ---- June (R26-R29) ---------------------------------------------------------------------

void Year::Handover(Household& h) {
  Worker* who = SchoolAt(h);
  if (!h.active() || who == nullptr || !h.handover.empty() ||
      years::AgeOn(h.child().birth_date, today_) < 10) {
    return;
  }
  if (!h.escalation.empty()) {  // who decide first
    Plan(h, 5, [this](Household& f) { Handover(f); });
    return;
  }
  Minutes();
  School& to = town_.schools()[2];
  Propose(h, kSecondaryBoard);
  handover::v1::DraftHandoverRequest req;
  req.set_parent(h.case_name);
  req.set_kind(handover::v1::HANDOVER_KIND_PO_VO);
  req.set_to_werkplaats(to.werkplaats);
  req.set_receiver(to.lead->name);
  req.set_expire_date(In(60));
  req.add_items(absl::StrCat(h.name(), "/persons/", h.child().id));
  for (const Item& item : h.items) {
    if (item.kind == Item::Kind::kOther) continue;  // no part of a package
    for (const access::v1::Scope& s : h.told.scopes()) {
      if (s.id() == item.scope && s.label().controller() == h.the_case().organisation()) {
        req.add_items(item.name);
      }
    }
  }
  req.add_children(h.child().id);
  handover::v1::Handover drafted;
  if (!Do(&h, who->caller, absl::StrCat(kHandover, "DraftHandover"), req, &drafted)) return;
  h.handover = drafted.name();
  h.handover_state = drafted.state();
  Plan(h, 2, [this](Household& f) { HandOn(f); });
}

// The receiver's seat, as the sending side reads it.
std::string Year::SeatSeen(Household& h, const Worker* by, const Worker* receiver) {
  casework::v1::GetCaseRequest read;
  read.set_name(h.case_name);
  casework::v1::Case shown;
  if (!Do(&h, by->caller, absl::StrCat(kCasework, "GetCase"), read, &shown)) return "";
  for (const casework::v1::Participant& p : shown.participants()) {
    // After a return they have an earlier one, that ended.
    if (p.professional() == receiver->name && p.state() != access::v1::SEAT_STATE_ENDED) {
      return p.seat();
    }
  }
  return "";
}

// R27: werkplaats, regisseur and seats have moved.
void Year::Moved(Household& h, const Worker* receiver,
                 const handover::v1::AcceptHandoverRequest& accepted) {
  access::v1::CaseFact& c = h.the_case();
  for (access::v1::Seat& s : *c.mutable_seats()) {
    if (s.organisation() == c.organisation()) s.set_state(access::v1::SEAT_STATE_ENDED);
  }
  access::v1::Seat* s = c.add_seats();
  s->set_id(accepted.regisseur_seat());
  s->set_professional(receiver->name);
  s->set_organisation(receiver->caller.claims.organisation());
  s->set_function(receiver->caller.claims.function());
  s->set_role(access::v1::SEAT_ROLE_WERKPLAATS);
  s->set_state(access::v1::SEAT_STATE_JOINED);
  s->set_start_time(Now());
  c.set_organisation(kSecondaryBoard);
  c.set_werkplaats("werkplaatsen/linde");
  c.mutable_terms(0)->set_seat(accepted.regisseur_seat());
  c.mutable_terms(0)->set_stand_in_seat(accepted.stand_in_seat());
  ++figures_.handed_over;
}

namespace {

// A consent holds today under which this organisation reads for a handover.
bool SharedForHandover(const Household& h, const std::string& organisation) {
  const std::set<std::string> in_force = h.oracle->ConsentsInForce();
  for (const access::v1::ConsentFact& c : h.told.consents()) {
    const bool for_handover = std::find(c.purposes().begin(), c.purposes().end(),
                                        common::v1::PURPOSE_HANDOVER) != c.purposes().end();
    if (for_handover && c.recipient() == organisation && in_force.count(c.id()) > 0) return true;
  }
  return false;
}

}  // namespace

// The next act, whoever's it is.
void Year::HandOn(Household& h) {
  using handover::v1::HandoverState;
  if (h.handover.empty() || !h.open()) return;
  Worker* sender = SchoolAt(h);
  Worker* receiver = town_.schools()[2].lead;
  const access::v1::Seat* partner = h.SeatOf(town_.consultant()->name);
  const bool partner_sits = partner != nullptr && partner->state() == access::v1::SEAT_STATE_JOINED;
  Plan(h, dice_.Between(1, 4), [this](Household& f) { HandOn(f); });
  if (sender == nullptr) return;
  Minutes();
  handover::v1::HandoverActRequest act;
  act.set_name(h.handover);
  act.set_note("Zo afgesproken.");
  handover::v1::GetHandoverRequest read;
  read.set_name(h.handover);
  handover::v1::Handover answer;
  const auto as = [](const Worker* w) { return w->caller.For(common::v1::PURPOSE_HANDOVER); };
  const auto step = [&](const Caller& who, const char* method, const google::protobuf::Message& req,
                        std::set<std::string> or_else = {}) {
    if (!Do(&h, who, absl::StrCat(kHandover, method), req, &answer, or_else)) return false;
    h.handover_state = answer.state();
    h.changed = true;
    return true;
  };
  const bool offered = h.handover_state == HandoverState::HANDOVER_STATE_OFFERED ||
                       h.handover_state == HandoverState::HANDOVER_STATE_RECEIVED ||
                       h.handover_state == HandoverState::HANDOVER_STATE_CONVERSED;
  if (offered && !SharedForHandover(h, receiver->caller.claims.organisation())) {
    // R13, R28: consent that stopped on the way; who would receive reads nothing of it any more.
    Refused(&h, as(receiver), absl::StrCat(kHandover, "GetHandover"), read, {"REFUSED"});
    return;
  }
  switch (h.handover_state) {
    case HandoverState::HANDOVER_STATE_DRAFTED:
      step(sender->caller, "ShowHandover", act);
      break;
    case HandoverState::HANDOVER_STATE_SHOWN:
      // R28: not before the consent covers every part.
      step(sender->caller, "AuthoriseHandover", act, {"R28_NO_CONSENT"});
      break;
    case HandoverState::HANDOVER_STATE_AUTHORISED:
      Refused(&h, as(receiver), absl::StrCat(kHandover, "GetHandover"), read, {"REFUSED"});
      step(sender->caller, "OfferHandover", act, {"R28_NO_CONSENT"});
      break;
    case HandoverState::HANDOVER_STATE_OFFERED: {
      if (dice_.Chance(15)) {  // a second try follows
        if (step(as(receiver), "ReturnHandover", act)) {
          h.handover.clear();
          Plan(h, 3, [this](Household& f) { Handover(f); });
        }
        break;
      }
      handover::v1::Handover package;
      if (!Do(&h, as(receiver), absl::StrCat(kHandover, "GetHandover"), read, &package)) break;
      handover::v1::ReceiveHandoverRequest receive;
      receive.set_name(h.handover);
      receive.set_package_sha256(package.package_sha256());
      step(as(receiver), "ReceiveHandover", receive);
      break;
    }
    case HandoverState::HANDOVER_STATE_RECEIVED: {
      handover::v1::RecordConversationRequest talk;
      talk.set_name(h.handover);
      talk.mutable_conversation()->set_date(Today());
      talk.mutable_conversation()->set_how("op school");
      talk.mutable_conversation()->add_seats(h.SeatOf(sender->name)->id());
      talk.mutable_conversation()->add_seats(SeatSeen(h, sender, receiver));
      const std::string family = FamilySeatFor(h);
      if (family.empty()) {
        talk.mutable_conversation()->set_family_absent_reason("Wilde liever bellen.");
      } else {
        talk.mutable_conversation()->add_seats(family);
      }
      step(sender->caller, "RecordConversation", talk);
      break;
    }
    case HandoverState::HANDOVER_STATE_CONVERSED: {
      if (!partner_sits) break;
      h.oracle->Look();
      handover::v1::AcceptHandoverRequest accept;
      accept.set_name(h.handover);
      accept.set_regisseur_seat(SeatSeen(h, sender, receiver));
      accept.set_stand_in_seat(partner->id());
      // R13: refused while the consent for the receiving side does not hold any more.
      if (step(as(receiver), "AcceptHandover", accept, {"REFUSED", "R28_NO_CONSENT"})) {
        Moved(h, receiver, accept);
        casework::v1::GetCaseRequest old;
        old.set_name(h.case_name);
        // R29: no grace is configured.
        Refused(&h, sender->caller, absl::StrCat(kCasework, "GetCase"), old, {"REFUSED"});
      }
      break;
    }
    case HandoverState::HANDOVER_STATE_ACCEPTED:
      if (step(as(receiver), "CloseHandover", act)) h.handover.clear();
      break;
    default:
      break;
  }
}

}  // namespace knooppunt::year
