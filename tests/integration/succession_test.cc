// A case is never without who leads it (R1), whoever leaves and in what order, in a whole region:
// the directory ends employments, access works out who leads, the dossier shows and changes it.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "knooppunt/audit/v1/audit.pb.h"
#include "knooppunt/directory/v1/directory.pb.h"
#include "knooppunt/directory/v1/werkplaats.pb.h"
#include "knooppunt/worklist/v1/worklist.pb.h"
#include "tests/integration/region_testing.h"

namespace knooppunt::integration {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kCasework[] = "casework.v1.CaseworkService/";
constexpr char kSchool[] = "organisations/mosalira";

// The consultant leads and the nurse stands in; the IB opened the case. At the school work a
// contact of the werkplaats and a colleague behind them, neither at this table.
class SuccessionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(region_.Start());
    region_.Furnish();
    region_.SeatTheNurse();
    region_.Share("organisations/maastricht");
    region_.Seat(region_.consultant);
    casework::v1::AppointRegisseurRequest appoint;
    appoint.set_name(region_.case_name);
    appoint.set_seat(SeatOf(region_.consultant));
    appoint.set_stand_in_seat(SeatOf(region_.nurse));
    casework::v1::Regisseur answer;
    ASSERT_OK(
        region_.Call(region_.ib, absl::StrCat(kCasework, "AppointRegisseur"), appoint, &answer));
    ASSERT_OK(region_.AddNote("Sem rekent beter."));
    contact_ = region_.Hire("contact");
    backup_ = region_.Hire("backup");
    directory::v1::ReplaceContactRequest name;
    name.set_name(absl::StrCat(Seen().werkplaats(), "/profile"));
    name.mutable_contact()->set_organisation(kSchool);
    name.mutable_contact()->set_function(common::v1::FUNCTION_INTERN_BEGELEIDER);
    name.mutable_contact()->set_professional(contact_.claims.subject());
    name.mutable_contact()->set_stand_in(backup_.claims.subject());
    directory::v1::WerkplaatsProfile profile;
    ASSERT_OK(region_.Call(region_.admin, "directory.v1.WerkplaatsService/ReplaceContact", name,
                           &profile));
  }
  int Leave(const Caller& who, int in_days = 0) {
    directory::v1::EndEmploymentRequest end;
    end.set_name(who.claims.subject());
    end.set_organisation(who.claims.organisation());
    end.set_end_date(region_.Day(in_days));
    directory::v1::Professional left;
    EXPECT_OK(
        region_.Call(region_.admin, "directory.v1.DirectoryService/EndEmployment", end, &left));
    return left.cases_without_successor();
  }
  casework::v1::Case Seen() {
    auto seen = region_.GetCase(region_.ib);
    EXPECT_OK(seen);
    return *std::move(seen);
  }
  std::string SeatOf(const Caller& who, const casework::v1::Case& seen) {
    std::string seat;
    for (const casework::v1::Participant& p : seen.participants()) {
      if (p.professional() == who.claims.subject()) seat = p.seat();
    }
    return seat;
  }
  std::string SeatOf(const Caller& who) { return SeatOf(who, Seen()); }
  std::vector<std::string> Tasks(const Caller& who) {
    access::v1::ListLapsesRequest req;
    req.set_parent(absl::StrCat("families/", region_.family));
    access::v1::ListLapsesResponse answer;
    EXPECT_OK(region_.Call(who, "access.v1.AccessService/ListLapses", req, &answer));
    std::vector<std::string> out;
    for (const access::v1::Task& t : answer.tasks()) {
      out.push_back(absl::StrCat(access::v1::TaskKind_Name(t.kind()), " ", t.due_date()));
    }
    return out;
  }
  casework::v1::ListCasesResponse Listed(const Caller& who) {
    casework::v1::ListCasesResponse list;
    EXPECT_OK(region_.Call(who, absl::StrCat(kCasework, "ListCases"),
                           casework::v1::ListCasesRequest(), &list));
    return list;
  }
  absl::StatusOr<casework::v1::Participant> TakeOver(const Caller& who) {
    casework::v1::TakeOverCaseRequest req;
    req.set_name(region_.case_name);
    casework::v1::Participant seat;
    const absl::Status s = region_.Call(who, absl::StrCat(kCasework, "TakeOverCase"), req, &seat);
    if (!s.ok()) return s;
    return seat;
  }
  absl::StatusOr<casework::v1::Responsibility> Reach(const Caller& who) {
    casework::v1::GetResponsibilityRequest req;
    req.set_name(region_.case_name);
    casework::v1::Responsibility answer;
    const absl::Status s =
        region_.Call(who, absl::StrCat(kCasework, "GetResponsibility"), req, &answer);
    if (!s.ok()) return s;
    return answer;
  }

  Region region_;
  Caller contact_, backup_;
};

