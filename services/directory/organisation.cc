// Organisations: read, list. They come in with an import (import.cc).
#include <utility>

#include "base/resource_name.h"
#include "base/status.h"
#include "services/directory/errors.h"
#include "services/directory/page.h"
#include "services/directory/service.h"
#include "services/directory/store.h"

namespace knooppunt::directory {
absl::Status DirectoryService::GetOrganisation(const AuthorizedCall& call, ReadTx& tx,
                                               const v1::GetOrganisationRequest& request,
                                               v1::Organisation* response) const {
  if (!base::ResourceName::Parse(request.name(), "organisations/*").ok()) {
    return errors::InvalidField("name", "is organisations/{id}");
  }
  KP_ASSIGN_OR_RETURN(auto found, FindOrganisation(call, tx, request.name()));
  if (!found.has_value()) return errors::OrganisationNotFound();
  *response = *std::move(found);
  return absl::OkStatus();
}

absl::Status DirectoryService::ListOrganisations(const AuthorizedCall& call, ReadTx& tx,
                                                 const v1::ListOrganisationsRequest& request,
                                                 v1::ListOrganisationsResponse* response) const {
  KP_ASSIGN_OR_RETURN(const Slice slice, SliceOf(request.page_size(), request.page_token()));
  KP_ASSIGN_OR_RETURN(auto rows, directory::ListOrganisations(call, tx, slice));
  FillPage(slice, std::move(rows), response->mutable_organisations(),
           response->mutable_next_page_token(),
           [](v1::Organisation organisation) { return organisation; });
  return absl::OkStatus();
}

}  // namespace knooppunt::directory
