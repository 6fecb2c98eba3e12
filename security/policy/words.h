// The words of the policy for people: what a function, a place, a compartment is called in Dutch
// and in English (the glossary of the domain). "" or the bare name for what has no word. Pure;
// thread-safe (no state).
#ifndef KNOOPPUNT_SECURITY_POLICY_WORDS_H_
#define KNOOPPUNT_SECURITY_POLICY_WORDS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "knooppunt/access/v1/facts.pb.h"
#include "knooppunt/policy/v1/policy.pb.h"

namespace knooppunt::policy {

enum class Language { kDutch, kEnglish };

// An enum's value in words: "jeugdverpleegkundige", "aan tafel", "onderwijs". The name of the
// value when a newer one has no words yet.
std::string WordFor(common::v1::Function function, Language language);
std::string WordFor(common::v1::Compartment compartment, Language language);
std::string WordFor(common::v1::Purpose purpose, Language language);
std::string WordFor(common::v1::Regime regime, Language language);
std::string WordFor(common::v1::OrganisationKind kind, Language language);
std::string WordFor(access::v1::FamilyRole role, Language language);
std::string WordFor(access::v1::SeatRole role, Language language);
std::string WordFor(v1::Place place, Language language);

// What a permission lets somebody do: "de casus lezen". "" when it has no words yet.
std::string PermissionWords(absl::string_view permission, Language language);

}  // namespace knooppunt::policy

#endif  // KNOOPPUNT_SECURITY_POLICY_WORDS_H_
