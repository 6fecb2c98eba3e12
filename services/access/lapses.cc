#include "services/access/lapses.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "security/policy/consent_rules.h"
#include "security/policy/forecast.h"
#include "security/policy/leading.h"
#include "services/access/agreement.h"
#include "services/access/errors.h"

namespace knooppunt::access {
namespace {

using policy::Agreement;
using policy::FutureLapse;
using policy::RequiredAgreement;
using v1::ConsentFact;

std::string NameOf(const AgreementView& view, absl::string_view collection, absl::string_view id) {
  return absl::StrCat("families/", view.facts().id(), "/", collection, "/", id);
}

// "10-03-2027": how people write a day.
std::string DayText(base::Date day) {
  return absl::StrCat(absl::Dec(day.day(), absl::kZeroPad2), "-",
                      absl::Dec(day.month(), absl::kZeroPad2), "-", day.year());
}

Sentence CauseText(v1::LapseCause cause) {
  switch (cause) {
    case v1::LAPSE_CAUSE_END_DATE:
      return {"de afgesproken einddatum is bereikt", "its agreed end date is reached"};
    case v1::LAPSE_CAUSE_BIRTHDAY_12:
      return {"het kind wordt 12 en moet zelf meetekenen", "the child turns 12 and must sign too"};
    case v1::LAPSE_CAUSE_BIRTHDAY_16:
      return {"de jongere wordt 16 en beslist zelf", "the youth turns 16 and decides alone"};
    case v1::LAPSE_CAUSE_BIRTHDAY_18:
      return {"de jongere wordt 18 en beslist opnieuw", "the youth turns 18 and decides anew"};
    case v1::LAPSE_CAUSE_GEZAG:
      return {"het gezag verandert", "the gezag changes"};
    default:
      return {"wie moet tekenen verandert", "who must sign changes"};
  }
}

v1::Lapse LapseOf(const AgreementView& view, const ConsentFact& consent, const FutureLapse& f) {
  v1::Lapse out;
  out.set_consent(NameOf(view, "consents", consent.id()));
  out.set_date(base::FormatDate(f.date));
  out.set_announce_date(base::FormatDate(f.announce_date));
  // Whose birthday or gezag it is may be nobody the caller knows of (R18).
  const bool seen = f.person.empty() || view.SeesPerson(f.person);
  out.set_cause(seen ? f.cause : v1::LAPSE_CAUSE_UNSPECIFIED);
  if (seen) out.set_person(f.person);
  view.Show(f.missing, f.date, out.mutable_missing());
  const Sentence cause = CauseText(out.cause());
  std::string nl =
      absl::StrCat("Vanaf ", DayText(f.date), " geldt deze toestemming niet meer: ", cause.nl, ".");
  std::string en = absl::StrCat("From ", base::FormatDate(f.date),
                                " this consent no longer holds: ", cause.en, ".");
  for (const Sentence& s : view.Vacancies(f.missing, f.date)) {
    absl::StrAppend(&nl, " ", s.nl);
    absl::StrAppend(&en, " ", s.en);
  }
  out.set_text_nl(std::move(nl));
  out.set_text_en(std::move(en));
  return out;
}

template <typename List>
bool Includes(const List& all, const List& some) {
  return std::all_of(some.begin(), some.end(), [&](const auto& x) {
    return std::find(all.begin(), all.end(), x) != all.end();
  });
}

// Whether another consent already carries on what is left of this one.
bool CarriedOn(const AgreementView& view, const ConsentFact& ending, base::Date day) {
  const ConsentFact consent = policy::EffectiveConsent(ending);
  return std::any_of(view.facts().consents().begin(), view.facts().consents().end(),
                     [&](const ConsentFact& other) {
                       const ConsentFact c = policy::EffectiveConsent(other);
                       return c.id() != consent.id() && c.recipient() == consent.recipient() &&
                              Includes(c.compartments(), consent.compartments()) &&
                              Includes(c.purposes(), consent.purposes()) &&
                              policy::AboutCovers(c.about(), consent.about()) &&
                              policy::ConsentInForce(view.table(), view.facts(), c, day);
                     });
}

bool SaidNo(const ConsentFact& consent, const policy::Signatory& who) {
  v1::SignatureState newest = v1::SIGNATURE_STATE_UNSPECIFIED;
  for (const v1::Signature& s : consent.signatures()) {
    if (s.person() == who.person && s.organisation() == who.organisation) newest = s.state();
  }
  return newest == v1::SIGNATURE_STATE_REFUSED || newest == v1::SIGNATURE_STATE_WITHDRAWN;
}

bool AsksCaller(const AgreementView& view, const ConsentFact& consent, const Agreement& missing) {
  return std::any_of(
      missing.signatures.begin(), missing.signatures.end(),
      [&](const RequiredAgreement& r) { return view.IsCaller(r.who) && !SaidNo(consent, r.who); });
}

class Tasks {
 public:
  Tasks(const AgreementView& view, v1::ListLapsesResponse* out) : view_(view), out_(*out) {}

