// Random schedules: every act on a handover by everybody, in any order, in order or not, while
// consent comes and goes, time passes, the regisseur leaves employment and the receiving school
// closes (R13, R26-R29). After
// each act the answer is what the oracle says, a refusal left everything as it was, and the case
// has one werkplaats and one who leads.
//
// KNOOPPUNT_LONG=1 plays a hundred thousand; KNOOPPUNT_SEED=n plays the one with that seed alone.

#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "base/date.h"
#include "base/error.h"
#include "base/resource_name.h"
#include "base/status_testing.h"
#include "services/dossier/rules.h"
#include "services/dossier/testing.h"
#include "tests/schedules/oracle.h"

namespace knooppunt::schedules {
namespace {

using dossier::testing::Caller;
using dossier::testing::Journey;
using ::knooppunt::testing::IsOk;
using ::knooppunt::testing::StatusIs;

constexpr int kUsual = 300;
constexpr int kLong = 100'000;
constexpr int kFamiliesPerOffice = 25;
constexpr int kSteps = 26;
constexpr char kReceiving[] = "werkplaatsen/vmbo";

class Schedule {
 public:
  Schedule(Journey& j, int seed) : j_(j), random_(seed), seed_(seed) {}

  void Play() {
    OpenFamily();
    if (Chance(70)) Share(j_.child, &child_consent_);
    if (Chance(70)) Share(j_.mother_id, &mother_consent_);
    oracle_.Consent(!child_consent_.empty(), !mother_consent_.empty());
    for (int step = 0; step < kSteps && !::testing::Test::HasFailure(); ++step) {
      trace_ += absl::StrCat(" ", step, ":");
      if (Chance(22)) {
        Happen();
      } else {
        ActOnce();
      }
      CheckWorld();
    }
    if (fired_)
      j_.office.professional("professionals/consultant").mutable_functions(0)->clear_end_date();
    j_.office.CloseWerkplaats(kReceiving, "");  // for the next family
    ++ends_[static_cast<int>(oracle_.stage())];
  }
  // How many schedules came how far, over all: a test that gets nowhere shows nothing.
  static std::map<int, int> ends_;
  static int done_, refused_, withheld_, closed_on_the_way_;

