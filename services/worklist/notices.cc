#include "services/worklist/notices.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "knooppunt/meetings/v1/invitation.pb.h"
#include "security/crypto/aead.h"
#include "security/crypto/hash.h"
#include "security/policy/consent_rules.h"
#include "security/policy/emergency.h"
#include "security/policy/ground_sight.h"
#include "services/dossier/rules.h"
#include "services/worklist/closing.h"

namespace knooppunt::worklist {
namespace {

using access::v1::CaseFact;
using access::v1::Seat;
using v1::Notice;
using v1::NoticeKind;
using v1::OpenItem;

struct Words {
  NoticeKind kind;
  absl::string_view rule;
  absl::string_view nl;
  absl::string_view en;
  absl::string_view act;  // the method that settles it, or ""
};
constexpr Words kWords[] = {
    {v1::NOTICE_KIND_OUTCOME, "R7",
     "Er is een knooppuntoverleg geweest waar u niet bij was. Lees de uitkomst en bevestig die.",
     "A meeting was held without you. Read the outcome and confirm it.",
     "casework.v1.CaseworkService/ConfirmOutcome"},
    {v1::NOTICE_KIND_UNCONFIRMED, "R7",
     "Een kernpartner die er niet was, heeft de uitkomst van het overleg nog niet bevestigd.",
     "A core partner who was absent has not confirmed the outcome of the meeting.", ""},
    {v1::NOTICE_KIND_INVITATION, "R8", "U bent uitgenodigd om aan tafel te komen.",
     "You are invited to the table.", "casework.v1.CaseworkService/JoinCase"},
    {v1::NOTICE_KIND_STEP, "R5", "Er is een afspraak op uw naam gezet.",
     "There is a step in your name.", ""},
    {v1::NOTICE_KIND_DISPUTE, "R9", "Iemand aan tafel spreekt een afspraak tegen.",
     "Somebody at the table disputes a step.", ""},
    {v1::NOTICE_KIND_PROPOSAL, "R6",
     "Er is een afspraak voorgesteld die inzet van uw organisatie vraagt. Beslis erover.",
     "A step was proposed that asks for means of your organisation. Decide on it.",
     "casework.v1.CaseworkService/DecideStep"},
    {v1::NOTICE_KIND_MEETING, "R4", "Er is een knooppuntoverleg gepland.",
     "A meeting of the knooppunt is planned.", ""},
    {v1::NOTICE_KIND_LAPSE, "R14", "", "", ""},
    {v1::NOTICE_KIND_SIGN, "R11", "", "", "consent.v1.ConsentService/SignConsent"},
    {v1::NOTICE_KIND_APPOINT_REGISSEUR, "R1", "", "",
     "casework.v1.CaseworkService/AppointRegisseur"},
    {v1::NOTICE_KIND_PLAN_ADULTHOOD, "R16", "", "", ""},
    {v1::NOTICE_KIND_GROUND, "R15",
     "Er wordt informatie gedeeld op een andere grond dan toestemming. De grond noemt het artikel "
     "en wie haar inriep.",
     "Information is shared on another ground than consent. The ground names the article and who "
     "invoked it.",
     ""},
    {v1::NOTICE_KIND_REVIEW_GROUND, "R15", "", "", "consent.v1.ConsentService/ReviewGround"},
    {v1::NOTICE_KIND_EMERGENCY, "R20",
     "Er is noodtoegang tot dit dossier geweest. In het logboek staat wie keek en waarom.",
     "There was emergency access to this file. The log says who looked and why.", ""},
    {v1::NOTICE_KIND_DEPUTY, "R39", "Er is waarneming aan tafel geregeld.",
     "Somebody deputises at the table.", ""},
    {v1::NOTICE_KIND_REGISSEUR, "R1", "Er is een regisseur benoemd of vervangen.",
     "A regisseur was appointed or replaced.", ""},
    {v1::NOTICE_KIND_ROUND_OFF, "R16", "", "", ""},
    {v1::NOTICE_KIND_REVIEW_CASE, "R1", "", "", ""},
    {v1::NOTICE_KIND_HANDOVER_LATE, "R26",
     "Een warme overdracht is te laat. Vraag ernaar bij de andere kant; lukt dat niet, dan kan de "
     "casus naar wie de doorzettingsmacht heeft.",
     "A warm handover is late. Ask the other side; if that does not help, the case can be put to "
     "those who decide.",
     ""},
    {v1::NOTICE_KIND_OFFERED, "R26",
     "Er wordt u een warme overdracht aangeboden. Lees wat er is aangeboden en neem die in "
     "ontvangst.",
     "A warm handover is offered to you. Read what is offered and receive it.",
     "handover.v1.HandoverService/ReceiveHandover"},
    {v1::NOTICE_KIND_WERKPLAATS_CLOSES, "R27", "", "", "handover.v1.HandoverService/DraftHandover"},
    {v1::NOTICE_KIND_RECEIVER_CLOSES, "R27", "", "", ""},
    {v1::NOTICE_KIND_REQUEST, "R40",
     "Er is een AVG-verzoek dat uw organisatie binnen de termijn moet beantwoorden.",
     "There is a request under the GDPR that your organisation must answer within its term.",
     "requests.v1.RequestsService/AnswerRequest"},
    {v1::NOTICE_KIND_MEETING_INVITATION, "R4",
     "U bent uitgenodigd voor een knooppuntoverleg. Laat weten of u komt.",
     "You are invited to a meeting of the knooppunt. Say whether you come.",
     "meetings.v1.MeetingsService/AnswerInvitation"},
    {v1::NOTICE_KIND_MEETING_MOVED, "R4",
     "Een knooppuntoverleg waarvoor u bent uitgenodigd is verzet. Laat opnieuw weten of u komt.",
     "A meeting to which you are invited was moved. Say again whether you come.",
     "meetings.v1.MeetingsService/AnswerInvitation"},
    {v1::NOTICE_KIND_MEETING_CANCELLED, "R4",
     "Een knooppuntoverleg waarvoor u was uitgenodigd gaat niet door.",
     "A meeting to which you were invited will not be held.", ""},
};

std::string DayOf(int64_t unix_seconds) {
  return base::FormatDate(base::DateOf(absl::FromUnixSeconds(unix_seconds)));
}

class Teller {
 public:
  explicit Teller(const Sight& sight)
      : sight_(sight),
        case_(OpenCaseOf(*sight.facts)),
        own_(OwnSeat(sight)),
        reader_(ReaderOf(sight)),
        family_(absl::StrCat("families/", sight.facts->id())) {}

