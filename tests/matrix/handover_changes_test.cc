// A handover from its draft to its end, and the ways in which it does not get there: every act
// leaves one record (R22, R26).
#include "knooppunt/directory/v1/directory.pb.h"
#include "knooppunt/handover/v1/handover.pb.h"
#include "security/crypto/hash.h"
#include "tests/matrix/changes.h"

namespace knooppunt::matrix {
namespace {

using handover::v1::Handover;
using handover::v1::HandoverActRequest;

class HandoverChangesTest : public Changes {
 protected:
  void SetUp() override {
    Changes::SetUp();
    directory::v1::ImportDirectoryRequest more;
    directory::v1::Organisation* lvo = more.add_organisations();
    lvo->set_name("organisations/lvo");
    lvo->set_display_name("LVO");
    lvo->set_kind(common::v1::ORGANISATION_KIND_SCHOOL_BOARD);
    directory::v1::Werkplaats* vmbo = more.add_werkplaatsen();
    vmbo->set_name("werkplaatsen/vmbo");
    vmbo->set_display_name("Vmbo Valkenburg");
    vmbo->set_organisation("organisations/lvo");
    vmbo->set_stage(common::v1::STAGE_VO);
    vmbo->set_municipality("organisations/maastricht");
    Directory<directory::v1::ImportDirectoryResponse>(region_.admin, "ImportDirectory", more);
    receiver_ = region_.ib.For(common::v1::PURPOSE_HANDOVER);
    receiver_.claims.set_subject("professionals/receiver");
    receiver_.claims.set_organisation("organisations/lvo");
    receiver_.claims.set_function(common::v1::FUNCTION_CARE_COORDINATOR);
    region_.Employ(receiver_);
    region_.SeatTheNurse();
    region_.Share("organisations/maastricht");
    region_.Seat(region_.consultant);
    casework::v1::AppointRegisseurRequest appoint;
    appoint.set_name(region_.case_name);
    appoint.set_seat(SeatOf(region_.consultant));
    appoint.set_stand_in_seat(SeatOf(region_.nurse));
    Casework<casework::v1::Regisseur>(region_.ib, "AppointRegisseur", appoint);
    ShareForHandover();
  }

  void ShareForHandover() {
    consent::v1::ProposeConsentRequest proposal;
    proposal.set_parent(family());
    consent::v1::Consent* c = proposal.mutable_consent();
    for (const std::string& person : {region_.child, region_.mother_id, region_.father_id}) {
      c->mutable_about()->add_persons(person);
    }
    c->add_compartments(common::v1::COMPARTMENT_EDUCATION);
    c->add_purposes(common::v1::PURPOSE_COORDINATION);
    c->add_purposes(common::v1::PURPOSE_HANDOVER);
    c->set_recipient("organisations/lvo");
    c->set_start_date(region_.Day(0));
    c->set_end_date(region_.Day(300));
    c->set_wording("De nieuwe school leest mee.");
    consent::v1::SignConsentRequest sign;
    sign.set_name(Consent<consent::v1::Consent>(region_.ib, "ProposeConsent", proposal).name());
    sign.set_wording_sha256(crypto::HexEncode(crypto::Sha256(c->wording())));
    for (const Caller& who : {region_.mother, region_.father}) {
      Consent<consent::v1::Consent>(who, "SignConsent", sign);
    }
  }
  template <typename Request>
  Handover Act(const Caller& who, const char* method, const Request& request) {
    return Do<Handover>("dossier", who, absl::StrCat("handover.v1.HandoverService/", method),
                        request);
  }
  Handover Move(const Caller& who, const char* method, const std::string& note = "") {
    HandoverActRequest request;
    request.set_name(handover_);
    request.set_note(note);
    return Act(who, method, request);
  }
  void Draft() {
    const auto note =
        Casework<casework::v1::Contribution>(region_.ib, "AddContribution", region_.Note("Leest."));
    handover::v1::DraftHandoverRequest draft;
    draft.set_parent(region_.case_name);
    draft.set_kind(handover::v1::HANDOVER_KIND_PO_VO);
    draft.set_to_werkplaats("werkplaatsen/vmbo");
    draft.set_receiver(receiver_.claims.subject());
    draft.set_expire_date(region_.Day(60));
    draft.add_children(region_.child);
    draft.add_items(note.name());
    handover_ = Act(region_.ib, "DraftHandover", draft).name();
  }
  void Offer() {
    Draft();
    Move(region_.ib, "ShowHandover");
    handover::v1::AddFamilyViewRequest view;
    view.set_name(handover_);
    view.set_view("Wij zien het zitten.");
    Act(region_.mother, "AddFamilyView", view);
    Move(region_.ib, "AuthoriseHandover");
    Move(region_.ib, "OfferHandover");
  }
  Handover Read(const Caller& who) {
    return Act(who, "GetHandover", Named<handover::v1::GetHandoverRequest>(handover_));
  }
  std::string SeatOfTheReceiver() {
    const auto seen = region_.GetCase(region_.ib);
    EXPECT_OK(seen);
    for (const auto& p : seen->participants()) {
      if (p.professional() == receiver_.claims.subject()) return p.seat();
    }
    return "";
  }
  std::string SeatOfTheMother() {
    const auto seen = region_.GetCase(region_.ib);
    EXPECT_OK(seen);
    for (const auto& p : seen->participants()) {
      if (p.person() == region_.mother_id) return p.seat();
    }
    return "";
  }

