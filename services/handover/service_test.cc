// HandoverService over a real database, decided by the real engine and policy.

#include "absl/strings/str_cat.h"
#include "base/date.h"
#include "base/error.h"
#include "base/status_testing.h"
#include "services/dossier/testing.h"
#include "services/handover/rules.h"

namespace knooppunt::handover {
namespace {

using absl::StatusCode;
using dossier::testing::Caller;
using dossier::testing::Journey;
using dossier::testing::Office;
using ::knooppunt::testing::IsOk;
using ::knooppunt::testing::StatusIs;
using ::testing::_;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

template <typename T>
std::string Reason(const absl::StatusOr<T>& s) {
  return base::ReasonOf(s.status());
}

class HandoverServiceTest : public ::testing::Test {
 protected:
  explicit HandoverServiceTest(Office::Options options = Office::Options{}) : j(options) {
    j.Open();
    j.Activate();
    note = Contribute(j.Education(), "Sem rekent op het niveau van groep 7.");
    common::v1::Label sibling = j.Education();
    sibling.mutable_about()->set_persons(0, j.sibling);
    sibling_note = Contribute(sibling, "Over Lotte.");
    person = absl::StrCat("families/", j.family, "/persons/", j.child);
  }

  std::string Contribute(const common::v1::Label& label, const std::string& text) {
    casework::v1::AddContributionRequest req;
    req.set_parent(j.case_name);
    req.mutable_contribution()->set_text(text);
    *req.mutable_contribution()->mutable_label() = label;
    const auto added = j.office.Casework<casework::v1::Contribution>("AddContribution", j.ib, req);
    EXPECT_OK(added);
    return added.ok() ? added->name() : "";
  }
  v1::DraftHandoverRequest DraftRequest() const {
    v1::DraftHandoverRequest req;
    req.set_parent(j.case_name);
    req.set_kind(v1::HANDOVER_KIND_PO_VO);
    req.set_to_werkplaats("werkplaatsen/vmbo");
    req.set_receiver("professionals/receiver");
    req.add_items(person);
    req.add_items(note);
    req.add_items(j.case_name);
    req.set_expire_date("2027-01-31");
    return req;
  }
  absl::StatusOr<v1::Handover> TryDraft(const v1::DraftHandoverRequest& req) {
    return j.office.Handover("DraftHandover", j.ib, req);
  }
  void Draft() {
    const auto drafted = TryDraft(DraftRequest());
    ASSERT_OK(drafted);
    handover = drafted->name();
  }
  absl::StatusOr<v1::Handover> Act(const std::string& method, const Caller& who,
                                   const std::string& note_text = "") {
    v1::HandoverActRequest req;
    req.set_name(handover);
    req.set_note(note_text);
    return j.office.Handover(method, who, req);
  }
  absl::StatusOr<v1::Handover> Get(const Caller& who) {
    v1::GetHandoverRequest req;
    req.set_name(handover);
    return j.office.Handover("GetHandover", who, req);
  }
  std::string Consent() {
    return j.Share({.recipient = "organisations/lvo",
                    .compartments = {common::v1::COMPARTMENT_EDUCATION},
                    .purposes = {common::v1::PURPOSE_COORDINATION, common::v1::PURPOSE_HANDOVER}});
  }
  absl::StatusOr<v1::Handover> Receive(const std::string& hash) {
    v1::ReceiveHandoverRequest req;
    req.set_name(handover);
    req.set_package_sha256(hash);
    return j.office.Handover("ReceiveHandover", j.receiver, req);
  }
  v1::RecordConversationRequest Conversation() const {
    v1::RecordConversationRequest req;
    req.set_name(handover);
    req.mutable_conversation()->set_date("2026-11-23");
    req.mutable_conversation()->set_how("in persoon");
    for (const Caller& who : {j.ib, j.receiver, j.mother}) {
      req.mutable_conversation()->add_seats(j.SeatOf(who));
    }
    return req;
  }
  absl::StatusOr<v1::Handover> Accept(const std::string& regisseur, const std::string& stand_in) {
    v1::AcceptHandoverRequest req;
    req.set_name(handover);
    req.set_regisseur_seat(regisseur);
    req.set_stand_in_seat(stand_in);
    return j.office.Handover("AcceptHandover", j.receiver, req);
  }
  // Up to and with the named state.
  void Offered() {
    Draft();
    ASSERT_OK(Act("ShowHandover", j.ib));
    consent = Consent();
    ASSERT_OK(Act("AuthoriseHandover", j.ib));
    ASSERT_OK(Act("OfferHandover", j.ib));
  }
  void Conversed() {
    Offered();
    ASSERT_OK(Receive(Get(j.receiver)->package_sha256()));
    ASSERT_OK(j.office.Handover("RecordConversation", j.receiver, Conversation()));
  }
  absl::Status ReadCase(const Caller& who) {
    casework::v1::GetCaseRequest req;
    req.set_name(j.case_name);
    return j.office.Casework<casework::v1::Case>("GetCase", who, req).status();
  }
  std::vector<std::string> PartTexts(const v1::Handover& h) {
    std::vector<std::string> out;
    for (const v1::HandoverPart& p : h.parts()) out.push_back(p.text());
    return out;
  }

