// Emergency access over a whole region: opened by a stranger to the table, in force and in the
// officer's inbox when the call answers, recorded call by call, reviewed by another (R20).
#include "absl/strings/match.h"
#include "knooppunt/audit/v1/audit.pb.h"
#include "knooppunt/directory/v1/directory.pb.h"
#include "tests/integration/region_testing.h"

namespace knooppunt::integration {
namespace {

using absl::StatusCode;

constexpr char kReason[] = "Sem vertelt dat hij vannacht niet naar huis durft.";
constexpr char kReasonPart[] = "niet naar huis";

class EmergencyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(region_.Start());
    region_.Furnish();
    ASSERT_OK(region_.AddNote("Sem is stil vandaag."));
    helper_ = region_.stranger.For(common::v1::PURPOSE_EMERGENCY);
  }

  template <typename Resp>
  absl::StatusOr<Resp> Consent(const char* method, const Caller& who,
                               const google::protobuf::Message& request) {
    Resp response;
    const absl::Status s =
        region_.Call(who, absl::StrCat("consent.v1.ConsentService/", method), request, &response);
    if (!s.ok()) return s;
    return response;
  }
  consent::v1::OpenEmergencyRequest Asked(const std::string& family, int hours = 2) const {
    consent::v1::OpenEmergencyRequest request;
    request.set_parent(absl::StrCat("families/", family));
    request.set_meldcode_step(4);
    request.set_reason(kReason);
    request.set_hours(hours);
    return request;
  }
  absl::StatusOr<consent::v1::Emergency> Open(const Caller& who, int hours = 2) {
    return Consent<consent::v1::Emergency>("OpenEmergency", who, Asked(region_.family, hours));
  }
  absl::StatusOr<consent::v1::Emergency> Review(const Caller& who, const std::string& name,
                                                bool justified) {
    consent::v1::ReviewEmergencyRequest request;
    request.set_name(name);
    request.set_justified(justified);
    request.set_outcome("Nagegaan met de jeugdarts.");
    return Consent<consent::v1::Emergency>("ReviewEmergency", who, request);
  }
  absl::StatusOr<consent::v1::Emergency> Get(const Caller& who, const std::string& name) {
    consent::v1::GetEmergencyRequest request;
    request.set_name(name);
    return Consent<consent::v1::Emergency>("GetEmergency", who, request);
  }
  std::vector<consent::v1::Emergency> Inbox(const Caller& who) {
    const auto list = Consent<consent::v1::ListEmergenciesResponse>(
        "ListEmergencies", who, consent::v1::ListEmergenciesRequest());
    Require(list.status(), "list emergencies");
    return {list->emergencies().begin(), list->emergencies().end()};
  }
  // The family's log as `who` reads it.
  std::vector<audit::v1::Record> Log(const Caller& who, const std::string& parent) {
    Require(region_.process().host("dossier")->shipper().Flush(absl::Seconds(10)), "ship");
    audit::v1::ListRecordsRequest request;
    request.set_parent(parent);
    request.set_page_size(200);
    audit::v1::ListRecordsResponse response;
    Require(region_.Call(who, "audit.v1.AuditService/ListRecords", request, &response),
            "read the log");
    return {response.records().begin(), response.records().end()};
  }
  std::vector<audit::v1::Record> AuditorsLog() {
    return Log(region_.auditor, absl::StrCat("subjects/", region_.audit_subject));
  }
  int EmergenciesInFamilysLog() {
    int found = 0;
    for (const auto& r : Log(region_.mother.For(common::v1::PURPOSE_OWN_FILE),
                             absl::StrCat("families/", region_.family))) {
      if (r.who().emergency() || absl::StrContains(r.text_nl(), "noodtoegang")) ++found;
    }
    return found;
  }

  Region region_;
  Caller helper_;
};

