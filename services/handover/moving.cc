#include "services/handover/moving.h"

#include <algorithm>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "base/date.h"
#include "base/status.h"
#include "services/casework/rules.h"
#include "services/dossier/errors.h"
#include "services/dossier/rules.h"
#include "services/handover/errors.h"

namespace knooppunt::handover {
namespace {

using dossier::SeatJoined;
using dossier::SeatOpen;

template <typename List>
bool Has(const List& list, const std::string& x) {
  return std::find(list.begin(), list.end(), x) != list.end();
}

// Seats that leave with the sending side (R29).
bool LeavesWithSender(const Seat& s, const v1::Handover& h, const Seat& receiver, absl::Time now) {
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
    if (!LeavesWithSender(s, h, receiver, now)) continue;
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

bool Adulthood(const v1::Handover& h) { return h.kind() == v1::HANDOVER_KIND_ADULTHOOD; }

// R16: help for youths that ends at 18 whatever anybody wants.
bool EndsAtAdulthood(const Seat& s) {
  return s.function() == common::v1::FUNCTION_MUNICIPAL_CONSULTANT;
}

// R16: who stays after the 18th birthday: the youth, the werkplaats, who receives, and whom the
// youth keeps.
bool StaysAsAdult(const Seat& s, const CaseFact& c, const v1::Handover& h) {
  if (Has(c.children(), s.person()) || s.role() == access::v1::SEAT_ROLE_WERKPLAATS) return true;
  if (!s.professional().empty() && s.professional() == h.receiver()) return true;
  return Has(h.staying_seats(), s.id()) && !EndsAtAdulthood(s);
}

void EndAtAdulthood(CaseFact* c, const v1::Handover& h, absl::Time now) {
  const auto day = base::ParseDate(h.adult_date());
  const absl::Time end = day.ok() ? std::max(base::StartOf(*day), now) : now;
  for (Seat& s : *c->mutable_seats()) {
    if (!SeatOpen(s, now) || StaysAsAdult(s, *c, h)) continue;
    if (end == now || s.state() != access::v1::SEAT_STATE_JOINED) {
      dossier::EndSeatAt(&s, now, "handover");
      continue;
    }
    const int64_t at = absl::ToUnixSeconds(end);
    s.set_end_time(s.end_time() == 0 ? at : std::min(s.end_time(), at));
    s.set_end_reason("adulthood");
  }
}

}  // namespace

bool StaysAfter(const Seat& s, const CaseFact& c, const v1::Handover& h, absl::Time now) {
  if (!SeatJoined(s, now)) return false;
  if (Adulthood(h)) return StaysAsAdult(s, c, h);
  return !Moves(h.mode()) || s.organisation() != h.from_organisation() || s.organisation().empty();
}

absl::Status Accept(FamilyFacts* facts, CaseFact* c, const v1::Handover& h,
                    const Acceptance& acceptance, absl::Time now) {
  if (c->state() != access::v1::CASE_STATE_ACTIVE) return dossier::errors::CaseNotActive();
  Seat* receiver = ReceiverSeat(c, h, now);
  if (receiver == nullptr) return dossier::errors::NoSeat();
  receiver->set_end_time(0);
  if (!Moves(h.mode())) {
    if (!acceptance.regisseur_seat.empty() || !acceptance.stand_in_seat.empty()) {
      return errors::JoinMovesNobody();
    }
    receiver->set_role(access::v1::SEAT_ROLE_CORE_PARTNER);
    RemoveHandoverFact(facts, acceptance.handover_id);
    return absl::OkStatus();
  }
  if (Adulthood(h)) {
    receiver->set_role(access::v1::SEAT_ROLE_CORE_PARTNER);
    EndAtAdulthood(c, h, now);
  } else {
    receiver->set_role(access::v1::SEAT_ROLE_WERKPLAATS);
    EndSendingSide(c, h, *receiver, acceptance.grace_days, now);
    c->set_werkplaats(h.to_werkplaats());
    c->set_organisation(h.to_organisation());
  }
  KP_RETURN_IF_ERROR(dossier::CheckAppointment(
      *c, {.seat = acceptance.regisseur_seat, .stand_in_seat = acceptance.stand_in_seat}, now));
  dossier::ReplaceTerm(c,
                       {.seat = acceptance.regisseur_seat,
                        .stand_in_seat = acceptance.stand_in_seat,
                        .reason = "HANDOVER"},
                       now);
  RemoveHandoverFact(facts, acceptance.handover_id);
  return absl::OkStatus();
}

absl::Status HandAway(FamilyFacts* facts, CaseFact* c, const Departure& departure, absl::Time now) {
  KP_ASSIGN_OR_RETURN(const access::v1::CaseState closed,
                      casework::NextState(c->state(), casework::CaseAct::kClose));
  EndSendingSide(c, departure.h, Seat(), departure.grace_days, now);
  for (Seat& s : *c->mutable_seats()) {
    if (SeatOpen(s, now) && !s.professional().empty() &&
        s.organisation() != departure.h.from_organisation()) {
      dossier::EndSeatAt(&s, now, "handover");
    }
  }
  casework::CloseCaseFact(c, closed, now);
  RemoveHandoverFact(facts, departure.handover_id);
  return absl::OkStatus();
}

absl::Status CheckStaying(const v1::DecideStayingRequest& req, const CaseFact& c,
                          const v1::Handover& h, absl::string_view person, absl::Time now) {
  if (!Adulthood(h)) return errors::NoAdulthood();
  if (!Has(h.children(), std::string(person))) return errors::YouthDecides();
  absl::flat_hash_set<absl::string_view> seen;
  for (const std::string& id : req.seats()) {
    const Seat* s = dossier::FindSeat(c, id);
    if (s == nullptr || !SeatJoined(*s, now) || !seen.insert(id).second) {
      return errors::StayingNotAtTable();
    }
    if (EndsAtAdulthood(*s)) return errors::CjgLeaves();
  }
  return absl::OkStatus();
}

namespace {

// Whether the scope is of an organisation's own file, and nobody of it sits at the table.
bool OfAFormerOrganisation(absl::string_view scope, const FamilyFacts& facts, const CaseFact& c,
                           absl::Time now) {
  const auto found = std::find_if(facts.scopes().begin(), facts.scopes().end(),
                                  [&](const access::v1::Scope& s) { return s.id() == scope; });
  if (found == facts.scopes().end() || found->label().controller() == c.organisation())
    return false;
  return std::none_of(c.seats().begin(), c.seats().end(), [&](const Seat& s) {
    return s.organisation() == found->label().controller() && SeatOpen(s, now) &&
           s.role() != access::v1::SEAT_ROLE_RECEIVER;
  });
}

}  // namespace

absl::Status CheckDecided(const worklist::v1::OpenItems& open, const FamilyFacts& facts,
                          const CaseFact& c, const v1::Handover& h, absl::Time now) {
  if (!Adulthood(h)) return absl::OkStatus();
  if (!h.staying_decided()) return errors::YouthHasNotDecided();
  for (const worklist::v1::OpenItem& o : open.items()) {
    if (o.case_id() != c.id() || o.owner_seat().empty()) continue;
    const Seat* owner = dossier::FindSeat(c, o.owner_seat());
    if (owner != nullptr && SeatOpen(*owner, now) && StaysAfter(*owner, c, h, now)) continue;
    if (!OfAFormerOrganisation(o.scope(), facts, c, now)) return errors::StepWithoutOwner();
  }
  return absl::OkStatus();
}

}  // namespace knooppunt::handover
