#include "services/handover/archive_service.h"

#include <functional>

namespace knooppunt::handover {

void ArchiveService::Register(runtime::Registry& r) {
  using archive::v1::ArchiveFile;
  using std::bind_front;
  using S = ArchiveService;
#define KP_METHOD(name) "/knooppunt.archive.v1.ArchiveService/" name
  r.Read<archive::v1::ExportHandoverRequest, ArchiveFile>(KP_METHOD("ExportHandover"),
                                                          bind_front(&S::ExportHandover, this));
  r.Write<archive::v1::TakeReceiptRequest, v1::Handover>(KP_METHOD("TakeReceipt"),
                                                         bind_front(&S::TakeReceipt, this));
  r.Read<archive::v1::PreviewArchiveRequest, archive::v1::ArchivePreview>(
      KP_METHOD("PreviewArchive"), bind_front(&S::PreviewArchive, this));
  r.Write<archive::v1::ImportHandoverRequest, v1::Handover>(KP_METHOD("ImportHandover"),
                                                            bind_front(&S::ImportHandover, this));
  r.Send<Outgoing, archive::v1::ExportDocumentRequest, archive::v1::ExportDocumentResponse>(
      KP_METHOD("ExportDocument"), bind_front(&S::ExportDocument, this));
  r.Receive<Incoming, archive::v1::ImportDocumentRequest, documents::v1::Document>(
      KP_METHOD("ImportDocument"), {.take = bind_front(&S::TakePiece, this),
                                    .keep = bind_front(&S::KeepPiece, this),
                                    .finish = bind_front(&S::FinishDocument, this),
                                    .drop = &S::DropPieces});
  r.Write<archive::v1::AcceptImportRequest, v1::Handover>(KP_METHOD("AcceptImport"),
                                                          bind_front(&S::AcceptImport, this));
  r.Write<archive::v1::ReturnImportRequest, v1::Handover>(KP_METHOD("ReturnImport"),
                                                          bind_front(&S::ReturnImport, this));
  r.Read<archive::v1::GetArchiveReceiptRequest, ArchiveFile>(
      KP_METHOD("GetArchiveReceipt"), bind_front(&S::GetArchiveReceipt, this));

  r.Demand<archive::v1::ImportHandoverRequest>(KP_METHOD("ImportHandover"),
                                               bind_front(&S::DemandImport, this));
#undef KP_METHOD
}

}  // namespace knooppunt::handover
