// What a name is compared by when somebody searches for a family (R3): without particles, and by
// how it sounds in Dutch. Pure; thread-safe (no state). Keys are never stored: their HMAC is
// (person_tokens.h), always together with a birth date.
#ifndef KNOOPPUNT_SERVICES_DOSSIER_SEARCH_KEYS_H_
#define KNOOPPUNT_SERVICES_DOSSIER_SEARCH_KEYS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace knooppunt::dossier {

inline constexpr int kMaxNameParts = 4;  // of a double name; what follows is left out

// The core of a name and, of a double name, of each of its parts: small letters, no accents, no
// particles, nothing but letters and digits. "van der Zanden", "v.d. Zanden" and "Zanden, van der"
// give
// {"zanden"}; "Jansen-de Vries" gives {"jansenvries", "jansen", "vries"}. A name that is nothing
// but particles ("De") is its own core. At most 1 + kMaxNameParts, without doubles; empty when the
// name has no letter.
std::vector<std::string> NameCores(absl::string_view family_name);

// How a core sounds, for names in the Netherlands: Meijer, Meyer and Meier; Janssen, Jansen and
// Janse; Cuypers, Kuijpers and Kuipers; Hendrickx and Hendriks; Theunissen and Teunisse; Bosch and
// Bos give one key. Rules in search_keys.cc, in the order in which they are tried. Vowels stay: a
// key without them would find half a region.
std::string SoundKey(absl::string_view core);

// The day and month exchanged, ISO, when that is another day that exists; else "". `iso` is a day.
std::string SwappedBirthDate(absl::string_view iso);

}  // namespace knooppunt::dossier

#endif  // KNOOPPUNT_SERVICES_DOSSIER_SEARCH_KEYS_H_
