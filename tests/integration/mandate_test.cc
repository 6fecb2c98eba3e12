// Mandates and deputies across the whole region (R1, R6, R39): the directory changes them, access
// decides on them, the dossier binds by them.
#include "base/status.h"
#include "knooppunt/directory/v1/directory.pb.h"
#include "tests/integration/region_testing.h"

namespace knooppunt::integration {
namespace {

using casework::v1::Participant;
using casework::v1::Step;
using directory::v1::Professional;

constexpr char kMaastricht[] = "organisations/maastricht";

// The consultant leads with the nurse behind them; the city has a mandate holder, and a second
// consultant with no seat.
class MandateTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(region_.Start());
    region_.Furnish();
    region_.SeatTheNurse();
    region_.Share(kMaastricht);
    region_.Seat(region_.consultant);
    director_ = region_.admin;
    director_.claims.set_subject("professionals/director");
    director_.claims.set_function(common::v1::FUNCTION_MANDATE_HOLDER);
    directory::v1::CreateProfessionalRequest create;
    create.mutable_professional()->set_name("professionals/director");
    create.mutable_professional()->set_display_name("Dirk Baas");
    create.mutable_professional()->set_login("dev|director");
    access::v1::FunctionTerm* term = create.mutable_professional()->add_functions();
    term->set_organisation(kMaastricht);
    term->set_function(common::v1::FUNCTION_MANDATE_HOLDER);
    term->set_start_date(region_.Day(-30));
    ASSERT_OK(Directory(region_.admin, "CreateProfessional", create));
    casework::v1::AppointRegisseurRequest appoint;
    appoint.set_name(region_.case_name);
    appoint.set_seat(SeatOf(region_.consultant));
    appoint.set_stand_in_seat(SeatOf(region_.nurse));
    ASSERT_OK(Casework<casework::v1::Regisseur>(region_.ib, "AppointRegisseur", appoint));
  }

  absl::StatusOr<Professional> Directory(const Caller& who, const std::string& method,
                                         const google::protobuf::Message& request) {
    Professional answer;
    KP_RETURN_IF_ERROR(
        region_.Call(who, "directory.v1.DirectoryService/" + method, request, &answer));
    return answer;
  }
  template <typename Answer>
  absl::StatusOr<Answer> Casework(const Caller& who, const std::string& method,
                                  const google::protobuf::Message& request) {
    Answer answer;
    KP_RETURN_IF_ERROR(
        region_.Call(who, "casework.v1.CaseworkService/" + method, request, &answer));
    return answer;
  }
  casework::v1::Case Seen() {
    auto seen = region_.GetCase(region_.ib);
    EXPECT_OK(seen);
    return *std::move(seen);
  }
  Participant At(const std::string& professional) {
    const casework::v1::Case seen = Seen();
    for (const Participant& p : seen.participants()) {
      if (p.professional() == professional) return p;
    }
    return {};
  }
  std::string SeatOf(const Caller& who) { return At(who.claims.subject()).seat(); }

