// The rules of consent: pure functions over the facts of a family. Whether a consent is in
// force is not decided here but by access, with the table of signatories (R11, R14): these
// rules say what may be proposed, who may sign and withdraw, and who may see it. No I/O, no
// clock. Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_CONSENT_RULES_H_
#define KNOOPPUNT_SERVICES_CONSENT_RULES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/date.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "knooppunt/consent/v1/consent.pb.h"

namespace knooppunt::consent {

using access::v1::ConsentFact;
using access::v1::FamilyFacts;

// R12: everything named, nothing broader. `on` is today.
absl::Status CheckProposal(const v1::Consent& asked, const FamilyFacts& facts, base::Date on);
// The fact of a checked proposal, not signed by anybody yet.
ConsentFact Proposed(const v1::Consent& asked, absl::string_view id);
// Whom each copy of the wording is about: one for each person it names, in order, and one for
// the family as such. One copy about all of them together would hide the wording from those who
// must sign it: a mother may not read what is about the father (R18), and signs all the same.
std::vector<common::v1::About> WordingAbouts(const common::v1::About& about);
// Hex SHA-256 of the exact wording.
std::string WordingHash(absl::string_view wording);

const ConsentFact* FindConsent(const FamilyFacts& facts, absl::string_view id);
ConsentFact* MutableConsent(FamilyFacts* facts, absl::string_view id);

// Somebody who signs or withdraws: a person of the family, or an institution that holds gezag.
struct Party {
  std::string person;
  std::string organisation;
};
// R11: holders of gezag over somebody it is about, the youth from 12 and adults about
// themselves. A consent about the family as such is about each of its children.
bool MaySign(const FamilyFacts& facts, const ConsentFact& consent, const Party& who, base::Date on);
// R13: whoever may sign, and whoever did.
bool MayWithdraw(const FamilyFacts& facts, const ConsentFact& consent, const Party& who,
                 base::Date on);
// The party's newest signature; SIGNATURE_STATE_UNSPECIFIED when there is none.
access::v1::SignatureState NewestOf(const ConsentFact& consent, const Party& who);

struct Signing {
  Party who;
  access::v1::SignatureState state;
  std::string recorded_by;
};
// Adds to the immutable history.
absl::Status AddSignature(ConsentFact* consent, const Signing& signing, absl::Time now);

// Whether `consent` is wholly about persons in `visible` (and the family, for one of its own).
bool AboutOnly(const ConsentFact& consent, const std::vector<std::string>& visible);

}  // namespace knooppunt::consent

#endif  // KNOOPPUNT_SERVICES_CONSENT_RULES_H_