  void Add(v1::TaskKind kind, std::string subject, const std::string& due, Sentence text) {
    v1::Task* task = out_.add_tasks();
    task->set_kind(kind);
    task->set_subject(std::move(subject));
    task->set_due_date(due);
    task->set_text_nl(std::move(text.nl));
    task->set_text_en(std::move(text.en));
  }

  void OfLapse(const ConsentFact& consent, const FutureLapse& lapse) {
    if (lapse.announce_date > view_.today() || CarriedOn(view_, consent, lapse.date)) return;
    const std::string due = base::FormatDate(lapse.date);
    const std::string subject = NameOf(view_, "consents", consent.id());
    if (view_.LeadsOrStandsIn() || view_.Leads()) {
      Add(v1::TASK_KIND_RENEW_CONSENT, subject, due,
          {absl::StrCat("Vraag voor ", DayText(lapse.date),
                        " opnieuw toestemming: daarna mag er niet meer worden gedeeld."),
           absl::StrCat("Ask for consent anew before ", due,
                        ": after that nothing may be shared on it.")});
    }
    // A consent that reaches its end is not signed again: the next one is.
    if (lapse.cause != v1::LAPSE_CAUSE_END_DATE && AsksCaller(view_, consent, lapse.missing)) {
      Sign(subject, due);
    }
  }

  void OfMissing(const ConsentFact& consent) {
    const auto start = base::ParseDate(consent.start_date());
    const auto end = base::ParseDate(consent.end_date());
    if (!start.ok() || !end.ok() || *end <= view_.today()) return;
    const ConsentFact left = policy::EffectiveConsent(consent);
    if (left.compartments().empty() || left.purposes().empty() ||
        (left.about().persons().empty() && !left.about().family())) {
      return;  // withdrawn part by part: there is nothing to sign
    }
    const base::Date day = std::max(*start, view_.today());
    const Agreement missing = policy::StillMissing(view_.table(), view_.facts(), consent, day);
    if (AsksCaller(view_, consent, missing)) {
      Sign(NameOf(view_, "consents", consent.id()), consent.start_date());
    }
  }

  void OfCase() {
    const v1::CaseFact* c = view_.open_case();
    if (c == nullptr) return;
    const std::string subject = NameOf(view_, "cases", c->id());
    if (view_.Leads() || view_.AtWerkplaats()) OfLeading(*c, subject);
    OfReview(*c, subject);
    for (const std::string& child : c->children()) {
      const v1::PersonFact* youth = policy::FindPerson(view_.facts(), child);
      if (youth == nullptr || !policy::PlansAdulthood(*youth, view_.today())) continue;
      if (child != view_.viewer().person && !view_.Leads() && !view_.LeadsOrStandsIn()) continue;
      // A parent who leads may not see the youth of 17 any more (R18).
      if (!view_.SeesPerson(child)) continue;
      const base::Date adult = base::Birthday(*base::ParseDate(youth->birth_date()), 18);
      Add(v1::TASK_KIND_PLAN_ADULTHOOD, subject, base::FormatDate(adult),
          {absl::StrCat("Maak samen het plan voor na de 18e verjaardag, op ", DayText(adult), "."),
           absl::StrCat("Make the plan for after the 18th birthday together, on ",
                        base::FormatDate(adult), ".")});
    }
  }

  // R16: the youth closed it; whoever led, and the werkplaats, round off what runs.
  void OfClosedCase() {
    const v1::CaseFact* c = view_.closed_case();
    if (c == nullptr || c->closed_by().empty()) return;
    const base::Date closed = base::DateOf(absl::FromUnixSeconds(c->close_time()));
    if (view_.today() > closed + policy::kAnnounceDays) return;
    if (!view_.viewer().staff() || !(view_.LedLast() || view_.AtLastWerkplaats())) return;
    Add(v1::TASK_KIND_ROUND_OFF, NameOf(view_, "cases", c->id()),
        base::FormatDate(closed + kRoundOffDays),
        {absl::StrCat(
             "De jongere heeft deze casus op ", DayText(closed),
             " zelf gesloten. Rond af wat nog loopt, en laat wie aan tafel zat het weten."),
         absl::StrCat("The youth closed this case on ", base::FormatDate(closed),
                      ". Round off what still runs, and let those at the table know.")});
  }

