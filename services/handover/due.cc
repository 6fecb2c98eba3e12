#include "services/handover/due.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "security/crypto/hash.h"
#include "services/dossier/errors.h"
#include "services/dossier/request.h"

namespace knooppunt::handover {
namespace {

struct Next {
  HandoverState state;
  v1::HandoverSide turn;  // not stated: either
  absl::string_view nl;
  absl::string_view en;
};
constexpr Next kNext[] = {
    {v1::HANDOVER_STATE_DRAFTED, v1::HANDOVER_SIDE_SENDER, "Laat het gezin zien wat er meegaat.",
     "Show the family what travels."},
    {v1::HANDOVER_STATE_SHOWN, v1::HANDOVER_SIDE_SENDER,
     "Vraag toestemming voor alles wat meegaat en keur de overdracht goed.",
     "Ask consent for everything that travels, and authorise."},
    {v1::HANDOVER_STATE_AUTHORISED, v1::HANDOVER_SIDE_SENDER, "Bied de overdracht aan.",
     "Offer it."},
    {v1::HANDOVER_STATE_OFFERED, v1::HANDOVER_SIDE_RECEIVER,
     "Lees wat is aangeboden en teken voor ontvangst, of geef het met een reden terug.",
     "Read what is offered and sign for it, or return it with a reason."},
    {v1::HANDOVER_STATE_RECEIVED, v1::HANDOVER_SIDE_UNSPECIFIED,
     "Voer het gesprek met beide kanten en het gezin, en leg het vast.",
     "Hold the conversation of both sides and the family, and record it."},
    {v1::HANDOVER_STATE_CONVERSED, v1::HANDOVER_SIDE_RECEIVER,
     "Neem de casus aan, of geef die met een reden terug.",
     "Accept the case, or return it with a reason."},
    {v1::HANDOVER_STATE_ACCEPTED, v1::HANDOVER_SIDE_UNSPECIFIED, "Sluit de overdracht af.",
     "Close the handover."},
    {v1::HANDOVER_STATE_EXPIRED, v1::HANDOVER_SIDE_SENDER,
     "De overdracht is verlopen: stel een nieuwe op of trek deze in.",
     "The handover has expired: draft a new one, or withdraw this one."},
};

std::string DueByItsDates(const v1::Handover& h, HandoverState state) {
  if (state == v1::HANDOVER_STATE_EXPIRED) return h.expire_date();
  if (state == v1::HANDOVER_STATE_OFFERED && !h.answer_date().empty()) return h.answer_date();
  if (state == v1::HANDOVER_STATE_RECEIVED && !h.invitations().empty()) {
    return h.invitations(h.invitations_size() - 1).date();
  }
  return h.due_date();
}

// R27: not after the last day before the receiving werkplaats closes.
std::string DueDateOf(const v1::Handover& h, HandoverState state) {
  std::string due = DueByItsDates(h, state);
  const auto closes = base::ParseDate(h.receiver_close_date());
  return Runs(h.state()) && closes.ok() ? std::min(due, base::FormatDate(*closes - 1)) : due;
}

// R27: what both sides must know of a werkplaats that closes.
void SayThatItCloses(const v1::Handover& h, base::Date today, v1::DueHandover* out) {
  const auto closes = base::ParseDate(h.receiver_close_date());
  if (!Runs(h.state()) || !closes.ok()) return;
  out->set_receiver_close_date(h.receiver_close_date());
  if (*closes <= today && h.elsewhere().from_there()) {
    out->set_text_nl(
        "De werkplaats is gesloten: geef de casus terug aan wie hem meegaf (handover "
        "return-import).");
    out->set_text_en(
        "The werkplaats has closed: give the case back to who sent it (handover return-import).");
    return;
  }
  if (*closes <= today) {
    out->set_text_nl(
        "De ontvangende werkplaats is gesloten en de casus is bij de verzendende kant gebleven: "
        "trek de overdracht in en stel er een op naar de werkplaats waar het kind naartoe gaat.");
    out->set_text_en(
        "The receiving werkplaats has closed and the case stayed with the sending side: withdraw, "
        "and draft one to the werkplaats where the child goes.");
    return;
  }
  absl::StrAppend(out->mutable_text_nl(), " De ontvangende werkplaats sluit op ",
                  h.receiver_close_date(), ": wat dan niet is aangenomen, blijft waar het is.");
  absl::StrAppend(out->mutable_text_en(), " The receiving werkplaats closes on ",
                  h.receiver_close_date(), ": what is not accepted by then stays where it is.");
}

std::string FilterHash(const v1::DueFilter& filter) {
  return crypto::Sha256(filter.SerializeAsString()).substr(0, 8);
}

}  // namespace

bool HasEnded(HandoverState state) {
  return state == v1::HANDOVER_STATE_CLOSED || state == v1::HANDOVER_STATE_RETURNED ||
         state == v1::HANDOVER_STATE_WITHDRAWN;
}

v1::DueHandover DueOf(const v1::Handover& h, const v1::HandoverKindRow& row, const Sides& sides,
                      base::Date today) {
  v1::DueHandover out;
  const HandoverState state = StateOn(h, today);
  out.set_name(h.name());
  out.set_case_name(h.case_());
  out.set_kind(h.kind());
  out.set_state(state);
  out.set_from_werkplaats(h.from_werkplaats());
  out.set_to_werkplaats(h.to_werkplaats());
  if (HasEnded(state)) return out;
  for (const Next& next : kNext) {
    if (next.state != state) continue;
    out.set_turn(next.turn);
    out.set_text_nl(std::string(next.nl));
    out.set_text_en(std::string(next.en));
    out.set_mine(next.turn == v1::HANDOVER_SIDE_UNSPECIFIED
                     ? sides.sender || sides.receiver
                     : (next.turn == v1::HANDOVER_SIDE_SENDER ? sides.sender : sides.receiver));
  }
  SayThatItCloses(h, today, &out);
  out.set_due_date(DueDateOf(h, state));
  const auto due = base::ParseDate(out.due_date());
  // What was accepted is in time; that it is closed can wait.
  if (!due.ok() || state == v1::HANDOVER_STATE_ACCEPTED) return out;
  out.set_late(*due < today);
  out.set_escalate(*due + row.escalate_days() <= today);
  return out;
}

absl::Status CheckFilter(const v1::DueFilter& filter) {
  if (!filter.due_before().empty()) {
    const auto day = dossier::ParseDay("filter.due_before", filter.due_before());
    if (!day.ok()) return day.status();
  }
  if (filter.werkplaats().empty()) return absl::OkStatus();
  return dossier::CheckDirectoryName("filter.werkplaats", filter.werkplaats(), "werkplaatsen");
}

bool Fits(const v1::DueFilter& filter, const v1::DueHandover& due) {
  if (HasEnded(due.state()) && !filter.ended()) return false;
  if (!filter.werkplaats().empty() && due.from_werkplaats() != filter.werkplaats() &&
      due.to_werkplaats() != filter.werkplaats()) {
    return false;
  }
  if (!filter.due_before().empty() &&
      (due.due_date().empty() || due.due_date() >= filter.due_before())) {
    return false;
  }
  return (!filter.late() || due.late()) && (!filter.mine() || due.mine());
}

std::string OrderKey(const v1::DueHandover& due) {
  return absl::StrCat(due.due_date().empty() ? "9999-99-99" : due.due_date(), " ", due.name());
}

std::string TokenAfter(absl::string_view key, const v1::DueFilter& filter) {
  return crypto::Base64UrlEncode(absl::StrCat(FilterHash(filter), key));
}

absl::StatusOr<std::string> KeyOfToken(absl::string_view token, const v1::DueFilter& filter) {
  if (token.empty()) return std::string();
  const auto bytes = crypto::Base64UrlDecode(token);
  const std::string hash = FilterHash(filter);
  if (token.size() > limits::kMaxWorklistTokenBytes || !bytes.ok() ||
      bytes->size() <= hash.size() || bytes->substr(0, hash.size()) != hash) {
    return dossier::errors::InvalidField("page_token", "be one that was given out for this filter");
  }
  return bytes->substr(hash.size());
}

std::vector<v1::WerkplaatsDue> CountByWerkplaats(const std::vector<v1::DueHandover>& all) {
  std::map<std::string, v1::WerkplaatsDue> by_name;
  for (const v1::DueHandover& due : all) {
    if (HasEnded(due.state())) continue;
    v1::WerkplaatsDue& from = by_name[due.from_werkplaats()];
    from.set_sending(from.sending() + 1);
    v1::WerkplaatsDue& to = by_name[due.to_werkplaats()];
    to.set_receiving(to.receiving() + 1);
    if (!due.receiver_close_date().empty()) to.set_close_date(due.receiver_close_date());
    for (v1::WerkplaatsDue* w : {&from, &to}) {
      // Where only the help changes hands, both are one.
      if (w == &to && &to == &from) continue;
      w->set_late(w->late() + (due.late() ? 1 : 0));
      w->set_escalate(w->escalate() + (due.escalate() ? 1 : 0));
    }
  }
  std::vector<v1::WerkplaatsDue> out;
  out.reserve(by_name.size());
  for (auto& [name, counts] : by_name) {
    counts.set_werkplaats(name);
    out.push_back(counts);
  }
  return out;
}

}  // namespace knooppunt::handover
