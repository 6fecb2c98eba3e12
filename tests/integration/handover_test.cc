// What happens to a handover that is under way when time or somebody else does not wait (R14, R16,
// R26, R28), in a whole region: access decides anew on each day, and of two acts at once one is
// first.
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/date.h"
#include "knooppunt/directory/v1/directory.pb.h"
#include "knooppunt/handover/v1/handover.pb.h"
#include "security/crypto/hash.h"
#include "tests/integration/region_testing.h"

namespace knooppunt::integration {
namespace {

using ::testing::AnyOf;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kHandover[] = "handover.v1.HandoverService/";
constexpr char kCasework[] = "casework.v1.CaseworkService/";
constexpr char kWording[] = "De nieuwe school mag lezen wat deze school over mij meegeeft.";

// A case about a youth alone, Lotte, with a mother and a father who have gezag until she is 18.
class OnTheWayTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(region_.Start());
    region_.Furnish();
    AddTheNewSchool();
  }
  void AddTheNewSchool() {
    directory::v1::ImportDirectoryRequest request;
    directory::v1::Organisation* board = request.add_organisations();
    board->set_name("organisations/lvo");
    board->set_display_name("LVO");
    board->set_kind(common::v1::ORGANISATION_KIND_SCHOOL_BOARD);
    directory::v1::Werkplaats* school = request.add_werkplaatsen();
    school->set_name("werkplaatsen/vo");
    school->set_display_name("Middelbare school");
    school->set_organisation(board->name());
    school->set_stage(common::v1::STAGE_VO);
    school->set_municipality("organisations/maastricht");
    directory::v1::ImportDirectoryResponse imported;
    ASSERT_OK(region_.Call(region_.admin, "directory.v1.DirectoryService/ImportDirectory", request,
                           &imported));
    receiver_ = region_.Hire("vo", board->name(), common::v1::FUNCTION_CARE_COORDINATOR)
                    .For(common::v1::PURPOSE_HANDOVER);
    colleague_ = region_.Hire("ib-2");
  }
  // The youth has their birthday of `age` in `days` days.
  void OpenForTheYouth(int age, int days) {
    casework::v1::OpenCaseRequest req = region_.OpenRequest();
    const base::Date day = base::DateOf(region_.Now()) + days;
    req.mutable_persons()->DeleteSubrange(0, 1);
    req.mutable_persons(0)->set_birth_date(
        base::FormatDate(base::Date(day.year() - age, day.month(), day.day())));
    // Another family each time.
    ++families_;
    youth_ = mother_ = father_ = region_.mother;
    youth_.claims.set_subject(absl::StrCat("accounts/lotte-", families_));
    mother_.claims.set_subject(absl::StrCat("accounts/moeder-", families_));
    father_.claims.set_subject(absl::StrCat("accounts/vader-", families_));
    req.mutable_persons(0)->set_account(youth_.claims.subject());
    req.mutable_persons(1)->set_account(mother_.claims.subject());
    req.mutable_persons(2)->set_account(father_.claims.subject());
    for (auto& p : *req.mutable_persons()) p.set_family_name(absl::StrCat("Houben ", families_));
    req.mutable_gezag()->DeleteSubrange(0, 2);
    req.set_children(0, "sibling");
    casework::v1::Case opened;
    ASSERT_OK(region_.Call(region_.ib, absl::StrCat(kCasework, "OpenCase"), req, &opened));
    case_ = opened.name();
    family_ = case_.substr(0, case_.find("/cases/"));
    youth_id_ = opened.children(0);
    note_ = Note();
    region_.case_name = case_;  // of which Seat is
    region_.Seat(colleague_);
    const auto seen = region_.GetCase(region_.ib);
    ASSERT_OK(seen);
    casework::v1::AppointRegisseurRequest appoint;
    appoint.set_name(case_);
    appoint.set_seat(SeatOf(*seen, region_.ib.claims.subject()));
    appoint.set_stand_in_seat(SeatOf(*seen, colleague_.claims.subject()));
    casework::v1::Regisseur appointed;
    ASSERT_OK(
        region_.Call(region_.ib, absl::StrCat(kCasework, "AppointRegisseur"), appoint, &appointed));
  }
  std::string Note() {
    casework::v1::AddContributionRequest add;
    add.set_parent(case_);
    add.mutable_contribution()->set_text("Lotte komt graag naar school.");
    common::v1::Label& label = *add.mutable_contribution()->mutable_label();
    label.mutable_about()->add_persons(youth_id_);
    label.set_compartment(common::v1::COMPARTMENT_EDUCATION);
    label.set_regime(common::v1::REGIME_EDUCATION);
    casework::v1::Contribution added;
    EXPECT_OK(region_.Call(region_.ib, absl::StrCat(kCasework, "AddContribution"), add, &added));
    return added.name();
  }
  std::string ProposeForTheNewSchool() {
    consent::v1::ProposeConsentRequest propose;
    propose.set_parent(family_);
    consent::v1::Consent& c = *propose.mutable_consent();
    c.mutable_about()->add_persons(youth_id_);
    c.add_compartments(common::v1::COMPARTMENT_EDUCATION);
    c.add_purposes(common::v1::PURPOSE_COORDINATION);
    c.add_purposes(common::v1::PURPOSE_HANDOVER);
    c.set_recipient("organisations/lvo");
    c.set_start_date(region_.Day(0));
    c.set_end_date(region_.Day(300));
    c.set_wording(kWording);
    consent::v1::Consent proposed;
    EXPECT_OK(
        region_.Call(region_.ib, "consent.v1.ConsentService/ProposeConsent", propose, &proposed));
    return proposed.name();
  }
  absl::Status Sign(const std::string& consent, const Caller& who) {
    consent::v1::SignConsentRequest sign;
    sign.set_name(consent);
    sign.set_wording_sha256(crypto::HexEncode(crypto::Sha256(kWording)));
    consent::v1::Consent signed_one;
    return region_.Call(who, "consent.v1.ConsentService/SignConsent", sign, &signed_one);
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
  absl::Status Receive(const std::string& package) {
    handover::v1::ReceiveHandoverRequest req;
    req.set_name(handover_);
    req.set_package_sha256(package);
    handover::v1::Handover answer;
    return region_.Call(receiver_, absl::StrCat(kHandover, "ReceiveHandover"), req, &answer);
  }
  void Draft() {
    handover::v1::DraftHandoverRequest req;
    req.set_parent(case_);
    req.set_kind(handover::v1::HANDOVER_KIND_PO_VO);
    req.set_to_werkplaats("werkplaatsen/vo");
    req.set_receiver(receiver_.claims.subject());
    req.set_expire_date(region_.Day(100));
    req.add_items(note_);
    req.add_children(youth_id_);
    handover::v1::Handover drafted;
    ASSERT_OK(region_.Call(region_.ib, absl::StrCat(kHandover, "DraftHandover"), req, &drafted));
    handover_ = drafted.name();
  }
  void Offer(const std::vector<Caller>& signers) {
    Draft();
    ASSERT_OK(Act(region_.ib, "ShowHandover"));
    consent_ = ProposeForTheNewSchool();
    for (const Caller& who : signers) ASSERT_OK(Sign(consent_, who));
    ASSERT_OK(Act(region_.ib, "AuthoriseHandover"));
    ASSERT_OK(Act(region_.ib, "OfferHandover"));
  }
  std::string SeatOf(const casework::v1::Case& seen, const std::string& who) {
    for (const casework::v1::Participant& p : seen.participants()) {
      if (p.professional() == who || p.person() == who) return p.seat();
    }
    ADD_FAILURE() << "no seat of " << who;
    return "";
  }
  absl::Status Converse(const std::vector<std::string>& seats) {
    handover::v1::RecordConversationRequest talk;
    talk.set_name(handover_);
    talk.mutable_conversation()->set_date(region_.Day(0));
    talk.mutable_conversation()->set_how("in persoon");
    for (const std::string& seat : seats) talk.mutable_conversation()->add_seats(seat);
    handover::v1::Handover answer;
    return region_.Call(region_.ib, absl::StrCat(kHandover, "RecordConversation"), talk, &answer);
  }
  absl::Status Accept(const std::string& regisseur, const std::string& stand_in) {
    handover::v1::AcceptHandoverRequest req;
    req.set_name(handover_);
    req.set_regisseur_seat(regisseur);
    req.set_stand_in_seat(stand_in);
    handover::v1::Handover answer;
    return region_.Call(receiver_, absl::StrCat(kHandover, "AcceptHandover"), req, &answer);
  }
  void Tomorrow() { region_.clock().Advance(absl::Hours(24)); }

  Region region_;
  int families_ = 0;
  std::string case_, family_, youth_id_, note_, handover_, consent_;
  Caller receiver_, colleague_, youth_, mother_, father_;
};

TEST_F(OnTheWayTest, R14R16TurningSixteenTakesTheParentsOutAndNotTheHandover) {
  OpenForTheYouth(16, 1);
  Offer({mother_, father_, youth_});
  const auto offered = Get(receiver_);
  ASSERT_OK(offered);
  ASSERT_THAT(offered->parts(), SizeIs(1));
  ASSERT_OK(Get(mother_));

  Tomorrow();
  EXPECT_THAT(Get(mother_), Not(::knooppunt::testing::IsOk())) << "from 16 it is hers alone to see";
  const auto seen = Get(receiver_);
  ASSERT_OK(seen);
  EXPECT_THAT(seen->parts(), SizeIs(1)) << "the youth signed herself";
  EXPECT_OK(Receive(offered->package_sha256()));
  EXPECT_EQ(Get(youth_)->state(), handover::v1::HANDOVER_STATE_RECEIVED);
}

TEST_F(OnTheWayTest, R14TurningTwelveStopsItUntilTheYouthSigns) {
  OpenForTheYouth(12, 1);
  Offer({mother_, father_});
  const auto offered = Get(receiver_);
  ASSERT_OK(offered);

  Tomorrow();
  EXPECT_THAT(Get(receiver_), Refused());
  EXPECT_THAT(Receive(offered->package_sha256()), Refused());
  EXPECT_EQ(Get(region_.ib)->state(), handover::v1::HANDOVER_STATE_OFFERED) << "nothing changed";
  EXPECT_OK(Sign(consent_, youth_));
  EXPECT_OK(Receive(offered->package_sha256()));
}

TEST_F(OnTheWayTest, R14R16TurningEighteenStopsItUntilTheAdultSigns) {
  OpenForTheYouth(18, 70);  // she signs before the sixty days of which she is told
  Offer({youth_});
  const auto offered = Get(receiver_);
  ASSERT_OK(offered);
  ASSERT_OK(Receive(offered->package_sha256()));

  region_.clock().Advance(absl::Hours(24 * 70));
  EXPECT_THAT(Get(receiver_), Refused()) << "what a child signed does not bind an adult";
  EXPECT_THAT(Accept("seat", "seat"), Refused());
  EXPECT_THAT(Get(mother_), Refused());
  const auto left = Get(region_.ib);
  ASSERT_OK(left);
  EXPECT_EQ(left->state(), handover::v1::HANDOVER_STATE_RECEIVED) << "nothing changed";
  const auto facts = region_.GetCase(region_.ib, case_);
  ASSERT_OK(facts);
  EXPECT_EQ(facts->werkplaats(), "werkplaatsen/manjefiek");

  consent_ = ProposeForTheNewSchool();
  ASSERT_OK(Sign(consent_, youth_));
  const auto again = Get(receiver_);
  ASSERT_OK(again);
  EXPECT_EQ(again->package_sha256(), offered->package_sha256());
}

// The sender takes it back while the receiver accepts or returns it: whoever is first, the other is
// told so, and the case is at one werkplaats with one regisseur.
TEST_F(OnTheWayTest, R26R27BothSidesAtTheSameMoment) {
  for (int round = 0; round < Rounds(4, 100); ++round) {
    SCOPED_TRACE(absl::StrCat("round ", round));
    region_.clock().Advance(absl::Minutes(1));  // no more than so many look for a family in one
    OpenForTheYouth(17, -10);
    Offer({youth_});
    const auto offered = Get(receiver_);
    ASSERT_OK(offered);
    ASSERT_OK(Receive(offered->package_sha256()));
    const auto seen = region_.GetCase(region_.ib, case_);
    ASSERT_OK(seen);
    const std::string ib = SeatOf(*seen, region_.ib.claims.subject());
    const std::string receiver = SeatOf(*seen, receiver_.claims.subject());
    const std::string youth = SeatOf(*seen, youth_id_);
    ASSERT_OK(Converse({ib, receiver, youth}));

    const bool accepts = round % 2 == 0;
    absl::Status taken_back, taken_on;
    std::thread sender([&] { taken_back = Act(region_.ib, "WithdrawHandover", "Toch niet."); });
    taken_on = accepts ? Accept(receiver, ib) : Act(receiver_, "ReturnHandover", "Geen plaats.");
    sender.join();

    EXPECT_NE(taken_back.ok(), taken_on.ok()) << taken_back << " and " << taken_on;
    const absl::Status& second = taken_back.ok() ? taken_on : taken_back;
    EXPECT_THAT(second.code(),
                AnyOf(absl::StatusCode::kFailedPrecondition, absl::StatusCode::kPermissionDenied))
        << second;
    const bool moved = accepts && taken_on.ok();
    const auto after = region_.GetCase(
        moved ? receiver_.For(common::v1::PURPOSE_COORDINATION) : region_.ib, case_);
    ASSERT_OK(after);
    EXPECT_EQ(after->werkplaats(), moved ? "werkplaatsen/vo" : "werkplaatsen/manjefiek");
    EXPECT_THAT(after->regisseur().seat(), Not(IsEmpty()));
  }
}

}  // namespace
}  // namespace knooppunt::integration
