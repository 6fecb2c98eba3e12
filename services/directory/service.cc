#include "services/directory/service.h"

#include <utility>

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
  registry.Write<Request, Response>(absl::StrCat("/knooppunt.directory.v1.", method),
                                    Bind(service, handler));
}
template <typename Request, typename Response>
void Add(runtime::Registry& registry, absl::string_view method, const DirectoryService* service,
         absl::Status (DirectoryService::*handler)(const AuthorizedCall&, ReadTx&, const Request&,
                                                   Response*) const) {
  registry.Read<Request, Response>(absl::StrCat("/knooppunt.directory.v1.", method),
                                   Bind(service, handler));
}

}  // namespace

DirectoryService::DirectoryService(Options options)
    : options_(std::move(options)),
      // The built-in one is checked by its test: a program that has none does not start.
      framework_(options_.framework != nullptr ? options_.framework
                                               : *policy::Framework::BuiltIn()) {}

void DirectoryService::Register(runtime::Registry& registry) const {
  Add(registry, "DirectoryService/ImportDirectory", this, &DirectoryService::ImportDirectory);
  Add(registry, "DirectoryService/CreateProfessional", this, &DirectoryService::CreateProfessional);
  Add(registry, "DirectoryService/AssignFunction", this, &DirectoryService::AssignFunction);
  Add(registry, "DirectoryService/EndEmployment", this, &DirectoryService::EndEmployment);
  registry.Demand<v1::EndEmploymentRequest>(
      "/knooppunt.directory.v1.DirectoryService/EndEmployment", DemandSuccession);
  Add(registry, "DirectoryService/IssueMandate", this, &DirectoryService::IssueMandate);
  Add(registry, "DirectoryService/DelegateMandate", this, &DirectoryService::DelegateMandate);
  Add(registry, "DirectoryService/RevokeMandate", this, &DirectoryService::RevokeMandate);
  Add(registry, "DirectoryService/GetOrganisation", this, &DirectoryService::GetOrganisation);
  Add(registry, "DirectoryService/ListOrganisations", this, &DirectoryService::ListOrganisations);
  Add(registry, "DirectoryService/ListWerkplaatsen", this, &DirectoryService::ListWerkplaatsen);
  Add(registry, "DirectoryService/ListProfessionals", this, &DirectoryService::ListProfessionals);
  Add(registry, "WerkplaatsService/GetWerkplaatsProfile", this,
      &DirectoryService::GetWerkplaatsProfile);
  Add(registry, "WerkplaatsService/UpdateWerkplaatsProfile", this,
      &DirectoryService::UpdateWerkplaatsProfile);
  Add(registry, "WerkplaatsService/ReplaceContact", this, &DirectoryService::ReplaceContact);
  Add(registry, "WerkplaatsService/CloseWerkplaats", this, &DirectoryService::CloseWerkplaats);
  Add(registry, "WerkplaatsService/KeepWerkplaatsOpen", this,
      &DirectoryService::KeepWerkplaatsOpen);
  Add(registry, "WerkplaatsService/ListProfileGaps", this, &DirectoryService::ListProfileGaps);
  Add(registry, "FrameworkService/GetFramework", this, &DirectoryService::GetFramework);
  Add(registry, "FrameworkService/AssessFunding", this, &DirectoryService::AssessFunding);
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