  std::vector<Notice> Run(const v1::OpenItems& open) {
    if (reader_.empty()) return {};
    if (OnlyReceives(sight_)) {
      OfOffer(open);
      return std::move(out_);
    }
    if (Invited()) {
      Tell(v1::NOTICE_KIND_INVITATION, CaseName(), DayOf(own_->start_time()));
    }
    if (Joined()) {
      for (const OpenItem& o : open.items()) {
        if (o.case_id() == case_->id() && sight_.opens(o.scope())) OfItem(o);
      }
      OfTable();
      OfClosing();
    }
    for (const OpenItem& o : open.items()) {
      if (o.kind() == v1::OPEN_KIND_INVITATION) OfInvitation(o);
      if (o.kind() == v1::OPEN_KIND_REQUEST && sight_.opens(o.scope()) &&
          IsOursToAnswer(sight_, o)) {
        Tell(v1::NOTICE_KIND_REQUEST, absl::StrCat(family_, "/requests/", o.item()), o.since(),
             o.due_date());
      }
    }
    OfTasks();
    OfLapses();
    if (Joined() || !sight_.staff()) OfGrounds();
    if (!sight_.staff()) OfEmergencies();
    std::sort(out_.begin(), out_.end(),
              [](const Notice& a, const Notice& b) { return a.name() < b.name(); });
    return std::move(out_);
  }

