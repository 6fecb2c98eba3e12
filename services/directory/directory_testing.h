// A directory in a folder of its own, with calls of made-up people, for tests.
#ifndef KNOOPPUNT_SERVICES_DIRECTORY_DIRECTORY_TESTING_H_
#define KNOOPPUNT_SERVICES_DIRECTORY_DIRECTORY_TESTING_H_

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/new_folder_testing.h"
#include "base/status.h"
#include "base/status_testing.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "security/crypto/hash.h"
#include "security/crypto/random.h"
#include "security/policy/testing_permit.h"
#include "services/directory/directory_unit.h"

namespace knooppunt::directory {

class DirectoryTest : public ::testing::Test {
 protected:
  // 3 March 2026, noon in Amsterdam.
  static constexpr char kToday[] = "2026-03-03";
  static constexpr char kRegionAdministrator[] = "professionals/beheerder";
  static constexpr char kMunicipality[] = "organisations/gem-maastricht";
  static constexpr char kSchoolBoard[] = "organisations/mosalira";
  static constexpr char kYouthHealth[] = "organisations/ggd-zl";

  void SetUp() override {
    folder_ = ::knooppunt::testing::NewFolder("directory");
    ASSERT_OK(Open());
  }
  void TearDown() override {
    unit_.reset();
    std::filesystem::remove_all(folder_);
  }

  DirectoryUnit::Options UnitOptions() {
    return {.path = folder_ + "/directory.db",
            .key = &key_,
            .clock = &clock_,
            .random = &random_,
            .bootstrap = {.professional = kRegionAdministrator,
                          .login = "dev|beheerder",
                          .display_name = "Bea Heer",
                          .organisation = kMunicipality}};
  }
  absl::Status Open() { return OpenWith(UnitOptions()); }
  absl::Status OpenWith(const DirectoryUnit::Options& options) {
    unit_.reset();
    auto unit = DirectoryUnit::Open(options);
    if (!unit.ok()) return unit.status();
    unit_ = *std::move(unit);
    return unit_->Begin();
  }

  AuthorizedCall CallOf(absl::string_view professional, absl::string_view organisation,
                        common::v1::Function function) {
    access::v1::Decision decision;
    decision.set_allowed(true);
    decision.set_decide_time_ms(absl::ToUnixMillis(clock_.Now()));
    access::v1::TokenClaims* claims = decision.mutable_claims();
    claims->set_subject(std::string(professional));
    claims->set_organisation(std::string(organisation));
    claims->set_function(function);
    return policy::AdmitForTest(std::move(decision), common::v1::PURPOSE_ADMINISTRATION,
                                random_.Bytes(16));
  }
  AuthorizedCall RegionAdministrator() {
    return CallOf(kRegionAdministrator, kMunicipality, common::v1::FUNCTION_ADMINISTRATOR);
  }
  AuthorizedCall AdministratorOf(absl::string_view organisation) {
    return CallOf("professionals/admin", organisation, common::v1::FUNCTION_ADMINISTRATOR);
  }
  AuthorizedCall MandateHolderOf(absl::string_view organisation) {
    return CallOf("professionals/director", organisation, common::v1::FUNCTION_MANDATE_HOLDER);
  }
  AuthorizedCall Nurse() {
    return CallOf("professionals/nurse", kYouthHealth, common::v1::FUNCTION_JGZ_NURSE);
  }

  // Runs a handler in a unit of work or on a snapshot.
  template <typename Request, typename Response>
  absl::StatusOr<Response> Run(absl::Status (DirectoryService::*handler)(const AuthorizedCall&,
                                                                         WriteTx&, const Request&,
                                                                         Response*) const,
                               const AuthorizedCall& call, const Request& request) {
    Response response;
    KP_RETURN_IF_ERROR(unit_->database()
                           .Write([&](WriteTx& tx) {
                             response.Clear();
                             return (service_.*handler)(call, tx, request, &response);
                           })
                           .status());
    return response;
  }
  template <typename Request, typename Response>
  absl::StatusOr<Response> Run(absl::Status (DirectoryService::*handler)(const AuthorizedCall&,
                                                                         ReadTx&, const Request&,
                                                                         Response*) const,
                               const AuthorizedCall& call, const Request& request) {
    Response response;
    KP_RETURN_IF_ERROR(unit_->database().Read(
        [&](ReadTx& tx) { return (service_.*handler)(call, tx, request, &response); }));
    return response;
  }

