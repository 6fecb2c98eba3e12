// Professionals: who was at the table, who works next to it, and who looks after the machine.
#include "absl/strings/match.h"
#include "tests/attacks/attack.h"

namespace knooppunt::attacks {
namespace {

using common::v1::FUNCTION_INTERN_BEGELEIDER;
using common::v1::FUNCTION_JGZ_NURSE;
using common::v1::FUNCTION_MUNICIPAL_CONSULTANT;
using common::v1::PURPOSE_EMERGENCY;

constexpr char kCasework[] = "casework.v1.CaseworkService/";
constexpr char kConsent[] = "consent.v1.ConsentService/";

class PeopleAttackTest : public AttackTest {
 protected:
  void Deputise(const Caller& deputy, const Caller& of, int days) {
    casework::v1::ArrangeDeputyRequest request;
    request.set_name(region_.case_name);
    request.set_seat(SeatOf(of));
    request.set_professional(deputy.claims.subject());
    request.set_end_date(region_.Day(days));
    Do<casework::v1::Participant>(of, absl::StrCat(kCasework, "ArrangeDeputy"), request);
  }
  void SeatTheConsultant() {
    region_.Share("organisations/maastricht");
    region_.Seat(region_.consultant);
  }
  casework::v1::JoinCaseRequest Join() const {
    casework::v1::JoinCaseRequest join;
    join.set_name(region_.case_name);
    return join;
  }
};

TEST_F(PeopleAttackTest, A20R17ExParticipantWhileTheConsentStillHolds) {
  region_.SeatTheNurse();
  ASSERT_OK(region_.GetCase(region_.nurse));
  EndSeat(region_.nurse);
  AttackCase(region_.nurse, RefusedBy("no-seat"));
}

TEST_F(PeopleAttackTest, A21R17ExEmployeeWithATokenThatIsStillGood) {
  region_.SeatTheNurse();
  EndEmployment(region_.nurse);
  AttackCase(region_.nurse, RefusedBy("no-function"));
}

TEST_F(PeopleAttackTest, A22R17FunctionThatOneDoesNotHold) {
  region_.SeatTheNurse();
  Caller doctor = region_.nurse;
  doctor.claims.set_function(common::v1::FUNCTION_JGZ_DOCTOR);
  AttackCase(doctor, RefusedBy("no-function"));
}

TEST_F(PeopleAttackTest, A23R17SeatOfOnesOtherFunction) {
  region_.SeatTheNurse();
  Assign(region_.nurse, "jgz", common::v1::FUNCTION_JGZ_DOCTOR);
  Caller doctor = region_.nurse;
  doctor.claims.set_function(common::v1::FUNCTION_JGZ_DOCTOR);
  AttackCase(doctor, RefusedBy("no-seat"));
  EXPECT_OK(region_.GetCase(region_.nurse));
}

TEST_F(PeopleAttackTest, A24R17SeatOfOnesOtherEmployer) {
  region_.SeatTheNurse();
  Assign(region_.nurse, "ggd-noord", FUNCTION_JGZ_NURSE);
  Caller elsewhere = region_.nurse;
  elsewhere.claims.set_organisation("organisations/ggd-noord");
  AttackCase(elsewhere, RefusedBy("no-seat"));
}

TEST_F(PeopleAttackTest, A25R17OrganisationWhereOneDoesNotWork) {
  region_.SeatTheNurse();
  Caller elsewhere = region_.stranger;
  elsewhere.claims.set_organisation("organisations/jgz");
  elsewhere.claims.set_function(FUNCTION_JGZ_NURSE);
  AttackCase(elsewhere, RefusedBy("no-function"));
}

TEST_F(PeopleAttackTest, A26R12ColleagueOfTheOrganisationThatMayReceive) {
  region_.SeatTheNurse();
  AttackCase(Employ("second-nurse", "jgz", FUNCTION_JGZ_NURSE), RefusedBy("no-seat"));
}

TEST_F(PeopleAttackTest, A27R12SameFunctionAtAnotherOrganisation) {
  region_.SeatTheNurse();
  AttackCase(Employ("far-nurse", "ggd-noord", FUNCTION_JGZ_NURSE), RefusedBy("no-seat"));
}

TEST_F(PeopleAttackTest, A28R21OwnFamilyFromASeat) {
  region_.Share("organisations/jgz");
  const Caller aunt = Employ("aunt", "jgz", FUNCTION_JGZ_NURSE, {"accounts/mother"});
  Invite(aunt);
  Attack(aunt, absl::StrCat(kCasework, "JoinCase"), Join(), RefusedBy("own-family"));
  AttackCase(aunt, RefusedBy("own-family"));
}

TEST_F(PeopleAttackTest, A29R21OwnFamilyInAnotherFunctionOrInAnEmergency) {
  Caller uncle = Employ("uncle", "jgz", FUNCTION_JGZ_NURSE, {"accounts/father"});
  Assign(uncle, "maastricht", FUNCTION_MUNICIPAL_CONSULTANT);
  uncle.claims.set_organisation("organisations/maastricht");
  uncle.claims.set_function(FUNCTION_MUNICIPAL_CONSULTANT);
  uncle.purpose = PURPOSE_EMERGENCY;
  Attack(uncle, absl::StrCat(kConsent, "OpenEmergency"), Emergency(Family()),
         RefusedBy("own-family"));
  AttackCase(uncle, RefusedBy("own-family"));
}

TEST_F(PeopleAttackTest, A30R21AdministratorReadsACase) {
  AttackCase(region_.admin, RefusedBy("no-rule-for-function"));
  AttackCase(region_.admin.For(common::v1::PURPOSE_COORDINATION),
             RefusedBy("no-rule-for-function"));
  Attack(region_.admin, absl::StrCat(kCasework, "ListOwnRecord"), OwnRecord(),
         RefusedBy("no-rule-for-function"));
}

TEST_F(PeopleAttackTest, A31R21AuditorReadsACase) {
  for (const Purpose purpose :
       {common::v1::PURPOSE_AUDIT, common::v1::PURPOSE_COORDINATION, PURPOSE_EMERGENCY}) {
    AttackCase(region_.auditor.For(purpose), RefusedBy("no-rule-for-function"));
  }
}

TEST_F(PeopleAttackTest, A32R21AuditorReadsTheLogByTheFamilysName) {
  audit::v1::ListRecordsRequest request;
  request.set_parent(Family());
  Attack(region_.auditor, "audit.v1.AuditService/ListRecords", request,
         RefusedBy("no-seat", "audit"));
}

// Not refused: what the auditor does get holds no name of a family member and no content.
TEST_F(PeopleAttackTest, A33R23AuditorLooksForNamesInTheLog) {
  ASSERT_OK(region_.GetCase(region_.mother));
  ASSERT_OK(region_.process().host("dossier")->shipper().Flush(absl::Seconds(10)));
  audit::v1::ListRecordsRequest request;
  request.set_parent(absl::StrCat("subjects/", region_.audit_subject));
  const auto log = Do<audit::v1::ListRecordsResponse>(region_.auditor,
                                                      "audit.v1.AuditService/ListRecords", request);
  ASSERT_GT(log.records_size(), 2);
  for (const std::string& name : {std::string("Zanden"), std::string("Marieke"),
                                  std::string("Lotte"), std::string(kSecret)}) {
    EXPECT_FALSE(absl::StrContains(log.SerializeAsString(), name)) << name;
  }
}

TEST_F(PeopleAttackTest, A34R21AdministratorCountsCasesBySimulating) {
  access::v1::SimulateRequest request;
  request.set_without_professional(region_.ib.claims.subject());
  Attack(region_.admin, "access.v1.AccessService/Simulate", request,
         RefusedBy("no-rule-for-function", "access"));
}

TEST_F(PeopleAttackTest, A35R21CaseWorkerMakesThemselvesAColleague) {
  directory::v1::AssignFunctionRequest request;
  request.set_name(region_.ib.claims.subject());
  request.mutable_function()->set_organisation("organisations/jgz");
  request.mutable_function()->set_function(FUNCTION_JGZ_NURSE);
  request.mutable_function()->set_start_date(region_.Day(0));
  for (const Purpose purpose :
       {common::v1::PURPOSE_ADMINISTRATION, common::v1::PURPOSE_COORDINATION}) {
    Attack(region_.ib.For(purpose), "directory.v1.DirectoryService/AssignFunction", request,
           RefusedBy("no-rule-for-function", "directory"));
  }
}

TEST_F(PeopleAttackTest, A36R17InvitedAndNotJoined) {
  region_.Share("organisations/jgz");
  Invite(region_.nurse);
  AttackCase(region_.nurse, RefusedBy("no-seat"));
}

TEST_F(PeopleAttackTest, A37R8InvitedWithoutConsentJoins) {
  Invite(region_.nurse);
  Attack(region_.nurse, absl::StrCat(kCasework, "JoinCase"), Join(), RefusedBy("no-sharing"));
}

TEST_F(PeopleAttackTest, A38R12ConsentForAnotherOrganisation) {
  const std::string consent = region_.SeatTheNurse();
  region_.Share("organisations/ggd-noord");
  ASSERT_OK(region_.Withdraw(consent, region_.mother));
  AttackCase(region_.nurse, RefusedBy("no-sharing"));
}

TEST_F(PeopleAttackTest, A39R39DeputyAfterThePeriod) {
  SeatTheConsultant();
  Deputise(region_.stranger, region_.consultant, 14);
  ASSERT_OK(region_.GetCase(region_.stranger));
  region_.clock().Advance(absl::Hours(24 * 14));
  AttackCase(region_.stranger, RefusedBy("no-seat"));
  Attack(region_.stranger.For(common::v1::PURPOSE_OWN_RECORD),
         absl::StrCat(kCasework, "ListOwnRecord"), OwnRecord(), RefusedBy("no-seat"));
}

TEST_F(PeopleAttackTest, A40R39DeputyOfASeatThatEnded) {
  SeatTheConsultant();
  Deputise(region_.stranger, region_.consultant, 14);
  EndSeat(region_.consultant);
  AttackCase(region_.stranger, RefusedBy("no-seat"));
}

TEST_F(PeopleAttackTest, A41R20EmergencyOfAnotherFamily) {
  const Caller helper = region_.stranger.For(PURPOSE_EMERGENCY);
  Do<consent::v1::Emergency>(helper, absl::StrCat(kConsent, "OpenEmergency"), Emergency(family_b_));
  EXPECT_OK(region_.GetCase(helper, case_b_.name()));
  AttackCase(helper, RefusedBy("no-seat"));
}

TEST_F(PeopleAttackTest, A42R20EmergencyInAnotherFunctionOrForAnotherEmployer) {
  const Caller helper = region_.stranger.For(PURPOSE_EMERGENCY);
  Do<consent::v1::Emergency>(helper, absl::StrCat(kConsent, "OpenEmergency"), Emergency(Family()));
  Assign(region_.stranger, "maastricht", common::v1::FUNCTION_YOUTH_CARE_WORKER);
  Assign(region_.stranger, "lvo", FUNCTION_MUNICIPAL_CONSULTANT);
  Caller other = helper;
  other.claims.set_function(common::v1::FUNCTION_YOUTH_CARE_WORKER);
  AttackCase(other, RefusedBy("no-seat"));
  other = helper;
  other.claims.set_organisation("organisations/lvo");
  AttackCase(other, RefusedBy("no-seat"));
}

TEST_F(PeopleAttackTest, A43R20ExEmployeeWithinTheHoursOfAnEmergency) {
  const Caller helper = region_.stranger.For(PURPOSE_EMERGENCY);
  Do<consent::v1::Emergency>(helper, absl::StrCat(kConsent, "OpenEmergency"), Emergency(Family()));
  EndEmployment(region_.stranger);
  AttackCase(helper, RefusedBy("no-function"));
}

TEST_F(PeopleAttackTest, A44R20SomebodyElsesEmergencyReviewedByWhoMayNot) {
  const auto opened =
      Do<consent::v1::Emergency>(region_.stranger.For(PURPOSE_EMERGENCY),
                                 absl::StrCat(kConsent, "OpenEmergency"), Emergency(Family()));
  consent::v1::ReviewEmergencyRequest request;
  request.set_name(opened.name());
  request.set_justified(true);
  request.set_outcome("Goed zo.");
  for (const Caller* who : {&region_.admin, &region_.ib, &region_.consultant}) {
    Attack(who->For(common::v1::PURPOSE_AUDIT), absl::StrCat(kConsent, "ReviewEmergency"), request,
           RefusedBy("no-rule-for-function"));
  }
}

TEST_F(PeopleAttackTest, A45R1SeatAtTheTableLeadsTheCase) {
  region_.SeatTheNurse();
  SeatTheConsultant();
  casework::v1::EndSeatRequest end;
  end.set_name(region_.case_name);
  end.set_seat(SeatOf(region_.ib));
  end.set_reason("Ik neem het over.");
  Attack(region_.consultant, absl::StrCat(kCasework, "EndSeat"), end, RefusedBy("no-seat"));
  casework::v1::InviteParticipantRequest invite;
  invite.set_parent(region_.case_name);
  invite.set_professional(region_.stranger.claims.subject());
  invite.set_organisation("organisations/maastricht");
  invite.set_function(FUNCTION_MUNICIPAL_CONSULTANT);
  invite.set_role(access::v1::SEAT_ROLE_CORE_PARTNER);
  Attack(region_.consultant, absl::StrCat(kCasework, "InviteParticipant"), invite,
         RefusedBy("no-seat"));
}

TEST_F(PeopleAttackTest, A46R19StrangerAsksWhy) {
  access::v1::ExplainRequest request;
  request.set_resource(region_.case_name);
  request.set_permission("case.read");
  for (const Caller* who : {&region_.stranger, &colleague_}) {
    Attack(*who, "access.v1.AccessService/Explain", request, RefusedBy("no-seat", "access"));
  }
}

TEST_F(PeopleAttackTest, A47R3StrangerSearchesForAFamily) {
  casework::v1::SearchFamiliesRequest request;
  request.set_family_name("van der Zanden");
  request.set_birth_date(region_.OpenRequest().persons(0).birth_date());
  for (const Caller* who : {&region_.nurse, &region_.admin, &region_.auditor}) {
    Attack(who->For(common::v1::PURPOSE_COORDINATION), absl::StrCat(kCasework, "SearchFamilies"),
           request, {});
  }
}

}  // namespace
}  // namespace knooppunt::attacks
