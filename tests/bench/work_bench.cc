// What the calls of a working day cost against an echo of the same bytes in bare gRPC, over the
// same TLS on loopback: GetCase with 30 steps, GetPlan, a page of 50 of ListWorklist, and the
// recording of a next step. The embedded server and the callers share this process; the echo has
// its own. Prints how it was measured.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/cpp/grpc_transport.h"
#include "tests/bench/echo.h"
#include "tests/bench/load.h"
#include "tests/bench/work_world.h"

namespace knooppunt::bench {
namespace {

struct Flags {
  EchoOptions echo;
  bool serve_echo = false;
  int cases = 1000;
  int pairs = 7;
  double seconds = 1.0;
  std::vector<int> callers = {1, 8, 32};
  std::string only;  // part of the name of a method; empty is all
};

template <typename T>
std::function<std::unique_ptr<google::protobuf::Message>(int64_t)> Same(const T& request) {
  return [request](int64_t) { return std::make_unique<T>(request); };
}

// A file with the bytes that the server answers `target` with.
std::string AnswerOf(const Target& target) {
  const auto way = client::Connect({.address = target.address, .ca_file = target.ca_file});
  integration::Require(way.status(), "connect");
  const std::unique_ptr<google::protobuf::Message> response(target.response->New());
  integration::Require(
      (*way)->Call(target.method, *target.request(1'000'000'000), response.get(), target.options),
      target.method);
  const std::string bytes = response->SerializeAsString();
  std::printf("%s: an answer of %zu bytes\n", target.method.c_str(), bytes.size());
  return AnswerFile(bytes);
}

void Compare(const Flags& flags, Target ours, const char* self) {
  EchoOptions echo_options = flags.echo;
  echo_options.answer = AnswerOf(ours);
  const Echo echo = StartEcho(echo_options, self);
  Target bare = ours;
  bare.address = absl::StrCat("127.0.0.1:", echo.port);
  bare.method = kEcho;
  std::printf("%8s %10s %10s %7s %10s %10s\n", "callers", "ours/s", "echo/s", "ratio", "ours p50",
              "echo p50");
  for (const int callers : flags.callers) {
    Load us(ours, callers), them(bare, callers);
    const Pairs m = Interleave(us, them, flags.pairs, flags.seconds);
    std::printf("%8d %10.0f %10.0f %7.3f %7.0f us %7.0f us\n", callers, m.ours.calls_per_second,
                m.bare.calls_per_second, m.ratio, m.ours.median_us, m.bare.median_us);
    std::fflush(stdout);
  }
  StopEcho(echo);
  unlink(echo_options.answer.c_str());
}

int Measure(Flags flags, const char* self) {
  WorkWorld world(flags.cases, true);
  integration::Region& region = world.region();
  const std::string tls = region.folder() + "/tls/";
  flags.echo.ca = tls + "ca.crt";
  flags.echo.cert = tls + "all.crt";
  flags.echo.key = tls + "all.key";
  std::printf("%d cases in store; bare gRPC echo of the same bytes, same TLS 1.3 on loopback.\n",
              flags.cases);
  std::printf("%d interleaved pairs of %.1f s, medians; %u processors for clients and servers.\n",
              flags.pairs, flags.seconds, std::thread::hardware_concurrency());
  client::CallOptions options;
  options.token = region.Token(world.ib());
  options.purpose = world.ib().purpose;
  options.wait_for_server = true;
  const casework::v1::Case seen;
  const plan::v1::Plan plan;
  const worklist::v1::ListWorklistResponse list;
  const casework::v1::Step step;
  Target target{.address = absl::StrCat("127.0.0.1:", region.process().port()),
                .ca_file = flags.echo.ca,
                .method = "",
                .options = options,
                .request = {},
                .response = nullptr,
                .pids = {}};
  const auto compare = [&](const char* method, auto request, const auto& response) {
    if (!absl::StrContains(method, flags.only)) return;
    target.method = absl::StrCat("/knooppunt.", method);
    target.request = std::move(request);
    target.response = &response;
    Compare(flags, target, self);
  };
  compare("casework.v1.CaseworkService/GetCase", Same(world.GetCase()), seen);
  compare("plan.v1.PlanService/GetPlan", Same(world.GetPlan()), plan);
  compare("worklist.v1.WorklistService/ListWorklist", Same(world.ListWorklist()), list);
  compare(
      "casework.v1.CaseworkService/FollowUpStep",
      [&](int64_t n) {
        return std::make_unique<casework::v1::FollowUpStepRequest>(world.RecordStep(n));
      },
      step);
  return 0;
}

}  // namespace
}  // namespace knooppunt::bench

int main(int argc, char** argv) {
  knooppunt::client::RestrictTlsTo13();
  CLI::App app("Measures the calls of a working day against a bare gRPC echo.");
  knooppunt::bench::Flags flags;
  app.add_option("--cases", flags.cases, "Cases in store");
  app.add_option("--pairs", flags.pairs);
  app.add_option("--seconds", flags.seconds);
  app.add_option("--callers", flags.callers);
  app.add_option("--only", flags.only, "Part of the name of a method");
  app.add_flag("--serve-echo", flags.serve_echo);
  app.add_option("--ca", flags.echo.ca);
  app.add_option("--cert", flags.echo.cert);
  app.add_option("--key", flags.echo.key);
  app.add_option("--answer", flags.echo.answer);
  CLI11_PARSE(app, argc, argv);
  return flags.serve_echo ? knooppunt::bench::ServeEcho(flags.echo)
                          : knooppunt::bench::Measure(flags, argv[0]);
}
