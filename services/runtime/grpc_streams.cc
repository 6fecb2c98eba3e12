#include "services/runtime/grpc_streams.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "base/limits.h"
#include "services/runtime/errors.h"
#include "services/runtime/stream.h"

namespace knooppunt::runtime {

using google::protobuf::Message;
using wire::ToGrpc;

namespace {

constexpr absl::Duration kTick = absl::Milliseconds(200);

grpc::Status Cancelled() { return {grpc::StatusCode::CANCELLED, "the stream was cut off"}; }

}  // namespace

// One stream. Lives until OnDone, which comes after Finish and never before: whoever holds a pin
// keeps Finish, and so the object, waiting.
class StreamReactor : public grpc::ServerGenericBidiReactor {
 public:
  StreamReactor(GrpcStreams* streams, grpc::GenericCallbackServerContext* context)
      : streams_(streams), server_(streams->server_), context_(context) {}

  void OnCancel() override {
    base::MutexLock lock(mu_);
    cancelled_ = true;
  }
  void OnDone() override {
    streams_->Remove(this);
    stream_.reset();  // before the server may go: it gives its place back
    server_->Leave();
    delete this;
  }

  // Whether it needs looking after; then it is pinned, and Tend must follow.
  bool Pin(absl::Time now, absl::Duration idle, bool stopping);
  // Wakes it, or ends it, and lets go of the pin.
  void Tend();

 protected:
  void Begin() {
    streams_->Add(this);
    if (!server_->Enter()) return End(ToGrpc(errors::Stopping()));
    ReadNext();
  }
  void ReadNext() {
    AwaitClient(/*sends=*/true);
    StartRead(&incoming_);
  }
  void WriteNext(const Message& message) {
    outgoing_ = wire::Serialize(message);
    AwaitClient(/*sends=*/false);
    StartWrite(&outgoing_);
  }
  // The client has done its part, or has gone. False: the stream has ended meanwhile.
  bool Proceed();
  // The next step, on the executor.
  void Continue() {
    if (!server_->executor().Submit([this] { Step(); })) End(ToGrpc(errors::TooBusy()));
  }
  // Nothing to say: Continue in a while.
  void Rest();
  void End(const grpc::Status& status);
  void End(absl::Status status) { End(ToGrpc(errors::ForTheWire(std::move(status)))); }

  // On an executor thread, nothing else going on: takes what came or makes what goes.
  virtual void Step() = 0;

  // Ends it, once a record of what was wrong is there (R22).
  void Reject(absl::Status why) {
    target_.host->Reject(*target_.entry, meta_, std::move(why),
                         [this](absl::Status status) { End(std::move(status)); });
  }

  // Who calls, before the first message is parsed. False: it has ended.
  bool Admit();
  // What came, as a message; null: it has ended.
  std::shared_ptr<Message> ReadMessage(size_t most);
  bool cancelled() {
    base::MutexLock lock(mu_);
    return cancelled_ || context_->IsCancelled();
  }

  GrpcStreams* const streams_;
  wire::Reception* const server_;
  grpc::GenericCallbackServerContext* const context_;
  grpc::ByteBuffer incoming_;
  grpc::ByteBuffer outgoing_;
  Switchboard::Target target_;
  CallMeta meta_;
  std::unique_ptr<Stream> stream_;

 private:
  enum class Waits { kForUs, kForClientToSend, kForClientToRead, kForTime };

  void AwaitClient(bool sends) {
    base::MutexLock lock(mu_);
    waits_ = sends ? Waits::kForClientToSend : Waits::kForClientToRead;
    since_ = absl::Now();
  }

