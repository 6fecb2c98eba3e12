// The rules of grounds for sharing other than consent (R15): what may be invoked, who ends and
// who reviews, and who may know of it. Whether a ground is in force is for access to decide, with
// policy::GroundInForce. Pure: no I/O and no clock. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_CONSENT_GROUND_RULES_H_
#define KNOOPPUNT_SERVICES_CONSENT_GROUND_RULES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/date.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "knooppunt/consent/v1/consent.pb.h"
#include "security/policy/consent_rules.h"

namespace knooppunt::consent {

using access::v1::FamilyFacts;
using access::v1::GroundFact;

inline constexpr int kMaxGroundsPerFamily = 256;

// Who invokes, and on which day.
struct Invoker {
  absl::string_view professional;  // "professionals/{id}"
  absl::string_view organisation;  // "organisations/{id}"
  base::Date on;
};
// R15: of a type that `types` has and no longer than it allows; everything named, nothing
// broader; for another organisation; with a reason; and when the family is not told, why, and who
// else reviews it when. INVALID_ARGUMENT or FAILED_PRECONDITION.
absl::Status CheckInvocation(const v1::Ground& asked, const FamilyFacts& facts,
                             const policy::GroundTypes& types, const Invoker& by);
// R15: a professional who works somewhere on `on` in a function that may review; at `organisation`,
// unless that is empty.
bool CanReview(const access::v1::ProfessionalFacts& professional, absl::string_view organisation,
               base::Date on);
// The fact of a checked invocation; the article is the table's.
GroundFact Invoked(const v1::Ground& asked, absl::string_view id, const policy::GroundTypes& types,
                   absl::string_view invoked_by);

// The label of the texts of a ground. What the family was not told of lies in SAFETY, to which a
// family has no key and of which its log shows nothing; else where the invoker's organisation
// keeps its own record, which only its own people review.
common::v1::Label ReasonLabel(const v1::Ground& asked, common::v1::Function invoker);

const GroundFact* FindGround(const FamilyFacts& facts, absl::string_view id);
GroundFact* MutableGround(FamilyFacts* facts, absl::string_view id);

// FAILED_PRECONDITION when it has ended or is over.
absl::Status EndEarly(GroundFact* ground, absl::Time now);
// By the reviewer it names, once. What is not upheld ends now.
absl::Status Review(GroundFact* ground, bool upheld, absl::Time now);

// R15: the family, which was not told at once, has been told by `by` ("professionals/{id}"). The
// review that was set stays due. FAILED_PRECONDITION when it was told already.
absl::Status Tell(GroundFact* ground, absl::string_view by, absl::Time now);

}  // namespace knooppunt::consent

#endif  // KNOOPPUNT_SERVICES_CONSENT_GROUND_RULES_H_
