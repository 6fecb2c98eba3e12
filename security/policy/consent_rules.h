// Who must agree, and whether a consent holds on a day (R11-R14, R16). Pure functions over
// facts and the policy's table of signatories: because they are asked anew on each day,
// consent ages by itself. Thread-safe (no state).
#ifndef KNOOPPUNT_SECURITY_POLICY_CONSENT_RULES_H_
#define KNOOPPUNT_SECURITY_POLICY_CONSENT_RULES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "base/date.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "security/policy/table.h"

namespace knooppunt::policy {

inline constexpr int kAdultAge = 18;

const access::v1::PersonFact* FindPerson(const access::v1::FamilyFacts& facts,
                                         absl::string_view id);
// Whole years on `on`; -1 when the birth date cannot be read.
int AgeOf(const access::v1::PersonFact& person, base::Date on);

// Gezag over `child` on `on`: periods count, and at 18 it ends by itself (R16). Over a youth who
// cannot weigh the matter only what began at 18 or later holds from then on: curator, mentor.
std::vector<const access::v1::Gezag*> GezagOver(const access::v1::FamilyFacts& facts,
                                                absl::string_view child, base::Date on);
bool HoldsGezag(const access::v1::FamilyFacts& facts, absl::string_view holder_person,
                absl::string_view child, base::Date on);

// Somebody who must sign.
struct Signatory {
  std::string person;        // or
  std::string organisation;  // an institution with guardianship
  std::string row;           // the row of the table that says so
  bool operator==(const Signatory& o) const {
    return person == o.person && organisation == o.organisation;
  }
};

// Everybody who must sign for `about` and `compartments` on `on`. `vacant` is set when
// somebody must sign and nobody can: such a consent never holds.
std::vector<Signatory> WhoMustSign(const Table& table, const access::v1::FamilyFacts& facts,
                                   const common::v1::About& about,
                                   const google::protobuf::RepeatedField<int>& compartments,
                                   base::Date on, bool* vacant);

// What is left of a consent: what it named, less every withdrawal in part (R13). Sharing looks at
// this and never at what was named. Who must sign stays who had to for all that was named: a
// withdrawal never opens anything because somebody need not be asked any more.
access::v1::ConsentFact EffectiveConsent(const access::v1::ConsentFact& consent);
// Whether what was signed is the wording of today (R12). One that was recorded before signatures
// held the hash of what was shown is of the first wording. A refusal or withdrawal always counts.
bool IsOfTodaysWording(const access::v1::ConsentFact& consent,
                       const access::v1::Signature& signature);
// Revision of the wording, from 1.
int WordingRevision(const access::v1::ConsentFact& consent);

// Within its period, complete as R12 asks after withdrawals in part, and signed by everybody who
// must sign on `on`.
bool ConsentInForce(const Table& table, const access::v1::FamilyFacts& facts,
                    const access::v1::ConsentFact& consent, base::Date on);

// Grounds other than consent (R15).
using GroundTypes = google::protobuf::RepeatedPtrField<v1::GroundType>;
// nullptr when the table does not have it.
const v1::GroundType* FindGroundType(const GroundTypes& types, absl::string_view type);
// Of a type that the table has, complete, within its period and that within the type's days; not
// ended early, not found wrong by its review, and not left without the review past its day. What
// the family was not told of needs a review day.
bool GroundInForce(const GroundTypes& types, const access::v1::GroundFact& ground, base::Date on);
bool GroundInForce(const Table& table, const access::v1::GroundFact& ground, base::Date on);
// Names a reviewer, who has not reviewed it. One that ended is reviewed all the same.
bool AwaitsReview(const access::v1::GroundFact& ground);
// The family was not told, because that was unsafe, and nobody has reviewed it yet: nothing that
// the family sees may tell of it (R15, R18).
bool HiddenFromFamily(const access::v1::GroundFact& ground);

// Whether `about` names everything that `label` is about.
bool AboutCovers(const common::v1::About& about, const common::v1::About& label);

// First day <= on < end day; an empty end is open, an unreadable date never holds.
bool InPeriod(absl::string_view start_date, absl::string_view end_date, base::Date on);

}  // namespace knooppunt::policy

#endif  // KNOOPPUNT_SECURITY_POLICY_CONSENT_RULES_H_