  Caller receiver_;
  std::string handover_;
};

TEST_F(HandoverChangesTest, R22EachActOfAHandoverLeavesOneRecord) {
  Offer();
  handover::v1::ReceiveHandoverRequest receive;
  receive.set_name(handover_);
  receive.set_package_sha256(Read(receiver_).package_sha256());
  Act(receiver_, "ReceiveHandover", receive);
  handover::v1::InviteConversationRequest invite;
  invite.set_name(handover_);
  invite.mutable_invitation()->set_date(region_.Day(1));
  invite.mutable_invitation()->set_how("op school");
  invite.mutable_invitation()->add_seats(SeatOfTheMother());
  Act(receiver_, "InviteConversation", invite);
  handover::v1::GetReceiptRequest receipt;
  receipt.set_name(handover_);
  Do<handover::v1::HandoverReceipt>("dossier", receiver_, "handover.v1.HandoverService/GetReceipt",
                                    receipt);
  handover::v1::RecordConversationRequest talk;
  talk.set_name(handover_);
  talk.mutable_conversation()->set_date(region_.Day(0));
  talk.mutable_conversation()->set_how("in persoon");
  for (const std::string& seat : {SeatOf(region_.ib), SeatOfTheReceiver(), SeatOfTheMother()}) {
    talk.mutable_conversation()->add_seats(seat);
  }
  Act(receiver_, "RecordConversation", talk);
  handover::v1::ListHandoversRequest list;
  list.set_parent(region_.case_name);
  Do<handover::v1::ListHandoversResponse>("dossier", region_.ib,
                                          "handover.v1.HandoverService/ListHandovers", list);
  handover::v1::AcceptHandoverRequest accept;
  accept.set_name(handover_);
  accept.set_regisseur_seat(SeatOfTheReceiver());
  accept.set_stand_in_seat(SeatOf(region_.nurse));
  Act(receiver_, "AcceptHandover", accept);
  EXPECT_EQ(Move(receiver_, "CloseHandover").state(), handover::v1::HANDOVER_STATE_CLOSED);
}

TEST_F(HandoverChangesTest, R22AHandoverThatComesBackOrIsWithdrawnLeavesOneRecordEach) {
  Offer();
  EXPECT_EQ(Move(receiver_, "ReturnHandover", "Wij hebben geen plek.").state(),
            handover::v1::HANDOVER_STATE_RETURNED);
  Draft();
  EXPECT_EQ(Move(region_.ib, "WithdrawHandover", "Het gezin verhuist niet.").state(),
            handover::v1::HANDOVER_STATE_WITHDRAWN);
}

}  // namespace
}  // namespace knooppunt::matrix
