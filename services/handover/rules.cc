#include "services/handover/rules.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "security/policy/closing.h"
#include "security/policy/consent_rules.h"
#include "security/policy/handover_kinds.h"
#include "services/dossier/errors.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/dossier/text.h"
#include "services/handover/archive_errors.h"
#include "services/handover/errors.h"

namespace knooppunt::handover {
namespace {

using dossier::SeatJoined;
using dossier::SeatOpen;
using dossier::errors::InvalidField;

// clang-format off
constexpr Transition kTransitions[] = {
#include "services/handover/transitions.inc"
};
// clang-format on

bool StandsOn(Side side, const Sides& sides) {
  switch (side) {
    case Side::kSender:
      return sides.sender;
    case Side::kReceiver:
      return sides.receiver;
    case Side::kEither:
      return sides.sender || sides.receiver;
    case Side::kFamily:
      return sides.family;
  }
  return false;
}

// To the receiving side, which has not yet accepted or returned it.
bool WasOffered(HandoverState state) {
  return state == v1::HANDOVER_STATE_OFFERED || state == v1::HANDOVER_STATE_RECEIVED ||
         state == v1::HANDOVER_STATE_CONVERSED;
}

// Functions that receive: who runs a knooppunt, and for adulthood who helps adults (R16).
const std::vector<common::v1::Function>& ReceivingFunctions(v1::HandoverKind kind) {
  static const auto* const kSchool = new std::vector<common::v1::Function>{
      common::v1::FUNCTION_INTERN_BEGELEIDER, common::v1::FUNCTION_CARE_COORDINATOR,
      common::v1::FUNCTION_UNSPECIFIED};
  static const auto* const kAdult =
      new std::vector<common::v1::Function>{common::v1::FUNCTION_SCHOOL_SOCIAL_WORKER};
  return kind == v1::HANDOVER_KIND_ADULTHOOD ? *kAdult : *kSchool;
}
common::v1::Function ReceivingFunction(v1::HandoverKind kind,
                                       const access::v1::ProfessionalFacts& receiver,
                                       absl::string_view organisation, base::Date on) {
  for (const auto wanted : ReceivingFunctions(kind)) {
    const auto held = dossier::FunctionAt(receiver, organisation, wanted, on);
    if (held != common::v1::FUNCTION_UNSPECIFIED) return held;
  }
  return common::v1::FUNCTION_UNSPECIFIED;
}

// The organisation that receives: that of the werkplaats, or for adulthood the one that is named.
const std::string& ToOrganisation(const v1::DraftHandoverRequest& req, const DraftWorld& world) {
  return req.kind() == v1::HANDOVER_KIND_ADULTHOOD ? world.to_organisation.name()
                                                   : world.to.organisation();
}

// The children that it is about, youngest last.
std::vector<const access::v1::PersonFact*> ChildrenOf(const FamilyFacts& facts,
                                                      const std::vector<std::string>& ids) {
  std::vector<const access::v1::PersonFact*> out;
  for (const access::v1::PersonFact& p : facts.persons()) {
    if (std::find(ids.begin(), ids.end(), p.id()) != ids.end()) out.push_back(&p);
  }
  std::sort(out.begin(), out.end(),
            [](const auto* a, const auto* b) { return a->birth_date() < b->birth_date(); });
  return out;
}
std::vector<std::string> ChildIds(const v1::DraftHandoverRequest& req, const CaseFact& c) {
  const auto chosen = ChosenAbout(req, c);
  if (!chosen.ok()) return {};
  const auto about = AboutCandidates(req)[*chosen];
  return {about.persons().begin(), about.persons().end()};
}
base::Date YoungestBirth(const FamilyFacts& facts, const std::vector<std::string>& ids,
                         base::Date today) {
  const auto children = ChildrenOf(facts, ids);
  if (children.empty()) return today;
  const auto birth = base::ParseDate(children.back()->birth_date());
  return birth.ok() ? *birth : today;
}
base::Date YoungestBirth(const v1::DraftHandoverRequest& req, const CaseFact& c,
                         const DraftWorld& world, base::Date today) {
  return YoungestBirth(world.facts, ChildIds(req, c), today);
}

absl::Status CheckPicks(const v1::DraftHandoverRequest& req, absl::string_view family,
                        absl::string_view case_id) {
  if (req.items().empty() && req.compartments().empty()) return errors::NothingPicked();
  if (req.items_size() > kMaxParts) {
    return InvalidField("items", absl::StrCat("have at most ", kMaxParts));
  }
  absl::flat_hash_set<absl::string_view> seen;
  for (const std::string& item : req.items()) {
    KP_RETURN_IF_ERROR(ParsePick(item, family, case_id).status());
    if (!seen.insert(item).second) return errors::NotAPart();
  }
  return absl::OkStatus();
}

// To another installation: who receives logs in there, so only the case and its kind can be
// checked.
absl::Status CheckElsewhere(const v1::DraftHandoverRequest& req, const DraftWorld& world) {
  if (!req.receiver().empty()) return errors::ReceiverLogsInElsewhere();
  if (!Moves(req.mode()) || req.kind() == v1::HANDOVER_KIND_ADULTHOOD ||
      !req.to_organisation().empty()) {
    return errors::ElsewhereMovesWhole();
  }
  return world.to.organisation().empty() ? errors::UnknownWerkplaats() : absl::OkStatus();
}

// R27: a seat to receive at a werkplaats that has closed. It ends with this draft, which puts the
// handover away that it was for.
bool OfEndedOffer(const Seat& s, const CaseFact& c, const DraftWorld& world) {
  if (s.role() != access::v1::SEAT_ROLE_RECEIVER) return false;
  bool any = false;
  for (const access::v1::HandoverFact& h : world.facts.handovers()) {
    if (!h.offered() || h.case_id() != c.id() || h.receiver() != s.organisation()) continue;
    if (std::find(world.closed.begin(), world.closed.end(), h.to_werkplaats()) ==
        world.closed.end()) {
      return false;
    }
    any = true;
  }
  return any;
}

absl::Status CheckReceivingSide(const v1::DraftHandoverRequest& req, const CaseFact& c,
                                const DraftWorld& world, absl::Time now) {
  const bool stays = world.row.may_stay() && world.to.name() == c.werkplaats();
  if (world.to.name() != req.to_werkplaats()) return errors::UnknownWerkplaats();
  if (world.to.name() == c.werkplaats() && !stays) return errors::SameWerkplaats();
  if (world.row.may_stay() && !stays) return errors::StaysAtItsWerkplaats();
  if (world.from.name() != c.werkplaats() || !policy::LeadsFrom(world.row, world.from.stage()) ||
      !policy::LeadsTo(world.row, world.to.stage())) {
    return errors::KindDoesNotFit();
  }
  // Where only the help changes hands, the werkplaats receives nothing.
  if (!world.row.may_stay()) {
    const base::Date start = StartDay(world.facts, ChildIds(req, c), world.row, base::DateOf(now));
    KP_RETURN_IF_ERROR(CheckStanding(world.to.close_date(), start));
  }
  if (!world.installation.empty()) return CheckElsewhere(req, world);
  const std::string& organisation = ToOrganisation(req, world);
  const bool adult = req.kind() == v1::HANDOVER_KIND_ADULTHOOD;
  if (adult != !req.to_organisation().empty()) return errors::AdultHelpDoesNotFit();
  if (adult && world.to_organisation.kind() != common::v1::ORGANISATION_KIND_SOCIAL_WORK) {
    return errors::AdultHelpDoesNotFit();
  }
  if (world.receiver.name() != req.receiver() ||
      ReceivingFunction(req.kind(), world.receiver, organisation, base::DateOf(now)) ==
          common::v1::FUNCTION_UNSPECIFIED) {
    return errors::NotAtReceivingSide();
  }
  for (const Seat& s : c.seats()) {
    if (s.professional() == req.receiver() && SeatOpen(s, now) && !OfEndedOffer(s, c, world)) {
      return errors::ReceiverAtTable();
    }
  }
  return absl::OkStatus();
}

// R30: not sooner than its kind says. R16: adulthood is about one youth.
absl::Status CheckStart(const v1::DraftHandoverRequest& req, const CaseFact& c,
                        const DraftWorld& world, base::Date today) {
  const base::Date birth = YoungestBirth(req, c, world, today);
  if (req.kind() == v1::HANDOVER_KIND_ADULTHOOD &&
      (ChildIds(req, c).size() != 1 || !Moves(req.mode()))) {
    return errors::AdulthoodIsOfOne();
  }
  const policy::KindDates dates = policy::DatesOf(world.row, today, birth);
  return today < dates.earliest ? errors::TooEarly() : absl::OkStatus();
}

}  // namespace

// ---- The states -----------------------------------------------------------------

absl::Span<const Transition> Transitions() { return kTransitions; }

Sides SidesOf(const v1::Handover& h, const CaseFact& c, const Caller& caller) {
  Sides out;
  if (!caller.person.empty()) {
    out.family = true;
    return out;
  }
  // What came from another installation is accepted or returned by ArchiveService alone.
  if (h.elsewhere().from_there()) return out;
  if (caller.professional == h.receiver() && caller.organisation == h.to_organisation()) {
    out.receiver = true;
    return out;
  }
  out.sender = !caller.organisation.empty() && (caller.organisation == c.organisation() ||
                                                dossier::LeadsOrStandsIn(c, caller.seat));
  return out;
}

bool Runs(HandoverState state) {
  switch (state) {
    case v1::HANDOVER_STATE_DRAFTED:
    case v1::HANDOVER_STATE_SHOWN:
    case v1::HANDOVER_STATE_AUTHORISED:
    case v1::HANDOVER_STATE_OFFERED:
    case v1::HANDOVER_STATE_RECEIVED:
    case v1::HANDOVER_STATE_CONVERSED:
      return true;
    default:
      return false;
  }
}

bool ReceiverClosed(const v1::Handover& h, base::Date today) {
  return policy::ClosedBy(h.receiver_close_date(), today);
}

HandoverState StateOn(const v1::Handover& h, base::Date today) {
  if (!Runs(h.state())) return h.state();
  if (ReceiverClosed(h, today)) return v1::HANDOVER_STATE_EXPIRED;
  const auto expires = base::ParseDate(h.expire_date());
  const int waits = WasOffered(h.state()) ? h.elsewhere().receipt_days() : 0;
  return expires.ok() && today <= *expires + waits ? h.state() : v1::HANDOVER_STATE_EXPIRED;
}

absl::StatusOr<const Transition*> FindTransition(const v1::Handover& h, Act act, const Sides& sides,
                                                 base::Date today) {
  const bool expired = StateOn(h, today) == v1::HANDOVER_STATE_EXPIRED;
  const auto over = [&] {
    return ReceiverClosed(h, today) ? errors::ReceiverHasClosed() : errors::Expired();
  };
  for (const Transition& t : kTransitions) {
    if (t.from != h.state() || t.act != act) continue;
    if (expired && (t.guards & guard::kTime) != 0) return over();
    if (!StandsOn(t.who, sides)) return errors::NotYourSide();
    return &t;
  }
  return expired ? over() : errors::ForbiddenTransition();
}

void Record(v1::Handover* h, const ActEntry& entry, absl::Time now) {
  h->set_state(entry.state);
  v1::HandoverAct* act = h->add_acts();
  act->set_state(entry.state);
  act->set_actor(entry.actor);
  *act->mutable_time() = dossier::ToTimestamp(now);
  act->set_note(std::string(entry.note));
}

// ---- Drafting ---------------------------------------------------------------------

absl::StatusOr<PickedName> ParsePick(absl::string_view name, absl::string_view family,
                                     absl::string_view case_id) {
  struct Pattern {
    absl::string_view pattern;
    PickedName::Kind kind;
  };
  static constexpr Pattern kPatterns[] = {
      {"families/*/persons/*", PickedName::Kind::kPerson},
      {"families/*/cases/*", PickedName::Kind::kOpening},
      {"families/*/cases/*/wishes/*", PickedName::Kind::kWish},
      {"families/*/cases/*/goals/*", PickedName::Kind::kGoal},
      {"families/*/cases/*/assets/*", PickedName::Kind::kAsset},
      {"families/*/cases/*/arrangements/*", PickedName::Kind::kArrangement},
      {"families/*/cases/*/steps/*", PickedName::Kind::kStep},
      {"families/*/cases/*/contributions/*", PickedName::Kind::kContribution},
      {"families/*/cases/*/documents/*", PickedName::Kind::kDocument},
      {"families/*/cases/*/documents/*/versions/*", PickedName::Kind::kDocument},
  };
  for (const Pattern& p : kPatterns) {
    const auto parsed = base::ResourceName::Parse(name, p.pattern);
    if (!parsed.ok()) continue;
    const bool of_case = parsed->Id("cases").empty() || parsed->Id("cases") == case_id;
    if (parsed->Id("families") != family || !of_case) break;
    const bool opening = p.kind == PickedName::Kind::kOpening;
    const bool document = p.kind == PickedName::Kind::kDocument;
    return PickedName{
        p.kind, opening ? "" : std::string(document ? parsed->Id("documents") : parsed->last_id())};
  }
  return errors::NotAPart();
}

std::vector<common::v1::About> AboutCandidates(const v1::DraftHandoverRequest& req) {
  common::v1::About all;
  *all.mutable_persons() = req.children();
  if (!all.persons().empty()) return {dossier::Normalised(all)};
  for (const std::string& item : req.items()) {
    const auto name = base::ResourceName::Parse(item, "families/*/persons/*");
    if (name.ok()) all.add_persons(std::string(name->last_id()));
  }
  all = dossier::Normalised(all);
  if (all.persons().empty()) return {};
  std::vector<common::v1::About> out = {all};
  if (all.persons_size() == 1) return out;
  for (const std::string& p : all.persons()) out.emplace_back().add_persons(p);
  return out;
}

bool Moves(v1::HandoverMode mode) { return mode != v1::HANDOVER_MODE_JOIN; }

bool GoesElsewhere(const v1::Handover& h) {
  return h.has_elsewhere() && !h.elsewhere().from_there();
}

bool TravelsElsewhere(const common::v1::Label& label) {
  return label.compartment() == common::v1::COMPARTMENT_EDUCATION &&
         label.regime() == common::v1::REGIME_EDUCATION;
}

absl::StatusOr<int> ChosenAbout(const v1::DraftHandoverRequest& req, const CaseFact& c) {
  const std::vector<common::v1::About> candidates = AboutCandidates(req);
  for (size_t i = 0; i < candidates.size(); ++i) {
    const auto& persons = candidates[i].persons();
    const bool all =
        std::equal(persons.begin(), persons.end(), c.children().begin(), c.children().end());
    const bool some =
        !all && std::all_of(persons.begin(), persons.end(), [&](const std::string& p) {
          return std::find(c.children().begin(), c.children().end(), p) != c.children().end();
        });
    if (Moves(req.mode()) ? all : some) return static_cast<int>(i);
  }
  return Moves(req.mode()) ? errors::ChildrenDiffer() : errors::JoinIsForSome();
}

base::Date StartDay(const FamilyFacts& facts, const std::vector<std::string>& children,
                    const v1::HandoverKindRow& row, base::Date today) {
  return std::max(today, policy::DatesOf(row, today, YoungestBirth(facts, children, today)).anchor);
}

absl::Status CheckStanding(absl::string_view close_date, base::Date start) {
  return policy::ClosedBy(close_date, start) ? errors::WerkplaatsCloses() : absl::OkStatus();
}

absl::Status CheckDraft(const v1::DraftHandoverRequest& req, const CaseFact& c,
                        const DraftWorld& world, absl::Time now) {
  if (!v1::HandoverMode_IsValid(req.mode())) return InvalidField("mode", "be MOVE or JOIN");
  KP_RETURN_IF_ERROR(
      dossier::CheckDirectoryName("to_werkplaats", req.to_werkplaats(), "werkplaatsen"));
  if (world.installation.empty()) {
    KP_RETURN_IF_ERROR(dossier::CheckDirectoryName("receiver", req.receiver(), "professionals"));
  }
  KP_ASSIGN_OR_RETURN(const auto parent,
                      base::ResourceName::Parse(req.parent(), "families/*/cases/*"));
  KP_RETURN_IF_ERROR(CheckPicks(req, parent.Id("families"), parent.Id("cases")));
  KP_RETURN_IF_ERROR(ChosenAbout(req, c).status());
  const base::Date today = base::DateOf(now);
  if (!req.expire_date().empty()) {
    KP_ASSIGN_OR_RETURN(const base::Date expires,
                        dossier::ParseDay("expire_date", req.expire_date()));
    if (expires <= today) return errors::ExpiryInThePast();
  }
  if (c.state() != access::v1::CASE_STATE_ACTIVE) return dossier::errors::CaseNotActive();
  KP_RETURN_IF_ERROR(CheckReceivingSide(req, c, world, now));
  return CheckStart(req, c, world, today);
}

v1::Handover Drafted(const v1::DraftHandoverRequest& req, const CaseFact& c,
                     const DraftWorld& world, base::Date today) {
  v1::Handover h;
  h.set_case_(req.parent());
  h.set_kind(req.kind());
  h.set_mode(Moves(req.mode()) ? v1::HANDOVER_MODE_MOVE : v1::HANDOVER_MODE_JOIN);
  h.set_from_werkplaats(c.werkplaats());
  h.set_from_organisation(c.organisation());
  h.set_to_werkplaats(req.to_werkplaats());
  h.set_to_organisation(ToOrganisation(req, world));
  h.set_receiver(req.receiver());
  if (world.installation.empty()) {
    h.set_receiver_function(
        ReceivingFunction(req.kind(), world.receiver, h.to_organisation(), today));
    h.set_receiver_display_name(world.receiver.display_name());
  } else {
    h.mutable_elsewhere()->set_installation(std::string(world.installation));
    h.mutable_elsewhere()->set_werkplaats_name(world.to.display_name());
    h.mutable_elsewhere()->set_own_werkplaats_name(world.from.display_name());
    h.mutable_elsewhere()->set_receipt_days(policy::ReceiptDays(world.row));
  }
  *h.mutable_items() = req.items();
  std::sort(h.mutable_items()->begin(), h.mutable_items()->end());
  for (std::string& id : ChildIds(req, c)) h.add_children(std::move(id));
  const policy::KindDates dates =
      policy::DatesOf(world.row, today, YoungestBirth(req, c, world, today));
  h.set_due_date(base::FormatDate(dates.due));
  if (req.kind() == v1::HANDOVER_KIND_ADULTHOOD) {
    h.set_adult_date(base::FormatDate(dates.anchor));
  }
  h.set_expire_date(req.expire_date().empty() ? base::FormatDate(std::max(dates.due, dates.anchor))
                                              : req.expire_date());
  return h;
}

bool InTheWay(const v1::Handover& other, const v1::Handover& drafted) {
  if (Moves(other.mode()) && Moves(drafted.mode())) return true;
  if (other.receiver() == drafted.receiver()) return true;
  return !Moves(other.mode()) && !Moves(drafted.mode()) &&
         std::any_of(other.children().begin(), other.children().end(), [&](const auto& child) {
           return std::find(drafted.children().begin(), drafted.children().end(), child) !=
                  drafted.children().end();
         });
}

// ---- Consent ------------------------------------------------------------------------

bool MayTravel(const FamilyFacts& facts, const common::v1::Label& label, absl::string_view receiver,
               const InForce& in_force) {
  if (receiver.empty()) return false;
  if (label.controller() == receiver) return true;
  return std::any_of(facts.consents().begin(), facts.consents().end(),
                     [&](const access::v1::ConsentFact& named) {
                       if (named.recipient() != receiver || !in_force(named.id())) return false;
                       const access::v1::ConsentFact c = policy::EffectiveConsent(named);
                       const auto has = [](const auto& list, int x) {
                         return std::find(list.begin(), list.end(), x) != list.end();
                       };
                       return has(c.purposes(), common::v1::PURPOSE_HANDOVER) &&
                              has(c.compartments(), label.compartment()) &&
                              policy::AboutCovers(c.about(), label.about());
                     });
}

bool OfferedTo(const v1::Handover& h, absl::string_view professional,
               absl::string_view organisation, absl::string_view item_name) {
  return WasOffered(h.state()) && h.receiver() == professional &&
         h.to_organisation() == organisation &&
         std::find(h.items().begin(), h.items().end(), item_name) != h.items().end();
}

// ---- Facts that move -------------------------------------------------------------------

access::v1::HandoverFact* MutableHandoverFact(FamilyFacts* facts, absl::string_view id) {
  for (access::v1::HandoverFact& f : *facts->mutable_handovers()) {
    if (f.id() == id) return &f;
  }
  return nullptr;
}

void RemoveHandoverFact(FamilyFacts* facts, absl::string_view handover_id) {
  auto* list = facts->mutable_handovers();
  list->erase(
      std::remove_if(list->begin(), list->end(),
                     [&](const access::v1::HandoverFact& f) { return f.id() == handover_id; }),
      list->end());
}

Seat* ReceiverSeat(CaseFact* c, const v1::Handover& h, absl::Time now) {
  for (Seat& s : *c->mutable_seats()) {
    if (s.role() == access::v1::SEAT_ROLE_RECEIVER && s.professional() == h.receiver() &&
        SeatOpen(s, now)) {
      return &s;
    }
  }
  return nullptr;
}

void Offer(FamilyFacts* facts, CaseFact* c, const v1::Handover& h, absl::string_view handover_id,
           absl::string_view seat_id, absl::Time now) {
  access::v1::HandoverFact* fact = MutableHandoverFact(facts, handover_id);
  if (GoesElsewhere(h)) {
    // Nobody there sits at the table here; and what closes there from now on, the other
    // installation says itself: a receipt may still come.
    if (fact != nullptr) fact->clear_to_werkplaats();
    return;
  }
  if (fact != nullptr) fact->set_offered(true);
  Seat* seat = c->add_seats();
  seat->set_id(std::string(seat_id));
  seat->set_professional(h.receiver());
  seat->set_organisation(h.to_organisation());
  seat->set_function(h.receiver_function());
  seat->set_display_name(h.receiver_display_name());
  seat->set_role(access::v1::SEAT_ROLE_RECEIVER);
  seat->set_state(access::v1::SEAT_STATE_JOINED);
  seat->set_start_time(absl::ToUnixSeconds(now));
  // So that access ends with the offer, whether or not anybody acts on that day.
  if (const auto expires = base::ParseDate(h.expire_date()); expires.ok()) {
    seat->set_end_time(absl::ToUnixSeconds(base::StartOf(*expires + 1)));
  }
}

void EndOffer(FamilyFacts* facts, CaseFact* c, const v1::Handover& h, absl::string_view handover_id,
              absl::Time now) {
  if (Seat* seat = ReceiverSeat(c, h, now); seat != nullptr)
    dossier::EndSeatAt(seat, now, "handover");
  RemoveHandoverFact(facts, handover_id);
}

namespace {

// Whether somebody of the party is among `seats`.
bool TookPart(v1::HandoverParty party, const std::vector<const Seat*>& seats, const CaseFact& c,
              const v1::Handover& h) {
  return std::any_of(seats.begin(), seats.end(), [&](const Seat* s) {
    const bool receives = s->role() == access::v1::SEAT_ROLE_RECEIVER;
    switch (party) {
      case v1::HANDOVER_PARTY_SENDER:
        return !receives && s->organisation() == h.from_organisation();
      case v1::HANDOVER_PARTY_RECEIVER:
        return receives && s->organisation() == h.to_organisation();
      case v1::HANDOVER_PARTY_FAMILY:
        return !s->person().empty();
      case v1::HANDOVER_PARTY_YOUTH:
        return !s->person().empty() && std::find(c.children().begin(), c.children().end(),
                                                 s->person()) != c.children().end();
      case v1::HANDOVER_PARTY_YOUTH_HEALTH:
        return s->function() == common::v1::FUNCTION_JGZ_NURSE ||
               s->function() == common::v1::FUNCTION_JGZ_DOCTOR;
      case v1::HANDOVER_PARTY_MUNICIPALITY:
        return s->function() == common::v1::FUNCTION_MUNICIPAL_CONSULTANT;
      default:
        return false;
    }
  });
}

bool AbsentForAReason(v1::HandoverParty party, const v1::Conversation& conversation) {
  return std::any_of(
      conversation.absences().begin(), conversation.absences().end(),
      [&](const v1::Absence& a) { return a.party() == party && !a.reason().empty(); });
}

}  // namespace

absl::Status CheckInvitation(const v1::ConversationInvitation& invitation, const CaseFact& c,
                             const v1::Handover& h, absl::Time now) {
  KP_ASSIGN_OR_RETURN(const base::Date date,
                      dossier::ParseDay("invitation.date", invitation.date()));
  KP_RETURN_IF_ERROR(dossier::ValidateName("invitation.how", invitation.how()));
  if (date < base::DateOf(now)) return errors::InvitationInThePast();
  if (h.invitations_size() >= limits::kMaxHandoverInvitations) {
    return dossier::errors::TooMany("invitations to the conversation");
  }
  absl::flat_hash_set<absl::string_view> seen;
  for (const std::string& id : invitation.seats()) {
    const Seat* s = dossier::FindSeat(c, id);
    if (s == nullptr || !SeatJoined(*s, now) || !seen.insert(id).second) {
      return errors::ConversationNotAtTable();
    }
  }
  return seen.empty() ? errors::ConversationNotAtTable() : absl::OkStatus();
}

absl::Status CheckConversation(const v1::Conversation& conversation, const CaseFact& c,
                               const v1::Handover& h, const v1::HandoverKindRow& row,
                               absl::Time now) {
  KP_ASSIGN_OR_RETURN(const base::Date date,
                      dossier::ParseDay("conversation.date", conversation.date()));
  KP_RETURN_IF_ERROR(dossier::ValidateName("conversation.how", conversation.how()));
  KP_RETURN_IF_ERROR(dossier::ValidateText("conversation.family_absent_reason",
                                           conversation.family_absent_reason(),
                                           {.required = false}));
  if (conversation.absences_size() >= v1::HandoverParty_ARRAYSIZE) {
    return InvalidField("conversation.absences", "name each party once");
  }
  for (const v1::Absence& a : conversation.absences()) {
    KP_RETURN_IF_ERROR(dossier::ValidateText("conversation.absences.reason", a.reason(), {}));
  }
  if (date > base::DateOf(now)) return errors::ConversationInFuture();
  absl::flat_hash_set<absl::string_view> seen;
  std::vector<const Seat*> seats;
  for (const std::string& id : conversation.seats()) {
    const Seat* s = dossier::FindSeat(c, id);
    if (s == nullptr || !SeatJoined(*s, now) || !seen.insert(id).second) {
      return errors::ConversationNotAtTable();
    }
    seats.push_back(s);
  }
  const auto there = [&](v1::HandoverParty party) { return TookPart(party, seats, c, h); };
  if (!there(v1::HANDOVER_PARTY_SENDER) || !there(v1::HANDOVER_PARTY_RECEIVER)) {
    return errors::ConversationOneSided();
  }
  const bool reason = dossier::ValidateText("", conversation.family_absent_reason(), {}).ok();
  if (!there(v1::HANDOVER_PARTY_FAMILY) && !reason &&
      !AbsentForAReason(v1::HANDOVER_PARTY_FAMILY, conversation)) {
    return errors::ConversationNoFamily();
  }
  for (const int asked : row.must_take_part()) {
    const auto party = static_cast<v1::HandoverParty>(asked);
    if (party != v1::HANDOVER_PARTY_FAMILY && !there(party) &&
        !AbsentForAReason(party, conversation)) {
      return errors::ConversationLacksParty();
    }
  }
  return absl::OkStatus();
}

}  // namespace knooppunt::handover
