#include "services/runtime/grpc_server.h"

#include <grpcpp/ext/health_check_service_server_builder_option.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/support/proto_buffer_reader.h>
#include <grpcpp/support/proto_buffer_writer.h>

#include <atomic>
#include <cstdlib>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/mutex.h"
#include "google/rpc/status.pb.h"
#include "services/runtime/errors.h"
#include "services/runtime/executor.h"

namespace knooppunt::runtime {
namespace {

using google::protobuf::Message;

constexpr absl::Duration kGoodbye = absl::Milliseconds(100);
constexpr char kServicePrefix[] = "spiffe://knooppunt/";

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  google::rpc::Status details;
  details.set_code(static_cast<int>(status.code()));
  details.set_message(std::string(status.message()));
  google::rpc::ErrorInfo info;
  info.set_reason(base::ReasonOf(status));
  info.set_domain("knooppunt");
  const std::string rule = base::RuleOf(status);
  if (!rule.empty()) (*info.mutable_metadata())["rule"] = rule;
  details.add_details()->PackFrom(info);
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), std::string(status.message()),
                      details.SerializeAsString());
}

grpc::ByteBuffer Serialize(const Message& message) {
  grpc::ByteBuffer buffer;
  bool own = false;
  const grpc::Status s =
      grpc::GenericSerialize<grpc::ProtoBufferWriter, google::protobuf::MessageLite>(message,
                                                                                     &buffer, &own);
  return s.ok() ? buffer : grpc::ByteBuffer();
}

bool Parse(grpc::ByteBuffer* buffer, Message* message) {
  grpc::ProtoBufferReader reader(buffer);
  return reader.status().ok() && message->ParseFromZeroCopyStream(&reader);
}

std::string Metadata(const grpc::GenericCallbackServerContext& context, const char* key) {
  const auto it = context.client_metadata().find(key);
  return it == context.client_metadata().end() ? ""
                                               : std::string(it->second.data(), it->second.size());
}

// The unit that the peer's verified certificate names; "" when there is none.
std::string PeerService(const grpc::GenericCallbackServerContext& context) {
  const auto auth = context.auth_context();
  if (auth == nullptr || !auth->IsPeerAuthenticated()) return "";
  for (const grpc::string_ref& uri : auth->FindPropertyValues("peer_spiffe_id")) {
    absl::string_view name(uri.data(), uri.size());
    if (absl::ConsumePrefix(&name, kServicePrefix)) return std::string(name);
  }
  return "";
}

class Server;

// One call. Lives until OnDone.
class Reactor final : public grpc::ServerGenericBidiReactor {
 public:
  Reactor(Server* server, grpc::GenericCallbackServerContext* context);

  void OnReadDone(bool ok) override;
  void OnDone() override;

 private:
  void Handle();
  // Before parsing: deadline, method, caller.
  absl::Status Admit();
  void Answer(const absl::Status& status, const Message* response);

  Server* const server_;
  grpc::GenericCallbackServerContext* const context_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer answer_;
  Switchboard::Target target_;
  CallMeta meta_;
};

class Generic final : public grpc::CallbackGenericService {
 public:
  explicit Generic(Server* server) : server_(server) {}
  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override {
    return new Reactor(server_, context);
  }

 private:
  Server* const server_;
};

class Server final : public GrpcServer {
 public:
  explicit Server(Options options)
      : options_(std::move(options)),
        generic_(this),
        executor_({.threads = limits::kExecutorThreads, .max_pending = limits::kMaxPendingCalls}) {}
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

  // A call begins, and ends. False: the server is stopping, and takes no call.
  bool Enter() {
    base::MutexLock lock(mu_);
    ++calls_;
    return !stopping_;
  }
  void Leave() {
    base::MutexLock lock(mu_);
    if (--calls_ == 0) idle_.NotifyAll();
  }

  const Switchboard& switchboard() const { return *options_.switchboard; }
  Executor& executor() { return executor_; }

 private:
  void AwaitCalls(absl::Duration drain) {
    const absl::Time end = absl::Now() + drain;
    base::MutexLock lock(mu_);
    stopping_ = true;
    while (calls_ > 0 && absl::Now() < end) idle_.WaitFor(mu_, end - absl::Now());
  }

  const Options options_;
  int port_ = 0;
  std::atomic<bool> stopped_{false};
  Generic generic_;
  Executor executor_;
  base::Mutex mu_;
  base::CondVar idle_;
  int calls_ ABSL_GUARDED_BY(mu_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  std::unique_ptr<grpc::Server> server_;  // goes first: its last calls still leave
};

Reactor::Reactor(Server* server, grpc::GenericCallbackServerContext* context)
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
  if (!ok) return Finish(ToGrpc(errors::Unparseable()));
  if (!server_->executor().Submit([this] { Handle(); })) Finish(ToGrpc(errors::TooBusy()));
}

absl::Status Reactor::Admit() {
  const absl::Time now = absl::Now();
  const absl::Time deadline = absl::FromChrono(context_->deadline());
  if (deadline > now + absl::Hours(24)) return errors::DeadlineNeeded();
  meta_.deadline = std::min(deadline, now + absl::Seconds(limits::kMaxDeadlineSeconds));
  target_ = server_->switchboard().Find(context_->method());
  if (target_.entry == nullptr) return errors::UnknownMethod();
  meta_.service = PeerService(*context_);
  const std::string authorization = Metadata(*context_, "authorization");
  absl::string_view token = authorization;
  if (absl::ConsumePrefix(&token, "Bearer ")) meta_.token = std::string(token);
  common::v1::Purpose_Parse(Metadata(*context_, "knooppunt-purpose"), &meta_.purpose);
  if (absl::Status s = target_.host->Authenticate(*target_.entry, meta_); !s.ok()) return s;
  if (target_.entry->read || target_.entry->write || target_.entry->list) {
    if (request_.Length() > limits::kMaxRequestBytes) return errors::TooLarge();
  }
  return absl::OkStatus();
}

void Reactor::Handle() {
  if (const absl::Status s = Admit(); !s.ok()) return Finish(ToGrpc(errors::ForTheWire(s)));
  std::shared_ptr<Message> request(target_.entry->request_prototype->New());
  std::shared_ptr<Message> response(target_.entry->response_prototype->New());
  if (!Parse(&request_, request.get())) return Finish(ToGrpc(errors::Unparseable()));
  request_.Clear();
  target_.host->Serve(*target_.entry, meta_, request, response,
                      [this, response](absl::Status status) {
                        Answer(errors::ForTheWire(std::move(status)), response.get());
                      });
}

void Reactor::Answer(const absl::Status& status, const Message* response) {
  if (!status.ok()) return Finish(ToGrpc(status));
  answer_ = Serialize(*response);
  StartWriteAndFinish(&answer_, grpc::WriteOptions(), grpc::Status::OK);
}

}  // namespace

absl::StatusOr<std::unique_ptr<GrpcServer>> GrpcServer::Start(Options options) {
  auto server = std::make_unique<Server>(std::move(options));
  if (absl::Status s = server->Listen(); !s.ok()) return s;
  return std::unique_ptr<GrpcServer>(std::move(server));
}

}  // namespace knooppunt::runtime
