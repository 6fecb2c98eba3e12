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
  kDraft,
  kShow,
  kAddView,
  kStay,
  kAuthorise,
  kOffer,
  kReceive,
  kInvite,
  kConverse,
  kAccept,
  kClose,
  kReturn,
  kWithdraw
};
enum class Side { kSender, kReceiver, kEither, kFamily };
enum class Effect { kNone, kFix, kOpen, kSign, kTalk, kMove, kEnd };
// What must hold, as flags. services/handover/transitions.txt says what each means.
namespace guard {
inline constexpr unsigned kTime = 1 << 0;
inline constexpr unsigned kSingle = 1 << 1;
inline constexpr unsigned kWhole = 1 << 2;
inline constexpr unsigned kConsent = 1 << 3;
inline constexpr unsigned kCover = 1 << 4;
inline constexpr unsigned kReceipt = 1 << 5;
inline constexpr unsigned kTalk = 1 << 6;
inline constexpr unsigned kPeople = 1 << 7;
inline constexpr unsigned kDecided = 1 << 8;
inline constexpr unsigned kReason = 1 << 9;
inline constexpr unsigned kStanding = 1 << 10;
}  // namespace guard
struct Transition {
  HandoverState from;
  Act act;
  HandoverState to;
  Side who;
  unsigned guards;
  Effect effect;
};
// The whole state machine, made of transitions.txt; what stands nowhere is refused.
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
// Whether the receiving werkplaats has closed on `today`, by h.receiver_close_date (R27).
bool ReceiverClosed(const v1::Handover& h, base::Date today);
// The state as it is on `today`: a running handover after its expire date is EXPIRED, and so is one
// whose receiving werkplaats has closed: the case stays with the sending side (R27). One that was
// offered to another installation waits some days longer, for the receipt of what was done there in
// time and is still carried back.
HandoverState StateOn(const v1::Handover& h, base::Date today);
// The row of the table for this act, of those that these sides may do. FAILED_PRECONDITION:
// HANDOVER_EXPIRED, R27_RECEIVER_CLOSED, FORBIDDEN_TRANSITION or NOT_YOUR_SIDE. An expired handover
// can still be withdrawn, which clears it away. Of the guards, time alone is looked at here.
absl::StatusOr<const Transition*> FindTransition(const v1::Handover& h, Act act, const Sides& sides,
                                                 base::Date today);
// Records who did what (R26).
struct ActEntry {
  HandoverState state;
  std::string actor;
  absl::string_view note;
};
void Record(v1::Handover* h, const ActEntry& entry, absl::Time now);

// ---- Drafting (R28, R30) ----------------------------------------------------------

// Of one handover: the steps and papers of years, and one answer that still holds them all.
inline constexpr int kMaxParts = 400;

// A part as picked by name.
struct PickedName {
  enum class Kind {
    kPerson,
    kOpening,
    kWish,
    kGoal,
    kAsset,
    kArrangement,
    kStep,
    kContribution,
    kDocument
  };
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
// The candidate that is exactly the children of the case, or for JOIN some of them and not all;
// INVALID_ARGUMENT when none is.
absl::StatusOr<int> ChosenAbout(const v1::DraftHandoverRequest& req, const CaseFact& c);
bool Moves(v1::HandoverMode mode);  // unless it is JOIN
// To a werkplaats that another installation runs; nobody of the receiving side logs in here.
bool GoesElsewhere(const v1::Handover& h);
// R11: what the receiving organisation may keep on its own ground there: the pupil's file.
bool TravelsElsewhere(const common::v1::Label& label);

// What the directory knows of both sides, and the region of the kind.
struct DraftWorld {
  const access::v1::WerkplaatsFacts& from;
  const access::v1::WerkplaatsFacts& to;
  const access::v1::ProfessionalFacts& receiver;
  const access::v1::OrganisationFacts& to_organisation;  // for adulthood; else empty
  const v1::HandoverKindRow& row;
  const FamilyFacts& facts;
  absl::string_view installation = "";   // that runs the receiving werkplaats, when it is another
  std::vector<std::string> closed = {};  // werkplaatsen of running handovers that have closed (R27)
};
// R27: the first day on which the children can be there: that which the kind counts from, or today.
base::Date StartDay(const FamilyFacts& facts, const std::vector<std::string>& children,
                    const v1::HandoverKindRow& row, base::Date today);
// FAILED_PRECONDITION when a werkplaats that closes on that day (ISO, "" for never) has closed by
// `start`.
absl::Status CheckStanding(absl::string_view close_date, base::Date start);
absl::Status CheckDraft(const v1::DraftHandoverRequest& req, const CaseFact& c,
                        const DraftWorld& world, absl::Time now);
// The handover that a checked request drafts; items sorted; the name is left to the handler.
v1::Handover Drafted(const v1::DraftHandoverRequest& req, const CaseFact& c,
                     const DraftWorld& world, base::Date today);
// Whether `other`, which runs, stands in the way of drafting `drafted` (R26): both move the case,
// or both are about one child, or both go to one receiver.
bool InTheWay(const v1::Handover& other, const v1::Handover& drafted);

// ---- Consent (R28) -----------------------------------------------------------------

using InForce = std::function<bool(absl::string_view consent_id)>;
// Whether what carries `label` may travel to `receiver`: it answers for it already, or one
// consent in force names the receiver, a handover, the compartment and everybody it is about.
bool MayTravel(const FamilyFacts& facts, const common::v1::Label& label, absl::string_view receiver,
               const InForce& in_force);

// Whether the part with this name is offered to them (R28): to who receives, and as long as that
// lasts. Consent is for the decision to look at.
bool OfferedTo(const v1::Handover& h, absl::string_view professional,
               absl::string_view organisation, absl::string_view item_name);

// ---- Facts that move (R27, R29) ------------------------------------------------------

access::v1::HandoverFact* MutableHandoverFact(FamilyFacts* facts, absl::string_view id);
void RemoveHandoverFact(FamilyFacts* facts, absl::string_view handover_id);
// The open seat of the receiving side, or nullptr.
Seat* ReceiverSeat(CaseFact* c, const v1::Handover& h, absl::Time now);
// Offers: the receiver sits at the table until the handover expires, and sees the picked parts.
void Offer(FamilyFacts* facts, CaseFact* c, const v1::Handover& h, absl::string_view handover_id,
           absl::string_view seat_id, absl::Time now);
// Ends what Offer began: returned, withdrawn or expired.
void EndOffer(FamilyFacts* facts, CaseFact* c, const v1::Handover& h, absl::string_view handover_id,
              absl::Time now);
// R27: `row` says who must take part beside both sides.
absl::Status CheckConversation(const v1::Conversation& conversation, const CaseFact& c,
                               const v1::Handover& h, const v1::HandoverKindRow& row,
                               absl::Time now);
absl::Status CheckInvitation(const v1::ConversationInvitation& invitation, const CaseFact& c,
                             const v1::Handover& h, absl::Time now);

}  // namespace knooppunt::handover

#endif  // KNOOPPUNT_SERVICES_HANDOVER_RULES_H_
