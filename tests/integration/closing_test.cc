// A werkplaats closes, in a whole region: who administers it says so, access tells the dossier with
// its next decision, and on the day what was not accepted is where it was (R1, R26, R27).
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "knooppunt/directory/v1/directory.pb.h"
#include "knooppunt/directory/v1/werkplaats.pb.h"
#include "knooppunt/handover/v1/handover.pb.h"
#include "knooppunt/worklist/v1/worklist.pb.h"
#include "security/crypto/hash.h"
#include "tests/integration/region_testing.h"

namespace knooppunt::integration {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kHandover[] = "handover.v1.HandoverService/";
constexpr char kWerkplaatsen[] = "directory.v1.WerkplaatsService/";

class ClosingTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(region_.Start());
    region_.Furnish();
    directory::v1::ImportDirectoryRequest request;
    directory::v1::Organisation* board = request.add_organisations();
    board->set_name("organisations/lvo");
    board->set_display_name("LVO");
    board->set_kind(common::v1::ORGANISATION_KIND_SCHOOL_BOARD);
    for (const char* id : {"vo", "havo"}) {
      directory::v1::Werkplaats* school = request.add_werkplaatsen();
      school->set_name(absl::StrCat("werkplaatsen/", id));
      school->set_display_name("Middelbare school");
      school->set_organisation(board->name());
      school->set_stage(common::v1::STAGE_VO);
      school->set_municipality("organisations/maastricht");
    }
    directory::v1::ImportDirectoryResponse imported;
    ASSERT_OK(region_.Call(region_.admin, "directory.v1.DirectoryService/ImportDirectory", request,
                           &imported));
    receiver_ = region_.Hire("vo", board->name(), common::v1::FUNCTION_CARE_COORDINATOR)
                    .For(common::v1::PURPOSE_HANDOVER);
    administrator_ = region_.Hire("beheer-vo", board->name(), common::v1::FUNCTION_ADMINISTRATOR)
                         .For(common::v1::PURPOSE_ADMINISTRATION);
    colleague_ = region_.Hire("ib-2");
    region_.Seat(colleague_);
    const auto seen = region_.GetCase(region_.ib);
    ASSERT_OK(seen);
    casework::v1::AppointRegisseurRequest appoint;
    appoint.set_name(region_.case_name);
    appoint.set_seat(SeatOf(region_.ib));
    appoint.set_stand_in_seat(SeatOf(colleague_));
    casework::v1::Regisseur appointed;
    ASSERT_OK(region_.Call(region_.ib, "casework.v1.CaseworkService/AppointRegisseur", appoint,
                           &appointed));
    const auto note = region_.AddNote("Sem leest graag.");
    ASSERT_OK(note);
    note_ = note->name();
    ShareWithTheBoard();
  }
  void ShareWithTheBoard() {
    consent::v1::ProposeConsentRequest propose;
    propose.set_parent(absl::StrCat("families/", region_.family));
    consent::v1::Consent& c = *propose.mutable_consent();
    c.mutable_about()->add_persons(region_.child);
    c.add_compartments(common::v1::COMPARTMENT_EDUCATION);
    c.add_purposes(common::v1::PURPOSE_COORDINATION);
    c.add_purposes(common::v1::PURPOSE_HANDOVER);
    c.set_recipient("organisations/lvo");
    c.set_start_date(region_.Day(0));
    c.set_end_date(region_.Day(300));
    c.set_wording("De nieuwe school mag lezen wat deze school meegeeft.");
    consent::v1::Consent proposed;
    ASSERT_OK(
        region_.Call(region_.ib, "consent.v1.ConsentService/ProposeConsent", propose, &proposed));
    for (const Caller& who : {region_.mother, region_.father}) {
      consent::v1::SignConsentRequest sign;
      sign.set_name(proposed.name());
      sign.set_wording_sha256(crypto::HexEncode(crypto::Sha256(c.wording())));
      consent::v1::Consent signed_one;
      ASSERT_OK(region_.Call(who, "consent.v1.ConsentService/SignConsent", sign, &signed_one));
    }
  }
  std::string SeatOf(const Caller& who) {
    const auto seen = region_.GetCase(region_.ib);
    EXPECT_OK(seen);
    for (const casework::v1::Participant& p : seen->participants()) {
      if (p.professional() == who.claims.subject()) return p.seat();
    }
    ADD_FAILURE() << "no seat of " << who.claims.subject();
    return "";
  }
  absl::Status Draft(const std::string& to) {
    handover::v1::DraftHandoverRequest req;
    req.set_parent(region_.case_name);
    req.set_kind(handover::v1::HANDOVER_KIND_PO_VO);
    req.set_to_werkplaats(to);
    req.set_receiver(receiver_.claims.subject());
    req.set_expire_date(region_.Day(90));
    req.add_items(note_);
    req.add_children(region_.child);
    handover::v1::Handover drafted;
    const absl::Status s =
        region_.Call(region_.ib, absl::StrCat(kHandover, "DraftHandover"), req, &drafted);
    if (s.ok()) handover_ = drafted.name();
    return s;
  }
  absl::Status Act(const Caller& who, const char* act, const std::string& note = "") {
    handover::v1::HandoverActRequest req;
    req.set_name(handover_);
    req.set_note(note);
    handover::v1::Handover answer;
    return region_.Call(who, absl::StrCat(kHandover, act), req, &answer);
  }
  absl::StatusOr<handover::v1::Handover> Get(const Caller& who) {
    handover::v1::GetHandoverRequest req;
    req.set_name(handover_);
    handover::v1::Handover answer;
    const absl::Status s = region_.Call(who, absl::StrCat(kHandover, "GetHandover"), req, &answer);
    if (!s.ok()) return s;
    return answer;
  }
  void Offer(const std::string& to) {
    ASSERT_OK(Draft(to));
    for (const char* act : {"ShowHandover", "AuthoriseHandover", "OfferHandover"}) {
      ASSERT_OK(Act(region_.ib, act)) << act;
    }
  }
  absl::Status Receive() {
    handover::v1::ReceiveHandoverRequest req;
    req.set_name(handover_);
    const auto seen = Get(receiver_);
    if (!seen.ok()) return seen.status();
    req.set_package_sha256(seen->package_sha256());
    handover::v1::Handover answer;
    return region_.Call(receiver_, absl::StrCat(kHandover, "ReceiveHandover"), req, &answer);
  }
  absl::Status Close(const Caller& who, const std::string& werkplaats, const std::string& on) {
    directory::v1::CloseWerkplaatsRequest req;
    req.set_name(absl::StrCat(werkplaats, "/profile"));
    req.set_close_date(on);
    req.set_reason("Gaat op in een andere school.");
    directory::v1::WerkplaatsProfile profile;
    return region_.Call(who, absl::StrCat(kWerkplaatsen, "CloseWerkplaats"), req, &profile);
  }
  absl::Status KeepOpen(const std::string& werkplaats) {
    directory::v1::KeepWerkplaatsOpenRequest req;
    req.set_name(absl::StrCat(werkplaats, "/profile"));
    directory::v1::WerkplaatsProfile profile;
    return region_.Call(administrator_, absl::StrCat(kWerkplaatsen, "KeepWerkplaatsOpen"), req,
                        &profile);
  }
  std::vector<worklist::v1::Entry> Tasks(const Caller& who, worklist::v1::EntryKind kind) {
    worklist::v1::ListWorklistRequest req;
    req.mutable_filter()->add_kinds(kind);
    worklist::v1::ListWorklistResponse list;
    EXPECT_OK(region_.Call(who, "worklist.v1.WorklistService/ListWorklist", req, &list));
    return {list.entries().begin(), list.entries().end()};
  }
  void Days(int days) { region_.clock().Advance(absl::Hours(24 * days)); }

  Region region_;
  Caller receiver_, administrator_, colleague_;
  std::string note_, handover_;
};

