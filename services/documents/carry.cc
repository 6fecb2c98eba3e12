// Documents that go along with a case to another installation, or come with one (R28).

#include <utility>

#include "base/limits.h"
#include "base/status.h"
#include "security/crypto/hash.h"
#include "services/documents/errors.h"
#include "services/documents/rules.h"
#include "services/documents/service.h"
#include "services/documents/stored.h"
#include "services/dossier/errors.h"
#include "services/dossier/request.h"
#include "services/dossier/text.h"

namespace knooppunt::documents {

// What an upload is, but for where its content goes: the document was there before.
class DocumentService::Intake final : public dossier::CarriedIntake {
 public:
  Intake(DocumentService* service, std::string name, const Stored& stored, std::string content)
      : service_(service), name_(std::move(name)) {
    const v1::DocumentVersion& announced = stored.document.versions(0);
    opening_.set_media_type(announced.media_type());
    opening_.set_size_bytes(announced.size_bytes());
    opening_.set_sha256(announced.sha256());
    upload_.content = {
        .id = std::move(content), .scope = stored.item.scope, .size_bytes = announced.size_bytes()};
  }
  const Content& content() const { return upload_.content; }

  absl::Status Take(const Call& call, const std::string& part) override {
    if (static_cast<int64_t>(part.size()) !=
        PartBytes(upload_.content.size_bytes, upload_.received_bytes)) {
      return errors::NotTheNextChunk();
    }
    return service_->TakeChunk(call, opening_, part, &upload_);
  }
  absl::Status Keep(WriteTx& tx) const override {
    return PutRows(tx, upload_.content, upload_.taken);
  }
  absl::StatusOr<v1::Document> Finish(const Call& call, WriteTx& tx) override;
  absl::Status Drop(WriteTx& tx) const override { return DropUnfinished(tx, upload_.content.id); }

