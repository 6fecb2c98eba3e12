// Asking a witness to cosign a checkpoint (C2SP tlog-witness, add-checkpoint).
#ifndef KNOOPPUNT_SECURITY_AUDIT_WITNESS_CLIENT_H_
#define KNOOPPUNT_SECURITY_AUDIT_WITNESS_CLIENT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "security/audit/merkle.h"
#include "security/audit/note.h"

namespace knooppunt::audit {

struct AddCheckpointRequest {
  int64_t old_size = 0;            // of the last checkpoint the witness cosigned
  std::vector<std::string> proof;  // consistency from old_size to the checkpoint
  std::string checkpoint;          // the whole signed note
};

// The body of the HTTP request: "old N\n", a line of base64 a hash, "\n", the note.
std::string FormatAddCheckpoint(const AddCheckpointRequest& request);
// INVALID_ARGUMENT unless well formed, with at most kMaxConsistencyProofHashes hashes.
absl::StatusOr<AddCheckpointRequest> ParseAddCheckpoint(absl::string_view body);

// Implementations are thread-safe.
class WitnessClient {
 public:
  virtual ~WitnessClient() = default;
  // The witness's signature lines, not verified. Errors:
  //   FAILED_PRECONDITION  old_size is not what the witness has; WitnessKnownSize() of
  //                        the status is what it has
  //   PERMISSION_DENIED    it does not know the key that signed
  //   NOT_FOUND            it does not know the log
  //   DATA_LOSS            the checkpoint does not extend what the witness has seen
  //   INVALID_ARGUMENT     it found the request malformed
  //   UNAVAILABLE, DEADLINE_EXCEEDED  it could not be asked; ask again later
  virtual absl::StatusOr<std::string> AddCheckpoint(const AddCheckpointRequest& request) = 0;
};

// The size a witness stated with FAILED_PRECONDITION; none on any other status.
std::optional<int64_t> WitnessKnownSize(const absl::Status& status);
// FAILED_PRECONDITION that carries `size`. For implementations.
absl::Status WitnessHasAnotherSize(int64_t size);

struct CosignOptions {
  WitnessClient* client = nullptr;         // not owned
  const HashReader* hashes = nullptr;      // not owned; of at least the checkpoint's size
  std::vector<NoteVerifier> witness_keys;  // the keys of this witness
  std::string checkpoint;                  // the note to cosign
  int64_t known_size = 0;                  // what the witness has, as far as is known
};
// Makes the proof, asks the witness, asks once more from the size it states if that was
// another, and returns the checkpoint with its valid cosignatures added. Errors as
// AddCheckpoint, and: DATA_LOSS when the witness has seen more entries than the
// checkpoint covers (this log was put back to an older state, or cloned);
// UNAUTHENTICATED when the answer is not a cosignature by `witness_keys`.
absl::StatusOr<std::string> CosignCheckpoint(const CosignOptions& options);

}  // namespace knooppunt::audit

#endif  // KNOOPPUNT_SECURITY_AUDIT_WITNESS_CLIENT_H_
