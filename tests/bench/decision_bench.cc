// What a decision costs: in process, from facts at hand and from cold ones, against a bare gRPC
// call and an encrypted point read; and a list of 50. Interleaved pairs, the median of their
// ratios. Counts what each took of the stores, for every number of families. Prints how it was
// measured. tests/bench/decisions.sh calls this.
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/client_unary_call.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/new_folder_testing.h"
#include "clients/cpp/grpc_transport.h"
#include "tests/bench/decision_world.h"
#include "tests/bench/echo.h"

namespace knooppunt::bench {
namespace {

constexpr int kAsked = 200;
constexpr int kListsPerPair = 20;

struct Flags {
  EchoOptions echo;
  std::string policy = "security/policy/policy.textproto";
  std::vector<int> families = {1'000, 10'000, 100'000};
  bool more = false;
  uint64_t seed = 7;
  int pairs = 7;
  bool serve_echo = false;
};

template <typename F>
double Microseconds(const F& what) {
  const auto start = std::chrono::steady_clock::now();
  what();
  const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
  return took.count();
}

// One caller over one connection, a call after the other.
class BareCalls {
 public:
  BareCalls(const Flags& flags, int port) {
    grpc::SslCredentialsOptions tls;
    tls.pem_root_certs = ReadAll(flags.echo.ca);
    tls.pem_cert_chain = ReadAll(flags.echo.cert);
    tls.pem_private_key = ReadAll(flags.echo.key);
    channel_ = grpc::CreateChannel(absl::StrCat("127.0.0.1:", port), grpc::SslCredentials(tls));
  }
  void Call(const std::string& request) {
    const grpc::Slice slice(request);
    const grpc::ByteBuffer out(&slice, 1);
    grpc::ByteBuffer in;
    grpc::ClientContext context;
    const grpc::Status status =
        grpc::internal::BlockingUnaryCall<grpc::ByteBuffer, grpc::ByteBuffer>(
            channel_.get(), method_, &context, out, &in);
    if (status.ok()) return;
    std::fprintf(stderr, "echo: %s\n", status.error_message().c_str());
    std::exit(1);
  }

