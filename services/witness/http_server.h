// A Witness over HTTP/1.1. One thread, the one that calls Run; connections wait on
// each other only while a request is handled. Bodies, headers, connections and the
// time of each request are bounded (security/audit/limits.h).
#ifndef KNOOPPUNT_SERVICES_WITNESS_HTTP_SERVER_H_
#define KNOOPPUNT_SERVICES_WITNESS_HTTP_SERVER_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "security/audit/limits.h"
#include "services/witness/witness.h"

namespace knooppunt::witness {

class HttpServer {
 public:
  struct Options {
    std::string listen;          // "127.0.0.1:8080", "[::1]:0"; port 0: any free one
    Witness* witness = nullptr;  // not owned
    absl::Duration timeout = absl::Seconds(audit::kWitnessTimeoutSeconds);
    bool stop_on_signals = false;  // SIGTERM and SIGINT call Stop
  };
  // Binds and listens. INVALID_ARGUMENT for another form of address, UNAVAILABLE when
  // it cannot be bound.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Create(const Options& options);
  virtual ~HttpServer() = default;

  virtual int port() const = 0;
  // Serves until Stop (OK, once the requests under way are answered), or until the
  // witness has failed to write its state (INTERNAL). Call once.
  virtual absl::Status Run() = 0;
  // From any thread.
  virtual void Stop() = 0;
};

}  // namespace knooppunt::witness

#endif  // KNOOPPUNT_SERVICES_WITNESS_HTTP_SERVER_H_
