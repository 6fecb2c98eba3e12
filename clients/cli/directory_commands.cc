// directory: organisations, werkplaatsen and professionals, to take in and to look up.
#include "base/status.h"
#include "clients/cli/commands.h"
#include "clients/cli/directory_import.h"
#include "clients/cli/directory_text.h"
#include "clients/cli/options.h"
#include "clients/cli/output.h"
#include "clients/cli/paging.h"

namespace knooppunt::cli {
namespace {

using directory::v1::ImportDirectoryRequest;
using directory::v1::ImportDirectoryResponse;
using directory::v1::ListOrganisationsRequest;
using directory::v1::ListOrganisationsResponse;
using directory::v1::ListProfessionalsRequest;
using directory::v1::ListProfessionalsResponse;
using directory::v1::ListWerkplaatsenRequest;
using directory::v1::ListWerkplaatsenResponse;
using directory::v1::Organisation;

constexpr char kService[] = "/knooppunt.directory.v1.DirectoryService/";

struct ImportArgs {
  std::string file;
};

absl::Status RunImport(Session& session, const ImportArgs& args) {
  KP_ASSIGN_OR_RETURN(const std::string json, ReadInput(args.file, session.in()));
  KP_ASSIGN_OR_RETURN(ImportDirectoryRequest request, ParseDirectory(json));
  return session.CallAndShow<ImportDirectoryResponse>(
      absl::StrCat(kService, "ImportDirectory"), request,
      [](const ImportDirectoryResponse& response, std::ostream& out) {
        out << "Created or changed: " << response.organisations() << " organisations, "
            << response.werkplaatsen() << " werkplaatsen.\n";
      });
}

struct NoArgs {};

absl::Status RunOrganisations(Session& session, const NoArgs&) {
  ListOrganisationsResponse all;
  KP_RETURN_IF_ERROR(CallAllPages(session, absl::StrCat(kService, "ListOrganisations"),
                                  ListOrganisationsRequest(), &all));
  return session.Show<ListOrganisationsResponse>(all, PrintOrganisations);
}

absl::Status RunWerkplaatsen(Session& session, const NoArgs&) {
  ListWerkplaatsenResponse all;
  KP_RETURN_IF_ERROR(CallAllPages(session, absl::StrCat(kService, "ListWerkplaatsen"),
                                  ListWerkplaatsenRequest(), &all));
  return session.Show<ListWerkplaatsenResponse>(all, PrintWerkplaatsen);
}

struct OrganisationArgs {
  std::string organisation;
};

absl::Status RunProfessionals(Session& session, const OrganisationArgs& args) {
  ListProfessionalsRequest request;
  request.set_organisation(args.organisation);
  ListProfessionalsResponse all;
  KP_RETURN_IF_ERROR(
      CallAllPages(session, absl::StrCat(kService, "ListProfessionals"), request, &all));
  return session.Show<ListProfessionalsResponse>(all, PrintProfessionals);
}

absl::Status RunOrganisation(Session& session, const OrganisationArgs& args) {
  directory::v1::GetOrganisationRequest request;
  request.set_name(args.organisation);
  return session.CallAndShow<Organisation>(absl::StrCat(kService, "GetOrganisation"), request,
                                           [](const Organisation& organisation, std::ostream& out) {
                                             Fields()
                                                 .Add("Organisation", organisation.name())
                                                 .Add("Name", organisation.display_name())
                                                 .Add("Kind", Word(organisation.kind()))
                                                 .Add("Subregion", organisation.subregion())
                                                 .Print(out);
                                           });
}

}  // namespace

void AddDirectoryCommands(CLI::App* root, Action* chosen) {
  CLI::App* noun =
      AddNoun(root, "directory", "Organisations, werkplaatsen and professionals of the region");
  AddVerb<ImportArgs>(
      noun, chosen,
      {"import", "Take in organisations and werkplaatsen from a JSON file, all or nothing",
       "knooppunt directory import deploy/sample-data/limburg.json"},
      [](CLI::App* app, ImportArgs* args) {
        app->add_option("file", args->file, "The file; - is standard input")
            ->required()
            ->type_name("FILE.json");
      },
      RunImport);
  AddVerb<NoArgs>(
      noun, chosen,
      {"organisations", "List the organisations", "knooppunt directory organisations"},
      [](CLI::App*, NoArgs*) {}, RunOrganisations);
  AddVerb<OrganisationArgs>(
      noun, chosen,
      {"organisation", "Show one organisation",
       "knooppunt directory organisation organisations/ggd-zl"},
      [](CLI::App* app, OrganisationArgs* args) {
        AddName(app, "name", &args->organisation, "organisations/*", "Its name")->required();
      },
      RunOrganisation);
  AddVerb<NoArgs>(
      noun, chosen,
      {"werkplaatsen", "List the werkplaatsen", "knooppunt directory werkplaatsen --output json"},
      [](CLI::App*, NoArgs*) {}, RunWerkplaatsen);
  AddVerb<OrganisationArgs>(
      noun, chosen,
      {"professionals", "List the professionals",
       "knooppunt directory professionals --organisation organisations/ggd-zl"},
      [](CLI::App* app, OrganisationArgs* args) {
        AddName(app, "--organisation", &args->organisation, "organisations/*",
                "Of this organisation; default: all");
      },
      RunProfessionals);
  AddImportCommands(noun, chosen);
}

}  // namespace knooppunt::cli