  access::v1::Mandate Mandate(int64_t limit_cents) {
    access::v1::Mandate m;
    m.set_organisation(kMaastricht);
    m.add_means(common::v1::MEANS_SCHOOL_SOCIAL_WORK);
    m.set_limit_cents(limit_cents);
    m.set_start_date(region_.Day(0));
    return m;
  }
  // Issues a mandate that may be delegated to the second consultant, who gives it on to the one
  // at the table. Returns its name.
  std::string DelegateToTheTable() {
    directory::v1::IssueMandateRequest issue;
    issue.set_parent("professionals/stranger");
    *issue.mutable_mandate() = Mandate(150'000);
    issue.mutable_mandate()->set_delegable(true);
    const auto issued = Directory(director_, "IssueMandate", issue);
    EXPECT_OK(issued);
    directory::v1::DelegateMandateRequest delegate;
    delegate.set_name(issued->mandates(0).name());
    delegate.set_to("professionals/consultant");
    *delegate.mutable_mandate() = Mandate(100'000);
    EXPECT_OK(Directory(region_.stranger, "DelegateMandate", delegate));
    return issued->mandates(0).name();
  }
  // A meeting that agrees a step of 900 euro, committed by the consultant.
  Step Commit() {
    common::v1::Label label = region_.Note("").contribution().label();
    casework::v1::PlanMeetingRequest plan;
    plan.set_parent(region_.case_name);
    plan.set_date(region_.Day(0));
    *plan.mutable_label() = label;
    const auto meeting = Casework<casework::v1::Meeting>(region_.ib, "PlanMeeting", plan);
    EXPECT_OK(meeting);
    casework::v1::ConcludeMeetingRequest conclude;
    conclude.set_name(meeting->name());
    conclude.set_parents_absent_reason("Ziek, en akkoord vooraf.");
    conclude.set_parents_agreed(true);
    casework::v1::NewStep* step = conclude.add_steps();
    step->set_text("Zes gesprekken op school.");
    step->set_owner_seat(SeatOf(region_.ib));
    step->set_due_date(region_.Day(14));
    *step->mutable_label() = label;
    step->mutable_commitment()->set_means(common::v1::MEANS_SCHOOL_SOCIAL_WORK);
    step->mutable_commitment()->set_amount_cents(90'000);
    step->mutable_commitment()->set_committed_by("professionals/consultant");
    step->mutable_commitment()->set_funding(common::v1::FUNDING_JEUGDWET);
    const auto concluded = Casework<casework::v1::Meeting>(region_.ib, "ConcludeMeeting", conclude);
    EXPECT_OK(concluded);
    return StepNamed(concluded->steps(0));
  }
  Step StepNamed(const std::string& name) {
    const casework::v1::Case seen = Seen();
    for (const Step& s : seen.steps()) {
      if (s.name() == name) return s;
    }
    ADD_FAILURE() << "no such step";
    return {};
  }
  absl::StatusOr<Participant> Deputise(const Caller& by, const std::string& seat,
                                       const Caller& deputy, int days) {
    casework::v1::ArrangeDeputyRequest request;
    request.set_name(region_.case_name);
    request.set_seat(seat);
    request.set_professional(deputy.claims.subject());
    request.set_end_date(region_.Day(days));
    return Casework<Participant>(by, "ArrangeDeputy", request);
  }
  void EndEmployment(const Caller& who) {
    directory::v1::EndEmploymentRequest end;
    end.set_name(who.claims.subject());
    end.set_organisation(who.claims.organisation());
    end.set_end_date(region_.Day(0));
    ASSERT_OK(Directory(region_.admin, "EndEmployment", end));
  }

  Region region_;
  Caller director_;
};

TEST_F(MandateTest, R6DelegatedItBindsAndWhenItsSourceIsRevokedItBindsNoMore) {
  const std::string source = DelegateToTheTable();
  ASSERT_EQ(At("professionals/consultant").mandates_size(), 1);
  EXPECT_EQ(At("professionals/consultant").mandates(0).delegated_from(), source);
  const Step bound = Commit();
  EXPECT_EQ(bound.state(), casework::v1::STEP_STATE_BINDING) << bound.proposal_reason();
  directory::v1::RevokeMandateRequest revoke;
  revoke.set_name(source);
  ASSERT_OK(Directory(director_, "RevokeMandate", revoke));
  EXPECT_EQ(At("professionals/consultant").mandates_size(), 0);
  const Step proposed = Commit();
  EXPECT_EQ(proposed.state(), casework::v1::STEP_STATE_PROPOSED);
  EXPECT_EQ(StepNamed(bound.name()).state(), casework::v1::STEP_STATE_BINDING);
  EXPECT_EQ(StepNamed(bound.name()).mandate(), bound.mandate()) << "frozen with its version";

  casework::v1::DecideStepRequest decide;
  decide.set_name(proposed.name());
  decide.set_bind(true);
  EXPECT_THAT(Casework<Step>(region_.consultant, "DecideStep", decide),
              Fails(absl::StatusCode::kFailedPrecondition, "R6_MANDATE_DOES_NOT_COVER"));
  directory::v1::IssueMandateRequest issue;
  issue.set_parent("professionals/consultant");
  *issue.mutable_mandate() = Mandate(90'000);
  ASSERT_OK(Directory(director_, "IssueMandate", issue));
  ASSERT_OK(Casework<Step>(region_.consultant, "DecideStep", decide));
  EXPECT_EQ(StepNamed(proposed.name()).state(), casework::v1::STEP_STATE_BINDING);
}

TEST_F(MandateTest, R6WhenTheGiverLeavesWhatTheyGaveEnds) {
  DelegateToTheTable();
  EndEmployment(region_.stranger);
  EXPECT_EQ(At("professionals/consultant").mandates_size(), 0);
  EXPECT_EQ(Commit().state(), casework::v1::STEP_STATE_PROPOSED);
}

TEST_F(MandateTest, R1EndOfEmploymentEndsTheSeatAndTheStandInLeads) {
  const std::string seat = SeatOf(region_.consultant);
  EXPECT_EQ(Seen().regisseur().seat(), seat);
  EndEmployment(region_.consultant);
  EXPECT_EQ(At("professionals/consultant").state(), access::v1::SEAT_STATE_ENDED);
  EXPECT_EQ(Seen().regisseur().seat(), SeatOf(region_.nurse));
  EXPECT_THAT(region_.GetCase(region_.consultant), Refused());
  casework::v1::ListCasesResponse list;
  ASSERT_OK(region_.Call(region_.ib, "casework.v1.CaseworkService/ListCases",
                         casework::v1::ListCasesRequest(), &list));
  EXPECT_EQ(list.cases(0).regisseur().seat(), SeatOf(region_.nurse));
}

TEST_F(MandateTest, R39ADeputyReadsWithinTheGroundsAndNotAfterThePeriod) {
  EXPECT_THAT(region_.GetCase(region_.stranger), Refused());
  ASSERT_OK(Deputise(region_.consultant, SeatOf(region_.consultant), region_.stranger, 14));
  ASSERT_OK_AND_ASSIGN(const casework::v1::Case by_deputy, region_.GetCase(region_.stranger));
  ASSERT_OK_AND_ASSIGN(const casework::v1::Case by_holder, region_.GetCase(region_.consultant));
  EXPECT_EQ(by_deputy.etag(), by_holder.etag()) << "the very same view";
  EXPECT_EQ(At("professionals/stranger").deputises(), SeatOf(region_.consultant));
  region_.clock().Advance(absl::Hours(24 * 14));
  EXPECT_THAT(region_.GetCase(region_.stranger),
              ::knooppunt::testing::StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_OK(region_.GetCase(region_.consultant));
}

TEST_F(MandateTest, R39ADeputyLeavesWithWhoTheyDeputiseFor) {
  ASSERT_OK(Deputise(region_.ib, SeatOf(region_.consultant), region_.stranger, 14));
  EXPECT_OK(region_.GetCase(region_.stranger));
  EndEmployment(region_.consultant);
  EXPECT_FALSE(region_.GetCase(region_.stranger).ok());
}

TEST_F(MandateTest, R39NoDeputyFromAnotherOrganisationOrFunction) {
  EXPECT_THAT(Deputise(region_.ib, SeatOf(region_.nurse), region_.stranger, 14),
              Fails(absl::StatusCode::kFailedPrecondition, "NOT_A_COLLEAGUE"));
  EXPECT_THAT(Deputise(region_.ib, SeatOf(region_.consultant), region_.auditor, 14),
              Fails(absl::StatusCode::kFailedPrecondition, "NOT_A_COLLEAGUE"))
      << "the same organisation, another function";
  EXPECT_THAT(region_.GetCase(region_.stranger), Refused());
}

}  // namespace
}  // namespace knooppunt::integration
