// One record a call and a family, before the answer (R22, P5).
#include "knooppunt/audit/v1/audit.pb.h"
#include "knooppunt/directory/v1/directory.pb.h"
#include "tests/integration/region_testing.h"

namespace knooppunt::integration {
namespace {

class RecordsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(region_.Start());
    region_.Furnish();
  }
  // Runs `act`; exactly one record must come of it, about the family or about nobody.
  void ExpectOne(const char* what, const std::function<void()>& act, bool about_family,
                 const std::string& unit = "dossier") {
    const auto records = RecordsOf(region_, unit, act);
    ASSERT_EQ(records.size(), 1u) << what;
    EXPECT_EQ(records[0].tag, about_family ? region_.audit_subject : "") << what;
    EXPECT_FALSE(records[0].payload.empty()) << what;
  }
  // What the auditor reads of the last record.
  audit::v1::RecordWho LastRead() {
    Require(region_.process().host("dossier")->shipper().Flush(absl::Seconds(10)), "ship");
    audit::v1::ListRecordsRequest request;
    request.set_parent("subjects/" + region_.audit_subject);
    request.set_page_size(200);
    audit::v1::ListRecordsResponse response;
    Require(region_.Call(region_.auditor, "audit.v1.AuditService/ListRecords", request, &response),
            "read the log");
    Require(response.records().empty() ? absl::NotFoundError("no record") : absl::OkStatus(),
            "the log");
    return response.records(response.records_size() - 1).who();
  }

  Region region_;
};

TEST_F(RecordsTest, R22AnAllowedReadLeavesOneRecord) {
  ExpectOne(
      "GetCase", [&] { EXPECT_OK(region_.GetCase(region_.ib)); }, true);
  const audit::v1::RecordWho who = LastRead();
  EXPECT_EQ(who.method(), "/knooppunt.casework.v1.CaseworkService/GetCase");
  EXPECT_EQ(who.actor(), "professionals/ib");
  EXPECT_TRUE(who.allowed());
  EXPECT_EQ(who.outcome(), "OK");
}

TEST_F(RecordsTest, R22ARefusedReadLeavesOneRecord) {
  ExpectOne(
      "GetCase", [&] { EXPECT_THAT(region_.GetCase(region_.stranger), Refused()); }, true);
  const audit::v1::RecordWho who = LastRead();
  EXPECT_EQ(who.actor(), "professionals/stranger");
  EXPECT_FALSE(who.allowed());
  EXPECT_EQ(who.outcome(), "PERMISSION_DENIED");
  EXPECT_EQ(who.reason(), "REFUSED");
}

TEST_F(RecordsTest, R22AChangeLeavesOneRecord) {
  ExpectOne(
      "AddContribution", [&] { EXPECT_OK(region_.AddNote("Iets.")); }, true);
  ExpectOne(
      "ProposeConsent", [&] { region_.Propose("organisations/jgz"); }, true);
}

TEST_F(RecordsTest, R22ARefusedChangeLeavesOneRecord) {
  casework::v1::Contribution answer;
  ExpectOne(
      "AddContribution",
      [&] {
        EXPECT_THAT(region_.Call(region_.stranger, "casework.v1.CaseworkService/AddContribution",
                                 region_.Note("Iets."), &answer),
                    Refused());
      },
      true);
}

TEST_F(RecordsTest, R22AChangeThatFailsLeavesItsRecordAndNothingElse) {
  const auto before = region_.Notes();
  casework::v1::AddContributionRequest empty = region_.Note("");
  casework::v1::Contribution answer;
  ExpectOne(
      "AddContribution",
      [&] {
        EXPECT_THAT(
            region_.Call(region_.ib, "casework.v1.CaseworkService/AddContribution", empty, &answer),
            ::knooppunt::testing::StatusIs(absl::StatusCode::kInvalidArgument));
      },
      true);
  EXPECT_EQ(LastRead().outcome(), "INVALID_ARGUMENT");
  EXPECT_EQ(region_.Notes(), before);

  // One that fails in its transaction: a second case of the same child (R1).
  casework::v1::Case second;
  const auto records = RecordsOf(region_, "dossier", [&] {
    EXPECT_THAT(region_.Call(region_.ib, "casework.v1.CaseworkService/OpenCase",
                             region_.OpenRequest(), &second),
                Fails(absl::StatusCode::kAlreadyExists, "CASE_EXISTS"));
  });
  EXPECT_EQ(records.size(), 1u);
}

