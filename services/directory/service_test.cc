#include "services/directory/service.h"

#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "services/directory/directory_testing.h"

namespace knooppunt::directory {
namespace {

using ::knooppunt::testing::IsOk;
using ::knooppunt::testing::StatusIs;

constexpr auto kImport = &DirectoryService::ImportDirectory;
constexpr auto kCreate = &DirectoryService::CreateProfessional;
constexpr auto kAssign = &DirectoryService::AssignFunction;
constexpr auto kEnd = &DirectoryService::EndEmployment;
constexpr auto kIssue = &DirectoryService::IssueMandate;
constexpr auto kRevoke = &DirectoryService::RevokeMandate;

template <typename T>
std::string ReasonOf(const absl::StatusOr<T>& result) {
  return base::ReasonOf(result.status());
}

TEST_F(DirectoryTest, AnImportWritesRowsAndTheirFactsInOneTransaction) {
  const int64_t before = Position();
  const auto response = Run(kImport, RegionAdministrator(), SmallRegion());
  ASSERT_OK(response);
  EXPECT_EQ(response->organisations(), 2);
  EXPECT_EQ(response->werkplaatsen(), 1);
  const auto facts = FactsAfter(before);
  ASSERT_EQ(facts.size(), 3u);
  EXPECT_EQ(facts[0].organisation().name(), kSchoolBoard);
  const access::v1::WerkplaatsFacts& werkplaats = facts[2].werkplaats();
  EXPECT_EQ(werkplaats.name(), "werkplaatsen/manjefiek");
  EXPECT_EQ(werkplaats.organisation(), kSchoolBoard);
  EXPECT_EQ(werkplaats.municipality(), kMunicipality);
  EXPECT_EQ(werkplaats.stage(), common::v1::STAGE_PO);
  EXPECT_EQ(werkplaats.revision(), 1);
}

TEST_F(DirectoryTest, ASecondImportWritesOnlyWhatChanged) {
  Import(SmallRegion());
  int64_t before = Position();
  auto response = Run(kImport, RegionAdministrator(), SmallRegion());
  ASSERT_OK(response);
  EXPECT_EQ(response->organisations() + response->werkplaatsen(), 0);
  EXPECT_EQ(Position(), before);

  v1::ImportDirectoryRequest request = SmallRegion();
  request.mutable_organisations(1)->set_display_name("GGD Zuid Limburg");
  before = Position();
  response = Run(kImport, RegionAdministrator(), request);
  ASSERT_OK(response);
  EXPECT_EQ(response->organisations(), 1);
  const auto facts = FactsAfter(before);
  ASSERT_EQ(facts.size(), 1u);
  EXPECT_EQ(facts[0].organisation().display_name(), "GGD Zuid Limburg");
  EXPECT_EQ(facts[0].organisation().revision(), 2);
}

TEST_F(DirectoryTest, AnImportWithOneBadRowLeavesNothing) {
  const int64_t before = Position();
  v1::ImportDirectoryRequest request = SmallRegion();
  *request.add_werkplaatsen() = MakeWerkplaats("werkplaatsen/lost", "organisations/unknown");
  EXPECT_EQ(ReasonOf(Run(kImport, RegionAdministrator(), request)), "UNKNOWN_REFERENCE");
  EXPECT_EQ(Position(), before);
  v1::GetOrganisationRequest get;
  get.set_name(kSchoolBoard);
  EXPECT_THAT(Run(&DirectoryService::GetOrganisation, RegionAdministrator(), get),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(DirectoryTest, AnImportChecksEveryRow) {
  const struct {
    std::string reason;
    std::function<void(v1::ImportDirectoryRequest&)> spoil;
  } cases[] = {
      {"INVALID_FIELD", [](auto& r) { r.mutable_organisations(0)->set_name("organisations/A"); }},
      {"INVALID_FIELD", [](auto& r) { r.mutable_organisations(0)->clear_display_name(); }},
      {"INVALID_FIELD", [](auto& r) { r.mutable_organisations(0)->clear_kind(); }},
      {"INVALID_FIELD", [](auto& r) { r.mutable_organisations(0)->set_subregion("No Id"); }},
      {"INVALID_FIELD", [](auto& r) { r.mutable_werkplaatsen(0)->set_name("x"); }},
      {"INVALID_FIELD", [](auto& r) { r.mutable_werkplaatsen(0)->set_place("a\nb"); }},
      {"INVALID_FIELD", [](auto& r) { r.mutable_werkplaatsen(0)->clear_stage(); }},
      {"INVALID_FIELD", [](auto& r) { r.mutable_werkplaatsen(0)->clear_organisation(); }},
      {"INVALID_FIELD", [](auto& r) { r.mutable_werkplaatsen(0)->set_municipality("x"); }},
      {"UNKNOWN_REFERENCE",
       [](auto& r) { r.mutable_werkplaatsen(0)->set_municipality("organisations/nowhere"); }},
      {"NOT_A_MUNICIPALITY",
       [](auto& r) { r.mutable_werkplaatsen(0)->set_municipality(kSchoolBoard); }},
      {"DUPLICATE_ROW", [](auto& r) { *r.add_organisations() = r.organisations(0); }},
      {"DUPLICATE_ROW", [](auto& r) { *r.add_werkplaatsen() = r.werkplaatsen(0); }},
      {"TOO_MANY_ROWS",
       [](auto& r) {
         for (int i = 0; i < 5000; ++i) r.add_organisations();
       }},
  };
  const int64_t before = Position();
  for (const auto& c : cases) {
    v1::ImportDirectoryRequest request = SmallRegion();
    c.spoil(request);
    EXPECT_EQ(ReasonOf(Run(kImport, RegionAdministrator(), request)), c.reason);
  }
  EXPECT_EQ(Position(), before);
}

TEST_F(DirectoryTest, R11OnlyTheRegionsAdministratorImports) {
  EXPECT_EQ(ReasonOf(Run(kImport, AdministratorOf(kSchoolBoard), SmallRegion())),
            "ONLY_REGION_ADMINISTRATOR");
  EXPECT_EQ(
      ReasonOf(Run(kImport,
                   CallOf(kRegionAdministrator, kMunicipality, common::v1::FUNCTION_MANDATE_HOLDER),
                   SmallRegion())),
      "ONLY_REGION_ADMINISTRATOR")
      << "the region's administrator in another function";
}

TEST_F(DirectoryTest, AnAdministratorCreatesProfessionalsOfTheirOwnOrganisation) {
  Import(SmallRegion());
  const int64_t before = Position();
  const auto request =
      MakeProfessional("ib", Term(kSchoolBoard, common::v1::FUNCTION_INTERN_BEGELEIDER));
  EXPECT_EQ(ReasonOf(Run(kCreate, AdministratorOf(kYouthHealth), request)), "OTHER_ORGANISATION");
  const auto created = Run(kCreate, AdministratorOf(kSchoolBoard), request);
  ASSERT_OK(created);
  EXPECT_EQ(created->name(), "professionals/ib");
  EXPECT_EQ(created->login(), "dev|ib");
  const auto facts = FactsAfter(before);
  ASSERT_EQ(facts.size(), 1u);
  EXPECT_EQ(facts[0].professional().login(), "dev|ib");
  EXPECT_EQ(facts[0].professional().display_name(), "Iris Bakker");
  EXPECT_EQ(facts[0].professional().functions_size(), 1);
}

TEST_F(DirectoryTest, AProfessionalIsCreatedOncePerIdAndPerLogin) {
  Import(SmallRegion());
  auto request = MakeProfessional("ib", Term(kSchoolBoard, common::v1::FUNCTION_INTERN_BEGELEIDER));
  Create(request);
  EXPECT_EQ(ReasonOf(Run(kCreate, RegionAdministrator(), request)), "PROFESSIONAL_EXISTS");
  request.mutable_professional()->set_name("professionals/ib-2");
  EXPECT_EQ(ReasonOf(Run(kCreate, RegionAdministrator(), request)), "LOGIN_TAKEN");
}

TEST_F(DirectoryTest, AFunctionAtAnUnknownOrganisationIsRefused) {
  EXPECT_EQ(ReasonOf(Run(kCreate, RegionAdministrator(),
                         MakeProfessional(
                             "x", Term("organisations/unknown", common::v1::FUNCTION_JGZ_NURSE)))),
            "UNKNOWN_REFERENCE");
}

TEST_F(DirectoryTest, AssigningAFunctionEmitsFactsWithAGrowingRevision) {
  Import(SmallRegion());
  Create(MakeProfessional("ib", Term(kSchoolBoard, common::v1::FUNCTION_INTERN_BEGELEIDER)));
  const int64_t before = Position();
  v1::AssignFunctionRequest request;
  request.set_name("professionals/ib");
  *request.mutable_function() = Term(kYouthHealth, common::v1::FUNCTION_JGZ_NURSE);
  EXPECT_EQ(ReasonOf(Run(kAssign, AdministratorOf(kSchoolBoard), request)), "OTHER_ORGANISATION");
  const auto assigned = Run(kAssign, AdministratorOf(kYouthHealth), request);
  ASSERT_OK(assigned);
  EXPECT_EQ(assigned->name(), "professionals/ib");
  EXPECT_EQ(assigned->functions_size(), 2);
  const auto facts = FactsAfter(before);
  ASSERT_EQ(facts.size(), 1u);
  EXPECT_EQ(facts[0].professional().revision(), 2);
  EXPECT_EQ(facts[0].professional().functions_size(), 2);
  request.set_name("professionals/nobody");
  EXPECT_EQ(ReasonOf(Run(kAssign, AdministratorOf(kYouthHealth), request)),
            "PROFESSIONAL_NOT_FOUND");
}

TEST_F(DirectoryTest, R21AnAdministratorAssignsThemselvesNothing) {
  v1::AssignFunctionRequest request;
  request.set_name(kRegionAdministrator);
  *request.mutable_function() = Term(kMunicipality, common::v1::FUNCTION_PRIVACY_OFFICER);
  EXPECT_EQ(ReasonOf(Run(kAssign, RegionAdministrator(), request)), "OWN_POWER");
}

TEST_F(DirectoryTest, EndOfEmploymentEndsFunctionsAndIsInTheFacts) {
  Import(SmallRegion());
  Create(MakeProfessional("ib", Term(kSchoolBoard, common::v1::FUNCTION_INTERN_BEGELEIDER)));
  const int64_t before = Position();
  v1::EndEmploymentRequest request;
  request.set_name("professionals/ib");
  request.set_organisation(kSchoolBoard);
  request.set_end_date(kToday);
  EXPECT_EQ(ReasonOf(Run(kEnd, AdministratorOf(kYouthHealth), request)), "OTHER_ORGANISATION");
  const auto ended = Run(kEnd, AdministratorOf(kSchoolBoard), request);
  ASSERT_OK(ended);
  EXPECT_EQ(ended->functions(0).end_date(), kToday);
  const auto facts = FactsAfter(before);
  ASSERT_EQ(facts.size(), 1u);
  EXPECT_EQ(facts[0].professional().functions(0).end_date(), kToday);
  EXPECT_EQ(ReasonOf(Run(kEnd, AdministratorOf(kSchoolBoard), request)), "NOT_EMPLOYED");

  request.set_end_date("yesterday");
  EXPECT_EQ(ReasonOf(Run(kEnd, AdministratorOf(kSchoolBoard), request)), "INVALID_FIELD");
}

class MandateTest : public DirectoryTest {
 protected:
  void SetUp() override {
    DirectoryTest::SetUp();
    Create(MakeProfessional("consultant",
                            Term(kMunicipality, common::v1::FUNCTION_MUNICIPAL_CONSULTANT)));
    request_.set_parent("professionals/consultant");
    Mandate* mandate = request_.mutable_mandate();
    mandate->set_name("professionals/x/mandates/chosen-by-client");
    mandate->set_organisation(kMunicipality);
    mandate->add_means(common::v1::MEANS_SCHOOL_SOCIAL_WORK);
    mandate->set_limit_cents(150'000);
    mandate->set_start_date("2026-01-01");
    mandate->set_version(99);
  }
  v1::IssueMandateRequest request_;
};

TEST_F(MandateTest, R6AMandateHolderIssuesAMandateThatTheServerNamesAndNumbers) {
  const int64_t before = Position();
  const AuthorizedCall call = MandateHolderOf(kMunicipality);
  const auto issued = Run(kIssue, call, request_);
  ASSERT_OK(issued);
  EXPECT_EQ(issued->name(), "professionals/consultant");
  EXPECT_EQ(issued->login(), "") << "a mandate holder sees no logins";
  ASSERT_EQ(issued->mandates_size(), 1);
  EXPECT_EQ(issued->mandates(0).name(),
            absl::StrCat("professionals/consultant/mandates/", call.Id("m", 0)));
  EXPECT_EQ(issued->mandates(0).version(), 1);
  const auto facts = FactsAfter(before);
  ASSERT_EQ(facts.size(), 1u);
  EXPECT_EQ(facts[0].professional().login(), "dev|consultant");
  EXPECT_EQ(facts[0].professional().mandates(0).limit_cents(), 150'000);
}

TEST_F(MandateTest, R6NobodyCommitsAnotherOrganisationsMeans) {
  EXPECT_EQ(ReasonOf(Run(kIssue, MandateHolderOf(kSchoolBoard), request_)),
            "OTHER_ORGANISATIONS_MEANS");
  Import(SmallRegion());
  request_.mutable_mandate()->set_organisation(kSchoolBoard);
  EXPECT_EQ(ReasonOf(Run(kIssue, MandateHolderOf(kSchoolBoard), request_)), "NOT_EMPLOYED");
  EXPECT_EQ(ReasonOf(Run(kIssue, RegionAdministrator(), request_)), "OTHER_ORGANISATIONS_MEANS")
      << "not even the region's administrator";
}

TEST_F(MandateTest, R21NobodyIssuesThemselvesAMandate) {
  EXPECT_EQ(ReasonOf(Run(kIssue,
                         CallOf("professionals/consultant", kMunicipality,
                                common::v1::FUNCTION_MANDATE_HOLDER),
                         request_)),
            "OWN_POWER");
}

TEST_F(MandateTest, R6ARevokedMandateHasEndedToday) {
  const auto issued = Run(kIssue, MandateHolderOf(kMunicipality), request_);
  ASSERT_OK(issued);
  v1::RevokeMandateRequest revoke;
  revoke.set_name(issued->mandates(0).name());
  EXPECT_EQ(ReasonOf(Run(kRevoke, MandateHolderOf(kSchoolBoard), revoke)),
            "OTHER_ORGANISATIONS_MEANS");
  const int64_t before = Position();
  const auto revoked = Run(kRevoke, MandateHolderOf(kMunicipality), revoke);
  ASSERT_OK(revoked);
  EXPECT_EQ(revoked->name(), "professionals/consultant");
  EXPECT_EQ(revoked->mandates(0).end_date(), kToday);
  EXPECT_EQ(revoked->mandates(0).version(), 2);
  EXPECT_EQ(FactsAfter(before).at(0).professional().mandates(0).end_date(), kToday);
  EXPECT_EQ(ReasonOf(Run(kRevoke, MandateHolderOf(kMunicipality), revoke)), "MANDATE_ENDED");
}

TEST_F(MandateTest, R6WhoIssuedAMandateStandsInItAndNothingIsDelegatedByIssuing) {
  request_.mutable_mandate()->set_issued_by("professionals/somebody-else");
  request_.mutable_mandate()->set_delegated_from("professionals/x/mandates/y");
  const auto issued = Run(kIssue, MandateHolderOf(kMunicipality), request_);
  ASSERT_OK(issued);
  EXPECT_EQ(issued->mandates(0).issued_by(), "professionals/director");
  EXPECT_EQ(issued->mandates(0).delegated_from(), "");
  EXPECT_EQ(ReasonOf(Run(kIssue, MandateHolderOf(kMunicipality), request_)), "MANDATE_EXISTS");
}

constexpr auto kDelegate = &DirectoryService::DelegateMandate;

// The consultant holds a mandate that may be delegated, and has a colleague.
class DelegationTest : public MandateTest {
 protected:
  void SetUp() override {
    MandateTest::SetUp();
    Create(MakeProfessional("colleague",
                            Term(kMunicipality, common::v1::FUNCTION_MUNICIPAL_CONSULTANT)));
    request_.mutable_mandate()->set_delegable(true);
    const auto issued = Run(kIssue, MandateHolderOf(kMunicipality), request_);
    ASSERT_OK(issued);
    source_ = issued->mandates(0).name();
    delegation_.set_name(source_);
    delegation_.set_to("professionals/colleague");
    *delegation_.mutable_mandate() = request_.mandate();
    delegation_.mutable_mandate()->set_delegable(false);
    delegation_.mutable_mandate()->set_limit_cents(50'000);
    delegation_.mutable_mandate()->set_start_date(kToday);
  }
  AuthorizedCall Consultant() {
    return CallOf("professionals/consultant", kMunicipality,
                  common::v1::FUNCTION_MUNICIPAL_CONSULTANT);
  }
  Mandate Delegated() { return Stored("professionals/colleague").mandates(0); }

  std::string source_;
  v1::DelegateMandateRequest delegation_;
};

TEST_F(DelegationTest, R6ADelegatedMandateSaysWhereItComesFromAndIsNeverDelegable) {
  const int64_t before = Position();
  const auto delegated = Run(kDelegate, Consultant(), delegation_);
  ASSERT_OK(delegated);
  EXPECT_EQ(delegated->name(), "professionals/colleague");
  ASSERT_EQ(delegated->mandates_size(), 1);
  const Mandate& m = delegated->mandates(0);
  EXPECT_EQ(m.delegated_from(), source_);
  EXPECT_EQ(m.issued_by(), "professionals/consultant");
  EXPECT_FALSE(m.delegable());
  EXPECT_EQ(m.version(), 1);
  EXPECT_EQ(m.limit_cents(), 50'000);
  EXPECT_EQ(FactsAfter(before).at(0).professional().mandates(0).delegated_from(), source_);

  v1::DelegateMandateRequest deeper = delegation_;
  deeper.set_name(m.name());
  deeper.set_to("professionals/consultant");
  EXPECT_EQ(ReasonOf(Run(kDelegate,
                         CallOf("professionals/colleague", kMunicipality,
                                common::v1::FUNCTION_MUNICIPAL_CONSULTANT),
                         deeper)),
            "DELEGATED_BEFORE")
      << "at most one deep";
}

TEST_F(DelegationTest, R6DelegatingIsForTheHolderToAColleagueOnce) {
  EXPECT_EQ(ReasonOf(Run(kDelegate, MandateHolderOf(kMunicipality), delegation_)),
            "NOT_YOUR_MANDATE");
  v1::DelegateMandateRequest other = delegation_;
  other.set_to("professionals/consultant");
  EXPECT_EQ(ReasonOf(Run(kDelegate, Consultant(), other)), "OWN_POWER");
  other.set_to("professionals/nobody");
  EXPECT_EQ(ReasonOf(Run(kDelegate, Consultant(), other)), "PROFESSIONAL_NOT_FOUND");
  other.set_to("x");
  EXPECT_EQ(ReasonOf(Run(kDelegate, Consultant(), other)), "INVALID_FIELD");
  other = delegation_;
  other.set_name("professionals/consultant/mandates/none");
  EXPECT_EQ(ReasonOf(Run(kDelegate, Consultant(), other)), "MANDATE_NOT_FOUND");
  other.set_name("professionals/nobody/mandates/none");
  EXPECT_EQ(ReasonOf(Run(kDelegate, Consultant(), other)), "MANDATE_NOT_FOUND");
  other.set_name("junk");
  EXPECT_EQ(ReasonOf(Run(kDelegate, Consultant(), other)), "INVALID_FIELD");
  ASSERT_OK(Run(kDelegate, Consultant(), delegation_));
  EXPECT_EQ(ReasonOf(Run(kDelegate, Consultant(), delegation_)), "ALREADY_DELEGATED");
}

TEST_F(DelegationTest, R6WhenTheSourceIsRevokedSoIsWhatWasDelegatedInTheSameAct) {
  ASSERT_OK(Run(kDelegate, Consultant(), delegation_));
  clock_.Advance(absl::Hours(48));
  const int64_t before = Position();
  v1::RevokeMandateRequest revoke;
  revoke.set_name(source_);
  ASSERT_OK(Run(kRevoke, MandateHolderOf(kMunicipality), revoke));
  EXPECT_EQ(Delegated().end_date(), "2026-03-05");
  EXPECT_EQ(Delegated().version(), 2);
  const auto facts = FactsAfter(before);
  ASSERT_EQ(facts.size(), 2u) << "both are in force when the call answers";
  EXPECT_EQ(facts[0].professional().name(), "professionals/consultant");
  EXPECT_EQ(facts[1].professional().name(), "professionals/colleague");
  EXPECT_EQ(facts[1].professional().mandates(0).end_date(), "2026-03-05");
}

TEST_F(DelegationTest, R6WhenTheHolderLeavesWhatTheyDelegatedEndsAndTheColleagueStays) {
  ASSERT_OK(Run(kDelegate, Consultant(), delegation_));
  v1::EndEmploymentRequest request;
  request.set_name("professionals/consultant");
  request.set_organisation(kMunicipality);
  request.set_end_date("2026-06-01");
  ASSERT_OK(Run(kEnd, AdministratorOf(kMunicipality), request));
  EXPECT_EQ(Delegated().end_date(), "2026-06-01");
  EXPECT_EQ(Stored("professionals/colleague").functions(0).end_date(), "");
  // Sooner still, and not later again.
  request.set_end_date("2026-05-01");
  ASSERT_OK(Run(kEnd, AdministratorOf(kMunicipality), request));
  EXPECT_EQ(Delegated().end_date(), "2026-05-01");
}

TEST_F(DelegationTest, R6TheOrganisationRevokesADelegatedMandateAndItsSourceStays) {
  const auto delegated = Run(kDelegate, Consultant(), delegation_);
  ASSERT_OK(delegated);
  v1::RevokeMandateRequest revoke;
  revoke.set_name(delegated->mandates(0).name());
  ASSERT_OK(Run(kRevoke, MandateHolderOf(kMunicipality), revoke));
  EXPECT_EQ(Delegated().end_date(), kToday);
  EXPECT_EQ(Stored("professionals/consultant").mandates(0).end_date(), "");
  ASSERT_OK(Run(kDelegate, Consultant(), delegation_)) << "and can be delegated anew";
}

TEST_F(MandateTest, RevokingWhatIsNotThereIsOneAnswer) {
  v1::RevokeMandateRequest revoke;
  revoke.set_name("professionals/consultant/mandates/m-none");
  EXPECT_EQ(ReasonOf(Run(kRevoke, MandateHolderOf(kMunicipality), revoke)), "MANDATE_NOT_FOUND");
  revoke.set_name("professionals/nobody/mandates/m-none");
  EXPECT_EQ(ReasonOf(Run(kRevoke, MandateHolderOf(kMunicipality), revoke)), "MANDATE_NOT_FOUND");
  revoke.set_name("mandates/m-none");
  EXPECT_EQ(ReasonOf(Run(kRevoke, MandateHolderOf(kMunicipality), revoke)), "INVALID_FIELD");
}

TEST_F(DirectoryTest, ListsArePagedInOrderOfId) {
  Import(SmallRegion());
  v1::ListOrganisationsRequest request;
  request.set_page_size(2);
  auto page = Run(&DirectoryService::ListOrganisations, Nurse(), request);
  ASSERT_OK(page);
  ASSERT_EQ(page->organisations_size(), 2);
  EXPECT_EQ(page->organisations(0).name(), kMunicipality);
  EXPECT_EQ(page->organisations(1).name(), kYouthHealth);
  request.set_page_token(page->next_page_token());
  page = Run(&DirectoryService::ListOrganisations, Nurse(), request);
  ASSERT_OK(page);
  ASSERT_EQ(page->organisations_size(), 1);
  EXPECT_EQ(page->organisations(0).name(), kSchoolBoard);
  EXPECT_EQ(page->next_page_token(), "");
  request.set_page_token("not ours");
  EXPECT_EQ(ReasonOf(Run(&DirectoryService::ListOrganisations, Nurse(), request)),
            "BAD_PAGE_TOKEN");

  const auto werkplaatsen =
      Run(&DirectoryService::ListWerkplaatsen, Nurse(), v1::ListWerkplaatsenRequest());
  ASSERT_OK(werkplaatsen);
  ASSERT_EQ(werkplaatsen->werkplaatsen_size(), 1);
  EXPECT_EQ(werkplaatsen->werkplaatsen(0).place(), "Maastricht");
}

TEST_F(DirectoryTest, GettingAnOrganisationGivesItOrOneOfTwoErrors) {
  v1::GetOrganisationRequest request;
  request.set_name(kMunicipality);
  const auto found = Run(&DirectoryService::GetOrganisation, Nurse(), request);
  ASSERT_OK(found);
  EXPECT_EQ(found->kind(), common::v1::ORGANISATION_KIND_MUNICIPALITY);
  request.set_name("organisations/unknown");
  EXPECT_EQ(ReasonOf(Run(&DirectoryService::GetOrganisation, Nurse(), request)),
            "ORGANISATION_NOT_FOUND");
  request.set_name("organisations/../x");
  EXPECT_EQ(ReasonOf(Run(&DirectoryService::GetOrganisation, Nurse(), request)), "INVALID_FIELD");
}

TEST_F(DirectoryTest, AListOfAnOrganisationHoldsWhoWorksThereToday) {
  Import(SmallRegion());
  Create(MakeProfessional("now", Term(kYouthHealth, common::v1::FUNCTION_JGZ_NURSE)));
  Create(MakeProfessional(
      "past", Term(kYouthHealth, common::v1::FUNCTION_JGZ_NURSE, "2020-01-01", kToday)));
  Create(MakeProfessional(
      "leaving", Term(kYouthHealth, common::v1::FUNCTION_JGZ_DOCTOR, "2020-01-01", "2026-03-04")));
  Create(MakeProfessional("elsewhere", Term(kSchoolBoard, common::v1::FUNCTION_INTERN_BEGELEIDER)));
  v1::ListProfessionalsRequest request;
  request.set_organisation(kYouthHealth);
  request.set_page_size(1);
  std::vector<std::string> names;
  do {
    const auto page = Run(&DirectoryService::ListProfessionals, Nurse(), request);
    ASSERT_OK(page);
    for (const auto& p : page->professionals()) {
      names.push_back(p.name());
      EXPECT_EQ(p.login(), "");
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(names, ::testing::ElementsAre("professionals/leaving", "professionals/now"));

  request.set_organisation("x");
  EXPECT_EQ(ReasonOf(Run(&DirectoryService::ListProfessionals, Nurse(), request)), "INVALID_FIELD");
}

TEST_F(DirectoryTest, AnAdministratorSeesTheLoginsOfTheirOwnPeopleOnly) {
  Import(SmallRegion());
  Create(MakeProfessional("nurse", Term(kYouthHealth, common::v1::FUNCTION_JGZ_NURSE)));
  const auto page = Run(&DirectoryService::ListProfessionals, AdministratorOf(kYouthHealth),
                        v1::ListProfessionalsRequest());
  ASSERT_OK(page);
  ASSERT_EQ(page->professionals_size(), 2);
  EXPECT_EQ(page->professionals(0).name(), kRegionAdministrator);
  EXPECT_EQ(page->professionals(0).login(), "");
  EXPECT_EQ(page->professionals(1).login(), "dev|nurse");
  EXPECT_EQ(Stored("professionals/nurse").login(), "dev|nurse");
}

TEST_F(DirectoryTest, P1EveryMethodOfTheServiceIsRegistered) {
  runtime::Registry registry;
  unit_->Register(registry);
  size_t methods = 0;
  for (const char* name : {"DirectoryService", "WerkplaatsService", "FrameworkService"}) {
    const google::protobuf::ServiceDescriptor* service =
        google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
            absl::StrCat("knooppunt.directory.v1.", name));
    ASSERT_NE(service, nullptr) << name;
    methods += service->method_count();
    for (int i = 0; i < service->method_count(); ++i) {
      EXPECT_TRUE(registry.entries().contains(
          absl::StrCat("/", service->full_name(), "/", service->method(i)->name())))
          << service->method(i)->name();
    }
  }
  EXPECT_EQ(registry.entries().size(), methods);
}

}  // namespace
}  // namespace knooppunt::directory
