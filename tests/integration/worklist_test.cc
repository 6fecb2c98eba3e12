// Worklists, the inbox and the digest across the whole region: what access works out comes along, a
// watcher is decided about anew with each message, and what it costs does not grow with the store
// (R5, R7, R11, R13, R18, R20, R22).
#include <algorithm>
#include <limits>
#include <set>

#include "absl/strings/match.h"
#include "base/status.h"
#include "knooppunt/worklist/v1/worklist.pb.h"
#include "tests/integration/region_testing.h"

namespace knooppunt::integration {
namespace {

using worklist::v1::ListInboxResponse;
using worklist::v1::ListWorklistResponse;

constexpr char kService[] = "worklist.v1.WorklistService/";
constexpr char kJgz[] = "organisations/jgz";

class WorklistTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(region_.Start());
    region_.Furnish();
  }
  ListWorklistResponse Worklist(const Caller& who,
                                worklist::v1::Whose whose = worklist::v1::WHOSE_MINE) {
    worklist::v1::ListWorklistRequest request;
    request.mutable_filter()->set_whose(whose);
    ListWorklistResponse response;
    EXPECT_OK(region_.Call(who, absl::StrCat(kService, "ListWorklist"), request, &response));
    return response;
  }
  std::vector<std::string> Kinds(const ListWorklistResponse& list) {
    std::vector<std::string> out;
    out.reserve(list.entries().size());
    for (const auto& e : list.entries()) out.push_back(worklist::v1::EntryKind_Name(e.kind()));
    return out;
  }
  std::vector<std::string> InboxKinds(const Caller& who) {
    ListInboxResponse response;
    EXPECT_OK(region_.Call(who, absl::StrCat(kService, "ListInbox"),
                           worklist::v1::ListInboxRequest(), &response));
    std::vector<std::string> out;
    out.reserve(response.notices().size());
    for (const auto& n : response.notices()) out.push_back(worklist::v1::NoticeKind_Name(n.kind()));
    return out;
  }
  access::v1::ListLapsesResponse Lapses(const Caller& who) {
    access::v1::ListLapsesRequest request;
    request.set_parent(absl::StrCat("families/", region_.family));
    access::v1::ListLapsesResponse response;
    EXPECT_OK(region_.Call(who, "access.v1.AccessService/ListLapses", request, &response));
    return response;
  }
  // What a list costs in statements of the dossier and of access, once what it needs is at hand.
  // The least of a few: records on their way to the log, and facts on theirs to access, count as
  // well.
  int64_t CostOfAList() {
    Worklist(region_.ib);
    const auto count = [&] {
      return region_.database("dossier").counters().statements +
             region_.database("access").counters().statements;
    };
    int64_t least = std::numeric_limits<int64_t>::max();
    for (int i = 0; i < 5; ++i) {
      const int64_t before = count();
      Worklist(region_.ib);
      least = std::min(least, count() - before);
    }
    return least;
  }

  Region region_;
};

TEST_F(WorklistTest, P4TasksAreThoseThatListLapsesGives) {
  const std::string consent = region_.Propose(kJgz);
  for (const Caller& who : {region_.mother, region_.father, region_.ib}) {
    const access::v1::ListLapsesResponse lapses = Lapses(who);
    std::multiset<std::string> there, here;
    for (const auto& t : lapses.tasks()) there.insert(absl::StrCat(t.subject(), t.due_date()));
    const ListWorklistResponse list = Worklist(who);
    for (const auto& e : list.entries()) {
      if (e.kind() != worklist::v1::ENTRY_KIND_LAPSE) {
        here.insert(absl::StrCat(e.subject(), e.due_date()));
      }
    }
    EXPECT_EQ(there, here) << who.claims.subject();
  }
  EXPECT_THAT(Kinds(Worklist(region_.mother)), ::testing::Contains("ENTRY_KIND_SIGN"));
  EXPECT_THAT(InboxKinds(region_.mother), ::testing::Contains("NOTICE_KIND_SIGN"));
  ASSERT_OK(region_.Sign(consent, region_.mother));
  EXPECT_THAT(Kinds(Worklist(region_.mother)),
              ::testing::Not(::testing::Contains("ENTRY_KIND_SIGN")));
}

