// What both benchmarks measure against: an echo in bare gRPC, over TLS 1.3 on loopback, in a
// process of its own.
#ifndef KNOOPPUNT_TESTS_BENCH_ECHO_H_
#define KNOOPPUNT_TESTS_BENCH_ECHO_H_

#include <sys/types.h>

#include <string>
#include <vector>

namespace knooppunt::bench {

struct EchoOptions {
  std::string ca, cert, key;  // PEM files
  std::string answer;         // file with the bytes that every call is answered with
};

// Prints its port and serves until standard input closes.
int ServeEcho(const EchoOptions& options);

struct Echo {
  pid_t pid = 0;
  int port = 0;
  int stdin_fd = -1;
};
// Starts `self` again, with --serve-echo and the options, and waits for its port.
Echo StartEcho(const EchoOptions& options, const char* self);
void StopEcho(const Echo& echo);

inline constexpr char kEcho[] = "/knooppunt.bench.Echo/Echo";

std::string ReadAll(const std::string& path);
// A new file with these bytes, for EchoOptions::answer; to be unlinked. Ends the program when it
// cannot be written.
std::string AnswerFile(const std::string& bytes);
double Median(std::vector<double> v);

}  // namespace knooppunt::bench

#endif  // KNOOPPUNT_TESTS_BENCH_ECHO_H_