TEST_F(RecordsTest, R22ASearchLeavesOneRecordFoundOrNot) {
  for (const char* name : {"van der Zanden", "Niemand"}) {
    casework::v1::SearchFamiliesRequest request;
    request.set_family_name(name);
    request.set_birth_date(region_.OpenRequest().persons(0).birth_date());
    casework::v1::SearchFamiliesResponse response;
    const auto records = RecordsOf(region_, "dossier", [&] {
      EXPECT_OK(region_.Call(region_.ib, "casework.v1.CaseworkService/SearchFamilies", request,
                             &response));
    });
    EXPECT_EQ(records.size(), 1u) << name;
  }
  EXPECT_FALSE(LastRead().method().empty());
}

TEST_F(RecordsTest, R22AListLeavesOneRecordAFamily) {
  casework::v1::ListCasesResponse response;
  const auto list = [&](const Caller& who) {
    return RecordsOf(region_, "dossier", [&] {
      EXPECT_OK(region_.Call(who, "casework.v1.CaseworkService/ListCases",
                             casework::v1::ListCasesRequest(), &response));
    });
  };
  EXPECT_EQ(list(region_.stranger).size(), 1u) << "who sees nothing is recorded too";
  EXPECT_EQ(response.cases_size(), 0);
  EXPECT_EQ(list(region_.ib).size(), 1u);

  casework::v1::OpenCaseRequest other = region_.OpenRequest();
  for (auto& person : *other.mutable_persons()) {
    person.set_family_name("Houben");
    if (!person.account().empty()) person.set_account(person.account() + "-2");
  }
  casework::v1::Case opened;
  ASSERT_OK(region_.Call(region_.ib, "casework.v1.CaseworkService/OpenCase", other, &opened));
  const auto records = list(region_.ib);
  EXPECT_EQ(response.cases_size(), 2);
  ASSERT_EQ(records.size(), 2u);
  EXPECT_NE(records[0].tag, records[1].tag);
}

TEST_F(RecordsTest, R22EveryUnitRecordsItsOwnCalls) {
  directory::v1::ListOrganisationsResponse organisations;
  ExpectOne(
      "ListOrganisations",
      [&] {
        EXPECT_OK(region_.Call(region_.ib, "directory.v1.DirectoryService/ListOrganisations",
                               directory::v1::ListOrganisationsRequest(), &organisations));
      },
      false, "directory");
  access::v1::ExplainRequest explain;
  explain.set_resource(region_.case_name);
  explain.set_permission("case.read");
  access::v1::ExplainResponse explained;
  ExpectOne(
      "Explain",
      [&] {
        EXPECT_OK(region_.Call(region_.ib, "access.v1.AccessService/Explain", explain, &explained));
      },
      true, "access");
  audit::v1::Checkpoint checkpoint;
  ExpectOne(
      "GetCheckpoint",
      [&] {
        EXPECT_OK(region_.Call(region_.auditor, "audit.v1.AuditService/GetCheckpoint",
                               audit::v1::GetCheckpointRequest(), &checkpoint));
      },
      false, "audit");
}

TEST_F(RecordsTest, R22CallsWithoutIdentityLeaveACountAndNoRecord) {
  client::CallOptions nobody;
  runtime::DirectTransport direct(&region_.process().switchboard(), "");
  casework::v1::GetCaseRequest request;
  request.set_name(region_.case_name);
  casework::v1::Case answer;
  const int64_t before = region_.database("dossier").position();
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(
        direct.Call("/knooppunt.casework.v1.CaseworkService/GetCase", request, &answer, nobody),
        Fails(absl::StatusCode::kUnauthenticated, "TOKEN_MALFORMED"));
  }
  EXPECT_EQ(region_.database("dossier").position(), before);
  region_.clock().Advance(absl::Minutes(1));
  EXPECT_FALSE(
      direct.Call("/knooppunt.casework.v1.CaseworkService/GetCase", request, &answer, nobody).ok());
  region_.database("dossier").WaitForOutbox(before, absl::Seconds(30));
  const auto entries = region_.database("dossier").ReadOutbox(before, 256);
  ASSERT_OK(entries);
  bool counted = false;
  for (const storage::OutboxEntry& e : *entries) {
    EXPECT_NE(e.kind, storage::OutboxKind::kAudit);
    counted = counted || e.body.find("count") != std::string::npos;
  }
  EXPECT_TRUE(counted);
}

}  // namespace
}  // namespace knooppunt::integration
