// How a call travels, and a stream of them. One interface, two ways: gRPC to another process, or
// the direct transport of services/runtime within one. Callers cannot tell.
#ifndef KNOOPPUNT_CLIENTS_CPP_TRANSPORT_H_
#define KNOOPPUNT_CLIENTS_CPP_TRANSPORT_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "knooppunt/common/v1/types.pb.h"

namespace knooppunt::client {

struct CallOptions {
  absl::Duration timeout = absl::Seconds(10);
  // A token of ours; empty for calls between units and before login.
  std::string token;
  common::v1::Purpose purpose = common::v1::PURPOSE_UNSPECIFIED;
  // Waits for a server that is not there yet, as long as `timeout`, instead of failing at once.
  bool wait_for_server = false;
};

// Thread-safe.
class Transport {
 public:
  virtual ~Transport() = default;
  // Blocks until the answer or the deadline. `method` is the full method,
  // "/knooppunt.access.v1.AccessService/Check". On error `response` is unspecified and the
  // status carries base::ReasonOf() when the server gave a reason.
  virtual absl::Status Call(const std::string& method, const google::protobuf::Message& request,
                            google::protobuf::Message* response, const CallOptions& options) = 0;

  // A method that streams its answers: blocks until the last, calling `each` for every message,
  // which stands in `response`. The next one is not asked for before `each` returns, so a slow
  // reader slows the server down. An error of `each` ends the stream and is returned. `timeout` is
  // that of the whole stream, at most limits::kMaxStreamSeconds. Never sent again by itself: what
  // `each` has seen it has seen.
  virtual absl::Status Receive(const std::string& /*method*/,
                               const google::protobuf::Message& /*request*/,
                               google::protobuf::Message* /*response*/,
                               const CallOptions& /*options*/,
                               absl::FunctionRef<absl::Status()> /*each*/) {
    return absl::UnimplementedError("this transport carries no streams");
  }

  // A method that streams its requests: calls `next` to fill the next message into `request`,
  // until it answers false; then waits for the answer. `next` is not called before the message
  // before it was taken off our hands. An error of `next` cuts the stream off and is returned.
  virtual absl::Status Send(const std::string& /*method*/, google::protobuf::Message* /*request*/,
                            absl::FunctionRef<absl::StatusOr<bool>()> /*next*/,
                            google::protobuf::Message* /*response*/,
                            const CallOptions& /*options*/) {
    return absl::UnimplementedError("this transport carries no streams");
  }
};

}  // namespace knooppunt::client

#endif  // KNOOPPUNT_CLIENTS_CPP_TRANSPORT_H_
