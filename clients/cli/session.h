// One run of the command line: who is logged in, the connection, and where output goes.
// Not thread-safe.
#ifndef KNOOPPUNT_CLIENTS_CLI_SESSION_H_
#define KNOOPPUNT_CLIENTS_CLI_SESSION_H_

#include <functional>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/clock.h"
#include "clients/cli/failure.h"
#include "clients/cli/profile.h"
#include "clients/cpp/grpc_transport.h"
#include "google/protobuf/message.h"
#include "knooppunt/common/v1/types.pb.h"
#include "security/identity/http.h"

namespace knooppunt::cli {

// What a run touches outside itself, for main() and tests to supply.
struct Environment {
  std::string home;  // of the profiles
  std::istream* in = nullptr;
  std::ostream* out = nullptr;
  std::ostream* err = nullptr;
  const base::Clock* clock = nullptr;
  std::function<absl::StatusOr<std::unique_ptr<client::Transport>>(const client::ConnectOptions&)>
      connect;
  // Asks the person at the keyboard; true at once when there is none.
  std::function<bool(const std::string& question)> confirm;
  bool at_keyboard = true;  // there is a person to ask
  // For logging in at an OpenID provider.
  identity::HttpFetcher* http = nullptr;
  std::function<void(absl::Duration)> wait;
  Language language = Language::kEnglish;  // of what goes wrong
};

enum class OutputFormat { kTable, kJson };

struct GlobalOptions {
  std::string server;  // "host:port", or "host:port,unit=host:port,..."
  std::string ca_file;
  std::string profile = "default";
  common::v1::Purpose purpose = common::v1::PURPOSE_UNSPECIFIED;
  OutputFormat output = OutputFormat::kTable;
  bool quiet = false;
  double timeout_seconds = 10;
  std::string request_id;  // of an act that is sent again
};

class Session {
 public:
  Session(GlobalOptions options, const Environment& environment)
      : options_(std::move(options)), environment_(environment), profiles_(environment.home) {}

  const GlobalOptions& options() const { return options_; }
  ProfileStore& profiles() { return profiles_; }
  absl::Time now() const { return environment_.clock->Now(); }
  std::istream& in() { return *environment_.in; }
  std::ostream& out() { return *environment_.out; }
  // For what a person should read beside the result: the result's stream when that is a table,
  // else the error stream, so that programs read the result alone.
  std::ostream& notes();
  bool Confirm(const std::string& question) { return environment_.confirm(question); }
  const Environment& environment() const { return environment_; }
  // Whether Confirm asks anybody.
  bool at_keyboard() const { return environment_.at_keyboard; }
  // How far a long command is, for a person at the keyboard: one line that is written over.
  void ShowProgress(absl::string_view what, int64_t done, int64_t of);
  // The purpose of a command that has only one, whatever the profile says.
  void State(common::v1::Purpose purpose) { stated_ = purpose; }

  // The profile of this run, with --server and --ca over it. Loaded once.
  absl::StatusOr<Profile*> profile();

  // Calls as the person logged in. Fills an empty request_id field. UNAUTHENTICATED, without a
  // call, when nobody is logged in or the login has ended.
  absl::Status Call(const std::string& method, google::protobuf::Message& request,
                    google::protobuf::Message* response);
  // As Call, for a method that streams its answers: `each` sees them one by one in `response`.
  absl::Status Receive(const std::string& method, const google::protobuf::Message& request,
                       google::protobuf::Message* response, absl::FunctionRef<absl::Status()> each);
  // As Call, for a method that streams its requests: `opening`, then what `next` fills in until it
  // answers false.
  absl::Status SendAll(const std::string& method, google::protobuf::Message& opening,
                       absl::FunctionRef<absl::StatusOr<bool>(google::protobuf::Message*)> next,
                       google::protobuf::Message* response);
  // Calls as nobody, for logging in.
  absl::Status CallAnonymously(const std::string& method, const google::protobuf::Message& request,
                               google::protobuf::Message* response);

  // Prints a result in the form that was asked for; `table` prints it for people.
  template <typename M>
  absl::Status Show(const M& message, const std::function<void(const M&, std::ostream&)>& table) {
    if (!ShowForPrograms(message)) table(message, out());
    return absl::OkStatus();
  }
  // Call and Show.
  template <typename M>
  absl::Status CallAndShow(const std::string& method, google::protobuf::Message& request,
                           const std::function<void(const M&, std::ostream&)>& table) {
    M response;
    if (absl::Status status = Call(method, request, &response); !status.ok()) return status;
    return Show<M>(response, table);
  }
  // Prints a sentence, in tables only.
  void Say(absl::string_view sentence);

 private:
  bool ShowForPrograms(const google::protobuf::Message& message);
  absl::StatusOr<client::Transport*> TransportFor(const std::string& method);
  // As the person logged in, for the purpose that was stated.
  absl::StatusOr<client::CallOptions> OptionsFor(const std::string& method);
  void FillRequestId(google::protobuf::Message& request) const;
  absl::Status Send(const std::string& method, const google::protobuf::Message& request,
                    google::protobuf::Message* response, client::CallOptions call);

  const GlobalOptions options_;
  const Environment& environment_;
  common::v1::Purpose stated_ = common::v1::PURPOSE_UNSPECIFIED;
  ProfileStore profiles_;
  std::unique_ptr<Profile> profile_;
  std::map<std::string, std::unique_ptr<client::Transport>> transports_;  // by address
};

// The address of `unit` in what --server takes: its own if it has one, else the plain one.
// INVALID_ARGUMENT when there is neither.
absl::StatusOr<std::string> AddressOf(absl::string_view servers, absl::string_view unit);

}  // namespace knooppunt::cli

#endif  // KNOOPPUNT_CLIENTS_CLI_SESSION_H_