  // A task names a ground only to whom ListGrounds would show it (P4).
  void OfGrounds() {
    if (!view_.viewer().reads_grounds) return;
    for (const v1::GroundFact& g : view_.facts().grounds()) {
      if (!view_.viewer().staff() || g.reviewer() != view_.viewer().subject) continue;
      if (g.review_date().empty() || g.has_review()) continue;
      Add(v1::TASK_KIND_REVIEW_GROUND, NameOf(view_, "grounds", g.id()), g.review_date(),
          {"Toets of delen op deze grondslag nog nodig is.",
           "Review whether sharing on this ground is still needed."});
    }
  }

 private:
  // R1: a case has a regisseur and a stand-in at every instant. What has ended is put right today;
  // what is settled to end is announced, so that the next two are there before that day.
  void OfLeading(const v1::CaseFact& c, const std::string& subject) {
    if (c.state() != v1::CASE_STATE_ACTIVE) return;
    const v1::Leader leader = policy::LeaderOf(view_.table(), view_.world(), c, view_.viewer().now);
    const std::string today = base::FormatDate(view_.today());
    if (leader.kind() == v1::LEAD_KIND_STAND_IN) {
      return Add(v1::TASK_KIND_APPOINT_REGISSEUR, subject, today,
                 {"De waarnemer is nu regisseur: benoem een nieuwe regisseur en waarnemer.",
                  "The stand-in is regisseur now: appoint a new regisseur and stand-in."});
    }
    if (leader.kind() == v1::LEAD_KIND_WERKPLAATS) {
      return Add(v1::TASK_KIND_APPOINT_REGISSEUR, subject, today,
                 {"Regisseur en waarnemer zijn beiden weg en de werkplaats leidt: benoem nu een "
                  "regisseur en een waarnemer.",
                  "Regisseur and stand-in are both gone and the werkplaats leads: appoint a "
                  "regisseur and a stand-in now."});
    }
    if (leader.kind() != v1::LEAD_KIND_APPOINTED) return;
    if (leader.stand_in_seat().empty()) {
      return Add(v1::TASK_KIND_NAME_STAND_IN, subject, today,
                 {"Er is geen waarnemer meer: benoem er nu een.",
                  "There is no stand-in any more: name one now."});
    }
    const v1::RegisseurTerm& term = *c.terms().rbegin();
    const auto regisseur = EndOf(c, term.seat());
    if (regisseur.has_value()) {
      return Add(v1::TASK_KIND_APPOINT_REGISSEUR, subject, base::FormatDate(*regisseur),
                 {absl::StrCat("De regisseur vertrekt op ", DayText(*regisseur),
                               ": benoem voor die dag een nieuwe regisseur en waarnemer."),
                  absl::StrCat("The regisseur leaves on ", base::FormatDate(*regisseur),
                               ": appoint a new regisseur and stand-in before that day.")});
    }
    const auto stand_in = EndOf(c, term.stand_in_seat());
    if (!stand_in.has_value()) return;
    Add(v1::TASK_KIND_NAME_STAND_IN, subject, base::FormatDate(*stand_in),
        {absl::StrCat("De waarnemer vertrekt op ", DayText(*stand_in),
                      ": benoem voor die dag een andere."),
         absl::StrCat("The stand-in leaves on ", base::FormatDate(*stand_in),
                      ": name another before that day.")});
  }

  // When a named seat stops, as far as that is settled and near enough to be announced.
  std::optional<base::Date> EndOf(const v1::CaseFact& c, const std::string& seat) const {
    for (const v1::Seat& s : c.seats()) {
      if (s.id() != seat) continue;
      const auto end = policy::SettledEnd(view_.world(), s, view_.today());
      return end.has_value() && *end <= view_.today() + policy::kAnnounceDays ? end : std::nullopt;
    }
    return std::nullopt;
  }

  // Ahead to who leads; once it is overdue to the stand-in and the werkplaats as well: an alarm.
  void OfReview(const v1::CaseFact& c, const std::string& subject) {
    const auto day = base::ParseDate(c.review_date());
    if (!day.ok() || view_.today() < *day - kReviewAnnounceDays) return;
    const bool overdue = *day <= view_.today();
    if (!view_.Leads() && !(overdue && (view_.LeadsOrStandsIn() || view_.AtWerkplaats()))) return;
    if (!overdue) {
      Add(v1::TASK_KIND_REVIEW_CASE, subject, c.review_date(),
          {absl::StrCat("Bekijk deze casus met het gezin voor ", DayText(*day),
                        " en spreek af wanneer weer."),
           absl::StrCat("Review this case with the family before ", c.review_date(),
                        " and agree on the next time.")});
      return;
    }
    Add(v1::TASK_KIND_REVIEW_CASE, subject, c.review_date(),
        {absl::StrCat("TE LAAT: deze casus had op ", DayText(*day),
                      " moeten worden bekeken. Doe het nu en spreek af wanneer weer."),
         absl::StrCat("OVERDUE: this case was to be reviewed on ", c.review_date(),
                      ". Do it now and agree on the next time.")});
  }

