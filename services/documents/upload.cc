// Uploading: what came is sealed and stored part by part, and shows all at once or not at all.

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "base/status.h"
#include "security/crypto/hash.h"
#include "services/documents/errors.h"
#include "services/documents/rules.h"
#include "services/documents/service.h"
#include "services/documents/stored.h"
#include "services/dossier/errors.h"
#include "services/dossier/family_store.h"
#include "services/dossier/request.h"
#include "services/dossier/rules.h"
#include "services/dossier/text.h"

namespace knooppunt::documents {
namespace {

using access::v1::CaseFact;
using dossier::FamilyFacts;
using dossier::ItemKind;
using policy::AuthorizedCall;

constexpr char kPlainText[] = "text/plain";

Actor ActorOf(const AuthorizedCall& call) {
  return {.name = call.actor(), .organisation = call.is_staff() ? call.organisation() : ""};
}

// The case that a document is added to: not a closed one.
absl::StatusOr<const CaseFact*> CaseToAddTo(const AuthorizedCall& call, const FamilyFacts& facts,
                                            const std::string& parent) {
  KP_ASSIGN_OR_RETURN(const auto name, dossier::ParseName(call, "parent", parent, kCasePattern));
  const CaseFact* c = dossier::FindCase(facts, name.Id("cases"));
  if (c == nullptr) return dossier::errors::NotFound();
  if (c->state() == access::v1::CASE_STATE_CLOSED) return dossier::errors::CaseClosed();
  return c;
}

// The document that gets a version, at this case and as it was read.
absl::StatusOr<Stored> DocumentToAddTo(const AuthorizedCall& call, storage::ReadTx& tx,
                                       const v1::UploadDocumentRequest& opening,
                                       const CaseFact& c) {
  KP_ASSIGN_OR_RETURN(Named found, FindDocument(call, tx, opening.name()));
  Stored& stored = found.stored;
  if (stored.item.case_id != c.id()) return dossier::errors::NotFound();
  KP_RETURN_IF_ERROR(CheckCurrent(stored.document));
  KP_RETURN_IF_ERROR(CheckMayAddVersion(stored.document, ActorOf(call)));
  if (stored.document.versions_size() >= limits::kMaxDocumentVersions) {
    return dossier::errors::TooMany("versions of this document");
  }
  if (!opening.etag().empty()) {
    KP_ASSIGN_OR_RETURN(const v1::Document view, View(call, tx, stored));
    if (view.etag() != opening.etag()) return errors::OtherEtag();
  }
  return std::move(stored);
}

// What a document of this case may be, whether it was just asked for or is complete: the facts can
// have changed between.
absl::Status CheckNew(const AuthorizedCall& call, storage::ReadTx& tx,
                      const v1::UploadDocumentRequest& opening, const FamilyFacts& facts,
                      const CaseFact& c) {
  KP_RETURN_IF_ERROR(dossier::CheckLabel("label", opening.label(), facts));
  if (call.write_scopes().empty()) return dossier::errors::NoLabel();
  // Of those that the caller may see: a count of the others would tell of them (R18). What a family
  // can hold at all is capped with its items.
  KP_ASSIGN_OR_RETURN(const auto items, dossier::ListItems(call, tx, c.id(), ItemKind::kDocument));
  return items.size() < limits::kMaxDocumentsPerCase ? absl::OkStatus()
                                                     : dossier::errors::TooMany("documents");
}

v1::DocumentVersion NewVersion(const AuthorizedCall& call, const v1::UploadDocumentRequest& opening,
                               const Upload& upload) {
  v1::DocumentVersion version;
  version.set_name(upload.content.id);
  version.set_media_type(opening.media_type());
  version.set_size_bytes(opening.size_bytes());
  version.set_sha256(crypto::HexEncode(upload.hash.Value()));
  version.set_author(call.actor());
  *version.mutable_create_time() = dossier::ToTimestamp(call.now());
  return version;
}

}  // namespace

absl::Status DocumentService::TakeUpload(const Call& call, const v1::UploadDocumentRequest& opening,
                                         const v1::UploadDocumentRequest& message, Upload* upload) {
  if (!upload->content.id.empty()) {
    upload->taken.clear();
    KP_RETURN_IF_ERROR(CheckChunk(opening, message, upload->received_bytes));
    return TakeChunk(call, opening, message.chunk(), upload);
  }
  KP_RETURN_IF_ERROR(CheckOpening(opening));
  if (opening.name().empty() || !opening.title().empty()) {
    KP_RETURN_IF_ERROR(dossier::ValidateName("title", opening.title()));
  }
  upload->content.id = call.Id("content", 0);
  upload->content.size_bytes = opening.size_bytes();
  return absl::OkStatus();
}

absl::Status DocumentService::TakeChunk(const Call& call, const v1::UploadDocumentRequest& opening,
                                        const std::string& chunk, Upload* upload) {
  if (upload->received_bytes == 0) {
    KP_ASSIGN_OR_RETURN(const std::string found, media_types_.Of(chunk));
    // Not by ==, in which GCC 12 may see a read beyond the end that is not there.
    if (found.compare(opening.media_type()) != 0) return errors::TypeLies();
  }
  const bool last =
      upload->received_bytes + static_cast<int64_t>(chunk.size()) == upload->content.size_bytes;
  if (opening.media_type() == kPlainText &&
      (!upload->text.Add(chunk) || (last && !upload->text.Complete()))) {
    return errors::NotText();
  }
  KP_ASSIGN_OR_RETURN(upload->taken,
                      SealPart(call, upload->content, upload->received_bytes, chunk, random_));
  upload->hash.Add(chunk);
  upload->received_bytes += static_cast<int64_t>(chunk.size());
  return absl::OkStatus();
}

absl::Status DocumentService::KeepUpload(const Call& call, WriteTx& tx,
                                         const v1::UploadDocumentRequest& opening, Upload* upload) {
  if (upload->received_bytes > 0) return PutRows(tx, upload->content, upload->taken);
  KP_ASSIGN_OR_RETURN(const FamilyFacts facts, dossier::LoadFacts(call, tx));
  KP_ASSIGN_OR_RETURN(const CaseFact* c, CaseToAddTo(call, facts, opening.parent()));
  if (opening.name().empty()) {
    KP_RETURN_IF_ERROR(CheckNew(call, tx, opening, facts, *c));
    upload->content.scope = call.write_scopes()[0].id;
  } else {
    KP_ASSIGN_OR_RETURN(const Stored stored, DocumentToAddTo(call, tx, opening, *c));
    upload->content.scope = stored.item.scope;
  }
  KP_RETURN_IF_ERROR(SweepStale(call, tx));
  return BeginContent(call, tx, upload->content);
}

absl::Status DocumentService::SweepStale(const Call& call, WriteTx& tx) {
  // No upload lasts as long as this.
  return SweepUnfinished(tx, call.now() - absl::Seconds(2 * limits::kMaxStreamSeconds));
}

absl::Status DocumentService::CheckWhole(const v1::UploadDocumentRequest& opening,
                                         const Upload& upload) {
  if (upload.received_bytes != opening.size_bytes()) return errors::CutOff();
  if (!opening.sha256().empty() && opening.sha256() != crypto::HexEncode(upload.hash.Value())) {
    return errors::OtherContent();
  }
  return absl::OkStatus();
}

absl::Status DocumentService::FinishUpload(const Call& call, WriteTx& tx,
                                           const v1::UploadDocumentRequest& opening, Upload* upload,
                                           v1::Document* resp) {
  KP_RETURN_IF_ERROR(CheckWhole(opening, *upload));
  KP_RETURN_IF_ERROR(CompleteContent(tx, upload->content));
  return opening.name().empty() ? AddDocument(call, tx, opening, *upload, resp)
                                : AddVersion(call, tx, opening, *upload, resp);
}

absl::Status DocumentService::AddDocument(const Call& call, WriteTx& tx,
                                          const v1::UploadDocumentRequest& opening,
                                          const Upload& upload, v1::Document* resp) {
  KP_ASSIGN_OR_RETURN(FamilyFacts facts, dossier::LoadFacts(call, tx));
  KP_ASSIGN_OR_RETURN(const CaseFact* c, CaseToAddTo(call, facts, opening.parent()));
  KP_RETURN_IF_ERROR(CheckNew(call, tx, opening, facts, *c));
  v1::Document document;
  document.set_title(opening.title());
  document.set_state(v1::DOCUMENT_STATE_CURRENT);
  *document.add_versions() = NewVersion(call, opening, upload);
  dossier::Item item = {.id = call.Id("document", 0),
                        .kind = ItemKind::kDocument,
                        .case_id = c->id(),
                        .scope = upload.content.scope,
                        .payload = Payload(document)};
  KP_RETURN_IF_ERROR(dossier::InsertItem(call, tx, &facts, item, 0, random_));
  KP_RETURN_IF_ERROR(dossier::SaveFacts(call, tx, &facts, random_));
  item.label = call.write_scopes()[0].label;
  KP_ASSIGN_OR_RETURN(const Stored stored, FromItem(std::move(item)));
  KP_ASSIGN_OR_RETURN(*resp, View(call, tx, stored));
  return absl::OkStatus();
}

absl::Status DocumentService::AddVersion(const Call& call, WriteTx& tx,
                                         const v1::UploadDocumentRequest& opening,
                                         const Upload& upload, v1::Document* resp) {
  KP_ASSIGN_OR_RETURN(const FamilyFacts facts, dossier::LoadFacts(call, tx));
  KP_ASSIGN_OR_RETURN(const CaseFact* c, CaseToAddTo(call, facts, opening.parent()));
  KP_ASSIGN_OR_RETURN(Stored stored, DocumentToAddTo(call, tx, opening, *c));
  if (!opening.title().empty()) stored.document.set_title(opening.title());
  *stored.document.add_versions() = NewVersion(call, opening, upload);
  stored.item.payload = Payload(stored.document);
  KP_RETURN_IF_ERROR(dossier::UpdateItem(call, tx, stored.item, random_));
  KP_ASSIGN_OR_RETURN(*resp, View(call, tx, stored));
  return absl::OkStatus();
}

}  // namespace knooppunt::documents
