// What passes to the youth at 18, and what is left when access goes (R16), in a whole region: who
// closes, who is told, who is responsible and what that opens.
#include <algorithm>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/date.h"
#include "knooppunt/audit/v1/audit.pb.h"
#include "security/crypto/hash.h"
#include "tests/integration/region_testing.h"

namespace knooppunt::integration {
namespace {

using absl::StatusCode;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class YouthTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(region_.Start());
    region_.Furnish();
    OpenForTheYouth();
  }
  // A second family: Lotte, who is 18 tomorrow and logs in herself, and her mother.
  void OpenForTheYouth() {
    casework::v1::OpenCaseRequest req = region_.OpenRequest();
    const base::Date today = base::DateOf(region_.Now());
    const base::Date birth = base::Date(today.year() - 18, today.month(), today.day()) + 1;
    req.clear_gezag();
    req.mutable_persons()->DeleteSubrange(3, 1);
    req.mutable_persons()->DeleteSubrange(0, 1);
    casework::v1::NewPerson& youth = *req.mutable_persons(0);
    youth.set_family_name("Houben");
    youth.set_birth_date(base::FormatDate(birth));
    youth.set_account("accounts/lotte");
    req.mutable_persons(1)->set_account("accounts/moeder-2");
    casework::v1::NewGezag* gezag = req.add_gezag();
    gezag->set_holder_key("mother");
    gezag->set_over_key("sibling");
    req.set_children(0, "sibling");
    casework::v1::Case opened;
    ASSERT_OK(region_.Call(region_.ib, "casework.v1.CaseworkService/OpenCase", req, &opened));
    case_ = opened.name();
    family_ = case_.substr(0, case_.find("/cases/"));
    subject_ = opened.audit_subject();
    youth_id_ = opened.children(0);
    youth_ = region_.mother;
    youth_.claims.set_subject("accounts/lotte");
    mother_ = region_.mother;
    mother_.claims.set_subject("accounts/moeder-2");
  }
  casework::v1::CloseCaseRequest Closing() const {
    casework::v1::CloseCaseRequest req;
    req.set_name(case_);
    req.set_kind(casework::v1::CLOSE_KIND_ADULT);
    req.set_outcome("Ik ga het zelf doen.");
    req.mutable_label()->mutable_about()->add_persons(youth_id_);
    req.mutable_label()->set_compartment(common::v1::COMPARTMENT_EDUCATION);
    req.mutable_label()->set_regime(common::v1::REGIME_EDUCATION);
    return req;
  }
  absl::Status Close(const Caller& who) {
    casework::v1::Case closed;
    return region_.Call(who, "casework.v1.CaseworkService/CloseCase", Closing(), &closed);
  }
  std::vector<access::v1::TaskKind> Tasks(const Caller& who) {
    access::v1::ListLapsesRequest req;
    req.set_parent(family_);
    access::v1::ListLapsesResponse answer;
    EXPECT_OK(region_.Call(who, "access.v1.AccessService/ListLapses", req, &answer));
    std::vector<access::v1::TaskKind> kinds;
    for (const access::v1::Task& t : answer.tasks()) kinds.push_back(t.kind());
    return kinds;
  }
  std::vector<audit::v1::Record> Log(const Caller& who, const std::string& parent) {
    Require(region_.process().host("dossier")->shipper().Flush(absl::Seconds(10)), "ship");
    audit::v1::ListRecordsRequest request;
    request.set_parent(parent);
    request.set_page_size(200);
    audit::v1::ListRecordsResponse response;
    EXPECT_OK(region_.Call(who, "audit.v1.AuditService/ListRecords", request, &response));
    return {response.records().begin(), response.records().end()};
  }

  Region region_;
  std::string case_, family_, subject_, youth_id_;
  Caller youth_, mother_;
};

