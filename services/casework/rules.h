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
absl::Status EndSeat(CaseFact* c, absl::string_view seat, const Seat& by, absl::Time now);

// ---- Meetings and steps (R4-R7, R36) -----------------------------------------

// R4. `on` is the meeting's day.
absl::Status CheckParents(const FamilyFacts& facts, const CaseFact& c,
                          const v1::ConcludeMeetingRequest& req, base::Date on);
// Everybody named has a joined seat, once, and says how they took part.
absl::Status CheckAttendances(const CaseFact& c, const v1::ConcludeMeetingRequest& req,
                              absl::Time now);
// R5, R36: one step to agree on `on`. `field` is its path in the request.
absl::Status CheckNewStep(absl::string_view field, const v1::NewStep& step,
                          const FamilyFacts& facts, const CaseFact& c, base::Date on,
                          absl::Time now);

// R6: whether what a step commits binds, on the day it is agreed.
struct Binding {
  bool binding = false;
  std::string mandate;          // "professionals/{p}/mandates/{m}@{version}", frozen
  std::string proposal_reason;  // plain Dutch, when it is a proposal
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
// R7: the seat's feedback of a concluded meeting is confirmed at `now`.
absl::Status ConfirmFeedback(v1::Meeting* meeting, absl::string_view seat, absl::Time now);

// BINDING becomes DONE, by its owner or who leads the case.
absl::Status CompleteStep(v1::Step* step, const CaseFact& c, const Seat& by,
                          absl::string_view outcome);
// R9: adds a reaction; nothing earlier is taken away.
absl::Status ReactToStep(v1::Step* step, const Seat& by, const v1::ReactToStepRequest& req,
                         absl::Time now);

}  // namespace knooppunt::casework

#endif  // KNOOPPUNT_SERVICES_CASEWORK_RULES_H_
