#include "services/requests/rules.h"

#include <functional>

#include "base/error.h"
#include "base/status_testing.h"
#include "base/term.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace knooppunt::requests {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

const base::Date kToday(2026, 11, 23);

std::string Reason(const absl::Status& s) { return base::ReasonOf(s); }
base::Date Day(const char* iso) { return *base::ParseDate(iso); }
std::string Last(const char* received, int months = kTermMonths) {
  return base::FormatDate(base::LastDayOfTerm(Day(received), months));
}

TEST(RequestRules, R40TheTermIsAMonthFromTheDayItCameIn) {
  // EDPB Guidelines 01/2022, 158: received on 5 March, answered at the latest on 5 April.
  EXPECT_EQ(Last("2027-03-05"), "2027-04-05");
  EXPECT_EQ(Last("2026-11-23"), "2026-12-23");
  EXPECT_EQ(Last("2026-12-08"), "2027-01-08") << "over the turn of the year";
}

TEST(RequestRules, R40AMonthWithoutThatDayEndsOnItsLast) {
  // The same, 159: received on 31 August, at the latest 30 September.
  EXPECT_EQ(Last("2027-08-31"), "2027-09-30");
  EXPECT_EQ(Last("2028-01-31"), "2028-02-29") << "a leap year";
  EXPECT_EQ(Last("2027-01-29"), "2027-03-01") << "28 February 2027 is a Sunday";
}

TEST(RequestRules, R40ALastDayThatIsNoWorkingDayMovesToTheNext) {
  EXPECT_EQ(Last("2026-11-28"), "2026-12-28") << "a Monday";
  EXPECT_EQ(Last("2026-11-25"), "2026-12-28") << "Christmas, Boxing Day and a Sunday";
  EXPECT_EQ(Last("2026-12-01"), "2027-01-04") << "New Year's Day and a weekend";
  EXPECT_EQ(Last("2027-02-26"), "2027-03-30") << "Good Friday to Easter Monday";
  EXPECT_EQ(Last("2027-04-06"), "2027-05-07") << "Ascension Day";
  EXPECT_EQ(Last("2026-03-27"), "2026-04-28") << "King's Day";
}

TEST(RequestRules, R40HolidaysAreThoseOfTheLaw) {
  for (const char* day : {"2026-01-01", "2026-04-03", "2026-04-06", "2026-04-27", "2026-05-05",
                          "2026-05-14", "2026-05-25", "2026-12-25", "2024-04-01", "2025-06-09",
                          "2019-04-22", "2031-04-26", "2038-04-26"}) {
    EXPECT_FALSE(base::IsWorkingDay(Day(day))) << day;
  }
  for (const char* day : {"2026-11-23", "2026-12-24", "2026-12-31", "2026-10-30", "2027-12-27"}) {
    EXPECT_TRUE(base::IsWorkingDay(Day(day))) << day;
  }
}

TEST(RequestRules, R40AnExtensionIsOfAMonthOrTwoOnceAndWithinTheFirst) {
  v1::Request r;
  r.set_state(v1::REQUEST_STATE_OPEN);
  r.set_received_date("2026-11-02");
  v1::ExtendRequestRequest req;
  req.set_months(2);
  EXPECT_EQ(Reason(Extend(req, kToday, &r)), "INVALID_FIELD") << "why?";
  req.set_reason("Het zijn veel stukken van drie organisaties.");
  req.set_months(3);
  EXPECT_EQ(Reason(Extend(req, kToday, &r)), "INVALID_FIELD");
  req.set_months(2);
  EXPECT_EQ(Reason(Extend(req, Day("2026-12-03"), &r)), "R40_EXTENSION_TOO_LATE");
  EXPECT_OK(Extend(req, Day("2026-12-02"), &r));
  EXPECT_EQ(r.due_date(), "2027-02-02") << "three months from the day it came in";
  EXPECT_EQ(r.extended_months(), 2);
  EXPECT_EQ(Reason(Extend(req, kToday, &r)), "R40_EXTENDED_BEFORE");
  r.set_state(v1::REQUEST_STATE_ANSWERED);
  EXPECT_EQ(Reason(Extend(req, kToday, &r)), "R40_NOT_OPEN");
}

TEST(RequestRules, R40ItIsOverdueFromTheDayAfterItsLast) {
  v1::Request r;
  r.set_state(v1::REQUEST_STATE_OPEN);
  r.set_due_date("2026-11-23");
  EXPECT_FALSE(IsOverdue(r, kToday));
  EXPECT_TRUE(IsOverdue(r, kToday + 1));
  r.set_state(v1::REQUEST_STATE_ANSWERED);
  EXPECT_FALSE(IsOverdue(r, kToday + 1));
}

TEST(RequestRules, R40EveryControllerAnswersOnceAndTheLastClosesIt) {
  v1::Request r;
  r.set_state(v1::REQUEST_STATE_OPEN);
  r.add_controllers("organisations/school");
  r.add_controllers("organisations/jgz");
  v1::Answer a;
  a.set_controller("organisations/school");
  a.set_outcome(v1::OUTCOME_GRANTED);
  EXPECT_EQ(Reason(AddAnswer(a, &r)), "INVALID_FIELD") << "without a word for the family";
  a.set_text("U krijgt een afschrift.");
  EXPECT_OK(AddAnswer(a, &r));
  EXPECT_EQ(r.state(), v1::REQUEST_STATE_OPEN) << "the other has not";
  EXPECT_EQ(Reason(AddAnswer(a, &r)), "R40_ANSWERED_BEFORE");
  a.set_controller("organisations/gemeente");
  EXPECT_EQ(Reason(AddAnswer(a, &r)), "R40_NOT_YOURS_TO_ANSWER");
  a.set_controller("organisations/jgz");
  a.clear_outcome();
  EXPECT_EQ(Reason(AddAnswer(a, &r)), "INVALID_FIELD");
  a.set_outcome(v1::OUTCOME_NOTHING_HELD);
  EXPECT_OK(AddAnswer(a, &r));
  EXPECT_EQ(r.state(), v1::REQUEST_STATE_ANSWERED);
}