 private:
  std::shared_ptr<grpc::Channel> channel_;
  const grpc::internal::RpcMethod method_{kEcho, grpc::internal::RpcMethod::NORMAL_RPC};
};

// The median over the pairs: of what was measured, of what it is measured against, of the ratio.
struct Figure {
  std::vector<double> ours, theirs, ratio;
  void Add(const std::vector<double>& a, const std::vector<double>& b) {
    ours.push_back(Median(a));
    theirs.push_back(Median(b));
    ratio.push_back(ours.back() / theirs.back());
  }
  void Print(int families, const char* what, double aim) const {
    const double r = Median(ratio);
    std::printf("%9d  %-42s %9.1f %9.1f %8.3f %6.2f  %s\n", families, what, Median(ours),
                Median(theirs), r, aim, r <= aim ? "PASS" : "over");
    std::fflush(stdout);
  }
};

// Looks at families that nobody asks about, so that the inner pages of the tree are at hand, as in
// a server that has been up for a while, and the leaves of who is asked about are not.
void WarmTree(DecisionWorld& world, int families) {
  const int aside = families / kAsked / 2;
  for (int i : world.asked()) world.PointRead((i + aside) % families);
}

void MeasureCached(DecisionWorld& world, const Flags& flags, int families) {
  std::vector<access::v1::CheckRequest> requests;
  requests.reserve(world.asked().size());
  for (int f : world.asked()) requests.push_back(world.GetCase(f));
  const std::string answer = world.Answer(requests[0]);
  Flags with_answer = flags;
  with_answer.echo.answer = AnswerFile(answer);
  const Echo echo = StartEcho(with_answer.echo, "/proc/self/exe");
  BareCalls bare(flags, echo.port);
  const std::string bytes = requests[0].SerializeAsString();
  Figure in_a_row, in_turn;
  for (int pair = -1; pair < flags.pairs; ++pair) {  // the first is to warm up
    std::vector<double> checks, calls, checks_after_a_call;
    for (const auto& r : requests) checks.push_back(Microseconds([&] { world.Check(r); }));
    for (size_t i = 0; i < requests.size(); ++i)
      calls.push_back(Microseconds([&] { bare.Call(bytes); }));
    for (const auto& r : requests) {
      bare.Call(bytes);
      checks_after_a_call.push_back(Microseconds([&] { world.Check(r); }));
    }
    if (pair < 0) continue;
    in_a_row.Add(checks, calls);
    in_turn.Add(checks_after_a_call, calls);
  }
  StopEcho(echo);
  unlink(with_answer.echo.answer.c_str());
  in_a_row.Print(families, "cached facts / bare gRPC call", 0.05);
  // The same with the processor's caches full of gRPC, as they are in a server that does little.
  in_turn.Print(families, "cached facts, after a call / bare gRPC call", 0.05);
}

void MeasureCold(DecisionWorld& world, const Flags& flags, int families) {
  std::vector<access::v1::CheckRequest> requests;
  requests.reserve(world.asked().size());
  for (int f : world.asked()) requests.push_back(world.GetCase(f));
  for (const auto& r : requests) world.Check(r);  // the keys are at hand
  Figure figure;
  for (int pair = 0; pair < flags.pairs; ++pair) {
    world.ForgetFacts();
    WarmTree(world, families);
    std::vector<double> checks, reads;
    for (size_t i = 0; i < world.asked().size(); ++i) {
      const int f = world.asked()[i];
      if ((i + static_cast<size_t>(pair)) % 2 == 0) {
        checks.push_back(Microseconds([&] { world.Check(requests[i]); }));
      } else {
        reads.push_back(Microseconds([&] { world.PointRead(f); }));
      }
    }
    figure.Add(checks, reads);
  }
  figure.Print(families, "cold facts / encrypted point read", 1.2);
}

void MeasureList(DecisionWorld& world, const Flags& flags, int families) {
  const auto request = world.ListCases();
  Figure at_hand, cold;
  for (int pair = 0; pair < flags.pairs; ++pair) {
    world.List(request);  // the keys are at hand
    world.ForgetFacts();
    WarmTree(world, families);
    const double first = Microseconds([&] { world.List(request); });
    std::vector<double> lists, reads;
    for (int f : world.asked()) reads.push_back(Microseconds([&] { world.PointRead(f); }));
    for (int i = 0; i < kListsPerPair; ++i)
      lists.push_back(Microseconds([&] { world.List(request); }));
    at_hand.Add(lists, reads);
    cold.Add({first}, reads);
  }
  at_hand.Print(families, "list of 50, cached / point read", 8);
  cold.Print(families, "list of 50, cold facts / point read", 8);
}

template <typename F>
void Count(DecisionWorld& world, int families, const char* what, const F& run) {
  const Work before = world.work();
  const double n = run();
  const Work w = world.work() - before;
  std::printf("%9d  %-42s %6.2f %7.2f %10.2f %10.2f %10.2f %8.2f %7.2f\n", families, what,
              w.reads / n, w.pages / n, w.decrypted / n, w.key_reads / n, w.key_pages / n,
              w.unwraps / n, w.scanned / n);
  std::fflush(stdout);
}

void CountAll(DecisionWorld& world, int families) {
  const auto check_all = [&]() -> double {
    for (int f : world.asked()) world.Check(world.GetCase(f));
    return static_cast<double>(world.asked().size());
  };
  world.ForgetFactsAndKeys();
  world.List(world.ListCases());  // the region's keys, and who asks
  WarmTree(world, families);
  Count(world, families, "facts and keys cold", check_all);
  Count(world, families, "facts and keys at hand", check_all);
  world.ForgetFacts();
  WarmTree(world, families);
  Count(world, families, "facts cold, keys at hand", check_all);
  world.ForgetFacts();
  WarmTree(world, families);
  Count(world, families, "a point read of the same row", [&]() -> double {
    for (int f : world.asked()) world.PointRead(f);
    return static_cast<double>(world.asked().size());
  });
  world.List(world.ListCases());
  Count(world, families, "list of 50, facts and keys at hand", [&]() -> double {
    world.List(world.ListCases());
    return 1;
  });
  Count(world, families, "facts of a family applied", [&]() -> double {
    for (int f : world.asked()) world.Apply(f);
    return static_cast<double>(world.asked().size());
  });
}

int Measure(Flags flags) {
  if (flags.more) flags.families.push_back(1'000'000);
  std::printf("Decisions on GetCase by an intern begeleider, one caller, seed %llu.\n",
              static_cast<unsigned long long>(flags.seed));
  std::printf("%d interleaved pairs of %d families each, medians (us); %u processors; ",
              flags.pairs, kAsked, std::thread::hardware_concurrency());
  std::printf("load %s", ReadAll("/proc/loadavg").c_str());
  std::vector<std::unique_ptr<DecisionWorld>> worlds;
  for (int n : flags.families) {
    worlds.push_back(std::make_unique<DecisionWorld>(
        DecisionWorld::Options{.families = n,
                               .with_keys = kAsked,
                               .seed = flags.seed,
                               .folder = ::knooppunt::testing::NewFolder("decisions"),
                               .policy = flags.policy}));
  }
  std::printf(
      "The row that is read is %zu bytes; bare gRPC is one unary call, TLS 1.3, loopback.\n",
      worlds[0]->PointRead(0));
  std::printf("%9s  %-42s %9s %9s %8s %6s\n", "families", "what", "ours", "theirs", "ratio", "aim");
  for (size_t i = 0; i < worlds.size(); ++i) {
    MeasureCached(*worlds[i], flags, flags.families[i]);
    MeasureCold(*worlds[i], flags, flags.families[i]);
    MeasureList(*worlds[i], flags, flags.families[i]);
  }
  std::printf("Counted, of each:\n%9s  %-42s %6s %7s %10s %10s %10s %8s %7s\n", "families", "what",
              "reads", "pages", "decrypted", "key reads", "key pages", "unwraps", "scanned");
  for (size_t i = 0; i < worlds.size(); ++i) CountAll(*worlds[i], flags.families[i]);
  return 0;
}

}  // namespace
}  // namespace knooppunt::bench

int main(int argc, char** argv) {
  knooppunt::client::RestrictTlsTo13();
  CLI::App app("Measures what a decision costs.");
  knooppunt::bench::Flags flags;
  app.add_option("--ca", flags.echo.ca)->required();
  app.add_option("--cert", flags.echo.cert)->required();
  app.add_option("--key", flags.echo.key)->required();
  app.add_option("--answer", flags.echo.answer, "For --serve-echo");
  app.add_flag("--serve-echo", flags.serve_echo, "Is what it measures against");
  app.add_option("--policy", flags.policy);
  app.add_option("--families", flags.families, "Numbers of families, hundreds from 400");
  app.add_flag("--long", flags.more, "A million families too");
  app.add_option("--seed", flags.seed);
  app.add_option("--pairs", flags.pairs);
  CLI11_PARSE(app, argc, argv);
  return flags.serve_echo ? knooppunt::bench::ServeEcho(flags.echo)
                          : knooppunt::bench::Measure(flags);
}
