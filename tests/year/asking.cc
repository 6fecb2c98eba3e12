// A family reads its log and asks why; whose organisation it was answers (R25).
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "knooppunt/audit/v1/audit.pb.h"
#include "tests/year/year.h"

namespace knooppunt::year {
namespace {

constexpr char kAudit[] = "audit.v1.AuditService/";

}  // namespace

// What was recorded is on its way to the log; all of it must have come before it is looked at.
void Year::Ship() {
  for (const char* unit : {"dossier", "access", "directory", "audit"}) {
    integration::Require(region_.process().host(unit)->shipper().Flush(absl::Seconds(20)), "ship");
  }
}

// Somebody of the family asks about the last that staff did, as far as they see.
void Year::AskWhy(Household& h) {
  std::vector<const Member*> able;
  for (const Member& m : h.members) {
    if (!m.account.empty()) able.push_back(&m);
  }
  if (able.empty()) return;
  const Member& who = *dice_.Pick(able);
  Minutes();
  Ship();
  audit::v1::ListRecordsRequest read;
  read.set_parent(h.name());
  read.set_page_size(200);
  audit::v1::ListRecordsResponse log;
  // Not counted with the calls about the family: looking at the log is counted elsewhere.
  if (!Do(nullptr, who.caller, absl::StrCat(kAudit, "ListRecords"), read, &log, {"REFUSED"}))
    return;
  const audit::v1::Record* about = nullptr;
  // By time and method, not by place: how the units' streams lie in the log depends on the machine.
  const auto key = [](const audit::v1::Record& r) {
    return std::make_tuple(r.who().time_ms(), r.who().method(), r.who().actor());
  };
  for (const audit::v1::Record& r : log.records()) {
    if (town_.officer(r.who().organisation()) == nullptr) continue;
    if (about == nullptr || key(*about) < key(r)) about = &r;
  }
  if (about == nullptr) return;
  audit::v1::AskWhyRequest ask;
  ask.set_parent(h.name());
  ask.set_index(about->index());
  ask.set_question(absl::StrCat("Waarom? ", Mark()));
  audit::v1::Question asked;
  if (!Do(&h, who.caller, absl::StrCat(kAudit, "AskWhy"), ask, &asked)) return;
  if (asked.organisation() != about->who().organisation() || asked.due_date() < In(28)) {
    Finding(&h, "R25: a question for another organisation, or without its term");
  }
  // Beyond the log there is nothing to ask about, and it is said as of what is not theirs (R18).
  ask.set_index(int64_t{1} << 40);
  Refused(&h, who.caller, absl::StrCat(kAudit, "AskWhy"), ask, {"NO_SUCH_RECORD"});
  ++figures_.asked;
  const Asked question{.id = LastId(asked.name()),
                       .asker = who.id,
                       .organisation = asked.organisation(),
                       .due_date = asked.due_date()};
  // Mostly in time.
  Plan(h, dice_.Chance(15) ? dice_.Between(38, 50) : dice_.Between(2, 20),
       [this, question](Household& f) { AnswerWhy(f, question); });
}

void Year::AnswerWhy(Household& h, const Asked& question) {
  Minutes();
  Ship();
  const Caller& officer = town_.officer(question.organisation)->caller;
  const std::string name = absl::StrCat("subjects/", h.subject, "/questions/", question.id);
  audit::v1::ListOpenQuestionsRequest open;
  open.set_page_size(50);
  bool waits = false;
  do {
    audit::v1::ListOpenQuestionsResponse page;
    if (!Do(nullptr, officer, absl::StrCat(kAudit, "ListOpenQuestions"), open, &page)) return;
    for (const audit::v1::Question& q : page.questions()) {
      if (q.name() != name) continue;
      waits = true;
      if (q.overdue() != (question.due_date < Today())) Finding(&h, "R25: overdue, or not yet");
    }
    open.set_page_token(page.next_page_token());
  } while (!open.page_token().empty());
  if (!waits) Finding(&h, "R25: a question that nobody has to answer");
  audit::v1::AnswerQuestionRequest answer;
  answer.set_name(name);
  answer.set_answer("Om het overleg voor te bereiden.");
  audit::v1::Question answered;
  const std::string method = absl::StrCat(kAudit, "AnswerQuestion");
  for (const char* other : {kPrimaryBoard, kSecondaryBoard, kYouthHealth, kMunicipality}) {
    if (other == question.organisation) continue;
    Refused(&h, town_.officer(other)->caller, method, answer, {"NO_SUCH_QUESTION"});
    break;
  }
  if (!Do(&h, officer, method, answer, &answered)) return;
  Refused(&h, officer, method, answer, {"ALREADY_ANSWERED"});
  // Who asked reads it as long as they see the record; nobody else of the family does.
  for (const Member& m : h.members) {
    if (m.account.empty()) continue;
    audit::v1::ListQuestionsRequest list;
    list.set_parent(h.name());
    list.set_page_size(50);
    audit::v1::ListQuestionsResponse own;
    if (!Do(nullptr, m.caller, absl::StrCat(kAudit, "ListQuestions"), list, &own, {"REFUSED"})) {
      continue;
    }
    for (const audit::v1::Question& q : own.questions()) {
      if (LastId(q.name()) != question.id) continue;
      if (m.id != question.asker) Finding(&h, "R25: somebody else's question");
      if (!q.answered() || q.answer() != answer.answer()) Finding(&h, "R25: no answer");
    }
  }
}

}  // namespace knooppunt::year
