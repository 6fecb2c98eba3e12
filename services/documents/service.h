// DocumentService: the attachments of a case. One method an RPC; rules are in rules.h. Thread-safe:
// holds no state but libmagic's.
#ifndef KNOOPPUNT_SERVICES_DOCUMENTS_SERVICE_H_
#define KNOOPPUNT_SERVICES_DOCUMENTS_SERVICE_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "knooppunt/documents/v1/documents.pb.h"
#include "security/crypto/random.h"
#include "security/crypto/running_hash.h"
#include "security/policy/authorized_call.h"
#include "security/storage/database.h"
#include "services/documents/content.h"
#include "services/documents/media_type.h"
#include "services/dossier/carried_document.h"
#include "services/runtime/registry.h"

namespace knooppunt::documents {

// What an upload keeps between its messages. No key, and of the content no more than the message
// under way.
struct Upload {
  Content content;
  int64_t received_bytes = 0;
  std::vector<SealedRow> taken;  // of the message under way
  crypto::RunningSha256 hash;
  TextCheck text;
};

// What a download keeps: which version it began with, and how far it is.
struct Download {
  int version = 0;  // from 1; 0: nothing was sent yet
  int64_t next_offset_bytes = 0;
};

class DocumentService final : public dossier::DocumentCarrier {
 public:
  // `random` is not owned and outlives the service.
  explicit DocumentService(crypto::Random& random) : random_(random) {}
  DocumentService(const DocumentService&) = delete;
  DocumentService& operator=(const DocumentService&) = delete;

  // Adds the handlers and hooks; `registry` may use them as long as the service lives.
  void Register(runtime::Registry& registry);
  // Removes what uploads left that were under way when the process ended. Before the first call.
  static absl::Status Sweep(storage::Database& database);
  // carry.cc
  absl::StatusOr<std::optional<std::string>> ReadToCarry(const policy::AuthorizedCall& call,
                                                         storage::ReadTx& tx,
                                                         absl::string_view version,
                                                         int64_t max_bytes) const override;
  absl::StatusOr<dossier::Item> KeepCarried(const policy::AuthorizedCall& call,
                                            storage::WriteTx& tx,
                                            const dossier::CarriedDocument& carried) override;
  absl::StatusOr<dossier::CarriedPart> ReadPartToCarry(const policy::AuthorizedCall& call,
                                                       storage::ReadTx& tx,
                                                       absl::string_view version,
                                                       int64_t offset_bytes) const override;
  absl::StatusOr<std::unique_ptr<dossier::CarriedIntake>> BeginIntake(
      const policy::AuthorizedCall& call, storage::WriteTx& tx, absl::string_view name) override;

 private:
  using Call = policy::AuthorizedCall;
  using ReadTx = storage::ReadTx;
  using WriteTx = storage::WriteTx;
  class Intake;  // carry.cc

  absl::Status KeepContent(const Call&, WriteTx&, const dossier::CarriedDocument&, const Content&);
  // upload.cc
  // Removes what uploads left that could not be removed when they ended.
  static absl::Status SweepStale(const Call&, WriteTx&);
  // INVALID_ARGUMENT unless all of it came, and it has the hash that was stated.
  static absl::Status CheckWhole(const v1::UploadDocumentRequest& opening, const Upload&);
  absl::Status TakeUpload(const Call&, const v1::UploadDocumentRequest& opening,
                          const v1::UploadDocumentRequest& message, Upload*);
  absl::Status KeepUpload(const Call&, WriteTx&, const v1::UploadDocumentRequest& opening, Upload*);
  absl::Status FinishUpload(const Call&, WriteTx&, const v1::UploadDocumentRequest& opening,
                            Upload*, v1::Document*);
  absl::Status TakeChunk(const Call&, const v1::UploadDocumentRequest& opening,
                         const std::string& chunk, Upload*);
  absl::Status AddDocument(const Call&, WriteTx&, const v1::UploadDocumentRequest& opening,
                           const Upload&, v1::Document*);
  absl::Status AddVersion(const Call&, WriteTx&, const v1::UploadDocumentRequest& opening,
                          const Upload&, v1::Document*);
  // documents.cc
  absl::StatusOr<runtime::Flow> DownloadDocument(const Call&, ReadTx&,
                                                 const v1::DownloadDocumentRequest&, Download*,
                                                 v1::DownloadDocumentResponse*);
  absl::Status GetDocument(const Call&, ReadTx&, const v1::GetDocumentRequest&, v1::Document*);
  absl::Status ListDocuments(const Call&, ReadTx&, const v1::ListDocumentsRequest&,
                             v1::ListDocumentsResponse*);
  absl::Status WithdrawDocument(const Call&, WriteTx&, const v1::WithdrawDocumentRequest&,
                                v1::Document*);

  crypto::Random& random_;
  MediaTypes media_types_;
};

}  // namespace knooppunt::documents

#endif  // KNOOPPUNT_SERVICES_DOCUMENTS_SERVICE_H_