TEST_F(YouthTest, R16TheYouthClosesOnTheBirthdayAndNotADayBefore) {
  EXPECT_THAT(Close(youth_), Refused());
  region_.clock().Advance(absl::Hours(24));
  EXPECT_THAT(Close(mother_), Refused()) << "whose gezag ended that night";
  EXPECT_THAT(Tasks(region_.ib), Not(Contains(access::v1::TASK_KIND_ROUND_OFF)));
  const auto records = RecordsOf(region_, "dossier", [&] { ASSERT_OK(Close(youth_)); });
  EXPECT_EQ(records.size(), 1u);

  const auto read = region_.GetCase(region_.ib, case_);
  ASSERT_OK(read);
  EXPECT_EQ(read->state(), access::v1::CASE_STATE_CLOSED);
  EXPECT_THAT(read->outcome(), HasSubstr("Ik ga het zelf doen."));
  const auto log = Log(region_.auditor, absl::StrCat("subjects/", subject_));
  const auto closing = std::find_if(log.rbegin(), log.rend(), [](const audit::v1::Record& r) {
    return absl::EndsWith(r.who().method(), "/CloseCase") && r.who().allowed();
  });
  ASSERT_NE(closing, log.rend());
  const audit::v1::RecordWho& who = closing->who();
  EXPECT_EQ(who.rule(), "youth-close");
  EXPECT_EQ(who.person(), youth_id_);
  EXPECT_EQ(who.outcome(), "OK");
}

// R18: what the youth alone agreed to is theirs; asking why somebody at the table may look is no
// way around the list of consents, nor is the log.
TEST_F(YouthTest, R18AParentIsNotToldOfTheYouthsConsentByAskingWhy) {
  casework::v1::InviteParticipantRequest invite;
  invite.set_parent(case_);
  invite.set_professional(region_.nurse.claims.subject());
  invite.set_organisation(region_.nurse.claims.organisation());
  invite.set_function(region_.nurse.claims.function());
  invite.set_role(access::v1::SEAT_ROLE_CORE_PARTNER);
  casework::v1::Participant seat;
  ASSERT_OK(
      region_.Call(region_.ib, "casework.v1.CaseworkService/InviteParticipant", invite, &seat));
  const auto explain = [&](const Caller& who) {
    access::v1::ExplainRequest request;
    request.set_resource(case_);
    request.set_permission("case.read");
    request.set_seat(seat.seat());
    access::v1::ExplainResponse answer;
    EXPECT_OK(region_.Call(who, "access.v1.AccessService/Explain", request, &answer));
    return answer;
  };
  const std::string before = explain(mother_).SerializeAsString();
  consent::v1::ProposeConsentRequest propose;
  propose.set_parent(family_);
  consent::v1::Consent& c = *propose.mutable_consent();
  c.mutable_about()->add_persons(youth_id_);
  c.add_compartments(common::v1::COMPARTMENT_EDUCATION);
  c.add_purposes(common::v1::PURPOSE_COORDINATION);
  c.set_recipient(region_.nurse.claims.organisation());
  c.set_start_date(region_.Day(0));
  c.set_end_date(region_.Day(300));
  c.set_wording("De JGZ mag lezen wat de school over mij vastlegt.");
  consent::v1::Consent proposed;
  ASSERT_OK(
      region_.Call(region_.ib, "consent.v1.ConsentService/ProposeConsent", propose, &proposed));
  consent::v1::SignConsentRequest sign;
  sign.set_name(proposed.name());
  sign.set_wording_sha256(crypto::HexEncode(crypto::Sha256(c.wording())));
  consent::v1::Consent signed_one;
  ASSERT_OK(region_.Call(youth_, "consent.v1.ConsentService/SignConsent", sign, &signed_one));
  casework::v1::JoinCaseRequest join;
  join.set_name(case_);
  ASSERT_OK(region_.Call(region_.nurse, "casework.v1.CaseworkService/JoinCase", join, &seat));

  EXPECT_TRUE(explain(youth_).allowed()) << "whose consent it is";
  const access::v1::ExplainResponse after = explain(mother_);
  EXPECT_FALSE(after.allowed());
  EXPECT_THAT(after.SerializeAsString(), Not(HasSubstr(signed_one.name())));
  EXPECT_FALSE(before.empty());
  for (const audit::v1::Record& r : Log(mother_, family_)) {
    for (const std::string& basis : r.about().bases()) {
      EXPECT_THAT(basis, Not(HasSubstr("consent"))) << r.text_nl();
    }
    EXPECT_THAT(r.text_nl(), Not(HasSubstr("Op grond van: toestemming"))) << r.text_nl();
  }
}

