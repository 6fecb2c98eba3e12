// What happens to a family while its case is open.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "knooppunt/access/v1/access.pb.h"
#include "tests/year/year.h"

namespace knooppunt::year {
namespace {

constexpr char kCasework[] = "casework.v1.CaseworkService/";
constexpr char kConsent[] = "consent.v1.ConsentService/";

std::string HashOf(const std::string& text) { return crypto::HexEncode(crypto::Sha256(text)); }

}  // namespace

// ---- A signal (R1, R3) -----------------------------------------------------------

void Year::Arrive(School* school, int age) {
  Minutes();
  Arrival arrival = DrawHousehold(dice_, static_cast<int>(households_.size()), school, today_, age);
  const Caller& who = school->lead->caller;
  if (!school->close_date.empty() && school->close_date <= Today()) {
    return Refused(nullptr, who, absl::StrCat(kCasework, "OpenCase"), arrival.request,
                   {"R27_WERKPLAATS_CLOSED"});
  }
  casework::v1::SearchFamiliesRequest search;
  search.set_family_name(arrival.household->surname);
  search.set_birth_date(arrival.household->child().birth_date);
  casework::v1::SearchFamiliesResponse found;
  if (Do(nullptr, who, absl::StrCat(kCasework, "SearchFamilies"), search, &found) &&
      found.found()) {
    Finding(nullptr, "R3: a family was found that nobody has");
  }
  Household* h = Open(std::move(arrival), school);
  if (h != nullptr) PlanFor(*h, *school);
}

// A case is opened, with all that was told; nullptr when it was not.
Household* Year::Open(Arrival arrival, School* school) {
  casework::v1::Case opened;
  if (!Do(nullptr, school->lead->caller, absl::StrCat(kCasework, "OpenCase"), arrival.request,
          &opened)) {
    return nullptr;
  }
  arrival.household->opened = arrival.request;
  households_.push_back(std::move(arrival.household));
  ++figures_.households;
  Household& h = *households_.back();
  h.case_name = opened.name();
  h.id = opened.name().substr(9, opened.name().find('/', 9) - 9);
  h.subject = opened.audit_subject();
  h.told.set_id(h.id);
  for (const casework::v1::Person& p : opened.persons()) {
    for (Member& m : h.members) {
      if (m.given_name == p.given_name()) m.id = LastId(p.name());
    }
  }
  access::v1::CaseFact* c = h.told.add_cases();
  c->set_id(LastId(opened.name()));
  c->set_state(opened.state());
  c->set_werkplaats(school->werkplaats);
  c->set_organisation(school->organisation);
  c->add_children(h.child().id);
  for (const Member& m : h.members) {
    access::v1::PersonFact* p = h.told.add_persons();
    p->set_id(m.id);
    p->set_birth_date(m.birth_date);
    p->set_role(m.role);
    p->set_account(m.account);
    if (!m.has_gezag) continue;
    access::v1::Gezag* g = h.told.add_gezag();
    g->set_holder_person(m.id);
    g->set_over(h.child().id);
    g->set_start_date(Today());
  }
  if (h.told.gezag().empty()) {
    access::v1::Gezag* g = h.told.add_gezag();
    g->set_holder_organisation(kGuardian);
    g->set_over(h.child().id);
    g->set_start_date(Today());
  }
  for (const casework::v1::Participant& p : opened.participants()) {
    access::v1::Seat* s = c->add_seats();
    s->set_id(p.seat());
    s->set_professional(p.professional());
    s->set_person(p.person());
    s->set_organisation(p.organisation());
    s->set_function(p.function());
    s->set_role(p.role());
    s->set_state(p.state());
    s->set_start_time(Now());
    for (Member& m : h.members) {
      if (m.id == p.person()) m.seat = p.seat();
    }
  }
  h.oracle = std::make_unique<years::Oracle>(&h.told, Town::Kinds());
  h.oracle->Midnight(today_);
  h.changed = true;
  return &h;
}

// What is to come for a family that came today.
void Year::PlanFor(Household& h, School& school) {
  Plan(h, 1, [this](Household& f) { Propose(f, kYouthHealth); });
  Plan(h, 1, [this](Household& f) { Propose(f, kMunicipality); });
  Plan(h, 2, [this](Household& f) { Invite(f, town_.nurse()); });
  Plan(h, 2, [this](Household& f) { Invite(f, town_.consultant()); });
  Plan(h, 3, [this](Household& f) { Note(f); });
  Plan(h, 14, [this](Household& f) { Mistake(f); });
  Plan(h, dice_.Between(8, 14), [this](Household& f) { Appoint(f); });
  Plan(h, dice_.Between(15, 25), [this](Household& f) { Meet(f); });
  Plan(h, dice_.Between(60, 200), [this](Household& f) { Withdraw(f); });
  if (dice_.Chance(30)) {
    Plan(h, dice_.Between(120, 250), [this](Household& f) { CloseOrReopen(f); });
  }
  Plan(h, dice_.Between(30, 50), [this](Household& f) { TwoAtOnePlan(f); });
  Plan(h, dice_.Between(70, 150), [this](Household& f) { AskForCopy(f); });
  Plan(h, dice_.Between(10, 20), [this](Household& f) { AddPaper(f); });
  Plan(h, dice_.Between(20, 80), [this](Household& f) { AskWhy(f); });
  if (dice_.Chance(40)) {
    Plan(h, dice_.Between(40, 160), [this](Household& f) { StayHome(f); });
  }
  if (dice_.Chance(35)) {
    Plan(h, dice_.Between(50, 180), [this](Household& f) { Escalate(f); });
  }
  if (h.number % 4 == 1) {
    Plan(h, dice_.Between(35, 70), [this](Household& f) { RecordTwice(f); });
  }
  PlanHandovers(h, school);
}

// ---- Consents (R11-R14) ------------------------------------------------------------

void Year::Propose(Household& h, const std::string& recipient) {
  Worker* who = SchoolAt(h);
  if (who == nullptr || !h.open()) return;
  Minutes();
  consent::v1::ProposeConsentRequest req;
  req.set_parent(h.name());
  consent::v1::Consent* c = req.mutable_consent();
  c->mutable_about()->add_persons(h.child().id);
  c->add_compartments(common::v1::COMPARTMENT_EDUCATION);
  if (dice_.Chance(50)) c->add_compartments(common::v1::COMPARTMENT_FAMILY);
  if (dice_.Chance(50)) c->add_compartments(common::v1::COMPARTMENT_HEALTH);
  c->add_purposes(common::v1::PURPOSE_COORDINATION);
  if (recipient != kYouthHealth && recipient != kMunicipality) {
    c->add_purposes(common::v1::PURPOSE_HANDOVER);
  }
  c->set_recipient(recipient);
  c->set_start_date(Today());
  c->set_end_date(In(dice_.Between(90, 350)));
  c->set_wording(absl::StrCat("Wij mogen delen wat nodig is. ", Mark()));
  consent::v1::Consent made;
  if (!Do(&h, who->caller, absl::StrCat(kConsent, "ProposeConsent"), req, &made)) return;
  access::v1::ConsentFact* fact = h.told.add_consents();
  fact->set_id(LastId(made.name()));
  *fact->mutable_about() = made.about();
  *fact->mutable_compartments() = made.compartments();
  *fact->mutable_purposes() = made.purposes();
  fact->set_recipient(made.recipient());
  fact->set_start_date(made.start_date());
  fact->set_end_date(made.end_date());
  fact->set_wording_sha256(HashOf(req.consent().wording()));
  h.wordings[fact->id()] = req.consent().wording();
  h.changed = true;
  const std::string id = fact->id();
  Plan(h, dice_.Between(0, 3), [this, id](Household& f) { SignAll(f, id); });
  // Who has not signed then is asked again; one that lapsed by a birthday too (R14).
  Plan(h, 7, [this, id](Household& f) { SignAll(f, id); });
  for (int week = 2; week < 40; week += 4) {
    Plan(h, week * 7, [this, id](Household& f) { SignAll(f, id); });
  }
  Plan(h, 80, [this](Household& f) { Renew(f); });
}

std::set<std::string> Year::SignersOf(const Household& h) const {
  std::set<std::string> out;
  const int age = years::AgeOn(h.child().birth_date, today_);
  if (age >= 12) out.insert(h.child().id);
  for (const Member& m : h.members) {
    if (m.has_gezag && age < 16) out.insert(m.id);
  }
  return out;
}

void Year::SignAll(Household& h, const std::string& consent) {
  access::v1::ConsentFact* c = h.ConsentById(consent);
  if (c == nullptr || !h.open() || c->end_date() <= Today()) return;
  const std::set<std::string> signers = SignersOf(h);
  for (const Member& m : h.members) {
    if (!signers.contains(m.id) || dice_.Chance(20)) continue;  // later
    const auto signed_before =
        std::any_of(c->signatures().begin(), c->signatures().end(),
                    [&](const access::v1::Signature& s) { return s.person() == m.id; });
    if (!signed_before) SignOne(h, *c, m);
  }
  const bool guarded =
      std::none_of(h.members.begin(), h.members.end(), [](const Member& m) { return m.has_gezag; });
  if (guarded && c->signatures().empty() && years::AgeOn(h.child().birth_date, today_) < 16) {
    SignForGuardian(h, *c);
  }
  if (c->recipient() == kYouthHealth) Join(h, town_.nurse());
  if (c->recipient() == kMunicipality) Join(h, town_.consultant());
}

void Year::SignOne(Household& h, access::v1::ConsentFact& c, const Member& m) {
  Minutes();
  consent::v1::SignConsentRequest req;
  req.set_name(absl::StrCat(h.name(), "/consents/", c.id()));
  req.set_wording_sha256(c.wording_sha256());
  req.set_refuse(dice_.Chance(3));
  consent::v1::Consent answer;
  if (!Do(&h, m.caller, absl::StrCat(kConsent, "SignConsent"), req, &answer)) return;
  access::v1::Signature* s = c.add_signatures();
  s->set_person(m.id);
  s->set_state(req.refuse() ? access::v1::SIGNATURE_STATE_REFUSED
                            : access::v1::SIGNATURE_STATE_GIVEN);
  s->set_time(Now());
  s->set_wording_sha256(c.wording_sha256());
  h.changed = true;
}

void Year::SignForGuardian(Household& h, access::v1::ConsentFact& c) {
  Worker* who = SchoolAt(h);
  if (who == nullptr) return;
  Minutes();
  consent::v1::RecordSignatureRequest req;
  req.set_name(absl::StrCat(h.name(), "/consents/", c.id()));
  req.set_organisation(kGuardian);
  req.set_state(access::v1::SIGNATURE_STATE_GIVEN);
  req.set_how(access::v1::RECORDED_HOW_IN_PERSON);
  req.set_wording_sha256(c.wording_sha256());
  req.set_identified_by("pas van de instelling gezien");
  consent::v1::Consent answer;
  if (!Do(&h, who->caller, absl::StrCat(kConsent, "RecordSignature"), req, &answer)) return;
  access::v1::Signature* s = c.add_signatures();
  s->set_organisation(kGuardian);
  s->set_state(access::v1::SIGNATURE_STATE_GIVEN);
  s->set_time(Now());
  s->set_wording_sha256(c.wording_sha256());
  h.changed = true;
}

// A new consent before the old one ends, when nothing else carries on.
void Year::Renew(Household& h) {
  if (!h.open()) return;
  for (const char* recipient : {kYouthHealth, kMunicipality}) {
    const access::v1::ConsentFact* c = h.ConsentFor(recipient, In(30));
    if (c == nullptr) Propose(h, recipient);
  }
}

void Year::Withdraw(Household& h) {
  if (!h.open()) return;
  for (access::v1::ConsentFact& c : *h.told.mutable_consents()) {
    for (const access::v1::Signature& s : c.signatures()) {
      const Member* m = h.MemberById(s.person());
      if (m == nullptr || s.state() != access::v1::SIGNATURE_STATE_GIVEN ||
          c.end_date() <= Today() || !SignersOf(h).contains(m->id) || !dice_.Chance(60)) {
        continue;
      }
      Minutes();
      consent::v1::WithdrawConsentRequest req;
      req.set_name(absl::StrCat(h.name(), "/consents/", c.id()));
      consent::v1::Consent answer;
      if (!Do(&h, m->caller, absl::StrCat(kConsent, "WithdrawConsent"), req, &answer)) return;
      if (answer.in_force()) Finding(&h, "R13: a consent is in force after its withdrawal");
      access::v1::Signature* gone = c.add_signatures();
      gone->set_person(m->id);
      gone->set_state(access::v1::SIGNATURE_STATE_WITHDRAWN);
      gone->set_time(Now());
      gone->set_wording_sha256(c.wording_sha256());
      h.changed = true;
      return;
    }
  }
}

// ---- The table (R1, R8) --------------------------------------------------------------

void Year::Invite(Household& h, Worker* guest) {
  Worker* who = SchoolAt(h);
  const access::v1::Seat* leader = Leader(h);
  if (!h.open() || (who == nullptr && leader == nullptr)) return;
  const access::v1::Seat* had = h.SeatOf(guest->name);
  if (had != nullptr && had->state() != access::v1::SEAT_STATE_ENDED) return;
  Minutes();
  casework::v1::InviteParticipantRequest req;
  req.set_parent(h.case_name);
  req.set_professional(guest->name);
  req.set_organisation(guest->caller.claims.organisation());
  req.set_function(guest->caller.claims.function());
  req.set_role(access::v1::SEAT_ROLE_CORE_PARTNER);
  casework::v1::Participant seat;
  if (!Do(&h, who != nullptr ? who->caller : At(h, *leader),
          absl::StrCat(kCasework, "InviteParticipant"), req, &seat)) {
    return;
  }
  access::v1::Seat* s = h.the_case().add_seats();
  s->set_id(seat.seat());
  s->set_professional(guest->name);
  s->set_organisation(req.organisation());
  s->set_function(req.function());
  s->set_role(req.role());
  s->set_state(access::v1::SEAT_STATE_INVITED);
  s->set_start_time(Now());
  h.changed = true;
}

// Possible once sharing is covered; who comes too early is refused and comes again.
void Year::Join(Household& h, Worker* guest) {
  access::v1::Seat* s = h.SeatOf(guest->name);
  if (s == nullptr || s->state() != access::v1::SEAT_STATE_INVITED || !h.open()) return;
  Minutes();
  h.oracle->Look();
  access::v1::Seat sitting = *s;
  sitting.set_state(access::v1::SEAT_STATE_JOINED);
  const bool may =
      h.oracle->StaffSees(sitting, guest->employed, common::v1::PURPOSE_COORDINATION, Now())
          .allowed;
  casework::v1::JoinCaseRequest req;
  req.set_name(h.case_name);
  casework::v1::Participant seat;
  const std::string method = absl::StrCat(kCasework, "JoinCase");
  if (!may) return Refused(&h, guest->caller, method, req, {"REFUSED"});
  if (!Do(&h, guest->caller, method, req, &seat)) return;
  s->set_state(access::v1::SEAT_STATE_JOINED);
  h.changed = true;
}

void Year::Appoint(Household& h) {
  Worker* school = SchoolAt(h);
  const access::v1::Seat* partner = h.SeatOf(town_.consultant()->name);
  if (!h.open() || school == nullptr) return;
  if (partner == nullptr || partner->state() != access::v1::SEAT_STATE_JOINED) {
    Plan(h, 5, [this](Household& f) { Appoint(f); });
    return;
  }
  Minutes();
  casework::v1::AppointRegisseurRequest req;
  req.set_name(h.case_name);
  req.set_seat(h.SeatOf(school->name)->id());
  req.set_stand_in_seat(partner->id());
  if (dice_.Chance(30)) std::swap(*req.mutable_seat(), *req.mutable_stand_in_seat());
  casework::v1::Regisseur answer;
  if (!Do(&h, school->caller, absl::StrCat(kCasework, "AppointRegisseur"), req, &answer)) return;
  access::v1::CaseFact& c = h.the_case();
  c.set_state(access::v1::CASE_STATE_ACTIVE);
  c.clear_terms();
  access::v1::RegisseurTerm* term = c.add_terms();
  term->set_seat(req.seat());
  term->set_stand_in_seat(req.stand_in_seat());
  h.changed = true;
}

// ---- What is written down (R38) --------------------------------------------------------

common::v1::Label Year::LabelFor(const Household& h, const std::string& organisation) const {
  common::v1::Label label;
  label.mutable_about()->add_persons(h.child().id);
  label.set_controller(organisation);
  label.set_compartment(common::v1::COMPARTMENT_EDUCATION);
  label.set_regime(common::v1::REGIME_EDUCATION);
  if (organisation == kYouthHealth) {
    label.set_compartment(common::v1::COMPARTMENT_HEALTH);
    label.set_regime(common::v1::REGIME_HEALTH);
  } else if (organisation == kMunicipality || organisation == kAdultHelp) {
    label.set_compartment(common::v1::COMPARTMENT_FAMILY);
    label.set_regime(common::v1::REGIME_MUNICIPAL);
  }
  return label;
}

void Year::Note(Household& h) {
  if (!h.open()) return;
  Plan(h, dice_.Between(10, 30), [this](Household& f) { Note(f); });
  h.oracle->Look();
  for (const access::v1::Seat& s : h.the_case().seats()) {
    const Worker* w = town_.ByName(s.professional());
    if (w == nullptr || !Sits(s, Now()) || !dice_.Chance(50)) continue;
    if (!h.oracle->StaffSees(s, w->employed, common::v1::PURPOSE_COORDINATION, Now()).allowed) {
      continue;
    }
    Minutes();
    casework::v1::AddContributionRequest req;
    req.set_parent(h.case_name);
    const std::string mark = Mark();
    req.mutable_contribution()->set_text(absl::StrCat("Wat wij zagen: ", mark));
    *req.mutable_contribution()->mutable_label() = LabelFor(h, w->caller.claims.organisation());
    req.set_request_id(region_.RequestId());
    casework::v1::Contribution added;
    const std::string method = absl::StrCat(kCasework, "AddContribution");
    if (!Do(&h, w->caller, method, req, &added)) continue;
    h.items.push_back({Item::Kind::kNote, added.name(), mark, h.ScopeOf(added.label())});
    h.changed = true;
    if (dice_.Chance(10)) {
      // Sent again, as a client does that missed the answer: the same act, once.
      casework::v1::Contribution again;
      if (Do(&h, w->caller, method, req, &again) && again.name() != added.name()) {
        Finding(&h, "an act that was repeated happened twice");
      }
    }
  }
}

}  // namespace knooppunt::year
