// Logging in at an OpenID provider from a terminal: the device authorization grant (RFC 8628).
// The person opens the provider's page in a browser of their own and types a code there; the
// terminal never sees a password. Not thread-safe.
#ifndef KNOOPPUNT_CLIENTS_CLI_DEVICE_LOGIN_H_
#define KNOOPPUNT_CLIENTS_CLI_DEVICE_LOGIN_H_

#include <functional>
#include <ostream>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "security/identity/http.h"

namespace knooppunt::cli {

struct DeviceLoginOptions {
  std::string issuer;  // exactly as its id tokens name it
  std::string client_id;
  std::string acr_values;  // asked for, by blanks; empty asks for nothing
  std::string ca_file;     // PEM of the provider's authorities; empty is the system's
};

// What the grant touches, for a session and tests to supply. Not owned.
struct DeviceLoginWorld {
  identity::HttpFetcher* http = nullptr;
  const base::Clock* clock = nullptr;
  std::function<void(absl::Duration)> wait;
  std::ostream* out = nullptr;  // where the person reads what to do, in Dutch
};

// Waits for the person, at most as long as the provider lets the code live. Returns the id token,
// unverified: the server does that. INVALID_ARGUMENT when the provider is not what was named or
// refuses, UNAVAILABLE when it does not answer, UNAUTHENTICATED with LOGIN_DENIED or LOGIN_TIMEOUT.
absl::StatusOr<std::string> LogInByDevice(const DeviceLoginOptions& options,
                                          const DeviceLoginWorld& world);

}  // namespace knooppunt::cli

#endif  // KNOOPPUNT_CLIENTS_CLI_DEVICE_LOGIN_H_
