// The rules of emergency access (R20).
#include "services/consent/emergency_rules.h"

#include "absl/time/time.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/status_testing.h"

namespace knooppunt::consent {
namespace {

using absl::StatusCode;
using ::knooppunt::testing::IsOk;

const absl::Time kNow = absl::FromUnixSeconds(1'795'338'000);
constexpr char kReason[] = "Sem vertelt dat hij vannacht niet naar huis durft.";

v1::OpenEmergencyRequest Asked() {
  v1::OpenEmergencyRequest req;
  req.set_meldcode_step(4);
  req.set_reason(kReason);
  req.set_hours(2);
  return req;
}

access::v1::TokenClaims Nurse() {
  access::v1::TokenClaims c;
  c.set_subject("professionals/nurse");
  c.set_organisation("organisations/jgz");
  c.set_function(common::v1::FUNCTION_JGZ_NURSE);
  return c;
}

EmergencyFact Fact() { return Opened(Asked(), Nurse(), "e1", kNow); }

TEST(EmergencyRulesTest, R20AStepHoursAndAReasonAreNeeded) {
  EXPECT_OK(CheckOpening(Asked()));
  for (const int step : {0, -1, 6}) {
    v1::OpenEmergencyRequest req = Asked();
    req.set_meldcode_step(step);
    EXPECT_EQ(base::ReasonOf(CheckOpening(req)), "R20_NO_MELDCODE_STEP") << step;
  }
  for (const int hours : {0, -1, limits::kEmergencyMaxHours + 1, 24 * 365}) {
    v1::OpenEmergencyRequest req = Asked();
    req.set_hours(hours);
    EXPECT_EQ(base::ReasonOf(CheckOpening(req)), "R20_HOURS_NOT_DAYS") << hours;
  }
  v1::OpenEmergencyRequest longest = Asked();
  longest.set_hours(limits::kEmergencyMaxHours);
  EXPECT_OK(CheckOpening(longest));
}

TEST(EmergencyRulesTest, R20TheReasonIsTypedInTwentyCharactersOfText) {
  for (const char* reason :
       {"", "spoed", "                              spoed                ",
        "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"}) {
    v1::OpenEmergencyRequest req = Asked();
    req.set_reason(reason);
    EXPECT_EQ(base::ReasonOf(CheckOpening(req)), "R20_REASON_TOO_SHORT") << reason;
  }
  v1::OpenEmergencyRequest twenty = Asked();
  twenty.set_reason("Hij durft niet naar ");
  EXPECT_EQ(base::ReasonOf(CheckOpening(twenty)), "R20_REASON_TOO_SHORT") << "spaces count not";
  twenty.set_reason("Hij durft niet naar h");
  EXPECT_OK(CheckOpening(twenty));
  twenty.set_reason("\x01 Hij durft niet naar huis");
  EXPECT_EQ(base::ReasonOf(CheckOpening(twenty)), "INVALID_FIELD");
}

TEST(EmergencyRulesTest, R20ItOpensForTheHoursAskedAndIsDueForReviewInThreeDays) {
  const EmergencyFact fact = Fact();
  EXPECT_EQ(fact.professional(), "professionals/nurse");
  EXPECT_EQ(fact.organisation(), "organisations/jgz");
  EXPECT_EQ(fact.function(), common::v1::FUNCTION_JGZ_NURSE);
  EXPECT_EQ(fact.end_time() - fact.start_time(), 2 * 3600);
  EXPECT_EQ(fact.review_due_time() - fact.start_time(), 72 * 3600);
  EXPECT_EQ(fact.compartments_size(), 5);
  EXPECT_EQ(fact.reason(), kReason);
}

TEST(EmergencyRulesTest, R20OnePersonHasOneOpenInAFamilyInWhateverFunction) {
  access::v1::FamilyFacts facts;
  *facts.add_emergencies() = Fact();
  facts.mutable_emergencies(0)->set_function(common::v1::FUNCTION_JGZ_DOCTOR);
  EXPECT_EQ(base::ReasonOf(MayOpen(facts, "professionals/nurse", 1, kNow)), "R20_OPEN_ALREADY");
  EXPECT_OK(MayOpen(facts, "professionals/doctor", 0, kNow));
  EXPECT_OK(MayOpen(facts, "professionals/nurse", 1, kNow + absl::Hours(2)));
}

TEST(EmergencyRulesTest, R20NobodyGoesFishing) {
  const access::v1::FamilyFacts facts;
  EXPECT_OK(
      MayOpen(facts, "professionals/nurse", limits::kEmergenciesPerProfessionalPerDay - 1, kNow));
  const absl::Status s =
      MayOpen(facts, "professionals/nurse", limits::kEmergenciesPerProfessionalPerDay, kNow);
  EXPECT_EQ(s.code(), StatusCode::kResourceExhausted);
  EXPECT_EQ(base::ReasonOf(s), "R20_TOO_MANY_EMERGENCIES");
}

TEST(EmergencyRulesTest, R20TheFactsOfAFamilyDoNotGrowWithoutEnd) {
  access::v1::FamilyFacts facts;
  for (int i = 0; i < limits::kMaxEmergenciesPerFamily; ++i) facts.add_emergencies();
  EXPECT_EQ(base::ReasonOf(MayOpen(facts, "professionals/nurse", 0, kNow)), "TOO_MANY");
}

TEST(EmergencyRulesTest, R20AnotherReviewsOnceAndWithWords) {
  EmergencyFact fact = Fact();
  const absl::Time after = kNow + absl::Hours(3);
  const Finding good = {
      .reviewer = "professionals/officer", .justified = true, .outcome = "Terecht."};
  Finding own = good;
  own.reviewer = "professionals/nurse";
  EXPECT_EQ(base::ReasonOf(Review(own, after, &fact)), "R20_OWN_EMERGENCY");
  Finding silent = good;
  silent.outcome = " ";
  EXPECT_EQ(base::ReasonOf(Review(silent, after, &fact)), "INVALID_FIELD");
  EXPECT_EQ(fact.review_time(), 0);
  ASSERT_OK(Review(good, after, &fact));
  EXPECT_EQ(fact.reviewer(), "professionals/officer");
  EXPECT_EQ(fact.review_time(), absl::ToUnixSeconds(after));
  EXPECT_TRUE(fact.justified());
  EXPECT_EQ(fact.end_time(), absl::ToUnixSeconds(kNow + absl::Hours(2))) << "it had ended by then";
  EXPECT_EQ(base::ReasonOf(Review(good, after, &fact)), "R20_REVIEWED_ALREADY");
}

TEST(EmergencyRulesTest, R20FoundUnjustifiedItEndsAtOnceAndJustifiedOnlyAfterItEnded) {
  EmergencyFact fact = Fact();
  const absl::Time during = kNow + absl::Minutes(10);
  EXPECT_EQ(base::ReasonOf(Review(
                {.reviewer = "professionals/officer", .justified = true, .outcome = "Terecht."},
                during, &fact)),
            "R20_STILL_OPEN");
  ASSERT_OK(
      Review({.reviewer = "professionals/officer", .outcome = "Geen aanleiding."}, during, &fact));
  EXPECT_EQ(fact.end_time(), absl::ToUnixSeconds(during));
}

TEST(EmergencyRulesTest, R20AReviewIsOverdueAfterSeventyTwoHoursUntilItIsThere) {
  EmergencyFact fact = Fact();
  EXPECT_FALSE(ReviewOverdue(fact, kNow + absl::Hours(72) - absl::Seconds(1)));
  EXPECT_TRUE(ReviewOverdue(fact, kNow + absl::Hours(72)));
  ASSERT_OK(Review({.reviewer = "professionals/officer", .outcome = "Te laat gezien."},
                   kNow + absl::Hours(80), &fact));
  EXPECT_FALSE(ReviewOverdue(fact, kNow + absl::Hours(81)));
}

}  // namespace
}  // namespace knooppunt::consent