  base::Mutex mu_;
  Waits waits_ ABSL_GUARDED_BY(mu_) = Waits::kForUs;
  absl::Time since_ ABSL_GUARDED_BY(mu_);
  bool cancelled_ ABSL_GUARDED_BY(mu_) = false;
  bool pinned_ ABSL_GUARDED_BY(mu_) = false;
  bool finished_ ABSL_GUARDED_BY(mu_) = false;
  std::optional<grpc::Status> ended_ ABSL_GUARDED_BY(mu_);  // waits for the pin
};

bool StreamReactor::Proceed() {
  base::MutexLock lock(mu_);
  waits_ = Waits::kForUs;
  return !finished_ && !ended_.has_value();
}

void StreamReactor::Rest() {
  base::MutexLock lock(mu_);
  waits_ = Waits::kForTime;
  since_ = absl::Now();
}

void StreamReactor::End(const grpc::Status& status) {
  {
    base::MutexLock lock(mu_);
    if (finished_ || ended_.has_value()) return;
    if (pinned_) {
      ended_ = status;
      return;
    }
    finished_ = true;
  }
  Finish(status);
}

bool StreamReactor::Pin(absl::Time now, absl::Duration idle, bool stopping) {
  base::MutexLock lock(mu_);
  if (finished_ || pinned_ || ended_.has_value() || waits_ == Waits::kForUs) return false;
  const absl::Duration patience =
      waits_ == Waits::kForTime ? absl::Milliseconds(limits::kStreamPollMs) : idle;
  const bool wake = waits_ == Waits::kForTime && (stopping || cancelled_);
  pinned_ = wake || now - since_ >= patience;
  return pinned_;
}

void StreamReactor::Tend() {
  bool wake = false, cut_off = false;
  {
    base::MutexLock lock(mu_);
    // What it waited for may have come since the pin; then there is nothing to do.
    wake = waits_ == Waits::kForTime;
    if (wake) waits_ = Waits::kForUs;
    if (waits_ == Waits::kForClientToSend) ended_ = ToGrpc(errors::StreamIdle());
    cut_off = waits_ == Waits::kForClientToRead;
  }
  if (wake) Continue();
  // What waits to be read stands in the way of a status.
  if (cut_off) context_->TryCancel();
  std::optional<grpc::Status> status;
  {
    base::MutexLock lock(mu_);
    pinned_ = false;
    status.swap(ended_);
    finished_ = finished_ || status.has_value();
  }
  if (status.has_value()) Finish(*status);
}

bool StreamReactor::Admit() {
  absl::StatusOr<wire::Admitted> call =
      wire::Admit(*context_, server_->switchboard(), absl::Seconds(limits::kMaxStreamSeconds));
  if (!call.ok()) {
    End(call.status());
    return false;
  }
  target_ = call->target;
  meta_ = call->meta;
  if (!call->flaw.ok()) {
    Reject(call->flaw);
    return false;
  }
  absl::StatusOr<std::unique_ptr<Stream>> stream =
      target_.host->OpenStream(*target_.entry, call->meta);
  if (!stream.ok()) {
    End(stream.status());
    return false;
  }
  stream_ = *std::move(stream);
  return true;
}

std::shared_ptr<Message> StreamReactor::ReadMessage(size_t most) {
  if (incoming_.Length() > most) {
    Reject(errors::TooLarge());
    return nullptr;
  }
  std::shared_ptr<Message> message(target_.entry->request_prototype->New());
  if (!wire::Parse(&incoming_, message.get())) {
    Reject(errors::Unparseable());
    return nullptr;
  }
  return message;
}

namespace {

// One request, a stream of answers.
class Sending final : public StreamReactor {
 public:
  Sending(GrpcStreams* streams, grpc::GenericCallbackServerContext* context)
      : StreamReactor(streams, context) {
    Begin();
  }

  void OnReadDone(bool ok) override {
    if (!Proceed()) return;
    if (!ok) return End(errors::Unparseable());
    Continue();
  }
  void OnWriteDone(bool ok) override {
    if (!Proceed()) return;
    if (!ok) return End(Cancelled());
    if (last_) return End(grpc::Status::OK);
    Continue();
  }

