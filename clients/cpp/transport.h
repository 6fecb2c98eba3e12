// How a unary call travels. One interface, two ways: gRPC to another process, or the
// direct transport of services/runtime within one. Callers cannot tell.
#ifndef KNOOPPUNT_CLIENTS_CPP_TRANSPORT_H_
#define KNOOPPUNT_CLIENTS_CPP_TRANSPORT_H_

#include <string>

#include "absl/status/status.h"
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
};

}  // namespace knooppunt::client

#endif  // KNOOPPUNT_CLIENTS_CPP_TRANSPORT_H_