 private:
  bool Joined() const { return own_ != nullptr && own_->state() == access::v1::SEAT_STATE_JOINED; }
  bool Invited() const {
    return own_ != nullptr && own_->state() == access::v1::SEAT_STATE_INVITED;
  }
  std::string CaseName() const { return absl::StrCat(family_, "/cases/", case_->id()); }

  // The id is that of kind, subject, reader and `which`: the same notice has the same name each
  // time, and says nothing to who does not see it already.
  Notice* Tell(NoticeKind kind, const std::string& subject, std::string date,
               absl::string_view which = "") {
    Notice n;
    const std::string id =
        crypto::HexEncode(crypto::Sha256(crypto::JoinLengthPrefixed(
                                             {"notice-v1", absl::StrCat(static_cast<int>(kind)),
                                              subject, reader_, which}))
                              .substr(0, 16));
    n.set_name(absl::StrCat(family_, "/notices/n-", id));
    n.set_kind(kind);
    n.set_subject(subject);
    if (case_ != nullptr) n.set_case_name(CaseName());
    n.set_date(std::move(date));
    n.set_state(v1::NOTICE_STATE_NEW);
    for (const Words& w : kWords) {
      if (w.kind != kind) continue;
      n.set_rule(std::string(w.rule));
      n.set_text_nl(std::string(w.nl));
      n.set_text_en(std::string(w.en));
      n.set_act(std::string(w.act));
    }
    out_.push_back(std::move(n));
    return &out_.back();
  }

  // That, not what: no case.
  void OfOffer(const v1::OpenItems& open) {
    const std::string id = OfferedToMe(sight_, open);
    if (id.empty()) return;
    Tell(v1::NOTICE_KIND_OFFERED, absl::StrCat(family_, "/handovers/", id), "")->clear_case_name();
    if (Notice* n = OfReceiver(id)) n->clear_case_name();
  }

  // R27: told once for each day that is announced, and once more when it has come.
  Notice* TellClosing(NoticeKind kind, const std::string& subject, const Closing& closing) {
    const bool closed = closing.date <= base::FormatDate(sight_.today());
    Notice* n =
        Tell(kind, subject, closing.date, absl::StrCat(closing.date, closed ? " closed" : ""));
    n->set_text_nl(closing.nl);
    n->set_text_en(closing.en);
    return n;
  }
  Notice* OfReceiver(const std::string& handover) {
    const Closing closing = ReceiverCloses(sight_, handover);
    if (!closing.closes()) return nullptr;
    return TellClosing(v1::NOTICE_KIND_RECEIVER_CLOSES,
                       absl::StrCat(family_, "/handovers/", handover), closing);
  }
  void OfClosing() {
    const Closing closing = WerkplaatsCloses(sight_);
    const bool of_werkplaats = sight_.staff() && case_->organisation() == sight_.organisation();
    if (!closing.closes() || !(of_werkplaats || LeadsCase(sight_))) return;
    TellClosing(v1::NOTICE_KIND_WERKPLAATS_CLOSES, CaseName(), closing);
  }

  void OfInvitation(const OpenItem& o) {
    if (case_ == nullptr || o.case_id() != case_->id() || !IsMyInvitation(sight_, o)) return;
    NoticeKind kind = v1::NOTICE_KIND_MEETING_INVITATION;
    if (o.invitation_state() == meetings::v1::INVITATION_STATE_MOVED)
      kind = v1::NOTICE_KIND_MEETING_MOVED;
    if (o.invitation_state() == meetings::v1::INVITATION_STATE_CANCELLED)
      kind = v1::NOTICE_KIND_MEETING_CANCELLED;
    Tell(kind, InvitationSubject(sight_, o), o.since(), o.due_date());
  }

