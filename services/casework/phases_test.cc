// The phases of 1G1P1R and the next review, as pure rules (R1).
#include <set>

#include "base/error.h"
#include "base/status_testing.h"
#include "services/casework/rules.h"

namespace knooppunt::casework {
namespace {

using absl::StatusCode;
using ::knooppunt::testing::StatusIs;
using ::testing::_;

const base::Date kToday(2026, 11, 23);

CaseFact CaseIn(CasePhase phase, CaseState state = access::v1::CASE_STATE_ACTIVE) {
  CaseFact c;
  c.set_id("c");
  c.set_state(state);
  c.set_phase(phase);
  return c;
}

TEST(Phases, R1EveryPairIsAllowedExactlyWhenTheTableHasARow) {
  std::set<std::pair<int, int>> rows;
  for (const PhaseTransition& t : PhaseTransitions()) rows.emplace(t.from, t.to);
  EXPECT_EQ(rows.size(), PhaseTransitions().size()) << "a row stands twice";
  for (int from = 1; from <= access::v1::CasePhase_MAX; ++from) {
    for (int to = 1; to <= access::v1::CasePhase_MAX; ++to) {
      CaseFact c = CaseIn(static_cast<CasePhase>(from));
      const absl::Status moved = MovePhase(&c, static_cast<CasePhase>(to));
      const bool allowed = rows.contains({from, to});
      EXPECT_EQ(moved.ok(), allowed) << from << " to " << to;
      EXPECT_EQ(c.phase(), allowed ? to : from);
      EXPECT_EQ(base::ReasonOf(moved), allowed ? "" : "FORBIDDEN_PHASE");
    }
  }
}

TEST(Phases, R1EveryPhaseIsReachedAndTheLastIsNotTheEnd) {
  std::set<int> reached = {access::v1::CASE_PHASE_SIGNAL};
  for (size_t round = 0; round < PhaseTransitions().size(); ++round) {
    for (const PhaseTransition& t : PhaseTransitions()) {
      if (reached.contains(t.from)) reached.insert(t.to);
    }
  }
  EXPECT_EQ(static_cast<int>(reached.size()), access::v1::CasePhase_MAX);
  CaseFact c = CaseIn(access::v1::CASE_PHASE_AFTERCARE);
  EXPECT_OK(MovePhase(&c, access::v1::CASE_PHASE_INTERPRET)) << "a new question";
}

TEST(Phases, R1APlanNeedsARegisseurAndAClosedCaseMovesNoMore) {
  CaseFact open = CaseIn(access::v1::CASE_PHASE_UNSPECIFIED, access::v1::CASE_STATE_OPEN);
  EXPECT_EQ(PhaseOf(open), access::v1::CASE_PHASE_SIGNAL);
  EXPECT_OK(MovePhase(&open, access::v1::CASE_PHASE_INTERPRET));
  EXPECT_EQ(base::ReasonOf(MovePhase(&open, access::v1::CASE_PHASE_PLAN)), "CASE_NOT_ACTIVE");
  CaseFact closed = CaseIn(access::v1::CASE_PHASE_ACT, access::v1::CASE_STATE_CLOSED);
  EXPECT_EQ(base::ReasonOf(MovePhase(&closed, access::v1::CASE_PHASE_EVALUATE)), "CASE_CLOSED");
  EXPECT_THAT(MovePhase(&closed, access::v1::CASE_PHASE_UNSPECIFIED),
              StatusIs(StatusCode::kInvalidArgument, _));
}

TEST(Phases, R1AReviewLiesAheadAndWithinAYear) {
  CaseFact c = CaseIn(access::v1::CASE_PHASE_ACT);
  EXPECT_OK(SetReview(&c, "2026-11-24", kToday));
  EXPECT_EQ(c.review_date(), "2026-11-24");
  for (const char* bad : {"2026-11-23", "2020-01-01", "2027-11-25", "2027-02-30", "morgen", ""}) {
    EXPECT_THAT(SetReview(&c, bad, kToday), StatusIs(StatusCode::kInvalidArgument, _)) << bad;
    EXPECT_EQ(c.review_date(), "2026-11-24") << "nothing half-written";
  }
  CaseFact open = CaseIn(access::v1::CASE_PHASE_SIGNAL, access::v1::CASE_STATE_OPEN);
  EXPECT_EQ(base::ReasonOf(SetReview(&open, "2026-12-24", kToday)), "CASE_NOT_ACTIVE");
}

TEST(Phases, R1AnActiveCaseAlwaysHasAReviewToCome) {
  CaseFact c = CaseIn(access::v1::CASE_PHASE_SIGNAL);
  EnsureReview(&c, kToday);
  EXPECT_EQ(c.review_date(), "2027-05-24") << "half a year";
  c.set_review_date("2026-12-01");
  EnsureReview(&c, kToday);
  EXPECT_EQ(c.review_date(), "2026-12-01") << "the regisseur's word stands";
  c.set_review_date("2026-11-23");
  EnsureReview(&c, kToday);
  EXPECT_EQ(c.review_date(), "2027-05-24");
}

}  // namespace
}  // namespace knooppunt::casework
