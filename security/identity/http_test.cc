#include "security/identity/http.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_testing.h"
#include "gtest/gtest.h"

namespace knooppunt::identity {
namespace {

using ::knooppunt::testing::StatusIs;

// Answers one connection on loopback with fixed bytes, and keeps what it was sent.
class OneAnswer {
 public:
  explicit OneAnswer(std::string answer) : answer_(std::move(answer)) {
    socket_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    EXPECT_EQ(bind(socket_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(listen(socket_, 1), 0);
    getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }
  ~OneAnswer() {
    shutdown(socket_, SHUT_RDWR);
    thread_.join();
    close(socket_);
  }
  std::string Url(absl::string_view path = "/jwks") const {
    return absl::StrCat("http://127.0.0.1:", port_, path);
  }
  const std::string& seen() const { return seen_; }

 private:
  void Serve() {
    const int peer = accept(socket_, nullptr, nullptr);
    if (peer < 0) return;
    char buffer[4096];
    const ssize_t n = read(peer, buffer, sizeof(buffer));
    if (n > 0) seen_.assign(buffer, n);
    if (answer_.empty()) {
      // Says nothing until the other side gives up.
      while (read(peer, buffer, sizeof(buffer)) > 0) {
      }
    }
    size_t sent = 0;
    while (sent < answer_.size()) {
      const ssize_t m = send(peer, answer_.data() + sent, answer_.size() - sent, MSG_NOSIGNAL);
      if (m <= 0) break;
      sent += m;
    }
    close(peer);
  }
  std::string answer_;
  std::string seen_;
  int socket_ = -1;
  int port_ = 0;
  std::thread thread_;
};

std::string Http(absl::string_view status, absl::string_view headers, absl::string_view body) {
  return absl::StrCat("HTTP/1.1 ", status, "\r\nContent-Length: ", body.size(), "\r\n", headers,
                      "\r\n", body);
}

absl::StatusOr<HttpAnswer> Fetch(const std::string& url, const std::string& form = "",
                                 size_t max_bytes = 1000,
                                 absl::Duration timeout = absl::Seconds(10)) {
  CurlFetcher fetcher;
  return fetcher.Fetch({.url = url, .form = form, .timeout = timeout, .max_bytes = max_bytes});
}

TEST(R17Http, OnlyHttpsAndPlainLoopback) {
  for (const char* url : {"https://sso.example/jwks", "https://sso.example:8443/a?b=c",
                          "http://127.0.0.1:3000/jwks", "http://localhost/x", "http://[::1]:80/"})
    EXPECT_OK(CheckUrl(url)) << url;
  for (const char* url :
       {"http://sso.example/jwks", "http://127.0.0.2/", "http://127.0.0.1.evil.example/",
        "http://127.0.0.1@evil.example/", "https://user@sso.example/", "https://u:p@sso.example/",
        "file:///etc/passwd", "ftp://sso.example/", "gopher://127.0.0.1/", "sso.example", "",
        "https://", "http://localhost.evil.example/", "https://sso.example/#x"})
    EXPECT_THAT(CheckUrl(url), StatusIs(absl::StatusCode::kInvalidArgument)) << url;
}

TEST(R17Http, AnswersAreGivenWithTheirStatus) {
  const OneAnswer ok(Http("200 OK", "", "{}"));
  ASSERT_OK_AND_ASSIGN(HttpAnswer answer, Fetch(ok.Url()));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "{}");
  const OneAnswer bad(Http("400 Bad Request", "", R"({"error":"authorization_pending"})"));
  ASSERT_OK_AND_ASSIGN(answer, Fetch(bad.Url(), "grant_type=x"));
  EXPECT_EQ(answer.status, 400);
  EXPECT_TRUE(absl::StartsWith(bad.seen(), "POST /jwks "));
  EXPECT_TRUE(absl::EndsWith(bad.seen(), "grant_type=x"));
}

TEST(R17Http, RedirectsAreNotFollowed) {
  const OneAnswer other(Http("200 OK", "", "{}"));
  const OneAnswer first(Http("302 Found", absl::StrCat("Location: ", other.Url(), "\r\n"), ""));
  EXPECT_THAT(Fetch(first.Url()).status(), StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(other.seen(), "");
}

TEST(R17Http, TooMuchTooLateAndNobodyThere) {
  const std::string body(1001, 'x');
  const OneAnswer large(Http("200 OK", "", body));
  EXPECT_THAT(Fetch(large.Url()).status(), StatusIs(absl::StatusCode::kResourceExhausted));
  // Without a length, until the connection closes.
  const OneAnswer endless(absl::StrCat("HTTP/1.1 200 OK\r\n\r\n", std::string(5000, 'x')));
  EXPECT_THAT(Fetch(endless.Url()).status(), StatusIs(absl::StatusCode::kResourceExhausted));
  const OneAnswer silent("");
  EXPECT_THAT(Fetch(silent.Url(), "", 1000, absl::Milliseconds(50)).status(),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(Fetch("http://127.0.0.1:1/").status(), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(Fetch("file:///etc/passwd").status(), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(R17Http, FormsAreEscaped) {
  EXPECT_EQ(UrlEncode("a b&c=d+\xc3\xa9~"), "a%20b%26c%3Dd%2B%C3%A9~");
}

}  // namespace
}  // namespace knooppunt::identity
