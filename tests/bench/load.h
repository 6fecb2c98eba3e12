// Callers that call as fast as the answers come, for a while: what benchmarks measure with.
// Clients in threads of this process; the server's CPU is read from /proc.
#ifndef KNOOPPUNT_TESTS_BENCH_LOAD_H_
#define KNOOPPUNT_TESTS_BENCH_LOAD_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "clients/cpp/transport.h"
#include "google/protobuf/message.h"

namespace knooppunt::bench {

// What to call.
struct Target {
  std::string address;
  std::string ca_file;
  std::string method;  // "/knooppunt.casework.v1.CaseworkService/GetCase"
  client::CallOptions options;
  // The n-th request of all callers together; called from any thread.
  std::function<std::unique_ptr<google::protobuf::Message>(int64_t n)> request;
  const google::protobuf::Message* response = nullptr;  // of the type to read; not owned
  std::vector<int> pids;                                // processes whose CPU counts
};

struct Sample {
  double calls_per_second = 0;
  double cpu_us_per_call = 0;  // of Target::pids
  double median_us = 0;
};

class Load {
 public:
  // Connects `callers` callers, each on a connection of its own. Ends the program when that fails.
  Load(Target target, int callers);
  ~Load();
  // Calls for `seconds`. Ends the program, saying why, when a call fails.
  Sample Run(double seconds);

 private:
  const Target target_;
  std::vector<std::unique_ptr<client::Transport>> transports_;
};

// `pairs` interleaved runs of each.
struct Pairs {
  Sample ours, bare;  // medians
  double ratio = 0;   // median of the ratios of calls per second
};
Pairs Interleave(Load& ours, Load& bare, int pairs, double seconds);

}  // namespace knooppunt::bench

#endif  // KNOOPPUNT_TESTS_BENCH_LOAD_H_
