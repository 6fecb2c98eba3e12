// Questions about the log against the point check (P4, R18, R25): who asked reads them as long as
// the record is theirs to see, whose organisation it was has them to answer, and nobody else knows.
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "knooppunt/audit/v1/audit.pb.h"
#include "tests/property/comparer.h"

namespace knooppunt::property {
namespace {

constexpr char kExplainRecord[] = "audit.v1.AuditService/ExplainRecord";
constexpr char kAsk[] = "audit.v1.AuditService/AskWhy";
constexpr char kQuestions[] = "audit.v1.AuditService/ListQuestions";
constexpr char kOpenQuestions[] = "audit.v1.AuditService/ListOpenQuestions";
constexpr char kAnswer[] = "audit.v1.AuditService/AnswerQuestion";

std::string LastOf(const std::string& name) { return name.substr(name.rfind('/') + 1); }

}  // namespace

std::set<std::string> Comparer::ComparedQuestions() { return {kQuestions, kOpenQuestions}; }

// Asking is answered as explaining is: a record that is not theirs to see is no record.
void Comparer::Ask(const Caller& who, const Family& f, int64_t index) {
  audit::v1::ExplainRecordRequest explain;
  explain.set_parent(f.name());
  explain.set_index(index);
  audit::v1::ExplainedRecord explained;
  const bool theirs = Call(who, kExplainRecord, explain, &explained).ok();
  audit::v1::AskWhyRequest request;
  request.set_parent(f.name());
  request.set_index(index);
  request.set_question("Waarom?");
  audit::v1::Question asked;
  const absl::Status status = Call(who, kAsk, request, &asked);
  Expect(status.ok() == theirs, kAsk, who, &f,
         absl::StrCat("the record ", index, ": ", InWords(status)));
  if (!status.ok()) return;
  asked_.push_back({.family = f.id,
                    .id = LastOf(asked.name()),
                    .asker = who.claims.subject(),
                    .organisation = asked.organisation(),
                    .index = index});
}

void Comparer::Questions(const Caller& who, const Family& f) {
  const bool officer = who.claims.function() == common::v1::FUNCTION_PRIVACY_OFFICER;
  std::set<std::string> expected, shown;
  for (const AskedKnown& q : asked_) {
    if (q.family != f.id) continue;
    if (officer) {
      if (q.organisation == who.claims.organisation()) expected.insert(q.id);
      continue;
    }
    if (q.asker != who.claims.subject()) continue;
    audit::v1::ExplainRecordRequest explain;
    explain.set_parent(f.name());
    explain.set_index(q.index);
    audit::v1::ExplainedRecord explained;
    if (Call(who, kExplainRecord, explain, &explained).ok()) expected.insert(q.id);
  }
  audit::v1::ListQuestionsRequest request;
  request.set_parent(officer ? absl::StrCat("subjects/", f.subject) : f.name());
  request.set_page_size(1 + static_cast<int>(w_.Draw(5)));
  do {
    audit::v1::ListQuestionsResponse page;
    const absl::Status status = Call(who, kQuestions, request, &page);
    if (!Agrees(Point(who, kQuestions, request.parent()), status, kQuestions, who, f)) return;
    for (const audit::v1::Question& q : page.questions()) shown.insert(LastOf(q.name()));
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  Expect(shown == expected, kQuestions, who, &f,
         absl::StrCat(shown.size(), " questions are shown, ", expected.size(), " are theirs"));
}

void Comparer::OpenQuestions(const Caller& who) {
  std::set<std::string> expected, shown;
  for (const AskedKnown& q : asked_) {
    if (q.organisation == who.claims.organisation() && !q.answered) expected.insert(q.id);
  }
  audit::v1::ListOpenQuestionsRequest request;
  request.set_page_size(1 + static_cast<int>(w_.Draw(5)));
  std::string newest;
  do {
    audit::v1::ListOpenQuestionsResponse page;
    const absl::Status status = Call(who, kOpenQuestions, request, &page);
    Expect(status.ok() == Point(who, kOpenQuestions, "").allowed(), kOpenQuestions, who, nullptr,
           InWords(status));
    if (!status.ok()) return;
    for (const audit::v1::Question& q : page.questions()) {
      shown.insert(LastOf(q.name()));
      newest = q.name();
      Expect(q.question().empty() && q.answer().empty() && q.record_nl().empty(), kOpenQuestions,
             who, nullptr, "words in a list over all families");
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  Expect(shown == expected, kOpenQuestions, who, nullptr,
         absl::StrCat(shown.size(), " wait, and ", expected.size(), " were asked"));
  if (newest.empty() || w_.Chance(50)) return;
  audit::v1::AnswerQuestionRequest answer;
  answer.set_name(newest);
  answer.set_answer("Daarom.");
  audit::v1::Question answered;
  const absl::Status status = Call(who, kAnswer, answer, &answered);
  Expect(status.ok(), kAnswer, who, nullptr, InWords(status));
  for (AskedKnown& q : asked_) q.answered = q.answered || q.id == LastOf(newest);
}

}  // namespace knooppunt::property
