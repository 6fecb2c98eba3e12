// The same thing again, twice in one, crossed with another, or too much of it.
#include "tests/attacks/attack.h"

namespace knooppunt::attacks {
namespace {

using common::v1::PURPOSE_COORDINATION;
using common::v1::PURPOSE_HANDOVER;

constexpr char kCasework[] = "casework.v1.CaseworkService/";
constexpr char kConsent[] = "consent.v1.ConsentService/";
constexpr char kAddContribution[] = "casework.v1.CaseworkService/AddContribution";

class ReplayAttackTest : public AttackTest {
 protected:
  void AttackProposal(const std::string& reason,
                      const std::function<void(consent::v1::Consent*)>& bend) {
    consent::v1::ProposeConsentRequest request = Proposal("organisations/jgz");
    bend(request.mutable_consent());
    Attack(region_.ib, absl::StrCat(kConsent, "ProposeConsent"), request,
           With(StatusCode::kInvalidArgument, reason));
  }
  void SeatOn(Purpose purpose) {
    region_.SeatTheNurse();
    consent::v1::ProposeConsentRequest proposal = Proposal("organisations/jgz");
    proposal.mutable_consent()->clear_purposes();
    proposal.mutable_consent()->add_purposes(purpose);
    only_ = Share(proposal);
  }
  // All consents but the one of SeatOn.
  void WithdrawOthers() {
    consent::v1::ListConsentsRequest request;
    request.set_parent(Family());
    const auto all = Do<consent::v1::ListConsentsResponse>(
        region_.mother, absl::StrCat(kConsent, "ListConsents"), request);
    for (const consent::v1::Consent& c : all.consents()) {
      if (c.name() == only_) continue;
      ASSERT_OK(region_.Withdraw(c.name(), region_.mother));
    }
  }
  std::string only_;
};

TEST_F(ReplayAttackTest, A95R18RequestIdWithAnotherBody) {
  casework::v1::AddContributionRequest request = region_.Note("Eerst.");
  request.set_request_id(region_.RequestId());
  Do<casework::v1::Contribution>(region_.ib, kAddContribution, request);
  request.mutable_contribution()->set_text("Daarna.");
  Attack(region_.ib, kAddContribution, request,
         With(StatusCode::kInvalidArgument, "REQUEST_ID_REUSED"));
}

TEST_F(ReplayAttackTest, A96R18RequestIdOfSomebodyElse) {
  casework::v1::AddContributionRequest request = region_.Note("Van de IB.");
  request.set_request_id(region_.RequestId());
  Do<casework::v1::Contribution>(region_.ib, kAddContribution, request);
  Attack(region_.stranger, kAddContribution, request, RefusedBy("no-seat"));
  Attack(mother_b_, kAddContribution, request, RefusedBy("not-of-this-family"));
}

TEST_F(ReplayAttackTest, A97R18RequestIdThatIsNone) {
  casework::v1::AddContributionRequest request = region_.Note("Zonder.");
  for (const char* id : {"1", "not-a-uuid", "00000000-0000-0000-0000-00000000000g"}) {
    request.set_request_id(id);
    Attack(region_.ib, kAddContribution, request,
           With(StatusCode::kInvalidArgument, "REQUEST_ID_NEEDED"));
  }
}

TEST_F(ReplayAttackTest, A98R12CompartmentNamedTwice) {
  AttackProposal("INVALID_FIELD", [](consent::v1::Consent* c) {
    c->add_compartments(common::v1::COMPARTMENT_EDUCATION);
  });
}

TEST_F(ReplayAttackTest, A99R12PurposeNamedTwice) {
  AttackProposal("R12_PURPOSE_NOT_FOR_SHARING",
                 [](consent::v1::Consent* c) { c->add_purposes(PURPOSE_COORDINATION); });
}

// Not refused: said twice is said once, under one key.
TEST_F(ReplayAttackTest, A100R38PersonNamedTwiceInALabel) {
  casework::v1::AddContributionRequest request = region_.Note("Dubbel.");
  common::v1::About* about = request.mutable_contribution()->mutable_label()->mutable_about();
  about->add_persons(region_.child);
  about->add_persons(region_.sibling);
  about->add_persons(region_.child);
  const auto stored = Do<casework::v1::Contribution>(region_.ib, kAddContribution, request);
  EXPECT_EQ(stored.label().about().persons_size(), 2);
  EXPECT_LT(stored.label().about().persons(0), stored.label().about().persons(1));
}

TEST_F(ReplayAttackTest, A101R38LabelAboutNobody) {
  casework::v1::AddContributionRequest request = region_.Note("Over niemand.");
  request.mutable_contribution()->mutable_label()->clear_about();
  Attack(region_.ib, kAddContribution, request, With(StatusCode::kInvalidArgument, "R38_NO_LABEL"));
}

TEST_F(ReplayAttackTest, A102R12ConsentAboutNobodyIsNotAboutEverybody) {
  AttackProposal("R12_EMPTY_MEANS_NOTHING", [](consent::v1::Consent* c) { c->clear_about(); });
}

TEST_F(ReplayAttackTest, A103R12ConsentForNoCompartmentIsNotForAll) {
  AttackProposal("R12_EMPTY_MEANS_NOTHING",
                 [](consent::v1::Consent* c) { c->clear_compartments(); });
}

TEST_F(ReplayAttackTest, A104R12ConsentForNoPurposeIsNotForAll) {
  AttackProposal("R12_EMPTY_MEANS_NOTHING", [](consent::v1::Consent* c) { c->clear_purposes(); });
}

TEST_F(ReplayAttackTest, A105R12ConsentForAPurposeThatSharesNothing) {
  for (const Purpose purpose : {common::v1::PURPOSE_AUDIT, common::v1::PURPOSE_EMERGENCY,
                                common::v1::PURPOSE_OWN_RECORD, static_cast<Purpose>(99)}) {
    AttackProposal("R12_PURPOSE_NOT_FOR_SHARING", [purpose](consent::v1::Consent* c) {
      c->clear_purposes();
      c->add_purposes(purpose);
    });
  }
}

TEST_F(ReplayAttackTest, A106R12ConsentForACompartmentThatIsNone) {
  AttackProposal("INVALID_FIELD", [](consent::v1::Consent* c) {
    c->add_compartments(static_cast<common::v1::Compartment>(99));
  });
}

TEST_F(ReplayAttackTest, A107R17CoordinationConsentUsedForAHandover) {
  SeatOn(PURPOSE_COORDINATION);
  WithdrawOthers();
  ASSERT_OK(region_.GetCase(region_.nurse));
  AttackCase(region_.nurse.For(PURPOSE_HANDOVER), RefusedBy("no-sharing"));
}

TEST_F(ReplayAttackTest, A108R17HandoverConsentUsedForCoordination) {
  SeatOn(PURPOSE_HANDOVER);
  WithdrawOthers();
  ASSERT_OK(region_.GetCase(region_.nurse.For(PURPOSE_HANDOVER)));
  AttackCase(region_.nurse, RefusedBy("no-sharing"));
}

TEST_F(ReplayAttackTest, A109R20EmergencyPurposeWithoutAnEmergency) {
  for (const Caller* who : {&region_.ib, &region_.stranger}) {
    AttackCase(who->For(common::v1::PURPOSE_EMERGENCY), RefusedBy("no-seat"));
  }
}

TEST_F(ReplayAttackTest, A110R11OwnRecordOfAnOrganisationThatHasNone) {
  Attack(region_.stranger.For(common::v1::PURPOSE_OWN_RECORD),
         absl::StrCat(kCasework, "ListOwnRecord"), OwnRecord(), RefusedBy("no-seat"));
}

// Not refused: a nurse at the table gets her own organisation's record, and that is empty.
TEST_F(ReplayAttackTest, A111R11OwnRecordHoldsNothingOfAnother) {
  region_.SeatTheNurse();
  const auto own = Do<casework::v1::ListOwnRecordResponse>(
      region_.nurse.For(common::v1::PURPOSE_OWN_RECORD), absl::StrCat(kCasework, "ListOwnRecord"),
      OwnRecord());
  EXPECT_EQ(own.contributions_size(), 0);
  AttackCase(region_.nurse.For(common::v1::PURPOSE_OWN_RECORD), RefusedBy("no-rule-for-purpose"));
}

TEST_F(ReplayAttackTest, A112R17AuditPurposeByACaseWorker) {
  AttackCase(region_.ib.For(common::v1::PURPOSE_AUDIT), RefusedBy("no-rule-for-purpose"));
  audit::v1::ListRecordsRequest request;
  request.set_parent(absl::StrCat("subjects/", region_.audit_subject));
  Attack(region_.ib.For(common::v1::PURPOSE_AUDIT), "audit.v1.AuditService/ListRecords", request,
         RefusedBy("no-rule-for-function", "audit"));
}

TEST_F(ReplayAttackTest, A113R17NoPurposeOrOneThatIsNone) {
  for (const int purpose : {0, 8, 99, -1}) {
    AttackCase(region_.ib.For(static_cast<Purpose>(purpose)), RefusedBy("no-rule-for-purpose"));
  }
}

// Not refused: who answers for it is the writer's organisation, whatever the label says.
TEST_F(ReplayAttackTest, A114R38LabelInTheNameOfAnotherOrganisation) {
  casework::v1::AddContributionRequest request = region_.Note("Namens de JGZ.");
  request.mutable_contribution()->mutable_label()->set_controller("organisations/jgz");
  const auto stored = Do<casework::v1::Contribution>(region_.ib, kAddContribution, request);
  EXPECT_EQ(stored.label().controller(), "organisations/mosalira");
}

TEST_F(ReplayAttackTest, A115R11RecordThatIsAnotherProfessions) {
  for (const auto& [compartment, regime] :
       {std::pair(common::v1::COMPARTMENT_HEALTH, common::v1::REGIME_HEALTH),
        std::pair(common::v1::COMPARTMENT_CARE, common::v1::REGIME_YOUTH_CARE),
        std::pair(common::v1::COMPARTMENT_EDUCATION, common::v1::REGIME_HEALTH),
        std::pair(common::v1::COMPARTMENT_SAFETY, common::v1::REGIME_YOUTH_CARE)}) {
    casework::v1::AddContributionRequest request = region_.Note("Diagnose.");
    request.mutable_contribution()->mutable_label()->set_compartment(compartment);
    request.mutable_contribution()->mutable_label()->set_regime(regime);
    Attack(region_.ib, kAddContribution, request, RefusedBy("label-not-covered"));
  }
}

TEST_F(ReplayAttackTest, A116R3SearchingAllDay) {
  casework::v1::SearchFamiliesRequest request;
  region_.clock().Advance(absl::Minutes(1));  // opening a case was a search too
  request.set_family_name("Bovens");
  request.set_birth_date("2015-01-01");
  for (int i = 0; i < 20; ++i) {
    Do<casework::v1::SearchFamiliesResponse>(region_.ib, absl::StrCat(kCasework, "SearchFamilies"),
                                             request);
  }
  Attack(region_.ib, absl::StrCat(kCasework, "SearchFamilies"), request,
         With(StatusCode::kResourceExhausted, "TOO_MANY_SEARCHES"));
}

TEST_F(ReplayAttackTest, A117R20FishingWithEmergencies) {
  const Caller helper = region_.stranger.For(common::v1::PURPOSE_EMERGENCY);
  for (int i = 0; i < 3; ++i) {
    Do<consent::v1::Emergency>(helper, absl::StrCat(kConsent, "OpenEmergency"),
                               Emergency(family_b_));
    region_.clock().Advance(absl::Hours(3));
  }
  Attack(helper, absl::StrCat(kConsent, "OpenEmergency"), Emergency(Family()),
         With(StatusCode::kResourceExhausted, "R20_TOO_MANY_EMERGENCIES"));
}

TEST_F(ReplayAttackTest, A118TextOfTenMegabytes) {
  Attack(region_.ib, kAddContribution, region_.Note(std::string(10 << 20, 'a')),
         With(StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

TEST_F(ReplayAttackTest, A119R12ConsentAboutAThousandPersons) {
  consent::v1::ProposeConsentRequest request = Proposal("organisations/jgz");
  for (int i = 0; i < 1000; ++i) {
    request.mutable_consent()->mutable_about()->add_persons(absl::StrCat("p-", i));
  }
  Attack(region_.ib, absl::StrCat(kConsent, "ProposeConsent"), request,
         With(StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

}  // namespace
}  // namespace knooppunt::attacks
