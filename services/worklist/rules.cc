#include "services/worklist/rules.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "knooppunt/meetings/v1/invitation.pb.h"
#include "security/crypto/hash.h"
#include "security/policy/consent_rules.h"
#include "services/dossier/errors.h"
#include "services/dossier/rules.h"
#include "services/handover/rules.h"
#include "services/worklist/closing.h"
#include "services/worklist/errors.h"

namespace knooppunt::worklist {
namespace {

using access::v1::CaseFact;
using access::v1::Seat;
using v1::Entry;
using v1::EntryKind;
using v1::OpenItem;

constexpr char kLast[] = "9999-99-99";

template <typename List>
bool Has(const List& list, const std::string& x) {
  return std::find(list.begin(), list.end(), x) != list.end();
}

struct Words {
  EntryKind kind;
  absl::string_view rule;
  absl::string_view nl;
  absl::string_view en;
};
constexpr Words kWords[] = {
    {v1::ENTRY_KIND_STEP, "R5", "Afspraak om te doen.", "A step to do."},
    {v1::ENTRY_KIND_PROPOSAL, "R6",
     "Voorgestelde afspraak: uw organisatie beslist of die wordt toegezegd.",
     "A proposed step: your organisation decides whether to commit."},
    {v1::ENTRY_KIND_REACTION, "R9", "Afspraak om te bevestigen of tegen te spreken.",
     "A step to confirm or dispute."},
    {v1::ENTRY_KIND_OUTCOME, "R7",
     "Terugkoppeling van een overleg waar u niet bij was: lees en bevestig.",
     "The outcome of a meeting that you missed: read and confirm it."},
    {v1::ENTRY_KIND_MEETING, "R4", "Knooppuntoverleg.", "A meeting of the knooppunt."},
    {v1::ENTRY_KIND_INVITATION, "R8", "Uitnodiging om aan tafel te komen.",
     "An invitation to the table."},
    {v1::ENTRY_KIND_SIGN, "R11", "", ""},
    {v1::ENTRY_KIND_RENEW_CONSENT, "R14", "", ""},
    {v1::ENTRY_KIND_APPOINT_REGISSEUR, "R1", "", ""},
    {v1::ENTRY_KIND_PLAN_ADULTHOOD, "R16", "", ""},
    {v1::ENTRY_KIND_REVIEW_GROUND, "R15", "Grond om te toetsen, die een ander inriep.",
     "A ground to review, that somebody else invoked."},
    {v1::ENTRY_KIND_LAPSE, "R14", "", ""},
    {v1::ENTRY_KIND_ROUND_OFF, "R16", "", ""},
    {v1::ENTRY_KIND_REVIEW_CASE, "R1", "", ""},
    {v1::ENTRY_KIND_HANDOVER, "R26", "Warme overdracht om op te volgen.",
     "A warm handover to follow up."},
    {v1::ENTRY_KIND_OFFERED, "R26", "Er wordt u een warme overdracht aangeboden.",
     "A warm handover is offered to you."},
    {v1::ENTRY_KIND_WERKPLAATS_CLOSES, "R27", "", ""},
    {v1::ENTRY_KIND_REQUEST, "R40", "AVG-verzoek om te beantwoorden.",
     "A request under the GDPR to answer."},
    {v1::ENTRY_KIND_MEETING_INVITATION, "R4",
     "Uitnodiging voor een knooppuntoverleg: laat weten of u komt.",
     "An invitation to a meeting: say whether you come."},
};

EntryKind KindOf(access::v1::TaskKind kind) {
  switch (kind) {
    case access::v1::TASK_KIND_RENEW_CONSENT:
      return v1::ENTRY_KIND_RENEW_CONSENT;
    case access::v1::TASK_KIND_SIGN:
      return v1::ENTRY_KIND_SIGN;
    case access::v1::TASK_KIND_APPOINT_REGISSEUR:
    case access::v1::TASK_KIND_NAME_STAND_IN:
    case access::v1::TASK_KIND_TAKE_OVER:
      return v1::ENTRY_KIND_APPOINT_REGISSEUR;
    case access::v1::TASK_KIND_PLAN_ADULTHOOD:
      return v1::ENTRY_KIND_PLAN_ADULTHOOD;
    case access::v1::TASK_KIND_REVIEW_GROUND:
      return v1::ENTRY_KIND_REVIEW_GROUND;
    case access::v1::TASK_KIND_ROUND_OFF:
      return v1::ENTRY_KIND_ROUND_OFF;
    case access::v1::TASK_KIND_REVIEW_CASE:
      return v1::ENTRY_KIND_REVIEW_CASE;
    default:  // none falls out of the list because it has no kind of its own here (P4)
      return v1::ENTRY_KIND_UNSPECIFIED;
  }
}

class Gatherer {
 public:
  Gatherer(const Sight& sight, v1::Whose whose)
      : sight_(sight),
        whose_(whose == v1::WHOSE_UNSPECIFIED ? v1::WHOSE_MINE : whose),
        case_(OpenCaseOf(*sight.facts)),
        own_(OwnSeat(sight)),
        family_(absl::StrCat("families/", sight.facts->id())) {}

