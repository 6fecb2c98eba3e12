// Streams: taking units' entries in, and how far each stream is in the log.
#include <utility>
#include <vector>

#include "base/status.h"
#include "security/audit/leaf.h"
#include "services/audit/errors.h"
#include "services/audit/rules.h"
#include "services/audit/service.h"
#include "services/audit/store.h"

namespace knooppunt::audit_service {
namespace {

absl::StatusOr<std::string> LeafOf(const audit::StreamName& name,
                                   const storage::OutboxEntry& entry) {
  absl::StatusOr<std::string> leaf = audit::BuildLeaf(name, entry);
  if (!leaf.ok()) return errors::InvalidField("entries.body", "is not of its kind");
  return leaf;
}

// An entry that the log has already: the same, or the stream was forked.
absl::Status CheckKnown(ReadTx& tx, const Stream& stream, const audit::StreamName& name,
                        const storage::OutboxEntry& entry) {
  KP_ASSIGN_OR_RETURN(const std::string leaf, LeafOf(name, entry));
  KP_ASSIGN_OR_RETURN(const std::string known, FindLeaf(tx, stream, entry.seq));
  return leaf == known ? absl::OkStatus() : errors::Forked();
}

// Appends what is new; returns the stream's position after it.
absl::StatusOr<int64_t> AppendEntries(WriteTx& tx, const AppendRequest& request) {
  const audit::StreamName name = {.unit = request.unit(), .incarnation = request.incarnation()};
  KP_ASSIGN_OR_RETURN(const Stream stream, FindStream(tx, name));
  int64_t position = stream.position;
  std::string chain = stream.chain;
  std::vector<NewLeaf> leaves;
  for (const AppendEntry& sent : request.entries()) {
    storage::OutboxEntry entry = ToOutboxEntry(sent);
    if (entry.seq <= stream.position) {
      KP_RETURN_IF_ERROR(CheckKnown(tx, stream, name, entry));
      continue;
    }
    KP_RETURN_IF_ERROR(CheckFollows(entry, position, chain));
    KP_ASSIGN_OR_RETURN(std::string leaf, LeafOf(name, entry));
    position = entry.seq;
    chain = entry.chain;
    leaves.push_back({.seq = entry.seq,
                      .chain = std::move(entry.chain),
                      .leaf = std::move(leaf),
                      .payload = std::move(entry.payload),
                      .tag = std::move(entry.tag)});
  }
  KP_RETURN_IF_ERROR(AppendLeaves(tx, name, stream, leaves));
  return position;
}

}  // namespace

absl::Status AuditService::Append(const InternalCall& call, const AppendRequest& request,
                                  AppendResponse* response) const {
  if (call.service != request.unit()) return errors::NotYourStream();
  KP_RETURN_IF_ERROR(CheckAppend(request));
  if (options_.checkpointer->log_replaced()) return errors::WitnessKnowsNewerLog();
  int64_t position = 0;
  // Write returns after the sync: what is acknowledged survives a power cut.
  KP_RETURN_IF_ERROR(options_.database
                         ->Write([&](WriteTx& tx) -> absl::Status {
                           KP_ASSIGN_OR_RETURN(position, AppendEntries(tx, request));
                           return absl::OkStatus();
                         })
                         .status());
  options_.checkpointer->Notify();
  response->set_position(position);
  return absl::OkStatus();
}

absl::Status AuditService::GetStreamPosition(const InternalCall& call,
                                             const audit::v1::GetStreamPositionRequest& request,
                                             AppendResponse* response) const {
  if (call.service != request.unit()) return errors::NotYourStream();
  return options_.database->Read([&](ReadTx& tx) -> absl::Status {
    KP_ASSIGN_OR_RETURN(
        const Stream stream,
        FindStream(tx, {.unit = request.unit(), .incarnation = request.incarnation()}));
    response->set_position(stream.position);
    return absl::OkStatus();
  });
}

}  // namespace knooppunt::audit_service
