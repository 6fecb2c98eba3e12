// The rules of the family: pure functions over its facts and the messages of a request. No I/O, no
// clock, no ids of their own. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_FAMILY_RULES_H_
#define KNOOPPUNT_SERVICES_FAMILY_RULES_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/date.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "knooppunt/casework/v1/casework.pb.h"
#include "knooppunt/family/v1/family.pb.h"

namespace knooppunt::family {

using access::v1::FamilyFacts;

// How far ahead a period may begin or end: a decision that was taken, not a plan.
inline constexpr int kMaxDaysAhead = 366;

// ---- Persons -------------------------------------------------------------------

// "families/{f}/persons/{p}".
std::string PersonName(absl::string_view family, absl::string_view person);
// Id of the person that `name` says, when that is somebody of this family, else "".
std::string PersonOf(const FamilyFacts& facts, absl::string_view name);

// A person as they are recorded: names, a birth date from 1900 to today, a role. INVALID_ARGUMENT.
absl::Status CheckNewPerson(const v1::Person& person, base::Date today);
// Gezag of a child who joins: holders who are of the family and no child, or an institution; each
// once; stated when the case is about the child. INVALID_ARGUMENT or FAILED_PRECONDITION.
absl::Status CheckJoining(const v1::AddPersonRequest& req, const FamilyFacts& facts);
// Puts the person, and what is asked with them, into the facts. `id(prefix, n)` gives ids.
using IdSource = std::function<std::string(absl::string_view prefix, int n)>;
void AddPerson(const v1::AddPersonRequest& req, const IdSource& id, absl::Time now,
               FamilyFacts* facts);

// The record as it reads after the change. INVALID_ARGUMENT: an unknown or empty mask, no reason, a
// name change of something else than names, a day that does not fit; FAILED_PRECONDITION: a child
// who would be none, or nothing that changes.
absl::Status ApplyChange(const v1::UpdatePersonRequest& req, base::Date today,
                         casework::v1::Person* person);
// Puts a corrected birth date and role into the facts. True when they changed.
bool CorrectFacts(const casework::v1::Person& person, absl::string_view id, FamilyFacts* facts);

// ---- Gezag (R11) ----------------------------------------------------------------

// A new one: child, holder, first day, on what it rests. A court's decision needs its reference;
// over somebody of 18 gezag can only be that of a curator or mentor.
absl::Status CheckNewGezag(const v1::Gezag& gezag, const FamilyFacts& facts, base::Date today);
// As facts hold it.
access::v1::Gezag GezagFact(const v1::Gezag& gezag, const FamilyFacts& facts, absl::string_view id);
// Ends it, also back to a day that is past.
absl::Status EndGezag(const v1::EndGezagRequest& req, base::Date today, access::v1::Gezag* gezag);

// The family's seats at the case that is not closed, as gezag and age have them: who holds gezag
// over a child of the case, or is that child and 12, sits there; whose gezag has ended leaves. When
// that was the regisseur, the stand-in is regisseur from the same instant (R1). A seat that is
// there stays as it is.
void SeatTheFamily(const IdSource& id, absl::Time now, FamilyFacts* facts);

// ---- Households, addresses, contacts ---------------------------------------------

absl::Status CheckHousehold(const v1::Household& household, const FamilyFacts& facts,
                            base::Date today);
// R18: about persons who live there, and an adult among them where there is one, so that who lives
// elsewhere does not see it; about children only, when all may know.
absl::Status CheckAddress(const v1::SetAddressRequest& req, const v1::Household& household,
                          const FamilyFacts& facts);
absl::Status CheckContact(const v1::Contact& contact);
// A label about exactly these persons, and not about the family as such, which all of it sees.
absl::Status CheckAboutExactly(absl::string_view field, const common::v1::Label& label,
                               std::vector<std::string> persons);

// ---- Numbers ----------------------------------------------------------------------

// Nine digits, not all 0, of which 9a+8b+7c+6d+5e+4f+3g+2h-i divides by 11 (the 11-test).
// INVALID_ARGUMENT that repeats no digit.
absl::Status CheckBsn(absl::string_view bsn);

}  // namespace knooppunt::family

#endif  // KNOOPPUNT_SERVICES_FAMILY_RULES_H_