TEST_F(SuccessionTest, R1BothWhoWereNamedLeaveAndTheWerkplaatsLeadsAtThatInstant) {
  EXPECT_EQ(Leave(region_.nurse), 0) << "the regisseur is there still";
  EXPECT_EQ(Seen().regisseur().seat(), SeatOf(region_.consultant));
  EXPECT_EQ(Seen().regisseur().stand_in_seat(), "");
  EXPECT_THAT(Tasks(region_.consultant),
              Contains(absl::StrCat("TASK_KIND_NAME_STAND_IN ", region_.Day(0))));
  EXPECT_THAT(Tasks(region_.ib), Contains(absl::StrCat("TASK_KIND_NAME_STAND_IN ", region_.Day(0))))
      << "the organisation that answers is told too";

  EXPECT_EQ(Leave(region_.consultant), 1) << "a warning, and a number only";
  const casework::v1::Case seen = Seen();
  EXPECT_EQ(seen.regisseur().seat(), SeatOf(region_.ib, seen));
  EXPECT_EQ(seen.regisseur().organisation(), "");
  EXPECT_THAT(Tasks(region_.ib),
              Contains(absl::StrCat("TASK_KIND_APPOINT_REGISSEUR ", region_.Day(0))));
  EXPECT_THAT(region_.GetCase(region_.consultant), Refused());
}

TEST_F(SuccessionTest, R1TheStandInLeadsAndBothSidesHaveTheTask) {
  EXPECT_EQ(Leave(region_.consultant), 0);
  EXPECT_EQ(Seen().regisseur().seat(), SeatOf(region_.nurse));
  const std::string task = absl::StrCat("TASK_KIND_APPOINT_REGISSEUR ", region_.Day(0));
  EXPECT_THAT(Tasks(region_.nurse), Contains(task));
  EXPECT_THAT(Tasks(region_.ib), Contains(task));
}

TEST_F(SuccessionTest, R1APlannedEndMakesTheTaskAheadOfTime) {
  EXPECT_THAT(Tasks(region_.consultant), IsEmpty());
  EXPECT_EQ(Leave(region_.nurse, 45), 0);
  const std::string stand_in = absl::StrCat("TASK_KIND_NAME_STAND_IN ", region_.Day(45));
  EXPECT_THAT(Tasks(region_.consultant), Contains(stand_in));
  EXPECT_THAT(Tasks(region_.ib), Contains(stand_in));
  EXPECT_EQ(Leave(region_.consultant, 30), 0);
  EXPECT_THAT(Tasks(region_.ib),
              Contains(absl::StrCat("TASK_KIND_APPOINT_REGISSEUR ", region_.Day(30))));
  EXPECT_EQ(Seen().regisseur().seat(), SeatOf(region_.consultant)) << "nothing has changed yet";
}

TEST_F(SuccessionTest, R1R13AWithdrawalOfConsentPassesTheLeadOnBeforeTheCallReturns) {
  const std::string consent = [&] {
    consent::v1::ListConsentsRequest req;
    req.set_parent(absl::StrCat("families/", region_.family));
    consent::v1::ListConsentsResponse list;
    EXPECT_OK(region_.Call(region_.ib, "consent.v1.ConsentService/ListConsents", req, &list));
    for (const consent::v1::Consent& c : list.consents()) {
      if (c.recipient() == "organisations/maastricht") return c.name();
    }
    return std::string();
  }();
  ASSERT_OK(region_.Withdraw(consent, region_.mother));
  EXPECT_EQ(Seen().regisseur().seat(), SeatOf(region_.nurse));
  casework::v1::AppointRegisseurRequest appoint;
  appoint.set_name(region_.case_name);
  appoint.set_seat(SeatOf(region_.ib));
  appoint.set_stand_in_seat(SeatOf(region_.nurse));
  casework::v1::Regisseur answer;
  const std::string method = absl::StrCat(kCasework, "AppointRegisseur");
  EXPECT_THAT(region_.Call(region_.consultant, method, appoint, &answer), Refused());
  ASSERT_OK(region_.Call(region_.nurse, method, appoint, &answer));
  EXPECT_EQ(answer.seat(), appoint.seat());
}

