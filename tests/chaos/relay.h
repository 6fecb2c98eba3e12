// Carries bytes between a port of its own and another on loopback, until it is cut: then
// connections break, and new ones are taken and dropped at once. Thread-safe.
#ifndef KNOOPPUNT_TESTS_CHAOS_RELAY_H_
#define KNOOPPUNT_TESTS_CHAOS_RELAY_H_

#include <list>
#include <thread>

#include "base/mutex.h"

namespace knooppunt::chaos {

class Relay {
 public:
  // Listens at once; ends the program when it cannot.
  explicit Relay(int target_port);
  ~Relay();

  int port() const { return port_; }
  void Cut();
  void Mend();

 private:
  // One connection: two sockets, and a thread for each way.
  struct Pair {
    int near = -1;
    int far = -1;
    std::thread there;
    std::thread back;
  };

  void Accept();
  void Carry(int from, int to);

  const int target_port_;
  int listener_ = -1;
  int port_ = 0;
  base::Mutex mu_;
  bool cut_ ABSL_GUARDED_BY(mu_) = false;
  std::list<Pair> pairs_ ABSL_GUARDED_BY(mu_);
  std::thread acceptor_;
};

// A port on loopback that is free now.
int FreePort();

}  // namespace knooppunt::chaos

#endif  // KNOOPPUNT_TESTS_CHAOS_RELAY_H_
