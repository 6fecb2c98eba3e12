// What the directory holds to be well formed, who may administer whom, and how
// functions and mandates begin and end. Pure: no I/O, no clock. Thread-safe.
#ifndef KNOOPPUNT_SERVICES_DIRECTORY_RULES_H_
#define KNOOPPUNT_SERVICES_DIRECTORY_RULES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/date.h"
#include "knooppunt/directory/v1/directory.pb.h"
#include "knooppunt/directory/v1/werkplaats.pb.h"

namespace knooppunt::directory {

using access::v1::FunctionTerm;
using access::v1::Mandate;

// The one who acts, for as far as the rules look.
struct Actor {
  std::string professional;
  std::string organisation;
  common::v1::Function function = common::v1::FUNCTION_UNSPECIFIED;
  bool region = false;  // the bootstrap administrator, who may administer every organisation
};

// Dates are ISO, checked, and order as text.

// Shape. INVALID_ARGUMENT naming the field.
absl::Status CheckOrganisation(const v1::Organisation& organisation);
absl::Status CheckWerkplaats(const v1::Werkplaats& werkplaats);
// Shape of the whole import: each row, no row twice, at most kMaxImportRows.
absl::Status CheckImport(const v1::ImportDirectoryRequest& request);
// Shape of a professional to be created: id, login, at least one function, no mandates.
absl::Status CheckNewProfessional(const v1::Professional& professional);
absl::Status CheckFunctionTerm(const FunctionTerm& term);
absl::Status CheckMandate(const Mandate& mandate);

// R27: a werkplaats closes on a day at most kMaxCloseDaysBack ago and kMaxCloseDaysAhead ahead, for
// a reason that people can read.
absl::Status CheckClosing(const v1::CloseWerkplaatsRequest& request, base::Date today);
// What is announced can be changed and undone, and a slip for kDaysToMendAClosing after it was
// recorded; what has come cannot. FAILED_PRECONDITION once it has closed.
absl::Status CheckNotClosed(const v1::WerkplaatsProfile& profile, absl::Time now);

// PERMISSION_DENIED unless `actor` administers `organisation`.
absl::Status MayAdminister(const Actor& actor, absl::string_view organisation);
// PERMISSION_DENIED when `actor` would give power to themselves (R21).
absl::Status MayEmpower(const Actor& actor, absl::string_view professional);
// Whether `actor` may see the login and own accounts of `professional`: an
// administrator, of the people they administer.
bool MaySeeLogin(const Actor& actor, const v1::Professional& professional);
// Without what `actor` may not see.
v1::Professional Presented(const Actor& actor, v1::Professional professional);

// Adds a checked term. ALREADY_EXISTS when it overlaps the same function there;
// FAILED_PRECONDITION when the person would administer and read content at once (R21).
absl::Status AddFunction(const FunctionTerm& term, v1::Professional* professional);
// End of employment: functions and mandates there end on `end_date`; those that would
// begin later never begin. FAILED_PRECONDITION when none was open then.
absl::Status EndFunctions(absl::string_view organisation, absl::string_view end_date,
                          v1::Professional* professional);

// Adds a checked mandate, version 1 (R6). FAILED_PRECONDITION unless the professional has
// a function at that organisation when it begins, or now if it began before; ALREADY_EXISTS
// when they hold the very same one, not ended.
absl::Status AddMandate(const Mandate& mandate, absl::string_view today,
                        v1::Professional* professional);
// Ends the mandate today, version + 1. PERMISSION_DENIED unless it is of
// actor.organisation.
absl::Status EndMandate(const Actor& actor, absl::string_view name, absl::string_view today,
                        v1::Professional* professional);

// R6: what `holder` may delegate, at most one deep. Whether `actor`, on `today`, may delegate
// `source` as the checked `mandate` to `to`, a colleague: PERMISSION_DENIED unless it is the
// actor's own and of their organisation; FAILED_PRECONDITION for a mandate that is not delegable,
// was delegated itself or does not hold today, for a colleague who does not work there, and for
// a kind, limit or day beyond the source.
absl::Status CheckDelegation(const Actor& actor, const v1::Professional& holder,
                             absl::string_view source, const Mandate& mandate,
                             absl::string_view today, const v1::Professional& to);
// Whether the named mandate of `holder` is there. nullptr when not.
const Mandate* FindMandate(const v1::Professional& holder, absl::string_view name);
// R6: what was delegated from `source` holds no longer than `source` does. Returns whether
// anything of `holder` changed.
bool EndDelegated(const Mandate& source, v1::Professional* holder);

}  // namespace knooppunt::directory

#endif  // KNOOPPUNT_SERVICES_DIRECTORY_RULES_H_