  std::vector<Line> Run(const v1::OpenItems& open) {
    if (OnlyReceives(sight_)) {
      OfOffer(open);
      return std::move(out_);
    }
    if (whose_ == v1::WHOSE_WERKPLAATS && !AtWerkplaats()) return {};
    if (whose_ == v1::WHOSE_LED && !LeadsCase(sight_)) return {};
    if (case_ != nullptr) {
      for (const OpenItem& o : open.items()) {
        if (o.case_id() == case_->id() && sight_.opens(o.scope())) OfItem(o);
      }
      OfSeats();
      OfClosing();
    }
    for (const OpenItem& o : open.items()) {
      if (o.kind() == v1::OPEN_KIND_REQUEST && sight_.opens(o.scope())) OfRequest(o);
      if (o.kind() == v1::OPEN_KIND_INVITATION) OfInvitation(o);
    }
    if (whose_ == v1::WHOSE_MINE) {
      OfTasks();
      OfReviews();
    }
    OfLapses();
    return std::move(out_);
  }

 private:
  bool AtWerkplaats() const {
    return case_ != nullptr && sight_.staff() && own_ != nullptr &&
           own_->state() == access::v1::SEAT_STATE_JOINED &&
           case_->organisation() == sight_.organisation();
  }
  bool Joined() const { return own_ != nullptr && own_->state() == access::v1::SEAT_STATE_JOINED; }
  bool IsMine(absl::string_view seat) const {
    return Joined() && !seat.empty() && dossier::ActsFor(*own_, seat);
  }

  // That, not what: no case and no werkplaats.
  void OfOffer(const v1::OpenItems& open) {
    const std::string id = OfferedToMe(sight_, open);
    if (id.empty() || whose_ != v1::WHOSE_MINE) return;
    const Closing closing = ReceiverCloses(sight_, id);
    std::string due;
    for (const OpenItem& o : open.items()) {
      if (o.item() == id) due = closing.DueBefore(o.due_date());
    }
    Add(v1::ENTRY_KIND_OFFERED, absl::StrCat(family_, "/handovers/", id), std::move(due), true, "",
        "");
    if (closing.closes()) AlsoSay(closing);
    out_.back().entry.clear_case_name();
    out_.back().entry.clear_werkplaats();
  }

  void OfRequest(const OpenItem& o) {
    if (!sight_.staff() || !Joined()) return;  // the family has it in its own list
    Add(v1::ENTRY_KIND_REQUEST, absl::StrCat(family_, "/requests/", o.item()), o.due_date(),
        IsOursToAnswer(sight_, o), "", "");
  }

  void OfInvitation(const OpenItem& o) {
    const bool waits = o.invitation_state() != meetings::v1::INVITATION_STATE_CANCELLED;
    if (case_ == nullptr || o.case_id() != case_->id()) return;
    if (whose_ != v1::WHOSE_MINE || !waits || !IsMyInvitation(sight_, o)) return;
    Add(v1::ENTRY_KIND_MEETING_INVITATION, InvitationSubject(sight_, o),
        std::min(DaysAfter(o.since(), kAnswerDays), o.due_date()), true,
        o.waiting_seats().empty() ? "" : o.waiting_seats(0), "");
  }

