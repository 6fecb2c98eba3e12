// A case from one installation to another and the receipt back, over whole dossier units with keys
// and directories of their own (R1, R3, R11, R12, R26-R29).
#include "base/error.h"
#include "services/handover/archive_testing.h"

namespace knooppunt::handover {
namespace {

using absl::StatusCode;
using ::knooppunt::testing::IsOk;
using ::knooppunt::testing::StatusIs;
using ::testing::_;
using testing::Caller;
using ::testing::Contains;
using ::testing::HasSubstr;
using testing::Keys;
using ::testing::SizeIs;

template <typename T>
std::string Reason(const absl::StatusOr<T>& s) {
  return base::ReasonOf(s.status());
}

class InstallationsTest : public testing::ArchiveTest {
 protected:
  using ArchiveTest::ArchiveTest;
  const access::v1::CaseFact& Case(testing::Journey& j) { return j.office.case_fact(j.case_name); }
};

TEST_F(InstallationsTest, R26R27ACaseGoesOverAndIsNeverWithoutARegisseur) {
  const std::string archive = OnItsWay();
  // Nobody over there sits at the table here.
  for (const access::v1::Seat& s : Case(a).seats()) {
    EXPECT_NE(s.role(), access::v1::SEAT_ROLE_RECEIVER);
  }
  const auto preview = Preview(archive, b.receiver);
  ASSERT_OK(preview);
  EXPECT_EQ(preview->installation(), "maastricht");
  EXPECT_FALSE(preview->taken_in());
  EXPECT_THAT(preview->payload().persons(), SizeIs(3));
  EXPECT_EQ(StoredAtVenlo(), 0);

  const auto taken = Import(archive);
  ASSERT_OK(taken);
  EXPECT_EQ(taken->state(), v1::HANDOVER_STATE_RECEIVED);
  EXPECT_EQ(Case(b).state(), access::v1::CASE_STATE_OPEN);
  EXPECT_EQ(Case(b).werkplaats(), "werkplaatsen/vmbo");
  EXPECT_EQ(Case(b).organisation(), "organisations/lvo");
  EXPECT_TRUE(Preview(archive, b.receiver)->taken_in());
  // The sending side leads on until it hears that the other accepted.
  const auto received = TakeReceipt(Receipt());
  ASSERT_OK(received);
  EXPECT_EQ(received->state(), v1::HANDOVER_STATE_RECEIVED);
  EXPECT_EQ(received->withheld_count(), 0);
  EXPECT_EQ(Case(a).state(), access::v1::CASE_STATE_ACTIVE);

  const auto accepted = Accept(AcceptRequest());
  ASSERT_OK(accepted);
  EXPECT_EQ(accepted->state(), v1::HANDOVER_STATE_CLOSED);
  EXPECT_EQ(Case(b).state(), access::v1::CASE_STATE_ACTIVE);
  ASSERT_THAT(Case(b).terms(), SizeIs(1));
  EXPECT_EQ(Case(b).terms(0).stand_in_seat(), colleague_seat);
  EXPECT_FALSE(Case(b).review_date().empty());
  EXPECT_EQ(Case(a).state(), access::v1::CASE_STATE_ACTIVE);  // two know of it, none is without

  const auto closed = TakeReceipt(Receipt());
  ASSERT_OK(closed);
  EXPECT_EQ(closed->state(), v1::HANDOVER_STATE_CLOSED);
  EXPECT_EQ(closed->elsewhere().regisseur_name(), "Iris Hermans");
  EXPECT_EQ(closed->elsewhere().conversation().attendees_size(), 3);
  EXPECT_EQ(Case(a).state(), access::v1::CASE_STATE_CLOSED);
  EXPECT_NE(Case(a).terms(0).end_time(), 0);
  EXPECT_THAT(a.office.facts(a.family).handovers(), SizeIs(0));
  for (const access::v1::Seat& s : Case(a).seats()) {
    if (!s.professional().empty()) {
      EXPECT_NE(s.end_time(), 0) << "R29: they leave with it";
    }
  }
  std::vector<v1::HandoverState> acts;
  for (const v1::HandoverAct& act : closed->acts()) acts.push_back(act.state());
  EXPECT_THAT(acts, ::testing::ElementsAre(v1::HANDOVER_STATE_DRAFTED, v1::HANDOVER_STATE_SHOWN,
                                           v1::HANDOVER_STATE_SHOWN, v1::HANDOVER_STATE_AUTHORISED,
                                           v1::HANDOVER_STATE_OFFERED, v1::HANDOVER_STATE_RECEIVED,
                                           v1::HANDOVER_STATE_CONVERSED,
                                           v1::HANDOVER_STATE_ACCEPTED, v1::HANDOVER_STATE_CLOSED));
}

TEST_F(InstallationsTest, R38WhatIsTakenInIsTheReceiversAndSaysWhereItComesFrom) {
  ASSERT_OK(Import(OnItsWay()));
  const access::v1::FamilyFacts& facts = b.office.facts(b.family);
  ASSERT_THAT(facts.persons(), SizeIs(3));
  EXPECT_NE(facts.persons(0).id(), a.child);  // ids of its own
  for (const access::v1::PersonFact& p : facts.persons()) EXPECT_TRUE(p.account().empty());
  ASSERT_THAT(facts.gezag(), SizeIs(2));
  EXPECT_EQ(facts.gezag(0).start_date(), a.office.facts(a.family).gezag(0).start_date());
  EXPECT_THAT(facts.consents(), SizeIs(0)) << "R12: consent was for one recipient, and is used up";
  for (const access::v1::Scope& s : facts.scopes()) {
    EXPECT_EQ(s.label().controller(), "organisations/lvo");
    EXPECT_EQ(s.label().compartment(), common::v1::COMPARTMENT_EDUCATION);
  }
  const casework::v1::Case read = b.Get(b.ib);
  EXPECT_THAT(read.reason(), HasSubstr("werkplaatsen/manjefiek"));
  EXPECT_THAT(read.reason(), HasSubstr("gezagsregister"));
  EXPECT_THAT(read.family_reason(), HasSubstr("vriend in de klas"));
  std::vector<std::string> texts;
  for (const auto& c : read.contributions()) texts.push_back(c.text());
  EXPECT_THAT(texts, Contains(HasSubstr("Rekenen gaat beter met een maatje.")));
  EXPECT_THAT(texts, Contains(HasSubstr("Overgenomen van werkplaatsen/manjefiek")));
  std::vector<std::string> names;
  for (const auto& p : read.persons()) names.push_back(p.given_name());
  EXPECT_THAT(names, ::testing::UnorderedElementsAre("Sem", "Marieke", "Joost"));
}

TEST_F(InstallationsTest, R27WithoutAcceptanceThereIsNoRegisseurAndNoClosing) {
  ASSERT_OK(Import(OnItsWay()));
  const archive::v1::AcceptImportRequest accept = AcceptRequest();
  casework::v1::AppointRegisseurRequest appoint;
  appoint.set_name(b.case_name);
  appoint.set_seat(accept.regisseur_seat());
  appoint.set_stand_in_seat(accept.stand_in_seat());
  EXPECT_EQ(Reason(b.office.Casework<casework::v1::Regisseur>("AppointRegisseur", b.ib, appoint)),
            "R27_IMPORT_NOT_ACCEPTED");
  casework::v1::CloseCaseRequest close;
  close.set_name(b.case_name);
  close.set_kind(casework::v1::CLOSE_KIND_OTHER);
  close.set_outcome("Klaar.");
  *close.mutable_label() = b.About(common::v1::COMPARTMENT_EDUCATION, common::v1::REGIME_EDUCATION);
  close.mutable_label()->mutable_about()->set_persons(0, b.office.facts(b.family).persons(0).id());
  EXPECT_EQ(Reason(b.office.Casework<casework::v1::Case>("CloseCase", b.ib, close)),
            "HANDOVER_RUNS");
  // Nor do the acts of a handover within one installation help.
  v1::HandoverActRequest act;
  act.set_name(imported);
  act.set_note("Toch niet.");
  EXPECT_EQ(Reason(b.office.Handover("WithdrawHandover", b.ib, act)), "NOT_YOUR_SIDE");
  // The conversation is asked as for any handover.
  auto lacking = accept;
  lacking.mutable_conversation()->mutable_attendees()->RemoveLast();
  EXPECT_EQ(Reason(Accept(lacking)), "R27_CONVERSATION_LACKS_SOMEBODY");
  lacking.mutable_conversation()->add_absences()->set_party(v1::HANDOVER_PARTY_FAMILY);
  EXPECT_EQ(Reason(Accept(lacking)), "ARCHIVE_INVALID");
  lacking.mutable_conversation()->mutable_absences(0)->set_reason("Moeder wilde niet mee.");
  lacking.mutable_conversation()->set_date("2026-11-24");
  EXPECT_EQ(Reason(Accept(lacking)), "R27_CONVERSATION_IN_FUTURE");
  auto alone = accept;
  alone.set_stand_in_seat(alone.regisseur_seat());
  EXPECT_FALSE(Accept(alone).ok());
  EXPECT_EQ(Case(b).state(), access::v1::CASE_STATE_OPEN);
  ASSERT_OK(Accept(accept));
  EXPECT_EQ(Reason(Accept(accept)), "FORBIDDEN_TRANSITION");
  EXPECT_EQ(Reason(Return("Te laat.")), "FORBIDDEN_TRANSITION");
}

TEST_F(InstallationsTest, R26ReturnedItStaysWithTheSenderAndMayComeAgain) {
  const std::string archive = OnItsWay();
  ASSERT_OK(Import(archive));
  ASSERT_OK(Return("Sem gaat toch naar een andere school."));
  EXPECT_EQ(Case(b).state(), access::v1::CASE_STATE_CLOSED);
  const auto back = TakeReceipt(Receipt());
  ASSERT_OK(back);
  EXPECT_EQ(back->state(), v1::HANDOVER_STATE_RETURNED);
  EXPECT_THAT(back->acts().rbegin()->note(), HasSubstr("andere school"));
  EXPECT_EQ(Case(a).state(), access::v1::CASE_STATE_ACTIVE);
  EXPECT_THAT(a.office.facts(a.family).handovers(), SizeIs(0));
  // The same file is not taken in again; the case is, in a new one.
  EXPECT_EQ(Reason(Import(archive)), "ARCHIVE_TAKEN_IN");
  Offer(DraftRequest());
  ASSERT_OK(Import(Export()->content()));
}

TEST_F(InstallationsTest, R1OneArchiveAndOneCaseAreTakenInOnce) {
  const std::string archive = OnItsWay();
  ASSERT_OK(Import(archive));
  const int64_t stored = StoredAtVenlo();
  EXPECT_EQ(Reason(Import(archive)), "ARCHIVE_TAKEN_IN");
  EXPECT_EQ(Reason(Import(Export()->content())), "ARCHIVE_TAKEN_IN");  // made anew, and the same
  ASSERT_OK(Act("WithdrawHandover"));
  Offer(DraftRequest());
  EXPECT_EQ(Reason(Import(Export()->content())), "ARCHIVE_TAKEN_IN");  // another, of the same case
  EXPECT_EQ(StoredAtVenlo(), stored);
}

TEST_F(InstallationsTest, R3AChildWithACaseHereIsSaidToHaveOneAndNoMore) {
  const std::string archive = OnItsWay();
  b.Open();  // the same child, at another school there
  const int64_t stored = StoredAtVenlo();
  const auto refused = Import(archive);
  EXPECT_EQ(Reason(refused), "CASE_EXISTS");
  EXPECT_THAT(std::string(refused.status().message()), Not(HasSubstr("families/")));
  EXPECT_EQ(StoredAtVenlo(), stored);
}

TEST_F(InstallationsTest, R12OnlyTheOrganisationThatWasConsentedToOpensIt) {
  const std::string archive = OnItsWay();
  EXPECT_EQ(Reason(Preview(archive, other_school)), "ARCHIVE_FOR_ANOTHER_ORGANISATION");
  EXPECT_EQ(Reason(Import(archive, other_school)), "ARCHIVE_FOR_ANOTHER_ORGANISATION");
  EXPECT_EQ(Preview(archive, b.nurse.For(common::v1::PURPOSE_HANDOVER)).status().code(),
            StatusCode::kPermissionDenied);
  EXPECT_EQ(Import(archive, b.nurse.For(common::v1::PURPOSE_HANDOVER)).status().code(),
            StatusCode::kPermissionDenied);
  EXPECT_EQ(StoredAtVenlo(), 0);
}

TEST_F(InstallationsTest, R26AfterItsDateItIsNotTakenInNorAccepted) {
  const std::string archive = OnItsWay();
  b.office.clock().Set(absl::FromCivil(absl::CivilDay(2027, 2, 1), base::Amsterdam()));
  EXPECT_EQ(Reason(Import(archive)), "HANDOVER_EXPIRED");
  b.office.clock().Set(absl::FromCivil(absl::CivilMinute(2027, 1, 31, 12, 0), base::Amsterdam()));
  ASSERT_OK(Import(archive));
  const auto accept = AcceptRequest();
  b.office.clock().Set(absl::FromCivil(absl::CivilDay(2027, 2, 1), base::Amsterdam()));
  EXPECT_EQ(Reason(Accept(accept)), "HANDOVER_EXPIRED");
  ASSERT_OK(Return("Verlopen."));  // it can be cleared away
}

// The date binds who receives: what they did by then counts, though the file with their receipt is
// carried back later.
TEST_F(InstallationsTest, R26AReceiptOfWhatWasDoneInTimeMayComeLate) {
  ASSERT_OK(Import(OnItsWay()));
  const std::string received = Receipt();
  ASSERT_OK(Accept(AcceptRequest()));
  const std::string accepted = Receipt();
  const auto noon = [](int month, int day) {
    return absl::FromCivil(absl::CivilMinute(2027, month, day, 12, 0), base::Amsterdam());
  };
  v1::GetHandoverRequest get;
  get.set_name(handover);
  a.office.clock().Set(noon(2, 1));  // the day after
  EXPECT_EQ(Reason(Export()), "HANDOVER_EXPIRED");
  EXPECT_EQ(a.office.Handover("GetHandover", a.ib, get)->state(), v1::HANDOVER_STATE_OFFERED);
  ASSERT_OK(TakeReceipt(received));
  a.office.clock().Set(noon(2, 14));
  const auto closed = TakeReceipt(accepted);
  ASSERT_OK(closed);
  EXPECT_EQ(closed->state(), v1::HANDOVER_STATE_CLOSED);
}

TEST_F(InstallationsTest, R26AfterTheDaysForItAReceiptIsRefused) {
  ASSERT_OK(Import(OnItsWay()));
  const std::string received = Receipt();
  a.office.clock().Set(absl::FromCivil(absl::CivilDay(2027, 2, 15), base::Amsterdam()));
  EXPECT_EQ(Reason(TakeReceipt(received)), "HANDOVER_EXPIRED");
  v1::GetHandoverRequest get;
  get.set_name(handover);
  EXPECT_EQ(a.office.Handover("GetHandover", a.ib, get)->state(), v1::HANDOVER_STATE_EXPIRED);
  ASSERT_OK(Act("WithdrawHandover"));
}

TEST_F(InstallationsTest, R26WhatTheOtherSideDidAfterTheDateDoesNotCountButAReturn) {
  ASSERT_OK(Import(OnItsWay()));
  const auto as = [&](archive::v1::ArchiveStage stage, const std::string& time) {
    auto receipt = *DecodeReceipt(at_maastricht->Unpack(Receipt())->content);
    receipt.set_time(time);
    receipt.set_stage(stage);
    if (stage == archive::v1::ARCHIVE_STAGE_RETURNED) receipt.set_reason("Verlopen.");
    return *at_venlo->Pack(*at_venlo->Find("maastricht"), EncodeReceipt(receipt));
  };
  a.office.clock().Set(absl::FromCivil(absl::CivilDay(2027, 2, 2), base::Amsterdam()));
  // The day is that of the Netherlands: eleven at night in UTC is tomorrow.
  EXPECT_EQ(Reason(TakeReceipt(as(archive::v1::ARCHIVE_STAGE_RECEIVED, "2027-01-31T23:00:00Z"))),
            "RECEIPT_TOO_LATE");
  const auto returned =
      TakeReceipt(as(archive::v1::ARCHIVE_STAGE_RETURNED, "2027-02-01T09:00:00Z"));
  ASSERT_OK(returned);
  EXPECT_EQ(returned->state(), v1::HANDOVER_STATE_RETURNED);
}

TEST_F(InstallationsTest, R26AReceiptDoesTheActsOfTheReceiverAndOnlyOnce) {
  ASSERT_OK(Import(OnItsWay()));
  const std::string received = Receipt();
  EXPECT_EQ(TakeReceipt(received, "stale").status().code(), StatusCode::kAborted);
  ASSERT_OK(TakeReceipt(received));
  EXPECT_EQ(Reason(TakeReceipt(received)), "FORBIDDEN_TRANSITION");
  // Received, and asked for once more: a document was damaged on the way.
  EXPECT_OK(Export());
  ASSERT_OK(Accept(AcceptRequest()));
  const std::string accepted = Receipt();
  ASSERT_OK(TakeReceipt(accepted));
  // R29: without grace nobody of the sending side is left to act.
  EXPECT_EQ(TakeReceipt(accepted).status().code(), StatusCode::kPermissionDenied);
}

TEST_F(InstallationsTest, R26TheLastReceiptIsEnough) {
  ASSERT_OK(Import(OnItsWay()));
  ASSERT_OK(Accept(AcceptRequest()));
  const auto closed = TakeReceipt(Receipt());
  ASSERT_OK(closed);
  EXPECT_EQ(closed->state(), v1::HANDOVER_STATE_CLOSED);
  EXPECT_EQ(closed->receipt_sha256(), closed->package_sha256());
}

TEST_F(InstallationsTest, R28AReceiptOfSomethingElseDoesNothing) {
  const std::string archive = OnItsWay();
  ASSERT_OK(Import(archive));
  const std::string receipt = Receipt();
  const auto opened = at_maastricht->Unpack(receipt);
  ASSERT_OK(opened.status());
  const auto good = DecodeReceipt(opened->content);
  ASSERT_OK(good.status());
  const auto as = [&](archive::v1::ArchiveReceipt r) {
    return *at_venlo->Pack(*at_venlo->Find("maastricht"), EncodeReceipt(r));
  };
  auto changed = *good;
  changed.set_handover("families/f-x/handovers/h-x");
  EXPECT_EQ(Reason(TakeReceipt(as(changed))), "RECEIPT_IS_OF_ANOTHER");
  changed = *good;
  changed.set_package_sha256(std::string(64, 'a'));
  EXPECT_EQ(Reason(TakeReceipt(as(changed))), "RECEIPT_IS_OF_ANOTHER");
  changed = *good;
  changed.set_travelled(0, std::string(64, '0'));
  EXPECT_EQ(Reason(TakeReceipt(as(changed))), "RECEIPT_IS_OF_ANOTHER");
  changed = *good;
  changed.set_recipient(Keys("vreemd").certificate().fingerprint());
  EXPECT_EQ(Reason(TakeReceipt(as(changed))), "RECEIPT_IS_OF_ANOTHER");
  changed = *good;
  changed.set_stage(archive::v1::ARCHIVE_STAGE_ACCEPTED);  // without a conversation
  EXPECT_EQ(Reason(TakeReceipt(as(changed))), "ARCHIVE_INVALID");
  *changed.mutable_conversation() = Talk();
  changed.mutable_conversation()->mutable_attendees()->RemoveLast();
  changed.set_regisseur_name("Iris Hermans");
  EXPECT_EQ(Reason(TakeReceipt(as(changed))), "R27_CONVERSATION_LACKS_SOMEBODY");
  changed = *good;
  changed.set_stage(archive::v1::ARCHIVE_STAGE_RETURNED);  // without a reason
  EXPECT_EQ(Reason(TakeReceipt(as(changed))), "ARCHIVE_INVALID");
  // Another installation that is known here says it of a case that it never had.
  const auto stranger = testing::Installed(
      "vreemd",
      {{.name = "maastricht", .certificate = Keys("maastricht").certificate(), .places = {}}});
  changed = *good;
  changed.set_sender(Keys("vreemd").certificate().fingerprint());
  EXPECT_EQ(
      Reason(TakeReceipt(*stranger->Pack(*stranger->Find("maastricht"), EncodeReceipt(changed)))),
      "RECEIPT_IS_OF_ANOTHER");
  // An archive is no receipt, nor is a receipt an archive.
  EXPECT_EQ(Reason(TakeReceipt(archive)), "ARCHIVE_FOR_ANOTHER_INSTALLATION");
  EXPECT_EQ(Reason(TakeReceipt(*at_venlo->Pack(*at_venlo->Find("maastricht"),
                                               at_venlo->Unpack(archive)->content))),
            "ARCHIVE_DAMAGED");
  v1::GetHandoverRequest get;
  get.set_name(handover);
  EXPECT_EQ(a.office.Handover("GetHandover", a.ib, get)->state(), v1::HANDOVER_STATE_OFFERED);
  ASSERT_OK(TakeReceipt(receipt));
}

TEST_F(InstallationsTest, R11OnlyWhatTheReceiverMayKeepAndWhoMustBeAskedGoes) {
  OpenAtMaastricht();
  auto draft = DraftRequest();
  draft.set_receiver("professionals/receiver");
  EXPECT_EQ(Reason(a.office.Handover("DraftHandover", a.ib, draft)), "RECEIVER_LOGS_IN_ELSEWHERE");
  draft = DraftRequest();
  draft.set_mode(v1::HANDOVER_MODE_JOIN);
  EXPECT_FALSE(a.office.Handover("DraftHandover", a.ib, draft).ok());
  // Without the father, who holds gezag, the other side would ask the mother alone.
  draft = DraftRequest();
  draft.mutable_items()->DeleteSubrange(2, 1);
  Offer(draft);
  EXPECT_EQ(Reason(Export()), "R11_ELSEWHERE_NEEDS_PERSONS");
  ASSERT_OK(Act("WithdrawHandover"));
  // Consent that is withdrawn after the offer: that part stays here; without the child nothing
  // goes.
  Offer(DraftRequest());
  ASSERT_OK(Export().status());
  consent::v1::WithdrawConsentRequest withdraw;
  withdraw.set_name(consents[0]);
  ASSERT_OK(a.office.Consent<consent::v1::Consent>("WithdrawConsent", a.father, withdraw));
  EXPECT_FALSE(Export().ok());
}

TEST_F(InstallationsTest, R28OnlyWhatWasOfferedElsewhereIsExported) {
  OpenAtMaastricht();
  const auto drafted = a.office.Handover("DraftHandover", a.ib, DraftRequest());
  ASSERT_OK(drafted);
  handover = drafted->name();
  EXPECT_EQ(drafted->elsewhere().installation(), "venlo");
  EXPECT_EQ(Reason(Export()), "FORBIDDEN_TRANSITION");
  EXPECT_EQ(Reason(TakeReceipt("x")), "ARCHIVE_DAMAGED");
  ASSERT_OK(Act("WithdrawHandover"));
  // One within this installation needs none.
  auto within = DraftRequest();
  within.set_to_werkplaats("werkplaatsen/vmbo");
  within.set_receiver("professionals/receiver");
  const auto local = a.office.Handover("DraftHandover", a.ib, within);
  ASSERT_OK(local);
  handover = local->name();
  EXPECT_EQ(Reason(Export()), "NOT_TO_ANOTHER_INSTALLATION");
  imported = handover;
  archive::v1::AcceptImportRequest accept;
  accept.set_name(handover);
  EXPECT_EQ(Reason(a.office.Call<v1::Handover>("archive.v1.ArchiveService", "AcceptImport", a.ib,
                                               accept)),
            "NOT_FROM_ANOTHER_INSTALLATION");
}

class GraceTest : public testing::ArchiveTest {
 protected:
  GraceTest() : ArchiveTest(testing::AtVenlo(), 14) {}
};

TEST_F(GraceTest, R29TheSenderKeepsTheHandoverForAWhileAndItsOwnRecordForGood) {
  ASSERT_OK(Import(OnItsWay()));
  ASSERT_OK(Accept(AcceptRequest()));
  const std::string receipt = Receipt();
  ASSERT_OK(TakeReceipt(receipt));
  v1::GetHandoverRequest get;
  get.set_name(handover);
  EXPECT_THAT(a.office.Handover("GetHandover", a.ib, get), IsOk());
  a.office.clock().Advance(absl::Hours(24 * 15));
  EXPECT_EQ(a.office.Handover("GetHandover", a.ib, get).status().code(),
            StatusCode::kPermissionDenied);
  // What the other side signed, to prove it years later, from its own record.
  v1::GetReceiptRequest own;
  own.set_name(handover);
  const auto kept = a.office.Call<v1::HandoverReceipt>(
      "handover.v1.HandoverService", "GetReceipt", a.ib.For(common::v1::PURPOSE_OWN_RECORD), own);
  ASSERT_OK(kept);
  ASSERT_THAT(kept->peer_receipts(), SizeIs(1));
  EXPECT_THAT(crypto::Envelope::Verify({Keys("venlo").certificate()}, kept->peer_receipts(0)),
              IsOk());
}

class UnconfiguredTest : public testing::ArchiveTest {
 protected:
  UnconfiguredTest() : ArchiveTest(nullptr) {}
};

TEST_F(UnconfiguredTest, R26AnInstallationWithoutCertificateTakesNothingIn) {
  EXPECT_EQ(Reason(Import(OnItsWay())), "NO_OTHER_INSTALLATIONS");
  EXPECT_EQ(StoredAtVenlo(), 0);
}

}  // namespace
}  // namespace knooppunt::handover
