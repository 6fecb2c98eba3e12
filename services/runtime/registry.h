// What a unit serves: its methods, each with the rule from its proto, checked when the
// server starts (promise P1), and a handler that cannot run without the gate's proof (P2).
// Not thread-safe while filling; immutable and thread-safe once the server runs.
#ifndef KNOOPPUNT_SERVICES_RUNTIME_REGISTRY_H_
#define KNOOPPUNT_SERVICES_RUNTIME_REGISTRY_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "knooppunt/access/v1/access.pb.h"
#include "knooppunt/policy/v1/rule.pb.h"
#include "security/policy/authorized_call.h"
#include "security/storage/database.h"

namespace knooppunt::runtime {

using policy::AuthorizedCall;

// What a hook may look at before the decision.
struct Preparation {
  const access::v1::TokenClaims& claims;
  std::string id_seed;
  std::string new_family;  // for a method that creates a family
  std::string Id(absl::string_view prefix, int n) const {
    return policy::IdFromSeed(id_seed, prefix, n);
  }
};

// What the call will write or mention; access decides on each label and resolves each
// reference. An empty controller is filled in by access.
struct Demands {
  std::vector<common::v1::Label> labels;
  std::vector<std::string> references;  // directory names
};

// What a message of a stream of answers is.
enum class Flow {
  kMore,     // here it is, and more may follow
  kLast,     // here is the last one
  kEnd,      // no message, and none will follow
  kNothing,  // nothing to say now: ask again in a while
};

// A service-to-service or anonymous call.
struct InternalCall {
  std::string service;  // the calling unit; empty when anonymous
  absl::Time now;
};

class Registry {
 public:
  using Message = google::protobuf::Message;

  // Reads: on an executor thread, on a snapshot.
  template <typename Req, typename Resp>
  void Read(
      absl::string_view method,
      std::function<absl::Status(const AuthorizedCall&, storage::ReadTx&, const Req&, Resp*)> fn) {
    Entry& e = Add(method, Req::descriptor(), Resp::descriptor());
    e.read = [fn = std::move(fn)](const AuthorizedCall& call, storage::ReadTx& tx,
                                  const Message& req, Message* resp) {
      return fn(call, tx, static_cast<const Req&>(req), static_cast<Resp*>(resp));
    };
    SetPrototypes<Req, Resp>(e);
  }

  // Lists: the decision on the call itself, and one for every family within reach (P4).
  template <typename Req, typename Resp>
  void List(absl::string_view method,
            std::function<absl::Status(const AuthorizedCall&, const std::vector<AuthorizedCall>&,
                                       storage::ReadTx&, const Req&, Resp*)>
                fn) {
    Entry& e = Add(method, Req::descriptor(), Resp::descriptor());
    e.list = [fn = std::move(fn)](const AuthorizedCall& call,
                                  const std::vector<AuthorizedCall>& all, storage::ReadTx& tx,
                                  const Message& req, Message* resp) {
      return fn(call, all, tx, static_cast<const Req&>(req), static_cast<Resp*>(resp));
    };
    SetPrototypes<Req, Resp>(e);
  }

  // Changes: on the writer thread, in one unit of work with the audit record and the
  // request_id; may run twice. The response must have its "name" set, if it has that field:
  // a replay answers with it and nothing else (R18).
  template <typename Req, typename Resp>
  void Write(
      absl::string_view method,
      std::function<absl::Status(const AuthorizedCall&, storage::WriteTx&, const Req&, Resp*)> fn) {
    Entry& e = Add(method, Req::descriptor(), Resp::descriptor());
    e.write = [fn = std::move(fn)](const AuthorizedCall& call, storage::WriteTx& tx,
                                   const Message& req, Message* resp) {
      return fn(call, tx, static_cast<const Req&>(req), static_cast<Resp*>(resp));
    };
    SetPrototypes<Req, Resp>(e);
  }

