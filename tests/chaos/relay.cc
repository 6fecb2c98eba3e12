#include "tests/chaos/relay.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/integration/region.h"

namespace knooppunt::chaos {
namespace {

sockaddr_in Loopback(int port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int Listener(int* port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address = Loopback(*port);
  socklen_t size = sizeof address;
  const bool ok = fd >= 0 && bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                  listen(fd, 64) == 0 &&
                  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  integration::Require(ok ? absl::OkStatus() : absl::InternalError("a socket"), "listen");
  *port = ntohs(address.sin_port);
  return fd;
}

}  // namespace

int FreePort() {
  int port = 0;
  close(Listener(&port));
  return port;
}

Relay::Relay(int target_port) : target_port_(target_port) {
  listener_ = Listener(&port_);
  acceptor_ = std::thread([this] { Accept(); });
}

Relay::~Relay() {
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  close(listener_);
  Cut();
  base::MutexLock lock(mu_);
  for (Pair& pair : pairs_) {
    pair.there.join();
    pair.back.join();
    close(pair.near);
    close(pair.far);
  }
}

void Relay::Cut() {
  base::MutexLock lock(mu_);
  cut_ = true;
  for (const Pair& pair : pairs_) {
    shutdown(pair.near, SHUT_RDWR);
    shutdown(pair.far, SHUT_RDWR);
  }
}

void Relay::Mend() {
  base::MutexLock lock(mu_);
  cut_ = false;
}

void Relay::Accept() {
  for (;;) {
    const int near = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (near < 0) return;
    const int far = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in target = Loopback(target_port_);
    base::MutexLock lock(mu_);
    if (cut_ || connect(far, reinterpret_cast<const sockaddr*>(&target), sizeof target) != 0) {
      close(near);
      close(far);
      continue;
    }
    // Sockets stay open until the relay goes, so that no number is used twice under a thread.
    Pair& pair = pairs_.emplace_back();
    pair.near = near;
    pair.far = far;
    pair.there = std::thread([this, near, far] { Carry(near, far); });
    pair.back = std::thread([this, near, far] { Carry(far, near); });
  }
}

void Relay::Carry(int from, int to) {
  char bytes[16384];
  for (;;) {
    const ssize_t got = recv(from, bytes, sizeof bytes, 0);
    if (got <= 0) break;
    for (ssize_t sent = 0; sent < got;) {
      const ssize_t n = send(to, bytes + sent, got - sent, MSG_NOSIGNAL);
      if (n <= 0) break;
      sent += n;
    }
  }
  shutdown(from, SHUT_RDWR);
  shutdown(to, SHUT_RDWR);
}

}  // namespace knooppunt::chaos
