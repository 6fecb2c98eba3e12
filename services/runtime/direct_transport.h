// Calls within one process: no gRPC, no serialization; identity is this capability, minted
// by whoever wires the units together, never metadata. Thread-safe.
#ifndef KNOOPPUNT_SERVICES_RUNTIME_DIRECT_TRANSPORT_H_
#define KNOOPPUNT_SERVICES_RUNTIME_DIRECT_TRANSPORT_H_

#include <memory>
#include <string>
#include <vector>

#include "clients/cpp/transport.h"
#include "services/runtime/host.h"
#include "services/runtime/stream.h"

namespace knooppunt::runtime {

// The units of this process. Filled before the first call, then immutable.
class Switchboard {
 public:
  void Add(Host* host) { hosts_.push_back(host); }
  // The host and entry of a method; host is nullptr when it is not served here.
  struct Target {
    Host* host = nullptr;
    const Registry::Entry* entry = nullptr;
  };
  Target Find(absl::string_view method) const;
  const std::vector<Host*>& hosts() const { return hosts_; }

 private:
  std::vector<Host*> hosts_;
};

class DirectTransport final : public client::Transport {
 public:
  // `service`: the unit that calls, or "" for a person (then CallOptions::token speaks).
  DirectTransport(const Switchboard* switchboard, std::string service)
      : switchboard_(switchboard), service_(std::move(service)) {}

  absl::Status Call(const std::string& method, const google::protobuf::Message& request,
                    google::protobuf::Message* response,
                    const client::CallOptions& options) override;
  absl::Status Receive(const std::string& method, const google::protobuf::Message& request,
                       google::protobuf::Message* response, const client::CallOptions& options,
                       absl::FunctionRef<absl::Status()> each) override;
  absl::Status Send(const std::string& method, google::protobuf::Message* request,
                    absl::FunctionRef<absl::StatusOr<bool>()> next,
                    google::protobuf::Message* response,
                    const client::CallOptions& options) override;

 private:
  absl::StatusOr<std::unique_ptr<Stream>> Open(const std::string& method,
                                               const google::protobuf::Message& request,
                                               const google::protobuf::Message& response,
                                               const client::CallOptions& options);

  const Switchboard* const switchboard_;
  const std::string service_;
};

}  // namespace knooppunt::runtime

#endif  // KNOOPPUNT_SERVICES_RUNTIME_DIRECT_TRANSPORT_H_
