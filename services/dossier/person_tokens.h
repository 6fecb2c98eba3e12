// The blind tokens by which families are searched and doubles are found (R3): HMACs under the
// region's search key, of a name and a birth date or of a number. The tables show no name, no date
// and no number. Thread-safe (no state). Every function needs a permit with the search key
// (INTERNAL NO_KEY without): methods whose rule says `searches` or `writes_tokens`.
#ifndef KNOOPPUNT_SERVICES_DOSSIER_PERSON_TOKENS_H_
#define KNOOPPUNT_SERVICES_DOSSIER_PERSON_TOKENS_H_

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "security/policy/authorized_call.h"
#include "security/storage/database.h"
#include "services/dossier/family_store.h"

namespace knooppunt::dossier {

// A child as one is found: every family name that they go or went by, and their birth date.
struct Findable {
  std::string person;  // id
  std::vector<std::string> family_names;
  std::string birth_date;  // ISO
};
// Replaces the tokens of one person of call.family(). Only children are found by name (R3).
absl::Status PutPersonTokens(const AuthorizedCall& call, storage::WriteTx& tx,
                             const Findable& findable);
// Takes away the token by which opening a case looks for a child (PutSearchToken), of a name and
// date that were wrong, unless somebody else of the family has it too.
absl::Status DropSearchToken(const AuthorizedCall& call, storage::WriteTx& tx,
                             absl::string_view token);
// Persons of call.family() who have tokens.
absl::StatusOr<std::set<std::string>> PersonsWithTokens(const AuthorizedCall& call,
                                                        storage::ReadTx& tx);

// How near a name must come. For emergency access (R20) only the same name on the same day: what is
// found there can be opened.
enum class Nearness { kSame, kAlike };
// Families with a child of this name and birth date, nearest first, each once: the name as it is
// written, then without particles and accents and by the parts of a double name, then by sound;
// each on that day, then with day and month exchanged. Costs the same for every name of as many
// parts, whatever there is to find (R18).
struct FindByName {
  absl::string_view family_name;
  absl::string_view birth_date;
  Nearness nearness = Nearness::kAlike;
};
absl::StatusOr<std::vector<SearchHit>> FindFamilies(const AuthorizedCall& call, storage::ReadTx& tx,
                                                    const FindByName& asked);

// Keeps a keyed hash of a citizen service number; what stood there is replaced.
absl::Status PutBsnToken(const AuthorizedCall& call, storage::WriteTx& tx, absl::string_view person,
                         absl::string_view bsn);
// Persons of call.family() of whom a number was recorded.
absl::StatusOr<std::set<std::string>> PersonsWithBsn(const AuthorizedCall& call,
                                                     storage::ReadTx& tx);
// Other families with a person of the same number, those with an open case first; nullopt when no
// number was recorded for `person`. Needs no key.
absl::StatusOr<std::optional<std::vector<SearchHit>>> FindDoubles(const AuthorizedCall& call,
                                                                  storage::ReadTx& tx,
                                                                  absl::string_view person);

}  // namespace knooppunt::dossier

#endif  // KNOOPPUNT_SERVICES_DOSSIER_PERSON_TOKENS_H_
