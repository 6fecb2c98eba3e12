#include "services/handover/rules.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "security/policy/consent_rules.h"
#include "services/dossier/errors.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/dossier/text.h"
#include "services/handover/errors.h"

namespace knooppunt::handover {
namespace {

using dossier::SeatJoined;
using dossier::SeatOpen;
using dossier::errors::InvalidField;

// clang-format off
constexpr Transition kTransitions[] = {
    {v1::HANDOVER_STATE_DRAFTED,    Act::kShow,      v1::HANDOVER_STATE_SHOWN,      Side::kSender},
    {v1::HANDOVER_STATE_SHOWN,      Act::kAddView,   v1::HANDOVER_STATE_SHOWN,      Side::kFamily},
    {v1::HANDOVER_STATE_SHOWN,      Act::kAuthorise, v1::HANDOVER_STATE_AUTHORISED, Side::kSender},
    {v1::HANDOVER_STATE_AUTHORISED, Act::kOffer,     v1::HANDOVER_STATE_OFFERED,    Side::kSender},
    {v1::HANDOVER_STATE_OFFERED,    Act::kReceive,   v1::HANDOVER_STATE_RECEIVED,   Side::kReceiver},
    {v1::HANDOVER_STATE_RECEIVED,   Act::kConverse,  v1::HANDOVER_STATE_CONVERSED,  Side::kEither},
    {v1::HANDOVER_STATE_CONVERSED,  Act::kAccept,    v1::HANDOVER_STATE_ACCEPTED,   Side::kReceiver},
    {v1::HANDOVER_STATE_ACCEPTED,   Act::kClose,     v1::HANDOVER_STATE_CLOSED,     Side::kEither},
    {v1::HANDOVER_STATE_OFFERED,    Act::kReturn,    v1::HANDOVER_STATE_RETURNED,   Side::kReceiver},
    {v1::HANDOVER_STATE_RECEIVED,   Act::kReturn,    v1::HANDOVER_STATE_RETURNED,   Side::kReceiver},
    {v1::HANDOVER_STATE_CONVERSED,  Act::kReturn,    v1::HANDOVER_STATE_RETURNED,   Side::kReceiver},
    {v1::HANDOVER_STATE_DRAFTED,    Act::kWithdraw,  v1::HANDOVER_STATE_WITHDRAWN,  Side::kSender},
    {v1::HANDOVER_STATE_SHOWN,      Act::kWithdraw,  v1::HANDOVER_STATE_WITHDRAWN,  Side::kSender},
    {v1::HANDOVER_STATE_AUTHORISED, Act::kWithdraw,  v1::HANDOVER_STATE_WITHDRAWN,  Side::kSender},
    {v1::HANDOVER_STATE_OFFERED,    Act::kWithdraw,  v1::HANDOVER_STATE_WITHDRAWN,  Side::kSender},
    {v1::HANDOVER_STATE_RECEIVED,   Act::kWithdraw,  v1::HANDOVER_STATE_WITHDRAWN,  Side::kSender},
    {v1::HANDOVER_STATE_CONVERSED,  Act::kWithdraw,  v1::HANDOVER_STATE_WITHDRAWN,  Side::kSender},
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

// Where each kind leads (R30). What stands nowhere does not fit.
struct KindRow {
  v1::HandoverKind kind;
  std::vector<common::v1::Stage> to;
};
const std::vector<KindRow>& KindTable() {
  static const auto* const kRows = new std::vector<KindRow>{
      {v1::HANDOVER_KIND_VOORSCHOOL_PO, {common::v1::STAGE_PO}},
      {v1::HANDOVER_KIND_PO_VO, {common::v1::STAGE_VO, common::v1::STAGE_PRO}},
      {v1::HANDOVER_KIND_VO_MBO, {common::v1::STAGE_MBO}},
      {v1::HANDOVER_KIND_TO_SPECIAL,
       {common::v1::STAGE_SBO, common::v1::STAGE_SO, common::v1::STAGE_VSO}},
      {v1::HANDOVER_KIND_FROM_SPECIAL,
       {common::v1::STAGE_PO, common::v1::STAGE_VO, common::v1::STAGE_PRO, common::v1::STAGE_MBO}},
      {v1::HANDOVER_KIND_ONTWIKKELGROEP_PO, {common::v1::STAGE_PO}},
      {v1::HANDOVER_KIND_MOVE,
       {common::v1::STAGE_VOORSCHOOL, common::v1::STAGE_PO, common::v1::STAGE_SBO,
        common::v1::STAGE_SO, common::v1::STAGE_VO, common::v1::STAGE_PRO, common::v1::STAGE_VSO,
        common::v1::STAGE_MBO}},
  };
  return *kRows;
}

// The function in which the receiver will sit: one that runs a knooppunt if they hold it.
common::v1::Function ReceivingFunction(const access::v1::ProfessionalFacts& receiver,
                                       absl::string_view organisation, base::Date on) {
  for (const auto wanted :
       {common::v1::FUNCTION_INTERN_BEGELEIDER, common::v1::FUNCTION_CARE_COORDINATOR,
        common::v1::FUNCTION_UNSPECIFIED}) {
    const auto held = dossier::FunctionAt(receiver, organisation, wanted, on);
    if (held != common::v1::FUNCTION_UNSPECIFIED) return held;
  }
  return common::v1::FUNCTION_UNSPECIFIED;
}

absl::Status CheckPicks(const v1::DraftHandoverRequest& req, absl::string_view family,
                        absl::string_view case_id) {
  if (req.items().empty()) return errors::NothingPicked();
  if (req.items_size() > limits::kMaxPageSize) {
    return InvalidField("items", absl::StrCat("have at most ", limits::kMaxPageSize));
  }
  absl::flat_hash_set<absl::string_view> seen;
  for (const std::string& item : req.items()) {
    KP_RETURN_IF_ERROR(ParsePick(item, family, case_id).status());
    if (!seen.insert(item).second) return errors::NotAPart();
  }
  return absl::OkStatus();
}

absl::Status CheckReceivingSide(const v1::DraftHandoverRequest& req, const CaseFact& c,
                                const ReceivingSide& to, absl::Time now) {
  if (to.werkplaats.name() != req.to_werkplaats()) return errors::UnknownWerkplaats();
  if (to.werkplaats.name() == c.werkplaats()) return errors::SameWerkplaats();
  if (!KindLeadsTo(req.kind(), to.werkplaats.stage())) return errors::KindDoesNotFit();
  if (to.receiver.name() != req.receiver() ||
      ReceivingFunction(to.receiver, to.werkplaats.organisation(), base::DateOf(now)) ==
          common::v1::FUNCTION_UNSPECIFIED) {
    return errors::NotAtReceivingSide();
  }
  for (const Seat& s : c.seats()) {
    if (s.professional() == req.receiver() && SeatOpen(s, now)) return errors::ReceiverAtTable();
  }
  return absl::OkStatus();
}

void RemoveFact(FamilyFacts* facts, absl::string_view handover_id) {
  auto* list = facts->mutable_handovers();
  list->erase(
      std::remove_if(list->begin(), list->end(),
                     [&](const access::v1::HandoverFact& f) { return f.id() == handover_id; }),
      list->end());
}

// Seats that leave with the sending side (R29).
bool Leaves(const Seat& s, const v1::Handover& h, const Seat& receiver, absl::Time now) {
  if (!SeatOpen(s, now) || s.id() == receiver.id() || s.organisation() != h.from_organisation()) {
    return false;
  }
  // Within one organisation it is the werkplaats' own people who leave, not all colleagues.
  return h.from_organisation() != h.to_organisation() ||
         s.role() == access::v1::SEAT_ROLE_WERKPLAATS;
}

void EndSendingSide(CaseFact* c, const v1::Handover& h, const Seat& receiver, int grace_days,
                    absl::Time now) {
  for (Seat& s : *c->mutable_seats()) {
    if (!Leaves(s, h, receiver, now)) continue;
    if (grace_days == 0 || s.state() != access::v1::SEAT_STATE_JOINED) {
      dossier::EndSeatAt(&s, now, "handover");
      continue;
    }
    // To answer questions, as somebody added for a period (R8), no longer as the werkplaats.
    const int64_t end = absl::ToUnixSeconds(now + grace_days * absl::Hours(24));
    s.set_end_time(s.end_time() == 0 ? end : std::min(s.end_time(), end));
    s.set_role(access::v1::SEAT_ROLE_AD_HOC);
    s.set_end_reason("handover");
  }
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

HandoverState StateOn(const v1::Handover& h, base::Date today) {
  if (!Runs(h.state())) return h.state();
  const auto expires = base::ParseDate(h.expire_date());
  return expires.ok() && today <= *expires ? h.state() : v1::HANDOVER_STATE_EXPIRED;
}

absl::StatusOr<HandoverState> NextState(const v1::Handover& h, Act act, const Sides& sides,
                                        base::Date today) {
  const bool expired = StateOn(h, today) == v1::HANDOVER_STATE_EXPIRED;
  if (expired && act != Act::kWithdraw) return errors::Expired();
  for (const Transition& t : kTransitions) {
    if (t.from != h.state() || t.act != act) continue;
    if (!StandsOn(t.who, sides)) return errors::NotYourSide();
    return t.to;
  }
  return errors::ForbiddenTransition();
}

void Record(v1::Handover* h, const ActEntry& entry, absl::Time now) {
  h->set_state(entry.state);
  v1::HandoverAct* act = h->add_acts();
  act->set_state(entry.state);
  act->set_actor(entry.actor);
  *act->mutable_time() = dossier::ToTimestamp(now);
  act->set_note(std::string(entry.note));
}

// ---- Kinds ------------------------------------------------------------------------

bool KindLeadsTo(v1::HandoverKind kind, common::v1::Stage stage) {
  for (const KindRow& row : KindTable()) {
    if (row.kind == kind) return std::find(row.to.begin(), row.to.end(), stage) != row.to.end();
  }
  return false;
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
  };
  for (const Pattern& p : kPatterns) {
    const auto parsed = base::ResourceName::Parse(name, p.pattern);
    if (!parsed.ok()) continue;
    const bool of_case = parsed->Id("cases").empty() || parsed->Id("cases") == case_id;
    if (parsed->Id("families") != family || !of_case) break;
    const bool opening = p.kind == PickedName::Kind::kOpening;
    return PickedName{p.kind, opening ? "" : std::string(parsed->last_id())};
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

absl::StatusOr<int> ChosenAbout(const v1::DraftHandoverRequest& req, const CaseFact& c) {
  const std::vector<common::v1::About> candidates = AboutCandidates(req);
  for (size_t i = 0; i < candidates.size(); ++i) {
    const auto& persons = candidates[i].persons();
    if (std::equal(persons.begin(), persons.end(), c.children().begin(), c.children().end())) {
      return static_cast<int>(i);
    }
  }
  return errors::ChildrenDiffer();
}

absl::Status CheckDraft(const v1::DraftHandoverRequest& req, const CaseFact& c,
                        const ReceivingSide& to, absl::Time now) {
  if (req.kind() == v1::HANDOVER_KIND_UNSPECIFIED || !v1::HandoverKind_IsValid(req.kind())) {
    return InvalidField("kind", "be stated");
  }
  KP_RETURN_IF_ERROR(
      dossier::CheckDirectoryName("to_werkplaats", req.to_werkplaats(), "werkplaatsen"));
  KP_RETURN_IF_ERROR(dossier::CheckDirectoryName("receiver", req.receiver(), "professionals"));
  KP_ASSIGN_OR_RETURN(const auto parent,
                      base::ResourceName::Parse(req.parent(), "families/*/cases/*"));
  KP_RETURN_IF_ERROR(CheckPicks(req, parent.Id("families"), parent.Id("cases")));
  KP_RETURN_IF_ERROR(ChosenAbout(req, c).status());
  KP_ASSIGN_OR_RETURN(const base::Date expires,
                      dossier::ParseDay("expire_date", req.expire_date()));
  if (expires <= base::DateOf(now)) return errors::ExpiryInThePast();
  if (c.state() != access::v1::CASE_STATE_ACTIVE) return dossier::errors::CaseNotActive();
  return CheckReceivingSide(req, c, to, now);
}

v1::Handover Drafted(const v1::DraftHandoverRequest& req, const CaseFact& c,
                     const ReceivingSide& to, base::Date today) {
  v1::Handover h;
  h.set_case_(req.parent());
  h.set_kind(req.kind());
  h.set_from_werkplaats(c.werkplaats());
  h.set_from_organisation(c.organisation());
  h.set_to_werkplaats(req.to_werkplaats());
  h.set_to_organisation(to.werkplaats.organisation());
  h.set_receiver(req.receiver());
  h.set_receiver_function(ReceivingFunction(to.receiver, to.werkplaats.organisation(), today));
  h.set_receiver_display_name(to.receiver.display_name());
  *h.mutable_items() = req.items();
  std::sort(h.mutable_items()->begin(), h.mutable_items()->end());
  h.set_expire_date(req.expire_date());
  return h;
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

// ---- Facts that move -------------------------------------------------------------------

access::v1::HandoverFact* MutableHandoverFact(FamilyFacts* facts, absl::string_view id) {
  for (access::v1::HandoverFact& f : *facts->mutable_handovers()) {
    if (f.id() == id) return &f;
  }
  return nullptr;
}

const access::v1::HandoverFact* RunningFor(const FamilyFacts& facts, absl::string_view case_id) {
  for (const access::v1::HandoverFact& f : facts.handovers()) {
    if (f.case_id() == case_id) return &f;
  }
  return nullptr;
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
  if (access::v1::HandoverFact* fact = MutableHandoverFact(facts, handover_id); fact != nullptr) {
    fact->set_offered(true);
  }
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
  RemoveFact(facts, handover_id);
}

absl::Status CheckConversation(const v1::Conversation& conversation, const CaseFact& c,
                               const v1::Handover& h, absl::Time now) {
  KP_ASSIGN_OR_RETURN(const base::Date date,
                      dossier::ParseDay("conversation.date", conversation.date()));
  KP_RETURN_IF_ERROR(dossier::ValidateName("conversation.how", conversation.how()));
  KP_RETURN_IF_ERROR(dossier::ValidateText("conversation.family_absent_reason",
                                           conversation.family_absent_reason(),
                                           {.required = false}));
  if (date > base::DateOf(now)) return errors::ConversationInFuture();
  absl::flat_hash_set<absl::string_view> seen;
  bool sender = false, receiver = false, family = false;
  for (const std::string& id : conversation.seats()) {
    const Seat* s = dossier::FindSeat(c, id);
    if (s == nullptr || !SeatJoined(*s, now) || !seen.insert(id).second) {
      return errors::ConversationNotAtTable();
    }
    const bool receives = s->role() == access::v1::SEAT_ROLE_RECEIVER;
    sender = sender || (!receives && s->organisation() == h.from_organisation());
    receiver = receiver || (receives && s->organisation() == h.to_organisation());
    family = family || !s->person().empty();
  }
  if (!sender || !receiver) return errors::ConversationOneSided();
  const bool reason = dossier::ValidateText("", conversation.family_absent_reason(), {}).ok();
  return family || reason ? absl::OkStatus() : errors::ConversationNoFamily();
}

absl::Status Accept(FamilyFacts* facts, CaseFact* c, const v1::Handover& h,
                    const Acceptance& acceptance, absl::Time now) {
  if (c->state() != access::v1::CASE_STATE_ACTIVE) return dossier::errors::CaseNotActive();
  Seat* receiver = ReceiverSeat(c, h, now);
  if (receiver == nullptr) return dossier::errors::NoSeat();
  receiver->set_role(access::v1::SEAT_ROLE_WERKPLAATS);
  receiver->set_end_time(0);
  EndSendingSide(c, h, *receiver, acceptance.grace_days, now);
  KP_RETURN_IF_ERROR(dossier::CheckAppointment(
      *c, {.seat = acceptance.regisseur_seat, .stand_in_seat = acceptance.stand_in_seat}, now));
  c->set_werkplaats(h.to_werkplaats());
  c->set_organisation(h.to_organisation());
  dossier::ReplaceTerm(c,
                       {.seat = acceptance.regisseur_seat,
                        .stand_in_seat = acceptance.stand_in_seat,
                        .reason = "HANDOVER"},
                       now);
  RemoveFact(facts, acceptance.handover_id);
  return absl::OkStatus();
}

}  // namespace knooppunt::handover
