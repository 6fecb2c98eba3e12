// Every unit in a process of its own, as in production: mTLS between them on loopback, and a relay
// before access that a test can cut. Thread-safe but for Start and Stop.
#ifndef KNOOPPUNT_TESTS_CHAOS_FLEET_H_
#define KNOOPPUNT_TESTS_CHAOS_FLEET_H_

#include <sys/types.h>

#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "base/mutex.h"
#include "clients/cpp/transport.h"
#include "tests/chaos/relay.h"
#include "tests/faults/daemon.h"
#include "tests/integration/region.h"

namespace knooppunt::chaos {

class Fleet {
 public:
  // `region` gives keys, certificates and configuration, is not owned, and starts nothing itself.
  explicit Fleet(integration::Region* region);
  ~Fleet();

  // Starts all four, and waits until each serves.
  absl::Status Start();
  // Ends all four as an operator does; the first that does not end well.
  absl::Status Stop();

  // Calls the process that serves the method. Thread-safe.
  client::Transport* transport() { return transport_.get(); }

  // SIGSTOP and SIGCONT: the process is there and says nothing.
  void Pause(const std::string& unit);
  void Resume(const std::string& unit);
  // Ends it at once and starts it again on the same port.
  absl::Status Restart(const std::string& unit);
  // Reads the policy file again (access). Waits while the process starts: then nobody listens yet.
  void HangUp(const std::string& unit);
  // Between the dossier and access.
  Relay& relay() { return *relay_; }

 private:
  class Router;

  config::v1::ServerConfig ConfigOf(const std::string& unit) const;

  integration::Region* const region_;
  base::Mutex signals_;  // held while a process is between its end and serving again
  std::map<std::string, int> ports_;
  std::unique_ptr<Relay> relay_;
  std::map<std::string, std::unique_ptr<faults::Daemon>> daemons_;
  std::unique_ptr<client::Transport> transport_;
};

}  // namespace knooppunt::chaos

#endif  // KNOOPPUNT_TESTS_CHAOS_FLEET_H_
