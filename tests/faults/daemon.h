// The real knooppuntd as a child process. Not thread-safe, but for pid.
#ifndef KNOOPPUNT_TESTS_FAULTS_DAEMON_H_
#define KNOOPPUNT_TESTS_FAULTS_DAEMON_H_

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "clients/cpp/transport.h"
#include "tests/integration/region.h"

namespace knooppunt::faults {

class Daemon {
 public:
  // With the region's own configuration. `region` is not owned.
  explicit Daemon(integration::Region* region) : region_(region), name_("knooppuntd") {}
  // With a configuration of its own, written to a file by that name.
  Daemon(integration::Region* region, std::string name, config::v1::ServerConfig config);
  ~Daemon();

  // Starts it, and waits until it serves. Everything it said when it ended instead.
  absl::Status Start(const std::vector<std::string>& flags = {});
  // The two halves of Start, for processes that wait for each other.
  void Spawn(const std::vector<std::string>& flags);
  absl::Status AwaitServing();
  // A connection to it, of somebody without certificate.
  std::unique_ptr<client::Transport> Connect() const;
  int port() const { return port_; }

  // Runs it when it is expected to refuse: its exit code, and what it said.
  struct Ended {
    int exit_code = 0;
    std::string said;
  };
  Ended RunToItsEnd(const std::vector<std::string>& flags = {});

  void Signal(int number) const;
  // Waits until it says a line that holds `phrase`; false when it ended without.
  bool AwaitSaid(absl::string_view phrase);
  // Ends it at once, as a power cut would.
  void Kill();
  // As an operator does; its exit code.
  int Terminate();

 private:
  // What it says, up to and with a line that holds `phrase`, or until it ends.
  std::string ReadUntil(absl::string_view phrase);
  int Wait();

  integration::Region* const region_;
  const std::string name_;
  const std::optional<config::v1::ServerConfig> config_;  // else the region's, as it is then
  pid_t pid_ = -1;
  int output_ = -1;
  int port_ = 0;
};

}  // namespace knooppunt::faults

#endif  // KNOOPPUNT_TESTS_FAULTS_DAEMON_H_