TEST_F(ClosingTest, R26R27TheReceivingWerkplaatsClosesWhileAHandoverIsUnderWay) {
  // Who works there, or administers another organisation, closes nothing.
  EXPECT_THAT(Close(receiver_, "werkplaatsen/vo", region_.Day(20)), Refused());
  EXPECT_THAT(Close(region_.ib, "werkplaatsen/vo", region_.Day(20)), Refused());
  Offer("werkplaatsen/vo");
  ASSERT_OK(Receive());
  ASSERT_OK(Close(administrator_, "werkplaatsen/vo", region_.Day(20)));
  // Both sides know at once.
  for (const Caller& side : {region_.ib, receiver_}) {
    const auto seen = Get(side);
    ASSERT_OK(seen);
    EXPECT_EQ(seen->receiver_close_date(), region_.Day(20));
    handover::v1::ListDueHandoversResponse due;
    ASSERT_OK(region_.Call(side, absl::StrCat(kHandover, "ListDueHandovers"),
                           handover::v1::ListDueHandoversRequest(), &due));
    ASSERT_THAT(due.handovers(), SizeIs(1));
    EXPECT_THAT(due.handovers(0).text_nl(), HasSubstr("De ontvangende werkplaats sluit op"));
  }
  Days(20);
  EXPECT_THAT(Get(receiver_), Refused());
  const auto left = Get(region_.ib);
  ASSERT_OK(left);
  EXPECT_EQ(left->state(), handover::v1::HANDOVER_STATE_EXPIRED);
  const absl::Status talk = Act(region_.ib, "OfferHandover");
  EXPECT_EQ(base::ReasonOf(talk), "R27_RECEIVER_CLOSED") << talk;
  auto at = region_.GetCase(region_.ib);
  ASSERT_OK(at);
  EXPECT_EQ(at->werkplaats(), "werkplaatsen/manjefiek");
  EXPECT_EQ(at->regisseur().seat(), SeatOf(region_.ib));

  EXPECT_EQ(base::ReasonOf(Draft("werkplaatsen/vo")), "R27_WERKPLAATS_CLOSES");
  ASSERT_OK(Act(region_.ib, "WithdrawHandover", "De school is gesloten."));
  Offer("werkplaatsen/havo");
  EXPECT_OK(Receive());
}

