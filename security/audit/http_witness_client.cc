#include "security/audit/http_witness_client.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status.h"
#include "security/audit/checkpoint.h"
#include "security/audit/limits.h"
#include "security/crypto/hash.h"

namespace knooppunt::audit {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;
using boost::system::error_code;

absl::Status Failed(absl::string_view act, const error_code& error) {
  const std::string message =
      absl::StrCat("the witness cannot be reached: ", act, ": ", error.message());
  return error == beast::error::timeout ? absl::DeadlineExceededError(message)
                                        : absl::UnavailableError(message);
}

// One exchange, its steps chained on an io_context of its own so that one deadline
// covers them all.
class Connection {
 public:
  Connection(http::request<http::string_body> request, absl::Duration deadline)
      : stream_(context_), request_(std::move(request)) {
    stream_.expires_after(absl::ToChronoNanoseconds(deadline));
    parser_.body_limit(kMaxWitnessResponseBytes);
  }

  absl::Status Run(const tcp::resolver::results_type& endpoints) {
    stream_.async_connect(endpoints, [this](error_code error, const tcp::endpoint&) {
      if (error) return Fail("connect", error);
      Write();
    });
    context_.run();
    return status_;
  }
  const http::response<http::string_body>& response() const { return parser_.get(); }

 private:
  void Write() {
    http::async_write(stream_, request_, [this](error_code error, size_t) {
      if (error) return Fail("write", error);
      Read();
    });
  }
  void Read() {
    http::async_read(stream_, buffer_, parser_, [this](error_code error, size_t) {
      if (error) return Fail("read", error);
    });
  }
  void Fail(absl::string_view act, const error_code& error) { status_ = Failed(act, error); }

  asio::io_context context_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
  http::response_parser<http::string_body> parser_;
  absl::Status status_;
};

absl::Status StatusOf(int http_status, absl::string_view body) {
  const std::string message = absl::StrCat("the witness answered ", http_status, ": ",
                                           absl::StripAsciiWhitespace(body.substr(0, 200)));
  switch (http_status) {
    case 400:
      return absl::InvalidArgumentError(message);
    case 403:
      return absl::PermissionDeniedError(message);
    case 404:
      return absl::NotFoundError(message);
    case 422:
      return absl::DataLossError(message);
    default:
      return absl::UnavailableError(message);
  }
}

}  // namespace

struct HttpWitnessClient::Call {
  http::verb verb;
  std::string target;
  std::string body;
};

absl::StatusOr<std::unique_ptr<HttpWitnessClient>> HttpWitnessClient::Create(
    const Options& options) {
  const absl::Status malformed = absl::InvalidArgumentError(
      absl::StrCat("a witness's address is http://host[:port][/path], not ", options.url));
  absl::string_view rest = options.url;
  if (!absl::ConsumePrefix(&rest, "http://")) return malformed;
  while (absl::ConsumeSuffix(&rest, "/")) {
  }
  auto client = std::unique_ptr<HttpWitnessClient>(new HttpWitnessClient);
  const size_t slash = rest.find('/');
  if (slash != absl::string_view::npos) client->path_ = std::string(rest.substr(slash));
  absl::string_view authority = rest.substr(0, slash);
  client->port_ = "80";
  const size_t colon = authority.rfind(':');
  if (colon != absl::string_view::npos && !absl::EndsWith(authority, "]")) {
    const absl::StatusOr<int64_t> port = ParseDecimal(authority.substr(colon + 1));
    if (!port.ok() || *port < 1 || *port > 65535) return malformed;
    client->port_ = absl::StrCat(*port);
    authority = authority.substr(0, colon);
  }
  if (absl::ConsumePrefix(&authority, "[") && !absl::ConsumeSuffix(&authority, "]")) {
    return malformed;
  }
  for (const char c : rest) {
    if (!absl::ascii_isgraph(static_cast<unsigned char>(c))) return malformed;
  }
  if (authority.empty()) return malformed;
  client->host_ = std::string(authority);
  client->deadline_ = options.deadline;
  return client;
}

absl::StatusOr<HttpWitnessClient::Answer> HttpWitnessClient::Exchange(const Call& call) const {
  http::request<http::string_body> request(call.verb, call.target, 11);
  request.set(http::field::host, host_);
  request.set(http::field::user_agent, "knooppunt");
  request.set(http::field::content_type, "text/plain; charset=utf-8");
  request.keep_alive(false);
  request.body() = call.body;
  request.prepare_payload();

  asio::io_context resolving;
  error_code error;
  const auto endpoints = tcp::resolver(resolving).resolve(host_, port_, error);
  if (error) return Failed("resolve", error);
  Connection connection(std::move(request), deadline_);
  KP_RETURN_IF_ERROR(connection.Run(endpoints));
  const auto& response = connection.response();
  return Answer{.status = static_cast<int>(response.result_int()),
                .content_type = std::string(response[http::field::content_type]),
                .body = response.body()};
}

absl::StatusOr<std::string> HttpWitnessClient::AddCheckpoint(const AddCheckpointRequest& request) {
  KP_ASSIGN_OR_RETURN(Answer answer, Exchange({.verb = http::verb::post,
                                               .target = absl::StrCat(path_, "/add-checkpoint"),
                                               .body = FormatAddCheckpoint(request)}));
  if (answer.status == 409) {
    absl::string_view text = answer.body;
    const bool ended = absl::ConsumeSuffix(&text, "\n");
    const absl::StatusOr<int64_t> size = ParseDecimal(text);
    if (answer.content_type != "text/x.tlog.size" || !ended || !size.ok()) {
      return absl::UnavailableError("the witness answered 409 without a size");
    }
    return WitnessHasAnotherSize(*size);
  }
  if (answer.status != 200) return StatusOf(answer.status, answer.body);
  if (!ParseSignatureLines(answer.body).ok()) {
    return absl::UnavailableError("the witness answered 200 without signature lines");
  }
  return std::move(answer.body);
}

absl::StatusOr<std::string> HttpWitnessClient::LatestCheckpoint(absl::string_view origin) {
  const std::string hash = crypto::HexEncode(crypto::Sha256(origin));
  KP_ASSIGN_OR_RETURN(
      Answer answer,
      Exchange({.verb = http::verb::get, .target = absl::StrCat(path_, "/", hash, "/checkpoint")}));
  if (answer.status != 200) return StatusOf(answer.status, answer.body);
  return std::move(answer.body);
}

}  // namespace knooppunt::audit
