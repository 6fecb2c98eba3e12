#include "clients/cli/session.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/status.h"
#include "clients/cli/failure.h"
#include "clients/cli/output.h"
#include "clients/cli/purpose.h"
#include "clients/cpp/request_id.h"
#include "google/protobuf/descriptor.h"

namespace knooppunt::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// "/knooppunt.casework.v1.CaseworkService/GetCase" -> "dossier".
std::string UnitOf(absl::string_view method) {
  const std::vector<absl::string_view> words = absl::StrSplit(method, '.');
  const absl::string_view service = words.size() > 1 ? words[1] : "";
  static constexpr absl::string_view kOfDossier[] = {"casework", "consent",  "documents",
                                                     "family",   "handover", "meetings",
                                                     "plan",     "requests", "worklist"};
  if (std::find(std::begin(kOfDossier), std::end(kOfDossier), service) != std::end(kOfDossier)) {
    return "dossier";
  }
  return std::string(service);
}

const FieldDescriptor* RequestIdField(const Message& request) {
  return request.GetDescriptor()->FindFieldByName("request_id");
}

// What a person must know when a change had no answer: it may have been made all the same.
absl::Status WithRequestId(const absl::Status& status, const Message& request) {
  const FieldDescriptor* field = RequestIdField(request);
  const bool uncertain = absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status);
  if (field == nullptr || !uncertain) return status;
  return base::MakeError(
      status.code(), base::ReasonOf(status), base::RuleOf(status),
      absl::StrCat(
          status.message(),
          " (it may have been recorded all the same: repeat the command with --request-id ",
          request.GetReflection()->GetString(request, field), ")"));
}

}  // namespace

absl::StatusOr<std::string> AddressOf(absl::string_view servers, absl::string_view unit) {
  std::string plain;
  for (const absl::string_view part : absl::StrSplit(servers, ',', absl::SkipEmpty())) {
    const std::vector<absl::string_view> pair = absl::StrSplit(part, absl::MaxSplits('=', 1));
    if (pair.size() == 1) plain = std::string(part);
    if (pair.size() == 2 && pair[0] == unit) return std::string(pair[1]);
  }
  if (plain.empty()) {
    return InputError(
        absl::StrCat("no server is known for ", unit,
                     "; set one: knooppunt profile set --server HOST:PORT --ca FILE"));
  }
  return plain;
}

std::ostream& Session::notes() {
  const bool table = options_.output == OutputFormat::kTable && !options_.quiet;
  return table ? *environment_.out : *environment_.err;
}

absl::StatusOr<Profile*> Session::profile() {
  if (profile_ == nullptr) {
    KP_ASSIGN_OR_RETURN(Profile loaded, profiles_.Load(options_.profile));
    if (!options_.server.empty()) loaded.server = options_.server;
    if (!options_.ca_file.empty()) loaded.ca_file = options_.ca_file;
    profile_ = std::make_unique<Profile>(std::move(loaded));
  }
  return profile_.get();
}

absl::StatusOr<client::Transport*> Session::TransportFor(const std::string& method) {
  KP_ASSIGN_OR_RETURN(const Profile* profile, this->profile());
  KP_ASSIGN_OR_RETURN(const std::string address, AddressOf(profile->server, UnitOf(method)));
  std::unique_ptr<client::Transport>& transport = transports_[address];
  if (transport == nullptr) {
    auto connected = environment_.connect({.address = address, .ca_file = profile->ca_file});
    if (!connected.ok()) return InputError(connected.status());
    transport = *std::move(connected);
  }
  return transport.get();
}

absl::Status Session::Send(const std::string& method, const Message& request, Message* response,
                           client::CallOptions call) {
  KP_ASSIGN_OR_RETURN(client::Transport * transport, TransportFor(method));
  call.timeout = absl::Seconds(options_.timeout_seconds);
  return transport->Call(method, request, response, call);
}

absl::StatusOr<client::CallOptions> Session::OptionsFor(const std::string& method) {
  KP_ASSIGN_OR_RETURN(const Profile* profile, this->profile());
  if (profile->token.empty()) return NotLoggedIn();
  if (absl::ToUnixSeconds(now()) >= profile->expire_time) return LoginExpired();
  client::CallOptions call = {.token = profile->token, .purpose = stated_};
  if (call.purpose == common::v1::PURPOSE_UNSPECIFIED) call.purpose = options_.purpose;
  if (call.purpose == common::v1::PURPOSE_UNSPECIFIED) call.purpose = profile->purpose;
  if (call.purpose == common::v1::PURPOSE_UNSPECIFIED) {
    call.purpose = DefaultPurpose(method, *profile);
  }
  return call;
}

void Session::FillRequestId(Message& request) const {
  const FieldDescriptor* field = RequestIdField(request);
  if (field == nullptr || !request.GetReflection()->GetString(request, field).empty()) return;
  request.GetReflection()->SetString(
      &request, field, options_.request_id.empty() ? client::NewRequestId() : options_.request_id);
}

absl::Status Session::Call(const std::string& method, Message& request, Message* response) {
  KP_ASSIGN_OR_RETURN(const client::CallOptions call, OptionsFor(method));
  FillRequestId(request);
  return WithRequestId(Send(method, request, response, call), request);
}

absl::Status Session::Receive(const std::string& method, const Message& request, Message* response,
                              absl::FunctionRef<absl::Status()> each) {
  KP_ASSIGN_OR_RETURN(client::CallOptions call, OptionsFor(method));
  call.timeout = absl::Seconds(limits::kMaxStreamSeconds);
  KP_ASSIGN_OR_RETURN(client::Transport * transport, TransportFor(method));
  return transport->Receive(method, request, response, call, each);
}

absl::Status Session::SendAll(const std::string& method, Message& opening,
                              absl::FunctionRef<absl::StatusOr<bool>(Message*)> next,
                              Message* response) {
  KP_ASSIGN_OR_RETURN(client::CallOptions call, OptionsFor(method));
  call.timeout = absl::Seconds(limits::kMaxStreamSeconds);
  FillRequestId(opening);
  KP_ASSIGN_OR_RETURN(client::Transport * transport, TransportFor(method));
  const std::unique_ptr<Message> message(opening.New());
  bool opened = false;
  const auto fill = [&]() -> absl::StatusOr<bool> {
    if (opened) return next(message.get());
    message->CopyFrom(opening);
    opened = true;
    return true;
  };
  return WithRequestId(transport->Send(method, message.get(), fill, response, call), opening);
}

absl::Status Session::CallAnonymously(const std::string& method, const Message& request,
                                      Message* response) {
  return Send(method, request, response, {});
}

bool Session::ShowForPrograms(const Message& message) {
  if (options_.output == OutputFormat::kJson) {
    out() << ToJson(message) << "\n";
    return true;
  }
  if (!options_.quiet) return false;
  for (const std::string& name : NamesIn(message)) out() << Printable(name) << "\n";
  return true;
}

void Session::ShowProgress(absl::string_view what, int64_t done, int64_t of) {
  if (!environment_.at_keyboard || options_.quiet || of == 0) return;
  *environment_.err << "\r" << what << " " << done * 100 / of << "% of " << MegaBytes(of)
                    << (done == of ? "\n" : "") << std::flush;
}

void Session::Say(absl::string_view sentence) {
  if (options_.output == OutputFormat::kTable && !options_.quiet) {
    out() << Printable(sentence) << "\n";
  }
}

}  // namespace knooppunt::cli
