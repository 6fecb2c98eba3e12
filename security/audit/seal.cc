#include "security/audit/seal.h"

#include <utility>
#include <vector>

#include "base/status.h"
#include "security/audit/leaf.h"
#include "security/audit/limits.h"
#include "security/crypto/aead.h"
#include "security/crypto/hash.h"

namespace knooppunt::audit {
namespace {

constexpr absl::string_view kPartA = "knooppunt-audit-v1 part a";
constexpr absl::string_view kPartB = "knooppunt-audit-v1 part b";
constexpr absl::string_view kCommit = "knooppunt-audit-v1 commit";
constexpr absl::string_view kQuestion = "knooppunt-audit-v1 question";
constexpr size_t kLengthBytes = 8;

// Over the plain parts, so that they are bound, and over the sealed ones' hashes, so
// that two records alike have commitments that are not.
std::string Commitment(const AuditKeys& keys, const RecordParts& parts, const AuditHashes& hashes) {
  return crypto::HmacSha256(
      keys.commit, crypto::JoinLengthPrefixed({parts.a, parts.b, hashes.who, hashes.about}));
}

// Takes one part, as JoinLengthPrefixed wrote it, off the front of `payload`.
absl::StatusOr<absl::string_view> TakePart(absl::string_view* payload) {
  const absl::Status malformed = absl::DataLossError("the record's payload is cut off");
  if (payload->size() < kLengthBytes) return malformed;
  uint64_t length = 0;
  for (size_t i = 0; i < kLengthBytes; ++i) {
    length = length << 8 | static_cast<unsigned char>((*payload)[i]);
  }
  payload->remove_prefix(kLengthBytes);
  if (length > payload->size()) return malformed;
  const absl::string_view part = payload->substr(0, length);
  payload->remove_prefix(length);
  return part;
}

}  // namespace

absl::StatusOr<AuditKeys> AuditKeys::Derive(const crypto::SecretBytes& audit_key) {
  if (audit_key.size() != crypto::kAeadKeyBytes) {
    return absl::InvalidArgumentError("an audit key is 32 bytes");
  }
  std::vector<crypto::SecretBytes> keys =
      crypto::HkdfEach(audit_key, {kPartA, kPartB, kCommit, kQuestion}, crypto::kAeadKeyBytes);
  return AuditKeys{.part_a = std::move(keys[0]),
                   .part_b = std::move(keys[1]),
                   .commit = std::move(keys[2]),
                   .question = std::move(keys[3])};
}

absl::StatusOr<SealedRecord> SealRecord(const AuditKeys& keys, const RecordParts& parts,
                                        crypto::Random& random) {
  if (parts.a.size() > kMaxSealedPartBytes || parts.b.size() > kMaxSealedPartBytes) {
    return absl::InvalidArgumentError("a part of an audit record is too long");
  }
  KP_ASSIGN_OR_RETURN(const std::string a, crypto::Seal(keys.part_a, kPartA, parts.a, random));
  KP_ASSIGN_OR_RETURN(const std::string b, crypto::Seal(keys.part_b, kPartB, parts.b, random));
  AuditHashes hashes{.who = crypto::Sha256(a), .about = crypto::Sha256(b)};
  hashes.commit = Commitment(keys, parts, hashes);
  return SealedRecord{.body = FormatAuditBody(hashes),
                      .payload = crypto::JoinLengthPrefixed({a, b})};
}

absl::StatusOr<RecordParts> OpenRecord(const AuditKeys& keys, absl::string_view body,
                                       absl::string_view payload) {
  KP_ASSIGN_OR_RETURN(const AuditHashes hashes, ParseAuditBody(body));
  KP_ASSIGN_OR_RETURN(const absl::string_view a, TakePart(&payload));
  KP_ASSIGN_OR_RETURN(const absl::string_view b, TakePart(&payload));
  if (!payload.empty()) return absl::DataLossError("the record's payload is too long");
  if (crypto::Sha256(a) != hashes.who || crypto::Sha256(b) != hashes.about) {
    return absl::DataLossError("the record's payload is not the one that was logged");
  }
  RecordParts parts;
  KP_ASSIGN_OR_RETURN(parts.a, crypto::Open(keys.part_a, kPartA, a));
  KP_ASSIGN_OR_RETURN(parts.b, crypto::Open(keys.part_b, kPartB, b));
  if (!crypto::ConstantTimeEquals(Commitment(keys, parts, hashes), hashes.commit)) {
    return absl::DataLossError("the record's parts are not those that were committed to");
  }
  return parts;
}

}  // namespace knooppunt::audit
