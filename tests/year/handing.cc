// Children go to another school, or grow up: each kind of handover that this subregion knows (R16,
// R26-R30), with what stops one on its way.
#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/year/year.h"

namespace knooppunt::year {
namespace {

using handover::v1::HandoverKind;
using handover::v1::HandoverState;

constexpr char kCasework[] = "casework.v1.CaseworkService/";
constexpr char kHandover[] = "handover.v1.HandoverService/";
constexpr char kSteps[] = "casework.v1.StepService/";

Caller As(const Worker* w) { return w->caller.For(common::v1::PURPOSE_HANDOVER); }

bool Runs(HandoverState state) {
  return state >= handover::v1::HANDOVER_STATE_DRAFTED &&
         state <= handover::v1::HANDOVER_STATE_CONVERSED;
}
bool Offered(HandoverState state) {
  return state >= handover::v1::HANDOVER_STATE_OFFERED &&
         state <= handover::v1::HANDOVER_STATE_CONVERSED;
}

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

bool GrowsUp(const Household& h) {
  return h.handover_kind == handover::v1::HANDOVER_KIND_ADULTHOOD;
}

// Whether a handover of that kind leads from a school of that stage (R30).
bool Leads(HandoverKind kind, common::v1::Stage from) {
  switch (kind) {
    case handover::v1::HANDOVER_KIND_VOORSCHOOL_PO:
      return from == common::v1::STAGE_VOORSCHOOL;
    case handover::v1::HANDOVER_KIND_PO_VO:
      return from == common::v1::STAGE_PO || from == common::v1::STAGE_SO;
    case handover::v1::HANDOVER_KIND_TO_SPECIAL:
      return from == common::v1::STAGE_PO;
    case handover::v1::HANDOVER_KIND_FROM_SPECIAL:
    case handover::v1::HANDOVER_KIND_PLACEMENT_BACK:
      return from == common::v1::STAGE_SO;
    case handover::v1::HANDOVER_KIND_VO_MBO:
    case handover::v1::HANDOVER_KIND_ADULTHOOD:
      return from == common::v1::STAGE_VO;
    default:
      return true;
  }
}

}  // namespace

// What the year brings this child, as far as one can see.
void Year::PlanHandovers(Household& h, School& school) {
  const auto plan = [&](years::Day day, HandoverKind kind, SchoolId to) {
    const int in_days = static_cast<int>(std::max<years::Day>(day - today_, 40));
    Plan(h, in_days, [this, kind, to](Household& f) { Handover(f, kind, to); });
  };
  const years::Day june = years::DayOf(2027, 6, 1) + dice_.Between(0, 10);
  const SchoolId primary = dice_.Chance(50) ? kEik : kBeuk;
  switch (school.stage) {
    case common::v1::STAGE_VOORSCHOOL:
      return plan(today_ + dice_.Between(40, 70), handover::v1::HANDOVER_KIND_VOORSCHOOL_PO,
                  primary);
    case common::v1::STAGE_SO:
      plan(today_ + dice_.Between(70, 110),
           dice_.Chance(50) ? handover::v1::HANDOVER_KIND_FROM_SPECIAL
                            : handover::v1::HANDOVER_KIND_PLACEMENT_BACK,
           primary);
      break;
    case common::v1::STAGE_VO:
      if (years::AgeOn(h.child().birth_date, today_) < 17) {
        return plan(june, handover::v1::HANDOVER_KIND_VO_MBO, kCollege);
      }
      // Tried before it may start, too.
      return plan(years::BirthdayOf(h.child().birth_date, 18) - dice_.Between(150, 220),
                  handover::v1::HANDOVER_KIND_ADULTHOOD, kLinde);
    default:
      if (school.organisation == kSmallBoard) {
        plan(years::DayOf(2027, 3, 8) + dice_.Between(3, 60), handover::v1::HANDOVER_KIND_MOVE,
             primary);
      } else if (dice_.Chance(30)) {
        plan(today_ + dice_.Between(80, 130), handover::v1::HANDOVER_KIND_TO_SPECIAL, kSpecial);
      } else if (dice_.Chance(50)) {
        // Days before it closes: some come in time.
        plan(years::DayOf(2027, 3, 22) + dice_.Between(0, 16), handover::v1::HANDOVER_KIND_MOVE,
             kBerk);
      }
  }
  plan(june, handover::v1::HANDOVER_KIND_PO_VO, kLinde);
}

void Year::Handover(Household& h, HandoverKind kind, SchoolId to) {
  Worker* who = SchoolAt(h);
  const School* from = town_.At(h.the_case().werkplaats());
  if (!h.active() || who == nullptr || !h.handover.empty() || !Leads(kind, from->stage)) return;
  const int age = years::AgeOn(h.child().birth_date, today_);
  const bool grows_up = kind == handover::v1::HANDOVER_KIND_ADULTHOOD;
  if (!grows_up && &town_.school(to) == from) return;
  if (kind == handover::v1::HANDOVER_KIND_PO_VO && age < 10) return;
  if (kind == handover::v1::HANDOVER_KIND_VO_MBO &&
      years::AgeOn(h.child().birth_date, years::DayOf(2027, 8, 1)) < 16) {
    return;
  }
  if (!h.escalation.empty()) {  // who decide first
    Plan(h, 5, [this, kind, to](Household& f) { Handover(f, kind, to); });
    return;
  }
  Minutes();
  h.handover_kind = kind;
  h.handover_to = &town_.school(to);
  h.receiver = grows_up ? town_.adult_help() : h.handover_to->lead;
  Draft(h, who);
  if (!h.handover.empty()) return Plan(h, 2, [this](Household& f) { HandOn(f); });
  // Too early, or to a school that closes: the one comes again, the other does not.
  if (h.handover_to->close_date.empty()) {
    Plan(h, 25, [this, kind, to](Household& f) { Handover(f, kind, to); });
  }
}

// R27, R30: why a draft of today must be refused; empty when it must not. By arithmetic of its own,
// which leaves the days around the first one open.
std::set<std::string> Year::MustWait(const Household& h) const {
  years::Day anchor = today_, months = 0;
  if (h.handover_kind == handover::v1::HANDOVER_KIND_VOORSCHOOL_PO) {
    anchor = years::BirthdayOf(h.child().birth_date, 4);
    months = 9;
  } else if (GrowsUp(h)) {
    anchor = years::BirthdayOf(h.child().birth_date, 18);
    months = 6;
  } else if (h.handover_kind == handover::v1::HANDOVER_KIND_PO_VO ||
             h.handover_kind == handover::v1::HANDOVER_KIND_VO_MBO) {
    anchor =
        today_ < years::DayOf(2027, 8, 1) ? years::DayOf(2027, 8, 1) : years::DayOf(2028, 8, 1);
    months = 12;
  }
  const std::string& closes = h.handover_to->close_date;
  if (!GrowsUp(h) && !closes.empty() && closes <= years::IsoOf(std::max(today_, anchor))) {
    return {"R27_WERKPLAATS_CLOSES"};
  }
  if (today_ < anchor - months * 31) return {"R30_TOO_EARLY"};
  if (today_ < anchor - months * 30 + 1) return {"R30_TOO_EARLY", "OK"};
  return {};
}

void Year::Draft(Household& h, Worker* who) {
  Propose(h, h.receiver->caller.claims.organisation());
  handover::v1::DraftHandoverRequest req;
  req.set_parent(h.case_name);
  req.set_kind(h.handover_kind);
  req.set_to_werkplaats(h.handover_to->werkplaats);
  req.set_receiver(h.receiver->name);
  if (GrowsUp(h)) req.set_to_organisation(kAdultHelp);
  req.set_expire_date(In(60));
  // Who the child is was recorded by the school that opened the case: it is for that one to pass
  // on.
  if (h.moves == 0) req.add_items(absl::StrCat(h.name(), "/persons/", h.child().id));
  for (const Item& item : h.items) {
    if (item.kind == Item::Kind::kOther) continue;  // no part of a package
    for (const access::v1::Scope& s : h.told.scopes()) {
      if (s.id() == item.scope && s.label().controller() == h.the_case().organisation()) {
        req.add_items(item.name);
      }
    }
  }
  req.add_children(h.child().id);
  if (req.items().empty()) return;  // nothing of this school's yet
  handover::v1::Handover drafted;
  const std::string method = absl::StrCat(kHandover, "DraftHandover");
  const std::set<std::string> wait = MustWait(h);
  if (!wait.empty() && !wait.contains("OK")) return Refused(&h, who->caller, method, req, wait);
  if (!Do(&h, who->caller, method, req, &drafted, wait)) return;
  h.handover = drafted.name();
  h.handover_state = drafted.state();
  h.handover_expires = req.expire_date();
  h.stay_decided = false;
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
void Year::Moved(Household& h, const handover::v1::AcceptHandoverRequest& accepted) {
  access::v1::CaseFact& c = h.the_case();
  for (access::v1::Seat& s : *c.mutable_seats()) {
    if (s.organisation() == c.organisation()) s.set_state(access::v1::SEAT_STATE_ENDED);
  }
  access::v1::Seat* s = c.add_seats();
  s->set_id(accepted.regisseur_seat());
  s->set_professional(h.receiver->name);
  s->set_organisation(h.receiver->caller.claims.organisation());
  s->set_function(h.receiver->caller.claims.function());
  s->set_role(access::v1::SEAT_ROLE_WERKPLAATS);
  s->set_state(access::v1::SEAT_STATE_JOINED);
  s->set_start_time(Now());
  c.set_organisation(h.handover_to->organisation);
  c.set_werkplaats(h.handover_to->werkplaats);
  c.mutable_terms(0)->set_seat(accepted.regisseur_seat());
  c.mutable_terms(0)->set_stand_in_seat(accepted.stand_in_seat());
  ++h.moves;
  ++figures_.handed_over;
}

// R16: the help changes hands; on the birthday leaves whoever the youth did not keep.
void Year::GrownUp(Household& h, const handover::v1::AcceptHandoverRequest& accepted) {
  access::v1::CaseFact& c = h.the_case();
  const years::Day adult = years::BirthdayOf(h.child().birth_date, 18);
  for (access::v1::Seat& s : *c.mutable_seats()) {
    const bool stays = s.person() == h.child().id || s.id() == accepted.regisseur_seat() ||
                       s.role() == access::v1::SEAT_ROLE_WERKPLAATS;
    if (stays || s.state() == access::v1::SEAT_STATE_ENDED) continue;
    if (adult <= today_ || s.state() != access::v1::SEAT_STATE_JOINED) {
      s.set_state(access::v1::SEAT_STATE_ENDED);
    } else {
      s.set_end_time(years::MidnightOf(adult));
    }
  }
  access::v1::Seat* s = c.add_seats();
  s->set_id(accepted.stand_in_seat());
  s->set_professional(h.receiver->name);
  s->set_organisation(kAdultHelp);
  s->set_function(h.receiver->caller.claims.function());
  s->set_role(access::v1::SEAT_ROLE_CORE_PARTNER);
  s->set_state(access::v1::SEAT_STATE_JOINED);
  s->set_start_time(Now());
  c.mutable_terms(0)->set_seat(accepted.regisseur_seat());
  c.mutable_terms(0)->set_stand_in_seat(accepted.stand_in_seat());
  ++figures_.handed_over;
}

// Does an act on the handover that runs, and keeps what became of it.
bool Year::Step(Household& h, const Caller& who, const char* method,
                const google::protobuf::Message& request, const std::set<std::string>& or_else) {
  handover::v1::Handover answer;
  if (!Do(&h, who, absl::StrCat(kHandover, method), request, &answer, or_else)) return false;
  h.handover_state = answer.state();
  h.changed = true;
  return true;
}

// R26, R27: its day is over, the receiving school has closed, or who would receive it works there
// no more. The case is where it was; the sending side takes the handover back, and tries again.
bool Year::Stopped(Household& h, Worker* sender) {
  const std::string& closes = h.handover_to->close_date;
  const bool closed = !GrowsUp(h) && !closes.empty() && closes <= Today();
  const bool expired = Today() > h.handover_expires;
  if (!Runs(h.handover_state) || (!closed && !expired && h.receiver->employed)) return false;
  handover::v1::HandoverActRequest act;
  act.set_name(h.handover);
  act.set_note("Het gaat zo niet.");
  handover::v1::GetHandoverRequest read;
  read.set_name(h.handover);
  if (Offered(h.handover_state)) {
    Refused(&h, As(h.receiver), absl::StrCat(kHandover, "GetHandover"), read, {"REFUSED"});
  }
  if (closed || expired) {
    Refused(&h, sender->caller, absl::StrCat(kHandover, "ShowHandover"), act,
            {closed ? "R27_RECEIVER_CLOSED" : "HANDOVER_EXPIRED"});
    ++(closed ? figures_.closed_on_the_way : figures_.expired);
  }
  if (!Step(h, sender->caller, "WithdrawHandover", act)) return true;
  h.handover.clear();
  const HandoverKind kind = h.handover_kind;
  const auto to = static_cast<SchoolId>(h.handover_to - &town_.school(kEik));
  if (!closed) Plan(h, 6, [this, kind, to](Household& f) { Handover(f, kind, to); });
  return true;
}

// The next act, whoever's it is.
void Year::HandOn(Household& h) {
  if (h.handover.empty() || !h.open()) return;
  Worker* sender = SchoolAt(h);
  Plan(h, dice_.Between(1, 4), [this](Household& f) { HandOn(f); });
  if (sender == nullptr) return;
  Minutes();
  if (Stopped(h, sender)) return;
  handover::v1::HandoverActRequest act;
  act.set_name(h.handover);
  act.set_note("Zo afgesproken.");
  handover::v1::GetHandoverRequest read;
  read.set_name(h.handover);
  const std::string get = absl::StrCat(kHandover, "GetHandover");
  if (Offered(h.handover_state) &&
      !SharedForHandover(h, h.receiver->caller.claims.organisation())) {
    // R13, R28: consent that stopped on the way; who would receive reads nothing of it any more.
    return Refused(&h, As(h.receiver), get, read, {"REFUSED"});
  }
  switch (h.handover_state) {
    case HandoverState::HANDOVER_STATE_DRAFTED:
      Step(h, sender->caller, "ShowHandover", act);
      break;
    case HandoverState::HANDOVER_STATE_SHOWN:
      // R28: not before the consent covers every part.
      Step(h, sender->caller, "AuthoriseHandover", act, {"R28_NO_CONSENT"});
      break;
    case HandoverState::HANDOVER_STATE_AUTHORISED:
      Refused(&h, As(h.receiver), get, read, {"REFUSED"});
      Step(h, sender->caller, "OfferHandover", act, {"R28_NO_CONSENT"});
      break;
    case HandoverState::HANDOVER_STATE_OFFERED:
      if (!dice_.Chance(15)) return Receive(h);
      if (Step(h, As(h.receiver), "ReturnHandover", act)) {  // a second try follows
        h.handover.clear();
        const HandoverKind kind = h.handover_kind;
        const auto to = static_cast<SchoolId>(h.handover_to - &town_.school(kEik));
        Plan(h, 3, [this, kind, to](Household& f) { Handover(f, kind, to); });
      }
      break;
    case HandoverState::HANDOVER_STATE_RECEIVED:
      Converse(h, sender);
      break;
    case HandoverState::HANDOVER_STATE_CONVERSED:
      Accept(h, sender);
      break;
    case HandoverState::HANDOVER_STATE_ACCEPTED:
      // Who may read it no more leaves it as it is: it was accepted.
      Step(h, sender->caller, "CloseHandover", act, {"REFUSED", "NOT_FOUND"});
      h.handover.clear();
      break;
    default:
      break;
  }
}

void Year::Receive(Household& h) {
  handover::v1::GetHandoverRequest read;
  read.set_name(h.handover);
  handover::v1::Handover package;
  if (!Do(&h, As(h.receiver), absl::StrCat(kHandover, "GetHandover"), read, &package)) return;
  handover::v1::ReceiveHandoverRequest receive;
  receive.set_name(h.handover);
  receive.set_package_sha256(package.package_sha256());
  Step(h, As(h.receiver), "ReceiveHandover", receive);
}

void Year::Converse(Household& h, Worker* sender) {
  handover::v1::RecordConversationRequest talk;
  talk.set_name(h.handover);
  handover::v1::Conversation& held = *talk.mutable_conversation();
  held.set_date(Today());
  held.set_how("op school");
  held.add_seats(h.SeatOf(sender->name)->id());
  held.add_seats(SeatSeen(h, sender, h.receiver));
  const std::string family = FamilySeatFor(h);
  if (family.empty()) {
    held.set_family_absent_reason("Wilde liever bellen.");
  } else {
    held.add_seats(family);
  }
  const auto absent = [&](handover::v1::HandoverParty party) {
    handover::v1::Absence* a = held.add_absences();
    a->set_party(party);
    a->set_reason("Had een ander overleg.");
  };
  // R30: whom the kind asks for.
  const bool youth_asked = GrowsUp(h) || h.handover_kind == handover::v1::HANDOVER_KIND_VO_MBO;
  if (youth_asked && family != h.child().seat) {
    if (family.empty() || dice_.Chance(50)) {
      Refused(&h, sender->caller, absl::StrCat(kHandover, "RecordConversation"), talk,
              {"R27_LACKS_PARTY"});
    }
    absent(handover::v1::HANDOVER_PARTY_YOUTH);
  }
  if (GrowsUp(h)) absent(handover::v1::HANDOVER_PARTY_MUNICIPALITY);
  Step(h, sender->caller, "RecordConversation", talk);
}

void Year::Accept(Household& h, Worker* sender) {
  const access::v1::Seat* partner = h.SeatOf(town_.consultant()->name);
  const bool partner_sits = partner != nullptr && Sits(*partner, Now()) && partner->end_time() == 0;
  if (!GrowsUp(h) && !partner_sits) return;
  h.oracle->Look();
  const std::string receiver = SeatSeen(h, sender, h.receiver);
  handover::v1::AcceptHandoverRequest accept;
  accept.set_name(h.handover);
  accept.set_regisseur_seat(GrowsUp(h) ? h.SeatOf(sender->name)->id() : receiver);
  accept.set_stand_in_seat(GrowsUp(h) ? receiver : partner->id());
  if (GrowsUp(h)) {
    if (!h.stay_decided) {
      Refused(&h, As(h.receiver), absl::StrCat(kHandover, "AcceptHandover"), accept,
              {"R16_YOUTH_HAS_NOT_DECIDED"});
      if (!DecideStaying(h, sender)) return;
    }
    if (!StepsFindOwners(h, sender, accept)) return;
  }
  // R13: refused while the consent for the receiving side does not hold any more.
  if (!Step(h, As(h.receiver), "AcceptHandover", accept, {"REFUSED", "R28_NO_CONSENT"})) return;
  ++figures_.accepted[handover::v1::HandoverKind_Name(h.handover_kind)];
  if (GrowsUp(h)) return GrownUp(h, accept);
  Moved(h, accept);
  casework::v1::GetCaseRequest old;
  old.set_name(h.case_name);
  // R29: no grace is configured.
  Refused(&h, sender->caller, absl::StrCat(kCasework, "GetCase"), old, {"REFUSED"});
}

// R16: the youth keeps who leads at school, and nobody else.
bool Year::DecideStaying(Household& h, Worker* sender) {
  handover::v1::DecideStayingRequest decide;
  decide.set_name(h.handover);
  const access::v1::Seat* cjg = h.SeatOf(town_.consultant()->name);
  const std::string method = absl::StrCat(kHandover, "DecideStaying");
  if (cjg != nullptr && Sits(*cjg, Now())) {
    decide.add_seats(cjg->id());
    Refused(&h, h.child().caller, method, decide, {"R16_CJG_LEAVES"});
    decide.clear_seats();
  }
  decide.add_seats(h.SeatOf(sender->name)->id());
  h.stay_decided = Step(h, h.child().caller, "DecideStaying", decide);
  return h.stay_decided;
}

// R16: a step whose owner leaves at 18 finds another, or is dropped, before it is accepted.
bool Year::StepsFindOwners(Household& h, Worker* sender,
                           const handover::v1::AcceptHandoverRequest& accept) {
  casework::v1::GetCaseRequest read;
  read.set_name(h.case_name);
  casework::v1::Case shown;
  if (!Do(&h, sender->caller, absl::StrCat(kCasework, "GetCase"), read, &shown)) return false;
  std::vector<casework::v1::Step> left;
  for (const casework::v1::Step& step : shown.steps()) {
    const access::v1::Seat* owner = h.SeatById(step.owner_seat());
    const bool stays = owner != nullptr &&
                       (owner->id() == accept.regisseur_seat() || owner->person() == h.child().id ||
                        (owner->role() == access::v1::SEAT_ROLE_WERKPLAATS && Sits(*owner, Now())));
    const bool open = step.state() == casework::v1::STEP_STATE_BINDING ||
                      step.state() == casework::v1::STEP_STATE_PROPOSED;
    if (open && !stays) left.push_back(step);
  }
  if (left.empty()) return true;
  Refused(&h, As(h.receiver), absl::StrCat(kHandover, "AcceptHandover"), accept,
          {"R16_STEP_WITHOUT_OWNER"});
  const access::v1::RegisseurTerm& term = h.the_case().terms(0);
  for (const casework::v1::Step& step : left) {
    const std::string own = h.SeatOf(sender->name)->id();
    const Worker* who = own == term.seat() || own == term.stand_in_seat()
                            ? sender
                            : town_.ByName(h.SeatById(step.owner_seat())->professional());
    const access::v1::Seat* seat = who == nullptr ? nullptr : h.SeatOf(who->name);
    if (seat == nullptr ||
        !h.oracle->StaffSees(*seat, who->employed, common::v1::PURPOSE_COORDINATION, Now())
             .allowed) {
      return false;  // on another day somebody else leads
    }
    casework::v1::ReassignStepRequest give;
    give.set_name(step.name());
    give.set_owner_seat(own);
    give.set_reason("Wie dit deed gaat van tafel.");
    casework::v1::Step given;
    if (!Do(&h, who->caller, absl::StrCat(kSteps, "ReassignStep"), give, &given)) return false;
    if (given.owner_seat() != own || given.owner_changes().empty()) {
      Finding(&h, "R16: a step is not whose it was given to");
    }
    ++figures_.reassigned;
  }
  return true;
}

}  // namespace knooppunt::year