TEST_F(ClosingTest, R27AnAnnouncementIsUndoneBeforeItsDayAndNotAfter) {
  Offer("werkplaatsen/vo");
  ASSERT_OK(Close(administrator_, "werkplaatsen/vo", region_.Day(3)));
  ASSERT_OK(KeepOpen("werkplaatsen/vo"));
  Days(4);
  EXPECT_OK(Receive()) << "nothing is left of it";
  ASSERT_OK(Close(administrator_, "werkplaatsen/vo", region_.Day(1)));
  Days(4);
  EXPECT_EQ(base::ReasonOf(KeepOpen("werkplaatsen/vo")), "WERKPLAATS_HAS_CLOSED");
  EXPECT_THAT(Receive(), Refused());
}

// R1: at no moment without werkplaats or regisseur.
TEST_F(ClosingTest, R1R27ACaseAtAWerkplaatsThatClosedIsHandedOverByItsRegisseur) {
  EXPECT_THAT(Tasks(region_.ib, worklist::v1::ENTRY_KIND_WERKPLAATS_CLOSES), IsEmpty());
  ASSERT_OK(Close(region_.admin, "werkplaatsen/manjefiek", region_.Day(10)));
  const auto told = Tasks(region_.ib, worklist::v1::ENTRY_KIND_WERKPLAATS_CLOSES);
  ASSERT_THAT(told, SizeIs(1));
  EXPECT_EQ(told[0].subject(), region_.case_name);
  EXPECT_EQ(told[0].due_date(), region_.Day(9));
  Days(11);
  const auto late = Tasks(region_.ib, worklist::v1::ENTRY_KIND_WERKPLAATS_CLOSES);
  ASSERT_THAT(late, SizeIs(1));
  EXPECT_TRUE(late[0].overdue());
  EXPECT_OK(region_.AddNote("Wij werken door tot het kind een andere school heeft."));
  region_.SeatTheNurse();  // a partner who stays, to stand in
  Offer("werkplaatsen/vo");
  ASSERT_OK(Receive());
  handover::v1::RecordConversationRequest talk;
  talk.set_name(handover_);
  talk.mutable_conversation()->set_date(region_.Day(0));
  talk.mutable_conversation()->set_how("in persoon");
  talk.mutable_conversation()->add_seats(SeatOf(region_.ib));
  talk.mutable_conversation()->add_seats(SeatOf(receiver_));
  talk.mutable_conversation()->set_family_absent_reason("Moeder is ziek en wil dat het doorgaat.");
  handover::v1::Handover answer;
  ASSERT_OK(region_.Call(region_.ib, absl::StrCat(kHandover, "RecordConversation"), talk, &answer));
  const std::string regisseur = SeatOf(receiver_);
  const std::string stand_in = SeatOf(region_.nurse);
  handover::v1::AcceptHandoverRequest accept;
  accept.set_name(handover_);
  accept.set_regisseur_seat(regisseur);
  accept.set_stand_in_seat(stand_in);
  ASSERT_OK(region_.Call(receiver_, absl::StrCat(kHandover, "AcceptHandover"), accept, &answer));
  const auto after = region_.GetCase(receiver_.For(common::v1::PURPOSE_COORDINATION));
  ASSERT_OK(after);
  EXPECT_EQ(after->werkplaats(), "werkplaatsen/vo");
  EXPECT_EQ(after->regisseur().seat(), regisseur);
}

}  // namespace
}  // namespace knooppunt::integration
