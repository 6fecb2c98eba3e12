#include "services/audit/service.h"

#include "absl/strings/str_cat.h"

namespace knooppunt::audit_service {
namespace {

constexpr absl::string_view kService = "/knooppunt.audit.v1.AuditService/";

template <typename Request, typename Response>
void Add(runtime::Registry& registry, absl::string_view method, const AuditService* service,
         absl::Status (AuditService::*handler)(const InternalCall&, const Request&, Response*)
             const) {
  registry.Internal<Request, Response>(
      absl::StrCat(kService, method),
      [service, handler](const InternalCall& call, const Request& request, Response* response) {
        return (service->*handler)(call, request, response);
      });
}
template <typename Request, typename Response>
void Add(runtime::Registry& registry, absl::string_view method, const AuditService* service,
         absl::Status (AuditService::*handler)(const AuthorizedCall&, ReadTx&, const Request&,
                                               Response*) const) {
  registry.Read<Request, Response>(absl::StrCat(kService, method),
                                   [service, handler](const AuthorizedCall& call, ReadTx& tx,
                                                      const Request& request, Response* response) {
                                     return (service->*handler)(call, tx, request, response);
                                   });
}
template <typename Request, typename Response>
void Add(runtime::Registry& registry, absl::string_view method, const AuditService* service,
         absl::Status (AuditService::*handler)(const AuthorizedCall&, WriteTx&, const Request&,
                                               Response*) const) {
  registry.Write<Request, Response>(absl::StrCat(kService, method),
                                    [service, handler](const AuthorizedCall& call, WriteTx& tx,
                                                       const Request& request, Response* response) {
                                      return (service->*handler)(call, tx, request, response);
                                    });
}

}  // namespace

void AuditService::Register(runtime::Registry& registry) const {
  Add(registry, "Append", this, &AuditService::Append);
  Add(registry, "GetStreamPosition", this, &AuditService::GetStreamPosition);
  Add(registry, "ListRecords", this, &AuditService::ListRecords);
  Add(registry, "ExplainRecord", this, &AuditService::ExplainRecord);
  Add(registry, "GetCheckpoint", this, &AuditService::GetCheckpoint);
  Add(registry, "ReadLog", this, &AuditService::ReadLog);
  Add(registry, "ProveInclusion", this, &AuditService::ProveInclusion);
  Add(registry, "ProveConsistency", this, &AuditService::ProveConsistency);
  Add(registry, "AskWhy", this, &AuditService::AskWhy);
  Add(registry, "ListQuestions", this, &AuditService::ListQuestions);
  Add(registry, "ListOpenQuestions", this, &AuditService::ListOpenQuestions);
  Add(registry, "AnswerQuestion", this, &AuditService::AnswerQuestion);
}

}  // namespace knooppunt::audit_service
