#include "tests/bench/load.h"

#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "clients/cpp/grpc_transport.h"
#include "tests/bench/echo.h"

namespace knooppunt::bench {
namespace {

double CpuSeconds(const std::vector<int>& pids) {
  double ticks = 0;
  for (const int pid : pids) {
    const std::string stat = ReadAll(absl::StrCat("/proc/", pid, "/stat"));
    const std::vector<std::string> words = absl::StrSplit(stat.substr(stat.rfind(')') + 2), ' ');
    ticks += std::atof(words[11].c_str()) + std::atof(words[12].c_str());
  }
  return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace

Load::Load(Target target, int callers) : target_(std::move(target)) {
  transports_.reserve(callers);
  for (int i = 0; i < callers; ++i) {
    auto way = client::Connect({.address = target_.address, .ca_file = target_.ca_file});
    if (!way.ok()) {
      std::fprintf(stderr, "%s\n", way.status().ToString().c_str());
      std::exit(1);
    }
    transports_.push_back(*std::move(way));
  }
}

Load::~Load() = default;

Sample Load::Run(double seconds) {
  std::atomic<int64_t> failed{0};
  static std::atomic<int64_t> number{0};  // a request is made once, whoever asks for it
  std::vector<std::vector<double>> latencies(transports_.size());
  std::vector<std::thread> threads;
  threads.reserve(transports_.size());
  const double cpu_before = CpuSeconds(target_.pids);
  const absl::Time start = absl::Now();
  const absl::Time end = start + absl::Seconds(seconds);
  for (size_t i = 0; i < transports_.size(); ++i) {
    threads.emplace_back([&, i] {
      const std::unique_ptr<google::protobuf::Message> response(target_.response->New());
      for (absl::Time t = start; t < end;) {
        const auto request = target_.request(number++);
        response->Clear();
        t = absl::Now();
        if (const absl::Status s =
                transports_[i]->Call(target_.method, *request, response.get(), target_.options);
            !s.ok()) {
          if (failed++ == 0) std::fprintf(stderr, "call failed: %s\n", s.ToString().c_str());
          return;
        }
        latencies[i].push_back(absl::ToDoubleMicroseconds(absl::Now() - t));
      }
    });
  }
  for (std::thread& t : threads) t.join();
  const double took = absl::ToDoubleSeconds(absl::Now() - start);
  const double cpu = CpuSeconds(target_.pids) - cpu_before;
  if (failed > 0) std::exit(1);
  std::vector<double> all;
  for (const auto& l : latencies) all.insert(all.end(), l.begin(), l.end());
  const auto calls = static_cast<double>(all.size());
  return {.calls_per_second = calls / took,
          .cpu_us_per_call = all.empty() ? 0 : cpu * 1e6 / calls,
          .median_us = Median(all)};
}

Pairs Interleave(Load& ours, Load& bare, int pairs, double seconds) {
  ours.Run(0.3);  // warm
  bare.Run(0.3);
  std::vector<double> ratio, rates[2], cpu[2], p50[2];
  for (int i = 0; i < pairs; ++i) {
    const Sample of[] = {ours.Run(seconds), bare.Run(seconds)};
    ratio.push_back(of[0].calls_per_second / of[1].calls_per_second);
    for (int k = 0; k < 2; ++k) {
      rates[k].push_back(of[k].calls_per_second);
      cpu[k].push_back(of[k].cpu_us_per_call);
      p50[k].push_back(of[k].median_us);
    }
  }
  const auto medians = [&](int k) {
    return Sample{Median(rates[k]), Median(cpu[k]), Median(p50[k])};
  };
  return {.ours = medians(0), .bare = medians(1), .ratio = Median(ratio)};
}

}  // namespace knooppunt::bench
