#include "security/audit/note.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "security/audit/limits.h"
#include "security/crypto/hash.h"

namespace knooppunt::audit {
namespace {

constexpr absl::string_view kDash = "\xe2\x80\x94 ";  // U+2014 and a space
constexpr size_t kKeyIdBytes = 4;
constexpr size_t kTimestampBytes = 8;
constexpr size_t kSignatureBytes = 64;

std::string BigEndian(uint64_t value, size_t bytes) {
  std::string out(bytes, '\0');
  for (size_t i = 0; i < bytes; ++i) {
    out[bytes - 1 - i] = static_cast<char>(value >> (8 * i));
  }
  return out;
}

uint64_t FromBigEndian(absl::string_view bytes) {
  uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

// Takes the first code point off `s`; -1 when it is not well-formed UTF-8.
int32_t TakeCodePoint(absl::string_view* s) {
  const auto first = static_cast<unsigned char>((*s)[0]);
  const int length = first < 0x80   ? 1
                     : first < 0xc2 ? 0
                     : first < 0xe0 ? 2
                     : first < 0xf0 ? 3
                     : first < 0xf5 ? 4
                                    : 0;
  if (length == 0 || s->size() < static_cast<size_t>(length)) return -1;
  int32_t c = length == 1 ? first : first & (0x7f >> length);
  for (int i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>((*s)[i]);
    if ((next & 0xc0) != 0x80) return -1;
    c = c << 6 | (next & 0x3f);
  }
  const bool overlong = (length == 3 && c < 0x800) || (length == 4 && c < 0x10000);
  if (overlong || (c >= 0xd800 && c < 0xe000) || c > 0x10ffff) return -1;
  s->remove_prefix(length);
  return c;
}

bool IsUnicodeSpace(int32_t c) {
  return c == 0x20 || c == 0x85 || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) ||
         c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

bool IsNoteText(absl::string_view text) {
  while (!text.empty()) {
    const int32_t c = TakeCodePoint(&text);
    if (c < 0 || (c < 0x20 && c != '\n')) return false;
  }
  return true;
}

uint32_t KeyId(absl::string_view name, NoteAlgorithm algorithm, absl::string_view raw_key) {
  const char type = static_cast<char>(algorithm);
  const std::string hash = crypto::Sha256({name, "\n", absl::string_view(&type, 1), raw_key});
  return static_cast<uint32_t>(FromBigEndian(absl::string_view(hash).substr(0, kKeyIdBytes)));
}

std::string CosignedMessage(absl::string_view text, uint64_t seconds) {
  return absl::StrCat("cosignature/v1\ntime ", seconds, "\n", text);
}

absl::StatusOr<NoteSignature> ParseSignatureLine(absl::string_view line) {
  const absl::Status malformed = absl::InvalidArgumentError("a signature line is malformed");
  if (!absl::ConsumePrefix(&line, kDash)) return malformed;
  const std::vector<absl::string_view> parts = absl::StrSplit(line, ' ');
  if (parts.size() != 2 || !IsKeyName(parts[0])) return malformed;
  const absl::StatusOr<std::string> bytes = crypto::Base64Decode(parts[1]);
  if (!bytes.ok() || bytes->size() <= kKeyIdBytes) return malformed;
  return NoteSignature{
      .name = std::string(parts[0]),
      .key_id = static_cast<uint32_t>(FromBigEndian(bytes->substr(0, kKeyIdBytes))),
      .signature = bytes->substr(kKeyIdBytes)};
}

}  // namespace

bool IsKeyName(absl::string_view name) {
  if (name.empty() || name.size() > kMaxKeyNameBytes) return false;
  while (!name.empty()) {
    const int32_t c = TakeCodePoint(&name);
    if (c < 0x20 || c == '+' || IsUnicodeSpace(c)) return false;
  }
  return true;
}

absl::StatusOr<std::vector<NoteSignature>> ParseSignatureLines(absl::string_view lines) {
  if (lines.size() > kMaxNoteBytes)
    return absl::InvalidArgumentError("the signatures are too long");
  if (!absl::ConsumeSuffix(&lines, "\n")) {
    return absl::InvalidArgumentError("the last signature line does not end");
  }
  std::vector<NoteSignature> signatures;
  for (const absl::string_view line : absl::StrSplit(lines, '\n')) {
    if (signatures.size() == kMaxNoteSignatures) {
      return absl::InvalidArgumentError("too many signatures");
    }
    KP_ASSIGN_OR_RETURN(NoteSignature signature, ParseSignatureLine(line));
    signatures.push_back(std::move(signature));
  }
  return signatures;
}

absl::StatusOr<Note> ParseNote(absl::string_view note) {
  if (note.size() > kMaxNoteBytes) return absl::InvalidArgumentError("the note is too long");
  if (!IsNoteText(note)) {
    return absl::InvalidArgumentError("the note is not UTF-8 text, or has control characters");
  }
  // The last empty line parts text and signatures; the text may have others.
  const size_t end = note.rfind("\n\n");
  if (end == absl::string_view::npos) {
    return absl::InvalidArgumentError("the note has no empty line before its signatures");
  }
  Note parsed{.text = std::string(note.substr(0, end + 1))};
  KP_ASSIGN_OR_RETURN(parsed.signatures, ParseSignatureLines(note.substr(end + 2)));
  return parsed;
}

std::string FormatSignatureLine(const NoteSignature& signature) {
  return absl::StrCat(kDash, signature.name, " ",
                      crypto::Base64Encode(absl::StrCat(BigEndian(signature.key_id, kKeyIdBytes),
                                                        signature.signature)),
                      "\n");
}

NoteVerifier::NoteVerifier(std::string name, NoteAlgorithm algorithm, crypto::VerifyKey key)
    : name_(std::move(name)),
      algorithm_(algorithm),
      key_(std::move(key)),
      key_id_(KeyId(name_, algorithm_, key_.raw())) {}

absl::StatusOr<NoteVerifier> NoteVerifier::Create(absl::string_view name, NoteAlgorithm algorithm,
                                                  crypto::VerifyKey key) {
  if (!IsKeyName(name)) {
    return absl::InvalidArgumentError("a key name has no spaces, '+' or control characters");
  }
  return NoteVerifier(std::string(name), algorithm, std::move(key));
}

absl::StatusOr<NoteVerifier> NoteVerifier::Parse(absl::string_view text) {
  const absl::Status malformed =
      absl::InvalidArgumentError("a verifier key is written name+8 hex digits+base64");
  // Base64 may hold a '+', so only the first two part.
  const std::vector<absl::string_view> parts = absl::StrSplit(text, absl::MaxSplits('+', 2));
  if (parts.size() != 3) return malformed;
  const absl::StatusOr<std::string> bytes = crypto::Base64Decode(parts[2]);
  if (!bytes.ok() || bytes->empty()) return malformed;
  const auto algorithm = static_cast<NoteAlgorithm>((*bytes)[0]);
  if (algorithm != NoteAlgorithm::kEd25519 && algorithm != NoteAlgorithm::kCosignature) {
    return absl::InvalidArgumentError("the verifier key is of an algorithm not supported here");
  }
  KP_ASSIGN_OR_RETURN(crypto::VerifyKey key, crypto::VerifyKey::FromRaw(bytes->substr(1)));
  KP_ASSIGN_OR_RETURN(NoteVerifier verifier, Create(parts[0], algorithm, std::move(key)));
  if (parts[1] != absl::StrFormat("%08x", verifier.key_id())) {
    return absl::InvalidArgumentError("the verifier key's id is not that of its key");
  }
  return verifier;
}

std::string NoteVerifier::ToString() const {
  const std::string type(1, static_cast<char>(algorithm_));
  return absl::StrFormat("%s+%08x+%s", name_, key_id_,
                         crypto::Base64Encode(absl::StrCat(type, key_.raw())));
}

absl::StatusOr<absl::Time> NoteVerifier::Verify(absl::string_view text,
                                                const NoteSignature& signature) const {
  const absl::Status refused =
      absl::UnauthenticatedError(absl::StrCat("the signature is not that of ", name_));
  if (!Claims(signature)) return refused;
  absl::string_view bytes = signature.signature;
  if (algorithm_ == NoteAlgorithm::kEd25519) {
    if (!key_.Verify(text, bytes).ok()) return refused;
    return absl::InfinitePast();
  }
  if (bytes.size() != kTimestampBytes + kSignatureBytes) return refused;
  const uint64_t seconds = FromBigEndian(bytes.substr(0, kTimestampBytes));
  // Zero would state nothing about when, and what does not fit int64 is not a time.
  if (seconds == 0 || seconds > uint64_t{INT64_MAX}) return refused;
  if (!key_.Verify(CosignedMessage(text, seconds), bytes.substr(kTimestampBytes)).ok()) {
    return refused;
  }
  return absl::FromUnixSeconds(static_cast<int64_t>(seconds));
}

absl::StatusOr<std::vector<VerifiedSignature>> VerifyNote(
    const Note& note, const std::vector<NoteVerifier>& verifiers) {
  std::vector<VerifiedSignature> verified;
  for (const NoteSignature& signature : note.signatures) {
    for (const NoteVerifier& verifier : verifiers) {
      if (!verifier.Claims(signature)) continue;
      KP_ASSIGN_OR_RETURN(const absl::Time time, verifier.Verify(note.text, signature));
      verified.push_back({.name = signature.name, .key_id = signature.key_id, .time = time});
      break;
    }
  }
  if (verified.empty()) return absl::UnauthenticatedError("no signature of a known key");
  return verified;
}

absl::StatusOr<NoteSigner> NoteSigner::Create(absl::string_view name, crypto::SigningKey key) {
  KP_ASSIGN_OR_RETURN(NoteVerifier verifier,
                      NoteVerifier::Create(name, NoteAlgorithm::kEd25519, key.verify_key()));
  return NoteSigner(std::move(key), std::move(verifier));
}

absl::StatusOr<std::string> NoteSigner::Sign(absl::string_view text) const {
  if (!absl::EndsWith(text, "\n") || !IsNoteText(text)) {
    return absl::InvalidArgumentError("a note's text is UTF-8 lines, each ended");
  }
  return absl::StrCat(
      text, "\n",
      FormatSignatureLine(
          {.name = verifier_.name(), .key_id = verifier_.key_id(), .signature = key_.Sign(text)}));
}

absl::StatusOr<Cosigner> Cosigner::Create(absl::string_view name, crypto::SigningKey key) {
  KP_ASSIGN_OR_RETURN(NoteVerifier verifier,
                      NoteVerifier::Create(name, NoteAlgorithm::kCosignature, key.verify_key()));
  return Cosigner(std::move(key), std::move(verifier));
}

std::string Cosigner::Cosign(absl::string_view text, absl::Time now) const {
  const auto seconds = static_cast<uint64_t>(std::max<int64_t>(1, absl::ToUnixSeconds(now)));
  return FormatSignatureLine(
      {.name = verifier_.name(),
       .key_id = verifier_.key_id(),
       .signature = absl::StrCat(BigEndian(seconds, kTimestampBytes),
                                 key_.Sign(CosignedMessage(text, seconds)))});
}

absl::StatusOr<std::string> AddSignatures(absl::string_view note, absl::string_view lines,
                                          const std::vector<NoteVerifier>& verifiers) {
  KP_ASSIGN_OR_RETURN(const Note parsed, ParseNote(note));
  KP_ASSIGN_OR_RETURN(std::vector<NoteSignature> added, ParseSignatureLines(lines));
  KP_RETURN_IF_ERROR(
      VerifyNote(Note{.text = parsed.text, .signatures = added}, verifiers).status());
  std::string out(note);
  for (const NoteSignature& signature : added) {
    const bool known = std::any_of(verifiers.begin(), verifiers.end(),
                                   [&](const NoteVerifier& v) { return v.Claims(signature); });
    const std::string line = FormatSignatureLine(signature);
    if (known && !absl::StrContains(out, line)) absl::StrAppend(&out, line);
  }
  return out;
}

}  // namespace knooppunt::audit
