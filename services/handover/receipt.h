// The receipt of a handover (R28): what each side declared, as lines of text that it signed. The
// form is specified in README.md; `knooppunt handover verify-receipt` reads it without the server.
// Thread-safe (immutable once made).
#ifndef KNOOPPUNT_SERVICES_HANDOVER_RECEIPT_H_
#define KNOOPPUNT_SERVICES_HANDOVER_RECEIPT_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "knooppunt/handover/v1/handover.pb.h"
#include "security/crypto/secret.h"

namespace knooppunt::handover {

// A key for each organisation, which follows from one secret: the same each time, and different
// from that of every other organisation.
class ReceiptKeys {
 public:
  explicit ReceiptKeys(crypto::SecretBytes root) : root_(std::move(root)) {}

  // Signs `text` for an organisation: fills in key and signature.
  absl::Status Sign(absl::string_view organisation, absl::string_view text,
                    v1::SignedStatement* out) const;

 private:
  crypto::SecretBytes root_;
};

// What a side declares.
struct Declaration {
  absl::string_view stage;  // "offered", "received", "accepted"
  v1::HandoverSide side;
  absl::string_view organisation;
  absl::string_view signer;
  std::vector<std::string> travelled;  // hashes of parts
  std::vector<std::string> withheld;   // hashes of parts that consent no longer covers
};
// The statement, bound to the last one in `h`. Pure.
std::string StatementText(const v1::Handover& h, const Declaration& declaration, absl::Time now);

// Adds it to `h`, signed.
absl::Status Declare(const ReceiptKeys& keys, const Declaration& declaration, absl::Time now,
                     v1::Handover* h);

}  // namespace knooppunt::handover

#endif  // KNOOPPUNT_SERVICES_HANDOVER_RECEIPT_H_
