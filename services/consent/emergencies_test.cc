// Emergency access over a real database, decided by the real engine and policy (R20).

#include "absl/strings/str_cat.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/status_testing.h"
#include "services/consent/emergency_alarm.h"
#include "services/consent/emergency_store.h"
#include "services/dossier/testing.h"

namespace knooppunt::consent {
namespace {

using absl::StatusCode;
using dossier::testing::Caller;
using dossier::testing::Journey;
using ::knooppunt::testing::IsOk;
using ::knooppunt::testing::StatusIs;
using ::testing::_;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kReason[] = "Sem vertelt dat hij vannacht niet naar huis durft.";

template <typename T>
std::string Reason(const absl::StatusOr<T>& s) {
  return base::ReasonOf(s.status());
}

class EmergenciesTest : public ::testing::Test {
 protected:
  EmergenciesTest() {
    j.Open();
    officer = Officer("professionals/officer");
    helper = j.stranger.For(common::v1::PURPOSE_EMERGENCY);
  }
  Caller Officer(const std::string& id) {
    return j.office
        .AddProfessional(id, "organisations/maastricht", common::v1::FUNCTION_PRIVACY_OFFICER,
                         "Frits Gerards")
        .For(common::v1::PURPOSE_AUDIT);
  }
  v1::OpenEmergencyRequest Asked(const std::string& family) const {
    v1::OpenEmergencyRequest req;
    req.set_parent(absl::StrCat("families/", family));
    req.set_meldcode_step(4);
    req.set_reason(kReason);
    req.set_hours(2);
    return req;
  }
  absl::StatusOr<v1::Emergency> Open(const Caller& who) {
    return j.office.Consent<v1::Emergency>("OpenEmergency", who, Asked(j.family));
  }
  absl::StatusOr<v1::Emergency> Get(const Caller& who, const std::string& name) {
    v1::GetEmergencyRequest req;
    req.set_name(name);
    return j.office.Consent<v1::Emergency>("GetEmergency", who, req);
  }
  absl::StatusOr<v1::Emergency> Review(const Caller& who, const std::string& name, bool justified) {
    v1::ReviewEmergencyRequest req;
    req.set_name(name);
    req.set_justified(justified);
    req.set_outcome("Nagegaan met de jeugdarts.");
    return j.office.Consent<v1::Emergency>("ReviewEmergency", who, req);
  }
  std::vector<v1::Emergency> List(const Caller& who, bool reviewed = false) {
    v1::ListEmergenciesRequest req;
    req.set_reviewed(reviewed);
    const auto list = j.office.Consent<v1::ListEmergenciesResponse>("ListEmergencies", who, req);
    EXPECT_OK(list);
    if (!list.ok()) return {};
    return {list->emergencies().begin(), list->emergencies().end()};
  }
  absl::StatusOr<casework::v1::Case> Read(const Caller& who) {
    casework::v1::GetCaseRequest req;
    req.set_name(j.case_name);
    return j.office.Casework<casework::v1::Case>("GetCase", who, req);
  }

