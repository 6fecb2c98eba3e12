// Two records of one family become one, and two again, in a whole region (R1, R3, R18, R21, R22):
// who may, what shows of it and to whom, and that nobody reads more than before.
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "knooppunt/audit/v1/audit.pb.h"
#include "knooppunt/family/v1/merge.pb.h"
#include "security/crypto/hash.h"
#include "tests/integration/region_testing.h"

namespace knooppunt::integration {
namespace {

using absl::StatusCode;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kMerge[] = "family.v1.MergeService/";
constexpr char kCasework[] = "casework.v1.CaseworkService/";

// The same child stands in a second record, under a name with another letter. The IB opened both; a
// colleague sits at both tables; the nurse at the first only.
class MergeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(region_.Start());
    region_.Furnish();
    region_.SeatTheNurse();
    ASSERT_OK(region_.AddNote("Sem rekent beter."));
    casework::v1::OpenCaseRequest req = region_.OpenRequest();
    for (auto& p : *req.mutable_persons()) {
      surname_ = absl::StrCat(p.family_name(), "x");
      p.set_family_name(surname_);
      p.clear_account();
    }
    birth_date_ = req.persons(0).birth_date();
    casework::v1::Case opened;
    ASSERT_OK(region_.Call(region_.ib, absl::StrCat(kCasework, "OpenCase"), req, &opened));
    second_case_ = opened.name();
    second_ = opened.name().substr(0, opened.name().find("/cases/"));
    second_child_ = opened.children(0);
    first_ = absl::StrCat("families/", region_.family);
    colleague_ = region_.Hire("colleague");
    for (const std::string& at : {region_.case_name, second_case_}) Seat(colleague_, at);
  }
  void Seat(const Caller& who, const std::string& at) {
    casework::v1::InviteParticipantRequest invite;
    invite.set_parent(at);
    invite.set_professional(who.claims.subject());
    invite.set_organisation(who.claims.organisation());
    invite.set_function(who.claims.function());
    invite.set_role(access::v1::SEAT_ROLE_CORE_PARTNER);
    casework::v1::Participant seat;
    Require(region_.Call(region_.ib, absl::StrCat(kCasework, "InviteParticipant"), invite, &seat),
            "invite");
    casework::v1::JoinCaseRequest join;
    join.set_name(at);
    Require(region_.Call(who, absl::StrCat(kCasework, "JoinCase"), join, &seat), "join");
  }
  void CloseSecond() {
    casework::v1::CloseCaseRequest req;
    req.set_name(second_case_);
    req.set_kind(casework::v1::CLOSE_KIND_OTHER);
    req.set_outcome("Stond dubbel: gaat verder in het andere dossier.");
    req.mutable_label()->mutable_about()->add_persons(second_child_);
    req.mutable_label()->set_compartment(common::v1::COMPARTMENT_EDUCATION);
    req.mutable_label()->set_regime(common::v1::REGIME_EDUCATION);
    casework::v1::Case closed;
    ASSERT_OK(region_.Call(region_.ib, absl::StrCat(kCasework, "CloseCase"), req, &closed));
  }
  absl::StatusOr<family::v1::Merge> Propose(const Caller& who) {
    family::v1::ProposeMergeRequest req;
    req.set_parent(second_);
    req.set_into(first_);
    auto* m = req.add_matches();
    m->set_person(second_child_);
    m->set_same_as(region_.child);
    family::v1::Merge merge;
    const absl::Status s = region_.Call(who, absl::StrCat(kMerge, "ProposeMerge"), req, &merge);
    if (!s.ok()) return s;
    return merge;
  }
  absl::Status Decide(const Caller& who, const std::string& name, bool approve = true) {
    family::v1::DecideMergeRequest req;
    req.set_name(name);
    req.set_into(first_);
    req.set_approve(approve);
    family::v1::Merge merge;
    return region_.Call(who, absl::StrCat(kMerge, "DecideMerge"), req, &merge);
  }
  absl::Status Undo(const Caller& who, const std::string& name) {
    family::v1::UndoMergeRequest req;
    req.set_name(name);
    req.set_into(first_);
    family::v1::Merge merge;
    return region_.Call(who, absl::StrCat(kMerge, "UndoMerge"), req, &merge);
  }
  family::v1::ListMergesResponse List(const Caller& who) {
    family::v1::ListMergesResponse list;
    EXPECT_OK(region_.Call(who, absl::StrCat(kMerge, "ListMerges"), family::v1::ListMergesRequest(),
                           &list));
    return list;
  }
  casework::v1::SearchFamiliesResponse Search() {
    casework::v1::SearchFamiliesRequest req;
    req.set_family_name(surname_);
    req.set_birth_date(birth_date_);
    casework::v1::SearchFamiliesResponse found;
    EXPECT_OK(region_.Call(region_.ib, absl::StrCat(kCasework, "SearchFamilies"), req, &found));
    return found;
  }
  absl::Status Reopen() {
    const casework::v1::Case seen = *region_.GetCase(region_.ib, second_case_);
    casework::v1::ReopenCaseRequest req;
    req.set_name(second_case_);
    req.set_reason("Toch weer.");
    for (const casework::v1::Participant& p : seen.participants()) {
      if (p.professional() == region_.ib.claims.subject()) req.set_seat(p.seat());
      if (p.professional() == colleague_.claims.subject()) req.set_stand_in_seat(p.seat());
    }
    req.mutable_label()->mutable_about()->add_persons(second_child_);
    req.mutable_label()->set_compartment(common::v1::COMPARTMENT_EDUCATION);
    req.mutable_label()->set_regime(common::v1::REGIME_EDUCATION);
    casework::v1::Case opened;
    return region_.Call(region_.ib, absl::StrCat(kCasework, "ReopenCase"), req, &opened);
  }
  // What everybody reads of both records, refusals included.
  std::vector<std::string> Readings() {
    std::vector<std::string> out;
    for (const Caller& who : {region_.ib, colleague_, region_.nurse, region_.consultant,
                              region_.stranger, region_.mother, region_.father}) {
      for (const std::string& name : {region_.case_name, second_case_}) {
        const auto read = region_.GetCase(who, name);
        out.push_back(
            absl::StrCat(who.claims.subject(), " ", name, " ",
                         read.ok() ? crypto::HexEncode(crypto::Sha256(read->SerializeAsString()))
                                   : base::ReasonOf(read.status())));
      }
    }
    return out;
  }

