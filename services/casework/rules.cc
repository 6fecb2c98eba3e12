#include "services/casework/rules.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status.h"
#include "security/policy/consent_rules.h"
#include "services/casework/errors.h"
#include "services/dossier/errors.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/dossier/text.h"

namespace knooppunt::casework {
namespace {

using access::v1::CASE_STATE_ACTIVE;
using access::v1::CASE_STATE_CLOSED;
using access::v1::CASE_STATE_OPEN;
using dossier::SeatJoined;
using dossier::SeatOpen;
using dossier::errors::InvalidField;

constexpr CaseTransition kCaseTransitions[] = {
    {CASE_STATE_OPEN, CaseAct::kAppoint, CASE_STATE_ACTIVE},
    {CASE_STATE_ACTIVE, CaseAct::kAppoint, CASE_STATE_ACTIVE},
    {CASE_STATE_OPEN, CaseAct::kClose, CASE_STATE_CLOSED},
    {CASE_STATE_ACTIVE, CaseAct::kClose, CASE_STATE_CLOSED},
    {CASE_STATE_CLOSED, CaseAct::kReopen, CASE_STATE_ACTIVE},
};

const base::Date kEarliestBirth(1900, 1, 1);

std::string FieldAt(absl::string_view list, int i, absl::string_view field) {
  return absl::StrCat(list, "[", i, "].", field);
}

using PersonsByKey = absl::flat_hash_map<std::string, int>;

PersonsByKey KeysOf(const v1::OpenCaseRequest& req) {
  PersonsByKey out;
  for (int i = 0; i < req.persons_size(); ++i) out.emplace(req.persons(i).key(), i);
  return out;
}

absl::Status CheckNewPerson(const v1::NewPerson& p, int i, base::Date today) {
  KP_RETURN_IF_ERROR(dossier::ValidateName(FieldAt("persons", i, "key"), p.key()));
  KP_RETURN_IF_ERROR(dossier::ValidateName(FieldAt("persons", i, "given_name"), p.given_name()));
  KP_RETURN_IF_ERROR(dossier::ValidateName(FieldAt("persons", i, "family_name"), p.family_name()));
  KP_ASSIGN_OR_RETURN(const base::Date birth,
                      dossier::ParseDay(FieldAt("persons", i, "birth_date"), p.birth_date()));
  if (birth < kEarliestBirth || birth > today) {
    return InvalidField(FieldAt("persons", i, "birth_date"), "be between 1900 and today");
  }
  if (p.role() == access::v1::FAMILY_ROLE_UNSPECIFIED ||
      !access::v1::FamilyRole_IsValid(p.role())) {
    return InvalidField(FieldAt("persons", i, "role"), "be stated");
  }
  if (p.account().empty()) return absl::OkStatus();
  return dossier::CheckDirectoryName(FieldAt("persons", i, "account"), p.account(), "accounts");
}

absl::Status CheckPersons(const v1::OpenCaseRequest& req, base::Date today) {
  if (req.persons().empty()) return InvalidField("persons", "not be empty");
  if (req.persons_size() > limits::kMaxPersonsPerFamily) {
    return InvalidField("persons", absl::StrCat("have at most ", limits::kMaxPersonsPerFamily));
  }
  absl::flat_hash_set<absl::string_view> keys, accounts;
  for (int i = 0; i < req.persons_size(); ++i) {
    const v1::NewPerson& p = req.persons(i);
    KP_RETURN_IF_ERROR(CheckNewPerson(p, i, today));
    if (!keys.insert(p.key()).second)
      return InvalidField(FieldAt("persons", i, "key"), "be unique");
    if (!p.account().empty() && !accounts.insert(p.account()).second) {
      return InvalidField(FieldAt("persons", i, "account"), "be one person's only");
    }
  }
  return absl::OkStatus();
}

bool IsChild(const v1::OpenCaseRequest& req, const PersonsByKey& keys, const std::string& key) {
  const auto it = keys.find(key);
  return it != keys.end() && req.persons(it->second).role() == access::v1::FAMILY_ROLE_CHILD;
}

absl::Status CheckNewGezag(const v1::OpenCaseRequest& req, const PersonsByKey& keys, int i) {
  const v1::NewGezag& g = req.gezag(i);
  if (!IsChild(req, keys, g.over_key())) {
    return InvalidField(FieldAt("gezag", i, "over_key"), "be the key of a child");
  }
  if (!g.holder_key().empty() && !g.holder_organisation().empty()) {
    return InvalidField(absl::StrCat("gezag[", i, "]"), "name one holder");
  }
  if (!g.holder_organisation().empty()) {
    return dossier::CheckDirectoryName(FieldAt("gezag", i, "holder_organisation"),
                                       g.holder_organisation(), "organisations");
  }
  if (!g.holder_key().empty() &&
      (!keys.contains(g.holder_key()) || IsChild(req, keys, g.holder_key()))) {
    return InvalidField(FieldAt("gezag", i, "holder_key"),
                        "be the key of somebody who is not a child");
  }
  return absl::OkStatus();
}

absl::Status CheckGezag(const v1::OpenCaseRequest& req, const PersonsByKey& keys) {
  if (req.gezag_size() > limits::kMaxPersonsPerFamily * 4) {
    return InvalidField("gezag", absl::StrCat("have at most ", limits::kMaxPersonsPerFamily * 4));
  }
  absl::flat_hash_set<std::string> seen;
  for (int i = 0; i < req.gezag_size(); ++i) {
    KP_RETURN_IF_ERROR(CheckNewGezag(req, keys, i));
    if (!seen.insert(req.gezag(i).SerializeAsString()).second) {
      return InvalidField(absl::StrCat("gezag[", i, "]"), "be stated once");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckChildren(const v1::OpenCaseRequest& req, const PersonsByKey& keys) {
  if (req.children().empty()) return InvalidField("children", "not be empty");
  absl::flat_hash_set<absl::string_view> seen;
  for (int i = 0; i < req.children_size(); ++i) {
    const std::string& key = req.children(i);
    if (!IsChild(req, keys, key) || !seen.insert(key).second) {
      return InvalidField(absl::StrCat("children[", i, "]"), "be the key of a child, once");
    }
    const bool stated = std::any_of(req.gezag().begin(), req.gezag().end(),
                                    [&](const v1::NewGezag& g) { return g.over_key() == key; });
    if (!stated) return errors::GezagMissing();
  }
  return absl::OkStatus();
}

Seat FamilySeat(absl::string_view id, absl::string_view person, absl::Time now) {
  Seat seat;
  seat.set_id(std::string(id));
  seat.set_person(std::string(person));
  seat.set_role(access::v1::SEAT_ROLE_FAMILY);
  seat.set_state(access::v1::SEAT_STATE_JOINED);
  seat.set_start_time(absl::ToUnixSeconds(now));
  return seat;
}

Seat OpenerSeat(const Opener& opener, absl::string_view id, absl::Time now) {
  Seat seat;
  seat.set_id(std::string(id));
  seat.set_professional(opener.claims.subject());
  seat.set_organisation(opener.claims.organisation());
  seat.set_function(opener.claims.function());
  seat.set_display_name(opener.claims.display_name());
  seat.set_role(access::v1::SEAT_ROLE_WERKPLAATS);
  seat.set_state(access::v1::SEAT_STATE_JOINED);
  seat.set_start_time(absl::ToUnixSeconds(now));
  return seat;
}

void AddPersonsAndGezag(const v1::OpenCaseRequest& req, const IdSource& id, absl::Time now,
                        FamilyFacts* facts) {
  const PersonsByKey keys = KeysOf(req);
  for (int i = 0; i < req.persons_size(); ++i) {
    access::v1::PersonFact* p = facts->add_persons();
    p->set_id(id("p", i));
    p->set_birth_date(req.persons(i).birth_date());
    p->set_role(req.persons(i).role());
    p->set_account(req.persons(i).account());
  }
  for (int i = 0; i < req.gezag_size(); ++i) {
    const v1::NewGezag& asked = req.gezag(i);
    access::v1::Gezag* g = facts->add_gezag();
    g->set_id(id("g", i));
    g->set_over(id("p", keys.at(asked.over_key())));
    if (!asked.holder_key().empty()) g->set_holder_person(id("p", keys.at(asked.holder_key())));
    g->set_holder_organisation(asked.holder_organisation());
    g->set_start_date(base::FormatDate(base::DateOf(now)));
  }
}

// Holders of gezag over a child of the case, and the case's own youths from 12.
bool SitsAtTable(const FamilyFacts& facts, const access::v1::PersonFact& p,
                 const std::vector<std::string>& children, base::Date on) {
  if (std::find(children.begin(), children.end(), p.id()) != children.end()) {
    return policy::AgeOf(p, on) >= dossier::kYouthAge;
  }
  return dossier::HoldsGezagOverAny(facts, p.id(), children, on);
}

bool Attended(const v1::ConcludeMeetingRequest& req, absl::string_view seat) {
  return std::any_of(req.attendances().begin(), req.attendances().end(),
                     [&](const v1::Attendance& a) { return a.seat() == seat; });
}

}  // namespace

// ---- The case -----------------------------------------------------------------

absl::Span<const CaseTransition> CaseTransitions() { return kCaseTransitions; }

absl::StatusOr<CaseState> NextState(CaseState from, CaseAct act) {
  for (const CaseTransition& t : kCaseTransitions) {
    if (t.from == from && t.act == act) return t.to;
  }
  return errors::ForbiddenTransition();
}

void CloseCaseFact(CaseFact* c, CaseState next, absl::Time now) {
  const int64_t t = absl::ToUnixSeconds(now);
  c->set_state(next);
  c->set_close_time(t);
  c->clear_review_date();
  if (!c->terms().empty() && c->terms().rbegin()->end_time() == 0) {
    c->mutable_terms()->rbegin()->set_end_time(t);
  }
}

bool IsAboutAlone(const CaseFact& c, absl::string_view person) {
  return !person.empty() && c.children_size() == 1 && c.children(0) == person;
}

absl::Status CheckClosingWords(const common::v1::Label& label, absl::string_view youth) {
  const common::v1::About& about = label.about();
  const bool own = !about.family() && about.persons_size() == 1 && about.persons(0) == youth;
  return own ? absl::OkStatus() : errors::ClosingIsAboutYou();
}

// ---- Opening ------------------------------------------------------------------

absl::Status CheckOpening(const v1::OpenCaseRequest& req, base::Date today) {
  KP_RETURN_IF_ERROR(dossier::CheckDirectoryName("werkplaats", req.werkplaats(), "werkplaatsen"));
  if (req.level() == v1::SIGNAL_LEVEL_UNSPECIFIED || !v1::SignalLevel_IsValid(req.level())) {
    return InvalidField("level", "be stated");
  }
  KP_RETURN_IF_ERROR(dossier::ValidateText("reason", req.reason(), {}));
  KP_RETURN_IF_ERROR(
      dossier::ValidateText("family_reason", req.family_reason(), {.required = false}));
  KP_RETURN_IF_ERROR(CheckPersons(req, today));
  const PersonsByKey keys = KeysOf(req);
  KP_RETURN_IF_ERROR(CheckGezag(req, keys));
  KP_RETURN_IF_ERROR(CheckChildren(req, keys));
  return req.family_told() ? absl::OkStatus() : errors::FamilyNotTold();
}

std::vector<int> ChildrenOf(const v1::OpenCaseRequest& req) {
  const PersonsByKey keys = KeysOf(req);
  std::vector<int> out;
  for (const std::string& key : req.children()) {
    const auto it = keys.find(key);
    if (it != keys.end()) out.push_back(it->second);
  }
  return out;
}

FamilyFacts NewFamily(const v1::OpenCaseRequest& req, absl::string_view family,
                      const Opener& opener, const IdSource& id, absl::Time now) {
  FamilyFacts facts;
  facts.set_id(std::string(family));
  AddPersonsAndGezag(req, id, now, &facts);
  std::vector<std::string> children;
  for (int i : ChildrenOf(req)) children.push_back(id("p", i));
  std::sort(children.begin(), children.end());

  CaseFact* c = facts.add_cases();
  c->set_id(id("c", 0));
  c->set_state(CASE_STATE_OPEN);
  c->set_phase(access::v1::CASE_PHASE_SIGNAL);
  c->set_werkplaats(req.werkplaats());
  c->set_organisation(std::string(opener.organisation));
  c->mutable_children()->Assign(children.begin(), children.end());
  c->set_open_time(absl::ToUnixSeconds(now));
  *c->add_seats() = OpenerSeat(opener, id("s", 0), now);
  for (int i = 0; i < facts.persons_size(); ++i) {
    if (SitsAtTable(facts, facts.persons(i), children, base::DateOf(now))) {
      *c->add_seats() = FamilySeat(id("s", i + 1), facts.persons(i).id(), now);
    }
  }
  return facts;
}

// ---- The table ----------------------------------------------------------------

absl::Status CheckInvitation(const CaseFact& c, const v1::InviteParticipantRequest& req,
                             const access::v1::ProfessionalFacts& professional, absl::Time now) {
  KP_RETURN_IF_ERROR(
      dossier::CheckDirectoryName("professional", req.professional(), "professionals"));
  KP_RETURN_IF_ERROR(
      dossier::CheckDirectoryName("organisation", req.organisation(), "organisations"));
  if (req.function() == common::v1::FUNCTION_UNSPECIFIED ||
      !common::v1::Function_IsValid(req.function())) {
    return InvalidField("function", "be stated");
  }
  const bool ad_hoc = req.role() == access::v1::SEAT_ROLE_AD_HOC;
  if (!ad_hoc && req.role() != access::v1::SEAT_ROLE_CORE_PARTNER)
    return errors::RoleNotByInvitation();
  if (ad_hoc == req.end_date().empty()) return errors::PeriodRequired();
  if (ad_hoc) {
    KP_ASSIGN_OR_RETURN(const base::Date end, dossier::ParseDay("end_date", req.end_date()));
    if (end <= base::DateOf(now)) return errors::PeriodRequired();
  }
  if (c.state() == CASE_STATE_CLOSED) return dossier::errors::CaseClosed();
  if (professional.name() != req.professional()) return errors::UnknownProfessional();
  if (dossier::FunctionAt(professional, req.organisation(), req.function(), base::DateOf(now)) ==
      common::v1::FUNCTION_UNSPECIFIED) {
    return errors::FunctionNotHeld();
  }
  for (const Seat& s : c.seats()) {
    if (SeatOpen(s, now) && s.professional() == req.professional() &&
        s.organisation() == req.organisation()) {
      return errors::AlreadyAtTable();
    }
  }
  return absl::OkStatus();
}

Seat InvitedSeat(const v1::InviteParticipantRequest& req,
                 const access::v1::ProfessionalFacts& professional, absl::string_view id,
                 absl::Time now) {
  Seat seat;
  seat.set_id(std::string(id));
  seat.set_professional(req.professional());
  seat.set_organisation(req.organisation());
  seat.set_function(req.function());
  seat.set_display_name(professional.display_name());
  seat.set_role(req.role());
  seat.set_state(access::v1::SEAT_STATE_INVITED);
  seat.set_start_time(absl::ToUnixSeconds(now));
  // R8: the end date is the first day on which the seat no longer holds.
  if (const auto end = base::ParseDate(req.end_date()); end.ok()) {
    seat.set_end_time(absl::ToUnixSeconds(base::StartOf(*end)));
  }
  return seat;
}

absl::Status EndSeat(CaseFact* c, absl::string_view seat_id, const Seat& by, absl::Time now) {
  Seat* seat = dossier::MutableSeat(c, seat_id);
  if (seat == nullptr) return dossier::errors::NotFound();
  if (!SeatOpen(*seat, now)) return errors::SeatEnded();
  const bool own = seat->id() == by.id() || seat->deputises() == by.id();
  if (!seat->person().empty() && !own) return errors::FamilySeatStays();
  if (seat->role() == access::v1::SEAT_ROLE_RECEIVER) return errors::ReceiverSeatStays();
  if (!own && by.organisation() != c->organisation() && !dossier::LeadsOrStandsIn(*c, by.id())) {
    return errors::NotYoursToEnd();
  }
  const dossier::Leader leader = dossier::LeaderAt(*c, now);
  const bool leads = leader.seat == seat->id();
  if (leader.stand_in_seat == seat->id() || (leads && leader.stand_in_seat.empty())) {
    return errors::NameStandInFirst();
  }
  const bool werkplaats_stays =
      seat->organisation() != c->organisation() || !seat->deputises().empty() ||
      std::any_of(c->seats().begin(), c->seats().end(), [&](const Seat& s) {
        // A deputy keeps nobody's seat warm: they leave with it (R39).
        return s.id() != seat_id && s.organisation() == c->organisation() &&
               s.deputises().empty() && SeatJoined(s, now);
      });
  if (c->state() != CASE_STATE_CLOSED && !werkplaats_stays) return errors::WerkplaatsWouldBeLeft();
  dossier::EndSeatAt(seat, now, "request");
  EndDeputiesOf(c, seat_id, now);
  if (leads) {
    dossier::ReplaceTerm(
        c, {.seat = leader.stand_in_seat, .stand_in_seat = "", .reason = "STAND_IN"}, now);
  }
  return absl::OkStatus();
}

Seat TakeOver(CaseFact* c, const access::v1::TokenClaims& who, absl::string_view id,
              absl::Time now) {
  for (Seat& s : *c->mutable_seats()) {
    if (s.organisation() != c->organisation() || s.role() == access::v1::SEAT_ROLE_RECEIVER ||
        !SeatJoined(s, now)) {
      continue;
    }
    dossier::EndSeatAt(&s, now, "employment");
    EndDeputiesOf(c, s.id(), now);
  }
  Seat* seat = c->add_seats();
  seat->set_id(std::string(id));
  seat->set_professional(who.subject());
  seat->set_organisation(who.organisation());
  seat->set_function(who.function());
  seat->set_display_name(who.display_name());
  seat->set_role(access::v1::SEAT_ROLE_WERKPLAATS);
  seat->set_state(access::v1::SEAT_STATE_JOINED);
  seat->set_start_time(absl::ToUnixSeconds(now));
  Seat out = *seat;
  dossier::ReplaceTerm(c, {.seat = out.id(), .stand_in_seat = "", .reason = "TAKEN_OVER"}, now);
  return out;
}

// ---- Meetings and steps ---------------------------------------------------------

absl::Status CheckAttendances(const CaseFact& c, const v1::ConcludeMeetingRequest& req,
                              absl::Time now) {
  absl::flat_hash_set<absl::string_view> seen;
  for (int i = 0; i < req.attendances_size(); ++i) {
    const v1::Attendance& a = req.attendances(i);
    if (a.how() == v1::ATTENDANCE_HOW_UNSPECIFIED || !v1::AttendanceHow_IsValid(a.how())) {
      return InvalidField(FieldAt("attendances", i, "how"), "be stated");
    }
    const Seat* seat = dossier::FindSeat(c, a.seat());
    if (seat == nullptr || !SeatJoined(*seat, now) || !seen.insert(a.seat()).second) {
      return errors::NotAtTable();
    }
  }
  return absl::OkStatus();
}

absl::Status CheckParents(const FamilyFacts& facts, const CaseFact& c,
                          const v1::ConcludeMeetingRequest& req, base::Date on) {
  const std::vector<std::string> children(c.children().begin(), c.children().end());
  for (const v1::Attendance& a : req.attendances()) {
    const Seat* seat = dossier::FindSeat(c, a.seat());
    if (seat == nullptr) continue;
    if (dossier::HoldsGezagOverAny(facts, seat->person(), children, on)) return absl::OkStatus();
    if (dossier::InstitutionHoldsGezagOverAny(facts, seat->organisation(), children, on)) {
      return absl::OkStatus();
    }
    const bool child =
        std::find(children.begin(), children.end(), seat->person()) != children.end();
    const access::v1::PersonFact* person = policy::FindPerson(facts, seat->person());
    if (child && person != nullptr && policy::AgeOf(*person, on) >= dossier::kYouthAloneAge) {
      return absl::OkStatus();
    }
  }
  KP_RETURN_IF_ERROR(dossier::ValidateText("parents_absent_reason", req.parents_absent_reason(),
                                           {.required = false}));
  if (req.parents_agreed() && dossier::ValidateText("", req.parents_absent_reason(), {}).ok()) {
    return absl::OkStatus();
  }
  return errors::NoParent();
}

bool MayOwnSteps(const Seat& s, const FamilyFacts& facts, const CaseFact& c, absl::Time now) {
  if (!SeatJoined(s, now)) return false;
  if (s.role() != access::v1::SEAT_ROLE_RECEIVER) return s.end_reason() != "handover";
  return std::any_of(facts.handovers().begin(), facts.handovers().end(),
                     [&](const access::v1::HandoverFact& h) {
                       return h.case_id() == c.id() && h.receiver() == s.organisation() &&
                              h.to_werkplaats().empty();
                     });
}

absl::Status CheckNewStep(absl::string_view field, const v1::NewStep& step,
                          const FamilyFacts& facts, const CaseFact& c, base::Date on,
                          absl::Time now) {
  KP_RETURN_IF_ERROR(dossier::ValidateText(absl::StrCat(field, ".text"), step.text(), {}));
  KP_ASSIGN_OR_RETURN(const base::Date due,
                      dossier::ParseDay(absl::StrCat(field, ".due_date"), step.due_date()));
  KP_RETURN_IF_ERROR(dossier::CheckLabel(absl::StrCat(field, ".label"), step.label(), facts));
  KP_RETURN_IF_ERROR(CheckCommitment(absl::StrCat(field, ".commitment"), step.commitment(), on));
  const Seat* owner = dossier::FindSeat(c, step.owner_seat());
  if (owner == nullptr || !MayOwnSteps(*owner, facts, c, now)) return errors::OwnerNotAtTable();
  return due < on ? errors::DueTooEarly() : absl::OkStatus();
}

v1::Step AgreedStep(const v1::NewStep& step, const CaseFact& c,
                    const access::v1::ProfessionalFacts& professional, base::Date on,
                    absl::Time now) {
  v1::Step out;
  out.set_text(step.text());
  out.set_owner_seat(step.owner_seat());
  out.set_due_date(step.due_date());
  if (!CommitsNothing(step.commitment())) *out.mutable_commitment() = step.commitment();
  const Binding binding = DecideBinding(step.commitment(), c, professional, on, now);
  out.set_state(binding.binding ? v1::STEP_STATE_BINDING : v1::STEP_STATE_PROPOSED);
  out.set_mandate(binding.mandate);
  out.set_proposal_reason(binding.proposal_reason);
  return out;
}

std::vector<std::string> AbsentCorePartners(const CaseFact& c,
                                            const v1::ConcludeMeetingRequest& req, absl::Time now) {
  std::vector<std::string> out;
  for (const Seat& s : c.seats()) {
    // Who was deputised was there through their deputy; a deputy is not one more partner (R39).
    const bool there = std::any_of(c.seats().begin(), c.seats().end(), [&](const Seat& a) {
      return dossier::ActsFor(a, s.id()) && Attended(req, a.id());
    });
    if (s.role() == access::v1::SEAT_ROLE_CORE_PARTNER && s.deputises().empty() &&
        SeatOpen(s, now) && !there) {
      out.push_back(s.id());
    }
  }
  return out;
}

absl::Status ConfirmFeedback(v1::Meeting* meeting, const Seat& by, absl::Time now) {
  if (meeting->state() != v1::MEETING_STATE_CONCLUDED) return errors::MeetingNotConcluded();
  for (v1::Feedback& f : *meeting->mutable_feedback()) {
    if (!dossier::ActsFor(by, f.seat())) continue;
    if (f.has_confirm_time()) return errors::AlreadyConfirmed();
    *f.mutable_confirm_time() = dossier::ToTimestamp(now);
    return absl::OkStatus();
  }
  return errors::NoFeedbackForYou();
}

absl::Status CompleteStep(v1::Step* step, const CaseFact& c, const Seat& by,
                          absl::string_view outcome) {
  KP_RETURN_IF_ERROR(dossier::ValidateText("outcome", outcome, {}));
  if (!dossier::ActsFor(by, step->owner_seat()) && !dossier::LeadsOrStandsIn(c, by.id())) {
    return errors::NotOwnerOrRegisseur();
  }
  if (step->state() != v1::STEP_STATE_BINDING) return errors::StepNotBinding();
  step->set_state(v1::STEP_STATE_DONE);
  AddOutcome(outcome, step);
  return absl::OkStatus();
}

absl::Status ReactToStep(v1::Step* step, const Seat& by, const v1::ReactToStepRequest& req,
                         absl::Time now) {
  KP_RETURN_IF_ERROR(dossier::ValidateText("text", req.text(), {.required = false}));
  if (!req.confirmed() && !dossier::ValidateText("", req.text(), {}).ok()) {
    return errors::DisputeNeedsText();
  }
  if (step->reactions_size() >= limits::kMaxSeatsPerCase * 4) {
    return dossier::errors::TooMany("reactions to one step");
  }
  v1::Reaction* reaction = step->add_reactions();
  reaction->set_seat(by.id());
  reaction->set_confirmed(req.confirmed());
  reaction->set_text(req.text());
  *reaction->mutable_time() = dossier::ToTimestamp(now);
  return absl::OkStatus();
}

}  // namespace knooppunt::casework
