// Signed notes (C2SP signed-note) and timestamped cosignatures (C2SP
// tlog-cosignature, Ed25519), which other people's tools read too.
//
// A note is text that ends in '\n', an empty line, and one line a signature:
//   — <key name> base64(u32be key id, signature)
// The key id is SHA-256(name "\n" u8 algorithm, public key)[:4]. A verifier key is
// written name+<hex key id>+base64(u8 algorithm, public key).
//
// Values are immutable and thread-safe.
#ifndef KNOOPPUNT_SECURITY_AUDIT_NOTE_H_
#define KNOOPPUNT_SECURITY_AUDIT_NOTE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "security/crypto/sign.h"

namespace knooppunt::audit {

enum class NoteAlgorithm : uint8_t {
  kEd25519 = 0x01,      // over the text
  kCosignature = 0x04,  // over "cosignature/v1\ntime <N>\n" and the text; a witness's
};

// A signature line, taken apart but not verified.
struct NoteSignature {
  std::string name;
  uint32_t key_id = 0;
  std::string signature;  // what follows the key id
};

struct Note {
  std::string text;  // ends in '\n'; nothing in it may be believed yet
  std::vector<NoteSignature> signatures;
};

// Non-empty, at most kMaxKeyNameBytes of UTF-8 without spaces, control characters or '+'.
bool IsKeyName(absl::string_view name);

// INVALID_ARGUMENT unless `note` is well formed, with 1 to kMaxNoteSignatures signatures.
absl::StatusOr<Note> ParseNote(absl::string_view note);
// Signature lines alone, as a witness answers them; INVALID_ARGUMENT as ParseNote.
absl::StatusOr<std::vector<NoteSignature>> ParseSignatureLines(absl::string_view lines);
// "— name base64\n".
std::string FormatSignatureLine(const NoteSignature& signature);

// A public key under its name.
class NoteVerifier {
 public:
  // INVALID_ARGUMENT when `name` is not a key name.
  static absl::StatusOr<NoteVerifier> Create(absl::string_view name, NoteAlgorithm algorithm,
                                             crypto::VerifyKey key);
  // From a verifier key's text. INVALID_ARGUMENT when malformed, of an unknown
  // algorithm, or when the key id is not that of the key.
  static absl::StatusOr<NoteVerifier> Parse(absl::string_view text);
  std::string ToString() const;

  const std::string& name() const { return name_; }
  uint32_t key_id() const { return key_id_; }
  NoteAlgorithm algorithm() const { return algorithm_; }
  const std::string& raw_key() const { return key_.raw(); }

  // Whether `signature` claims to be this key's.
  bool Claims(const NoteSignature& signature) const {
    return signature.name == name_ && signature.key_id == key_id_;
  }
  // UNAUTHENTICATED unless this key signed `text`. Returns the time a cosignature
  // states; absl::InfinitePast() for a plain signature.
  absl::StatusOr<absl::Time> Verify(absl::string_view text, const NoteSignature& signature) const;

 private:
  NoteVerifier(std::string name, NoteAlgorithm algorithm, crypto::VerifyKey key);

  std::string name_;
  NoteAlgorithm algorithm_;
  crypto::VerifyKey key_;
  uint32_t key_id_;
};

// A signature that was verified.
struct VerifiedSignature {
  std::string name;
  uint32_t key_id = 0;
  absl::Time time;  // as NoteVerifier::Verify
};

// The signatures on `note` by the keys of `verifiers`, in the order of the note;
// signatures of other keys are passed over. UNAUTHENTICATED when one that claims to
// be of a known key is not, or when there is none of a known key.
absl::StatusOr<std::vector<VerifiedSignature>> VerifyNote(
    const Note& note, const std::vector<NoteVerifier>& verifiers);

// Signs notes (algorithm 0x01).
class NoteSigner {
 public:
  static absl::StatusOr<NoteSigner> Create(absl::string_view name, crypto::SigningKey key);

  // The whole note. INVALID_ARGUMENT unless `text` may be a note's text.
  absl::StatusOr<std::string> Sign(absl::string_view text) const;
  const NoteVerifier& verifier() const { return verifier_; }

 private:
  NoteSigner(crypto::SigningKey key, NoteVerifier verifier)
      : key_(std::move(key)), verifier_(std::move(verifier)) {}

  crypto::SigningKey key_;
  NoteVerifier verifier_;
};

// Cosigns checkpoints (algorithm 0x04). The signed message does not name the
// cosigner: never give one key to two cosigners.
class Cosigner {
 public:
  static absl::StatusOr<Cosigner> Create(absl::string_view name, crypto::SigningKey key);

  // The signature line for a note's `text`, stating `now` (whole seconds).
  std::string Cosign(absl::string_view text, absl::Time now) const;
  const NoteVerifier& verifier() const { return verifier_; }

 private:
  Cosigner(crypto::SigningKey key, NoteVerifier verifier)
      : key_(std::move(key)), verifier_(std::move(verifier)) {}

  crypto::SigningKey key_;
  NoteVerifier verifier_;
};

// Adds to `note` those of `lines` (a witness's answer) that are valid signatures of
// `verifiers` over its text, and that it does not carry already. UNAUTHENTICATED as
// VerifyNote; INVALID_ARGUMENT when either is malformed.
absl::StatusOr<std::string> AddSignatures(absl::string_view note, absl::string_view lines,
                                          const std::vector<NoteVerifier>& verifiers);

}  // namespace knooppunt::audit

#endif  // KNOOPPUNT_SECURITY_AUDIT_NOTE_H_