 private:
  int Pick(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  bool Chance(int percent) { return Pick(100) < percent; }
  std::string Where() const { return absl::StrCat("seed ", seed_, ",", trace_); }

  void OpenFamily() {
    casework::v1::OpenCaseRequest req = j_.OpenRequest();
    // Other people each time: who has a case already gets no second one (R1).
    for (casework::v1::NewPerson& p : *req.mutable_persons()) {
      p.set_family_name(absl::StrCat("Proef", seed_));
      if (!p.account().empty()) p.set_account(absl::StrCat(p.account(), "-", seed_));
    }
    j_.mother = dossier::testing::Office::Account(absl::StrCat("accounts/mother-", seed_));
    j_.father = dossier::testing::Office::Account(absl::StrCat("accounts/father-", seed_));
    const auto opened = j_.office.Casework<casework::v1::Case>("OpenCase", j_.ib, req);
    ASSERT_OK(opened);
    j_.case_name = opened->name();
    j_.family = std::string(base::ResourceName::Parse(j_.case_name)->Id("families"));
    const auto& persons = j_.office.facts(j_.family).persons();
    j_.child = persons[0].id();
    j_.sibling = persons[1].id();
    j_.mother_id = persons[2].id();
    j_.father_id = persons[3].id();
    j_.Activate();
    file_ = Contribute(j_.child);
    home_ = Contribute(j_.mother_id);
    sender_seat_ = j_.SeatOf(j_.ib);
  }
  // What the school says of the child, and of the mother: each with a consent of its own.
  std::string Contribute(const std::string& about) {
    casework::v1::AddContributionRequest req;
    req.set_parent(j_.case_name);
    req.mutable_contribution()->set_text("Wat de school ervan zegt.");
    *req.mutable_contribution()->mutable_label() = j_.Education();
    req.mutable_contribution()->mutable_label()->mutable_about()->set_persons(0, about);
    const auto added =
        j_.office.Casework<casework::v1::Contribution>("AddContribution", j_.ib, req);
    EXPECT_OK(added);
    return added.ok() ? added->name() : "";
  }

  // ---- What happens besides ---------------------------------------------------------

  void Happen() {
    switch (Pick(7)) {
      case 0:
      case 1:
        Share(j_.child, &child_consent_);
        break;
      case 2:
        Share(j_.mother_id, &mother_consent_);
        break;
      case 3:
        Withdraw(Chance(50) ? &child_consent_ : &mother_consent_);
        break;
      case 4:
        if (Chance(40)) Pass();
        break;
      case 5:
        Door();
        break;
      default:
        // R1: the regisseur leaves; the stand-in leads from that instant.
        if (Chance(40)) {
          j_.office.professional("professionals/consultant")
              .mutable_functions(0)
              ->set_end_date(base::FormatDate(base::DateOf(j_.office.clock().Now())));
          fired_ = true;
          if (!oracle_.moved()) oracle_.RegisseurLeaves();
          trace_ += "leaves";
        }
    }
    oracle_.Consent(!child_consent_.empty(), !mother_consent_.empty());
  }
  void Share(const std::string& about, std::string* consent) {
    if (!consent->empty() || oracle_.moved()) return;
    const std::string name = j_.Propose({.recipient = "organisations/lvo",
                                         .compartments = {common::v1::COMPARTMENT_EDUCATION},
                                         .purposes = {common::v1::PURPOSE_HANDOVER},
                                         .about = {about}});
    ASSERT_OK(j_.Sign(name, j_.mother));
    // R11: both who hold gezag for the child; of herself the mother decides.
    if (about == j_.child) {
      ASSERT_OK(j_.Sign(name, j_.father));
    }
    *consent = name;
    trace_ += about == j_.child ? "share-child" : "share-mother";
  }
  void Withdraw(std::string* consent) {
    if (consent->empty()) return;
    consent::v1::WithdrawConsentRequest req;
    req.set_name(*consent);
    // R13: any one of those whose consent was needed.
    const Caller& who = consent == &child_consent_ && Chance(50) ? j_.father : j_.mother;
    ASSERT_OK(j_.office.Consent<consent::v1::Consent>("WithdrawConsent", who, req));
    consent->clear();
    trace_ += "withdraw-consent";
  }
  void Pass() {
    if (!oracle_.known() || oracle_.expired()) return;
    j_.office.clock().Set(base::StartOf(*base::ParseDate(expire_) + 1));
    oracle_.Expire();
    trace_ += "expire";
    TimeGoesOn();
  }
  // R27: the school that receives will close within days, or not after all, or the day comes.
  void Door() {
    const base::Date today = base::DateOf(j_.office.clock().Now());
    if (closes_.empty()) {
      if (!Chance(40)) return;
      closes_ = base::FormatDate(today + 1 + Pick(5));
      j_.office.CloseWerkplaats(kReceiving, closes_);
      oracle_.SchoolWillClose();
      trace_ += "will-close";
    } else if (today < *base::ParseDate(closes_) && Chance(50)) {
      closes_.clear();
      j_.office.CloseWerkplaats(kReceiving, "");
      oracle_.SchoolStaysOpen();
      trace_ += "stays-open";
    } else if (today < *base::ParseDate(closes_)) {
      j_.office.clock().Set(base::StartOf(*base::ParseDate(closes_)));
      trace_ += "closes";
      TimeGoesOn();
    }
  }
  // What the day brings by itself.
  void TimeGoesOn() {
    const base::Date today = base::DateOf(j_.office.clock().Now());
    if (oracle_.known() && today > *base::ParseDate(expire_)) oracle_.Expire();
    if (!closes_.empty() && today >= *base::ParseDate(closes_)) {
      oracle_.SchoolCloses();
      if (oracle_.known()) ++closed_on_the_way_;
    }
  }

  // ---- Acts ---------------------------------------------------------------------------

  const Caller& CallerOf(Who who) const {
    switch (who) {
      case Who::kSender:
        return j_.ib;
      case Who::kReceiver:
        return j_.receiver;
      case Who::kMother:
        return j_.mother;
      case Who::kFather:
        return j_.father;
      case Who::kStandIn:
        return j_.nurse;
      case Who::kColleague:
        return j_.colleague;
      case Who::kStranger:
        break;
    }
    return j_.stranger;
  }

  // Mostly what comes next by who may, else anything by anybody: else no schedule gets far.
  void ActOnce() {
    Who who;
    What what;
    Wrong wrong = Wrong::kNothing;
    if (Chance(70)) {
      Next(&who, &what);
    } else {
      who = static_cast<Who>(Pick(7));
      what = static_cast<What>(Pick(12));
    }
    if (Chance(20)) wrong = static_cast<Wrong>(Pick(7));
    if (!CanBeWrong(what, wrong)) wrong = Wrong::kNothing;
    absl::StrAppend(&trace_, static_cast<int>(who), "/", static_cast<int>(what), "/",
                    static_cast<int>(wrong));
    const std::string before = Seen();
    const std::string facts = j_.office.facts(j_.family).SerializeAsString();
    const bool expected = oracle_.Do(who, what, wrong);
    const auto status = Call(CallerOf(who), what, wrong);
    EXPECT_EQ(status.ok(), expected) << Where() << " " << status;
    ++(expected ? done_ : refused_);
    if (!status.ok()) {
      EXPECT_EQ(Seen(), before) << Where() << ": a refusal left something";
      EXPECT_EQ(j_.office.facts(j_.family).SerializeAsString(), facts) << Where();
    }
  }
  void Next(Who* who, What* what) {
    static constexpr struct {
      Who who;
      What what;
    } kNext[] = {{Who::kSender, What::kDraft},     {Who::kSender, What::kShow},
                 {Who::kSender, What::kAuthorise}, {Who::kSender, What::kOffer},
                 {Who::kReceiver, What::kReceive}, {Who::kReceiver, What::kConverse},
                 {Who::kReceiver, What::kAccept},  {Who::kReceiver, What::kClose},
                 {Who::kSender, What::kDraft},     {Who::kSender, What::kDraft},
                 {Who::kSender, What::kDraft}};
    const auto& next = kNext[static_cast<int>(oracle_.stage())];
    *who = next.who;
    *what = oracle_.expired() ? What::kDraft : next.what;
    if (oracle_.expired()) *who = Who::kSender;
  }
  static bool CanBeWrong(What what, Wrong wrong) {
    switch (wrong) {
      case Wrong::kNothing:
        return true;
      case Wrong::kEtag:
        return what != What::kDraft;
      case Wrong::kReason:
        return what == What::kReturn || what == What::kWithdraw;
      case Wrong::kHash:
        return what == What::kReceive;
      case Wrong::kOneSided:
      case Wrong::kNoFamily:
        return what == What::kConverse;
      case Wrong::kPeople:
        return what == What::kAccept;
    }
    return false;
  }

  template <typename Request>
  absl::Status Send(const Caller& who, const char* method, Request req, Wrong wrong) {
    req.set_name(handover_.empty()
                     ? absl::StrCat("families/", j_.family, "/handovers/handover-none")
                     : handover_);
    if (wrong == Wrong::kEtag) req.set_etag("0123456789abcdef0123456789abcdef");
    return j_.office.Handover(method, who, req).status();
  }
  absl::Status Plain(const Caller& who, const char* method, Wrong wrong, const char* note = "") {
    handover::v1::HandoverActRequest req;
    req.set_note(wrong == Wrong::kReason ? "" : note);
    return Send(who, method, req, wrong);
  }
  absl::Status Draft(const Caller& who) {
    handover::v1::DraftHandoverRequest req;
    req.set_parent(j_.case_name);
    req.set_kind(handover::v1::HANDOVER_KIND_PO_VO);
    req.set_to_werkplaats(kReceiving);
    req.set_receiver("professionals/receiver");
    req.add_items(absl::StrCat("families/", j_.family, "/persons/", j_.child));
    for (const std::string& item : {file_, home_, j_.case_name}) req.add_items(item);
    const std::string expire =
        base::FormatDate(base::DateOf(j_.office.clock().Now()) + 2 + Pick(5));
    req.set_expire_date(expire);
    const auto drafted = j_.office.Handover("DraftHandover", who, req);
    if (drafted.ok()) {
      handover_ = drafted->name();
      expire_ = expire;
    }
    return drafted.status();
  }
  absl::Status Receive(const Caller& who, Wrong wrong) {
    handover::v1::ReceiveHandoverRequest req;
    handover::v1::GetHandoverRequest get;
    get.set_name(handover_);
    const auto seen = j_.office.Handover("GetHandover", j_.ib, get);
    req.set_package_sha256(wrong == Wrong::kHash || !seen.ok() ? std::string(64, '0')
                                                               : seen->package_sha256());
    return Send(who, "ReceiveHandover", req, wrong);
  }
  absl::Status Converse(const Caller& who, Wrong wrong) {
    handover::v1::RecordConversationRequest req;
    auto& talk = *req.mutable_conversation();
    talk.set_date(base::FormatDate(base::DateOf(j_.office.clock().Now())));
    talk.set_how("in persoon");
    talk.add_seats(sender_seat_);
    const std::string receiver = j_.SeatOf(j_.receiver);
    if (wrong != Wrong::kOneSided && !receiver.empty()) talk.add_seats(receiver);
    const bool family = wrong != Wrong::kNoFamily && Chance(60);
    if (family) talk.add_seats(j_.SeatOf(j_.mother));
    if (!family && wrong != Wrong::kNoFamily) talk.set_family_absent_reason("Moeder is ziek.");
    return Send(who, "RecordConversation", req, wrong);
  }
  absl::Status Accept(const Caller& who, Wrong wrong) {
    handover::v1::AcceptHandoverRequest req;
    req.set_regisseur_seat(wrong == Wrong::kPeople ? sender_seat_ : j_.SeatOf(j_.receiver));
    req.set_stand_in_seat(j_.SeatOf(j_.nurse));
    return Send(who, "AcceptHandover", req, wrong);
  }
  absl::Status Invite(const Caller& who, Wrong wrong) {
    handover::v1::InviteConversationRequest req;
    req.mutable_invitation()->set_date(base::FormatDate(base::DateOf(j_.office.clock().Now()) + 1));
    req.mutable_invitation()->set_how("in persoon");
    req.mutable_invitation()->add_seats(sender_seat_);
    return Send(who, "InviteConversation", req, wrong);
  }
  absl::Status Call(const Caller& who, What what, Wrong wrong) {
    switch (what) {
      case What::kDraft:
        return Draft(who);
      case What::kShow:
        return Plain(who, "ShowHandover", wrong);
      case What::kView: {
        handover::v1::AddFamilyViewRequest req;
        req.set_view("Graag.");
        return Send(who, "AddFamilyView", req, wrong);
      }
      case What::kAuthorise:
        return Plain(who, "AuthoriseHandover", wrong);
      case What::kOffer:
        return Plain(who, "OfferHandover", wrong);
      case What::kReceive:
        return Receive(who, wrong);
      case What::kInvite:
        return Invite(who, wrong);
      case What::kConverse:
        return Converse(who, wrong);
      case What::kAccept:
        return Accept(who, wrong);
      case What::kClose:
        return Plain(who, "CloseHandover", wrong);
      case What::kReturn:
        return Plain(who, "ReturnHandover", wrong, "Geen plaats.");
      case What::kWithdraw:
        return Plain(who, "WithdrawHandover", wrong, "Andere school.");
    }
    return absl::UnimplementedError("");
  }

  // ---- What must be true ------------------------------------------------------------------

  absl::StatusOr<handover::v1::Handover> Get(const Caller& who) {
    handover::v1::GetHandoverRequest req;
    req.set_name(handover_);
    return j_.office.Handover("GetHandover", who, req);
  }
  // The handover as the mother sees it: she always does.
  std::string Seen() {
    if (handover_.empty()) return "";
    const auto seen = Get(j_.mother);
    EXPECT_OK(seen) << Where();
    return seen.ok() ? seen->SerializeAsString() : "";
  }
  static handover::v1::HandoverState StateOf(Stage stage) {
    static constexpr handover::v1::HandoverState kStates[] = {
        handover::v1::HANDOVER_STATE_UNSPECIFIED, handover::v1::HANDOVER_STATE_DRAFTED,
        handover::v1::HANDOVER_STATE_SHOWN,       handover::v1::HANDOVER_STATE_AUTHORISED,
        handover::v1::HANDOVER_STATE_OFFERED,     handover::v1::HANDOVER_STATE_RECEIVED,
        handover::v1::HANDOVER_STATE_CONVERSED,   handover::v1::HANDOVER_STATE_ACCEPTED,
        handover::v1::HANDOVER_STATE_CLOSED,      handover::v1::HANDOVER_STATE_RETURNED,
        handover::v1::HANDOVER_STATE_WITHDRAWN};
    return kStates[static_cast<int>(stage)];
  }

  void CheckWorld() {
    const access::v1::FamilyFacts& facts = j_.office.facts(j_.family);
    const access::v1::CaseFact& c = j_.office.case_fact(j_.case_name);
    EXPECT_OK(dossier::CheckInvariants(facts)) << Where();
    // R27: one werkplaats, and it moved exactly when the handover was accepted.
    EXPECT_EQ(c.werkplaats(), oracle_.moved() ? kReceiving : "werkplaatsen/manjefiek") << Where();
    EXPECT_EQ(c.organisation(), oracle_.moved() ? "organisations/lvo" : "organisations/mosalira")
        << Where();
    // R1: exactly one leads, at every instant.
    int open = 0;
    for (const auto& term : c.terms()) open += term.end_time() == 0 ? 1 : 0;
    EXPECT_EQ(open, 1) << Where();
    EXPECT_FALSE(dossier::LeaderAt(c, j_.office.clock().Now()).seat.empty()) << Where();
    EXPECT_EQ(facts.handovers_size(), oracle_.known() ? 1 : 0) << Where();
    if (handover_.empty()) return;
    const auto mother = Get(j_.mother);
    ASSERT_OK(mother) << Where();
    EXPECT_EQ(mother->state(),
              oracle_.expired() ? handover::v1::HANDOVER_STATE_EXPIRED : StateOf(oracle_.stage()))
        << Where();
    // R13, R28: what the receiver reads, now.
    const auto receiver = Get(j_.receiver);
    EXPECT_EQ(receiver.ok(), oracle_.ReceiverReads()) << Where() << " " << receiver.status();
    if (receiver.ok()) {
      EXPECT_EQ(receiver->parts_size(), oracle_.PartsForReceiver()) << Where();
      EXPECT_EQ(receiver->withheld_count(), oracle_.withheld()) << Where();
      withheld_ += oracle_.withheld();
    }
    EXPECT_FALSE(Get(j_.stranger).ok()) << Where();
  }

  Journey& j_;
  std::mt19937 random_;
  const int seed_;
  std::string trace_;
  Oracle oracle_;
  std::string file_, home_, handover_, expire_, closes_, child_consent_, mother_consent_,
      sender_seat_;
  bool fired_ = false;
};

std::map<int, int> Schedule::ends_;
int Schedule::done_ = 0, Schedule::refused_ = 0, Schedule::withheld_ = 0,
    Schedule::closed_on_the_way_ = 0;

TEST(HandoverSchedules, R13R26R27R28R29EveryScheduleGoesAsTheOracleSays) {
  const char* alone = std::getenv("KNOOPPUNT_SEED");
  const int first = alone == nullptr ? 1 : std::atoi(alone);
  const int count =
      alone != nullptr ? 1 : (std::getenv("KNOOPPUNT_LONG") == nullptr ? kUsual : kLong);
  std::unique_ptr<Journey> journey;
  for (int i = 0; i < count && !HasFailure(); ++i) {
    if (i % kFamiliesPerOffice == 0) journey = std::make_unique<Journey>();
    Schedule(*journey, first + i).Play();
  }
  if (alone != nullptr) return;
  std::printf("%d schedules: %d acts done, %d refused; ended", count, Schedule::done_,
              Schedule::refused_);
  for (const auto& [stage, n] : Schedule::ends_) std::printf(" %d:%d", stage, n);
  std::printf("\n");
  // It went everywhere: every stage was an end, much was done and much refused, and some parts
  // stayed behind.
  EXPECT_GE(Schedule::ends_.size(), 8u);
  EXPECT_GT(Schedule::done_, count);
  EXPECT_GT(Schedule::refused_, count);
  EXPECT_GT(Schedule::withheld_, 0);
  EXPECT_GT(Schedule::closed_on_the_way_, 0);
}

}  // namespace
}  // namespace knooppunt::schedules