  void Sign(const std::string& subject, const std::string& due) {
    Add(v1::TASK_KIND_SIGN, subject, due,
        {"Lees deze toestemming en teken of weiger haar.",
         "Read this consent, and sign it or refuse it."});
  }

  const AgreementView& view_;
  v1::ListLapsesResponse& out_;
};

// R1, R37: who acts for the organisation that holds the case by function sits at no table, and may
// read nothing: the task is all there is.
void FillTakeOver(const policy::Table& table, const policy::World& world,
                  const policy::Question& question, v1::Decision* decision) {
  if (decision->leader().kind() != v1::LEAD_KIND_FUNCTION) return;
  policy::Question asked = question;
  asked.permission = "case.take-over";
  if (!policy::Decide(table, world, asked).allowed) return;
  v1::Task* task = decision->add_tasks();
  task->set_kind(v1::TASK_KIND_TAKE_OVER);
  task->set_subject(
      absl::StrCat("families/", world.facts->id(), "/cases/", decision->leader().case_id()));
  task->set_due_date(base::FormatDate(base::DateOf(question.now)));
  task->set_text_nl(
      "Regisseur en waarnemer zijn beiden weg en van de werkplaats zit niemand meer aan tafel: "
      "neem "
      "deze casus over en benoem een regisseur en een waarnemer.");
  task->set_text_en(
      "Regisseur and stand-in are both gone and nobody of the werkplaats is left at the table: "
      "take "
      "this case over and appoint a regisseur and a stand-in.");
}

}  // namespace

v1::ListLapsesResponse AnswerLapses(const AgreementView& view, int days) {
  v1::ListLapsesResponse out;
  Tasks tasks(view, &out);
  for (const ConsentFact& consent : view.facts().consents()) {
    if (!view.SeesConsent(consent)) continue;
    const std::optional<FutureLapse> lapse =
        policy::NextLapse(view.table(), view.facts(), consent, view.today());
    if (!lapse.has_value()) {
      tasks.OfMissing(consent);
      continue;
    }
    if (lapse->date <= view.today() + days) *out.add_lapses() = LapseOf(view, consent, *lapse);
    tasks.OfLapse(consent, *lapse);
  }
  tasks.OfCase();
  tasks.OfClosedCase();
  tasks.OfGrounds();
  std::stable_sort(out.mutable_lapses()->begin(), out.mutable_lapses()->end(),
                   [](const auto& a, const auto& b) { return a.date() < b.date(); });
  std::stable_sort(out.mutable_tasks()->begin(), out.mutable_tasks()->end(),
                   [](const auto& a, const auto& b) { return a.due_date() < b.due_date(); });
  return out;
}

void FillWork(const policy::Table& table, const policy::World& world,
              const policy::Question& question, v1::Decision* decision) {
  if (world.facts == nullptr) return;
  FillTakeOver(table, world, question, decision);
  policy::Question asked = question;
  asked.permission = "consent.read";
  const policy::Outcome outcome = policy::Decide(table, world, asked);
  if (!outcome.allowed) return;
  asked.permission = "ground.read";
  const AgreementView view(table, world,
                           {.person = outcome.person,
                            .subject = question.claims->subject(),
                            .organisation = question.claims->organisation(),
                            .seat = outcome.seat,
                            .now = question.now,
                            .reads_grounds = policy::Decide(table, world, asked).allowed});
  v1::ListLapsesResponse answer = AnswerLapses(view, policy::kAnnounceDays);
  decision->mutable_tasks()->MergeFrom(answer.tasks());
  *decision->mutable_lapses() = std::move(*answer.mutable_lapses());
}

absl::Status ListLapses(const policy::Table& table, FactsStore& facts,
                        const policy::AuthorizedCall& call, const v1::ListLapsesRequest& request,
                        v1::ListLapsesResponse* response) {
  if (request.days() < 0 || request.days() > kMostDaysAhead) return errors::TooFarAhead();
  KP_ASSIGN_OR_RETURN(const std::unique_ptr<FamilyWorld> world, LoadWorld(facts, call.family()));
  Viewer viewer = ViewerOf(call);
  viewer.reads_grounds = policy::Decide(table, world->world,
                                        {.permission = "ground.read",
                                         .claims = &call.claims(),
                                         .purpose = call.purpose(),
                                         .about_family = true,
                                         .now = call.now()})
                             .allowed;
  const AgreementView view(table, world->world, viewer);
  *response = AnswerLapses(view, request.days() == 0 ? policy::kAnnounceDays : request.days());
  return absl::OkStatus();
}

}  // namespace knooppunt::access