TEST_F(EmergencyTest, R20FoundBySearchOpenedReadAndInTheInboxAtOnce) {
  casework::v1::SearchFamiliesRequest search;
  search.set_family_name("van der Zanden");
  search.set_birth_date(region_.OpenRequest().persons(0).birth_date());
  casework::v1::SearchFamiliesResponse found;
  ASSERT_OK(region_.Call(helper_, "casework.v1.CaseworkService/SearchFamilies", search, &found));
  EXPECT_EQ(found.family(), absl::StrCat("families/", region_.family));
  EXPECT_TRUE(found.ask().empty());

  EXPECT_THAT(region_.GetCase(helper_), Refused());
  EXPECT_TRUE(Inbox(region_.auditor).empty());
  ASSERT_OK_AND_ASSIGN(const consent::v1::Emergency opened, Open(helper_));
  const auto inbox = Inbox(region_.auditor);
  ASSERT_EQ(inbox.size(), 1u);
  EXPECT_EQ(inbox[0].name(), opened.name());
  EXPECT_EQ(inbox[0].professional(), "professionals/stranger");
  EXPECT_EQ(inbox[0].audit_subject(), region_.audit_subject);
  EXPECT_TRUE(inbox[0].reason().empty());

  ASSERT_OK_AND_ASSIGN(const casework::v1::Case read, region_.GetCase(helper_, opened.case_name()));
  ASSERT_EQ(read.contributions_size(), 1);
  EXPECT_EQ(read.contributions(0).text(), "Sem is stil vandaag.");
  EXPECT_THAT(region_.GetCase(region_.stranger), Refused()) << "for another purpose";
  EXPECT_THAT(region_.GetCase(region_.consultant.For(common::v1::PURPOSE_EMERGENCY)), Refused())
      << "a colleague in the same function";
}

TEST_F(EmergencyTest, R20ItReadsAndWritesNothing) {
  ASSERT_OK(Open(helper_));
  casework::v1::Contribution answer;
  EXPECT_THAT(region_.Call(helper_, "casework.v1.CaseworkService/AddContribution",
                           region_.Note("Iets."), &answer),
              Refused());
  consent::v1::ListConsentsRequest consents;
  consents.set_parent(absl::StrCat("families/", region_.family));
  EXPECT_THAT(Consent<consent::v1::ListConsentsResponse>("ListConsents", helper_, consents),
              Refused());
}

TEST_F(EmergencyTest, R20ItEndsByItselfAfterItsHours) {
  ASSERT_OK(Open(helper_, 8));
  region_.clock().Advance(absl::Hours(8) - absl::Seconds(1));
  EXPECT_OK(region_.GetCase(helper_));
  region_.clock().Advance(absl::Seconds(1));
  EXPECT_THAT(region_.GetCase(helper_), Refused());
}

TEST_F(EmergencyTest, R23EveryCallUnderItLeavesOneRecordWithTheFlag) {
  std::string name;
  const auto one = [&](const char* what, const std::function<void()>& act) {
    const auto records = RecordsOf(region_, "dossier", act);
    ASSERT_EQ(records.size(), 1u) << what;
    EXPECT_EQ(records[0].tag, region_.audit_subject) << what;
  };
  one("open", [&] {
    const auto opened = Open(helper_);
    ASSERT_OK(opened);
    name = opened->name();
  });
  EXPECT_TRUE(AuditorsLog().back().who().emergency());
  one("read", [&] { ASSERT_OK(region_.GetCase(helper_)); });
  const audit::v1::Record read = AuditorsLog().back();
  EXPECT_TRUE(read.who().emergency());
  EXPECT_EQ(read.who().purpose(), common::v1::PURPOSE_EMERGENCY);
  EXPECT_EQ(read.who().rule(), "staff-emergency-read");
  ASSERT_EQ(read.about().bases_size(), 1);
  EXPECT_TRUE(absl::StrContains(name, read.about().bases(0))) << read.about().bases(0);
  one("a second one", [&] {
    EXPECT_THAT(Open(helper_), Fails(StatusCode::kFailedPrecondition, "R20_OPEN_ALREADY"));
  });
  EXPECT_TRUE(AuditorsLog().back().who().emergency());
  EXPECT_EQ(AuditorsLog().back().who().reason(), "R20_OPEN_ALREADY");
  one("show", [&] { ASSERT_OK(Get(region_.auditor, name)); });
  EXPECT_FALSE(AuditorsLog().back().who().emergency()) << "who reviews is in no hurry";
  one("review", [&] { ASSERT_OK(Review(region_.auditor, name, false)); });
  one("after it", [&] { EXPECT_THAT(region_.GetCase(helper_), Refused()); });
  EXPECT_TRUE(AuditorsLog().back().who().emergency()) << "an attempt counts";
  for (const audit::v1::Record& r : AuditorsLog()) {
    EXPECT_FALSE(absl::StrContains(r.SerializeAsString(), kReasonPart)) << "no reason in the log";
  }
}