  // Streams of answers. Each message is a call of its own (R13): decided, read on a snapshot,
  // recorded, and only then sent. `State` carries on from one to the next: never a key, for each
  // message has a permit of its own (P6).
  template <typename State, typename Req, typename Resp>
  void Send(absl::string_view method,
            std::function<absl::StatusOr<Flow>(const AuthorizedCall&, storage::ReadTx&, const Req&,
                                               State*, Resp*)>
                fn) {
    Entry& e = Add(method, Req::descriptor(), Resp::descriptor());
    e.new_state = [] { return std::static_pointer_cast<void>(std::make_shared<State>()); };
    e.send = [fn = std::move(fn)](const AuthorizedCall& call, storage::ReadTx& tx,
                                  const Message& req, void* state, Message* resp) {
      return fn(call, tx, static_cast<const Req&>(req), static_cast<State*>(state),
                static_cast<Resp*>(resp));
    };
    SetPrototypes<Req, Resp>(e);
  }

  // The same for every family within reach (P4): each message with a decision for every family.
  template <typename State, typename Req, typename Resp>
  void SendList(
      absl::string_view method,
      std::function<absl::StatusOr<Flow>(const AuthorizedCall&, const std::vector<AuthorizedCall>&,
                                         storage::ReadTx&, const Req&, State*, Resp*)>
          fn) {
    Entry& e = Add(method, Req::descriptor(), Resp::descriptor());
    e.new_state = [] { return std::static_pointer_cast<void>(std::make_shared<State>()); };
    e.send_list = [fn = std::move(fn)](const AuthorizedCall& call,
                                       const std::vector<AuthorizedCall>& all, storage::ReadTx& tx,
                                       const Message& req, void* state, Message* resp) {
      return fn(call, all, tx, static_cast<const Req&>(req), static_cast<State*>(state),
                static_cast<Resp*>(resp));
    };
    SetPrototypes<Req, Resp>(e);
  }

  // Streams of requests. The first message opens the stream: its name, labels and request_id are
  // those of every later one. Each message is a call of its own (R13); what it brought is kept in
  // one unit of work with its record. The end of the stream is a call too, and the act that the
  // request_id names: until then nothing may show of what was kept.
  template <typename State, typename Req, typename Resp>
  struct Receiver {
    // After the decision, outside any transaction: what is slow. `message` of the first is
    // `opening` itself.
    std::function<absl::Status(const AuthorizedCall&, const Req& opening, const Req& message,
                               State*)>
        take;
    // Keeps what was taken. May run twice.
    std::function<absl::Status(const AuthorizedCall&, storage::WriteTx&, const Req& opening,
                               State*)>
        keep;
    // The act. May run twice. As for Write, the response has its "name" set.
    std::function<absl::Status(const AuthorizedCall&, storage::WriteTx&, const Req& opening, State*,
                               Resp*)>
        finish;
    // A stream that did not finish leaves nothing: removes what was kept. May run twice, and where
    // nothing is left.
    std::function<absl::Status(storage::WriteTx&, const State&)> drop;
  };
  template <typename State, typename Req, typename Resp>
  void Receive(absl::string_view method, Receiver<State, Req, Resp> r) {
    Entry& e = Add(method, Req::descriptor(), Resp::descriptor());
    e.new_state = [] { return std::static_pointer_cast<void>(std::make_shared<State>()); };
    e.take = [fn = std::move(r.take)](const AuthorizedCall& call, const Message& opening,
                                      const Message& message, void* state) {
      return fn(call, static_cast<const Req&>(opening), static_cast<const Req&>(message),
                static_cast<State*>(state));
    };
    e.keep = [fn = std::move(r.keep)](const AuthorizedCall& call, storage::WriteTx& tx,
                                      const Message& opening, void* state) {
      return fn(call, tx, static_cast<const Req&>(opening), static_cast<State*>(state));
    };
    e.finish = [fn = std::move(r.finish)](const AuthorizedCall& call, storage::WriteTx& tx,
                                          const Message& opening, void* state, Message* resp) {
      return fn(call, tx, static_cast<const Req&>(opening), static_cast<State*>(state),
                static_cast<Resp*>(resp));
    };
    e.drop = [fn = std::move(r.drop)](storage::WriteTx& tx, const void* state) {
      return fn(tx, *static_cast<const State*>(state));
    };
    SetPrototypes<Req, Resp>(e);
  }

