// The rules of casework: pure functions over the facts of a family and the messages of a
// request. No I/O, no clock, no ids of their own. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_CASEWORK_RULES_H_
#define KNOOPPUNT_SERVICES_CASEWORK_RULES_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "base/date.h"
#include "knooppunt/access/v1/access.pb.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "knooppunt/casework/v1/casework.pb.h"

namespace knooppunt::casework {

using access::v1::CaseFact;
using access::v1::CasePhase;
using access::v1::CaseState;
using access::v1::FamilyFacts;
using access::v1::Seat;

// ---- The case (R1) ----------------------------------------------------------

enum class CaseAct { kAppoint, kClose, kReopen };
struct CaseTransition {
  CaseState from;
  CaseAct act;
  CaseState to;
};
// The whole state machine; what stands nowhere is refused.
absl::Span<const CaseTransition> CaseTransitions();
// FAILED_PRECONDITION unless the table has a row.
absl::StatusOr<CaseState> NextState(CaseState from, CaseAct act);

// Closes: the open term of the regisseur ends with the case.
void CloseCaseFact(CaseFact* c, CaseState next, absl::Time now);
// R16: whether the case is about this person of the family and nobody else. False for staff ("").
bool IsAboutAlone(const CaseFact& c, absl::string_view person);
// R16: whether the youth may close is the policy's; their closing words are about themselves and
// nobody else. INVALID_ARGUMENT.
absl::Status CheckClosingWords(const common::v1::Label& label, absl::string_view youth);

// ---- Phases and reviews (1G1P1R), in phases.cc ----------------------------------

struct PhaseTransition {
  CasePhase from;
  CasePhase to;
};
// The whole table; what stands nowhere is refused.
absl::Span<const PhaseTransition> PhaseTransitions();
// The phase that the case is in; one that states none is in the first.
CasePhase PhaseOf(const CaseFact& c);
// INVALID_ARGUMENT for no phase; FAILED_PRECONDITION unless the table has a row, the case is not
// closed, and it has a regisseur before there is to be a plan.
absl::Status MovePhase(CaseFact* c, CasePhase to);

inline constexpr int kMaxReviewDays = 366;
inline constexpr int kFirstReviewDays = 182;  // half a year, until the regisseur says otherwise
// The regisseur's next review: after `today`, at most kMaxReviewDays ahead, of an active case.
absl::Status SetReview(CaseFact* c, absl::string_view review_date, base::Date today);
// No active case is without a review to come: one that has none, or one in the past when it
// becomes active, gets kFirstReviewDays.
void EnsureReview(CaseFact* c, base::Date today);

// ---- Opening (R1, R3, R11) ---------------------------------------------------

// INVALID_ARGUMENT names the field; FAILED_PRECONDITION for the rules of opening.
absl::Status CheckOpening(const v1::OpenCaseRequest& req, base::Date today);

// Indexes into req.persons() of the children that the case is about, as the request orders
// them. Unknown keys are left out: CheckOpening refuses them.
std::vector<int> ChildrenOf(const v1::OpenCaseRequest& req);

// The facts of the family that a checked request makes. `id(prefix, n)` gives its ids: persons
// ("p", i), gezag ("g", i), the case ("c", 0), seats ("s", 0) for who opens and ("s", 1...) for
// the family: holders of gezag over a child of the case, and its youths from 12.
struct Opener {
  const access::v1::TokenClaims& claims;
  absl::string_view organisation;  // that runs the werkplaats
};
using IdSource = std::function<std::string(absl::string_view prefix, int n)>;
FamilyFacts NewFamily(const v1::OpenCaseRequest& req, absl::string_view family,
                      const Opener& opener, const IdSource& id, absl::Time now);

// ---- The table (R1, R8) ------------------------------------------------------

absl::Status CheckInvitation(const CaseFact& c, const v1::InviteParticipantRequest& req,
                             const access::v1::ProfessionalFacts& professional, absl::Time now);
// The seat that a checked invitation makes.
Seat InvitedSeat(const v1::InviteParticipantRequest& req,
                 const access::v1::ProfessionalFacts& professional, absl::string_view id,
                 absl::Time now);
// Ends `seat` at `now` as asked by `by` (a joined seat of the case). When it was the
// regisseur's, the stand-in is regisseur from the same instant, with a task to appoint (R1).
// Deputies of the seat leave with it (R39).
absl::Status EndSeat(CaseFact* c, absl::string_view seat, const Seat& by, absl::Time now);

// R1, R37: of a case of which nobody who was named is left, `who` takes the seat of the werkplaats
// and leads from `now`, without a stand-in until one is appointed. The seats of the organisation
// that answers for it end: all of them were left. Returns the new one.
Seat TakeOver(CaseFact* c, const access::v1::TokenClaims& who, absl::string_view id,
              absl::Time now);

// ---- Deputies (R39), in deputies.cc --------------------------------------------

inline constexpr int kMaxDeputyDays = 92;  // a deputy's period, and how far ahead it may begin

// The seat of `deputy` in the place of `req.seat()`, as asked by `arranger.by` (a joined seat of
// the case): the seat's own professional, who leads the case, or the werkplaats. Of the same
// organisation and function, in the same role, from the first day (now, when that is today) to the
// last. Whoever deputises is not deputised. INVALID_ARGUMENT, FAILED_PRECONDITION or
// ALREADY_EXISTS.
struct Arranger {
  const Seat& by;
  absl::string_view regisseur;  // seat of who acts as regisseur now; the stand-in only then
};
absl::StatusOr<Seat> DeputySeat(const CaseFact& c, const v1::ArrangeDeputyRequest& req,
                                const Arranger& arranger,
                                const access::v1::ProfessionalFacts& deputy, absl::string_view id,
                                absl::Time now);
// Ends the open seats that deputise for `seat`.
void EndDeputiesOf(CaseFact* c, absl::string_view seat, absl::Time now);

// ---- Meetings and steps (R4-R7, R36) -----------------------------------------

// R4. `on` is the meeting's day.
absl::Status CheckParents(const FamilyFacts& facts, const CaseFact& c,
                          const v1::ConcludeMeetingRequest& req, base::Date on);
// Everybody named has a joined seat, once, and says how they took part.
absl::Status CheckAttendances(const CaseFact& c, const v1::ConcludeMeetingRequest& req,
                              absl::Time now);
// R5: whether a step can be theirs: a seat that was joined, and is there for more than answering
// questions after a handover (R29). Who receives a handover owns steps where only the help changes
// hands (R16); where the case moves they first accept it (R27).
bool MayOwnSteps(const Seat& s, const FamilyFacts& facts, const CaseFact& c, absl::Time now);
// R5, R36: one step to agree on `on`. `field` is its path in the request.
absl::Status CheckNewStep(absl::string_view field, const v1::NewStep& step,
                          const FamilyFacts& facts, const CaseFact& c, base::Date on,
                          absl::Time now);

// In binding.cc.
inline constexpr int64_t kMaxCommittedMinutes = 600'000;  // ten thousand hours
bool CommitsNothing(const v1::Commitment& c);
// R6, R36: shape of what a step agreed on `on` commits. INVALID_ARGUMENT, or FAILED_PRECONDITION
// without funding.
absl::Status CheckCommitment(absl::string_view field, const v1::Commitment& c, base::Date on);

// R6: whether what a step commits binds, on the day it is agreed: kind, amount, minutes of work
// and period (until_date at most limit_days after that day), each within one mandate.
struct Binding {
  bool binding = false;
  std::string mandate;                // "professionals/{p}/mandates/{m}@{version}", frozen
  std::string proposal_reason;        // plain Dutch, when it is a proposal
  std::vector<std::string> exceeded;  // fields of the commitment beyond the nearest mandate
};
// `professional` are the facts of commitment.committed_by; unset when the directory has none.
Binding DecideBinding(const v1::Commitment& commitment, const CaseFact& c,
                      const access::v1::ProfessionalFacts& professional, base::Date on,
                      absl::Time now);
// The step that a checked NewStep makes; label and name are left to the handler.
v1::Step AgreedStep(const v1::NewStep& step, const CaseFact& c,
                    const access::v1::ProfessionalFacts& professional, base::Date on,
                    absl::Time now);

// R7: the seats of core partners, invited or joined, who were not there.
std::vector<std::string> AbsentCorePartners(const CaseFact& c,
                                            const v1::ConcludeMeetingRequest& req, absl::Time now);
// R7: the feedback of a concluded meeting for the seat, or for the one it deputises for, is
// confirmed at `now`.
absl::Status ConfirmFeedback(v1::Meeting* meeting, const Seat& by, absl::Time now);

// R6: PROPOSED becomes BINDING when the mandate of `by`, on the day of `now`, covers it for their
// organisation, or DROPPED, with a reason; the outcome says who decided. Only by a participant of
// the organisation whose means it needs: that for which who proposed it sits, or sat, at this
// table. `decider` are the facts of by.professional. FAILED_PRECONDITION otherwise.
absl::Status DecideStep(v1::Step* step, const CaseFact& c, const Seat& by,
                        const v1::DecideStepRequest& req,
                        const access::v1::ProfessionalFacts& decider, absl::Time now);
// Adds a line to the outcome; earlier ones stay.
void AddOutcome(absl::string_view line, v1::Step* step);

// BINDING becomes DONE, by its owner or who leads the case.
absl::Status CompleteStep(v1::Step* step, const CaseFact& c, const Seat& by,
                          absl::string_view outcome);
// R9: adds a reaction; nothing earlier is taken away.
absl::Status ReactToStep(v1::Step* step, const Seat& by, const v1::ReactToStepRequest& req,
                         absl::Time now);

}  // namespace knooppunt::casework

#endif  // KNOOPPUNT_SERVICES_CASEWORK_RULES_H_
