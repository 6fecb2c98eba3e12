// The log as an auditor's tools see it: checkpoints, leaves, proofs. Nothing here is about
// anybody: leaves hold hashes.
#include <algorithm>

#include "base/status.h"
#include "security/audit/merkle.h"
#include "services/audit/errors.h"
#include "services/audit/limits.h"
#include "services/audit/service.h"
#include "services/audit/store.h"

namespace knooppunt::audit_service {
namespace {

absl::Status CheckWithinLog(ReadTx& tx, int64_t size) {
  KP_ASSIGN_OR_RETURN(const int64_t log_size, LogSize(tx));
  return size > log_size ? errors::BeyondTheLog() : absl::OkStatus();
}

void Fill(const std::vector<std::string>& hashes, audit::v1::Proof* proof) {
  for (const std::string& hash : hashes) proof->add_hashes(hash);
}

}  // namespace

absl::Status AuditService::GetCheckpoint(const AuthorizedCall&, ReadTx& tx,
                                         const audit::v1::GetCheckpointRequest&,
                                         audit::v1::Checkpoint* response) const {
  KP_ASSIGN_OR_RETURN(const auto found, FindCheckpoint(tx));
  if (!found.has_value()) return errors::NoCheckpoint();
  response->set_note(found->note);
  response->set_size(found->size);
  return absl::OkStatus();
}

absl::Status AuditService::ReadLog(const AuthorizedCall&, ReadTx& tx,
                                   const audit::v1::ReadLogRequest& request,
                                   audit::v1::ReadLogResponse* response) const {
  if (request.start() < 0) return errors::InvalidField("start", "is 0 or more");
  if (request.limit() < 0) return errors::InvalidField("limit", "is 0 or more");
  const int limit =
      request.limit() == 0 ? kMaxLeavesPerRead : std::min<int>(request.limit(), kMaxLeavesPerRead);
  KP_ASSIGN_OR_RETURN(std::vector<std::string> leaves, ReadLeaves(tx, request.start(), limit));
  size_t bytes = 0;
  for (std::string& leaf : leaves) {
    bytes += leaf.size();
    if (bytes > kMaxReadLogBytes && !response->leaves().empty()) break;
    response->add_leaves(std::move(leaf));
  }
  return absl::OkStatus();
}

absl::Status AuditService::ProveInclusion(const AuthorizedCall&, ReadTx& tx,
                                          const audit::v1::ProveInclusionRequest& request,
                                          audit::v1::Proof* response) const {
  if (request.index() < 0 || request.index() >= request.size()) {
    return errors::InvalidField("index", "is 0 or more and less than size");
  }
  KP_RETURN_IF_ERROR(CheckWithinLog(tx, request.size()));
  KP_ASSIGN_OR_RETURN(
      const auto proof,
      audit::InclusionProof(TxHashReader(tx), {.index = request.index(), .size = request.size()}));
  Fill(proof, response);
  return absl::OkStatus();
}

absl::Status AuditService::ProveConsistency(const AuthorizedCall&, ReadTx& tx,
                                            const audit::v1::ProveConsistencyRequest& request,
                                            audit::v1::Proof* response) const {
  if (request.old_size() < 0 || request.old_size() > request.new_size()) {
    return errors::InvalidField("old_size", "is 0 or more and at most new_size");
  }
  KP_RETURN_IF_ERROR(CheckWithinLog(tx, request.new_size()));
  KP_ASSIGN_OR_RETURN(const auto proof,
                      audit::ConsistencyProof(TxHashReader(tx), {.old_size = request.old_size(),
                                                                 .new_size = request.new_size()}));
  Fill(proof, response);
  return absl::OkStatus();
}

}  // namespace knooppunt::audit_service
