// What an audit record says, sealed in two parts, and the leaf's body that binds
// the log to it without showing it (R24, R31):
//
//   part A  who, when, act, purpose, outcome
//   part B  which family and object
//
// Each part is sealed under a key of its own. The body holds
//   who     SHA-256(sealed A)
//   about   SHA-256(sealed B)
//   commit  HMAC-SHA-256(commit key, JoinLengthPrefixed(A, B, who, about))
// so nobody can swap parts or claim other contents later, and whoever lacks the key
// learns nothing from the log, not even that two records are alike. The payload, kept beside the
// log, is JoinLengthPrefixed(sealed A, sealed B). Destroying the audit key, or the payload, leaves
// the log whole and its proofs valid.
//
// AuditKeys is immutable and thread-safe; the functions have no state.
#ifndef KNOOPPUNT_SECURITY_AUDIT_SEAL_H_
#define KNOOPPUNT_SECURITY_AUDIT_SEAL_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "security/crypto/random.h"
#include "security/crypto/secret.h"

namespace knooppunt::audit {

// Derived from one audit key (of a family and year) by HKDF-SHA-256 with the infos
// "knooppunt-audit-v1 part a", "... part b", "... commit" and "... question".
struct AuditKeys {
  crypto::SecretBytes part_a;
  crypto::SecretBytes part_b;
  crypto::SecretBytes commit;
  crypto::SecretBytes question;  // of what a family asks about its log, and the answer (R25)

  // INVALID_ARGUMENT when `audit_key` is not 32 bytes.
  static absl::StatusOr<AuditKeys> Derive(const crypto::SecretBytes& audit_key);
};

struct RecordParts {
  std::string a;
  std::string b;
};
struct SealedRecord {
  std::string body;     // the leaf's and the outbox entry's
  std::string payload;  // the outbox entry's
};

// INVALID_ARGUMENT when a part is over kMaxSealedPartBytes.
absl::StatusOr<SealedRecord> SealRecord(const AuditKeys& keys, const RecordParts& parts,
                                        crypto::Random& random);
// The plain parts. INVALID_ARGUMENT when `body` is not an audit body; DATA_LOSS when
// the payload is not the one the body was made with, or the keys are not.
absl::StatusOr<RecordParts> OpenRecord(const AuditKeys& keys, absl::string_view body,
                                       absl::string_view payload);

}  // namespace knooppunt::audit

#endif  // KNOOPPUNT_SECURITY_AUDIT_SEAL_H_
