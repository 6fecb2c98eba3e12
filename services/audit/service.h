// The audit unit's methods. Each handler is a line of service.cc; its body stands in the
// file of its resource: log.cc (streams), checkpoint.cc (checkpoints, leaves, proofs),
// record.cc (a family's records), question.cc. Thread-safe: immutable after construction.
#ifndef KNOOPPUNT_SERVICES_AUDIT_SERVICE_H_
#define KNOOPPUNT_SERVICES_AUDIT_SERVICE_H_

#include <utility>

#include "absl/status/status.h"
#include "knooppunt/audit/v1/audit.pb.h"
#include "security/crypto/random.h"
#include "security/policy/authorized_call.h"
#include "security/storage/database.h"
#include "services/audit/checkpointer.h"
#include "services/audit/sentence.h"
#include "services/runtime/registry.h"

namespace knooppunt::audit_service {

using audit::v1::AppendRequest;
using audit::v1::AppendResponse;
using policy::AuthorizedCall;
using runtime::InternalCall;
using storage::ReadTx;
using storage::WriteTx;

class AuditService {
 public:
  struct Options {
    storage::Database* database = nullptr;  // not owned
    Checkpointer* checkpointer = nullptr;   // not owned
    crypto::Random* random = nullptr;       // not owned
    OrganisationName organisation_name;     // may be empty: ids stand for names
  };
  explicit AuditService(Options options) : options_(std::move(options)) {}

  // Adds every method of AuditService. `this` must outlive the registry.
  void Register(runtime::Registry& registry) const;

  absl::Status Append(const InternalCall& call, const AppendRequest& request,
                      AppendResponse* response) const;
  absl::Status GetStreamPosition(const InternalCall& call,
                                 const audit::v1::GetStreamPositionRequest& request,
                                 AppendResponse* response) const;
  absl::Status ListRecords(const AuthorizedCall& call, ReadTx& tx,
                           const audit::v1::ListRecordsRequest& request,
                           audit::v1::ListRecordsResponse* response) const;
  absl::Status ExplainRecord(const AuthorizedCall& call, ReadTx& tx,
                             const audit::v1::ExplainRecordRequest& request,
                             audit::v1::ExplainedRecord* response) const;
  absl::Status GetCheckpoint(const AuthorizedCall& call, ReadTx& tx,
                             const audit::v1::GetCheckpointRequest& request,
                             audit::v1::Checkpoint* response) const;
  absl::Status ReadLog(const AuthorizedCall& call, ReadTx& tx,
                       const audit::v1::ReadLogRequest& request,
                       audit::v1::ReadLogResponse* response) const;
  absl::Status ProveInclusion(const AuthorizedCall& call, ReadTx& tx,
                              const audit::v1::ProveInclusionRequest& request,
                              audit::v1::Proof* response) const;
  absl::Status ProveConsistency(const AuthorizedCall& call, ReadTx& tx,
                                const audit::v1::ProveConsistencyRequest& request,
                                audit::v1::Proof* response) const;
  absl::Status AskWhy(const AuthorizedCall& call, WriteTx& tx,
                      const audit::v1::AskWhyRequest& request, audit::v1::Question* response) const;
  absl::Status ListQuestions(const AuthorizedCall& call, ReadTx& tx,
                             const audit::v1::ListQuestionsRequest& request,
                             audit::v1::ListQuestionsResponse* response) const;
  absl::Status ListOpenQuestions(const AuthorizedCall& call, ReadTx& tx,
                                 const audit::v1::ListOpenQuestionsRequest& request,
                                 audit::v1::ListOpenQuestionsResponse* response) const;
  absl::Status AnswerQuestion(const AuthorizedCall& call, WriteTx& tx,
                              const audit::v1::AnswerQuestionRequest& request,
                              audit::v1::Question* response) const;

 private:
  const Options options_;
};

}  // namespace knooppunt::audit_service

#endif  // KNOOPPUNT_SERVICES_AUDIT_SERVICE_H_
