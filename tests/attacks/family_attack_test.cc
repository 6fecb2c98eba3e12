// The family is not one subject (R18), and not everybody in it decides (R11).
#include "absl/strings/match.h"
#include "security/crypto/hash.h"
#include "tests/attacks/attack.h"

namespace knooppunt::attacks {
namespace {

constexpr char kCasework[] = "casework.v1.CaseworkService/";
constexpr char kConsent[] = "consent.v1.ConsentService/";
constexpr int kYearDays = 366;

using access::v1::FAMILY_ROLE_CHILD;
using access::v1::FAMILY_ROLE_OTHER;

class FamilyAttackTest : public AttackTest {
 protected:
  // A family of the colleague's: a youth of the case, a sibling, a mother with gezag, a father
  // without, a grandmother.
  void OpenWith(int youth_days) {
    opened_ = OpenFamily(
        colleague_,
        {{.key = "youth", .age_days = youth_days, .role = FAMILY_ROLE_CHILD, .case_child = true},
         {.key = "brother", .age_days = 19 * kYearDays, .role = FAMILY_ROLE_CHILD},
         {.key = "mum", .age_days = 14'000, .gezag_over = {"youth"}},
         {.key = "dad", .age_days = 14'000},
         {.key = "granny", .age_days = 25'000, .role = FAMILY_ROLE_OTHER}});
    casework::v1::AddContributionRequest note = region_.Note("In vertrouwen verteld.");
    note.set_parent(opened_.name());
    note.mutable_contribution()->mutable_label()->mutable_about()->set_persons(
        0, PersonId(opened_, "youth"));
    Do<casework::v1::Contribution>(colleague_, absl::StrCat(kCasework, "AddContribution"), note);
  }
  std::string Opened() const { return opened_.name().substr(0, opened_.name().find("/cases/")); }
  std::string ConsentOfTheYouth() {
    consent::v1::ProposeConsentRequest proposal = Proposal("organisations/jgz");
    proposal.set_parent(Opened());
    proposal.mutable_consent()->clear_about();
    proposal.mutable_consent()->mutable_about()->add_persons(PersonId(opened_, "youth"));
    return Do<consent::v1::Consent>(colleague_, absl::StrCat(kConsent, "ProposeConsent"), proposal)
        .name();
  }
  void InviteTheNurse() {
    casework::v1::InviteParticipantRequest invite;
    invite.set_parent(opened_.name());
    invite.set_professional(region_.nurse.claims.subject());
    invite.set_organisation("organisations/jgz");
    invite.set_function(common::v1::FUNCTION_JGZ_NURSE);
    invite.set_role(access::v1::SEAT_ROLE_CORE_PARTNER);
    Do<casework::v1::Participant>(colleague_, absl::StrCat(kCasework, "InviteParticipant"), invite);
  }
  casework::v1::JoinCaseRequest Join() const {
    casework::v1::JoinCaseRequest join;
    join.set_name(opened_.name());
    return join;
  }
  consent::v1::WithdrawConsentRequest Withdrawal(const std::string& name) const {
    consent::v1::WithdrawConsentRequest request;
    request.set_name(name);
    return request;
  }

  casework::v1::Case opened_;
};

TEST_F(FamilyAttackTest, A56R11ParentWithoutGezagReadsTheCase) {
  OpenWith(3000);
  AttackCase(Account("dad"), RefusedBy("no-gezag"), opened_.name());
}

TEST_F(FamilyAttackTest, A57R11ParentWithoutGezagSigns) {
  OpenWith(3000);
  Attack(Account("dad"), absl::StrCat(kConsent, "SignConsent"), Signature(ConsentOfTheYouth()),
         RefusedBy("no-gezag"));
}

TEST_F(FamilyAttackTest, A58R13ParentWithoutGezagWithdrawsForTheOther) {
  OpenWith(3000);
  const std::string consent = ConsentOfTheYouth();
  Do<consent::v1::Consent>(Account("mum"), absl::StrCat(kConsent, "SignConsent"),
                           Signature(consent));
  Attack(Account("dad"), absl::StrCat(kConsent, "WithdrawConsent"), Withdrawal(consent),
         RefusedBy("no-gezag"));
}

TEST_F(FamilyAttackTest, A59R18GrandmotherReadsTheCase) {
  OpenWith(3000);
  AttackCase(Account("granny"), RefusedBy("no-rule-for-family"), opened_.name());
}

TEST_F(FamilyAttackTest, A60R18AdultSiblingReadsTheCase) {
  OpenWith(3000);
  AttackCase(Account("brother"), RefusedBy("no-gezag"), opened_.name());
}

TEST_F(FamilyAttackTest, A61R16ParentOfSomebodyWhoTurnedEighteen) {
  OpenWith(18 * kYearDays - 30);
  ASSERT_OK(region_.GetCase(Account("mum"), opened_.name()));
  region_.clock().Advance(absl::Hours(24 * 40));
  AttackCase(Account("mum"), RefusedBy("no-gezag"), opened_.name());
  EXPECT_OK(region_.GetCase(Account("youth"), opened_.name()));
}

// Not refused: the mother of a youth of 16 sees the case, and nothing of what is about the youth.
TEST_F(FamilyAttackTest, A62R11ParentLooksForWhatIsAboutAYouthOfSixteen) {
  OpenWith(16 * kYearDays + 30);
  ASSERT_OK_AND_ASSIGN(const casework::v1::Case own,
                       region_.GetCase(Account("youth"), opened_.name()));
  EXPECT_EQ(own.contributions_size(), 1);
  ASSERT_OK_AND_ASSIGN(const casework::v1::Case seen,
                       region_.GetCase(Account("mum"), opened_.name()));
  EXPECT_EQ(seen.contributions_size(), 0);
  EXPECT_FALSE(absl::StrContains(seen.SerializeAsString(), "vertrouwen"));
}

// From 16 the youth consents alone: to a parent there is no such consent.
TEST_F(FamilyAttackTest, A63R11ParentSignsForAYouthOfSixteen) {
  OpenWith(16 * kYearDays + 30);
  const std::string consent = ConsentOfTheYouth();
  Attack(Account("mum"), absl::StrCat(kConsent, "SignConsent"), Signature(consent), NotFound());
  InviteTheNurse();
  Attack(region_.nurse, absl::StrCat(kCasework, "JoinCase"), Join(), RefusedBy("no-sharing"));
}

TEST_F(FamilyAttackTest, A64R17ChildUnderTwelveReadsTheCase) {
  OpenWith(11 * 365);
  AttackCase(Account("youth"), RefusedBy("no-gezag"), opened_.name());
}

// R11: from 12 the youth signs too; the parents' signatures alone share nothing.
TEST_F(FamilyAttackTest, A65R11ParentsLeaveOutAYouthOfTwelve) {
  OpenWith(12 * kYearDays + 30);
  const std::string consent = ConsentOfTheYouth();
  Do<consent::v1::Consent>(Account("mum"), absl::StrCat(kConsent, "SignConsent"),
                           Signature(consent));
  InviteTheNurse();
  Attack(region_.nurse, absl::StrCat(kCasework, "JoinCase"), Join(), RefusedBy("no-sharing"));
  Do<consent::v1::Consent>(Account("youth"), absl::StrCat(kConsent, "SignConsent"),
                           Signature(consent));
  Do<casework::v1::Participant>(region_.nurse, absl::StrCat(kCasework, "JoinCase"), Join());
}

// Not refused: each parent's case lacks what is about the other parent alone.
TEST_F(FamilyAttackTest, A66R18ParentLooksForTheOthersAddress) {
  casework::v1::AddContributionRequest note = region_.Note("Woont nu op de Kapoenstraat.");
  note.mutable_contribution()->mutable_label()->mutable_about()->set_persons(0, region_.mother_id);
  Do<casework::v1::Contribution>(region_.ib, absl::StrCat(kCasework, "AddContribution"), note);
  ASSERT_OK_AND_ASSIGN(const casework::v1::Case hers, region_.GetCase(region_.mother));
  EXPECT_TRUE(absl::StrContains(hers.SerializeAsString(), "Kapoenstraat"));
  ASSERT_OK_AND_ASSIGN(const casework::v1::Case his, region_.GetCase(region_.father));
  EXPECT_FALSE(absl::StrContains(his.SerializeAsString(), "Kapoenstraat"));
  EXPECT_NE(his.etag(), "");
  EXPECT_EQ(his.contributions_size() + 1, hers.contributions_size());
}

TEST_F(FamilyAttackTest, A67R18ParentWritesUnderTheOthersName) {
  casework::v1::AddContributionRequest note = region_.Note("Hij drinkt te veel.");
  note.mutable_contribution()->mutable_label()->mutable_about()->set_persons(0, region_.father_id);
  Attack(region_.mother, absl::StrCat(kCasework, "AddContribution"), note,
         RefusedBy("label-not-covered"));
}

TEST_F(FamilyAttackTest, A68R18ParentReachesForSafety) {
  casework::v1::AddContributionRequest note = region_.Note("Wat staat hier?");
  note.mutable_contribution()->mutable_label()->set_compartment(common::v1::COMPARTMENT_SAFETY);
  note.mutable_contribution()->mutable_label()->set_regime(common::v1::REGIME_YOUTH_CARE);
  Attack(region_.mother, absl::StrCat(kCasework, "AddContribution"), note,
         RefusedBy("label-not-covered"));
}

// A signature has no field for whose it is: signing twice is the mother's twice.
TEST_F(FamilyAttackTest, A69R12MotherSignsForTheFatherBySigningTwice) {
  const std::string consent = region_.Propose("organisations/jgz");
  ASSERT_OK(region_.Sign(consent, region_.mother));
  ASSERT_OK(region_.Sign(consent, region_.mother));
  Invite(region_.nurse);
  casework::v1::JoinCaseRequest join;
  join.set_name(region_.case_name);
  Attack(region_.nurse, absl::StrCat(kCasework, "JoinCase"), join, RefusedBy("no-sharing"));
}

TEST_F(FamilyAttackTest, A70R17MotherRecordsTheFathersSignature) {
  consent::v1::RecordSignatureRequest request;
  request.set_name(region_.Propose("organisations/jgz"));
  request.set_person(region_.father_id);
  request.set_state(access::v1::SIGNATURE_STATE_GIVEN);
  request.set_how(access::v1::RECORDED_HOW_ON_PAPER);
  request.set_scan("%PDF-1.7");
  request.set_identified_by("paspoort gezien");
  Attack(region_.mother, absl::StrCat(kConsent, "RecordSignature"), request,
         RefusedBy("no-rule-for-family"));
}

TEST_F(FamilyAttackTest, A71R11ProfessionalSignsForTheParents) {
  const std::string consent = region_.Propose("organisations/jgz");
  Attack(region_.ib, absl::StrCat(kConsent, "SignConsent"), Signature(consent),
         RefusedBy("no-rule-for-function"));
  Attack(region_.ib.For(common::v1::PURPOSE_OWN_FILE), absl::StrCat(kConsent, "SignConsent"),
         Signature(consent), RefusedBy("no-rule-for-function"));
}

// The same bytes again after the withdrawal: answered with the name, and nothing holds again.
TEST_F(FamilyAttackTest, A72R13SignatureReplayedAfterAWithdrawal) {
  const std::string consent =
      Do<consent::v1::Consent>(region_.ib, absl::StrCat(kConsent, "ProposeConsent"),
                               Proposal("organisations/jgz"))
          .name();
  consent::v1::SignConsentRequest mothers = Signature(consent);
  mothers.set_request_id(region_.RequestId());
  Do<consent::v1::Consent>(region_.mother, absl::StrCat(kConsent, "SignConsent"), mothers);
  Do<consent::v1::Consent>(region_.father, absl::StrCat(kConsent, "SignConsent"),
                           Signature(consent));
  region_.Seat(region_.nurse);
  ASSERT_OK(region_.Withdraw(consent, region_.mother));
  Do<consent::v1::Consent>(region_.mother, absl::StrCat(kConsent, "SignConsent"), mothers);
  AttackCase(region_.nurse, RefusedBy("no-sharing"));
}

TEST_F(FamilyAttackTest, A73R12SignatureUnderAnOutdatedWording) {
  const std::string consent =
      Do<consent::v1::Consent>(region_.ib, absl::StrCat(kConsent, "ProposeConsent"),
                               Proposal("organisations/jgz"))
          .name();
  consent::v1::ReviseConsentRequest revise;
  revise.set_name(consent);
  revise.set_wording("Wij delen voortaan ook verslagen.");
  Do<consent::v1::Consent>(region_.ib, absl::StrCat(kConsent, "ReviseConsent"), revise);
  Attack(region_.mother, absl::StrCat(kConsent, "SignConsent"), Signature(consent),
         With(StatusCode::kFailedPrecondition, "R12_WORDING_DIFFERS"));
}

TEST_F(FamilyAttackTest, A74R17ParentStatesAPurposeOfStaff) {
  for (const Purpose purpose :
       {common::v1::PURPOSE_COORDINATION, common::v1::PURPOSE_AUDIT, common::v1::PURPOSE_EMERGENCY,
        common::v1::PURPOSE_HANDOVER, common::v1::PURPOSE_ADMINISTRATION}) {
    AttackCase(region_.mother.For(purpose), RefusedBy("no-rule-for-family"));
  }
}

TEST_F(FamilyAttackTest, A75R17StaffStateTheFamilysPurpose) {
  AttackCase(region_.ib.For(common::v1::PURPOSE_OWN_FILE), RefusedBy("no-rule-for-purpose"));
}

TEST_F(FamilyAttackTest, A76R17ParentLoggedInTooWeakly) {
  // Region mints strong tokens; this one says how the login was.
  access::v1::TokenClaims claims = region_.mother.claims;
  claims.set_id("t-weak");
  claims.set_assurance(access::v1::ASSURANCE_LOW);
  claims.set_audience("knooppunt");
  claims.set_issue_time(absl::ToUnixSeconds(region_.Now()));
  claims.set_expire_time(absl::ToUnixSeconds(region_.Now()) + 600);
  runtime::DirectTransport transport(&region_.process().switchboard(), "");
  casework::v1::GetCaseRequest request;
  request.set_name(region_.case_name);
  casework::v1::Case answer;
  absl::Status status;
  const auto records = integration::RecordsOf(region_, "dossier", [&] {
    status = transport.Call("/knooppunt.casework.v1.CaseworkService/GetCase", request, &answer,
                            {.timeout = absl::Seconds(30),
                             .token = region_.Token(claims),
                             .purpose = common::v1::PURPOSE_OWN_FILE});
  });
  EXPECT_THAT(status, integration::Refused());
  EXPECT_EQ(records.size(), 1u);
  EXPECT_EQ(answer.ByteSizeLong(), 0u);
}

TEST_F(FamilyAttackTest, A77R1ParentLeadsTheTable) {
  casework::v1::InviteParticipantRequest invite;
  invite.set_parent(region_.case_name);
  invite.set_professional(region_.nurse.claims.subject());
  invite.set_organisation("organisations/jgz");
  invite.set_function(common::v1::FUNCTION_JGZ_NURSE);
  invite.set_role(access::v1::SEAT_ROLE_CORE_PARTNER);
  Attack(region_.mother, absl::StrCat(kCasework, "InviteParticipant"), invite,
         RefusedBy("no-rule-for-family"));
  Attack(region_.mother, absl::StrCat(kConsent, "ProposeConsent"), Proposal("organisations/jgz"),
         RefusedBy("no-rule-for-family"));
}

TEST_F(FamilyAttackTest, A78R13OneParentWithdrawsWhatIsAboutAnotherFamilysChild) {
  OpenWith(3000);
  Attack(region_.mother, absl::StrCat(kConsent, "WithdrawConsent"), Withdrawal(ConsentOfTheYouth()),
         RefusedBy("not-of-this-family"));
}

}  // namespace
}  // namespace knooppunt::attacks