  void OfItem(const OpenItem& o) {
    if (o.kind() == v1::OPEN_KIND_HANDOVER) {
      if (!FollowsHandovers(sight_)) return;
      if (o.due_date() < base::FormatDate(sight_.today())) {
        Tell(v1::NOTICE_KIND_HANDOVER_LATE, absl::StrCat(family_, "/handovers/", o.item()),
             o.due_date(), o.due_date());
      }
      OfReceiver(o.item());
      return;
    }
    const bool step = o.kind() == v1::OPEN_KIND_STEP || o.kind() == v1::OPEN_KIND_PROPOSAL;
    const std::string subject = absl::StrCat(CaseName(), step ? "/steps/" : "/meetings/", o.item());
    const bool owner = !o.owner_seat().empty() && dossier::ActsFor(*own_, o.owner_seat());
    const bool leads = LeadsCase(sight_);
    if (o.kind() == v1::OPEN_KIND_STEP && owner) OfOwnStep(o, subject);
    if (o.kind() == v1::OPEN_KIND_PROPOSAL && OfOurMeans(o)) {
      Tell(v1::NOTICE_KIND_PROPOSAL, subject, o.since());
    }
    if (o.kind() == v1::OPEN_KIND_MEETING) {
      Tell(v1::NOTICE_KIND_MEETING, subject, o.since(), o.due_date());
    }
    for (const std::string& seat : o.waiting_seats()) {
      if (dossier::ActsFor(*own_, seat)) {
        Tell(v1::NOTICE_KIND_OUTCOME, subject, o.since(), seat);
      } else if (leads) {
        Tell(v1::NOTICE_KIND_UNCONFIRMED, subject, o.since(), seat);
      }
    }
    for (const std::string& seat : o.disputed_seats()) {
      if (seat != own_->id() && (owner || leads)) {
        Tell(v1::NOTICE_KIND_DISPUTE, subject, o.since(), seat);
      }
    }
  }

  // R5: each change of owner is news to whom it goes to, also to who had the step before.
  void OfOwnStep(const OpenItem& o, const std::string& subject) {
    const int changes = o.owner_changes();
    Tell(v1::NOTICE_KIND_STEP, subject, std::max(o.since(), o.owner_since()),
         changes > 0 ? absl::StrCat("owner ", changes) : "");
  }

  bool OfOurMeans(const OpenItem& o) const {
    return sight_.staff() &&
           std::any_of(case_->seats().begin(), case_->seats().end(), [&](const Seat& s) {
             return !s.professional().empty() && s.professional() == o.committed_by() &&
                    s.organisation() == sight_.organisation();
           });
  }

  // What everybody at the table sees (R1, R39).
  void OfTable() {
    for (const Seat& s : case_->seats()) {
      if (s.deputises().empty() || s.id() == own_->id() || !dossier::SeatOpen(s, sight_.now))
        continue;
      Tell(v1::NOTICE_KIND_DEPUTY, CaseName(), DayOf(s.start_time()), s.id());
    }
    if (case_->terms().empty()) return;
    const access::v1::RegisseurTerm& term = *case_->terms().rbegin();
    if (term.end_time() == 0) {
      Tell(v1::NOTICE_KIND_REGISSEUR, CaseName(), DayOf(term.start_time()),
           absl::StrCat(term.start_time()));
    }
  }

  void OfTasks() {
    for (const access::v1::Task& task : sight_.decision->tasks()) {
      if (task.kind() == access::v1::TASK_KIND_RENEW_CONSENT) continue;  // the lapse says it
      NoticeKind kind = v1::NOTICE_KIND_UNSPECIFIED;  // another task, in its own words
      if (task.kind() == access::v1::TASK_KIND_SIGN) kind = v1::NOTICE_KIND_SIGN;
      if (task.kind() == access::v1::TASK_KIND_APPOINT_REGISSEUR ||
          task.kind() == access::v1::TASK_KIND_NAME_STAND_IN ||
          task.kind() == access::v1::TASK_KIND_TAKE_OVER) {
        kind = v1::NOTICE_KIND_APPOINT_REGISSEUR;
      }
      if (task.kind() == access::v1::TASK_KIND_PLAN_ADULTHOOD)
        kind = v1::NOTICE_KIND_PLAN_ADULTHOOD;
      if (task.kind() == access::v1::TASK_KIND_REVIEW_GROUND) kind = v1::NOTICE_KIND_REVIEW_GROUND;
      if (task.kind() == access::v1::TASK_KIND_ROUND_OFF) kind = v1::NOTICE_KIND_ROUND_OFF;
      if (task.kind() == access::v1::TASK_KIND_REVIEW_CASE) kind = v1::NOTICE_KIND_REVIEW_CASE;
      Notice* n = Tell(kind, task.subject(), "", absl::StrCat(static_cast<int>(task.kind())));
      n->set_text_nl(task.text_nl());
      n->set_text_en(task.text_en());
    }
  }

