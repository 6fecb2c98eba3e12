#include "services/runtime/direct_transport.h"

#include <future>

#include "absl/time/clock.h"
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

}  // namespace knooppunt::runtime
