// Consents as they are shown, to whom, and their wordings. Thread-safe (no state); Visibility
// belongs to one call.
#ifndef KNOOPPUNT_SERVICES_CONSENT_VIEW_H_
#define KNOOPPUNT_SERVICES_CONSENT_VIEW_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "knooppunt/consent/v1/consent.pb.h"
#include "security/policy/authorized_call.h"
#include "security/storage/database.h"
#include "services/consent/rules.h"

namespace knooppunt::consent {

std::string ConsentName(absl::string_view family, absl::string_view id);

// What was put before the family, by revision from 1.
using Texts = std::map<int, std::string>;
// `texts`: as far as the caller may read them. Does not say whether it is in force.
v1::Consent View(const FamilyFacts& facts, const ConsentFact& fact, const Texts& texts);

// The wordings that the permit opens, by the name of the consent. Copies are alike.
absl::StatusOr<std::map<std::string, Texts>> ReadWordings(const policy::AuthorizedCall& call,
                                                          storage::ReadTx& tx);
// The payload of an item of kind kConsentWording.
std::string StoredWording(absl::string_view consent_name, absl::string_view wording, int revision);

// The caller as a party: a person of the family, or the institution they work for.
Party PartyOf(const policy::AuthorizedCall& call);

// Staff of the werkplaats, and who leads the case, see what the family agreed with whom.
bool SeesAllConsents(const policy::AuthorizedCall& call, const FamilyFacts& facts);

class Visibility {
 public:
  // Both must outlive this.
  Visibility(const policy::AuthorizedCall& call, const FamilyFacts& facts);
  bool Shows(const ConsentFact& consent) const;

 private:
  const policy::AuthorizedCall& call_;
  const FamilyFacts& facts_;
  const bool staff_;
  const bool all_;
  const std::vector<std::string> persons_;
};

// The consent that a request names, if the caller may see it: else the constant NOT_FOUND.
absl::StatusOr<ConsentFact*> FindNamed(const policy::AuthorizedCall& call,
                                       absl::string_view consent_name, FamilyFacts* facts);

// For the record (R22, R25): an act on a consent concerns those whom it is about, and is in the log
// of who may see them.
void Touch(const policy::AuthorizedCall& call, const ConsentFact& consent);

}  // namespace knooppunt::consent

#endif  // KNOOPPUNT_SERVICES_CONSENT_VIEW_H_
