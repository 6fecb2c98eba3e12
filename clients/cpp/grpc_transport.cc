#include "clients/cpp/grpc_transport.h"

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/channel_arguments.h>
#include <grpcpp/support/slice.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include "absl/random/random.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/status.h"
#include "google/rpc/status.pb.h"

namespace knooppunt::client {
namespace {

constexpr char kSuitesVariable[] = "GRPC_SSL_CIPHER_SUITES";
// OpenSSL refuses a list without a suite of TLS 1.2. This one needs a pre-shared key, which
// gRPC has no way to configure, so it is never offered and never chosen.
constexpr char kSuites[] =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:"
    "PSK-AES128-GCM-SHA256";

constexpr char kErrorDomain[] = "knooppunt";

absl::StatusOr<std::string> ReadPem(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::ErrnoToStatus(errno, absl::StrCat("cannot read ", path));
  std::string content((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!absl::StrContains(content, "-----BEGIN ")) {
    return absl::InvalidArgumentError(absl::StrCat(path, " is not a PEM file"));
  }
  return content;
}

absl::Status CheckKeyMode(const std::string& path) {
  struct stat info;
  if (stat(path.c_str(), &info) != 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot read ", path));
  }
  if ((info.st_mode & 0077) != 0) {
    return absl::FailedPreconditionError(
        absl::StrFormat("%s can be opened by others (mode %04o); run: chmod 600 %s", path,
                        info.st_mode & 07777, path));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> MakeCredentials(
    const ConnectOptions& options) {
  if (options.ca_file.empty()) return absl::InvalidArgumentError("no CA file given");
  if (options.cert_file.empty() != options.key_file.empty()) {
    return absl::InvalidArgumentError("a certificate and its key must be given together");
  }
  grpc::SslCredentialsOptions ssl;
  KP_ASSIGN_OR_RETURN(ssl.pem_root_certs, ReadPem(options.ca_file));
  if (!options.cert_file.empty()) {
    KP_ASSIGN_OR_RETURN(ssl.pem_cert_chain, ReadPem(options.cert_file));
    KP_RETURN_IF_ERROR(CheckKeyMode(options.key_file));
    KP_ASSIGN_OR_RETURN(ssl.pem_private_key, ReadPem(options.key_file));
  }
  return grpc::SslCredentials(ssl);
}

grpc::ChannelArguments MakeArguments(const ConnectOptions& options) {
  grpc::ChannelArguments args;
  if (!options.target_name.empty()) args.SetSslTargetNameOverride(options.target_name);
  args.SetMaxReceiveMessageSize(static_cast<int>(limits::kMaxInternalRequestBytes));
  args.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);  // retry.h decides
  args.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  args.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  args.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, limits::kGrpcKeepaliveSeconds * 1000);
  args.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  args.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 100);
  args.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2000);
  return args;
}

// gRPC ends the process on a header value that HTTP/2 does not allow.
bool IsHeaderValue(absl::string_view value) {
  return std::all_of(value.begin(), value.end(), [](char c) { return absl::ascii_isgraph(c); });
}

grpc::ByteBuffer Serialize(const google::protobuf::Message& message) {
  const size_t size = message.ByteSizeLong();
  grpc::Slice slice(size);
  message.SerializeWithCachedSizesToArray(const_cast<uint8_t*>(slice.begin()));
  return grpc::ByteBuffer(&slice, 1);
}

absl::Status Parse(const grpc::ByteBuffer& buffer, google::protobuf::Message* message) {
  grpc::Slice slice;
  if (!buffer.DumpToSingleSlice(&slice).ok() ||
      !message->ParseFromArray(slice.begin(), static_cast<int>(slice.size()))) {
    return absl::InternalError("the server's answer cannot be read; do the versions match?");
  }
  return absl::OkStatus();
}

absl::Status FromGrpc(const grpc::Status& status) {
  const auto code = static_cast<absl::StatusCode>(status.error_code());
  google::rpc::Status details;
  if (details.ParseFromString(status.error_details())) {
    for (const google::protobuf::Any& any : details.details()) {
      google::rpc::ErrorInfo info;
      if (!any.Is<google::rpc::ErrorInfo>() || !any.UnpackTo(&info)) continue;
      if (info.domain() != kErrorDomain || info.reason().empty()) continue;
      const auto rule = info.metadata().find("rule");
      return base::MakeError(code, info.reason(), rule == info.metadata().end() ? "" : rule->second,
                             status.error_message());
    }
  }
  return absl::Status(code, status.error_message());
}

void Prepare(const CallOptions& options, absl::Time deadline, grpc::ClientContext* context) {
  context->set_deadline(absl::ToChronoTime(deadline));
  context->set_wait_for_ready(options.wait_for_server);
  if (!options.token.empty()) {
    context->AddMetadata("authorization", absl::StrCat("Bearer ", options.token));
  }
  if (options.purpose != common::v1::PURPOSE_UNSPECIFIED) {
    context->AddMetadata("knooppunt-purpose", common::v1::Purpose_Name(options.purpose));
  }
}

// One stream, one operation at a time, each awaited: HTTP/2's flow control is what holds us up.
// Must be finished or cut off.
class StreamCall {
 public:
  StreamCall(grpc::GenericStub* stub, const std::string& method, const CallOptions& options) {
    Prepare(options,
            absl::Now() + std::min(options.timeout, absl::Seconds(limits::kMaxStreamSeconds)),
            &context_);
    call_ = stub->PrepareCall(&context_, method, &queue_);
    call_->StartCall(this);
    Await();
  }
  // False: the stream has ended.
  bool Write(const grpc::ByteBuffer& message) {
    call_->Write(message, this);
    return Await();
  }
  void WritesDone() {
    call_->WritesDone(this);
    Await();
  }
  // Nothing at the end.
  std::optional<grpc::ByteBuffer> Read() {
    grpc::ByteBuffer message;
    call_->Read(&message, this);
    if (!Await()) return std::nullopt;
    return message;
  }
  absl::Status Finish() {
    grpc::Status status;
    call_->Finish(&status, this);
    Await();
    return status.ok() ? absl::OkStatus() : FromGrpc(status);
  }
  void CutOff() {
    context_.TryCancel();
    Finish().IgnoreError();
  }