  Journey j;
  std::string note, sibling_note, person, handover, consent;
};

TEST_F(HandoverServiceTest, R26EveryStateInOrderAndEveryActNamesItsActor) {
  Conversed();
  ASSERT_OK(Accept(j.SeatOf(j.receiver), j.SeatOf(j.consultant)));
  ASSERT_OK_AND_ASSIGN(const v1::Handover closed, Act("CloseHandover", j.receiver));
  std::vector<v1::HandoverState> states;
  for (const v1::HandoverAct& act : closed.acts()) {
    states.push_back(act.state());
    EXPECT_THAT(act.actor(), Not(IsEmpty()));
  }
  EXPECT_THAT(states, ElementsAre(v1::HANDOVER_STATE_DRAFTED, v1::HANDOVER_STATE_SHOWN,
                                  v1::HANDOVER_STATE_AUTHORISED, v1::HANDOVER_STATE_OFFERED,
                                  v1::HANDOVER_STATE_RECEIVED, v1::HANDOVER_STATE_CONVERSED,
                                  v1::HANDOVER_STATE_ACCEPTED, v1::HANDOVER_STATE_CLOSED));
  EXPECT_EQ(closed.acts(0).actor(), "professionals/ib");
  EXPECT_EQ(closed.acts(6).actor(), "professionals/receiver");
}

TEST_F(HandoverServiceTest, R27AcceptingMovesWerkplaatsRegisseurAndSeatsTogether) {
  Conversed();
  const std::string before = j.SeatOf(j.ib);
  j.office.clock().Advance(absl::Hours(1));
  ASSERT_OK(Accept(j.SeatOf(j.receiver), j.SeatOf(j.consultant)));
  const access::v1::CaseFact& c = j.office.case_fact(j.case_name);
  EXPECT_EQ(c.state(), access::v1::CASE_STATE_ACTIVE);
  EXPECT_EQ(c.werkplaats(), "werkplaatsen/vmbo");
  EXPECT_EQ(c.organisation(), "organisations/lvo");
  ASSERT_THAT(c.terms(), SizeIs(2));
  EXPECT_EQ(c.terms(0).end_time(), c.terms(1).start_time());
  EXPECT_EQ(c.terms(1).seat(), j.SeatOf(j.receiver));
  EXPECT_EQ(c.terms(1).stand_in_seat(), j.SeatOf(j.consultant));
  for (const access::v1::Seat& s : c.seats()) {
    if (s.id() == before) {
      EXPECT_EQ(s.state(), access::v1::SEAT_STATE_ENDED);
      EXPECT_EQ(s.end_time(), c.terms(1).start_time());
    }
    if (s.professional() == "professionals/receiver") {
      EXPECT_EQ(s.role(), access::v1::SEAT_ROLE_WERKPLAATS);
      EXPECT_EQ(s.end_time(), 0);
    }
  }
  EXPECT_THAT(j.office.facts(j.family).handovers(), IsEmpty());
}

TEST_F(HandoverServiceTest, R29TheSendingSideReadsNoMoreAndKeepsItsOwnRecord) {
  Conversed();
  EXPECT_OK(ReadCase(j.ib));
  ASSERT_OK(Accept(j.SeatOf(j.receiver), j.SeatOf(j.consultant)));
  EXPECT_THAT(ReadCase(j.ib), StatusIs(StatusCode::kPermissionDenied, "no-seat"));
  EXPECT_OK(ReadCase(j.receiver.For(common::v1::PURPOSE_COORDINATION)));
  casework::v1::ListOwnRecordRequest req;
  req.set_parent(j.case_name);
  const auto own = j.office.Casework<casework::v1::ListOwnRecordResponse>(
      "ListOwnRecord", j.ib.For(common::v1::PURPOSE_OWN_RECORD), req);
  ASSERT_OK(own);
  EXPECT_THAT(own->contributions(), SizeIs(2));
}

TEST_F(HandoverServiceTest, R28TheReceiverSeesWhatWasPickedAndNothingElse) {
  Draft();
  EXPECT_THAT(Get(j.receiver), StatusIs(StatusCode::kPermissionDenied, "no-seat"));
  ASSERT_OK(Act("ShowHandover", j.ib));
  v1::AddFamilyViewRequest view;
  view.set_name(handover);
  view.set_view("Sem wil graag met Bo starten.");
  ASSERT_OK(j.office.Handover("AddFamilyView", j.mother, view));
  view.set_view("En vader ook.");
  ASSERT_OK(j.office.Handover("AddFamilyView", j.father, view));
  Consent();
  ASSERT_OK(Act("AuthoriseHandover", j.ib));
  EXPECT_THAT(Get(j.receiver), StatusIs(StatusCode::kPermissionDenied, "no-seat"));
  ASSERT_OK(Act("OfferHandover", j.ib));
  // Another note under the same label was not picked.
  Contribute(j.Education(), "Niet uitgekozen.");
  ASSERT_OK_AND_ASSIGN(const v1::Handover seen, Get(j.receiver));
  EXPECT_EQ(seen.family_view(), "Sem wil graag met Bo starten.\n\nEn vader ook.");
  EXPECT_THAT(
      PartTexts(seen),
      UnorderedElementsAre(
          "Sem van der Zanden, geboren op 2015-03-14", "Sem rekent op het niveau van groep 7.",
          "Vraag\nSem slaapt slecht sinds de scheiding en raakt achter met rekenen."));
  EXPECT_EQ(seen.SerializeAsString().find("uitgekozen"), std::string::npos);
}

// A file of years is handed over as one, with every step and paper in it.
TEST_F(HandoverServiceTest, R28AFileOfManyPartsTravelsWhole) {
  v1::DraftHandoverRequest req = DraftRequest();
  while (req.items_size() < 230) {
    req.add_items(Contribute(j.Education(), absl::StrCat("Dag ", req.items_size(), ".")));
  }
  ASSERT_OK_AND_ASSIGN(const v1::Handover drafted, TryDraft(req));
  handover = drafted.name();
  ASSERT_OK(Act("ShowHandover", j.ib));
  Consent();
  ASSERT_OK(Act("AuthoriseHandover", j.ib));
  ASSERT_OK(Act("OfferHandover", j.ib));
  ASSERT_OK_AND_ASSIGN(const v1::Handover seen, Get(j.receiver));
  EXPECT_THAT(seen.parts(), SizeIs(230));
  EXPECT_OK(Receive(seen.package_sha256()));
}

TEST_F(HandoverServiceTest, R28MorePartsThanOneHandoverHoldsAreRefusedAndNothingIsDrafted) {
  v1::DraftHandoverRequest req = DraftRequest();
  while (req.items_size() <= kMaxParts) req.add_items(absl::StrCat(note, "-", req.items_size()));
  EXPECT_EQ(Reason(TryDraft(req)), "INVALID_FIELD");
  EXPECT_THAT(j.office.facts(j.family).handovers(), IsEmpty());
}

TEST_F(HandoverServiceTest, R28WithoutConsentNothingTravels) {
  Draft();
  ASSERT_OK(Act("ShowHandover", j.ib));
  EXPECT_EQ(Reason(Act("AuthoriseHandover", j.ib)), "R28_NO_CONSENT");
  // For coordination only, or to somebody else: not this.
  j.Share({.recipient = "organisations/lvo", .compartments = {common::v1::COMPARTMENT_EDUCATION}});
  EXPECT_EQ(Reason(Act("AuthoriseHandover", j.ib)), "R28_NO_CONSENT");
  Consent();
  EXPECT_OK(Act("AuthoriseHandover", j.ib));
}

TEST_F(HandoverServiceTest, R13AConsentWithdrawnBeforeTheOfferStopsIt) {
  Draft();
  ASSERT_OK(Act("ShowHandover", j.ib));
  consent::v1::WithdrawConsentRequest req;
  req.set_name(Consent());
  ASSERT_OK(Act("AuthoriseHandover", j.ib));
  ASSERT_OK(j.office.Consent<consent::v1::Consent>("WithdrawConsent", j.father, req));
  EXPECT_EQ(Reason(Act("OfferHandover", j.ib)), "R28_NO_CONSENT");
}

TEST_F(HandoverServiceTest, R13AConsentWithdrawnAfterTheOfferClosesItToTheReceiver) {
  Offered();
  consent::v1::WithdrawConsentRequest req;
  req.set_name(consent);
  ASSERT_OK(Get(j.receiver));
  ASSERT_OK(j.office.Consent<consent::v1::Consent>("WithdrawConsent", j.father, req));
  EXPECT_THAT(Get(j.receiver), StatusIs(StatusCode::kPermissionDenied, "no-sharing"));
}

TEST_F(HandoverServiceTest, R28TheReceiptIsForExactlyWhatWasShown) {
  Offered();
  const auto wrong = Receive(std::string(64, '0'));
  EXPECT_THAT(wrong, StatusIs(StatusCode::kFailedPrecondition, _));
  EXPECT_EQ(Reason(wrong), "R28_RECEIPT_DIFFERS");
  const std::string hash = Get(j.receiver)->package_sha256();
  ASSERT_OK_AND_ASSIGN(const v1::Handover received, Receive(hash));
  EXPECT_EQ(received.receipt_sha256(), hash);
  EXPECT_EQ(received.state(), v1::HANDOVER_STATE_RECEIVED);
}

TEST_F(HandoverServiceTest, R27NoAcceptanceWithoutAConversationOfBothSidesAndTheFamily) {
  Offered();
  ASSERT_OK(Receive(Get(j.receiver)->package_sha256()));
  EXPECT_EQ(Reason(Accept(j.SeatOf(j.receiver), j.SeatOf(j.consultant))), "FORBIDDEN_TRANSITION");
  const auto without = [&](int i) {
    v1::RecordConversationRequest req = Conversation();
    req.mutable_conversation()->mutable_seats()->DeleteSubrange(i, 1);
    return Reason(j.office.Handover("RecordConversation", j.ib, req));
  };
  EXPECT_EQ(without(0), "R27_ONE_SIDED");
  EXPECT_EQ(without(1), "R27_ONE_SIDED");
  EXPECT_EQ(without(2), "R27_NO_FAMILY");
  v1::RecordConversationRequest req = Conversation();
  req.mutable_conversation()->set_date("2026-11-24");
  EXPECT_EQ(Reason(j.office.Handover("RecordConversation", j.ib, req)),
            "R27_CONVERSATION_IN_FUTURE");
  req = Conversation();
  req.mutable_conversation()->mutable_seats()->RemoveLast();
  req.mutable_conversation()->set_family_absent_reason("Moeder wilde er niet bij zijn.");
  EXPECT_OK(j.office.Handover("RecordConversation", j.ib, req));
}

TEST_F(HandoverServiceTest, R27TheNewRegisseurAndStandInStay) {
  Conversed();
  EXPECT_EQ(Reason(Accept(j.SeatOf(j.ib), j.SeatOf(j.consultant))), "SEAT_NOT_JOINED");
  EXPECT_EQ(Reason(Accept(j.SeatOf(j.receiver), j.SeatOf(j.ib))), "SEAT_NOT_JOINED");
  EXPECT_EQ(Reason(Accept(j.SeatOf(j.receiver), j.SeatOf(j.mother))),
            "R2_STAND_IN_NOT_PROFESSIONAL");
  // Refused is refused whole: nothing moved.
  EXPECT_EQ(j.office.case_fact(j.case_name).werkplaats(), "werkplaatsen/manjefiek");
  EXPECT_OK(ReadCase(j.ib));
  EXPECT_EQ(Get(j.ib)->state(), v1::HANDOVER_STATE_CONVERSED);
}

TEST_F(HandoverServiceTest, R26EachActBelongsToASide) {
  Draft();
  ASSERT_OK(Act("ShowHandover", j.ib));
  // The policy keeps them out already; the table would too.
  EXPECT_THAT(Act("AuthoriseHandover", j.nurse), StatusIs(StatusCode::kPermissionDenied, _));
  EXPECT_EQ(Reason(Act("OfferHandover", j.ib)), "FORBIDDEN_TRANSITION");
  Consent();
  ASSERT_OK(Act("AuthoriseHandover", j.ib));
  ASSERT_OK(Act("OfferHandover", j.ib));
  EXPECT_EQ(Reason(Act("WithdrawHandover", j.ib)), "REASON_REQUIRED");
  EXPECT_EQ(Reason(Act("CloseHandover", j.ib)), "FORBIDDEN_TRANSITION");
}

TEST_F(HandoverServiceTest, R26ReturningEndsTheOfferAndTheReceiversSeat) {
  Offered();
  EXPECT_EQ(Reason(Act("ReturnHandover", j.receiver)), "REASON_REQUIRED");
  ASSERT_OK_AND_ASSIGN(const v1::Handover returned,
                       Act("ReturnHandover", j.receiver, "Geen plaats."));
  EXPECT_EQ(returned.state(), v1::HANDOVER_STATE_RETURNED);
  EXPECT_EQ(returned.acts().rbegin()->note(), "Geen plaats.");
  EXPECT_THAT(Get(j.receiver), StatusIs(StatusCode::kPermissionDenied, "no-seat"));
  EXPECT_THAT(j.office.facts(j.family).handovers(), IsEmpty());
  EXPECT_EQ(j.office.case_fact(j.case_name).werkplaats(), "werkplaatsen/manjefiek");
}

TEST_F(HandoverServiceTest, R26OneHandoverOfACaseRuns) {
  Offered();
  EXPECT_EQ(Reason(TryDraft(DraftRequest())), "RECEIVER_AT_TABLE");
  j.office.AddProfessional("professionals/receiver2", "organisations/lvo",
                           common::v1::FUNCTION_CARE_COORDINATOR, "Koen Bosch");
  v1::DraftHandoverRequest other = DraftRequest();
  other.set_receiver("professionals/receiver2");
  EXPECT_EQ(Reason(TryDraft(other)), "HANDOVER_RUNS");
  casework::v1::CloseCaseRequest close;
  close.set_name(j.case_name);
  close.set_outcome("Klaar.");
  close.set_kind(casework::v1::CLOSE_KIND_GOALS_REACHED);
  *close.mutable_label() = j.Education();
  EXPECT_EQ(Reason(j.office.Casework<casework::v1::Case>("CloseCase", j.ib, close)),
            "HANDOVER_RUNS");
  ASSERT_OK(Act("WithdrawHandover", j.ib, "Toch een andere school."));
  EXPECT_OK(TryDraft(other));
  v1::ListHandoversRequest list;
  list.set_parent(j.case_name);
  const auto listed = j.office.Call<v1::ListHandoversResponse>("handover.v1.HandoverService",
                                                               "ListHandovers", j.ib, list);
  ASSERT_OK(listed);
  ASSERT_THAT(listed->handovers(), SizeIs(2));
  EXPECT_EQ(listed->handovers(0).state(), v1::HANDOVER_STATE_WITHDRAWN);
  EXPECT_EQ(listed->handovers(1).state(), v1::HANDOVER_STATE_DRAFTED);
  EXPECT_THAT(listed->handovers(0).parts(), IsEmpty());
}

TEST_F(HandoverServiceTest, R26AnExpiredHandoverGivesNothingAndMakesWay) {
  Offered();
  j.office.clock().Set(base::StartOf(base::Date(2027, 2, 1)) - absl::Seconds(1));
  EXPECT_OK(Get(j.receiver));
  j.office.clock().Set(base::StartOf(base::Date(2027, 2, 1)));
  EXPECT_THAT(Get(j.receiver), StatusIs(StatusCode::kPermissionDenied, "no-seat"));
  EXPECT_EQ(Get(j.ib)->state(), v1::HANDOVER_STATE_EXPIRED);
  EXPECT_EQ(Reason(j.office.Handover("RecordConversation", j.ib, Conversation())),
            "HANDOVER_EXPIRED");
  v1::DraftHandoverRequest again = DraftRequest();
  again.set_expire_date("2027-03-31");
  const std::string old = handover;
  ASSERT_OK(TryDraft(again));
  handover = old;
  EXPECT_EQ(Get(j.ib)->acts().rbegin()->state(), v1::HANDOVER_STATE_EXPIRED);
  ASSERT_THAT(j.office.facts(j.family).handovers(), SizeIs(1));
  EXPECT_FALSE(j.office.facts(j.family).handovers(0).offered());
}

TEST_F(HandoverServiceTest, R30ADraftFitsItsKindAndItsReceivingSide) {
  const auto broken = [&](const std::function<void(v1::DraftHandoverRequest*)>& change) {
    v1::DraftHandoverRequest req = DraftRequest();
    change(&req);
    return Reason(TryDraft(req));
  };
  EXPECT_EQ(broken([](auto* r) { r->set_kind(v1::HANDOVER_KIND_VO_MBO); }),
            "R30_KIND_DOES_NOT_FIT");
  EXPECT_EQ(broken([](auto* r) { r->clear_kind(); }), "INVALID_FIELD");
  EXPECT_EQ(broken([](auto* r) { r->set_to_werkplaats("werkplaatsen/nowhere"); }),
            "UNKNOWN_WERKPLAATS");
  EXPECT_EQ(broken([](auto* r) { r->set_to_werkplaats("werkplaatsen/manjefiek"); }),
            "SAME_WERKPLAATS");
  EXPECT_EQ(broken([](auto* r) { r->set_receiver("professionals/stranger"); }),
            "NOT_AT_RECEIVING_SIDE");
  EXPECT_EQ(broken([](auto* r) { r->set_expire_date("2026-11-23"); }), "EXPIRY_IN_THE_PAST");
  EXPECT_EQ(broken([&](auto* r) { r->add_items(note); }), "R28_NOT_A_PART");
  EXPECT_EQ(broken([&](auto* r) { r->add_items(j.case_name + "/meetings/m-1"); }),
            "R28_NOT_A_PART");
  EXPECT_EQ(broken([&](auto* r) { r->add_items(j.case_name + "/goals/goal-nope"); }), "NOT_FOUND");
  EXPECT_EQ(broken([&](auto* r) {
              r->clear_items();
              r->add_children(j.child);
            }),
            "R28_NOTHING_PICKED");
  EXPECT_EQ(broken([&](auto* r) { r->add_children(j.sibling); }), "CHILDREN_DIFFER");
  EXPECT_THAT(j.office.facts(j.family).handovers(), IsEmpty());
}

TEST_F(HandoverServiceTest, R38TheHandoverIsAboutTheChildAlsoWhenParentsArePicked) {
  v1::DraftHandoverRequest req = DraftRequest();
  req.add_items(absl::StrCat("families/", j.family, "/persons/", j.mother_id));
  req.add_items(absl::StrCat("families/", j.family, "/persons/", j.father_id));
  ASSERT_OK_AND_ASSIGN(const v1::Handover drafted, TryDraft(req));
  handover = drafted.name();
  // So that each parent reads it, and of the parts what each may see.
  ASSERT_OK_AND_ASSIGN(const v1::Handover mothers, Get(j.mother));
  EXPECT_THAT(PartTexts(mothers), Each(Not("Joost van der Zanden, geboren op 1982-01-19")));
  EXPECT_THAT(mothers.parts(), SizeIs(4));
}

TEST_F(HandoverServiceTest, R18WhatTheSenderCannotOpenCannotBePicked) {
  v1::DraftHandoverRequest req = DraftRequest();
  req.add_items(sibling_note);
  j.office.tamper = [&](access::v1::Decision* d) {
    auto* scopes = d->mutable_permit()->mutable_scopes();
    for (int i = scopes->size() - 1; i >= 0; --i) {
      if (scopes->Get(i).label().about().persons(0) == j.sibling) scopes->DeleteSubrange(i, 1);
    }
  };
  EXPECT_THAT(TryDraft(req), StatusIs(StatusCode::kNotFound, _));
}

class HandoverWithGraceTest : public HandoverServiceTest {
 protected:
  HandoverWithGraceTest() : HandoverServiceTest(Office::Options{.handover_grace_days = 14}) {}
};

TEST_F(HandoverWithGraceTest, R29TheSendingSideAnswersQuestionsForTheGraceAndNoLonger) {
  Conversed();
  ASSERT_OK(Accept(j.SeatOf(j.receiver), j.SeatOf(j.consultant)));
  const access::v1::CaseFact& c = j.office.case_fact(j.case_name);
  for (const access::v1::Seat& s : c.seats()) {
    if (s.professional() == "professionals/ib") {
      EXPECT_EQ(s.role(), access::v1::SEAT_ROLE_AD_HOC);
      EXPECT_EQ(s.end_time() - absl::ToUnixSeconds(j.office.clock().Now()), 14 * 24 * 3600);
    }
  }
  // No longer the werkplaats: it leads nothing.
  EXPECT_THAT(Act("CloseHandover", j.ib.For(common::v1::PURPOSE_HANDOVER)),
              StatusIs(StatusCode::kPermissionDenied, _));
  j.office.clock().Advance(absl::Hours(24 * 14));
  EXPECT_THAT(ReadCase(j.ib), StatusIs(StatusCode::kPermissionDenied, "no-seat"));
}

TEST_F(HandoverWithGraceTest, R29TheGraceIsForTheHandoverAndNothingElse) {
  Conversed();
  ASSERT_OK(Accept(j.SeatOf(j.receiver), j.SeatOf(j.consultant)));
  const auto receipt = [&] {
    v1::GetReceiptRequest req;
    req.set_name(handover);
    return j.office
        .Call<v1::HandoverReceipt>("handover.v1.HandoverService", "GetReceipt", j.ib, req)
        .status();
  };
  EXPECT_OK(Get(j.ib));
  EXPECT_OK(receipt());
  EXPECT_THAT(ReadCase(j.ib), StatusIs(StatusCode::kPermissionDenied, _));
  casework::v1::AddContributionRequest add;
  add.set_parent(j.case_name);
  add.mutable_contribution()->set_text("Nog iets.");
  *add.mutable_contribution()->mutable_label() = j.Education();
  EXPECT_FALSE(j.office.Casework<casework::v1::Contribution>("AddContribution", j.ib, add).ok());
  j.office.clock().Advance(absl::Hours(24 * 14));
  EXPECT_FALSE(Get(j.ib).ok());
  EXPECT_FALSE(receipt().ok());
}

}  // namespace
}  // namespace knooppunt::handover
