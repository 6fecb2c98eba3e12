#include "services/documents/service.h"

#include <functional>

#include "absl/time/time.h"
#include "services/dossier/rules.h"

namespace knooppunt::documents {
namespace {

// A version keeps the label of its document, which the permit opens or does not.
absl::Status DemandUpload(const runtime::Preparation&, const v1::UploadDocumentRequest& opening,
                          runtime::Demands* out) {
  if (opening.name().empty() && dossier::IsComplete(opening.label())) {
    out->labels.push_back(dossier::Asked(opening.label()));
  }
  return absl::OkStatus();
}

}  // namespace

void DocumentService::Register(runtime::Registry& r) {
  using std::bind_front;
  using S = DocumentService;
#define KP_METHOD(name) "/knooppunt.documents.v1.DocumentService/" name
  r.Receive<Upload, v1::UploadDocumentRequest, v1::Document>(
      KP_METHOD("UploadDocument"), {.take = bind_front(&S::TakeUpload, this),
                                    .keep = bind_front(&S::KeepUpload, this),
                                    .finish = bind_front(&S::FinishUpload, this),
                                    .drop = [](storage::WriteTx& tx, const Upload& upload) {
                                      return DropUnfinished(tx, upload.content.id);
                                    }});
  r.Demand<v1::UploadDocumentRequest>(KP_METHOD("UploadDocument"), DemandUpload);
  r.Send<Download, v1::DownloadDocumentRequest, v1::DownloadDocumentResponse>(
      KP_METHOD("DownloadDocument"), bind_front(&S::DownloadDocument, this));
  r.Read<v1::GetDocumentRequest, v1::Document>(KP_METHOD("GetDocument"),
                                               bind_front(&S::GetDocument, this));
  r.Read<v1::ListDocumentsRequest, v1::ListDocumentsResponse>(KP_METHOD("ListDocuments"),
                                                              bind_front(&S::ListDocuments, this));
  r.Write<v1::WithdrawDocumentRequest, v1::Document>(KP_METHOD("WithdrawDocument"),
                                                     bind_front(&S::WithdrawDocument, this));
#undef KP_METHOD
}

absl::Status DocumentService::Sweep(storage::Database& database) {
  return database
      .Write([](storage::WriteTx& tx) { return SweepUnfinished(tx, absl::InfiniteFuture()); })
      .status();
}

}  // namespace knooppunt::documents
