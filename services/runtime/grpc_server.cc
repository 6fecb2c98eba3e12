#include "services/runtime/grpc_server.h"

#include <grpcpp/ext/health_check_service_server_builder_option.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>

#include <atomic>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/mutex.h"
#include "services/runtime/errors.h"
#include "services/runtime/executor.h"
#include "services/runtime/grpc_streams.h"
#include "services/runtime/grpc_wire.h"

namespace knooppunt::runtime {
namespace {

using google::protobuf::Message;
using wire::ToGrpc;

constexpr absl::Duration kGoodbye = absl::Milliseconds(100);

class Server;

// One call. Lives until OnDone.
class Reactor final : public grpc::ServerGenericBidiReactor {
 public:
  Reactor(wire::Reception* server, grpc::GenericCallbackServerContext* context);

  void OnReadDone(bool ok) override;
  void OnDone() override;

 private:
  void Handle();
  void Answer(const absl::Status& status, const Message* response);

  wire::Reception* const server_;
  grpc::GenericCallbackServerContext* const context_;
  bool received_ = false;  // the request, whole
  grpc::ByteBuffer request_;
  grpc::ByteBuffer answer_;
};

class Generic final : public grpc::CallbackGenericService {
 public:
  explicit Generic(Server* server) : server_(server) {}
  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override;

 private:
  Server* const server_;
};

class Server final : public GrpcServer, private wire::Reception {
 public:
  explicit Server(Options options)
      : options_(std::move(options)),
        generic_(this),
        executor_({.threads = limits::kExecutorThreads, .max_pending = limits::kMaxPendingCalls}),
        streams_(this, options_.stream_idle) {}
  ~Server() override { Shutdown(absl::ZeroDuration()); }

  absl::Status Listen() {
    grpc::SslServerCredentialsOptions tls(GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY);
    tls.pem_key_cert_pairs.push_back({options_.key_pem, options_.cert_pem});
    tls.pem_root_certs = options_.ca_pem;
    grpc::EnableDefaultHealthCheckService(true);
    grpc::ServerBuilder builder;
    builder.AddListeningPort(options_.listen, grpc::SslServerCredentials(tls), &port_);
    builder.RegisterCallbackGenericService(&generic_);
    builder.SetMaxReceiveMessageSize(limits::kMaxInternalRequestBytes);
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    server_ = builder.BuildAndStart();
    if (server_ == nullptr || port_ == 0) {
      return absl::UnavailableError(
          absl::StrCat("cannot listen on ", options_.listen,
                       ": is the port taken, or the certificate not valid PEM?"));
    }
    return absl::OkStatus();
  }

  int port() const override { return port_; }

  void Shutdown(absl::Duration drain) override {
    if (server_ == nullptr || stopped_.exchange(true)) return;
    if (auto* health = server_->GetHealthCheckService()) health->Shutdown();
    AwaitCalls(drain);
    // Connections that are merely open keep gRPC waiting until its deadline: nobody reads their
    // clients' goodbye. What had an answer to come has had its time.
    server_->Shutdown(absl::ToChronoTime(absl::Now() + kGoodbye));
    executor_.Drain();
    server_->Wait();
  }

  grpc::ServerGenericBidiReactor* NewCall(grpc::GenericCallbackServerContext* context) {
    const Switchboard::Target target = switchboard().Find(context->method());
    if (target.entry != nullptr && target.entry->streams()) {
      return streams_.NewCall(*target.entry, context);
    }
    return new Reactor(this, context);
  }

 private:
  bool Enter() override {
    base::MutexLock lock(mu_);
    ++calls_;
    return !stopping_;
  }
  void Leave() override {
    base::MutexLock lock(mu_);
    if (--calls_ == 0) idle_.NotifyAll();
  }
  bool stopping() override {
    base::MutexLock lock(mu_);
    return stopping_;
  }
  const Switchboard& switchboard() const override { return *options_.switchboard; }
  Executor& executor() override { return executor_; }

  void AwaitCalls(absl::Duration drain) {
    const absl::Time end = absl::Now() + drain;
    base::MutexLock lock(mu_);
    stopping_ = true;
    while (calls_ > 0 && absl::Now() < end) idle_.WaitFor(mu_, end - absl::Now());
  }

  const Options options_;
  int port_ = 0;
  std::atomic<bool> stopped_{false};
  base::Mutex mu_;
  base::CondVar idle_;
  int calls_ ABSL_GUARDED_BY(mu_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  Generic generic_;
  Executor executor_;
  GrpcStreams streams_;
  std::unique_ptr<grpc::Server> server_;  // goes first: its last calls still leave
};

grpc::ServerGenericBidiReactor* Generic::CreateReactor(
    grpc::GenericCallbackServerContext* context) {
  return server_->NewCall(context);
}

Reactor::Reactor(wire::Reception* server, grpc::GenericCallbackServerContext* context)
    : server_(server), context_(context) {
  if (server_->Enter()) {
    StartRead(&request_);
  } else {
    Finish(ToGrpc(errors::Stopping()));
  }
}

void Reactor::OnDone() {
  server_->Leave();
  delete this;
}

void Reactor::OnReadDone(bool ok) {
  received_ = ok;
  if (!server_->executor().Submit([this] { Handle(); })) Finish(ToGrpc(errors::TooBusy()));
}

void Reactor::Handle() {
  const absl::StatusOr<wire::Admitted> call =
      wire::Admit(*context_, server_->switchboard(), absl::Seconds(limits::kMaxDeadlineSeconds));
  if (!call.ok()) return Finish(ToGrpc(errors::ForTheWire(call.status())));
  const Registry::Entry& entry = *call->target.entry;
  std::shared_ptr<Message> request(entry.request_prototype->New());
  std::shared_ptr<Message> response(entry.response_prototype->New());
  absl::Status flaw = call->flaw;
  if (flaw.ok() && !entry.internal && request_.Length() > limits::kMaxRequestBytes) {
    flaw = errors::TooLarge();
  }
  if (flaw.ok() && (!received_ || !wire::Parse(&request_, request.get()))) {
    flaw = errors::Unparseable();
  }
  if (!flaw.ok()) {
    return call->target.host->Reject(
        entry, call->meta, std::move(flaw),
        [this](const absl::Status& status) { Finish(ToGrpc(errors::ForTheWire(status))); });
  }
  call->target.host->Serve(entry, call->meta, request, response,
                           [this, response](absl::Status status) {
                             Answer(errors::ForTheWire(std::move(status)), response.get());
                           });
}

void Reactor::Answer(const absl::Status& status, const Message* response) {
  if (!status.ok()) return Finish(ToGrpc(status));
  answer_ = wire::Serialize(*response);
  StartWriteAndFinish(&answer_, grpc::WriteOptions(), grpc::Status::OK);
}

}  // namespace

absl::StatusOr<std::unique_ptr<GrpcServer>> GrpcServer::Start(Options options) {
  auto server = std::make_unique<Server>(std::move(options));
  if (absl::Status s = server->Listen(); !s.ok()) return s;
  return std::unique_ptr<GrpcServer>(std::move(server));
}

}  // namespace knooppunt::runtime
