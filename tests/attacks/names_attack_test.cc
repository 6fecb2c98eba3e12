// Strangers and names: another family's ids, crossed ids, tricks in names.
#include "absl/strings/str_replace.h"
#include "base/resource_name.h"
#include "tests/attacks/attack.h"

namespace knooppunt::attacks {
namespace {

constexpr char kConsent[] = "consent.v1.ConsentService/";
constexpr char kCasework[] = "casework.v1.CaseworkService/";

std::string LastId(const std::string& name) {
  return std::string(base::ResourceName::Parse(name)->last_id());
}

class NamesAttackTest : public AttackTest {
 protected:
  // A consent of the second family, proposed and not signed.
  std::string ConsentOfB() {
    consent::v1::ProposeConsentRequest proposal = Proposal("organisations/jgz");
    proposal.set_parent(family_b_);
    proposal.mutable_consent()->clear_about();
    proposal.mutable_consent()->mutable_about()->add_persons(PersonId(case_b_, "child-b"));
    return Do<consent::v1::Consent>(colleague_, absl::StrCat(kConsent, "ProposeConsent"), proposal)
        .name();
  }
  casework::v1::AddContributionRequest NoteOfB() const {
    casework::v1::AddContributionRequest request = region_.Note("Van de ander.");
    request.set_parent(case_b_.name());
    request.mutable_contribution()->mutable_label()->mutable_about()->set_persons(
        0, PersonId(case_b_, "child-b"));
    return request;
  }
  void AttackNames(const std::vector<std::string>& names, StatusCode code,
                   const std::string& reason) {
    for (const std::string& name : names) {
      SCOPED_TRACE(name.substr(0, 80));
      AttackCase(region_.ib, With(code, reason), name);
    }
  }
};

TEST_F(NamesAttackTest, A01R18CaseOfAnotherFamilyByItsName) {
  AttackCase(colleague_, RefusedBy("no-seat"));
  AttackCase(region_.ib, RefusedBy("no-seat"), case_b_.name());
}

TEST_F(NamesAttackTest, A02R18CaseIdOfAnotherFamilyUnderOnesOwn) {
  const std::string crossed = absl::StrCat(Family(), "/cases/", LastId(case_b_.name()));
  AttackCase(region_.ib, RefusedBy("no-seat"), crossed);
  AttackCase(region_.mother, RefusedBy("no-gezag"), crossed);
}

TEST_F(NamesAttackTest, A03R18ConsentOfAnotherFamilySignedUnderOnesOwnName) {
  const std::string crossed = absl::StrCat(Family(), "/consents/", LastId(ConsentOfB()));
  Attack(region_.mother, absl::StrCat(kConsent, "SignConsent"), Signature(crossed), NotFound());
}

TEST_F(NamesAttackTest, A04R13ConsentOfAnotherFamilyWithdrawnUnderOnesOwnName) {
  consent::v1::WithdrawConsentRequest request;
  request.set_name(absl::StrCat(Family(), "/consents/", LastId(ConsentOfB())));
  Attack(region_.mother, absl::StrCat(kConsent, "WithdrawConsent"), request, NotFound());
}

TEST_F(NamesAttackTest, A05R13ConsentOfAnotherFamilyWithdrawn) {
  consent::v1::WithdrawConsentRequest request;
  request.set_name(ConsentOfB());
  Attack(region_.mother, absl::StrCat(kConsent, "WithdrawConsent"), request,
         RefusedBy("not-of-this-family"));
}

TEST_F(NamesAttackTest, A06R18MeetingOfAnotherFamilyUnderOnesOwn) {
  casework::v1::PlanMeetingRequest plan;
  plan.set_parent(case_b_.name());
  plan.set_date(region_.Day(1));
  *plan.mutable_label() = NoteOfB().contribution().label();
  const auto meeting =
      Do<casework::v1::Meeting>(colleague_, absl::StrCat(kCasework, "PlanMeeting"), plan);
  casework::v1::ConfirmOutcomeRequest request;
  request.set_name(absl::StrCat(region_.case_name, "/meetings/", LastId(meeting.name())));
  Attack(region_.ib, absl::StrCat(kCasework, "ConfirmOutcome"), request, NotFound());
}

TEST_F(NamesAttackTest, A07R18EmergencyOfAnotherFamilyUnderThisOne) {
  const Caller helper = region_.stranger.For(common::v1::PURPOSE_EMERGENCY);
  const auto theirs = Do<consent::v1::Emergency>(helper, absl::StrCat(kConsent, "OpenEmergency"),
                                                 Emergency(family_b_));
  Do<consent::v1::Emergency>(helper, absl::StrCat(kConsent, "OpenEmergency"), Emergency(Family()));
  consent::v1::ReviewEmergencyRequest request;
  request.set_name(absl::StrCat(Family(), "/emergencies/", LastId(theirs.name())));
  request.set_outcome("Nagegaan.");
  Attack(region_.auditor, absl::StrCat(kConsent, "ReviewEmergency"), request, NotFound());
}

TEST_F(NamesAttackTest, A08R18GroundOfAnotherFamilyUnderOnesOwn) {
  consent::v1::InvokeGroundRequest invoke;
  invoke.set_parent(family_b_);
  consent::v1::Ground& g = *invoke.mutable_ground();
  g.set_type("meldcode");
  g.mutable_about()->add_persons(PersonId(case_b_, "child-b"));
  g.add_compartments(common::v1::COMPARTMENT_EDUCATION);
  g.add_purposes(common::v1::PURPOSE_COORDINATION);
  g.set_recipient("organisations/jgz");
  g.set_start_date(region_.Day(0));
  g.set_end_date(region_.Day(30));
  g.set_reason("Zorgen over thuis.");
  g.set_family_told(true);
  const auto theirs =
      Do<consent::v1::Ground>(colleague_, absl::StrCat(kConsent, "InvokeGround"), invoke);
  consent::v1::EndGroundRequest request;
  request.set_name(absl::StrCat(Family(), "/grounds/", LastId(theirs.name())));
  Attack(region_.ib, absl::StrCat(kConsent, "EndGround"), request, NotFound());
}

TEST_F(NamesAttackTest, A09R18SeatOfAnotherTableEndedAtOnesOwn) {
  casework::v1::EndSeatRequest request;
  request.set_name(region_.case_name);
  request.set_seat(case_b_.participants(0).seat());
  request.set_reason("Weg ermee.");
  Attack(region_.ib, absl::StrCat(kCasework, "EndSeat"), request, NotFound());
  EXPECT_OK(region_.GetCase(colleague_, case_b_.name()));
}

TEST_F(NamesAttackTest, A10R28AnotherFamilysNoteInAHandover) {
  Activate();
  const auto theirs = Do<casework::v1::Contribution>(
      colleague_, absl::StrCat(kCasework, "AddContribution"), NoteOfB());
  const Caller receiver = Employ("receiver", "lvo", common::v1::FUNCTION_CARE_COORDINATOR);
  handover::v1::DraftHandoverRequest request;
  request.set_parent(region_.case_name);
  request.set_kind(handover::v1::HANDOVER_KIND_PO_VO);
  request.set_to_werkplaats("werkplaatsen/vmbo");
  request.set_receiver(receiver.claims.subject());
  request.set_expire_date(region_.Day(60));
  request.add_children(region_.child);
  request.add_items(theirs.name());
  Attack(region_.ib, "handover.v1.HandoverService/DraftHandover", request,
         With(StatusCode::kInvalidArgument, "R28_NOT_A_PART"));
  request.set_items(0, absl::StrCat(region_.case_name, "/contributions/", LastId(theirs.name())));
  Attack(region_.ib, "handover.v1.HandoverService/DraftHandover", request, NotFound());
}

TEST_F(NamesAttackTest, A11R12ConsentAboutSomebodyOfAnotherFamily) {
  consent::v1::ProposeConsentRequest request = Proposal("organisations/jgz");
  request.mutable_consent()->mutable_about()->add_persons(PersonId(case_b_, "child-b"));
  Attack(region_.ib, absl::StrCat(kConsent, "ProposeConsent"), request,
         RefusedBy("label-not-covered"));
}

TEST_F(NamesAttackTest, A12R38NoteAboutSomebodyOfAnotherFamily) {
  casework::v1::AddContributionRequest request = region_.Note("Over een ander.");
  request.mutable_contribution()->mutable_label()->mutable_about()->add_persons(
      PersonId(case_b_, "child-b"));
  Attack(region_.ib, absl::StrCat(kCasework, "AddContribution"), request,
         RefusedBy("label-not-covered"));
}

TEST_F(NamesAttackTest, A13R25LogOfAnotherFamily) {
  audit::v1::ListRecordsRequest request;
  request.set_parent(family_b_);
  Stopped stopped = RefusedBy("not-of-this-family", "audit");
  Attack(region_.mother, "audit.v1.AuditService/ListRecords", request, stopped);
}

TEST_F(NamesAttackTest, A14R25LogByAPseudonymThatAParentLearned) {
  audit::v1::ListRecordsRequest request;
  request.set_parent(absl::StrCat("subjects/", region_.audit_subject));
  for (const Caller& who : {region_.mother, mother_b_}) {
    Attack(who, "audit.v1.AuditService/ListRecords", request,
           RefusedBy("not-of-this-family", "audit"));
  }
}

TEST_F(NamesAttackTest, A15R18DotsAndSlashesInNames) {
  AttackNames({absl::StrCat(case_b_.name(), "/../../../", region_.case_name),
               absl::StrCat(region_.case_name, "/"), absl::StrCat("/", region_.case_name),
               absl::StrReplaceAll(region_.case_name, {{"/cases", "//cases"}}),
               absl::StrCat("./", region_.case_name), absl::StrCat(region_.case_name, "\n"),
               absl::StrCat(region_.case_name, std::string(1, '\0')), "..", "/"},
              StatusCode::kInvalidArgument, "MALFORMED_NAME");
}

TEST_F(NamesAttackTest, A16R18EncodedAndLookalikeNames) {
  AttackNames({absl::StrReplaceAll(region_.case_name, {{"/", "%2F"}}),
               absl::StrReplaceAll(region_.case_name, {{"/", "\xE2\x88\x95"}}),
               absl::StrReplaceAll(region_.case_name, {{"families", "f\xD0\xB0milies"}}),
               absl::StrReplaceAll(region_.case_name, {{"cases/c", "cases/C"}}),
               absl::StrCat(region_.case_name, "\xE2\x80\x8B"),
               absl::StrCat(region_.case_name, "' OR '1'='1")},
              StatusCode::kInvalidArgument, "MALFORMED_NAME");
}

TEST_F(NamesAttackTest, A17R18WildcardNames) {
  AttackNames({"families/-/cases/-", "families/-"}, StatusCode::kPermissionDenied, "REFUSED");
  AttackNames({"families/*/cases/*", absl::StrCat(Family(), "/cases/*")},
              StatusCode::kInvalidArgument, "MALFORMED_NAME");
}

TEST_F(NamesAttackTest, A18R18NamesThatAreVeryLong) {
  std::string deep = region_.case_name;
  while (deep.size() < 10'000) deep += "/cases/c";
  AttackNames({deep, std::string(100'000, 'a'), absl::StrCat("families/", std::string(64, 'f'))},
              StatusCode::kInvalidArgument, "MALFORMED_NAME");
}

// Two families in one name: the first that stands in it is not taken for the other.
TEST_F(NamesAttackTest, A19R18TwoFamiliesInOneName) {
  AttackCase(region_.ib, RefusedBy("no-seat"),
             absl::StrCat(case_b_.name(), "/", region_.case_name));
  AttackCase(region_.ib, With(StatusCode::kInvalidArgument, "INVALID_FIELD"),
             absl::StrCat(region_.case_name, "/", case_b_.name()));
}

}  // namespace
}  // namespace knooppunt::attacks
