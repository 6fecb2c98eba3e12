// Whose step it is reads it, across the whole region: as access decides at that moment, over the
// keys and facts that it holds (P3, R5, R11-R13, R18).
#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/status.h"
#include "tests/integration/region_testing.h"

namespace knooppunt::integration {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class StepsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(region_.Start());
    region_.Furnish();
    consent_ = region_.SeatTheNurse();
    casework::v1::AppointRegisseurRequest appoint;
    appoint.set_name(region_.case_name);
    appoint.set_seat(SeatOf(region_.nurse.claims.subject()));
    appoint.set_stand_in_seat(SeatOf(region_.ib.claims.subject()));
    casework::v1::Regisseur answer;
    ASSERT_OK(
        region_.Call(region_.ib, "casework.v1.CaseworkService/AppointRegisseur", appoint, &answer));
  }
  std::string SeatOf(const std::string& professional) {
    const auto seen = region_.GetCase(region_.ib);
    EXPECT_OK(seen);
    for (const casework::v1::Participant& p : seen->participants()) {
      if (p.professional() == professional) return p.seat();
    }
    return "";
  }
  absl::StatusOr<casework::v1::Meeting> Meet(const std::string& owner_seat) {
    const common::v1::Label label = region_.Note("").contribution().label();
    casework::v1::PlanMeetingRequest plan;
    plan.set_parent(region_.case_name);
    plan.set_date(region_.Day(0));
    *plan.mutable_label() = label;
    casework::v1::Meeting meeting;
    KP_RETURN_IF_ERROR(
        region_.Call(region_.ib, "casework.v1.CaseworkService/PlanMeeting", plan, &meeting));
    casework::v1::ConcludeMeetingRequest conclude;
    conclude.set_name(meeting.name());
    conclude.set_parents_absent_reason("Ziek, en akkoord vooraf.");
    conclude.set_parents_agreed(true);
    casework::v1::NewStep* step = conclude.add_steps();
    step->set_text("Elke week een gesprek.");
    step->set_owner_seat(owner_seat);
    step->set_due_date(region_.Day(14));
    *step->mutable_label() = label;
    KP_RETURN_IF_ERROR(region_.Call(region_.ib, "casework.v1.CaseworkService/ConcludeMeeting",
                                    conclude, &meeting));
    return meeting;
  }
  absl::Status Reassign(const std::string& step, const std::string& seat) {
    casework::v1::ReassignStepRequest req;
    req.set_name(step);
    req.set_owner_seat(seat);
    req.set_reason("Zij doet het.");
    casework::v1::Step answer;
    return region_.Call(region_.ib, "casework.v1.StepService/ReassignStep", req, &answer);
  }

  Region region_;
  std::string consent_;
};

TEST_F(StepsTest, R5R13AfterAWithdrawalNoStepGoesToWhoReadOnIt) {
  const std::string nurse = SeatOf(region_.nurse.claims.subject());
  const std::string ib = SeatOf(region_.ib.claims.subject());
  const auto met = Meet(nurse);
  ASSERT_OK(met) << "the label is the first of its kind here";
  ASSERT_THAT(met->steps(), SizeIs(1));
  ASSERT_OK_AND_ASSIGN(const casework::v1::Case seen, region_.GetCase(region_.nurse));
  ASSERT_THAT(seen.steps(), SizeIs(1));
  EXPECT_EQ(seen.steps(0).owner_seat(), nurse) << "and she sees it";
  // Kept decisions are no matter: what the owner would read is decided with each call.
  ASSERT_OK(Reassign(met->steps(0), ib));
  ASSERT_OK(Reassign(met->steps(0), nurse));
  ASSERT_OK(Reassign(met->steps(0), ib));
  ASSERT_OK(region_.Withdraw(consent_, region_.mother));
  EXPECT_EQ(base::ReasonOf(Reassign(met->steps(0), nurse)), "R5_OWNER_WOULD_NOT_READ");
  EXPECT_EQ(base::ReasonOf(Meet(nurse).status()), "R5_OWNER_WOULD_NOT_READ");
  ASSERT_OK_AND_ASSIGN(const casework::v1::Case after, region_.GetCase(region_.ib));
  EXPECT_THAT(after.steps(), SizeIs(1)) << "nothing of the refused meeting";
  EXPECT_EQ(after.steps(0).owner_seat(), ib);
  region_.Share("organisations/jgz");
  EXPECT_OK(Reassign(met->steps(0), nurse)) << "agreed again";
}

TEST_F(StepsTest, R5WhoNoLongerWorksThereGetsNoStep) {
  const std::string nurse = SeatOf(region_.nurse.claims.subject());
  directory::v1::EndEmploymentRequest end;
  end.set_name(region_.nurse.claims.subject());
  end.set_organisation(region_.nurse.claims.organisation());
  end.set_end_date(region_.Day(0));
  directory::v1::Professional answer;
  const Caller administrator = region_.admin.For(common::v1::PURPOSE_ADMINISTRATION);
  ASSERT_OK(
      region_.Call(administrator, "directory.v1.DirectoryService/EndEmployment", end, &answer));
  // The seat still stands in the facts of the family: only access knows the directory.
  EXPECT_EQ(base::ReasonOf(Meet(nurse).status()), "R5_OWNER_WOULD_NOT_READ");
  ASSERT_OK_AND_ASSIGN(const casework::v1::Case after, region_.GetCase(region_.ib));
  EXPECT_THAT(after.steps(), IsEmpty());
}

}  // namespace
}  // namespace knooppunt::integration
