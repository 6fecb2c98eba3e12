#include "services/runtime/grpc_wire.h"

#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/support/proto_buffer_reader.h>
#include <grpcpp/support/proto_buffer_writer.h>

#include <algorithm>
#include <string>

#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "base/error.h"
#include "base/status.h"
#include "google/rpc/status.pb.h"
#include "services/runtime/errors.h"

namespace knooppunt::runtime::wire {
namespace {

using google::protobuf::Message;

constexpr char kServicePrefix[] = "spiffe://knooppunt/";

std::string Metadata(const grpc::GenericCallbackServerContext& context, const char* key) {
  const auto it = context.client_metadata().find(key);
  return it == context.client_metadata().end() ? ""
                                               : std::string(it->second.data(), it->second.size());
}

// The unit that the peer's verified certificate names; "" when there is none.
std::string PeerService(const grpc::GenericCallbackServerContext& context) {
  const auto auth = context.auth_context();
  if (auth == nullptr || !auth->IsPeerAuthenticated()) return "";
  for (const grpc::string_ref& uri : auth->FindPropertyValues("peer_spiffe_id")) {
    absl::string_view name(uri.data(), uri.size());
    if (absl::ConsumePrefix(&name, kServicePrefix)) return std::string(name);
  }
  return "";
}

}  // namespace

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  google::rpc::Status details;
  details.set_code(static_cast<int>(status.code()));
  details.set_message(std::string(status.message()));
  google::rpc::ErrorInfo info;
  info.set_reason(base::ReasonOf(status));
  info.set_domain("knooppunt");
  const std::string rule = base::RuleOf(status);
  if (!rule.empty()) (*info.mutable_metadata())["rule"] = rule;
  details.add_details()->PackFrom(info);
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), std::string(status.message()),
                      details.SerializeAsString());
}

grpc::ByteBuffer Serialize(const Message& message) {
  grpc::ByteBuffer buffer;
  bool own = false;
  const grpc::Status s =
      grpc::GenericSerialize<grpc::ProtoBufferWriter, google::protobuf::MessageLite>(message,
                                                                                     &buffer, &own);
  return s.ok() ? buffer : grpc::ByteBuffer();
}

bool Parse(grpc::ByteBuffer* buffer, Message* message) {
  grpc::ProtoBufferReader reader(buffer);
  const bool parsed = reader.status().ok() && message->ParseFromZeroCopyStream(&reader);
  buffer->Clear();
  return parsed;
}

absl::StatusOr<Admitted> Admit(const grpc::GenericCallbackServerContext& context,
                               const Switchboard& switchboard, absl::Duration longest) {
  Admitted call;
  const absl::Time now = absl::Now();
  const absl::Time deadline = absl::FromChrono(context.deadline());
  if (deadline > now + absl::Hours(24)) call.flaw = errors::DeadlineNeeded();
  call.meta.deadline = std::min(deadline, now + longest);
  call.target = switchboard.Find(context.method());
  if (call.target.entry == nullptr) return errors::UnknownMethod();
  call.meta.service = PeerService(context);
  const std::string authorization = Metadata(context, "authorization");
  absl::string_view token = authorization;
  if (absl::ConsumePrefix(&token, "Bearer ")) call.meta.token = std::string(token);
  common::v1::Purpose_Parse(Metadata(context, "knooppunt-purpose"), &call.meta.purpose);
  KP_RETURN_IF_ERROR(call.target.host->Authenticate(*call.target.entry, call.meta));
  return call;
}

}  // namespace knooppunt::runtime::wire
