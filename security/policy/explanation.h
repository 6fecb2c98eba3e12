// An explanation in words (R19): a decision's chain, to the professional whose access it is, to
// the family, and to the auditor, each in their own words, in Dutch and in English. The engine
// gives codes; every sentence stands in one table here. Pure; thread-safe (no state).
#ifndef KNOOPPUNT_SECURITY_POLICY_EXPLANATION_H_
#define KNOOPPUNT_SECURITY_POLICY_EXPLANATION_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "knooppunt/access/v1/access.pb.h"
#include "security/policy/engine.h"
#include "security/policy/words.h"

namespace knooppunt::policy {

struct Explanation {
  std::vector<access::v1::ChainLink> chain;  // from person to rule, each link in words
  std::string text_nl;
  std::string text_en;
};

// What was asked, to stand in the auditor's text.
struct Asked {
  std::string permission;
  common::v1::Purpose purpose = common::v1::PURPOSE_UNSPECIFIED;
  std::string policy_sha256;
  bool then = false;  // decided earlier: told in the past tense
};

// `outcome` must have been decided with its chain. The text gives the answer and the links on
// which it fell; for an allowed act, those that carry it. VOICE_UNSPECIFIED is the user's.
// - VOICE_USER says "u" to the professional.
// - VOICE_FAMILY speaks to a family member: "u" about themselves, "deze professional" about
//   somebody at the table.
// - VOICE_AUDITOR is formal: the rule's id, the policy's hash, purpose and bases.
Explanation Explain(const Outcome& outcome, access::v1::Voice voice, const Asked& asked);

// One link in words.
access::v1::ChainLink LinkInWords(const FoundLink& link, access::v1::Voice voice);

// Why, of a refusal's rule word ("no-seat"), as a clause for a sentence of the log: "er is geen
// plaats aan tafel die dit toestaat". Something general for a word that has none.
std::string RefusalClause(absl::string_view word, Language language);

// Whether the table has sentences for this link of a chain. A test walks the engine's.
bool HasSentences(absl::string_view kind, absl::string_view code);

}  // namespace knooppunt::policy

#endif  // KNOOPPUNT_SECURITY_POLICY_EXPLANATION_H_