  Region region_;
  Caller colleague_;
  std::string first_, second_, second_case_, second_child_, surname_, birth_date_;
};

TEST_F(MergeTest, R1R21OneAsksAnotherDecidesAndNobodyReadsMoreThanBefore) {
  EXPECT_THAT(Propose(region_.ib),
              Fails(StatusCode::kFailedPrecondition, "R1_GIVES_WAY_WITH_AN_OPEN_CASE"));
  CloseSecond();
  EXPECT_FALSE(Search().found()) << "that record has no open case";
  const std::vector<std::string> before = Readings();
  const auto merge = Propose(region_.ib);
  ASSERT_OK(merge);
  EXPECT_THAT(Decide(region_.ib, merge->name()),
              Fails(StatusCode::kFailedPrecondition, "R21_NOT_YOUR_OWN_MERGE"));
  ASSERT_OK(Decide(colleague_, merge->name()));
  EXPECT_EQ(Readings(), before) << "R18";

  // R3: who looks for the child by the other name finds the record that goes on.
  EXPECT_TRUE(Search().found());
  EXPECT_THAT(Reopen(), Fails(StatusCode::kFailedPrecondition, "R1_MERGED_AWAY"));
  EXPECT_THAT(List(region_.ib).merges(), SizeIs(1));
  EXPECT_THAT(List(colleague_).merges(), SizeIs(1));

  ASSERT_OK(Undo(colleague_, merge->name()));
  EXPECT_EQ(Readings(), before);
  EXPECT_FALSE(Search().found());
}

TEST_F(MergeTest, R18WhoMayNotCorrectBothLearnsNothingOfEither) {
  CloseSecond();
  const auto merge = Propose(region_.ib);
  ASSERT_OK(merge);
  Caller half = region_.Hire("half");
  Seat(half, region_.case_name);
  EXPECT_THAT(List(half).merges(), IsEmpty());
  const absl::Status there = Decide(half, merge->name());
  EXPECT_THAT(there, Refused());
  const auto was = second_;
  second_ = "families/f-none";
  EXPECT_EQ(Propose(half).status(), Decide(half, merge->name())) << "no such, and not yours";
  second_ = was;
  // The other way around: into a record that is not theirs, and into one that is not there.
  family::v1::ProposeMergeRequest req;
  req.set_parent(first_);
  req.set_into(second_);
  family::v1::Merge answer;
  const std::string method = absl::StrCat(kMerge, "ProposeMerge");
  absl::Status not_theirs, not_there;
  const auto records =
      RecordsOf(region_, "dossier", [&] { not_theirs = region_.Call(half, method, req, &answer); });
  req.set_into("families/f-none");
  const auto records_2 =
      RecordsOf(region_, "dossier", [&] { not_there = region_.Call(half, method, req, &answer); });
  EXPECT_THAT(not_theirs, Refused());
  EXPECT_EQ(not_theirs, not_there);
  EXPECT_EQ(records.size(), 2u) << "R22: of both";
  EXPECT_EQ(records_2.size(), records.size());
  EXPECT_THAT(Propose(region_.nurse), Refused());
  EXPECT_THAT(Propose(region_.mother), Refused());
}

TEST_F(MergeTest, R22R25BothFamiliesLogsHaveTheRecord) {
  CloseSecond();
  const auto records = RecordsOf(region_, "dossier", [&] { ASSERT_OK(Propose(region_.ib)); });
  ASSERT_EQ(records.size(), 2u);
  EXPECT_NE(records[0].tag, records[1].tag);
  EXPECT_EQ(records[1].tag, region_.audit_subject);
  Require(region_.process().host("dossier")->shipper().Flush(absl::Seconds(10)), "ship");
  audit::v1::ListRecordsRequest request;
  request.set_parent(first_);
  request.set_page_size(200);
  audit::v1::ListRecordsResponse log;
  ASSERT_OK(region_.Call(region_.mother, "audit.v1.AuditService/ListRecords", request, &log));
  int found = 0;
  for (const audit::v1::Record& r : log.records()) {
    if (absl::EndsWith(r.who().method(), "/ProposeMerge") && r.who().outcome() == "OK") ++found;
  }
  EXPECT_EQ(found, 1);
}

}  // namespace
}  // namespace knooppunt::integration
