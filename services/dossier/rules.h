// What the rules of casework, consent and handover share: reading and turning the facts of a
// family. Pure: no I/O and no clock. Thread-safe (no state). Returned pointers live as long
// as the facts they point into.
#ifndef KNOOPPUNT_SERVICES_DOSSIER_RULES_H_
#define KNOOPPUNT_SERVICES_DOSSIER_RULES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/date.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "knooppunt/common/v1/types.pb.h"

namespace knooppunt::dossier {

inline constexpr int kYouthAge = 12;  // R11: from here the youth signs too, and sits at the table
inline constexpr int kYouthAloneAge = 16;  // R4, R11

// Finding things; nullptr when not there.
const access::v1::CaseFact* FindCase(const access::v1::FamilyFacts& facts, absl::string_view id);
access::v1::CaseFact* MutableCase(access::v1::FamilyFacts* facts, absl::string_view id);
// The one case that is not closed (R1).
const access::v1::CaseFact* CurrentCase(const access::v1::FamilyFacts& facts);
const access::v1::Seat* FindSeat(const access::v1::CaseFact& c, absl::string_view id);
access::v1::Seat* MutableSeat(access::v1::CaseFact* c, absl::string_view id);

// The seat itself, or a deputy's in its place (R39).
bool ActsFor(const access::v1::Seat& by, absl::string_view seat);
// Joined, begun and not ended at `now`.
bool SeatJoined(const access::v1::Seat& seat, absl::Time now);
// Invited or joined, and not ended at `now`.
bool SeatOpen(const access::v1::Seat& seat, absl::Time now);
// Ends a seat at `now`, with a word of ours.
void EndSeatAt(access::v1::Seat* seat, absl::Time now, absl::string_view reason);

// Who leads the case at `now`: the open term's seat, or its stand-in when that seat has ended
// (R1). Empty while there is no open term.
struct Leader {
  std::string seat;
  std::string stand_in_seat;  // empty when the stand-in leads: a task to appoint
  int64_t start_time = 0;     // Unix seconds
};
Leader LeaderAt(const access::v1::CaseFact& c, absl::Time now);
// Whether `seat` is the regisseur or the named stand-in of the open term, or deputises for one of
// them. The stand-in is
// counted in because access may know of an end (of employment) that the facts here do not.
bool LeadsOrStandsIn(const access::v1::CaseFact& c, absl::string_view seat);
// Closes the open term, if any, and opens the next at the same instant: never two, never
// none (R1). `reason` is a word of ours.
struct NextTerm {
  absl::string_view seat;
  absl::string_view stand_in_seat;
  absl::string_view reason;
};
void ReplaceTerm(access::v1::CaseFact* c, const NextTerm& next, absl::Time now);

// R1, R2: FAILED_PRECONDITION unless both seats are joined and stay (no end set, not the
// receiving side of a handover), the stand-in is a professional, and they are two people.
struct Appointment {
  absl::string_view seat;
  absl::string_view stand_in_seat;
};
absl::Status CheckAppointment(const access::v1::CaseFact& c, const Appointment& appointment,
                              absl::Time now);

// Children over whom `person` holds gezag on `on`, and institutions likewise (R11).
bool HoldsGezagOverAny(const access::v1::FamilyFacts& facts, absl::string_view person,
                       const std::vector<std::string>& children, base::Date on);
bool InstitutionHoldsGezagOverAny(const access::v1::FamilyFacts& facts,
                                  absl::string_view organisation,
                                  const std::vector<std::string>& children, base::Date on);
std::vector<std::string> ChildrenUnderGezagOf(const access::v1::FamilyFacts& facts,
                                              absl::string_view person, base::Date on);

// Labels and whom they are about.
common::v1::About Normalised(const common::v1::About& about);  // sorted, without doubles
// As the server stores it: about normalised, controller left to access.
common::v1::Label Asked(const common::v1::Label& label);
// States everything R38 asks: about somebody, a compartment, a regime.
bool IsComplete(const common::v1::Label& label);
// INVALID_ARGUMENT (R38) unless complete and about persons of this family.
absl::Status CheckLabel(absl::string_view field, const common::v1::Label& label,
                        const access::v1::FamilyFacts& facts);

// A professional holds `function` (or any, when unspecified) at `organisation` on `on`.
// Returns the function held, FUNCTION_UNSPECIFIED when none.
common::v1::Function FunctionAt(const access::v1::ProfessionalFacts& professional,
                                absl::string_view organisation, common::v1::Function function,
                                base::Date on);

// What SearchFamilies may show (R3), from the facts alone.
struct Ask {
  bool open_case = false;
  std::string professional;
  std::string organisation;
};
Ask WhomToAsk(const access::v1::FamilyFacts& facts);

// What every saved family satisfies, whoever wrote it: one case not closed; an active case has
// exactly one open term and the others none; terms follow each other without gap or overlap;
// ids are unique; every case has a werkplaats (R1, R27); the caps of limits.h. INTERNAL or
// RESOURCE_EXHAUSTED.
absl::Status CheckInvariants(const access::v1::FamilyFacts& facts);

}  // namespace knooppunt::dossier

#endif  // KNOOPPUNT_SERVICES_DOSSIER_RULES_H_
