// Checks a whole log, exported as files (tiles.h), against keys and checkpoints that
// the one who checks holds (R24). Everything is computed anew from the entries; the
// tiles are only compared, so that an error can name the entry.
//
// It shows: a byte changed; a record dropped, added or moved; a cut tail, when an
// older checkpoint is given that reaches further; and a log that was rebuilt and
// signed again, for no witness has cosigned that. It cannot show what no checkpoint
// held elsewhere covers. Thread-safe (no state).
#ifndef KNOOPPUNT_SECURITY_AUDIT_VERIFIER_H_
#define KNOOPPUNT_SECURITY_AUDIT_VERIFIER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "security/audit/leaf.h"
#include "security/audit/note.h"

namespace knooppunt::audit {

struct VerifyLogOptions {
  std::string dir;
  NoteVerifier log_key;  // its name is the log's origin
  std::vector<NoteVerifier> witness_keys;
  // How many different witnesses must have cosigned. 0 gives up the protection
  // against a rebuilt log, unless `older` is given.
  int required_witnesses = 1;
  // Empty, or a checkpoint of this log that was kept elsewhere: a signed note, or a
  // whole witness's state file, from which this log's is taken.
  std::string older;
};

struct VerifyLogReport {
  std::string origin;
  int64_t size = 0;
  std::string root;                             // 32 bytes
  std::vector<VerifiedSignature> cosignatures;  // by the witnesses given
  int64_t older_size = -1;                      // of the older checkpoint, -1 without one
  std::vector<StreamState> streams;
  // What does not contradict the checkpoint, yet asks for an explanation: plain
  // sentences. A stream that does not begin with an open record; one that is not
  // closed and had been silent when the last witness cosigned.
  std::vector<std::string> problems;
};

// The report when everything holds. Otherwise one sentence an auditor can act on:
// INVALID_ARGUMENT (the question: keys, counts, an older checkpoint of another log),
// NOT_FOUND (no log there), UNAUTHENTICATED (a signature is wrong or lacking),
// DATA_LOSS (the log is not what it was).
absl::StatusOr<VerifyLogReport> VerifyLogDirectory(const VerifyLogOptions& options);

}  // namespace knooppunt::audit

#endif  // KNOOPPUNT_SECURITY_AUDIT_VERIFIER_H_