  // The hook of a method that writes labels or mentions names of the directory. Runs before
  // the decision, on input that nobody has validated yet: it demands what it finds and
  // refuses only what cannot be read at all.
  template <typename Req>
  void Demand(absl::string_view method,
              std::function<absl::Status(const Preparation&, const Req&, Demands*)> fn) {
    hooks_[std::string(method)] = [fn = std::move(fn)](const Preparation& p, const Message& req,
                                                       Demands* out) {
      return fn(p, static_cast<const Req&>(req), out);
    };
  }

  // Calls between units, and before login. No gate: the peer's identity is the permission.
  template <typename Req, typename Resp>
  void Internal(absl::string_view method,
                std::function<absl::Status(const InternalCall&, const Req&, Resp*)> fn) {
    Entry& e = Add(method, Req::descriptor(), Resp::descriptor());
    e.internal = [fn = std::move(fn)](const InternalCall& call, const Message& req, Message* resp) {
      return fn(call, static_cast<const Req&>(req), static_cast<Resp*>(resp));
    };
    SetPrototypes<Req, Resp>(e);
  }

  struct Entry {
    std::string method;  // "/pkg.Service/Method"
    const google::protobuf::MethodDescriptor* descriptor = nullptr;
    policy::v1::MethodRule rule;
    const Message* request_prototype = nullptr;
    const Message* response_prototype = nullptr;
    const google::protobuf::Descriptor* request_type = nullptr;
    const google::protobuf::Descriptor* response_type = nullptr;
    std::function<absl::Status(const AuthorizedCall&, storage::ReadTx&, const Message&, Message*)>
        read;
    std::function<absl::Status(const AuthorizedCall&, const std::vector<AuthorizedCall>&,
                               storage::ReadTx&, const Message&, Message*)>
        list;
    std::function<absl::Status(const AuthorizedCall&, storage::WriteTx&, const Message&, Message*)>
        write;
    std::function<absl::Status(const InternalCall&, const Message&, Message*)> internal;
    std::function<absl::Status(const Preparation&, const Message&, Demands*)> hook;
    // Streams: what is kept between messages, and what each does.
    std::function<std::shared_ptr<void>()> new_state;
    std::function<absl::StatusOr<Flow>(const AuthorizedCall&, storage::ReadTx&, const Message&,
                                       void*, Message*)>
        send;
    std::function<absl::StatusOr<Flow>(const AuthorizedCall&, const std::vector<AuthorizedCall>&,
                                       storage::ReadTx&, const Message&, void*, Message*)>
        send_list;
    std::function<absl::Status(const AuthorizedCall&, const Message&, const Message&, void*)> take;
    std::function<absl::Status(const AuthorizedCall&, storage::WriteTx&, const Message&, void*)>
        keep;
    std::function<absl::Status(const AuthorizedCall&, storage::WriteTx&, const Message&, void*,
                               Message*)>
        finish;
    std::function<absl::Status(storage::WriteTx&, const void*)> drop;
    bool streams() const { return static_cast<bool>(new_state); }
  };

  // Checks everything and freezes: every method of every service that has a handler here has
  // one, with a rule; field paths exist; kinds of handler fit the rule; permissions are among
  // `known_permissions`. FAILED_PRECONDITION names the first fault.
  absl::Status Freeze(const std::vector<std::string>& known_permissions);
  const Entry* Find(absl::string_view method) const;
  const absl::flat_hash_map<std::string, std::unique_ptr<Entry>>& entries() const {
    return entries_;
  }

 private:
  Entry& Add(absl::string_view method, const google::protobuf::Descriptor* req,
             const google::protobuf::Descriptor* resp);
  template <typename Req, typename Resp>
  void SetPrototypes(Entry& e) {
    e.request_prototype = &Req::default_instance();
    e.response_prototype = &Resp::default_instance();
  }

  absl::flat_hash_map<std::string, std::unique_ptr<Entry>> entries_;
  absl::flat_hash_map<std::string,
                      std::function<absl::Status(const Preparation&, const Message&, Demands*)>>
      hooks_;
};

}  // namespace knooppunt::runtime

#endif  // KNOOPPUNT_SERVICES_RUNTIME_REGISTRY_H_
