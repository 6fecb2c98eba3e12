#include "services/runtime/facts_relay.h"

#include <algorithm>
#include <future>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/status.h"
#include "knooppunt/access/v1/access.pb.h"

namespace knooppunt::runtime {
namespace {

constexpr char kApplyFacts[] = "/knooppunt.access.v1.AccessService/ApplyFacts";
constexpr char kGetPosition[] = "/knooppunt.access.v1.AccessService/GetPosition";
constexpr absl::Duration kRetryPause = absl::Milliseconds(200);

absl::Status NotYetInForce() {
  return base::MakeError(absl::StatusCode::kUnavailable, "RECORDED_NOT_YET_IN_FORCE", "",
                         "your change is recorded but not yet in force: repeat it with the same "
                         "request_id until it answers OK");
}

}  // namespace

FactsRelay::FactsRelay(storage::Database* database, client::Transport* access)
    : database_(database), access_(access) {}

FactsRelay::~FactsRelay() { Stop(); }

absl::Status FactsRelay::Start(absl::Duration timeout) {
  access::v1::GetPositionRequest request;
  request.set_unit(database_->unit());
  request.set_incarnation(database_->incarnation());
  access::v1::ApplyFactsResponse response;
  KP_RETURN_IF_ERROR(access_->Call(kGetPosition, request, &response,
                                   {.timeout = timeout, .wait_for_server = true}));
  if (response.position() > database_->position()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "access knows facts of unit ", database_->unit(), " up to ", response.position(),
        " but this database ends at ", database_->position(),
        ": an older copy was put back. Start once with --new-incarnation=", database_->unit(),
        " to go on from it; newer withdrawals stay in force"));
  }
  {
    base::MutexLock lock(mu_);
    applied_ = response.position();
  }
  while (true) {
    KP_ASSIGN_OR_RETURN(const bool more, SendBatch());
    if (!more) break;
  }
  thread_ = std::thread([this] { Run(); });
  return absl::OkStatus();
}

absl::StatusOr<bool> FactsRelay::SendBatch() {
  const int64_t after = applied();
  KP_ASSIGN_OR_RETURN(const std::vector<storage::OutboxEntry> entries,
                      database_->ReadOutbox(after, limits::kOutboxBatchEntries));
  if (entries.empty()) return false;
  access::v1::ApplyFactsRequest request;
  request.set_unit(database_->unit());
  request.set_incarnation(database_->incarnation());
  request.set_position(entries.back().seq);
  for (const storage::OutboxEntry& e : entries) {
    if (e.kind != storage::OutboxKind::kFacts) continue;
    auto* out = request.add_entries();
    out->set_seq(e.seq);
    out->set_family(e.tag);
    out->set_payload(e.payload);
  }
  // Entries without facts need no trip: the position moves with the next one that has.
  if (request.entries_size() > 0) {
    access::v1::ApplyFactsResponse response;
    KP_RETURN_IF_ERROR(
        access_->Call(kApplyFacts, request, &response, {.timeout = absl::Seconds(10)}));
    if (response.position() < request.position()) {
      return absl::InternalError("access acknowledged less than it was sent");
    }
  }
  {
    base::MutexLock lock(mu_);
    applied_ = std::max(applied_, request.position());
  }
  Release(/*expired_only=*/false);
  return true;
}

void FactsRelay::Run() {
  bool failing = false;
  while (true) {
    {
      base::MutexLock lock(mu_);
      if (stop_) break;
    }
    const absl::StatusOr<bool> sent = SendBatch();
    if (!sent.ok()) {
      if (!failing) {
        base::Log(base::Severity::kWarning, "facts not delivered to access; retrying",
                  {{"unit", database_->unit()},
                   {"code", absl::StatusCodeToString(sent.status().code())}});
      }
      failing = true;
      Release(/*expired_only=*/true);
      absl::SleepFor(kRetryPause);
      continue;
    }
    failing = false;
    if (*sent) continue;
    base::MutexLock lock(mu_);
    // Whoever emits facts waits for them: nothing to do until somebody does.
    while (!stop_ && waiters_.empty()) wake_.Wait(mu_);
  }
}

void FactsRelay::Release(bool expired_only) {
  std::vector<std::pair<std::function<void(absl::Status)>, bool>> ready;
  const absl::Time now = absl::Now();
  {
    base::MutexLock lock(mu_);
    for (auto it = waiters_.begin(); it != waiters_.end();) {
      const bool applied = it->first <= applied_;
      if ((applied && !expired_only) || it->second.deadline <= now || stop_) {
        ready.emplace_back(std::move(it->second.done), applied);
        it = waiters_.erase(it);
      } else {
        ++it;
      }
    }
  }
  for (auto& [done, applied] : ready) done(applied ? absl::OkStatus() : NotYetInForce());
}

void FactsRelay::AfterApplied(int64_t position, absl::Duration timeout,
                              std::function<void(absl::Status)> done) {
  {
    base::MutexLock lock(mu_);
    if (applied_ < position && !stop_) {
      waiters_.emplace(position, Waiter{absl::Now() + timeout, std::move(done)});
      wake_.NotifyOne();
      return;
    }
  }
  done(applied() >= position ? absl::OkStatus() : NotYetInForce());
}

absl::Status FactsRelay::WaitApplied(int64_t position, absl::Duration timeout) {
  auto promise = std::make_shared<std::promise<absl::Status>>();
  auto future = promise->get_future();
  AfterApplied(position, timeout, [promise](absl::Status s) { promise->set_value(std::move(s)); });
  return future.get();
}

int64_t FactsRelay::applied() const {
  base::MutexLock lock(mu_);
  return applied_;
}

void FactsRelay::Stop() {
  {
    base::MutexLock lock(mu_);
    stop_ = true;
    wake_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
  Release(/*expired_only=*/false);
}

}  // namespace knooppunt::runtime
