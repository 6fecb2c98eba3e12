#include "services/runtime/audit_shipper.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/status.h"
#include "knooppunt/audit/v1/audit.pb.h"
#include "security/audit/leaf.h"

namespace knooppunt::runtime {
namespace {

constexpr char kAppend[] = "/knooppunt.audit.v1.AuditService/Append";
constexpr char kGetStreamPosition[] = "/knooppunt.audit.v1.AuditService/GetStreamPosition";
constexpr absl::Duration kRetryPause = absl::Milliseconds(250);
// A busy unit ships what gathered meanwhile in one batch: one sync of the log for many records.
constexpr absl::Duration kGatherPause = absl::Milliseconds(20);

}  // namespace

AuditShipper::AuditShipper(storage::Database* database, client::Transport* audit,
                           const base::Clock* clock, std::function<void(absl::Time)> on_heartbeat)
    : database_(database), audit_(audit), clock_(clock), on_heartbeat_(std::move(on_heartbeat)) {}

AuditShipper::~AuditShipper() { Stop(absl::ZeroDuration()); }

absl::Status AuditShipper::WriteEvent(int kind) {
  const std::string body =
      audit::FormatStreamBody({static_cast<audit::StreamEventKind>(kind),
                               absl::FromUnixSeconds(absl::ToUnixSeconds(clock_->Now()))});
  return database_
      ->Write([&](storage::WriteTx& tx) {
        return tx.AppendOutbox(storage::OutboxKind::kStream, body, "", "").status();
      })
      .status();
}

absl::Status AuditShipper::Start() {
  {
    base::MutexLock lock(send_mu_);
    audit::v1::GetStreamPositionRequest request;
    request.set_unit(database_->unit());
    request.set_incarnation(database_->incarnation());
    audit::v1::AppendResponse response;
    if (audit_->Call(kGetStreamPosition, request, &response, {.timeout = absl::Seconds(5)}).ok()) {
      if (response.position() > database_->position()) {
        return absl::FailedPreconditionError(absl::StrCat(
            "the audit log knows unit ", database_->unit(), " up to ", response.position(),
            " but this database ends at ", database_->position(),
            ": an older copy was put back. Start once with --new-incarnation=", database_->unit()));
      }
      shipped_ = response.position();
      synced_ = true;
    }
  }
  KP_RETURN_IF_ERROR(WriteEvent(static_cast<int>(audit::StreamEventKind::kOpen)));
  thread_ = std::thread([this] { Run(); });
  return absl::OkStatus();
}

absl::StatusOr<bool> AuditShipper::SendBatch() {
  base::MutexLock lock(send_mu_);
  if (!synced_) {
    audit::v1::GetStreamPositionRequest request;
    request.set_unit(database_->unit());
    request.set_incarnation(database_->incarnation());
    audit::v1::AppendResponse response;
    KP_RETURN_IF_ERROR(
        audit_->Call(kGetStreamPosition, request, &response, {.timeout = absl::Seconds(2)}));
    if (response.position() > database_->position()) {
      return absl::FailedPreconditionError(
          "the audit log knows more of this stream than the database");
    }
    shipped_ = response.position();
    synced_ = true;
  }
  KP_ASSIGN_OR_RETURN(const std::vector<storage::OutboxEntry> entries,
                      database_->ReadOutbox(shipped_, limits::kOutboxBatchEntries));
  if (entries.empty()) return false;
  audit::v1::AppendRequest request;
  request.set_unit(database_->unit());
  request.set_incarnation(database_->incarnation());
  for (const storage::OutboxEntry& e : entries) {
    auto* out = request.add_entries();
    out->set_seq(e.seq);
    out->set_kind(static_cast<int>(e.kind));
    out->set_body(e.body);
    out->set_chain(e.chain);
    if (e.kind == storage::OutboxKind::kAudit) {
      out->set_payload(e.payload);
      out->set_tag(e.tag);
    }
  }
  audit::v1::AppendResponse response;
  const absl::Status sent =
      audit_->Call(kAppend, request, &response, {.timeout = absl::Seconds(10)});
  if (!sent.ok()) {
    synced_ = false;  // ask again where it is: the answer may have been lost
    return sent;
  }
  shipped_ = response.position();
  KP_RETURN_IF_ERROR(database_->SetConsumerPosition("audit", shipped_));
  return true;
}

void AuditShipper::Run() {
  absl::Time next_heartbeat = clock_->Now() + absl::Seconds(limits::kAuditHeartbeatSeconds);
  bool failing = false;
  while (true) {
    {
      base::MutexLock lock(mu_);
      if (stop_) return;
    }
    if (clock_->Now() >= next_heartbeat) {
      next_heartbeat = clock_->Now() + absl::Seconds(limits::kAuditHeartbeatSeconds);
      if (!WriteEvent(static_cast<int>(audit::StreamEventKind::kHeartbeat)).ok()) {
        base::Log(base::Severity::kWarning, "no heartbeat written", {{"unit", database_->unit()}});
      }
      on_heartbeat_(clock_->Now());
    }
    const absl::StatusOr<bool> sent = SendBatch();
    if (!sent.ok()) {
      if (!failing) {
        base::Log(base::Severity::kWarning, "records not shipped to audit; retrying",
                  {{"unit", database_->unit()},
                   {"code", absl::StatusCodeToString(sent.status().code())},
                   {"message", sent.status().message()}});
      }
      failing = true;
      absl::SleepFor(kRetryPause);
      continue;
    }
    failing = false;
    if (!*sent) database_->WaitForOutbox(database_->position(), absl::Milliseconds(200));
    absl::SleepFor(kGatherPause);
  }
}

absl::Status AuditShipper::Flush(absl::Duration timeout) {
  const absl::Time deadline = absl::Now() + timeout;
  while (true) {
    const absl::StatusOr<bool> sent = SendBatch();
    if (sent.ok() && !*sent) return absl::OkStatus();
    if (absl::Now() >= deadline) {
      return sent.ok() ? absl::DeadlineExceededError("more to ship than the time allowed")
                       : sent.status();
    }
    if (!sent.ok()) absl::SleepFor(kRetryPause);
  }
}

void AuditShipper::Stop(absl::Duration timeout) {
  {
    base::MutexLock lock(mu_);
    if (stop_) return;
    stop_ = true;
  }
  if (!thread_.joinable()) return;
  thread_.join();
  if (!WriteEvent(static_cast<int>(audit::StreamEventKind::kClose)).ok() || !Flush(timeout).ok()) {
    base::Log(base::Severity::kWarning, "the stream was not closed in the audit log",
              {{"unit", database_->unit()}});
  }
}

}  // namespace knooppunt::runtime
