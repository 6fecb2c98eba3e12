#include "clients/cli/cli_testing.h"

#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "base/new_folder_testing.h"
#include "clients/cli/cli.h"
#include "clients/cli/profile.h"
#include "gtest/gtest.h"

namespace knooppunt::cli {

class FakeTransport final : public client::Transport {
 public:
  FakeTransport(FakeServer& server, std::string address)
      : server_(server), address_(std::move(address)) {}

  absl::Status Call(const std::string& method, const google::protobuf::Message& request,
                    google::protobuf::Message* response,
                    const client::CallOptions& options) override {
    See(method, request, options);
    const auto answer = server_.answers_.find(method);
    if (answer == server_.answers_.end()) return absl::UnimplementedError(method);
    return answer->second(request, response);
  }

  absl::Status Receive(const std::string& method, const google::protobuf::Message& request,
                       google::protobuf::Message* response, const client::CallOptions& options,
                       absl::FunctionRef<absl::Status()> each) override {
    See(method, request, options);
    const auto stream = server_.streams_.find(method);
    if (stream == server_.streams_.end()) return absl::UnimplementedError(method);
    return stream->second(request, [&](const google::protobuf::Message& message) {
      response->CopyFrom(message);
      return each();
    });
  }

  // Each message of the stream is a call that was seen; the answer is to the first.
  absl::Status Send(const std::string& method, google::protobuf::Message* request,
                    absl::FunctionRef<absl::StatusOr<bool>()> next,
                    google::protobuf::Message* response,
                    const client::CallOptions& options) override {
    const size_t first = server_.calls_.size();
    for (;;) {
      request->Clear();
      const absl::StatusOr<bool> more = next();
      if (!more.ok()) return more.status();
      if (!*more) break;
      See(method, *request, options);
    }
    const auto answer = server_.answers_.find(method);
    if (answer == server_.answers_.end()) return absl::UnimplementedError(method);
    return answer->second(*server_.calls_.at(first).request, response);
  }

 private:
  void See(const std::string& method, const google::protobuf::Message& request,
           const client::CallOptions& options) {
    std::unique_ptr<google::protobuf::Message> copy(request.New());
    copy->CopyFrom(request);
    server_.calls_.push_back({address_, method, std::move(copy), options});
  }

  FakeServer& server_;
  const std::string address_;
};

std::unique_ptr<client::Transport> FakeServer::Connect(const client::ConnectOptions& options) {
  return std::make_unique<FakeTransport>(*this, options.address);
}

CliFixture::CliFixture() : clock_(absl::FromUnixSeconds(1795338000)) {
  folder_ = ::knooppunt::testing::NewFolder("cli");
  LogInAs({});
}

CliFixture::~CliFixture() { std::filesystem::remove_all(folder_); }

void CliFixture::LogInAs(const Profile& login) {
  Profile profile = login;
  profile.server = "localhost:7443";
  profile.ca_file = "ca.pem";
  if (!profile.subject.empty()) {
    profile.token = "test.token";
    profile.expire_time = absl::ToUnixSeconds(clock_.Now()) + 600;
  }
  EXPECT_TRUE(ProfileStore(folder_).Save("default", profile).ok());
}

Ran CliFixture::Run(const std::vector<std::string>& args, const std::string& in) {
  std::istringstream input(in);
  std::ostringstream out, err;
  const Environment environment = {.home = folder_,
                                   .in = &input,
                                   .out = &out,
                                   .err = &err,
                                   .clock = &clock_,
                                   .connect = [this](const client::ConnectOptions& options)
                                       -> absl::StatusOr<std::unique_ptr<client::Transport>> {
                                     return server_.Connect(options);
                                   },
                                   .confirm =
                                       [this](const std::string& question) {
                                         questions.push_back(question);
                                         return answer;
                                       },
                                   .at_keyboard = at_keyboard,
                                   .http = http,
                                   .wait = [this](absl::Duration by) { clock_.Advance(by); }};
  const int exit_code = cli::Run(args, environment);
  return {exit_code, out.str(), err.str()};
}

}  // namespace knooppunt::cli
