// Acceptance (R27, R29, R16): everything that moves, on one copy of the facts. Pure: no I/O and no
// clock. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_HANDOVER_MOVING_H_
#define KNOOPPUNT_SERVICES_HANDOVER_MOVING_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "knooppunt/worklist/v1/store.pb.h"
#include "services/handover/rules.h"

namespace knooppunt::handover {

// Accepts: werkplaats, regisseur and seats move together, or nothing does. For JOIN the receiver
// gets a place at the table and nothing else moves; for adulthood the werkplaats stays, and on the
// 18th birthday everybody leaves whom the youth does not keep, the municipal access team (CJG) in
// any case (R16).
struct Acceptance {
  absl::string_view handover_id;
  absl::string_view regisseur_seat;  // empty, as the next, for JOIN
  absl::string_view stand_in_seat;
  int grace_days = 0;  // R29; 0 is none
};
absl::Status Accept(FamilyFacts* facts, CaseFact* c, const v1::Handover& h,
                    const Acceptance& acceptance, absl::Time now);

// Accepted at another installation: the case closes here, at once, and every professional leaves
// the table; the sending organisation as after any acceptance, with its grace (R27, R29).
struct Departure {
  const v1::Handover& h;
  absl::string_view handover_id;
  int grace_days = 0;
};
absl::Status HandAway(FamilyFacts* facts, CaseFact* c, const Departure& departure, absl::Time now);

// Whether the seat is there after the handover: after acceptance, or for adulthood after the day.
bool StaysAfter(const Seat& s, const CaseFact& c, const v1::Handover& h, absl::Time now);

// R16: the youth decides, alone, and keeps nobody of the municipal access team.
absl::Status CheckStaying(const v1::DecideStayingRequest& req, const CaseFact& c,
                          const v1::Handover& h, absl::string_view person, absl::Time now);
// R16: the youth has decided, and no open step has an owner who leaves. What stands in the file of
// an organisation that has nobody at the table any more is its own (R11): nobody here could hand it
// on or drop it.
absl::Status CheckDecided(const worklist::v1::OpenItems& open, const FamilyFacts& facts,
                          const CaseFact& c, const v1::Handover& h, absl::Time now);

}  // namespace knooppunt::handover

#endif  // KNOOPPUNT_SERVICES_HANDOVER_MOVING_H_
