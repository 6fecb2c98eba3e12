// Those who look after the region: administrators who reach further, officers and their own, and
// what the log gives away.
#include "absl/strings/match.h"
#include "tests/attacks/attack.h"

namespace knooppunt::attacks {
namespace {

using common::v1::PURPOSE_ADMINISTRATION;
using common::v1::PURPOSE_AUDIT;

constexpr char kAssign[] = "directory.v1.DirectoryService/AssignFunction";
constexpr char kCreate[] = "directory.v1.DirectoryService/CreateProfessional";
constexpr char kListRecords[] = "audit.v1.AuditService/ListRecords";

Stopped DirectorySays(StatusCode code, const std::string& reason) {
  return {.code = code, .reason = reason, .unit = "directory"};
}

class OfficeAttackTest : public AttackTest {
 protected:
  directory::v1::AssignFunctionRequest Function(const Caller& of, const std::string& organisation,
                                                common::v1::Function function) const {
    directory::v1::AssignFunctionRequest request;
    request.set_name(of.claims.subject());
    request.mutable_function()->set_organisation(absl::StrCat("organisations/", organisation));
    request.mutable_function()->set_function(function);
    request.mutable_function()->set_start_date(region_.Day(0));
    return request;
  }
  // The handler refuses, by a PERMISSION_DENIED that is not the policy's: recorded as allowed.
  void AttackDirectory(const Caller& who, const std::string& method,
                       const google::protobuf::Message& request, StatusCode code,
                       const std::string& reason) {
    Attack(who, method, request, DirectorySays(code, reason));
  }
  audit::v1::ListRecordsRequest Log(const std::string& parent) const {
    audit::v1::ListRecordsRequest request;
    request.set_parent(parent);
    request.set_page_size(1);
    return request;
  }
  void Ship() { ASSERT_OK(region_.process().host("dossier")->shipper().Flush(absl::Seconds(10))); }
  Caller JgzAdmin() {
    return Employ("jgz-admin", "jgz", common::v1::FUNCTION_ADMINISTRATOR)
        .For(PURPOSE_ADMINISTRATION);
  }
};

TEST_F(OfficeAttackTest, A160R21OfficerReadsTheLogOfTheirOwnFamilyByItsPseudonym) {
  const Caller officer =
      Employ("officer", "jgz", common::v1::FUNCTION_PRIVACY_OFFICER, {"accounts/mother"})
          .For(PURPOSE_AUDIT);
  Ship();
  Attack(officer, kListRecords, Log(absl::StrCat("subjects/", region_.audit_subject)),
         RefusedBy("own-family", "audit"));
  // Of another family they do.
  Do<audit::v1::ListRecordsResponse>(officer, kListRecords,
                                     Log(absl::StrCat("subjects/", case_b_.audit_subject())));
}

TEST_F(OfficeAttackTest, A161R21OfficerReviewsAnEmergencyOfTheirOwnFamily) {
  const Caller officer =
      Employ("officer", "jgz", common::v1::FUNCTION_PRIVACY_OFFICER, {"accounts/father"})
          .For(PURPOSE_AUDIT);
  const auto opened =
      Do<consent::v1::Emergency>(region_.stranger.For(common::v1::PURPOSE_EMERGENCY),
                                 "consent.v1.ConsentService/OpenEmergency", Emergency(Family()));
  consent::v1::ReviewEmergencyRequest review;
  review.set_name(opened.name());
  review.set_outcome("Onnodig.");
  Attack(officer, "consent.v1.ConsentService/ReviewEmergency", review, RefusedBy("own-family"));
  consent::v1::GetEmergencyRequest get;
  get.set_name(opened.name());
  Attack(officer, "consent.v1.ConsentService/GetEmergency", get, RefusedBy("own-family"));
}

TEST_F(OfficeAttackTest, A162R21AdministratorGivesThemselvesAFunction) {
  AttackDirectory(region_.admin, kAssign,
                  Function(region_.admin, "mosalira", common::v1::FUNCTION_INTERN_BEGELEIDER),
                  StatusCode::kPermissionDenied, "OWN_POWER");
}

TEST_F(OfficeAttackTest, A163R21AdministratorOfOneOrganisationEmploysAtAnother) {
  const Caller admin = JgzAdmin();
  AttackDirectory(admin, kAssign,
                  Function(region_.nurse, "mosalira", common::v1::FUNCTION_INTERN_BEGELEIDER),
                  StatusCode::kPermissionDenied, "OTHER_ORGANISATION");
}

TEST_F(OfficeAttackTest, A164R21AdministratorMakesAnAdministratorAReader) {
  const Caller other = Employ("beheer-twee", "jgz", common::v1::FUNCTION_ADMINISTRATOR);
  AttackDirectory(JgzAdmin(), kAssign, Function(other, "jgz", common::v1::FUNCTION_JGZ_NURSE),
                  StatusCode::kFailedPrecondition, "ADMINISTRATOR_READS_NOTHING");
}

TEST_F(OfficeAttackTest, A165R17LoginOfAnotherGivenToANewProfessional) {
  directory::v1::CreateProfessionalRequest request;
  directory::v1::Professional* p = request.mutable_professional();
  p->set_name("professionals/shadow");
  p->set_display_name("Schaduw");
  p->set_login("dev|professionals/ib");
  access::v1::FunctionTerm* term = p->add_functions();
  term->set_organisation("organisations/jgz");
  term->set_function(common::v1::FUNCTION_JGZ_NURSE);
  term->set_start_date(region_.Day(0));
  AttackDirectory(JgzAdmin(), kCreate, request, StatusCode::kAlreadyExists, "LOGIN_TAKEN");
}

TEST_F(OfficeAttackTest, A166R21AdministratorOfOneOrganisationRewritesTheRegion) {
  directory::v1::ImportDirectoryRequest request;
  directory::v1::Organisation* o = request.add_organisations();
  o->set_name("organisations/jgz");
  o->set_display_name("jgz");
  o->set_kind(common::v1::ORGANISATION_KIND_SCHOOL_BOARD);  // to open EDUCATION as one's own
  AttackDirectory(JgzAdmin(), "directory.v1.DirectoryService/ImportDirectory", request,
                  StatusCode::kPermissionDenied, "ONLY_REGION_ADMINISTRATOR");
}

// Not refused: a token of a page grants nothing (AIP-158). The rest of the caller's own log.
TEST_F(OfficeAttackTest, A167R18PageTokenOfSomebodyElsesList) {
  ASSERT_OK(region_.GetCase(region_.mother));
  ASSERT_OK(region_.GetCase(mother_b_, case_b_.name()));
  Ship();
  const auto page = Do<audit::v1::ListRecordsResponse>(
      region_.auditor, kListRecords, Log(absl::StrCat("subjects/", region_.audit_subject)));
  ASSERT_NE(page.next_page_token(), "");
  audit::v1::ListRecordsRequest request = Log(family_b_);
  request.set_page_size(200);
  request.set_page_token(page.next_page_token());
  const auto seen = Do<audit::v1::ListRecordsResponse>(mother_b_, kListRecords, request);
  for (const audit::v1::Record& r : seen.records()) {
    EXPECT_NE(r.about().subject(), region_.audit_subject);
    EXPECT_NE(r.who().actor(), region_.mother.claims.subject());
  }
  request.set_page_token("not-a-token");
  Attack(mother_b_, kListRecords, request,
         {.code = StatusCode::kInvalidArgument, .reason = "BAD_PAGE_TOKEN", .unit = "audit"});
}

// The same as no such record: an answer would show whose it is (R18).
TEST_F(OfficeAttackTest, A168R25QuestionAboutARecordOfAnotherFamily) {
  ASSERT_OK(region_.GetCase(region_.mother));
  Ship();
  const auto page = Do<audit::v1::ListRecordsResponse>(
      region_.auditor, kListRecords, Log(absl::StrCat("subjects/", region_.audit_subject)));
  ASSERT_EQ(page.records_size(), 1);
  audit::v1::AskWhyRequest request;
  request.set_parent(family_b_);
  request.set_question("Wat staat hier?");
  for (const int64_t index : {page.records(0).index(), int64_t{1} << 40}) {
    request.set_index(index);
    Attack(mother_b_, "audit.v1.AuditService/AskWhy", request,
           {.code = StatusCode::kNotFound, .reason = "NO_SUCH_RECORD", .unit = "audit"});
  }
}

TEST_F(OfficeAttackTest, A169R21AdministratorReadsTheLog) {
  for (const Purpose purpose : {PURPOSE_ADMINISTRATION, PURPOSE_AUDIT}) {
    Attack(region_.admin.For(purpose), kListRecords,
           Log(absl::StrCat("subjects/", region_.audit_subject)),
           RefusedBy("no-rule-for-function", "audit"));
  }
}

TEST_F(OfficeAttackTest, A170R21ProfessionalOpensACaseForTheirOwnFamily) {
  const Caller parent =
      Employ("parent", "mosalira", common::v1::FUNCTION_INTERN_BEGELEIDER, {"accounts/own"});
  casework::v1::OpenCaseRequest request = region_.OpenRequest();
  request.mutable_persons(0)->set_family_name("Eigen");
  request.mutable_persons(2)->set_account("accounts/own");
  request.mutable_persons(3)->set_account("accounts/other");
  Attack(parent, "casework.v1.CaseworkService/OpenCase", request, RefusedBy("own-family"));
  casework::v1::ListCasesResponse cases;
  ASSERT_OK(region_.Call(parent, "casework.v1.CaseworkService/ListCases",
                         casework::v1::ListCasesRequest(), &cases));
  EXPECT_EQ(cases.cases_size(), 0);
}

}  // namespace
}  // namespace knooppunt::attacks
