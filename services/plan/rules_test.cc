#include "services/plan/rules.h"

#include <algorithm>

#include "base/error.h"
#include "base/status_testing.h"
#include "services/plan/document.h"
#include "services/plan/errors.h"
#include "services/plan/html.h"
#include "services/plan/paging.h"

namespace knooppunt::plan {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const absl::Time kNow = absl::FromCivil(absl::CivilMinute(2026, 11, 23, 10, 0), base::Amsterdam());

std::string Reason(const absl::Status& s) { return base::ReasonOf(s); }

template <typename E, typename F>
void EveryValueHasAWord(F word) {
  const auto* type = google::protobuf::GetEnumDescriptor<E>();
  for (int i = 0; i < type->value_count(); ++i) {
    const int number = type->value(i)->number();
    EXPECT_EQ(word(static_cast<E>(number)).empty(), number == 0) << type->value(i)->name();
  }
}

TEST(PlanWords, EveryValueHasADutchWord) {
  EveryValueHasAWord<v1::LifeDomain>(DomainInDutch);
  EveryValueHasAWord<v1::WishHow>(HowInDutch);
  EveryValueHasAWord<v1::GoalState>(StateInDutch);
  EveryValueHasAWord<v1::AssetKind>(AssetKindInDutch);
  EveryValueHasAWord<v1::ArrangementKind>(ArrangementKindInDutch);
  EveryValueHasAWord<v1::ArrangementReach>(ReachInDutch);
  EveryValueHasAWord<common::v1::Funding>(FundingInDutch);
  EXPECT_EQ(DomainInDutch(v1::LIFE_DOMAIN_LEISURE), "vrije tijd");
}

TEST(PlanRules, R1WhatIsLabelledEducationIsTheEducationPart) {
  common::v1::Label label;
  for (int c = 1; c < common::v1::Compartment_ARRAYSIZE; ++c) {
    label.set_compartment(static_cast<common::v1::Compartment>(c));
    EXPECT_EQ(PartOf(label), c == common::v1::COMPARTMENT_EDUCATION ? v1::PLAN_PART_EDUCATION
                                                                    : v1::PLAN_PART_FAMILY);
  }
}

TEST(PlanRules, WhatAMaskNamesIsTakenOverAndWhatItDoesNotNameStays) {
  v1::Goal from, to;
  from.set_text("nieuw");
  from.add_steps("families/f/cases/c/steps/s");
  to.set_text("oud");
  to.set_measure("blijft");
  google::protobuf::FieldMask mask;
  mask.add_paths("text");
  mask.add_paths("steps");
  mask.add_paths("text");
  ASSERT_OK(ApplyMask(from, mask, GoalFields(), &to));
  EXPECT_EQ(to.text(), "nieuw");
  EXPECT_EQ(to.measure(), "blijft");
  EXPECT_EQ(to.steps_size(), 1);
  // A field that is named and empty is emptied.
  ASSERT_OK(ApplyMask(v1::Goal(), mask, GoalFields(), &to));
  EXPECT_EQ(to.text(), "");
  EXPECT_EQ(to.steps_size(), 0);
}

TEST(PlanRules, EveryFieldThatAnUpdateMayNameIsThere) {
  const auto check = [](absl::Span<const absl::string_view> fields,
                        const google::protobuf::Descriptor* type) {
    for (const absl::string_view field : fields) {
      EXPECT_NE(type->FindFieldByName(std::string(field)), nullptr) << std::string(field);
    }
  };
  check(WishFields(), v1::Wish::descriptor());
  check(GoalFields(), v1::Goal::descriptor());
  check(AssetFields(), v1::Asset::descriptor());
  check(ArrangementFields(), v1::Arrangement::descriptor());
}

TEST(PlanRules, WhatDiffersIsNamedButNotWhatIsNoPartOfTheText) {
  v1::Goal before, after;
  before.set_text("a");
  after.set_text("b");
  after.set_etag("x");
  after.mutable_revision()->set_number(2);
  after.add_reactions();
  after.add_steps("s");
  EXPECT_THAT(ChangedFields(before, after), ElementsAre("text", "steps"));
}

TEST(PlanRules, AGoalThatWasCarriedOverIsDone) {
  for (const GoalTransition& t : GoalTransitions()) {
    EXPECT_NE(t.from, v1::GOAL_STATE_CARRIED_OVER);
    EXPECT_NE(t.from, v1::GOAL_STATE_UNSPECIFIED);
  }
}

TEST(PlanRules, R8AnOrganisationIsAtTheTableWhileOneOfItsSeatsIsJoined) {
  access::v1::CaseFact c;
  c.set_organisation("organisations/school");
  access::v1::Seat* seat = c.add_seats();
  seat->set_id("s-1");
  seat->set_organisation("organisations/jgz");
  seat->set_state(access::v1::SEAT_STATE_INVITED);
  EXPECT_OK(CheckAtTable(c, "organisations/school", kNow));
  EXPECT_EQ(Reason(CheckAtTable(c, "organisations/jgz", kNow)), "ORGANISATION_NOT_AT_TABLE");
  seat->set_state(access::v1::SEAT_STATE_JOINED);
  EXPECT_OK(CheckAtTable(c, "organisations/jgz", kNow));
  seat->set_end_time(absl::ToUnixSeconds(kNow));
  EXPECT_EQ(Reason(CheckAtTable(c, "organisations/jgz", kNow)), "ORGANISATION_NOT_AT_TABLE");
}

TEST(PlanRules, R9ADisputeNeedsWordsOfOnesOwn) {
  v1::ReactToPlanItemRequest req;
  EXPECT_EQ(Reason(CheckReaction(req, 0)), "DISPUTE_NEEDS_TEXT");
  req.set_confirmed(true);
  EXPECT_OK(CheckReaction(req, 0));
  EXPECT_EQ(Reason(CheckReaction(req, 100)), "TOO_MANY");
}

TEST(PlanRules, R9WishesOfTheChildStandFirst) {
  std::vector<v1::Wish> wishes(4);
  wishes[0].set_person_role(access::v1::FAMILY_ROLE_OTHER);
  wishes[1].set_person_role(access::v1::FAMILY_ROLE_PARENT);
  wishes[2].set_person_role(access::v1::FAMILY_ROLE_CHILD);
  wishes[3].set_person_role(access::v1::FAMILY_ROLE_GUARDIAN);
  OrderWishes(&wishes);
  EXPECT_EQ(wishes[0].person_role(), access::v1::FAMILY_ROLE_CHILD);
  EXPECT_EQ(wishes[1].person_role(), access::v1::FAMILY_ROLE_PARENT);
  EXPECT_EQ(wishes[2].person_role(), access::v1::FAMILY_ROLE_GUARDIAN);
}

TEST(PlanPaging, ATokenSaysHowFarOneWas) {
  ASSERT_OK_AND_ASSIGN(const Slice first, SliceOf(0, ""));
  EXPECT_EQ(first.size, 50);
  ASSERT_OK_AND_ASSIGN(const Slice next, SliceOf(10'000, TokenAfter({.begin = 0, .size = 3}, 9)));
  EXPECT_EQ(next.begin, 3);
  EXPECT_EQ(next.size, 200);
  EXPECT_EQ(TokenAfter({.begin = 6, .size = 3}, 9), "");
  for (const char* bad : {"x", "YWZ0ZXIvLTE", "YWZ0ZXIvOTk5OTk5OTk5OQ", "b3RoZXIvMw"}) {
    EXPECT_EQ(Reason(SliceOf(1, bad).status()), "INVALID_FIELD") << bad;
  }
}

TEST(PlanDocument, DaysReadAsPeopleWriteThem) {
  EXPECT_EQ(DayInDutch("2027-03-01"), "1 maart 2027");
  EXPECT_EQ(DayInDutch(""), "");
  EXPECT_EQ(DayInDutch(kNow), "23 november 2026");
}

TEST(PlanDocument, R18WhoMayNotBeSeenIsNamedByWhatTheyAre) {
  v1::Plan plan;
  v1::Wish* wish = plan.add_wishes();
  wish->set_person("families/f");
  wish->set_person_role(access::v1::FAMILY_ROLE_PARENT);
  wish->set_text("Rust.");
  wish->set_how(v1::WISH_HOW_LETTER);
  const std::string html =
      HtmlOf(MakeDocument(plan, NamesSeen(), {.reader = "Iemand <van> ons", .time = kNow}));
  EXPECT_THAT(html, HasSubstr("iemand van het gezin (ouder)"));
  EXPECT_THAT(html, HasSubstr("gemaakt voor Iemand &lt;van&gt; ons."));
  EXPECT_THAT(html, HasSubstr("<title>Het plan</title>"));
}

}  // namespace
}  // namespace knooppunt::plan
