// For tests: a command line whose server is a table of answers. Not thread-safe.
#ifndef KNOOPPUNT_CLIENTS_CLI_CLI_TESTING_H_
#define KNOOPPUNT_CLIENTS_CLI_CLI_TESTING_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "base/clock.h"
#include "clients/cli/session.h"
#include "clients/cpp/transport.h"

namespace knooppunt::cli {

// One call as the server saw it.
struct SeenCall {
  std::string address;
  std::string method;
  std::unique_ptr<google::protobuf::Message> request;
  client::CallOptions options;
};

class FakeServer {
 public:
  using Answer = std::function<absl::Status(const google::protobuf::Message& request,
                                            google::protobuf::Message* response)>;

  // How a method answers; one without an answer is UNIMPLEMENTED.
  void Set(const std::string& method, Answer answer) { answers_[method] = std::move(answer); }
  template <typename M>
  void SetResponse(const std::string& method, const M& response) {
    Set(method, [response](const google::protobuf::Message&, google::protobuf::Message* out) {
      out->CopyFrom(response);
      return absl::OkStatus();
    });
  }
  // How a method that streams its answers answers: it gives each to `tell`.
  using Tell = std::function<absl::Status(const google::protobuf::Message&)>;
  using Stream = std::function<absl::Status(const google::protobuf::Message& request, const Tell&)>;
  void SetStream(const std::string& method, Stream stream) { streams_[method] = std::move(stream); }
  void SetError(const std::string& method, const absl::Status& error) {
    Set(method,
        [error](const google::protobuf::Message&, google::protobuf::Message*) { return error; });
  }

  std::unique_ptr<client::Transport> Connect(const client::ConnectOptions& options);
  const std::vector<SeenCall>& calls() const { return calls_; }
  // The request of call `i`, which must be of type M.
  template <typename M>
  const M& Request(size_t i) const {
    return dynamic_cast<const M&>(*calls_.at(i).request);
  }

 private:
  friend class FakeTransport;
  std::map<std::string, Answer> answers_;
  std::map<std::string, Stream> streams_;
  std::vector<SeenCall> calls_;
};

struct Ran {
  int exit_code = 0;
  std::string out;
  std::string err;
};

// A folder of profiles, a clock that stands still at 2026-11-22T09:00:00Z, and a server. The
// profile "default" knows the server.
class CliFixture {
 public:
  CliFixture();
  ~CliFixture();

  Ran Run(const std::vector<std::string>& args, const std::string& in = "");
  // Puts a login into the profile "default", without a server's help.
  void LogInAs(const Profile& login);
  void LogInAsStaff() {
    LogInAs({.subject = "professionals/ib",
             .organisation = "organisations/mosalira",
             .function = common::v1::FUNCTION_INTERN_BEGELEIDER});
  }
  void LogInAsParent() { LogInAs({.subject = "accounts/moeder"}); }

  FakeServer& server() { return server_; }
  base::FakeClock& clock() { return clock_; }
  const std::string& folder() const { return folder_; }
  // What is asked of the person at the keyboard, and what they answer.
  std::vector<std::string> questions;
  bool answer = true;
  bool at_keyboard = true;
  // An OpenID provider, for the tests that log in at one. Not owned. Waiting moves the clock.
  identity::HttpFetcher* http = nullptr;

 private:
  std::string folder_;
  FakeServer server_;
  base::FakeClock clock_;
};

}  // namespace knooppunt::cli

#endif  // KNOOPPUNT_CLIENTS_CLI_CLI_TESTING_H_
