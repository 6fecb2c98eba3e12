#include "services/witness/http_server.h"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <csignal>
#include <functional>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/log.h"

namespace knooppunt::witness {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;
using boost::system::error_code;

constexpr uint32_t kMaxHeaderBytes = 8 << 10;
constexpr std::chrono::milliseconds kAcceptPause(100);

class Session;

// What the sessions share. Used on the server's thread only.
struct Shared {
  Witness* witness = nullptr;
  absl::Duration timeout;
  bool stopping = false;
  std::function<void()> close;  // the server's
  std::set<Session*> sessions;
};

Response Route(Witness& witness, const http::request<http::string_body>& request) {
  const std::string target(request.target());
  if (target == "/add-checkpoint") {
    if (request.method() == http::verb::post) return witness.AddCheckpoint(request.body());
    return {.status = 405, .content_type = "text/plain", .body = "POST it\n"};
  }
  absl::string_view hash = target;
  if (absl::ConsumePrefix(&hash, "/") && absl::ConsumeSuffix(&hash, "/checkpoint")) {
    if (request.method() == http::verb::get) return witness.LatestCheckpoint(hash);
    return {.status = 405, .content_type = "text/plain", .body = "GET it\n"};
  }
  return {.status = 404, .content_type = "text/plain", .body = "not here\n"};
}

// One connection: requests one after another, each with a deadline of its own from
// the moment it is waited for.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, Shared* shared) : stream_(std::move(socket)), shared_(shared) {
    shared_->sessions.insert(this);
  }
  ~Session() { shared_->sessions.erase(this); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void Read() {
    parser_.emplace();
    parser_->body_limit(audit::kMaxWitnessRequestBytes);
    parser_->header_limit(kMaxHeaderBytes);
    stream_.expires_after(absl::ToChronoNanoseconds(shared_->timeout));
    reading_ = true;
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](error_code error, size_t) {
                       self->reading_ = false;
                       self->OnRequest(error);
                     });
  }
  // Ends a session that has no request to answer.
  void CloseIfReading() {
    if (reading_) stream_.close();
  }

 private:
  void OnRequest(const error_code& error) {
    if (error == http::error::body_limit || error == http::error::header_limit) {
      return Answer({.status = 413, .content_type = "text/plain", .body = "too large\n"}, false);
    }
    if (error && error.category() == make_error_code(http::error::bad_method).category() &&
        error != http::error::end_of_stream && error != http::error::partial_message) {
      return Answer({.status = 400, .content_type = "text/plain", .body = "not HTTP\n"}, false);
    }
    if (error) return;  // closed, timed out, or stopping
    Answer(Route(*shared_->witness, parser_->get()), parser_->get().keep_alive());
  }

  void Answer(Response answer, bool keep_alive) {
    keep_alive = keep_alive && !shared_->stopping && !shared_->witness->failed();
    response_ = {};
    response_.version(11);
    response_.result(static_cast<unsigned>(answer.status));
    response_.set(http::field::content_type, answer.content_type);
    response_.keep_alive(keep_alive);
    response_.body() = std::move(answer.body);
    response_.prepare_payload();
    http::async_write(stream_, response_,
                      [self = shared_from_this(), keep_alive](error_code error, size_t) {
                        if (self->shared_->witness->failed()) self->shared_->close();
                        if (!error && keep_alive && !self->shared_->stopping) return self->Read();
                        error_code ignored;
                        self->stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
                      });
  }

  beast::tcp_stream stream_;
  Shared* const shared_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> response_;
  bool reading_ = false;
};

class BeastServer final : public HttpServer {
 public:
  explicit BeastServer(const Options& options)
      : acceptor_(context_), signals_(context_), pause_(context_) {
    shared_.close = [this] { Close(); };
    shared_.witness = options.witness;
    shared_.timeout = options.timeout;
  }

  error_code Listen(const tcp::endpoint& endpoint) {
    error_code error;
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    return error;
  }
  void StopOnSignals() {
    signals_.add(SIGTERM);
    signals_.add(SIGINT);
    signals_.async_wait([this](error_code error, int) {
      if (!error) Close();
    });
  }

  int port() const override { return acceptor_.local_endpoint().port(); }
  absl::Status Run() override {
    Accept();
    context_.run();
    if (shared_.witness->failed()) {
      return absl::InternalError("the witness could not write its state");
    }
    return absl::OkStatus();
  }
  void Stop() override {
    asio::post(context_, [this] { Close(); });
  }

 private:
  void Accept() {
    acceptor_.async_accept([this](error_code error, tcp::socket socket) {
      if (shared_.stopping) return;
      if (error) return Pause();
      // Over the bound the socket closes here; the client may come again.
      if (shared_.sessions.size() < audit::kMaxWitnessConnections) {
        std::make_shared<Session>(std::move(socket), &shared_)->Read();
      }
      Accept();
    });
  }
  // Accepting fails when descriptors run out; trying again at once would only spin.
  void Pause() {
    pause_.expires_after(kAcceptPause);
    pause_.async_wait([this](error_code error) {
      if (!error && !shared_.stopping) Accept();
    });
  }
  void Close() {
    shared_.stopping = true;
    error_code ignored;
    acceptor_.close(ignored);
    signals_.cancel(ignored);
    pause_.cancel();
    // Closing ends no session at once: that happens when its read is called back.
    for (Session* session : shared_.sessions) session->CloseIfReading();
  }

  Shared shared_;  // outlives the sessions that the context holds
  asio::io_context context_{1};
  tcp::acceptor acceptor_;
  asio::signal_set signals_;
  asio::steady_timer pause_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Create(const Options& options) {
  const size_t colon = options.listen.rfind(':');
  const absl::StatusOr<int64_t> port = colon == std::string::npos
                                           ? absl::StatusOr<int64_t>(-1)
                                           : audit::ParseDecimal(options.listen.substr(colon + 1));
  std::string host = options.listen.substr(0, colon == std::string::npos ? 0 : colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  error_code error;
  const asio::ip::address address = asio::ip::make_address(host, error);
  if (error || !port.ok() || *port < 0 || *port > 65535) {
    return absl::InvalidArgumentError(
        absl::StrCat("an address to listen on is <IP address>:<port>, not ", options.listen));
  }
  auto server = std::make_unique<BeastServer>(options);
  error = server->Listen({address, static_cast<uint16_t>(*port)});
  if (error) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", options.listen, ": ", error.message()));
  }
  if (options.stop_on_signals) server->StopOnSignals();
  return server;
}

}  // namespace knooppunt::witness
