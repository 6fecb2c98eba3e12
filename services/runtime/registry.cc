#include "services/runtime/registry.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/status.h"

namespace knooppunt::runtime {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

std::string PathOf(const MethodDescriptor* m) {
  return absl::StrCat("/", std::string(m->service()->full_name()), "/", std::string(m->name()));
}

absl::Status Fault(const MethodDescriptor* m, absl::string_view what) {
  return absl::FailedPreconditionError(
      absl::StrCat("the server does not start: method ", PathOf(m), " ", what, " (promise P1)"));
}

absl::Status CheckResource(const MethodDescriptor* m, const policy::v1::MethodRule& rule) {
  if (rule.resource().empty()) return absl::OkStatus();
  const FieldDescriptor* f = m->input_type()->FindFieldByName(rule.resource());
  if (f == nullptr || f->is_repeated() || f->cpp_type() != FieldDescriptor::CPPTYPE_STRING) {
    return Fault(m, absl::StrCat("names a resource field '", rule.resource(),
                                 "' that is not a string field"));
  }
  return absl::OkStatus();
}

absl::Status CheckRule(const MethodDescriptor* m, const policy::v1::MethodRule& rule,
                       const absl::flat_hash_set<std::string>& permissions) {
  if (rule.permission().empty()) return Fault(m, "has no permission in its rule");
  if (rule.caller() == policy::v1::CALLER_UNSPECIFIED) return Fault(m, "does not say who may call");
  if (rule.audit() == policy::v1::AUDIT_LEVEL_UNSPECIFIED) return Fault(m, "has no audit level");
  KP_RETURN_IF_ERROR(CheckResource(m, rule));
  if (rule.caller() == policy::v1::CALLER_SERVICE) {
    if (rule.services().empty()) return Fault(m, "names no calling service");
    return absl::OkStatus();
  }
  if (rule.caller() == policy::v1::CALLER_ANONYMOUS) return absl::OkStatus();
  if (rule.audit() != policy::v1::AUDIT_LEVEL_RECORD) {
    return Fault(m, "is called by persons and leaves no record (R22)");
  }
  if (!permissions.contains(rule.permission())) {
    return Fault(m, absl::StrCat("has the permission '", rule.permission(),
                                 "' that the policy does not know"));
  }
  if (rule.mutation()) {
    const FieldDescriptor* id = m->input_type()->FindFieldByName("request_id");
    if (id == nullptr || id->cpp_type() != FieldDescriptor::CPPTYPE_STRING) {
      return Fault(m, "changes state and has no request_id (AIP-155)");
    }
  }
  return absl::OkStatus();
}

// Every message of a stream is decided by the rule of its method: there must be one that can be
// asked each time.
absl::Status CheckStream(const MethodDescriptor* m, const Registry::Entry& e) {
  if (m->client_streaming() && m->server_streaming()) return Fault(m, "streams both ways");
  if (m->server_streaming() != (e.send || e.send_list) ||
      m->client_streaming() != static_cast<bool>(e.finish)) {
    return Fault(m, "has a handler that streams otherwise than the method");
  }
  if (!e.streams()) return absl::OkStatus();
  if (e.rule.caller() != policy::v1::CALLER_PERSON)
    return Fault(m, "streams and is not for persons");
  if (e.rule.mutation() != m->client_streaming() || e.rule.creates_family() ||
      e.rule.lists() != static_cast<bool>(e.send_list)) {
    return Fault(m, "streams in a way that its rule does not allow");
  }
  if (e.rule.writes_labels() && !e.hook) return Fault(m, "writes labels and demands none");
  return absl::OkStatus();
}

absl::Status CheckHandler(const MethodDescriptor* m, const Registry::Entry& e) {
  KP_RETURN_IF_ERROR(CheckStream(m, e));
  if (e.streams()) return absl::OkStatus();
  const bool internal = e.rule.caller() != policy::v1::CALLER_PERSON;
  if (internal != static_cast<bool>(e.internal)) {
    return Fault(m, "has a handler of a kind that its rule does not allow");
  }
  if (internal) return absl::OkStatus();
  if (e.rule.mutation() != static_cast<bool>(e.write) ||
      e.rule.lists() != static_cast<bool>(e.list)) {
    return Fault(m, "has a handler of a kind that its rule does not allow");
  }
  if (e.rule.writes_labels() && !e.hook) return Fault(m, "writes labels and demands none");
  if (e.rule.other().empty()) return absl::OkStatus();
  const FieldDescriptor* other = m->input_type()->FindFieldByName(e.rule.other());
  if (other == nullptr || other->cpp_type() != FieldDescriptor::CPPTYPE_STRING ||
      e.rule.resource().empty() || e.rule.lists() || e.rule.creates_family()) {
    return Fault(m, "is about a second family in a way that its rule does not allow");
  }
  return absl::OkStatus();
}

}  // namespace

Registry::Entry& Registry::Add(absl::string_view method, const google::protobuf::Descriptor* req,
                               const google::protobuf::Descriptor* resp) {
  auto entry = std::make_unique<Entry>();
  entry->method = std::string(method);
  entry->request_type = req;
  entry->response_type = resp;
  Entry& e = *entry;
  entries_[e.method] = std::move(entry);
  return e;
}

absl::Status Registry::Freeze(const std::vector<std::string>& known_permissions) {
  const absl::flat_hash_set<std::string> permissions(known_permissions.begin(),
                                                     known_permissions.end());
  const DescriptorPool* pool = DescriptorPool::generated_pool();
  absl::flat_hash_set<const google::protobuf::ServiceDescriptor*> services;
  for (auto& [path, entry] : entries_) {
    const std::string full = absl::StrReplaceAll(path.substr(1), {{"/", "."}});
    entry->descriptor = pool->FindMethodByName(full);
    if (entry->descriptor == nullptr) {
      return absl::FailedPreconditionError(
          absl::StrCat("the server does not start: no method ", path));
    }
    if (entry->descriptor->input_type() != entry->request_type ||
        entry->descriptor->output_type() != entry->response_type) {
      return Fault(entry->descriptor, "has a handler for other messages");
    }
    services.insert(entry->descriptor->service());
  }
  for (const auto& [path, hook] : hooks_) {
    const auto it = entries_.find(path);
    if (it == entries_.end()) {
      return absl::FailedPreconditionError(
          absl::StrCat("the server does not start: a hook without handler for ", path));
    }
    it->second->hook = hook;
  }
  for (const auto* service : services) {
    for (int i = 0; i < service->method_count(); ++i) {
      const MethodDescriptor* m = service->method(i);
      const auto it = entries_.find(PathOf(m));
      if (it == entries_.end()) return Fault(m, "has no handler");
      if (!m->options().HasExtension(policy::v1::rule)) return Fault(m, "has no rule");
      it->second->rule = m->options().GetExtension(policy::v1::rule);
      KP_RETURN_IF_ERROR(CheckRule(m, it->second->rule, permissions));
      KP_RETURN_IF_ERROR(CheckHandler(m, *it->second));
    }
  }
  return absl::OkStatus();
}

const Registry::Entry* Registry::Find(absl::string_view method) const {
  const auto it = entries_.find(method);
  return it == entries_.end() ? nullptr : it->second.get();
}

}  // namespace knooppunt::runtime
