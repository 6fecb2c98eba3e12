// Documents that go along with a case to another installation, or come with one (R28).

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

absl::StatusOr<dossier::Item> DocumentService::KeepCarried(
    const Call& call, WriteTx& tx, const dossier::CarriedDocument& carried) {
  KP_RETURN_IF_ERROR(dossier::ValidateName("title", carried.title));
  if (carried.label >= static_cast<int>(call.write_scopes().size()))
    return dossier::errors::NoLabel();
  if (crypto::HexEncode(crypto::Sha256(carried.content)) != carried.sha256) {
    return errors::OtherContent();
  }
  KP_ASSIGN_OR_RETURN(const std::string type, media_types_.Of(carried.content));
  if (!IsAllowed(carried.media_type) || type != carried.media_type) return errors::TypeLies();
  TextCheck text;
  if (type == "text/plain" && (!text.Add(carried.content) || !text.Complete())) {
    return errors::NotText();
  }
  const Content content = {.id = call.Id("content", carried.number),
                           .scope = call.write_scopes()[carried.label].id,
                           .size_bytes = static_cast<int64_t>(carried.content.size())};
  KP_RETURN_IF_ERROR(BeginContent(call, tx, content));
  KP_ASSIGN_OR_RETURN(const std::vector<SealedRow> rows,
                      SealPart(call, content, 0, carried.content, random_));
  KP_RETURN_IF_ERROR(PutRows(tx, content, rows));
  KP_RETURN_IF_ERROR(CompleteContent(tx, content));
  v1::Document document;
  document.set_title(carried.title);
  document.set_state(v1::DOCUMENT_STATE_CURRENT);
  v1::DocumentVersion* version = document.add_versions();
  version->set_name(content.id);
  version->set_media_type(type);
  version->set_size_bytes(content.size_bytes);
  version->set_sha256(carried.sha256);
  version->set_author(call.actor());
  *version->mutable_create_time() = dossier::ToTimestamp(call.now());
  return dossier::Item{.id = call.Id("document", carried.number),
                       .kind = dossier::ItemKind::kDocument,
                       .case_id = carried.case_id,
                       .payload = Payload(document)};
}

}  // namespace knooppunt::documents