TEST_F(SuccessionTest, R16R18TheContactFindsTheCaseSeesWhoAndNoMoreUntilTheyTakeItOver) {
  EXPECT_THAT(Listed(contact_).cases(), IsEmpty());
  EXPECT_THAT(TakeOver(contact_), Refused());
  Leave(region_.nurse);
  Leave(region_.consultant);
  EXPECT_THAT(Listed(contact_).cases(), IsEmpty()) << "the IB leads";
  EXPECT_EQ(Leave(region_.ib), 0) << "not one of the two who were named";

  const casework::v1::ListCasesResponse list = Listed(contact_);
  ASSERT_THAT(list.cases(), SizeIs(1));
  EXPECT_EQ(list.cases(0).name(), region_.case_name);
  EXPECT_EQ(list.cases(0).regisseur().organisation(), kSchool);
  EXPECT_EQ(list.cases(0).regisseur().acting(), contact_.claims.subject());
  EXPECT_THAT(list.cases(0).persons(), IsEmpty());
  EXPECT_THAT(Listed(backup_).cases(), IsEmpty()) << "one acts, not two";

  worklist::v1::ListWorklistRequest work;
  worklist::v1::ListWorklistResponse todo;
  ASSERT_OK(region_.Call(contact_, "worklist.v1.WorklistService/ListWorklist", work, &todo));
  ASSERT_THAT(todo.entries(), SizeIs(1));
  EXPECT_THAT(todo.entries(0).text_nl(), HasSubstr("neem deze casus over"));

  EXPECT_THAT(region_.GetCase(contact_), Refused());
  const auto reach = Reach(contact_);
  ASSERT_OK(reach);
  EXPECT_EQ(reach->organisation(), kSchool);
  ASSERT_THAT(reach->persons(), SizeIs(1));
  EXPECT_EQ(reach->persons(0).given_name(), "Sem");
  EXPECT_THAT(Reach(backup_), Refused());
  EXPECT_THAT(Reach(region_.stranger), Refused());

  absl::StatusOr<casework::v1::Participant> seat = absl::UnknownError("not asked");
  const auto records = RecordsOf(region_, "dossier", [&] { seat = TakeOver(contact_); });
  ASSERT_OK(seat);
  EXPECT_EQ(records.size(), 1u) << "R22";
  EXPECT_EQ(seat->role(), access::v1::SEAT_ROLE_WERKPLAATS);
  const auto read = region_.GetCase(contact_);
  ASSERT_OK(read);
  EXPECT_EQ(read->regisseur().seat(), seat->seat());
  EXPECT_THAT(read->contributions(), SizeIs(1)) << "the school's own record (R11)";
  EXPECT_THAT(Tasks(contact_), Contains(absl::StrCat("TASK_KIND_NAME_STAND_IN ", region_.Day(0))));
  EXPECT_THAT(TakeOver(contact_), Refused()) << "somebody leads";
  EXPECT_THAT(Reach(contact_), Refused());

  Require(region_.process().host("dossier")->shipper().Flush(absl::Seconds(10)), "ship");
  audit::v1::ListRecordsRequest ask;
  ask.set_parent(absl::StrCat("families/", region_.family));
  ask.set_page_size(200);
  audit::v1::ListRecordsResponse log;
  ASSERT_OK(region_.Call(region_.mother, "audit.v1.AuditService/ListRecords", ask, &log));
  const auto found = std::find_if(log.records().begin(), log.records().end(), [](const auto& r) {
    return absl::EndsWith(r.who().method(), "/TakeOverCase") && r.who().outcome() == "OK";
  });
  ASSERT_NE(found, log.records().end());
  EXPECT_THAT(found->text_nl(), HasSubstr("de casus over, omdat niemand"));
}

TEST_F(SuccessionTest, R37TheContactLeavesTooAndTheirStandInActsAtOnce) {
  for (const Caller& who : {region_.nurse, region_.consultant, region_.ib, contact_}) Leave(who);
  EXPECT_THAT(Listed(backup_).cases(), SizeIs(1));
  Leave(backup_);
  const Caller next = region_.Hire("next");
  EXPECT_THAT(Listed(next).cases(), SizeIs(1)) << "whoever holds the function there";
  ASSERT_OK(TakeOver(next));
  EXPECT_OK(region_.GetCase(next));
}

TEST_F(SuccessionTest, R1ACaseThatIsHeldSurvivesARestart) {
  for (const Caller& who : {region_.nurse, region_.consultant, region_.ib}) Leave(who);
  region_.Stop();
  ASSERT_OK(region_.Start());
  EXPECT_THAT(Listed(contact_).cases(), SizeIs(1));
  ASSERT_OK(TakeOver(contact_));
  EXPECT_THAT(Listed(backup_).cases(), IsEmpty());
}

TEST_F(SuccessionTest, R21WhoEndsAnEmploymentLearnsANumberAndNoCase) {
  Leave(region_.nurse);
  directory::v1::EndEmploymentRequest end;
  end.set_name(region_.consultant.claims.subject());
  end.set_organisation("organisations/maastricht");
  end.set_end_date(region_.Day(10));
  directory::v1::Professional left;
  ASSERT_OK(region_.Call(region_.admin, "directory.v1.DirectoryService/EndEmployment", end, &left));
  EXPECT_EQ(left.cases_without_successor(), 1);
  EXPECT_THAT(left.DebugString(), Not(HasSubstr(region_.family)));
  EXPECT_THAT(region_.GetCase(region_.admin), Refused());
}

}  // namespace
}  // namespace knooppunt::integration
