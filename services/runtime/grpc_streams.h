// Streams over gRPC: no thread waits for a client. Internal to the port. Thread-safe.
//
// A stream does one thing at a time: it waits for its client to take or send a message, or a step
// runs on the executor, or it has nothing to say for a while. The next step starts when gRPC has
// taken the message before it (HTTP/2 flow control), so that of each stream one message is in
// memory. One thread looks after all of them: it wakes those that had nothing to say, and ends
// those whose client neither sends nor reads.
#ifndef KNOOPPUNT_SERVICES_RUNTIME_GRPC_STREAMS_H_
#define KNOOPPUNT_SERVICES_RUNTIME_GRPC_STREAMS_H_

#include <grpcpp/generic/async_generic_service.h>

#include <memory>
#include <thread>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "services/runtime/grpc_wire.h"

namespace knooppunt::runtime {

class StreamReactor;

class GrpcStreams {
 public:
  // `server` outlives this. `idle`: how long a client may neither send nor read.
  GrpcStreams(wire::Reception* server, absl::Duration idle);
  // No stream may be under way.
  ~GrpcStreams();

  grpc::ServerGenericBidiReactor* NewCall(const Registry::Entry& entry,
                                          grpc::GenericCallbackServerContext* context);

 private:
  friend class StreamReactor;
  void Add(StreamReactor* stream);
  void Remove(StreamReactor* stream);
  void LookAfter();

  wire::Reception* const server_;
  const absl::Duration idle_;
  base::Mutex mu_;
  base::CondVar changed_;
  bool stop_ ABSL_GUARDED_BY(mu_) = false;
  absl::flat_hash_set<StreamReactor*> streams_ ABSL_GUARDED_BY(mu_);
  std::thread thread_;
};

}  // namespace knooppunt::runtime

#endif  // KNOOPPUNT_SERVICES_RUNTIME_GRPC_STREAMS_H_
