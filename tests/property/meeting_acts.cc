#include "tests/property/meeting_acts.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "knooppunt/casework/v1/casework.pb.h"

namespace knooppunt::property {
namespace {

constexpr char kMeetings[] = "meetings.v1.MeetingsService/";

std::string MeetingOf(const std::string& name) {
  const size_t at = name.find('/', name.find("/meetings/") + 10);
  return at == std::string::npos ? name : name.substr(0, at);
}

}  // namespace

MeetingKnown* MeetingActs::AnyMeeting() {
  return f_.meetings.empty() ? nullptr : &w_.Pick(f_.meetings);
}

const Thing* MeetingActs::AnyItem() {
  std::vector<const Thing*> all;
  for (const Thing& t : f_.things) {
    if (t.kind == Kind::kAgendaItem) all.push_back(&t);
  }
  return all.empty() ? nullptr : w_.Pick(all);
}

std::string MeetingActs::AgendaEtag(const Caller& who, const std::string& meeting) {
  meetings::v1::GetAgendaRequest req;
  req.set_name(meeting);
  meetings::v1::Agenda agenda;
  const absl::Status s = w_.region_->Call(who, absl::StrCat(kMeetings, "GetAgenda"), req, &agenda);
  return s.ok() ? agenda.etag() : "none";
}

std::string MeetingActs::ItemEtag(const Caller& who, const std::string& item) {
  meetings::v1::GetAgendaRequest req;
  req.set_name(MeetingOf(item));
  meetings::v1::Agenda agenda;
  if (!w_.region_->Call(who, absl::StrCat(kMeetings, "GetAgenda"), req, &agenda).ok())
    return "none";
  for (const meetings::v1::AgendaItem& i : agenda.items()) {
    if (i.name() == item) return i.etag();
  }
  return "none";
}

MeetingActs::Outcome MeetingActs::Plan(const Caller& who, const common::v1::Label& label) {
  casework::v1::PlanMeetingRequest req;
  req.set_parent(f_.case_name);
  req.set_date(w_.region_->Day(static_cast<int>(w_.Draw(4))));
  *req.mutable_label() = label;
  casework::v1::Meeting meeting;
  if (!w_.Do(who, f_, "casework.v1.CaseworkService/PlanMeeting", req, &meeting).ok()) return {};
  f_.meetings.push_back({.name = meeting.name(), .date = req.date()});
  return {.changed = true, .made = {{Kind::kMeeting, meeting.name(), "", meeting.label()}}};
}

MeetingActs::Outcome MeetingActs::Invite() {
  MeetingKnown* m = AnyMeeting();
  if (m == nullptr) return {};
  meetings::v1::InviteToMeetingRequest req;
  req.set_parent(m->name);
  std::string seat, person;
  if (w_.Chance(60) && !f_.seats.empty()) {
    seat = w_.Pick(f_.seats).id;
    req.set_seat(seat);
  } else {
    person = w_.Pick(f_.members).id;
    req.set_person(absl::StrCat(f_.name(), "/persons/", person));
  }
  meetings::v1::Invitation made;
  if (!w_.Do(f_.opener, f_, absl::StrCat(kMeetings, "InviteToMeeting"), req, &made).ok()) return {};
  m->invitations.push_back({.name = made.name(), .seat = made.seat(), .person = person});
  return {.changed = true};
}

MeetingActs::Outcome MeetingActs::Answer() {
  std::vector<Caller> all = w_.Everybody();
  const Caller who = w_.Pick(all);
  meetings::v1::ListOwnInvitationsRequest list;
  meetings::v1::ListOwnInvitationsResponse own;
  if (!w_.region_->Call(who, absl::StrCat(kMeetings, "ListOwnInvitations"), list, &own).ok()) {
    return {};
  }
  for (const meetings::v1::Invitation& i : own.invitations()) {
    if (MeetingOf(i.name()).find(f_.id) == std::string::npos) continue;
    meetings::v1::AnswerInvitationRequest req;
    req.set_name(i.name());
    req.set_etag(i.etag());
    req.set_answer(meetings::v1::INVITATION_STATE_DECLINED);
    req.set_decline_reason(meetings::v1::DECLINE_REASON_TIME);
    meetings::v1::Invitation answer;
    const bool done =
        w_.Do(who, f_, absl::StrCat(kMeetings, "AnswerInvitation"), req, &answer).ok();
    for (MeetingKnown& m : f_.meetings) {
      for (InvitationKnown& known : m.invitations) {
        if (done && known.name == i.name()) known.answered = true;
      }
    }
    return {.changed = done};
  }
  return {};
}

MeetingActs::Outcome MeetingActs::Uninvite() {
  MeetingKnown* m = AnyMeeting();
  if (m == nullptr || m->invitations.empty() || w_.Chance(50)) return {};
  meetings::v1::ListInvitationsRequest list;
  list.set_parent(m->name);
  meetings::v1::ListInvitationsResponse all;
  if (!w_.region_->Call(f_.opener, absl::StrCat(kMeetings, "ListInvitations"), list, &all).ok()) {
    return {};
  }
  InvitationKnown& known = w_.Pick(m->invitations);
  meetings::v1::WithdrawInvitationRequest req;
  req.set_name(known.name);
  for (const meetings::v1::Invitation& i : all.invitations()) {
    if (i.name() == known.name) req.set_etag(i.etag());
  }
  meetings::v1::Invitation answer;
  if (!w_.Do(f_.opener, f_, absl::StrCat(kMeetings, "WithdrawInvitation"), req, &answer).ok()) {
    return {};
  }
  known.taken_back = true;
  return {.changed = true};
}

MeetingActs::Outcome MeetingActs::Bring(const Caller& who, const common::v1::Label& label) {
  const MeetingKnown* m = AnyMeeting();
  if (m == nullptr) return {};
  meetings::v1::AddAgendaItemRequest req;
  req.set_parent(m->name);
  const std::string mark = w_.Mark();
  req.mutable_item()->set_title(absl::StrCat("Punt ", mark));
  *req.mutable_item()->mutable_label() = label;
  meetings::v1::AgendaItem item;
  if (!w_.Do(who, f_, absl::StrCat(kMeetings, "AddAgendaItem"), req, &item).ok()) return {};
  return {.changed = true, .made = {{Kind::kAgendaItem, item.name(), mark, item.label()}}};
}

MeetingActs::Outcome MeetingActs::Move() {
  const Thing* item = AnyItem();
  const Thing* after = AnyItem();
  if (item == nullptr) return {};
  meetings::v1::MoveAgendaItemRequest req;
  req.set_name(item->name);
  if (w_.Chance(60)) req.set_after(after->name);
  req.set_etag(AgendaEtag(f_.opener, MeetingOf(item->name)));
  meetings::v1::Agenda answer;
  const absl::Status s =
      w_.Do(f_.opener, f_, absl::StrCat(kMeetings, "MoveAgendaItem"), req, &answer);
  return {.changed = s.ok()};
}

// The mark of the item stands in its minutes too: the same readers.
MeetingActs::Outcome MeetingActs::Minute(const Caller& who) {
  const Thing* item = AnyItem();
  if (item == nullptr) return {};
  meetings::v1::RecordMinutesRequest req;
  req.set_name(item->name);
  req.set_said(absl::StrCat("Gezegd ", item->mark));
  req.set_etag(ItemEtag(who, item->name));
  meetings::v1::AgendaItem answer;
  if (!w_.Do(who, f_, absl::StrCat(kMeetings, "RecordMinutes"), req, &answer).ok()) return {};
  return {.changed = true, .scopes = {item->scope}};
}

MeetingActs::Outcome MeetingActs::React(const Caller& who) {
  const Thing* item = AnyItem();
  if (item == nullptr) return {};
  meetings::v1::ReactToMinutesRequest req;
  req.set_name(item->name);
  req.set_confirmed(w_.Chance(50));
  req.set_text("Zo zie ik het.");
  meetings::v1::AgendaItem answer;
  if (!w_.Do(who, f_, absl::StrCat(kMeetings, "ReactToMinutes"), req, &answer).ok()) return {};
  return {.changed = true, .scopes = {item->scope}};
}

MeetingActs::Outcome MeetingActs::Postpone() {
  MeetingKnown* m = AnyMeeting();
  if (m == nullptr) return {};
  meetings::v1::MoveMeetingRequest req;
  req.set_name(m->name);
  req.set_date(w_.region_->Day(static_cast<int>(w_.Draw(5))));
  req.set_reason(meetings::v1::CHANGE_REASON_PARTY_ABSENT);
  req.set_etag(AgendaEtag(f_.opener, m->name));
  meetings::v1::Agenda answer;
  if (!w_.Do(f_.opener, f_, absl::StrCat(kMeetings, "MoveMeeting"), req, &answer).ok()) return {};
  m->date = req.date();
  m->sitting.clear();
  for (InvitationKnown& i : m->invitations) i.answered = false;
  return {.changed = true};
}

// It stays known to whom it was, and to who is invited.
MeetingActs::Outcome MeetingActs::CallOff() {
  MeetingKnown* m = AnyMeeting();
  if (m == nullptr || w_.Chance(70)) return {};
  meetings::v1::CancelMeetingRequest req;
  req.set_name(m->name);
  req.set_reason(meetings::v1::CHANGE_REASON_NOT_NEEDED);
  req.set_etag(AgendaEtag(f_.opener, m->name));
  meetings::v1::Agenda answer;
  if (!w_.Do(f_.opener, f_, absl::StrCat(kMeetings, "CancelMeeting"), req, &answer).ok()) return {};
  m->sitting.clear();
  return {.changed = true};
}

MeetingActs::Outcome MeetingActs::Sit() {
  const MeetingKnown* m = AnyMeeting();
  if (m == nullptr) return {};
  meetings::v1::PlanSittingRequest req;
  req.set_parent("werkplaatsen/manjefiek");
  req.mutable_sitting()->set_date(m->date);
  req.mutable_sitting()->set_start("09:00");
  req.mutable_sitting()->set_end("17:00");
  req.mutable_sitting()->set_place("Teamkamer");
  meetings::v1::Sitting made;
  if (!w_.Do(f_.opener, f_, absl::StrCat(kMeetings, "PlanSitting"), req, &made).ok()) return {};
  w_.sittings.push_back({.name = made.name(), .date = m->date});
  Slot();
  return {.changed = true};
}

MeetingActs::Outcome MeetingActs::Slot() {
  MeetingKnown* m = AnyMeeting();
  if (m == nullptr || w_.sittings.empty()) return {};
  for (const SittingKnown& sitting : w_.sittings) {
    if (sitting.date != m->date) continue;
    const int hour = 10 + static_cast<int>(w_.Draw(6));
    meetings::v1::AssignSlotRequest req;
    req.set_name(m->name);
    req.set_sitting(sitting.name);
    req.set_start(absl::StrCat(hour, ":00"));
    req.set_end(absl::StrCat(hour, ":40"));
    req.set_etag(AgendaEtag(f_.opener, m->name));
    meetings::v1::Agenda answer;
    if (!w_.Do(f_.opener, f_, absl::StrCat(kMeetings, "AssignSlot"), req, &answer).ok()) return {};
    m->sitting = sitting.name;
    return {.changed = true};
  }
  return {};
}

// What writes no item: several at once, so that there is something to look at.
MeetingActs::Outcome MeetingActs::Prepare() {
  Outcome out;
  for (int i = 0; i < 4; ++i) {
    const auto act = [&]() -> Outcome {
      switch (w_.Draw(10)) {
        case 0:
          return Answer();
        case 1:
          return Uninvite();
        case 2:
          return Move();
        case 3:
          return Sit();
        case 4:
          return Slot();
        case 5:
          return Postpone();
        case 6:
          return CallOff();
        default:
          return Invite();
      }
    };
    out.changed = act().changed || out.changed;
  }
  return out;
}

MeetingActs::Outcome MeetingActs::One(const Caller& who, const common::v1::Label& label) {
  if (f_.meetings.empty()) {
    common::v1::About about;
    about.add_persons(f_.children.front());
    return Plan(f_.opener, OwnLabel(f_.opener, about));
  }
  switch (w_.Draw(9)) {
    case 0:
      return Plan(who, label);
    case 1:
    case 2:
    case 3:
      return Bring(who, label);
    case 4:
      return Minute(w_.Chance(50) ? who : f_.opener);
    case 5:
      return React(who);
    default:
      return Prepare();
  }
}

}  // namespace knooppunt::property
