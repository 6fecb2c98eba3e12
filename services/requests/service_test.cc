// Requests under the AVG, by the family and on its behalf, until they are answered (R40).
#include <string>

#include "base/error.h"
#include "base/status_testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "knooppunt/requests/v1/requests.pb.h"
#include "services/dossier/testing.h"

namespace knooppunt::requests {
namespace {

using ::absl::StatusCode;
using dossier::testing::Caller;
using dossier::testing::Journey;
using ::knooppunt::testing::StatusIs;
using ::testing::_;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

template <typename T>
std::string Reason(const absl::StatusOr<T>& s) {
  return base::ReasonOf(s.status());
}

class RequestsTest : public ::testing::Test {
 protected:
  RequestsTest() { j.Open(); }

  template <typename Resp>
  absl::StatusOr<Resp> Call(const std::string& method, const Caller& who,
                            const google::protobuf::Message& req) {
    return j.office.Call<Resp>("requests.v1.RequestsService", method, who, req);
  }
  std::string FamilyName() const { return absl::StrCat("families/", j.family); }
  v1::RecordRequestRequest Copy(const std::vector<std::string>& about) const {
    v1::RecordRequestRequest req;
    req.set_parent(FamilyName());
    v1::Request& r = *req.mutable_request();
    r.set_kind(v1::REQUEST_KIND_COPY);
    r.set_text("Ik wil een afschrift van wat er over ons staat.");
    *r.mutable_label() = j.Education();
    r.mutable_label()->mutable_about()->clear_persons();
    for (const std::string& p : about) r.mutable_label()->mutable_about()->add_persons(p);
    return req;
  }
  v1::RecordRequestRequest OnBehalfOf(const std::string& person,
                                      const std::vector<std::string>& about) const {
    v1::RecordRequestRequest req = Copy(about);
    req.mutable_request()->set_requester(absl::StrCat(FamilyName(), "/persons/", person));
    req.mutable_request()->set_received_how(v1::RECEIVED_HOW_ON_PAPER);
    req.mutable_request()->set_received_date("2026-11-20");
    return req;
  }
  absl::StatusOr<v1::Request> Record(const Caller& who, const v1::RecordRequestRequest& req) {
    return Call<v1::Request>("RecordRequest", who, req);
  }
  absl::StatusOr<v1::Request> Get(const Caller& who, const std::string& name) {
    v1::GetRequestRequest req;
    req.set_name(name);
    return Call<v1::Request>("GetRequest", who, req);
  }
  v1::ListRequestsResponse List(const Caller& who) {
    v1::ListRequestsRequest req;
    req.set_parent(FamilyName());
    auto list = Call<v1::ListRequestsResponse>("ListRequests", who, req);
    EXPECT_OK(list.status());
    return list.value_or(v1::ListRequestsResponse());
  }
  v1::ListOpenRequestsResponse Open(const Caller& who) {
    auto list =
        Call<v1::ListOpenRequestsResponse>("ListOpenRequests", who, v1::ListOpenRequestsRequest());
    EXPECT_OK(list.status());
    return list.value_or(v1::ListOpenRequestsResponse());
  }
  absl::StatusOr<v1::Request> Answer(const Caller& who, const std::string& name) {
    v1::AnswerRequestRequest req;
    req.set_name(name);
    req.set_outcome(v1::OUTCOME_GRANTED);
    req.set_text("U krijgt een afschrift mee bij het volgende gesprek.");
    return Call<v1::Request>("AnswerRequest", who, req);
  }

