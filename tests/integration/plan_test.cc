// The plan in a whole region: in force at once, recorded as what it is, and once for one
// request_id.
#include "knooppunt/audit/v1/audit.pb.h"
#include "knooppunt/plan/v1/plan.pb.h"
#include "tests/integration/region_testing.h"

namespace knooppunt::integration {
namespace {

using ::testing::HasSubstr;

constexpr char kPlan[] = "plan.v1.PlanService/";

class PlanTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(region_.Start());
    region_.Furnish();
    consent_ = region_.SeatTheNurse();
  }

  template <typename M>
  absl::StatusOr<M> Call(const Caller& who, const char* method,
                         const google::protobuf::Message& request) {
    M out;
    const absl::Status s = region_.Call(who, absl::StrCat(kPlan, method), request, &out);
    if (!s.ok()) return s;
    return out;
  }
  plan::v1::AddWishRequest NewWish() {
    plan::v1::AddWishRequest req;
    req.set_parent(region_.case_name);
    req.mutable_wish()->set_person(
        absl::StrCat("families/", region_.family, "/persons/", region_.child));
    req.mutable_wish()->set_text("Ik wil weer slapen.");
    req.mutable_wish()->set_how(plan::v1::WISH_HOW_CONVERSATION);
    *req.mutable_wish()->mutable_label() = region_.Note("").contribution().label();
    return req;
  }
  plan::v1::Goal Added() {
    const auto wish = Call<plan::v1::Wish>(region_.ib, "AddWish", NewWish());
    EXPECT_OK(wish);
    plan::v1::AddGoalRequest req;
    req.set_parent(region_.case_name);
    req.mutable_goal()->set_text("Weer slapen.");
    req.mutable_goal()->set_domain(plan::v1::LIFE_DOMAIN_HOME);
    req.mutable_goal()->set_wish(wish->name());
    req.mutable_goal()->set_measure("Een week niet wakker.");
    req.mutable_goal()->set_review_date(region_.Day(60));
    *req.mutable_goal()->mutable_label() = wish->label();
    const auto goal = Call<plan::v1::Goal>(region_.ib, "AddGoal", req);
    EXPECT_OK(goal);
    return goal.value_or(plan::v1::Goal());
  }
  absl::StatusOr<plan::v1::Plan> Get(const Caller& who) {
    plan::v1::GetPlanRequest req;
    req.set_name(region_.case_name);
    return Call<plan::v1::Plan>(who, "GetPlan", req);
  }
  absl::StatusOr<plan::v1::RenderPlanResponse> Render(const Caller& who,
                                                      plan::v1::DocumentFormat format) {
    plan::v1::RenderPlanRequest req;
    req.set_name(region_.case_name);
    req.set_format(format);
    return Call<plan::v1::RenderPlanResponse>(who, "RenderPlan", req);
  }
  plan::v1::UpdateGoalRequest NewText(const plan::v1::Goal& goal, const std::string& text) {
    plan::v1::UpdateGoalRequest req;
    req.set_name(goal.name());
    req.set_etag(goal.etag());
    req.mutable_goal()->set_text(text);
    req.mutable_update_mask()->add_paths("text");
    return req;
  }

  Region region_;
  std::string consent_;
};

TEST_F(PlanTest, R13AfterAWithdrawalNoPlanAndNoDocumentIsServed) {
  Added();
  ASSERT_OK_AND_ASSIGN(const plan::v1::Plan shared, Get(region_.nurse));
  EXPECT_EQ(shared.education().goals_size(), 1);
  ASSERT_OK(Render(region_.nurse, plan::v1::DOCUMENT_FORMAT_HTML));
  ASSERT_OK(region_.Withdraw(consent_, region_.mother));
  EXPECT_THAT(Get(region_.nurse), Refused());
  EXPECT_THAT(Render(region_.nurse, plan::v1::DOCUMENT_FORMAT_HTML), Refused());
  EXPECT_OK(Get(region_.ib));
}

TEST_F(PlanTest, R22AnExportIsRecordedBeforeItGoesOutAndARefusedOneToo) {
  Added();
  for (const Caller& who : {region_.mother, region_.stranger}) {
    const auto records = RecordsOf(region_, "dossier", [&] {
      EXPECT_EQ(Render(who, plan::v1::DOCUMENT_FORMAT_HTML).ok(),
                who.claims.subject() == region_.mother.claims.subject());
    });
    EXPECT_EQ(records.size(), 1u);
  }
  ASSERT_OK_AND_ASSIGN(const auto document, Render(region_.mother, plan::v1::DOCUMENT_FORMAT_HTML));
  EXPECT_THAT(document.content(), HasSubstr("Weer slapen."));
}

TEST_F(PlanTest, R18TheSameRequestTwiceIsOneActAndShowsNoContentAgain) {
  plan::v1::AddWishRequest req = NewWish();
  req.set_request_id(region_.RequestId());
  ASSERT_OK_AND_ASSIGN(const plan::v1::Wish first,
                       Call<plan::v1::Wish>(region_.ib, "AddWish", req));
  ASSERT_OK_AND_ASSIGN(const plan::v1::Wish again,
                       Call<plan::v1::Wish>(region_.ib, "AddWish", req));
  EXPECT_EQ(again.name(), first.name());
  EXPECT_EQ(again.text(), "");
  ASSERT_OK_AND_ASSIGN(const plan::v1::Plan plan, Get(region_.ib));
  EXPECT_EQ(plan.wishes_size(), 1);
}

TEST_F(PlanTest, OfTwoWhoChangeOneGoalTheSecondIsToldToReadFirst) {
  const plan::v1::Goal read = Added();
  ASSERT_OK(Call<plan::v1::Goal>(region_.ib, "UpdateGoal", NewText(read, "De eerste.")));
  EXPECT_THAT(Call<plan::v1::Goal>(region_.ib, "UpdateGoal", NewText(read, "De tweede.")),
              Fails(absl::StatusCode::kAborted, "STALE_ETAG"));
  ASSERT_OK_AND_ASSIGN(const plan::v1::Plan plan, Get(region_.nurse));
  EXPECT_EQ(plan.education().goals(0).text(), "De eerste.");
}

TEST_F(PlanTest, R17WhoSitsAtTheTableReactsAndDoesNotRewrite) {
  const plan::v1::Goal goal = Added();
  ASSERT_OK_AND_ASSIGN(const plan::v1::Plan seen, Get(region_.nurse));
  EXPECT_THAT(Call<plan::v1::Goal>(region_.nurse, "UpdateGoal",
                                   NewText(seen.education().goals(0), "Anders.")),
              Refused());
  plan::v1::ReactToPlanItemRequest react;
  react.set_name(goal.name());
  react.set_text("Een week is kort.");
  EXPECT_OK(Call<plan::v1::PlanItem>(region_.nurse, "ReactToPlanItem", react));
  EXPECT_THAT(Call<plan::v1::PlanItem>(region_.stranger, "ReactToPlanItem", react), Refused());
}

}  // namespace
}  // namespace knooppunt::integration