  // Adds an entry when this worklist is for it; else false. `words_of` is a step whose words it may
  // carry.
  bool Add(EntryKind kind, std::string subject, std::string due, bool mine, std::string seat,
           std::string words_of) {
    if (whose_ == v1::WHOSE_MINE && !mine && kind != v1::ENTRY_KIND_LAPSE) return false;
    Line line;
    Entry& e = line.entry;
    e.set_kind(kind);
    e.set_subject(std::move(subject));
    if (case_ != nullptr) {
      e.set_case_name(absl::StrCat(family_, "/cases/", case_->id()));
      e.set_werkplaats(case_->werkplaats());
    }
    e.set_overdue(!due.empty() && due < base::FormatDate(sight_.today()));
    e.set_due_date(std::move(due));
    e.set_mine(mine);
    e.set_seat(std::move(seat));
    for (const Words& w : kWords) {
      if (w.kind != kind) continue;
      e.set_rule(std::string(w.rule));
      e.set_text_nl(std::string(w.nl));
      e.set_text_en(std::string(w.en));
    }
    line.item = std::move(words_of);
    out_.push_back(std::move(line));
    return true;
  }

  void OfItem(const OpenItem& o) {
    if (o.kind() == v1::OPEN_KIND_HANDOVER) {
      // Its turn, or too late for whoever's turn it is.
      const Closing closing = ReceiverCloses(sight_, o.item());
      const std::string due = closing.DueBefore(o.due_date());
      const bool late = due < base::FormatDate(sight_.today());
      if (FollowsHandovers(sight_)) {
        const bool turn = late || Has(o.turn_organisations(), sight_.organisation());
        const bool added = Add(v1::ENTRY_KIND_HANDOVER,
                               absl::StrCat(family_, "/handovers/", o.item()), due, turn, "", "");
        if (added && closing.closes()) AlsoSay(closing);
      }
      return;
    }
    const bool step = o.kind() == v1::OPEN_KIND_STEP || o.kind() == v1::OPEN_KIND_PROPOSAL;
    const std::string subject =
        absl::StrCat(family_, "/cases/", case_->id(), step ? "/steps/" : "/meetings/", o.item());
    switch (o.kind()) {
      case v1::OPEN_KIND_STEP:
        Add(v1::ENTRY_KIND_STEP, subject, o.due_date(), IsMine(o.owner_seat()), o.owner_seat(),
            o.item());
        break;
      case v1::OPEN_KIND_PROPOSAL:
        Add(v1::ENTRY_KIND_PROPOSAL, subject, DaysAfter(o.since(), kAnswerDays), OfOurMeans(o), "",
            o.item());
        break;
      case v1::OPEN_KIND_MEETING:
        OfMeeting(o, subject);
        break;
      case v1::OPEN_KIND_OUTCOME:
        for (const std::string& seat : o.waiting_seats()) {
          Add(v1::ENTRY_KIND_OUTCOME, subject, DaysAfter(o.since(), kAnswerDays), IsMine(seat),
              seat, "");
        }
        break;
      default:
        break;
    }
    if (step && whose_ == v1::WHOSE_MINE && MustReact(o)) {
      Add(v1::ENTRY_KIND_REACTION, subject, DaysAfter(o.since(), kAnswerDays), true, own_->id(),
          o.item());
    }
  }

  // A meeting of the past that was never concluded is for who leads and for the werkplaats.
  void OfMeeting(const OpenItem& o, const std::string& subject) {
    const bool past = o.due_date() < base::FormatDate(sight_.today());
    const bool mine = Joined() && (!past || LeadsCase(sight_) || AtWerkplaats());
    Add(v1::ENTRY_KIND_MEETING, subject, o.due_date(), mine, "", "");
  }

  // R6: the organisation for which who proposed it sits, or sat, at this table.
  bool OfOurMeans(const OpenItem& o) const {
    return Joined() && sight_.staff() &&
           std::any_of(case_->seats().begin(), case_->seats().end(), [&](const Seat& s) {
             return !s.professional().empty() && s.professional() == o.committed_by() &&
                    s.organisation() == sight_.organisation();
           });
  }