TEST_F(WorklistTest, R13AWatcherIsToldOfAWithdrawalWithTheNextMessageAndNothingAfter) {
  const std::string consent = region_.SeatTheNurse();
  casework::v1::PlanMeetingRequest plan;
  plan.set_parent(region_.case_name);
  plan.set_date(region_.Day(7));
  plan.mutable_label()->mutable_about()->add_persons(region_.child);
  plan.mutable_label()->set_compartment(common::v1::COMPARTMENT_EDUCATION);
  plan.mutable_label()->set_regime(common::v1::REGIME_EDUCATION);
  casework::v1::Meeting meeting;
  ASSERT_OK(region_.Call(region_.ib, "casework.v1.CaseworkService/PlanMeeting", plan, &meeting));
  worklist::v1::WatchWorklistRequest request;
  worklist::v1::WatchWorklistResponse news;
  int messages = 0;
  const absl::Status ended = region_.Receive(region_.nurse, absl::StrCat(kService, "WatchWorklist"),
                                             request, &news, [&]() -> absl::Status {
                                               ++messages;
                                               if (messages == 1) {
                                                 EXPECT_EQ(news.total_size(), 1);
                                                 EXPECT_EQ(news.entries_size(), 1);
                                                 return region_.Withdraw(consent, region_.mother);
                                               }
                                               EXPECT_EQ(news.total_size(), 0);
                                               EXPECT_EQ(news.gone_size(), 1);
                                               EXPECT_EQ(news.gone(0).subject(), meeting.name());
                                               return absl::CancelledError("seen enough");
                                             });
  EXPECT_TRUE(absl::IsCancelled(ended)) << ended;
  EXPECT_EQ(messages, 2);
}

TEST_F(WorklistTest, R22EachListLeavesARecordOfEachFamilyBeforeItsAnswer) {
  const auto records = RecordsOf(region_, "dossier", [&] { Worklist(region_.ib); });
  EXPECT_EQ(records.size(), 1u);
}

// Two rows a family of one's own: not the cases of others, and not what was done long ago.
TEST_F(WorklistTest, WhatAListCostsDoesNotGrowWithTheCasesInStore) {
  const int64_t few = CostOfAList();
  const Caller other = region_.Hire("ib-elders");
  for (int i = 0; i < 15; ++i) {
    casework::v1::OpenCaseRequest open = region_.OpenRequest();
    for (auto& p : *open.mutable_persons()) {
      p.set_family_name(absl::StrCat("van Elders ", i));
      p.clear_account();
    }
    casework::v1::Case opened;
    ASSERT_OK(region_.Call(other, "casework.v1.CaseworkService/OpenCase", open, &opened));
  }
  EXPECT_EQ(CostOfAList(), few);
  EXPECT_THAT(Worklist(other).entries(), ::testing::IsEmpty());
}

TEST_F(WorklistTest, R20TheFamilyIsToldOfEmergencyAccessAfterTheReviewAndNotBefore) {
  const Caller helper = region_.stranger.For(common::v1::PURPOSE_EMERGENCY);
  consent::v1::OpenEmergencyRequest open;
  open.set_parent(absl::StrCat("families/", region_.family));
  open.set_meldcode_step(4);
  open.set_reason("Sem vertelt dat hij vannacht niet naar huis durft.");
  open.set_hours(2);
  consent::v1::Emergency emergency;
  ASSERT_OK(region_.Call(helper, "consent.v1.ConsentService/OpenEmergency", open, &emergency));
  EXPECT_THAT(InboxKinds(region_.mother),
              ::testing::Not(::testing::Contains("NOTICE_KIND_EMERGENCY")));
  region_.clock().Advance(absl::Hours(3));  // it ends by itself
  consent::v1::ReviewEmergencyRequest review;
  review.set_name(emergency.name());
  review.set_justified(true);
  review.set_outcome("Nagegaan met de jeugdarts.");
  ASSERT_OK(region_.Call(region_.auditor, "consent.v1.ConsentService/ReviewEmergency", review,
                         &emergency));
  region_.clock().Advance(absl::Minutes(1));
  EXPECT_THAT(InboxKinds(region_.mother), ::testing::Contains("NOTICE_KIND_EMERGENCY"));
  EXPECT_THAT(InboxKinds(region_.ib), ::testing::Not(::testing::Contains("NOTICE_KIND_EMERGENCY")));
}

}  // namespace
}  // namespace knooppunt::integration