TEST_F(YouthTest, R16TheTableIsToldToRoundOffForSixtyDays) {
  region_.clock().Advance(absl::Hours(24));
  ASSERT_OK(Close(youth_));
  EXPECT_THAT(Tasks(region_.ib), Contains(access::v1::TASK_KIND_ROUND_OFF));
  region_.clock().Advance(absl::Hours(24 * 60));
  EXPECT_THAT(Tasks(region_.ib), Contains(access::v1::TASK_KIND_ROUND_OFF));
  region_.clock().Advance(absl::Hours(25));
  EXPECT_THAT(Tasks(region_.ib), Not(Contains(access::v1::TASK_KIND_ROUND_OFF)));
}

TEST_F(YouthTest, R16ACaseThatTheTableClosedAsksNobodyToRoundOff) {
  ASSERT_OK(Close(region_.ib));
  EXPECT_THAT(Tasks(region_.ib), Not(Contains(access::v1::TASK_KIND_ROUND_OFF)));
}

// ---- Responsible, and no more -----------------------------------------------------------------

class ResponsibilityTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(region_.Start());
    region_.Furnish();
    for_nurse_ = region_.SeatTheNurse();
    for_consultant_ = region_.Share("organisations/maastricht");
    region_.Seat(region_.consultant);
    casework::v1::AppointRegisseurRequest appoint;
    appoint.set_name(region_.case_name);
    appoint.set_seat(SeatOf(region_.consultant));
    appoint.set_stand_in_seat(SeatOf(region_.nurse));
    casework::v1::Regisseur answer;
    ASSERT_OK(
        region_.Call(region_.ib, "casework.v1.CaseworkService/AppointRegisseur", appoint, &answer));
    ASSERT_OK(region_.AddNote("Sem rekent beter."));
  }
  std::string SeatOf(const Caller& who) {
    const auto read = region_.GetCase(region_.ib);
    Require(read.status(), "read the case");
    for (const casework::v1::Participant& p : read->participants()) {
      if (p.professional() == who.claims.subject()) return p.seat();
    }
    return "";
  }
  absl::StatusOr<casework::v1::Responsibility> Ask(const Caller& who) {
    casework::v1::GetResponsibilityRequest req;
    req.set_name(region_.case_name);
    casework::v1::Responsibility answer;
    const absl::Status s =
        region_.Call(who, "casework.v1.CaseworkService/GetResponsibility", req, &answer);
    if (!s.ok()) return s;
    return answer;
  }

  Region region_;
  std::string for_nurse_, for_consultant_;
};

TEST_F(ResponsibilityTest, R16TwoWithdrawalsLeaveWhoAndThatItIsResponsible) {
  EXPECT_THAT(Ask(region_.nurse), Refused());
  ASSERT_OK(region_.Withdraw(for_nurse_, region_.father));
  EXPECT_THAT(Ask(region_.nurse), Refused());
  region_.clock().Advance(absl::Hours(3));
  ASSERT_OK(region_.Withdraw(for_consultant_, region_.mother));
  const int64_t since = absl::ToUnixSeconds(region_.Now());
  region_.clock().Advance(absl::Hours(3));

  absl::StatusOr<casework::v1::Responsibility> left = absl::UnknownError("not asked");
  const auto records = RecordsOf(region_, "dossier", [&] { left = Ask(region_.nurse); });
  ASSERT_OK(left);
  EXPECT_EQ(left->organisation(), "organisations/jgz");
  EXPECT_EQ(left->start_time().seconds(), since);
  ASSERT_THAT(left->persons(), SizeIs(1));
  EXPECT_EQ(left->persons(0).given_name(), "Sem");
  ASSERT_EQ(records.size(), 1u) << "R22";
  EXPECT_EQ(records[0].tag, region_.audit_subject);

  // The record says on what it rested, and the family reads it.
  Require(region_.process().host("dossier")->shipper().Flush(absl::Seconds(10)), "ship");
  audit::v1::ListRecordsRequest request;
  request.set_parent(absl::StrCat("families/", region_.family));
  request.set_page_size(200);
  audit::v1::ListRecordsResponse log;
  ASSERT_OK(region_.Call(region_.mother, "audit.v1.AuditService/ListRecords", request, &log));
  const auto found = std::find_if(log.records().begin(), log.records().end(), [](const auto& r) {
    return absl::EndsWith(r.who().method(), "/GetResponsibility") && r.who().allowed();
  });
  ASSERT_NE(found, log.records().end());
  const audit::v1::Record& last = *found;
  EXPECT_EQ(last.who().rule(), "staff-responsible");
  EXPECT_THAT(last.about().about().persons(), ElementsAre(region_.child));
  EXPECT_THAT(last.text_nl(), HasSubstr("als verantwoordelijke organisatie"));
}

