// Questions of a family about its log (R25): asked about a record that one sees oneself, answered
// once by the privacy officer of the organisation that did it, and read by who asked.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "base/term.h"
#include "base/text.h"
#include "security/crypto/hash.h"
#include "services/audit/errors.h"
#include "services/audit/limits.h"
#include "services/audit/opened_records.h"
#include "services/audit/service.h"
#include "services/audit/store.h"

namespace knooppunt::audit_service {
namespace {

absl::Status CheckWords(absl::string_view field, absl::string_view text) {
  const std::string want = base::WantOfText(text, {});
  return want.empty() ? absl::OkStatus() : errors::InvalidField(field, absl::StrCat("must ", want));
}

absl::StatusOr<int> PageSize(int32_t asked) {
  if (asked < 0) return errors::InvalidField("page_size", "is 0 or more");
  return asked == 0 ? kMaxQuestionsPerPage : std::min<int>(asked, kMaxQuestionsPerPage);
}

// What every reader is told of a question, whoever reads.
void Tell(const StoredQuestion& stored, absl::Time now, std::string name,
          audit::v1::Question* out) {
  out->set_name(std::move(name));
  out->set_index(stored.index);
  out->mutable_create_time()->set_seconds(absl::ToUnixSeconds(stored.create_time));
  out->set_organisation(stored.organisation);
  out->set_due_date(stored.due);
  out->set_answered(stored.answer_time.has_value());
  out->set_overdue(!out->answered() && stored.due < base::FormatDate(base::DateOf(now)));
  if (out->answered()) {
    out->mutable_answer_time()->set_seconds(absl::ToUnixSeconds(*stored.answer_time));
  }
}

std::string NameFor(const Reader& reader, const AuthorizedCall& call, absl::string_view id) {
  return reader.auditor ? absl::StrCat("subjects/", reader.subject, "/questions/", id)
                        : absl::StrCat("families/", call.family(), "/questions/", id);
}

// R25: whose act it was answers for it; for what no organisation did, a member of the family or the
// system, the organisation that answers for the case.
std::string Answering(const RecordView& view, const AuthorizedCall& call) {
  return view.actor == ActorKind::kStaff ? view.who.organisation()
                                         : call.audit_view().responsible_organisation();
}

// The record of the call is about who asked: nobody else of the family is shown it (ViewFor).
void Touch(const std::string& person, const AuthorizedCall& call) {
  std::vector<std::string>& persons = call.touched().persons;
  const auto at = std::lower_bound(persons.begin(), persons.end(), person);
  if (at == persons.end() || *at != person) persons.insert(at, person);
}

}  // namespace

absl::Status AuditService::AskWhy(const AuthorizedCall& call, WriteTx& tx,
                                  const audit::v1::AskWhyRequest& request,
                                  audit::v1::Question* response) const {
  if (!base::ResourceName::Parse(request.parent(), "families/*").ok()) {
    return errors::InvalidField("parent", "is families/{f}");
  }
  KP_RETURN_IF_ERROR(CheckWords("question", request.question()));
  const Reader reader = ReaderOf(call);
  if (reader.subject.empty() || reader.auditor) return errors::NoView();
  KP_ASSIGN_OR_RETURN(Opener opener, Opener::Create(call.audit_view()));
  KP_ASSIGN_OR_RETURN(const std::optional<RecordView> view,
                      FindView(call, tx, reader, request.index(), &opener));
  if (!view.has_value()) return errors::NoSuchRecord();

  StoredQuestion question{
      .id = call.Id("q", 0),
      .subject = reader.subject,
      .index = request.index(),
      .create_time = call.now(),
      .organisation = Answering(*view, call),
      .due = base::FormatDate(base::LastDayOfTerm(base::DateOf(call.now()), kQuestionTermMonths))};
  if (question.organisation.empty()) return errors::NobodyAnswers();
  audit::v1::KeptQuestion kept;
  kept.set_person(reader.person);
  kept.set_question(request.question());
  KP_ASSIGN_OR_RETURN(question.payload,
                      opener.SealQuestion(question.id, question.version, kept, *options_.random));
  KP_RETURN_IF_ERROR(InsertQuestion(call, tx, question));

  Tell(question, call.now(), NameFor(reader, call, question.id), response);
  response->set_question(request.question());
  response->set_record_nl(Sentence(*view, options_.organisation_name));
  return absl::OkStatus();
}

absl::Status AuditService::ListQuestions(const AuthorizedCall& call, ReadTx& tx,
                                         const audit::v1::ListQuestionsRequest& request,
                                         audit::v1::ListQuestionsResponse* response) const {
  if (!base::ResourceName::Parse(request.parent(), "families/*").ok() &&
      !base::ResourceName::Parse(request.parent(), "subjects/*").ok()) {
    return errors::InvalidField("parent", "is families/{f} or subjects/{pseudonym}");
  }
  KP_ASSIGN_OR_RETURN(const int page_size, PageSize(request.page_size()));
  std::string after;
  if (!request.page_token().empty()) {
    const auto token = crypto::Base64UrlDecode(request.page_token());
    if (!token.ok() || !base::IsResourceId(*token)) return errors::BadPageToken();
    after = *token;
  }
  const Reader reader = ReaderOf(call);
  if (reader.subject.empty()) return errors::NoView();
  KP_ASSIGN_OR_RETURN(Opener opener, Opener::Create(call.audit_view()));
  KP_ASSIGN_OR_RETURN(const std::vector<StoredQuestion> all,
                      audit_service::ListQuestions(call, tx, reader.subject));
  bool passed = after.empty();
  for (const StoredQuestion& stored : all) {
    if (!passed) {
      passed = stored.id == after;
      continue;
    }
    if (reader.auditor && stored.organisation != call.organisation()) continue;
    const std::optional<audit::v1::KeptQuestion> kept = opener.OpenQuestion(stored);
    if (!kept.has_value() || (!reader.auditor && kept->person() != reader.person)) continue;
    // Nobody reads an answer about a record that they may not see (any more).
    KP_ASSIGN_OR_RETURN(const std::optional<RecordView> view,
                        FindView(call, tx, reader, stored.index, &opener));
    if (!view.has_value() && !reader.auditor) continue;
    if (response->questions_size() == page_size) {
      const auto last = base::ResourceName::Parse(response->questions().rbegin()->name());
      if (!last.ok()) return last.status();
      response->set_next_page_token(crypto::Base64UrlEncode(last->last_id()));
      break;
    }
    audit::v1::Question* out = response->add_questions();
    Tell(stored, call.now(), NameFor(reader, call, stored.id), out);
    out->set_question(kept->question());
    out->set_answer(kept->answer());
    if (view.has_value()) out->set_record_nl(Sentence(*view, options_.organisation_name));
    Touch(kept->person(), call);
  }
  return passed ? absl::OkStatus() : errors::BadPageToken();
}

absl::Status AuditService::ListOpenQuestions(const AuthorizedCall& call, ReadTx& tx,
                                             const audit::v1::ListOpenQuestionsRequest& request,
                                             audit::v1::ListOpenQuestionsResponse* response) const {
  KP_ASSIGN_OR_RETURN(const int page_size, PageSize(request.page_size()));
  QuestionsAfter after;
  if (!request.page_token().empty()) {
    const auto token = crypto::Base64UrlDecode(request.page_token());
    if (!token.ok()) return errors::BadPageToken();
    const std::pair<std::string, std::string> parts =
        absl::StrSplit(*token, absl::MaxSplits(' ', 1));
    if (!base::ParseDate(parts.first).ok() || !base::IsResourceId(parts.second)) {
      return errors::BadPageToken();
    }
    after = {.due = parts.first, .id = parts.second};
  }
  KP_ASSIGN_OR_RETURN(
      const std::vector<StoredQuestion> found,
      audit_service::ListOpenQuestions(call, tx, call.organisation(), after, page_size + 1));
  for (const StoredQuestion& stored : found) {
    if (response->questions_size() == page_size) {
      const StoredQuestion& last = found[static_cast<size_t>(page_size) - 1];
      response->set_next_page_token(crypto::Base64UrlEncode(absl::StrCat(last.due, " ", last.id)));
      break;
    }
    Tell(stored, call.now(), absl::StrCat("subjects/", stored.subject, "/questions/", stored.id),
         response->add_questions());
  }
  return absl::OkStatus();
}

absl::Status AuditService::AnswerQuestion(const AuthorizedCall& call, WriteTx& tx,
                                          const audit::v1::AnswerQuestionRequest& request,
                                          audit::v1::Question* response) const {
  const auto name = base::ResourceName::Parse(request.name(), "subjects/*/questions/*");
  if (!name.ok()) return errors::InvalidField("name", "is subjects/{pseudonym}/questions/{q}");
  KP_RETURN_IF_ERROR(CheckWords("answer", request.answer()));
  const Reader reader = ReaderOf(call);
  if (reader.subject.empty() || !reader.auditor) return errors::NoView();
  KP_ASSIGN_OR_RETURN(Opener opener, Opener::Create(call.audit_view()));
  KP_ASSIGN_OR_RETURN(std::vector<StoredQuestion> all,
                      audit_service::ListQuestions(call, tx, reader.subject));
  const auto found = std::find_if(all.begin(), all.end(), [&](const StoredQuestion& q) {
    return q.id == name->last_id() && q.organisation == call.organisation();
  });
  if (found == all.end()) return errors::NoSuchQuestion();
  if (found->answer_time.has_value()) return errors::AlreadyAnswered();
  std::optional<audit::v1::KeptQuestion> kept = opener.OpenQuestion(*found);
  if (!kept.has_value()) return errors::QuestionUnreadable();

  kept->set_answer(request.answer());
  kept->set_answered_by(call.claims().subject());
  found->answer_time = call.now();
  found->version = 2;
  KP_ASSIGN_OR_RETURN(found->payload,
                      opener.SealQuestion(found->id, found->version, *kept, *options_.random));
  KP_RETURN_IF_ERROR(PutAnswer(call, tx, *found));
  Touch(kept->person(), call);

  Tell(*found, call.now(), NameFor(reader, call, found->id), response);
  response->set_question(kept->question());
  response->set_answer(kept->answer());
  return absl::OkStatus();
}

}  // namespace knooppunt::audit_service