  // R9: whoever sits at the table and does not own the step, once; a deputy not for a seat that
  // said it already.
  bool MustReact(const OpenItem& o) const {
    if (!Joined() || IsMine(o.owner_seat())) return false;
    const auto said = [&](const std::string& seat) {
      return !seat.empty() && (Has(o.confirmed_seats(), seat) || Has(o.disputed_seats(), seat));
    };
    return !said(own_->id()) && !said(own_->deputises());
  }

  void OfSeats() {
    for (const Seat& s : case_->seats()) {
      if (s.state() != access::v1::SEAT_STATE_INVITED || !dossier::SeatOpen(s, sight_.now))
        continue;
      if (s.professional().empty()) continue;
      const bool mine = own_ != nullptr && own_->id() == s.id();
      const std::string invited =
          base::FormatDate(base::DateOf(absl::FromUnixSeconds(s.start_time())));
      Add(v1::ENTRY_KIND_INVITATION, absl::StrCat(family_, "/cases/", case_->id()),
          DaysAfter(invited, kAnswerDays), mine, s.id(), "");
    }
  }

  // R27: the case stays where it is, and with who leads it, until it is handed over: their task.
  void OfClosing() {
    const Closing closing = WerkplaatsCloses(sight_);
    if (!closing.closes() || !(AtWerkplaats() || LeadsCase(sight_))) return;
    const bool nobody = case_->state() == access::v1::CASE_STATE_OPEN;  // no regisseur yet
    const bool added =
        Add(v1::ENTRY_KIND_WERKPLAATS_CLOSES, absl::StrCat(family_, "/cases/", case_->id()),
            closing.DueBefore(""), LeadsCase(sight_) || nobody, sight_.regisseur, "");
    if (added) Say(closing.nl, closing.en);
  }

  void OfTasks() {
    for (const access::v1::Task& task : sight_.decision->tasks()) {
      Add(KindOf(task.kind()), task.subject(), task.due_date(), true, "", "");
      Say(task.text_nl(), task.text_en());
    }
  }

  // R15: who reviews need not sit at the table, where it is a task: that, and by when.
  void OfReviews() {
    if (!sight_.staff()) return;
    for (const access::v1::GroundFact& g : sight_.facts->grounds()) {
      if (!policy::AwaitsReview(g) || g.reviewer() != sight_.claims->subject()) continue;
      const std::string subject = absl::StrCat(family_, "/grounds/", g.id());
      const auto& tasks = sight_.decision->tasks();
      if (std::any_of(tasks.begin(), tasks.end(),
                      [&](const access::v1::Task& t) { return t.subject() == subject; })) {
        continue;
      }
      Add(v1::ENTRY_KIND_REVIEW_GROUND, subject, g.review_date(), true, "", "");
      out_.back().entry.clear_case_name();
      out_.back().entry.clear_werkplaats();
    }
  }

  // Announced ones only (R14): a consent that goes on for years is no news.
  void OfLapses() {
    const std::string today = base::FormatDate(sight_.today());
    for (const access::v1::Lapse& lapse : sight_.decision->lapses()) {
      if (lapse.announce_date() > today) continue;
      Add(v1::ENTRY_KIND_LAPSE, lapse.consent(), lapse.date(), false, "", "");
      Say(lapse.text_nl(), lapse.text_en());
    }
  }

  void Say(const std::string& nl, const std::string& en) {
    out_.back().entry.set_text_nl(nl);
    out_.back().entry.set_text_en(en);
  }
  void AlsoSay(const Closing& closing) {
    absl::StrAppend(out_.back().entry.mutable_text_nl(), " ", closing.nl);
    absl::StrAppend(out_.back().entry.mutable_text_en(), " ", closing.en);
  }

  const Sight& sight_;
  const v1::Whose whose_;
  const CaseFact* const case_;
  const Seat* const own_;
  const std::string family_;
  std::vector<Line> out_;
};

bool AwaitsConfirmation(EntryKind kind) {
  return kind == v1::ENTRY_KIND_OUTCOME || kind == v1::ENTRY_KIND_REACTION ||
         kind == v1::ENTRY_KIND_PROPOSAL;
}
bool IsAboutLapse(EntryKind kind) {
  return kind == v1::ENTRY_KIND_LAPSE || kind == v1::ENTRY_KIND_RENEW_CONSENT ||
         kind == v1::ENTRY_KIND_SIGN;
}

// Of what is asked, not of the page: a token is for one question.
std::string QuestionHash(const google::protobuf::Message& question) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    question.SerializeToCodedStream(&coded);
  }
  return crypto::HexEncode(
      crypto::Sha256({question.GetDescriptor()->full_name(), "/", bytes}).substr(0, 8));
}

}  // namespace

