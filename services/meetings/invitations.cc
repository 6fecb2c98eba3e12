// Inviting, answering and taking back (R8, R11-R13, R18).

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "services/casework/rules.h"
#include "services/dossier/errors.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/meetings/errors.h"
#include "services/meetings/limits.h"
#include "services/meetings/meeting.h"
#include "services/meetings/service.h"

namespace knooppunt::meetings {
namespace {

using access::v1::Seat;

constexpr char kMeeting[] = "families/*/cases/*/meetings/*";
constexpr char kInvitation[] = "families/*/cases/*/meetings/*/invitations/*";
constexpr char kPerson[] = "families/*/persons/*";

// What access decided about the party whom an invitation is for.
const access::v1::PartySight* SightFor(const AuthorizedCall& call,
                                       const v1::InviteToMeetingRequest& req,
                                       const v1::KeptInvitation& invitation) {
  return invitation.made_seat() ? SightOfNamed(call.decision(), req.new_party())
                                : SightOf(call.decision(), invitation);
}

// A seat at the table, of a professional or of the family.
absl::Status TakeSeat(const LoadedMeeting& loaded, absl::string_view id, absl::Time now,
                      v1::KeptInvitation* out) {
  const Seat* seat = dossier::FindSeat(*loaded.c, id);
  if (seat == nullptr || !dossier::SeatOpen(*seat, now)) return errors::NotAtTable();
  out->set_seat(seat->id());
  out->set_person(seat->person());
  out->set_organisation(seat->organisation());
  return absl::OkStatus();
}

// Somebody of the family whom the caller may see, by their seat when they have one.
absl::Status TakePerson(const AuthorizedCall& call, storage::ReadTx& tx,
                        const LoadedMeeting& loaded, absl::string_view name,
                        v1::KeptInvitation* out) {
  KP_ASSIGN_OR_RETURN(const auto parsed, dossier::ParseName(call, "person", name, kPerson));
  const std::string id(parsed.Id("persons"));
  const auto& persons = loaded.family.facts.persons();
  const bool known =
      std::any_of(persons.begin(), persons.end(),
                  [&](const access::v1::PersonFact& person) { return person.id() == id; });
  Reader reader(call, tx, loaded.family);
  KP_ASSIGN_OR_RETURN(const bool sees, reader.SeesPerson(id));
  if (!known || !sees) return errors::UnknownPerson();
  out->set_person(id);
  for (const Seat& seat : loaded.c->seats()) {
    if (seat.person() == id && dossier::SeatOpen(seat, call.now())) out->set_seat(seat.id());
  }
  return absl::OkStatus();
}

// Who has no seat yet is asked to the table with it, for a period (R8).
absl::Status MakeSeat(const AuthorizedCall& call, const v1::NewParty& party, LoadedMeeting* loaded,
                      v1::KeptInvitation* out) {
  casework::v1::InviteParticipantRequest asked;
  asked.set_professional(party.professional());
  asked.set_organisation(party.organisation());
  asked.set_function(party.function());
  asked.set_role(access::v1::SEAT_ROLE_AD_HOC);
  asked.set_end_date(party.end_date());
  const access::v1::ProfessionalFacts& professional = call.reference(0).professional();
  KP_RETURN_IF_ERROR(casework::CheckInvitation(*loaded->c, asked, professional, call.now()));
  if (call.reference(1).organisation().name() != party.organisation()) {
    return errors::UnknownOrganisation();
  }
  if (party.end_date() <= loaded->meeting.date()) return errors::SeatEndsBeforeMeeting();
  access::v1::CaseFact* c = dossier::MutableCase(&loaded->family.facts, loaded->c->id());
  *c->add_seats() = casework::InvitedSeat(asked, professional, call.Id("s", 0), call.now());
  loaded->c = c;
  loaded->me = MeAt(call, *c);  // the seats were written again
  out->set_seat(call.Id("s", 0));
  out->set_organisation(party.organisation());
  out->set_made_seat(true);
  return absl::OkStatus();
}

// Who comes in somebody's place exists, and is theirs to send.
absl::Status CheckRepresents(const AuthorizedCall& call, storage::ReadTx& tx,
                             const LoadedMeeting& loaded, const v1::Representative& r) {
  if (!r.professional().empty()) {
    const access::v1::ProfessionalFacts& p = call.reference(0).professional();
    const bool colleague =
        p.name() == r.professional() && p.name() != call.claims().subject() &&
        dossier::FunctionAt(p, call.organisation(), common::v1::FUNCTION_UNSPECIFIED,
                            base::DateOf(call.now())) != common::v1::FUNCTION_UNSPECIFIED;
    return colleague ? absl::OkStatus() : errors::NotYourColleague();
  }
  if (r.person().empty()) return absl::OkStatus();
  v1::KeptInvitation ignored;
  const absl::Status found = TakePerson(call, tx, loaded, r.person(), &ignored);
  const bool other = ignored.person() != call.person();
  return found.ok() && other ? absl::OkStatus() : errors::UnknownRepresentative();
}

}  // namespace

absl::Status MeetingsService::InviteToMeeting(const Call& call, WriteTx& tx,
                                              const v1::InviteToMeetingRequest& req,
                                              v1::Invitation* resp) {
  KP_ASSIGN_OR_RETURN(const auto name, dossier::ParseName(call, "parent", req.parent(), kMeeting));
  LoadedMeeting loaded;
  KP_RETURN_IF_ERROR(LoadMeeting(call, tx, name, &loaded));
  KP_RETURN_IF_ERROR(CheckToPrepare(call, loaded));
  const int parties =
      (req.seat().empty() ? 0 : 1) + (req.person().empty() ? 0 : 1) + (req.has_new_party() ? 1 : 0);
  if (parties != 1) return errors::OneParty();
  v1::KeptInvitation invitation;
  if (!req.seat().empty()) {
    KP_RETURN_IF_ERROR(TakeSeat(loaded, req.seat(), call.now(), &invitation));
  } else if (!req.person().empty()) {
    KP_RETURN_IF_ERROR(TakePerson(call, tx, loaded, req.person(), &invitation));
  } else {
    KP_RETURN_IF_ERROR(MakeSeat(call, req.new_party(), &loaded, &invitation));
  }
  if (InvitationOf(loaded.meeting, invitation.seat(), invitation.person()) != nullptr) {
    return errors::AlreadyInvited();
  }
  if (loaded.meeting.invitations_size() >= limits::kMaxInvitations) {
    return dossier::errors::TooMany("invitations");
  }
  invitation.set_id(call.Id("invitation", 0));
  invitation.set_state(v1::INVITATION_STATE_SENT);
  invitation.set_invite_time(absl::ToUnixSeconds(call.now()));
  *loaded.meeting.add_invitations() = invitation;
  KP_RETURN_IF_ERROR(SaveMeeting(call, tx, &loaded, random_));
  if (invitation.made_seat()) {
    KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &loaded.family.facts, random_));
  }
  Reader reader(call, tx, loaded.family);
  KP_ASSIGN_OR_RETURN(*resp, reader.ShowInvitation(loaded.name, loaded.meeting, invitation,
                                                   IsOwn(invitation, loaded.me)));
  KP_ASSIGN_OR_RETURN(const std::vector<Readable> readable,
                      reader.ReadableOf(loaded.name, loaded.meeting));
  *resp->mutable_check() =
      CheckOf(readable, SightFor(call, req, invitation), invitation.organisation());
  return absl::OkStatus();
}

