// From a call and its decision to the sealed record of NEN 7513 (R22, R23).
// Thread-safe (no state).
#ifndef KNOOPPUNT_SERVICES_RUNTIME_AUDIT_RECORD_H_
#define KNOOPPUNT_SERVICES_RUNTIME_AUDIT_RECORD_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "knooppunt/access/v1/access.pb.h"
#include "knooppunt/audit/v1/audit.pb.h"
#include "security/audit/seal.h"
#include "security/crypto/random.h"
#include "security/policy/authorized_call.h"

namespace knooppunt::runtime {

// A record ready for the outbox.
struct OutboxRecord {
  std::string body;
  std::string payload;
  std::string tag;  // the family's pseudonym, or empty
};

struct RecordInput {
  const access::v1::TokenClaims* claims = nullptr;  // of who calls
  const access::v1::Decision* decision = nullptr;   // keys and claims may have been taken out
  // The audit key, taken out of the decision before Gate::Admit.
  const crypto::SecretBytes* audit_key = nullptr;
  std::string method;
  std::string permission;
  std::string resource;
  std::string call_id;
  common::v1::Purpose purpose = common::v1::PURPOSE_UNSPECIFIED;
  absl::Status outcome;
  bool replay = false;
  const policy::Touched* touched = nullptr;  // null when nothing was
};

absl::StatusOr<OutboxRecord> MakeRecord(const RecordInput& input, crypto::Random& random);

}  // namespace knooppunt::runtime

#endif  // KNOOPPUNT_SERVICES_RUNTIME_AUDIT_RECORD_H_