 private:
  DocumentService* const service_;
  const std::string name_;
  v1::UploadDocumentRequest opening_;  // as if somebody uploaded what was announced
  Upload upload_;
};

namespace {

// INVALID_ARGUMENT, FAILED_PRECONDITION: the document does not wait for its content.
absl::StatusOr<Stored> FindAwaited(const policy::AuthorizedCall& call, storage::ReadTx& tx,
                                   absl::string_view name) {
  KP_ASSIGN_OR_RETURN(Named found, FindDocument(call, tx, name));
  KP_RETURN_IF_ERROR(CheckNotWithdrawn(found.stored.document));
  if (found.stored.document.state() != v1::DOCUMENT_STATE_AWAITED) return errors::TakenIn();
  return std::move(found.stored);
}

}  // namespace

absl::StatusOr<std::optional<std::string>> DocumentService::ReadToCarry(const Call& call,
                                                                        ReadTx& tx,
                                                                        absl::string_view version,
                                                                        int64_t max_bytes) const {
  KP_ASSIGN_OR_RETURN(const Named found, FindVersion(call, tx, version));
  KP_RETURN_IF_ERROR(CheckCurrent(found.stored.document));
  const Content content = found.stored.ContentOf(found.version);
  if (content.size_bytes > max_bytes) return std::optional<std::string>();
  KP_ASSIGN_OR_RETURN(std::string bytes, ReadPart(call, tx, content, 0, content.size_bytes));
  return std::optional<std::string>(std::move(bytes));
}

absl::StatusOr<dossier::CarriedPart> DocumentService::ReadPartToCarry(const Call& call, ReadTx& tx,
                                                                      absl::string_view version,
                                                                      int64_t offset_bytes) const {
  KP_ASSIGN_OR_RETURN(const Named found, FindVersion(call, tx, version));
  KP_RETURN_IF_ERROR(CheckCurrent(found.stored.document));
  const Content content = found.stored.ContentOf(found.version);
  KP_RETURN_IF_ERROR(CheckOffset(content.size_bytes, offset_bytes));
  dossier::CarriedPart part = {.bytes = "", .size_bytes = content.size_bytes};
  KP_ASSIGN_OR_RETURN(part.bytes, ReadPart(call, tx, content, offset_bytes,
                                           PartBytes(content.size_bytes, offset_bytes)));
  return part;
}

absl::Status DocumentService::KeepContent(const Call& call, WriteTx& tx,
                                          const dossier::CarriedDocument& carried,
                                          const Content& content) {
  if (static_cast<int64_t>(carried.content.size()) != carried.size_bytes ||
      crypto::HexEncode(crypto::Sha256(carried.content)) != carried.sha256) {
    return errors::OtherContent();
  }
  KP_ASSIGN_OR_RETURN(const std::string type, media_types_.Of(carried.content));
  if (type != carried.media_type) return errors::TypeLies();
  TextCheck text;
  if (type == "text/plain" && (!text.Add(carried.content) || !text.Complete())) {
    return errors::NotText();
  }
  KP_RETURN_IF_ERROR(BeginContent(call, tx, content));
  KP_ASSIGN_OR_RETURN(const std::vector<SealedRow> rows,
                      SealPart(call, content, 0, carried.content, random_));
  KP_RETURN_IF_ERROR(PutRows(tx, content, rows));
  return CompleteContent(tx, content);
}

absl::StatusOr<dossier::Item> DocumentService::KeepCarried(
    const Call& call, WriteTx& tx, const dossier::CarriedDocument& carried) {
  KP_RETURN_IF_ERROR(dossier::ValidateName("title", carried.title));
  if (carried.label >= static_cast<int>(call.write_scopes().size()))
    return dossier::errors::NoLabel();
  if (!IsAllowed(carried.media_type)) return errors::TypeNotAllowed();
  const bool awaited = carried.content.empty();
  const Content content = {.id = call.Id("content", carried.number),
                           .scope = call.write_scopes()[carried.label].id,
                           .size_bytes = carried.size_bytes};
  if (!awaited) KP_RETURN_IF_ERROR(KeepContent(call, tx, carried, content));
  v1::Document document;
  document.set_title(carried.title);
  document.set_state(awaited ? v1::DOCUMENT_STATE_AWAITED : v1::DOCUMENT_STATE_CURRENT);
  v1::DocumentVersion* version = document.add_versions();
  if (!awaited) version->set_name(content.id);
  version->set_media_type(carried.media_type);
  version->set_size_bytes(carried.size_bytes);
  version->set_sha256(carried.sha256);
  version->set_author(call.actor());
  *version->mutable_create_time() = dossier::ToTimestamp(call.now());
  return dossier::Item{.id = call.Id("document", carried.number),
                       .kind = dossier::ItemKind::kDocument,
                       .case_id = carried.case_id,
                       .payload = Payload(document)};
}

absl::StatusOr<std::unique_ptr<dossier::CarriedIntake>> DocumentService::BeginIntake(
    const Call& call, WriteTx& tx, absl::string_view name) {
  KP_ASSIGN_OR_RETURN(const Stored stored, FindAwaited(call, tx, name));
  KP_RETURN_IF_ERROR(SweepStale(call, tx));
  auto intake = std::make_unique<Intake>(this, std::string(name), stored, call.Id("content", 0));
  KP_RETURN_IF_ERROR(BeginContent(call, tx, intake->content()));
  return intake;
}

absl::StatusOr<v1::Document> DocumentService::Intake::Finish(const Call& call, WriteTx& tx) {
  KP_ASSIGN_OR_RETURN(Stored stored, FindAwaited(call, tx, name_));
  KP_RETURN_IF_ERROR(CheckWhole(opening_, upload_));
  KP_RETURN_IF_ERROR(CompleteContent(tx, upload_.content));
  stored.document.set_state(v1::DOCUMENT_STATE_CURRENT);
  v1::DocumentVersion* version = stored.document.mutable_versions(0);
  version->set_name(upload_.content.id);
  version->set_author(call.actor());
  *version->mutable_create_time() = dossier::ToTimestamp(call.now());
  stored.item.payload = Payload(stored.document);
  KP_RETURN_IF_ERROR(dossier::UpdateItem(call, tx, stored.item, service_->random_));
  return View(call, tx, stored);
}

}  // namespace knooppunt::documents