absl::Status MeetingsService::AnswerInvitation(const Call& call, WriteTx& tx,
                                               const v1::AnswerInvitationRequest& req,
                                               v1::Invitation* resp) {
  KP_ASSIGN_OR_RETURN(const auto name, dossier::ParseName(call, "name", req.name(), kInvitation));
  LoadedMeeting loaded;
  KP_RETURN_IF_ERROR(LoadMeeting(call, tx, name, &loaded));
  v1::KeptInvitation* invitation = MutableInvitation(&loaded.meeting, name.Id("invitations"));
  // Who does not read the meeting knows of their own invitation alone.
  if (invitation == nullptr || (!loaded.opened && !IsOwn(*invitation, loaded.me))) {
    return dossier::errors::NotFound();
  }
  if (!IsOwn(*invitation, loaded.me)) return errors::NotYourInvitation();
  if (IsTakenBack(*invitation)) return errors::InvitationTakenBack();
  if (!loaded.planned) return NotPlanned(loaded);
  if (loaded.IsOver(call.now())) return errors::MeetingInThePast();
  KP_RETURN_IF_ERROR(CheckAnswer(req, loaded.meeting, loaded.me));
  KP_RETURN_IF_ERROR(CheckRepresents(call, tx, loaded, req.representative()));
  Reader reader(call, tx, loaded.family);
  KP_ASSIGN_OR_RETURN(const v1::Invitation before,
                      reader.ShowInvitation(loaded.name, loaded.meeting, *invitation, true));
  KP_RETURN_IF_ERROR(CheckEtag(req.etag(), before.etag()));
  Answer(req, call.now(), invitation);
  KP_RETURN_IF_ERROR(SaveMeeting(call, tx, &loaded, random_));
  KP_ASSIGN_OR_RETURN(*resp, reader.ShowInvitation(loaded.name, loaded.meeting, *invitation, true));
  return absl::OkStatus();
}

absl::Status MeetingsService::WithdrawInvitation(const Call& call, WriteTx& tx,
                                                 const v1::WithdrawInvitationRequest& req,
                                                 v1::Invitation* resp) {
  KP_ASSIGN_OR_RETURN(const auto name, dossier::ParseName(call, "name", req.name(), kInvitation));
  LoadedMeeting loaded;
  KP_RETURN_IF_ERROR(LoadMeeting(call, tx, name, &loaded));
  KP_RETURN_IF_ERROR(CheckToPrepare(call, loaded));
  v1::KeptInvitation* invitation = MutableInvitation(&loaded.meeting, name.Id("invitations"));
  if (invitation == nullptr) return dossier::errors::NotFound();
  if (IsTakenBack(*invitation)) return errors::InvitationTakenBack();
  const bool own = IsOwn(*invitation, loaded.me);
  Reader reader(call, tx, loaded.family);
  KP_ASSIGN_OR_RETURN(const v1::Invitation before,
                      reader.ShowInvitation(loaded.name, loaded.meeting, *invitation, own));
  KP_RETURN_IF_ERROR(CheckEtag(req.etag(), before.etag()));
  invitation->set_state(v1::INVITATION_STATE_WITHDRAWN);
  KP_RETURN_IF_ERROR(SaveMeeting(call, tx, &loaded, random_));
  access::v1::CaseFact* c = dossier::MutableCase(&loaded.family.facts, loaded.c->id());
  Seat* seat = dossier::MutableSeat(c, invitation->seat());
  // The seat was there for this meeting; who sat down meanwhile stays.
  if (invitation->made_seat() && seat != nullptr &&
      seat->state() == access::v1::SEAT_STATE_INVITED) {
    dossier::EndSeatAt(seat, call.now(), "request");
    KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &loaded.family.facts, random_));
  }
  KP_ASSIGN_OR_RETURN(*resp, reader.ShowInvitation(loaded.name, loaded.meeting, *invitation, own));
  return absl::OkStatus();
}

}  // namespace knooppunt::meetings
