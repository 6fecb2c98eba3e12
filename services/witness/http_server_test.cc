#include "services/witness/http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_testing.h"
#include "security/audit/http_witness_client.h"
#include "security/audit/limits.h"
#include "security/audit/testing_log.h"

namespace knooppunt::witness {
namespace {

using ::knooppunt::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class HttpServerTest : public ::testing::Test {
 protected:
  HttpServerTest() : folder_(audit::TestFolder("http")), clock_(log_.now()) {
    log_.Fill(20);  // 24 entries
    Start(absl::Seconds(5));
  }
  ~HttpServerTest() override { Stop(); }

  void Start(absl::Duration timeout) {
    Stop();
    witness_.reset();
    witness_ = *Witness::Create({.cosigner = log_.witness(),
                                 .log_keys = {log_.signer().verifier()},
                                 .state_path = folder_ + "/state",
                                 .clock = &clock_});
    server_ = *HttpServer::Create(
        {.listen = "127.0.0.1:0", .witness = witness_.get(), .timeout = timeout});
    thread_ = std::thread([this] { ran_ = server_->Run(); });
    client_ = *audit::HttpWitnessClient::Create(
        {.url = absl::StrCat("http://127.0.0.1:", server_->port(), "/")});
  }
  void Stop() {
    if (!thread_.joinable()) return;
    server_->Stop();
    thread_.join();
  }
  absl::StatusOr<std::string> Cosign(int64_t size, int64_t known_size) {
    const audit::MemoryTree tree = log_.Tree();
    return audit::CosignCheckpoint({.client = client_.get(),
                                    .hashes = &tree,
                                    .witness_keys = {log_.witness().verifier()},
                                    .checkpoint = log_.SignedCheckpoint(size),
                                    .known_size = known_size});
  }
  int Connect() {
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(server_->port()));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    const timeval patience{.tv_sec = 10, .tv_usec = 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return fd;
  }
  // Sends `bytes`, and returns what comes back until the server closes.
  std::string Raw(absl::string_view bytes) {
    const int fd = Connect();
    EXPECT_EQ(send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
    std::string answer;
    char buffer[4096];
    for (ssize_t n; (n = recv(fd, buffer, sizeof buffer, 0)) > 0;) answer.append(buffer, n);
    close(fd);
    return answer;
  }

  audit::TestLog log_;
  std::string folder_;
  base::FakeClock clock_;
  std::unique_ptr<Witness> witness_;
  std::unique_ptr<HttpServer> server_;
  std::unique_ptr<audit::HttpWitnessClient> client_;
  absl::Status ran_;
  std::thread thread_;
};

TEST_F(HttpServerTest, R24CheckpointIsCosignedOverHttp) {
  ASSERT_OK_AND_ASSIGN(const std::string note, Cosign(10, 0));
  ASSERT_OK_AND_ASSIGN(const audit::Note parsed, audit::ParseNote(note));
  EXPECT_OK(audit::VerifyNote(parsed, {log_.witness().verifier()}));
  ASSERT_OK_AND_ASSIGN(const std::string latest,
                       client_->LatestCheckpoint(audit::TestLog::kOrigin));
  EXPECT_EQ(latest, note);
  Stop();
  EXPECT_OK(ran_);
}

TEST_F(HttpServerTest, ConflictCarriesTheSizeAndTheClientGoesOnFromIt) {
  ASSERT_OK(Cosign(10, 0));
  const absl::Status conflict =
      client_->AddCheckpoint({.checkpoint = log_.SignedCheckpoint(20)}).status();
  EXPECT_THAT(conflict, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(audit::WitnessKnownSize(conflict), 10);
  EXPECT_OK(Cosign(20, 0));
}

TEST_F(HttpServerTest, RefusalsReachTheClientAsTheirCodes) {
  EXPECT_THAT(client_->AddCheckpoint({.checkpoint = "nothing"}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("answered 400")));
  audit::NoteSigner other = *audit::NoteSigner::Create(audit::TestLog::kOrigin, audit::TestKey(9));
  const std::string text = audit::ParseNote(log_.SignedCheckpoint(10))->text;
  EXPECT_THAT(client_->AddCheckpoint({.checkpoint = *other.Sign(text)}),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("answered 403")));
  other = *audit::NoteSigner::Create("other", audit::TestKey(9));
  EXPECT_THAT(client_->AddCheckpoint(
                  {.checkpoint = *other.Sign(absl::StrCat("other", text.substr(text.find('\n'))))}),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("answered 404")));
  ASSERT_OK(Cosign(10, 0));
  EXPECT_THAT(client_->AddCheckpoint({.old_size = 10, .checkpoint = log_.SignedCheckpoint(20)}),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("answered 422")));
  EXPECT_THAT(client_->LatestCheckpoint("other"), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(HttpServerTest, OtherPathsAndMethodsAreRefused) {
  EXPECT_THAT(Raw("GET / HTTP/1.0\r\n\r\n"), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(Raw("GET /add-checkpoint HTTP/1.0\r\n\r\n"), StartsWith("HTTP/1.1 405"));
  EXPECT_THAT(Raw("POST /00/checkpoint HTTP/1.0\r\nContent-Length: 0\r\n\r\n"),
              StartsWith("HTTP/1.1 405"));
  EXPECT_THAT(Raw("nonsense\r\n\r\n"), StartsWith("HTTP/1.1 400"));
}

TEST_F(HttpServerTest, ConnectionServesSeveralRequests) {
  const std::string get = "GET / HTTP/1.1\r\nHost: w\r\n";
  const std::string answers = Raw(absl::StrCat(get, "\r\n", get, "Connection: close\r\n\r\n"));
  const size_t second = answers.find("HTTP/1.1 404", 1);
  EXPECT_NE(second, std::string::npos) << answers;
  EXPECT_EQ(answers.find("HTTP/1.1 404", second + 1), std::string::npos) << answers;
}

TEST_F(HttpServerTest, BodyOverTheBoundIsRefusedBeforeItIsRead) {
  EXPECT_THAT(Raw(absl::StrCat("POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: ",
                               audit::kMaxWitnessRequestBytes + 1, "\r\n\r\n")),
              StartsWith("HTTP/1.1 413"));
}

TEST_F(HttpServerTest, SlowClientIsDroppedAndKeepsNobodyWaiting) {
  Start(absl::Milliseconds(300));
  const int slow = Connect();
  ASSERT_EQ(send(slow, "POST ", 5, MSG_NOSIGNAL), 5);
  EXPECT_OK(Cosign(10, 0));
  char byte;
  EXPECT_EQ(recv(slow, &byte, 1, 0), 0);  // closed by the server, well before our patience ends
  close(slow);
}

TEST_F(HttpServerTest, ConnectionsOverTheBoundAreClosed) {
  std::vector<int> held;
  held.reserve(audit::kMaxWitnessConnections);
  for (int i = 0; i < audit::kMaxWitnessConnections; ++i) held.push_back(Connect());
  EXPECT_EQ(Raw("GET / HTTP/1.0\r\n\r\n"), "");
  for (const int fd : held) close(fd);
}

TEST_F(HttpServerTest, StopEndsIdleConnectionsAtOnce) {
  Start(absl::Seconds(60));
  const int idle = Connect();
  EXPECT_OK(Cosign(10, 0));
  const absl::Time before = absl::Now();
  Stop();
  EXPECT_LT(absl::Now() - before, absl::Seconds(10));
  EXPECT_OK(ran_);
  close(idle);
}

TEST_F(HttpServerTest, ServerEndsWhenTheStateCannotBeWritten) {
  std::filesystem::remove_all(folder_);
  EXPECT_THAT(client_->AddCheckpoint({.checkpoint = log_.SignedCheckpoint(10)}),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("answered 500")));
  thread_.join();  // of its own accord
  EXPECT_THAT(ran_, StatusIs(absl::StatusCode::kInternal));
}

TEST_F(HttpServerTest, ClientGivesUpAtItsDeadline) {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);  // listens, and never answers
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), length), 0);
  ASSERT_EQ(listen(listener, 1), 0);
  ASSERT_EQ(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length), 0);
  ASSERT_OK_AND_ASSIGN(const auto client,
                       audit::HttpWitnessClient::Create(
                           {.url = absl::StrCat("http://127.0.0.1:", ntohs(address.sin_port)),
                            .deadline = absl::Milliseconds(200)}));
  EXPECT_THAT(client->AddCheckpoint({.checkpoint = "x"}),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  close(listener);
}

TEST_F(HttpServerTest, AddressesThatAreNotOnesAreRefused) {
  for (const char* listen : {"", "127.0.0.1", "localhost:1", "127.0.0.1:x", "127.0.0.1:65536"}) {
    EXPECT_THAT(HttpServer::Create({.listen = listen, .witness = witness_.get()}),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << listen;
  }
  EXPECT_THAT(HttpServer::Create({.listen = absl::StrCat("127.0.0.1:", server_->port()),
                                  .witness = witness_.get()}),
              StatusIs(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace knooppunt::witness
