// The import of organisations and werkplaatsen: all or nothing, and what is known already
// writes nothing.
#include "base/status.h"
#include "services/directory/errors.h"
#include "services/directory/service.h"
#include "services/directory/store.h"

namespace knooppunt::directory {
namespace {

absl::Status CheckReferences(const AuthorizedCall& call, WriteTx& tx,
                             const v1::Werkplaats& werkplaats) {
  KP_ASSIGN_OR_RETURN(const auto runs, FindOrganisation(call, tx, werkplaats.organisation()));
  if (!runs.has_value()) return errors::UnknownReference();
  if (werkplaats.municipality().empty()) return absl::OkStatus();
  KP_ASSIGN_OR_RETURN(const auto municipality,
                      FindOrganisation(call, tx, werkplaats.municipality()));
  if (!municipality.has_value()) return errors::UnknownReference();
  if (municipality->kind() != common::v1::ORGANISATION_KIND_MUNICIPALITY) {
    return errors::NotAMunicipality();
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status DirectoryService::ImportDirectory(const AuthorizedCall& call, WriteTx& tx,
                                               const v1::ImportDirectoryRequest& request,
                                               v1::ImportDirectoryResponse* response) const {
  // The kind of an organisation opens grounds (R11): not for its own people to say.
  if (!ActorOf(call).region) return errors::OnlyRegionAdministrator();
  KP_RETURN_IF_ERROR(CheckImport(request));
  int organisations = 0;
  for (const v1::Organisation& organisation : request.organisations()) {
    KP_ASSIGN_OR_RETURN(const bool changed, PutOrganisation(call, tx, organisation));
    organisations += changed;
  }
  int werkplaatsen = 0;
  for (const v1::Werkplaats& werkplaats : request.werkplaatsen()) {
    KP_RETURN_IF_ERROR(CheckReferences(call, tx, werkplaats));
    v1::Werkplaats known = werkplaats;
    known.clear_close_date();  // of the profile: an import neither closes nor opens
    KP_ASSIGN_OR_RETURN(const bool changed, PutWerkplaats(call, tx, known));
    werkplaatsen += changed;
  }
  response->set_organisations(organisations);
  response->set_werkplaatsen(werkplaatsen);
  return absl::OkStatus();
}

}  // namespace knooppunt::directory
