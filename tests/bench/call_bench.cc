// What privacy costs: an authorised, consent-checked, audited and decrypted GetCase against an
// echo of the same bytes in bare gRPC, over the same TLS on loopback. Interleaved pairs, the
// median of each; server CPU from /proc, so that the clients' own work does not count.
// Prints how it was measured. tests/bench/run.sh prepares the servers and calls this.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "clients/cpp/grpc_transport.h"
#include "knooppunt/casework/v1/casework.pb.h"
#include "tests/bench/echo.h"

namespace knooppunt::bench {
namespace {

constexpr char kGetCase[] = "/knooppunt.casework.v1.CaseworkService/GetCase";

struct Flags {
  std::string server, token, name, purpose = "PURPOSE_COORDINATION";
  EchoOptions echo;
  std::vector<int> pids;
  bool serve_echo = false;
  int pairs = 7;
  double seconds = 1.0;
  std::vector<int> callers = {1, 8, 32};
};

// ---- Measuring --------------------------------------------------------------

double CpuSeconds(const std::vector<int>& pids) {
  double ticks = 0;
  for (int pid : pids) {
    const std::string stat = ReadAll(absl::StrCat("/proc/", pid, "/stat"));
    const std::vector<std::string> words = absl::StrSplit(stat.substr(stat.rfind(')') + 2), ' ');
    ticks += std::atof(words[11].c_str()) + std::atof(words[12].c_str());
  }
  return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

struct Sample {
  double calls_per_second = 0;
  double cpu_us_per_call = 0;
  double median_us = 0;
};

struct Target {
  std::string address;
  std::string method;
  std::vector<int> pids;
};

Sample Run(const Flags& flags, const Target& target, int callers,
           std::vector<std::unique_ptr<client::Transport>>& transports) {
  std::atomic<int64_t> failed{0};
  std::vector<std::vector<double>> latencies(callers);
  std::vector<std::thread> threads;
  threads.reserve(callers);
  const double cpu_before = CpuSeconds(target.pids);
  const absl::Time start = absl::Now();
  const absl::Time end = start + absl::Seconds(flags.seconds);
  for (int i = 0; i < callers; ++i) {
    threads.emplace_back([&, i] {
      casework::v1::GetCaseRequest request;
      request.set_name(flags.name);
      client::CallOptions options;
      options.token = flags.token;
      options.wait_for_server = true;
      common::v1::Purpose_Parse(flags.purpose, &options.purpose);
      for (absl::Time t = start; t < end;) {
        casework::v1::Case response;
        t = absl::Now();
        if (const absl::Status s = transports[i]->Call(target.method, request, &response, options);
            !s.ok()) {
          if (failed++ == 0) std::fprintf(stderr, "call failed: %s\n", s.ToString().c_str());
          return;
        }
        latencies[i].push_back(absl::ToDoubleMicroseconds(absl::Now() - t));
      }
    });
  }
  for (std::thread& t : threads) t.join();
  const double seconds = absl::ToDoubleSeconds(absl::Now() - start);
  const double cpu = CpuSeconds(target.pids) - cpu_before;
  if (failed > 0) std::exit(1);
  std::vector<double> all;
  for (const auto& l : latencies) all.insert(all.end(), l.begin(), l.end());
  return {.calls_per_second = all.size() / seconds,
          .cpu_us_per_call = all.empty() ? 0 : cpu * 1e6 / all.size(),
          .median_us = Median(all)};
}

std::vector<std::unique_ptr<client::Transport>> ConnectAll(const Flags& flags,
                                                           const std::string& address, int n) {
  std::vector<std::unique_ptr<client::Transport>> out;
  for (int i = 0; i < n; ++i) {
    auto t = client::Connect({.address = address, .ca_file = flags.echo.ca});
    if (!t.ok()) {
      std::fprintf(stderr, "%s\n", t.status().ToString().c_str());
      std::exit(1);
    }
    out.push_back(*std::move(t));
  }
  return out;
}

int Measure(Flags flags, const char* self) {
  auto one = ConnectAll(flags, flags.server, 1);
  casework::v1::GetCaseRequest request;
  request.set_name(flags.name);
  casework::v1::Case response;
  client::CallOptions options;
  options.token = flags.token;
  common::v1::Purpose_Parse(flags.purpose, &options.purpose);
  if (const absl::Status s = one[0]->Call(kGetCase, request, &response, options); !s.ok()) {
    std::fprintf(stderr, "GetCase: %s\n", s.ToString().c_str());
    return 1;
  }
  const std::string bytes = response.SerializeAsString();
  char path[] = "/tmp/knooppunt-bench-XXXXXX";
  const int fd = mkstemp(path);
  if (fd < 0 || write(fd, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
    return 1;
  close(fd);
  flags.echo.answer = path;
  const Echo echo = StartEcho(flags.echo, self);

  std::printf("GetCase against a bare gRPC echo of the same %zu bytes, same TLS 1.3 on loopback.\n",
              bytes.size());
  std::printf(
      "%d interleaved pairs of %.1f s, medians; %u processors shared by clients and server.\n",
      flags.pairs, flags.seconds, std::thread::hardware_concurrency());
  std::printf("%8s %12s %12s %7s %14s %14s %12s\n", "callers", "getcase/s", "echo/s", "ratio",
              "getcase us/call", "echo us/call", "getcase p50");
  const Target get{flags.server, kGetCase, flags.pids};
  const Target bare{absl::StrCat("127.0.0.1:", echo.port), kEcho, {echo.pid}};
  for (int callers : flags.callers) {
    auto get_transports = ConnectAll(flags, get.address, callers);
    auto bare_transports = ConnectAll(flags, bare.address, callers);
    Flags warm = flags;
    warm.seconds = 0.3;
    Run(warm, get, callers, get_transports);
    Run(warm, bare, callers, bare_transports);
    std::vector<double> rate, echo_rate, ratio, cpu, echo_cpu, p50;
    for (int i = 0; i < flags.pairs; ++i) {
      const Sample g = Run(flags, get, callers, get_transports);
      const Sample e = Run(flags, bare, callers, bare_transports);
      rate.push_back(g.calls_per_second);
      echo_rate.push_back(e.calls_per_second);
      ratio.push_back(g.calls_per_second / e.calls_per_second);
      cpu.push_back(g.cpu_us_per_call);
      echo_cpu.push_back(e.cpu_us_per_call);
      p50.push_back(g.median_us);
    }
    std::printf("%8d %12.0f %12.0f %7.3f %14.1f %14.1f %9.0f us\n", callers, Median(rate),
                Median(echo_rate), Median(ratio), Median(cpu), Median(echo_cpu), Median(p50));
    std::fflush(stdout);
  }
  StopEcho(echo);
  unlink(path);
  return 0;
}

}  // namespace
}  // namespace knooppunt::bench

int main(int argc, char** argv) {
  knooppunt::client::RestrictTlsTo13();
  CLI::App app("Measures GetCase against a bare gRPC echo.");
  knooppunt::bench::Flags flags;
  app.add_option("--server", flags.server);
  app.add_option("--ca", flags.echo.ca);
  app.add_option("--cert", flags.echo.cert);
  app.add_option("--key", flags.echo.key);
  app.add_option("--token", flags.token);
  app.add_option("--case", flags.name);
  app.add_option("--purpose", flags.purpose);
  app.add_option("--answer", flags.echo.answer);
  app.add_option("--pid", flags.pids, "Server processes whose CPU counts");
  app.add_option("--pairs", flags.pairs);
  app.add_option("--seconds", flags.seconds);
  app.add_option("--callers", flags.callers);
  app.add_flag("--serve-echo", flags.serve_echo);
  CLI11_PARSE(app, argc, argv);
  return flags.serve_echo ? knooppunt::bench::ServeEcho(flags.echo)
                          : knooppunt::bench::Measure(flags, argv[0]);
}
