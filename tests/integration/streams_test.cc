// Streams over gRPC and TLS: the client that is slow, silent, gone or wrong, and a server that
// stops.
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>

#include "absl/time/clock.h"
#include "base/new_folder_testing.h"
#include "clients/cpp/grpc_transport.h"
#include "services/runtime/grpc_server.h"
#include "services/runtime/stream_testing.h"

namespace knooppunt::runtime::testing {
namespace {

using absl::StatusCode;
using ::testing::ElementsAre;

constexpr absl::Duration kImpatience = absl::Milliseconds(300);
constexpr absl::Duration kLong = absl::Seconds(20);

std::string FileText(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// Made once a program: OpenSSL takes its time.
const std::string& Pki() {
  static const std::string* const folder = [] {
    auto* made = new std::string(::knooppunt::testing::NewFolder("pki"));
    const char* source = std::getenv("KNOOPPUNT_SOURCE");
    const std::string command =
        absl::StrCat("bash ", source, "/deploy/pki.sh ", *made, " >/dev/null");
    EXPECT_EQ(std::system(command.c_str()), 0);
    std::atexit([] { std::filesystem::remove_all(*folder); });
    return made;
  }();
  return *folder;
}

// Waits for `what`, which comes by itself, but not for ever.
bool Comes(const std::function<bool()>& what) {
  const absl::Time end = absl::Now() + kLong;
  while (!what()) {
    if (absl::Now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

class GrpcStreamsTest : public StreamTest {
 protected:
  static void SetUpTestSuite() { client::RestrictTlsTo13(); }
  void SetUp() override { Start(kLong); }
  void TearDown() override {
    way_.reset();
    server_.reset();
  }
  void Start(absl::Duration idle) {
    server_.reset();
    auto server = GrpcServer::Start({.listen = "127.0.0.1:0",
                                     .cert_pem = FileText(Pki() + "/tls/all.crt"),
                                     .key_pem = FileText(Pki() + "/tls/all.key"),
                                     .ca_pem = FileText(Pki() + "/tls/ca.crt"),
                                     .switchboard = &switchboard_,
                                     .stream_idle = idle});
    ASSERT_OK(server.status());
    server_ = *std::move(server);
    client::ConnectOptions options;
    options.address = absl::StrCat("127.0.0.1:", server_->port());
    options.ca_file = Pki() + "/tls/ca.crt";
    auto way = client::Connect(options);
    ASSERT_OK(way.status());
    way_ = *std::move(way);
  }

  std::unique_ptr<GrpcServer> server_;
  std::unique_ptr<client::Transport> way_;
};

// A stream below our own client, which does nothing by itself.
class RawStream {
 public:
  RawStream(int port, const std::string& method, const std::string& token)
      : stub_(grpc::CreateChannel(absl::StrCat("127.0.0.1:", port), Credentials())) {
    context_.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(30)));
    context_.AddMetadata("authorization", "Bearer " + token);
    call_ = stub_.PrepareCall(&context_, method, &queue_);
    call_->StartCall(nullptr);
    Await();
  }
  bool Write(const std::string& bytes) {
    const grpc::Slice slice(bytes);
    call_->Write(grpc::ByteBuffer(&slice, 1), nullptr);
    return Await();
  }
  bool WritesDone() {
    call_->WritesDone(nullptr);
    return Await();
  }
  bool Read() {
    grpc::ByteBuffer message;
    call_->Read(&message, nullptr);
    return Await();
  }
  void Cancel() { context_.TryCancel(); }
  grpc::StatusCode Finish() {
    grpc::Status status;
    call_->Finish(&status, nullptr);
    Await();
    return status.error_code();
  }

 private:
  static std::shared_ptr<grpc::ChannelCredentials> Credentials() {
    grpc::SslCredentialsOptions ssl;
    ssl.pem_root_certs = FileText(Pki() + "/tls/ca.crt");
    return grpc::SslCredentials(ssl);
  }
  bool Await() {
    void* tag = nullptr;
    bool ok = false;
    return queue_.Next(&tag, &ok) && ok;
  }

  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
};

TEST_F(GrpcStreamsTest, R13EachMessageIsDecidedAndRecordedAnew) {
  const int64_t before = Records();
  const Heard heard = Listen(*way_, 3);
  EXPECT_OK(heard.status);
  EXPECT_THAT(heard.numbers, ElementsAre("1", "2", "3"));
  EXPECT_EQ(access_->asked(), 4);
  EXPECT_EQ(Records(), before + 4);
}

TEST_F(GrpcStreamsTest, R13ARefusalEndsTheStreamWithItsStatus) {
  access_->allows = [](int question) { return question <= 2; };
  const Heard heard = Listen(*way_, 5);
  EXPECT_THAT(heard.status, Fails(StatusCode::kPermissionDenied, "REFUSED"));
  EXPECT_THAT(heard.numbers, ElementsAre("1", "2"));
}

TEST_F(GrpcStreamsTest, PartsGoUpAndOneAnswerComesBack) {
  ASSERT_OK_AND_ASSIGN(const Response answer, Tell(*way_, {"a", "b", "c"}));
  EXPECT_FALSE(answer.name().empty());
  EXPECT_EQ(Count("part"), 5);
  EXPECT_EQ(Count("done"), 1);
  // Done before: the answer comes back though more parts were on their way.
  ASSERT_OK_AND_ASSIGN(const Response again, Tell(*way_, {"a", "b", "c"}));
  EXPECT_EQ(again.name(), answer.name());
  EXPECT_EQ(Count("part"), 5);
}

TEST_F(GrpcStreamsTest, APartThatFailsEndsTheUploadWithItsReason) {
  EXPECT_THAT(Tell(*way_, {"a", "bad", "c"}), Fails(StatusCode::kInvalidArgument, "BAD_PART"));
  EXPECT_TRUE(Comes([&] { return Count("part") == 0; }));
}

TEST_F(GrpcStreamsTest, AnUploadThatIsCutOffLeavesNothing) {
  EXPECT_TRUE(absl::IsCancelled(Tell(*way_, {"a", "b", "give up"}).status()));
  EXPECT_TRUE(Comes([&] { return Count("part") == 0; }));
  EXPECT_EQ(Count("done"), 0);
}

TEST_F(GrpcStreamsTest, BackpressureAClientThatDoesNotReadIsNotWrittenFor) {
  unit_->part_bytes = 1 << 20;
  RawStream slow(server_->port(), StreamUnit::kTell, Token());
  ASSERT_TRUE(slow.Write(Asking(200).SerializeAsString()));
  ASSERT_TRUE(slow.WritesDone());
  ASSERT_TRUE(Comes([&] { return unit_->made > 0; }));
  // Made until gRPC's windows are full, and then no more, however long it takes.
  int made = 0;
  const auto settled = [&] {
    made = unit_->made;
    const absl::Time until = absl::Now() + kImpatience;
    while (unit_->made == made && absl::Now() < until) std::this_thread::yield();
    return unit_->made == made;
  };
  ASSERT_TRUE(Comes(settled));
  EXPECT_LT(made, 50);
  // Reading makes room.
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(slow.Read());
  EXPECT_TRUE(Comes([&] { return unit_->made > made; }));
  EXPECT_LT(unit_->made, made + 50);
  slow.Cancel();
  EXPECT_EQ(slow.Finish(), grpc::StatusCode::CANCELLED);
}

TEST_F(GrpcStreamsTest, ACancelledStreamEndsAndGivesItsPlaceBack) {
  unit_->part_bytes = 1 << 20;
  for (int i = 0; i < 3 * limits::kMaxStreamsPerCaller; ++i) {
    RawStream stream(server_->port(), StreamUnit::kTell, Token());
    stream.Write(Asking(100).SerializeAsString());
    stream.Read();
    stream.Cancel();
    EXPECT_EQ(stream.Finish(), grpc::StatusCode::CANCELLED);
  }
  EXPECT_TRUE(Comes([&] { return Listen(*way_, 1).status.ok(); }));
}

TEST_F(GrpcStreamsTest, AClientThatSendsNothingIsNotWaitedForForEver) {
  Start(kImpatience);
  RawStream silent(server_->port(), StreamUnit::kGather, Token());
  Part opening;
  opening.set_name("families/f/cases/c");
  opening.set_request_id("00000000-0000-4000-8000-000000000001");
  ASSERT_TRUE(silent.Write(opening.SerializeAsString()));
  EXPECT_FALSE(silent.Read());  // no answer, but the end
  EXPECT_EQ(silent.Finish(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_TRUE(Comes([&] { return Count("part") == 0; }));
}

TEST_F(GrpcStreamsTest, AClientThatReadsNothingIsNotWaitedForForEver) {
  Start(kImpatience);
  unit_->part_bytes = 1 << 20;
  RawStream silent(server_->port(), StreamUnit::kTell, Token());
  ASSERT_TRUE(silent.Write(Asking(200).SerializeAsString()));
  // Its place is free again, though it never ended the stream itself.
  const Registry::Entry& entry = *host_->Find(StreamUnit::kTell);
  const CallMeta meta{.token = Token(), .deadline = absl::Now() + kLong};
  ASSERT_TRUE(Comes([&] { return unit_->made > 0; }));
  EXPECT_TRUE(Comes([&] {
    std::vector<std::unique_ptr<Stream>> all;
    for (int i = 0; i < limits::kMaxStreamsPerCaller; ++i) {
      auto stream = host_->OpenStream(entry, meta);
      if (!stream.ok()) return false;
      all.push_back(*std::move(stream));
    }
    return true;
  }));
  while (silent.Read()) {
  }
  EXPECT_NE(silent.Finish(), grpc::StatusCode::OK);
}

TEST_F(GrpcStreamsTest, NothingToSayHoldsNoThreadAndIsAskedAgain) {
  unit_->silences = 1;
  const Heard heard = Listen(*way_, 2);
  EXPECT_OK(heard.status);
  EXPECT_THAT(heard.numbers, ElementsAre("1", "2"));
}

TEST_F(GrpcStreamsTest, AStreamThatHasNothingToSayEndsWhenItsClientIsGone) {
  unit_->silences = 1'000'000;
  {
    RawStream waiting(server_->port(), StreamUnit::kTell, Token());
    waiting.Write(Asking(1).SerializeAsString());
    ASSERT_TRUE(Comes([&] { return access_->asked() > 0; }));
    waiting.Cancel();
    EXPECT_EQ(waiting.Finish(), grpc::StatusCode::CANCELLED);
  }
  unit_->silences = 0;
  server_->Shutdown(kLong);  // would wait for it
}

TEST_F(GrpcStreamsTest, AShutdownEndsStreamsAtTheirNextMessage) {
  unit_->silences = 1'000'000;
  RawStream waiting(server_->port(), StreamUnit::kTell, Token());
  ASSERT_TRUE(waiting.Write(Asking(1).SerializeAsString()));
  ASSERT_TRUE(Comes([&] { return access_->asked() > 0; }));
  const absl::Time start = absl::Now();
  server_->Shutdown(kLong);
  EXPECT_LT(absl::Now() - start, kLong / 2);
  EXPECT_FALSE(waiting.Read());
  EXPECT_EQ(waiting.Finish(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(GrpcStreamsTest, AShutdownDoesNotWaitForAClientThatIsSilent) {
  RawStream silent(server_->port(), StreamUnit::kGather, Token());
  Part opening;
  opening.set_name("families/f/cases/c");
  opening.set_request_id("00000000-0000-4000-8000-000000000001");
  ASSERT_TRUE(silent.Write(opening.SerializeAsString()));
  ASSERT_TRUE(Comes([&] { return access_->asked() > 0; }));
  server_->Shutdown(absl::Milliseconds(50));
  EXPECT_NE(silent.Finish(), grpc::StatusCode::OK);
  server_.reset();
  EXPECT_EQ(Count("part"), 0);
}

TEST_F(GrpcStreamsTest, WithoutALoginOrWithNonsenseNothingIsStreamed) {
  RawStream stranger(server_->port(), StreamUnit::kTell, "nonsense");
  stranger.Write(Asking(1).SerializeAsString());
  EXPECT_EQ(stranger.Finish(), grpc::StatusCode::UNAUTHENTICATED);
  RawStream garbled(server_->port(), StreamUnit::kTell, Token());
  garbled.Write("\xff\xff\xff");
  EXPECT_EQ(garbled.Finish(), grpc::StatusCode::INVALID_ARGUMENT);
  RawStream large(server_->port(), StreamUnit::kGather, Token());
  large.Write(std::string(limits::kMaxStreamMessageBytes + 1, '\n'));
  EXPECT_EQ(large.Finish(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  RawStream empty(server_->port(), StreamUnit::kGather, Token());
  empty.WritesDone();
  EXPECT_EQ(empty.Finish(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_OK(Listen(*way_, 1).status);
}

TEST_F(GrpcStreamsTest, ManyStreamsAtOnceTakeTurns) {
  unit_->part_bytes = 100'000;
  std::vector<std::thread> listeners;
  std::atomic<int> whole{0};
  for (int i = 0; i < limits::kMaxStreamsPerCaller; ++i) {
    listeners.emplace_back([&] {
      const Heard heard = Listen(*way_, 30);
      if (heard.status.ok() && heard.numbers.size() == 30) ++whole;
    });
  }
  for (std::thread& t : listeners) t.join();
  EXPECT_EQ(whole, limits::kMaxStreamsPerCaller);
}

}  // namespace
}  // namespace knooppunt::runtime::testing
