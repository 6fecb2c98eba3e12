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