TEST_F(ResponsibilityTest, R16ItOpensNothingElse) {
  ASSERT_OK(region_.Withdraw(for_nurse_, region_.father));
  ASSERT_OK(region_.Withdraw(for_consultant_, region_.mother));
  ASSERT_OK(Ask(region_.nurse));
  EXPECT_THAT(region_.GetCase(region_.nurse), Refused());
  EXPECT_THAT(region_.GetCase(region_.consultant), Refused());
  for (const char* method :
       {"consent.v1.ConsentService/ListConsents", "consent.v1.ConsentService/ListGrounds"}) {
    consent::v1::ListConsentsRequest consents;
    consent::v1::ListConsentsResponse consents_answer;
    consent::v1::ListGroundsRequest grounds;
    consent::v1::ListGroundsResponse grounds_answer;
    const std::string parent = absl::StrCat("families/", region_.family);
    consents.set_parent(parent);
    grounds.set_parent(parent);
    if (absl::string_view(method).find("Consents") != absl::string_view::npos) {
      EXPECT_THAT(region_.Call(region_.nurse, method, consents, &consents_answer), Refused());
    } else {
      // Her own are hers to list; there are none.
      EXPECT_OK(region_.Call(region_.nurse, method, grounds, &grounds_answer));
      EXPECT_THAT(grounds_answer.grounds(), IsEmpty());
    }
  }
  // Of the list of cases: that, and who leads; nothing about whom.
  casework::v1::ListCasesResponse list;
  ASSERT_OK(region_.Call(region_.nurse, "casework.v1.CaseworkService/ListCases",
                         casework::v1::ListCasesRequest(), &list));
  ASSERT_THAT(list.cases(), SizeIs(1));
  EXPECT_THAT(list.cases(0).persons(), IsEmpty());
  EXPECT_THAT(list.cases(0).contributions(), IsEmpty());
}

TEST_F(ResponsibilityTest, R18AStrangerIsRefusedAlikeForACaseThatIsThereAndOneThatIsNot) {
  ASSERT_OK(region_.Withdraw(for_nurse_, region_.father));
  ASSERT_OK(region_.Withdraw(for_consultant_, region_.mother));
  const absl::Status there = Ask(region_.stranger).status();
  EXPECT_THAT(there, Refused());
  casework::v1::GetResponsibilityRequest req;
  req.set_name("families/f-none/cases/c-none");
  casework::v1::Responsibility answer;
  EXPECT_EQ(
      region_.Call(region_.stranger, "casework.v1.CaseworkService/GetResponsibility", req, &answer),
      there);
}

TEST_F(ResponsibilityTest, R16AnAppointmentOfWhoMayReadEndsIt) {
  ASSERT_OK(region_.Withdraw(for_nurse_, region_.father));
  ASSERT_OK(region_.Withdraw(for_consultant_, region_.mother));
  ASSERT_OK(Ask(region_.nurse));
  casework::v1::AppointRegisseurRequest appoint;
  appoint.set_name(region_.case_name);
  appoint.set_seat(SeatOf(region_.ib));
  appoint.set_stand_in_seat(SeatOf(region_.nurse));
  casework::v1::Regisseur answer;
  ASSERT_OK(
      region_.Call(region_.ib, "casework.v1.CaseworkService/AppointRegisseur", appoint, &answer));
  EXPECT_THAT(Ask(region_.nurse), Refused());
}

}  // namespace
}  // namespace knooppunt::integration