  // The facts that access will be sent from position `after` on.
  std::vector<access::v1::FactEntry> FactsAfter(int64_t after) {
    std::vector<access::v1::FactEntry> facts;
    const auto entries = unit_->database().ReadOutbox(after, 256);
    EXPECT_OK(entries);
    for (const storage::OutboxEntry& entry : *entries) {
      EXPECT_EQ(entry.kind, storage::OutboxKind::kFacts);
      EXPECT_EQ(entry.tag, "");
      EXPECT_EQ(entry.body,
                absl::StrCat("facts ", crypto::HexEncode(crypto::Sha256(entry.payload)), "\n"));
      EXPECT_TRUE(facts.emplace_back().ParseFromString(entry.payload));
    }
    return facts;
  }
  int64_t Position() { return unit_->database().position(); }

  static v1::Organisation MakeOrganisation(absl::string_view name,
                                           common::v1::OrganisationKind kind) {
    v1::Organisation organisation;
    organisation.set_name(std::string(name));
    organisation.set_display_name(absl::StrCat("Name of ", name));
    organisation.set_kind(kind);
    return organisation;
  }
  static v1::Werkplaats MakeWerkplaats(absl::string_view name, absl::string_view organisation) {
    v1::Werkplaats werkplaats;
    werkplaats.set_name(std::string(name));
    werkplaats.set_display_name("Basisschool Manjefiek");
    werkplaats.set_place("Maastricht");
    werkplaats.set_organisation(std::string(organisation));
    werkplaats.set_stage(common::v1::STAGE_PO);
    werkplaats.set_municipality(kMunicipality);
    return werkplaats;
  }
  // The school board, youth health and one werkplaats.
  static v1::ImportDirectoryRequest SmallRegion() {
    v1::ImportDirectoryRequest request;
    *request.add_organisations() =
        MakeOrganisation(kSchoolBoard, common::v1::ORGANISATION_KIND_SCHOOL_BOARD);
    *request.add_organisations() =
        MakeOrganisation(kYouthHealth, common::v1::ORGANISATION_KIND_YOUTH_HEALTH);
    *request.add_werkplaatsen() = MakeWerkplaats("werkplaatsen/manjefiek", kSchoolBoard);
    return request;
  }
  void Import(const v1::ImportDirectoryRequest& request) {
    ASSERT_OK(Run(&DirectoryService::ImportDirectory, RegionAdministrator(), request));
  }

  static FunctionTerm Term(absl::string_view organisation, common::v1::Function function,
                           absl::string_view start = "2025-08-01", absl::string_view end = "") {
    FunctionTerm term;
    term.set_organisation(std::string(organisation));
    term.set_function(function);
    term.set_start_date(std::string(start));
    term.set_end_date(std::string(end));
    return term;
  }
  static v1::CreateProfessionalRequest MakeProfessional(absl::string_view id,
                                                        const FunctionTerm& term) {
    v1::CreateProfessionalRequest request;
    v1::Professional* professional = request.mutable_professional();
    professional->set_name(absl::StrCat("professionals/", id));
    professional->set_display_name("Iris Bakker");
    professional->set_login(absl::StrCat("dev|", id));
    *professional->add_functions() = term;
    return request;
  }
  void Create(const v1::CreateProfessionalRequest& request) {
    ASSERT_OK(Run(&DirectoryService::CreateProfessional, RegionAdministrator(), request));
  }
  v1::Professional Stored(absl::string_view name) {
    v1::ListProfessionalsRequest request;
    request.set_page_size(200);
    const auto page = Run(&DirectoryService::ListProfessionals, RegionAdministrator(), request);
    EXPECT_OK(page);
    for (const v1::Professional& p : page->professionals()) {
      if (p.name() == name) return p;
    }
    ADD_FAILURE() << "no " << name;
    return {};
  }

  std::string folder_;
  base::FakeClock clock_{base::StartOf(base::Date(2026, 3, 3)) + absl::Hours(12)};
  crypto::SeededRandom random_{1};
  crypto::SecretBytes key_ =
      crypto::SecretBytes::From(std::string(32, 'k'), crypto::SecretAccess::For("test"));
  DirectoryService service_{{.bootstrap_professional = kRegionAdministrator}};
  std::unique_ptr<DirectoryUnit> unit_;
};

}  // namespace knooppunt::directory

#endif  // KNOOPPUNT_SERVICES_DIRECTORY_DIRECTORY_TESTING_H_
