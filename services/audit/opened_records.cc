#include "services/audit/opened_records.h"

#include <utility>

#include "base/status.h"
#include "security/audit/leaf.h"
#include "security/crypto/secret.h"
#include "security/storage/sealed.h"
#include "services/audit/errors.h"

namespace knooppunt::audit_service {

Reader ReaderOf(const policy::AuthorizedCall& call) {
  const access::v1::OpenAuditResponse& view = call.audit_view();
  Reader reader{.auditor = view.auditor(), .subject = view.subject(), .person = call.person()};
  reader.emergencies_shown_before_ms = view.emergencies_shown_before_ms();
  reader.visible_persons.insert(view.visible_persons().begin(), view.visible_persons().end());
  reader.hidden_grounds.insert(view.hidden_grounds().begin(), view.hidden_grounds().end());
  reader.visible_bases.insert(view.visible_bases().begin(), view.visible_bases().end());
  for (const access::v1::ReadAlone& youth : view.read_alone()) {
    for (const int c : youth.compartments()) reader.read_alone.emplace(youth.person(), c);
  }
  return reader;
}

absl::StatusOr<Opener> Opener::Create(const access::v1::OpenAuditResponse& view) {
  Opener opener;
  for (const std::string& key : view.keys()) {
    KP_ASSIGN_OR_RETURN(audit::AuditKeys keys,
                        audit::AuditKeys::Derive(crypto::SecretBytes::From(
                            key, crypto::SecretAccess::For("read the audit log"))));
    opener.keys_.push_back(std::move(keys));
  }
  return opener;
}

std::optional<audit::RecordParts> Opener::Open(const SealedRecord& record) {
  const absl::StatusOr<audit::Leaf> leaf = audit::ParseLeaf(record.leaf);
  if (!leaf.ok()) return std::nullopt;
  for (size_t i = 0; i < keys_.size(); ++i) {
    const size_t at = (last_ + i) % keys_.size();
    auto parts = audit::OpenRecord(keys_[at], leaf->body, record.payload);
    if (!parts.ok()) continue;
    last_ = at;
    return *std::move(parts);
  }
  return std::nullopt;
}

namespace {

storage::ColumnId QuestionColumn(absl::string_view id, int64_t version) {
  return {.table = "question", .row = id, .column = "payload", .version = version};
}

}  // namespace

absl::StatusOr<std::string> Opener::SealQuestion(absl::string_view id, int64_t version,
                                                 const audit::v1::KeptQuestion& question,
                                                 crypto::Random& random) const {
  if (keys_.empty()) return errors::NoView();
  return storage::SealColumn(keys_.back().question, QuestionColumn(id, version),
                             question.SerializeAsString(), random);
}

std::optional<audit::v1::KeptQuestion> Opener::OpenQuestion(const StoredQuestion& question) const {
  // The newest year first: questions that are read are mostly of this year.
  for (auto keys = keys_.rbegin(); keys != keys_.rend(); ++keys) {
    const absl::StatusOr<std::string> opened = storage::OpenColumn(
        keys->question, QuestionColumn(question.id, question.version), question.payload);
    if (!opened.ok()) continue;
    audit::v1::KeptQuestion out;
    if (out.ParseFromString(*opened)) return out;
  }
  return std::nullopt;
}

std::optional<RecordParts> OpenedFor(const Reader& reader, const SealedRecord& sealed,
                                     Opener* opener) {
  const std::optional<audit::RecordParts> parts = opener->Open(sealed);
  RecordParts out;
  const bool readable = parts.has_value() && out.who.ParseFromString(parts->a) &&
                        out.about.ParseFromString(parts->b) &&
                        out.about.subject() == reader.subject;
  return readable ? std::optional<RecordParts>(std::move(out)) : std::nullopt;
}

absl::StatusOr<std::optional<RecordView>> FindView(const policy::AuthorizedCall& call,
                                                   storage::ReadTx& tx, const Reader& reader,
                                                   int64_t index, Opener* opener) {
  std::optional<RecordView> none;
  KP_ASSIGN_OR_RETURN(const std::vector<SealedRecord> found,
                      ListRecords(call, tx, reader.subject, index - 1, 1));
  if (found.empty() || found.front().index != index) return none;
  std::optional<RecordParts> parts = OpenedFor(reader, found.front(), opener);
  if (!parts.has_value()) return none;
  return ViewFor(reader, std::move(parts->who), std::move(parts->about));
}

}  // namespace knooppunt::audit_service
