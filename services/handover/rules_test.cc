#include "services/handover/rules.h"

#include <set>
#include <tuple>

#include "base/error.h"
#include "base/status_testing.h"
#include "services/dossier/rules.h"
#include "services/handover/moving.h"
#include "services/handover/package.h"

namespace knooppunt::handover {
namespace {

using ::knooppunt::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const base::Date kToday(2026, 11, 23);
const absl::Time kNow = base::StartOf(kToday) + absl::Hours(10);

constexpr Act kActs[] = {Act::kDraft, Act::kShow,    Act::kAddView, Act::kStay,     Act::kAuthorise,
                         Act::kOffer, Act::kReceive, Act::kInvite,  Act::kConverse, Act::kAccept,
                         Act::kClose, Act::kReturn,  Act::kWithdraw};
constexpr Sides kSender = {.sender = true};
constexpr Sides kReceiver = {.receiver = true};
constexpr Sides kFamily = {.family = true};
constexpr Sides kNobody = {};

v1::Handover In(HandoverState state) {
  v1::Handover h;
  h.set_state(state);
  h.set_expire_date("2027-01-31");
  h.set_receiver("professionals/receiver");
  h.set_from_organisation("organisations/po");
  h.set_to_organisation("organisations/vo");
  h.set_to_werkplaats("werkplaatsen/vo");
  return h;
}

Seat* AddSeat(CaseFact* c, const char* id, const char* organisation, access::v1::SeatRole role) {
  Seat* s = c->add_seats();
  s->set_id(id);
  if (*organisation == '\0') {
    s->set_person(id);
  } else {
    s->set_professional(absl::StrCat("professionals/", id));
    s->set_organisation(organisation);
  }
  s->set_role(role);
  s->set_state(access::v1::SEAT_STATE_JOINED);
  s->set_start_time(absl::ToUnixSeconds(kNow) - 100);
  return s;
}

// An active case at a primary school: two of its people, a consultant, the mother, and the
// receiver of a secondary school to whom handover h-1 is offered.
FamilyFacts Offered() {
  FamilyFacts f;
  f.set_id("f-1");
  CaseFact* c = f.add_cases();
  c->set_id("c-1");
  c->set_state(access::v1::CASE_STATE_ACTIVE);
  c->set_werkplaats("werkplaatsen/po");
  c->set_organisation("organisations/po");
  c->add_children("p-child");
  AddSeat(c, "ib", "organisations/po", access::v1::SEAT_ROLE_WERKPLAATS);
  AddSeat(c, "teacher", "organisations/po", access::v1::SEAT_ROLE_AD_HOC);
  AddSeat(c, "consultant", "organisations/gemeente", access::v1::SEAT_ROLE_CORE_PARTNER);
  AddSeat(c, "mother", "", access::v1::SEAT_ROLE_FAMILY);
  dossier::ReplaceTerm(c, {.seat = "ib", .stand_in_seat = "consultant", .reason = "APPOINTED"},
                       kNow - absl::Hours(1));
  access::v1::HandoverFact* fact = f.add_handovers();
  fact->set_id("h-1");
  fact->set_case_id("c-1");
  Offer(&f, c, In(v1::HANDOVER_STATE_OFFERED), "h-1", "receiver", kNow);
  return f;
}

std::string Reason(const absl::Status& s) { return base::ReasonOf(s); }

// ---- States ------------------------------------------------------------------------

TEST(HandoverRulesTest, R26EveryStateActAndSideIsAsTheTableSays) {
  std::set<std::tuple<int, int>> rows;
  for (const Transition& t : Transitions()) {
    EXPECT_TRUE(rows.insert({t.from, static_cast<int>(t.act)}).second)
        << "two rows for one state and act";
  }
  int allowed = 0;
  for (int state = 0; state < v1::HandoverState_ARRAYSIZE; ++state) {
    for (const Act act : kActs) {
      const v1::Handover h = In(static_cast<HandoverState>(state));
      const bool known = rows.contains({state, static_cast<int>(act)});
      for (const Sides& sides : {kSender, kReceiver, kFamily, kNobody}) {
        const auto found = FindTransition(h, act, sides, kToday);
        if (found.ok()) {
          EXPECT_TRUE(known);
          EXPECT_EQ((*found)->from, state);
          EXPECT_EQ((*found)->act, act);
          ++allowed;
        } else {
          EXPECT_EQ(Reason(found.status()), state == v1::HANDOVER_STATE_EXPIRED ? "HANDOVER_EXPIRED"
                                            : known                             ? "NOT_YOUR_SIDE"
                                                    : "FORBIDDEN_TRANSITION");
        }
      }
    }
  }
  EXPECT_EQ(allowed, 29);  // 25 rows, four of which either side may do
}

// The guards that R26 to R28 rest on stand in the table, whoever edits it.
TEST(HandoverRulesTest, R27R28TheTableHasTheGuardsThatTheRulesRestOn) {
  for (const Transition& t : Transitions()) {
    const auto asks = [&](unsigned g) { return (t.guards & g) == g; };
    if (t.to == v1::HANDOVER_STATE_OFFERED && t.act == Act::kOffer) {
      EXPECT_TRUE(asks(guard::kTime | guard::kConsent));
      EXPECT_EQ(t.effect, Effect::kOpen);
    }
    if (t.act == Act::kAuthorise) {
      EXPECT_TRUE(asks(guard::kTime | guard::kConsent));
    }
    if (t.act == Act::kReceive) {
      EXPECT_TRUE(asks(guard::kTime | guard::kCover | guard::kReceipt));
    }
    if (t.act == Act::kConverse) {
      EXPECT_TRUE(asks(guard::kTime | guard::kTalk));
    }
    if (t.act == Act::kAccept) {
      EXPECT_TRUE(asks(guard::kTime | guard::kCover | guard::kPeople | guard::kDecided));
      EXPECT_EQ(t.effect, Effect::kMove);
    }
    if (t.act == Act::kReturn || t.act == Act::kWithdraw) {
      EXPECT_TRUE(asks(guard::kReason));
      EXPECT_EQ(t.effect, Effect::kEnd);
    }
    if (t.act == Act::kDraft) {
      EXPECT_TRUE(asks(guard::kSingle));
    }
    // Withdrawing clears away what has expired; nothing else is done with it.
    const bool unhurried = t.act == Act::kWithdraw || t.act == Act::kDraft || t.act == Act::kClose;
    EXPECT_EQ(asks(guard::kTime), !unhurried);
  }
}

TEST(HandoverRulesTest, R26NothingLeadsBackAndTheEndIsTheEnd) {
  for (const Transition& t : Transitions()) {
    const bool stays = t.act == Act::kAddView || t.act == Act::kInvite || t.act == Act::kStay;
    EXPECT_TRUE(stays ? t.to == t.from : t.to > t.from);
    EXPECT_TRUE(Runs(t.from) || t.from == v1::HANDOVER_STATE_ACCEPTED || t.act == Act::kDraft);
  }
}

TEST(HandoverRulesTest, R27AcceptedOnlyAfterTheConversation) {
  for (const Transition& t : Transitions()) {
    EXPECT_EQ(t.to == v1::HANDOVER_STATE_ACCEPTED,
              t.from == v1::HANDOVER_STATE_CONVERSED && t.act == Act::kAccept);
  }
}

TEST(HandoverRulesTest, R26WhatRunsExpiresAfterItsDayAndCanOnlyBeWithdrawn) {
  const base::Date last(2027, 1, 31);
  for (int i = v1::HANDOVER_STATE_DRAFTED; i <= v1::HANDOVER_STATE_CONVERSED; ++i) {
    const v1::Handover h = In(static_cast<HandoverState>(i));
    EXPECT_EQ(StateOn(h, last), h.state());
    EXPECT_EQ(StateOn(h, last + 1), v1::HANDOVER_STATE_EXPIRED);
    for (const Act act : kActs) {
      const auto found = FindTransition(h, act, kSender, last + 1);
      if (act == Act::kWithdraw) {
        EXPECT_OK(found);
      } else {
        EXPECT_EQ(Reason(found.status()), "HANDOVER_EXPIRED");
      }
    }
  }
  EXPECT_EQ(StateOn(In(v1::HANDOVER_STATE_ACCEPTED), last + 1), v1::HANDOVER_STATE_ACCEPTED);
}

TEST(HandoverRulesTest, R26WhatWasOfferedElsewhereWaitsForAReceiptThatIsStillCarriedBack) {
  const base::Date last(2027, 1, 31);
  for (int i = v1::HANDOVER_STATE_DRAFTED; i <= v1::HANDOVER_STATE_CONVERSED; ++i) {
    v1::Handover h = In(static_cast<HandoverState>(i));
    h.mutable_elsewhere()->set_receipt_days(14);
    const bool offered = h.state() == v1::HANDOVER_STATE_OFFERED ||
                         h.state() == v1::HANDOVER_STATE_RECEIVED ||
                         h.state() == v1::HANDOVER_STATE_CONVERSED;
    EXPECT_EQ(StateOn(h, last), h.state());
    EXPECT_EQ(StateOn(h, last + 1), offered ? h.state() : v1::HANDOVER_STATE_EXPIRED);
    EXPECT_EQ(StateOn(h, last + 14), offered ? h.state() : v1::HANDOVER_STATE_EXPIRED);
    EXPECT_EQ(StateOn(h, last + 15), v1::HANDOVER_STATE_EXPIRED);
  }
}

TEST(HandoverRulesTest, R26WhoStandsWhere) {
  const FamilyFacts f = Offered();
  const v1::Handover h = In(v1::HANDOVER_STATE_OFFERED);
  const auto sides = [&](const Caller& caller) {
    const Sides s = SidesOf(h, f.cases(0), caller);
    return absl::StrCat(s.sender ? "S" : "", s.receiver ? "R" : "", s.family ? "F" : "");
  };
  EXPECT_EQ(
      sides({.professional = "professionals/ib", .organisation = "organisations/po", .seat = "ib"}),
      "S");
  EXPECT_EQ(sides({.professional = "professionals/consultant",
                   .organisation = "organisations/gemeente",
                   .seat = "consultant"}),
            "S");
  EXPECT_EQ(sides({.professional = "professionals/receiver",
                   .organisation = "organisations/vo",
                   .seat = "receiver"}),
            "R");
  EXPECT_EQ(sides({.professional = "professionals/other", .organisation = "organisations/vo"}), "");
  EXPECT_EQ(sides({.seat = "mother", .person = "mother"}), "F");
  EXPECT_EQ(sides({}), "");
}

TEST(HandoverRulesTest, R26EveryActIsOnTheRecord) {
  v1::Handover h;
  Record(&h, {.state = v1::HANDOVER_STATE_DRAFTED, .actor = "professionals/ib", .note = ""}, kNow);
  Record(&h, {.state = v1::HANDOVER_STATE_SHOWN, .actor = "professionals/ib", .note = "thuis"},
         kNow);
  ASSERT_THAT(h.acts(), SizeIs(2));
  EXPECT_EQ(h.state(), v1::HANDOVER_STATE_SHOWN);
  EXPECT_EQ(h.acts(1).note(), "thuis");
  EXPECT_EQ(h.acts(1).time().seconds(), absl::ToUnixSeconds(kNow));
}

// ---- Kinds and picks ------------------------------------------------------------------

TEST(HandoverRulesTest, R28APartIsOfThisFamilyAndCase) {
  const auto kind = [](const char* name) -> int {
    const auto pick = ParsePick(name, "f-1", "c-1");
    return pick.ok() ? static_cast<int>(pick->kind) : -1;
  };
  EXPECT_EQ(kind("families/f-1/persons/p-1"), static_cast<int>(PickedName::Kind::kPerson));
  EXPECT_EQ(kind("families/f-1/cases/c-1"), static_cast<int>(PickedName::Kind::kOpening));
  EXPECT_EQ(kind("families/f-1/cases/c-1/goals/g"), static_cast<int>(PickedName::Kind::kGoal));
  EXPECT_EQ(kind("families/f-1/cases/c-1/wishes/w"), static_cast<int>(PickedName::Kind::kWish));
  EXPECT_EQ(kind("families/f-1/cases/c-1/assets/a"), static_cast<int>(PickedName::Kind::kAsset));
  EXPECT_EQ(kind("families/f-1/cases/c-1/arrangements/a"),
            static_cast<int>(PickedName::Kind::kArrangement));
  EXPECT_EQ(kind("families/f-1/cases/c-1/steps/s"), static_cast<int>(PickedName::Kind::kStep));
  EXPECT_EQ(kind("families/f-1/cases/c-1/contributions/x"),
            static_cast<int>(PickedName::Kind::kContribution));
  EXPECT_EQ(kind("families/f-1/cases/c-1/documents/d"),
            static_cast<int>(PickedName::Kind::kDocument));
  EXPECT_EQ(kind("families/f-1/cases/c-1/documents/d/versions/2"),
            static_cast<int>(PickedName::Kind::kDocument));
  EXPECT_EQ(ParsePick("families/f-1/cases/c-1/documents/d/versions/2", "f-1", "c-1")->id, "d");
  EXPECT_EQ(kind("families/f-2/persons/p-1"), -1);
  EXPECT_EQ(kind("families/f-1/cases/c-2"), -1);
  EXPECT_EQ(kind("families/f-1/cases/c-2/goals/g"), -1);
  EXPECT_EQ(kind("families/f-1/cases/c-1/meetings/m"), -1);
  EXPECT_EQ(kind("families/f-1/consents/co"), -1);
  EXPECT_EQ(kind(""), -1);
}

TEST(HandoverRulesTest, R38TheHandoverIsAboutTheChildrenOfTheCase) {
  const FamilyFacts f = Offered();
  v1::DraftHandoverRequest req;
  const auto chosen = [&] {
    const auto i = ChosenAbout(req, f.cases(0));
    return i.ok() ? *i : -1;
  };
  EXPECT_EQ(chosen(), -1);
  req.add_items("families/f-1/persons/p-child");
  EXPECT_EQ(chosen(), 0);
  req.add_items("families/f-1/persons/p-mother");
  EXPECT_THAT(AboutCandidates(req), SizeIs(3));
  EXPECT_EQ(chosen(), 1);
  EXPECT_THAT(AboutCandidates(req)[1].persons(), ElementsAre("p-child"));
  req.add_children("p-mother");
  EXPECT_EQ(chosen(), -1);
  req.set_children(0, "p-child");
  EXPECT_THAT(AboutCandidates(req), SizeIs(1));
  EXPECT_EQ(chosen(), 0);
}

// ---- Consent ---------------------------------------------------------------------------

TEST(HandoverRulesTest, R28OneConsentInForceCoversThePartWhole) {
  FamilyFacts f;
  access::v1::ConsentFact* c = f.add_consents();
  c->set_id("co-1");
  c->mutable_about()->add_persons("p-a");
  c->mutable_about()->add_persons("p-b");
  c->add_compartments(common::v1::COMPARTMENT_EDUCATION);
  c->add_purposes(common::v1::PURPOSE_HANDOVER);
  c->set_recipient("organisations/vo");
  common::v1::Label label;
  label.mutable_about()->add_persons("p-a");
  label.set_compartment(common::v1::COMPARTMENT_EDUCATION);
  label.set_controller("organisations/po");
  std::string in_force = "co-1";
  const auto may = [&](absl::string_view receiver = "organisations/vo") {
    return MayTravel(f, label, receiver, [&](absl::string_view id) { return id == in_force; });
  };
  EXPECT_TRUE(may());
  EXPECT_FALSE(may("organisations/other"));
  EXPECT_FALSE(may(""));
  in_force = "";
  EXPECT_FALSE(may());
  in_force = "co-1";
  label.mutable_about()->add_persons("p-c");
  EXPECT_FALSE(may());
  label.mutable_about()->mutable_persons()->RemoveLast();
  label.mutable_about()->set_family(true);
  EXPECT_FALSE(may());
  c->mutable_about()->set_family(true);
  EXPECT_TRUE(may());
  c->add_narrowings()->set_family(true);
  EXPECT_FALSE(may()) << "withdrawn in part (R13)";
  c->clear_narrowings();
  label.set_compartment(common::v1::COMPARTMENT_HEALTH);
  EXPECT_FALSE(may());
  // Two consents that cover half each do not cover the whole.
  *f.add_consents() = *c;
  f.mutable_consents(1)->set_id("co-1");
  f.mutable_consents(1)->set_compartments(0, common::v1::COMPARTMENT_HEALTH);
  f.mutable_consents(1)->mutable_about()->clear_persons();
  EXPECT_FALSE(may());
  // What the receiver answers for already needs none.
  label.set_controller("organisations/vo");
  EXPECT_TRUE(may());
  label.set_controller("organisations/po");
  label.set_compartment(common::v1::COMPARTMENT_EDUCATION);
  c->set_purposes(0, common::v1::PURPOSE_COORDINATION);
  f.mutable_consents(1)->set_purposes(0, common::v1::PURPOSE_COORDINATION);
  EXPECT_FALSE(may());
}

// ---- Facts that move -----------------------------------------------------------------------

TEST(HandoverRulesTest, R26TheOfferEndsWithItsDay) {
  FamilyFacts f = Offered();
  const Seat& receiver = *ReceiverSeat(f.mutable_cases(0), In(v1::HANDOVER_STATE_OFFERED), kNow);
  EXPECT_TRUE(
      dossier::SeatJoined(receiver, base::StartOf(base::Date(2027, 2, 1)) - absl::Seconds(1)));
  EXPECT_FALSE(dossier::SeatJoined(receiver, base::StartOf(base::Date(2027, 2, 1))));
  EXPECT_TRUE(f.handovers(0).offered());
  EndOffer(&f, f.mutable_cases(0), In(v1::HANDOVER_STATE_OFFERED), "h-1", kNow);
  EXPECT_EQ(ReceiverSeat(f.mutable_cases(0), In(v1::HANDOVER_STATE_OFFERED), kNow), nullptr);
  EXPECT_THAT(f.handovers(), IsEmpty());
  EXPECT_OK(dossier::CheckInvariants(f));
}

TEST(HandoverRulesTest, R27AtEveryInstantOneWerkplaatsAndOneRegisseur) {
  FamilyFacts f = Offered();
  CaseFact* c = f.mutable_cases(0);
  ASSERT_OK(Accept(
      &f, c, In(v1::HANDOVER_STATE_CONVERSED),
      {.handover_id = "h-1", .regisseur_seat = "receiver", .stand_in_seat = "consultant"}, kNow));
  EXPECT_OK(dossier::CheckInvariants(f));
  EXPECT_EQ(c->werkplaats(), "werkplaatsen/vo");
  EXPECT_EQ(dossier::LeaderAt(*c, kNow).seat, "receiver");
  EXPECT_EQ(c->terms(0).end_time(), c->terms(1).start_time());
  EXPECT_EQ(dossier::FindSeat(*c, "ib")->state(), access::v1::SEAT_STATE_ENDED);
  EXPECT_EQ(dossier::FindSeat(*c, "teacher")->state(), access::v1::SEAT_STATE_ENDED);
  EXPECT_EQ(dossier::FindSeat(*c, "consultant")->state(), access::v1::SEAT_STATE_JOINED);
  EXPECT_EQ(dossier::FindSeat(*c, "mother")->state(), access::v1::SEAT_STATE_JOINED);
  EXPECT_THAT(f.handovers(), IsEmpty());
}

TEST(HandoverRulesTest, R29WithGraceTheSendingSideStaysForItsPeriodInNoLeadingRole) {
  FamilyFacts f = Offered();
  CaseFact* c = f.mutable_cases(0);
  Seat* teacher = dossier::MutableSeat(c, "teacher");
  teacher->set_end_time(absl::ToUnixSeconds(kNow + absl::Hours(24)));
  ASSERT_OK(Accept(&f, c, In(v1::HANDOVER_STATE_CONVERSED),
                   {.handover_id = "h-1",
                    .regisseur_seat = "receiver",
                    .stand_in_seat = "consultant",
                    .grace_days = 7},
                   kNow));
  const Seat& ib = *dossier::FindSeat(*c, "ib");
  EXPECT_EQ(ib.role(), access::v1::SEAT_ROLE_AD_HOC);
  EXPECT_TRUE(dossier::SeatJoined(ib, kNow + absl::Hours(24 * 7) - absl::Seconds(1)));
  EXPECT_FALSE(dossier::SeatJoined(ib, kNow + absl::Hours(24 * 7)));
  // A period that ends sooner is not made longer.
  EXPECT_FALSE(dossier::SeatJoined(*dossier::FindSeat(*c, "teacher"), kNow + absl::Hours(24)));
}

TEST(HandoverRulesTest, R29WithinOneOrganisationColleaguesStay) {
  FamilyFacts f = Offered();
  CaseFact* c = f.mutable_cases(0);
  v1::Handover h = In(v1::HANDOVER_STATE_CONVERSED);
  h.set_to_organisation("organisations/po");
  dossier::MutableSeat(c, "receiver")->set_organisation("organisations/po");
  ASSERT_OK(Accept(&f, c, h,
                   {.handover_id = "h-1", .regisseur_seat = "receiver", .stand_in_seat = "teacher"},
                   kNow));
  EXPECT_EQ(dossier::FindSeat(*c, "ib")->state(), access::v1::SEAT_STATE_ENDED);
  EXPECT_EQ(dossier::FindSeat(*c, "teacher")->state(), access::v1::SEAT_STATE_JOINED);
}

TEST(HandoverRulesTest, R27TheConversation) {
  const FamilyFacts f = Offered();
  v1::HandoverKindRow row;
  v1::Conversation conversation;
  const auto reason = [&](std::initializer_list<const char*> seats, const char* absent = "") {
    conversation.clear_seats();
    conversation.set_date("2026-11-23");
    conversation.set_how("in persoon");
    for (const char* s : seats) conversation.add_seats(s);
    conversation.set_family_absent_reason(absent);
    return Reason(
        CheckConversation(conversation, f.cases(0), In(v1::HANDOVER_STATE_RECEIVED), row, kNow));
  };
  EXPECT_EQ(reason({"ib", "receiver", "mother"}), "");
  EXPECT_EQ(reason({"ib", "receiver"}), "R27_NO_FAMILY");
  EXPECT_EQ(reason({"ib", "receiver"}, "Wilde niet."), "");
  EXPECT_EQ(reason({"receiver", "mother"}), "R27_ONE_SIDED");
  EXPECT_EQ(reason({"ib", "mother"}), "R27_ONE_SIDED");
  EXPECT_EQ(reason({"consultant", "receiver", "mother"}), "R27_ONE_SIDED");
  EXPECT_EQ(reason({"ib", "ib", "receiver", "mother"}), "R27_NOT_AT_TABLE");
  EXPECT_EQ(reason({"s-nobody"}), "R27_NOT_AT_TABLE");
  // Whom the kind asks for was there, or was absent for a reason on record.
  row.add_must_take_part(v1::HANDOVER_PARTY_YOUTH_HEALTH);
  EXPECT_EQ(reason({"ib", "receiver", "mother"}), "R27_LACKS_PARTY");
  v1::Absence* absence = conversation.add_absences();
  absence->set_party(v1::HANDOVER_PARTY_MUNICIPALITY);
  absence->set_reason("Ziek.");
  EXPECT_EQ(reason({"ib", "receiver", "mother"}), "R27_LACKS_PARTY");
  absence->set_party(v1::HANDOVER_PARTY_YOUTH_HEALTH);
  EXPECT_EQ(reason({"ib", "receiver", "mother"}), "");
  absence->set_reason("");
  EXPECT_EQ(reason({"ib", "receiver", "mother"}), "INVALID_FIELD");
}

// ---- The package ------------------------------------------------------------------------------

OpenedPart Part(const char* item, const char* kind, const char* text) {
  OpenedPart p;
  p.part.set_item(item);
  p.part.set_kind(kind);
  p.part.set_text(text);
  return p;
}

TEST(HandoverPackageTest, R28TheHashIsTheOneOfTheReadme) {
  // Computed apart, from the bytes that README.md specifies:
  // python3 -c "import hashlib,struct; p=lambda s:struct.pack('>Q',len(s.encode()))+s.encode();
  //   print(hashlib.sha256(b''.join(map(p,['knooppunt-handover-package-v1',
  //     'families/f/cases/c/goals/g','goal','school\nLezen\n','families/f/persons/p','person','Sem'])))
  //   .hexdigest())"
  EXPECT_EQ(PackageHash({Part("families/f/persons/p", "person", "Sem"),
                         Part("families/f/cases/c/goals/g", "goal", "school\nLezen\n")}),
            "b4057d438bbc676b273c383b1c9bc79ca8e5a5fbdc0da699b1a306bdc9bbcd7b");
}

TEST(HandoverPackageTest, R28TheHashIsOfTheSetAndOfEveryByte) {
  const OpenedPart a = Part("families/f/persons/a", "person", "Sem"),
                   b = Part("families/f/persons/b", "person", "Bo");
  const std::string hash = PackageHash({a, b});
  EXPECT_EQ(PackageHash({b, a}), hash);
  EXPECT_NE(PackageHash({a}), hash);
  EXPECT_NE(PackageHash({a, Part("families/f/persons/b", "person", "Bo ")}), hash);
  EXPECT_NE(PackageHash({a, Part("families/f/persons/b", "goal", "Bo")}), hash);
  // Bytes that move from one field to the next make another package.
  EXPECT_NE(PackageHash({Part("x", "ab", "c")}), PackageHash({Part("x", "a", "bc")}));
}

}  // namespace
}  // namespace knooppunt::handover
