#include "services/meetings/view.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "security/crypto/hash.h"
#include "services/dossier/open_items.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/meetings/errors.h"

namespace knooppunt::meetings {

using dossier::ItemKind;

absl::Status LoadFamily(const AuthorizedCall& call, storage::ReadTx& tx, Meetings* out) {
  KP_ASSIGN_OR_RETURN(out->facts, dossier::LoadFacts(call, tx));
  KP_ASSIGN_OR_RETURN(out->stored, LoadMeetings(call, tx));
  KP_ASSIGN_OR_RETURN(out->open, dossier::LoadOpenItems(call, tx));
  return absl::OkStatus();
}

Me MeAt(const AuthorizedCall& call, const access::v1::CaseFact& c) {
  Me me = {.person = call.person(), .staff = call.is_staff()};
  const access::v1::Seat* seat = dossier::FindSeat(c, call.seat());
  if (seat == nullptr || !dossier::SeatOpen(*seat, call.now())) return me;
  // The decision and the facts are two sources; both must say that this seat is the caller's.
  const bool own = me.staff ? seat->professional() == call.claims().subject()
                            : !me.person.empty() && seat->person() == me.person;
  if (own) me.seat = seat;
  return me;
}

bool IsPlanned(const Meetings& family, absl::string_view meeting) {
  return std::any_of(family.open.items().begin(), family.open.items().end(),
                     [&](const worklist::v1::OpenItem& o) {
                       return o.item() == meeting && o.kind() == worklist::v1::OPEN_KIND_MEETING;
                     });
}

std::string MeetingName(absl::string_view family, absl::string_view case_id, absl::string_view id) {
  return absl::StrCat("families/", family, "/cases/", case_id, "/meetings/", id);
}
std::string ItemName(absl::string_view meeting, absl::string_view id) {
  return absl::StrCat(meeting, "/items/", id);
}
std::string InvitationName(absl::string_view meeting, absl::string_view id) {
  return absl::StrCat(meeting, "/invitations/", id);
}

std::string EtagOf(const google::protobuf::Message& view) {
  return crypto::HexEncode(crypto::Sha256(view.SerializeAsString()).substr(0, 16));
}

absl::Status CheckEtag(absl::string_view stated, absl::string_view now) {
  if (stated.empty()) return errors::EtagMissing();
  return stated == now ? absl::OkStatus() : errors::Stale();
}

absl::StatusOr<v1::AgendaItem> ParseAgendaItem(const dossier::Item& item) {
  v1::AgendaItem out;
  if (!out.ParseFromString(item.payload))
    return absl::DataLossError("an agenda item cannot be read");
  *out.mutable_label() = item.label;
  return out;
}

absl::StatusOr<bool> Reader::SeesPerson(const std::string& person) {
  if (person == call_.person()) return true;
  const auto known = persons_.find(person);
  if (known != persons_.end()) return known->second;
  KP_ASSIGN_OR_RETURN(const bool opens, dossier::Opens(call_, tx_, person));
  persons_[person] = opens;
  return opens;
}

template <typename Authored>
absl::Status Reader::ShowAuthor(Authored* message) {
  const auto name = base::ResourceName::Parse(message->author());
  if (!name.ok() || name->Id("persons").empty()) return absl::OkStatus();  // a professional
  const std::string person(name->Id("persons"));
  for (const access::v1::PersonFact& p : family_.facts.persons()) {
    if (p.id() == person) message->set_author_role(p.role());
  }
  KP_ASSIGN_OR_RETURN(const bool sees, SeesPerson(person));
  if (!sees) message->set_author(absl::StrCat("families/", family_.facts.id()));
  return absl::OkStatus();
}

absl::Status Reader::ShowItem(v1::AgendaItem* item) {
  if (item->has_minutes()) KP_RETURN_IF_ERROR(ShowAuthor(item->mutable_minutes()));
  for (v1::Statement& s : *item->mutable_statements()) KP_RETURN_IF_ERROR(ShowAuthor(&s));
  item->clear_etag();
  item->set_etag(EtagOf(*item));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<v1::AgendaItem>> Reader::OpenItems(const v1::KeptMeeting& meeting) {
  std::vector<v1::AgendaItem> out;
  out.reserve(meeting.agenda_size());
  for (const v1::KeptAgendaItem& kept : meeting.agenda()) {
    if (call_.FindScope(kept.scope()) == nullptr) continue;
    KP_ASSIGN_OR_RETURN(const dossier::Item item,
                        dossier::GetItem(call_, tx_, ItemKind::kAgendaItem, kept.item()));
    KP_ASSIGN_OR_RETURN(out.emplace_back(), ParseAgendaItem(item));
  }
  return out;
}

absl::StatusOr<bool> Reader::SittingChanged(const v1::KeptMeeting& meeting) {
  if (meeting.sitting().empty()) return false;
  const auto name = base::ResourceName::Parse(meeting.sitting());
  if (!name.ok()) return absl::DataLossError("the sitting of a meeting has no name");
  KP_ASSIGN_OR_RETURN(const auto row,
                      FindSitting(tx_, absl::StrCat("werkplaatsen/", name->Id("werkplaatsen")),
                                  name->Id("sittings")));
  return !row.has_value() || row->state == v1::SITTING_STATE_CANCELLED ||
         row->date != meeting.date() || row->place != meeting.place() ||
         meeting.start() < row->start || meeting.end() > row->end;
}

absl::StatusOr<v1::Agenda> Reader::ShowAgenda(const std::string& name,
                                              const v1::KeptMeeting& meeting) {
  v1::Agenda out;
  out.set_name(name);
  out.set_date(meeting.date());
  out.set_start(meeting.start());
  out.set_end(meeting.end());
  out.set_place(meeting.place());
  out.set_video(meeting.video());
  out.set_sitting(meeting.sitting());
  out.set_state(meeting.cancelled()                  ? casework::v1::MEETING_STATE_CANCELLED
                : IsPlanned(family_, meeting.item()) ? casework::v1::MEETING_STATE_PLANNED
                                                     : casework::v1::MEETING_STATE_CONCLUDED);
  out.set_change_reason(static_cast<v1::ChangeReason>(meeting.change_reason()));
  out.set_moved_from(meeting.moved_from());
  KP_ASSIGN_OR_RETURN(const bool changed, SittingChanged(meeting));
  out.set_sitting_changed(changed);
  KP_ASSIGN_OR_RETURN(std::vector<v1::AgendaItem> items, OpenItems(meeting));
  for (v1::AgendaItem& item : items) {
    KP_RETURN_IF_ERROR(ShowItem(&item));
    *out.add_items() = std::move(item);
  }
  out.set_etag(EtagOf(out));
  return out;
}

absl::StatusOr<v1::Invitation> Reader::ShowInvitation(const std::string& meeting_name,
                                                      const v1::KeptMeeting& meeting,
                                                      const v1::KeptInvitation& invitation,
                                                      bool own) {
  v1::Invitation out;
  out.set_name(InvitationName(meeting_name, invitation.id()));
  out.set_meeting(meeting_name);
  out.set_date(meeting.date());
  out.set_start(meeting.start());
  out.set_end(meeting.end());
  out.set_place(meeting.place());
  out.set_video(meeting.video());
  out.set_seat(invitation.seat());
  out.set_organisation(invitation.organisation());
  out.set_state(static_cast<v1::InvitationState>(invitation.state()));
  out.set_how(static_cast<casework::v1::AttendanceHow>(invitation.how()));
  out.set_decline_reason(static_cast<v1::DeclineReason>(invitation.decline_reason()));
  out.set_change_reason(static_cast<v1::ChangeReason>(meeting.change_reason()));
  out.set_moved_from(meeting.moved_from());
  *out.mutable_invite_time() = dossier::ToTimestamp(invitation.invite_time());
  if (invitation.answer_time() != 0) {
    *out.mutable_answer_time() = dossier::ToTimestamp(invitation.answer_time());
  }
  const std::string family = absl::StrCat("families/", family_.facts.id());
  const auto person_name = [&](const std::string& id) -> absl::StatusOr<std::string> {
    KP_ASSIGN_OR_RETURN(const bool sees, SeesPerson(id));
    return sees ? absl::StrCat(family, "/persons/", id) : family;
  };
  if (!invitation.person().empty()) {
    KP_ASSIGN_OR_RETURN(*out.mutable_person(), person_name(invitation.person()));
  }
  const auto kind = static_cast<v1::RepresentativeKind>(invitation.representative());
  if (kind != v1::REPRESENTATIVE_KIND_UNSPECIFIED) {
    out.mutable_representative()->set_kind(kind);
    if (kind == v1::REPRESENTATIVE_KIND_COLLEAGUE) {
      out.mutable_representative()->set_professional(invitation.represented_by());
    } else if (kind == v1::REPRESENTATIVE_KIND_FAMILY_MEMBER) {
      KP_ASSIGN_OR_RETURN(*out.mutable_representative()->mutable_person(),
                          person_name(invitation.represented_by()));
    }
  }
  if (own) {
    KP_ASSIGN_OR_RETURN(const std::vector<v1::AgendaItem> items, OpenItems(meeting));
    for (const v1::AgendaItem& item : items) {
      if (item.state() != v1::AGENDA_ITEM_STATE_DROPPED) out.add_subjects(item.title());
    }
  }
  out.set_etag(EtagOf(out));
  return out;
}

absl::StatusOr<std::vector<Readable>> Reader::ReadableOf(const std::string& name,
                                                         const v1::KeptMeeting& meeting) {
  std::vector<Readable> out;
  if (const policy::KeyedScope* scope = call_.FindScope(meeting.scope()); scope != nullptr) {
    out.push_back({.name = name, .scope = scope->id, .label = scope->label});
  }
  for (const v1::KeptAgendaItem& kept : meeting.agenda()) {
    if (call_.FindScope(kept.scope()) == nullptr) continue;
    KP_ASSIGN_OR_RETURN(const dossier::Item item,
                        dossier::GetItem(call_, tx_, ItemKind::kAgendaItem, kept.item()));
    KP_ASSIGN_OR_RETURN(const v1::AgendaItem parsed, ParseAgendaItem(item));
    if (parsed.state() == v1::AGENDA_ITEM_STATE_DROPPED) continue;
    out.push_back(
        {.name = ItemName(name, kept.item()), .scope = kept.scope(), .label = item.label});
  }
  return out;
}

}  // namespace knooppunt::meetings