TEST_F(EmergencyTest, R20UnjustifiedEndsItBeforeTheReviewAnswers) {
  ASSERT_OK_AND_ASSIGN(const consent::v1::Emergency opened, Open(helper_));
  EXPECT_OK(region_.GetCase(helper_));
  ASSERT_OK_AND_ASSIGN(const consent::v1::Emergency seen, Get(region_.auditor, opened.name()));
  EXPECT_EQ(seen.reason(), kReason);
  ASSERT_OK(Review(region_.auditor, opened.name(), false));
  EXPECT_THAT(region_.GetCase(helper_), Refused());
  EXPECT_TRUE(Inbox(region_.auditor).empty());
}

TEST_F(EmergencyTest, R20NobodyReviewsTheirOwnInAnotherFunctionEither) {
  directory::v1::AssignFunctionRequest assign;
  assign.set_name(helper_.claims.subject());
  assign.mutable_function()->set_organisation("organisations/maastricht");
  assign.mutable_function()->set_function(common::v1::FUNCTION_PRIVACY_OFFICER);
  assign.mutable_function()->set_start_date(region_.Day(-1));
  directory::v1::Professional two_hats;
  ASSERT_OK(region_.Call(region_.admin, "directory.v1.DirectoryService/AssignFunction", assign,
                         &two_hats));
  ASSERT_OK_AND_ASSIGN(const consent::v1::Emergency opened, Open(helper_));
  Caller officer = helper_.For(common::v1::PURPOSE_AUDIT);
  officer.claims.set_function(common::v1::FUNCTION_PRIVACY_OFFICER);
  EXPECT_EQ(Inbox(officer).size(), 1u);
  EXPECT_THAT(Review(officer, opened.name(), false),
              Fails(StatusCode::kFailedPrecondition, "R20_OWN_EMERGENCY"));
  EXPECT_THAT(Review(helper_, opened.name(), true), Refused());
  region_.clock().Advance(absl::Hours(3));
  EXPECT_THAT(Review(officer, opened.name(), true),
              Fails(StatusCode::kFailedPrecondition, "R20_OWN_EMERGENCY"));
  EXPECT_OK(Review(region_.auditor, opened.name(), true));
}

TEST_F(EmergencyTest, R20AReviewThatIsLateShows) {
  ASSERT_OK(Open(helper_));
  region_.clock().Advance(absl::Hours(72) - absl::Seconds(1));
  EXPECT_FALSE(Inbox(region_.auditor)[0].overdue());
  region_.clock().Advance(absl::Seconds(1));
  EXPECT_TRUE(Inbox(region_.auditor)[0].overdue());
}

TEST_F(EmergencyTest, R20ItIsSaidAloudAndSoIsAReviewThatIsLate) {
  const auto said = [](const std::function<void()>& act) {
    ::testing::internal::CaptureStderr();
    act();
    return ::testing::internal::GetCapturedStderr();
  };
  const std::string opened = said([&] { ASSERT_OK(Open(helper_)); });
  EXPECT_TRUE(absl::StrContains(opened, "\"severity\":\"WARNING\",\"event\":\"emergency access\""))
      << opened;
  EXPECT_TRUE(absl::StrContains(opened, "OpenEmergency"));
  for (const std::string& secret : {std::string(kReasonPart), region_.family,
                                    helper_.claims.subject(), helper_.claims.display_name()}) {
    EXPECT_FALSE(absl::StrContains(opened, secret)) << opened;
  }
  const std::string refused = said([&] {
    EXPECT_THAT(region_.GetCase(region_.nurse.For(common::v1::PURPOSE_EMERGENCY)), Refused());
  });
  EXPECT_TRUE(absl::StrContains(refused, "PERMISSION_DENIED")) << refused;

  const char* late = "emergency access not reviewed in time";
  EXPECT_FALSE(absl::StrContains(said([&] { ASSERT_OK(region_.Start()); }), late));
  region_.clock().Advance(absl::Hours(72));
  EXPECT_TRUE(absl::StrContains(said([&] { ASSERT_OK(region_.Start()); }), late));
}

