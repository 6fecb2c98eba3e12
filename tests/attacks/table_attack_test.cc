// Who sits at the table and reaches for more than their seat gives: deputies (R39), mandates (R6),
// grounds (R15), and what an answer says beside what it shows (R18).
#include <algorithm>
#include <functional>

#include "absl/strings/match.h"
#include "tests/attacks/attack.h"

namespace knooppunt::attacks {
namespace {

constexpr char kCasework[] = "casework.v1.CaseworkService/";
constexpr char kConsent[] = "consent.v1.ConsentService/";
constexpr char kDirectory[] = "directory.v1.DirectoryService/";

class TableAttackTest : public AttackTest {
 protected:
  void Deputise(const Caller& by, const std::string& seat, const Caller& deputy,
                const std::string& reason) {
    casework::v1::ArrangeDeputyRequest request;
    request.set_name(region_.case_name);
    request.set_seat(seat);
    request.set_professional(deputy.claims.subject());
    request.set_end_date(region_.Day(14));
    if (reason.empty()) {
      Do<casework::v1::Participant>(by, absl::StrCat(kCasework, "ArrangeDeputy"), request);
      return;
    }
    Attack(by, absl::StrCat(kCasework, "ArrangeDeputy"), request,
           With(StatusCode::kFailedPrecondition, reason));
  }
  access::v1::Mandate Mandate() const {
    access::v1::Mandate m;
    m.set_organisation("organisations/maastricht");
    m.add_means(common::v1::MEANS_SCHOOL_SOCIAL_WORK);
    m.set_limit_cents(100'000);
    m.set_start_date(region_.Day(0));
    return m;
  }
  consent::v1::InvokeGroundRequest Ground() const {
    consent::v1::InvokeGroundRequest invoke;
    invoke.set_parent(Family());
    consent::v1::Ground& g = *invoke.mutable_ground();
    g.set_type("meldcode");
    g.mutable_about()->add_persons(region_.child);
    g.add_compartments(common::v1::COMPARTMENT_EDUCATION);
    g.add_purposes(common::v1::PURPOSE_COORDINATION);
    g.set_recipient("organisations/maastricht");
    g.set_start_date(region_.Day(0));
    g.set_end_date(region_.Day(30));
    g.set_reason("Zorgen over thuis.");
    g.set_family_told(true);
    return invoke;
  }
  void Invoke(const std::function<void(consent::v1::Ground*)>& change, StatusCode code,
              const std::string& reason) {
    consent::v1::InvokeGroundRequest request = Ground();
    change(request.mutable_ground());
    Attack(region_.ib, absl::StrCat(kConsent, "InvokeGround"), request, With(code, reason));
  }
};

TEST_F(TableAttackTest, A175R39DeputyFromElsewhereOrInAnotherFunction) {
  Activate();
  const Caller elsewhere = Employ("elsewhere", "ggd-noord", common::v1::FUNCTION_JGZ_NURSE);
  const Caller doctor = Employ("doctor", "jgz", common::v1::FUNCTION_JGZ_DOCTOR);
  Deputise(region_.ib, SeatOf(region_.nurse), elsewhere, "NOT_A_COLLEAGUE");
  Deputise(region_.ib, SeatOf(region_.nurse), doctor, "NOT_A_COLLEAGUE");
  AttackCase(elsewhere, RefusedBy("no-seat"));
}

TEST_F(TableAttackTest, A176R39PartnerArrangesADeputyForTheWerkplaats) {
  Activate();
  const Caller friends = Employ("friend", "mosalira", common::v1::FUNCTION_INTERN_BEGELEIDER);
  Deputise(region_.nurse, SeatOf(region_.ib), friends, "NOT_YOURS_TO_DEPUTISE");
  AttackCase(friends, RefusedBy("no-seat"));
}

TEST_F(TableAttackTest, A177R39DeputyArrangesADeputy) {
  Activate();
  const Caller second = Employ("second", "jgz", common::v1::FUNCTION_JGZ_NURSE);
  const Caller third = Employ("third", "jgz", common::v1::FUNCTION_JGZ_NURSE);
  Deputise(region_.nurse, SeatOf(region_.nurse), second, "");
  Deputise(second, SeatOf(second), third, "DEPUTY_NOT_DEPUTISED");
  AttackCase(third, RefusedBy("no-seat"));
}

TEST_F(TableAttackTest, A178R6MandateThatWasGivenOnIsGivenOnAgain) {
  const Caller director = Employ("director", "maastricht", common::v1::FUNCTION_MANDATE_HOLDER)
                              .For(common::v1::PURPOSE_ADMINISTRATION);
  const Caller third = Employ("third", "maastricht", common::v1::FUNCTION_MUNICIPAL_CONSULTANT);
  directory::v1::IssueMandateRequest issue;
  issue.set_parent(region_.stranger.claims.subject());
  *issue.mutable_mandate() = Mandate();
  issue.mutable_mandate()->set_delegable(true);
  const auto issued =
      Do<directory::v1::Professional>(director, absl::StrCat(kDirectory, "IssueMandate"), issue);
  directory::v1::DelegateMandateRequest delegate;
  delegate.set_name(issued.mandates(0).name());
  delegate.set_to(region_.consultant.claims.subject());
  *delegate.mutable_mandate() = Mandate();
  const auto given = Do<directory::v1::Professional>(
      region_.stranger, absl::StrCat(kDirectory, "DelegateMandate"), delegate);
  delegate.set_name(given.mandates(0).name());
  delegate.set_to(third.claims.subject());
  Stopped stopped = With(StatusCode::kFailedPrecondition, "DELEGATED_BEFORE");
  stopped.unit = "directory";
  Attack(region_.consultant, absl::StrCat(kDirectory, "DelegateMandate"), delegate, stopped);
  // Nor more than there was: an amount, a term.
  delegate.set_name(issued.mandates(0).name());
  delegate.mutable_mandate()->set_limit_cents(100'001);
  stopped.reason = "BEYOND_ITS_SOURCE";
  Attack(region_.stranger, absl::StrCat(kDirectory, "DelegateMandate"), delegate, stopped);
}

// Not refused: without a mandate it is a proposal, and nobody else may make it binding.
TEST_F(TableAttackTest, A179R6TableCommitsAnothersMeans) {
  Activate();
  const common::v1::Label label = region_.Note("").contribution().label();
  casework::v1::PlanMeetingRequest plan;
  plan.set_parent(region_.case_name);
  plan.set_date(region_.Day(0));
  *plan.mutable_label() = label;
  const auto meeting =
      Do<casework::v1::Meeting>(region_.ib, absl::StrCat(kCasework, "PlanMeeting"), plan);
  casework::v1::ConcludeMeetingRequest conclude;
  conclude.set_name(meeting.name());
  conclude.set_parents_absent_reason("Ziek, en akkoord vooraf.");
  conclude.set_parents_agreed(true);
  casework::v1::NewStep* step = conclude.add_steps();
  step->set_text("Zes gesprekken op school.");
  step->set_owner_seat(SeatOf(region_.ib));
  step->set_due_date(region_.Day(14));
  *step->mutable_label() = label;
  step->mutable_commitment()->set_means(common::v1::MEANS_SCHOOL_SOCIAL_WORK);
  step->mutable_commitment()->set_amount_cents(90'000);
  step->mutable_commitment()->set_committed_by(region_.consultant.claims.subject());
  step->mutable_commitment()->set_funding(common::v1::FUNDING_JEUGDWET);
  const auto concluded =
      Do<casework::v1::Meeting>(region_.ib, absl::StrCat(kCasework, "ConcludeMeeting"), conclude);
  ASSERT_OK_AND_ASSIGN(const casework::v1::Case seen, region_.GetCase(region_.ib));
  ASSERT_EQ(seen.steps_size(), 1);
  EXPECT_EQ(seen.steps(0).state(), casework::v1::STEP_STATE_PROPOSED);
  casework::v1::DecideStepRequest decide;
  decide.set_name(concluded.steps(0));
  decide.set_bind(true);
  Attack(region_.ib, absl::StrCat(kCasework, "DecideStep"), decide,
         With(StatusCode::kFailedPrecondition, "R6_NOT_YOUR_MEANS"));
  Attack(region_.consultant, absl::StrCat(kCasework, "DecideStep"), decide,
         With(StatusCode::kFailedPrecondition, "R6_MANDATE_DOES_NOT_COVER"));
}

TEST_F(TableAttackTest, A180R15GroundThatItsInvokerReviewsOrThatServesThem) {
  const auto own_review = [&](consent::v1::Ground* g) {
    g->set_family_told(false);
    g->set_not_told_reason("Dat is niet veilig.");
    g->set_reviewer(region_.ib.claims.subject());
    g->set_review_date(region_.Day(7));
  };
  Invoke(own_review, StatusCode::kInvalidArgument, "R15_REVIEWER_IS_INVOKER");
  Invoke([](consent::v1::Ground* g) { g->set_recipient("organisations/mosalira"); },
         StatusCode::kFailedPrecondition, "R15_NOT_FOR_YOURSELF");
}

TEST_F(TableAttackTest, A181R15GroundForYearsOfNoKindOrForNothing) {
  Invoke([&](consent::v1::Ground* g) { g->set_end_date(region_.Day(900)); },
         StatusCode::kInvalidArgument, "R15_TOO_LONG");
  Invoke([](consent::v1::Ground* g) { g->set_type("omdat-het-moet"); },
         StatusCode::kInvalidArgument, "R15_UNKNOWN_TYPE");
  Invoke([](consent::v1::Ground* g) { g->clear_compartments(); }, StatusCode::kInvalidArgument,
         "R15_EMPTY_MEANS_NOTHING");
  Invoke([](consent::v1::Ground* g) { g->clear_about(); }, StatusCode::kInvalidArgument,
         "R15_EMPTY_MEANS_NOTHING");
}

// Not refused: who wrote what one may read is named by what they are of the family.
TEST_F(TableAttackTest, A182R18ReaderLooksForWhoWroteIt) {
  Note(region_.father, "Sem leest liever thuis.");
  ASSERT_OK_AND_ASSIGN(const casework::v1::Case seen, region_.GetCase(region_.mother));
  ASSERT_EQ(seen.contributions_size(), 2);
  EXPECT_EQ(seen.contributions(1).author(), Family());
  EXPECT_EQ(seen.contributions(1).author_role(), access::v1::FAMILY_ROLE_PARENT);
  EXPECT_FALSE(absl::StrContains(seen.SerializeAsString(), region_.father_id));
}

// Not refused: of a consent that the youth alone gave, the parent's log keeps what kind of basis it
// was, and not which.
TEST_F(TableAttackTest, A183R18ParentLooksInTheLogForAConsentOfTheYouths) {
  const casework::v1::Case opened =
      OpenFamily(colleague_, {{.key = "youth",
                               .age_days = 17 * 366,
                               .role = access::v1::FAMILY_ROLE_CHILD,
                               .case_child = true},
                              {.key = "mum", .age_days = 14'000, .gezag_over = {"youth"}}});
  const std::string family = opened.name().substr(0, opened.name().find("/cases/"));
  consent::v1::ProposeConsentRequest proposal = Proposal("organisations/jgz");
  proposal.set_parent(family);
  proposal.mutable_consent()->mutable_about()->clear_persons();
  proposal.mutable_consent()->mutable_about()->set_family(true);
  const std::string consent =
      Do<consent::v1::Consent>(colleague_, absl::StrCat(kConsent, "ProposeConsent"), proposal)
          .name();
  Do<consent::v1::Consent>(Account("youth"), absl::StrCat(kConsent, "SignConsent"),
                           Signature(consent));
  casework::v1::InviteParticipantRequest invite;
  invite.set_parent(opened.name());
  invite.set_professional(region_.nurse.claims.subject());
  invite.set_organisation("organisations/jgz");
  invite.set_function(common::v1::FUNCTION_JGZ_NURSE);
  invite.set_role(access::v1::SEAT_ROLE_CORE_PARTNER);
  Do<casework::v1::Participant>(colleague_, absl::StrCat(kCasework, "InviteParticipant"), invite);
  casework::v1::JoinCaseRequest join;
  join.set_name(opened.name());
  Do<casework::v1::Participant>(region_.nurse, absl::StrCat(kCasework, "JoinCase"), join);
  casework::v1::AddContributionRequest note = region_.Note("Over het hele gezin.");
  note.set_parent(opened.name());
  note.mutable_contribution()->mutable_label()->mutable_about()->clear_persons();
  note.mutable_contribution()->mutable_label()->mutable_about()->set_family(true);
  Do<casework::v1::Contribution>(colleague_, absl::StrCat(kCasework, "AddContribution"), note);
  ASSERT_OK(region_.GetCase(region_.nurse, opened.name()));
  integration::Require(region_.process().host("dossier")->shipper().Flush(absl::Seconds(10)),
                       "ship");
  audit::v1::ListRecordsRequest request;
  request.set_parent(family);
  request.set_page_size(200);
  const std::string id = consent.substr(consent.rfind('/') + 1);
  const auto rests_on = [&](const Caller& who, const std::string& basis) {
    const auto list =
        Do<audit::v1::ListRecordsResponse>(who, "audit.v1.AuditService/ListRecords", request);
    return std::any_of(list.records().begin(), list.records().end(), [&](const auto& r) {
      return r.who().actor() == region_.nurse.claims.subject() &&
             std::count(r.about().bases().begin(), r.about().bases().end(), basis) > 0;
    });
  };
  EXPECT_TRUE(rests_on(Account("youth"), absl::StrCat("consents/", id)));
  // She reads that the nurse looked, and neither on whose consent nor that there is one.
  const auto seen = Do<audit::v1::ListRecordsResponse>(
      Account("mum"), "audit.v1.AuditService/ListRecords", request);
  EXPECT_TRUE(std::any_of(seen.records().begin(), seen.records().end(), [&](const auto& r) {
    return r.who().actor() == region_.nurse.claims.subject();
  }));
  EXPECT_FALSE(rests_on(Account("mum"), "consents"));
  EXPECT_FALSE(rests_on(Account("mum"), absl::StrCat("consents/", id)));
}

}  // namespace
}  // namespace knooppunt::attacks
