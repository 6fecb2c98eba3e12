// What privacy costs: an authorised, consent-checked, audited and decrypted GetCase against an
// echo of the same bytes in bare gRPC, over the same TLS on loopback. Interleaved pairs, the
// median of each; server CPU from /proc, so that the clients' own work does not count.
// Prints how it was measured. tests/bench/run.sh prepares the servers and calls this.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cpp/grpc_transport.h"
#include "knooppunt/casework/v1/casework.pb.h"
#include "tests/bench/echo.h"
#include "tests/bench/load.h"

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

int Measure(Flags flags, const char* self) {
  const auto one = client::Connect({.address = flags.server, .ca_file = flags.echo.ca});
  if (!one.ok()) {
    std::fprintf(stderr, "%s\n", one.status().ToString().c_str());
    return 1;
  }
  casework::v1::GetCaseRequest request;
  request.set_name(flags.name);
  casework::v1::Case response;
  client::CallOptions options;
  options.token = flags.token;
  options.wait_for_server = true;
  common::v1::Purpose_Parse(flags.purpose, &options.purpose);
  if (const absl::Status s = (*one)->Call(kGetCase, request, &response, options); !s.ok()) {
    std::fprintf(stderr, "GetCase: %s\n", s.ToString().c_str());
    return 1;
  }
  const std::string bytes = response.SerializeAsString();
  flags.echo.answer = AnswerFile(bytes);
  const Echo echo = StartEcho(flags.echo, self);

  std::printf("GetCase against a bare gRPC echo of the same %zu bytes, same TLS 1.3 on loopback.\n",
              bytes.size());
  std::printf(
      "%d interleaved pairs of %.1f s, medians; %u processors shared by clients and server.\n",
      flags.pairs, flags.seconds, std::thread::hardware_concurrency());
  std::printf("%8s %12s %12s %7s %14s %14s %12s\n", "callers", "getcase/s", "echo/s", "ratio",
              "getcase us/call", "echo us/call", "getcase p50");
  const Target get{
      .address = flags.server,
      .ca_file = flags.echo.ca,
      .method = kGetCase,
      .options = options,
      .request = [&](int64_t) { return std::make_unique<casework::v1::GetCaseRequest>(request); },
      .response = &response,
      .pids = flags.pids};
  Target bare = get;
  bare.address = absl::StrCat("127.0.0.1:", echo.port);
  bare.method = kEcho;
  bare.pids = {echo.pid};
  for (const int callers : flags.callers) {
    Load ours(get, callers), theirs(bare, callers);
    const Pairs m = Interleave(ours, theirs, flags.pairs, flags.seconds);
    std::printf("%8d %12.0f %12.0f %7.3f %14.1f %14.1f %9.0f us\n", callers,
                m.ours.calls_per_second, m.bare.calls_per_second, m.ratio, m.ours.cpu_us_per_call,
                m.bare.cpu_us_per_call, m.ours.median_us);
    std::fflush(stdout);
  }
  StopEcho(echo);
  unlink(flags.echo.answer.c_str());
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