const CaseFact* OpenCaseOf(const access::v1::FamilyFacts& facts) {
  if (facts.cases().empty()) return nullptr;
  const CaseFact& newest = *facts.cases().rbegin();
  return newest.state() == access::v1::CASE_STATE_CLOSED ? nullptr : &newest;
}

const Seat* OwnSeat(const Sight& sight) {
  const CaseFact* c = OpenCaseOf(*sight.facts);
  if (c == nullptr || sight.decision->seat().empty()) return nullptr;
  const Seat* seat = dossier::FindSeat(*c, sight.decision->seat());
  if (seat == nullptr || !dossier::SeatOpen(*seat, sight.now)) return nullptr;
  // The decision and the facts are two sources; both must say that this seat is the caller's.
  const bool own = sight.staff() ? seat->professional() == sight.claims->subject()
                                 : seat->person() == sight.decision->person();
  return own ? seat : nullptr;
}

bool OnlyReceives(const Sight& sight) {
  const Seat* own = OwnSeat(sight);
  return own != nullptr && own->role() == access::v1::SEAT_ROLE_RECEIVER;
}

std::string OfferedToMe(const Sight& sight, const v1::OpenItems& open) {
  const CaseFact* c = OpenCaseOf(*sight.facts);
  if (c == nullptr || !OnlyReceives(sight)) return "";
  for (const access::v1::HandoverFact& h : sight.facts->handovers()) {
    if (!h.offered() || h.case_id() != c->id() || h.receiver() != sight.organisation()) continue;
    for (const OpenItem& o : open.items()) {
      if (o.kind() != v1::OPEN_KIND_HANDOVER || o.item() != h.id()) continue;
      for (const access::v1::Scope& s : sight.facts->scopes()) {
        if (s.id() == o.scope() &&
            handover::MayTravel(*sight.facts, s.label(), h.receiver(), sight.in_force)) {
          return h.id();
        }
      }
    }
  }
  return "";
}

bool IsMyInvitation(const Sight& sight, const OpenItem& invitation) {
  if (invitation.due_date() < base::FormatDate(sight.today())) return false;
  if (!sight.staff()) {
    if (!invitation.person().empty()) return invitation.person() == sight.decision->person();
  }
  const Seat* own = OwnSeat(sight);
  return own != nullptr &&
         std::any_of(invitation.waiting_seats().begin(), invitation.waiting_seats().end(),
                     [&](const std::string& seat) {
                       return seat == own->id() || seat == own->deputises();
                     });
}

std::string InvitationSubject(const Sight& sight, const OpenItem& invitation) {
  return absl::StrCat("families/", sight.facts->id(), "/cases/", invitation.case_id(), "/meetings/",
                      invitation.meeting(), "/invitations/", invitation.item());
}

bool IsOursToAnswer(const Sight& sight, const OpenItem& request) {
  const Seat* own = OwnSeat(sight);
  return own != nullptr && sight.staff() && own->state() == access::v1::SEAT_STATE_JOINED &&
         Has(request.turn_organisations(), sight.organisation());
}

bool LeadsCase(const Sight& sight) {
  const Seat* own = OwnSeat(sight);
  return own != nullptr && own->state() == access::v1::SEAT_STATE_JOINED &&
         !sight.regisseur.empty() && dossier::ActsFor(*own, sight.regisseur);
}

