// The table: inviting, joining, leaving, deputising, and who leads (R1, R2, R8, R39).

#include "base/status.h"
#include "services/casework/errors.h"
#include "services/casework/rules.h"
#include "services/casework/service.h"
#include "services/casework/view.h"
#include "services/dossier/errors.h"
#include "services/dossier/family_store.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/dossier/text.h"

namespace knooppunt::casework {
namespace {

constexpr char kCasePattern[] = "families/*/cases/*";
// Reasons of seats and terms are checked and not kept: they come without a label, and what has
// no label is not stored (R38). The facts hold a word of ours.
constexpr dossier::TextRules kReason = {.max_bytes = limits::kMaxNameBytes, .required = false};

// R1: who is appointed still works there, or the stand-in would lead from the first instant.
absl::Status CheckEmployed(const CaseFact& c, const std::vector<std::string>& seats,
                           const Table& table, absl::Time now) {
  for (const std::string& id : seats) {
    const Seat* seat = dossier::FindSeat(c, id);
    if (seat == nullptr || !dossier::SeatJoined(*seat, now)) continue;  // CheckAppointment says so
    if (!SeatStands(c, *seat, table, now)) return errors::NoLongerEmployed();
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CaseworkService::InviteParticipant(const Call& call, WriteTx& tx,
                                                const v1::InviteParticipantRequest& req,
                                                v1::Participant* resp) {
  KP_ASSIGN_OR_RETURN(const auto name,
                      dossier::ParseName(call, "parent", req.parent(), kCasePattern));
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  CaseFact* c = dossier::MutableCase(&facts, name.Id("cases"));
  if (c == nullptr) return dossier::errors::NotFound();
  const access::v1::ProfessionalFacts& professional = call.reference(0).professional();
  KP_RETURN_IF_ERROR(CheckInvitation(*c, req, professional, call.now()));
  if (call.reference(1).organisation().name() != req.organisation())
    return errors::UnknownOrganisation();
  const Seat& seat = *c->add_seats() = InvitedSeat(req, professional, call.Id("s", 0), call.now());
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  *resp = ParticipantView(seat);
  return absl::OkStatus();
}

absl::Status CaseworkService::JoinCase(const Call& call, WriteTx& tx,
                                       const v1::JoinCaseRequest& req, v1::Participant* resp) {
  KP_ASSIGN_OR_RETURN(const auto name, dossier::ParseName(call, "name", req.name(), kCasePattern));
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  CaseFact* c = dossier::MutableCase(&facts, name.Id("cases"));
  if (c == nullptr) return dossier::errors::NotFound();
  Seat* seat = dossier::MutableSeat(c, call.seat());
  if (seat == nullptr || seat->state() != access::v1::SEAT_STATE_INVITED ||
      seat->professional() != call.claims().subject() || !dossier::SeatOpen(*seat, call.now())) {
    return errors::NotInvited();
  }
  if (c->state() == access::v1::CASE_STATE_CLOSED) return dossier::errors::CaseClosed();
  seat->set_state(access::v1::SEAT_STATE_JOINED);
  seat->set_start_time(absl::ToUnixSeconds(call.now()));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  *resp = ParticipantView(*seat);
  return absl::OkStatus();
}

absl::Status CaseworkService::EndSeat(const Call& call, WriteTx& tx, const v1::EndSeatRequest& req,
                                      v1::Participant* resp) {
  KP_ASSIGN_OR_RETURN(const auto name, dossier::ParseName(call, "name", req.name(), kCasePattern));
  KP_RETURN_IF_ERROR(dossier::ValidateText("reason", req.reason(), kReason));
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  CaseFact* c = dossier::MutableCase(&facts, name.Id("cases"));
  if (c == nullptr) return dossier::errors::NotFound();
  const Seat* by = dossier::CallerSeat(call, *c);
  if (by == nullptr) return dossier::errors::NoSeat();
  KP_RETURN_IF_ERROR(casework::EndSeat(c, req.seat(), *by, call.now()));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  *resp = ParticipantView(*dossier::FindSeat(*c, req.seat()));
  return absl::OkStatus();
}

absl::Status CaseworkService::ArrangeDeputy(const Call& call, WriteTx& tx,
                                            const v1::ArrangeDeputyRequest& req,
                                            v1::Participant* resp) {
  KP_ASSIGN_OR_RETURN(const auto name, dossier::ParseName(call, "name", req.name(), kCasePattern));
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  CaseFact* c = dossier::MutableCase(&facts, name.Id("cases"));
  if (c == nullptr) return dossier::errors::NotFound();
  const Seat* by = dossier::CallerSeat(call, *c);
  if (by == nullptr) return dossier::errors::NoSeat();
  const std::string regisseur = BasicView(facts, *c, TableOf(call), call.now()).regisseur().seat();
  KP_ASSIGN_OR_RETURN(const Seat seat,
                      DeputySeat(*c, req, {.by = *by, .regisseur = regisseur},
                                 call.reference(0).professional(), call.Id("s", 0), call.now()));
  *c->add_seats() = seat;
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  *resp = ParticipantView(seat);
  return absl::OkStatus();
}

absl::Status CaseworkService::AppointRegisseur(const Call& call, WriteTx& tx,
                                               const v1::AppointRegisseurRequest& req,
                                               v1::Regisseur* resp) {
  KP_ASSIGN_OR_RETURN(const auto name, dossier::ParseName(call, "name", req.name(), kCasePattern));
  KP_RETURN_IF_ERROR(dossier::ValidateText("reason", req.reason(), kReason));
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  CaseFact* c = dossier::MutableCase(&facts, name.Id("cases"));
  if (c == nullptr) return dossier::errors::NotFound();
  KP_RETURN_IF_ERROR(CheckLife(req.etag(), *c));
  const Table table = TableOf(call);
  KP_RETURN_IF_ERROR(CheckEmployed(*c, {req.seat(), req.stand_in_seat()}, table, call.now()));
  const bool first = c->state() == access::v1::CASE_STATE_OPEN;
  // Only of an active case does a handover run, but for one that was taken in and not yet accepted.
  for (const access::v1::HandoverFact& h : facts.handovers()) {
    if (first && h.case_id() == c->id()) return dossier::errors::ImportNotAccepted();
  }
  KP_ASSIGN_OR_RETURN(const CaseState next, NextState(c->state(), CaseAct::kAppoint));
  KP_RETURN_IF_ERROR(dossier::CheckAppointment(
      *c, {.seat = req.seat(), .stand_in_seat = req.stand_in_seat()}, call.now()));
  c->set_state(next);
  if (first) EnsureReview(c, base::DateOf(call.now()));
  dossier::ReplaceTerm(c,
                       {.seat = req.seat(),
                        .stand_in_seat = req.stand_in_seat(),
                        .reason = first ? "APPOINTED" : "REPLACED"},
                       call.now());
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  // Who leads now, not who led when the decision fell.
  *resp = BasicView(facts, *c, {.people = table.people}, call.now()).regisseur();
  return absl::OkStatus();
}

absl::Status CaseworkService::TakeOverCase(const Call& call, WriteTx& tx,
                                           const v1::TakeOverCaseRequest& req,
                                           v1::Participant* resp) {
  KP_ASSIGN_OR_RETURN(const auto name, dossier::ParseName(call, "name", req.name(), kCasePattern));
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  CaseFact* c = dossier::MutableCase(&facts, name.Id("cases"));
  if (c == nullptr) return dossier::errors::NotFound();
  KP_RETURN_IF_ERROR(CheckLife(req.etag(), *c));
  // The newest case was decided about, on facts that somebody may have changed since.
  const access::v1::Leader& leader = call.decision().leader();
  const int64_t revision = call.decision().facts_revision();
  if (leader.case_id() != c->id() || leader.kind() != access::v1::LEAD_KIND_FUNCTION ||
      (revision != 0 && revision != facts.revision())) {
    return errors::TakenOverAlready();
  }
  const Seat seat = TakeOver(c, call.claims(), call.Id("s", 0), call.now());
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  *resp = ParticipantView(seat);
  return absl::OkStatus();
}

}  // namespace knooppunt::casework
