// Children out of school (R34), over a real database and decided by the real engine.
#include "services/casework/service_testing.h"

namespace knooppunt::casework {
namespace {

using absl::StatusCode;
using ::knooppunt::testing::StatusIs;
using ::testing::_;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class OutOfSchoolTest : public CaseworkServiceTest {
 protected:
  v1::ReportOutOfSchoolRequest Report() const {
    v1::ReportOutOfSchoolRequest req;
    req.set_parent(j.case_name);
    v1::OutOfSchool& a = *req.mutable_absence();
    a.set_child(j.child);
    a.set_since_date("2026-10-05");
    a.set_kind(v1::OUT_OF_SCHOOL_KIND_UNAUTHORISED);
    a.set_enrolled(true);
    a.set_school("werkplaatsen/manjefiek");
    a.set_goal("Na de kerst elke dag naar de eigen klas.");
    *a.mutable_label() = j.Education();
    return req;
  }
  absl::StatusOr<v1::OutOfSchool> Send(const Caller& who, const v1::ReportOutOfSchoolRequest& req) {
    return j.office.Call<v1::OutOfSchool>("casework.v1.OutOfSchoolService", "ReportOutOfSchool",
                                          who, req);
  }
  absl::StatusOr<v1::OutOfSchool> Advance(const Caller& who, const std::string& name,
                                          v1::OutOfSchoolState state, const std::string& text) {
    v1::AdvanceOutOfSchoolRequest req;
    req.set_name(name);
    req.set_state(state);
    req.set_text(text);
    return j.office.Call<v1::OutOfSchool>("casework.v1.OutOfSchoolService", "AdvanceOutOfSchool",
                                          who, req);
  }
};

TEST_F(OutOfSchoolTest, R34TheRecordKeepsSinceWhenTheKindTheSchoolAndTheWayBack) {
  Start();
  const auto reported = Send(j.ib, Report());
  ASSERT_OK(reported);
  EXPECT_EQ(reported->state(), v1::OUT_OF_SCHOOL_STATE_REPORTED);
  EXPECT_EQ(reported->duty(), "leerplicht");
  EXPECT_EQ(reported->label().controller(), "organisations/mosalira");
  ASSERT_THAT(reported->changes(), SizeIs(1));
  EXPECT_EQ(reported->changes(0).author(), "professionals/ib");

  const std::string name = reported->name();
  ASSERT_OK(Advance(j.ib, name, v1::OUT_OF_SCHOOL_STATE_PLAN_BACK, "Eerst drie ochtenden."));
  ASSERT_OK(Advance(j.ib, name, v1::OUT_OF_SCHOOL_STATE_RETURNING, "Maandag was hij er."));
  EXPECT_EQ(Reason(Advance(j.ib, name, v1::OUT_OF_SCHOOL_STATE_REPORTED, "Nee.")),
            "R34_FORBIDDEN_STATE");
  ASSERT_OK(Advance(j.ib, name, v1::OUT_OF_SCHOOL_STATE_BACK, "Elke dag, de hele dag."));

  const v1::Case seen = j.Get(j.ib);
  ASSERT_THAT(seen.absences(), SizeIs(1));
  const v1::OutOfSchool& absence = seen.absences(0);
  EXPECT_EQ(absence.since_date(), "2026-10-05");
  EXPECT_EQ(absence.kind(), v1::OUT_OF_SCHOOL_KIND_UNAUTHORISED);
  EXPECT_TRUE(absence.enrolled());
  EXPECT_EQ(absence.school(), "werkplaatsen/manjefiek");
  EXPECT_EQ(absence.goal(), "Na de kerst elke dag naar de eigen klas.");
  EXPECT_EQ(absence.state(), v1::OUT_OF_SCHOOL_STATE_BACK);
  EXPECT_THAT(absence.changes(), SizeIs(4));
  EXPECT_EQ(j.Get(j.mother).absences_size(), 1) << "the parents follow it too";
}

TEST_F(OutOfSchoolTest, R34WhatIsNoAbsenceInThisSenseIsRefusedWithTheReason) {
  Start();
  v1::ReportOutOfSchoolRequest req = Report();
  req.mutable_absence()->set_since_date("2026-11-01");
  EXPECT_EQ(Reason(Send(j.ib, req)), "R34_NOT_YET_FOUR_WEEKS");
  req.mutable_absence()->set_enrolled(false);
  req.set_ill_beyond_doubt(true);
  EXPECT_EQ(Reason(Send(j.ib, req)), "R34_ILL_BEYOND_DOUBT");
  req = Report();
  req.mutable_absence()->set_school("werkplaatsen/nergens");
  EXPECT_EQ(Reason(Send(j.ib, req)), "R34_UNKNOWN_SCHOOL");
  req = Report();
  req.mutable_absence()->clear_kind();
  EXPECT_THAT(Send(j.ib, req), StatusIs(StatusCode::kInvalidArgument, _));
  req = Report();
  req.mutable_absence()->clear_goal();
  EXPECT_THAT(Send(j.ib, req), StatusIs(StatusCode::kInvalidArgument, _)) << "the way back is it";
  req = Report();
  req.mutable_absence()->set_child(j.sibling);
  *req.mutable_absence()->mutable_label()->mutable_about()->mutable_persons(0) = j.sibling;
  EXPECT_THAT(Send(j.ib, req), StatusIs(StatusCode::kInvalidArgument, _)) << "not of this case";
  req = Report();
  req.mutable_absence()->mutable_label()->mutable_about()->set_persons(0, j.sibling);
  EXPECT_THAT(Send(j.ib, req), StatusIs(StatusCode::kInvalidArgument, _)) << "R38: about the child";
  req = Report();
  req.mutable_absence()->clear_label();
  EXPECT_FALSE(Send(j.ib, req).ok());
  EXPECT_THAT(j.Get(j.ib).absences(), IsEmpty()) << "nothing half-written";
}

TEST_F(OutOfSchoolTest, R34OneAtATimeAndAnotherOnceItIsOver) {
  Start();
  const auto first = Send(j.ib, Report());
  ASSERT_OK(first);
  EXPECT_EQ(Reason(Send(j.ib, Report())), "R34_ALREADY_REPORTED");
  ASSERT_OK(Advance(j.ib, first->name(), v1::OUT_OF_SCHOOL_STATE_ENDED, "Verhuisd."));
  EXPECT_OK(Send(j.ib, Report()));
}

TEST_F(OutOfSchoolTest, R34TheWerkplaatsAndTheRegisseurReportAndOthersDoNot) {
  Start();
  j.Activate();
  EXPECT_THAT(Send(j.nurse, Report()), StatusIs(StatusCode::kPermissionDenied, "no-seat"))
      << "the stand-in is not regisseur";
  EXPECT_THAT(Send(j.mother, Report()),
              StatusIs(StatusCode::kPermissionDenied, "no-rule-for-family"));
  EXPECT_THAT(Send(j.stranger, Report()), StatusIs(StatusCode::kPermissionDenied, "no-seat"));
  const auto reported = Send(j.ib, Report());
  ASSERT_OK(reported);
  EXPECT_OK(
      Advance(j.consultant, reported->name(), v1::OUT_OF_SCHOOL_STATE_PLAN_BACK, "Zo gaan we."))
      << "the regisseur, on the family's consent";
}

TEST_F(OutOfSchoolTest, R18ARecordOfAnotherCaseAndNoneAtAllLookAlike) {
  Start();
  const std::string none = j.case_name + "/absences/absence-0";
  EXPECT_THAT(Advance(j.ib, none, v1::OUT_OF_SCHOOL_STATE_BACK, "Ja."),
              StatusIs(StatusCode::kNotFound, _));
  const auto reported = Send(j.ib, Report());
  ASSERT_OK(reported);
  const std::string id = reported->name().substr(reported->name().rfind('/') + 1);
  const std::string elsewhere = "families/" + j.family + "/cases/c-other/absences/" + id;
  EXPECT_FALSE(Advance(j.ib, elsewhere, v1::OUT_OF_SCHOOL_STATE_BACK, "Ja.").ok());
}

}  // namespace
}  // namespace knooppunt::casework