bool FollowsHandovers(const Sight& sight) {
  const Seat* own = OwnSeat(sight);
  const CaseFact* c = OpenCaseOf(*sight.facts);
  if (own == nullptr || !sight.staff() || own->state() != access::v1::SEAT_STATE_JOINED) {
    return false;
  }
  if (LeadsCase(sight)) return true;
  switch (own->function()) {
    case common::v1::FUNCTION_INTERN_BEGELEIDER:
    case common::v1::FUNCTION_CARE_COORDINATOR:
    case common::v1::FUNCTION_MUNICIPAL_CONSULTANT:
    case common::v1::FUNCTION_SCHOOL_SOCIAL_WORKER:
      return c->organisation() == sight.organisation();
    default:
      return false;
  }
}

std::string DaysAfter(absl::string_view iso, int days) {
  const auto day = base::ParseDate(iso);
  return day.ok() ? base::FormatDate(*day + days) : "";
}

std::string DayText(absl::string_view iso) {
  const auto day = base::ParseDate(iso);
  if (!day.ok()) return "";
  return absl::StrCat(absl::Dec(day->day(), absl::kZeroPad2), "-",
                      absl::Dec(day->month(), absl::kZeroPad2), "-", day->year());
}

std::vector<Line> Lines(const Sight& sight, const v1::OpenItems& open, v1::Whose whose) {
  return Gatherer(sight, whose).Run(open);
}

absl::Status CheckFilter(const v1::WorklistFilter& filter) {
  if (!v1::Whose_IsValid(filter.whose())) {
    return dossier::errors::InvalidField("filter.whose", "be MINE, WERKPLAATS or LED");
  }
  for (const int kind : filter.kinds()) {
    if (kind == v1::ENTRY_KIND_UNSPECIFIED || !v1::EntryKind_IsValid(kind)) {
      return dossier::errors::InvalidField("filter.kinds", "be kinds of entries");
    }
  }
  if (!filter.werkplaats().empty() &&
      !base::ResourceName::Parse(filter.werkplaats(), "werkplaatsen/*").ok()) {
    return dossier::errors::InvalidField("filter.werkplaats", "be empty or werkplaatsen/{id}");
  }
  if (!filter.due_before().empty() && !base::ParseDate(filter.due_before()).ok()) {
    return dossier::errors::InvalidField("filter.due_before", "be empty or a day, YYYY-MM-DD");
  }
  return absl::OkStatus();
}

bool Fits(const v1::WorklistFilter& filter, const Entry& entry) {
  if (filter.overdue() && !entry.overdue()) return false;
  if (filter.awaiting_confirmation() && !AwaitsConfirmation(entry.kind())) return false;
  if (filter.consent_lapsing() && !IsAboutLapse(entry.kind())) return false;
  if (!filter.kinds().empty() && std::find(filter.kinds().begin(), filter.kinds().end(),
                                           entry.kind()) == filter.kinds().end()) {
    return false;
  }
  if (!filter.werkplaats().empty() && entry.werkplaats() != filter.werkplaats()) return false;
  return filter.due_before().empty() ||
         (!entry.due_date().empty() && entry.due_date() < filter.due_before());
}

std::string OrderKey(const Entry& entry) {
  return absl::StrCat(entry.due_date().empty() ? kLast : entry.due_date(), " ", entry.subject(),
                      " ", absl::Dec(static_cast<int>(entry.kind()), absl::kZeroPad2), " ",
                      entry.seat());
}

std::string TokenAfter(absl::string_view key, const google::protobuf::Message& question) {
  return crypto::Base64UrlEncode(absl::StrCat(QuestionHash(question), " ", key));
}

absl::StatusOr<std::string> KeyOfToken(absl::string_view token,
                                       const google::protobuf::Message& question) {
  if (token.empty()) return std::string();
  if (token.size() > limits::kMaxWorklistTokenBytes) return errors::BadPageToken();
  auto text = crypto::Base64UrlDecode(token);
  const std::string prefix = absl::StrCat(QuestionHash(question), " ");
  if (!text.ok() || !absl::StartsWith(*text, prefix) || text->size() == prefix.size()) {
    return errors::BadPageToken();
  }
  return text->substr(prefix.size());
}

absl::StatusOr<int> PageSize(int32_t asked) {
  if (asked < 0) return dossier::errors::InvalidField("page_size", "be 0 or more");
  return asked == 0 ? limits::kMaxWorklistPage : std::min<int>(asked, limits::kMaxWorklistPage);
}

}  // namespace knooppunt::worklist
