// Between gRPC and our own types: status, messages, and who is calling. Internal to the port.
// Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_RUNTIME_GRPC_WIRE_H_
#define KNOOPPUNT_SERVICES_RUNTIME_GRPC_WIRE_H_

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/status.h>

#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "services/runtime/direct_transport.h"
#include "services/runtime/executor.h"

namespace knooppunt::runtime::wire {

// With google.rpc.ErrorInfo (AIP-193).
grpc::Status ToGrpc(const absl::Status& status);
grpc::ByteBuffer Serialize(const google::protobuf::Message& message);
// Leaves `buffer` empty.
bool Parse(grpc::ByteBuffer* buffer, google::protobuf::Message* message);

// A call that may be parsed: its method is served here and its caller is known.
struct Admitted {
  Switchboard::Target target;
  CallMeta meta;
  // What is wrong with it all the same: Host::Reject records it (R22). OK: it has a deadline.
  absl::Status flaw;
};
// `longest` caps the deadline.
absl::StatusOr<Admitted> Admit(const grpc::GenericCallbackServerContext& context,
                               const Switchboard& switchboard, absl::Duration longest);

// What a call needs of the server that it came to.
class Reception {
 public:
  virtual ~Reception() = default;
  // A call begins, and ends. False: the server is stopping, and takes no call.
  virtual bool Enter() = 0;
  virtual void Leave() = 0;
  virtual bool stopping() = 0;
  virtual const Switchboard& switchboard() const = 0;
  virtual Executor& executor() = 0;
};

}  // namespace knooppunt::runtime::wire

#endif  // KNOOPPUNT_SERVICES_RUNTIME_GRPC_WIRE_H_
