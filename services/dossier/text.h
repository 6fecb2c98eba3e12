// Text that people type: what is let in, and how a name is made comparable for search (R3).
// Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_DOSSIER_TEXT_H_
#define KNOOPPUNT_SERVICES_DOSSIER_TEXT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/text.h"

namespace knooppunt::dossier {

using base::TextRules;

// INVALID_ARGUMENT, naming `field`, unless `text` is valid UTF-8 (no surrogates, no overlong
// forms) within the size, without control characters other than line feed and without
// characters that change the direction of what follows (Unicode bidi embeddings, overrides
// and isolates: text must read as it is stored).
absl::Status ValidateText(absl::string_view field, absl::string_view text, const TextRules& rules);
// One line of at most kMaxNameBytes, required: names of people and things.
absl::Status ValidateName(absl::string_view field, absl::string_view text);

// Lower case, accents of Latin letters taken off, spaces collapsed and trimmed, typographic
// apostrophes and hyphens made plain; particles ("van der") stay. `name` is valid UTF-8.
std::string NormaliseName(absl::string_view name);

}  // namespace knooppunt::dossier

#endif  // KNOOPPUNT_SERVICES_DOSSIER_TEXT_H_
