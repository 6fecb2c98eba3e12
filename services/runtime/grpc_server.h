// The port: gRPC over TLS 1.3 (after client::RestrictTlsTo13()), every method through one generic
// service that dispatches by descriptor, so that nothing is parsed before the caller is known.
// Health is gRPC's own.
#ifndef KNOOPPUNT_SERVICES_RUNTIME_GRPC_SERVER_H_
#define KNOOPPUNT_SERVICES_RUNTIME_GRPC_SERVER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/limits.h"
#include "services/runtime/direct_transport.h"

namespace knooppunt::runtime {

class GrpcServer {
 public:
  struct Options {
    std::string listen;  // "host:port"; port 0 picks one
    std::string cert_pem;
    std::string key_pem;
    std::string ca_pem;                        // of units' client certificates
    const Switchboard* switchboard = nullptr;  // not owned
    // How long a stream waits for its client; tests have less patience.
    absl::Duration stream_idle = absl::Seconds(limits::kStreamIdleSeconds);
  };
  // UNAVAILABLE when the address cannot be bound, INVALID_ARGUMENT for bad certificates.
  static absl::StatusOr<std::unique_ptr<GrpcServer>> Start(Options options);
  virtual ~GrpcServer() = default;

  virtual int port() const = 0;
  // Health turns NOT_SERVING, no new calls, running ones get `drain`, then are cancelled;
  // returns when the last has gone. Further calls do nothing.
  virtual void Shutdown(absl::Duration drain) = 0;
};

}  // namespace knooppunt::runtime

#endif  // KNOOPPUNT_SERVICES_RUNTIME_GRPC_SERVER_H_
