// The receiving side of a handover: before the offer, beside what was picked, and after it.
#include "absl/strings/match.h"
#include "tests/attacks/attack.h"

namespace knooppunt::attacks {
namespace {

constexpr char kHandover[] = "handover.v1.HandoverService/";

class ReceiverAttackTest : public AttackTest {
 protected:
  void SetUp() override {
    AttackTest::SetUp();
    Activate();
    receiver_ = Employ("receiver", "lvo", common::v1::FUNCTION_CARE_COORDINATOR)
                    .For(common::v1::PURPOSE_HANDOVER);
    picked_ = Note(region_.ib, "Rekent op het niveau van groep 7.");
    consent::v1::ProposeConsentRequest proposal = Proposal("organisations/lvo");
    proposal.mutable_consent()->add_purposes(common::v1::PURPOSE_HANDOVER);
    consent_ = Share(proposal);
    handover::v1::DraftHandoverRequest draft;
    draft.set_parent(region_.case_name);
    draft.set_kind(handover::v1::HANDOVER_KIND_PO_VO);
    draft.set_to_werkplaats("werkplaatsen/vmbo");
    draft.set_receiver(receiver_.claims.subject());
    draft.set_expire_date(region_.Day(60));
    draft.add_children(region_.child);
    draft.add_items(picked_.name());
    handover_ =
        Do<handover::v1::Handover>(region_.ib, absl::StrCat(kHandover, "DraftHandover"), draft)
            .name();
    Act("ShowHandover", region_.ib);
    Act("AuthoriseHandover", region_.ib);
  }
  handover::v1::HandoverActRequest Named(const std::string& note = "") const {
    handover::v1::HandoverActRequest request;
    request.set_name(handover_);
    request.set_note(note);
    return request;
  }
  void Act(const std::string& method, const Caller& who, const std::string& note = "") {
    Do<handover::v1::Handover>(who, absl::StrCat(kHandover, method), Named(note));
  }
  handover::v1::GetHandoverRequest Get() const {
    handover::v1::GetHandoverRequest request;
    request.set_name(handover_);
    return request;
  }

  Caller receiver_;
  casework::v1::Contribution picked_;
  std::string consent_, handover_;
};

TEST_F(ReceiverAttackTest, A48R28ReceiverReadsBeforeTheOffer) {
  Attack(receiver_, absl::StrCat(kHandover, "GetHandover"), Get(), RefusedBy("no-seat"));
}

TEST_F(ReceiverAttackTest, A49R28ReceiverReadsTheWholeCase) {
  Act("OfferHandover", region_.ib);
  AttackCase(receiver_, RefusedBy("no-seat"));
  AttackCase(receiver_.For(common::v1::PURPOSE_COORDINATION), RefusedBy("no-seat"));
}

// Not refused: what the receiver gets is what was picked, and not the note beside it.
TEST_F(ReceiverAttackTest, A50R28ReceiverLooksForWhatWasNotPicked) {
  Act("OfferHandover", region_.ib);
  const auto seen =
      Do<handover::v1::Handover>(receiver_, absl::StrCat(kHandover, "GetHandover"), Get());
  EXPECT_TRUE(absl::StrContains(seen.SerializeAsString(), "groep 7"));
  EXPECT_FALSE(absl::StrContains(seen.SerializeAsString(), kSecret));
}

TEST_F(ReceiverAttackTest, A51R26ReceiverAfterReturningIt) {
  Act("OfferHandover", region_.ib);
  Act("ReturnHandover", receiver_, "Geen plaats.");
  Attack(receiver_, absl::StrCat(kHandover, "GetHandover"), Get(), RefusedBy("no-seat"));
  AttackCase(receiver_, RefusedBy("no-seat"));
}

TEST_F(ReceiverAttackTest, A52R13ReceiverAfterAWithdrawal) {
  Act("OfferHandover", region_.ib);
  ASSERT_OK(region_.Withdraw(consent_, region_.father));
  Attack(receiver_, absl::StrCat(kHandover, "GetHandover"), Get(), RefusedBy("no-sharing"));
}

TEST_F(ReceiverAttackTest, A53R28ColleagueOfTheReceiver) {
  Act("OfferHandover", region_.ib);
  const Caller other = Employ("receiver-two", "lvo", common::v1::FUNCTION_CARE_COORDINATOR)
                           .For(common::v1::PURPOSE_HANDOVER);
  Attack(other, absl::StrCat(kHandover, "GetHandover"), Get(), RefusedBy("no-seat"));
}

TEST_F(ReceiverAttackTest, A54R26ReceiverActsForTheSendingSide) {
  Act("OfferHandover", region_.ib);
  Attack(receiver_, absl::StrCat(kHandover, "WithdrawHandover"), Named("Toch niet."),
         RefusedBy("no-seat"));
  Attack(region_.mother, absl::StrCat(kHandover, "OfferHandover"), Named(),
         RefusedBy("no-rule-for-family"));
}

TEST_F(ReceiverAttackTest, A55R18HandoverIdOfThisFamilyUnderAnother) {
  handover::v1::GetHandoverRequest request;
  request.set_name(absl::StrCat(family_b_, handover_.substr(handover_.find("/handovers/"))));
  Attack(colleague_, absl::StrCat(kHandover, "GetHandover"), request, NotFound());
}

}  // namespace
}  // namespace knooppunt::attacks
