// What passes to the youth at 18, and what is left to know for whoever is responsible when access
// goes (R16), over a real database and decided by the real engine.

#include "absl/strings/str_cat.h"
#include "base/date.h"
#include "services/casework/service_testing.h"

namespace knooppunt::casework {
namespace {

using absl::StatusCode;
using ::knooppunt::testing::StatusIs;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// A case about Lotte alone, who is 18 on 2 May 2031 and logs in herself.
class YouthTest : public CaseworkServiceTest {
 protected:
  YouthTest() {
    v1::OpenCaseRequest req = j.OpenRequest();
    req.set_children(0, "sibling");
    Open(req);
  }
  void Open(const v1::OpenCaseRequest& req) {
    const auto opened = j.office.Casework<v1::Case>("OpenCase", j.ib, req);
    ASSERT_OK(opened);
    j.case_name = opened->name();
    j.family = j.case_name.substr(9, j.case_name.find("/cases/") - 9);
    const auto& persons = j.office.facts(j.family).persons();
    j.child = persons[0].id();
    j.sibling = persons[1].id();
    j.mother_id = persons[2].id();
    j.father_id = persons[3].id();
  }
  void On(const char* day) {
    j.office.clock().Set(base::StartOf(*base::ParseDate(day)) + absl::Hours(9));
  }
  static Caller Own(const Caller& who) { return who.For(common::v1::PURPOSE_OWN_FILE); }
  v1::CloseCaseRequest Closing() const {
    v1::CloseCaseRequest req;
    req.set_name(j.case_name);
    req.set_kind(v1::CLOSE_KIND_ADULT);
    req.set_outcome("Ik ga het zelf doen. Dank voor de hulp.");
    req.mutable_label()->mutable_about()->add_persons(j.sibling);
    req.mutable_label()->set_compartment(common::v1::COMPARTMENT_EDUCATION);
    req.mutable_label()->set_regime(common::v1::REGIME_EDUCATION);
    return req;
  }
  absl::StatusOr<v1::Case> Close(const Caller& who, const v1::CloseCaseRequest& req) {
    return j.office.Casework<v1::Case>("CloseCase", who, req);
  }
};

TEST_F(YouthTest, R16WhoIsEighteenClosesTheirOwnCaseInTheirOwnWords) {
  On("2031-05-01");
  EXPECT_THAT(Close(Own(j.sibling_account), Closing()),
              StatusIs(StatusCode::kPermissionDenied, "no-rule-for-family"));
  On("2031-05-02");
  EXPECT_THAT(Close(Own(j.mother), Closing()),
              StatusIs(StatusCode::kPermissionDenied, "no-rule-for-family"));
  ASSERT_OK_AND_ASSIGN(const v1::Case closed, Close(Own(j.sibling_account), Closing()));
  EXPECT_EQ(closed.state(), access::v1::CASE_STATE_CLOSED);
  EXPECT_EQ(closed.outcome(), "Ik ga het zelf doen. Dank voor de hulp.");
  EXPECT_EQ(j.office.case_fact(j.case_name).closed_by(), j.sibling);
  EXPECT_EQ(Reason(Close(Own(j.sibling_account), Closing())), "FORBIDDEN_TRANSITION");
}

TEST_F(YouthTest, R16TheClosingWordsAreAboutTheYouthAndNobodyElse) {
  On("2031-05-02");
  v1::CloseCaseRequest req = Closing();
  req.mutable_label()->mutable_about()->set_family(true);
  EXPECT_EQ(Reason(Close(Own(j.sibling_account), req)), "R16_CLOSING_IS_ABOUT_YOU");
  req = Closing();
  req.mutable_label()->mutable_about()->set_persons(0, j.mother_id);
  EXPECT_THAT(Close(Own(j.sibling_account), req),
              StatusIs(StatusCode::kPermissionDenied, "label-not-covered"));
  req = Closing();
  req.clear_outcome();
  EXPECT_EQ(Reason(Close(Own(j.sibling_account), req)), "INVALID_FIELD");
  EXPECT_EQ(j.office.case_fact(j.case_name).state(), access::v1::CASE_STATE_OPEN);
}

TEST_F(YouthTest, R16OnlyTheTableReopensWhatTheYouthClosed) {
  On("2031-05-02");
  ASSERT_OK(Close(Own(j.sibling_account), Closing()));
  v1::ReopenCaseRequest req;
  req.set_name(j.case_name);
  req.set_reason("Toch nog een vraag.");
  *req.mutable_label() = Closing().label();
  EXPECT_THAT(j.office.Casework<v1::Case>("ReopenCase", Own(j.sibling_account), req),
              StatusIs(StatusCode::kPermissionDenied, "no-rule-for-family"));
}

TEST_F(YouthTest, R16TheTableClosesAsBeforeAndNobodyStandsAsWhoDid) {
  On("2031-05-02");
  ASSERT_OK(Close(j.ib, Closing()));
  EXPECT_EQ(j.office.case_fact(j.case_name).closed_by(), "");
}

class YouthOfTwoTest : public YouthTest {
 protected:
  YouthOfTwoTest() {
    // The same family as another would open it elsewhere: a case about both children.
    v1::OpenCaseRequest req = j.OpenRequest();
    for (auto& p : *req.mutable_persons()) {
      p.set_family_name("Houben");
      if (!p.account().empty()) p.set_account(absl::StrCat(p.account(), "-2"));
    }
    req.add_children("sibling");
    Open(req);
  }
};

TEST_F(YouthOfTwoTest, R16ACaseThatIsAlsoAboutAnotherIsNotTheYouthsToClose) {
  On("2031-05-02");
  const Caller youth = dossier::testing::Office::Account("accounts/sibling-2");
  EXPECT_THAT(Close(Own(youth), Closing()),
              StatusIs(StatusCode::kPermissionDenied, "no-rule-for-family"));
}

// The consultant leads and the nurse stands in, both on the parents' consent.
class ResponsibilityTest : public CaseworkServiceTest {
 protected:
  ResponsibilityTest() {
    Start();
    j.Activate();
  }
  absl::StatusOr<v1::Responsibility> Ask(const Caller& who) {
    v1::GetResponsibilityRequest req;
    req.set_name(j.case_name);
    return j.office.Casework<v1::Responsibility>("GetResponsibility", who, req);
  }
  void WithdrawFor(const std::string& recipient) {
    const access::v1::FamilyFacts facts = j.office.facts(j.family);
    for (const access::v1::ConsentFact& c : facts.consents()) {
      if (c.recipient() != recipient) continue;
      consent::v1::WithdrawConsentRequest req;
      req.set_name(absl::StrCat("families/", j.family, "/consents/", c.id()));
      ASSERT_OK(j.office.Consent<consent::v1::Consent>("WithdrawConsent", j.father, req));
    }
  }
};

TEST_F(ResponsibilityTest, R16AfterTheRegisseurAndTheStandInOnlyWhoAndSinceWhenIsLeft) {
  EXPECT_THAT(Ask(j.nurse), StatusIs(StatusCode::kPermissionDenied, "no-seat"));
  WithdrawFor("organisations/jgz");
  EXPECT_THAT(Ask(j.nurse), StatusIs(StatusCode::kPermissionDenied, "no-seat"))
      << "the regisseur still has access";
  j.office.clock().Advance(absl::Hours(30));
  WithdrawFor("organisations/maastricht");
  const int64_t since = absl::ToUnixSeconds(j.office.clock().Now());
  j.office.clock().Advance(absl::Hours(50));

  ASSERT_OK_AND_ASSIGN(const v1::Responsibility left, Ask(j.nurse));
  EXPECT_EQ(left.organisation(), "organisations/jgz");
  EXPECT_EQ(left.start_time().seconds(), since);
  ASSERT_THAT(left.persons(), SizeIs(1));
  EXPECT_EQ(left.persons(0).given_name(), "Sem");
  EXPECT_EQ(left.persons(0).name(), absl::StrCat("families/", j.family, "/persons/", j.child));
  // R22: the record names whom it was about.
  EXPECT_THAT(j.office.touched().persons, ::testing::ElementsAre(j.child));
}

TEST_F(ResponsibilityTest, R16NothingElseIsRead) {
  ASSERT_OK(Contribute(j.ib, j.Education(), "Sem rekent beter."));
  WithdrawFor("organisations/jgz");
  WithdrawFor("organisations/maastricht");
  ASSERT_OK(Ask(j.nurse));
  EXPECT_THAT(TryGet(j.nurse), StatusIs(StatusCode::kPermissionDenied, "no-sharing"));
  const auto list = [&](const char* method, auto req, auto resp) {
    req.set_parent(absl::StrCat("families/", j.family));
    return j.office.Consent<decltype(resp)>(method, j.nurse, req).status();
  };
  EXPECT_THAT(
      list("ListConsents", consent::v1::ListConsentsRequest(), consent::v1::ListConsentsResponse()),
      StatusIs(StatusCode::kPermissionDenied, "no-sharing"));
  v1::SearchFamiliesRequest search;
  search.set_family_name("van der Zanden");
  search.set_birth_date("2015-03-14");
  EXPECT_THAT(j.office.Casework<v1::SearchFamiliesResponse>("SearchFamilies", j.nurse, search),
              StatusIs(StatusCode::kPermissionDenied));
}

TEST_F(ResponsibilityTest, R16OnlyASeatOfTheStandInsOrganisationAndOnlyForCoordination) {
  WithdrawFor("organisations/jgz");
  WithdrawFor("organisations/maastricht");
  EXPECT_THAT(Ask(j.consultant), StatusIs(StatusCode::kPermissionDenied, "no-seat"));
  EXPECT_THAT(Ask(j.ib), StatusIs(StatusCode::kPermissionDenied, "no-seat"));
  EXPECT_THAT(Ask(j.stranger), StatusIs(StatusCode::kPermissionDenied, "no-seat"));
  EXPECT_THAT(Ask(j.nurse.For(common::v1::PURPOSE_HANDOVER)),
              StatusIs(StatusCode::kPermissionDenied, "no-rule-for-purpose"));
  EXPECT_THAT(Ask(Caller(j.mother).For(common::v1::PURPOSE_OWN_FILE)),
              StatusIs(StatusCode::kPermissionDenied, "no-rule-for-family"));
  const Caller colleague = j.office.AddProfessional("professionals/nurse2", "organisations/jgz",
                                                    common::v1::FUNCTION_JGZ_NURSE, "Anja Meijs");
  EXPECT_THAT(Ask(colleague), StatusIs(StatusCode::kPermissionDenied, "no-seat"))
      << "who has no place at this table";
}

TEST_F(ResponsibilityTest, R16ANewConsentOrAppointmentEndsIt) {
  WithdrawFor("organisations/jgz");
  WithdrawFor("organisations/maastricht");
  ASSERT_OK(Ask(j.nurse));
  j.Share({.recipient = "organisations/jgz", .compartments = {common::v1::COMPARTMENT_EDUCATION}});
  EXPECT_THAT(Ask(j.nurse), StatusIs(StatusCode::kPermissionDenied, "no-seat"))
      << "reads the case again, as a party at the table";
  EXPECT_OK(TryGet(j.nurse));
}

}  // namespace
}  // namespace knooppunt::casework