access::v1::FamilyFacts Facts() {
  access::v1::FamilyFacts facts;
  facts.set_id("f");
  for (const char* id : {"child", "mother", "father"}) {
    access::v1::PersonFact* p = facts.add_persons();
    p->set_id(id);
    p->set_birth_date(p->id() == "child" ? "2015-03-14" : "1984-07-30");
  }
  access::v1::Gezag* g = facts.add_gezag();
  g->set_holder_person("mother");
  g->set_over("child");
  g->set_start_date("2020-01-01");
  return facts;
}

v1::Request Asked() {
  v1::Request r;
  r.set_kind(v1::REQUEST_KIND_COPY);
  r.set_text("Ik wil een afschrift van wat er over Sem staat.");
  r.set_requester("families/f/persons/mother");
  r.set_received_how(v1::RECEIVED_HOW_ON_PAPER);
  r.set_received_date("2026-11-20");
  r.mutable_label()->set_compartment(common::v1::COMPARTMENT_EDUCATION);
  r.mutable_label()->set_regime(common::v1::REGIME_EDUCATION);
  r.mutable_label()->mutable_about()->add_persons("child");
  return r;
}

TEST(RequestRules, R40StaffSayWhoAskedHowAndWhen) {
  const access::v1::FamilyFacts facts = Facts();
  EXPECT_OK(CheckNewRequest(Asked(), facts, "", kToday));
  const auto refused = [&](const std::function<void(v1::Request*)>& spoil) {
    v1::Request bad = Asked();
    spoil(&bad);
    return Reason(CheckNewRequest(bad, facts, "", kToday));
  };
  EXPECT_EQ(refused([](auto* r) { r->clear_kind(); }), "INVALID_FIELD");
  EXPECT_EQ(refused([](auto* r) { r->clear_text(); }), "INVALID_FIELD");
  EXPECT_EQ(refused([](auto* r) { r->clear_requester(); }), "INVALID_FIELD");
  EXPECT_EQ(refused([](auto* r) { r->set_requester("families/g/persons/mother"); }),
            "INVALID_FIELD");
  EXPECT_EQ(refused([](auto* r) { r->set_received_how(v1::RECEIVED_HOW_ONLINE); }),
            "INVALID_FIELD");
  EXPECT_EQ(refused([](auto* r) { r->set_received_date("2026-11-24"); }), "INVALID_FIELD");
  EXPECT_EQ(refused([](auto* r) { r->set_received_date("2026-08-01"); }), "INVALID_FIELD");
}

TEST(RequestRules, R40AFamilyMemberAsksForThemselvesToday) {
  const access::v1::FamilyFacts facts = Facts();
  v1::Request r = Asked();
  r.clear_received_date();
  r.clear_requester();
  EXPECT_OK(CheckNewRequest(r, facts, "mother", kToday));
  r.set_received_date("2026-11-01");
  EXPECT_EQ(Reason(CheckNewRequest(r, facts, "mother", kToday)), "INVALID_FIELD");
  r.clear_received_date();
  r.set_requester("families/f/persons/father");
  EXPECT_EQ(Reason(CheckNewRequest(r, facts, "mother", kToday)), "INVALID_FIELD");
}

TEST(RequestRules, R18ARequestIsAboutWhoAsksOrTheirChildAndNotTheFamily) {
  const access::v1::FamilyFacts facts = Facts();
  v1::Request r = Asked();
  EXPECT_OK(CheckLabel(r, facts, kToday));
  r.mutable_label()->mutable_about()->set_family(true);
  EXPECT_EQ(Reason(CheckLabel(r, facts, kToday)), "INVALID_FIELD") << "all would read it";
  r = Asked();
  r.mutable_label()->mutable_about()->set_persons(0, "father");
  EXPECT_EQ(Reason(CheckLabel(r, facts, kToday)), "INVALID_FIELD");
  r.set_requester("families/f/persons/father");
  EXPECT_OK(CheckLabel(r, facts, kToday)) << "about himself";
  r.mutable_label()->mutable_about()->set_persons(0, "child");
  EXPECT_EQ(Reason(CheckLabel(r, facts, kToday)), "INVALID_FIELD") << "he has no gezag";
  r.clear_label();
  EXPECT_EQ(Reason(CheckLabel(r, facts, kToday)), "R38_NO_LABEL");
}

TEST(RequestRules, R40EachControllerOfWhatOneMaySeeIsNamed) {
  common::v1::Label school, health;
  school.set_controller("organisations/school");
  school.set_compartment(common::v1::COMPARTMENT_EDUCATION);
  school.mutable_about()->add_persons("child");
  health.set_controller("organisations/jgz");
  health.set_compartment(common::v1::COMPARTMENT_HEALTH);
  health.mutable_about()->set_family(true);
  const auto out = ControllersOf({school, health, school});
  ASSERT_THAT(out, SizeIs(2));
  EXPECT_EQ(out[0].organisation(), "organisations/jgz");
  EXPECT_TRUE(out[0].family());
  EXPECT_THAT(out[1].persons(), ElementsAre("child"));
  EXPECT_THAT(out[1].compartments(), ElementsAre(common::v1::COMPARTMENT_EDUCATION));
}

}  // namespace
}  // namespace knooppunt::requests
