// Reading documents and what they are, and withdrawing them.

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/resource_name.h"
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

using dossier::ItemKind;
using policy::AuthorizedCall;
using runtime::Flow;

absl::StatusOr<int> PageSize(int32_t asked) {
  if (asked < 0) return dossier::errors::InvalidField("page_size", "be 0 or more");
  return asked == 0 ? limits::kDefaultPageSize : std::min(asked, limits::kMaxPageSize);
}

// The document after which the page begins. Grants nothing: each page is decided anew.
absl::StatusOr<std::string> ParsePageToken(const std::string& token) {
  if (token.empty()) return std::string();
  const auto id = crypto::Base64UrlDecode(token);
  if (token.size() > limits::kMaxResourceNameBytes || !id.ok() || !base::IsResourceId(*id)) {
    return dossier::errors::InvalidField("page_token", "be one that was given out");
  }
  return *id;
}

void OnlyNewest(v1::Document* document) {
  document->mutable_versions()->DeleteSubrange(0, document->versions_size() - 1);
}

}  // namespace

absl::StatusOr<Flow> DocumentService::DownloadDocument(const Call& call, ReadTx& tx,
                                                       const v1::DownloadDocumentRequest& req,
                                                       Download* state,
                                                       v1::DownloadDocumentResponse* resp) {
  // Found anew for every message: what was withdrawn meanwhile, or is not open any more, ends here.
  KP_ASSIGN_OR_RETURN(const Named found, FindVersion(call, tx, req.name()));
  const v1::Document& document = found.stored.document;
  KP_RETURN_IF_ERROR(CheckCurrent(document));
  const bool first = state->version == 0;
  const int version = first ? found.version : state->version;
  const int64_t offset = first ? req.offset_bytes() : state->next_offset_bytes;
  const Content content = found.stored.ContentOf(version);
  KP_RETURN_IF_ERROR(CheckOffset(content.size_bytes, offset));
  const int64_t size = PartBytes(content.size_bytes, offset);
  KP_ASSIGN_OR_RETURN(*resp->mutable_chunk(), ReadPart(call, tx, content, offset, size));
  resp->set_offset_bytes(offset);
  if (first) {
    KP_ASSIGN_OR_RETURN(const v1::Document view, View(call, tx, found.stored));
    const auto named = absl::StrCat(view.name(), "/versions/", version);
    for (const v1::DocumentVersion& v : view.versions()) {
      if (v.name() == named) *resp->mutable_version() = v;
    }
  }
  state->version = version;
  state->next_offset_bytes = offset + size;
  return state->next_offset_bytes == content.size_bytes ? Flow::kLast : Flow::kMore;
}

absl::Status DocumentService::GetDocument(const Call& call, ReadTx& tx,
                                          const v1::GetDocumentRequest& req, v1::Document* resp) {
  KP_ASSIGN_OR_RETURN(const Named found, FindDocument(call, tx, req.name()));
  KP_ASSIGN_OR_RETURN(*resp, View(call, tx, found.stored));
  return absl::OkStatus();
}

absl::Status DocumentService::ListDocuments(const Call& call, ReadTx& tx,
                                            const v1::ListDocumentsRequest& req,
                                            v1::ListDocumentsResponse* resp) {
  KP_ASSIGN_OR_RETURN(const auto name,
                      dossier::ParseName(call, "parent", req.parent(), kCasePattern));
  KP_ASSIGN_OR_RETURN(const int page_size, PageSize(req.page_size()));
  KP_ASSIGN_OR_RETURN(const std::string after, ParsePageToken(req.page_token()));
  KP_ASSIGN_OR_RETURN(const auto facts, dossier::LoadFacts(call, tx));
  if (dossier::FindCase(facts, name.Id("cases")) == nullptr) return dossier::errors::NotFound();
  KP_ASSIGN_OR_RETURN(std::vector<dossier::Item> items,
                      dossier::ListItems(call, tx, name.Id("cases"), ItemKind::kDocument));
  auto next = items.begin();
  if (!after.empty()) {
    next = std::find_if(items.begin(), items.end(),
                        [&](const dossier::Item& item) { return item.id == after; });
    // What the caller may not see any more is no place to go on from either.
    if (next == items.end()) {
      return dossier::errors::InvalidField("page_token", "be one that was given out");
    }
    ++next;
  }
  for (; next != items.end(); ++next) {
    if (resp->documents_size() == page_size) {
      resp->set_next_page_token(crypto::Base64UrlEncode(std::prev(next)->id));
      break;
    }
    KP_ASSIGN_OR_RETURN(const Stored stored, FromItem(*next));
    KP_ASSIGN_OR_RETURN(v1::Document view, View(call, tx, stored));
    if (view.versions().empty()) continue;
    OnlyNewest(&view);
    *resp->add_documents() = std::move(view);
  }
  return absl::OkStatus();
}

absl::Status DocumentService::WithdrawDocument(const Call& call, WriteTx& tx,
                                               const v1::WithdrawDocumentRequest& req,
                                               v1::Document* resp) {
  KP_RETURN_IF_ERROR(dossier::ValidateText("reason", req.reason(), {}));
  KP_ASSIGN_OR_RETURN(Named found, FindDocument(call, tx, req.name()));
  Stored& stored = found.stored;
  KP_RETURN_IF_ERROR(CheckMayWithdraw(
      stored.document,
      {.name = call.actor(), .organisation = call.is_staff() ? call.organisation() : ""}));
  KP_RETURN_IF_ERROR(CheckNotWithdrawn(stored.document));
  if (!req.etag().empty()) {
    KP_ASSIGN_OR_RETURN(const v1::Document view, View(call, tx, stored));
    if (view.etag() != req.etag()) return errors::OtherEtag();
  }
  stored.document.set_state(v1::DOCUMENT_STATE_WITHDRAWN);
  stored.document.set_withdraw_reason(req.reason());
  stored.document.set_withdrawn_by(call.actor());
  *stored.document.mutable_withdraw_time() = dossier::ToTimestamp(call.now());
  stored.item.payload = Payload(stored.document);
  KP_RETURN_IF_ERROR(dossier::UpdateItem(call, tx, stored.item, random_));
  KP_ASSIGN_OR_RETURN(*resp, View(call, tx, stored));
  return absl::OkStatus();
}

}  // namespace knooppunt::documents
