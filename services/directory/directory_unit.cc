#include "services/directory/directory_unit.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/date.h"
#include "base/status.h"
#include "schema/directory_migrations.h"
#include "services/directory/rules.h"
#include "services/directory/store.h"

namespace knooppunt::directory {
namespace {

v1::Organisation FirstOrganisation(const DirectoryUnit::Bootstrap& bootstrap) {
  v1::Organisation organisation;
  organisation.set_name(bootstrap.organisation);
  organisation.set_display_name(
      bootstrap.organisation_display_name.empty()
          ? std::string(absl::StripPrefix(bootstrap.organisation, "organisations/"))
          : bootstrap.organisation_display_name);
  organisation.set_kind(common::v1::ORGANISATION_KIND_MUNICIPALITY);
  return organisation;
}

v1::Professional FirstAdministrator(const DirectoryUnit::Bootstrap& bootstrap, base::Date today) {
  v1::Professional professional;
  professional.set_name(bootstrap.professional);
  professional.set_login(bootstrap.login);
  professional.set_display_name(bootstrap.display_name);
  FunctionTerm* term = professional.add_functions();
  term->set_organisation(bootstrap.organisation);
  term->set_function(common::v1::FUNCTION_ADMINISTRATOR);
  term->set_start_date(base::FormatDate(today));
  return professional;
}

}  // namespace

absl::StatusOr<std::unique_ptr<DirectoryUnit>> DirectoryUnit::Open(const Options& options) {
  KP_ASSIGN_OR_RETURN(std::unique_ptr<storage::Database> database,
                      storage::Database::Open({.path = options.path,
                                               .key = options.key,
                                               .unit = "directory",
                                               .migrations = Migrations(),
                                               .clock = options.clock,
                                               .random = options.random,
                                               .new_incarnation = options.new_incarnation}));
  return std::unique_ptr<DirectoryUnit>(new DirectoryUnit(
      std::move(database), options.clock, options.bootstrap,
      {.bootstrap_professional = options.bootstrap.professional, .framework = options.framework}));
}

absl::Status DirectoryUnit::Begin() {
  if (bootstrap_.professional.empty()) return absl::OkStatus();
  const v1::Organisation organisation = FirstOrganisation(bootstrap_);
  const v1::Professional administrator =
      FirstAdministrator(bootstrap_, base::DateOf(clock_->Now()));
  KP_RETURN_IF_ERROR(CheckOrganisation(organisation));
  KP_RETURN_IF_ERROR(CheckNewProfessional(administrator));
  return database_
      ->Write([&](storage::WriteTx& tx) { return WriteBootstrap(tx, organisation, administrator); })
      .status();
}

}  // namespace knooppunt::directory
