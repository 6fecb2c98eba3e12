#include "services/runtime/stream.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/status.h"
#include "services/runtime/errors.h"

namespace knooppunt::runtime {

using Kind = StreamPart::Kind;

// ---- What a message of a stream does on its way through the host ------------

absl::Status Host::Call::Look(storage::ReadTx& tx) {
  if (part == nullptr) return entry->read(*admitted, tx, *request, response.get());
  KP_ASSIGN_OR_RETURN(part->flow,
                      entry->send(*admitted, tx, *request, part->state, response.get()));
  return absl::OkStatus();
}

absl::Status Host::Call::LookAtAll(storage::ReadTx& tx) {
  if (part == nullptr) return entry->list(*admitted, families, tx, *request, response.get());
  KP_ASSIGN_OR_RETURN(
      part->flow, entry->send_list(*admitted, families, tx, *request, part->state, response.get()));
  return absl::OkStatus();
}

absl::Status Host::Call::Work(storage::WriteTx& tx) {
  if (part == nullptr) return entry->write(*admitted, tx, *request, response.get());
  if (part->kind == Kind::kFinish) {
    return entry->finish(*admitted, tx, *request, part->state, response.get());
  }
  return entry->keep(*admitted, tx, *request, part->state);
}

absl::Status Host::Take(Call& call) {
  if (call.part == nullptr || call.part->message == nullptr) return absl::OkStatus();
  return call.entry->take(*call.admitted, *call.request, *call.part->message, call.part->state);
}

absl::StatusOr<std::unique_ptr<Stream>> Host::OpenStream(const Registry::Entry& entry,
                                                         const CallMeta& meta) {
  KP_ASSIGN_OR_RETURN(const access::v1::TokenClaims claims,
                      options_.tokens->Verify(meta.token, options_.clock->Now()));
  {
    base::MutexLock lock(mu_);
    const auto of_caller = streams_of_.find(claims.subject());
    if (streams_ >= limits::kMaxStreams ||
        (of_caller != streams_of_.end() && of_caller->second >= limits::kMaxStreamsPerCaller)) {
      return errors::TooManyStreams();
    }
    ++streams_;
    ++streams_of_[claims.subject()];
  }
  return std::make_unique<Stream>(this, entry, meta, claims.subject());
}

void Host::CloseStream(const std::string& subject) {
  base::MutexLock lock(mu_);
  --streams_;
  const auto of_caller = streams_of_.find(subject);
  if (--of_caller->second == 0) streams_of_.erase(of_caller);
}

// ---- The stream --------------------------------------------------------------

Stream::Stream(Host* host, const Registry::Entry& entry, CallMeta meta, std::string subject)
    : host_(host),
      entry_(entry),
      meta_(std::move(meta)),
      subject_(std::move(subject)),
      state_(entry.new_state()) {}

Stream::~Stream() {
  host_->CloseStream(subject_);
  if (!kept_ || finished_) return;
  // No decision: this takes away what nobody could see. What cannot be taken away now, because the
  // unit is stopping, goes when it opens again.
  host_->unit().database().Submit(
      {.urgent = true},
      [drop = entry_.drop, state = state_](storage::WriteTx& tx) { return drop(tx, state.get()); },
      [](absl::Status status, int64_t) {
        if (status.ok()) return;
        base::Log(base::Severity::kWarning, "what a stream left is still there",
                  {{"code", absl::StatusCodeToString(status.code())}});
      });
}

void Stream::Run(Kind kind, std::shared_ptr<const Message> request,
                 std::shared_ptr<Message> response, Host::Done done) {
  const absl::Time now = absl::Now();
  if (now >= meta_.deadline) return done(errors::StreamTooLong());
  part_.kind = kind;
  part_.state = state_.get();
  part_.flow = Flow::kMore;
  part_.committed = part_.replayed = false;
  auto call = std::make_shared<Host::Call>();
  call->entry = &entry_;
  call->meta = meta_;
  call->meta.deadline = std::min(meta_.deadline, now + absl::Seconds(limits::kMaxDeadlineSeconds));
  call->request = std::move(request);
  call->response = std::move(response);
  call->part = &part_;
  call->done = std::move(done);
  host_->ServePerson(std::move(call));
}

void Stream::Next(std::shared_ptr<const Message> request, std::shared_ptr<Message> response,
                  Sent done) {
  Run(Kind::kNext, std::move(request), std::move(response),
      [this, done = std::move(done)](absl::Status status) {
        const Flow flow = part_.flow;
        done(std::move(status), flow);
      });
}

void Stream::Take(std::shared_ptr<const Message> message, std::shared_ptr<Message> response,
                  Taken done) {
  const bool opens = opening_ == nullptr;
  if (opens) opening_ = message;
  part_.message = std::move(message);
  Run(opens ? Kind::kOpen : Kind::kTake, opening_, std::move(response),
      [this, done = std::move(done)](absl::Status status) {
        part_.message = nullptr;
        kept_ = kept_ || part_.committed;
        const bool answered = part_.replayed;
        done(std::move(status), answered);
      });
}

void Stream::Finish(std::shared_ptr<Message> response, Host::Done done) {
  if (opening_ == nullptr) return done(errors::EmptyStream());
  part_.message = nullptr;
  Run(Kind::kFinish, opening_, std::move(response),
      [this, done = std::move(done)](absl::Status status) {
        finished_ = part_.committed;
        done(std::move(status));
      });
}

}  // namespace knooppunt::runtime