  Journey j;
};

TEST_F(RequestsTest, R40AParentAsksAndTheTermRunsFromToday) {
  ASSERT_OK_AND_ASSIGN(const v1::Request made, Record(j.mother, Copy({j.child})));
  EXPECT_EQ(made.state(), v1::REQUEST_STATE_OPEN);
  EXPECT_EQ(made.received_how(), v1::RECEIVED_HOW_ONLINE);
  EXPECT_EQ(made.received_date(), "2026-11-23");
  EXPECT_EQ(made.due_date(), "2026-12-23");
  EXPECT_EQ(made.requester(), absl::StrCat(FamilyName(), "/persons/", j.mother_id));
  EXPECT_EQ(made.owner(), "organisations/mosalira") << "the controller of the label (art. 26)";
  EXPECT_THAT(made.controllers(), ElementsAre("organisations/mosalira"));
  EXPECT_EQ(Get(j.mother, made.name())->SerializeAsString(), made.SerializeAsString());
  EXPECT_THAT(List(j.ib).requests(), SizeIs(1));
  EXPECT_THAT(Open(j.ib).requests(), SizeIs(1));
}

TEST_F(RequestsTest, R40OnBehalfOfSomebodyItSaysHowAndWhenItCameIn) {
  ASSERT_OK_AND_ASSIGN(const v1::Request made,
                       Record(j.ib, OnBehalfOf(j.father_id, {j.father_id})));
  EXPECT_EQ(made.due_date(), "2026-12-21") << "20 December is a Sunday";
  EXPECT_THAT(List(j.father).requests(), SizeIs(1));
  EXPECT_THAT(List(j.mother).requests(), IsEmpty()) << "what he asks about himself is his (R18)";
  const auto hers = Get(j.mother, made.name());
  EXPECT_THAT(hers, StatusIs(StatusCode::kNotFound, _));
  EXPECT_EQ(hers.status(), Get(j.mother, FamilyName() + "/requests/r-bestaat-niet").status());
}

TEST_F(RequestsTest, R18WhoAskedAboutAChildIsNotToldToTheOtherParent) {
  ASSERT_OK_AND_ASSIGN(const v1::Request made, Record(j.mother, Copy({j.child})));
  ASSERT_OK_AND_ASSIGN(const v1::Request his, Get(j.father, made.name()));
  EXPECT_THAT(his.requester(), IsEmpty()) << "he does not see the mother's record";
  EXPECT_NE(his.etag(), made.etag()) << "an etag is over the view";
  ASSERT_OK_AND_ASSIGN(const v1::Request own, Record(j.mother, Copy({j.child, j.mother_id})));
  EXPECT_THAT(Get(j.father, own.name()), StatusIs(StatusCode::kNotFound, _))
      << "about her too, it is hers alone";
}

TEST_F(RequestsTest, R40ItIsExtendedAnsweredAndFollowedUp) {
  ASSERT_OK_AND_ASSIGN(const v1::Request made, Record(j.mother, Copy({j.child})));
  v1::ExtendRequestRequest extend;
  extend.set_name(made.name());
  extend.set_months(1);
  extend.set_reason("Het zijn veel stukken.");
  extend.set_etag("van vroeger");
  EXPECT_EQ(Reason(Call<v1::Request>("ExtendRequest", j.ib, extend)), "CHANGED_MEANWHILE");
  extend.set_etag(made.etag());
  ASSERT_OK_AND_ASSIGN(const v1::Request extended,
                       Call<v1::Request>("ExtendRequest", j.ib, extend));
  EXPECT_EQ(extended.due_date(), "2027-01-25") << "23 January is a Saturday";
  EXPECT_TRUE(extended.has_extend_time());
  v1::AddFollowUpRequest follow;
  follow.set_name(made.name());
  follow.set_text("Stukken opgevraagd bij de administratie.");
  ASSERT_OK(Call<v1::Request>("AddFollowUp", j.ib, follow).status());
  ASSERT_OK_AND_ASSIGN(const v1::Request answered, Answer(j.ib, made.name()));
  EXPECT_EQ(answered.state(), v1::REQUEST_STATE_ANSWERED);
  ASSERT_THAT(answered.answers(), SizeIs(1));
  EXPECT_EQ(answered.answers(0).author(), "professionals/ib");
  EXPECT_THAT(Open(j.ib).requests(), IsEmpty());
  ASSERT_OK_AND_ASSIGN(const v1::Request read, Get(j.mother, made.name()));
  EXPECT_EQ(read.answers(0).text(), answered.answers(0).text());
  EXPECT_EQ(read.follow_ups(0).author(), "professionals/ib");
  EXPECT_EQ(Reason(Answer(j.ib, made.name())), "R40_ANSWERED_BEFORE");
}

TEST_F(RequestsTest, R40WhatIsOverdueShowsByItself) {
  ASSERT_OK_AND_ASSIGN(const v1::Request made, Record(j.mother, Copy({j.child})));
  j.office.clock().Advance(absl::Hours(24 * 30));
  EXPECT_FALSE(List(j.ib).requests(0).overdue()) << "23 December is its last day";
  j.office.clock().Advance(absl::Hours(24));
  EXPECT_TRUE(List(j.ib).requests(0).overdue());
  EXPECT_TRUE(Open(j.ib).requests(0).overdue());
  EXPECT_TRUE(Get(j.mother, made.name())->overdue()) << "the family sees it too";
  v1::ExtendRequestRequest extend;
  extend.set_name(made.name());
  extend.set_months(1);
  extend.set_reason("Te laat.");
  EXPECT_EQ(Reason(Call<v1::Request>("ExtendRequest", j.ib, extend)), "R40_EXTENSION_TOO_LATE");
}

TEST_F(RequestsTest, R40JointControllersAnswerEachForThemselves) {
  j.Activate();
  ASSERT_OK_AND_ASSIGN(v1::ListControllersResponse known, [&] {
    v1::ListControllersRequest req;
    req.set_parent(FamilyName());
    return Call<v1::ListControllersResponse>("ListControllers", j.mother, req);
  }());
  ASSERT_THAT(known.controllers(), SizeIs(1)) << "only the school has recorded anything";
  v1::RecordRequestRequest req = Copy({j.child});
  req.mutable_request()->add_controllers("organisations/jgz");
  EXPECT_EQ(Reason(Record(j.mother, req)), "INVALID_FIELD") << "nothing of theirs is hers to see";

  casework::v1::AddContributionRequest said;
  said.set_parent(j.case_name);
  said.mutable_contribution()->set_text("Sem groeit goed.");
  *said.mutable_contribution()->mutable_label() =
      j.About(common::v1::COMPARTMENT_HEALTH, common::v1::REGIME_HEALTH);
  ASSERT_OK(
      j.office.Casework<casework::v1::Contribution>("AddContribution", j.nurse, said).status());
  ASSERT_OK_AND_ASSIGN(const v1::Request made, Record(j.mother, req));
  EXPECT_THAT(made.controllers(), ElementsAre("organisations/mosalira", "organisations/jgz"));
  ASSERT_OK_AND_ASSIGN(const v1::Request first, Answer(j.ib, made.name()));
  EXPECT_EQ(first.state(), v1::REQUEST_STATE_OPEN);
  EXPECT_EQ(Reason(Answer(j.consultant, made.name())), "R40_NOT_YOURS_TO_ANSWER");
  ASSERT_OK_AND_ASSIGN(const v1::Request second, Answer(j.nurse, made.name()));
  EXPECT_EQ(second.state(), v1::REQUEST_STATE_ANSWERED);
}

TEST_F(RequestsTest, R40WhoAskedTakesItBackAndNobodyElse) {
  ASSERT_OK_AND_ASSIGN(const v1::Request made, Record(j.mother, Copy({j.child})));
  v1::WithdrawRequestRequest req;
  req.set_name(made.name());
  EXPECT_EQ(Reason(Call<v1::Request>("WithdrawRequest", j.father, req)), "R40_NOT_YOUR_REQUEST");
  EXPECT_EQ(Call<v1::Request>("WithdrawRequest", j.ib, req).status().code(),
            StatusCode::kPermissionDenied);
  ASSERT_OK(Call<v1::Request>("WithdrawRequest", j.mother, req).status());
  EXPECT_EQ(Reason(Call<v1::Request>("WithdrawRequest", j.mother, req)), "R40_NOT_OPEN");
  EXPECT_EQ(Reason(Answer(j.ib, made.name())), "R40_NOT_OPEN");
}

TEST_F(RequestsTest, R40TheOwnRecordIsAnsweredForAfterSharingEnded) {
  ASSERT_OK_AND_ASSIGN(const v1::Request made, Record(j.mother, Copy({j.child})));
  const Caller own = j.ib.For(common::v1::PURPOSE_OWN_RECORD);
  EXPECT_OK(Answer(own, made.name()).status());
  EXPECT_EQ(Get(j.stranger, made.name()).status().code(), StatusCode::kPermissionDenied);
}

}  // namespace
}  // namespace knooppunt::requests
