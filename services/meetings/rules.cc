#include "services/meetings/rules.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "security/policy/words.h"
#include "services/dossier/errors.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/dossier/text.h"
#include "services/meetings/errors.h"
#include "services/meetings/limits.h"

namespace knooppunt::meetings {
namespace {

using policy::Language;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

int Number(absl::string_view two) { return (two[0] - '0') * 10 + (two[1] - '0'); }

bool NamesRepresentative(const v1::Representative& r) {
  return r.kind() != v1::REPRESENTATIVE_KIND_UNSPECIFIED || !r.professional().empty() ||
         !r.person().empty();
}

// A name where the kind asks for one, and nowhere else.
absl::Status CheckRepresentative(const v1::Representative& r, const Me& me) {
  const bool colleague = r.kind() == v1::REPRESENTATIVE_KIND_COLLEAGUE;
  const bool family = r.kind() == v1::REPRESENTATIVE_KIND_FAMILY_MEMBER;
  if (r.kind() == v1::REPRESENTATIVE_KIND_UNSPECIFIED ||
      !v1::RepresentativeKind_IsValid(r.kind()) || colleague == r.professional().empty() ||
      family == r.person().empty()) {
    return errors::RepresentativeMissing();
  }
  // A professional sends a colleague; the family whom they choose.
  if (me.staff != colleague)
    return me.staff ? errors::NotYourColleague() : errors::RepresentativeMissing();
  return absl::OkStatus();
}

// Of what is missing, each compartment once, in the words of the policy.
std::string Compartments(const v1::InvitationCheck& check, Language language) {
  std::vector<std::string> words;
  words.reserve(check.missing_size());
  for (const v1::MissingSharing& m : check.missing()) {
    words.push_back(policy::WordFor(m.compartment(), language));
  }
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return absl::StrJoin(words, ", ");
}

void SayToStaff(v1::InvitationCheck* check) {
  const bool nothing = check->extent() == v1::SIGHT_EXTENT_NOTHING;
  check->set_text_nl(absl::StrCat(
      nothing ? "Deze partij ziet alleen wanneer en waar het is. Er is geen toestemming of andere "
                "grond voor: "
              : "Deze partij ziet een deel. Er is geen toestemming of andere grond voor: ",
      Compartments(*check, Language::kDutch),
      ". Vraag na wie moet tekenen (consent who-must-agree) en leg het voor (consent propose)."));
  check->set_text_en(absl::StrCat(
      nothing ? "This party sees when and where, and nothing else. There is no consent or other "
                "ground for: "
              : "This party sees a part. There is no consent or other ground for: ",
      Compartments(*check, Language::kEnglish),
      ". Ask who must sign (consent who-must-agree) and propose it (consent propose)."));
}

void SayToFamily(const access::v1::PartySight* party, v1::InvitationCheck* check) {
  if (party != nullptr && party->rule() == "no-account") {
    check->set_text_nl(
        "Deze persoon heeft hier geen account en leest niets: nodig uit in een gesprek of een "
        "brief.");
    check->set_text_en(
        "This person has no account here and reads nothing: invite them in a conversation or a "
        "letter.");
  } else if (party == nullptr || !party->allowed()) {
    check->set_text_nl(
        "Deze persoon leest niet mee (geen gezag, of nog te jong): nodig uit in een gesprek en "
        "vertel wat van belang is.");
    check->set_text_en(
        "This person does not read along (no gezag, or too young): invite them in a conversation "
        "and tell them what matters.");
  } else {
    check->set_text_nl(
        "Deze persoon ziet een deel: wat over een ander gaat, of niet met elke ouder wordt "
        "gedeeld, blijft voor hen weg.");
    check->set_text_en(
        "This person sees a part: what is about somebody else, or is not shared with each parent, "
        "stays away from them.");
  }
}

}  // namespace

// ---- Times -------------------------------------------------------------------

absl::StatusOr<int> MinuteOfDay(absl::string_view field, absl::string_view text) {
  const bool shaped = text.size() == 5 && IsDigit(text[0]) && IsDigit(text[1]) && text[2] == ':' &&
                      IsDigit(text[3]) && IsDigit(text[4]);
  if (!shaped || Number(text) > 23 || Number(text.substr(3)) > 59) return errors::BadTime(field);
  return Number(text) * 60 + Number(text.substr(3));
}

absl::Status CheckPeriod(const Period& period) {
  KP_ASSIGN_OR_RETURN(const int start, MinuteOfDay("start", period.start));
  KP_ASSIGN_OR_RETURN(const int end, MinuteOfDay("end", period.end));
  return start < end ? absl::OkStatus() : errors::EndsBeforeItBegins();
}

bool Overlap(const Period& a, const Period& b) { return a.start < b.end && b.start < a.end; }

// ---- Who asks ------------------------------------------------------------------

bool LeadsMeetings(const access::v1::CaseFact& c, const Me& me, absl::Time now) {
  if (me.seat == nullptr || !dossier::SeatJoined(*me.seat, now)) return false;
  return (me.staff && me.seat->organisation() == c.organisation()) ||
         dossier::LeadsOrStandsIn(c, me.seat->id());
}

// ---- Invitations -----------------------------------------------------------------

const v1::KeptMeeting* FindMeeting(const v1::KeptMeetings& kept, absl::string_view id) {
  const auto at = std::find_if(kept.meetings().begin(), kept.meetings().end(),
                               [&](const v1::KeptMeeting& m) { return m.item() == id; });
  return at == kept.meetings().end() ? nullptr : &*at;
}
v1::KeptMeeting* MutableMeeting(v1::KeptMeetings* kept, absl::string_view id) {
  return const_cast<v1::KeptMeeting*>(FindMeeting(*kept, id));
}

const v1::KeptInvitation* FindInvitation(const v1::KeptMeeting& meeting, absl::string_view id) {
  const auto at = std::find_if(meeting.invitations().begin(), meeting.invitations().end(),
                               [&](const v1::KeptInvitation& i) { return i.id() == id; });
  return at == meeting.invitations().end() ? nullptr : &*at;
}
v1::KeptInvitation* MutableInvitation(v1::KeptMeeting* meeting, absl::string_view id) {
  return const_cast<v1::KeptInvitation*>(FindInvitation(*meeting, id));
}

bool AwaitsAnswer(const v1::KeptInvitation& invitation) {
  return invitation.state() == v1::INVITATION_STATE_SENT ||
         invitation.state() == v1::INVITATION_STATE_MOVED;
}

void AskAnew(v1::KeptMeeting* meeting) {
  for (v1::KeptInvitation& i : *meeting->mutable_invitations()) {
    if (IsTakenBack(i)) continue;
    i.set_state(v1::INVITATION_STATE_MOVED);
    i.clear_how();
    i.clear_representative();
    i.clear_represented_by();
    i.clear_decline_reason();
    i.clear_answer_time();
  }
}

void CallOff(v1::KeptMeeting* meeting) {
  for (v1::KeptInvitation& i : *meeting->mutable_invitations()) {
    if (!IsTakenBack(i)) i.set_state(v1::INVITATION_STATE_CANCELLED);
  }
}

bool IsTakenBack(const v1::KeptInvitation& invitation) {
  return invitation.state() == v1::INVITATION_STATE_WITHDRAWN;
}

bool IsOwn(const v1::KeptInvitation& invitation, const Me& me) {
  if (!invitation.seat().empty() && me.seat != nullptr &&
      dossier::ActsFor(*me.seat, invitation.seat())) {
    return true;
  }
  return !invitation.person().empty() && invitation.person() == me.person;
}

const v1::KeptInvitation* OwnInvitation(const v1::KeptMeeting& meeting, const Me& me) {
  for (const v1::KeptInvitation& i : meeting.invitations()) {
    if (!IsTakenBack(i) && IsOwn(i, me)) return &i;
  }
  return nullptr;
}

const v1::KeptInvitation* InvitationOf(const v1::KeptMeeting& meeting, absl::string_view seat,
                                       absl::string_view person) {
  for (const v1::KeptInvitation& i : meeting.invitations()) {
    const bool same =
        (!seat.empty() && i.seat() == seat) || (!person.empty() && i.person() == person);
    if (same && !IsTakenBack(i)) return &i;
  }
  return nullptr;
}

absl::Status CheckAnswer(const v1::AnswerInvitationRequest& req, const v1::KeptMeeting& meeting,
                         const Me& me) {
  const bool yes = req.answer() == v1::INVITATION_STATE_ACCEPTED;
  if (!yes && req.answer() != v1::INVITATION_STATE_DECLINED) return errors::BadAnswer();
  const bool has_reason = req.decline_reason() != v1::DECLINE_REASON_UNSPECIFIED;
  const bool has_how = req.how() != casework::v1::ATTENDANCE_HOW_UNSPECIFIED;
  if (has_reason == yes || has_how != yes || !v1::DeclineReason_IsValid(req.decline_reason()) ||
      !casework::v1::AttendanceHow_IsValid(req.how())) {
    return errors::BadAnswer();
  }
  const bool represented = req.how() == casework::v1::ATTENDANCE_HOW_REPRESENTATIVE;
  if (represented) return CheckRepresentative(req.representative(), me);
  if (NamesRepresentative(req.representative())) return errors::RepresentativeMissing();
  if (req.how() == casework::v1::ATTENDANCE_HOW_VIDEO && !meeting.video()) return errors::NoVideo();
  return absl::OkStatus();
}

void Answer(const v1::AnswerInvitationRequest& req, absl::Time now,
            v1::KeptInvitation* invitation) {
  invitation->set_state(req.answer());
  invitation->set_how(req.how());
  invitation->set_decline_reason(req.decline_reason());
  const v1::Representative& r = req.representative();
  invitation->set_representative(r.kind());
  const std::vector<std::string> parts = absl::StrSplit(r.person(), '/');
  invitation->set_represented_by(r.person().empty() ? r.professional() : parts.back());
  invitation->set_answer_time(absl::ToUnixSeconds(now));
}

// ---- What others would read ----------------------------------------------------------

const access::v1::PartySight* SightOf(const access::v1::Decision& decision,
                                      const v1::KeptInvitation& invitation) {
  for (const access::v1::PartySight& p : decision.parties()) {
    if (invitation.person().empty() ? !p.seat().empty() && p.seat() == invitation.seat()
                                    : p.person() == invitation.person()) {
      return &p;
    }
  }
  return nullptr;
}

const access::v1::PartySight* SightOfNamed(const access::v1::Decision& decision,
                                           const v1::NewParty& party) {
  for (const access::v1::PartySight& p : decision.parties()) {
    if (p.seat().empty() && p.professional() == party.professional() &&
        p.function() == party.function()) {
      return &p;
    }
  }
  return nullptr;
}

v1::InvitationCheck CheckOf(absl::Span<const Readable> readable,
                            const access::v1::PartySight* party, absl::string_view organisation) {
  v1::InvitationCheck out;
  for (const Readable& r : readable) {
    const bool opens =
        party != nullptr && party->allowed() &&
        std::find(party->scopes().begin(), party->scopes().end(), r.scope) != party->scopes().end();
    if (opens) {
      out.add_sees(r.name);
      continue;
    }
    v1::MissingSharing* missing = out.add_missing();
    missing->set_item(r.name);
    *missing->mutable_about() = r.label.about();
    missing->set_compartment(r.label.compartment());
    missing->set_recipient(std::string(organisation));
  }
  out.set_extent(out.sees().empty()      ? v1::SIGHT_EXTENT_NOTHING
                 : out.missing().empty() ? v1::SIGHT_EXTENT_ALL
                                         : v1::SIGHT_EXTENT_PART);
  if (out.extent() == v1::SIGHT_EXTENT_ALL) {
    out.set_text_nl("Deze partij ziet nu alles wat u van dit overleg ziet.");
    out.set_text_en("This party now sees all that you see of this meeting.");
  } else if (organisation.empty()) {
    SayToFamily(party, &out);
  } else {
    SayToStaff(&out);
  }
  return out;
}

// ---- The agenda ------------------------------------------------------------------

absl::Status CheckItem(const v1::AgendaItem& item) {
  KP_RETURN_IF_ERROR(dossier::ValidateName("item.title", item.title()));
  KP_RETURN_IF_ERROR(dossier::ValidateText(
      "item.text", item.text(), {.max_bytes = limits::kMaxAgendaTextBytes, .required = false}));
  if (item.planned_minutes() < 0 || item.planned_minutes() > limits::kMaxPlannedMinutes) {
    return dossier::errors::InvalidField("item.planned_minutes", "be 0 to 240");
  }
  return absl::OkStatus();
}

bool MayChange(const v1::AgendaItem& item, const access::v1::CaseFact& c, const Me& me,
               absl::Time now) {
  if (me.seat != nullptr && dossier::SeatJoined(*me.seat, now) &&
      dossier::ActsFor(*me.seat, item.brought_by())) {
    return true;
  }
  return LeadsMeetings(c, me, now);
}

absl::Status CheckStateChange(v1::AgendaItemState from, v1::AgendaItemState to) {
  const auto idle = [](v1::AgendaItemState s) {
    return s == v1::AGENDA_ITEM_STATE_PLANNED || s == v1::AGENDA_ITEM_STATE_DROPPED;
  };
  return from == to || (idle(from) && idle(to)) ? absl::OkStatus() : errors::ForbiddenState();
}

bool MoveBehind(absl::string_view item, absl::string_view after, v1::KeptMeeting* meeting) {
  auto* agenda = meeting->mutable_agenda();
  const auto find = [&](absl::string_view id) {
    return std::find_if(agenda->begin(), agenda->end(),
                        [&](const v1::KeptAgendaItem& a) { return a.item() == id; });
  };
  if (item == after || find(item) == agenda->end()) return false;
  if (!after.empty() && find(after) == agenda->end()) return false;
  const v1::KeptAgendaItem moved = *find(item);
  agenda->erase(find(item));
  const int place =
      after.empty() ? 0 : static_cast<int>(std::distance(agenda->begin(), find(after))) + 1;
  *agenda->Add() = moved;
  for (int i = agenda->size() - 1; i > place; --i) agenda->SwapElements(i, i - 1);
  return true;
}

absl::Status CheckMinutes(const v1::RecordMinutesRequest& req, const v1::AgendaItem& item,
                          const Minuting& when) {
  KP_RETURN_IF_ERROR(
      dossier::ValidateText("said", req.said(), {.max_bytes = limits::kMaxMinutesTextBytes}));
  KP_RETURN_IF_ERROR(
      dossier::ValidateText("conclusion", req.conclusion(),
                            {.max_bytes = limits::kMaxMinutesTextBytes, .required = false}));
  if (!when.held) return errors::NotYetHeld();
  if (item.state() == v1::AGENDA_ITEM_STATE_DROPPED) return errors::ItemDropped();
  const bool stands = item.has_minutes() && (when.concluded || !item.statements().empty());
  return stands ? errors::MinutesStand() : absl::OkStatus();
}

absl::Status CheckStatement(const v1::ReactToMinutesRequest& req, const v1::AgendaItem& item) {
  if (!item.has_minutes()) return errors::NoMinutes();
  if (!req.confirmed() && !dossier::ValidateText("text", req.text(), {}).ok() &&
      dossier::ValidateText("text", req.text(), {.required = false}).ok()) {
    return errors::DisputeNeedsText();
  }
  KP_RETURN_IF_ERROR(dossier::ValidateText(
      "text", req.text(), {.max_bytes = limits::kMaxMinutesTextBytes, .required = false}));
  return item.statements_size() < limits::kMaxStatements
             ? absl::OkStatus()
             : dossier::errors::TooMany("statements about one item");
}

// ---- Changes ---------------------------------------------------------------------

absl::Status ApplyMask(const google::protobuf::Message& from,
                       const google::protobuf::FieldMask& mask, absl::string_view allowed,
                       google::protobuf::Message* to) {
  if (mask.paths().empty()) return errors::MaskMissing(allowed);
  const std::vector<std::string> words = absl::StrSplit(allowed, ", ");
  const std::unique_ptr<google::protobuf::Message> source(from.New());
  source->CopyFrom(from);
  std::vector<std::string> taken(mask.paths().begin(), mask.paths().end());
  std::sort(taken.begin(), taken.end());
  taken.erase(std::unique(taken.begin(), taken.end()), taken.end());
  for (const std::string& path : taken) {
    if (std::find(words.begin(), words.end(), path) == words.end()) {
      return errors::FieldNotForChange(allowed);
    }
    to->GetReflection()->SwapFields(source.get(), to, {to->GetDescriptor()->FindFieldByName(path)});
  }
  return absl::OkStatus();
}

absl::Status CheckCancelReason(v1::ChangeReason reason) {
  const bool known = reason != v1::CHANGE_REASON_UNSPECIFIED && v1::ChangeReason_IsValid(reason);
  return known ? absl::OkStatus() : errors::ReasonMissing();
}

absl::Status CheckMoveReason(v1::ChangeReason reason) {
  KP_RETURN_IF_ERROR(CheckCancelReason(reason));
  return reason == v1::CHANGE_REASON_NOT_NEEDED ? errors::NotNeededIsCancelled() : absl::OkStatus();
}

absl::Status Move(const v1::MoveMeetingRequest& req, base::Date today, v1::KeptMeeting* meeting) {
  KP_RETURN_IF_ERROR(CheckMoveReason(req.reason()));
  const v1::KeptMeeting before = *meeting;
  if (!req.date().empty()) {
    KP_ASSIGN_OR_RETURN(const base::Date date, dossier::ParseDay("date", req.date()));
    if (date < today) return errors::MeetingInThePast();
    meeting->set_date(req.date());
  }
  const bool another_day = meeting->date() != before.date();
  if (!req.start().empty() || !req.end().empty()) {
    KP_RETURN_IF_ERROR(CheckPeriod({.start = req.start(), .end = req.end()}));
    meeting->set_start(req.start());
    meeting->set_end(req.end());
  } else if (another_day) {  // not arranged yet
    meeting->clear_start();
    meeting->clear_end();
  }
  if (!req.place().empty()) {
    KP_RETURN_IF_ERROR(dossier::ValidateText(
        "place", req.place(), {.max_bytes = limits::kMaxPlaceBytes, .one_line = true}));
    meeting->set_place(req.place());
  }
  const bool same = !another_day && meeting->start() == before.start() &&
                    meeting->end() == before.end() && meeting->place() == before.place();
  if (same) return errors::NothingMoves();
  meeting->clear_sitting();  // whose moment and place it had
  meeting->set_moved_from(before.date());
  meeting->set_change_reason(req.reason());
  AskAnew(meeting);
  return absl::OkStatus();
}

}  // namespace knooppunt::meetings
