#include "services/directory/service.h"

#include "absl/strings/str_cat.h"

namespace knooppunt::directory {
namespace {

// Binds a member function as the registry's handler.
template <typename Tx, typename Request, typename Response>
auto Bind(const DirectoryService* service,
          absl::Status (DirectoryService::*handler)(const AuthorizedCall&, Tx&, const Request&,
                                                    Response*) const) {
  return [service, handler](const AuthorizedCall& call, Tx& tx, const Request& request,
                            Response* response) {
    return (service->*handler)(call, tx, request, response);
  };
}

template <typename Request, typename Response>
void Add(runtime::Registry& registry, absl::string_view method, const DirectoryService* service,
         absl::Status (DirectoryService::*handler)(const AuthorizedCall&, WriteTx&, const Request&,
                                                   Response*) const) {
  registry.Write<Request, Response>(
      absl::StrCat("/knooppunt.directory.v1.DirectoryService/", method), Bind(service, handler));
}
template <typename Request, typename Response>
void Add(runtime::Registry& registry, absl::string_view method, const DirectoryService* service,
         absl::Status (DirectoryService::*handler)(const AuthorizedCall&, ReadTx&, const Request&,
                                                   Response*) const) {
  registry.Read<Request, Response>(
      absl::StrCat("/knooppunt.directory.v1.DirectoryService/", method), Bind(service, handler));
}

}  // namespace

void DirectoryService::Register(runtime::Registry& registry) const {
  Add(registry, "ImportDirectory", this, &DirectoryService::ImportDirectory);
  Add(registry, "CreateProfessional", this, &DirectoryService::CreateProfessional);
  Add(registry, "AssignFunction", this, &DirectoryService::AssignFunction);
  Add(registry, "EndEmployment", this, &DirectoryService::EndEmployment);
  Add(registry, "IssueMandate", this, &DirectoryService::IssueMandate);
  Add(registry, "DelegateMandate", this, &DirectoryService::DelegateMandate);
  Add(registry, "RevokeMandate", this, &DirectoryService::RevokeMandate);
  Add(registry, "GetOrganisation", this, &DirectoryService::GetOrganisation);
  Add(registry, "ListOrganisations", this, &DirectoryService::ListOrganisations);
  Add(registry, "ListWerkplaatsen", this, &DirectoryService::ListWerkplaatsen);
  Add(registry, "ListProfessionals", this, &DirectoryService::ListProfessionals);
}

Actor DirectoryService::ActorOf(const AuthorizedCall& call) const {
  const access::v1::TokenClaims& claims = call.claims();
  return {.professional = claims.subject(),
          .organisation = claims.organisation(),
          .function = claims.function(),
          .region = !options_.bootstrap_professional.empty() &&
                    claims.subject() == options_.bootstrap_professional &&
                    claims.function() == common::v1::FUNCTION_ADMINISTRATOR};
}

}  // namespace knooppunt::directory
