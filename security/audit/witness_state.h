// What a witness remembers: for each log the last checkpoint it cosigned, with its
// cosignature. The file is text, and an auditor may hand it to VerifyLogDirectory:
//
//   knooppunt-witness-state-v1\n
//   and for each log, ordered by origin:  checkpoint <bytes, decimal>\n<the note>
//
// Thread-safe (values).
#ifndef KNOOPPUNT_SECURITY_AUDIT_WITNESS_STATE_H_
#define KNOOPPUNT_SECURITY_AUDIT_WITNESS_STATE_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace knooppunt::audit {

// Origin to note.
using WitnessState = std::map<std::string, std::string>;

bool IsWitnessState(absl::string_view text);
std::string FormatWitnessState(const WitnessState& state);
// INVALID_ARGUMENT unless `text` is what FormatWitnessState writes. Signatures are
// not looked at.
absl::StatusOr<WitnessState> ParseWitnessState(absl::string_view text);

}  // namespace knooppunt::audit

#endif  // KNOOPPUNT_SECURITY_AUDIT_WITNESS_STATE_H_