  void OfLapses() {
    const std::string today = base::FormatDate(sight_.today());
    for (const access::v1::Lapse& lapse : sight_.decision->lapses()) {
      if (lapse.announce_date() > today) continue;
      Notice* n = Tell(v1::NOTICE_KIND_LAPSE, lapse.consent(), lapse.announce_date(), lapse.date());
      n->set_text_nl(lapse.text_nl());
      n->set_text_en(lapse.text_en());
    }
  }

  // R15: the family is told unless that is unsafe; so are the recipient and who leads the case.
  void OfGrounds() {
    const std::string today = base::FormatDate(sight_.today());
    for (const access::v1::GroundFact& g : sight_.facts->grounds()) {
      if (g.end_time() != 0 || g.end_date() <= today || g.start_date() > today) continue;
      const bool shown =
          sight_.staff()
              ? g.recipient() == sight_.organisation() && !Has(g)
              : policy::GroundShowsTo(*sight_.facts, g, sight_.decision->person(), sight_.today());
      if (!shown) continue;
      Tell(v1::NOTICE_KIND_GROUND, absl::StrCat(family_, "/grounds/", g.id()), g.start_date());
    }
  }
  // Who invoked it knows.
  bool Has(const access::v1::GroundFact& g) const {
    return g.invoked_by() == sight_.claims->subject();
  }

  // R20, R25: as the family's log shows them: after the review, or when the time is over.
  void OfEmergencies() {
    const absl::Time before = policy::EmergenciesShownBefore(*sight_.facts, sight_.now);
    for (const access::v1::EmergencyFact& e : sight_.facts->emergencies()) {
      const absl::Time start = absl::FromUnixSeconds(e.start_time());
      if (start >= before || start < sight_.now - kEmergencyToldFor) continue;
      Tell(v1::NOTICE_KIND_EMERGENCY, absl::StrCat(family_, "/emergencies/", e.id()),
           DayOf(e.start_time()));
    }
  }

  // The log keeps it for good; the inbox for a year.
  static constexpr absl::Duration kEmergencyToldFor = absl::Hours(24 * 366);

  const Sight& sight_;
  const CaseFact* const case_;
  const Seat* const own_;
  const std::string reader_;
  const std::string family_;
  std::vector<Notice> out_;
};

}  // namespace

std::string ReaderOf(const Sight& sight) {
  return sight.staff() ? sight.decision->seat() : sight.decision->person();
}

std::vector<Notice> Notices(const Sight& sight, const v1::OpenItems& open) {
  return Teller(sight).Run(open);
}

void ApplyMarks(const v1::MarkedNotices& marks, std::vector<Notice>* notices) {
  for (Notice& n : *notices) {
    const std::string id = n.name().substr(n.name().rfind('/') + 1);
    for (const v1::MarkedNotice& mark : marks.marks()) {
      if (mark.id() != id) continue;
      n.set_state(static_cast<v1::NoticeState>(mark.state()));
      n.mutable_state_time()->set_seconds(mark.time());
    }
  }
}

bool NewerFirst(const Notice& a, const Notice& b) {
  return std::make_tuple(a.date(), a.name()) > std::make_tuple(b.date(), b.name());
}

}  // namespace knooppunt::worklist
