// The rules of the warm handover (R26-R30): the state machine as a table, and pure functions
// over facts and messages. No I/O, no clock. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_HANDOVER_RULES_H_
#define KNOOPPUNT_SERVICES_HANDOVER_RULES_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "base/date.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "knooppunt/handover/v1/handover.pb.h"

namespace knooppunt::handover {

using access::v1::CaseFact;
using access::v1::FamilyFacts;
using access::v1::Seat;
using v1::HandoverState;

// ---- The states (R26) ----------------------------------------------------------

enum class Act {
  kShow,
  kAddView,
  kAuthorise,
  kOffer,
  kReceive,
  kConverse,
  kAccept,
  kClose,
  kReturn,
  kWithdraw
};
enum class Side { kSender, kReceiver, kEither, kFamily };
struct Transition {
  HandoverState from;
  Act act;
  HandoverState to;
  Side who;
};
// The whole state machine; what stands nowhere is refused.
absl::Span<const Transition> Transitions();

// On which sides the caller stands. Nobody is on both.
struct Sides {
  bool sender = false;
  bool receiver = false;
  bool family = false;
};
struct Caller {
  absl::string_view professional;  // "professionals/{id}", or empty
  absl::string_view organisation;
  absl::string_view seat;
  absl::string_view person;  // person id, or empty
};
// Sender: the organisation that answers for the case, and who leads it. After acceptance that
// is the receiving side itself, which then may close (R27).
Sides SidesOf(const v1::Handover& h, const CaseFact& c, const Caller& caller);

// Not yet accepted, returned, withdrawn or expired.
bool Runs(HandoverState state);
// The state as it is on `today`: a running handover after its expire date is EXPIRED.
HandoverState StateOn(const v1::Handover& h, base::Date today);
// FAILED_PRECONDITION: HANDOVER_EXPIRED, FORBIDDEN_TRANSITION or NOT_YOUR_SIDE. An expired
// handover can still be withdrawn, which clears it away.
absl::StatusOr<HandoverState> NextState(const v1::Handover& h, Act act, const Sides& sides,
                                        base::Date today);
// Records who did what (R26).
struct ActEntry {
  HandoverState state;
  std::string actor;
  absl::string_view note;
};
void Record(v1::Handover* h, const ActEntry& entry, absl::Time now);

// ---- Kinds (R30) -----------------------------------------------------------------

// Whether a handover of this kind may lead to a werkplaats of this stage.
bool KindLeadsTo(v1::HandoverKind kind, common::v1::Stage stage);

// ---- Drafting (R28, R30) ----------------------------------------------------------

// A part as picked by name.
struct PickedName {
  enum class Kind { kPerson, kOpening, kWish, kGoal, kAsset, kArrangement, kStep, kContribution };
  Kind kind;
  std::string id;  // of the item; empty for the opening
};
// INVALID_ARGUMENT unless `name` is a part of this family's case.
absl::StatusOr<PickedName> ParsePick(absl::string_view name, absl::string_view family,
                                     absl::string_view case_id);
// Whom the handover can be about, as far as the request tells: req.children if given; else the
// persons among req.items together, and each of them alone. The hook demands a label for each,
// for it runs before anybody knows whom the case is about.
std::vector<common::v1::About> AboutCandidates(const v1::DraftHandoverRequest& req);
// The candidate that is exactly the children of the case; INVALID_ARGUMENT when none is.
absl::StatusOr<int> ChosenAbout(const v1::DraftHandoverRequest& req, const CaseFact& c);

// The directory's facts on the receiving side.
struct ReceivingSide {
  const access::v1::WerkplaatsFacts& werkplaats;
  const access::v1::ProfessionalFacts& receiver;
};
absl::Status CheckDraft(const v1::DraftHandoverRequest& req, const CaseFact& c,
                        const ReceivingSide& to, absl::Time now);
// The handover that a checked request drafts; items sorted; the name is left to the handler.
v1::Handover Drafted(const v1::DraftHandoverRequest& req, const CaseFact& c,
                     const ReceivingSide& to, base::Date today);

// ---- Consent (R28) -----------------------------------------------------------------

using InForce = std::function<bool(absl::string_view consent_id)>;
// Whether what carries `label` may travel to `receiver`: it answers for it already, or one
// consent in force names the receiver, a handover, the compartment and everybody it is about.
bool MayTravel(const FamilyFacts& facts, const common::v1::Label& label, absl::string_view receiver,
               const InForce& in_force);

// ---- Facts that move (R27, R29) ------------------------------------------------------

access::v1::HandoverFact* MutableHandoverFact(FamilyFacts* facts, absl::string_view id);
const access::v1::HandoverFact* RunningFor(const FamilyFacts& facts, absl::string_view case_id);
// The open seat of the receiving side, or nullptr.
Seat* ReceiverSeat(CaseFact* c, const v1::Handover& h, absl::Time now);
// Offers: the receiver sits at the table until the handover expires, and sees the picked parts.
void Offer(FamilyFacts* facts, CaseFact* c, const v1::Handover& h, absl::string_view handover_id,
           absl::string_view seat_id, absl::Time now);
// Ends what Offer began: returned, withdrawn or expired.
void EndOffer(FamilyFacts* facts, CaseFact* c, const v1::Handover& h, absl::string_view handover_id,
              absl::Time now);
absl::Status CheckConversation(const v1::Conversation& conversation, const CaseFact& c,
                               const v1::Handover& h, absl::Time now);
// Accepts: werkplaats, regisseur and seats move together, or nothing does.
struct Acceptance {
  absl::string_view handover_id;
  absl::string_view regisseur_seat;
  absl::string_view stand_in_seat;
  int grace_days = 0;  // R29; 0 is none
};
absl::Status Accept(FamilyFacts* facts, CaseFact* c, const v1::Handover& h,
                    const Acceptance& acceptance, absl::Time now);

}  // namespace knooppunt::handover

#endif  // KNOOPPUNT_SERVICES_HANDOVER_RULES_H_
