// ArchiveService: the warm handover to and from another installation (R26-R29). The sending side
// goes through the same states as any handover: the receipt that comes back does the acts of the
// receiving side. One method an RPC. Thread-safe: holds no state of its own.
#ifndef KNOOPPUNT_SERVICES_HANDOVER_ARCHIVE_SERVICE_H_
#define KNOOPPUNT_SERVICES_HANDOVER_ARCHIVE_SERVICE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "knooppunt/archive/v1/archive.pb.h"
#include "knooppunt/documents/v1/documents.pb.h"
#include "knooppunt/handover/v1/handover.pb.h"
#include "security/crypto/random.h"
#include "security/policy/authorized_call.h"
#include "security/policy/handover_kinds.h"
#include "security/storage/database.h"
#include "services/dossier/carried_document.h"
#include "services/handover/archive_family.h"
#include "services/handover/installations.h"
#include "services/handover/loading.h"
#include "services/runtime/registry.h"

namespace knooppunt::handover {

// What the export of a document keeps between its messages.
struct Outgoing {
  int64_t next_offset_bytes = 0;
};

// What the intake of a document keeps: what its pieces must be of, and how far it is. No key, and
// of the content no more than the piece under way.
struct Incoming {
  std::string installation, archive, item;
  int64_t size_bytes = 0;
  int64_t next_offset_bytes = 0;
  std::unique_ptr<dossier::CarriedIntake> intake;  // once it is open
};

class ArchiveService {
 public:
  struct Options {
    // How long the sending side may answer questions after acceptance (R29); 0 is not at all.
    int grace_days = 0;
    // The kinds of handover (R30); none is those that are built in.
    std::shared_ptr<const policy::HandoverKinds> kinds;
    // How documents go along; null: their contents do not. Not owned; outlives the service.
    dossier::DocumentCarrier* documents = nullptr;
    // None: every method says that it is not configured.
    std::shared_ptr<const Installations> installations;
  };
  // `random` is not owned and outlives the service.
  ArchiveService(crypto::Random& random, Options options)
      : random_(random),
        grace_days_(options.grace_days),
        kinds_(options.kinds != nullptr ? std::move(options.kinds)
                                        : *policy::HandoverKinds::BuiltIn()),
        documents_(options.documents),
        installations_(std::move(options.installations)) {}
  ArchiveService(const ArchiveService&) = delete;
  ArchiveService& operator=(const ArchiveService&) = delete;

  // Adds the handlers and hooks; `registry` may use them as long as the service lives.
  void Register(runtime::Registry& registry);

 private:
  using Call = policy::AuthorizedCall;
  using ReadTx = storage::ReadTx;
  using WriteTx = storage::WriteTx;

  // archive_export.cc: the sending side
  absl::Status ExportHandover(const Call&, ReadTx&, const archive::v1::ExportHandoverRequest&,
                              archive::v1::ArchiveFile*);
  absl::Status TakeReceipt(const Call&, WriteTx&, const archive::v1::TakeReceiptRequest&,
                           v1::Handover*);
  // A handover that may go to another installation now, with what travels of it, and where it goes.
  struct Departure {
    LoadedHandover at;
    const Installation* to = nullptr;
    const Place* place = nullptr;
  };
  absl::Status LoadDeparture(const Call&, ReadTx&, absl::string_view name, Departure* out) const;
  absl::Status AddContents(const Call&, ReadTx&, archive::v1::ArchivePayload*) const;
  absl::Status Accepted(const Call&, WriteTx&, const archive::v1::ArchiveReceipt&, LoadedHandover*);
  // archive_import.cc: the receiving side
  struct Opened {
    archive::v1::ArchivePayload payload;
    const Installation* from = nullptr;
  };
  absl::StatusOr<Opened> OpenArchive(absl::string_view bytes) const;
  absl::StatusOr<Opened> OpenFor(const Call& call, absl::string_view bytes) const;
  // The hook of ImportHandover. Labels: those of LabelsOf. References: the werkplaats, and the
  // institutions that the request names. Of what cannot be opened it demands nothing: the handler
  // says so, to who may hear it.
  absl::Status DemandImport(const runtime::Preparation& prep,
                            const archive::v1::ImportHandoverRequest& req,
                            runtime::Demands* out) const;
  absl::Status KeepDocuments(const Call&, WriteTx&, const archive::v1::ArchivePayload&,
                             const Taken&, dossier::FamilyFacts*, v1::Handover*);
  absl::Status PreviewArchive(const Call&, ReadTx&, const archive::v1::PreviewArchiveRequest&,
                              archive::v1::ArchivePreview*);
  absl::Status ImportHandover(const Call&, WriteTx&, const archive::v1::ImportHandoverRequest&,
                              v1::Handover*);
  // archive_pieces.cc: both sides, for documents that have no room in the archive
  absl::StatusOr<runtime::Flow> ExportDocument(const Call&, ReadTx&,
                                               const archive::v1::ExportDocumentRequest&, Outgoing*,
                                               archive::v1::ExportDocumentResponse*);
  absl::Status TakePiece(const Call&, const archive::v1::ImportDocumentRequest& opening,
                         const archive::v1::ImportDocumentRequest& message, Incoming*);
  absl::Status KeepPiece(const Call&, WriteTx&, const archive::v1::ImportDocumentRequest& opening,
                         Incoming*);
  absl::Status FinishDocument(const Call&, WriteTx&,
                              const archive::v1::ImportDocumentRequest& opening, Incoming*,
                              documents::v1::Document*);
  static absl::Status DropPieces(WriteTx&, const Incoming&);
  // archive_acts.cc: the receiving side, afterwards
  absl::Status LoadImport(const Call&, ReadTx&, absl::string_view name, absl::string_view etag,
                          LoadedHandover*);
  absl::Status StoreImport(const Call&, WriteTx&, LoadedHandover*, v1::Handover*);
  absl::Status AcceptImport(const Call&, WriteTx&, const archive::v1::AcceptImportRequest&,
                            v1::Handover*);
  absl::Status ReturnImport(const Call&, WriteTx&, const archive::v1::ReturnImportRequest&,
                            v1::Handover*);
  absl::Status GetArchiveReceipt(const Call&, ReadTx&, const archive::v1::GetArchiveReceiptRequest&,
                                 archive::v1::ArchiveFile*);

  crypto::Random& random_;
  const int grace_days_;
  const std::shared_ptr<const policy::HandoverKinds> kinds_;
  dossier::DocumentCarrier* const documents_;
  const std::shared_ptr<const Installations> installations_;
};

}  // namespace knooppunt::handover

#endif  // KNOOPPUNT_SERVICES_HANDOVER_ARCHIVE_SERVICE_H_
