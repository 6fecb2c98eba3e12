// The real knooppuntd as a child process. Not thread-safe, but for pid.
#ifndef KNOOPPUNT_TESTS_FAULTS_DAEMON_H_
#define KNOOPPUNT_TESTS_FAULTS_DAEMON_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "clients/cpp/transport.h"
#include "tests/integration/region.h"

namespace knooppunt::faults {

class Daemon {
 public:
  // Writes the region's configuration to a file. `region` is not owned.
  explicit Daemon(integration::Region* region) : region_(region) {}
  ~Daemon();

  // Starts it, and waits until it serves. Everything it said when it ended instead.
  absl::Status Start(const std::vector<std::string>& flags = {});
  // A connection to it, of somebody without certificate.
  std::unique_ptr<client::Transport> Connect() const;
  int port() const { return port_; }

  // Runs it when it is expected to refuse: its exit code, and what it said.
  struct Ended {
    int exit_code = 0;
    std::string said;
  };
  Ended RunToItsEnd(const std::vector<std::string>& flags = {});

  // Ends it at once, as a power cut would.
  void Kill();
  // As an operator does; its exit code.
  int Terminate();

 private:
  void Spawn(const std::vector<std::string>& flags);
  // What it says, up to and with a line that holds `phrase`, or until it ends.
  std::string ReadUntil(absl::string_view phrase);
  int Wait();

  integration::Region* const region_;
  pid_t pid_ = -1;
  int output_ = -1;
  int port_ = 0;
};

}  // namespace knooppunt::faults

#endif  // KNOOPPUNT_TESTS_FAULTS_DAEMON_H_
