// Questions of a family about its log (R25), kept sealed until somebody answers.
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/resource_name.h"
#include "base/status.h"
#include "security/storage/sealed.h"
#include "services/audit/errors.h"
#include "services/audit/service.h"
#include "services/audit/store.h"

namespace knooppunt::audit_service {

absl::Status AuditService::AskWhy(const AuthorizedCall& call, WriteTx& tx,
                                  const audit::v1::AskWhyRequest& request,
                                  audit::v1::Question* response) const {
  if (!base::ResourceName::Parse(request.parent(), "families/*").ok()) {
    return errors::InvalidField("parent", "is families/{f}");
  }
  if (request.question().empty() || request.question().size() > limits::kMaxTextBytes) {
    return errors::InvalidField("question", "is 1 to 16384 bytes of text");
  }
  // Whether the record is this family's, and this member's to see, is not checked: the
  // question shows nothing, and a refusal would show that there is such a record (R18).
  // Who answers sees it.
  KP_ASSIGN_OR_RETURN(const int64_t size, LogSize(tx));
  if (request.index() < 0 || request.index() >= size) return errors::NoSuchRecord();
  if (call.facts_key().empty()) return errors::NoFactsKey();

  NewQuestion question{.id = call.Id("q", 0),
                       .subject = call.decision().audit().subject(),
                       .index = request.index(),
                       .create_time = call.now()};
  KP_ASSIGN_OR_RETURN(
      question.sealed_text,
      storage::SealColumn(call.facts_key(),
                          {.table = "question", .row = question.id, .column = "text", .version = 1},
                          request.question(), *options_.random));
  KP_RETURN_IF_ERROR(InsertQuestion(call, tx, question));

  response->set_name(absl::StrCat("families/", call.family(), "/questions/", question.id));
  response->set_index(question.index);
  response->mutable_create_time()->set_seconds(absl::ToUnixSeconds(question.create_time));
  return absl::OkStatus();
}

}  // namespace knooppunt::audit_service
