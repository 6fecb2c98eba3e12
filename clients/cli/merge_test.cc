// family merge, decide-merge, undo-merge, merges; case take-over: what is sent, what is shown, and
// what is refused before anything is sent (R1, R21).
#include "clients/cli/cli_testing.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "knooppunt/casework/v1/casework.pb.h"
#include "knooppunt/family/v1/merge.pb.h"

namespace knooppunt::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kMerge[] = "families/f-2/merges/m-1";

std::string Method(const std::string& name) { return "/knooppunt.family.v1.MergeService/" + name; }

family::v1::Merge Proposed() {
  family::v1::Merge merge;
  merge.set_name(kMerge);
  merge.set_into("families/f-1");
  merge.set_state(access::v1::MERGE_STATE_PROPOSED);
  auto* same = merge.add_matches();
  same->set_person("p-9");
  same->set_same_as("p-1");
  merge.set_proposer("professionals/anja");
  return merge;
}

class MergeCommandsTest : public ::testing::Test {
 protected:
  MergeCommandsTest() { cli_.LogInAsStaff(); }
  CliFixture cli_;
};

TEST_F(MergeCommandsTest, R1AMergeNamesBothRecordsAndWhoIsWho) {
  cli_.server().SetResponse(Method("ProposeMerge"), Proposed());
  const Ran ran = cli_.Run({"family", "merge", "families/f-2", "--into", "families/f-1", "--same",
                            "p-9=p-1", "--same", "p-8=p-2"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, AllOf(HasSubstr(kMerge), HasSubstr("p-9 is p-1"), HasSubstr("proposed"),
                             HasSubstr("professionals/anja")));
  const auto& sent = cli_.server().Request<family::v1::ProposeMergeRequest>(0);
  EXPECT_EQ(sent.parent(), "families/f-2");
  EXPECT_EQ(sent.into(), "families/f-1");
  ASSERT_EQ(sent.matches_size(), 2);
  EXPECT_EQ(sent.matches(1).person(), "p-8");
  EXPECT_EQ(sent.matches(1).same_as(), "p-2");
  EXPECT_THAT(sent.request_id(), Not(IsEmpty()));
}

TEST_F(MergeCommandsTest, WhatCannotBeAMergeIsNotSent) {
  EXPECT_NE(cli_.Run({"family", "merge", "families/f-2", "--into", "families/f-1", "--same", "p-9"})
                .exit_code,
            0);
  EXPECT_EQ(cli_.Run({"family", "merge", "families/f-2", "--same", "p-9=p-1"}).exit_code, 2);
  EXPECT_EQ(cli_.Run({"family", "merge", "families/f-2", "--into", "families/f-1"}).exit_code, 2);
  EXPECT_EQ(
      cli_.Run({"family", "decide-merge", "families/f-2", "--into", "families/f-1"}).exit_code, 2);
  EXPECT_THAT(cli_.server().calls(), IsEmpty());
}

TEST_F(MergeCommandsTest, R21SomebodyElseDecidesYesOrNo) {
  family::v1::Merge decided = Proposed();
  decided.set_state(access::v1::MERGE_STATE_MERGED);
  decided.set_decider("professionals/bo");
  cli_.server().SetResponse(Method("DecideMerge"), decided);
  const Ran yes = cli_.Run({"family", "decide-merge", kMerge, "--into", "families/f-1"});
  EXPECT_EQ(yes.exit_code, 0) << yes.err;
  EXPECT_THAT(yes.out, HasSubstr("professionals/bo"));
  const auto& sent = cli_.server().Request<family::v1::DecideMergeRequest>(0);
  EXPECT_EQ(sent.name(), kMerge);
  EXPECT_EQ(sent.into(), "families/f-1");
  EXPECT_TRUE(sent.approve());
  EXPECT_EQ(
      cli_.Run({"family", "decide-merge", kMerge, "--into", "families/f-1", "--refuse"}).exit_code,
      0);
  EXPECT_FALSE(cli_.server().Request<family::v1::DecideMergeRequest>(1).approve());
}

TEST_F(MergeCommandsTest, R1AMergeIsUndoneAndBothAreListed) {
  family::v1::Merge undone = Proposed();
  undone.set_state(access::v1::MERGE_STATE_UNDONE);
  undone.set_undoer("professionals/bo");
  cli_.server().SetResponse(Method("UndoMerge"), undone);
  const Ran ran = cli_.Run({"family", "undo-merge", kMerge, "--into", "families/f-1"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("professionals/bo"));
  EXPECT_EQ(cli_.server().Request<family::v1::UndoMergeRequest>(0).name(), kMerge);

  cli_.server().SetResponse(Method("ListMerges"), family::v1::ListMergesResponse());
  EXPECT_THAT(cli_.Run({"family", "merges"}).out, HasSubstr("No merges"));
  family::v1::ListMergesResponse list;
  *list.add_merges() = undone;
  cli_.server().SetResponse(Method("ListMerges"), list);
  EXPECT_THAT(cli_.Run({"family", "merges"}).out, HasSubstr(kMerge));
}

TEST_F(MergeCommandsTest, R21ARefusalIsSaidAsTheServerSaysIt) {
  cli_.server().SetError(Method("DecideMerge"),
                         absl::FailedPreconditionError("Who asked for it does not decide."));
  const Ran ran = cli_.Run({"family", "decide-merge", kMerge, "--into", "families/f-1"});
  EXPECT_NE(ran.exit_code, 0);
  EXPECT_THAT(ran.err, HasSubstr("Who asked for it does not decide."));
}

TEST_F(MergeCommandsTest, R1TakingOverSeatsTheCallerAtTheTable) {
  casework::v1::Participant seated;
  seated.set_seat("s-9");
  seated.set_professional("professionals/anja");
  cli_.server().SetResponse("/knooppunt.casework.v1.CaseworkService/TakeOverCase", seated);
  const Ran ran = cli_.Run({"case", "take-over", "families/f-1/cases/c-1", "--etag", "0a1b"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("s-9"));
  const auto& sent = cli_.server().Request<casework::v1::TakeOverCaseRequest>(0);
  EXPECT_EQ(sent.name(), "families/f-1/cases/c-1");
  EXPECT_EQ(sent.etag(), "0a1b");
  EXPECT_THAT(sent.request_id(), Not(IsEmpty()));
  EXPECT_EQ(cli_.Run({"case", "take-over", "families/f-1"}).exit_code, 2);
}

}  // namespace
}  // namespace knooppunt::cli