 private:
  void Step() override {
    if (cancelled()) return End(Cancelled());
    if (server_->stopping()) return End(errors::Stopping());
    if (stream_ == nullptr) {
      if (!Admit()) return;
      request_ = ReadMessage(limits::kMaxRequestBytes);
      if (request_ == nullptr) return;
    }
    std::shared_ptr<Message> response(target_.entry->response_prototype->New());
    stream_->Next(request_, response, [this, response](absl::Status status, Flow flow) {
      if (!status.ok()) return End(std::move(status));
      if (flow == Flow::kEnd) return End(grpc::Status::OK);
      if (flow == Flow::kNothing) return Rest();
      last_ = flow == Flow::kLast;
      WriteNext(*response);
    });
  }

  std::shared_ptr<const Message> request_;
  bool last_ = false;
};

// A stream of requests, one answer.
class Receiving final : public StreamReactor {
 public:
  Receiving(GrpcStreams* streams, grpc::GenericCallbackServerContext* context)
      : StreamReactor(streams, context) {
    Begin();
  }

  void OnReadDone(bool ok) override {
    if (!Proceed()) return;
    // The client sends no more, or has gone. gRPC does not always say which: a method must be able
    // to tell a whole stream from one that was cut off.
    over_ = !ok;
    Continue();
  }
  void OnWriteDone(bool ok) override {
    if (!Proceed()) return;
    End(ok ? grpc::Status::OK : Cancelled());
  }

 private:
  void Step() override {
    if (cancelled()) return End(Cancelled());
    if (server_->stopping()) return End(errors::Stopping());
    if (stream_ == nullptr && !Admit()) return;
    std::shared_ptr<Message> response(target_.entry->response_prototype->New());
    if (over_) {
      return stream_->Finish(response, [this, response](absl::Status status) {
        if (!status.ok()) return End(std::move(status));
        WriteNext(*response);
      });
    }
    const std::shared_ptr<Message> message = ReadMessage(limits::kMaxStreamMessageBytes);
    if (message == nullptr) return;
    stream_->Take(message, response, [this, response](absl::Status status, bool answered) {
      if (!status.ok()) return End(std::move(status));
      if (answered) return WriteNext(*response);
      ReadNext();
    });
  }

  bool over_ = false;
};

}  // namespace

GrpcStreams::GrpcStreams(wire::Reception* server, absl::Duration idle)
    : server_(server), idle_(idle), thread_([this] { LookAfter(); }) {}

GrpcStreams::~GrpcStreams() {
  {
    base::MutexLock lock(mu_);
    stop_ = true;
  }
  changed_.NotifyAll();
  thread_.join();
}

grpc::ServerGenericBidiReactor* GrpcStreams::NewCall(const Registry::Entry& entry,
                                                     grpc::GenericCallbackServerContext* context) {
  if (entry.finish) return new Receiving(this, context);
  return new Sending(this, context);
}

void GrpcStreams::Add(StreamReactor* stream) {
  {
    base::MutexLock lock(mu_);
    streams_.insert(stream);
  }
  changed_.NotifyAll();
}

void GrpcStreams::Remove(StreamReactor* stream) {
  base::MutexLock lock(mu_);
  streams_.erase(stream);
}

void GrpcStreams::LookAfter() {
  for (;;) {
    std::vector<StreamReactor*> pinned;
    {
      base::MutexLock lock(mu_);
      while (streams_.empty() && !stop_) changed_.Wait(mu_);
      if (stop_) return;
      changed_.WaitFor(mu_, std::min(kTick, idle_));
      if (stop_) return;
      const bool stopping = server_->stopping();
      for (StreamReactor* stream : streams_) {
        if (stream->Pin(absl::Now(), idle_, stopping)) pinned.push_back(stream);
      }
    }
    // Without the lock: what is ended here may be gone before this returns.
    for (StreamReactor* stream : pinned) stream->Tend();
  }
}

}  // namespace knooppunt::runtime
