// Who carries what a step commits (R36), by rule and over a real database.
#include "services/casework/funding.h"

#include <gmock/gmock.h>

#include <functional>
#include <string>
#include <vector>

#include "services/casework/service_testing.h"

namespace knooppunt::casework {
namespace {

using ::knooppunt::testing::StatusIs;
using ::testing::_;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr base::Date kDay(2026, 11, 23);

v1::Step Committing(common::v1::Means means, common::v1::Funding funding) {
  v1::Step step;
  v1::Commitment* c = step.mutable_commitment();
  c->set_means(means);
  c->set_amount_cents(90'000);
  c->set_committed_by("professionals/consultant");
  c->set_funding(funding);
  return step;
}

void AddShare(common::v1::Funding funding, int percent, v1::Commitment* c) {
  common::v1::FundingShare* share = c->add_split();
  share->set_funding(funding);
  share->set_percent(percent);
}

absl::Status Fund(v1::Step* step) {
  auto framework = policy::Framework::BuiltIn();
  EXPECT_OK(framework);
  return FundStep(**framework, kDay, step);
}

TEST(Funding, R36AStepKeepsTheRowAndVersionThatCarryIt) {
  v1::Step step = Committing(common::v1::MEANS_SCHOOL_PLACE, common::v1::FUNDING_EDUCATION);
  ASSERT_OK(Fund(&step));
  EXPECT_EQ(step.commitment().framework_row(), "2024-01/schoolplaats");
  EXPECT_THAT(step.commitment().split(), IsEmpty());
}

TEST(Funding, R36TheGreyAreaIsRecordedWithItsSplit) {
  v1::Step step = Committing(common::v1::MEANS_ARRANGEMENT, common::v1::FUNDING_SHARED);
  ASSERT_OK(Fund(&step));
  EXPECT_EQ(step.commitment().framework_row(), "2024-01/onderwijszorgarrangement");
  ASSERT_EQ(step.commitment().split_size(), 2);
  EXPECT_EQ(step.commitment().split(0).percent() + step.commitment().split(1).percent(), 100);
}

TEST(Funding, R36WhatTheFrameworkDoesNotCarryIsRefusedWithWhoDoes) {
  v1::Step step = Committing(common::v1::MEANS_SCHOOL_PLACE, common::v1::FUNDING_JEUGDWET);
  const absl::Status refused = Fund(&step);
  EXPECT_EQ(base::ReasonOf(refused), "R36_FUNDING_DOES_NOT_FIT");
  EXPECT_THAT(std::string(refused.message()), HasSubstr("schoolplaats = onderwijs"));
}

TEST(Funding, R36ALawForNothingIsRefusedAndNothingIsLeftAlone) {
  v1::Step step;
  ASSERT_OK(Fund(&step));
  EXPECT_FALSE(step.has_commitment());
  step.mutable_commitment()->set_framework_row("schoolplaats");
  EXPECT_EQ(base::ReasonOf(Fund(&step)), "R6_COMMITMENT_INCOMPLETE");
}

class FundingServiceTest : public CaseworkServiceTest {
 protected:
  absl::StatusOr<v1::Meeting> ConcludeWith(const std::function<void(v1::Commitment*)>& change) {
    v1::ConcludeMeetingRequest req = Conclusion(Plan().name());
    v1::Step step = Committing(common::v1::MEANS_ARRANGEMENT, common::v1::FUNDING_SHARED);
    change(step.mutable_commitment());
    *req.mutable_steps(0)->mutable_commitment() = step.commitment();
    return Conclude(req);
  }
};

TEST_F(FundingServiceTest, R36AMeetingAgreesOnTheSplitAndTheStepShowsIt) {
  Start();
  j.Activate();
  ASSERT_OK_AND_ASSIGN(const v1::Meeting meeting, ConcludeWith([](v1::Commitment* c) {
                         AddShare(common::v1::FUNDING_EDUCATION, 70, c);
                         AddShare(common::v1::FUNDING_JEUGDWET, 30, c);
                       }));
  const v1::Case seen = j.Get(j.ib);
  ASSERT_EQ(seen.steps_size(), 1);
  EXPECT_EQ(seen.steps(0).name(), meeting.steps(0));
  EXPECT_EQ(seen.steps(0).commitment().framework_row(), "2024-01/onderwijszorgarrangement");
  EXPECT_EQ(seen.steps(0).commitment().split(0).percent(), 70);
}

TEST_F(FundingServiceTest, R36AMeetingWithAStepThatNobodyCarriesChangesNothing) {
  Start();
  j.Activate();
  const auto refused =
      ConcludeWith([](v1::Commitment* c) { c->set_funding(common::v1::FUNDING_WMO); });
  EXPECT_EQ(Reason(refused), "R36_FUNDING_DOES_NOT_FIT");
  const v1::Case seen = j.Get(j.ib);
  EXPECT_THAT(seen.steps(), IsEmpty());
  ASSERT_EQ(seen.meetings_size(), 1);
  EXPECT_EQ(seen.meetings(0).state(), v1::MEETING_STATE_PLANNED);
}

TEST_F(FundingServiceTest, R36AFollowUpIsCarriedTooAndARowThatIsNotThereIsRefused) {
  v1::FollowUpStepRequest req;
  req.set_name(AgreedStep());
  *req.mutable_step() = Step(j.SeatOf(j.ib));
  *req.mutable_step()->mutable_commitment() =
      Committing(common::v1::MEANS_TRANSPORT, common::v1::FUNDING_EDUCATION).commitment();
  req.mutable_step()->mutable_commitment()->set_framework_row("dyslexiezorg");
  EXPECT_EQ(Reason(j.office.Casework<v1::Step>("FollowUpStep", j.ib, req)),
            "R36_FUNDING_DOES_NOT_FIT");
  req.mutable_step()->mutable_commitment()->set_framework_row("leerlingenvervoer");
  ASSERT_OK_AND_ASSIGN(const v1::Step step, j.office.Casework<v1::Step>("FollowUpStep", j.ib, req));
  EXPECT_EQ(step.commitment().framework_row(), "2024-01/leerlingenvervoer");
}

}  // namespace
}  // namespace knooppunt::casework