  Journey j;
  Caller officer, helper;
};

TEST_F(EmergenciesTest, R20OpenReadAndItIsInTheInbox) {
  EXPECT_THAT(Read(helper), StatusIs(StatusCode::kPermissionDenied, _));
  ASSERT_OK_AND_ASSIGN(const v1::Emergency opened, Open(helper));
  EXPECT_EQ(opened.case_name(), j.case_name);
  EXPECT_EQ(opened.end_time().seconds() - opened.start_time().seconds(), 2 * 3600);
  EXPECT_EQ(opened.compartments_size(), 5);
  EXPECT_TRUE(opened.audit_subject().empty());
  ASSERT_OK_AND_ASSIGN(const casework::v1::Case read, Read(helper));
  EXPECT_FALSE(read.persons().empty());

  const auto inbox = List(officer);
  ASSERT_THAT(inbox, SizeIs(1));
  EXPECT_EQ(inbox[0].name(), opened.name());
  EXPECT_EQ(inbox[0].professional(), "professionals/stranger");
  EXPECT_EQ(inbox[0].organisation(), "organisations/maastricht");
  EXPECT_EQ(inbox[0].function(), common::v1::FUNCTION_MUNICIPAL_CONSULTANT);
  EXPECT_EQ(inbox[0].meldcode_step(), 4);
  EXPECT_FALSE(inbox[0].audit_subject().empty());
  EXPECT_FALSE(inbox[0].overdue());
  EXPECT_TRUE(inbox[0].reason().empty()) << "the list holds nothing that was typed";
  EXPECT_TRUE(inbox[0].case_name().empty());
}

TEST_F(EmergenciesTest, R20TheReasonIsForTheReviewer) {
  ASSERT_OK_AND_ASSIGN(const v1::Emergency opened, Open(helper));
  ASSERT_OK_AND_ASSIGN(const v1::Emergency seen, Get(officer, opened.name()));
  EXPECT_EQ(seen.reason(), kReason);
  EXPECT_FALSE(seen.audit_subject().empty());
  EXPECT_THAT(Get(helper, opened.name()), StatusIs(StatusCode::kPermissionDenied, _));
  EXPECT_THAT(Get(j.ib, opened.name()), StatusIs(StatusCode::kPermissionDenied, _));
}

TEST_F(EmergenciesTest, R18AnotherEmergencyOfTheFamilyIsNotThere) {
  ASSERT_OK(Open(helper));
  EXPECT_THAT(Get(officer, absl::StrCat("families/", j.family, "/emergencies/e-none")),
              StatusIs(StatusCode::kNotFound, _));
  EXPECT_THAT(Get(officer, j.case_name), StatusIs(StatusCode::kInvalidArgument, _));
}

TEST_F(EmergenciesTest, R20NothingIsOpenWhenTheRequestIsWrong) {
  v1::OpenEmergencyRequest req = Asked(j.family);
  req.set_reason("spoed");
  EXPECT_EQ(Reason(j.office.Consent<v1::Emergency>("OpenEmergency", helper, req)),
            "R20_REASON_TOO_SHORT");
  EXPECT_THAT(Read(helper), StatusIs(StatusCode::kPermissionDenied, _));
  EXPECT_THAT(List(officer), IsEmpty());
}

TEST_F(EmergenciesTest, R20ASecondOpenOneIsRefused) {
  ASSERT_OK(Open(helper));
  EXPECT_EQ(Reason(Open(helper)), "R20_OPEN_ALREADY");
  EXPECT_THAT(List(officer), SizeIs(1));
  j.office.clock().Advance(absl::Hours(2));
  EXPECT_THAT(Read(helper), StatusIs(StatusCode::kPermissionDenied, _));
  EXPECT_OK(Open(helper)) << "once the first has ended";
}

TEST_F(EmergenciesTest, R20AFewADayAndNoMore) {
  for (int i = 0; i < limits::kEmergenciesPerProfessionalPerDay; ++i) {
    ASSERT_OK(Open(helper)) << i;
    j.office.clock().Advance(absl::Hours(2));
  }
  EXPECT_EQ(Reason(Open(helper)), "R20_TOO_MANY_EMERGENCIES");
  EXPECT_OK(Open(j.nurse.For(common::v1::PURPOSE_EMERGENCY))) << "a colleague may";
  j.office.clock().Advance(absl::Hours(24) - absl::Hours(6) + absl::Seconds(1));
  EXPECT_OK(Open(helper)) << "a day after the first";
}

TEST_F(EmergenciesTest, R20UnjustifiedEndsItBeforeTheReviewAnswers) {
  ASSERT_OK_AND_ASSIGN(const v1::Emergency opened, Open(helper));
  EXPECT_EQ(Reason(Review(officer, opened.name(), true)), "R20_STILL_OPEN");
  ASSERT_OK_AND_ASSIGN(const v1::Emergency reviewed, Review(officer, opened.name(), false));
  EXPECT_EQ(reviewed.reviewer(), "professionals/officer");
  EXPECT_EQ(reviewed.end_time().seconds(), absl::ToUnixSeconds(j.office.clock().Now()));
  EXPECT_THAT(Read(helper), StatusIs(StatusCode::kPermissionDenied, _));
  EXPECT_EQ(Reason(Review(officer, opened.name(), true)), "R20_REVIEWED_ALREADY");
  EXPECT_THAT(List(officer), IsEmpty());
  ASSERT_THAT(List(officer, /*reviewed=*/true), SizeIs(1));
  EXPECT_FALSE(List(officer, /*reviewed=*/true)[0].justified());
}

// One who is a privacy officer too, and changes hats.
TEST_F(EmergenciesTest, R20WhoOpenedItDoesNotReviewItInAnotherFunction) {
  ASSERT_OK_AND_ASSIGN(const v1::Emergency opened, Open(helper));
  access::v1::FunctionTerm* term = j.office.professional("professionals/stranger").add_functions();
  term->set_organisation("organisations/maastricht");
  term->set_function(common::v1::FUNCTION_PRIVACY_OFFICER);
  term->set_start_date("2020-01-01");
  Caller other_hat = helper.For(common::v1::PURPOSE_AUDIT);
  other_hat.claims.set_function(common::v1::FUNCTION_PRIVACY_OFFICER);
  EXPECT_EQ(Reason(Review(other_hat, opened.name(), false)), "R20_OWN_EMERGENCY");
  j.office.clock().Advance(absl::Hours(2));
  EXPECT_EQ(Reason(Review(other_hat, opened.name(), true)), "R20_OWN_EMERGENCY");
  EXPECT_OK(Review(officer, opened.name(), true));
}

TEST_F(EmergenciesTest, R20WhoOpenedSeesTheirOwnAndNoOthers) {
  ASSERT_OK_AND_ASSIGN(const v1::Emergency opened, Open(helper));
  const Caller nurse = j.nurse.For(common::v1::PURPOSE_EMERGENCY);
  EXPECT_THAT(List(nurse), IsEmpty());
  ASSERT_THAT(List(helper), SizeIs(1));
  EXPECT_EQ(List(helper)[0].case_name(), j.case_name);
  EXPECT_TRUE(List(helper)[0].audit_subject().empty());
  j.office.clock().Advance(absl::Hours(2));
  ASSERT_OK(Review(officer, opened.name(), true));
  EXPECT_THAT(List(helper), IsEmpty());
  ASSERT_THAT(List(helper, /*reviewed=*/true), SizeIs(1));
  EXPECT_TRUE(List(helper, /*reviewed=*/true)[0].justified());
}

TEST_F(EmergenciesTest, R20TheInboxIsOldestFirst) {
  ASSERT_OK_AND_ASSIGN(const v1::Emergency first, Open(helper));
  j.office.clock().Advance(absl::Minutes(5));
  ASSERT_OK_AND_ASSIGN(const v1::Emergency second,
                       Open(j.nurse.For(common::v1::PURPOSE_EMERGENCY)));
  ASSERT_OK(Review(officer, first.name(), false));
  const auto all = List(officer, /*reviewed=*/true);
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all[0].name(), first.name());
  EXPECT_EQ(all[1].name(), second.name());
}

TEST_F(EmergenciesTest, R20AnOverdueReviewShowsAndSoundsOncePerHour) {
  ASSERT_OK_AND_ASSIGN(const v1::Emergency opened, Open(helper));
  EmergencyAlarm alarm;
  const auto sound = [&] {
    const auto said = alarm.Sound(j.office.database(), j.office.clock().Now());
    EXPECT_OK(said);
    return said.ok() ? *said : -1;
  };
  EXPECT_EQ(sound(), 0);
  j.office.clock().Advance(absl::Hours(limits::kEmergencyReviewHours));
  EXPECT_TRUE(List(officer)[0].overdue());
  EXPECT_EQ(sound(), 1);
  EXPECT_EQ(sound(), 0) << "said a moment ago";
  j.office.clock().Advance(absl::Hours(1));
  EXPECT_EQ(sound(), 1);
  ASSERT_OK(Open(helper));
  j.office.clock().Advance(absl::Hours(limits::kEmergencyReviewHours));
  EXPECT_EQ(sound(), 2);
  ASSERT_OK(Review(officer, opened.name(), true));
  j.office.clock().Advance(absl::Hours(1));
  EXPECT_EQ(sound(), 1);
  for (const v1::Emergency& e : List(officer)) ASSERT_OK(Review(officer, e.name(), true));
  j.office.clock().Advance(absl::Hours(1));
  EXPECT_EQ(sound(), 0);
}

TEST_F(EmergenciesTest, R3ASearchForAnEmergencyGivesTheFamilyAndNotWhomToAsk) {
  casework::v1::SearchFamiliesRequest req;
  req.set_family_name("van der Zanden");
  req.set_birth_date(j.OpenRequest().persons(0).birth_date());
  const auto search = [&](const Caller& who) {
    return j.office.Casework<casework::v1::SearchFamiliesResponse>("SearchFamilies", who, req);
  };
  ASSERT_OK_AND_ASSIGN(const auto emergency, search(helper));
  EXPECT_TRUE(emergency.found());
  EXPECT_EQ(emergency.family(), absl::StrCat("families/", j.family));
  EXPECT_TRUE(emergency.ask().empty());
  EXPECT_TRUE(emergency.ask_organisation().empty());
  ASSERT_OK_AND_ASSIGN(const auto coordination, search(j.ib));
  EXPECT_TRUE(coordination.found());
  EXPECT_TRUE(coordination.family().empty());
  EXPECT_FALSE(coordination.ask().empty());
  EXPECT_THAT(search(j.nurse), StatusIs(StatusCode::kPermissionDenied, _))
      << "who opens no cases searches for an emergency only";
  req.set_family_name("Niemand");
  ASSERT_OK_AND_ASSIGN(const auto nobody, search(helper));
  EXPECT_FALSE(nobody.found());
  EXPECT_TRUE(nobody.family().empty());
}

TEST_F(EmergenciesTest, R20TheInboxAndTheAlarmSurviveARestart) {
  ASSERT_OK(Open(helper));
  j.office.Reopen();
  EXPECT_THAT(List(officer), SizeIs(1));
  EXPECT_OK(Read(helper));
}

}  // namespace
}  // namespace knooppunt::consent
