// One call on its way through Host. Internal to the runtime. Not thread-safe: one thread at a time
// has it.
#ifndef KNOOPPUNT_SERVICES_RUNTIME_HOST_CALL_H_
#define KNOOPPUNT_SERVICES_RUNTIME_HOST_CALL_H_

#include <memory>
#include <string>
#include <vector>

#include "knooppunt/access/v1/access.pb.h"
#include "services/runtime/host.h"
#include "services/runtime/replays.h"

namespace knooppunt::runtime {

// What a call does for the stream that it is a message of.
struct StreamPart {
  enum class Kind { kNext, kOpen, kTake, kFinish };
  Kind kind = Kind::kNext;
  void* state = nullptr;                         // the stream's
  std::shared_ptr<const Host::Message> message;  // of kOpen and kTake
  Flow flow = Flow::kMore;                       // of kNext, what the handler said
  bool committed = false;                        // of the others: what it wrote stays
  bool replayed = false;                         // answered by its request_id, not by this stream
};

// One call on its way.
struct Host::Call {
  const Registry::Entry* entry = nullptr;
  CallMeta meta;
  std::shared_ptr<const Message> request;
  std::shared_ptr<Message> response;
  Done done;

  access::v1::TokenClaims claims;
  std::string call_id;
  std::string id_seed;
  std::string resource;
  std::string other;  // of a second family, for a method that is about two
  std::string new_family;
  absl::Status input;  // what was wrong with the name or the demands, told only to the allowed
  bool malformed = false;
  Demands demands;
  ReplayKey replay_key;
  Replay replay;

  access::v1::Decision decision;  // of a refusal; an admitted one is in `admitted`
  crypto::SecretBytes audit_key;
  crypto::SecretBytes other_audit_key;  // of a second family that the decision was about
  std::unique_ptr<AuthorizedCall> admitted;
  // For lists: a call and an audit key per family.
  std::vector<AuthorizedCall> families;
  std::vector<crypto::SecretBytes> family_audit_keys;

  StreamPart* part = nullptr;  // not owned; null for a call that is all there is

  // Whether it does what its request_id names: a change, or the end of a stream of requests.
  bool IsAct() const {
    return entry->rule.mutation() && (part == nullptr || part->kind == StreamPart::Kind::kFinish);
  }
  // Whether a request_id that was used already answers it.
  bool MayReplay() const {
    return IsAct() || (part != nullptr && part->kind == StreamPart::Kind::kOpen);
  }
  // There was nothing to say, so nothing goes out and nothing is recorded.
  bool SaysNothing() const { return part != nullptr && part->flow == Flow::kNothing; }

  // The handler: of a read or a list, and of a change; the last may run twice.
  absl::Status Look(storage::ReadTx& tx);
  absl::Status LookAtAll(storage::ReadTx& tx);
  absl::Status Work(storage::WriteTx& tx);

  const access::v1::Decision& Decided() const {
    return admitted != nullptr ? admitted->decision() : decision;
  }
};

}  // namespace knooppunt::runtime

#endif  // KNOOPPUNT_SERVICES_RUNTIME_HOST_CALL_H_