TEST_F(EmergencyTest, R18AFamilyThatIsNotThereIsLikeOneThatIsNotYours) {
  // To who may not open: the same whatever there is.
  const Caller admin = region_.admin.For(common::v1::PURPOSE_EMERGENCY);
  const auto there = Open(admin);
  const auto nowhere = Consent<consent::v1::Emergency>("OpenEmergency", admin, Asked("f-nowhere"));
  EXPECT_THAT(there, Refused());
  EXPECT_EQ(there.status(), nowhere.status());
  // To who may: no family is refused in the words that any stranger gets.
  EXPECT_EQ(Consent<consent::v1::Emergency>("OpenEmergency", helper_, Asked("f-nowhere")).status(),
            nowhere.status());
  // Reading, without one that is open.
  EXPECT_EQ(region_.GetCase(helper_).status(),
            region_.GetCase(helper_, "families/f-nowhere/cases/c-nowhere").status());
  // To the officer, a family that never had one.
  const auto none =
      Get(region_.auditor, absl::StrCat("families/", region_.family, "/emergencies/e-nowhere"));
  EXPECT_THAT(none, Refused());
  EXPECT_EQ(none.status(),
            Get(region_.auditor, "families/f-nowhere/emergencies/e-nowhere").status());
}

TEST_F(EmergencyTest, R20RepeatingTheSameOpeningOpensNothingTwice) {
  consent::v1::OpenEmergencyRequest request = Asked(region_.family);
  request.set_request_id(region_.RequestId());
  ASSERT_OK_AND_ASSIGN(const auto first,
                       Consent<consent::v1::Emergency>("OpenEmergency", helper_, request));
  ASSERT_OK_AND_ASSIGN(const auto again,
                       Consent<consent::v1::Emergency>("OpenEmergency", helper_, request));
  EXPECT_EQ(again.name(), first.name());
  EXPECT_TRUE(again.reason().empty());
  ASSERT_EQ(Inbox(helper_).size(), 1u) << "and their own list says which case";
  EXPECT_EQ(Inbox(helper_)[0].case_name(), region_.case_name);
}

TEST_F(EmergencyTest, R25TheFamilySeesItAfterTheReview) {
  ASSERT_OK_AND_ASSIGN(const consent::v1::Emergency opened, Open(helper_));
  ASSERT_OK(region_.GetCase(helper_));
  region_.clock().Advance(absl::Hours(3));
  ASSERT_OK(Get(region_.auditor, opened.name()));
  EXPECT_EQ(EmergenciesInFamilysLog(), 0);
  ASSERT_OK(Review(region_.auditor, opened.name(), true));
  EXPECT_EQ(EmergenciesInFamilysLog(), 4) << "opened, read, looked into and reviewed";
}

TEST_F(EmergencyTest, R25TheFamilySeesItAfterFourteenDaysWhateverTheOfficerDid) {
  ASSERT_OK(Open(helper_));
  region_.clock().Advance(absl::Hours(14 * 24) - absl::Seconds(1));
  EXPECT_EQ(EmergenciesInFamilysLog(), 0);
  region_.clock().Advance(absl::Seconds(2));
  EXPECT_EQ(EmergenciesInFamilysLog(), 1);
}

TEST_F(EmergencyTest, R20ItIsInForceAfterARestartAndSoIsItsReview) {
  ASSERT_OK_AND_ASSIGN(const consent::v1::Emergency opened, Open(helper_));
  ASSERT_OK(region_.Start());
  EXPECT_OK(region_.GetCase(helper_));
  EXPECT_EQ(Inbox(region_.auditor).size(), 1u);
  ASSERT_OK(Review(region_.auditor, opened.name(), false));
  ASSERT_OK(region_.Start());
  EXPECT_THAT(region_.GetCase(helper_), Refused());
}

}  // namespace
}  // namespace knooppunt::integration
