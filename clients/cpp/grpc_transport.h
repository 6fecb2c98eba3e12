// Calls over gRPC and TLS 1.3 to another process, by method name: no generated stubs.
//
// Every attempt carries a deadline. What failed as UNAVAILABLE is sent again within that
// deadline when repeating is safe (retry.h). Errors come back as base::MakeError makes them:
// the reason and the rule of google.rpc.ErrorInfo (AIP-193) are their payloads.
#ifndef KNOOPPUNT_CLIENTS_CPP_GRPC_TRANSPORT_H_
#define KNOOPPUNT_CLIENTS_CPP_GRPC_TRANSPORT_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/cpp/retry.h"
#include "clients/cpp/transport.h"

namespace knooppunt::client {

struct ConnectOptions {
  std::string address;      // "host:port"
  std::string ca_file;      // PEM, the authorities that the server's certificate must come from
  std::string cert_file;    // PEM chain that names this unit; empty for a person's client
  std::string key_file;     // PEM private key of cert_file, mode 0600
  std::string target_name;  // name that the certificate must carry, when not that of `address`
  RetryPolicy retry;
};

// Leaves this process no TLS 1.2 suite to agree on, as client and as server: gRPC 1.51 knows
// no lowest version. Sets GRPC_SSL_CIPHER_SUITES for this process, whatever it was. Call it
// first in main(), before threads and before any other use of gRPC.
void RestrictTlsTo13();

// A transport that connects at its first call, and again whenever the connection is lost.
// INVALID_ARGUMENT when an option is missing or a file does not hold PEM; NOT_FOUND or
// PERMISSION_DENIED when a file cannot be read; FAILED_PRECONDITION when others can open the
// key's file, or before RestrictTlsTo13().
absl::StatusOr<std::unique_ptr<Transport>> Connect(const ConnectOptions& options);

}  // namespace knooppunt::client

#endif  // KNOOPPUNT_CLIENTS_CPP_GRPC_TRANSPORT_H_
