#include "services/runtime/direct_transport.h"

#include <algorithm>
#include <future>
#include <utility>

#include "absl/time/clock.h"
#include "base/limits.h"
#include "base/status.h"
#include "services/runtime/errors.h"

namespace knooppunt::runtime {

Switchboard::Target Switchboard::Find(absl::string_view method) const {
  for (Host* host : hosts_) {
    if (const Registry::Entry* entry = host->Find(method)) return {host, entry};
  }
  return {};
}

absl::Status DirectTransport::Call(const std::string& method,
                                   const google::protobuf::Message& request,
                                   google::protobuf::Message* response,
                                   const client::CallOptions& options) {
  const Switchboard::Target target = switchboard_->Find(method);
  if (target.entry == nullptr) return errors::UnknownMethod();
  if (request.GetDescriptor() != target.entry->request_type ||
      response->GetDescriptor() != target.entry->response_type) {
    return errors::Unparseable();
  }
  response->Clear();  // as parsing an answer does: handlers add to what they are given
  const CallMeta meta{.token = options.token,
                      .purpose = options.purpose,
                      .service = service_,
                      .deadline = absl::Now() + options.timeout};
  KP_RETURN_IF_ERROR(target.host->Authenticate(*target.entry, meta));
  if (target.entry->streams()) return errors::Unparseable();
  // The callee may outlive an unlucky caller's stack: it gets pointers that do nothing when
  // released, and this thread waits for the answer whatever happens.
  const std::shared_ptr<const google::protobuf::Message> req(std::shared_ptr<void>(), &request);
  const std::shared_ptr<google::protobuf::Message> resp(std::shared_ptr<void>(), response);
  std::promise<absl::Status> promise;
  std::future<absl::Status> future = promise.get_future();
  target.host->Serve(*target.entry, meta, req, resp,
                     [&](absl::Status s) { promise.set_value(std::move(s)); });
  return future.get();
}

absl::StatusOr<std::unique_ptr<Stream>> DirectTransport::Open(
    const std::string& method, const google::protobuf::Message& request,
    const google::protobuf::Message& response, const client::CallOptions& options) {
  const Switchboard::Target target = switchboard_->Find(method);
  if (target.entry == nullptr) return errors::UnknownMethod();
  if (request.GetDescriptor() != target.entry->request_type ||
      response.GetDescriptor() != target.entry->response_type || !target.entry->streams()) {
    return errors::Unparseable();
  }
  const CallMeta meta{.token = options.token,
                      .purpose = options.purpose,
                      .service = service_,
                      .deadline = absl::Now() + std::min(options.timeout,
                                                         absl::Seconds(limits::kMaxStreamSeconds))};
  KP_RETURN_IF_ERROR(target.host->Authenticate(*target.entry, meta));
  return target.host->OpenStream(*target.entry, meta);
}

absl::Status DirectTransport::Receive(const std::string& method,
                                      const google::protobuf::Message& request,
                                      google::protobuf::Message* response,
                                      const client::CallOptions& options,
                                      absl::FunctionRef<absl::Status()> each) {
  KP_ASSIGN_OR_RETURN(const std::unique_ptr<Stream> stream,
                      Open(method, request, *response, options));
  const std::shared_ptr<const google::protobuf::Message> req(std::shared_ptr<void>(), &request);
  const std::shared_ptr<google::protobuf::Message> resp(std::shared_ptr<void>(), response);
  for (;;) {
    response->Clear();
    std::promise<std::pair<absl::Status, Flow>> promise;
    stream->Next(req, resp, [&](absl::Status s, Flow flow) {
      promise.set_value({std::move(s), flow});
    });
    const auto [status, flow] = promise.get_future().get();
    KP_RETURN_IF_ERROR(status);
    if (flow == Flow::kEnd) return absl::OkStatus();
    if (flow == Flow::kNothing) {
      absl::SleepFor(absl::Milliseconds(limits::kStreamPollMs));
      continue;
    }
    KP_RETURN_IF_ERROR(each());
    if (flow == Flow::kLast) return absl::OkStatus();
  }
}

absl::Status DirectTransport::Send(const std::string& method, google::protobuf::Message* request,
                                   absl::FunctionRef<absl::StatusOr<bool>()> next,
                                   google::protobuf::Message* response,
                                   const client::CallOptions& options) {
  KP_ASSIGN_OR_RETURN(const std::unique_ptr<Stream> stream,
                      Open(method, *request, *response, options));
  const std::shared_ptr<google::protobuf::Message> resp(std::shared_ptr<void>(), response);
  for (;;) {
    request->Clear();
    KP_ASSIGN_OR_RETURN(const bool more, next());
    response->Clear();
    if (!more) break;
    // A copy: the stream keeps the message that opened it.
    std::shared_ptr<google::protobuf::Message> message(request->New());
    message->CopyFrom(*request);
    std::promise<std::pair<absl::Status, bool>> promise;
    stream->Take(message, resp, [&](absl::Status s, bool answered) {
      promise.set_value({std::move(s), answered});
    });
    const auto [status, answered] = promise.get_future().get();
    KP_RETURN_IF_ERROR(status);
    if (answered) return absl::OkStatus();
  }
  std::promise<absl::Status> promise;
  stream->Finish(resp, [&](absl::Status s) { promise.set_value(std::move(s)); });
  return promise.get_future().get();
}

}  // namespace knooppunt::runtime
