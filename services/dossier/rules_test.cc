#include "services/dossier/rules.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/status_testing.h"

namespace knooppunt::dossier {
namespace {

using access::v1::CaseFact;
using access::v1::FamilyFacts;
using access::v1::Seat;
using ::knooppunt::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const absl::Time kNow = absl::FromUnixSeconds(1'795'000'000);
constexpr int64_t kNowSeconds = 1'795'000'000;

Seat* AddSeat(CaseFact* c, const std::string& id, const std::string& professional,
              access::v1::SeatRole role = access::v1::SEAT_ROLE_CORE_PARTNER) {
  Seat* s = c->add_seats();
  s->set_id(id);
  s->set_professional(professional);
  if (professional.empty()) s->set_person("p-mother");
  s->set_organisation(professional.empty() ? "" : "organisations/" + id);
  s->set_role(role);
  s->set_state(access::v1::SEAT_STATE_JOINED);
  s->set_start_time(kNowSeconds - 100);
  return s;
}

// A family with an open case: an IB, a nurse and a consultant at the table, and the mother.
FamilyFacts Family() {
  FamilyFacts f;
  f.set_id("f-1");
  for (const char* id : {"p-child", "p-mother"}) f.add_persons()->set_id(id);
  f.mutable_persons(0)->set_birth_date("2015-03-14");
  f.mutable_persons(0)->set_role(access::v1::FAMILY_ROLE_CHILD);
  f.mutable_persons(1)->set_birth_date("1984-07-30");
  f.mutable_persons(1)->set_role(access::v1::FAMILY_ROLE_PARENT);
  CaseFact* c = f.add_cases();
  c->set_id("c-1");
  c->set_state(access::v1::CASE_STATE_OPEN);
  c->set_werkplaats("werkplaatsen/w");
  c->set_organisation("organisations/ib");
  c->add_children("p-child");
  AddSeat(c, "ib", "professionals/ib", access::v1::SEAT_ROLE_WERKPLAATS);
  AddSeat(c, "nurse", "professionals/nurse");
  AddSeat(c, "consultant", "professionals/consultant");
  AddSeat(c, "mother", "", access::v1::SEAT_ROLE_FAMILY);
  return f;
}

FamilyFacts ActiveFamily() {
  FamilyFacts f = Family();
  f.mutable_cases(0)->set_state(access::v1::CASE_STATE_ACTIVE);
  ReplaceTerm(f.mutable_cases(0),
              {.seat = "consultant", .stand_in_seat = "nurse", .reason = "APPOINTED"},
              kNow - absl::Seconds(50));
  return f;
}

std::string Rule(const absl::Status& s) { return base::RuleOf(s); }

// ---- R1: the regisseur ------------------------------------------------------------

TEST(DossierRulesTest, R1ReplacingTheRegisseurIsOneActAtOneInstant) {
  FamilyFacts f = ActiveFamily();
  ReplaceTerm(f.mutable_cases(0),
              {.seat = "ib", .stand_in_seat = "consultant", .reason = "REPLACED"}, kNow);
  const auto& terms = f.cases(0).terms();
  ASSERT_THAT(terms, SizeIs(2));
  EXPECT_EQ(terms[0].end_time(), kNowSeconds);
  EXPECT_EQ(terms[1].start_time(), kNowSeconds);
  EXPECT_EQ(terms[1].end_time(), 0);
  EXPECT_OK(CheckInvariants(f));
}

TEST(DossierRulesTest, R1TheStandInLeadsFromTheInstantTheSeatEnds) {
  FamilyFacts f = ActiveFamily();
  EXPECT_EQ(LeaderAt(f.cases(0), kNow).seat, "consultant");
  MutableSeat(f.mutable_cases(0), "consultant")->set_end_time(kNowSeconds);
  EXPECT_EQ(LeaderAt(f.cases(0), kNow - absl::Seconds(1)).seat, "consultant");
  EXPECT_EQ(LeaderAt(f.cases(0), kNow).seat, "nurse");
  EXPECT_THAT(LeaderAt(f.cases(0), kNow).stand_in_seat, IsEmpty());
  EXPECT_EQ(LeaderAt(f.cases(0), kNow).start_time, kNowSeconds);
}

TEST(DossierRulesTest, R1AnOpenCaseHasNoLeader) {
  EXPECT_THAT(LeaderAt(Family().cases(0), kNow).seat, IsEmpty());
  EXPECT_FALSE(LeadsOrStandsIn(Family().cases(0), ""));
  EXPECT_TRUE(LeadsOrStandsIn(ActiveFamily().cases(0), "consultant"));
  EXPECT_TRUE(LeadsOrStandsIn(ActiveFamily().cases(0), "nurse"));
  EXPECT_FALSE(LeadsOrStandsIn(ActiveFamily().cases(0), "ib"));
}

TEST(DossierRulesTest, R1R2WhoMayBeAppointed) {
  FamilyFacts f = Family();
  CaseFact* c = f.mutable_cases(0);
  const auto reason = [&](absl::string_view seat, absl::string_view stand_in) {
    return base::ReasonOf(CheckAppointment(*c, {.seat = seat, .stand_in_seat = stand_in}, kNow));
  };
  EXPECT_EQ(reason("consultant", "nurse"), "");
  EXPECT_EQ(reason("mother", "nurse"), "");
  EXPECT_EQ(reason("nurse", "mother"), "R2_STAND_IN_NOT_PROFESSIONAL");
  EXPECT_EQ(reason("nurse", "nurse"), "R1_STAND_IN_IS_REGISSEUR");
  EXPECT_EQ(reason("nurse", ""), "SEAT_NOT_JOINED");
  // One professional on two seats is one person.
  AddSeat(c, "nurse-too", "professionals/nurse");
  EXPECT_EQ(reason("nurse", "nurse-too"), "R1_STAND_IN_IS_REGISSEUR");
  // Who is invited, leaves, or only receives does not stay.
  MutableSeat(c, "consultant")->set_state(access::v1::SEAT_STATE_INVITED);
  EXPECT_EQ(reason("consultant", "nurse"), "SEAT_NOT_JOINED");
  MutableSeat(c, "consultant")->set_state(access::v1::SEAT_STATE_JOINED);
  MutableSeat(c, "consultant")->set_end_time(kNowSeconds + 1000);
  EXPECT_EQ(reason("consultant", "nurse"), "SEAT_NOT_JOINED");
  MutableSeat(c, "consultant")->set_end_time(0);
  MutableSeat(c, "consultant")->set_role(access::v1::SEAT_ROLE_RECEIVER);
  EXPECT_EQ(reason("nurse", "consultant"), "SEAT_NOT_JOINED");
}

// ---- Seats --------------------------------------------------------------------------

TEST(DossierRulesTest, ASeatCountsFromItsStartUntilItsEnd) {
  FamilyFacts f = Family();
  Seat* s = MutableSeat(f.mutable_cases(0), "nurse");
  s->set_start_time(kNowSeconds);
  s->set_end_time(kNowSeconds + 10);
  EXPECT_FALSE(SeatJoined(*s, kNow - absl::Seconds(1)));
  EXPECT_TRUE(SeatJoined(*s, kNow));
  EXPECT_TRUE(SeatJoined(*s, kNow + absl::Seconds(9)));
  EXPECT_FALSE(SeatJoined(*s, kNow + absl::Seconds(10)));
  s->set_state(access::v1::SEAT_STATE_INVITED);
  EXPECT_FALSE(SeatJoined(*s, kNow));
  EXPECT_TRUE(SeatOpen(*s, kNow));
  EndSeatAt(s, kNow, "request");
  EXPECT_FALSE(SeatOpen(*s, kNow - absl::Seconds(1)));
  EXPECT_EQ(s->end_reason(), "request");
}

// ---- What search may show -------------------------------------------------------------

TEST(DossierRulesTest, R3AskTheRegisseurElseTheStandInElseWhoOpened) {
  FamilyFacts f = Family();
  EXPECT_EQ(WhomToAsk(f).professional, "professionals/ib");
  f = ActiveFamily();
  EXPECT_EQ(WhomToAsk(f).professional, "professionals/consultant");
  ReplaceTerm(f.mutable_cases(0),
              {.seat = "mother", .stand_in_seat = "nurse", .reason = "REPLACED"}, kNow);
  EXPECT_EQ(WhomToAsk(f).professional, "professionals/nurse");
  EXPECT_EQ(WhomToAsk(f).organisation, "organisations/nurse");
  f.mutable_cases(0)->set_state(access::v1::CASE_STATE_CLOSED);
  EXPECT_FALSE(WhomToAsk(f).open_case);
}

// ---- Labels ---------------------------------------------------------------------------

TEST(DossierRulesTest, R38ALabelIsWholeOrRefused) {
  common::v1::Label label;
  label.mutable_about()->add_persons("p-mother");
  label.set_compartment(common::v1::COMPARTMENT_FAMILY);
  label.set_regime(common::v1::REGIME_MUNICIPAL);
  EXPECT_OK(CheckLabel("label", label, Family()));
  common::v1::Label broken = label;
  broken.clear_about();
  EXPECT_EQ(base::ReasonOf(CheckLabel("label", broken, Family())), "R38_NO_LABEL");
  broken.mutable_about()->set_family(true);
  EXPECT_OK(CheckLabel("label", broken, Family()));
  broken = label;
  broken.mutable_about()->add_persons("p-of-another-family");
  EXPECT_EQ(base::ReasonOf(CheckLabel("label", broken, Family())), "INVALID_FIELD");
  broken = label;
  broken.set_regime(static_cast<common::v1::Regime>(77));
  EXPECT_EQ(base::ReasonOf(CheckLabel("label", broken, Family())), "R38_NO_LABEL");
}

TEST(DossierRulesTest, R38WhatIsAskedIsSortedWithoutDoublesAndWithoutController) {
  common::v1::Label label;
  for (const char* p : {"p-b", "p-a", "p-b"}) label.mutable_about()->add_persons(p);
  label.set_controller("organisations/mine");
  const common::v1::Label asked = Asked(label);
  EXPECT_THAT(asked.about().persons(), ElementsAre("p-a", "p-b"));
  EXPECT_THAT(asked.controller(), IsEmpty());
}

// ---- Invariants -------------------------------------------------------------------------

TEST(DossierRulesTest, R1TwoCasesThatAreNotClosedAreNeverSaved) {
  FamilyFacts f = ActiveFamily();
  CaseFact* second = f.add_cases();
  *second = Family().cases(0);
  second->set_id("c-2");
  EXPECT_EQ(Rule(CheckInvariants(f)), "R1");
  second->set_state(access::v1::CASE_STATE_CLOSED);
  EXPECT_OK(CheckInvariants(f));
}

TEST(DossierRulesTest, R1AnActiveCaseHasExactlyOneRegisseur) {
  FamilyFacts f = ActiveFamily();
  EXPECT_OK(CheckInvariants(f));
  FamilyFacts none = f;
  none.mutable_cases(0)->mutable_terms(0)->set_end_time(kNowSeconds);
  EXPECT_EQ(Rule(CheckInvariants(none)), "R1");
  FamilyFacts two = f;
  *two.mutable_cases(0)->add_terms() = two.cases(0).terms(0);
  EXPECT_EQ(Rule(CheckInvariants(two)), "R1");
  FamilyFacts too_early = f;
  too_early.mutable_cases(0)->set_state(access::v1::CASE_STATE_OPEN);
  EXPECT_EQ(Rule(CheckInvariants(too_early)), "R1");
  FamilyFacts overlap = f;
  ReplaceTerm(overlap.mutable_cases(0),
              {.seat = "ib", .stand_in_seat = "nurse", .reason = "REPLACED"}, kNow);
  overlap.mutable_cases(0)->mutable_terms(1)->set_start_time(kNowSeconds - 1);
  EXPECT_EQ(Rule(CheckInvariants(overlap)), "R1");
  FamilyFacts nobody = f;
  nobody.mutable_cases(0)->mutable_terms(0)->set_seat("s-nobody");
  EXPECT_EQ(Rule(CheckInvariants(nobody)), "R1");
}

TEST(DossierRulesTest, R27ACaseIsNeverWithoutAWerkplaats) {
  FamilyFacts f = ActiveFamily();
  f.mutable_cases(0)->clear_organisation();
  EXPECT_EQ(Rule(CheckInvariants(f)), "R27");
  f = ActiveFamily();
  f.mutable_cases(0)->clear_werkplaats();
  EXPECT_EQ(Rule(CheckInvariants(f)), "R27");
}

TEST(DossierRulesTest, IdsAreUniqueAndTheCapsHold) {
  FamilyFacts f = Family();
  f.mutable_cases(0)->mutable_seats(1)->set_id("ib");
  EXPECT_EQ(base::ReasonOf(CheckInvariants(f)), "BROKEN_INVARIANT");
  f = Family();
  f.mutable_persons(1)->set_id("p-child");
  EXPECT_EQ(base::ReasonOf(CheckInvariants(f)), "BROKEN_INVARIANT");
  f = Family();
  for (int i = f.persons_size(); i <= limits::kMaxPersonsPerFamily; ++i) {
    f.add_persons()->set_id("p-" + std::to_string(i));
  }
  EXPECT_EQ(CheckInvariants(f).code(), absl::StatusCode::kResourceExhausted);
  f = Family();
  for (int i = 0; i <= limits::kMaxSeatsPerCase; ++i) {
    AddSeat(f.mutable_cases(0), "s-" + std::to_string(i), "professionals/x");
  }
  EXPECT_EQ(CheckInvariants(f).code(), absl::StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace knooppunt::dossier