 private:
  bool Await() {
    void* tag = nullptr;
    bool done = false;
    return queue_.Next(&tag, &done) && done;
  }

  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
};

class GrpcTransport final : public Transport {
 public:
  GrpcTransport(const std::shared_ptr<grpc::Channel>& channel, const RetryPolicy& retry)
      : stub_(channel), retry_(retry) {}

  absl::Status Call(const std::string& method, const google::protobuf::Message& request,
                    google::protobuf::Message* response, const CallOptions& options) override {
    KP_RETURN_IF_ERROR(CheckHeaders(method, options));
    const absl::Time deadline =
        absl::Now() + std::min(options.timeout, absl::Seconds(limits::kMaxDeadlineSeconds));
    const grpc::ByteBuffer body = Serialize(request);
    for (int attempts = 1;; ++attempts) {
      absl::Status status = Attempt(method, body, response, options, deadline);
      if (status.code() != absl::StatusCode::kUnavailable) return status;
      const absl::optional<absl::Duration> wait =
          NextBackoff(retry_, {.attempts_made = attempts,
                               .code = status.code(),
                               .repeat_safe = IsRepeatSafe(method, request),
                               .remaining = deadline - absl::Now(),
                               .jitter = absl::Uniform(absl::BitGen(), 0.0, 1.0)});
      if (!wait.has_value()) return status;
      absl::SleepFor(*wait);
    }
  }

  absl::Status Receive(const std::string& method, const google::protobuf::Message& request,
                       google::protobuf::Message* response, const CallOptions& options,
                       absl::FunctionRef<absl::Status()> each) override {
    KP_RETURN_IF_ERROR(CheckHeaders(method, options));
    StreamCall call(&stub_, method, options);
    if (call.Write(Serialize(request))) call.WritesDone();
    while (std::optional<grpc::ByteBuffer> answer = call.Read()) {
      absl::Status taken = Parse(*answer, response);
      if (taken.ok()) taken = each();
      if (!taken.ok()) {
        call.CutOff();
        return taken;
      }
    }
    return call.Finish();
  }

  absl::Status Send(const std::string& method, google::protobuf::Message* request,
                    absl::FunctionRef<absl::StatusOr<bool>()> next,
                    google::protobuf::Message* response, const CallOptions& options) override {
    KP_RETURN_IF_ERROR(CheckHeaders(method, options));
    StreamCall call(&stub_, method, options);
    for (;;) {
      request->Clear();
      const absl::StatusOr<bool> more = next();
      if (!more.ok()) {
        call.CutOff();
        return more.status();
      }
      if (!*more) {
        call.WritesDone();
        break;
      }
      // The server has answered already, well or badly: that is what Finish says.
      if (!call.Write(Serialize(*request))) break;
    }
    std::optional<grpc::ByteBuffer> answer = call.Read();
    KP_RETURN_IF_ERROR(call.Finish());
    if (!answer.has_value()) return absl::InternalError("the server gave no answer");
    return Parse(*answer, response);
  }

 private:
  static absl::Status CheckHeaders(const std::string& method, const CallOptions& options) {
    if (!absl::StartsWith(method, "/") || !IsHeaderValue(method)) {
      return absl::InvalidArgumentError("not the full name of a method");
    }
    if (options.token.size() > limits::kMaxTokenBytes || !IsHeaderValue(options.token)) {
      return absl::InvalidArgumentError("the token is malformed; log in again");
    }
    return absl::OkStatus();
  }

  absl::Status Attempt(const std::string& method, const grpc::ByteBuffer& body,
                       google::protobuf::Message* response, const CallOptions& options,
                       absl::Time deadline) {
    grpc::ClientContext context;
    Prepare(options, deadline, &context);
    grpc::CompletionQueue queue;
    auto call = stub_.PrepareUnaryCall(&context, method, body, &queue);
    call->StartCall();
    grpc::ByteBuffer answer;
    grpc::Status status;
    call->Finish(&answer, &status, this);
    void* tag = nullptr;
    bool finished = false;
    if (!queue.Next(&tag, &finished) || !finished) {
      return absl::InternalError("the call was not completed");
    }
    return status.ok() ? Parse(answer, response) : FromGrpc(status);
  }

  grpc::GenericStub stub_;
  const RetryPolicy retry_;
};

}  // namespace

void RestrictTlsTo13() { setenv(kSuitesVariable, kSuites, /*overwrite=*/1); }

absl::StatusOr<std::unique_ptr<Transport>> Connect(const ConnectOptions& options) {
  const char* suites = std::getenv(kSuitesVariable);
  if (suites == nullptr || std::strcmp(suites, kSuites) != 0) {
    return absl::FailedPreconditionError("RestrictTlsTo13() must come before Connect()");
  }
  if (options.address.empty()) return absl::InvalidArgumentError("no server address given");
  KP_ASSIGN_OR_RETURN(const std::shared_ptr<grpc::ChannelCredentials> credentials,
                      MakeCredentials(options));
  return std::make_unique<GrpcTransport>(
      grpc::CreateCustomChannel(options.address, credentials, MakeArguments(options)),
      options.retry);
}

}  // namespace knooppunt::client
